// V8 puts a lookup into the loop that asks for it, as long as what it consists of is short: 920 bytes of bytecode in all,
// and a fifth more than a function has is reserved for it, so a lookup has 766. With one byte more, each would be a call.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";

/** What V8 says of putting functions where they are called, while keys of a kind are looked up in a loop. */
function trace(options, key) {
  const script = `
    import { Cache } from "poche";
    const cache = new Cache(${JSON.stringify(options)});
    const keys = Array.from({ length: 1000 }, (_, i) => ${key});
    for (const key of keys) cache.set(key, {});
    // V8 compiles it by itself before there is a loop, as in a program that looks up here and there.
    for (let i = 0; i < 100; i++) keys.forEach(cache.get, cache);
    function lookUpAll() {
      let hits = 0;
      for (let i = 0; i < keys.length; i++) if (cache.get(keys[i]) !== undefined) hits++;
      return hits;
    }
    for (let i = 0; i < 400; i++) {
      if (lookUpAll() !== keys.length) throw new Error("a miss");
      // Time for what is compiled in the background.
      if (i % 4 === 0) await new Promise((done) => setTimeout(done, 1));
    }`;
  const flags = ["--trace-turbo-inlining", "--input-type=module"];
  const child = spawnSync(process.execPath, [...flags, "-e", script], { cwd: import.meta.dirname });
  assert.equal(child.status, 0, String(child.stderr));
  return String(child.stdout).split("\n");
}

const kinds = { strings: "'user:' + i", numbers: "i", digits: "String(i)" };
const maxEntries = 1000;
for (const [name, key] of Object.entries(kinds)) {
  for (const options of [
    { maxEntries },
    { maxEntries, eviction: "lru" },
    { maxEntries, eviction: "lru", defaultTtl: 60 },
  ]) {
    it(`a lookup of ${name} is no call, with ${JSON.stringify(options)}`, () => {
      const seen = [];
      // What V8 has seen when it compiles, such as readings of the clock, is not the same each time.
      for (let tries = 0; tries < 3; tries++) {
        const lines = trace(options, key).filter((line) => line.includes("SharedFunctionInfo get>}"));
        if (lines.some((line) => /^Inlining .* into .*SharedFunctionInfo lookUpAll>\}/.test(line))) return;
        seen.push(...lines.filter((line) => line.includes("bytecode size")));
      }
      assert.fail(seen.join("\n"));
    });
  }
}
