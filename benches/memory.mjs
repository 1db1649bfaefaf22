// `npm run bench:memory`: bytes per entry and the worst stall of a busy program, values by copy against caches whose
// values are objects on the garbage collector's heap. Then what a lookup of a small flat object takes.
//
//   npm run bench:memory -- [entries ...]        1,000,000 and 4,000,000 by default; also 17,000,000, poche only
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { at, main } from "../scripts/lib/process.mjs";
import { drawMemory } from "./memory/chart.mjs";
import { writeTable } from "./memory/table.mjs";
import { ensurePeers } from "./set-up.mjs";

const NAMES = ["poche", "lru-cache", "Map"];
// A Map cannot hold more.
const MOST_OF_MAP = 2 ** 24;
const given = process.argv.slice(2).map((text) => Number(text.replaceAll(",", "")));
const sizes = given.length > 0 ? given : [1_000_000, 4_000_000];

await main(async () => {
  await ensurePeers();
  const peer = JSON.parse(readFileSync(at("benches", "node_modules", "lru-cache", "package.json"), "utf8")).version;
  const machine = `Node ${process.version}, lru-cache ${peer}, ${cpus().length} x ${cpus()[0].model}, ${today()}`;
  console.log(`${machine}\n`);
  const results = {};
  for (const size of sizes) results[size] = measure(size);
  console.log("\nget of a small flat object, nanoseconds");
  const lookups = JSON.parse(worker("lookup.mjs"));
  for (const [name, time] of Object.entries(lookups)) row(name, [time.toFixed(0)]);
  console.log(`Map + structuredClone / poche: ${(lookups["Map + structuredClone"] / lookups.poche).toFixed(2)}`);
  console.log(`Map + JSON.parse / poche: ${(lookups["Map + JSON.parse"] / lookups.poche).toFixed(2)}`);
  mkdirSync(at("benches", "results"), { recursive: true });
  writeFileSync(at("benches", "results", "memory.svg"), drawMemory(results));
  writeFileSync(at("benches", "results", "memory.md"), `${writeTable(results, lookups)}\n(${machine})\n`);
});

function measure(size) {
  console.log(`${size.toLocaleString("en")} entries`);
  row("", ["bytes/entry", "fill: worst", "median", "churn: worst", "median (ms)"]);
  const measured = {};
  for (const name of NAMES) {
    if (name !== "poche" && size > MOST_OF_MAP) continue;
    const result = JSON.parse(worker("worker.mjs", name, String(size)));
    measured[name] = result;
    const { bytes, filling, churning } = result;
    row(name, [
      bytes.toFixed(0),
      ...[filling.worst, filling.median, churning.worst, churning.median].map((ms) => ms.toFixed(1)),
    ]);
  }
  const { poche, "lru-cache": peer } = measured;
  if (peer !== undefined) {
    const worst = ({ filling, churning }) => Math.max(filling.worst, churning.worst);
    console.log(
      `  poche / lru-cache: bytes ${(poche.bytes / peer.bytes).toFixed(2)}, stall ${(worst(poche) / worst(peer)).toFixed(2)}`,
    );
  }
  return measured;
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

function worker(script, ...args) {
  const options = ["--no-warnings", "--expose-gc", "--max-old-space-size=16000", at("benches", "memory", script)];
  return execFileSync(process.execPath, [...options, ...args], { encoding: "utf8" });
}

function row(name, figures) {
  console.log(`  ${name.padEnd(22)}${figures.map((figure) => figure.padStart(14)).join("")}`);
}
