// One process: 17,000,000 integers as keys, stored, found, deleted in part. Throws where anything is wrong.
import { Cache } from "poche";

const ENTRIES = 17_000_000;
const began = performance.now();
const before = process.memoryUsage();
const cache = new Cache();
for (let i = 0; i < ENTRIES; i++) cache.set(i, -i);
const seconds = (performance.now() - began) / 1000;
if (cache.size !== ENTRIES) throw new Error(`${cache.size} entries`);
for (let i = 0; i < ENTRIES; i += 101) if (cache.get(i) !== -i) throw new Error(`${i} is ${cache.get(i)}`);
for (const i of [0, 1, 2 ** 24 - 1, 2 ** 24, 2 ** 24 + 1, ENTRIES - 1]) {
  if (cache.get(i) !== -i || !cache.delete(i) || cache.has(i)) throw new Error(`${i} is not deleted`);
}
if (cache.get(ENTRIES) !== undefined || cache.get(-1) !== undefined) throw new Error("there is what was never stored");
cache.set("text", 1).set(ENTRIES, 2);
if (cache.get("text") !== 1 || cache.get(ENTRIES) !== 2 || cache.size !== ENTRIES - 4) throw new Error("not stored");
const after = process.memoryUsage();
const bytes = (after.rss - before.rss) / ENTRIES;
cache.flush();
if (cache.size !== 0 || cache.get(5) !== undefined) throw new Error("not flushed");
console.log(JSON.stringify({ size: ENTRIES, seconds, bytes }));
process.exit(0);
