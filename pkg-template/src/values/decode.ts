// Decodes the bytes of a value. It trusts nothing: bytes that no value has are a CorruptDataError, and what is
// allocated is in proportion to what is there. A loop with a stack of its own, as in encode.ts.
import { CorruptDataError } from "../errors.js";
import { readText } from "../keys/text.js";
import { readAscii } from "./ascii.js";
import { ERROR_PARTS, ERRORS, Tag, TRACKS_LENGTH, VIEWS } from "./format.js";
import type { Shapes } from "./shapes.js";

type Fields = Record<string, unknown>;

/** How a container takes a value: the first two levels after a name. */
const enum Level {
  Named,
  Sparse,
  Shaped,
  Elements,
  Entries,
  Members,
  Parts,
}

/** A container that is being filled. */
interface Frame {
  level: Level;
  target: object;
  names: readonly string[];
  /** The next value. */
  next: number;
  count: number;
  /** The name, or the key of a map's entry, that the next value belongs to. */
  key: unknown;
}

/** Stands for a value that is not there yet: its tag is `opened`. */
const OPEN = Symbol();
const NONE: readonly string[] = [];
const PLAIN = {};
/** Up to this many bytes, a loop is faster than the host's decoder. */
const SHORT = 48;
/** From this length on, an array that is mostly holes is made as one. */
const SPARSE = 1024;
const LONGEST_ARRAY = 2 ** 32 - 1;

type ResizableArrayBuffer = new (length: number, options: { maxByteLength: number }) => ArrayBuffer;

// Taken now, since a program may put something else in their place.
const errors = classes<new () => Error>(ERRORS);
const views = classes<new (buffer: ArrayBuffer, offset?: number, length?: number) => ArrayBufferView>(VIEWS);

const traces = Error as { stackTraceLimit?: number };

function classes<T>(names: readonly string[]): (T | undefined)[] {
  return names.map((name) => (globalThis as unknown as Record<string, T | undefined>)[name]);
}

// What is being decoded. No user code runs meanwhile, save what a program may put into the making of errors.
let bytes: Uint8Array;
let view: DataView;
let at = 0;
let end = 0;
let table: Shapes;
let objects: object[] | null = null;
let opened: number = Tag.Undefined;
let pending: Frame | null = null;

/** The value whose bytes are the `length` ones from `start`, as `encodeValue` wrote them with the same shapes. */
export function decodeValue(
  source: Uint8Array,
  sourceView: DataView,
  start: number,
  length: number,
  shapes: Shapes,
): unknown {
  bytes = source;
  view = sourceView;
  at = start;
  end = start + length;
  table = shapes;
  objects = null;
  try {
    if (bytes[at] === Tag.HasReferences) {
      at++;
      objects = [];
    }
    let value = leaf();
    if (value === OPEN) value = nested();
    if (at !== end) corrupt();
    return value;
  } catch (error) {
    // A pattern that is none, a length that no buffer can have: the host has found out what is wrong.
    if (error instanceof CorruptDataError) throw error;
    throw new CorruptDataError("the bytes of a value are damaged", { cause: error });
  } finally {
    objects = null;
  }
}

function corrupt(): never {
  throw new CorruptDataError("the bytes of a value are damaged");
}

/** Reads a value that has no others in it; `OPEN` if it has. */
function leaf(): unknown {
  if (at >= end) corrupt();
  const tag = bytes[at++] as number;
  if (tag >= Tag.SmallInt) {
    if (tag < Tag.ShortText) return tag - Tag.SmallInt;
    if (tag < Tag.SmallShape) return shortText(tag - Tag.ShortText);
    opened = tag;
    return OPEN;
  }
  switch (tag) {
    case Tag.Undefined:
      return undefined;
    case Tag.Null:
      return null;
    case Tag.False:
      return false;
    case Tag.True:
      return true;
    case Tag.Int8:
      return view.getInt8(skip(1));
    case Tag.Int16:
      return view.getInt16(skip(2), true);
    case Tag.Int32:
      return view.getInt32(skip(4), true);
    case Tag.Float32:
      return view.getFloat32(skip(4), true);
    case Tag.Float64:
      return view.getFloat64(skip(8), true);
    case Tag.BigInt64:
      return view.getBigInt64(skip(8), true);
    case Tag.Text:
      return longText();
    case Tag.Reference: {
      const number = count();
      if (objects === null || number >= objects.length) corrupt();
      return objects[number];
    }
    default:
      opened = tag;
      return OPEN;
  }
}

/** Goes on by `size` bytes, which must be there. Where they start. */
function skip(size: number): number {
  const start = at;
  if (size > end - start) corrupt();
  at = start + size;
  return start;
}

/** A count, seven bits to a byte, the lowest first. */
function count(): number {
  let sum = 0;
  for (let unit = 1; unit < 2 ** 50; unit *= 128) {
    const byte = bytes[skip(1)] as number;
    sum += (byte & 0x7f) * unit;
    if (byte < 0x80) return sum;
  }
  return corrupt();
}

/** A count of things that take at least `size` bytes each. */
function countOf(size: number): number {
  const number = count();
  if (number * size > end - at) corrupt();
  return number;
}

function shortText(length: number): string {
  const start = skip(length);
  return readAscii(bytes, start, at) ?? corrupt();
}

function longText(): string {
  const start = skip(count());
  return (at - start <= SHORT && readAscii(bytes, start, at)) || readText(bytes, start, at);
}

function text(): string {
  const value = leaf();
  return typeof value === "string" ? value : corrupt();
}

/** Reads the value that `leaf` found to be open, and all that is in it. */
function nested(): unknown {
  const outermost = open();
  if (pending === null) return outermost;
  const outer: Frame[] = [];
  let frame = pending;
  for (;;) {
    while (frame.next < frame.count) {
      if (frame.level <= Level.Sparse) frame.key = text();
      let value = leaf();
      if (value === OPEN) {
        value = open();
        if (pending !== null) {
          outer.push(frame);
          frame = pending;
          continue;
        }
      }
      put(frame, value);
    }
    const complete = frame.target;
    const next = outer.pop();
    if (next === undefined) return complete;
    frame = next;
    put(frame, complete);
  }
}

/** Puts the next value into a container. */
function put(frame: Frame, value: unknown): void {
  const { target } = frame;
  const next = frame.next++;
  switch (frame.level) {
    case Level.Named: {
      const name = frame.key as string;
      if (name in PLAIN) define(target, name, value, true);
      else (target as Fields)[name] = value;
      break;
    }
    case Level.Sparse:
      define(target, frame.key as string, value, true);
      break;
    case Level.Shaped:
      (target as Fields)[frame.names[next] as string] = value;
      break;
    case Level.Elements:
      (target as unknown[]).push(value);
      break;
    case Level.Entries:
      if (next & 1) (target as Map<unknown, unknown>).set(frame.key, value);
      else frame.key = value;
      break;
    case Level.Members:
      (target as Set<unknown>).add(value);
      break;
    case Level.Parts:
      define(target, frame.names[next] as string, value, false);
  }
}

function define(target: object, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, name, { value, enumerable, configurable: true, writable: true });
}

/** Gives an object its number. */
function known<T extends object>(object: T): T {
  if (objects !== null) objects.push(object);
  return object;
}

/** The object that begins here. What is still to be put into it is `pending`. */
function open(): unknown {
  const tag = opened;
  pending = null;
  if (tag >= Tag.SmallShape) return shaped(tag - Tag.SmallShape);
  switch (tag) {
    case Tag.Shaped:
      return shaped(count());
    case Tag.Object:
      return fill(Level.Named, known({}), NONE, countOf(2));
    case Tag.Array:
      return elements(countOf(1));
    case Tag.SparseArray:
      return sparse(count());
    case Tag.Map:
      return fill(Level.Entries, known(new Map()), NONE, 2 * countOf(2));
    case Tag.Set:
      return fill(Level.Members, known(new Set()), NONE, countOf(1));
    case Tag.Error:
      return error(byte(), byte());
    case Tag.Date:
      return known(new Date(view.getFloat64(skip(8), true)));
    case Tag.RegExp:
      return known(new RegExp(text(), text()));
    case Tag.Boxed:
      return boxed();
    case Tag.BigInt:
      return bigint(text());
    case Tag.Buffer:
      return known(content().buffer);
    case Tag.ResizableBuffer:
      return resizable(count());
    case Tag.WholeView:
      return wholeView(byte());
    case Tag.View:
      return bufferView(byte(), count(), count());
    default:
      return corrupt();
  }
}

function fill(level: Level, target: object, names: readonly string[], count: number, next = 0): object {
  if (next < count) pending = { level, target, names, next, count, key: undefined };
  return target;
}

function shaped(number: number): object {
  const names = table.names[number] ?? corrupt();
  const { length } = names;
  const target: Fields = known({});
  const next = flat(target, names, length);
  if (next === length) return target;
  at--;
  return fill(Level.Shaped, target, names, length, next);
}

/**
 * Reads properties up to one that is open. How many. The first ones are read one by one, so that V8 can tell them apart
 * where all objects of a program have one shape.
 */
function flat(target: Fields, names: readonly string[], length: number): number {
  let value: unknown;
  if (length > 0) {
    value = leaf();
    if (value === OPEN) return 0;
    target[names[0] as string] = value;
  }
  if (length > 1) {
    value = leaf();
    if (value === OPEN) return 1;
    target[names[1] as string] = value;
  }
  if (length > 2) {
    value = leaf();
    if (value === OPEN) return 2;
    target[names[2] as string] = value;
  }
  if (length > 3) {
    value = leaf();
    if (value === OPEN) return 3;
    target[names[3] as string] = value;
  }
  if (length > 4) {
    value = leaf();
    if (value === OPEN) return 4;
    target[names[4] as string] = value;
  }
  if (length > 5) {
    value = leaf();
    if (value === OPEN) return 5;
    target[names[5] as string] = value;
  }
  for (let next = 6; next < length; next++) {
    value = leaf();
    if (value === OPEN) return next;
    target[names[next] as string] = value;
  }
  return length;
}

function elements(length: number): unknown[] {
  const target: unknown[] = known([]);
  for (let next = 0; next < length; next++) {
    const value = leaf();
    if (value === OPEN) {
      at--;
      fill(Level.Elements, target, NONE, length, next);
      break;
    }
    target.push(value);
  }
  return target;
}

function sparse(length: number): object {
  const target: unknown[] = known([]);
  const filled = countOf(2);
  // Room for all elements would be in no proportion. An array that was as long as can be has room for none.
  if (length > SPARSE + 8 * filled) target.length = LONGEST_ARRAY;
  target.length = length;
  return fill(Level.Sparse, target, NONE, filled);
}

function error(type: number, bits: number): object {
  const Class = errors[type] ?? corrupt();
  // The trace of this decoding is of no use to anyone, and takes long.
  const { stackTraceLimit } = traces;
  Reflect.set(traces, "stackTraceLimit", 0);
  const target = known(new Class());
  Reflect.set(traces, "stackTraceLimit", stackTraceLimit);
  define(target, "stack", undefined, false);
  const parts = ERROR_PARTS.filter((_, bit) => bits & (1 << bit));
  return fill(Level.Parts, target, parts, parts.length);
}

function boxed(): object {
  let value = leaf();
  if (value === OPEN && opened === Tag.BigInt) value = bigint(text());
  if (value === undefined || value === null || value === OPEN || typeof value === "object") corrupt();
  return known(Object(value) as object);
}

function bigint(digits: string): bigint {
  return digits.startsWith("-") ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
}

function byte(): number {
  return bytes[skip(1)] as number;
}

function content(): Uint8Array<ArrayBuffer> {
  const length = count();
  const start = skip(length);
  return bytes.slice(start, at) as Uint8Array<ArrayBuffer>;
}

function resizable(maxByteLength: number): ArrayBuffer {
  const length = count();
  const start = skip(length);
  const buffer = new (ArrayBuffer as ResizableArrayBuffer)(length, { maxByteLength });
  new Uint8Array(buffer).set(bytes.subarray(start, at));
  return known(buffer);
}

function wholeView(number: number): object {
  const { buffer } = content();
  const target = known(new (views[number] ?? corrupt())(buffer));
  known(buffer);
  return target;
}

function bufferView(number: number, offset: number, length: number): object {
  const place = objects?.push(PLAIN);
  let buffer = leaf();
  if (buffer === OPEN && (opened === Tag.Buffer || opened === Tag.ResizableBuffer)) buffer = open();
  if (!(buffer instanceof ArrayBuffer)) corrupt();
  const View = views[number & ~TRACKS_LENGTH] ?? corrupt();
  const size = (View as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const target = number & TRACKS_LENGTH ? new View(buffer, offset) : new View(buffer, offset, length / size);
  if (place !== undefined) (objects as object[])[place - 1] = target;
  return target;
}
