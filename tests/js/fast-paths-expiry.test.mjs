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

it("thousands that were stored again at odd times expire when they should, whatever the engine is asked first", (t) => {
  const clock = fakeClock(t);
  const COUNT = 6000;
  const start = Date.UTC(2026, 0, 1);
  // What is asked; and which key does not expire then, or may have had to leave.
  const asked = [
    [(cache) => cache.purge()],
    [(cache) => assert.equal(cache.setTtl(1, 1e9), true), 1],
    [(cache) => assert.equal([...cache.keys()].length, COUNT)],
    [(cache) => cache.set("one more", 0, 1)],
  ];
  for (const eviction of ["default", "lru"]) {
    for (const [ask, kept] of asked) {
      clock.now = start;
      const cache = new Cache({ maxEntries: COUNT, eviction, clockResolution: 0 });
      const ttls = new Map();
      // The second time each gets another time to live than the first, in an order that is not that of the slots.
      for (let i = 0; i < 2 * COUNT; i++) {
        const key = (i * 7) % COUNT;
        ttls.set(key, 10 + ((i * 4999) % 3000));
        cache.set(key, key, ttls.get(key));
      }
      ask(cache);
      const gone = cache.has("one more") ? [...ttls.keys()].find((key) => cache.item(key) === undefined) : undefined;
      for (const seconds of [5, 700, 1500, 2990, 3010]) {
        clock.now = start + seconds * 1000;
        cache.purge();
        const live = [...ttls].filter(([key, ttl]) => key === kept || (key !== gone && ttl > seconds));
        const keys = new Set(live.map(([key]) => key));
        assert.deepEqual(new Set(cache.keys()), keys);
      }
    }
  }
});
