// Which keys are the same key: more than a hundred groups of equal ones, each pair of groups different.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { groups } from "./lib/hostile-keys.mjs";

it("keys of a group are one key, keys of different groups are not", () => {
  const cache = new Cache();
  for (const [name, ...makers] of groups) {
    for (const make of makers) assert.equal(cache.has(make()), false, `${name} is taken for an earlier key`);
    for (const make of makers) cache.set(make(), name);
    for (const make of makers) assert.equal(cache.get(make()), name);
  }
  assert.equal(cache.size, groups.length);
  assert.ok(groups.length > 150);
});

it("every pair differs as well inside an array, an object, a map and a set", () => {
  const wraps = [(key) => [key, key], (key) => ({ a: key }), (key) => new Map([[key, key]]), (key) => new Set([key])];
  for (const wrap of wraps) {
    const cache = new Cache();
    for (const [name, ...makers] of groups) {
      assert.equal(cache.has(wrap(makers[0]())), false, name);
      for (const make of makers) cache.set(wrap(make()), name);
    }
    assert.equal(cache.size, groups.length);
    for (const [name, ...makers] of groups) for (const make of makers) assert.equal(cache.get(wrap(make())), name);
  }
});

it("one thousand orders of the same map, set and object are one key", () => {
  const cache = new Cache();
  const names = ["a", "aa", "b", "", "\ud800", "\uffff", "𐀀", "1", "10", "9"];
  let seed = 1;
  for (let i = 0; i < 1000; i++) {
    seed = (seed * 48271) % 2147483647;
    const turned = [...names.slice(seed % names.length), ...names.slice(0, seed % names.length)];
    if (seed & 64) turned.reverse();
    cache.set(Object.fromEntries(turned.map((name) => [name, name])), 1);
    cache.set(new Map(turned.map((name) => [name, [name]])), 1);
    cache.set(new Set(turned.map((name) => ({ name }))), 1);
  }
  assert.equal(cache.size, 3);
});

it("objects of any size are one key in any order of their properties", () => {
  for (const size of [2, 3, 23, 24, 25, 26, 100]) {
    const names = Array.from({ length: size }, (_, index) => `${(index * 7919) % 1000}${index % 2 ? "x" : ""}`);
    const cache = new Cache().set(Object.fromEntries(names.map((name) => [name, name])), 1);
    for (const order of [names.toReversed(), names.toSorted(), names.toSorted().reverse()]) {
      assert.equal(cache.get(Object.fromEntries(order.map((name) => [name, name]))), 1);
      assert.equal(cache.get(Object.fromEntries(order.map((name) => [name, `${name}!`]))), undefined);
    }
  }
});

it("with keys: identity, objects are their own keys, primitives as ever", () => {
  const cache = new Cache({ keys: "identity" });
  const key = { a: 1 };
  const keyed = { [Symbol.for("poche.key")]: () => 1 };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const cyclic = [];
  cyclic.push(cyclic);
  const keys = [key, { a: 1 }, [], [], new Date(0), keyed, proxy, cyclic, Symbol.iterator, 1n, null, NaN, "a", () => 1];
  for (const [index, each] of keys.entries()) cache.set(each, index);
  assert.deepEqual(
    keys.map((each) => cache.get(each)),
    keys.map((_, index) => index),
  );
  assert.equal(cache.get({ a: 1 }), undefined);
  assert.equal(cache.get(1), undefined);
  assert.equal(cache.get(BigInt("1")), 9);
  assert.ok([...cache.keys()].every((each, index) => Object.is(each, keys[index])));
});
