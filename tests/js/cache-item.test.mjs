// CacheItem: a frozen snapshot of an entry.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache, CacheItem } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

it("has a value and an expiration, and is frozen", () => {
  const expiration = new Date(5e12);
  const value = {};
  const item = new CacheItem(value, expiration);
  assert.equal(item.value, value);
  assert.deepEqual(item.expiration, expiration);
  assert.notEqual(item.expiration, expiration);
  assert.equal(new CacheItem(1).expiration, null);
  assert.equal(new CacheItem(1, undefined).expiration, null);
  assert.ok(Object.isFrozen(item));
  assert.throws(() => {
    item.value = 1;
  }, TypeError);
  assert.throws(() => {
    item.other = 1;
  }, TypeError);
});

it("takes no expiration but a valid Date or null", () => {
  assert.throws(() => new CacheItem(1, new Date(Number.NaN)), RangeError);
  for (const expiration of [5, "5s", {}, true, 0, "", false]) {
    assert.throws(
      () => new CacheItem(1, expiration),
      (error) => error instanceof TypeError && /expiration/.test(error.message),
    );
  }
});

it("is a snapshot: the cache and its dates go their own ways", () => {
  const cache = new Cache().set("un", 1, new Date(5e12));
  const item = cache.item("un");
  cache.set("un", 2);
  assert.equal(item.value, 1);
  item.expiration.setTime(0);
  assert.equal(item.isExpired(), false);
  cache.setItem("deux", item);
  assert.equal(cache.getTtl("deux").getTime(), 5e12);
});

it("isExpired by the clock now", (t) => {
  const clock = fakeClock(t, 1000);
  const item = new CacheItem(1, new Date(2000));
  assert.equal(item.isExpired(), false);
  clock.now = 1999;
  assert.equal(item.isExpired(), false);
  clock.now = 2000;
  assert.equal(item.isExpired(), true);
  assert.equal(new CacheItem(1).isExpired(), false);
});

it("equals another item or a bare value, by value", () => {
  const equal = [
    [1, 1],
    [Number.NaN, Number.NaN],
    [0, -0],
    ["a", "a"],
    [
      [1, { a: 1 }],
      [1, { a: 1 }],
    ],
    [null, null],
    [undefined, undefined],
  ];
  for (const [one, other] of equal) {
    assert.equal(new CacheItem(one).equals(other), true);
    assert.equal(new CacheItem(one).equals(new CacheItem(other, new Date())), true);
  }
  const cyclic = [];
  cyclic.push(cyclic);
  assert.equal(new CacheItem(cyclic).equals(cyclic), true);
  const different = [
    [1, "1"],
    [1, 1n],
    [null, undefined],
    [null, {}],
    [[1], [2]],
    [[1], [1, 2]],
    [() => {}, () => {}],
    [cyclic, []],
    [[], cyclic],
  ];
  for (const [one, other] of different) assert.equal(new CacheItem(one).equals(other), false);
});

it("compares by <, >= and == as its value does, dates too", () => {
  const one = new CacheItem(1);
  const two = new CacheItem(2);
  assert.ok(one < two && two > one && one <= 1 && two >= 2 && one + 1 === 2);
  // biome-ignore lint/suspicious/noDoubleEquals: the comparison under test
  assert.ok(one == 1 && !(one == 2) && new CacheItem("a") == "a" && new CacheItem(1n) == 1n);
  assert.ok(new CacheItem("a") < "b");
  const early = new CacheItem(new Date(1));
  const late = new CacheItem(new Date(2));
  assert.ok(early < late && late >= early && early < new Date(2));
  // biome-ignore lint/suspicious/noDoubleEquals: the comparison under test
  assert.ok(early == 1);
  assert.equal(new CacheItem(null).valueOf(), null);
  assert.equal(new CacheItem(undefined).valueOf(), undefined);
  const bare = Object.create(null);
  assert.equal(new CacheItem(bare).valueOf(), bare);
});

it("toJSON gives value and expiration in ISO form", () => {
  assert.equal(
    JSON.stringify(new CacheItem([1], new Date(0))),
    '{"value":[1],"expiration":"1970-01-01T00:00:00.000Z"}',
  );
  assert.equal(JSON.stringify(new CacheItem(1)), '{"value":1,"expiration":null}');
});
