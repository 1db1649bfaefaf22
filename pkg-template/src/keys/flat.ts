// Flat keys: a small key of lists, plain objects and dates as one short list, by which it is found and compared, and
// from which its bytes are written.
//
// Strings and numbers stand for themselves. All else is told by its form: the tag, how many values follow and, of an
// object, the names of its properties, sorted. Forms are known by identity, so equal keys have equal lists, and no others.
// Whether a key is flat is told by its bytes alone, not by how it was read: what is read in the general way can be made
// flat afterwards (`flattenCopy`). A larger key is not flat, nor is one of anything else.
import { memberOf } from "./builtins.js";
import { POCHE_KEY } from "./encoder.js";
import { Tag, writeCount, writePrimitive } from "./format.js";
import {
  type Form,
  formOf,
  formOfDate,
  formOfList,
  formOfNothing,
  MOST,
  MOST_BYTES,
  MOST_CHARACTERS,
} from "./forms.js";
import { Golden, hashKey } from "./hash.js";

const { defineProperty, getOwnPropertySymbols, getPrototypeOf, hasOwn } = Object;
const { isArray } = Array;
const plainPrototype = Object.prototype;
const arrayPrototype = Array.prototype;
const datePrototype = Date.prototype;
const getTime = memberOf(datePrototype, "getTime") as (this: unknown) => number;

type Item = string | number | Form;
export type Flat = readonly Item[];

/** The flat key made last: the first `count` of these. They are there until the next is made. */
export const flat: Item[] = new Array(2 * MOST + 2).fill("");
export let count = 0;
/** How many more characters there may be. */
export let left = 0;
let isBusy = false;
/** How many keys have been made flat, or begun to be. */
let turns = 0;

/** The flat key that a key is only compared with; `null`: it is made flat. */
let model: Flat | null = null;

/**
 * Makes a key flat: `first`, or where `length` is 1 or 2 the list of so many arguments. With `given`, tells only whether
 * it is that flat key. `false` if it cannot be, or is not. Runs the user's getters and proxies, and swallows what they
 * throw.
 */
export function flatten(first: unknown, length = 0, second: unknown = undefined, given: Flat | null = null): boolean {
  // A getter may ask for another key. And whoever has a key wants to tell it from none.
  if (isBusy || (first === undefined && length === 0)) return false;
  isBusy = true;
  const turn = ++turns;
  model = given;
  count = 0;
  left = MOST_CHARACTERS;
  let isFlat = false;
  try {
    isFlat = (length === 0 || put(formOfList(length))) && add(first) && (length < 2 || add(second)) && left >= 0;
  } catch {
    // The key is read again in the general way, which knows what to make of it.
  }
  isBusy = false;
  return isFlat && turn === turns && (given === null ? count <= MOST : count === given.length);
}

/** The same of a key that was read from its bytes: it runs no code, and comes between. */
export function flattenCopy(key: unknown): boolean {
  const wasBusy = isBusy;
  isBusy = false;
  const isFlat = flatten(key);
  isBusy = wasBusy;
  return isFlat;
}

/** Makes a flat key the one that was made last. */
export function restore(key: Flat): void {
  turns++;
  count = key.length;
  for (let i = 0; i < key.length; i++) flat[i] = key[i] as Item;
}

/** Whether it is the one that was made last. */
export function isSame(key: Flat | undefined): boolean {
  if (key?.length !== count) return false;
  for (let i = 0; i < key.length; i++) {
    const one = key[i];
    const other = flat[i];
    // Each kind apart: so V8 knows what it compares.
    if (typeof one === "number") {
      if (typeof other !== "number" || one !== other) return false;
    } else if (typeof one === "string") {
      if (typeof other !== "string" || one !== other) return false;
    } else if (typeof other !== "object" || one !== other) {
      return false;
    }
  }
  return true;
}

/** A quick hash of the first `length` values: of strings, by the places where these differ most. */
export function hashFlat(values: Flat, length: number): number {
  let hash = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i] as Item;
    let mark: number;
    if (typeof value === "number") {
      mark = value | 0;
      if (mark !== value) mark = (value * 65599.37) | 0;
    } else {
      mark = typeof value === "string" ? markOf(value) : value.hash;
    }
    hash = (Math.imul(hash, Golden.Ratio) + mark) | 0;
  }
  return hash;
}

/** A hash of all of them that nobody else knows. */
export function hashAll(values: Flat, length: number): number {
  let hash = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i] as Item;
    hash =
      (Math.imul(hash ^ (hash >>> 15), Golden.Ratio) + (typeof value === "object" ? value.hash : hashKey(value))) | 0;
  }
  return hash;
}

function markOf(text: string): number {
  const { length } = text;
  if (length === 0) return 0;
  const last = length - 1;
  const mark = length + (text.charCodeAt(last) << 2);
  if (length <= 3) return mark ^ (text.charCodeAt(0) << 9);
  const before = text.charCodeAt(last - 1) << 8;
  const others = (text.charCodeAt(last - 2) << 14) ^ (text.charCodeAt(last - 3) << 20);
  return (mark ^ before ^ others) + (text.charCodeAt(last >> 1) << 5);
}

// Strings, numbers and forms are compared apart, so that V8 knows what it compares.
function add(value: unknown): boolean {
  if (typeof value === "number") {
    if (model !== null) return model[count++] === value;
    // Both zeros are one. NaN is not equal to itself.
    flat[count++] = value + 0;
    return !Number.isNaN(value);
  }
  if (typeof value === "string") {
    if (model !== null) return model[count++] === value;
    left -= value.length;
    flat[count++] = value;
    return true;
  }
  if (isObject(value)) return addObject(value);
  const form = formOf(value);
  return form !== undefined && put(form);
}

function put(form: Form): boolean {
  if (model !== null) return model[count++] === form;
  flat[count++] = form;
  return true;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

// Of objects of a few shapes, V8 knows the prototype once it has looked for a property.
function addObject(value: object): boolean {
  if (isArray(value)) return addList(value);
  if (value.constructor === Object) return addPlain(value as Record<string | symbol, unknown>);
  return (
    (value as never)[POCHE_KEY] === undefined &&
    getPrototypeOf(value) === datePrototype &&
    count < MOST &&
    put(formOfDate) &&
    add(getTime.call(value))
  );
}

function addList(list: unknown[]): boolean {
  if ((list as never)[POCHE_KEY] !== undefined || getPrototypeOf(list) !== arrayPrototype) return false;
  const length = list.length >>> 0;
  if (count + length > MOST || !put(formOfList(length))) return false;
  for (let i = 0; i < length; i++) if (!add(list[i])) return false;
  return true;
}

function addPlain(value: Record<string | symbol, unknown>): boolean {
  if (
    value[POCHE_KEY] !== undefined ||
    value[Symbol.toStringTag] !== undefined ||
    getPrototypeOf(value) !== plainPrototype ||
    value === plainPrototype
  ) {
    return false;
  }
  let inherits = false;
  for (const _ in plainPrototype) inherits = true;
  const at = count++;
  let form: Form | undefined = formOfNothing;
  let isNested = false;
  for (const name in value) {
    if (inherits && !hasOwn(value, name)) continue;
    form = form.with(name);
    if (form === undefined || count > MOST) return false;
    const inside = value[name];
    if (isObject(inside)) isNested = true;
    if (!add(inside)) return false;
  }
  if (model !== null && model[at] !== form) return false;
  // The form would keep objects from the garbage collector.
  if (isNested) {
    if (getOwnPropertySymbols(value).length > 0) return false;
  } else {
    form.check(value);
  }
  if (model !== null) return true;
  left -= form.characters;
  const sorted = form.sorted ?? form.sort();
  if (sorted === undefined) return false;
  if (sorted !== form) sort(form.order, at + 1);
  flat[at] = sorted;
  return true;
}

const unsorted: Item[] = [...flat];
const starts: number[] = [];

/** Brings the values of an object, which are the last ones, into this order. */
function sort(order: readonly number[], first: number): void {
  for (let at = first; at < count; at++) unsorted[at] = flat[at] as Item;
  if (count - first === order.length) {
    for (let i = 0; i < order.length; i++) flat[first + i] = unsorted[first + (order[i] as number)] as Item;
    return;
  }
  place = first;
  for (let i = 0; i < order.length; i++) {
    starts[i] = place;
    skip();
  }
  starts[order.length] = count;
  let at = first;
  for (let i = 0; i < order.length; i++) {
    const which = order[i] as number;
    const end = starts[which + 1] as number;
    for (let from = starts[which] as number; from < end; from++) flat[at++] = unsorted[from] as Item;
  }
}

/** How properties are. */
const PLAIN = { configurable: true, enumerable: true, writable: true };
/** Where `write`, `next` and `skip` are. */
let place = 0;
let written: Flat = flat;

/** Writes the canonical bytes of a flat key at the start of `target`, which has room for them; gives their number. */
export function writeFlat(key: Flat, target: Uint8Array): number {
  place = 0;
  written = key;
  return write(target, 0);
}

/** The key that was made flat: a copy of it. Runs no user code. */
export function unflatten(key: Flat): unknown {
  place = 0;
  written = key;
  return next();
}

function next(): unknown {
  const form = written[place++] as Item;
  if (typeof form !== "object") return form;
  switch (form.tag) {
    case Tag.Array: {
      const list: unknown[] = [];
      for (let i = 0; i < form.count; i++) list.push(next());
      return list;
    }
    case Tag.Object: {
      const object: Record<string, unknown> = {};
      for (const name of form.names) {
        // What plain objects inherit cannot simply be assigned to.
        if (name in object) defineProperty(object, name, { ...PLAIN, value: next() });
        else object[name] = next();
      }
      return object;
    }
    case Tag.Date:
      return new Date(next() as number);
    default:
      return form.tag === Tag.Undefined ? undefined : form.tag === Tag.Null ? null : form.tag === Tag.True;
  }
}

let room: Uint8Array | null = null;

/** The canonical bytes of a flat key, until the next one's are asked for. */
export function bytesOf(key: Flat): Uint8Array {
  room ??= new Uint8Array(MOST_BYTES);
  return room.subarray(0, writeFlat(key, room));
}

function write(target: Uint8Array, start: number): number {
  const form = written[place++] as Item;
  if (typeof form !== "object") return writePrimitive(form, target, start);
  let at = start;
  target[at++] = form.tag;
  if (form.tag === Tag.Array || form.tag === Tag.Object) at = writeCount(form.count, target, at);
  const { heads } = form;
  for (let i = 0; i < form.count; i++) {
    const head = heads[i];
    if (head !== undefined) for (let j = 0; j < head.length; j++) target[at++] = head[j] as number;
    at = write(target, at);
  }
  return at;
}

/** Goes over a value. */
function skip(): void {
  const form = flat[place++];
  if (typeof form === "object") for (let i = form.count; i > 0; i--) skip();
}
