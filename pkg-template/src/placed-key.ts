// The key that is placed, to be looked for and to cross the border: a flat key as it is, any other in scratch. There is
// one for all caches: it is there until user code runs or another key is placed.
import { EncodedKey, type FixedKey, isFixed, nameOf, nameOfBytes } from "./fixed-key.js";
import {
  decodeKey,
  type Encoding,
  encodeStructure,
  flat,
  flatCount,
  flatten,
  flattenCopy,
  isInstance,
  isReference,
  isUnregistered,
  Kind,
  keyOf,
  MOST_BYTES,
  restore,
  writeFlat,
  writeReference,
  writeString,
} from "./keys/index.js";
import { ready, room, scratch } from "./wasm.js";

/** Bytes of the key placed last, where it is in scratch; `UNWRITTEN`: it is `placedIdentity`, and is not there yet. */
let length = 0;
const UNWRITTEN = -1;
/** Whether it is flat; `undefined`: nobody has looked yet. */
let isFlat: boolean | undefined = false;
/** What stands in them by identity. */
let refs: readonly unknown[] | null = null;
/** No key. */
export const NONE = {};
/** The key itself, where it is one thing that is compared by identity; else `NONE`. */
export let placedIdentity: unknown = NONE;
/** The object of which `isKnownIdentity` was told last; else `NONE`. */
let known: unknown = NONE;
/** Whether all of these are to be forgotten soon. */
let isForgetting = false;
/** What the object given last stands for, where its `poche.key` method gave a string or a number. */
let primitive: string | number | undefined;

/**
 * Puts a key into scratch, unless it is a number, or stands for one: numbers cross by themselves. Runs user code, and
 * so only before anything is changed. Throws where the key is unhashable.
 */
export function placeKey(key: unknown, byIdentity: boolean): Kind {
  if (typeof key === "string") return placeText(key);
  if (!byIdentity && flatten(key)) return placeFlat();
  return placeOther(key, byIdentity);
}

/** The same of a key that is no string, and has not been made flat. */
export function placeOther(key: unknown, byIdentity: boolean): Kind {
  if (isIdentity(key, byIdentity)) return placeIdentity(key);
  if (!byIdentity && isInstance(key)) return placeIdentity(key);
  if (EncodedKey.is(key)) {
    return restoreFixed(key) ? placeFlat() : placeBytes(key.bytes, key.bytes.length, key.refs);
  }
  const actual = byIdentity ? key : keyOf(key);
  if (typeof actual === "string" || typeof actual === "number") {
    primitive = actual;
    return typeof actual === "string" ? placeText(actual) : Kind.Number;
  }
  return placeEncoding(encodeStructure(actual, byIdentity));
}

/** Whether a key is compared by identity whatever it is, and is not asked for another one. */
export function isIdentity(key: unknown, byIdentity: boolean): key is object | symbol {
  if (typeof key === "symbol") return isUnregistered(key);
  return byIdentity && ((typeof key === "object" && key !== null) || typeof key === "function") && !EncodedKey.is(key);
}

/** Makes a key in a form that lasts the one that was made flat last. Whether it is such a key, and flat. */
export function restoreFixed(key: unknown): boolean {
  if (!EncodedKey.is(key) || key.flat === null) return false;
  restore(key.flat);
  return true;
}

/** Whether an object that is not flat is compared by identity for what it is. Runs user code. */
export function askIdentity(key: unknown): boolean {
  if (!isInstance(key)) return false;
  known = key;
  forgetSoon();
  return true;
}

/**
 * Whether a key is compared by identity, of one that was looked for just now: what it is has been asked then, and is not
 * asked again, since a proxy might say something else. Runs no user code.
 */
export function isKnownIdentity(key: unknown, byIdentity: boolean): key is object | symbol {
  return key === known || isIdentity(key, byIdentity);
}

/** From now on nothing is known of the key that was looked for. */
export function forgetKnown(): void {
  known = NONE;
}

/** Places a key that is compared by identity. */
export function placeIdentity(key: object | symbol): Kind {
  note(UNWRITTEN, null);
  forgetSoon();
  isFlat = false;
  placedIdentity = key;
  return Kind.Structure;
}

/** Places the key that was made flat last. */
export function placeFlat(): Kind {
  note(0, null);
  isFlat = true;
  return Kind.Structure;
}

/** The bytes of the key placed last: how many of them there are in scratch. */
export function placedLength(): number {
  if (isFlat === true) {
    ready();
    length = writeFlat(flat, scratch);
  } else if (length === UNWRITTEN) {
    ready();
    length = writeReference(placedIdentity as object | symbol, scratch);
  }
  return length;
}

/** What stands by identity in the key placed last; `null`: nothing. */
export function placedRefs(): readonly unknown[] | null {
  if (placedIdentity !== NONE) refs ??= [placedIdentity];
  return refs;
}

/** Whether the key placed last is a flat one: then it is the one that was made flat last. Runs no user code. */
export function isPlacedFlat(): boolean {
  // Most others are seen to be something else at once.
  isFlat ??=
    refs === null && length <= MOST_BYTES && flattenCopy(decodeKey(Kind.Structure, scratch.subarray(0, length), null));
  return isFlat;
}

/** Puts a list that has not been made flat into scratch: by value itself, what is in it as the cache compares keys. Runs user code. */
export function placeList(list: readonly unknown[], byIdentity: boolean): void {
  placeEncoding(encodeStructure(list, byIdentity, true));
}

/** What the key given to `placeKey` last stands for: itself, or what its `poche.key` method gave. */
export function actualKey(key: unknown): unknown {
  return typeof key === "string" || typeof key === "number" ? key : (primitive ?? key);
}

/** A key in a form that lasts. Throws where it is unhashable. */
export function fixKey(key: unknown, byIdentity: boolean): FixedKey {
  if (isFixed(key)) return key;
  placeKey(key, byIdentity);
  return fixPlaced(key);
}

/** The key given to `placeKey` last, in a form that lasts. */
export function fixPlaced(key: unknown): FixedKey {
  const actual = actualKey(key);
  if (isFixed(actual)) return actual;
  if (isFlat === true) return new EncodedKey(null, null, flat.slice(0, flatCount));
  const size = placedLength();
  return new EncodedKey(scratch.slice(0, size), placedRefs(), null);
}

/** The name of the key placed last, which is `actual`. */
export function nameOfPlaced(actual: unknown): string | number {
  return isFixed(actual) ? nameOf(actual) : nameOfBytes(scratch, placedLength());
}

/** Puts a text into scratch. Runs no user code. */
export function placeText(text: string): Kind {
  ready();
  length = writeString(text, scratch);
  if (length < 0) length = writeString(text, room(3 * text.length));
  placeNoRefs();
  return Kind.String;
}

/** The same of a number too, as the engine would have its bytes. */
export function placeFixed(key: string | number): Kind {
  if (typeof key === "string") return placeText(key);
  ready();
  // Both zeros are one.
  new DataView(scratch.buffer, scratch.byteOffset).setFloat64(0, key + 0, true);
  length = 8;
  placeNoRefs();
  return Kind.Number;
}

function placeNoRefs(): void {
  refs = null;
  placedIdentity = NONE;
  isFlat = false;
}

function placeEncoding(encoding: Encoding): Kind {
  return placeBytes(encoding.bytes, encoding.length, encoding.refs);
}

function placeBytes(bytes: Uint8Array, size: number, held: readonly unknown[] | null): Kind {
  const target = room(size);
  target.set(bytes.subarray(0, size));
  note(size, held);
  return Kind.Structure;
}

function note(size: number, held: readonly unknown[] | null): void {
  if (held !== null) forgetSoon();
  length = size;
  isFlat = undefined;
  refs = held;
  placedIdentity = held?.length === 1 && isReference(scratch) ? held[0] : NONE;
  known = NONE;
  primitive = undefined;
}

/** No operation lasts longer than this, and what was only looked up is not to be kept from the garbage collector. */
function forgetSoon(): void {
  if (isForgetting) return;
  isForgetting = true;
  queueMicrotask(forgetRefs);
}

function forgetRefs(): void {
  isForgetting = false;
  refs = null;
  placedIdentity = known = NONE;
}
