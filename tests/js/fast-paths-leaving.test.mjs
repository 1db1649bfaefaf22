// While the keys of a cache that has become large go from the table in JavaScript to the engine, a few at a time, each is
// in one place and found there, whatever is done with it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";

// The table is there for so many entries, and gives away 32 keys with each that is stored after that.
const FULL = 1_048_575;
const plainKeyAt = (i) => (i % 2 === 0 ? i : `key:${i}`);
// Numbers, strings, strings of digits, and what is compared by identity.
const others = new Map();
function keyAt(i) {
  if (i % 5 !== 3) return i % 7 === 2 ? String(i) : plainKeyAt(i);
  if (!others.has(i)) others.set(i, i % 2 === 0 ? Symbol(i) : () => i);
  return others.get(i);
}

/** A cache whose table has just become too small: nearly all keys are still there. */
function leaving(options = {}, at = keyAt) {
  const cache = new Cache(options);
  for (let i = 0; i < FULL + 50; i++) cache.set(at(i), i);
  return cache;
}

describe("keys on their way to the engine", () => {
  it("are found, renamed, deleted, renewed and gone through, those that have left and those that have not", () => {
    const cache = leaving();
    const model = new Map(Array.from({ length: FULL + 50 }, (_, i) => [keyAt(i), i]));
    for (let step = 0; step < 9000; step++) {
      // All over the cache, ahead of the move and behind it.
      const key = keyAt(Math.imul(step, 7919) % FULL);
      const to = step % 3 === 0 ? keyAt((step * 13) % FULL) : step % 3 === 1 ? `new:${step}` : -step - 0.5;
      assert.equal(cache.get(key), model.get(key));
      if (step % 5 === 0) assert.equal(cache.delete(key), model.delete(key));
      else if (step % 5 === 1) {
        const value = model.get(key);
        if (cache.rename(key, to)) {
          model.delete(key);
          model.delete(to);
          model.set(to, value);
        } else assert.equal(value, undefined);
      } else if (step % 5 === 2) {
        cache.set(key, -step);
        model.set(key, -step);
      }
      if (step % 3000 === 0) assert.deepEqual([...cache.keys()].slice(0, 500), [...model.keys()].slice(0, 500));
      assert.equal(cache.size, model.size);
    }
    let count = 0;
    for (const [key, value] of model) if (cache.get(key) !== value) assert.fail(`${String(key)} is ${cache.get(key)}`);
    for (const key of cache.keys()) {
      assert.ok(model.has(key));
      count++;
    }
    assert.equal(count, model.size);
  });

  it("expire, and keep their expirations", (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1e12 });
    const cache = leaving({ defaultTtl: 60, clockResolution: 0 });
    t.mock.timers.setTime(1e12 + 30_000);
    for (let i = 0; i < 2000; i++) cache.set(`later:${i}`, i);
    for (const i of [0, 1, 20_000, 20_001, FULL]) assert.equal(cache.getTtl(keyAt(i)).getTime(), 1e12 + 60_000);
    t.mock.timers.setTime(1e12 + 60_000);
    for (const i of [0, 1, 20_000, 20_001, FULL]) assert.equal(cache.get(keyAt(i)), undefined);
    assert.equal(cache.purge(), FULL + 50 - 5);
    assert.equal(cache.size, 2000);
    assert.equal(cache.get("later:7"), 7);
  });

  it("are evicted in their order, each told of with its key", () => {
    const bound = FULL + 20;
    const evicted = [];
    const cache = new Cache({ maxEntries: bound, eviction: "lru", onRemove: (key) => evicted.push(key) });
    for (let i = 0; i < bound + 5000; i++) cache.set(keyAt(i), i);
    assert.deepEqual(
      evicted,
      Array.from({ length: 5000 }, (_, i) => keyAt(i)),
    );
  });

  it("come into a snapshot", () => {
    const cache = leaving({ maxEntries: 1_100_000 }, plainKeyAt);
    for (let i = 0; i < 100; i++) cache.set(`more:${i}`, i);
    const restored = Cache.restore(cache.snapshot(), { maxEntries: 1_100_000 });
    assert.equal(restored.size, cache.size);
    for (const [key, value] of cache) if (restored.get(key) !== value) assert.fail(`${key} is lost`);
  });

  it("leave when they are numbers found by themselves, and another key comes for which there is no room", () => {
    const cache = new Cache();
    const count = FULL + 1000;
    const others = ["text", 0.5, ["a list"], -1, Symbol("one"), 2 ** 40];
    for (let i = 0; i < count; i++) cache.set(i, i);
    for (const key of others) {
      assert.equal(cache.get(key), undefined);
      cache.set(key, key);
      for (const stored of others.slice(0, others.indexOf(key) + 1)) assert.equal(cache.get(stored), stored);
      assert.equal(cache.get(FULL), FULL);
    }
    // 32 of them go with each that is stored.
    for (let i = 0; i < 40_000; i++) {
      cache.set(count + i, i);
      const before = Math.imul(i, 7919) % count;
      if (cache.get(before) !== before) assert.fail(`${before} is lost at ${i}`);
    }
    assert.equal(cache.size, count + 40_000 + others.length);
    for (let i = 0; i < count; i++) if (!cache.delete(i)) assert.fail(`${i} cannot be deleted`);
    for (const key of others) assert.equal(cache.delete(key), true);
    assert.equal(cache.size, 40_000);
  });

  it("leave when they collide, too", () => {
    // Alike but for what lies between the 64 characters that are looked at on either side.
    const alike = (i) => `${"a".repeat(64)}${String(i).padStart(6, "0")}${"z".repeat(64)}`;
    const cache = new Cache({ maxEntries: 500, eviction: "lru" });
    for (let i = 0; i < 1500; i++) {
      cache.set(alike(i), i).set(i, -i);
      assert.equal(cache.get(alike(i)), i);
      if (i > 1) assert.equal(cache.get(i - 1), 1 - i);
      assert.equal(cache.has(alike(i + 1)), false);
    }
    assert.equal(cache.size, 500);
    assert.equal(cache.get(alike(1300)), 1300);
    assert.equal(cache.get(alike(1200)), undefined);
  });
});
