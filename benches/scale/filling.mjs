// One process: makes a cache, fills it in batches of 1,000, and prints the milliseconds of the longest of these steps, of
// the middle one, and of all. What is cached is there beforehand, so a stall is the cache's, or the garbage collector's for it.
//
//   node filling.mjs NAME short|integer ENTRIES
import { setImmediate } from "node:timers/promises";
import { makers } from "./caches.mjs";

const BATCH = 1000;
const [name, kind] = process.argv.slice(2);
const entries = Number(process.argv[4]);
const make = await makers[name]();
const keys = kind === "integer" ? (i) => i : (i) => `user:${i}`;
const value = { name: "Ada" };

// What is compiled while it runs is no stall of filling.
const warm = make(20 * BATCH);
for (let i = 0; i < 40 * BATCH; i++) warm.set(keys(i), value);

globalThis.gc();
let began = performance.now();
const cache = make(entries);
// Some take all of their memory here.
const times = [performance.now() - began];
for (let start = 0; start < entries; start += BATCH) {
  // The event loop's turn, as in a program that fills a cache beside its work.
  if (start % (100 * BATCH) === 0) await setImmediate();
  const batch = Array.from({ length: BATCH }, (_, i) => keys(start + i));
  began = performance.now();
  for (let i = 0; i < BATCH; i++) cache.set(batch[i], value);
  times.push(performance.now() - began);
}
if (cache.size !== entries) throw new Error(`${cache.size} of ${entries} entries`);
const all = times.reduce((sum, time) => sum + time, 0);
times.sort((a, b) => a - b);
console.log(JSON.stringify({ longest: times.at(-1), median: times[times.length >> 1], all }));
process.exit(0);
