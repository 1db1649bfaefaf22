// The options of a cache, checked: what crosses the border afterwards are numbers.
import { ArgumentError, checkNumber, refuse } from "./errors.js";
import { show } from "./show.js";
import { type Lifetime, readTtl, type Ttl } from "./ttl.js";

/** Why an entry left the cache. */
export type RemoveReason = "expired" | "evicted" | "deleted" | "replaced" | "flushed";

/** What a cache is made with. */
export interface CacheOptions<K = unknown, V = unknown> {
  /** How long entries live that are stored without a `ttl`. Default: for ever. */
  defaultTtl?: Ttl | undefined;
  /** Whether what is missing throws a `KeyError`, as in Python's poche. Default: `false`. */
  strict?: boolean | undefined;
  /** Entries at most, 1 to 134,217,727. Room is made before an entry is stored. Default: no bound. */
  maxEntries?: number | undefined;
  /**
   * Bytes of all entries together at most; `sizeOf` gives the bytes of each. For values held by copy it is the memory
   * that the entries take: keys, values, bookkeeping. Default: no bound.
   */
  maxBytes?: number | undefined;
  /** The size of an entry in bytes: a whole number, 0 or more. `maxBytes` needs it. */
  sizeOf?: ((value: V, key: K) => number) | undefined;
  /** Which entry leaves when a bound is reached: `"lru"`, or the policy with the best hit ratio (default). */
  eviction?: "default" | "lru" | undefined;
  /** How objects are compared as keys: by what they hold (default), or, as in a `Map`, by what they are. */
  keys?: "value" | "identity" | undefined;
  /**
   * How values are held: by reference (default), the very object that was given; or by copy, as bytes that the
   * garbage collector does not see: what structured clone copies, a fresh copy from each `get`.
   */
  values?: "reference" | "copy" | undefined;
  /** Whether `cache.stats` counts. Default: `false`. */
  stats?: boolean | undefined;
  /** Called after an entry has left, once for each; it may use the cache. */
  onRemove?: ((key: K, value: V, reason: RemoveReason) => void) | undefined;
  /** Milliseconds for which lookups may share a reading of the clock; 0: none is ever shared. Default: 1. */
  clockResolution?: number | undefined;
  /** How often expired entries are removed by a timer: seconds, or a string such as `"1m"`. Default: never. */
  purgeEvery?: Ttl | undefined;
}

/** The options as the cache works with them. */
export interface Settings {
  readonly defaultTtl: Ttl;
  readonly lifetime: Lifetime;
  readonly strict: boolean;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly sizeOf: ((value: unknown, key: unknown) => unknown) | null;
  readonly lru: boolean;
  readonly byIdentity: boolean;
  readonly byCopy: boolean;
  readonly stats: boolean;
  readonly onRemove: ((key: unknown, value: unknown, reason: RemoveReason) => void) | null;
  readonly clockResolution: number;
  /** Milliseconds; `Infinity`: never. */
  readonly purgeEvery: number;
}

const NAMES: readonly string[] = [
  "defaultTtl",
  "strict",
  "maxEntries",
  "maxBytes",
  "sizeOf",
  "eviction",
  "keys",
  "values",
  "stats",
  "onRemove",
  "clockResolution",
  "purgeEvery",
] satisfies (keyof CacheOptions)[];

// The engine's slots have 27 bits.
const MOST_ENTRIES = 2 ** 27 - 1;

/** Checks the options that a user gives. */
export function readOptions(given: unknown): Settings {
  if (given === undefined) return readOptions({});
  if (typeof given !== "object" || given === null) {
    return refuse("options", "an object such as { defaultTtl: 60 }", given);
  }
  for (const name of Object.keys(given)) {
    if (!NAMES.includes(name)) {
      throw new ArgumentError(`unknown option ${show(name)}; the options are ${NAMES.join(", ")}`);
    }
  }
  const options = given as Record<string, unknown>;
  const maxBytes = bound(options, "maxBytes", Number.MAX_SAFE_INTEGER);
  const sizeOf = callable<NonNullable<Settings["sizeOf"]>>(options, "sizeOf");
  const byCopy = choice(options, "values", ["reference", "copy"]) === "copy";
  if (byCopy && sizeOf !== null) {
    throw new ArgumentError('sizeOf is for values held by reference; with values: "copy" the true bytes count');
  }
  if (maxBytes !== Infinity && sizeOf === null && !byCopy) {
    throw new ArgumentError("maxBytes needs sizeOf: a function (value, key) that gives an entry's size in bytes");
  }
  const { defaultTtl = null, purgeEvery = null } = options;
  return {
    defaultTtl: defaultTtl as Ttl,
    lifetime: readTtl(defaultTtl, "defaultTtl"),
    strict: flag(options, "strict"),
    maxEntries: bound(options, "maxEntries", MOST_ENTRIES),
    maxBytes,
    sizeOf,
    lru: choice(options, "eviction", ["default", "lru"]) === "lru",
    byIdentity: choice(options, "keys", ["value", "identity"]) === "identity",
    byCopy,
    stats: flag(options, "stats"),
    onRemove: callable<NonNullable<Settings["onRemove"]>>(options, "onRemove"),
    clockResolution: resolution(options),
    purgeEvery: interval(purgeEvery),
  };
}

function flag(options: Record<string, unknown>, name: string): boolean {
  const value = options[name];
  return value === undefined || typeof value === "boolean" ? value === true : refuse(name, "true or false", value);
}

function callable<T>(options: Record<string, unknown>, name: string): T | null {
  const { [name]: value = null } = options;
  return value === null || typeof value === "function" ? (value as T | null) : refuse(name, "a function", value);
}

function choice(options: Record<string, unknown>, name: string, among: readonly string[]): unknown {
  const { [name]: value = among[0] } = options;
  return among.includes(value as string) ? value : refuse(name, among.map(show).join(" or "), value);
}

function bound(options: Record<string, unknown>, name: string, most: number): number {
  const { [name]: value = Infinity } = options;
  const good = (value: number) => value === Infinity || (Number.isInteger(value) && value >= 1 && value <= most);
  return checkNumber(name, `a whole number from 1 to ${most}`, value, good);
}

function resolution(options: Record<string, unknown>): number {
  const { clockResolution: value = 1 } = options;
  const good = (value: number) => value >= 0 && value < Infinity;
  return checkNumber("clockResolution", "a number of milliseconds, 0 or more", value, good);
}

function interval(value: unknown): number {
  const lifetime = readTtl(value, "purgeEvery");
  return typeof lifetime === "number" ? lifetime : refuse("purgeEvery", 'seconds or a string such as "1m"', value);
}
