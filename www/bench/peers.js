// Who is measured. To add an implementation, add it to the list: `make` gives something with `get` and `set`.

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
    super.set(key, { value, expiration: Date.now() + 3_600_000 });
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

/**
 * `make(capacity, poche)`: a new cache for as many entries, `poche` being the package's module. `makeForArrays`: the
 * same where the keys are arrays, for those that do not compare them by value. `bounded`: whether it keeps to its
 * capacity; `role`: "ours", "peer", or "yardstick" for what is no cache but shows what the least would be.
 */
export const implementations = [
  {
    id: "poche",
    name: "poche",
    role: "ours",
    bounded: true,
    make: (capacity, { Cache }) => new Cache({ maxEntries: capacity }),
  },
  {
    id: "poche-ttl",
    name: "poche, ttl",
    role: "ours",
    bounded: true,
    make: (capacity, { Cache }) => new Cache({ maxEntries: capacity, defaultTtl: "1h" }),
  },
  {
    id: "poche-lru",
    name: "poche, LRU",
    role: "ours",
    bounded: true,
    make: (capacity, { Cache }) => new Cache({ maxEntries: capacity, eviction: "lru" }),
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
  { id: "map", name: "bare Map", role: "yardstick", bounded: false, make: map, makeForArrays: byJson(map) },
];
