// What the package throws: an exported class for each case, with a stable `code`.
import { show } from "./show.js";

/** Nothing is stored under the key (strict mode). */
export class KeyError extends Error {
  readonly code = "ERR_KEY_NOT_FOUND";
  /** The key that was looked up. */
  readonly key: unknown;

  constructor(key: unknown) {
    super(`nothing is stored under the key ${show(key)}`);
    this.key = key;
  }
}

/** An argument or option is of the wrong type, or unknown. */
export class ArgumentError extends TypeError {
  readonly code = "ERR_INVALID_ARGUMENT";
}

/** An argument or option is of the right type, but out of range. */
export class ArgumentRangeError extends RangeError {
  readonly code = "ERR_OUT_OF_RANGE";
}

/** The key cannot be compared by value: it contains itself, or a revoked proxy. */
export class UnhashableKeyError extends TypeError {
  readonly code = "ERR_UNHASHABLE_KEY";
}

/** The cache was released by `free()` or `using`. */
export class FreedError extends Error {
  readonly code = "ERR_CACHE_FREED";

  constructor() {
    super("this cache was freed; make a new one");
  }
}

/** WebAssembly has no memory left for this. The cache is as it was. */
export class OutOfMemoryError extends RangeError {
  readonly code = "ERR_OUT_OF_MEMORY";

  constructor() {
    super("WebAssembly has no memory left for this; bound the cache by maxEntries or maxBytes");
  }
}

/** The entry is larger than `maxBytes`. What was stored under its key is still there. */
export class EntryTooLargeError extends RangeError {
  readonly code = "ERR_ENTRY_TOO_LARGE";

  constructor(key: unknown, size: number, maxBytes: number) {
    super(`the entry for the key ${show(key)} is larger (${size} bytes) than maxBytes (${maxBytes})`);
  }
}

/** WebAssembly could not be started here. */
export class WebAssemblyError extends Error {
  readonly code = "ERR_WEBASSEMBLY";

  constructor(cause: unknown) {
    const advice = "a content-security policy must allow 'wasm-unsafe-eval' in script-src";
    super(`WebAssembly could not be started (${advice}): ${String(cause)}`, { cause });
  }
}

/** The value cannot be stored by copy. */
export class ValueError extends TypeError {
  readonly code = "ERR_UNCLONEABLE_VALUE";
}

/** The bytes are no snapshot of a cache, or are damaged. */
export class CorruptDataError extends Error {
  readonly code = "ERR_CORRUPT_DATA";
}

// On the prototype, as with the built-in errors, and written out, since class names do not survive minifying.
for (const [name, { prototype }] of Object.entries({
  KeyError,
  ArgumentError,
  ArgumentRangeError,
  UnhashableKeyError,
  FreedError,
  OutOfMemoryError,
  EntryTooLargeError,
  WebAssemblyError,
  ValueError,
  CorruptDataError,
})) {
  Object.defineProperty(prototype, "name", { value: name, configurable: true, writable: true });
}

/** Throws for an argument: what it is called, what it must be, what it is. */
export function refuse(
  name: string,
  rule: string,
  value: unknown,
  Class: new (message: string) => Error = ArgumentError,
): never {
  throw new Class(`${name} must be ${rule}; got ${show(value)}`);
}

/** Throws for what is no number, or for a number that is not `good`. */
export function checkNumber(name: string, rule: string, value: unknown, good: (value: number) => boolean): number {
  if (typeof value !== "number") refuse(name, rule, value);
  if (!good(value)) refuse(name, rule, value, ArgumentRangeError);
  return value;
}
