// How WebAssembly is started: at the first construction, and what is said where it cannot be.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";

/** Runs a script as a module; what it prints. */
function run(script) {
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname });
  assert.equal(child.status, 0, String(child.stderr));
  return String(child.stdout).trim();
}

it("the import alone compiles nothing, the first construction what unpacks the engine, the first need the engine, once", () => {
  const script = `
    let compiled = 0;
    WebAssembly.Module = class extends WebAssembly.Module { constructor(...args) { super(...args); compiled += 1; } };
    const { Cache } = await import("poche");
    const counts = [compiled];
    const few = [new Cache(), new Cache()];
    for (const cache of few) cache.set("un", 1).set(Symbol("deux"), 2).set(["trois"], 3).delete("un");
    counts.push(compiled);
    for (const cache of few) cache.set(new Set(["quatre"]), 4);
    console.log(...counts, compiled, few.map((cache) => [...cache.keys()].length).join());`;
  assert.equal(run(script), "0 1 2 3,3");
});

it("where compiling is forbidden, the construction says which policy would allow it", () => {
  const script = `
    import { Cache, CacheItem, WebAssemblyError } from "poche";
    const { Module } = WebAssembly;
    WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("refused by the policy"); } };
    try {
      new Cache();
    } catch (error) {
      const { cause, code, message, name } = error;
      console.log(error instanceof WebAssemblyError, name, code, cause instanceof WebAssembly.CompileError);
      console.log(message.includes("'wasm-unsafe-eval'"), message.includes("refused by the policy"));
    }
    console.log(new CacheItem(1).value);
    WebAssembly.Module = Module;
    console.log(new Cache().set("un", 1).get("un"));`;
  assert.equal(run(script), "true WebAssemblyError ERR_WEBASSEMBLY true\ntrue true\n1\n1");
});

it("where there is no WebAssembly, the construction says so", () => {
  const script = `
    import { Cache } from "poche";
    delete globalThis.WebAssembly;
    try {
      new Cache();
    } catch (error) {
      console.log(error.code);
    }`;
  assert.equal(run(script), "ERR_WEBASSEMBLY");
});
