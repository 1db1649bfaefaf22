// The format: a tag, then what belongs to it. No encoding is the beginning of another, so a sequence needs no marks.
import { writeText } from "./text.js";

/** How a key crosses to the engine. */
export const enum Kind {
  /** As a number; no bytes. */
  Number = 0,
  /** Its text alone. */
  String = 1,
  /** In this format. */
  Structure = 2,
}

/**
 * The first byte of a key's structure, and of a value held by copy: one numbering, so that one decoder reads both. In
 * keys every value has one form only: what has a shorter form never takes a longer one.
 */
export const enum Tag {
  Undefined,
  Null,
  False,
  True,
  NaN,
  /** A 32-bit integer: zigzag, in groups of 7 bits. */
  Integer,
  /** 8 bytes. */
  Double,
  /** A text: its length in five groups of 7 bits, its bytes. */
  Text,
  /** A text of decimal digits. */
  BigInt,
  /** A number. */
  Date,
  /** Two texts. */
  RegExp,
  /** The primitive. */
  Boxed,
  /** How many, and each element. */
  Array,
  /** How many properties; each name (a text), value. In keys sorted. */
  Object,
  /** How many; each key, value. In keys sorted by their bytes. */
  Map,
  /** How many; each member. In keys sorted by their bytes. */
  Set,
  /** How many bytes, the bytes. */
  Buffer,
  /** The number of its type in `VIEWS`, its buffer; with `PART` then the offset, and the length plus 1 or 0. */
  View,
  // In keys only.
  /** By identity: the number of the object or symbol. */
  Reference,
  /** A text: the key in the registry of symbols. */
  RegisteredSymbol,
  /** The same as `Object`, some names being symbols; those come last, sorted by their bytes. */
  SymbolicObject,
  /** How many bytes, the bytes. */
  SharedBuffer,
  /** A text. */
  URL,
  // In values only.
  NegativeZero,
  /** Only at the very start: what follows has references in it. */
  HasReferences,
  /** The number of an object. */
  BackReference,
  /** Its length; then properties as above. */
  SparseArray,
  /** The number of its shape; the properties' values. */
  Shaped,
  /** The number of its class, bits for its parts, the parts. */
  Error,
  /** Its longest length; how many bytes, the bytes. */
  ResizableBuffer,
  /** From here on, the whole numbers from 0. */
  SmallInteger = 0x40,
  /** From here on, text of so many bytes. */
  ShortText = 0x80,
  /** From here on, an object of one of the first shapes. */
  SmallShape = 0xc0,
}

/** How many values the tags from 0x40 on hold each. */
export const SMALL = 64;

/** The views, in the order of their numbers. */
export const VIEWS = [
  ..."Int8 Uint8 Uint8Clamped Int16 Uint16 Int32 Uint32 Float16 Float32 Float64 BigInt64 BigUint64"
    .split(" ")
    .map((name) => `${name}Array`),
  "DataView",
];

/** Added to the number of a view that has not all of its buffer. */
export const PART = 0x80;

const LONG_HEAD = 6;

/** The most bytes that anything but text and blocks takes. */
export const ROOM = 10;

/** A double and its bytes. */
export const double = new Float64Array(1);
export const doubleBytes = new Uint8Array(double.buffer);

/** Writes a whole number from 0 to 2^53, and gives the place after it. So do the other writers. */
export function writeCount(count: number, target: Uint8Array, at: number): number {
  let rest = count;
  let place = at;
  while (rest > 0x7f) {
    target[place++] = (rest & 0x7f) | 0x80;
    rest = rest > 0x7fffffff ? Math.floor(rest / 128) : rest >>> 7;
  }
  target[place] = rest;
  return place + 1;
}

export function writeNumber(value: number, target: Uint8Array, at: number): number {
  const integer = value | 0;
  // -0 as well is 0 here.
  if (integer === value) {
    if (integer >= 0 && integer < SMALL) {
      target[at] = Tag.SmallInteger + integer;
      return at + 1;
    }
    target[at] = Tag.Integer;
    return writeCount(((integer << 1) ^ (integer >> 31)) >>> 0, target, at + 1);
  }
  // There are many NaNs to bytes, but one to keys.
  if (Number.isNaN(value)) {
    target[at] = Tag.NaN;
    return at + 1;
  }
  target[at] = Tag.Double;
  double[0] = value;
  for (let i = 0; i < 8; i++) target[at + 1 + i] = doubleBytes[i] as number;
  return at + 9;
}

/** Needs `textRoom`. */
export function writeTagged(text: string, target: Uint8Array, at: number): number {
  const isLong = text.length >= SMALL;
  const start = at + (isLong ? LONG_HEAD : 1);
  const end = writeText(text, target, start);
  const length = end - start;
  if (length < SMALL) {
    target[at] = Tag.ShortText + length;
    return end;
  }
  if (!isLong) target.copyWithin(at + LONG_HEAD, start, end);
  target[at] = Tag.Text;
  // A count as of `writeCount`, always of five bytes: it is known too late for fewer.
  for (let i = 0; i < 5; i++) target[at + 1 + i] = ((length >>> (7 * i)) & 0x7f) | (i < 4 ? 0x80 : 0);
  return at + LONG_HEAD + length;
}

/** The most bytes that a text can take. */
export function textRoom(text: string): number {
  return 3 * text.length + LONG_HEAD;
}

/** Writes what can be written at once: a primitive for which there is room. Gives -1 for anything else. */
export function writePrimitive(value: unknown, target: Uint8Array, at: number): number {
  const room = target.length - at;
  if (typeof value === "string") return textRoom(value) <= room ? writeTagged(value, target, at) : -1;
  if (room < ROOM) return -1;
  if (typeof value === "number") return writeNumber(value, target, at);
  let tag: Tag;
  if (value === undefined) tag = Tag.Undefined;
  else if (value === null) tag = Tag.Null;
  else if (value === true) tag = Tag.True;
  else if (value === false) tag = Tag.False;
  else return -1;
  target[at] = tag;
  return at + 1;
}
