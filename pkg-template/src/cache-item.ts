// The raw entry: a value with its expiration.
import { ArgumentRangeError, refuse, UnhashableKeyError } from "./errors.js";
import { encodeStructure } from "./keys/index.js";
import { timeOf } from "./ttl.js";

/** @internal When an item expires, in milliseconds since the epoch; `Infinity`: never. */
export let itemExpiry: (item: CacheItem) => number;

/**
 * A frozen snapshot of an entry: what `cache.item(key)` gives and `cache.setItem(key, item)` takes.
 *
 * ```js
 * cache.set("un", 1);
 * cache.item("un") < 2; // true
 * ```
 */
export class CacheItem<V = unknown> {
  /** What is stored. */
  readonly value: V;
  /** When it expires; `null`: never. */
  readonly expiration: Date | null;
  // What counts, since a Date can be changed even in a frozen object.
  readonly #expiry: number;

  /**
   * An item to be stored with `setItem`. Throws where `expiration` is no valid `Date` and not `null`.
   *
   * ```js
   * cache.setItem("deux", new CacheItem(2, new Date("2030-01-01")));
   * ```
   */
  constructor(value: V, expiration: Date | null = null) {
    this.value = value;
    this.#expiry = expiration === null ? Infinity : readExpiration(expiration);
    this.expiration = expiration === null ? null : new Date(this.#expiry);
    Object.freeze(this);
  }

  static {
    itemExpiry = (item) => item.#expiry;
  }

  /**
   * Whether the expiration has come, by the clock now.
   *
   * ```js
   * new CacheItem(1, new Date(0)).isExpired(); // true
   * ```
   */
  isExpired(): boolean {
    return this.#expiry <= Date.now();
  }

  /**
   * Whether the value is that of another item, or a bare value; compared as keys are: by value.
   *
   * ```js
   * new CacheItem([1, 2]).equals([1, 2]); // true
   * ```
   */
  equals(other: unknown): boolean {
    return sameValue(this.value, other instanceof CacheItem ? other.value : other);
  }

  /**
   * The value's own primitive, so that `<`, `>=` and `==` compare values, dates too.
   *
   * ```js
   * new CacheItem(1) == 1; // true
   * ```
   */
  valueOf(): unknown {
    const value: unknown = this.value;
    return typeof (value as { valueOf?: unknown } | null | undefined)?.valueOf === "function"
      ? (value as object).valueOf()
      : value;
  }

  /**
   * `{ value, expiration }`, the expiration in its ISO form or `null`.
   *
   * ```js
   * JSON.stringify(new CacheItem(1)); // '{"value":1,"expiration":null}'
   * ```
   */
  toJSON(): { value: V; expiration: string | null } {
    const expiration = this.#expiry === Infinity ? null : new Date(this.#expiry).toISOString();
    return { value: this.value, expiration };
  }
}

function readExpiration(expiration: Date): number {
  const time = timeOf(expiration);
  if (time === undefined) refuse("expiration", "a Date or null", expiration);
  if (Number.isNaN(time)) refuse("expiration", "a valid date", expiration, ArgumentRangeError);
  return time;
}

function sameValue(one: unknown, other: unknown): boolean {
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  try {
    const { bytes, length } = encodeStructure(one, false);
    const copy = bytes.slice(0, length);
    const second = encodeStructure(other, false);
    return length === second.length && copy.every((byte, index) => byte === second.bytes[index]);
  } catch (error) {
    // What cannot be a key, such as a cycle, equals itself only.
    if (error instanceof UnhashableKeyError) return false;
    throw error;
  }
}
