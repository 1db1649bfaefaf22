// The files of the guard: what was recorded last, which is what is held against, and one line for each recording.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus } from "node:os";
import { at, output } from "../../scripts/lib/process.mjs";
import { majorOf } from "../nodes.mjs";
import { merged } from "./ratios.mjs";

const RECORDED = at("benches", "guard", "recorded.json");
const HISTORY = at("benches", "guard", "history.jsonl");

/** Counts are of an architecture, since each has instructions of its own. */
export const ARCHITECTURE = arch();

// Ratios are of a processor: those of one version were up to twice as high on an AMD EPYC as on an Intel Xeon.
const PROCESSOR = cpus()[0].model.trim();

/**
 * What was recorded: `instructions` by architecture and operation; `ratios` by processor, major version of Node, cell and
 * cache.
 */
function readRecorded() {
  return existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, "utf8")) : { instructions: {}, ratios: {} };
}

/** The instructions of each operation on this architecture, or `undefined` where none were recorded. */
export const recordedInstructions = () => readRecorded().instructions[ARCHITECTURE];

/**
 * The ratios by cell and cache on this processor with a version of Node, or `undefined` where none were recorded. For a
 * version without any the newest older one has to do, or the oldest; for another processor the largest of all.
 */
export function recordedRatios(version) {
  const { [PROCESSOR]: own, ...others } = readRecorded().ratios;
  const known = (own ? [own] : Object.values(others)).map((byMajor) => ofVersion(byMajor, Number(majorOf(version))));
  return known.length > 0 ? merged(known, (ratios) => Math.max(...ratios)) : undefined;
}

function ofVersion(byMajor, wanted) {
  const majors = Object.keys(byMajor)
    .map(Number)
    .sort((a, b) => a - b);
  return byMajor[majors.findLast((major) => major <= wanted) ?? majors[0]];
}

/** Records what was measured, both or one of the two, with the Node of this version; adds a line to the history. */
export function record(version, { instructions, ratios }) {
  const recorded = readRecorded();
  if (instructions) recorded.instructions[ARCHITECTURE] = instructions;
  if (ratios) recorded.ratios[PROCESSOR] = { ...recorded.ratios[PROCESSOR], [majorOf(version)]: ratios };
  writeFileSync(RECORDED, `${JSON.stringify(recorded, rounded, 2)}\n`);
  const line = {
    version: /^version = "(.+)"/m.exec(readFileSync(at("Cargo.toml"), "utf8"))[1],
    after: output("git", ["log", "-1", "--format=%s"])?.trim() ?? null,
    date: new Date().toISOString().slice(0, 10),
    machine: `${PROCESSOR}, ${ARCHITECTURE}`,
    ...(instructions ? { rust: output("rustc", ["--version"])?.trim() ?? null, instructions } : {}),
    ...(ratios ? { node: version, ratios } : {}),
  };
  appendFileSync(HISTORY, `${JSON.stringify(line, rounded)}\n`);
}

const rounded = (_key, value) => (typeof value === "number" ? Number(value.toFixed(2)) : value);
