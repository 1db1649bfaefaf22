// What `import … from "poche/keyv"` gives: a storage adapter for Keyv 5 and 6.
import { Cache, type CacheOptions } from "./index.js";

/** An entry of `setMany`, as Keyv gives it; the time to live is in milliseconds. */
export interface KeyvPocheEntry {
  key: string;
  value: unknown;
  ttl?: number | undefined;
}

/**
 * A storage adapter for Keyv 5 and 6, made with the options of a `Cache`, or on a cache that there is already.
 * Keyv counts in milliseconds; so do this class's methods, while `defaultTtl` is in seconds as everywhere in poche.
 *
 * ```js
 * const keyv = new Keyv({ store: new KeyvPoche({ maxEntries: 10_000 }), namespace: "users" });
 * await keyv.set("ada", { name: "Ada" }, 60_000);
 * ```
 *
 * There is no `deleteMany`: Keyv 5 wants a boolean of it and Keyv 6 one for each key, which both get from `delete`.
 */
export class KeyvPoche {
  /** The cache behind the adapter. Its keys have Keyv's prefix. */
  readonly cache: Cache<string, unknown>;

  /** Keyv 5 sets it, and puts it and a colon before the keys itself; Keyv 6 does both by itself. */
  declare namespace?: string | undefined;

  // Keyv 5 lets a store iterate only if it says that it is one of those that Keyv knows.
  readonly opts: { dialect: string; url: string } = { dialect: "redis", url: "" };

  constructor(options?: CacheOptions<string, unknown> | Cache<string, unknown>) {
    this.cache = options instanceof Cache ? (options as Cache<string, unknown>) : new Cache(options);
  }

  /** The value, or `undefined`. */
  async get<Value = unknown>(key: string): Promise<Value | undefined> {
    return this.#read(key) as Value | undefined;
  }

  /** The values, `undefined` for those that there are not. */
  async getMany<Value = unknown>(keys: string[]): Promise<(Value | undefined)[]> {
    return this.cache.getMany(keys) as (Value | undefined)[];
  }

  /** Stores a value for some milliseconds; 0, as for Keyv, is for ever, and left out the cache's `defaultTtl`. */
  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    this.#write(key, value, ttl);
    return true;
  }

  /** Stores many. */
  async setMany(entries: KeyvPocheEntry[]): Promise<void> {
    for (const { key, value, ttl } of entries) this.#write(key, value, ttl);
  }

  /** Whether there was something to delete. */
  async delete(key: string): Promise<boolean> {
    return this.#remove(key);
  }

  /** Whether `get` would find something. */
  async has(key: string): Promise<boolean> {
    return this.cache.has(key);
  }

  /** The same for many. */
  async hasMany(keys: string[]): Promise<boolean[]> {
    return keys.map((key) => this.cache.has(key));
  }

  /** Empties the namespace, or the whole cache where there is none. */
  async clear(): Promise<void> {
    if (this.namespace === undefined) {
      this.cache.clear();
      return;
    }
    for (const key of this.cache.keys()) if (this.#isIn(key, this.namespace)) this.#remove(key);
  }

  /** The keys and values of a namespace, those without the expired ones. */
  async *iterator<Value = unknown>(namespace?: string): AsyncGenerator<[string, Value], void> {
    for (const key of this.cache.keys()) {
      if (namespace !== undefined && !this.#isIn(key, namespace)) continue;
      // Whoever iterates may take his time, so whether there is still something is asked now.
      if (this.cache.has(key)) yield [key, this.cache.peek(key) as Value];
    }
  }

  /** There is no connection, so nothing is closed: other adapters may use the cache. */
  async disconnect(): Promise<void> {}

  /** Keyv listens for errors of a connection. There are none. */
  on(_event: string, _listener: (...values: never[]) => void): this {
    return this;
  }

  #read(key: string): unknown {
    // Not get, which throws for a miss where the cache is strict.
    return this.cache.getMany([key])[0];
  }

  #write(key: string, value: unknown, ttl: number | null | undefined): void {
    if (typeof ttl === "number" && ttl < 0) this.#remove(key);
    else this.cache.set(key, value, ttl === 0 || ttl === Infinity ? null : ttl == null ? undefined : ttl / 1000);
  }

  #remove(key: string): boolean {
    return this.cache.deleteMany([key])[0] === true;
  }

  #isIn(key: unknown, namespace: string): boolean {
    return typeof key === "string" && key.startsWith(`${namespace}:`);
  }
}

export default KeyvPoche;
