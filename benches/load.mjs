// `npm run bench:load`: what loading the package takes of a program's start. A process that loads it, stores and gets
// once, against one that does nothing: each a process of its own, in turns.
//
//   --processes N        of each kind (default 60)
//   --node VERSION       the Node to measure with: 20, 22, 24 or a path (default: the one that runs this)
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { at, Failed, main } from "../scripts/lib/process.mjs";
import { median } from "./measure.mjs";
import { nodeProgram, versionOf } from "./nodes.mjs";
import { linkPackage } from "./set-up.mjs";

const TARGET = 8;
const KINDS = ["nothing.mjs", "import.mjs", "use.mjs", "nothing.cjs", "use.cjs"];

const { values } = parseArgs({
  options: { processes: { type: "string", default: "60" }, node: { type: "string" } },
});

await main(async () => {
  await linkPackage();
  const node = await nodeProgram(values.node);
  const times = Object.fromEntries(KINDS.map((kind) => [kind, { wall: [], processors: [] }]));
  const parts = {};
  for (let turn = 0; turn < Number(values.processes); turn++) {
    for (const kind of KINDS) {
      const [printed, wall] = timed(node, kind);
      times[kind].wall.push(wall);
      times[kind].processors.push(Number(printed));
    }
    const [printed] = timed(node, "parts.mjs");
    for (const [part, time] of Object.entries(JSON.parse(printed))) (parts[part] ??= []).push(time);
  }
  console.log(`Node ${versionOf(node)}, ${cpus()[0].model}; milliseconds, ${values.processes} processes of each\n`);
  row("", ["median", "least", "processor time", "least"]);
  for (const [kind, { wall, processors }] of Object.entries(times)) row(kind, [...both(wall), ...both(processors)]);
  console.log("\n  inside of one");
  for (const [part, list] of Object.entries(parts)) row(part, both(list));
  console.log(`\n  above a process that does nothing (target: ${TARGET})`);
  for (const [name, full, empty] of [
    ["import, set, get", times["use.mjs"], times["nothing.mjs"]],
    ["require, set, get", times["use.cjs"], times["nothing.cjs"]],
  ]) {
    const above = (kind) => both(full[kind]).map((time, index) => time - both(empty[kind])[index]);
    row(name, [...above("wall"), ...above("processors")]);
  }
});

/** What a script prints, and how long the whole process took, in milliseconds. */
function timed(node, script) {
  const start = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(node, [at("benches", "load", script)], { encoding: "utf8" });
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Failed(`${script}: ${/^\w*Error: .*$/m.exec(stderr)?.[0] ?? `exit status ${status}`}`);
  return [stdout, wall];
}

function both(list) {
  return [median(list), Math.min(...list)];
}

function row(name, figures) {
  const cells = figures.map((figure) => (typeof figure === "number" ? figure.toFixed(1) : figure).padStart(16));
  console.log(`  ${name.padEnd(26)}${cells.join("")}`);
}
