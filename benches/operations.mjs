// The operations: each prepares a cache and gives a pass over a sequence of keys, which is what is timed.
//
// `make` makes an empty cache, `keyAt(i)` gives key number i (built at that moment where the cell says so), `size` is
// the bound, `order` the sequence of key numbers. A pass returns what the cache answered, so that nothing is optimised
// away; `expected` says what that must be, so that nothing is measured that does not work.

const values = (size) => Array.from({ length: size }, (_, id) => ({ id }));

function filled({ make, keyAt, size }) {
  const cache = make();
  const stored = values(size);
  for (let i = 0; i < size; i++) cache.set(keyAt(i), stored[i]);
  return { cache, stored };
}

/** How many keys an operation needs for a cache of `size` entries. */
export const keysFor = (operation, size) => (operation === "churn" ? 4 * size : operation === "miss" ? 2 * size : size);

export const operations = {
  /** Lookups that hit. */
  get(setting) {
    const { cache } = filled(setting);
    const { keyAt, order } = setting;
    return () => {
      let hits = 0;
      for (let i = 0; i < order.length; i++) if (cache.get(keyAt(order[i])) !== undefined) hits++;
      return hits === order.length;
    };
  },

  /** Lookups that miss. */
  miss(setting) {
    const { cache } = filled(setting);
    const { keyAt, order, size } = setting;
    return () => {
      let misses = 0;
      for (let i = 0; i < order.length; i++) if (cache.get(keyAt(size + order[i])) === undefined) misses++;
      return misses === order.length;
    };
  },

  /** A new cache filled to its bound. */
  fill({ make, keyAt, size, order }) {
    const stored = values(size);
    return () => {
      let cache = make();
      for (let i = 0; i < order.length; i++) {
        if (order[i] === 0) cache = make();
        cache.set(keyAt(order[i]), stored[order[i]]);
      }
      return cache.get(keyAt(order[order.length - 1])) !== undefined;
    };
  },

  /** New values for keys that are there. */
  overwrite(setting) {
    const { cache, stored } = filled(setting);
    const { keyAt, order, size } = setting;
    return () => {
      for (let i = 0; i < order.length; i++) cache.set(keyAt(order[i]), stored[i % size]);
      return cache.get(keyAt(order[order.length - 1])) === stored[(order.length - 1) % size];
    };
  },

  /** An entry deleted and stored again: two calls. */
  reinsert(setting) {
    const { cache, stored } = filled(setting);
    const { keyAt, order } = setting;
    return () => {
      for (let i = 0; i < order.length; i++) {
        const key = keyAt(order[i]);
        cache.delete(key);
        cache.set(key, stored[order[i]]);
      }
      return cache.get(keyAt(order[0])) === stored[order[0]];
    };
  },

  /** Get, or else set, where a quarter of the keys fit. */
  churn({ make, keyAt, size, order }) {
    const cache = make();
    const stored = values(4 * size);
    return () => {
      for (let i = 0; i < order.length; i++) {
        const key = keyAt(order[i]);
        if (cache.get(key) === undefined) cache.set(key, stored[order[i]]);
      }
      return true;
    };
  },

  /** Nine lookups to one write. */
  mix(setting) {
    const { cache, stored } = filled(setting);
    const { keyAt, order } = setting;
    return () => {
      let hits = 0;
      for (let i = 0; i < order.length; i++) {
        const key = keyAt(order[i]);
        if (i % 10 === 9) cache.set(key, stored[order[i]]);
        else if (cache.get(key) !== undefined) hits++;
      }
      return hits === order.length - Math.floor(order.length / 10);
    };
  },

  /** Four lookups, then the event loop's turn to other promises. */
  burst(setting) {
    const { cache } = filled(setting);
    const { keyAt, order } = setting;
    return async () => {
      let hits = 0;
      for (let i = 0; i + 3 < order.length; i += 4) {
        for (let j = i; j < i + 4; j++) if (cache.get(keyAt(order[j])) !== undefined) hits++;
        await null;
      }
      return hits === order.length;
    };
  },
};
