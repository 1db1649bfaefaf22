// Which objects are compared by structure: arrays, plain objects and built-ins, of this realm or another.
import { Tag } from "./format.js";

/** A method, or the function behind a getter. */
type Member = (this: unknown) => unknown;

/** A type that is compared by structure. */
export interface Builtin {
  tag: Tag;
  /** Gives what is inside an object of the type, whatever its realm; throws for others, proxies among them. */
  inside: Member;
}

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { toString: sourceOf } = Function.prototype;

/** What all typed arrays inherit from. */
export const typedArrayPrototype: object = getPrototypeOf(Uint8Array.prototype);

const boxed = [Tag.Boxed, "valueOf"] as const;
/** The constructors of the types, each with the member that tells what is inside its objects. */
const types: Record<string, readonly [tag: Tag, member: string] | undefined> = {
  __proto__: null as never,
  Array: [Tag.Array, "toString"],
  Object: [Tag.Object, "toString"],
  Date: [Tag.Date, "getTime"],
  RegExp: [Tag.RegExp, "source"],
  Map: [Tag.Map, "size"],
  Set: [Tag.Set, "size"],
  Number: boxed,
  String: boxed,
  Boolean: boxed,
  Symbol: boxed,
  BigInt: boxed,
  DataView: [Tag.View, "buffer"],
  ArrayBuffer: [Tag.Buffer, "byteLength"],
  SharedArrayBuffer: [Tag.SharedBuffer, "byteLength"],
  URL: [Tag.URL, "href"],
};
const TYPED_ARRAY = /.Array$|^Buffer$/;

const known = new WeakMap<object, Builtin | null>();

/** The type of the objects that have this prototype; `null` where they are compared by identity. O(1) once seen. */
export function builtinOf(prototype: object): Builtin | null {
  let builtin = known.get(prototype);
  if (builtin === undefined) {
    builtin = find(prototype);
    known.set(prototype, builtin);
  }
  return builtin;
}

function find(prototype: object): Builtin | null {
  const type = getOwnPropertyDescriptor(prototype, "constructor")?.value;
  // The prototype of a built-in constructor is fixed, so that no other object passes for it.
  if (typeof type !== "function" || type.prototype !== prototype) return null;
  const name = String(type.name);
  const own = (globalThis as unknown as Record<string, typeof Object>)[name];
  // `function Date() { [native code] }` is what the constructors of all realms say, and no other function.
  if (typeof own !== "function" || sourceOf.call(own) !== sourceOf.call(type)) return null;
  const found = types[name];
  if (found !== undefined) return { tag: found[0], inside: memberOf(own.prototype, found[1]) };
  if (!TYPED_ARRAY.test(name)) return null;
  return { tag: Tag.View, inside: memberOf(typedArrayPrototype, Symbol.toStringTag) };
}

/** The method, or the function behind the getter. */
export function memberOf(home: object, name: string | symbol): Member {
  const member = getOwnPropertyDescriptor(home, name);
  return member?.get ?? member?.value;
}
