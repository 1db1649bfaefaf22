// Values held by copy: encoded on their way into the engine, decoded on their way out.
import * as border from "../../../target/wasm-pack/poche.js";
import { EntryTooLargeError, OutOfMemoryError } from "../errors.js";
import { bytes, point, pointedAt, pointedLength, pointedStart, valueRoom, view } from "../wasm.js";
import { decodeValue } from "./decode.js";
import { type Encoded, encodeValue } from "./encode.js";
import { Shapes } from "./shapes.js";

/** What encodes and decodes the values of one cache. */
export class Copies {
  #shapes = new Shapes();

  get shapes(): Shapes {
    return this.#shapes;
  }

  /** Takes the shapes of a snapshot, whose values are to follow. */
  adopt(shapes: Shapes): void {
    this.#shapes = shapes;
  }

  /** Encodes a value that is to be stored. Runs user code. */
  encode(value: unknown): Encoded {
    return encodeValue(value, this.#shapes);
  }

  /** The same, in bytes of its own, for values that are stored later. */
  encodeToKeep(value: unknown): Encoded {
    const encoded = this.encode(value);
    const { start, length } = encoded;
    const bytes = encoded.bytes.slice(start, start + length);
    encoded.release();
    return { bytes, start: 0, length, release() {} };
  }

  /** A copy of the value at a slot. */
  at(address: number, slot: number): unknown {
    const answer = border.value(address, slot);
    if (answer < 0) return missing(answer);
    point();
    return decodeValue(bytes, view, pointedStart, pointedLength, this.#shapes);
  }

  /** What gives the value of a removal of the last operation, also after the next one. */
  removed(address: number, place: number): () => unknown {
    const answer = border.removed_value(address, place);
    if (answer < 0) return () => missing(answer);
    const kept = pointedAt().slice();
    const shapes = this.#shapes;
    return () => decodeValue(kept, new DataView(kept.buffer), 0, kept.length, shapes);
  }

  /** Throws: the entry at a slot is too large with a key of this length. */
  refuse(address: number, slot: number, key: unknown, keyLength: number, maxBytes: number): never {
    border.value(address, slot);
    point();
    throw new EntryTooLargeError(key, border.weight(keyLength, pointedLength), maxBytes);
  }

  /** Forgets the shapes: no value is left that has one. */
  forget(): void {
    this.#shapes = new Shapes();
  }
}

/** There is no value, or no memory to put a long one together. */
function missing(answer: number): undefined {
  if (answer < -1) throw new OutOfMemoryError();
}

/** Puts an encoded value where the engine takes it from. How long it is. */
export function place(encoded: Encoded): number {
  const { bytes: from, start, length } = encoded;
  const target = valueRoom(length);
  if (length <= 64) for (let i = 0; i < length; i++) target[i] = from[start + i] as number;
  else target.set(from.subarray(start, start + length));
  encoded.release();
  return length;
}

/** Throws if an entry is larger than the whole bound. */
export function checkWeight(key: unknown, keyLength: number, length: number, maxBytes: number): void {
  if (maxBytes === Infinity) return;
  const weight = border.weight(keyLength, length);
  if (weight > maxBytes) throw new EntryTooLargeError(key, weight, maxBytes);
}
