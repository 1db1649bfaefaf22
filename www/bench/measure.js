// Runs the cells of the benchmark: prepares each implementation, then measures all in interleaved rounds.
import { workloads } from "./workloads.js";

/** A worker for one implementation, with calls that wait for their answer. */
class Station {
  constructor({ id, name }) {
    this.name = name;
    this.id = id;
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  }

  ask(task, details = {}) {
    return new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }) => {
        if (data.error === undefined) resolve(data.result);
        else reject(new Error(`${this.name}: ${data.error}`));
      };
      this.worker.onerror = (event) =>
        reject(new Error(`${this.name}: ${event.message || "the worker did not start"}`));
      this.worker.postMessage({ task, ...details });
    });
  }
}

/** The cells for these sizes: what is measured on which of the implementations. */
export function cellsFor(sizes, implementations) {
  return sizes.flatMap((size) =>
    workloads.map((workload) => ({
      id: `${workload.id}-${size}`,
      workload: workload.id,
      name: workload.name,
      size,
      // A cache without a bound has nothing to evict, so it does less than the others.
      entrants: implementations.filter(({ bounded }) => bounded || !workload.evicts),
    })),
  );
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures the cells one after the other; `slice`: milliseconds of one measurement. `progress(steps, cell)` is called
 * after each step, `finished(cell, medians)` after each cell, with nanoseconds by the implementation's id.
 * `signal` ends it, with its reason as the error.
 */
export async function measure({ cells, rounds, slice, signal, progress, finished }) {
  const url = import.meta.resolve("poche");
  const everyone = new Set(cells.flatMap(({ entrants }) => entrants));
  const stations = new Map([...everyone].map((entrant) => [entrant.id, new Station(entrant)]));
  const stopped = new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  stopped.catch(() => {}); // it is waited for only while something runs
  const ask = (station, task, details) => Promise.race([station.ask(task, details), stopped]);
  try {
    for (const station of stations.values()) await ask(station, "start", { id: station.id, url });
    for (const cell of cells) {
      const entrants = cell.entrants.map(({ id }) => stations.get(id));
      const samples = new Map(entrants.map(({ id }) => [id, []]));
      for (const station of entrants) {
        await ask(station, "prepare", { workload: cell.workload, size: cell.size, slice });
        progress(1, cell);
      }
      for (let round = 0; round < rounds; round++) {
        for (let turn = 0; turn < entrants.length; turn++) {
          // Another one begins each round: whatever the machine does meanwhile, it does to all of them.
          const station = entrants[(round + turn) % entrants.length];
          samples.get(station.id).push(await ask(station, "measure"));
          progress(1, cell);
        }
      }
      finished(cell, new Map([...samples].map(([id, times]) => [id, median(times)])));
    }
  } finally {
    for (const { worker } of stations.values()) worker.terminate();
  }
}

/** How many times `progress` will be called. */
export function stepsOf(cells, rounds) {
  return cells.reduce((sum, { entrants }) => sum + entrants.length * (1 + rounds), 0);
}
