// cache.dict: the entries by brackets.
import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import { Cache, CacheItem, FreedError } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

it("is the same object each time, over the same entries", () => {
  const cache = new Cache().set("un", 1);
  assert.equal(cache.dict, cache.dict);
  assert.equal(cache.dict.un.value, 1);
  cache.set("un", 2);
  assert.equal(cache.dict.un.value, 2);
  assert.equal(cache.dict.deux, undefined);
});

it("takes CacheItems and nothing else", () => {
  const cache = new Cache({ defaultTtl: 1 });
  const expiration = new Date(5e12);
  cache.dict.un = new CacheItem(1, expiration);
  assert.deepEqual(cache.getTtl("un"), expiration);
  for (const value of [1, null, undefined, {}, { value: 1, expiration: null }]) {
    assert.throws(
      () => {
        cache.dict.un = value;
      },
      (error) => error instanceof TypeError && /CacheItem/.test(error.message),
    );
    assert.throws(() => Object.defineProperty(cache.dict, "un", { value, configurable: true }), TypeError);
  }
  assert.equal(cache.get("un"), 1);
});

it("has own enumerable properties in the order of insertion: string and symbol keys only", () => {
  const symbol = Symbol("s");
  const cache = new Cache().setMany([
    ["b", 1],
    [1, 2],
    [symbol, 3],
    [["a"], 4],
    ["a", 5],
    ["1", 6],
  ]);
  assert.deepEqual(Object.keys(cache.dict), ["b", "a", "1"]);
  assert.deepEqual(Reflect.ownKeys(cache.dict), ["b", symbol, "a", "1"]);
  assert.deepEqual(
    Object.values(cache.dict).map((item) => item.value),
    [1, 5, 6],
  );
  assert.deepEqual(
    Object.entries(cache.dict).map(([key, item]) => [key, item.value]),
    [
      ["b", 1],
      ["a", 5],
      ["1", 6],
    ],
  );
  const seen = [];
  for (const key in cache.dict) seen.push(key);
  assert.deepEqual(seen, ["b", "a", "1"]);
  assert.equal(cache.dict[1].value, 6);
  assert.equal(cache.dict[symbol].value, 3);
  assert.deepEqual({ ...cache.dict }.b, new CacheItem(1));
  assert.deepEqual(Object.getOwnPropertyDescriptor(cache.dict, "b"), {
    value: new CacheItem(1),
    writable: true,
    enumerable: true,
    configurable: true,
  });
  assert.equal(Object.getOwnPropertyDescriptor(cache.dict, "c"), undefined);
});

it("has nothing but entries: no prototype", () => {
  const cache = new Cache();
  for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf"]) {
    assert.equal(cache.dict[name], undefined);
    assert.equal(name in cache.dict, false);
    cache.dict[name] = new CacheItem(name);
    assert.equal(cache.dict[name].value, name);
    assert.equal(cache.get(name), name);
  }
  assert.equal(Object.getPrototypeOf(cache.dict), null);
});

it("in and delete see what is stored, expired or not", (t) => {
  const clock = fakeClock(t);
  const cache = new Cache().set("un", 1, 1);
  clock.now += 1000;
  assert.equal("un" in cache.dict, true);
  assert.equal(cache.dict.un.isExpired(), true);
  assert.equal(delete cache.dict.un, true);
  assert.equal("un" in cache.dict, false);
  assert.equal(delete cache.dict.un, true);
});

it("keeps the invariants of objects", () => {
  const { dict } = new Cache().set("un", 1);
  assert.equal(Object.isExtensible(dict), true);
  assert.throws(() => Object.freeze(dict), TypeError);
  assert.throws(() => Object.preventExtensions(dict), TypeError);
  assert.equal(Object.isFrozen(dict), false);
  assert.throws(() => Object.setPrototypeOf(dict, {}), TypeError);
  assert.equal(Reflect.setPrototypeOf(dict, null), true);
  assert.equal(Reflect.defineProperty(dict, "deux", { value: new CacheItem(2) }), true);
  assert.equal(dict.deux.value, 2);
  assert.equal(Reflect.defineProperty(dict, "deux", { get: () => 1 }), false);
  assert.equal(Reflect.defineProperty(dict, "deux", { value: new CacheItem(3), configurable: false }), false);
  assert.equal(Reflect.defineProperty(dict, "deux", { value: new CacheItem(3), enumerable: false }), false);
  assert.equal(Reflect.defineProperty(dict, "deux", { value: new CacheItem(3), writable: false }), false);
  assert.equal(dict.deux.value, 2);
});

it("an object that inherits from it has properties of its own", () => {
  const cache = new Cache().set("un", 1);
  const child = Object.create(cache.dict);
  child.un = "own";
  child.deux = 2;
  assert.equal(child.un, "own");
  assert.deepEqual([...cache], [["un", 1]]);
});

it("what the language asks of every object does not throw in strict mode", async () => {
  const { dict } = new Cache({ strict: true }).set("un", 1);
  assert.equal(await dict, dict);
  assert.equal(JSON.stringify(dict), '{"un":{"value":1,"expiration":null}}');
  assert.equal(Object.prototype.toString.call(dict), "[object Object]");
  assert.equal(typeof inspect(dict), "string");
  assert.equal(typeof inspect(dict, { showProxy: true }), "string");
});

it("throws when the cache is freed", () => {
  const cache = new Cache();
  const { dict } = cache;
  cache.free();
  assert.throws(() => dict.un, FreedError);
  assert.throws(() => cache.dict, FreedError);
});
