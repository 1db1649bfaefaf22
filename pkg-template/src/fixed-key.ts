// Keys that are kept while user code runs: turned into bytes, so that nothing can change them any more.

/** A key that is neither string nor number, in its canonical encoding. */
export class EncodedKey {
  readonly bytes: Uint8Array;
  /** What stands in the encoding by identity. */
  readonly refs: readonly unknown[] | null;
  readonly #isEncoded = true;

  /** Asks without `instanceof`, which a proxy would hear, and a revoked one refuse. */
  static is(key: unknown): key is EncodedKey {
    return typeof key === "object" && key !== null && #isEncoded in key;
  }

  constructor(bytes: Uint8Array, refs: readonly unknown[] | null) {
    this.bytes = bytes;
    this.refs = refs;
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
