// Encodes a value into bytes, by the rules of structured clone. docs/value-format.md describes them.
//
// It is a loop with a stack of its own, so depth costs memory and nothing else. Getters and proxies of the value
// may run, and use any cache: what they encode goes through another encoder.
import { ValueError } from "../errors.js";
import { typedArrayPrototype } from "../keys/builtins.js";
import { PART, SMALL, Tag, VIEWS, writePrimitive } from "../keys/format.js";
import { show } from "../show.js";
import { classOf, content, tagOf } from "./classes.js";
import { ERROR_PARTS, ERRORS } from "./format.js";
import type { Shapes } from "./shapes.js";
import { Writer } from "./writer.js";

/** Bytes that an encoder keeps at most. */
const KEPT = 1 << 16;
/** References remembered in a map that is worth keeping. */
const KEPT_REFERENCES = 1024;
/** Containers in each other at most. It stops a getter that gives new objects for ever. */
const DEEPEST = 1_000_000;
/** Steps of a path that a message shows. */
const LONGEST_PATH = 20;
/** The most bytes that an object takes at once, but for text and blocks. */
const ROOM = 24;

type Fields = Record<string, unknown>;

/** A container that is being written: a list, or an object whose values have names. */
interface Frame {
  tag: Tag;
  source: Fields | readonly unknown[];
  names: readonly string[] | null;
  /** The next value. */
  next: number;
  count: number;
}

/** The bytes of an encoded value. They are there until `release` is called. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
  /** Lets the buffer be used again. */
  release(): void;
}

const nodeBuffer = (globalThis as { Buffer?: new () => Uint8Array }).Buffer;

let idle: Encoder | null = null;

/** Encodes `value`, with the shapes of a cache. Throws a `ValueError` that names the path of what cannot be copied. */
export function encodeValue(value: unknown, shapes: Shapes): Encoded {
  const encoder = idle ?? new Encoder();
  idle = null;
  encoder.encode(value, shapes);
  return encoder;
}

class Encoder extends Writer implements Encoded {
  start = 0;
  length = 0;
  #shapes!: Shapes;
  #frame: Frame | null = null;
  #frames: Frame[] = [];
  // Objects by the order in which they were met. Most values are one object, for which no map is needed.
  #objects = 0;
  #first: object | null = null;
  #others = new Map<object, number>();

  encode(root: unknown, shapes: Shapes): void {
    if (this.bytes.length > KEPT && this.length < KEPT) this.resize();
    this.#shapes = shapes;
    this.bytes[0] = Tag.HasReferences;
    this.at = this.start = 1;
    try {
      let value = root;
      for (;;) {
        this.#value(value);
        let frame = this.#frame;
        while (frame !== null && frame.next === frame.count) frame = this.#frame = this.#frames.pop() ?? null;
        if (frame === null) break;
        const next = frame.next++;
        if (frame.names === null) {
          value = (frame.source as readonly unknown[])[next];
        } else {
          const name = frame.names[next] as string;
          if (frame.tag !== Tag.Shaped) this.putText(name);
          value = (frame.source as Fields)[name];
        }
      }
      this.length = this.at - this.start;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      this.#frame = null;
      if (this.#frames.length > 0) this.#frames = [];
      this.#objects = 0;
      this.#first = null;
      if (this.#others.size > KEPT_REFERENCES) this.#others = new Map();
      else if (this.#others.size > 0) this.#others.clear();
    }
  }

  release(): void {
    idle = this;
  }

  #value(value: unknown): void {
    if (typeof value === "string") return this.putText(value);
    this.makeRoom(ROOM);
    if (value === 0 && 1 / value < 0) return this.putByte(Tag.NegativeZero);
    const end = writePrimitive(value, this.bytes, this.at);
    if (end >= 0) {
      this.at = end;
    } else if (typeof value === "object") {
      this.#object(value as object);
    } else if (typeof value === "bigint") {
      this.putByte(Tag.BigInt);
      this.putText(String(value));
    } else {
      this.#refuse(`a ${typeof value}`);
    }
  }

  /** Writes an object, or the beginning of one. */
  #object(value: object): void {
    if (this.#objects === 0) {
      this.#first = value;
    } else {
      const known = value === this.#first ? 0 : this.#others.get(value);
      if (known !== undefined) {
        this.start = 0;
        return this.#head(Tag.BackReference, known);
      }
      this.#others.set(value, this.#objects);
    }
    this.#objects++;
    if (Array.isArray(value)) return this.#array(value);
    const tag = classOf(value);
    if (tag === Tag.Object) return this.#plain(value as Fields);
    if (tag === Tag.Buffer) return this.#buffer(value as ArrayBuffer);
    if (tag === undefined) this.#refuse(`a ${tagOf(value)}`);
    this.putByte(tag);
    switch (tag) {
      case Tag.Date:
      case Tag.Boxed:
        return this.#value(content);
      case Tag.RegExp: {
        // A copy has no properties of its own that say something else.
        const { source, flags } = new RegExp(value as RegExp);
        this.putText(source);
        return this.putText(flags);
      }
      case Tag.Map: {
        const entries: unknown[] = [];
        Map.prototype.forEach.call(value, (item, key) => entries.push(key, item));
        this.putCount(entries.length / 2);
        return this.#begin(tag, entries);
      }
      case Tag.Set: {
        const members: unknown[] = [];
        Set.prototype.forEach.call(value, (member) => members.push(member));
        this.putCount(members.length);
        return this.#begin(tag, members);
      }
      case Tag.View:
        return this.#view(value as ArrayBufferView);
      case Tag.Error:
        return this.#error(value as Error);
    }
  }

  #head(tag: Tag, count: number): void {
    this.putByte(tag);
    this.putCount(count);
  }

  /** Goes on with the values of a container. */
  #begin(tag: Tag, source: object, names: readonly string[] | null = null): void {
    if (this.#frame !== null && this.#frames.push(this.#frame) === DEEPEST) {
      this.#refuse(`nested more than ${DEEPEST} levels deep`);
    }
    const count = (names ?? (source as unknown[])).length;
    this.#frame = { tag, source: source as Fields, names, next: 0, count };
  }

  #plain(value: Fields): void {
    const names = Object.keys(value);
    const shape = this.#shapes.number(names);
    if (shape < 0) this.#head(Tag.Object, names.length);
    else if (shape < SMALL) this.putByte(Tag.SmallShape + shape);
    else this.#head(Tag.Shaped, shape);
    this.#begin(shape < 0 ? Tag.Object : Tag.Shaped, value, names);
  }

  #array(value: unknown[]): void {
    const { length } = value;
    const names = Object.keys(value);
    // Indices come first, in order: so with the last one in its place, there is nothing else.
    if (names.length === length && (length === 0 || names[length - 1] === String(length - 1))) {
      this.#head(Tag.Array, length);
      return this.#begin(Tag.Array, value);
    }
    this.#head(Tag.SparseArray, length);
    this.putCount(names.length);
    this.#begin(Tag.SparseArray, value, names);
  }

  #error(value: Error): void {
    const parts: unknown[] = [];
    let bits = 0;
    for (const [bit, part] of ERROR_PARTS.entries()) {
      const own = Object.getOwnPropertyDescriptor(value, part);
      let content: unknown = own?.value;
      // Some hosts have the stack in an accessor, of the object or of its class.
      if (part === "stack" ? typeof (content = value.stack) !== "string" : own === undefined || own.get) continue;
      if (part === "message") content = String(content);
      parts.push(content);
      bits |= 1 << bit;
    }
    this.putByte(Math.max(0, ERRORS.indexOf(value.name)));
    this.putByte(bits);
    this.#begin(Tag.Error, parts);
  }

  #whole<T>(use: () => T): T {
    try {
      return use();
    } catch {
      return this.#refuse("or was part of a detached ArrayBuffer");
    }
  }

  /** Writes a buffer, or one of Node's views as if it was one. */
  #buffer(value: ArrayBuffer | Uint8Array): void {
    const bytes = this.#whole(() => new Uint8Array(value as ArrayBuffer));
    if (isResizable(value)) {
      this.#head(Tag.ResizableBuffer, Reflect.get(ArrayBuffer.prototype, "maxByteLength", value) as number);
    } else {
      this.putByte(Tag.Buffer);
    }
    this.putBlock(bytes);
  }

  #view(value: ArrayBufferView): void {
    const isTyped = typeof content === "string";
    const prototype = isTyped ? typedArrayPrototype : DataView.prototype;
    // Asked of the class: the view may have properties of these names.
    const inside = (name: string): never => Reflect.get(prototype, name, value) as never;
    const number = VIEWS.indexOf(isTyped ? (content as string) : "DataView");
    // Node's small buffers are parts of a pool, with which their owner has nothing to do.
    if (nodeBuffer !== undefined && value instanceof nodeBuffer) {
      this.putByte(number);
      this.#objects++;
      return this.#buffer(value);
    }
    const buffer: ArrayBuffer = inside("buffer");
    const size = this.#whole(() => inside("byteLength") as number);
    const offset: number = inside("byteOffset");
    const isPart = size !== buffer.byteLength;
    this.putByte(number | (isPart ? PART : 0));
    this.#object(buffer);
    if (!isPart) return;
    this.makeRoom(ROOM);
    this.putCount(offset);
    // Nothing tells whether a view has a length of its own; one that reaches to the end most likely has not.
    const tracks = isResizable(buffer) && offset + size === buffer.byteLength;
    this.putCount(tracks ? 0 : 1 + (isTyped ? (inside("length") as number) : size));
  }

  #refuse(what: string): never {
    const frames = this.#frame === null ? this.#frames : [...this.#frames, this.#frame];
    const steps = frames.slice(0, LONGEST_PATH).map(step);
    const path = `value${steps.join("")}${frames.length > LONGEST_PATH ? "…" : ""}`;
    throw new ValueError(`${path} is ${what}, which cannot be held by copy`);
  }
}

function isResizable(buffer: object): boolean {
  return !ArrayBuffer.isView(buffer) && Reflect.get(ArrayBuffer.prototype, "resizable", buffer) === true;
}

/** The step from a container to the value in it that was taken last, as one would write it. */
function step({ tag, source, names, next }: Frame): string {
  const last = next - 1;
  if (tag === Tag.Map) return last & 1 ? `.get(${show((source as unknown[])[last - 1])})` : ` (key ${last >> 1})`;
  if (tag === Tag.Set) return ` (member ${last})`;
  if (tag === Tag.Error) return ".cause";
  const name = names === null ? last : (names[last] as string);
  if (/^[a-z_$][\w$]*$/i.test(name as string)) return `.${name}`;
  return `[${Array.isArray(source) && !Number.isNaN(+name) ? name : JSON.stringify(name)}]`;
}
