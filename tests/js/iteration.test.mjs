// Iteration: Map's own semantics, held against a real Map.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache, CacheItem, FreedError } from "poche";
import { random } from "./lib/random.mjs";

const filled = (...keys) => new Cache().setMany(keys.map((key) => [key, `value of ${key}`]));
const iterators = ["keys", "values", "entries", "items"];

it("goes in insertion order, which a new value does not change", () => {
  const cache = filled("c", "a", "b");
  cache.set("a", 1);
  cache.delete("c");
  cache.set("c", 2);
  assert.deepEqual([...cache.keys()], ["a", "b", "c"]);
  assert.deepEqual([...cache.values()], [1, "value of b", 2]);
  assert.deepEqual([...cache.entries()], [...cache]);
  assert.deepEqual(
    [...cache.entries()],
    [
      ["a", 1],
      ["b", "value of b"],
      ["c", 2],
    ],
  );
  for (const [key, item] of cache.items()) {
    assert.ok(item instanceof CacheItem);
    assert.equal(item.value, cache.get(key));
  }
});

it("forEach passes value, key, cache and this", () => {
  const cache = filled("a", "b");
  const calls = [];
  const self = {};
  cache.forEach(function (...args) {
    calls.push([this, ...args]);
  }, self);
  assert.deepEqual(calls, [
    [self, "value of a", "a", cache],
    [self, "value of b", "b", cache],
  ]);
  assert.equal(calls[0][0], self);
  assert.equal(calls[0][3], cache);
  assert.throws(() => cache.forEach(), TypeError);
});

it("is lazy: what is added is visited, what is removed is not", () => {
  const cache = filled("a", "b", "c");
  const keys = [];
  for (const key of cache.keys()) {
    keys.push(key);
    if (key === "a") cache.delete("b");
    if (key === "c" && !cache.has("d")) cache.set("d", 1);
  }
  assert.deepEqual(keys, ["a", "c", "d"]);
});

for (const name of iterators) {
  it(`${name} gives an iterator as the language's own are`, () => {
    const cache = filled("a", "b");
    const iterator = cache[name]();
    const native = new Map()[name === "items" ? "entries" : name]();
    const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(native));
    assert.ok(Object.prototype.isPrototypeOf.call(IteratorPrototype, iterator));
    assert.equal(iterator[Symbol.iterator](), iterator);
    assert.equal(Object.prototype.toString.call(iterator), "[object Cache Iterator]");
    assert.deepEqual(Object.keys(iterator), []);
    assert.deepEqual(Object.keys(iterator.next()), ["value", "done"]);
    assert.equal(iterator.next().done, false);
    assert.deepEqual(iterator.next(), { value: undefined, done: true });
    cache.set("c", 1);
    assert.deepEqual(iterator.next(), { value: undefined, done: true });
    const left = cache[name]();
    assert.deepEqual(left.return(5), { value: 5, done: true });
    assert.deepEqual(left.next(), { value: undefined, done: true });
    if (iterator.map) assert.deepEqual([...cache.keys().map((key) => key + key)], ["aa", "bb", "cc"]);
  });
}

it("an iterator begins at the first entry whenever it is asked first", () => {
  const cache = filled("a");
  const iterator = cache.keys();
  cache.flush();
  cache.set("b", 1);
  assert.deepEqual(iterator.next(), { value: "b", done: false });
});

it("leaving a loop early, and many iterations at once, cost nothing", () => {
  const cache = filled(..."abcdefghijklmnopqrstuvwxyz");
  for (let i = 0; i < 10_000; i++) {
    for (const key of cache.keys()) if (key === "c") break;
  }
  const under = Array.from({ length: 100 }, () => cache.keys());
  for (let i = 0; i < 26; i++) {
    const letters = new Set(under.map((iterator) => iterator.next().value));
    assert.equal(letters.size, 1);
  }
  assert.ok(under.every((iterator) => iterator.next().done));
});

it("an iterator of a freed cache throws", () => {
  const cache = filled("a", "b");
  const iterator = cache.keys();
  iterator.next();
  cache.free();
  assert.throws(() => iterator.next(), FreedError);
});

it("random changes under iteration do what they do to a Map", () => {
  for (let seed = 0; seed < 300; seed++) {
    const below = random(seed);
    const cache = new Cache();
    const map = new Map();
    const under = [];
    for (let step = 0; step < 400; step++) {
      const key = [below(12), `k${below(12)}`, [below(12)]][below(3)];
      const name = JSON.stringify(key);
      switch (below(9)) {
        case 0:
        case 1:
        case 2:
          cache.set(key, step);
          map.set(name, step);
          break;
        case 3:
        case 4:
          assert.equal(cache.delete(key), map.delete(name));
          break;
        case 5:
          if (below(20) > 0) break;
          cache.flush();
          map.clear();
          break;
        case 6:
          if (under.length < 12) under.push([cache.entries(), map.entries()]);
          else under.splice(below(12), 1);
          break;
        default: {
          if (under.length === 0) break;
          const [ours, theirs] = under[below(under.length)];
          const got = ours.next();
          const expected = theirs.next();
          if (got.value) got.value[0] = JSON.stringify(got.value[0]);
          assert.deepEqual(got, expected, `seed ${seed}, step ${step}`);
        }
      }
      assert.equal(cache.size, map.size);
    }
  }
});
