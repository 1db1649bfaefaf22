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
