// values: "copy" and memory: maxBytes counts what entries take, and what one cache gives back serves the next.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { ArgumentError, Cache, EntryTooLargeError, memoize } from "poche";
import { random } from "./lib/random.mjs";

describe("maxBytes", () => {
  for (const eviction of ["lru", "default"]) {
    it(`is never exceeded, whatever the sizes (${eviction})`, () => {
      const below = random(5);
      const maxBytes = 200_000;
      const cache = new Cache({ values: "copy", maxBytes, eviction, stats: true });
      for (let i = 0; i < 5000; i++) {
        const size = below(10) === 0 ? below(60_000) : below(500);
        cache.set(`key ${below(1000)}${"x".repeat(below(60))}`, new Uint8Array(size), below(2) ? 0.001 : null);
        if (below(5) === 0 && cache.size > 0) cache.rename([...cache.keys()][0], `renamed ${"y".repeat(below(200))}`);
        assert.ok(cache.stats.bytes <= maxBytes);
      }
      assert.ok(cache.stats.bytes > maxBytes / 2);
      assert.ok(cache.stats.evictions > 1000);
    });
  }

  it("counts keys, values and bookkeeping", () => {
    const cache = new Cache({ values: "copy", maxBytes: 1e6, stats: true });
    const bytes = () => cache.stats.bytes;
    cache.set("short", 1);
    const small = bytes();
    assert.ok(small >= 64 && small < 200, `${small} bytes for an entry with next to nothing in it`);
    cache.set("k".repeat(1000), 1);
    assert.ok(bytes() - small >= small + 1000 - 30);
    cache.flush();
    cache.set("short", new Uint8Array(100_000));
    assert.ok(bytes() >= 100_000 && bytes() < 102_000, `${bytes()} bytes for 100,000`);
    cache.set("short", 1);
    assert.equal(bytes(), small);
  });

  it("refuses what is larger than the whole bound; what was there stays", () => {
    const cache = new Cache({ values: "copy", maxBytes: 1000 }).set("key", "before");
    for (const store of [
      () => cache.set("key", "x".repeat(1000)),
      () => cache.getset("key", "x".repeat(1000)),
      () => cache.rename("key", "x".repeat(1000)),
      () => cache.setMany([["key", new Uint8Array(1000)]]),
    ]) {
      assert.throws(store, (error) => {
        assert.ok(error instanceof EntryTooLargeError && error instanceof RangeError);
        assert.equal(error.code, "ERR_ENTRY_TOO_LARGE");
        assert.match(error.message, /is larger \(1\d\d\d bytes\) than maxBytes \(1000\)$/);
        return true;
      });
      assert.equal(cache.get("key"), "before");
    }
    assert.throws(() => new Cache({ values: "copy", sizeOf: () => 1, maxBytes: 10 }), ArgumentError);
    assert.throws(() => new Cache({ values: "clone" }), ArgumentError);
  });
});

it("memoize gives each caller a copy of its own, and results too large are not kept", () => {
  let runs = 0;
  const load = memoize((id) => ({ id, runs: ++runs, list: [id], large: "x".repeat(id) }), {
    values: "copy",
    maxBytes: 10_000,
  });
  load(1).list.push("changed");
  assert.deepEqual(load(1), { id: 1, runs: 1, list: [1], large: "x" });
  assert.notEqual(load(1), load(1));
  assert.equal(load(20_000).runs, 2);
  assert.equal(load(20_000).runs, 3);
});

it("what one cache gave back serves the next, and churn holds no more than a quarter more than is in use", () => {
  const script = `
    import assert from "node:assert/strict";
    const { Instance } = WebAssembly;
    const memories = [];
    WebAssembly.Instance = function (...args) {
      const instance = new Instance(...args);
      if (instance.exports.memory) memories.push(instance.exports.memory);
      return instance;
    };
    const { Cache } = await import("poche");
    let state = 1;
    const below = (limit) => (state = (state * 48271) % 2147483647) % limit;
    new Cache();
    const held = () => Math.max(...memories.map(({ buffer }) => buffer.byteLength));
    const sizes = [];
    for (let round = 0; round < 5; round++) {
      const cache = new Cache({ values: "copy" });
      const lengths = new Array(200).fill(0);
      let used = 0;
      let most = 0;
      for (let i = 0; i < 1500; i++) {
        // From 1 byte to 1 MB, each order of magnitude as likely as any other.
        const length = Math.floor(2 ** (below(20_000) / 1000));
        const key = below(200);
        used += length - lengths[key];
        lengths[key] = length;
        cache.set(key, new Uint8Array(length));
        most = Math.max(most, used);
      }
      // Memory never shrinks, so what it is held against is the most that was ever in use.
      if (round === 0) console.log((held() / most).toFixed(3));
      sizes.push(held());
      if (round % 2) cache.free();
      else cache.flush();
    }
    const [first, ...later] = sizes.slice(-5);
    assert.ok(Math.max(...later) < 1.5 * first, [first, ...later].join());
  `;
  const args = ["--input-type=module", "--eval", script];
  const printed = execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" });
  assert.ok(Number(printed) > 1 && Number(printed) <= 1.25, `${printed.trim()} bytes held for each in use`);
});
