// The entries of an `LRUCache`: stored, aged, removed, and told of when they leave.
//
// The engine keeps the keys, the order of use, the sizes and the bounds. Ages are kept in the entries: in `lru-cache`
// one whose time is over leaves in its turn, while poche's engine would let it leave first.
import { ArgumentError, Cache, type CacheOptions, valuesByUse, weightOf } from "../index.js";
import { show } from "../show.js";
import { after } from "../timers.js";
import { Ages } from "./ages.js";
import { Entry } from "./entry.js";
import type { Flight } from "./flight.js";
import {
  type DisposeReason,
  type Disposer,
  type Inserter,
  isCount,
  type Perf,
  type SetOptions,
  type SizeCalculator,
} from "./options.js";

// The engine keeps the order of use only where there is a bound, and cannot hold more than this.
const MOST_ENTRIES = 2 ** 27 - 1;

/** The options. Most are read at each use, since a program may change them at any time. */
export interface Current<K, V> {
  readonly ttl: number;
  readonly ttlResolution: number;
  readonly ttlAutopurge: boolean;
  readonly noUpdateTTL: boolean;
  readonly noDisposeOnSet: boolean;
  readonly max: number;
  readonly maxSize: number;
  readonly maxEntrySize: number;
  readonly sizeCalculation: SizeCalculator<K, V> | undefined;
  readonly dispose: Disposer<K, V> | undefined;
  readonly disposeAfter: Disposer<K, V> | undefined;
  readonly onInsert: Inserter<K, V> | undefined;
  readonly fetchMethod: unknown;
}

export class Entries<K, V> {
  readonly ages: Ages;
  /** Whether entries have sizes. */
  readonly weighs: boolean;
  /** Whether any entry was ever stored with a time to live. */
  timed = false;
  readonly #current: Current<K, V>;
  readonly #cache: Cache<K, Entry<K, V>>;
  /** What `disposeAfter` is still to be told. */
  #disposed: Parameters<Disposer<K, V>>[] = [];

  constructor(current: Current<K, V>, perf: Perf | undefined, keys: CacheOptions["keys"]) {
    this.#current = current;
    this.ages = new Ages(perf);
    this.timed = current.ttl !== 0;
    this.weighs = current.maxEntrySize !== 0;
    this.#cache = new Cache<K, Entry<K, V>>({
      keys: keys ?? "identity",
      eviction: "lru",
      maxEntries: current.max || MOST_ENTRIES,
      maxBytes: this.weighs ? current.maxSize || Number.MAX_SAFE_INTEGER : undefined,
      sizeOf: this.weighs ? (entry) => entry.size : undefined,
      // To be told of evictions takes time, so it is left out where it does not matter to anybody.
      onRemove: [current.dispose, current.disposeAfter, current.fetchMethod].some(Boolean)
        ? (_key, entry, reason) => {
            if (reason === "evicted") this.#left(entry, "evict");
          }
        : undefined,
    });
  }

  get size(): number {
    return this.#cache.size;
  }

  get weight(): number {
    return this.weighs ? weightOf(this.#cache) : 0;
  }

  /** An entry, stale or not. */
  find(key: K): Entry<K, V> | undefined {
    return this.#cache.peek(key);
  }

  /** The same, and it is then the one used last. */
  use(key: K): Entry<K, V> | undefined {
    return this.#cache.get(key);
  }

  isStale(entry: Entry<K, V>): boolean {
    return entry.isTimed && this.ages.left(entry, this.#current.ttlResolution) < 0;
  }

  /** Stores a value. `landed` is the fetch that has brought it. */
  put(key: K, value: V, options: SetOptions<K, V>, landed?: Flight<V>): void {
    const { noDisposeOnSet = this.#current.noDisposeOnSet, noUpdateTTL = this.#current.noUpdateTTL } = options;
    const size = this.#sizeOf(key, value, options);
    const { maxSize, maxEntrySize } = this.#current;
    if ((maxEntrySize !== 0 && size > maxEntrySize) || (maxSize !== 0 && size > maxSize)) {
      this.remove(key, "set");
      return;
    }
    const entry = this.use(key);
    if (entry === undefined) {
      this.#age(this.#insert(new Entry<K, V>(key, value, size)), options);
      this.#current.onInsert?.(value, key, "add");
    } else {
      this.#replace(entry, value, size, noDisposeOnSet, landed);
      if (noUpdateTTL) this.#note(options.ttl);
      else this.#age(entry, options);
    }
    if (!noDisposeOnSet) this.tellDisposed();
  }

  /** Lets a key have an entry without a value, whose first fetch has begun. */
  reserve(key: K, flight: Flight<V>, size: number, options: SetOptions<K, V>): void {
    const entry = new Entry<K, V>(key, undefined, this.weighs ? size : 0);
    entry.flight = flight;
    this.#age(this.#insert(entry), options);
    if (options.noDisposeOnSet !== true) this.tellDisposed();
  }

  /** Removes an entry; whether there was one. */
  remove(key: K, reason: DisposeReason): boolean {
    const entry = this.find(key);
    if (entry !== undefined) this.#remove(entry, reason);
    this.tellDisposed();
    return entry !== undefined;
  }

  /** Removes the entry that was used longest ago, and gives it. */
  pop(): Entry<K, V> | undefined {
    const [entry] = this.all(1);
    if (entry !== undefined) this.#remove(entry, "evict");
    return entry;
  }

  /** Removes everything. */
  clear(): void {
    const entries = this.all();
    this.#cache.clear();
    for (const entry of entries) this.#left(entry, "delete");
    this.tellDisposed();
  }

  /** Lets the time of an entry begin anew. */
  renew(entry: Entry<K, V>): void {
    this.#age(entry, { ttl: entry.ttl });
  }

  /** All entries, the one used longest ago first. */
  all(most?: number): Entry<K, V>[] {
    return valuesByUse(this.#cache, most) as Entry<K, V>[];
  }

  /** Those with a value, without the stale ones if they are not allowed. What has left meanwhile is not shown. */
  *live(lastFirst: boolean, allowStale: boolean): Generator<Entry<K, V> & { value: V }, void, unknown> {
    const entries = this.all();
    if (lastFirst) entries.reverse();
    for (const entry of entries) {
      if (entry.value === undefined || this.find(entry.key) !== entry) continue;
      if (allowStale || !this.isStale(entry)) yield entry as Entry<K, V> & { value: V };
    }
  }

  /** Calls `disposeAfter` for all that has left. */
  tellDisposed(): void {
    if (this.#disposed.length === 0) return;
    for (let gone = this.#disposed.shift(); gone !== undefined; gone = this.#disposed.shift()) {
      this.#current.disposeAfter?.(...gone);
    }
  }

  #insert(entry: Entry<K, V>): Entry<K, V> {
    this.#cache.set(entry.key, entry);
    return entry;
  }

  #replace(entry: Entry<K, V>, value: V, size: number, quiet: boolean, landed: Flight<V> | undefined): void {
    const { key, value: before, flight } = entry;
    const same = before === value;
    if (!same || flight !== null) {
      if (!quiet && flight !== landed) flight?.abort(new Error("replaced"));
      entry.value = value;
      entry.flight = null;
      if (!quiet && !same && before !== undefined) this.#dispose(before, key, "set");
      if (size !== entry.size) {
        entry.size = size;
        this.#insert(entry);
      }
    }
    this.#current.onInsert?.(value, key, before === undefined ? "add" : same ? "update" : "replace");
  }

  #remove(entry: Entry<K, V>, reason: DisposeReason): void {
    this.#cache.delete(entry.key);
    this.#left(entry, reason);
  }

  /** Takes note that an entry has left. Its value is told, but for one that was fetched anew and did not make room. */
  #left({ key, value, flight, callOff }: Entry<K, V>, reason: DisposeReason): void {
    callOff?.();
    flight?.abort(new Error(reason === "evict" ? "evicted" : "deleted"));
    if (value !== undefined && (flight === null || reason === "evict")) this.#dispose(value, key, reason);
  }

  #dispose(value: V, key: K, reason: DisposeReason): void {
    if (this.#current.disposeAfter !== undefined) this.#disposed.push([value, key, reason]);
    this.#current.dispose?.(value, key, reason);
  }

  #age(entry: Entry<K, V>, { ttl = this.#current.ttl, start }: SetOptions<K, V>): void {
    if (!this.#note(ttl)) return;
    entry.ttl = ttl;
    entry.start = ttl === 0 ? 0 : (start ?? this.ages.perf.now());
    entry.callOff?.();
    entry.callOff = undefined;
    if (ttl !== 0 && this.#current.ttlAutopurge) this.#purgeAfter(entry, ttl);
  }

  /** Takes note of a time to live. Whether there ever was one. */
  #note(ttl = this.#current.ttl): boolean {
    this.timed ||= ttl !== 0;
    return this.timed;
  }

  #purgeAfter(entry: Entry<K, V>, milliseconds: number): void {
    entry.callOff = after(milliseconds + 1, () => {
      // It may have been evicted, and another be there.
      if (this.find(entry.key) !== entry) return;
      if (this.isStale(entry)) this.remove(entry.key, "expire");
      else this.#purgeAfter(entry, this.ages.left(entry, this.#current.ttlResolution));
    });
  }

  #sizeOf(key: K, value: V, options: SetOptions<K, V>): number {
    const { size, sizeCalculation = this.#current.sizeCalculation } = options;
    if (!this.weighs) {
      if (!size && sizeCalculation === undefined) return 0;
      throw new ArgumentError("a size needs maxSize or maxEntrySize in the options of the cache");
    }
    if (isCount(size)) return size;
    const calculated: unknown = sizeCalculation?.(value, key);
    if (isCount(calculated)) return calculated;
    const rule = "must be a whole number, 1 or more: from the option size of set, or from sizeCalculation";
    throw new ArgumentError(`the size of the entry ${show(key)} ${rule}; got ${show(calculated)}`);
  }
}
