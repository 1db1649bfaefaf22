// values: "copy": what a copy keeps, that nothing is shared with it, and what cannot be copied.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { Cache, ValueError } from "poche";
import { valueMaker } from "./lib/random-values.mjs";
import { assertCopy } from "./lib/same-value.mjs";

/** What a cache makes of a value. */
function copyOf(value) {
  return new Cache({ values: "copy" }).set("key", value).get("key");
}

/** What structured clone makes of it; now and then V8's own cannot read what it wrote. */
function cloneOf(value) {
  try {
    return { clone: structuredClone(value) };
  } catch {
    return undefined;
  }
}

const kinds = {
  primitives: () => [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    63,
    64,
    -1,
    127,
    128,
    -129,
    40_000,
    2 ** 31,
    0.5,
    0.1,
    NaN,
  ],
  extremes: () => [Infinity, -Infinity, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, 1e300],
  bigints: () => [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, -(2n ** 64n), 10n ** 100n, -(10n ** 100n)],
  strings: () => [
    "",
    "a",
    "x".repeat(63),
    "x".repeat(64),
    "é",
    "日本語".repeat(40),
    "😀",
    "\ud800",
    "a\udc00b".repeat(50),
    "\ufeffbom",
  ],
  "plain objects": () => ({ id: 1, nested: { list: [1, { deep: true }] }, none: undefined }),
  "inherited names": () => JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": 3, "valueOf": 4}'),
  "numeric names": () => ({ 2: "b", 1: "a", name: "c", "-1": "d" }),
  arrays: () => [[], [1, 2, 3], [[[]]], new Array(5), [1, undefined, 3], Object.assign([1, 2], { extra: "x" })],
  "a long sparse array": () => ({ list: Object.assign([], { 4000000000: "far", length: 4_294_967_295 }) }),
  dates: () => [new Date(0), new Date(NaN), new Date(8.64e15)],
  "regular expressions": () => [/a+/, /[/\]]/giu, /(?:)/],
  maps: () =>
    new Map([
      [{ key: 1 }, new Map([[1, "one"]])],
      [NaN, 0],
      ["a", new Set([1, [2]])],
    ]),
  "typed arrays": () => [
    new Uint8Array([1, 2, 3]),
    new Float64Array([1.5, NaN, -0]),
    new BigInt64Array([-5n]),
    new DataView(new ArrayBuffer(5)),
    new Uint8ClampedArray(3),
    new Uint16Array(new ArrayBuffer(16), 4, 3),
  ],
  buffers: () => [new ArrayBuffer(0), new Uint8Array([1, 2]).buffer, new ArrayBuffer(4, { maxByteLength: 9 })],
  boxed: () => [Object(1), Object("text"), Object(false), Object(7n), Object(-0)],
  errors: () => [
    new Error("plain"),
    new TypeError("typed", { cause: { why: [1] } }),
    Object.assign(new RangeError("named"), { name: "Mine" }),
    new (class Special extends SyntaxError {})("special"),
    new Error(""),
  ],
  "errors that say odd things": () => [
    Object.defineProperty(new Error("a"), "message", { get: () => "from a getter" }),
    Object.assign(new Error("a"), { message: 5 }),
    Object.assign(new Error("a"), { stack: 7 }),
    Object.assign(new Error("a"), { stack: "" }),
    Object.assign(new Error("a"), { cause: undefined, code: "E" }),
    new AggregateError([new Error("b")], "many"),
    new (class extends RangeError {
      get name() {
        return "EvalError";
      }
    })("b"),
  ],
  "built-in objects with properties that say something else": () => [
    Object.defineProperty(new Uint8Array([1, 2]), "byteLength", { value: 99 }),
    Object.defineProperty(new Uint8Array([1, 2]), "buffer", { value: null }),
    Object.defineProperty(new Map([[1, 2]]), "size", { value: 99 }),
    Object.assign(new Map([[1, 2]]), { forEach: 1 }),
    Object.assign(new Date(3), { getTime: () => 9 }),
    Object.defineProperty(/a/g, "global", { value: false }),
    Object.defineProperty(new ArrayBuffer(4), "resizable", { value: true }),
    Object.assign(Object("text"), { valueOf: () => "other" }),
  ],
  "what only looks like a built-in object": () => [
    Object.create(Map.prototype),
    Object.create(Error.prototype),
    Object.setPrototypeOf({ a: 1 }, Date.prototype),
    { [Symbol.toStringTag]: "Map", a: 1 },
  ],
  "subclasses of built-in classes": () => [
    new (class extends Map {
      extra = 1;
    })([[1, 2]]),
    new (class extends Array {})(1, 2, 3),
    new (class extends Date {})(5),
    new (class extends Uint8Array {})([1, 2]),
    new (class extends RegExp {})("a", "g"),
    new (class extends Number {})(3),
  ],
  "objects of another realm": () =>
    runInNewContext("({ a: [new Map([[1, new Date(3)]])], r: /a/g, u: new Uint8Array([1, 2]), n: Object(1) })"),
  "views of resizable buffers": () => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 32 });
    return [new Uint8Array(buffer), new Uint16Array(buffer, 2), new Uint8Array(buffer, 1, 2), new DataView(buffer, 2)];
  },
  "NaN payloads": () => new Float64Array(new BigUint64Array([0x7ff8000000000001n, 0xfff0000000000001n]).buffer),
  "class instances": () =>
    new (class Point {
      x = 1;
      #hidden = 2;
      get y() {
        return this.#hidden;
      }
    })(),
  "null prototypes": () => Object.assign(Object.create(null), { a: 1 }),
};

describe("a copy is what structured clone would make", () => {
  for (const [name, make] of Object.entries(kinds)) {
    it(name, () => {
      const whole = make();
      assertCopy(copyOf(whole), structuredClone(whole));
      for (const part of Array.isArray(whole) ? whole : []) assertCopy(copyOf(part), structuredClone(part));
    });
  }

  it("20,000 random values", () => {
    const cache = new Cache({ values: "copy" });
    const make = valueMaker(20);
    let compared = 0;
    for (let i = 0; i < 20_000; i++) {
      const value = make();
      const expected = cloneOf(value);
      if (expected === undefined) continue;
      assertCopy(cache.set(i % 100, value).get(i % 100), expected.clone);
      compared++;
    }
    assert.ok(compared > 19_900);
  });
});

describe("references", () => {
  it("shared and cyclic ones are kept", () => {
    const shared = { n: 1 };
    const value = { a: shared, b: [shared], map: new Map([[shared, shared]]), set: new Set([shared]) };
    value.self = value;
    value.b.push(value.b);
    shared.error = Object.assign(new Error("e"));
    Object.defineProperty(shared.error, "cause", { value: shared });
    const copy = copyOf(value);
    assert.equal(copy.self, copy);
    assert.equal(copy.a, copy.b[0]);
    assert.equal(copy.b[1], copy.b);
    assert.deepEqual([...copy.map], [[copy.a, copy.a]]);
    assert.ok(copy.set.has(copy.a));
    assert.equal(copy.a.error.cause, copy.a);
    assert.notEqual(copy.a, shared);
  });

  it("views of one buffer share one again, with their offsets", () => {
    const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
    const copy = copyOf({ part: new Uint8Array(buffer, 2, 3), whole: new Uint16Array(buffer), buffer });
    assert.equal(copy.part.buffer, copy.buffer);
    assert.equal(copy.whole.buffer, copy.buffer);
    assert.equal(copy.part.byteOffset, 2);
    copy.whole[1] = 0xffff;
    assert.deepEqual([...copy.part], [255, 255, 5]);
  });

  it("a view of a part brings its whole buffer, a Node Buffer only its own bytes", () => {
    const part = copyOf(new Uint8Array(new ArrayBuffer(1_000_000), 500, 10));
    assert.deepEqual([part.buffer.byteLength, part.byteOffset, part.length], [1_000_000, 500, 10]);
    const [first, second] = copyOf([Buffer.from("one"), Buffer.from("two")]);
    assert.equal(first.buffer.byteLength, 3);
    assert.equal(new TextDecoder().decode(second), "two");
    assert.ok(first instanceof Uint8Array && !Buffer.isBuffer(first));
  });

  it("nesting of 200,000 levels survives", () => {
    let value = [];
    for (let i = 0; i < 100_000; i++) value = [{ next: value }];
    let copy = copyOf(value);
    let depth = 0;
    for (; copy.length > 0; copy = copy[0].next) depth++;
    assert.equal(depth, 100_000);
  });
});

describe("isolation", () => {
  const changes = {
    object: [
      () => ({ a: 1, inner: { b: 2 } }),
      (value) => {
        value.inner.b = 9;
        value.a = 9;
        value.c = 9;
      },
    ],
    array: [
      () => [1, [2], 3],
      (value) => {
        value[1].push(9);
        value.length = 1;
      },
    ],
    map: [
      () => new Map([["a", { b: 1 }]]),
      (value) => {
        value.get("a").b = 9;
        value.set("c", 9);
      },
    ],
    set: [() => new Set([1, 2]), (value) => value.add(9)],
    date: [() => new Date(5), (value) => value.setTime(9)],
    bytes: [() => new Uint8Array([1, 2, 3]), (value) => value.fill(9)],
    buffer: [() => new Uint8Array([1, 2, 3]).buffer, (value) => new Uint8Array(value).fill(9)],
    view: [() => new DataView(new ArrayBuffer(4)), (value) => value.setInt32(0, 9)],
    error: [
      () => new Error("first", { cause: { a: 1 } }),
      (value) => {
        value.message = "9";
        value.cause.a = 9;
      },
    ],
    "regular expression": [
      () => /a/g,
      (value) => {
        value.extra = 9;
      },
    ],
    boxed: [
      () => Object("text"),
      (value) => {
        value.extra = 9;
      },
    ],
  };
  for (const [name, [make, change]] of Object.entries(changes)) {
    it(`of an ${name}: neither what went in nor what came out reaches the cache`, () => {
      const original = make();
      const expected = structuredClone(original);
      const cache = new Cache({ values: "copy" }).set("key", original);
      change(original);
      assertCopy(cache.get("key"), expected);
      change(cache.get("key"));
      change(cache.peek("key"));
      change([...cache.values()][0]);
      change(cache.item("key").value);
      assertCopy(cache.get("key"), expected);
    });
  }
});

describe("what cannot be copied is an error that says where, and nothing is stored", () => {
  const wrong = [
    ["value.user.callback is a function", () => ({ user: { callback() {} } })],
    ["value is a function", () => () => 1],
    ["value is a symbol", () => Symbol("s")],
    ["value[1].a is a symbol", () => [0, { a: Symbol.iterator }]],
    ['value.get("x")["a b"] is a WeakMap', () => new Map([["x", { "a b": new WeakMap() }]])],
    [
      "value (key 1) is a Promise",
      () =>
        new Map([
          [1, 1],
          [Promise.resolve(), 2],
        ]),
    ],
    ["value (member 0) is a WeakRef", () => new Set([new WeakRef({})])],
    ["value.cause is a function", () => new Error("e", { cause: () => 1 })],
    ["value.shared is a SharedArrayBuffer", () => ({ shared: new SharedArrayBuffer(4) })],
    ["value.shared is a SharedArrayBuffer", () => ({ shared: new Uint8Array(new SharedArrayBuffer(4)) })],
    ["value.url is a URL", () => ({ url: new URL("https://example.com") })],
    ["value is a Generator", () => (function* () {})()],
    ["value.at is a Map Iterator", () => ({ at: new Map().keys() })],
    ["value.x is a WebAssembly.Memory", () => ({ x: new WebAssembly.Memory({ initial: 1 }) })],
  ];
  for (const [message, make] of wrong) {
    it(message, () => {
      const cache = new Cache({ values: "copy" }).set("key", 1);
      const check = (error) => {
        assert.ok(error instanceof ValueError && error instanceof TypeError);
        assert.equal(error.code, "ERR_UNCLONEABLE_VALUE");
        assert.ok(error.message.startsWith(`${message},`), error.message);
        return true;
      };
      assert.throws(() => cache.set("key", make()), check);
      assert.throws(() => cache.gos("other", () => make()), check);
      assert.throws(() => cache.getset("key", make()), check);
      assert.throws(
        () =>
          cache.setMany([
            ["a", 1],
            ["key", make()],
          ]),
        check,
      );
      assert.equal(cache.get("key"), 1);
      assert.equal(cache.has("a"), false);
    });
  }

  it("a detached buffer", () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    const cache = new Cache({ values: "copy" });
    assert.throws(() => cache.set(1, buffer), ValueError);
    assert.throws(() => cache.set(1, { view }), ValueError);
    assert.equal(cache.size, 0);
  });

  it("a getter that gives new objects for ever", () => {
    const endless = () => Object.defineProperty({}, "next", { get: endless, enumerable: true });
    assert.throws(() => copyOf(endless()), /value\.next\.next.*… is nested more than 1000000 levels deep/);
  });

  it("what a getter throws comes through as it is, and the cache goes on", () => {
    const cache = new Cache({ values: "copy" }).set("key", { a: 1 });
    const value = {
      first: [1],
      get second() {
        throw new RangeError("mine");
      },
    };
    assert.throws(() => cache.set("key", value), { name: "RangeError", message: "mine" });
    assert.deepEqual(cache.get("key"), { a: 1 });
    assert.deepEqual(cache.set("key", { b: 2 }).get("key"), { b: 2 });
  });
});

it("getters may use the cache while a value is copied", () => {
  const cache = new Cache({ values: "copy" });
  const value = {
    before: "b",
    get inner() {
      cache.set("other", { from: "getter", list: [1, 2, 3] });
      return cache.get("other").from;
    },
    after: "a",
  };
  cache.set({ [Symbol.for("poche.key")]: () => cache.set("third", "x".repeat(5000)) && "key" }, value);
  assert.deepEqual(cache.get("key"), { before: "b", inner: "getter", after: "a" });
  assert.deepEqual(cache.get("other").list, [1, 2, 3]);
  assert.equal(cache.get("third").length, 5000);
});
