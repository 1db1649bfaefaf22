// One process: one implementation, one kind of key. Prints the median nanoseconds per operation of each phase.
//
//   node worker.mjs NAME KIND ENTRIES ROUNDS
//
// There is no warm-up but a small cache whose answers are checked: the first rounds run as a program that has just
// started does, and each begins with an empty cache. Phases go through the keys in the order in which they were made.
import { implementations } from "./implementations.mjs";
import { makeKeys } from "./keys.mjs";

const [name, kind] = process.argv.slice(2);
const [entries, rounds] = process.argv.slice(4).map(Number);
const { load, yardstick } = implementations.find((one) => one.name === name);
const make = await load();

// mulberry32: every implementation gets the same numbers.
let state = 0x2545f491;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let bits = Math.imul(state ^ (state >>> 15), state | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
}

// Pairs of keys and values. Those for updates are allocated in another order than they are gone through, so that
// reading them costs what data strewn over memory costs.
const keys = makeKeys(kind, 2 * entries, random);
const first = keys.map((key) => [key, Math.floor(random() * 1e7)]);
const second = new Array(keys.length);
for (const i of shuffled(keys.length)) second[i] = [keys[i], random() * 1e7];

function shuffled(length) {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Throws unless a small cache gives back what it was given, and lets its oldest key go when it is full. */
function check() {
  const size = Math.min(50, entries);
  const cache = make(size);
  for (let i = 0; i < size; i++) cache.set(first[i][0], first[i][1]);
  for (let i = 0; i < size; i++) {
    if (cache.get(first[i][0]) !== first[i][1]) throw new Error(`the wrong value for the key ${String(first[i][0])}`);
  }
  if (yardstick) return;
  for (let i = size; i < Math.min(5 * size, keys.length); i++) cache.set(first[i][0], first[i][1]);
  if (cache.get(first[0][0]) !== undefined) throw new Error("the oldest key is still there after evictions");
}
check();

const times = { set: [], get1: [], update: [], get2: [], evict: [] };
const timed = (phase, work) => {
  const start = process.hrtime.bigint();
  work();
  times[phase].push(Number(process.hrtime.bigint() - start) / entries);
};
for (let round = 0; round < rounds; round++) {
  const cache = make(entries);
  timed("set", () => {
    for (let i = 0; i < entries; i++) cache.set(first[i][0], first[i][1]);
  });
  timed("get1", () => {
    for (let i = 0; i < entries; i++) cache.get(first[i][0]);
  });
  timed("update", () => {
    for (let i = 0; i < entries; i++) cache.set(second[i][0], second[i][1]);
  });
  timed("get2", () => {
    for (let i = 0; i < entries; i++) cache.get(first[i][0]);
  });
  timed("evict", () => {
    for (let i = entries; i < 2 * entries; i++) cache.set(first[i][0], first[i][1]);
  });
}
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const medians = Object.entries(times).map(([phase, list]) => [phase, median(list)]);
console.log(JSON.stringify(Object.fromEntries(medians)));
process.exit(0);
