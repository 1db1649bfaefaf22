// maxEntries, maxBytes and sizeOf: bounds that hold at every moment.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";
import { random } from "./lib/random.mjs";

describe("bounds", () => {
  for (const eviction of ["lru", "default"]) {
    it(`maxEntries is never exceeded (${eviction})`, () => {
      for (const maxEntries of [1, 2, 3, 10, 100, 1000]) {
        const below = random(maxEntries);
        const cache = new Cache({ maxEntries, eviction });
        for (let i = 0; i < 5000; i++) {
          const key = below(3 * maxEntries);
          if (below(3) === 0) cache.get(key);
          else cache.set(key, i, below(2) ? undefined : 0.001);
          assert.ok(cache.size <= maxEntries);
          if (below(3) > 0) continue;
          const [first] = cache.keys();
          cache.rename(first, `renamed ${key}`);
          assert.ok(cache.size <= maxEntries);
        }
        for (let key = 0; key < 2 * maxEntries; key++) cache.set(key, key);
        assert.equal(cache.size, maxEntries);
        for (const [key, value] of cache) assert.equal(cache.item(key).value, value);
      }
    });

    it(`maxBytes is never exceeded, whatever the sizes (${eviction})`, () => {
      const below = random(7);
      const cache = new Cache({ maxBytes: 1000, sizeOf: (size) => size, eviction, stats: true });
      for (let i = 0; i < 20_000; i++) {
        const size = [0, 1, below(20), below(300), below(1500), 1000][below(6)];
        const key = below(100);
        const before = cache.peek(key);
        if (size > 1000) {
          assert.throws(() => cache.set(key, size), RangeError);
          assert.equal(cache.peek(key), before);
        } else {
          cache.set(key, size);
          assert.equal(cache.peek(key), size);
        }
        const total = [...cache.values()].reduce((sum, each) => sum + each, 0);
        assert.ok(total <= 1000);
        assert.equal(cache.stats.bytes, total);
      }
    });
  }

  it("lru: what makes an entry the most recent, and what does not", () => {
    const uses = {
      get: (cache) => cache.get("un"),
      gos: (cache) => cache.gos("un", 5),
      getset: (cache) => cache.getset("un", 5),
      getMany: (cache) => cache.getMany(["un"]),
      set: (cache) => cache.set("un", 5),
      setMany: (cache) => cache.setMany([["un", 5]]),
      setItem: (cache) => cache.setItem("un", cache.item("un")),
      rename: (cache) => cache.rename("un", "un"),
    };
    const none = {
      has: (cache) => cache.has("un"),
      peek: (cache) => cache.peek("un"),
      item: (cache) => cache.item("un"),
      dict: (cache) => cache.dict.un,
      iteration: (cache) => [...cache, ...cache.items()],
      forEach: (cache) => cache.forEach(() => {}),
      setTtl: (cache) => cache.setTtl("un", 60),
      getTtl: (cache) => cache.getTtl("un"),
      bump: (cache) => cache.bump("un", 60),
      persist: (cache) => cache.persist("un"),
      purge: (cache) => cache.purge(),
    };
    const filled = () => new Cache({ maxEntries: 2, eviction: "lru" }).set("un", 1).set("deux", 2);
    for (const [name, use] of Object.entries(uses)) {
      const cache = filled();
      use(cache);
      cache.set("trois", 3);
      assert.deepEqual([cache.has("un"), cache.has("deux")], [true, false], name);
    }
    for (const [name, use] of Object.entries(none)) {
      const cache = filled();
      use(cache);
      cache.set("trois", 3);
      assert.deepEqual([cache.has("un"), cache.has("deux")], [false, true], name);
    }
  });

  it("sizeOf gets value and key, before anything is changed", () => {
    const calls = [];
    const cache = new Cache({
      maxBytes: 10,
      sizeOf: (value, key) => {
        calls.push([value, key, cache.size]);
        return 1;
      },
    });
    cache.set("un", 1, 5).gos([2], () => 2);
    cache.getset("trois", 3);
    cache.setMany([["quatre", 4]]);
    assert.deepEqual(calls, [
      [1, "un", 0],
      [2, [2], 1],
      [3, "trois", 2],
      [4, "quatre", 3],
    ]);
  });

  it("a bad size is an error that names the entry, and changes nothing", () => {
    let size = 1;
    const cache = new Cache({ maxBytes: 10, sizeOf: () => size, maxEntries: 2, stats: true });
    cache.set("un", 1);
    const before = JSON.stringify([[...cache], cache.stats]);
    for (const [bad, type] of [
      [-1, RangeError],
      [1.5, RangeError],
      [Number.NaN, RangeError],
      [Infinity, RangeError],
      ["1", TypeError],
      [undefined, TypeError],
      [1n, TypeError],
      [null, TypeError],
    ]) {
      size = bad;
      for (const action of [
        () => cache.set("un", 2),
        () => cache.set("deux", 2),
        () => cache.setMany([["trois", 3]]),
      ]) {
        assert.throws(
          action,
          (error) => error instanceof type && /sizeOf .* key "(un|deux|trois)"/.test(error.message),
        );
      }
      assert.equal(JSON.stringify([[...cache], cache.stats]), before);
    }
  });

  it("an entry larger than the bound is refused, and what was there stays", () => {
    const told = [];
    const cache = new Cache({ maxBytes: 10, sizeOf: (size) => size, onRemove: (...event) => told.push(event) });
    cache.set("un", 4).set("deux", 6);
    for (const action of [
      () => cache.set("un", 11),
      () => cache.set("trois", 11),
      () => cache.getset("un", 11),
      () => cache.gos("trois", 11),
      () =>
        cache.setMany([
          ["un", 1],
          ["trois", 11],
        ]),
    ]) {
      assert.throws(action, (error) => error instanceof RangeError && error.code === "ERR_ENTRY_TOO_LARGE");
    }
    assert.deepEqual(
      [...cache],
      [
        ["un", 4],
        ["deux", 6],
      ],
    );
    assert.deepEqual(told, []);
    cache.set("un", 10);
    assert.deepEqual([...cache], [["un", 10]]);
  });

  it("sizeOf may be without maxBytes, and is not asked then", () => {
    const cache = new Cache({ sizeOf: () => assert.fail() });
    assert.equal(cache.set("un", 1).get("un"), 1);
  });

  it("a large maxEntries takes nothing until it is used", () => {
    const caches = Array.from({ length: 1000 }, () => new Cache({ maxEntries: 100_000_000 }).set("un", 1));
    for (const cache of caches) assert.equal(cache.get("un"), 1);
    for (const cache of caches) cache.free();
  });
});
