// The options of an `LRUCache` and of its methods, by the names that they have in the package `lru-cache`.
import { ArgumentError } from "../index.js";
import { show } from "../show.js";

/** What can be a key or a value there: all but `undefined` and `null`. */
export type Defined = NonNullable<unknown>;

/** Why a value left: no room, another value, `delete` or `clear`, its age, or a fetch that brought nothing. */
export type DisposeReason = "evict" | "set" | "delete" | "expire" | "fetch";

/** How a value came: under a new key, as the same value again, in the place of another. */
export type InsertReason = "add" | "update" | "replace";

/** Called for a value that has left. */
export type Disposer<K, V> = (value: V, key: K, reason: DisposeReason) => void;

/** Called for a value that was stored. */
export type Inserter<K, V> = (value: V, key: K, reason: InsertReason) => void;

/** The size of an entry: a whole number, 1 or more. */
export type SizeCalculator<K, V> = (value: V, key: K) => number;

/** A clock: milliseconds from any beginning. */
export interface Perf {
  now(): number;
}

/** `AbortSignal`, where the libraries that a program is checked with know it. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : object;

/** What may be said of one `get`. */
export interface GetOptions {
  /** Whether an entry whose time is over is given all the same. */
  allowStale?: boolean | undefined;
  /** Whether the entry's time begins anew. */
  updateAgeOnGet?: boolean | undefined;
  /** Whether an entry whose time is over stays. */
  noDeleteOnStaleGet?: boolean | undefined;
}

/** What may be said of one `peek`. */
export type PeekOptions = Pick<GetOptions, "allowStale">;

/** What may be said of one `has`. */
export interface HasOptions {
  /** Whether the entry's time begins anew. */
  updateAgeOnHas?: boolean | undefined;
}

/** How an entry is stored, whether by `set`, `fetch` or `memo`. */
export interface StoreOptions<K, V> {
  /** Milliseconds that the entry lives; 0: for ever. */
  ttl?: number | undefined;
  /** What gives the entry's size. */
  sizeCalculation?: SizeCalculator<K, V> | undefined;
  /** Whether a value that is replaced is not told to `dispose`. */
  noDisposeOnSet?: boolean | undefined;
  /** Whether a value that replaces another keeps the time of that one. */
  noUpdateTTL?: boolean | undefined;
}

/** What may be said of one `set`. */
export interface SetOptions<K, V> extends StoreOptions<K, V> {
  /** The entry's size, a whole number; otherwise `sizeCalculation` gives it. */
  size?: number | undefined;
  /** When the entry's time began, by the cache's clock. */
  start?: number | undefined;
}

/** What becomes of a fetch that fails or is aborted. */
export interface FetchFailureOptions {
  /** Whether the old value stays when a fetch fails. */
  noDeleteOnFetchRejection?: boolean | undefined;
  /** Whether `fetch` gives the old value when a fetch fails. */
  allowStaleOnFetchRejection?: boolean | undefined;
  /** Whether `fetch` gives the old value when a fetch is aborted; what it brings is stored all the same. */
  allowStaleOnFetchAbort?: boolean | undefined;
  /** Whether a fetch goes on when it is aborted. */
  ignoreFetchAbort?: boolean | undefined;
}

/** How a fetch goes about it: its `fetchMethod` may change this until it has a value. */
export interface FetcherFetchOptions<K, V> extends GetOptions, StoreOptions<K, V>, FetchFailureOptions {
  size?: number | undefined;
}

/** What `fetchMethod` is given besides the key and the old value. */
export interface FetcherOptions<K, V, FC = unknown> {
  /** Aborted when the entry is deleted, evicted or replaced, or by the caller's own signal. */
  signal: Signal;
  options: FetcherFetchOptions<K, V>;
  /** What the caller of `fetch` gave. */
  context: FC;
}

/** What may be said of one `fetch`. */
export interface FetchOptions<K, V, FC = unknown> extends FetcherFetchOptions<K, V> {
  /** Whether to fetch although the entry's time is not over. */
  forceRefresh?: boolean | undefined;
  /** Handed on to `fetchMethod`. */
  context?: FC | undefined;
  /** Aborts the fetch. */
  signal?: Signal | undefined;
}

/** How `memo` stores. */
export interface MemoizerMemoOptions<K, V> extends GetOptions, SetOptions<K, V> {}

/** What `memoMethod` is given besides the key and the old value. */
export interface MemoizerOptions<K, V, FC = unknown> {
  options: MemoizerMemoOptions<K, V>;
  /** What the caller of `memo` gave. */
  context: FC;
}

/** What may be said of one `memo`. */
export interface MemoOptions<K, V, FC = unknown> extends MemoizerMemoOptions<K, V> {
  /** Whether to compute although the entry's time is not over. */
  forceRefresh?: boolean | undefined;
  /** Handed on to `memoMethod`. */
  context?: FC | undefined;
}

/** Brings the value of a key. */
export type Fetcher<K, V, FC = unknown> = (
  key: K,
  staleValue: V | undefined,
  options: FetcherOptions<K, V, FC>,
) => Promise<V | undefined> | Promise<void> | V | undefined | void;

/** Computes the value of a key. */
export type Memoizer<K, V, FC = unknown> = (key: K, staleValue: V | undefined, options: MemoizerOptions<K, V, FC>) => V;

/** What an `LRUCache` is made with. */
export interface OptionsBase<K, V, FC = unknown>
  extends GetOptions,
    HasOptions,
    StoreOptions<K, V>,
    FetchFailureOptions {
  /** Entries at most. */
  max?: number | undefined;
  /** The sizes of all entries together at most. */
  maxSize?: number | undefined;
  /** The size of one entry at most; a larger one is not stored. Default: `maxSize`. */
  maxEntrySize?: number | undefined;
  /** The size of an entry that is fetched for the first time, until it is there. Default: 1. */
  backgroundFetchSize?: number | undefined;
  /** Milliseconds for which a reading of the clock serves. Default: 1. */
  ttlResolution?: number | undefined;
  /** Whether a timer removes each entry when its time is over. */
  ttlAutopurge?: boolean | undefined;
  /** The clock. Default: `performance`. */
  perf?: Perf | undefined;
  /** Called for each value that has left, when it has. */
  dispose?: Disposer<K, V> | undefined;
  /** The same, but after all calls of `dispose`. */
  disposeAfter?: Disposer<K, V> | undefined;
  /** Called for each value that was stored. */
  onInsert?: Inserter<K, V> | undefined;
  /** What `fetch` fetches with. */
  fetchMethod?: Fetcher<K, V, FC> | undefined;
  /** What `memo` computes with. */
  memoMethod?: Memoizer<K, V, FC> | undefined;
  /** Only here: `"value"` compares objects as keys by what they hold. Default: `"identity"`, as in a `Map`. */
  keys?: "identity" | "value" | undefined;
}

/** The options, of which one has to bound the cache. */
export type Options<K, V, FC = unknown> =
  | (OptionsBase<K, V, FC> & { max: number })
  | (OptionsBase<K, V, FC> & { maxSize: number })
  | (OptionsBase<K, V, FC> & { ttl: number });

/** What `info` and `dump` give of an entry, and `load` takes. */
export interface Entry<V> {
  value: V;
  /** Milliseconds. */
  ttl?: number;
  size?: number;
  /** Milliseconds since the epoch. */
  start?: number;
}

/** Options, and the context if the cache has one that must be given. */
export type WithContext<FC, O> = [undefined] extends [FC] ? [options?: O] : [options: O & { context: FC }];

/** A whole number, 1 or more. */
export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

/** An option that is a whole number, 0 (or left out) for none. */
export function readCount(name: string, value: number | undefined): number {
  if (value === undefined || value === 0 || isCount(value)) return value ?? 0;
  throw new ArgumentError(`${name} must be a whole number, 1 or more; got ${show(value)}`);
}

/** An option that is called if it is a function, as `lru-cache` has it. */
export function callable<F>(value: F | undefined): F | undefined {
  return typeof value === "function" ? value : undefined;
}

/** An option that must be a function, if it is there. */
export function readFunction<F>(name: string, value: F | undefined): F | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw new ArgumentError(`${name} must be a function; got ${show(value)}`);
}
