// A cache as a `Map`: for libraries that take one.
import type { Cache } from "./cache.js";

/**
 * A view of a cache. Every method of `Map` is here, since one that is inherited would see the empty `Map` beneath.
 * What has expired is not there: it is skipped, and removed where it would count.
 */
class CacheMap<K, V> extends Map<K, V> {
  readonly #cache: Cache<K, V, unknown>;

  constructor(cache: Cache<K, V, unknown>) {
    super();
    this.#cache = cache;
  }

  override get(key: K): V | undefined {
    // Not `get`, which throws for a miss where the cache is strict.
    return this.#cache.getMany([key])[0];
  }

  override set(key: K, value: V): this {
    this.#cache.set(key, value);
    return this;
  }

  override has(key: K): boolean {
    return this.#cache.has(key);
  }

  override delete(key: K): boolean {
    const there = this.#cache.has(key);
    return this.#cache.deleteMany([key])[0] === true && there;
  }

  override clear(): void {
    this.#cache.clear();
  }

  override get size(): number {
    this.#cache.purge();
    return this.#cache.size;
  }

  override forEach(callback: (value: V, key: K, map: Map<K, V>) => void, thisArg?: unknown): void {
    if (typeof callback !== "function") throw new TypeError(`${String(callback)} is not a function`);
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this);
  }

  override *entries(): MapIterator<[K, V]> {
    for (const [key, item] of this.#cache.items()) if (!item.isExpired()) yield [key, item.value];
  }

  override *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  override *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  override getOrInsert(key: K, value: V): V {
    return this.getOrInsertComputed(key, () => value);
  }

  override getOrInsertComputed(key: K, compute: (key: K) => V): V {
    if (this.has(key)) return this.get(key) as V;
    const value = compute(key);
    this.set(key, value);
    return value;
  }
}

// Node and Bun would show the empty one.
Object.defineProperty(CacheMap.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: CacheMap<unknown, unknown>, _depth: number, options: object, inspect: (...shown: object[]) => string) {
    return inspect(new Map(this), options);
  },
});

/** The cache as a `Map`. */
export function asMap<K, V>(cache: Cache<K, V, unknown>): Map<K, V> {
  return new CacheMap(cache);
}
