// Random values of all kinds that structured clone knows, with shared and cyclic references among them.
import { random } from "./random.mjs";

const VIEWS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];
VIEWS.push(Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView);
if (typeof Float16Array !== "undefined") VIEWS.push(Float16Array);
const ERRORS = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
const TEXTS = [
  "",
  "a",
  "Ada",
  "ada@example.com",
  "é",
  "日本語",
  "😀",
  "\ud800",
  "a\udc00b",
  "\u0000",
  "__proto__",
  "\ufeff",
];
const NAMES = ["id", "name", "a", "b", "c", "user", "score", "constructor", "toString", "é", "0", "17", "-1", "length"];

/** A function that gives random values. */
export function valueMaker(seed) {
  const below = random(seed);
  const chanceOf = (share) => below(1000) < 1000 * share;
  const one = (list) => list[below(list.length)];
  let objects = [];
  let buffers = [];

  const text = () => {
    const short = one(TEXTS);
    return chanceOf(0.8) ? short : short.repeat(below(100)) + "x".repeat(below(200));
  };
  const number = () =>
    one([
      () => below(64),
      () => below(1000) - 500,
      () => below(2 ** 32) - 2 ** 31,
      () => below(1e6) / 1e3 + below(1e6) - 5e5,
      () =>
        one([0, -0, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 2 ** 53, Number.MIN_VALUE, Number.MAX_VALUE, 0.5]),
      () => (below(2 ** 30) - 2 ** 29) * 2 ** 20,
    ])();
  const bigint = () => {
    const size = one([3, 16, 63, 64, 65, 200]);
    let digits = 0n;
    for (let i = 0; i < size; i += 16) digits = (digits << 16n) | BigInt(below(65536));
    return chanceOf(0.5) ? digits : -digits;
  };
  const primitive = () =>
    one([() => undefined, () => null, () => chanceOf(0.5), number, number, number, bigint, text, text])();

  const buffer = () => {
    if (buffers.length > 0 && chanceOf(0.5)) return one(buffers);
    const length = 8 * below(20);
    const made = chanceOf(0.2)
      ? new ArrayBuffer(length, { maxByteLength: length + 8 * below(9) })
      : new ArrayBuffer(length);
    new Uint8Array(made).forEach((_, index, all) => {
      all[index] = below(256);
    });
    buffers.push(made);
    return made;
  };
  const view = () => {
    const View = one(VIEWS);
    const whole = buffer();
    if (chanceOf(0.5)) return new View(whole);
    const offset = 8 * below(whole.byteLength / 8 + 1);
    const length = 8 * below((whole.byteLength - offset) / 8 + 1);
    return new View(whole, offset, length / (View.BYTES_PER_ELEMENT ?? 1));
  };
  const keep = (object) => {
    objects.push(object);
    return object;
  };
  const error = (depth) => {
    const made = new (one(ERRORS))(text());
    if (chanceOf(0.3)) made.name = one(["TypeError", "Mine", "RangeError"]);
    if (chanceOf(0.3))
      Object.defineProperty(made, "cause", { value: value(depth + 1), configurable: true, writable: true });
    return made;
  };
  const name = () => (chanceOf(0.7) ? one(NAMES) : text());
  const container = (depth) => {
    const size = below(chanceOf(0.1) ? 70 : 6);
    const fill = (made, add) => {
      for (let i = 0; i < size; i++) add(made, value(depth + 1));
      return made;
    };
    const assign = (made, item) =>
      Object.defineProperty(made, name(), { value: item, enumerable: true, configurable: true, writable: true });
    return one([
      () => fill(keep({}), assign),
      () => fill(keep({}), assign),
      () => fill(keep(Object.create(null)), assign),
      () => fill(keep(new (class Point {})()), assign),
      () => fill(keep([]), (made, item) => made.push(item)),
      () => fill(keep([]), (made, item) => made.push(item)),
      () =>
        fill(keep(new Array(below(2000))), (made, item) => {
          made[below(2000)] = item;
        }),
      () =>
        Object.assign(
          fill(keep([]), (made, item) => made.push(item)),
          { extra: value(depth + 1) },
        ),
      () => fill(keep(new Map()), (made, item) => made.set(value(depth + 1), item)),
      () => fill(keep(new Set()), (made, item) => made.add(item)),
    ])();
  };
  const other = (depth) =>
    one([
      () => new Date(one([0, NaN, 8.64e15, below(1e9) * 1000])),
      () => new RegExp(one(["a+", "", "[/\\]]", "é\\n", "(?<x>y)"]), one(["", "g", "giu", "y", "dgimsuy"])),
      () => Object(one([number(), text(), chanceOf(0.5), bigint()])),
      buffer,
      view,
      view,
      () => error(depth),
    ])();
  function value(depth) {
    const chance = below(100);
    if (depth > 6 || chance < 45) return primitive();
    if (chance < 53 && objects.length > 0) return one(objects);
    return chance < 75 ? keep(other(depth)) : container(depth);
  }

  return () => {
    objects = [];
    buffers = [];
    return value(chanceOf(0.2) ? 3 : 0);
  };
}
