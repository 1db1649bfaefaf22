// One process: one implementation, one cell. Prints the nanoseconds per operation, pass by pass, as JSON.
import { cells } from "./cells.mjs";
import { implementations, TTL } from "./implementations.mjs";
import { builder, sequence } from "./keys.mjs";
import { keysFor, operations } from "./operations.mjs";

const [name, cellName, milliseconds] = process.argv.slice(2);
const implementation = implementations.find((candidate) => candidate.name === name);
const cell = cells.find((candidate) => candidate.name === cellName);

const WARM_UP = 0.5;
const SEQUENCE = 1 << 17;

const build = builder(cell.key);
const count = keysFor(cell.operation, cell.size);
const asStored = cell.key === "array" && !implementation.structures ? (key) => JSON.stringify(key) : (key) => key;
const whole = (key) => {
  // Hashed once, so that "the same string" is one that the host knows.
  new Map().set(key, true);
  return key;
};
const same = cell.fresh ? [] : Array.from({ length: count }, (_, i) => whole(asStored(build(i))));
const fresh = cell.key === "array" ? (i) => asStored(build(i)) : build;

const range = cell.operation === "churn" ? count : cell.size;
const length =
  cell.operation === "fill" ? Math.max(cell.size, 20_000) : Math.max(SEQUENCE, Math.min(2 * range, 1 << 20));
const setting = {
  make: await implementation.make(cell.size, cell.expiry ? TTL : 0),
  keyAt: cell.fresh ? fresh : (i) => same[i],
  size: cell.size,
  order: sequence(cell.choice, range, length),
};
const pass = operations[cell.operation](setting);
const perOperation = cell.operation === "reinsert" ? 2 : 1;

const run = async () => {
  const start = process.hrtime.bigint();
  const right = await pass();
  const taken = Number(process.hrtime.bigint() - start);
  if (right !== true) throw new Error(`${name} gave wrong answers in ${cellName}`);
  return taken;
};

const budget = Number(milliseconds) * 1e6;
for (let spent = 0, passes = 0; spent < budget * WARM_UP || passes < 2; passes++) spent += await run();
const times = [];
for (let spent = 0; spent < budget || times.length < 3; ) {
  const taken = await run();
  spent += taken;
  times.push(taken / length / perOperation);
}
console.log(JSON.stringify(times));
process.exit(0);
