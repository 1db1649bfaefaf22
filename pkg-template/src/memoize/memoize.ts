// `memoize`: functions whose results are cached, by the values of all arguments.

import { ArgumentError, refuse } from "../errors.js";
import type { Cache, CacheStats } from "../index.js";
import { readOptions } from "../options.js";
import type { Ttl } from "../ttl.js";
import { Memo } from "./memo.js";
import { type AnyFunction, type Callable, type MemoizeOptions, type Result, readMemoizeOptions } from "./options.js";
import { dress, wrap } from "./wrap.js";

/** What a memoized function has besides its own properties. */
export interface Memoized<F extends AnyFunction, K = Parameters<F>> {
  /** Where the results are. The keys are lists of arguments, or what `key` gave. */
  readonly cache: Cache<K, Result<F>>;
  /** The statistics of the cache, with `stats: true`. */
  readonly stats: CacheStats | undefined;
  /** Whether a call with these arguments would give a cached result. */
  has(...args: Parameters<F>): boolean;
  /** Deletes the result for these arguments; that of a call that is under way will not be stored. */
  delete(...args: Parameters<F>): boolean;
  /** Deletes all results of the function; those of calls that are under way will not be stored. */
  clear(): void;
}

/** A decorator for methods and getters. */
export type MemoizeDecorator = <F extends AnyFunction>(
  value: F,
  context: ClassMethodDecoratorContext | ClassGetterDecoratorContext,
) => F;

/**
 * A function that computes each result once: for equal arguments, compared by value and all of them, it gives the
 * cached result. `ttl` in seconds, or any other form of `Ttl`; or options, all of `Cache`'s among them.
 *
 * ```js
 * const area = memoize((width, height) => width * height);
 * area(3, 4); // 12
 * area(3, 4); // 12, from the cache
 * area.has(3, 4); // true
 * ```
 *
 * `this` is passed on, and is no part of the key. What the function throws is not cached. Of a promise, the value is
 * cached, once it is there; until then, equal calls share the promise. A rejection is not cached. A call that `delete`
 * or `clear` overtakes does not put its old result back. A result that is larger than `maxBytes` is given, and not
 * cached. A call throws an `UnhashableKeyError` for arguments that contain themselves; if the function is `async`, it
 * gives a promise that is rejected with it.
 *
 * It is also a standard decorator for methods, static methods and getters, with one cache for each instance:
 *
 * ```ts
 * class Shop {
 *   @memoize({ ttl: "5m" }) price(item: string) { return item.length; }
 * }
 * ```
 */
export function memoize<F extends AnyFunction>(
  value: F,
  context: ClassMethodDecoratorContext | ClassGetterDecoratorContext,
): F;
export function memoize<F extends AnyFunction, K = Parameters<F>>(
  fn: F,
  options?: Ttl | MemoizeOptions<F, K>,
): F & Memoized<F, K>;
export function memoize(options?: Ttl | MemoizeOptions<AnyFunction, unknown>): MemoizeDecorator;
export function memoize(first?: unknown, second?: unknown): unknown {
  if (typeof first === "function") {
    return isContext(second) ? decorate(first as Callable, second, undefined) : memoized(first as Callable, second);
  }
  if (second !== undefined) refuse("fn", "a function, or memoize a standard decorator", first);
  // Checked where it stands, and not when the first instance calls.
  readOptions(readMemoizeOptions(first, undefined).cacheOptions);
  return (value: Callable, context: unknown) => {
    if (!isContext(context))
      throw new ArgumentError("memoize is a standard decorator, not one of experimentalDecorators");
    return decorate(value, context, first);
  };
}

function memoized(fn: Callable, options: unknown): Callable {
  // biome-ignore lint/suspicious/noRedundantUseStrict: bundlers make scripts of modules, see wrap
  "use strict";
  const memo = new Memo(fn, readMemoizeOptions(options, fn));
  return dress(wrap(fn, memo), fn, {
    cache: member(memo.cache),
    stats: { get: () => memo.cache.stats, configurable: true },
    has: member(function (this: unknown, ...args: unknown[]) {
      return memo.has(this, args);
    }),
    delete: member(function (this: unknown, ...args: unknown[]) {
      return memo.delete(this, args);
    }),
    clear: member(() => memo.clear()),
  });
}

function member(value: unknown): PropertyDescriptor {
  return { value, configurable: true, writable: true };
}

function isContext(value: unknown): value is DecoratorContext {
  return typeof (value as { kind?: unknown } | null | undefined)?.kind === "string";
}

/** Each instance gets a memoized function of its own, at its first call; they go when the instance goes. */
function decorate(fn: Callable, { kind, name }: DecoratorContext, options: unknown): Callable {
  if (kind !== "method" && kind !== "getter") {
    throw new ArgumentError(`memoize is for methods and getters; ${String(name)} is a ${kind}`);
  }
  if ((options as MemoizeOptions | undefined)?.cache !== undefined) {
    throw new ArgumentError("a decorated method has a cache for each instance; a shared cache cannot be given");
  }
  const byInstance = new WeakMap<object, Callable>();
  const method = function (this: unknown): unknown {
    // biome-ignore lint/suspicious/noRedundantUseStrict: bundlers make scripts of modules, see wrap
    "use strict";
    // A primitive cannot be held weakly, so its calls are not cached.
    if ((typeof this !== "object" && typeof this !== "function") || this === null)
      return fn.apply(this, arguments as never);
    let own = byInstance.get(this);
    if (own === undefined) {
      own = memoized(fn, options);
      byInstance.set(this, own);
    }
    return own.apply(this, arguments as never);
  };
  return dress(method, fn, {});
}
