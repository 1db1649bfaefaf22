// The key that is placed in scratch, to cross the border. Like scratch itself, there is one for all caches: it is
// there until user code runs or another key is placed.
import { EncodedKey, type FixedKey, isFixed, nameOf, nameOfBytes } from "./fixed-key.js";
import {
  type Encoding,
  encodeStructure,
  flatten,
  isReference,
  isUnregistered,
  Kind,
  keyOf,
  writeFlat,
  writeReference,
  writeString,
} from "./keys/index.js";
import { ready, room, scratch } from "./wasm.js";

/** Bytes of the key placed last. */
export let placedLength = 0;
/** What stands in them by identity. */
export let placedRefs: readonly unknown[] | null = null;
/** No key. */
export const NONE = {};
/** The key itself, where it is one thing that is compared by identity; else `NONE`. */
export let placedIdentity: unknown = NONE;
/** What the object given last stands for, where its `poche.key` method gave a string or a number. */
let primitive: string | number | undefined;

/**
 * Puts a key into scratch, unless it is a number, or stands for one: numbers cross by themselves. Runs user code, and
 * so only before anything is changed. Throws where the key is unhashable.
 */
export function placeKey(key: unknown, byIdentity: boolean): Kind {
  if (typeof key === "string") return placeText(key);
  if (isIdentity(key, byIdentity)) return placeIdentity(key);
  if (EncodedKey.is(key)) return placeBytes(key.bytes, key.bytes.length, key.refs);
  if (!byIdentity && flatten(key)) return placeFlat();
  const actual = byIdentity ? key : keyOf(key);
  if (typeof actual === "string" || typeof actual === "number") {
    primitive = actual;
    return typeof actual === "string" ? placeText(actual) : Kind.Number;
  }
  return placeEncoding(encodeStructure(actual, byIdentity));
}

/** Whether a key is compared by identity, and is not asked for another one. */
export function isIdentity(key: unknown, byIdentity: boolean): key is object | symbol {
  if (typeof key === "symbol") return isUnregistered(key);
  return byIdentity && ((typeof key === "object" && key !== null) || typeof key === "function") && !EncodedKey.is(key);
}

function placeIdentity(key: object | symbol): Kind {
  ready();
  note(writeReference(key, scratch), [key]);
  return Kind.Structure;
}

/** Puts the key that was made flat last into scratch. */
export function placeFlat(): Kind {
  ready();
  note(writeFlat(scratch), null);
  return Kind.Structure;
}

/** Puts a list into scratch: by value itself, what is in it as the cache compares keys. Runs user code. */
export function placeList(list: readonly unknown[], byIdentity: boolean): void {
  if (!byIdentity && flatten(list)) placeFlat();
  else placeEncoding(encodeStructure(list, byIdentity, true));
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
  return isFixed(actual) ? actual : new EncodedKey(scratch.slice(0, placedLength), placedRefs);
}

/** The name of the key placed last, which is `actual`. */
export function nameOfPlaced(actual: unknown): string | number {
  return isFixed(actual) ? nameOf(actual) : nameOfBytes(scratch, placedLength);
}

/** Puts a text into scratch. Runs no user code. */
export function placeText(text: string): Kind {
  ready();
  const length = writeString(text, scratch);
  placedLength = length < 0 ? writeString(text, room(3 * text.length)) : length;
  placedRefs = null;
  return Kind.String;
}

/** The same of a number too, as the engine would have its bytes. */
export function placeFixed(key: string | number): Kind {
  if (typeof key === "string") return placeText(key);
  ready();
  // Both zeros are one.
  new DataView(scratch.buffer, scratch.byteOffset).setFloat64(0, key + 0, true);
  placedLength = 8;
  placedRefs = null;
  return Kind.Number;
}

function placeEncoding({ bytes, length, refs }: Encoding): Kind {
  return placeBytes(bytes, length, refs);
}

function placeBytes(bytes: Uint8Array, length: number, refs: readonly unknown[] | null): Kind {
  const target = room(length);
  target.set(bytes.subarray(0, length));
  note(length, refs);
  return Kind.Structure;
}

function note(length: number, refs: readonly unknown[] | null): void {
  // No operation lasts longer than this, and what was only looked up is not to be kept from the garbage collector.
  if (refs !== null && placedRefs === null) queueMicrotask(forgetRefs);
  placedLength = length;
  placedRefs = refs;
  placedIdentity = refs?.length === 1 && isReference(scratch) ? refs[0] : NONE;
  primitive = undefined;
}

function forgetRefs(): void {
  placedRefs = null;
  placedIdentity = NONE;
}
