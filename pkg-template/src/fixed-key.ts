// Keys that are kept while user code runs: made flat or turned into bytes, so that nothing can change them any more.
import { bytesOf, type Flat, POCHE_KEY } from "./keys/index.js";

/** A key that is neither string nor number, in its canonical encoding. */
export class EncodedKey {
  #bytes: Uint8Array | null;
  /** What stands in the encoding by identity. */
  readonly refs: readonly unknown[] | null;
  /** The flat key that it is, if it is known to be one. */
  readonly flat: Flat | null;

  /** Asks without `instanceof`, which a proxy would hear, and a revoked one refuse. It takes V8 as long as a lookup. */
  static is(key: unknown): key is EncodedKey {
    return typeof key === "object" && key !== null && #bytes in key;
  }

  /** Either of `bytes` and `flat` may be `null`. */
  constructor(bytes: Uint8Array | null, refs: readonly unknown[] | null, flat: Flat | null) {
    this.#bytes = bytes;
    this.refs = refs;
    this.flat = flat;
  }

  /** It stands for a key: whoever asks what it is does not take it for an instance of a class. */
  [POCHE_KEY](): this {
    return this;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= bytesOf(this.flat as Flat).slice();
    return this.#bytes;
  }
}

/** Strings and numbers cannot change anyway. */
export type FixedKey = string | number | EncodedKey;

/** Whether a key cannot change. */
export function isFixed(key: unknown): key is FixedKey {
  return typeof key === "string" || typeof key === "number" || EncodedKey.is(key);
}

/** A name for a `Map`: equal for equal keys only. */
export function nameOf(key: FixedKey): string | number {
  if (typeof key === "number") return key;
  return typeof key === "string" ? `$${key}` : nameOfBytes(key.bytes, key.bytes.length);
}

/** The name of an encoded key. */
export function nameOfBytes(bytes: Uint8Array, length: number): string {
  let name = "#";
  for (let i = 0; i < length; i++) name += String.fromCharCode(bytes[i] as number);
  return name;
}
