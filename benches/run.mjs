// `npm run bench`: measures, writes the figures to benches/results, and makes the README's table and chart from them.
//
//   --quick                    a few cells at 10,000 entries, in less than two minutes
//   --cells TEXT               only cells whose names hold TEXT (several: separated by |)
//   --sizes NUMBERS            only these numbers of entries, separated by commas
//   --only NAMES               only these implementations, separated by commas
//   --rounds N                 processes per implementation and cell (default 3)
//   --milliseconds N           of measuring per process (default 150)
//   --node VERSION             the Node to measure with: 20, 22, 24 or a path (default: the one that runs this); each
//                              major version has a file of its own
//   --best                     the fastest pass instead of the medians, for work on a busy machine
//   --fresh                    forget earlier figures of this Node version; otherwise they stay where not measured anew
//   --no-write                 print only
import { parseArgs } from "node:util";
import { cells } from "./cells.mjs";
import { can, implementations } from "./implementations.mjs";
import { measure } from "./measure.mjs";
import { nodeProgram, versionOf } from "./nodes.mjs";
import { own, ratios, summary } from "./ratios.mjs";
import { writeReport } from "./report.mjs";
import { machine, readResults, writeResults } from "./results.mjs";
import { ensurePeers } from "./set-up.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    cells: { type: "string", default: "" },
    sizes: { type: "string", default: "" },
    only: { type: "string", default: "" },
    rounds: { type: "string" },
    milliseconds: { type: "string" },
    node: { type: "string" },
    best: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    "no-write": { type: "boolean", default: false },
  },
});

const wanted = options.cells.split("|");
const sizes = options.sizes === "" ? null : options.sizes.split(",").map(Number);
const chosen = cells.filter(
  (cell) =>
    (options.quick ? cell.quick : true) &&
    (sizes === null || sizes.includes(cell.size)) &&
    wanted.some((text) => cell.name.includes(text)),
);
const names = options.only === "" ? null : options.only.split(",");
const who = implementations.filter(({ name }) => names === null || names.includes(name));
const how = {
  node: await nodeProgram(options.node),
  rounds: Number(options.rounds ?? (options.quick ? 1 : 3)),
  milliseconds: Number(options.milliseconds ?? (options.quick ? 80 : 150)),
  best: options.best,
};

await ensurePeers();
const version = versionOf(how.node);
console.log(`Node ${version}, ${chosen.length} cells, ${how.rounds} rounds of ${how.milliseconds} ms`);

const results = options.fresh ? { cells: {} } : readResults(version);
const columns = who.map(({ name }) => name);
console.log(
  ["cell".padEnd(40), ...columns.map((name) => name.slice(0, 9).padStart(10)), "  best peer; to it, to Map"].join(""),
);
for (const cell of chosen) {
  const able = who.filter((implementation) => can(implementation, cell));
  const nanoseconds = await measure(cell, able, how);
  results.cells[cell.name] = { ...results.cells[cell.name], ...nanoseconds };
  const { best, toBest, toMap } = ratios(cell, results.cells[cell.name]);
  const show = (ratio) => (ratio === null ? "-" : ratio.toFixed(2));
  const verdict = own.map((name) => `${show(toBest[name])} ${show(toMap[name])}`).join(" / ");
  const row = columns.map((name) => (nanoseconds[name] == null ? "-" : nanoseconds[name].toFixed(1)).padStart(10));
  console.log([cell.name.padEnd(40), ...row, `  ${best}; ${verdict}`].join(""));
  if (!options["no-write"])
    writeResults(version, {
      ...results,
      ...machine(version),
      settings: { rounds: how.rounds, milliseconds: how.milliseconds },
    });
}
for (const [name, { plain, expiring }] of Object.entries(summary(results.cells))) {
  console.log(
    `${name}: geometric mean to the best peer ${plain?.toFixed(3)} without expiry, ${expiring?.toFixed(3)} with`,
  );
}
if (!options["no-write"]) writeReport();
