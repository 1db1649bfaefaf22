// What a cache knows of its keys without asking the engine is limited: at sizes that grow through the limits, where
// nothing of it is of use for long, and while the memory of WebAssembly grows under a call.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";
import { random } from "./lib/random.mjs";

/** Fails unless `get` gives, for each number below `count`, `expected` of it. */
function check(cache, keyAt, count, expected, step = 1) {
  for (let i = 0; i < count; i += step) {
    const got = cache.get(keyAt(i));
    if (got !== expected(i)) assert.fail(`${String(keyAt(i))} is ${got}, not ${expected(i)}`);
  }
}

const KINDS = {
  "short strings": (i) => `k${i}`,
  integers: (i) => i,
  "scattered integers": (i) => Math.imul(i, 0x9e3779b1),
  fractions: (i) => i + 0.5,
  digits: (i) => String(i),
};

describe("a table of what is stored is of use up to a limit, and right beyond it", () => {
  for (const [kind, keyAt] of Object.entries(KINDS)) {
    if (kind === "scattered integers") continue;
    // Numbers that are found as an array finds its elements may be twice as many.
    const count = kind === "integers" || kind === "digits" ? 2_200_000 : 1_100_000;
    it(`${count} entries, deleted and stored again: ${kind}`, () => {
      const cache = new Cache();
      for (let i = 0; i < count; i++) {
        cache.set(keyAt(i), i);
        // On the way up, what was stored and what was not.
        if (i % 997 === 0) {
          const before = i >> 1;
          if (cache.get(keyAt(before)) !== before) assert.fail(`${keyAt(before)} is lost at ${i}`);
          if (cache.has(keyAt(i + 1))) assert.fail(`${keyAt(i + 1)} is there before its time`);
        }
      }
      assert.equal(cache.size, count);
      check(cache, keyAt, count, (i) => i, 3);
      for (let i = 0; i < count; i += 2) if (!cache.delete(keyAt(i))) assert.fail(`${keyAt(i)} cannot be deleted`);
      check(cache, keyAt, count, (i) => (i % 2 === 0 ? undefined : i), 3);
      for (let i = 0; i < count; i += 4) cache.set(keyAt(i), -i);
      check(cache, keyAt, count, (i) => (i % 4 === 0 ? -i : i % 2 === 0 ? undefined : i), 3);
      assert.equal(cache.size, (count * 3) / 4);
      // Small again: what remains is found, and nothing else.
      for (let i = 100; i < count; i++) cache.delete(keyAt(i));
      check(cache, keyAt, 1000, (i) => (i >= 100 ? undefined : i % 4 === 0 ? -i : i % 2 === 0 ? undefined : i));
      assert.equal(cache.size, 75);
    });
  }

  it("a bounded cache of 250,000, through which 600,000 keys go, twice", () => {
    const bound = 250_000;
    const cache = new Cache({ maxEntries: bound, eviction: "lru" });
    for (const value of [1, 2]) {
      for (let i = 0; i < 600_000; i++) {
        cache.set(i % 2 ? i : `s${i}`, value);
        if (i % 1009 !== 0) continue;
        const old = i - bound;
        if (old >= 0 && cache.has(old % 2 ? old : `s${old}`)) assert.fail(`${old} is there at ${i}`);
        const young = Math.max(0, i - bound + 1);
        if (cache.peek(young % 2 ? young : `s${young}`) !== value) assert.fail(`${young} is not there at ${i}`);
      }
      assert.equal(cache.size, bound);
    }
  });
});

describe("lookups that never come back to the same key", () => {
  // A table that is of no use may be left alone for a while, and is then tried again.
  for (const [kind, keyAt] of Object.entries(KINDS)) {
    it(`change nothing of what is true: ${kind}`, () => {
      const below = random(7);
      const count = 300_000;
      const cache = new Cache();
      const value = new Float64Array(count).fill(-1);
      for (let i = 0; i < count; i++) cache.set(keyAt(i), i);
      for (let i = 0; i < count; i++) value[i] = i;
      const expect = (i) => (value[i] < 0 ? undefined : value[i]);
      for (let step = 0; step < 900_000; step++) {
        const i = below(count);
        const act = below(64);
        if (act === 0) {
          if (cache.delete(keyAt(i)) !== value[i] >= 0) assert.fail(`step ${step}: delete(${keyAt(i)})`);
          value[i] = -1;
        } else if (act < 3) {
          cache.set(keyAt(i), step);
          value[i] = step;
        }
        // Now all over, now a few again and again, so that a table is of no use, then of use.
        const j = (step >> 17) % 2 ? below(count) : below(500);
        const got = cache.get(keyAt(j));
        if (got !== expect(j)) assert.fail(`step ${step}: ${keyAt(j)} is ${got}, not ${expect(j)}`);
      }
      check(cache, keyAt, count, expect, 7);
      cache.flush();
      check(cache, keyAt, 1000, () => undefined);
      cache.set(keyAt(5), 5);
      check(cache, keyAt, 1000, (i) => (i === 5 ? 5 : undefined));
    });
  }

  it("that miss, find what is stored afterwards", () => {
    const cache = new Cache({ maxEntries: 1000, eviction: "lru" });
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 20_000; i++) assert.equal(cache.get(`miss ${round} ${i}`), undefined);
      for (let i = 0; i < 500; i++) {
        cache.set(`miss ${round} ${i}`, i);
        if (cache.get(`miss ${round} ${i}`) !== i) assert.fail(`round ${round}, ${i}`);
      }
    }
  });
});

describe("memory that grows in the middle of an operation", () => {
  const megabyte = "m".repeat(1 << 20);

  /** Something that makes the engine's memory grow, and keeps it. */
  function grower() {
    const other = new Cache();
    let count = 0;
    // Gives its argument back, so that it can stand where a value is expected.
    return (value) => {
      for (let i = 0; i < 3; i++) other.set(`${megabyte}${count++}`, count);
      return value;
    };
  }

  const stored = (cache, i) =>
    cache
      .set(`short ${i}`, i)
      .set(i, i)
      .set(`${"long".repeat(20)} ${i}`, i);
  function verify(cache, count) {
    for (let i = 0; i < count; i++) {
      assert.equal(cache.get(`short ${i}`), i);
      assert.equal(cache.get(i), i);
      assert.equal(cache.get(`${"long".repeat(20)} ${i}`), i);
    }
  }

  it("by another cache, between two operations", () => {
    for (const options of [{}, { maxEntries: 300, eviction: "lru" }, { maxEntries: 300 }, { values: "copy" }]) {
      const grow = grower();
      const cache = new Cache(options);
      for (let i = 0; i < 60; i++) {
        stored(cache, i);
        if (i % 6 === 0) grow();
        verify(cache, i + 1);
      }
    }
  });

  it("by user code that runs inside an operation", () => {
    const grow = grower();
    const sized = new Cache({ maxBytes: 1e6, sizeOf: grow, eviction: "lru" });
    for (let i = 1; i < 10; i++) {
      sized.set(`k${i}`, i);
      for (let j = 1; j <= i; j++) assert.equal(sized.get(`k${j}`), j);
    }
    const told = [];
    const cache = new Cache({
      maxEntries: 4,
      eviction: "lru",
      onRemove: (key, value, reason) => {
        grow();
        if (reason !== "evicted") return;
        told.push([key, value]);
        assert.equal(cache.has(key), false);
      },
    });
    for (let i = 0; i < 12; i++) {
      const made = cache.gos(`k${i}`, () => grow(i));
      assert.equal(made, i);
      assert.equal(cache.get(`k${i}`), i);
    }
    const evicted = Array.from({ length: 8 }, (_, i) => [`k${i}`, i]);
    assert.deepEqual(told, evicted);
    assert.deepEqual([...cache.keys()], ["k8", "k9", "k10", "k11"]);
    // A key that is read while memory grows, and while the very cache is used.
    for (let i = 0; i < 6; i++) {
      const key = {
        get a() {
          grow();
          cache.set("inside", i);
          return i;
        },
        b: "b",
      };
      cache.set(key, `structure ${i}`);
      assert.equal(cache.get({ a: i, b: "b" }), `structure ${i}`);
      assert.equal(cache.get("inside"), i);
    }
  });

  it("by the key or the value of the operation itself", () => {
    const cache = new Cache({ values: "copy" });
    for (let i = 0; i < 8; i++) {
      cache.set("short", i).set(7, i);
      const text = megabyte.repeat(1 + i) + i;
      cache.set(text, text);
      assert.equal(cache.get("short"), i);
      assert.equal(cache.get(7), i);
      assert.ok(cache.get(text) === text);
      assert.ok(cache.delete(text));
      assert.equal(cache.get(text), undefined);
    }
  });

  it("while a cache is gone through", () => {
    const grow = grower();
    const cache = new Cache();
    for (let i = 0; i < 40; i++) cache.set(`k${i}`, i);
    let next = 0;
    for (const [key, value] of cache) {
      if (next % 5 === 0) grow();
      assert.deepEqual([key, value], [`k${next}`, next]);
      // What was gone through is removed, its slot used again by what will be gone through later.
      cache.delete(key);
      if (next < 40) cache.set(`k${next + 40}`, next + 40);
      next++;
    }
    assert.equal(next, 80);
    assert.equal(cache.size, 0);
  });
});
