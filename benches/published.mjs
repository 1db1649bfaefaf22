// `npm run bench:published`: a benchmark of the shape of the one that lru-cache publishes. By kind of key, in one
// process per implementation: fill, get, update, get again, then as many new keys, which evict all others. The score
// weighs what matters to a cache: five times evictions and the second gets, three times the first, twice filling.
//
//   --keys NAMES         only these kinds of keys, separated by commas (int, strint, str, numstr, pi, ...)
//   --only NAMES         only these implementations, separated by commas
//   --entries N          how many (default 200000; 20000 for keys of 4 KB)
//   --rounds N           fresh caches per process (default 10); medians count
//   --processes N        processes per implementation and kind, in turns (default 1); the best of each phase counts
//   --node VERSION       the Node to measure with: 20, 22, 24 or a path (default: the one that runs this)
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { at, main } from "../scripts/lib/process.mjs";
import { nodeProgram, versionOf } from "./nodes.mjs";
import { implementations } from "./published/implementations.mjs";
import { KINDS } from "./published/keys.mjs";
import { ensurePeers } from "./set-up.mjs";

const WEIGHTS = { evict: 5, get2: 5, get1: 3, set: 2, update: 1 };
const PHASES = ["set", "get1", "update", "get2", "evict"];
// Keys of 4 KB: 200,000 of them, twice, are more than the heap holds.
const FEWER = { longstr: 20_000, mix: 100_000 };

const { values: options } = parseArgs({
  options: {
    keys: { type: "string", default: KINDS.join(",") },
    only: { type: "string", default: "" },
    entries: { type: "string" },
    rounds: { type: "string", default: "10" },
    processes: { type: "string", default: "1" },
    node: { type: "string" },
  },
});
const only = options.only === "" ? null : options.only.split(",");
let node;
const who = implementations.filter(({ name }) => only === null || only.includes(name));

await main(async () => {
  await ensurePeers();
  node = await nodeProgram(options.node);
  console.log(`Node ${versionOf(node)}, ${cpus()[0].model}`);
  console.log("nanoseconds per operation; the score is operations per millisecond, weighed");
  for (const kind of options.keys.split(",")) {
    if (!KINDS.includes(kind)) throw new Error(`--keys must be of ${KINDS.join(", ")}; got ${kind}`);
    report(kind, await measure(kind));
  }
});

async function measure(kind) {
  const entries = options.entries ?? String(FEWER[kind] ?? 200_000);
  const best = new Map();
  for (let turn = 0; turn < Number(options.processes); turn++) {
    for (const { name } of who) {
      const times = worker([name, kind, entries, options.rounds]);
      const before = best.get(name);
      if (times === null || before === null) best.set(name, null);
      else if (before === undefined) best.set(name, times);
      else for (const phase of PHASES) before[phase] = Math.min(before[phase], times[phase]);
    }
  }
  return best;
}

// An implementation that coerces its keys, or otherwise answers wrongly, has no score.
function worker(args) {
  const script = at("benches", "published", "worker.mjs");
  try {
    const flags = ["--max-old-space-size=8000"];
    return JSON.parse(
      execFileSync(node, [...flags, script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    );
  } catch (error) {
    const line = String(error.stderr).match(/^.*Error: (.*)$/m)?.[1] ?? error.message;
    console.log(`${args[0]}, ${args[1]}: ${line}`);
    return null;
  }
}

/** The weighed mean of the phases' operations per millisecond. */
function score(times) {
  const weights = Object.entries(WEIGHTS);
  const sum = weights.reduce((total, [phase, weight]) => total + weight * (1e6 / times[phase]), 0);
  return Math.round(sum / weights.reduce((total, [, weight]) => total + weight, 0));
}

function report(kind, results) {
  const rows = [...results].filter(([, times]) => times !== null).map(([name, times]) => [name, times, score(times)]);
  rows.sort((a, b) => b[2] - a[2]);
  const ranked = rows.filter(([name]) => !implementations.find((one) => one.name === name).yardstick);
  const place = ranked.findIndex(([name]) => name === "poche") + 1;
  console.log(`\n${kind.padEnd(18)}${PHASES.map((phase) => phase.padStart(9)).join("")}    score`);
  for (const [name, times, points] of rows) {
    const figures = PHASES.map((phase) => times[phase].toFixed(1).padStart(9)).join("");
    console.log(`  ${name.padEnd(16)}${figures}${String(points).padStart(9)}`);
  }
  if (place > 0) console.log(`  poche is number ${place} of ${ranked.length}`);
}
