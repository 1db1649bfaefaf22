// The lower bound of all expirations, under which a lookup does not look at an entry's own.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

it("an entry that was renamed to a symbol still expires, though the bound had been raised past it", (t) => {
  const clock = fakeClock(t);
  const start = clock.now;
  const cache = new Cache({ clockResolution: 0 });
  cache.set("soon", 0, 10).set("late", 0, 1e6);
  // So many keys compared by structure that the last ones have slots of which the table knows nothing.
  for (let i = 0; i < 40; i++) cache.set([i], i, i < 20 ? 1e6 : 100);
  clock.now = start + 11_000;
  cache.delete("soon");
  // Lookups after the first expiration let the bound be looked for anew.
  for (let i = 0; i < 200; i++) assert.equal(cache.get("late"), 0);
  const symbol = Symbol("renamed");
  assert.equal(cache.rename([39], symbol), true);
  assert.equal(cache.get(symbol), 39);
  clock.now = start + 100_000;
  assert.equal(cache.has(symbol), false);
  assert.equal(cache.get(symbol), undefined);
  assert.equal(cache.get([38]), undefined);
  assert.equal(cache.get("late"), 0);
});

it("thousands that were stored again at odd times expire in their order, by whatever the engine is asked first", (t) => {
  const clock = fakeClock(t);
  const COUNT = 6000;
  const asked = [
    (cache) => cache.purge(),
    (cache) => assert.equal(cache.setTtl(1, 1e9), true),
    (cache) => assert.equal([...cache.keys()].length, COUNT),
    (cache) => cache.set("one more", 0, 1e9),
  ];
  for (const eviction of [undefined, "lru"]) {
    for (const ask of asked) {
      clock.now = Date.UTC(2026, 0, 1);
      const cache = new Cache({ maxEntries: COUNT, clockResolution: 0, ...(eviction && { eviction }) });
      const ttls = new Map();
      // Later ones expire earlier, and none is in the order of its slot.
      for (let i = 0; i < 2 * COUNT; i++) {
        const key = (i * 7) % COUNT;
        ttls.set(key, 10 + ((i * 4999) % 3000));
        cache.set(key, key, ttls.get(key));
      }
      ask(cache);
      clock.now += 1_500_000;
      cache.purge();
      const live = [...ttls].filter(([key, ttl]) => ttl > 1500 && cache.has(key)).length;
      const known = [...ttls].filter(([key]) => cache.has(key)).length;
      // "one more" has taken the place of one, and setTtl has saved one.
      assert.ok(Math.abs(live - [...ttls.values()].filter((ttl) => ttl > 1500).length) <= 1);
      assert.ok(known - live <= 1);
      clock.now += 1_600_000;
      cache.purge();
      assert.ok(cache.size <= 1);
    }
  }
});
