// The times of poche's calls, as multiples of what a bare Map takes in the same process. Ratios stay about the same from
// one machine to the next and while a machine is busy, which times do not.
import { execFileSync } from "node:child_process";
import { at } from "../../scripts/lib/process.mjs";
import { median } from "../measure.mjs";

const ROUNDS = 40;

/** The ratios by cell and kind of cache, each of the fastest of forty passes; of `only` these cells where they are given. */
export function measureRatios(node, only = []) {
  const script = at("benches", "guard", "worker.mjs");
  const times = JSON.parse(execFileSync(node, [script, String(ROUNDS), ...only], { encoding: "utf8" }));
  return mapValues(times, ({ Map: map, ...ours }) => mapValues(ours, (time) => time / map));
}

/** Several measurements made one, ratio by ratio: by `merge`, which is given all of them. */
const merged = (measurements, merge) =>
  mapValues(measurements[0], (ours, cell) =>
    mapValues(ours, (_, name) =>
      merge(measurements.map((one) => one[cell]?.[name]).filter((ratio) => ratio !== undefined)),
    ),
  );

/** The smallest: a busy machine makes nothing faster. Later measurements may leave cells out. */
export const smallest = (...measurements) => merged(measurements, (ratios) => Math.min(...ratios));

/** The middle ones, for the record. */
export const middle = (measurements) => merged(measurements, median);

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
}
