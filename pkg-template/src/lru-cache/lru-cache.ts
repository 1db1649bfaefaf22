// The class `LRUCache`: the everyday surface of the package `lru-cache`, on a `Cache` with exact LRU.
import { ArgumentError } from "../index.js";
import { show } from "../show.js";
import { Entries } from "./entries.js";
import type { Entry } from "./entry.js";
import { Flight, start } from "./flight.js";
import type * as options from "./options.js";
import { callable, type Defined, isCount, readCount, readFunction, type WithContext } from "./options.js";

// What a fetch takes from the cache's options where its own do not say.
const FETCH_OPTIONS = [
  "ttl",
  "sizeCalculation",
  "allowStale",
  "updateAgeOnGet",
  "noDeleteOnStaleGet",
  "noDisposeOnSet",
  "noUpdateTTL",
  "noDeleteOnFetchRejection",
  "allowStaleOnFetchRejection",
  "allowStaleOnFetchAbort",
  "ignoreFetchAbort",
] as const;

/**
 * A cache that evicts what was used longest ago, with the names, the defaults and the milliseconds of the package
 * `lru-cache` 11: a program switches by changing one import. docs/lru-cache.md says what is different.
 *
 * ```js
 * const cache = new LRUCache({ max: 500, ttl: 1000 * 60 * 5 });
 * cache.set("key", "value").get("key"); // "value"
 * ```
 *
 * Keys are compared as in a `Map`. `undefined` is no value: to store it deletes.
 */
export class LRUCache<K extends Defined, V extends Defined, FC = unknown>
  implements Omit<options.OptionsBase<K, V, FC>, "keys">
{
  // The options. These may be changed at any time, for the calls after that.
  ttl: number;
  ttlResolution: number;
  ttlAutopurge: boolean;
  updateAgeOnGet: boolean;
  updateAgeOnHas: boolean;
  allowStale: boolean;
  noDisposeOnSet: boolean;
  noUpdateTTL: boolean;
  maxEntrySize: number;
  sizeCalculation: options.SizeCalculator<K, V> | undefined;
  noDeleteOnFetchRejection: boolean;
  noDeleteOnStaleGet: boolean;
  allowStaleOnFetchAbort: boolean;
  allowStaleOnFetchRejection: boolean;
  ignoreFetchAbort: boolean;
  backgroundFetchSize: number;

  /** Entries at most; 0: any number. */
  readonly max: number;
  /** The sizes of all entries together at most; 0: any. */
  readonly maxSize: number;
  readonly fetchMethod: options.Fetcher<K, V, FC> | undefined;
  readonly memoMethod: options.Memoizer<K, V, FC> | undefined;
  readonly dispose: options.Disposer<K, V> | undefined;
  readonly disposeAfter: options.Disposer<K, V> | undefined;
  readonly onInsert: options.Inserter<K, V> | undefined;

  readonly #entries: Entries<K, V>;

  /** An empty cache. Throws a `TypeError` for a bad option, and where none of `max`, `maxSize` and `ttl` is given. */
  constructor(given: options.Options<K, V, FC> | LRUCache<K, V, FC>) {
    const { perf, keys, ttlResolution } = given as options.OptionsBase<K, V, FC>;
    this.max = readCount("max", given.max);
    this.maxSize = readCount("maxSize", given.maxSize);
    this.maxEntrySize = readCount("maxEntrySize", given.maxEntrySize) || this.maxSize;
    this.ttl = readCount("ttl", given.ttl);
    if (this.max + this.maxSize + this.ttl === 0) {
      throw new ArgumentError("an LRUCache needs a bound: max, maxSize or ttl");
    }
    this.sizeCalculation = readFunction("sizeCalculation", given.sizeCalculation ?? undefined);
    if (this.sizeCalculation !== undefined && this.maxEntrySize === 0) {
      throw new ArgumentError("sizeCalculation needs maxSize or maxEntrySize");
    }
    this.fetchMethod = readFunction("fetchMethod", given.fetchMethod);
    this.memoMethod = readFunction("memoMethod", given.memoMethod);
    this.dispose = callable(given.dispose);
    this.disposeAfter = callable(given.disposeAfter);
    this.onInsert = callable(given.onInsert);
    this.ttlResolution = isCount(ttlResolution) || ttlResolution === 0 ? ttlResolution : 1;
    this.ttlAutopurge = given.ttlAutopurge === true;
    this.updateAgeOnGet = given.updateAgeOnGet === true;
    this.updateAgeOnHas = given.updateAgeOnHas === true;
    this.allowStale = given.allowStale === true;
    this.noDisposeOnSet = given.noDisposeOnSet === true;
    this.noUpdateTTL = given.noUpdateTTL === true;
    this.noDeleteOnFetchRejection = given.noDeleteOnFetchRejection === true;
    this.noDeleteOnStaleGet = given.noDeleteOnStaleGet === true;
    this.allowStaleOnFetchAbort = given.allowStaleOnFetchAbort === true;
    this.allowStaleOnFetchRejection = given.allowStaleOnFetchRejection === true;
    this.ignoreFetchAbort = given.ignoreFetchAbort === true;
    this.backgroundFetchSize = given.backgroundFetchSize ?? 1;
    if (perf !== undefined && typeof perf.now !== "function") {
      throw new ArgumentError(`perf must be an object with a function now; got ${show(perf)}`);
    }
    // Of another cache it is the method.
    this.#entries = new Entries<K, V>(this, perf, typeof keys === "function" ? undefined : keys);
  }

  get [Symbol.toStringTag](): string {
    return "LRUCache";
  }

  /** The clock. */
  get perf(): options.Perf {
    return this.#entries.ages.perf;
  }

  /** How many entries there are, those included whose time is over or that are still fetched. O(1). */
  get size(): number {
    return this.#entries.size;
  }

  /** The sizes of all entries together. O(1). */
  get calculatedSize(): number {
    return this.#entries.weight;
  }

  /** Stores; returns the cache. `undefined` deletes. What is larger than `maxEntrySize` is not stored. O(1). */
  set(key: K, value: V | undefined, setOptions: options.SetOptions<K, V> = {}): this {
    if (value === undefined) this.delete(key);
    else this.#entries.put(key, value, setOptions);
    return this;
  }

  /** The value, which is then the one used last; `undefined` where there is none, or its time is over. O(1). */
  get(key: K, getOptions: options.GetOptions = {}): V | undefined {
    const entries = this.#entries;
    // Where nothing is ever stale, one lookup does.
    if (!entries.timed) return entries.use(key)?.value;
    const { allowStale = this.allowStale, updateAgeOnGet = this.updateAgeOnGet } = getOptions;
    const { noDeleteOnStaleGet = this.noDeleteOnStaleGet } = getOptions;
    // What is stale and goes may be used before; what is stale and stays may not.
    const stays = noDeleteOnStaleGet || this.fetchMethod !== undefined;
    const entry = stays ? entries.find(key) : entries.use(key);
    if (entry === undefined) return undefined;
    if (entries.isStale(entry)) {
      const { value, flight } = entry;
      if (flight === null && !noDeleteOnStaleGet) entries.remove(key, "expire");
      return allowStale ? value : undefined;
    }
    if (stays) entries.use(key);
    if (updateAgeOnGet) entries.renew(entry);
    return entry.value;
  }

  /** Like `get`, but without any effect. O(1). */
  peek(key: K, { allowStale = this.allowStale }: options.PeekOptions = {}): V | undefined {
    const entry = this.#entries.find(key);
    return entry === undefined || (!allowStale && this.#entries.isStale(entry)) ? undefined : entry.value;
  }

  /** Whether there is something whose time is not over. O(1). */
  has(key: K, { updateAgeOnHas = this.updateAgeOnHas }: options.HasOptions = {}): boolean {
    const entry = this.#entries.find(key);
    if (entry?.value === undefined || this.#entries.isStale(entry)) return false;
    if (updateAgeOnHas) this.#entries.renew(entry);
    return true;
  }

  /** Deletes; whether there was something. O(1). */
  delete(key: K): boolean {
    return this.#entries.remove(key, "delete");
  }

  /** Removes everything. O(n). */
  clear(): void {
    this.#entries.clear();
  }

  /** Removes what was used longest ago, and gives its value. O(1). */
  pop(): V | undefined {
    let entry: Entry<K, V> | undefined;
    // One that is fetched for the first time has no value.
    do entry = this.#entries.pop();
    while (entry !== undefined && entry.value === undefined);
    this.#entries.tellDisposed();
    return entry?.value;
  }

  /** Removes all whose time is over; whether there were any. O(n). */
  purgeStale(): boolean {
    const stale = this.#entries.all().filter((entry) => this.#entries.isStale(entry));
    for (const { key } of stale) this.#entries.remove(key, "expire");
    return stale.length > 0;
  }

  /** Milliseconds that an entry has left, negative when its time is over; 0 where there is none. O(1). */
  getRemainingTTL(key: K): number {
    const entry = this.#entries.find(key);
    return entry === undefined ? 0 : this.#entries.ages.left(entry, this.ttlResolution);
  }

  /** An entry's value, size and remaining time, the latter as if it had begun now. Stale ones, too. O(1). */
  info(key: K): options.Entry<V> | undefined {
    const entry = this.#entries.find(key);
    if (entry?.value === undefined) return undefined;
    const info: options.Entry<V> = { value: entry.value };
    if (entry.isTimed) {
      info.ttl = entry.ttl - (this.perf.now() - entry.start);
      info.start = Date.now();
    }
    if (this.#entries.weighs) info.size = entry.size;
    return info;
  }

  /** All entries, the one used longest ago first, for `load`. Stale ones, too. O(n). */
  dump(): [K, options.Entry<V>][] {
    const dumped: [K, options.Entry<V>][] = [];
    for (const { key, value, ttl, start, size } of this.#entries.all()) {
      if (value === undefined) continue;
      const entry: options.Entry<V> = { value };
      if (this.#entries.timed) {
        entry.ttl = ttl;
        entry.start = Math.floor(Date.now() - (this.perf.now() - start));
      }
      if (this.#entries.weighs) entry.size = size;
      dumped.push([key, entry]);
    }
    return dumped;
  }

  /** Empties the cache and stores what `dump` gave, with the time that it had left, less what has passed. O(n). */
  load(entries: Iterable<readonly [K, options.Entry<V>]>): void {
    this.clear();
    for (const [key, entry] of entries) {
      const age = Date.now() - (entry.start ?? 0);
      this.set(key, entry.value, entry.start ? { ...entry, start: this.perf.now() - age } : entry);
    }
  }

  /** `[key, value]`, the one used last first, of all that were there at the first step. O(n). */
  *entries(): Generator<[K, V], void, unknown> {
    for (const { key, value } of this.#shown(true)) yield [key, value];
  }

  /** `[key, value]`, the one used longest ago first. */
  *rentries(): Generator<[K, V], void, unknown> {
    for (const { key, value } of this.#shown(false)) yield [key, value];
  }

  /** The keys, the one used last first. */
  *keys(): Generator<K, void, unknown> {
    for (const { key } of this.#shown(true)) yield key;
  }

  /** The keys, the one used longest ago first. */
  *rkeys(): Generator<K, void, unknown> {
    for (const { key } of this.#shown(false)) yield key;
  }

  /** The values, the one used last first. */
  *values(): Generator<V, void, unknown> {
    for (const { value } of this.#shown(true)) yield value;
  }

  /** The values, the one used longest ago first. */
  *rvalues(): Generator<V, void, unknown> {
    for (const { value } of this.#shown(false)) yield value;
  }

  /** The same as `entries`. */
  [Symbol.iterator](): Generator<[K, V], void, unknown> {
    return this.entries();
  }

  /** Calls `callback` for each entry, the one used last first. Old values that are fetched anew are shown, too. */
  forEach(callback: (value: V, key: K, cache: this) => unknown, thisArg: unknown = this): void {
    for (const { key, value } of this.#entries.live(true, this.allowStale)) callback.call(thisArg, value, key, this);
  }

  /** The same, the one used longest ago first. */
  rforEach(callback: (value: V, key: K, cache: this) => unknown, thisArg: unknown = this): void {
    for (const { key, value } of this.#entries.live(false, this.allowStale)) callback.call(thisArg, value, key, this);
  }

  /** What `get` gives for the first entry, the one used last first, for which `test` is true. O(n). */
  find(test: (value: V, key: K, cache: this) => unknown, getOptions: options.GetOptions = {}): V | undefined {
    for (const { key, value } of this.#entries.live(true, this.allowStale)) {
      if (test(value, key, this)) return this.get(key, getOptions);
    }
    return undefined;
  }

  /**
   * The value, fetched by `fetchMethod` where there is none or its time is over. Callers share a fetch; with
   * `allowStale` they get the old value, if there is one, while it runs. Without a `fetchMethod` it is `get`.
   */
  async fetch(key: K, ...given: WithContext<FC, options.FetchOptions<K, V, FC>>): Promise<V | undefined> {
    const [fetchOptions = {}] = given as [options.FetchOptions<K, V, FC>?];
    const { fetchMethod } = this;
    if (fetchMethod === undefined) return this.get(key, fetchOptions);
    const entry = this.#entries.find(key);
    const { forceRefresh = false, allowStale = this.allowStale, updateAgeOnGet = this.updateAgeOnGet } = fetchOptions;
    if (entry !== undefined && entry.flight === null && !this.#entries.isStale(entry) && !forceRefresh) {
      this.#entries.use(key);
      if (updateAgeOnGet) this.#entries.renew(entry);
      return entry.value;
    }
    const flight = entry?.flight ?? this.#begin(key, entry, fetchMethod, fetchOptions);
    if (allowStale && flight.stale !== undefined) return flight.stale;
    flight.awaited = true;
    return flight.promise;
  }

  /** The same, but where it would give `undefined` it is rejected. */
  async forceFetch(key: K, ...given: WithContext<FC, options.FetchOptions<K, V, FC>>): Promise<V> {
    const value = await this.fetch(key, ...given);
    if (value === undefined) throw new Error(`fetchMethod gave nothing for the key ${show(key)}`);
    return value;
  }

  /** The value, computed by `memoMethod` where there is none or its time is over. Throws without a `memoMethod`. */
  memo(key: K, ...given: WithContext<FC, options.MemoOptions<K, V, FC>>): V {
    const { memoMethod } = this;
    if (memoMethod === undefined) throw new ArgumentError("memo needs the option memoMethod");
    const [{ context, forceRefresh = false, ...memoOptions } = {}] = given as [options.MemoOptions<K, V, FC>?];
    const before = this.get(key, memoOptions);
    if (before !== undefined && !forceRefresh) return before;
    const value = memoMethod(key, before, { options: memoOptions, context: context as FC });
    this.set(key, value, memoOptions);
    return value;
  }

  /** Begins a fetch of a key, which has an entry from now on. */
  #begin(
    key: K,
    entry: Entry<K, V> | undefined,
    fetchMethod: options.Fetcher<K, V, FC>,
    given: options.FetchOptions<K, V, FC>,
  ): Flight<V> {
    const pairs = FETCH_OPTIONS.map((name) => [name, given[name] ?? this[name]]);
    const fetchOptions: options.FetcherFetchOptions<K, V> = { ...Object.fromEntries(pairs), size: given.size };
    const flight = new Flight(entry?.value);
    if (given.signal !== undefined) flight.follow(given.signal);
    const entries = this.#entries;
    start(flight, fetchMethod, key, fetchOptions, given.context as FC, {
      entry: () => entries.find(key),
      store: (value) => entries.put(key, value, fetchOptions, flight),
      remove: () => entries.remove(key, "fetch"),
    });
    const there = entries.find(key);
    if (there === undefined) entries.reserve(key, flight, this.backgroundFetchSize, fetchOptions);
    else there.flight = flight;
    return flight;
  }

  /** Entries to be shown: not those that are fetched anew. */
  *#shown(lastFirst: boolean): Generator<{ key: K; value: V }, void, unknown> {
    for (const entry of this.#entries.live(lastFirst, this.allowStale)) if (entry.flight === null) yield entry;
  }
}

/** The types, by the names that they have in `lru-cache`. */
export namespace LRUCache {
  export type Size = number;
  export type Milliseconds = number;
  export type Count = number;
  export type Perf = options.Perf;
  export type DisposeReason = options.DisposeReason;
  export type Disposer<K, V> = options.Disposer<K, V>;
  export type InsertReason = options.InsertReason;
  export type Inserter<K, V> = options.Inserter<K, V>;
  export type SizeCalculator<K, V> = options.SizeCalculator<K, V>;
  export type Fetcher<K, V, FC = unknown> = options.Fetcher<K, V, FC>;
  export type FetcherOptions<K, V, FC = unknown> = options.FetcherOptions<K, V, FC>;
  export type FetcherFetchOptions<K, V, _FC = unknown> = options.FetcherFetchOptions<K, V>;
  export type FetchOptions<K, V, FC = unknown> = options.FetchOptions<K, V, FC>;
  export type Memoizer<K, V, FC = unknown> = options.Memoizer<K, V, FC>;
  export type MemoizerOptions<K, V, FC = unknown> = options.MemoizerOptions<K, V, FC>;
  export type MemoizerMemoOptions<K, V, _FC = unknown> = options.MemoizerMemoOptions<K, V>;
  export type MemoOptions<K, V, FC = unknown> = options.MemoOptions<K, V, FC>;
  export type GetOptions<_K, _V, _FC = unknown> = options.GetOptions;
  export type PeekOptions<_K, _V, _FC = unknown> = options.PeekOptions;
  export type HasOptions<_K, _V, _FC = unknown> = options.HasOptions;
  export type SetOptions<K, V, _FC = unknown> = options.SetOptions<K, V>;
  export type OptionsBase<K, V, FC = unknown> = options.OptionsBase<K, V, FC>;
  export type OptionsMaxLimit<K, V, FC = unknown> = options.OptionsBase<K, V, FC> & { max: number };
  export type OptionsSizeLimit<K, V, FC = unknown> = options.OptionsBase<K, V, FC> & { maxSize: number };
  export type OptionsTTLLimit<K, V, FC = unknown> = options.OptionsBase<K, V, FC> & { ttl: number };
  export type Options<K, V, FC = unknown> = options.Options<K, V, FC>;
  export type Entry<V> = options.Entry<V>;
}
