// The memoizers that are measured. Those that compare by identity are also measured in the way that their own
// documentation gives for comparing by value.

/** One row each: `byValue`, whether equal objects are equal arguments; `make(fn, size)`, the memoized function. */
export const implementations = [
  {
    name: "poche",
    own: true,
    byValue: true,
    async make(fn) {
      const { memoize } = await import("poche");
      return memoize(fn);
    },
  },
  {
    name: "Map and JSON.stringify",
    byValue: true,
    async make(fn) {
      const results = new Map();
      return (...args) => {
        const key = JSON.stringify(args);
        if (results.has(key)) return results.get(key);
        const result = fn(...args);
        results.set(key, result);
        return result;
      };
    },
  },
  {
    name: "fast-memoize",
    byValue: true,
    async make(fn) {
      const { default: memoize } = await import("fast-memoize");
      return memoize(fn);
    },
  },
  {
    name: "memoize, JSON.stringify",
    byValue: true,
    async make(fn) {
      const { default: memoize } = await import("memoize");
      return memoize(fn, { cacheKey: JSON.stringify });
    },
  },
  {
    name: "memoizee, JSON.stringify",
    byValue: true,
    async make(fn) {
      const { default: memoize } = await import("memoizee");
      return memoize(fn, { length: fn.length, normalizer: (args) => JSON.stringify(Array.from(args)) });
    },
  },
  {
    name: "micro-memoize, deep",
    byValue: true,
    async make(fn, size) {
      const { memoize } = await import("micro-memoize");
      return memoize(fn, { maxSize: size, isKeyItemEqual: "deep" });
    },
  },
  {
    name: "moize, deep",
    byValue: true,
    async make(fn, size) {
      const { default: moize } = await import("moize");
      return moize(fn, { maxSize: size, isDeepEqual: true });
    },
  },
  {
    name: "memoize",
    byValue: false,
    // Its key is the first argument alone.
    most: 1,
    async make(fn) {
      const { default: memoize } = await import("memoize");
      return memoize(fn);
    },
  },
  {
    name: "memoizee",
    byValue: false,
    async make(fn) {
      const { default: memoize } = await import("memoizee");
      return memoize(fn, { length: fn.length });
    },
  },
  {
    name: "micro-memoize",
    byValue: false,
    async make(fn, size) {
      const { memoize } = await import("micro-memoize");
      return memoize(fn, { maxSize: size });
    },
  },
  {
    name: "moize",
    byValue: false,
    async make(fn, size) {
      const { default: moize } = await import("moize");
      return moize(fn, { maxSize: size });
    },
  },
];

/** The arguments: `make(i)` gives the i-th list. All but primitives are made anew for each call. */
export const cells = [
  { name: "one number", primitive: true, fn: (a) => ({ a }), make: (i) => [i * 7] },
  { name: "one string", primitive: true, fn: (a) => ({ a }), make: (i) => [`user:${i}`] },
  { name: "number, string", primitive: true, fn: (a, b) => ({ a, b }), make: (i) => [i * 7, `user:${i}`] },
  { name: "small object", fn: (a) => ({ a }), make: (i) => [{ id: i, name: "Ada" }] },
  { name: "small array", fn: (a) => ({ a }), make: (i) => [[i, "Ada", true]] },
  { name: "Date", fn: (a) => ({ a }), make: (i) => [new Date(1_700_000_000_000 + i)] },
];

export const sizes = [1, 100, 10_000];
