// Keys in groups: those of a group are equal, those of different groups are not. Each is made anew at each call.
import { runInNewContext } from "node:vm";

const foreign = (code) => () => runInNewContext(`(${code})`);
const one = (value) => [() => value, () => value];
const withProperty = (object, name, value) => Object.defineProperty(object, name, { value, enumerable: true });
const own__proto__ = (value) => withProperty({}, "__proto__", value);
const sparse = () => {
  const array = ["a"];
  array[2] = "c";
  return array;
};
const argumentsOf = (...list) =>
  (function () {
    return arguments;
  })(...list);

const symbol = Symbol("same");
const other = Symbol("same");
class Point {
  x = 1;
}
class Impostor {
  static name = "Object";
  x = 1;
}
class List extends Array {}
class Table extends Map {}
class Day extends Date {}
class Bytes extends Uint8Array {}
const bytes = (Type) => () => new Type(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer);
const error = new Error("x");
const namespace = await import("node:path");

/** [name, ...makers] */
export const groups = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["true", () => true],
  ["false", () => false],
  ["zero", () => 0, () => -0],
  ["one", () => 1, () => 1.0],
  ["minus one", () => -1],
  ["127", () => 127],
  ["128", () => 128],
  ["2^31 - 1", () => 2 ** 31 - 1],
  ["2^31", () => 2 ** 31],
  ["-2^31", () => -(2 ** 31)],
  ["2^53", () => 2 ** 53],
  ["smallest double", () => Number.MIN_VALUE],
  ["NaN", () => NaN, () => new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n]).buffer)[0]],
  ["Infinity", () => Infinity],
  ["-Infinity", () => -Infinity],
  ["0n", () => 0n, () => -0n],
  ["1n", () => 1n],
  ["-1n", () => -1n],
  ["a large bigint", () => 2n ** 300n],
  ["minus a large bigint", () => -(2n ** 300n)],
  ["the next bigint", () => 2n ** 300n + 1n],
  ["empty text", () => ""],
  ["text 1", () => "1"],
  ["text null", () => "null"],
  ["text undefined", () => "undefined"],
  ["text NaN", () => "NaN"],
  ["text 0 byte", () => "\0"],
  ["text 2 zero bytes", () => "\0\0"],
  ["composed é", () => "\u00e9"],
  ["decomposed é", () => "e\u0301"],
  ["high surrogate", () => "\ud800"],
  ["another high surrogate", () => "\ud801"],
  ["low surrogate", () => "\udc00"],
  ["pair", () => "\ud800\udc00", () => "\u{10000}"],
  ["pair, swapped", () => "\udc00\ud800"],
  ["replacement character", () => "\ufffd"],
  ["byte order mark", () => "\ufeff"],
  ["byte order mark, then text", () => "\ufeffa"],
  ["long, lone surrogate", () => `${"x".repeat(100)}\ud800`],
  ["long, another lone surrogate", () => `${"x".repeat(100)}\ud801`],
  ["long, replacement character", () => `${"x".repeat(100)}\ufffd`],
  ["long, byte order mark", () => `\ufeff${"x".repeat(100)}`],
  ["long", () => "x".repeat(100), () => ["x".repeat(50), "x".repeat(50)].join("")],
  ["symbol", ...one(symbol)],
  ["symbol of the same description", ...one(other)],
  ["registered symbol", () => Symbol.for("same")],
  ["another registered symbol", () => Symbol.for("other")],
  ["well-known symbol", ...one(Symbol.iterator)],
  ["[]", () => [], foreign("[]")],
  ["[[]]", () => [[]]],
  ["[[[]]]", () => [[[]]]],
  ["[[], []]", () => [[], []]],
  ["[undefined]", () => [undefined], () => new Array(1)],
  ["[null]", () => [null]],
  ["[NaN]", () => [NaN], () => [0 / 0]],
  ["[0]", () => [0], () => [-0]],
  ['["a", "b"]', () => ["a", "b"], foreign('["a", "b"]'), () => new Proxy(["a", "b"], {})],
  ['["a,b"]', () => ["a,b"]],
  ['["b", "a"]', () => ["b", "a"]],
  ['[["a"], "b"]', () => [["a"], "b"]],
  ['["a", ["b"]]', () => ["a", ["b"]]],
  ['["ab", ""]', () => ["ab", ""]],
  ['["", "ab"]', () => ["", "ab"]],
  ["text of an array", () => '["a","b"]'],
  ["a hole", sparse, () => ["a", undefined, "c"]],
  ["null for the hole", () => ["a", null, "c"]],
  ["[1]", () => [1], () => withProperty([1], "extra", 2), () => [1.0]],
  ['["1"]', () => ["1"]],
  ["[1n]", () => [1n]],
  ["[true]", () => [true]],
  ["[Number(1)]", () => [Object(1)]],
  ["[symbol]", () => [symbol], () => [symbol]],
  ["[the other symbol]", () => [other], () => [other]],
  ["subclass of Array", ...one(List.of(1))],
  ["{}", () => ({}), () => Object.create(null), foreign("{}"), foreign("Object.create(null)"), () => new Proxy({}, {})],
  ["{ a: 1, b: 2 }", () => ({ a: 1, b: 2 }), () => ({ b: 2, a: 1 }), foreign("{ b: 2, a: 1 }")],
  [
    "{ a: 1 }",
    () => ({ a: 1 }),
    () => Object.defineProperty({ a: 1 }, "hidden", { value: 2 }),
    () => ({
      get a() {
        return 1;
      },
    }),
  ],
  ["{ a: undefined }", () => ({ a: undefined })],
  ["{ a: null }", () => ({ a: null })],
  ['{ a: "1" }', () => ({ a: "1" })],
  ["{ 1: 1, 10: 2, 9: 3 }", () => ({ 1: 1, 10: 2, 9: 3 })],
  ["{ 1: 1, 10: 3, 9: 2 }", () => ({ 1: 1, 10: 3, 9: 2 })],
  ['{ 0: "a", 1: "b" }', () => ({ 0: "a", 1: "b" }), () => argumentsOf("a", "b")],
  ["{ length: 0 }", () => ({ length: 0 })],
  ["own __proto__: null", () => own__proto__(null), () => JSON.parse('{"__proto__":null}')],
  ["own __proto__: {}", () => own__proto__({}), () => JSON.parse('{"__proto__":{}}')],
  ["own constructor", () => ({ constructor: 1 })],
  ["own toString", () => ({ toString: 1 })],
  ["own hasOwnProperty", () => ({ hasOwnProperty: 1 })],
  ["{ \\ud800: 1 }", () => ({ "\ud800": 1 })],
  ["{ \\ufffd: 1 }", () => ({ "\ufffd": 1 })],
  ["symbol property", () => ({ [symbol]: 1 }), () => ({ [symbol]: 1 })],
  ["symbol property, other value", () => ({ [symbol]: 2 })],
  ["the other symbol's property", () => ({ [other]: 1 })],
  ["two symbol properties", () => ({ [symbol]: 1, [other]: 2 }), () => ({ [other]: 2, [symbol]: 1 })],
  ["two symbol properties, swapped", () => ({ [symbol]: 2, [other]: 1 })],
  ["registered symbol property", () => ({ [Symbol.for("same")]: 1 })],
  ["text and symbol properties", () => ({ a: 1, [symbol]: 1 })],
  ["the tag of an array", () => ({ [Symbol.toStringTag]: "Array" })],
  ["class instance", ...one(new Point())],
  ["another class instance", ...one(new Point())],
  ["what a class instance has", () => ({ x: 1 })],
  ["object with a prototype", ...one(Object.create({ a: 1 }))],
  ["object with a borrowed constructor", ...one(Object.create({ constructor: Object }))],
  ["instance of a class of a built-in's name", ...one(new Impostor())],
  ["prototype", ...one(Point.prototype)],
  ["Object.prototype", ...one(Object.prototype)],
  ["Date.prototype", ...one(Date.prototype)],
  ["Array.prototype", ...one(Array.prototype)],
  ["RegExp.prototype", ...one(RegExp.prototype)],
  ["Map.prototype", ...one(Map.prototype)],
  ["Math", ...one(Math)],
  ["JSON", ...one(JSON)],
  ["module namespace", ...one(namespace)],
  ["function", ...one(function same() {})],
  ["function of the same text", ...one(function same() {})],
  ["class", ...one(Point)],
  ["promise", ...one(Promise.resolve(1))],
  ["error", ...one(error)],
  ["error of the same message", ...one(new Error("x"))],
  ["WeakMap", ...one(new WeakMap())],
  ["proxy of a date", ...one(new Proxy(new Date(0), {}))],
  ["proxy of a map", ...one(new Proxy(new Map(), {}))],
  ["false date", ...one(Object.create(Date.prototype))],
  ["false array", ...one(Object.create(Array.prototype))],
  ["false map", ...one(Object.create(Map.prototype))],
  ["false typed array", ...one(Object.create(Uint8Array.prototype))],
  ["array without its prototype", ...one(Object.setPrototypeOf([1], null))],
  ["date 0", () => new Date(0), foreign("new Date(0)")],
  ["date 1", () => new Date(1)],
  ["invalid date", () => new Date(NaN), () => new Date("no date"), foreign("new Date(NaN)")],
  ["text of a date", () => new Date(0).toISOString()],
  ["subclass of Date", ...one(new Day(0))],
  ["/a/", () => /a/, () => /a/, foreign("/a/"), () => Object.assign(/a/, { lastIndex: 1 })],
  ["/a/g", () => /a/g, () => Object.assign(/a/g, { lastIndex: 3 })],
  ["/a/gi", () => /a/gi, () => /a/gi],
  ["/a\\/g/", () => /a\/g/, () => /a\/g/],
  ["empty regular expression", () => /(?:)/, () => /(?:)/],
  ["empty map", () => new Map(), foreign("new Map()")],
  ["empty set", () => new Set(), foreign("new Set()")],
  [
    "map",
    () =>
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    () =>
      new Map([
        ["b", 2],
        ["a", 1],
      ]),
    foreign('new Map([["a", 1], ["b", 2]])'),
  ],
  [
    "map, swapped",
    () =>
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
  ],
  [
    "map of an object",
    () =>
      new Map([
        [{ k: 1 }, 1],
        [{ k: 2 }, 2],
      ]),
    () =>
      new Map([
        [{ k: 2 }, 2],
        [{ k: 1 }, 1],
      ]),
  ],
  ["map to undefined", () => new Map([["a", undefined]])],
  ["map of NaN", () => new Map([[NaN, 1]])],
  ["map of zero", () => new Map([[0, 1]]), () => new Map([[-0, 1]])],
  [
    "map of maps",
    () =>
      new Map([
        [new Map([[1, 2]]), 1],
        [new Map([[2, 1]]), 2],
      ]),
    () =>
      new Map([
        [new Map([[2, 1]]), 2],
        [new Map([[1, 2]]), 1],
      ]),
  ],
  [
    "map of functions",
    () =>
      new Map([
        [Point, List],
        [List, Point],
      ]),
    () =>
      new Map([
        [List, Point],
        [Point, List],
      ]),
  ],
  [
    "map of functions, swapped",
    () =>
      new Map([
        [Point, Point],
        [List, List],
      ]),
  ],
  ["subclass of Map", ...one(new Table())],
  ["set", () => new Set([1, "a"]), () => new Set(["a", 1])],
  ["set of the same in an array", () => new Set([[1, "a"]])],
  ["set of two equal arrays", () => new Set([[1], [1]])],
  ["set of one array", () => new Set([[1]])],
  ["set of symbols", () => new Set([symbol, other]), () => new Set([other, symbol])],
  ["array of a set", () => [new Set([1])]],
  ["Number(1)", () => Object(1), foreign("Object(1)")],
  ["Number(NaN)", () => Object(NaN)],
  ["Number(0)", () => Object(0), () => Object(-0)],
  ['String("1")', () => Object("1")],
  ['String("")', () => Object("")],
  ["Boolean(true)", () => Object(true)],
  ["Boolean(false)", () => Object(false)],
  ["BigInt(1)", () => Object(1n)],
  ["Symbol", () => Object(symbol), () => Object(symbol)],
  ["the other Symbol", () => Object(other)],
  ...[Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]
    .concat([BigInt64Array, BigUint64Array])
    .concat(globalThis.Float16Array ?? [])
    .map((Type) => [Type.name, bytes(Type)]),
  [
    "Uint8Array",
    bytes(Uint8Array),
    () => Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]),
    () => new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).subarray(1, 9),
    foreign("new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])"),
  ],
  ["DataView", bytes(DataView)],
  ["ArrayBuffer", () => new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer],
  [
    "SharedArrayBuffer",
    () => {
      const shared = new SharedArrayBuffer(8);
      new Uint8Array(shared).set([1, 2, 3, 4, 5, 6, 7, 8]);
      return shared;
    },
  ],
  ["subclass of Uint8Array", ...one(new Bytes([1, 2, 3, 4, 5, 6, 7, 8]))],
  ["array of the bytes", () => [1, 2, 3, 4, 5, 6, 7, 8]],
  ["empty Uint8Array", () => new Uint8Array(), () => detached(new Uint8Array(4))],
  ["empty DataView", () => new DataView(new ArrayBuffer(0)), () => detached(new DataView(new ArrayBuffer(4)))],
  ["empty ArrayBuffer", () => new ArrayBuffer(0), () => detached(new Uint8Array(4)).buffer],
  ["URL", () => new URL("https://example.org/a"), () => new URL("https://EXAMPLE.org:443/b/../a")],
  ["another URL", () => new URL("https://example.org/b")],
  ["text of a URL", () => "https://example.org/a"],
  ["URLSearchParams", ...one(new URLSearchParams("a=1"))],
];

/** What cannot be a key. */
export const unhashable = {
  "an array in itself": () => {
    const array = [];
    array.push(array);
    return array;
  },
  "an object in itself": () => {
    const object = { a: { b: {} } };
    object.a.b.c = object;
    return object;
  },
  "a map that is its own key": () => {
    const map = new Map();
    return map.set(map, 1);
  },
  "a map that is its own value": () => {
    const map = new Map();
    return map.set(1, map);
  },
  "a set in itself": () => {
    const set = new Set();
    return set.add(set);
  },
  "a symbol property that goes back": () => {
    const object = {};
    object[symbol] = [object];
    return object;
  },
  "a poche.key that gives its own object": () => ({
    [Symbol.for("poche.key")]() {
      return this;
    },
  }),
  "a poche.key that gives its own object in an array": () => ({
    [Symbol.for("poche.key")]() {
      return [this];
    },
  }),
  "a poche.key that gives ever new objects": () => {
    const next = () => ({ [Symbol.for("poche.key")]: next });
    return next();
  },
  "a poche.key that gives ever new arrays": () => {
    const next = () => ({ [Symbol.for("poche.key")]: () => [next()] });
    return next();
  },
  "a getter that gives ever new objects": () => {
    const next = () => ({
      get next() {
        return next();
      },
    });
    return next();
  },
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of an array": () => revoked([]),
  "a revoked proxy of a function": () => revoked(() => 1),
  "a revoked proxy in an array": () => [1, revoked({})],
  "a revoked proxy in a map": () => new Map([[1, revoked({})]]),
  "100,000 levels": () => {
    let array = [];
    for (let i = 0; i < 100_000; i++) array = [array];
    return array;
  },
};

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached(view) {
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}
