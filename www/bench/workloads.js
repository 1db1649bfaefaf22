// What is measured: kinds of access, each as a function that does `count` operations and gives how many it found, or a
// promise of that.
//
// The loops are written out for each workload, so that the engine optimises each for one kind of key.
import { zipf } from "../shared/random.js";

const ACCESSES = 1 << 16;
const LONG = "tenant/4711/region/eu-west-3/record/"; // with a number of 9 digits: 45 characters

/** Key numbers in the order of the accesses: by Zipf's law, or all equally often. */
function accesses(size, random, skewed) {
  const draw = skewed ? zipf(size, 0.99, random) : () => Math.floor(random() * size);
  // Popular keys should not be the ones that were stored first.
  const places = Uint32Array.from({ length: size }, (_, index) => index);
  for (let at = size - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [places[at], places[other]] = [places[other], places[at]];
  }
  return Uint32Array.from({ length: ACCESSES }, () => places[draw()]);
}

function filled(cache, size, keyOf) {
  for (let index = 0; index < size; index++) cache.set(keyOf(index), { index });
  return cache;
}

const short = (index) => `user:${index}`;
const long = (index) => LONG + (100_000_000 + index);

/** `setUp(make, size, random)` gives the function. `arrays`: the keys are arrays. `evicts`: only bounded caches can. */
export const workloads = [
  {
    id: "get-same",
    name: "get, short keys, the same strings",
    setUp(make, size, random) {
      const keys = Array.from({ length: size }, (_, index) => short(index));
      const cache = filled(make(size), size, (index) => keys[index]);
      const order = accesses(size, random, true);
      return (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) if (cache.get(keys[order[at & (ACCESSES - 1)]]) !== undefined) found++;
        return found;
      };
    },
  },
  {
    id: "get-short",
    name: "get, short keys, built for each call",
    setUp(make, size, random) {
      const cache = filled(make(size), size, short);
      const order = accesses(size, random, true);
      return (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) if (cache.get(`user:${order[at & (ACCESSES - 1)]}`) !== undefined) found++;
        return found;
      };
    },
  },
  {
    id: "get-long",
    name: "get, 45 characters, built for each call",
    setUp(make, size, random) {
      const cache = filled(make(size), size, long);
      const order = accesses(size, random, true);
      return (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) {
          if (cache.get(LONG + (100_000_000 + order[at & (ACCESSES - 1)])) !== undefined) found++;
        }
        return found;
      };
    },
  },
  {
    id: "get-integer",
    name: "get, integers",
    setUp(make, size, random) {
      const cache = filled(make(size), size, (index) => index);
      const order = accesses(size, random, false);
      return (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) if (cache.get(order[at & (ACCESSES - 1)]) !== undefined) found++;
        return found;
      };
    },
  },
  {
    id: "get-array",
    name: "get, arrays as keys",
    arrays: true,
    setUp(make, size, random) {
      const cache = filled(make(size), size, (index) => ["user", index]);
      const order = accesses(size, random, true);
      return (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) if (cache.get(["user", order[at & (ACCESSES - 1)]]) !== undefined) found++;
        return found;
      };
    },
  },
  {
    id: "miss",
    name: "get that misses",
    setUp(make, size, random) {
      const cache = filled(make(size), size, short);
      const order = accesses(size, random, false);
      return (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) if (cache.get(`none:${order[at & (ACCESSES - 1)]}`) !== undefined) found++;
        return found;
      };
    },
  },
  {
    id: "overwrite",
    name: "set that overwrites",
    setUp(make, size, random) {
      const cache = filled(make(size), size, short);
      const order = accesses(size, random, true);
      const value = { index: -1 };
      return (count) => {
        for (let at = 0; at < count; at++) cache.set(`user:${order[at & (ACCESSES - 1)]}`, value);
        return count;
      };
    },
  },
  {
    id: "fill",
    name: "set that fills an empty cache",
    setUp(make, size) {
      const keys = Array.from({ length: size }, (_, index) => short(index));
      const value = { index: -1 };
      return (count) => {
        let cache = make(size);
        for (let at = 0, index = 0; at < count; at++, index++) {
          if (index === size) {
            cache = make(size);
            index = 0;
          }
          cache.set(keys[index], value);
        }
        return count;
      };
    },
  },
  {
    id: "reinsert",
    name: "delete and set again",
    setUp(make, size, random) {
      const cache = filled(make(size), size, short);
      const order = accesses(size, random, false);
      const value = { index: -1 };
      return (count) => {
        for (let at = 0; at < count; at++) {
          const key = `user:${order[at & (ACCESSES - 1)]}`;
          cache.delete(key);
          cache.set(key, value);
        }
        return count;
      };
    },
  },
  {
    id: "burst",
    name: "four gets, then an await",
    setUp(make, size, random) {
      const keys = Array.from({ length: size }, (_, index) => short(index));
      const cache = filled(make(size), size, (index) => keys[index]);
      const order = accesses(size, random, true);
      return async (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) {
          if (cache.get(keys[order[at & (ACCESSES - 1)]]) !== undefined) found++;
          if (at % 4 === 3) await null;
        }
        return found;
      };
    },
  },
  {
    id: "mix",
    name: "nine gets to one set",
    setUp(make, size, random) {
      const cache = filled(make(size), size, short);
      const order = accesses(size, random, true);
      const value = { index: -1 };
      return (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) {
          const key = `user:${order[at & (ACCESSES - 1)]}`;
          if (at % 10 === 9) cache.set(key, value);
          else if (cache.get(key) !== undefined) found++;
        }
        return found;
      };
    },
  },
  {
    id: "churn",
    name: "get or else set, four times more keys than fit",
    evicts: true,
    setUp(make, size, random) {
      const cache = make(size);
      const order = accesses(size * 4, random, true);
      const run = (count) => {
        let found = 0;
        for (let at = 0; at < count; at++) {
          const index = order[at & (ACCESSES - 1)];
          const key = `user:${index}`;
          if (cache.get(key) !== undefined) found++;
          else cache.set(key, { index });
        }
        return found;
      };
      run(ACCESSES);
      return run;
    },
  },
];
