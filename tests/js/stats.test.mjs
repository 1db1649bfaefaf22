// stats: what is counted.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

const zero = {
  hits: 0,
  misses: 0,
  hitRate: 0,
  sets: 0,
  updates: 0,
  evictions: 0,
  expirations: 0,
  deletions: 0,
  entries: 0,
  bytes: 0,
};

it("is undefined without the option", () => {
  const cache = new Cache({ maxEntries: 5 });
  cache.get("un");
  assert.equal(cache.stats, undefined);
  cache.resetStats();
});

it("begins with zeros", () => {
  assert.deepEqual(new Cache({ stats: true }).stats, zero);
});

it("counts what happens", (t) => {
  const clock = fakeClock(t);
  const cache = new Cache({ stats: true });
  const expect = (counts) => {
    const { hits = 0, misses = 0 } = counts;
    const hitRate = hits + misses === 0 ? 0 : hits / (hits + misses);
    assert.deepEqual(cache.stats, { ...zero, entries: cache.size, hitRate, ...counts });
    cache.resetStats();
    assert.deepEqual(cache.stats, { ...zero, entries: cache.size });
  };
  cache.set("un", 1).set("un", 2).set("deux", 2, 1);
  expect({ sets: 3, updates: 1 });
  cache.get("un");
  cache.get("gone");
  cache.getMany(["un", "gone", "gone"]);
  expect({ hits: 2, misses: 3 });
  cache.gos("un", 1);
  cache.gos("trois", 3);
  expect({ hits: 1, misses: 1, sets: 1 });
  cache.getset("trois", 3);
  cache.getset("quatre", 4);
  expect({ hits: 1, misses: 1, sets: 2, updates: 1 });
  clock.now += 1000;
  cache.has("un");
  cache.has("deux");
  cache.peek("un");
  cache.peek("deux");
  cache.item("un");
  cache.getTtl("un");
  expect({});
  cache.get("deux");
  expect({ misses: 1, expirations: 1 });
  cache.delete("un");
  cache.delete("un");
  expect({ deletions: 1 });
  cache.flush();
  expect({});
});

it("counts evictions and purges", (t) => {
  const clock = fakeClock(t);
  const cache = new Cache({ stats: true, maxEntries: 2, eviction: "lru", maxBytes: 100, sizeOf: (value) => value });
  cache.set("un", 1).set("deux", 2).set("trois", 3, 1);
  clock.now += 1000;
  assert.equal(cache.purge(), 1);
  assert.deepEqual(cache.stats, { ...zero, sets: 3, evictions: 1, expirations: 1, entries: 1, bytes: 2 });
});

it("a shared promise counts a miss for each caller", async () => {
  const cache = new Cache({ stats: true });
  await Promise.all([cache.gos("un", async () => 1), cache.gos("un", async () => 1)]);
  assert.deepEqual(cache.stats, { ...zero, misses: 2, sets: 1, entries: 1 });
});
