// Where the seed of the hash comes from: the host's generator of random numbers, by whichever way it has.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const TESTS = fileURLToPath(new URL(".", import.meta.url));

/** Runs `before` in a process of its own, then makes and uses a cache; gives what `calls` was filled with. */
function callsWith(before) {
  const script = `
    const calls = [];
    const watch = (object, name, replacement = object[name]) => {
      object[name] = function (...args) {
        const result = replacement.apply(this, args);
        calls.push([name, typeof result === "string" ? result : typeof result]);
        return result;
      };
    };
    ${before}
    const { Cache } = await import("poche");
    if (new Cache().set(new Set(["key"]), 1).get(new Set(["key"])) !== 1) throw new Error("the entry is not there");
    new Cache().set(new Set(["key"]), 2);
    console.log(JSON.stringify(calls));
  `;
  const args = ["--input-type=module", "--eval", script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: TESTS, encoding: "utf8" }));
}

const WATCH_CRYPTO = 'watch(Crypto.prototype, "getRandomValues");';

describe("the seed of the hash", () => {
  it("is in Node that of an object URL, another in each process, and the URL is given back", () => {
    const before = `watch(URL, "createObjectURL"); watch(URL, "revokeObjectURL"); ${WATCH_CRYPTO}`;
    const [first, second] = [callsWith(before), callsWith(before)];
    assert.deepEqual(
      first.map(([name]) => name),
      ["createObjectURL", "revokeObjectURL"],
    );
    assert.match(first[0][1], /^blob:nodedata:[-\da-f]{36}$/);
    assert.notEqual(first[0][1], second[0][1]);
  });

  it("is of crypto.getRandomValues where there are no object URLs", () => {
    assert.deepEqual(callsWith(`delete URL.createObjectURL; ${WATCH_CRYPTO}`), [["getRandomValues", "object"]]);
  });

  it("is of crypto.getRandomValues where object URLs are others than Node's", () => {
    for (const url of ["blob:https://example.org/936da01f-9abd-4d9d-80c7-02af85c822a8", "blob:nodedata:1", ""]) {
      const before = `watch(URL, "createObjectURL", () => "${url}"); ${WATCH_CRYPTO}`;
      assert.deepEqual(callsWith(before), [
        ["createObjectURL", url],
        ["getRandomValues", "object"],
      ]);
    }
  });

  it("is not missing where the host gives no random numbers", () => {
    const before = `delete URL.createObjectURL;
      watch(Crypto.prototype, "getRandomValues", () => { throw new Error("not before a request"); });
      watch(Math, "random");`;
    assert.deepEqual(callsWith(before), [
      ["random", "number"],
      ["random", "number"],
    ]);
  });
});
