// `console.log(cache)`: size, bounds, and the first entries with their remaining time.
import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

it("shows the size, the bounds and the entries, those that expire with the seconds left", (t) => {
  fakeClock(t);
  const cache = new Cache({ maxEntries: 100, defaultTtl: "1m" });
  cache.set("un", 1).set(["deux"], { name: "Ada" }, null);
  assert.equal(
    inspect(cache, { breakLength: Infinity }),
    "Cache(2) { defaultTtl: '1m', maxEntries: 100, entries: Map(2) " +
      "{ 'un' => { value: 1, secondsLeft: 60 }, [ 'deux' ] => { name: 'Ada' } } }",
  );
});

it("shows ten entries, and how many more there are", () => {
  const cache = new Cache().setMany(Array.from({ length: 25 }, (_, id) => [id, id]));
  const text = inspect(cache, { breakLength: Infinity });
  assert.match(text, /^Cache\(25\) \{ entries: Map\(10\) \{ 0 => 0, .* 9 => 9 \}, more: 15 \}$/);
});

it("counts and removes nothing", (t) => {
  const clock = fakeClock(t);
  const cache = new Cache({ stats: true, maxEntries: 2, eviction: "lru" }).set("un", 1, 5).set("deux", 2);
  clock.now += 6000;
  assert.match(inspect(cache), /secondsLeft: -1/);
  assert.equal(cache.size, 2);
  assert.equal(cache.stats.hits + cache.stats.misses, 0);
});

it("shows an empty cache, a freed one, one deep inside, one that holds itself", () => {
  const cache = new Cache();
  assert.equal(inspect(cache), "Cache(0) { entries: Map(0) {} }");
  assert.equal(inspect({ deep: { deep: { cache } } }, { depth: 1 }), "{ deep: { deep: [Object] } }");
  assert.equal(inspect({ cache }, { depth: 0 }), "{ cache: [Cache] }");
  cache.set("self", cache);
  assert.equal(inspect(cache, { depth: Infinity }), "Cache(1) { entries: Map(1) { 'self' => [Circular] } }");
  cache.free();
  assert.equal(inspect(cache), "Cache (freed)");
});

it("adds no properties that a program would meet", () => {
  assert.deepEqual(Object.keys(new Cache()), []);
  assert.deepEqual(Object.getOwnPropertySymbols(new Cache()), []);
});
