// A quick hash of strings for the front table: their length and a few characters, at the places where the strings seen so
// far differ most; where that does not tell them apart, all of them, or 128.
import { hashKey } from "./keys/hash.js";

// How many strings are looked at to find where they differ, how far from either end, and at how many places at most.
const SAMPLE = 256;
const REACH = 64;
const PLACES = 6;
/** Where strings are looked at: so many characters after the start or, with `fromEnd` -1, before the end. */
export interface Places {
  readonly fromEnd: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}
/** No place of any string. */
const OUT = 2 ** 29;
/** Of strings of less than four characters, all. */
const ALL: Places = { fromEnd: -1, a: -1, b: -2, c: -3, d: OUT, e: OUT, f: OUT };
/** Of strings that differ in too many places, all as well. */
export const WHOLE: Places = { ...ALL };

/** The places where strings differ most. */
export function learnPlaces(texts: readonly string[]): Places {
  // Steps of the golden ratio: steps of one length would fall on like digits.
  const sample = Array.from({ length: SAMPLE }, (_, i) => {
    return texts[Math.floor(((i * 0.6180339887498949) % 1) * texts.length)] ?? "";
  });
  let most = -1;
  let found = ALL;
  for (const fromEnd of [-1, 0]) {
    const places = Array.from({ length: REACH }, (_, i) => {
      const place = fromEnd === 0 ? i : -1 - i;
      return { place, spread: new Set(sample.map((text) => text.charCodeAt((text.length & fromEnd) + place))).size };
    });
    const best = places.sort((a, b) => b.spread - a.spread).slice(0, PLACES);
    const told = best.reduce((product, { spread }) => product * spread, 1);
    if (told <= most) continue;
    most = told;
    const [a, b, c, d, e, f] = best.map((p) => (p.spread > 1 ? p.place : OUT)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    found = { fromEnd, a, b, c, d, e, f };
  }
  return found;
}

/** The hash of a string; with `null` for places, of its last four characters. */
export function hashText(key: string, places: Places | null): number {
  const { length } = key;
  if (places === null && length >= 4) {
    const last = key.charCodeAt(length - 1) ^ (key.charCodeAt(length - 2) << 5);
    return mix((length << 25) ^ last ^ (key.charCodeAt(length - 3) << 10) ^ (key.charCodeAt(length - 4) << 15));
  }
  return places === WHOLE ? mix(hashKey(key)) : hashPlaces(key, places ?? ALL);
}

function hashPlaces(key: string, { fromEnd, a, b, c, d, e, f }: Places): number {
  const { length } = key;
  const start = length & fromEnd;
  let hash = length << 25;
  let at = start + a;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at);
  at = start + b;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 5;
  at = start + c;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 10;
  at = start + d;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 15;
  at = start + e;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 20;
  at = start + f;
  if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 24;
  return mix(hash);
}

/** Lets each bit of a hash depend on all others. */
export function mix(hash: number): number {
  const product = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
  return product ^ (product >>> 15);
}
