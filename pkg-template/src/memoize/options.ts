// The options of memoize, and what it makes of them.

import { ArgumentError, refuse } from "../errors.js";
import type { Cache } from "../index.js";
import type { CacheOptions } from "../options.js";
import { type Lifetime, readTtl, type Ttl } from "../ttl.js";

/** Any function. */
export type AnyFunction = (...args: never[]) => unknown;

/** A function as it is called here. */
export type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** What a memoized function's cache holds: results, and of promises what they gave. */
export type Result<F extends AnyFunction> = Awaited<ReturnType<F>>;

/** How a function is memoized: all of `Cache`'s options, and these. */
export interface MemoizeOptions<F extends AnyFunction = AnyFunction, K = Parameters<F>>
  extends CacheOptions<K, Result<F>> {
  /** How long results live, counted from when they are there; another name for `defaultTtl`. */
  ttl?: Ttl | undefined;
  /** Makes the key from the arguments. Default: the list of all arguments, by value. */
  key?: ((...args: Parameters<F>) => K) | undefined;
  /**
   * For how long after its expiry an old result is still served, while one refresh runs: of an asynchronous function
   * at once, of a synchronous one in a later task. A refresh that fails keeps the old result, and the next call
   * tries again. An entry that is purged or evicted is gone.
   */
  staleWhileRevalidate?: Ttl | undefined;
  /** Told of refreshes that failed. What it throws goes nowhere. */
  onError?: ((error: unknown, args: Parameters<F>) => unknown) | undefined;
  /** A cache to use, which may be shared: the keys in it are `[namespace, ...arguments]`. Of `Cache`'s options, only a `ttl` goes with it. */
  cache?: Cache | undefined;
  /** What tells this function's entries in a shared `cache` from others'. Default: the function itself. */
  namespace?: string | undefined;
}

/** The options, checked. */
export interface MemoSettings {
  readonly key: Callable | null;
  /** Milliseconds for which an expired result is served. */
  readonly grace: number;
  readonly onError: ((error: unknown, args: readonly unknown[]) => unknown) | null;
  readonly cache: Cache | null;
  readonly namespace: unknown;
  /** `null`: the cache's own. */
  readonly lifetime: Lifetime | null;
  /** For a cache of its own. */
  readonly cacheOptions: CacheOptions;
}

/** Checks what memoize is given: a ttl, or options. */
export function readMemoizeOptions(given: unknown, fn: unknown): MemoSettings {
  const plain = Object.prototype.toString.call(given) === "[object Object]";
  const options = (plain ? given : { ttl: given }) as MemoizeOptions;
  const { ttl = options.defaultTtl, key, staleWhileRevalidate: stale, onError, cache, namespace, ...rest } = options;
  const { defaultTtl, ...others } = rest;
  if (cache !== undefined) {
    if (Object.prototype.toString.call(cache) !== "[object Cache]") refuse("cache", "a Cache", cache);
    const [other] = Object.keys(others);
    if (other !== undefined) throw new ArgumentError(`${other} is an option of the cache, which is given`);
  }
  if (namespace !== undefined && typeof namespace !== "string") refuse("namespace", "a string", namespace);
  if (namespace !== undefined && cache === undefined) throw new ArgumentError("a namespace needs a shared cache");
  const lifetime = ttl === undefined ? null : readTtl(ttl);
  const grace = stale === undefined ? 0 : readTtl(stale, "staleWhileRevalidate");
  if (typeof grace !== "number") refuse("staleWhileRevalidate", 'a number of seconds or a string such as "1m"', stale);
  return {
    key: callable("key", key),
    grace,
    onError: callable("onError", onError),
    cache: cache ?? null,
    namespace: namespace ?? fn,
    lifetime,
    cacheOptions: { ...(others as CacheOptions), defaultTtl: ttl },
  };
}

function callable<T>(name: string, value: unknown): T | null {
  return value === undefined || typeof value === "function"
    ? ((value as T) ?? null)
    : refuse(name, "a function", value);
}
