// What the figures say: the ratio to the best peer and to `Map`, cell by cell and over all.
import { cells } from "./cells.mjs";
import { implementations } from "./implementations.mjs";

const own = implementations.filter((one) => one.own).map((one) => one.name);
const peers = implementations.filter((one) => !one.own && !one.yardstick && !one.unbounded);

/** For one cell's nanoseconds by implementation: the best bounded peer, and the ratios of poche's two policies. */
export function ratios(cell, nanoseconds) {
  let best = null;
  for (const { name, coerces } of peers) {
    const time = nanoseconds[name];
    // Keys that are coerced to strings are no rivals where keys are arrays.
    if (time == null || (coerces && cell.key === "array")) continue;
    if (best === null || time < nanoseconds[best]) best = name;
  }
  const per = (name, base) =>
    nanoseconds[name] != null && nanoseconds[base] != null ? nanoseconds[name] / nanoseconds[base] : null;
  return {
    best,
    toBest: Object.fromEntries(own.map((name) => [name, best === null ? null : per(name, best)])),
    toMap: Object.fromEntries(own.map((name) => [name, per(name, "Map")])),
  };
}

/** The geometric mean of a list of numbers, `null`s left out; `null` for none. */
export function geometricMean(numbers) {
  const found = numbers.filter((number) => number !== null);
  if (found.length === 0) return null;
  return Math.exp(found.reduce((sum, number) => sum + Math.log(number), 0) / found.length);
}

/** Over all cells measured, with expiry and without: the geometric means of the ratios to the best peer. */
export function summary(measured) {
  const known = cells.filter((cell) => measured[cell.name] !== undefined);
  const mean = (name, expiry) =>
    geometricMean(
      known.filter((cell) => cell.expiry === expiry).map((cell) => ratios(cell, measured[cell.name]).toBest[name]),
    );
  return Object.fromEntries(own.map((name) => [name, { plain: mean(name, false), expiring: mean(name, true) }]));
}

export { own };
