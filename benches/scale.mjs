// `npm run bench:scale`: many entries. Filling in batches, with the longest that a batch takes; what an operation costs
// among a million entries against among a thousand; and more entries than a Map can have.
//
//   --entries N          how many are filled in (default 4000000)
//   --rounds N           processes per implementation (default 3); the best of each figure counts
//   --node VERSION       the Node to measure with: 20, 22, 24 or a path (default: the one that runs this)
//   --only PART          filling, growth or beyond
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { at, Failed, main } from "../scripts/lib/process.mjs";
import { nodeProgram, versionOf } from "./nodes.mjs";
import { ensurePeers } from "./set-up.mjs";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "4000000" },
    rounds: { type: "string", default: "3" },
    node: { type: "string" },
    only: { type: "string", default: "filling,growth,beyond" },
  },
});
const rounds = Number(values.rounds);
let node;

await main(async () => {
  await ensurePeers();
  node = await nodeProgram(values.node);
  console.log(`Node ${versionOf(node)}, ${cpus()[0].model}`);
  const parts = { filling, growth, beyond };
  const misses = [];
  for (const name of values.only.split(",")) misses.push(...parts[name]());
  if (misses.length > 0) throw new Failed(misses.join("; "));
});

/** Gives what is missed of: no batch takes longer than lru-cache's longest. */
function filling() {
  console.log(`\nfilling ${Number(values.entries).toLocaleString("en")} entries, milliseconds per 1,000`);
  row("", ["longest", "median", "all"]);
  const missed = [];
  for (const keys of ["short", "integer"]) {
    const names = ["poche", "poche lru", "lru-cache", "Map"];
    const results = best(names, (name) => worker("filling.mjs", name, keys, values.entries));
    for (const [name, { longest, median, all }] of results) row(`${keys}, ${name}`, [longest, median, all]);
    const least = results.get("lru-cache").longest;
    for (const name of ["poche", "poche lru"]) {
      const { longest } = results.get(name);
      if (longest > least)
        missed.push(`${name} stalls for ${longest.toFixed(1)} ms with ${keys} keys, lru-cache for ${least.toFixed(1)}`);
    }
  }
  return missed;
}

/** Gives what is missed of: an operation grows dearer with the entries no faster than a Map's. */
function growth() {
  console.log("\nnanoseconds per operation among 1,000 and 1,000,000 entries, and the one as a multiple of the other");
  row("", ["1,000", "1,000,000", "growth"]);
  const missed = [];
  for (const kind of ["get same", "get fresh", "get integer", "set same"]) {
    const names = ["poche", "poche lru", "lru-cache", "Map"];
    const results = best(names, (name) => worker("growth.mjs", name, kind));
    const grown = ({ small, large }) => large / small;
    for (const [name, times] of results) row(`${kind}, ${name}`, [times.small, times.large, grown(times)]);
    for (const name of ["poche", "poche lru"]) {
      const [ours, map] = [grown(results.get(name)), grown(results.get("Map"))];
      if (ours > map) missed.push(`${kind}: ${name} grows ${ours.toFixed(1)} times dearer, a Map ${map.toFixed(1)}`);
    }
  }
  return missed;
}

/** Gives what is missed of: a cache of integers has more entries than a Map can. */
function beyond() {
  console.log("\nmore entries than the 16,777,216 of a Map");
  const { size, seconds, bytes } = worker("beyond.mjs");
  console.log(
    `  ${size.toLocaleString("en")} entries in ${seconds.toFixed(1)} s, ${bytes.toFixed(0)} bytes each; all of them are right`,
  );
  return [];
}

/** The least of each figure that `measure` gives in several rounds, by name. */
function best(names, measure) {
  const results = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const now = measure(name);
      const before = results.get(name) ?? now;
      results.set(
        name,
        Object.fromEntries(Object.entries(now).map(([figure, time]) => [figure, Math.min(time, before[figure])])),
      );
    }
  }
  return results;
}

function worker(script, ...args) {
  const flags = ["--expose-gc", "--max-old-space-size=12000"];
  return JSON.parse(execFileSync(node, [...flags, at("benches", "scale", script), ...args], { encoding: "utf8" }));
}

function row(name, figures) {
  const cells = figures.map((figure) => (typeof figure === "number" ? figure.toFixed(2) : figure).padStart(14));
  console.log(`  ${name.padEnd(26)}${cells.join("")}`);
}
