// purge and purgeEvery.
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

for (const options of [{}, { purgeEvery: 3600 }, { maxEntries: 1_000_000 }]) {
  it(`purge removes all that has expired, and says how many (${Object.keys(options)})`, (t) => {
    const clock = fakeClock(t);
    const cache = new Cache(options);
    assert.equal(cache.purge(), 0);
    for (let i = 0; i < 200_000; i++) cache.set(i, i, i % 2 ? 1 : i % 3 ? null : 2);
    assert.equal(cache.purge(), 0);
    clock.now += 1000;
    assert.equal(cache.purge(), 100_000);
    clock.now += 1000;
    assert.equal(cache.purge(), 33_334);
    assert.equal(cache.purge(), 0);
    assert.equal(cache.size, 66_666);
    assert.equal(cache.get(2), 2);
    assert.equal(cache.get(3), undefined);
  });
}

it("purgeEvery purges by itself", async () => {
  const told = [];
  const cache = new Cache({ purgeEvery: "20ms", onRemove: (...event) => told.push(event) });
  cache.set("un", 1, "10ms").set("deux", 2);
  await sleep(100);
  assert.deepEqual(told, [["un", 1, "expired"]]);
  assert.deepEqual([...cache], [["deux", 2]]);
  cache.free();
});

it("purgeEvery purges many in slices, leaving room for others", async () => {
  const cache = new Cache({ purgeEvery: 0.02 });
  for (let i = 0; i < 20_000; i++) cache.set(i, i, 0.001);
  const sizes = new Set();
  for (let i = 0; i < 200 && cache.size > 0; i++) {
    sizes.add(cache.size);
    await sleep(1);
  }
  assert.equal(cache.size, 0);
  assert.ok(sizes.size > 3, `${sizes.size} different sizes seen`);
  cache.free();
});

it("purgeEvery works under faked timers", (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"], now: 1e12 });
  const cache = new Cache({ purgeEvery: 10, defaultTtl: 5 }).set("un", 1);
  t.mock.timers.tick(9999);
  assert.equal(cache.size, 1);
  t.mock.timers.tick(1);
  assert.equal(cache.size, 0);
  cache.free();
});

it("an interval longer than timers can be is not a short one", async () => {
  const cache = new Cache({ purgeEvery: "10000d" }).set("un", 1, 0.001);
  await sleep(20);
  assert.equal(cache.size, 1);
  cache.free();
});

it("without purgeEvery nothing is removed by itself", async () => {
  const cache = new Cache().set("un", 1, 0.001);
  await sleep(20);
  assert.equal(cache.size, 1);
});
