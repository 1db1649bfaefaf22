// The caches that are compared: how each is made, and by which calls it is used.
//
// `make(entries, ttl)` gives a cache bounded to so many entries; `ttl` is in milliseconds, or 0 for none. The calls
// are wrapped all alike, so the wrapping costs all the same.

const HOUR = 3_600_000;

/** The time-to-live of the cells with expiry: long enough that nothing expires while it is measured. */
export const TTL = HOUR;

const wrap = (cache) => ({
  get: (key) => cache.get(key),
  set: (key, value) => cache.set(key, value),
  delete: (key) => cache.delete(key),
});

/**
 * One row per implementation: its name in results; the `package` it comes from; whether it `expires` entries and
 * `bounds` their number; whether it `deletes`; `structures` where it compares arrays by value, all others get
 * `JSON.stringify` of them; `yardstick` where it is no peer.
 */
export const implementations = [
  {
    name: "poche",
    package: "poche",
    own: true,
    expires: true,
    structures: true,
    make: async (entries, ttl) => {
      const { Cache } = await import("poche");
      return () => wrap(new Cache({ maxEntries: entries, defaultTtl: ttl > 0 ? ttl / 1000 : null }));
    },
  },
  {
    name: "poche lru",
    package: "poche",
    own: true,
    expires: true,
    structures: true,
    make: async (entries, ttl) => {
      const { Cache } = await import("poche");
      return () => wrap(new Cache({ maxEntries: entries, eviction: "lru", defaultTtl: ttl > 0 ? ttl / 1000 : null }));
    },
  },
  {
    name: "lru-cache",
    package: "lru-cache",
    expires: true,
    make: async (entries, ttl) => {
      const { LRUCache } = await import("lru-cache");
      return () => wrap(new LRUCache(ttl > 0 ? { max: entries, ttl } : { max: entries }));
    },
  },
  {
    name: "quick-lru",
    package: "quick-lru",
    expires: true,
    make: async (entries, ttl) => {
      const { default: QuickLRU } = await import("quick-lru");
      return () => wrap(new QuickLRU(ttl > 0 ? { maxSize: entries, maxAge: ttl } : { maxSize: entries }));
    },
  },
  {
    name: "tiny-lru",
    package: "tiny-lru",
    expires: true,
    make: async (entries, ttl) => {
      const { lru } = await import("tiny-lru");
      return () => wrap(lru(entries, ttl));
    },
  },
  {
    name: "ttlcache",
    package: "@isaacs/ttlcache",
    expires: true,
    needsTtl: true,
    make: async (entries, ttl) => {
      const { TTLCache } = await import("@isaacs/ttlcache");
      return () => wrap(new TTLCache({ max: entries, ttl }));
    },
  },
  {
    name: "mnemonist LRUCache",
    package: "mnemonist",
    coerces: true,
    make: async (entries) => {
      const { LRUCacheWithDelete } = await import("mnemonist");
      return () => wrap(new LRUCacheWithDelete(entries));
    },
  },
  {
    name: "mnemonist LRUMap",
    package: "mnemonist",
    make: async (entries) => {
      const { LRUMapWithDelete } = await import("mnemonist");
      return () => wrap(new LRUMapWithDelete(entries));
    },
  },
  {
    name: "node-cache",
    package: "node-cache",
    expires: true,
    unbounded: true,
    make: async (_entries, ttl) => {
      const { default: NodeCache } = await import("node-cache");
      return () => {
        const cache = new NodeCache({ useClones: false, stdTTL: ttl / 1000, checkperiod: 0 });
        return { ...wrap(cache), delete: (key) => cache.del(key) };
      };
    },
  },
  {
    name: "cacheable",
    package: "@cacheable/memory",
    expires: true,
    make: async (entries, ttl) => {
      const { CacheableMemory } = await import("@cacheable/memory");
      const options = { useClone: false, lruSize: entries, checkInterval: 0 };
      return () => wrap(new CacheableMemory(ttl > 0 ? { ...options, ttl } : options));
    },
  },
  {
    name: "Map",
    package: null,
    yardstick: true,
    unbounded: true,
    make: async () => () => wrap(new Map()),
  },
];

/** Whether an implementation can do what a cell asks for. `Map` stands beside the cells with expiry too. */
export function can(implementation, cell) {
  if (implementation.yardstick) return cell.operation !== "churn";
  if (cell.expiry ? !implementation.expires : implementation.needsTtl) return false;
  return cell.operation !== "churn" || !implementation.unbounded;
}
