// Holds what is measured against what was recorded.
import { Failed, say } from "../../scripts/lib/process.mjs";
import { versionOf } from "../nodes.mjs";
import { countInstructions } from "./instructions.mjs";
import { measureRatios, middle, smallest } from "./ratios.mjs";
import { ARCHITECTURE, record, recordedInstructions, recordedRatios } from "./records.mjs";

// By how much a count may grow: another inlining of the same code is less than this.
const GROWTH = 1.05;
// By how much a ratio may: what a busy machine does to the fastest of a hundred passes is less. Two more measurements are
// made before it counts as slower.
const NOISE = 1.6;
const ATTEMPTS = 3;
const RECORDINGS = 5;

const AGAIN = "to accept it: npm run bench:guard -- --record";

/** Fails unless each operation takes about as many instructions as were recorded. */
export function guardInstructions() {
  const recorded = recordedInstructions();
  if (recorded === undefined) throw new Failed(`no instructions are recorded for ${ARCHITECTURE}; ${AGAIN}`);
  const counts = countInstructions();
  const faults = [];
  for (const name of new Set([...Object.keys(recorded), ...Object.keys(counts)])) {
    const [before, now] = [recorded[name], counts[name]];
    console.log(`${name.padEnd(28)}${String(before ?? "-").padStart(7)}${String(now ?? "-").padStart(7)} instructions`);
    if (before === undefined) faults.push(`${name} is new`);
    else if (now === undefined) faults.push(`${name} is no more`);
    else if (now > GROWTH * before) faults.push(`${name} takes ${now} instructions, it took ${before}`);
  }
  if (faults.length > 0) throw new Failed(`${faults.join("; ")}; ${AGAIN}`);
}

/** Fails unless, with a Node, each call takes about as many times what a Map takes as was recorded. */
export function guardRatios(node = process.execPath) {
  const recorded = recordedRatios(versionOf(node));
  if (recorded === undefined) throw new Failed(`no ratios are recorded; ${AGAIN}`);
  let ratios = measureRatios(node);
  const cells = Object.keys(ratios);
  if (cells.sort().join() !== Object.keys(recorded).sort().join()) {
    throw new Failed(`other cells are recorded than are measured; ${AGAIN}`);
  }
  const isSlow = (cell, name) => ratios[cell][name] > NOISE * recorded[cell][name];
  const slow = () => cells.filter((cell) => Object.keys(recorded[cell]).some((name) => isSlow(cell, name)));
  const figures = (cell) =>
    `${cell}: ${Object.entries(ratios[cell])
      .map(([name, ratio]) => `${name} ${ratio.toFixed(2)} (${recorded[cell][name]})`)
      .join(", ")}`;
  for (let attempt = 1; attempt < ATTEMPTS && slow().length > 0; attempt++) {
    ratios = smallest(ratios, measureRatios(node, slow()));
  }
  for (const cell of cells) console.log(figures(cell));
  if (slow().length > 0) {
    throw new Failed(`${NOISE} times slower than recorded, or worse: ${slow().map(figures).join("; ")}; ${AGAIN}`);
  }
}

/** Records what is measured now, `instructions` or `ratios` or both, as what is right. */
export function recordAll(wants, node) {
  const measured = {};
  if (wants.instructions) measured.instructions = countInstructions();
  if (wants.ratios) measured.ratios = middle(Array.from({ length: RECORDINGS }, () => measureRatios(node)));
  record(versionOf(node), measured);
  say("recorded in benches/guard");
}
