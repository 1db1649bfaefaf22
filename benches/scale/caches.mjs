// The caches of the measurements of scale, by name: `makers[name]` gives one for `entries` of them.

export const makers = {
  async poche() {
    const { Cache } = await import("poche");
    return (entries) => new Cache({ maxEntries: entries });
  },
  async "poche lru"() {
    const { Cache } = await import("poche");
    return (entries) => new Cache({ maxEntries: entries, eviction: "lru" });
  },
  async "lru-cache"() {
    const { LRUCache } = await import("lru-cache");
    return (entries) => new LRUCache({ max: entries });
  },
  async Map() {
    return () => new Map();
  },
};
