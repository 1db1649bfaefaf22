// One process: one implementation, one cell, one number of different arguments. Prints nanoseconds per call that hits.
import { cells, implementations } from "./implementations.mjs";

const [name, cellName, sizeText, milliseconds] = process.argv.slice(2);
const size = Number(sizeText);
const cell = cells.find((one) => one.name === cellName);
const { make } = implementations.find((one) => one.name === name);
const memoized = await make(cell.fn, size);

// Short passes, of which the fastest counts: whatever else the machine does makes others slower.
const COUNT = 1 << 12;
const ORDERED = 1 << 14;
// A multiplicative step visits all arguments in an order that is no simple one.
const order = Uint32Array.from({ length: ORDERED }, (_, i) => Math.imul(i, 2_654_435_761) >>> 8).map((n) => n % size);
const lists = Array.from({ length: size }, (_, i) => cell.make(i));

/** What is made anew for each call is made before the clock runs: a pass has its own copies. */
let from = 0;
function pass() {
  from = (from + COUNT) % ORDERED;
  const calls = Array.from(order.subarray(from, from + COUNT), (i) => (cell.primitive ? lists[i] : cell.make(i)));
  const start = process.hrtime.bigint();
  let sum = 0;
  if (cell.fn.length === 1) for (let i = 0; i < COUNT; i++) sum += memoized(calls[i][0]) === undefined ? 1 : 0;
  else for (let i = 0; i < COUNT; i++) sum += memoized(calls[i][0], calls[i][1]) === undefined ? 1 : 0;
  const taken = Number(process.hrtime.bigint() - start) / COUNT;
  if (sum !== 0) throw new Error(`${name} gave wrong answers for ${cellName}`);
  return taken;
}

for (const list of lists) memoized(...list);
// In milliseconds of the processor, so that others that use it do not take from the warming up.
const used = () => process.cpuUsage().user / 1000;
const until = used() + Number(milliseconds);
const times = [];
while (used() < until || times.length < 6) times.push(pass());
// The first half warms up.
console.log(Math.min(...times.slice(times.length >> 1)));
