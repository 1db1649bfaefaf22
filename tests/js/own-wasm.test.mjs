// `poche/wasm`: the package with WebAssembly that the program brings itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { INSTALLED, PACKAGE } from "../../scripts/lib/installed.mjs";

const require = createRequire(import.meta.url);
const bytes = readFileSync(require.resolve("poche/poche.wasm"));

/** What a program with its own instance of the package prints. */
function program(text) {
  const flags = ["--input-type=module", "--eval", `import { Cache, init } from "poche/wasm"; ${text}`];
  return execFileSync(process.execPath, flags, { cwd: INSTALLED, encoding: "utf8" }).trim();
}

const READ = `const bytes = (await import("node:fs")).readFileSync(${JSON.stringify(join(PACKAGE, "poche.wasm"))});`;
const USE = 'console.log(new Cache().set(["un"], 1).get(["un"]));';

describe("poche/wasm", () => {
  it("takes a compiled module", () => {
    assert.equal(program(`${READ} init(await WebAssembly.compile(bytes)); ${USE}`), "1");
  });

  it("takes bytes: a view, a buffer", () => {
    assert.equal(program(`${READ} init(bytes); ${USE}`), "1");
    assert.equal(program(`${READ} init(new Uint8Array(bytes).buffer); ${USE}`), "1");
  });

  it("says what is to be done where no WebAssembly was given, and works once it is", () => {
    const text = `${READ}
      try { new Cache(); } catch (error) { console.log(error.code, error.message.includes("call init(moduleOrBytes)")); }
      init(bytes); ${USE}`;
    assert.equal(program(text), "ERR_WEBASSEMBLY true\n1");
  });

  it("does not bring the WebAssembly itself", () => {
    const [own, whole] = ["own-wasm.js", "index.js"].map((file) => readFileSync(join(PACKAGE, "dist", file)).length);
    assert.ok(own < whole - 15_000, `${own}, ${whole}`);
  });

  it("works by require, and has all that the main entry has", () => {
    const poche = require("poche/wasm");
    poche.init(bytes);
    assert.equal(new poche.Cache().set("un", 1).get("un"), 1);
    assert.deepEqual(Object.keys(poche).sort(), [...Object.keys(require("poche")), "init"].sort());
  });

  it("refuses what is no WebAssembly", () => {
    const { init, ArgumentError, WebAssemblyError } = require("poche/wasm");
    for (const wrong of [undefined, null, "poche.wasm", 5, {}, Promise.resolve(bytes)]) {
      assert.throws(() => init(wrong), ArgumentError);
    }
    assert.throws(() => init(new Uint8Array([1, 2, 3])), WebAssemblyError);
  });

  it("takes buffers and modules of another realm", () => {
    const { init } = require("poche/wasm");
    init(runInNewContext("Uint8Array.from(bytes).buffer", { bytes: [...bytes] }));
    init(runInNewContext("new WebAssembly.Module(Uint8Array.from(bytes))", { bytes: [...bytes] }));
  });
});
