// The writer of keys: goes through a value and writes its canonical bytes.
import { OutOfMemoryError, UnhashableKeyError } from "../errors.js";
import { type Builtin, builtinOf, memberOf, typedArrayPrototype } from "./builtins.js";
import { ROOM, Tag, textRoom, VIEWS, writeCount, writeNumber, writePrimitive, writeTagged } from "./format.js";
import { numberOf } from "./identity.js";

export type Bag = Record<string | symbol, unknown>;

export const POCHE_KEY = Symbol.for("poche.key");
/** The most levels of nesting. */
export const DEEPEST = 1000;
export const FIRST_SIZE = 512;
const LARGEST = 2 ** 30;

const { getOwnPropertyDescriptor, getOwnPropertySymbols, getPrototypeOf, keys: namesOf } = Object;
const { propertyIsEnumerable: isEnumerable } = Object.prototype;
export const { apply } = Reflect;
const plainPrototype = Object.prototype;
const { forEach: forEachEntry } = Map.prototype;
const { forEach: forEachMember } = Set.prototype;
const flagsOf = memberOf(RegExp.prototype, "flags")!;
const bufferOf = memberOf(typedArrayPrototype, "buffer")!;
const offsetOf = memberOf(typedArrayPrototype, "byteOffset")!;
const lengthOf = memberOf(typedArrayPrototype, "byteLength")!;
const viewOffsetOf = memberOf(DataView.prototype, "byteOffset")!;
const viewLengthOf = memberOf(DataView.prototype, "byteLength")!;

/** Writes keys, one at a time, into a buffer of its own. */
export class Encoder {
  bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  at = 0;
  refs: unknown[] | null = null;
  byIdentity = false;
  /** The objects that hold what is being written. */
  readonly around: object[] = [];

  value(value: unknown): void {
    if (typeof value === "string") {
      this.#text(value);
      return;
    }
    this.#room(ROOM);
    const end = writePrimitive(value, this.bytes, this.at);
    if (end >= 0) {
      this.at = end;
    } else if (typeof value === "bigint") {
      this.#tag(Tag.BigInt);
      this.#text(String(value));
    } else if (typeof value === "symbol") {
      const name = Symbol.keyFor(value);
      if (name === undefined) {
        this.#reference(value);
      } else {
        this.#tag(Tag.RegisteredSymbol);
        this.#text(name);
      }
    } else if (this.byIdentity) {
      this.#reference(value as object);
    } else {
      this.#object(value as object);
    }
  }

  list(list: ArrayLike<unknown>): void {
    // A proxy may call anything its length.
    const length = list.length >>> 0;
    this.#room(length + ROOM);
    this.#tag(Tag.Array);
    this.#count(length);
    for (let i = 0; i < length; i++) this.value(list[i]);
  }

  #object(value: object): void {
    const { around } = this;
    if (around.length > 0) {
      if (around.length >= DEEPEST) throw tooDeep();
      if (around.includes(value)) throw unhashable("contains itself");
    }
    around.push(value);
    const listed = isList(value);
    const method = (value as Bag)[POCHE_KEY];
    if (typeof method === "function") {
      this.value(apply(method, value, []));
    } else if (typeof value === "function") {
      this.#reference(value);
    } else {
      const prototype: object | null = getPrototypeOf(value);
      const builtin = builtinOf(prototype ?? plainPrototype);
      if (builtin === null || listed !== (builtin.tag === Tag.Array)) this.#reference(value);
      else if (listed) this.list(value as unknown[]);
      else if (builtin.tag === Tag.Object) this.#plain(value);
      else this.#builtin(builtin, value);
    }
    around.pop();
  }

  #plain(value: object): void {
    const names = namesOf(value);
    const symbols = getOwnPropertySymbols(value);
    // A prototype, or a namespace such as Math: nothing that counts, but not the same as {}.
    if (
      ((value.constructor !== Object || value === plainPrototype) && isHidden(value, "constructor")) ||
      ((value as Bag)[Symbol.toStringTag] !== undefined && isHidden(value, Symbol.toStringTag))
    ) {
      this.#reference(value);
      return;
    }
    names.sort();
    const shown = symbols.filter((symbol) => isEnumerable.call(value, symbol));
    this.#tag(shown.length > 0 ? Tag.SymbolicObject : Tag.Object);
    this.#count(names.length + shown.length);
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      this.#text(name);
      this.value((value as Bag)[name]);
    }
    if (shown.length > 0)
      this.#members(
        shown.flatMap((symbol) => [symbol, (value as Bag)[symbol]]),
        2,
      );
  }

  #builtin({ tag, inside }: Builtin, value: object): void {
    let content: unknown;
    try {
      content = inside.call(value);
    } catch {
      // It has the prototype only.
    }
    if (content === undefined) {
      this.#reference(value);
      return;
    }
    this.#tag(tag);
    const members: unknown[] = [];
    switch (tag) {
      case Tag.Date:
        this.at = writeNumber(content as number, this.bytes, this.at);
        break;
      case Tag.RegExp:
        this.#text(content as string);
        this.#text(String(flagsOf.call(value)));
        break;
      case Tag.Map:
        forEachEntry.call(value as Map<unknown, unknown>, (entry, key) => members.push(key, entry));
        this.#count(members.length / 2);
        this.#members(members, 2);
        break;
      case Tag.Set:
        forEachMember.call(value as Set<unknown>, (member) => members.push(member));
        this.#count(members.length);
        this.#members(members, 1);
        break;
      case Tag.View: {
        const isTyped = typeof content === "string";
        this.#tag(VIEWS.indexOf(isTyped ? (content as string) : "DataView"));
        this.#tag(Tag.Buffer);
        if (isTyped) {
          this.#block(bufferOf.call(value), offsetOf.call(value), lengthOf.call(value));
          break;
        }
        let length: unknown = 0;
        let offset: unknown = 0;
        try {
          length = viewLengthOf.call(value);
          offset = viewOffsetOf.call(value);
        } catch {
          // Its buffer is detached or has shrunk.
        }
        this.#block(content, offset, length);
        break;
      }
      case Tag.Buffer:
      case Tag.SharedBuffer:
        this.#block(value, 0, content);
        break;
      default:
        this.value(content);
    }
  }

  /** Writes members of `width` values each, in the order of their bytes. */
  #members(values: readonly unknown[], width: number): void {
    const start = this.at;
    const firstRef = this.refs?.length ?? 0;
    const members: { bytes: Uint8Array; refs: unknown[] | undefined }[] = [];
    for (let i = 0; i < values.length; ) {
      const from = this.at;
      const fromRef = this.refs?.length ?? 0;
      for (const last = i + width; i < last; i++) this.value(values[i]);
      members.push({ bytes: this.bytes.slice(from, this.at), refs: this.refs?.slice(fromRef) });
    }
    members.sort((one, other) => compare(one.bytes, other.bytes));
    this.at = start;
    if (this.refs !== null) this.refs.length = firstRef;
    for (const { bytes, refs } of members) {
      this.bytes.set(bytes, this.at);
      this.at += bytes.length;
      if (refs !== undefined) for (const ref of refs) this.refs?.push(ref);
    }
  }

  #text(text: string): void {
    this.#room(textRoom(text));
    this.at = writeTagged(text, this.bytes, this.at);
  }

  #block(buffer: unknown, offset: unknown, size: unknown): void {
    const length = size as number;
    this.#room(length + ROOM);
    this.#count(length);
    // The buffer may be detached.
    if (length === 0) return;
    this.bytes.set(new Uint8Array(buffer as ArrayBuffer, offset as number, length), this.at);
    this.at += length;
  }

  #reference(value: object | symbol): void {
    this.refs ??= [];
    this.refs.push(value);
    this.#tag(Tag.Reference);
    this.#count(numberOf(value));
  }

  #tag(tag: number): void {
    this.bytes[this.at++] = tag;
  }

  #count(count: number): void {
    this.at = writeCount(count, this.bytes, this.at);
  }

  #room(count: number): void {
    if (this.bytes.length - this.at < count) this.#grow(this.at + count);
  }

  #grow(size: number): void {
    let bytes: Uint8Array;
    try {
      if (size > LARGEST) throw null;
      bytes = new Uint8Array(Math.max(size, Math.min(2 * this.bytes.length, LARGEST)));
    } catch {
      throw new OutOfMemoryError();
    }
    bytes.set(this.bytes.subarray(0, this.at));
    this.bytes = bytes;
  }
}

/** Whether it is an array or a proxy of one. The one question to a proxy that runs no user code. */
export function isList(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    throw unhashable("is or holds a revoked proxy");
  }
}

function isHidden(value: object, property: string | symbol): boolean {
  return getOwnPropertyDescriptor(value, property)?.enumerable === false;
}

function compare(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) {
    const difference = (one[i] as number) - (other[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function tooDeep(): UnhashableKeyError {
  return unhashable(`is nested more than ${DEEPEST} levels deep`);
}

export function unhashable(why: string): UnhashableKeyError {
  return new UnhashableKeyError(`this cannot be a key: it ${why}`);
}
