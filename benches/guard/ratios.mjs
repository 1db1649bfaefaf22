// The times of poche's calls, as multiples of what a bare Map takes in the same process. Ratios stay about the same from
// one machine to the next and while a machine is busy, which times do not.
import { execFileSync } from "node:child_process";
import { at } from "../../scripts/lib/process.mjs";
import { median } from "../measure.mjs";
import { cells } from "./cells.mjs";

const ROUNDS = 100;

/**
 * The ratios by cell and kind of cache, each of the fastest of a hundred passes. Each cell has a process of its own: after
 * other cells the same calls took up to 2.5 times as long in one process as in the next (integers, on an AMD EPYC).
 */
export function measureRatios(node, names = Object.keys(cells)) {
  const script = at("benches", "guard", "worker.mjs");
  const times = names.map((name) => {
    const printed = execFileSync(node, [script, String(ROUNDS), name], { encoding: "utf8" });
    const { Map: map, ...ours } = JSON.parse(printed);
    return [name, mapValues(ours, (time) => time / map)];
  });
  return Object.fromEntries(times);
}

/** Several measurements made one, ratio by ratio: by `merge`, which is given all of them. */
export const merged = (measurements, merge) =>
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
