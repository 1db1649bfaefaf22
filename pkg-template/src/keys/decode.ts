// From bytes to keys.
import { CorruptDataError } from "../errors.js";
import { double, doubleBytes, Kind, SHORT_TEXT, SMALL, Tag } from "./format.js";
import { readText } from "./text.js";

/**
 * The key from its bytes: a copy of what is compared by structure, and of `refs`, the very objects and symbols that
 * are compared by identity. Runs no user code. O(n).
 */
export function decodeKey(kind: Kind, bytes: Uint8Array, refs: readonly unknown[] | null): unknown {
  if (kind === Kind.Number) return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  if (kind === Kind.String) return readText(bytes, 0, bytes.length);
  return new Decoder(bytes, refs ?? []).value();
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #refs: readonly unknown[];
  #at = 0;
  #ref = 0;

  constructor(bytes: Uint8Array, refs: readonly unknown[]) {
    this.#bytes = bytes;
    this.#refs = refs;
  }

  value(): unknown {
    const tag = this.#byte();
    if (tag >= SMALL) return tag - SMALL;
    if (tag >= SHORT_TEXT) return this.#characters(tag - SHORT_TEXT);
    switch (tag as Tag) {
      case Tag.Undefined:
        return undefined;
      case Tag.Null:
        return null;
      case Tag.False:
        return false;
      case Tag.True:
        return true;
      case Tag.NaN:
        return NaN;
      case Tag.Integer: {
        const zigzag = this.#count();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case Tag.Double:
        for (let i = 0; i < 8; i++) doubleBytes[i] = this.#byte();
        return double[0];
      case Tag.Text:
        return this.#characters(this.#count());
      case Tag.BigInt:
        return BigInt(this.#text());
      case Tag.Reference:
        this.#count();
        return this.#refs[this.#ref++];
      case Tag.RegisteredSymbol:
        return Symbol.for(this.#text());
      case Tag.Array:
        return this.#values(this.#count());
      case Tag.Object:
        return this.#properties({});
      case Tag.SymbolicObject:
        return this.#properties(this.#properties({}));
      case Tag.Date:
        return new Date(this.value() as number);
      case Tag.RegExp:
        return new RegExp(this.#text(), this.#text());
      case Tag.Map: {
        const map = new Map();
        for (let left = this.#count(); left > 0; left--) {
          const key = this.value();
          map.set(key, this.value());
        }
        return map;
      }
      case Tag.Set:
        return new Set(this.#values(this.#count()));
      case Tag.Boxed:
        return Object(this.value());
      case Tag.TypedArray: {
        const type = this.#text() as "Uint8Array";
        return new globalThis[type](this.#block().buffer);
      }
      case Tag.DataView:
        return new DataView(this.#block().buffer);
      case Tag.ArrayBuffer:
        return this.#block().buffer;
      case Tag.SharedArrayBuffer: {
        const block = this.#block();
        const shared = new SharedArrayBuffer(block.length);
        new Uint8Array(shared).set(block);
        return shared;
      }
      case Tag.URL:
        return new URL(this.#text());
    }
  }

  #values(count: number): unknown[] {
    const values: unknown[] = [];
    for (let i = 0; i < count; i++) values.push(this.value());
    return values;
  }

  #properties(object: Record<PropertyKey, unknown>): Record<PropertyKey, unknown> {
    for (let left = this.#count(); left > 0; left--) {
      const name = this.value() as PropertyKey;
      const value = this.value();
      // What is inherited may have a setter, as __proto__ has, or be read-only.
      if (name in object) {
        Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      } else {
        object[name] = value;
      }
    }
    return object;
  }

  #text(): string {
    return this.value() as string;
  }

  #characters(length: number): string {
    const start = this.#at;
    this.#at += length;
    return readText(this.#bytes, start, this.#at);
  }

  #block(): Uint8Array<ArrayBuffer> {
    const length = this.#count();
    const start = this.#at;
    this.#at += length;
    return new Uint8Array(this.#bytes.subarray(start, this.#at));
  }

  #count(): number {
    let count = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#byte();
      count += (byte & 0x7f) * unit;
      if (byte < 0x80) return count;
    }
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new CorruptDataError("the bytes of a key are damaged");
    return this.#bytes[this.#at++] as number;
  }
}
