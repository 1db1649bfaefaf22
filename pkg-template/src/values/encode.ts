// Encodes a value into bytes, by the rules of structured clone. docs/value-format.md describes them.
//
// It is a loop with a stack of its own, so depth costs memory and nothing else. Getters and proxies of the value
// may run, and use any cache: what they encode goes through another encoder.
import { ValueError } from "../errors.js";
import { writeText } from "../keys/text.js";
import { show } from "../show.js";
import { Class, classOf, tagOf, unbox } from "./classes.js";
import { ERROR_PARTS, ERRORS, SMALL, Tag, TRACKS_LENGTH, VIEWS } from "./format.js";
import type { Shapes } from "./shapes.js";

/** Bytes of an encoder at first, and bytes that it keeps at most. */
const FIRST = 1024;
const KEPT = 1 << 16;
/** References remembered in a map that is worth keeping. */
const KEPT_REFERENCES = 1024;

type Fields = Record<string, unknown>;

/** What the values of a container are found by, and how its bytes go on. */
const enum Level {
  /** Values by name; the names stand in the shape. */
  Shaped,
  /** Values by name, each after its name. */
  Named,
  /** Values by index. */
  Elements,
  /** Keys and values in turn. */
  Entries,
  /** A set's values. */
  Members,
  /** An error's parts. */
  Parts,
}

/** A container that is being written. */
interface Frame {
  level: Level;
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

interface ResizableBuffer extends ArrayBuffer {
  readonly resizable?: boolean;
  readonly maxByteLength?: number;
}

/** Stands for the number of a buffer of which only a part was written. */
const IN_PART = -2;
/** Containers in each other at most. It stops a getter that gives new objects for ever. */
const DEEPEST = 1_000_000;
/** Steps of a path that a message shows. */
const LONGEST_PATH = 20;

const viewTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined;
const nodeBuffer = (globalThis as { Buffer?: new () => Uint8Array }).Buffer;

let idle: Encoder | null = null;

/** Encodes `value`, with the shapes of a cache. Throws a `ValueError` that names the path of what cannot be copied. */
export function encodeValue(value: unknown, shapes: Shapes): Encoded {
  const encoder = idle ?? new Encoder();
  idle = null;
  encoder.encode(value, shapes);
  return encoder;
}

class Encoder implements Encoded {
  bytes = new Uint8Array(FIRST);
  start = 0;
  length = 0;
  #view = new DataView(this.bytes.buffer);
  #at = 0;
  #shapes!: Shapes;
  #frame: Frame | null = null;
  #frames: Frame[] = [];
  // Objects by the order in which they were met. Most values are one object, for which no map is needed.
  #objects = 0;
  #first: object | null = null;
  #others = new Map<object, number>();
  #hasReferences = false;
  /** Whether views of a part of a buffer keep all of it. */
  #wholeBuffers = false;

  encode(value: unknown, shapes: Shapes): void {
    if (this.bytes.length > KEPT && this.length < KEPT) this.#resize(FIRST);
    this.#shapes = shapes;
    try {
      this.#wholeBuffers = false;
      if (!this.#write(value)) {
        this.#wholeBuffers = true;
        this.#write(value);
      }
      this.start = this.#hasReferences ? 0 : 1;
      this.bytes[0] = Tag.HasReferences;
      this.length = this.#at - this.start;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      this.#forget();
    }
  }

  release(): void {
    idle = this;
  }

  #forget(): void {
    this.#frame = null;
    this.#frames = [];
    this.#first = null;
    if (this.#others.size > KEPT_REFERENCES) this.#others = new Map();
    else if (this.#others.size > 0) this.#others.clear();
  }

  /** Writes it all. `false`: two views share a buffer, so that has to be written as a whole. */
  #write(root: unknown): boolean {
    this.#forget();
    this.#at = 1;
    this.#objects = 0;
    this.#hasReferences = false;
    let value = root;
    for (;;) {
      if (typeof value === "object" && value !== null) {
        if (!this.#object(value)) return false;
      } else {
        this.#primitive(value);
      }
      let frame = this.#frame;
      while (frame !== null && frame.next === frame.count) frame = this.#frame = this.#frames.pop() ?? null;
      if (frame === null) return true;
      const next = frame.next++;
      if (frame.names === null) {
        value = (frame.source as readonly unknown[])[next];
      } else {
        const name = frame.names[next] as string;
        if (frame.level === Level.Named) this.#text(name);
        value = (frame.source as Fields)[name];
      }
    }
  }

  #primitive(value: unknown): void {
    this.#reserve(16);
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return this.#number(value);
      case "boolean":
        return this.#byte(value ? Tag.True : Tag.False);
      case "undefined":
        return this.#byte(Tag.Undefined);
      case "object":
        return this.#byte(Tag.Null);
      case "bigint":
        return this.#bigint(value);
      default:
        this.#refuse(`a ${typeof value}`);
    }
  }

  /** Writes an object, or the beginning of one. `false`: it is a buffer that was written in part. */
  #object(value: object): boolean {
    this.#reserve(16);
    const known = this.#meet(value);
    if (known === IN_PART) return false;
    if (known >= 0) {
      this.#reference(known);
      return true;
    }
    if (Array.isArray(value)) {
      this.#array(value);
      return true;
    }
    switch (classOf(value)) {
      case Class.Plain:
        this.#plain(value as Fields);
        return true;
      case Class.Date:
        this.#byte(Tag.Date);
        this.#double(Date.prototype.getTime.call(value));
        return true;
      case Class.RegExp:
        this.#byte(Tag.RegExp);
        this.#text((value as RegExp).source);
        this.#text((value as RegExp).flags);
        return true;
      case Class.Map: {
        const entries: unknown[] = [];
        Map.prototype.forEach.call(value, (item, key) => entries.push(key, item));
        this.#head(Tag.Map, entries.length / 2);
        this.#begin(Level.Entries, entries, null, entries.length);
        return true;
      }
      case Class.Set: {
        const members: unknown[] = [];
        Set.prototype.forEach.call(value, (member) => members.push(member));
        this.#head(Tag.Set, members.length);
        this.#begin(Level.Members, members, null, members.length);
        return true;
      }
      case Class.Boxed:
        this.#byte(Tag.Boxed);
        this.#primitive(unbox(value));
        return true;
      case Class.Error:
        this.#error(value as Error);
        return true;
      case Class.Buffer:
        this.#buffer(value as ArrayBuffer);
        return true;
      case Class.View:
        return this.#bufferView(value as ArrayBufferView);
      default:
        this.#refuse(`a ${tagOf(value)}`);
    }
  }

  /** The number of an object that was met before, or `IN_PART`; otherwise it gets the next one, and the answer is -1. */
  #meet(value: object): number {
    if (this.#objects === 0) {
      this.#first = value;
    } else {
      if (value === this.#first) return 0;
      const known = this.#others.get(value);
      if (known !== undefined) return known;
      this.#others.set(value, this.#objects);
    }
    this.#objects++;
    return -1;
  }

  #reference(number: number): void {
    this.#hasReferences = true;
    this.#head(Tag.Reference, number);
  }

  #head(tag: Tag, count: number): void {
    this.#byte(tag);
    this.#count(count);
  }

  /** Goes on with the values of a container. */
  #begin(level: Level, source: object, names: readonly string[] | null, count: number): void {
    if (this.#frame !== null && this.#frames.push(this.#frame) === DEEPEST) {
      this.#refuse(`nested more than ${DEEPEST} levels deep`);
    }
    this.#frame = { level, source: source as Fields, names, next: 0, count };
  }

  #plain(value: Fields): void {
    const names = Object.keys(value);
    const shape = this.#shapes.number(names);
    if (shape < 0) this.#head(Tag.Object, names.length);
    else if (shape < SMALL) this.#byte(Tag.SmallShape + shape);
    else this.#head(Tag.Shaped, shape);
    this.#begin(shape < 0 ? Level.Named : Level.Shaped, value, names, names.length);
  }

  #array(value: unknown[]): void {
    const { length } = value;
    const names = Object.keys(value);
    // Indices come first, in order: so with the last one in its place, there is nothing else.
    if (names.length === length && (length === 0 || names[length - 1] === String(length - 1))) {
      this.#head(Tag.Array, length);
      return this.#begin(Level.Elements, value, null, length);
    }
    this.#head(Tag.SparseArray, length);
    this.#count(names.length);
    this.#begin(Level.Named, value, names, names.length);
  }

  #error(value: Error): void {
    const parts: unknown[] = [];
    let bits = 0;
    for (const [bit, part] of ERROR_PARTS.entries()) {
      const content = value[part];
      // A message or stack of its class counts if it says something.
      if (!Object.hasOwn(value, part) && (part === "cause" || !content)) continue;
      parts.push(part === "cause" ? content : String(content));
      bits |= 1 << bit;
    }
    this.#byte(Tag.Error);
    this.#byte(Math.max(0, ERRORS.indexOf(value.name)));
    this.#byte(bits);
    this.#begin(Level.Parts, parts, null, parts.length);
  }

  /** Writes a buffer. Its bytes come last, so they can be read from where they lie. */
  #buffer(value: ResizableBuffer): void {
    const content = this.#content(value);
    if (value.resizable) {
      this.#head(Tag.ResizableBuffer, value.maxByteLength as number);
    } else {
      this.#byte(Tag.Buffer);
    }
    this.#append(content);
  }

  /** Writes a view. `false`: its buffer was written in part. */
  #bufferView(value: ArrayBufferView): boolean {
    const content = this.#content(value);
    const buffer = value.buffer as ResizableBuffer;
    const number = VIEWS.indexOf(viewName(value));
    const part = value.byteLength !== buffer.byteLength;
    // Node's small buffers are parts of a pool, with which their owner has nothing to do.
    if (part && nodeBuffer !== undefined && value instanceof nodeBuffer) {
      this.#objects++;
      this.#wholeView(number, content);
      return true;
    }
    const known = this.#meet(buffer);
    if (known === IN_PART) return false;
    if (known < 0 && !buffer.resizable && !(part && this.#wholeBuffers)) {
      if (part) this.#others.set(buffer, IN_PART);
      this.#wholeView(number, content);
      return true;
    }
    // Nothing tells whether a view has a length of its own; one that reaches to the end most likely has not.
    const tracks = buffer.resizable && value.byteOffset + value.byteLength === buffer.byteLength;
    this.#byte(Tag.View);
    this.#byte(number | (tracks ? TRACKS_LENGTH : 0));
    this.#count(value.byteOffset);
    this.#count(value.byteLength);
    if (known < 0) this.#buffer(buffer);
    else this.#reference(known);
    return true;
  }

  #wholeView(number: number, content: Uint8Array): void {
    this.#byte(Tag.WholeView);
    this.#byte(number);
    this.#append(content);
  }

  /** The bytes of a buffer or view. */
  #content(value: ArrayBuffer | ArrayBufferView): Uint8Array {
    if (ArrayBuffer.isView(value) && tagOf(value.buffer) === "SharedArrayBuffer") {
      this.#refuse("a view of a SharedArrayBuffer");
    }
    try {
      return ArrayBuffer.isView(value)
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : new Uint8Array(value);
    } catch {
      return this.#refuse("or was part of a detached ArrayBuffer");
    }
  }

  #number(value: number): void {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= 0 && value < SMALL) {
        this.#byte(Tag.SmallInt + value);
      } else if ((value << 24) >> 24 === value) {
        this.#byte(Tag.Int8);
        this.#byte(value & 0xff);
      } else if ((value << 16) >> 16 === value) {
        this.#byte(Tag.Int16);
        this.#view.setInt16(this.#at, value, true);
        this.#at += 2;
      } else {
        this.#byte(Tag.Int32);
        this.#view.setInt32(this.#at, value, true);
        this.#at += 4;
      }
    } else if (Math.fround(value) === value) {
      this.#byte(Tag.Float32);
      this.#view.setFloat32(this.#at, value, true);
      this.#at += 4;
    } else {
      this.#byte(Tag.Float64);
      this.#double(value);
    }
  }

  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      this.#byte(Tag.BigInt64);
      this.#view.setBigInt64(this.#at, value, true);
      this.#at += 8;
    } else {
      this.#byte(Tag.BigInt);
      this.#text(value.toString(16));
    }
  }

  #text(text: string): void {
    const { length } = text;
    this.#reserve(16 + 3 * length);
    const { bytes } = this;
    const at = this.#at;
    if (length < SMALL) {
      let i = 0;
      let code = 0;
      while (i < length && (code = text.charCodeAt(i)) < 0x80) bytes[at + ++i] = code;
      if (i === length) {
        bytes[at] = Tag.ShortText + length;
        this.#at = at + 1 + length;
        return;
      }
    }
    // The length stands before the text, in as many bytes as it needs, which shows only afterwards.
    const start = at + 8;
    const end = writeText(text, bytes, start);
    this.#byte(Tag.Text);
    this.#count(end - start);
    bytes.copyWithin(this.#at, start, end);
    this.#at += end - start;
  }

  #byte(byte: number): void {
    this.bytes[this.#at++] = byte;
  }

  /** A count, seven bits to a byte, the lowest first. */
  #count(count: number): void {
    for (; count > 0x7f; count = Math.floor(count / 128)) this.#byte((count % 128) | 0x80);
    this.#byte(count);
  }

  #double(value: number): void {
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  #append(content: Uint8Array): void {
    this.#reserve(32 + content.length);
    this.#count(content.length);
    this.bytes.set(content, this.#at);
    this.#at += content.length;
  }

  /** Makes sure that there is room for `size` bytes. */
  #reserve(size: number): void {
    const needed = this.#at + size;
    if (needed > this.bytes.length) this.#resize(Math.max(needed, 2 * this.bytes.length));
  }

  #resize(size: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, Math.min(this.#at, size)));
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  #refuse(what: string): never {
    const frames = this.#frame === null ? this.#frames : [...this.#frames, this.#frame];
    const steps = frames.slice(0, LONGEST_PATH).map(step);
    const path = `value${steps.join("")}${frames.length > LONGEST_PATH ? "…" : ""}`;
    throw new ValueError(`${path} is ${what}, which cannot be held by copy`);
  }
}

function viewName(value: ArrayBufferView): string {
  return viewTag.call(value) ?? "DataView";
}

/** The step from a container to the value in it that was taken last, as one would write it. */
function step({ level, source, names, next }: Frame): string {
  const last = next - 1;
  if (names !== null) {
    const name = names[last] as string;
    if (Array.isArray(source) && /^\d+$/.test(name)) return `[${name}]`;
    return /^[\p{L}_$][\p{L}\d_$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  }
  switch (level) {
    case Level.Entries:
      return last & 1 ? `.get(${show((source as unknown[])[last - 1])})` : ` (key ${last >> 1})`;
    case Level.Members:
      return ` (member ${last})`;
    case Level.Parts:
      return ".cause";
    default:
      return `[${last}]`;
  }
}
