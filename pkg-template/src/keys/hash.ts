// Hashes of strings and numbers that stay in JavaScript, for the eviction policy: it counts by hash how often a key is
// asked for. They differ from process to process, so that nobody knows keys that would be counted as one.
import { seedWords } from "../seed.js";

/** Longer strings are hashed by as many characters at their start and at their end. */
const MOST = 64;

/** An enumeration, so that it is a literal where it is used: what a variable of the module has is loaded each time. */
export const enum Golden {
  /** 2^32 divided by the golden ratio. */
  Ratio = 0x9e3779b1,
}

/** Random and odd; 0 before it is needed. */
let multiplier = 0;
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** The hash of a string or number, 32 bits. */
export function hashKey(key: string | number): number {
  if (multiplier === 0) multiplier = (seedWords()[0] as number) | 1;
  return typeof key === "number" ? hashNumber(key) : hashText(key);
}

function hashText(key: string): number {
  const { length } = key;
  const rest = Math.max(length - MOST, 0);
  let hash = length;
  for (let i = 0; i < length; i++) {
    if (i === MOST && rest > i) i = rest;
    hash = Math.imul(hash ^ key.charCodeAt(i), multiplier);
    hash ^= hash >>> 15;
  }
  return hash;
}

function hashNumber(key: number): number {
  const whole = key | 0;
  if (whole === key) return whole;
  double[0] = key;
  return Math.imul(words[0] as number, multiplier) ^ (words[1] as number);
}
