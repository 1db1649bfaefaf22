// What the documentation of lru-cache and of quick-lru shows, done with poche as docs/lru-cache.md says.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";
import { LRUCache } from "poche/lru-cache";
import { fakeClock } from "./lib/fake-clock.mjs";

describe("coming from lru-cache: its documented examples, with another import", () => {
  it("a cache with all its common options", async () => {
    const freed = [];
    const inserted = [];
    const cache = new LRUCache({
      max: 500,
      maxSize: 5000,
      sizeCalculation: () => 1,
      dispose: (value, key, reason) => freed.push([value, key, reason]),
      onInsert: (value, key, reason) => inserted.push([value, key, reason]),
      ttl: 1000 * 60 * 5,
      allowStale: false,
      updateAgeOnGet: false,
      updateAgeOnHas: false,
      fetchMethod: async (key, _stale, { signal }) => (signal.aborted ? undefined : `fetched ${key}`),
    });
    cache.set("key", "value");
    assert.equal(cache.get("key"), "value");
    assert.equal(await cache.fetch("other"), "fetched other");
    assert.equal(cache.calculatedSize, 2);

    const object = { a: 1 };
    cache.set(object, "by identity").set("[object Object]", "by its text");
    assert.equal(cache.get(object), "by identity");
    assert.equal(cache.get({ a: 1 }), undefined);

    cache.clear();
    assert.equal(cache.size, 0);
    assert.deepEqual([freed.length, inserted.length], [4, 4]);
    assert.deepEqual(freed[0], ["value", "key", "delete"]);
  });

  it("undefined is not stored, and a symbol stands for it where it has to be", () => {
    const cache = new LRUCache({ max: 10 });
    cache.set("key", 1).set("key", undefined);
    assert.equal(cache.has("key"), false);
    const nothing = Symbol("undefined");
    cache.set("key", nothing);
    assert.deepEqual([cache.has("key"), cache.get("key") === nothing], [true, true]);
  });

  it("tests with a clock of one's own", () => {
    let time = 1;
    const cache = new LRUCache({ max: 10, ttl: 1000, ttlResolution: 0, perf: { now: () => time } });
    cache.set("key", "value");
    time += 1001;
    assert.equal(cache.get("key"), undefined);
  });

  it("a table of results that a function fills", () => {
    let runs = 0;
    const memoMethod = (key, _stale, { context: { factor } }) => {
      runs++;
      return key * factor;
    };
    const cache = new LRUCache({ max: 10, memoMethod });
    assert.deepEqual([cache.memo(3, { context: { factor: 2 } }), cache.memo(3, { context: { factor: 9 } })], [6, 6]);
    assert.equal(runs, 1);
  });
});

describe("coming from quick-lru: its documented examples", () => {
  it("set, has, get", () => {
    const lru = new Cache({ maxEntries: 1000, eviction: "lru" });
    lru.set("🦄", "🌈");
    assert.equal(lru.has("🦄"), true);
    assert.equal(lru.get("🦄"), "🌈");
  });

  it("a Map for what takes one: maxSize entries, exactly", () => {
    const map = new Cache({ maxEntries: 2, eviction: "lru", keys: "identity" }).asMap();
    map.set("a", 1).set("b", 2);
    map.get("a");
    map.set("c", 3);
    assert.ok(map instanceof Map);
    assert.deepEqual([map.size, map.has("b"), [...map.keys()]], [2, false, ["a", "c"]]);
  });

  it("maxAge, one entry's own too, onEviction and expiresIn", (t) => {
    const clock = fakeClock(t);
    const evicted = [];
    const lru = new Cache({
      maxEntries: 2,
      eviction: "lru",
      defaultTtl: 60,
      clockResolution: 0,
      onRemove: (key, value, reason) => {
        if (reason === "evicted" || reason === "expired") evicted.push([key, value]);
      },
    });
    lru.set("a", 1).set("b", 2, "1s");
    assert.equal(lru.getTtl("b") - clock.now, 1000);
    clock.now += 1000;
    assert.equal(lru.get("b"), undefined);
    lru.set("c", 3).set("d", 4).delete("d");
    lru.clear();
    assert.deepEqual(evicted, [
      ["b", 2],
      ["a", 1],
    ]);
  });

  it("evict, entriesAscending and entriesDescending, by poche/lru-cache", () => {
    const lru = new LRUCache({ max: 10 }).set("a", 1).set("b", 2).set("c", 3);
    assert.deepEqual([...lru.rkeys()], ["a", "b", "c"]);
    assert.deepEqual([...lru.keys()], ["c", "b", "a"]);
    for (let count = 2; count > 0; count--) lru.pop();
    assert.deepEqual([lru.has("a"), lru.has("c")], [false, true]);
    assert.equal(lru.getRemainingTTL("c"), Infinity);
  });
});
