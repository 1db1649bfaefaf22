// The class `Cache`: what users call. Each method checks its arguments, asks the store, and tells removals.
import { asMap } from "./as-map.js";
import { CacheItem, itemExpiry } from "./cache-item.js";
import { makeDict, readItem } from "./dict.js";
import { DISPOSE } from "./disposable.js";
import { checkNumber, FreedError, KeyError, OutOfMemoryError, refuse } from "./errors.js";
import type { FixedKey } from "./fixed-key.js";
import { makeInspectable } from "./inspect.js";
import { SlotIterator } from "./iterate.js";
import { type CacheOptions, readOptions } from "./options.js";
import { Flights, isAsync, isPromise } from "./pending.js";
import { fixKey, fixPlaced } from "./placed-key.js";
import { purgeRegularly } from "./purge.js";
import { fillFrom, readSnapshot, writeSnapshot } from "./snapshot.js";
import { Store } from "./store.js";
import { type Lifetime, movedBy, type Ttl } from "./ttl.js";
import { Reason, Said, startEngine } from "./wasm.js";

/** What `cache.stats` gives. Counted since the cache was made or `resetStats` was called. */
export interface CacheStats {
  /** Lookups that found something. */
  readonly hits: number;
  /** Lookups that found nothing, or something that had expired. */
  readonly misses: number;
  /** Hits per lookup, 0 to 1; 0 where there was none. */
  readonly hitRate: number;
  /** Values stored, new or in the place of others. */
  readonly sets: number;
  /** Values stored in the place of others. */
  readonly updates: number;
  /** Entries that left because room was needed. */
  readonly evictions: number;
  /** Entries that left because their time had come. */
  readonly expirations: number;
  /** Entries that were deleted. */
  readonly deletions: number;
  /** Entries stored now. */
  readonly entries: number;
  /** The bytes of all entries now, where `maxBytes` is given. */
  readonly bytes: number;
}

/** The iterators of a cache: Map's own type, in whatever form the TypeScript in use has it. */
export type CacheIterator<T> = ReturnType<Map<T, unknown>["keys"]>;

// How many entries `purge` removes at a time: the report of one call stays small.
const SLICE = 65_536;

/** @internal The store behind a cache, for `memoize`. */
export let storeOf: (cache: object) => Store;

/**
 * An in-memory cache. Keys are compared by value, entries may expire, memory may be bounded.
 *
 * ```js
 * const cache = new Cache({ defaultTtl: 60 });
 * cache.set(["user", 42], "Ada").get(["user", 42]); // "Ada"
 * ```
 *
 * `Miss` is what a lookup gives besides values: `undefined`, or `never` with `strict: true`. Any method throws an
 * `UnhashableKeyError` for a key that contains itself, an `OutOfMemoryError` where memory cannot be had, and a
 * `FreedError` after `free()`; the cache is then as it was.
 */
export class Cache<K = unknown, V = unknown, Miss = undefined> {
  readonly #store: Store;
  readonly #strict: boolean;
  #dict: object | undefined;
  #stopPurging: (() => void) | undefined;

  static {
    storeOf = (cache) => (cache as Cache).#store;
    makeInspectable(Cache.prototype, storeOf);
  }

  /**
   * An empty cache. It takes no time worth mentioning. The first one makes sure that WebAssembly can be started.
   * Throws an `ArgumentError` or `ArgumentRangeError` for bad options, a `WebAssemblyError` where it cannot start.
   *
   * ```js
   * new Cache({ defaultTtl: "5m", maxEntries: 10_000 });
   * ```
   */
  constructor(options?: CacheOptions<K, V>) {
    const settings = readOptions(options);
    this.#strict = settings.strict;
    this.#store = new Store(settings);
    if (settings.purgeEvery !== Infinity) this.#stopPurging = purgeRegularly(this.#store, settings.purgeEvery);
  }

  /**
   * Stores a value; returns the cache. `ttl` in seconds, or any other form of `Ttl`. Throws for a bad `ttl`, and an
   * `EntryTooLargeError` for what is larger than `maxBytes`; what was stored before stays then. O(1).
   *
   * ```js
   * cache.set("un", 1, 5);
   * ```
   */
  set(key: K, value: V, ttl?: Ttl): this {
    const store = this.#store;
    return ttl === undefined && store.put(key, value) ? this : this.#setOther(key, value, ttl);
  }

  /** The same where that was not all. */
  #setOther(key: K, value: V, ttl: Ttl | undefined): this {
    const store = this.#store;
    const lifetime = store.lifetime(ttl);
    if (ttl === undefined || !store.putFor(key, value, lifetime)) {
      store.set(key, value, lifetime, store.weigh(value, key));
      store.tell();
    }
    return this;
  }

  /**
   * The value, or `undefined`; in strict mode a miss throws a `KeyError`. An expired entry is removed. O(1).
   *
   * ```js
   * cache.get("un"); // 1
   * ```
   */
  get(key: K): V | Miss {
    const store = this.#store;
    const slot = store.lookup(key);
    return slot >= 0 ? (store.value(slot) as V) : this.#missed(key);
  }

  /**
   * Gets, or else sets: the cached value, or else stores and returns the one given. A function is called, only on a
   * miss, and its result is stored. A promise that it gives is shared by all callers until it settles; its value is
   * stored then, unless the key was set or deleted or the cache emptied in the meantime. A rejection stores nothing.
   * A value that came from a promise is returned as a promise, and so is any value to an `async` function. The
   * function may use the cache: what it does before it gives its result or its promise comes first. O(1).
   *
   * ```js
   * cache.gos("deux", 2); // 2
   * await cache.gos("user", async () => (await fetch("/user")).json(), "5m");
   * ```
   */
  gos(key: K, factory: () => PromiseLike<V>, ttl?: Ttl): Promise<V>;
  gos(key: K, factory: () => V, ttl?: Ttl): V;
  gos(key: K, value: V, ttl?: Ttl): V;
  gos(key: K, source: unknown, ttl?: Ttl): unknown {
    const store = this.#store;
    const lifetime = store.lifetime(ttl);
    const slot = store.lookup(key);
    if (slot >= 0) {
      const value = store.value(slot);
      return store.isPromised(slot) || isAsync(source) ? Promise.resolve(value) : value;
    }
    const fixed = fixPlaced(key);
    store.tell();
    return store.flights?.get(fixed) ?? this.#fill(key, fixed, source, lifetime);
  }

  /** Stores what a `gos` that missed was given. */
  #fill(key: K, fixed: FixedKey, source: unknown, lifetime: Lifetime): unknown {
    const store = this.#store;
    const value: unknown = typeof source === "function" ? source() : source;
    if (typeof source === "function" && isPromise(value)) {
      store.flights ??= new Flights();
      return store.flights.start(store, key, fixed, value, lifetime);
    }
    store.set(fixed, value, lifetime, store.weigh(value, key));
    store.tell();
    return value;
  }

  /**
   * Stores a value and returns what `get` would have given before, `undefined` on a miss in strict mode too. O(1).
   *
   * ```js
   * cache.getset("un", "one"); // 1
   * ```
   */
  getset(key: K, value: V, ttl?: Ttl): V | undefined {
    const store = this.#store;
    const lifetime = store.lifetime(ttl);
    const weight = store.weigh(value, key);
    // Places the key for what follows, as a lookup need not.
    const slot = store.take(store.find(key));
    const before = slot < 0 ? undefined : store.value(slot);
    store.insert(key, value, lifetime, weight);
    store.tell();
    return before as V | undefined;
  }

  /**
   * Whether `get` would hit. Removes nothing, counts nothing. O(1).
   *
   * ```js
   * cache.has("un"); // true
   * ```
   */
  has(key: K): boolean {
    return this.#store.peek(key) >= 0;
  }

  /**
   * Like `get`, but nothing is removed, counted or made recent. O(1).
   *
   * ```js
   * cache.peek("un"); // 1
   * ```
   */
  peek(key: K): V | Miss {
    const slot = this.#store.peek(key);
    return slot < 0 ? (this.#missing(key) as Miss) : (this.#store.value(slot) as V);
  }

  /**
   * Deletes; whether something was stored there, expired or not. In strict mode a `KeyError` where nothing was. O(1).
   *
   * ```js
   * cache.delete("un"); // true
   * ```
   */
  delete(key: K): boolean {
    const removed = this.#delete(key);
    this.#store.tell();
    if (!removed) this.#missing(key);
    return removed;
  }

  /**
   * Removes everything, and gives the memory of the entries back. O(1); O(n) with `onRemove`.
   *
   * ```js
   * cache.flush();
   * ```
   */
  flush(): void {
    this.#store.clear();
    this.#store.tell();
  }

  /** The same as `flush`, by the name that it has on `Map`. */
  clear(): void {
    this.flush();
  }

  /**
   * Gives an entry another time to live, `undefined` the default. Whether there was one, expired or not; in strict
   * mode a `KeyError` where there was none. Throws for a bad `ttl`. O(1), O(log n) in bounded caches.
   *
   * ```js
   * cache.setTtl("un", "10m"); // true
   * ```
   */
  setTtl(key: K, ttl: Ttl | undefined): boolean {
    const lifetime = this.#store.lifetime(ttl);
    return this.#changeExpiry(key, () => this.#store.expiryFromNow(lifetime));
  }

  /**
   * When an entry expires, `null` for never, `undefined` where nothing is stored (strict mode: a `KeyError`). O(1).
   *
   * ```js
   * cache.getTtl("un"); // a Date
   * ```
   */
  getTtl(key: K): Date | null | Miss {
    const found = this.#store.seek(key);
    if (found < 0) return this.#missing(key) as Miss;
    return found >= Said.Expires ? new Date(this.#store.metExpiry) : null;
  }

  /**
   * Moves an entry's expiration by a number of seconds, negative ones too; one that never expires is left alone.
   * Whether there was an entry, expired or not; in strict mode a `KeyError` where there was none.
   * O(1), O(log n) in bounded caches.
   *
   * ```js
   * cache.bump("un", 5); // true
   * ```
   */
  bump(key: K, seconds: number): boolean {
    checkNumber("seconds", "a finite number", seconds, Number.isFinite);
    return this.#changeExpiry(key, (expiry) => (expiry === Infinity ? expiry : movedBy(expiry, seconds)));
  }

  /**
   * Lets an entry never expire. Whether there was one, expired or not; in strict mode a `KeyError` where there was
   * none. O(1), O(log n) in bounded caches.
   *
   * ```js
   * cache.persist("un"); // true
   * ```
   */
  persist(key: K): boolean {
    return this.#changeExpiry(key, () => Infinity);
  }

  /**
   * Moves an entry, with its expiration, to another key, as if newly inserted there; what was there is replaced.
   * Whether there was an entry, expired or not; in strict mode a `KeyError` where there was none. O(1).
   *
   * ```js
   * cache.rename("un", "one"); // true
   * ```
   */
  rename(from: K, to: K): boolean {
    const store = this.#store;
    const target = fixKey(to, store.settings.byIdentity);
    const found = store.find(from);
    if (found < 0) {
      this.#missing(from);
      return false;
    }
    store.rename(found & Said.Slot, target);
    store.tell();
    return true;
  }

  /**
   * Removes all that has expired; how many. O(n); with `purgeEvery` or a bound O(log n) for each removed.
   *
   * ```js
   * cache.purge(); // 0
   * ```
   */
  purge(): number {
    const store = this.#alive();
    let total = 0;
    try {
      let purged: number;
      do {
        purged = store.purge(SLICE);
        total += purged;
      } while (purged === SLICE);
    } finally {
      store.tell();
    }
    return total;
  }

  /**
   * The values under many keys: an array with `undefined` for misses, in strict mode too. O(1) for each key.
   *
   * ```js
   * cache.getMany(["un", "deux"]); // [1, 2]
   * ```
   */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    const store = this.#alive();
    const values = this.#fix(keys).map((key) => {
      const slot = store.lookup(key);
      return slot < 0 ? undefined : store.value(slot);
    });
    store.tell();
    return values as (V | undefined)[];
  }

  /**
   * Stores many `[key, value, ttl?]`; returns the cache. All are checked before the first is stored. O(1) for each.
   *
   * ```js
   * cache.setMany([["un", 1], ["deux", 2, "5m"]]);
   * ```
   */
  setMany(entries: Iterable<readonly [key: K, value: V, ttl?: Ttl | undefined]>): this {
    const store = this.#alive();
    const checked = listOf(entries, "entries").map((entry) => {
      if (typeof entry !== "object" || entry === null) {
        refuse("entry", "an array [key, value, ttl?]", entry);
      }
      const { 0: key, 1: value, 2: ttl } = entry;
      const lifetime = store.lifetime(ttl);
      const weight = store.weigh(value, key, true);
      return { key: fixKey(key, store.settings.byIdentity), value, lifetime, weight };
    });
    for (const { key, value, lifetime, weight } of checked) store.set(key, value, lifetime, weight);
    store.tell();
    return this;
  }

  /**
   * Deletes many keys; for each, whether something was stored there, in strict mode too. O(1) for each key.
   *
   * ```js
   * cache.deleteMany(["un", "trois"]); // [true, false]
   * ```
   */
  deleteMany(keys: Iterable<K>): boolean[] {
    const store = this.#alive();
    const removed = this.#fix(keys).map((key) => this.#delete(key));
    store.tell();
    return removed;
  }

  /**
   * The raw entry, expired or not: a snapshot. `undefined` where nothing is stored (strict mode: a `KeyError`). O(1).
   *
   * ```js
   * cache.item("un")?.expiration; // a Date or null
   * ```
   */
  item(key: K): CacheItem<V> | Miss {
    return this.#item(key) ?? (this.#missing(key) as Miss);
  }

  /**
   * Stores a raw entry; returns the cache. Throws an `ArgumentError` for anything but a `CacheItem`. O(1).
   *
   * ```js
   * cache.setItem("deux", new CacheItem(2));
   * ```
   */
  setItem(key: K, item: CacheItem<V>): this {
    const { value } = readItem(item);
    const expiry = itemExpiry(item);
    const store = this.#store;
    store.set(key, value, expiry === Infinity ? expiry : { at: expiry }, store.weigh(value, key));
    store.tell();
    return this;
  }

  /**
   * The entries whose keys are strings or symbols, as an object whose values are `CacheItem`s, in and out.
   *
   * ```js
   * cache.dict.un = new CacheItem(1);
   * delete cache.dict.un;
   * ```
   */
  get dict(): { [key: string | symbol]: CacheItem<V> | Miss } {
    const store = this.#alive();
    this.#dict ??= makeDict({
      strict: this.#strict,
      item: (key) => this.#item(key),
      setItem: (key, item) => this.setItem(key as K, item as CacheItem<V>),
      delete: (key) => {
        const removed = this.#delete(key);
        store.tell();
        return removed;
      },
      keys: () => this.keys(),
    });
    return this.#dict as { [key: string | symbol]: CacheItem<V> | Miss };
  }

  /**
   * The statistics so far, or `undefined` without `stats: true`. O(1).
   *
   * ```js
   * new Cache({ stats: true }).stats?.hitRate; // 0
   * ```
   */
  get stats(): CacheStats | undefined {
    return this.#store.stats() as CacheStats | undefined;
  }

  /** Lets the statistics begin again from 0. */
  resetStats(): void {
    this.#store.resetStats();
  }

  /** How many entries are stored, expired ones included until they are removed. O(1). */
  get size(): number {
    return this.#store.size;
  }

  /** The time to live of what is stored without one, as it was given; `null`: for ever. */
  get defaultTtl(): Ttl {
    return this.#store.settings.defaultTtl;
  }

  /**
   * The keys in insertion order, lazily; expired ones too, until they are removed. Keys compared by structure are
   * copies. Safe while the cache changes, as on `Map`.
   *
   * ```js
   * [...cache.keys()]; // ["un", "deux"]
   * ```
   */
  keys(): CacheIterator<K> {
    return this.#iterate((store, slot) => store.key(slot) as K);
  }

  /** The values in insertion order; otherwise like `keys`. */
  values(): CacheIterator<V> {
    return this.#iterate((store, slot) => store.value(slot) as V);
  }

  /** `[key, value]` in insertion order; otherwise like `keys`. */
  entries(): CacheIterator<[K, V]> {
    return this.#iterate((store, slot) => [store.key(slot) as K, store.value(slot) as V]);
  }

  /** `[key, CacheItem]` in insertion order; otherwise like `keys`. */
  items(): CacheIterator<[K, CacheItem<V>]> {
    return this.#iterate((store, slot) => [store.key(slot) as K, makeItem(store, slot, store.expiry(slot))]);
  }

  /** Calls `callback` for each entry in insertion order, those added meanwhile included, as on `Map`. */
  forEach(callback: (value: V, key: K, cache: this) => void, thisArg?: unknown): void {
    if (typeof callback !== "function") refuse("callback", "a function", callback);
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this);
  }

  /** The same as `entries`. */
  [Symbol.iterator](): CacheIterator<[K, V]> {
    return this.entries();
  }

  /**
   * All entries as bytes: keys, values, order and expiration, for a file, a database or another thread. Throws a
   * `ValueError` for values that cannot be copied, and for keys that are compared by identity. O(n).
   *
   * ```js
   * writeFileSync("cache.poche", cache.snapshot());
   * ```
   */
  snapshot(): Uint8Array {
    return writeSnapshot(this.#alive());
  }

  /**
   * A cache with the entries of a snapshot, but for those that have expired. Options are not part of a snapshot, but
   * for how values are held. Throws a `CorruptDataError` for bytes that are no snapshot, or are damaged. O(n).
   *
   * ```js
   * const cache = Cache.restore(readFileSync("cache.poche"), { maxEntries: 10_000 });
   * ```
   */
  static restore<K = unknown, V = unknown>(bytes: Uint8Array, options?: CacheOptions<K, V>): Cache<K, V> {
    if (!(bytes instanceof Uint8Array)) refuse("bytes", "a Uint8Array, as snapshot() gives it", bytes);
    startEngine();
    const snapshot = readSnapshot(bytes);
    const cache = new Cache<K, V>({ values: snapshot.byCopy ? "copy" : "reference", ...options });
    try {
      fillFrom(snapshot, cache.#store);
    } catch (error) {
      cache.free();
      throw error;
    }
    cache.#store.tell();
    return cache;
  }

  get [Symbol.toStringTag](): string {
    return "Cache";
  }

  /**
   * The cache as a `Map`, for libraries that take one: the same entries, without the expired ones; `set` gives the
   * default time to live. Keys are compared as the cache compares them. Its `size` purges, O(n). What looks into a Map
   * without its methods, such as `structuredClone`, finds an empty one: give it `new Map(map)`.
   *
   * ```js
   * cache.asMap() instanceof Map; // true
   * ```
   */
  asMap(): Map<K, V> {
    this.#alive();
    return asMap(this as unknown as Cache<K, V, unknown>);
  }

  /**
   * Releases the memory at once; any later call throws a `FreedError`. To free twice is harmless. Without it, the
   * garbage collector releases the memory.
   *
   * ```js
   * cache.free();
   * ```
   */
  free(): void {
    this.#stopPurging?.();
    this.#store.free();
  }

  /** @internal The same as `free`, for `using cache = new Cache()`; `Disposing` is its type. */
  [DISPOSE](): void {
    this.free();
  }

  /** The store, for what might do without asking it: after `free` all calls throw. */
  #alive(): Store {
    if (this.#store.freed) throw new FreedError();
    return this.#store;
  }

  #missed(key: unknown): Miss {
    this.#store.tell();
    return this.#missing(key) as Miss;
  }

  #missing(key: unknown): undefined {
    if (this.#strict) throw new KeyError(key);
    return undefined;
  }

  #delete(key: unknown): boolean {
    const store = this.#store;
    let found = store.seek(key);
    // Asked afterwards: a getter of the key may have asked for a promise.
    if (store.asksForNames) {
      found = store.find(key);
      store.cancelFlight(key);
    }
    if (found < 0) return false;
    if (!store.remove(found & Said.Slot, Reason.Deleted)) throw new OutOfMemoryError();
    return true;
  }

  #changeExpiry(key: K, change: (expiry: number) => number): boolean {
    const found = this.#store.seek(key);
    if (found < 0) {
      this.#missing(key);
      return false;
    }
    const slot = found & Said.Slot;
    this.#store.setExpiry(slot, change(this.#store.expiry(slot)));
    return true;
  }

  #item(key: unknown): CacheItem<V> | undefined {
    const found = this.#store.seek(key);
    if (found < 0) return undefined;
    return makeItem(this.#store, found & Said.Slot, found >= Said.Expires ? this.#store.metExpiry : Infinity);
  }

  #fix(keys: Iterable<K>): FixedKey[] {
    return listOf(keys, "keys").map((key) => fixKey(key, this.#store.settings.byIdentity));
  }

  #iterate<T>(read: (store: Store, slot: number) => T): CacheIterator<T> {
    return new SlotIterator(this.#alive(), read) as unknown as CacheIterator<T>;
  }
}

function makeItem<V>(store: Store, slot: number, expiry: number): CacheItem<V> {
  return new CacheItem(store.value(slot) as V, expiry === Infinity ? null : new Date(expiry));
}

function listOf<T>(given: Iterable<T>, name: string): T[] {
  if (typeof given?.[Symbol.iterator] === "function") return [...given];
  return refuse(name, "an array or another iterable", given);
}
