// What the package throws: an exported class for each case, with a stable `code`.
import { show } from "./show.js";

/** Gives the errors of a class their name. It stands on the prototype, as with the built-in errors. */
function name(type: { prototype: Error }, value: string): void {
  Object.defineProperty(type.prototype, "name", { value, configurable: true, writable: true });
}

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
name(KeyError, "KeyError");

/** An argument or option is of the wrong type, or unknown. */
export class ArgumentError extends TypeError {
  readonly code = "ERR_INVALID_ARGUMENT";
}
name(ArgumentError, "ArgumentError");

/** An argument or option is of the right type, but out of range. */
export class ArgumentRangeError extends RangeError {
  readonly code = "ERR_OUT_OF_RANGE";
}
name(ArgumentRangeError, "ArgumentRangeError");

/** The key cannot be compared by value: it contains itself, or a revoked proxy. */
export class UnhashableKeyError extends TypeError {
  readonly code = "ERR_UNHASHABLE_KEY";
}
name(UnhashableKeyError, "UnhashableKeyError");

/** The cache was released by `free()` or `using`. */
export class FreedError extends Error {
  readonly code = "ERR_CACHE_FREED";

  constructor() {
    super("this cache was freed; make a new one");
  }
}
name(FreedError, "FreedError");

/** WebAssembly has no memory left for this. The cache is as it was. */
export class OutOfMemoryError extends RangeError {
  readonly code = "ERR_OUT_OF_MEMORY";

  constructor() {
    super("out of memory: WebAssembly has no room left for this; a cache with maxEntries or maxBytes stays small");
  }
}
name(OutOfMemoryError, "OutOfMemoryError");

/** The entry is larger than `maxBytes`. What was stored under its key is still there. */
export class EntryTooLargeError extends RangeError {
  readonly code = "ERR_ENTRY_TOO_LARGE";

  constructor(key: unknown, size: number, maxBytes: number) {
    super(`the entry for the key ${show(key)} is larger (${size} bytes) than maxBytes (${maxBytes})`);
  }
}
name(EntryTooLargeError, "EntryTooLargeError");

/** WebAssembly could not be started here. */
export class WebAssemblyError extends Error {
  readonly code = "ERR_WEBASSEMBLY";

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : show(cause);
    const policy = "a content-security policy must allow 'wasm-unsafe-eval' in script-src";
    super(`poche could not start its WebAssembly engine: ${policy}; got: ${reason}`, { cause });
  }
}
name(WebAssemblyError, "WebAssemblyError");

/** The value cannot be stored by copy. */
export class ValueError extends TypeError {
  readonly code = "ERR_UNCLONEABLE_VALUE";
}
name(ValueError, "ValueError");

/** The bytes are no snapshot of a cache, or are damaged. */
export class CorruptDataError extends Error {
  readonly code = "ERR_CORRUPT_DATA";
}
name(CorruptDataError, "CorruptDataError");
