// Random keys against an independent deep comparison: equal for the cache if and only if equal by structure.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { random } from "./lib/random.mjs";

const PAIRS = 150_000;
const functions = [() => 1, () => 2, () => 3];
const symbols = [Symbol("s"), Symbol("s"), Symbol.for("s")];
const texts = ["", "a", "b", "ab", "1", "\ud800", "\udc00", "\ufffd", "é", "__proto__", "x".repeat(40), "é".repeat(40)];
const numbers = [0, -0, 1, -1, 2, 127, 128, -128, 0.5, NaN, Infinity, 2 ** 31, 2 ** 40, -(2 ** 31), 1e300];

it(`${PAIRS} random keys, each beside a copy and beside a different one`, () => {
  const below = random(20_240_229);
  const pick = (list) => list[below(list.length)];
  const list = (make, most) => Array.from({ length: below(most) }, make);

  /** A random value; the same numbers drawn again make an equal one, in another order where order does not count. */
  function value(depth) {
    const kind = below(depth > 0 ? 20 : 10);
    if (kind < 3) return pick(numbers);
    if (kind < 6) return pick(texts);
    if (kind === 6) return pick([undefined, null, true, false, 0n, 1n, -1n, 2n ** 70n]);
    if (kind === 7) return pick([...functions, ...symbols]);
    if (kind === 8) return new Date(pick([0, 1, NaN]));
    if (kind === 9) return pick([/a/, /a/g, Object(1), Object("1"), new Uint8Array([1, 2]), new Int8Array([1, 2])]);
    const next = () => value(depth - 1);
    if (kind < 14) return list(next, 4);
    if (kind < 17) return objectFrom(list(() => [pick([...texts, symbols[0], symbols[1]]), next()], 4));
    if (kind < 19) return new Map(list(() => [next(), next()], 4));
    return new Set(list(next, 4));
  }

  /** An equal value, of other objects, built in another order. */
  function copy(of) {
    if (Array.isArray(of)) return of.map(copy);
    if (of instanceof Map) return new Map(shuffled([...of].map(([key, entry]) => [copy(key), copy(entry)])));
    if (of instanceof Set) return new Set(shuffled([...of].map(copy)));
    if (of instanceof Date) return new Date(of);
    if (isPlain(of)) return objectFrom(shuffled(entriesOf(of).map(([name, entry]) => [name, copy(entry)])));
    return Object.is(of, -0) ? 0 : of;
  }

  /** The value with something in it replaced. */
  function mutant(of) {
    if (below(3) === 0) return value(1);
    if (Array.isArray(of) && of.length > 0) return of.with(below(of.length), mutant(pick(of)));
    if (of instanceof Map)
      return new Map([...of].map(([key, entry]) => (below(2) ? [mutant(key), entry] : [key, mutant(entry)])));
    if (of instanceof Set) return new Set([...of].map(mutant));
    if (isPlain(of)) return objectFrom(entriesOf(of).map(([name, entry]) => [name, mutant(entry)]));
    return value(0);
  }

  function shuffled(items) {
    for (let i = items.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }

  let cache;
  for (let i = 0; i < PAIRS; i++) {
    if (i % 1000 === 0) cache = new Cache();
    const key = value(3);
    cache.set(key, i);
    const twin = copy(key);
    assert.ok(equal(key, twin));
    assert.equal(cache.get(twin), i);
    const other = below(2) ? mutant(key) : value(2);
    if (equal(key, other)) assert.equal(cache.get(other), i);
    else assert.notEqual(cache.get(other), i);
    if (i % 10 === 0) {
      const [back] = new Cache().set(key, 1).keys();
      assert.ok(equal(back, key));
    }
  }
});

function isPlain(of) {
  return typeof of === "object" && of !== null && Object.getPrototypeOf(of) === Object.prototype;
}

function entriesOf(object) {
  return Reflect.ownKeys(object).map((name) => [name, Object.getOwnPropertyDescriptor(object, name).value]);
}

function objectFrom(entries) {
  const object = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** The comparison that the documentation describes, as slow and as plain as can be. */
function equal(one, other) {
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const prototype = Object.getPrototypeOf(one);
  if (prototype !== Object.getPrototypeOf(other)) return false;
  const inOrder = (list, others) => list.length === others.length && list.every((each, i) => equal(each, others[i]));
  const inAnyOrder = (list, others) => {
    const left = [...others];
    const take = (each) => {
      const at = left.findIndex((candidate) => equal(each, candidate));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    };
    return list.length === others.length && list.every(take);
  };
  switch (prototype) {
    case Array.prototype:
    case Uint8Array.prototype:
    case Int8Array.prototype:
      return inOrder([...one], [...other]);
    case Map.prototype:
    case Set.prototype:
      return inAnyOrder([...one], [...other]);
    case Object.prototype:
      return inAnyOrder(entriesOf(one), entriesOf(other));
    case RegExp.prototype:
      return String(one) === String(other);
    case Date.prototype:
    case Number.prototype:
    case String.prototype:
      return equal(one.valueOf(), other.valueOf());
    default:
      return false;
  }
}
