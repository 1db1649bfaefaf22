// What `import … from "poche/apollo"` gives: a cache for Apollo Server and its data sources.
import { Cache, type CacheOptions } from "./index.js";

/** How Apollo stores a value. */
export interface KeyValueCacheSetOptions {
  /** Seconds; `null` or 0, as in Apollo's own caches: for ever. Left out: the cache's `defaultTtl`. */
  ttl?: number | null;
}

/**
 * A `KeyValueCache` as Apollo Server, `RESTDataSource` and others take it, made with the options of a `Cache`, or on
 * a cache that there is already.
 *
 * ```js
 * const cache = new KeyValueCachePoche({ maxEntries: 10_000, defaultTtl: "5m" }); // new ApolloServer({ cache })
 * await cache.set("key", "value", { ttl: 60 });
 * ```
 */
export class KeyValueCachePoche<V = string> {
  /** The cache behind the adapter. */
  readonly cache: Cache<string, V>;

  constructor(options?: CacheOptions<string, V> | Cache<string, V>) {
    this.cache = options instanceof Cache ? (options as Cache<string, V>) : new Cache(options);
  }

  /** The value, or `undefined`. */
  async get(key: string): Promise<V | undefined> {
    // Not get, which throws for a miss where the cache is strict.
    return this.cache.getMany([key])[0];
  }

  /**
   * Stores a value. A negative `ttl` is over already: nothing is stored, and what was there goes. Rejected for a `ttl`
   * that is no number.
   */
  async set(key: string, value: V, { ttl }: KeyValueCacheSetOptions = {}): Promise<void> {
    if (typeof ttl === "number" && ttl < 0) await this.delete(key);
    else this.cache.set(key, value, ttl === 0 ? null : ttl);
  }

  /** Whether there was something to delete. */
  async delete(key: string): Promise<boolean> {
    return this.cache.deleteMany([key])[0] === true;
  }
}

export default KeyValueCachePoche;
