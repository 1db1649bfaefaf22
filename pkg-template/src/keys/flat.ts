// Flat keys: a small key of lists, plain objects and dates as one short list, from which it can be told whether it was
// met before, and from which its bytes are written.
//
// Strings and numbers stand for themselves. All else is told by its form: the tag, how many values follow and, of an
// object, the names of its properties as they come. Forms are known by identity, so equal lists stand for equal keys;
// the same properties in another order make another list, and the same bytes. Any other key is not flat, nor is a
// larger one.
import { memberOf } from "./builtins.js";
import { POCHE_KEY } from "./encoder.js";
import { Tag, writeCount, writePrimitive } from "./format.js";
import { type Form, formOf, formOfDate, formOfList, formOfNothing, MOST, MOST_CHARACTERS } from "./forms.js";

const { getOwnPropertySymbols, getPrototypeOf } = Object;
const { isArray } = Array;
const plainPrototype = Object.prototype;
const arrayPrototype = Array.prototype;
const datePrototype = Date.prototype;
const getTime = memberOf(datePrototype, "getTime") as (this: unknown) => number;
const MIX = 0x9e3779b1;

type Item = string | number | Form;

/** The flat key made last: the first `count` of these. They are there until the next is made. */
export const flat: Item[] = new Array(2 * MOST + 2).fill("");
export let count = 0;
/** Its hash, small enough to be no object in any host. */
export let hash = 0;
/** How many more characters there may be. */
export let left = 0;
let isBusy = false;

/** The flat key that a key is only compared with; `null`: it is made flat. */
let model: readonly Item[] | null = null;

/**
 * Makes a key flat: `first`, or where `length` is 1 or 2 the list of so many arguments. With `given`, tells only whether
 * it is that flat key. `false` if it cannot be, or is not. Runs the user's getters and proxies, and swallows what they
 * throw.
 */
export function flatten(
  first: unknown,
  length = 0,
  second: unknown = undefined,
  given: readonly Item[] | null = null,
): boolean {
  // A getter may ask for another key.
  if (isBusy) return false;
  isBusy = true;
  model = given;
  count = hash = 0;
  left = MOST_CHARACTERS;
  let isFlat = false;
  try {
    isFlat = (length === 0 || put(formOfList(length))) && add(first) && (length < 2 || add(second)) && left >= 0;
  } catch {
    // The key is read again in the general way, which knows what to make of it.
  }
  isBusy = false;
  if (given !== null) return isFlat && count === given.length;
  hash = Math.imul(hash ^ (hash >>> 15), MIX);
  hash = (hash ^ (hash >>> 13)) & 0x3fffffff;
  return isFlat;
}

// Strings, numbers and forms are compared apart, so that V8 knows what it compares.
function add(value: unknown): boolean {
  let mark: number;
  if (typeof value === "number") {
    if (model !== null) return model[count++] === value;
    mark = value | 0;
    if (mark !== value) {
      // NaN is not equal to itself.
      if (Number.isNaN(value)) return false;
      mark = (value * 65599.37) | 0;
    }
    flat[count++] = value;
  } else if (typeof value === "string") {
    if (model !== null) return model[count++] === value;
    const { length } = value;
    left -= length;
    mark = length;
    if (length > 0) {
      // The places where texts differ most.
      const last = length - 1;
      mark += value.charCodeAt(last) << 2;
      if (length > 3) {
        mark ^=
          (value.charCodeAt(last - 1) << 8) ^ (value.charCodeAt(last - 2) << 14) ^ (value.charCodeAt(last - 3) << 20);
        mark += value.charCodeAt(last >> 1) << 5;
      } else {
        mark ^= value.charCodeAt(0) << 9;
      }
    }
    flat[count++] = value;
  } else {
    if (isObject(value)) return addObject(value);
    const form = formOf(value);
    return form !== undefined && put(form);
  }
  hash = (Math.imul(hash, MIX) + mark) | 0;
  return true;
}

function put(form: Form): boolean {
  if (model !== null) return model[count++] === form;
  flat[count++] = form;
  hash = (Math.imul(hash, MIX) + form.hash) | 0;
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
  // What objects inherit would be taken for their own.
  for (const _ in plainPrototype) return false;
  const at = count++;
  let form: Form | undefined = formOfNothing;
  let isNested = false;
  for (const name in value) {
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
  flat[at] = form;
  hash = (Math.imul(hash, MIX) + form.hash) | 0;
  left -= form.characters;
  return true;
}

/** Where `write` and `skip` are in `flat`. */
let place = 0;

/** Writes the canonical bytes of the flat key at the start of `target`, which has room for them; gives their number. */
export function writeFlat(target: Uint8Array): number {
  place = 0;
  return write(target, 0);
}

function write(target: Uint8Array, start: number): number {
  const form = flat[place++];
  if (typeof form !== "object") return writePrimitive(form, target, start);
  let at = start;
  target[at++] = form.tag;
  if (form.tag === Tag.Array || form.tag === Tag.Object) at = writeCount(form.count, target, at);
  const { order, heads } = form;
  if (order === null) {
    for (let i = 0; i < form.count; i++) at = write(target, at);
    return at;
  }
  const places: number[] = [];
  for (let i = 0; i < form.count; i++) {
    places.push(place);
    skip();
  }
  const end = place;
  for (const i of order) {
    const head = heads[i] as Uint8Array;
    for (let j = 0; j < head.length; j++) target[at++] = head[j] as number;
    place = places[i] as number;
    at = write(target, at);
  }
  place = end;
  return at;
}

/** Goes over a value. */
function skip(): void {
  const form = flat[place++];
  if (typeof form === "object") for (let i = form.count; i > 0; i--) skip();
}
