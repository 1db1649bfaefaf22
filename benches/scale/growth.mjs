// One process: one kind of operation among 1,000 entries, then among 1,000,000. Prints nanoseconds per operation, of
// the fastest pass. Keys are asked for in an order without any.
//
//   node growth.mjs NAME "get same"|"get fresh"|"get integer"|"set same"
import { makers } from "./caches.mjs";

const CALLS = 200_000;
const PASSES = 6;
const [name, kind] = process.argv.slice(2);
const make = await makers[name]();
const value = { name: "Ada" };

const operations = {
  "get same": (cache, keys, order) => {
    for (let i = 0; i < CALLS; i++) if (cache.get(keys[order[i]]) === undefined) throw new Error("a miss");
  },
  "get fresh": (cache, _keys, order) => {
    for (let i = 0; i < CALLS; i++) if (cache.get(`user:${order[i]}`) === undefined) throw new Error("a miss");
  },
  "get integer": (cache, _keys, order) => {
    for (let i = 0; i < CALLS; i++) if (cache.get(order[i]) === undefined) throw new Error("a miss");
  },
  "set same": (cache, keys, order) => {
    for (let i = 0; i < CALLS; i++) cache.set(keys[order[i]], value);
  },
};

function measure(entries) {
  const keys = Array.from({ length: entries }, (_, i) => (kind === "get integer" ? i : `user:${i}`));
  const cache = make(entries);
  for (const key of keys) cache.set(key, value);
  // Each pass asks for others.
  const orders = Array.from({ length: PASSES }, (_, pass) => {
    let state = 1 + pass;
    return Uint32Array.from({ length: CALLS }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * entries);
    });
  });
  const times = orders.map((order) => {
    const began = process.hrtime.bigint();
    operations[kind](cache, keys, order);
    return Number(process.hrtime.bigint() - began) / CALLS;
  });
  return Math.min(...times);
}

const small = measure(1000);
console.log(JSON.stringify({ small, large: measure(1_000_000) }));
process.exit(0);
