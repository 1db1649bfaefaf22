// What the guard measures in JavaScript. Each implementation has this module loaded for itself, so that what V8 learns
// of the calls here is of that implementation alone.

/** Operations per pass. */
export const OPERATIONS = 20_000;
const SIZE = 5000;

const text = (i) => `user:${i}`;
const kept = Array.from({ length: 4 * SIZE }, (_, i) => text(i));
// Each key at a place that has nothing to do with the last one's: no cache line serves two.
const order = Uint32Array.from({ length: OPERATIONS }, (_, i) => (i * 2_654_435_761) % SIZE);

function filled(make, keyAt) {
  const cache = make(SIZE);
  for (let i = 0; i < SIZE; i++) cache.set(keyAt(i), { id: i });
  return cache;
}

// A loop of its own for each kind of key: a loop shared by all would be compiled for all of them.
const getting = {
  same(make) {
    const cache = filled(make, (i) => kept[i]);
    return () => {
      for (let i = 0; i < OPERATIONS; i++) if (cache.get(kept[order[i]]) === undefined) throw new Error("a miss");
    };
  },
  anew(make) {
    const cache = filled(make, text);
    return () => {
      for (let i = 0; i < OPERATIONS; i++) if (cache.get(`user:${order[i]}`) === undefined) throw new Error("a miss");
    };
  },
  integers(make) {
    const cache = filled(make, (i) => i);
    return () => {
      for (let i = 0; i < OPERATIONS; i++) if (cache.get(order[i]) === undefined) throw new Error("a miss");
    };
  },
  misses(make) {
    const cache = filled(make, text);
    return () => {
      for (let i = 0; i < OPERATIONS; i++) if (cache.get(`none:${order[i]}`) !== undefined) throw new Error("a hit");
    };
  },
};

/** By name: `make(most)` gives an empty cache for so many entries; what comes back is a pass of `OPERATIONS`. */
export const cells = {
  "get, the same strings": getting.same,
  "get, strings built anew": getting.anew,
  "get, integers": getting.integers,
  "get that misses": getting.misses,
  fill: (make) => () => {
    const cache = make(OPERATIONS);
    const value = { id: -1 };
    for (let i = 0; i < OPERATIONS; i++) cache.set(kept[i], value);
  },
  "set over what is there": (make) => {
    const cache = filled(make, text);
    const value = { id: -1 };
    return () => {
      for (let i = 0; i < OPERATIONS; i++) cache.set(kept[order[i]], value);
    };
  },
  "delete and set again": (make) => {
    const cache = filled(make, text);
    const value = { id: -1 };
    return () => {
      for (let i = 0; i < OPERATIONS; i++) {
        cache.delete(kept[order[i]]);
        cache.set(kept[order[i]], value);
      }
    };
  },
  "get or else set, more keys than fit": (make) => {
    const cache = filled(make, text);
    const value = { id: -1 };
    return () => {
      for (let i = 0; i < OPERATIONS; i++) {
        // A quarter of them is asked for more than others, as almost always.
        const key = kept[(order[i] * (1 + (i & 3))) % kept.length];
        if (cache.get(key) === undefined) cache.set(key, value);
      }
    };
  },
};
