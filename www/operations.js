// What each button of the playground calls: the code as one would write it, the call, and its result in words.
import { show } from "./shared/format.js";

const NOTHING = "nothing is stored under this key";

/**
 * `cache`: the cache; `stored(key)`: the CacheItem that the page shows for a key, or undefined;
 * `typed`: the fields of the form, as values. A call's `tell(result)` gives the kind of outcome and the words.
 */
export const operations = {
  set: (key, { cache, typed }) => {
    const value = typed.value();
    const ttl = typed.ttl();
    return {
      code: `set(${show(key)}, ${show(value)}${ttl === undefined ? "" : `, ${show(ttl)}`})`,
      run: () => cache.set(key, value, ttl),
      tell: () => ["set", `stored: ${show(value)}`],
    };
  },

  get: (key, { cache, stored }) => {
    const before = stored(key);
    return {
      code: `get(${show(key)})`,
      run: () => cache.get(key),
      tell: (value) => {
        if (value !== undefined) return ["hit", show(value)];
        return ["miss", `undefined: ${before?.isExpired() ? "it had expired, and is removed now" : NOTHING}`];
      },
    };
  },

  has: (key, { cache }) => ({
    code: `has(${show(key)})`,
    run: () => cache.has(key),
    tell: (there) => ["has", `${there}: get would ${there ? "hit" : "miss"}`],
  }),

  delete: (key, { cache }) => ({
    code: `delete(${show(key)})`,
    run: () => cache.delete(key),
    tell: (there) => ["delete", there ? "true: deleted" : `false: ${NOTHING}`],
  }),

  bump: (key, { cache, stored, typed }) => {
    const seconds = typed.seconds();
    const before = stored(key);
    return {
      code: `bump(${show(key)}, ${show(seconds)})`,
      run: () => cache.bump(key, seconds),
      tell: () => {
        if (before === undefined) return ["bump", NOTHING];
        if (before.expiration === null) return ["bump", "it never expires, and stays so"];
        return ["bump", `it expires ${Math.abs(seconds)} s ${seconds < 0 ? "earlier" : "later"}`];
      },
    };
  },

  persist: (key, { cache, stored }) => {
    const before = stored(key);
    return {
      code: `persist(${show(key)})`,
      run: () => cache.persist(key),
      tell: () => ["persist", before === undefined ? NOTHING : "it never expires now"],
    };
  },

  purge: (_key, { cache }) => ({
    code: "purge()",
    run: () => cache.purge(),
    tell: (count) => ["purge", `${count}: expired and removed`],
  }),

  flush: (_key, { cache }) => ({
    code: "flush()",
    run: () => cache.flush(),
    tell: () => ["flush", "the cache is empty"],
  }),
};
