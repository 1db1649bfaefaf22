// Values held by copy: encoded on their way into the engine, decoded on their way out.
import * as border from "../../../target/wasm-pack/poche.js";
import { EntryTooLargeError } from "../errors.js";
import { bytes, point, pointedAt, pointedLength, pointedStart, valueRoom, view } from "../wasm.js";
import { decode } from "./decode.js";
import { type Encoded, encodeValue } from "./encode.js";
import { Shapes } from "./shapes.js";
import { copy } from "./writer.js";

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
    const length = border.value(address, slot, 0);
    if (length < 0) return undefined;
    point();
    if (length === pointedLength) return decode(bytes, view, pointedStart, length, this.#shapes);
    return decodeAlone(this.bytesAt(address, slot), this.#shapes);
  }

  /** The encoded value at a slot. */
  bytesAt(address: number, slot: number): Uint8Array {
    return join((piece) => border.value(address, slot, piece));
  }

  /** What gives the value of a removal of the last operation, also after the next one. */
  removed(address: number, place: number): () => unknown {
    const shapes = this.#shapes;
    const kept = join((piece) => border.removed_value(address, place, piece));
    return () => decodeAlone(kept, shapes);
  }

  /** Throws: the entry at a slot is too large with a key of this length. */
  refuse(address: number, slot: number, key: unknown, keyLength: number, maxBytes: number): never {
    throw new EntryTooLargeError(key, border.weight(keyLength, border.value(address, slot, 0)), maxBytes);
  }

  /** Forgets the shapes: no value is left that has one. */
  forget(): void {
    this.#shapes = new Shapes();
  }
}

/** The pieces of a value put together: here, since the engine may have no memory left. */
function join(pointAt: (piece: number) => number): Uint8Array {
  const length = pointAt(0);
  const whole = new Uint8Array(length);
  for (let piece = 0, at = 0; at < length && pointAt(piece) === length; piece++) {
    whole.set(pointedAt(), at);
    at += pointedLength;
  }
  return whole;
}

function decodeAlone(whole: Uint8Array, shapes: Shapes): unknown {
  return decode(whole, new DataView(whole.buffer), 0, whole.length, shapes);
}

/** Puts an encoded value where the engine takes it from. How long it is. */
export function place(encoded: Encoded): number {
  const { bytes: from, start, length } = encoded;
  copy(from, start, length, valueRoom(length), 0);
  encoded.release();
  return length;
}

/** Throws if an entry is larger than the whole bound. */
export function checkWeight(key: unknown, keyLength: number, length: number, maxBytes: number): void {
  if (maxBytes === Infinity) return;
  const weight = border.weight(keyLength, length);
  if (weight > maxBytes) throw new EntryTooLargeError(key, weight, maxBytes);
}
