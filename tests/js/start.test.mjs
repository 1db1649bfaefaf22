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

it("the import alone compiles nothing, the first construction a module that asks, the first need the engine, once", () => {
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
  // The third is what unpacks the engine.
  assert.equal(run(script), "0 1 3 3,3");
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

it("caches of any number that are full under LRU need no more memory of WebAssembly than there is", () => {
  const script = `
    const memories = [];
    WebAssembly.Instance = class extends WebAssembly.Instance {
      constructor(...args) { super(...args); memories.push(this.exports.memory); }
    };
    const { Cache } = await import("poche");
    const keys = Array.from({ length: 150_000 }, (_, i) => (i % 3 === 0 ? i : "key " + i));
    const caches = Array.from({ length: 12 }, () => new Cache({ maxEntries: 100_000, eviction: "lru" }));
    for (const cache of caches) for (const key of keys) cache.set(key, key);
    const bytes = () => memories.map((memory) => memory.buffer.byteLength);
    const [unpacker, before] = [bytes().length, bytes().at(-1)];
    const right = caches.every((cache) => cache.size === 100_000 && !cache.has(keys[49_999]) && cache.has(keys[50_000]));
    // One that gives the engine its entries shows that this can tell.
    for (const cache of caches) cache.set(new Set([1]), 1);
    console.log(unpacker, right, before <= 4 << 20, bytes().at(-1) > 4 << 20);`;
  assert.equal(run(script), "2 true true true");
});
