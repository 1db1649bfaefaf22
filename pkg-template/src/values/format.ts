// The bytes of a value held by copy: the tags. docs/value-format.md describes the whole form.

/** The version of the form. It stands in snapshots, once for all their values. */
export const FORMAT = 1;

/** The first byte of every value. From 0x40 on it holds the value, or a part of it, as well. */
export const enum Tag {
  Undefined = 0,
  Null = 1,
  False = 2,
  True = 3,
  Int8 = 4,
  Int16 = 5,
  Int32 = 6,
  Float32 = 7,
  Float64 = 8,
  BigInt64 = 9,
  BigInt = 10,
  Text = 11,
  Date = 12,
  RegExp = 13,
  Boxed = 14,
  /** Only at the very start: what follows has references in it. */
  HasReferences = 15,
  Reference = 16,
  Array = 17,
  SparseArray = 18,
  Object = 19,
  Shaped = 20,
  Map = 21,
  Set = 22,
  Error = 23,
  Buffer = 24,
  ResizableBuffer = 25,
  /** A view of all of a buffer that nothing else refers to yet. */
  WholeView = 26,
  View = 27,
  /** 0x40 to 0x7f: the integers 0 to 63. */
  SmallInt = 0x40,
  /** 0x80 to 0xbf: ASCII text of 0 to 63 characters. */
  ShortText = 0x80,
  /** 0xc0 to 0xff: an object of one of the first 64 shapes. */
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

/** Added to the number of a view that has the length of its resizable buffer. */
export const TRACKS_LENGTH = 0x80;

/** The errors that keep their class, in the order of their numbers; others become the first. */
export const ERRORS = ["", "Eval", "Range", "Reference", "Syntax", "Type", "URI"].map((name) => `${name}Error`);

/** The parts of an error that are stored, in the order of their bits. */
export const ERROR_PARTS = ["message", "stack", "cause"] as const;
