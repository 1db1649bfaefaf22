// Which objects are compared by structure: arrays, plain objects and built-ins, of this realm or another.
import { Tag, TYPED_ARRAYS } from "./format.js";

type Method = (this: unknown) => unknown;

/** A type that is compared by structure. */
export interface Builtin {
  tag: Tag;
  /** Gives what is inside an object of the type, whatever its realm; throws for others, proxies among them. */
  inside: Method;
}

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { toString: sourceOf } = Function.prototype;

/** What all typed arrays inherit from. */
export const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype) as object;

const byPrototype = new WeakMap<object, Builtin | null>();
/** `function Date() { [native code] }`: what the constructors of other realms say too, and no other function. */
const bySource = new Map<string, Builtin>();

add("Array", Tag.Array, "toString");
add("Object", Tag.Object, "toString");
add("Date", Tag.Date, "getTime");
add("RegExp", Tag.RegExp, "source");
add("Map", Tag.Map, "size");
add("Set", Tag.Set, "size");
for (const name of ["Number", "String", "Boolean", "Symbol", "BigInt"]) add(name, Tag.Boxed, "valueOf");
for (const name of [...TYPED_ARRAYS, "Buffer"]) add(name, Tag.TypedArray, Symbol.toStringTag, typedArrayPrototype);
add("DataView", Tag.DataView, "buffer");
add("ArrayBuffer", Tag.ArrayBuffer, "byteLength");
add("SharedArrayBuffer", Tag.SharedArrayBuffer, "byteLength");
add("URL", Tag.URL, "href");

/** Takes up a type, if the host has it. `member` is the method or getter, in `home`, that knows its own objects. */
function add(name: string, tag: Tag, member: string | symbol, home?: object): void {
  const type = (globalThis as unknown as Record<string, typeof Object | undefined>)[name];
  if (typeof type !== "function") return;
  const inside = memberOf(home ?? type.prototype, member);
  if (inside === undefined) return;
  const builtin = { tag, inside };
  byPrototype.set(type.prototype, builtin);
  bySource.set(sourceOf.call(type), builtin);
}

/** The method, or the function behind a getter. */
export function memberOf(home: object, member: string | symbol): Method | undefined {
  const found = getOwnPropertyDescriptor(home, member);
  return found?.get ?? found?.value;
}

/** The type of the objects that have this prototype; `null` where they are compared by identity. O(1) once seen. */
export function builtinOf(prototype: object): Builtin | null {
  let builtin = byPrototype.get(prototype);
  if (builtin === undefined) {
    builtin = foreign(prototype);
    byPrototype.set(prototype, builtin);
  }
  return builtin;
}

function foreign(prototype: object): Builtin | null {
  const type = getOwnPropertyDescriptor(prototype, "constructor")?.value;
  // A constructor's prototype is fixed, so another's cannot be borrowed.
  if (typeof type !== "function" || type.prototype !== prototype) return null;
  return bySource.get(sourceOf.call(type)) ?? null;
}
