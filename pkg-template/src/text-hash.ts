// A quick hash of strings for the front table: their length and a few characters. Four next to each other, so many before
// the end; where these do not tell the strings seen so far apart, six; eight at the places where they differ most; eight
// at either end; and where not even that does, all of them, or 128.
import { Golden, hashKey } from "./keys/hash.js";

// How many strings are looked at to find where they differ, and how many of them everywhere; how far from either end,
// and at how many places at most.
const SAMPLE = 64;
const FIRST = 16;
const REACH = 64;
const PLACES = 8;
/** How many strings are hashed to find whether that tells them apart. */
const TRIAL = 1024;
/** So many times as many ways to be different as there are strings are enough. */
const ENOUGH = 16;
export const enum Text {
  Run = 4,
  LongRun = 6,
  Zero = 48,
  /** Of so many digits at most V8 keeps the number with the string. */
  MostDigits = 7,
}
/** Where strings are looked at: four characters, so many before the end; from `LONG` on six; or single ones. */
export type Sight = number | Places;
/** How much larger the number is where six are looked at. */
export const LONG = REACH;
/** Single places: so many characters after the start or, with `fromEnd` -1, before the end. */
export interface Places {
  readonly fromEnd: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
  readonly h: number;
}
/** No place of any string, which is shorter. */
export const OUT = 2 ** 29;
/** Of strings that are too short, the last five. */
const ALL: Places = { fromEnd: -1, a: -1, b: -2, c: -3, d: -4, e: -5, f: OUT, g: OUT, h: OUT };
/** Of strings that differ in too many places, eight at either end; or all as well. */
const ENDS: Places = { ...ALL };
export const WHOLE: Places = { ...ALL };
const END = 8;

/** Where to look at strings to tell them apart, the best first. */
export function learn(texts: readonly string[]): Sight[] {
  if (texts.length === 0) return [WHOLE];
  const sample = sampleOf(texts, SAMPLE);
  const reach = Math.min(REACH, Math.max(...sample.map((text) => text.length)));
  const seen = new Uint8Array(256);
  let most = -1;
  let found: Places[] = [];
  const runs = [
    { length: Text.Run, before: 0, told: 0 },
    { length: Text.LongRun, before: 0, told: 0 },
  ];
  for (const fromEnd of [-1, 0]) {
    const places = Array.from({ length: reach }, (_, i) => {
      const place = fromEnd === 0 ? i : -1 - i;
      return { place, spread: spread(sample, fromEnd, place, seen) };
    });
    for (const run of fromEnd === -1 ? runs : []) {
      for (let before = 0; before <= reach - run.length; before++) {
        const told = product(places.slice(before, before + run.length));
        // Digits of more weight stand before the others, and differ as soon as there are more strings.
        if (told >= run.told) Object.assign(run, { before, told });
      }
    }
    const best = places.sort((a, b) => b.spread - a.spread).slice(0, PLACES);
    const told = product(best);
    if (told <= most) continue;
    most = told;
    // As few as can be, if the characters at one place have nothing to do with those at another; or all.
    let few = 0;
    while (few < PLACES && product(best.slice(0, few)) < ENOUGH * texts.length) few++;
    found = [...new Set([few, PLACES])].map((count) => {
      const at = (i: number) => (i < count && (best[i]?.spread ?? 1) > 1 ? (best[i] as { place: number }).place : OUT);
      return { fromEnd, a: at(0), b: at(1), c: at(2), d: at(3), e: at(4), f: at(5), g: at(6), h: at(7) };
    });
  }
  const trial = sampleOf(texts, TRIAL);
  const [short, long] = runs.map(({ before }) => before) as [number, number];
  return [...[short, LONG + long, ...found].filter((sight) => tells(sight, trial, texts.length)), ENDS, WHOLE];
}

function sampleOf(texts: readonly string[], most: number): string[] {
  const { length } = texts;
  // Steps of the golden ratio: steps of one length would fall on like digits.
  const at = (i: number) => (length <= most ? i : Math.floor(((i * 0.6180339887498949) % 1) * length));
  return Array.from({ length: Math.min(length, most) }, (_, i) => texts[at(i)] as string);
}

/** Whether so few of these strings have the hash of another that of all `count` less than one in four would. */
function tells(sight: Sight, trial: readonly string[], count: number): boolean {
  const hashes = Int32Array.from(trial, (text) => hashText(text, sight)).sort();
  let alike = 0;
  for (let i = 1; i < hashes.length; i++) if (hashes[i] === hashes[i - 1]) alike++;
  return 4 * alike * count <= trial.length * trial.length;
}

/** How many different characters strings have at a place; of a place where the first ones do not differ, 1. */
function spread(sample: readonly string[], fromEnd: number, place: number, seen: Uint8Array): number {
  let different = 0;
  seen.fill(0);
  for (let i = 0; i < sample.length && (i < FIRST || different > 1); i++) {
    const text = sample[i] as string;
    const low = text.charCodeAt((text.length & fromEnd) + place) & 255;
    different += 1 - (seen[low] as number);
    seen[low] = 1;
  }
  return different;
}

function product(places: readonly { spread: number }[]): number {
  return places.reduce((all, { spread }) => all * spread, 1);
}

/** The hash of a string that is looked at there. */
export function hashText(key: string, sight: Sight): number {
  if (typeof sight !== "number") {
    return sight === ENDS ? hashEnds(key) : sight === WHOLE ? mix(hashKey(key)) : hashPlaces(key, sight);
  }
  if (sight >= LONG) {
    const end = key.length - (sight - LONG);
    return end < Text.LongRun ? hashPlaces(key, ALL) : hashLong(key, end);
  }
  const end = key.length - sight;
  if (end < Text.Run) return hashPlaces(key, ALL);
  const last = key.charCodeAt(end - 1) ^ (key.charCodeAt(end - 2) << 5);
  return mix((key.length << 25) ^ last ^ (key.charCodeAt(end - 3) << 10) ^ (key.charCodeAt(end - 4) << 15));
}

/** The hash of a string by the six characters before `end`. */
export function hashLong(key: string, end: number): number {
  const last = key.charCodeAt(end - 1) ^ (key.charCodeAt(end - 2) << 5);
  const next = (key.charCodeAt(end - 3) << 10) ^ (key.charCodeAt(end - 4) << 15);
  return mix((key.length << 29) ^ last ^ next ^ (key.charCodeAt(end - 5) << 20) ^ (key.charCodeAt(end - 6) << 25));
}

function hashPlaces(key: string, { fromEnd, a, b, c, d, e, f, g, h }: Places): number {
  const { length } = key;
  const start = length & fromEnd;
  let hash = Math.imul(length, Golden.Ratio);
  let at = start + a;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at);
  at = start + b;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 4;
  at = start + c;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 8;
  at = start + d;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 12;
  at = start + e;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 16;
  at = start + f;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 20;
  at = start + g;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 24;
  at = start + h;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 28;
  return mix(hash);
}

function hashEnds(key: string): number {
  const { length } = key;
  const end = length < END ? length : END;
  let first = length;
  let last = 0;
  for (let i = 0; i < end; i++) {
    first = (Math.imul(first, 31) + key.charCodeAt(i)) | 0;
    last = (Math.imul(last, 37) + key.charCodeAt(length - 1 - i)) | 0;
  }
  return mix(first ^ (last << 16) ^ (last >>> 16));
}

/** The number of which a string has the decimal digits, below 10^7; or -1. */
export function wholeOf(text: string): number {
  const { length } = text;
  // First of all: once a character was asked for that is not there, V8 does not read one any more but calls for it.
  if (length === 0 || length > Text.MostDigits) return -1;
  let whole = text.charCodeAt(0) - Text.Zero;
  if (whole >>> 0 > 9 || (whole === 0 && length > 1)) return -1;
  for (let i = 1; i < length; i++) {
    const digit = text.charCodeAt(i) - Text.Zero;
    if (digit >>> 0 > 9) return -1;
    whole = 10 * whole + digit;
  }
  return whole;
}

/** Lets each bit of a hash depend on all others. */
export function mix(hash: number): number {
  const product = Math.imul(hash ^ (hash >>> 15), Golden.Ratio);
  return product ^ (product >>> 15);
}
