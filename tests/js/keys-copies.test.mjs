// keys(): copies of what is compared by structure, the very objects that are compared by identity.
import assert from "node:assert/strict";
import { it } from "node:test";
import { types } from "node:util";
import { Cache } from "poche";
import { groups } from "./lib/hostile-keys.mjs";

const keyIn = (key) => {
  const cache = new Cache().set(key, 1);
  return [...cache.keys()][0];
};

it("every key comes back as a key equal to itself", () => {
  for (const [name, ...makers] of groups) {
    for (const make of makers) {
      const cache = new Cache().set(make(), name);
      const [copy] = cache.keys();
      assert.equal(cache.get(copy), name);
      assert.equal(cache.get([...new Cache().set([copy], 1).keys()][0][0]), name);
    }
  }
});

it("a copy is of the same kind, and nothing of the original", () => {
  const key = [
    { a: [1] },
    new Date(5),
    /a\n\//giu,
    new Map([[{}, 2]]),
    new Set([3]),
    new Float32Array([0.5]),
    new URL("a:b"),
  ];
  const copy = keyIn(key);
  assert.deepEqual(copy, key);
  for (const [index, part] of copy.entries()) assert.notEqual(part, key[index]);
  key[0].a.push(2);
  key[1].setTime(6);
  assert.deepEqual(keyIn([{ a: [1] }, new Date(5)]), copy.slice(0, 2));
});

it("what is compared by identity comes back itself, in its place", () => {
  const [f, g, s] = [() => 1, () => 2, Symbol("s")];
  const instance = new (class {})();
  const key = [
    f,
    { [s]: g, a: instance },
    new Map([
      [g, f],
      [f, g],
      ["x", s],
    ]),
    new Set([instance, s, g, f]),
  ];
  const copy = keyIn(key);
  assert.equal(copy[0], f);
  assert.equal(copy[1][s], g);
  assert.equal(copy[1].a, instance);
  assert.deepEqual([copy[2].get(g), copy[2].get(f), copy[2].get("x")], [f, g, s]);
  assert.deepEqual(copy[3], key[3]);
});

it("an own __proto__ stays an own property, and pollutes nothing", () => {
  const copy = keyIn(JSON.parse('{"__proto__":{"polluted":1},"constructor":2}'));
  assert.deepEqual(Object.keys(copy).sort(), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  assert.equal(copy.polluted, undefined);
  assert.equal({}.polluted, undefined);
});

it("holes come back as undefined, buffers in their types", () => {
  assert.deepEqual(keyIn(new Array(2)), [undefined, undefined]);
  assert.ok(types.isSharedArrayBuffer(keyIn(new SharedArrayBuffer(3))));
  assert.ok(types.isDataView(keyIn(new DataView(new ArrayBuffer(3), 1))));
  assert.ok(types.isBoxedPrimitive(keyIn(Object(1n))));
  assert.ok(Number.isNaN(keyIn(new Date(NaN)).getTime()));
  assert.deepEqual(keyIn(Buffer.from("abc")), new Uint8Array([97, 98, 99]));
});

it("text of any length comes back exactly, byte order marks and lone surrogates too", () => {
  const parts = ["", "a", "\0", "é", "€", "😀", "\ud800", "\udfff", "\ufeff", "\uffff", "x".repeat(70), "é".repeat(40)];
  for (const one of parts) {
    for (const other of parts) {
      for (const third of parts) {
        const text = one + other + third;
        assert.equal(keyIn(text), text);
        assert.deepEqual(keyIn([text, { [text]: text }]), [text, { [text]: text }]);
      }
    }
  }
  const huge = "long\ud800 ".repeat(100_000);
  assert.equal(keyIn(huge), huge);
  assert.equal(keyIn([huge])[0], huge);
});

it("numbers around every boundary come back exactly", () => {
  for (let power = 0; power < 60; power++) {
    for (const offset of [-1, -0.5, 0, 0.5, 1]) {
      for (const sign of [1, -1]) {
        const number = sign * (2 ** power + offset);
        assert.deepEqual(keyIn([number]), [Object.is(number, -0) ? 0 : number]);
        if (Number.isInteger(number)) assert.deepEqual(keyIn(BigInt(number) ** 7n), BigInt(number) ** 7n);
      }
    }
  }
});

it("copying runs no setter that a program gave to all objects", (t) => {
  t.after(() => delete Object.prototype.inherited);
  let calls = 0;
  Object.defineProperty(Object.prototype, "inherited", { configurable: true, get: () => 1, set: () => calls++ });
  const names = ["inherited", "__proto__", "toString", "constructor"];
  const key = Object.defineProperties(
    {},
    Object.fromEntries(names.map((name) => [name, { value: name, enumerable: true }])),
  );
  for (const [made, size] of [
    [key, 1],
    [[key, new Date(3)], 2],
    [{ a: { b: key } }, 1],
  ]) {
    const removed = [];
    const cache = new Cache({ onRemove: (key) => removed.push(key) }).set(made, size);
    const [copy] = cache.keys();
    assert.deepEqual(copy, made);
    assert.notEqual(copy, made);
    assert.equal(cache.get(copy), size);
    cache.delete(made);
    assert.deepEqual(removed, [made]);
  }
  assert.equal(calls, 0);
});
