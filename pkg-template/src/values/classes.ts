// What an object is, whatever it calls itself: by its internal slots where they show, across realms.
import { builtinOf } from "../keys/builtins.js";
import { Tag } from "../keys/format.js";

const { toString } = Object.prototype;
const plainPrototype = Object.prototype;

/** Objects that are nothing without what is hidden in them. */
const HIDDEN =
  /^((Weak|URL|File|Crypto|Abort|Request|Response|Finalization|Async|Generator|Window|global).*|Promise|Blob|FormData|Headers|MessagePort|(Intl|Temporal|WebAssembly)\b.*|.*(Iterator|Stream|Element))$/;

/** What is inside the object that `classOf` was asked about last: its time, its source, its primitive. */
export let content: unknown;

/** What `[object ...]` says of an object. */
export function tagOf(value: object): string {
  return toString.call(value).slice(8, -1);
}

/**
 * The tag of an object that is no array; `undefined` if it cannot be copied. An instance of a class is a plain object,
 * unless the class extends a built-in one: its own properties are what counts.
 */
export function classOf(value: object): Tag | undefined {
  let prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === plainPrototype) return Tag.Object;
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const builtin = builtinOf(prototype);
    if (builtin === null || builtin.tag === Tag.Object || builtin.tag === Tag.Array) continue;
    try {
      content = builtin.inside.call(value);
      if (content !== undefined) return builtin.tag < Tag.Reference ? builtin.tag : undefined;
    } catch {
      // It has the prototype only.
    }
  }
  const tag = tagOf(value);
  if (tag === "Error" || (tag !== "Object" && value instanceof Error)) return Tag.Error;
  return HIDDEN.test(tag) ? undefined : Tag.Object;
}
