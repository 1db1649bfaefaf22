// memoize compares whole argument lists by value, and never mixes results up.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memoize, UnhashableKeyError } from "poche";

/** A memoized function that gives the number of its run. */
const counter = (options) => {
  let runs = 0;
  return memoize((..._args) => ++runs, options);
};

const hole = new Array(2);
const kept = () => {};
const different = {
  "nothing and undefined": [[], [undefined]],
  "one undefined and two": [[undefined], [undefined, undefined]],
  "the later arguments": [
    ["a", 1],
    ["a", 2],
  ],
  "undefined, NaN and null": [[undefined], [Number.NaN], [null]],
  "them in an array": [[[undefined]], [[Number.NaN]], [[null]], [[]]],
  "a number, its text, its bigint": [[1], ["1"], [1n], [true]],
  "null and its text": [[null], ["null"]],
  "texts that look like lists": [["a,b"], ["a", "b"], [["a", "b"]], ['["a","b"]']],
  "a text with quotes": [['a"b'], ["a\\", "b"]],
  "an absent and an undefined property": [[{}], [{ a: undefined }]],
  "nested objects": [[{ a: { b: 1 } }], [{ a: { b: 2 } }], [{ a: 1, b: 1 }]],
  Maps: [[new Map([[1, 2]])], [new Map([[1, 3]])], [new Map()], [new Set()], [{}]],
  "nested Maps": [[new Map([["a", new Map([["b", 1]])]])], [new Map([["a", new Map([["b", 2]])]])]],
  Sets: [[new Set([1])], [new Set([2])], [new Set(["1"])]],
  functions: [[() => 1], [() => 1]],
  symbols: [[Symbol("a")], [Symbol("a")], [Symbol.for("a")]],
  bigints: [[2n ** 64n], [2n ** 64n + 1n], [-1n]],
  dates: [[new Date(0)], [new Date(1)], [new Date(Number.NaN)], [0], ["1970-01-01T00:00:00.000Z"], [null]],
  "typed arrays": [
    [new Uint8Array([1])],
    [new Int8Array([1])],
    [new Uint8Array([2])],
    [new Uint8Array([1]).buffer],
    [[1]],
  ],
  "regular expressions": [[/a/], [/a/g], [/b/], [{}]],
  errors: [[new Error("a")], [new Error("a")]],
  "class instances": [[new (class A {})()], [new (class A {})()]],
  "lone surrogates": [["\ud800"], ["\ud801"], ["\ufffd"]],
  "the empty text": [[""], ["", ""], []],
  "fractions and large numbers": [[0.1], [0.2], [2 ** 32], [2 ** 53], [-1], [1e300], [Infinity], [-Infinity]],
  "random ids that a 32-bit hash confuses": Array.from({ length: 40_000 }, (_, i) => [
    `${i}:${(i * 2654435761) % 2 ** 32}`,
  ]),
};
for (const [name, lists] of Object.entries(different)) {
  it(`tells apart ${name}`, () => {
    const f = counter();
    const first = lists.map((list) => f(...list));
    assert.equal(new Set(first).size, lists.length);
    assert.deepEqual(
      lists.map((list) => f(...list)),
      first,
    );
  });
}

const equal = {
  "equal objects": [[{ a: 1, b: [2] }], [{ b: [2], a: 1 }]],
  "-0 and 0": [[-0], [0]],
  "-0 and 0 within": [
    [[-0], { a: -0 }],
    [[0], { a: 0 }],
  ],
  NaNs: [[Number.NaN], [0 / 0]],
  "invalid dates": [[new Date(Number.NaN)], [new Date("x")]],
  "sparse arrays and undefined": [[hole], [[undefined, undefined]]],
  "nested Maps": [[new Map([["a", new Map([["b", 1]])]])], [new Map([["a", new Map([["b", 1]])]])]],
  "Maps in any order": [
    [
      new Map([
        [1, 1],
        [2, 2],
      ]),
    ],
    [
      new Map([
        [2, 2],
        [1, 1],
      ]),
    ],
  ],
  "typed arrays": [[new Float32Array([1, 2])], [new Float32Array([1, 2])]],
  "the same function": [[kept], [kept]],
  bigints: [[123n], [BigInt("123")]],
  "texts however made": [["abcdef"], ["abc".concat("def")]],
  "long texts": [["x".repeat(100_000)], ["x".repeat(100_000)]],
  "many arguments": [Array.from({ length: 300 }, (_, i) => i), Array.from({ length: 300 }, (_, i) => i)],
};
for (const [name, [one, other]] of Object.entries(equal)) {
  it(`takes as equal ${name}`, () => {
    const f = counter();
    assert.equal(f(...one), f(...other));
  });
}

describe("the key", () => {
  it("is that of the moment of the call, whatever the function does to its arguments", () => {
    const sorted = memoize((list) => list.sort().join());
    assert.equal(sorted([3, 1]), "1,3");
    assert.equal(sorted.has([3, 1]), true);
    assert.equal(sorted.has([1, 3]), false);
  });

  it("is what the option `key` gives, asked with the same `this`", () => {
    let runs = 0;
    const f = memoize((_user) => ++runs, {
      key(user) {
        return this?.by ?? user.id;
      },
    });
    assert.equal(f({ id: 1, at: 1 }), f({ id: 1, at: 2 }));
    assert.equal(f({ id: 2 }), 2);
    assert.equal(f.call({ by: 1 }, {}), 1);
    assert.deepEqual([...f.cache.keys()], [1, 2]);
    assert.equal(f.has({ id: 2 }), true);
    assert.equal(f.delete({ id: 2 }), true);
    assert.equal(f.has({ id: 2 }), false);
  });

  it("compares objects by identity with keys: identity, the list still by value", () => {
    const f = counter({ keys: "identity" });
    const object = {};
    assert.equal(f(object, 1), f(object, 1));
    assert.notEqual(f({}, 1), f({}, 1));
    assert.equal(f(1, "a"), f(1, "a"));
    assert.equal(f.has(object, 1), true);
    assert.equal(f.delete(object, 1), true);
    assert.equal(f.has(object, 1), false);
  });

  it("throws for what cannot be a key; an async function gives a rejected promise", async () => {
    const cycle = {};
    cycle.self = cycle;
    assert.throws(() => counter()(cycle), UnhashableKeyError);
    await assert.rejects(memoize(async () => 1)(cycle), UnhashableKeyError);
  });

  it("may be written by user code that calls the function again", () => {
    const f = counter();
    const nested = {
      get a() {
        return f(1, "deep");
      },
    };
    f(nested, 2);
    assert.equal(f(nested, 2), f({ a: f(1, "deep") }, 2));
  });

  it("is the list of arguments in the cache", () => {
    const f = memoize((a, b) => a + b);
    f(1, 2);
    f("a", { b: 1 });
    assert.deepEqual(
      [...f.cache],
      [
        [[1, 2], 3],
        [["a", { b: 1 }], "a[object Object]"],
      ],
    );
    assert.equal(f.cache.get([1, 2]), 3);
  });
});

// The table of the README: for each row, whether the two lists are equal to poche, to JSON.stringify, by identity.
describe("the comparison in the README", () => {
  const rows = [
    [() => [{ a: 1 }], () => [{ a: 1 }], true, true, false],
    [() => [[1]], () => [[1]], true, true, false],
    [() => [new Date(1)], () => [new Date(1)], true, true, false],
    [() => [{ a: 1, b: 2 }], () => [{ b: 2, a: 1 }], true, false, false],
    [() => [[undefined]], () => [[Number.NaN]], false, true, false],
    [() => [[null]], () => [[Number.NaN]], false, true, false],
    [() => [() => 1], () => [() => 2], false, true, false],
    [() => [new Map([[1, 1]])], () => [new Map()], false, true, false],
    [() => [Symbol("a")], () => [Symbol("b")], false, true, false],
    [() => [new Map([[1, 1]])], () => [new Map([[1, 1]])], true, true, false],
    [() => [new Set([1])], () => [new Set([1])], true, true, false],
    [() => [new Date(Number.NaN)], () => [null], false, true, false],
  ];
  for (const [one, other, toPoche, toJson, byIdentity] of rows) {
    it(`${one} and ${other}`, () => {
      const f = counter();
      assert.equal(f(...one()) === f(...other()), toPoche);
      assert.equal(JSON.stringify(one()) === JSON.stringify(other()), toJson);
      assert.equal(one()[0] === other()[0], byIdentity);
    });
  }

  it("10n", () => {
    const f = counter();
    assert.equal(f(10n), f(10n));
    assert.throws(() => JSON.stringify([10n]), TypeError);
  });
});
