// Identity as a number: every object or symbol that is compared by identity gets one, held as long as it lives.
import { Tag, writeCount } from "./format.js";

const numbers = new WeakMap<WeakKey, number>();
/** For hosts that take no symbols as keys of a WeakMap. */
const symbolNumbers = new Map<unknown, number>();
let last = 0;

/** The number of an object or a symbol; never used for another. */
export function numberOf(value: object | symbol): number {
  return numbers.get(value) ?? symbolNumbers.get(value) ?? number(value);
}

function number(value: object | symbol): number {
  last += 1;
  try {
    numbers.set(value, last);
  } catch {
    symbolNumbers.set(value, last);
  }
  return last;
}

/** Whether a symbol is compared by identity, since no other realm can have it. */
export function isUnregistered(symbol: symbol): boolean {
  return Symbol.keyFor(symbol) === undefined;
}

/** Writes the encoding of what is compared by identity; gives its length. */
export function writeReference(value: object | symbol, target: Uint8Array): number {
  target[0] = Tag.Reference;
  return writeCount(numberOf(value), target, 1);
}

/** Whether an encoding is that of one reference. */
export function isReference(bytes: Uint8Array): boolean {
  return bytes[0] === Tag.Reference;
}
