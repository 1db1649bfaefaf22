// Who is measured: poche, what programs write by hand, and the caches from npm that the server has.

const HOUR = 3_600_000;

/** A bounded cache in fifteen lines on a Map, as programs often have it: exact LRU by deleting and setting again. */
class MapLru {
  constructor(capacity) {
    this.capacity = capacity;
    this.map = new Map();
  }

  get(key) {
    const value = this.map.get(key);
    if (value === undefined) return undefined;
    this.map.delete(key);
    this.map.set(key, value);
    return value;
  }

  set(key, value) {
    if (!this.map.delete(key) && this.map.size >= this.capacity) this.map.delete(this.map.keys().next().value);
    this.map.set(key, value);
  }

  delete(key) {
    return this.map.delete(key);
  }
}

/** The same with an expiry for each entry. */
class MapLruTtl extends MapLru {
  get(key) {
    const entry = super.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiration > Date.now()) return entry.value;
    this.map.delete(key);
    return undefined;
  }

  set(key, value) {
    super.set(key, { value, expiration: Date.now() + HOUR });
  }
}

/** What a Map needs for keys that are arrays: their JSON. */
function byJson(make) {
  return (capacity, poche) => {
    const cache = make(capacity, poche);
    return {
      get: (key) => cache.get(JSON.stringify(key)),
      set: (key, value) => cache.set(JSON.stringify(key), value),
    };
  };
}

const map = () => new Map();
const mapLru = (capacity) => new MapLru(capacity);
const mapLruTtl = (capacity) => new MapLruTtl(capacity);

/** A row of the list for a peer from npm: two, where it has expiry. `make(capacity, ttl)`; milliseconds, 0: none. */
function peer(name, make, { expires = true, needsTtl = false } = {}) {
  const id = name.replaceAll(/\W+/g, "-");
  const row = (suffix, ttl) => {
    const made = (capacity) => make(capacity, ttl);
    const words = ttl > 0 ? ", ttl" : "";
    return {
      id: id + suffix,
      name: name + words,
      role: "peer",
      bounded: true,
      make: made,
      makeForArrays: byJson(made),
    };
  };
  return [...(needsTtl ? [] : [row("", 0)]), ...(expires ? [row("-ttl", HOUR)] : [])];
}

/** The peers of those packages that there are; `peers` has their namespaces by the package's name. */
function fromNpm(peers) {
  const rows = {
    "lru-cache": ({ LRUCache }) =>
      peer("lru-cache", (capacity, ttl) => new LRUCache(ttl > 0 ? { max: capacity, ttl } : { max: capacity })),
    "tiny-lru": ({ lru }) => peer("tiny-lru", (capacity, ttl) => lru(capacity, ttl)),
    "quick-lru": ({ default: QuickLru }) =>
      peer(
        "quick-lru",
        (capacity, ttl) => new QuickLru(ttl > 0 ? { maxSize: capacity, maxAge: ttl } : { maxSize: capacity }),
      ),
    "@isaacs/ttlcache": ({ TTLCache }) =>
      peer("ttlcache", (capacity, ttl) => new TTLCache({ max: capacity, ttl }), { needsTtl: true }),
    mnemonist: ({ LRUCacheWithDelete, LRUMapWithDelete }) => [
      ...peer("mnemonist", (capacity) => new LRUCacheWithDelete(capacity), { expires: false }),
      ...peer("mnemonist Map", (capacity) => new LRUMapWithDelete(capacity), { expires: false }),
    ],
  };
  return Object.entries(rows).flatMap(([name, make]) => (peers[name] ? make(peers[name]) : []));
}

/**
 * All that can be measured. `make(capacity, poche)` gives a new cache for as many entries, with `get`, `set` and `delete`,
 * `poche` being the package's module; `makeForArrays` the same for keys that are arrays, where they are not compared
 * by value. `bounded`: whether it keeps to its capacity. `role`: "ours", "peer", or "yardstick" for what is no cache
 * but shows what the least would be.
 */
export function implementationsWith(peers) {
  return [
    {
      id: "poche",
      name: "poche",
      role: "ours",
      bounded: true,
      make: (capacity, { Cache }) => new Cache({ maxEntries: capacity }),
    },
    {
      id: "poche-lru",
      name: "poche, LRU",
      role: "ours",
      bounded: true,
      make: (capacity, { Cache }) => new Cache({ maxEntries: capacity, eviction: "lru" }),
    },
    {
      id: "poche-ttl",
      name: "poche, ttl",
      role: "ours",
      bounded: true,
      make: (capacity, { Cache }) => new Cache({ maxEntries: capacity, defaultTtl: "1h" }),
    },
    { id: "map-lru", name: "Map as LRU", role: "peer", bounded: true, make: mapLru, makeForArrays: byJson(mapLru) },
    {
      id: "map-lru-ttl",
      name: "Map as LRU, ttl",
      role: "peer",
      bounded: true,
      make: mapLruTtl,
      makeForArrays: byJson(mapLruTtl),
    },
    ...fromNpm(peers),
    { id: "map", name: "bare Map", role: "yardstick", bounded: false, make: map, makeForArrays: byJson(map) },
  ];
}

/** The same with the peers that the server has. */
export async function loadImplementations() {
  const { peers } = await import("../peers/index.js");
  return implementationsWith(peers);
}
