// The files of the guard: what was recorded last, which is what is held against, and one line for each recording.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus } from "node:os";
import { at, output } from "../../scripts/lib/process.mjs";
import { majorOf } from "../nodes.mjs";

const RECORDED = at("benches", "guard", "recorded.json");
const HISTORY = at("benches", "guard", "history.jsonl");

/** Counts are of a kind of machine, since each has instructions of its own. */
export const ARCHITECTURE = arch();

/** What was recorded: `instructions` by architecture and operation, `ratios` by version of Node, cell and cache. */
export function readRecorded() {
  return existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, "utf8")) : { instructions: {}, ratios: {} };
}

/** Records what was measured, both or one of the two, with the Node of this version; adds a line to the history. */
export function record(version, { instructions, ratios }) {
  const recorded = readRecorded();
  if (instructions) recorded.instructions[ARCHITECTURE] = instructions;
  if (ratios) recorded.ratios[majorOf(version)] = ratios;
  writeFileSync(RECORDED, `${JSON.stringify(recorded, rounded, 2)}\n`);
  const line = {
    version: /^version = "(.+)"/m.exec(readFileSync(at("Cargo.toml"), "utf8"))[1],
    after: output("git", ["log", "-1", "--format=%s"])?.trim() ?? null,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0].model.trim()}, ${ARCHITECTURE}`,
    ...(instructions ? { rust: output("rustc", ["--version"])?.trim() ?? null, instructions } : {}),
    ...(ratios ? { node: version, ratios } : {}),
  };
  appendFileSync(HISTORY, `${JSON.stringify(line, rounded)}\n`);
}

const rounded = (_key, value) => (typeof value === "number" ? Number(value.toFixed(2)) : value);
