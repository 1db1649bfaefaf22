// The caches that are compared, each bounded to `entries` and by its strictest notion of "least recently used".

/** One row per implementation: its name; `yardstick` where it bounds nothing; what makes one. */
export const implementations = [
  {
    name: "poche",
    load: async () => {
      const { Cache } = await import("poche");
      return (entries) => new Cache({ maxEntries: entries, eviction: "lru" });
    },
  },
  {
    name: "lru-cache",
    load: async () => {
      const { LRUCache } = await import("lru-cache");
      return (entries) => new LRUCache({ max: entries });
    },
  },
  {
    name: "mnemonist object",
    load: async () => {
      const { LRUCacheWithDelete } = await import("mnemonist");
      return (entries) => new LRUCacheWithDelete(entries);
    },
  },
  {
    name: "mnemonist map",
    load: async () => {
      const { LRUMapWithDelete } = await import("mnemonist");
      return (entries) => new LRUMapWithDelete(entries);
    },
  },
  {
    name: "tiny-lru",
    load: async () => {
      const { lru } = await import("tiny-lru");
      return (entries) => lru(entries);
    },
  },
  {
    name: "quick-lru",
    load: async () => {
      const { default: QuickLRU } = await import("quick-lru");
      return (entries) => new QuickLRU({ maxSize: entries });
    },
  },
  { name: "Map", yardstick: true, load: async () => () => new Map() },
];
