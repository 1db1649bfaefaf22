// The WebAssembly as text for a script, and the tiny WebAssembly that unpacks it.
//
// The format is a relative of LZMA (I. Pavlov), made for one small file and a small decoder. A token is a byte, or a
// match: a length and a distance, which may be that of one of the last four matches. Every decision is one bit in a
// context, which has an adaptive chance (learning fast at first, so that a short text is worth it) and goes through
// a binary range coder (G. N. N. Martin, 1979) whose digits, of six bits, are the characters of the text. Gzip, as
// packages travel, gets the eight bits of a character back to little more than six. The lower bits of a large number,
// which nothing tells beforehand, go through the coder all at once.
//
// A program pays for this at its first cache, in code that is compiled in haste: so few decisions, and cheap ones, are
// worth as much as few bytes.
import { readFileSync } from "node:fs";
import { at, Failed } from "../lib/process.mjs";
import { parse } from "./parse.mjs";

// The contexts, by their numbers in unpack.wat.
const IS_MATCH = 0;
const IS_REPEAT = 0x100;
const IS_OTHER = 0x110;
const REPEAT_LENGTH = 0x200;
const LENGTH = 0xa00;
const DISTANCE = 0xe00;
const NUMBER = 0x400;
const LITERAL = 0x1600;
const LITERALS = 0x300;

// What unpack.wat has room for.
const LARGEST = 0x20000;

/** The context of bits that are as likely as not, given to `bit` with their number. */
export const EVEN = -1;
/** The largest number that there is a form for. */
export const MOST = 0xffff;

/** Bytes as `text`; `unpacker` is a WebAssembly module, as base64, that gives the `size` bytes back. */
export async function packWasm(bytes) {
  const text = encode(bytes, parse(bytes, visit));
  if (bytes.length > LARGEST || text.length > LARGEST) throw new Failed("there is no room to unpack the WebAssembly");
  const unpacker = await compileUnpacker();
  const { memory, unpack } = new WebAssembly.Instance(new WebAssembly.Module(unpacker)).exports;
  new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, 0x30000));
  unpack(bytes.length);
  if (!Buffer.from(memory.buffer, 0x10000, bytes.length).equals(bytes))
    throw new Failed("the packed WebAssembly is wrong");
  return { size: bytes.length, text, unpacker: Buffer.from(unpacker).toString("base64") };
}

async function compileUnpacker() {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.parseText(readFileSync(at("scripts", "build", "unpack.wat"), "utf8"));
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  module.optimize();
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

/** Where a reader stands: the kinds of the last two tokens, and the distances of the last four matches. */
export const START = { kinds: 0, backs: [0, 0, 0, 0] };

/**
 * Calls `bit(context, value)` for every decision of a token: `length` bytes from `back` bytes ago, or one byte for
 * which `back` is 0; `bit(EVEN, value, count)` for several even ones. Gives where the reader stands then.
 */
function visit(bytes, place, { kinds, backs }, length, back, bit) {
  const before = bytes[place - 1] ?? 0;
  bit(IS_MATCH + 16 * kinds + (before >> 4), back > 0 ? 1 : 0);
  const then = (kind) => ((kinds << 2) | kind) & 15;
  if (back === 0) {
    const model = LITERAL + LITERALS * (before >> 5);
    const likely = bytes[place - backs[0]];
    let same = kinds & 3 ? 0x100 : 0;
    for (let node = 1, shift = 7; shift >= 0; shift--) {
      const guess = (likely >> shift) & 1;
      const value = (bytes[place] >> shift) & 1;
      bit(model + node + (same << guess), value);
      if (guess !== value) same = 0;
      node = 2 * node + value;
    }
    return { kinds: then(0), backs };
  }
  const repeat = backs.indexOf(back);
  if (repeat < 0) {
    bit(IS_REPEAT + kinds, 0);
    number(LENGTH, length - 1, bit);
    number(DISTANCE + (length > 2 ? NUMBER : 0), back, bit);
    return { kinds: then(1), backs: [back, backs[0], backs[1], backs[2]] };
  }
  bit(IS_REPEAT + kinds, 1);
  for (let rank = 0; rank < 3 && rank <= repeat; rank++) bit(IS_OTHER + 16 * rank + kinds, repeat > rank ? 1 : 0);
  number(REPEAT_LENGTH + (repeat > 0 ? NUMBER : 0), length, bit);
  return { kinds: then(length === 1 ? 2 : 3), backs: [back, ...backs.filter((_, rank) => rank !== repeat)] };
}

// How many bits it has, by halves; two of them, each in a context; the rest.
function number(model, value, bit) {
  const bits = 31 - Math.clz32(value);
  for (let node = 1, shift = 3; shift >= 0; shift--) {
    const half = (bits >> shift) & 1;
    bit(model + node, half);
    node = 2 * node + half;
  }
  let shift = bits - 1;
  for (; shift >= 0 && value >> (shift + 1) < 4; shift--) {
    bit(model + 32 * (bits + 1) + (value >> (shift + 1)), (value >> shift) & 1);
  }
  if (shift >= 0) bit(EVEN, value & (2 ** (shift + 1) - 1), shift + 1);
}

// Carries can run through digits that are written already, so all are kept until the end.
function encode(bytes, tokens) {
  const chances = new Map();
  const digits = [];
  let low = 0;
  let range = 1;
  const shift = () => {
    digits.push(Math.floor(low / 2 ** 30));
    low = (low % 2 ** 30) * 64;
  };
  const add = (amount) => {
    low += amount;
    if (low < 2 ** 36) return;
    low -= 2 ** 36;
    let carry = digits.length - 1;
    for (; digits[carry] === 63; carry--) digits[carry] = 0;
    digits[carry]++;
  };
  const bit = (context, value, count) => {
    for (; range < 2 ** 26; range *= 64) shift();
    if (context === EVEN) {
      range >>>= count;
      add(value * range);
      return;
    }
    let entry = chances.get(context);
    if (!entry) chances.set(context, (entry = { chance: 0x8000, count: 0 }));
    const bound = (range >>> 12) * (entry.chance >> 4);
    if (value) {
      range = bound;
    } else {
      add(bound);
      range -= bound;
    }
    // The chance of what came grows by a half, then by quarters, at last by 1/32 of what it lacks.
    const grow = 32 - Math.clz32(entry.count + 1);
    if (value) entry.chance += (0xffff - entry.chance) >> grow;
    else entry.chance -= entry.chance >> grow;
    entry.count = Math.min(entry.count + 1, 30);
  };
  let reader = START;
  let place = 0;
  for (const [length, back] of tokens) {
    reader = visit(bytes, place, reader, length, back, bit);
    place += length;
  }
  for (let n = 0; n < 6; n++) shift();
  // The first six are those of a number that has not begun. The digits leave out the backslash.
  return String.fromCharCode(...digits.slice(6).map((digit) => 35 + digit + (digit > 56 ? 1 : 0)));
}
