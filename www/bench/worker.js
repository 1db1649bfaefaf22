// Measures one implementation, in a worker of its own: no other one shapes how the engine optimises its code.
//
// `start` loads the package, `prepare` sets a workload up and finds out how many operations fill a slice of time,
// `measure` runs one slice and gives nanoseconds per operation. Each message is answered by one.
import { seeded } from "../shared/random.js";
import { loadImplementations } from "./peers.js";
import { workloads } from "./workloads.js";

const SEED = 1;
const FEWEST = 2 ** 11; // operations of a run
const MOST = 2 ** 30;

let poche;
let implementation;
let run;
let count;
let least; // milliseconds that one measurement has to take
let sum = 0; // of what was found, so that nothing can be optimised away

const handlers = {
  async start({ id, url }) {
    implementation = (await loadImplementations()).find((candidate) => candidate.id === id);
    // An import map does not reach into workers, so the page says where the package is.
    poche = await import(url);
  },

  async prepare({ workload: id, size, slice }) {
    const workload = workloads.find((candidate) => candidate.id === id);
    const make = workload.arrays && implementation.makeForArrays ? implementation.makeForArrays : implementation.make;
    run = undefined; // the cache before may be collected now, and not while the next one is measured
    run = workload.setUp((capacity) => make(capacity, poche), size, seeded(SEED));
    // Warm-up and calibration in one: ever more operations, until even the shorter of two runs takes half a slice.
    // One run alone may have been held up, or not yet optimised.
    for (count = FEWEST; count < MOST; count *= 2) {
      const took = Math.min(await time(), await time());
      if (took < slice / 2) continue;
      count = Math.round((count * slice) / took);
      break;
    }
    least = slice / 4;
  },

  async measure() {
    // Where the runs before were slow for another reason than the operations, this one is too short for the clock.
    for (;;) {
      const took = await time();
      if (took >= least || count >= MOST) return (took * 1e6) / count;
      count *= 2;
    }
  },
};

async function time() {
  const before = performance.now();
  sum += await run(count);
  return performance.now() - before;
}

addEventListener("message", async ({ data: { task, ...details } }) => {
  try {
    postMessage({ result: await handlers[task](details), sum });
  } catch (error) {
    postMessage({ error: `${error.name}: ${error.message}` });
  }
});
