// What `import … from "poche"` gives.
import { Cache as CacheClass } from "./cache.js";
import type { Disposing } from "./disposable.js";
import type { CacheOptions } from "./options.js";

export type { CacheIterator, CacheStats } from "./cache.js";
export { CacheItem } from "./cache-item.js";
export {
  ArgumentError,
  ArgumentRangeError,
  CorruptDataError,
  EntryTooLargeError,
  FreedError,
  KeyError,
  OutOfMemoryError,
  UnhashableKeyError,
  ValueError,
  WebAssemblyError,
} from "./errors.js";
export { type MemoizeDecorator, type Memoized, memoize } from "./memoize/memoize.js";
export type { MemoizeOptions } from "./memoize/options.js";
export type { CacheOptions, RemoveReason } from "./options.js";
/** @internal For the other entries of the package. */
export { valuesByUse, weightOf } from "./recency.js";
export type { DurationString, TemporalDuration, TemporalInstant, Ttl } from "./ttl.js";

/** A cache; `Miss` is what a lookup gives besides values: `undefined`, or `never` with `strict: true`. */
export interface Cache<K = unknown, V = unknown, Miss = undefined> extends CacheClass<K, V, Miss>, Disposing {}

/** The options that go with what a lookup gives besides values. */
export type OptionsFor<K, V, Miss> = [Miss] extends [never]
  ? [options: CacheOptions<K, V> & { strict: true }]
  : [options?: CacheOptions<K, V>];

/**
 * How a cache is made: with `strict: true`, lookups give a value or throw. A class that extends `Cache` says so by the
 * third parameter: `extends Cache<string, User, undefined>`, or with `never` and `super({ strict: true })`.
 */
export interface CacheConstructor {
  new <K = unknown, V = unknown>(options: CacheOptions<K, V> & { strict: true }): Cache<K, V, never>;
  new <K = unknown, V = unknown>(options?: CacheOptions<K, V>): Cache<K, V>;
  new <K, V, Miss extends undefined>(...options: OptionsFor<K, V, Miss>): Cache<K, V, Miss>;
  readonly prototype: Cache;
  /**
   * A cache with the entries of a snapshot, but for those that have expired. Options are not part of a snapshot, but
   * for how values are held. Throws a `CorruptDataError` for bytes that are no snapshot, or are damaged. O(n).
   *
   * ```js
   * const cache = Cache.restore(readFileSync("cache.poche"), { maxEntries: 10_000 });
   * ```
   */
  restore<K = unknown, V = unknown>(
    bytes: Uint8Array,
    options: CacheOptions<K, V> & { strict: true },
  ): Cache<K, V, never>;
  restore<K = unknown, V = unknown>(bytes: Uint8Array, options?: CacheOptions<K, V>): Cache<K, V>;
}

/**
 * An in-memory cache. Keys are compared by value, entries may expire, memory may be bounded.
 *
 * ```js
 * const cache = new Cache({ defaultTtl: 60 });
 * cache.set(["user", 42], "Ada").get(["user", 42]); // "Ada"
 * ```
 */
export const Cache = CacheClass as unknown as CacheConstructor;
