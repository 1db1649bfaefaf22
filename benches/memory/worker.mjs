// One measurement: fills a cache and churns it in a busy program, and prints bytes per entry and the worst stall.
//
//   node worker.mjs NAME ENTRIES
//
// "Busy" is: short ticks of work, each a thousand operations and some garbage, as a server has. A stall is a tick that
// takes longer than the others, for whatever reason: the garbage collector's, or the cache's own growth. Measured is
// the time that the main thread ran, so that other programs on the machine do not count.
import { setImmediate } from "node:timers/promises";
import { clock } from "./clock.mjs";

const [name, count] = [process.argv[2], Number(process.argv[3])];
const PER_TICK = 1000;

/** A small record, as programs cache them: a new object each time. */
function record(id) {
  return { id, name: `user number ${id}`, active: id % 3 > 0, score: id / 7, email: `user${id}@example.com` };
}

const makers = {
  async poche() {
    const { Cache } = await import("poche");
    const cache = new Cache({ values: "copy", maxEntries: count, eviction: "lru" });
    return { set: (key, value) => cache.set(key, value), get: (key) => cache.get(key), size: () => cache.size };
  },
  async "lru-cache"() {
    const { LRUCache } = await import("lru-cache");
    const cache = new LRUCache({ max: count });
    return { set: (key, value) => cache.set(key, value), get: (key) => cache.get(key), size: () => cache.size };
  },
  async Map() {
    const map = new Map();
    // One iterator for all: a new one has to go past all that was deleted since the Map was last rebuilt.
    const oldest = map.keys();
    return {
      set(key, value) {
        if (map.size >= count && !map.has(key)) map.delete(oldest.next().value);
        map.set(key, value);
      },
      get: (key) => map.get(key),
      size: () => map.size,
    };
  },
};

function memory() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, rss };
}

let garbage;
/** Runs `work` for the numbers below `total`, a tick at a time; the worst and the median tick in milliseconds. */
async function ticks(total, work) {
  const times = [];
  for (let start = 0; start < total; start += PER_TICK) {
    await setImmediate();
    const began = clock();
    garbage = Array.from({ length: PER_TICK }, (_, i) => ({ request: i, list: [i, start], text: `${i} of ${start}` }));
    for (let i = start; i < start + PER_TICK; i++) work(i);
    times.push(clock() - began);
  }
  times.sort((a, b) => a - b);
  return { worst: times.at(-1), median: times[times.length >> 1] };
}

const before = memory();
const cache = await makers[name]();
const filling = await ticks(count, (i) => cache.set(`user:${i}`, record(i)));
// Churn: a lookup of something there, and something new that pushes something else out.
const churning = await ticks(Math.min(count, 1_000_000), (i) => {
  cache.get(`user:${count - 1 - ((i * 7919) % (count >> 1))}`);
  cache.set(`user:${count + i}`, record(i));
});
const after = memory();
if (cache.size() !== count || garbage.length !== PER_TICK) throw new Error(`${cache.size()} of ${count} entries`);
console.log(
  JSON.stringify({
    bytes: (after.used - before.used) / count,
    resident: (after.rss - before.rss) / count,
    filling,
    churning,
  }),
);
