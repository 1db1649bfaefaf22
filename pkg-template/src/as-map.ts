// A cache as a `Map`: for libraries that take one.
import { type Cache, storeOf } from "./cache.js";
import { Reason, Said } from "./wasm.js";

// What the iterators of a Map inherit from: they have its tag, and no `return` that would end them early.
const MapIteratorPrototype = Object.getPrototypeOf(new Map().entries()) as object;

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
    this.#expire(key);
    this.#cache.set(key, value);
    return this;
  }

  override has(key: K): boolean {
    return this.#cache.has(key);
  }

  override delete(key: K): boolean {
    this.#expire(key);
    return this.#cache.deleteMany([key])[0] === true;
  }

  override clear(): void {
    this.#cache.clear();
  }

  override get size(): number {
    this.#cache.purge();
    return this.#cache.size;
  }

  override forEach(callback: (value: V, key: K, map: Map<K, V>) => void, thisArg: unknown = undefined): void {
    check(callback);
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this);
  }

  override entries(): MapIterator<[K, V]> {
    return this.#iterate((key, value) => [key, value]);
  }

  override keys(): MapIterator<K> {
    return this.#iterate((key) => key);
  }

  override values(): MapIterator<V> {
    return this.#iterate((_key, value) => value);
  }

  override getOrInsert(key: K, value: V): V {
    return this.getOrInsertComputed(key, () => value);
  }

  override getOrInsertComputed(key: K, compute: (key: K) => V): V {
    check(compute);
    if (this.has(key)) return this.get(key) as V;
    // As a key, -0 is 0.
    const value = compute(key === 0 ? (0 as K) : key);
    this.set(key, value);
    return value;
  }

  #iterate<T>(read: (key: K, value: V) => T): MapIterator<T> {
    const items = this.#cache.items();
    const next = (): IteratorResult<T, undefined> => {
      for (;;) {
        const { value: pair, done } = items.next();
        if (done === true) return { value: undefined, done };
        if (!pair[1].isExpired()) return { value: read(pair[0], pair[1].value), done: false };
      }
    };
    return Object.create(MapIteratorPrototype, { next: { value: next } }) as MapIterator<T>;
  }

  /** Removes what has expired under a key: in the place of it, another would not be the last one. */
  #expire(key: K): void {
    const store = storeOf(this.#cache);
    const found = store.find(key);
    if (found < Said.Expires || !store.isPast(store.metExpiry)) return;
    store.remove(found & Said.Slot, Reason.Expired);
    store.tell();
  }
}

function check(callback: unknown): void {
  if (typeof callback !== "function") throw new TypeError(`${String(callback)} is not a function`);
}

const { prototype } = CacheMap;
Object.defineProperties(prototype, {
  // As on Map: what makes another one by it gets a Map, and this one iterates by its entries.
  constructor: { value: Map },
  [Symbol.iterator]: { value: prototype.entries },
  // Node and Bun would show the empty one.
  [Symbol.for("nodejs.util.inspect.custom")]: {
    value(this: CacheMap<unknown, unknown>, _depth: number, options: object, inspect: (...shown: object[]) => string) {
      return inspect(new Map(this), options);
    },
  },
});

/** The cache as a `Map`. */
export function asMap<K, V>(cache: Cache<K, V, unknown>): Map<K, V> {
  return new CacheMap(cache);
}
