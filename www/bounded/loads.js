// The loads that both caches get: endless sequences of keys, the same ones for the same seed.
import { zipf } from "../shared/random.js";

/** `keys(capacity, random)` yields the keys that are asked for, sized to a cache of `capacity` entries. */
export const LOADS = {
  zipf: {
    label: "Zipf",
    about: "A few keys are asked for all the time, most hardly ever: the load of a typical web site.",
    *keys(capacity, random) {
      const rank = zipf(capacity * 12, 0.9, random);
      for (;;) yield rank();
    },
  },
  loop: {
    label: "Loop",
    about: "The same keys in the same order, a quarter more of them than fit. LRU removes each just before its turn.",
    *keys(capacity) {
      const length = Math.ceil(capacity * 1.25);
      for (let at = 0; ; at = (at + 1) % length) yield at;
    },
  },
  scan: {
    label: "Scans",
    about: "Popular keys, and now and then a long run of keys that come once and never again, as from a backup.",
    *keys(capacity, random) {
      const popular = capacity * 2;
      const rank = zipf(popular, 0.9, random);
      for (let next = popular; ; ) {
        for (let left = capacity * 5; left > 0; left--) yield rank();
        for (let left = Math.ceil(capacity * 1.5); left > 0; left--) yield next++;
      }
    },
  },
  shifting: {
    label: "Shifting",
    about: "What is popular changes every so often, and the old favourites are forgotten.",
    *keys(capacity, random) {
      const count = capacity * 6;
      const rank = zipf(count, 1, random);
      for (let first = 0; ; first += count / 2) {
        for (let left = capacity * 40; left > 0; left--) yield first + rank();
      }
    },
  },
};
