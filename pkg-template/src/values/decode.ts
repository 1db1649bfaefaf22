// Decodes the bytes of values and of keys. It trusts nothing: bytes that nothing has are a CorruptDataError, and what
// is allocated is in proportion to what is there. A loop with a stack of its own, as in encode.ts.
import { CorruptDataError } from "../errors.js";
import { PART, Tag, VIEWS } from "../keys/format.js";
import { readText } from "../keys/text.js";
import { readAscii } from "./ascii.js";
import { ERROR_PARTS, ERRORS } from "./format.js";
import type { Shapes } from "./shapes.js";

type Fields = Record<PropertyKey, unknown>;

/** How a container takes a value. */
const enum Level {
  /** After its name. */
  Named,
  /** By the names of an error's parts. */
  Parts,
  Entries,
  Members,
  // These two are read at once as far as it goes.
  /** By the names of a shape. */
  Shaped,
  Elements,
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
/** Up to this many bytes, a loop is faster than the host's decoder. */
const SHORT = 48;
const LONGEST_ARRAY = 2 ** 32 - 1;

type ResizableArrayBuffer = new (length: number, options: { maxByteLength: number }) => ArrayBuffer;

// Taken now, since a program may put something else in their place.
const errors = classes<new () => Error>(ERRORS);
const views = classes<new (buffer: ArrayBuffer, offset?: number, length?: number) => ArrayBufferView>(VIEWS);

function classes<T>(names: readonly string[]): (T | undefined)[] {
  return names.map((name) => (globalThis as unknown as Record<string, T | undefined>)[name]);
}

// What is being decoded. No user code runs meanwhile, save what a program may put into the making of errors.
let bytes: Uint8Array;
let view: DataView;
let at = 0;
let end = 0;
let table: Shapes | null;
let identities: readonly unknown[] | null;
let identity = 0;
let objects: object[] | null = null;
let opened: number = Tag.Undefined;
let pending: Frame | null = null;

/** Where the reader stands. */
export { at as readAt };

/** Goes to the bytes from `start` to `stop`. */
export function read(source: Uint8Array, sourceView: DataView, start: number, stop: number): void {
  bytes = source;
  view = sourceView;
  at = start;
  end = stop;
}

/**
 * The value whose bytes are the `length` ones from `start`, as `encodeValue` wrote them with the same shapes; or the
 * key, where `refs` is what it holds by identity.
 */
export function decode(
  source: Uint8Array,
  sourceView: DataView,
  start: number,
  length: number,
  shapes: Shapes | null,
  refs: readonly unknown[] | null = null,
): unknown {
  read(source, sourceView, start, start + length);
  table = shapes;
  identities = refs;
  identity = 0;
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
    return corrupt(error);
  } finally {
    objects = null;
  }
}

export function corrupt(cause?: unknown): never {
  throw cause instanceof CorruptDataError ? cause : new CorruptDataError("the bytes are damaged", { cause });
}

/** Reads a value that has no others in it; `OPEN` if it has. */
function leaf(): unknown {
  const start = at;
  if (start >= end) corrupt();
  const tag = bytes[start] as number;
  at = start + 1;
  if (tag >= Tag.SmallInteger) {
    if (tag < Tag.ShortText) return tag - Tag.SmallInteger;
    if (tag < Tag.SmallShape) return characters(tag - Tag.ShortText);
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
    case Tag.NaN:
      return NaN;
    case Tag.NegativeZero:
      return -0;
    case Tag.Integer: {
      const zigzag = count();
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    case Tag.Double:
      return view.getFloat64(skip(8), true);
    case Tag.Text:
      return characters(count());
    case Tag.BigInt:
      return BigInt(text());
    case Tag.BackReference:
      return objects?.[count()] ?? corrupt();
  }
  opened = tag;
  return OPEN;
}

/** Goes on by `size` bytes, which must be there. Where they start. */
export function skip(size: number): number {
  const start = at;
  if (size > end - start) corrupt();
  at = start + size;
  return start;
}

export function byte(): number {
  return bytes[skip(1)] as number;
}

/** A count, seven bits to a byte, the lowest first. */
export function count(): number {
  let sum = 0;
  for (let unit = 1; unit < 2 ** 50; unit *= 128) {
    const next = byte();
    sum += (next & 0x7f) * unit;
    if (next < 0x80) return sum;
  }
  return corrupt();
}

/** A count of things that take at least `size` bytes each. */
function countOf(size: number): number {
  const number = count();
  if (number * size > end - at) corrupt();
  return number;
}

function characters(length: number): string {
  const start = skip(length);
  return readString(bytes, start, at);
}

/** The text of the bytes from `start` to `stop`. */
export function readString(source: Uint8Array, start: number, stop: number): string {
  return (stop - start <= SHORT && readAscii(source, start, stop)) || readText(source, start, stop);
}

function text(): string {
  const value = leaf();
  return typeof value === "string" ? value : corrupt();
}

/** Any primitive but `undefined` and `null`; in keys, also a symbol. */
function primitive(): unknown {
  let value = leaf();
  if (value === OPEN) value = open();
  return value == null || typeof value === "object" ? corrupt() : value;
}

/** Reads the value that `leaf` found to be open, and all that is in it. */
function nested(): unknown {
  const outer: Frame[] = [];
  let value = open();
  let frame = pending;
  if (frame === null) return value;
  for (;;) {
    if (frame.next < frame.count) {
      if (frame.level === Level.Named) frame.key = primitive();
      value = leaf();
      if (value === OPEN) {
        value = open();
        if (pending !== null) {
          outer.push(frame);
          frame = pending;
          continue;
        }
      }
    } else {
      value = frame.target;
      const around = outer.pop();
      if (around === undefined) return value;
      frame = around;
    }
    put(frame, value);
  }
}

/** Puts the next value into a container. */
function put(frame: Frame, value: unknown): void {
  const { level, target, names, key } = frame;
  const next = frame.next++;
  if (level === Level.Shaped) (target as Fields)[names[next] as string] = value;
  else if (level === Level.Elements) (target as unknown[]).push(value);
  else if (level === Level.Members) (target as Set<unknown>).add(value);
  else if (level === Level.Entries) {
    if (next & 1) (target as Map<unknown, unknown>).set(key, value);
    else frame.key = value;
  } else if (level === Level.Parts) define(target, names[next] as string, value, false);
  else if ((key as string) in target) define(target, key as string, value, true);
  else (target as Fields)[key as string] = value;
}

function define(target: object, name: PropertyKey, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, name, { value, enumerable, configurable: true, writable: true });
}

/** Gives an object its number. */
function known<T extends object>(object: T): T {
  objects?.push(object);
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
    case Tag.SymbolicObject:
      return fill(Level.Named, {}, countOf(2));
    case Tag.Array:
      return fill(Level.Elements, [], countOf(1));
    case Tag.SparseArray: {
      const target: unknown[] = [];
      const length = count();
      // Room for all elements would be in no proportion. An array that was as long as can be has room for none.
      target.length = LONGEST_ARRAY;
      target.length = length;
      return fill(Level.Named, target, countOf(2));
    }
    case Tag.Map:
      return fill(Level.Entries, new Map(), 2 * countOf(2));
    case Tag.Set:
      return fill(Level.Members, new Set(), countOf(1));
    case Tag.Error: {
      const target = new (errors[byte()] ?? corrupt())();
      const bits = byte();
      // The trace of this decoding is of no use to anyone.
      define(target, "stack", undefined, false);
      const parts = ERROR_PARTS.filter((_, bit) => bits & (1 << bit));
      return fill(Level.Parts, target, parts.length, parts);
    }
    case Tag.Date:
      return known(new Date(primitive() as number));
    case Tag.RegExp:
      return known(new RegExp(text(), text()));
    case Tag.Boxed:
      return known(Object(primitive()));
    case Tag.Buffer:
      return known(block(count()).buffer);
    case Tag.ResizableBuffer: {
      const maxByteLength = count();
      const content = block(count());
      const buffer = new (ArrayBuffer as ResizableArrayBuffer)(content.length, { maxByteLength });
      new Uint8Array(buffer).set(content);
      return known(buffer);
    }
    case Tag.View:
      return bufferView(byte());
  }
  if (identities === null) corrupt();
  switch (tag) {
    case Tag.Reference:
      count();
      return identities[identity++];
    case Tag.RegisteredSymbol:
      return Symbol.for(text());
    case Tag.SharedBuffer: {
      const content = block(count());
      const shared = new SharedArrayBuffer(content.length);
      new Uint8Array(shared).set(content);
      return shared;
    }
    case Tag.URL:
      return new URL(text());
  }
  return corrupt();
}

function fill(level: Level, target: object, count: number, names = NONE): object {
  known(target);
  let next = 0;
  if (level === Level.Shaped) next = flat(target as Fields, names, count);
  else if (level === Level.Elements) {
    for (; next < count; next++) {
      const value = leaf();
      if (value === OPEN) break;
      (target as unknown[]).push(value);
    }
  }
  if (next < count) {
    // Its tag is to be read again.
    if (level >= Level.Shaped) at--;
    pending = { level, target, names, next, count, key: undefined };
  }
  return target;
}

function shaped(number: number): object {
  const names = table?.names[number] ?? corrupt();
  return fill(Level.Shaped, {}, names.length, names);
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

function block(length: number): Uint8Array<ArrayBuffer> {
  const start = skip(length);
  return bytes.slice(start, at) as Uint8Array<ArrayBuffer>;
}

function bufferView(number: number): object {
  const place = objects?.push(NONE);
  let buffer = leaf();
  if (buffer === OPEN) buffer = open();
  const View = views[number & ~PART];
  if (!(buffer instanceof ArrayBuffer) || View === undefined) corrupt();
  let target: object;
  if (number & PART) {
    const offset = count();
    const length = count();
    target = length > 0 ? new View(buffer, offset, length - 1) : new View(buffer, offset);
  } else {
    target = new View(buffer);
  }
  if (place !== undefined) (objects as object[])[place - 1] = target;
  return target;
}
