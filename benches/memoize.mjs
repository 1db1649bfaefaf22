// `npm run bench:memoize`: memoize against its peers, in nanoseconds per call that hits. Each measurement is a process
// of its own; the implementations take turns, round after round, and the fastest pass of all rounds counts.
//
//   npm run bench:memoize -- [rounds] [milliseconds per measurement]
import { execFileSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { cpus } from "node:os";
import { build } from "../scripts/build.mjs";
import { installPackage, PACKAGE } from "../scripts/lib/installed.mjs";
import { at, main, run } from "../scripts/lib/process.mjs";
import { cells, implementations, sizes } from "./memoize/implementations.mjs";

const HERE = at("benches", "memoize");
const rounds = Number(process.argv[2] ?? 3);
const milliseconds = Number(process.argv[3] ?? 300);
// A linear search, or a deep comparison with each entry: beyond this many entries it takes too long to measure.
const SLOW = ["micro-memoize", "moize", "memoizee", "micro-memoize, deep", "moize, deep"];
const SLOW_MOST = 100;

await main(async () => {
  await setUp();
  console.log(`Node ${process.version}, ${cpus()[0].model}, ${rounds} rounds of ${milliseconds} ms\n`);
  for (const size of sizes) for (const cell of cells) measure(cell, size);
});

async function setUp() {
  if (!existsSync(at("benches", "memoize", "node_modules", "memoize"))) {
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: HERE });
  }
  if (!existsSync(at("pkg", "package.json"))) await build();
  await installPackage();
  const link = at("benches", "memoize", "node_modules", "poche");
  rmSync(link, { recursive: true, force: true });
  symlinkSync(PACKAGE, link, "junction");
}

function measure(cell, size) {
  const taking = implementations.filter(
    (one) =>
      (size <= SLOW_MOST || !SLOW.includes(one.name)) &&
      (one.byValue || cell.primitive) &&
      cell.fn.length <= (one.most ?? 2),
  );
  const times = new Map(taking.map((one) => [one.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name } of taking) {
      const worker = at("benches", "memoize", "worker.mjs");
      const printed = execFileSync(process.execPath, [worker, name, cell.name, String(size), String(milliseconds)]);
      times.get(name).push(Number(printed));
    }
  }
  const best = (name) => Math.min(...times.get(name));
  const own = best("poche");
  console.log(`${cell.name}, ${size} different`);
  for (const { name, byValue } of taking.toSorted((a, b) => best(a.name) - best(b.name))) {
    const kind = byValue ? "by value" : "by identity";
    const ratio = (own / best(name)).toFixed(2);
    console.log(
      `  ${name.padEnd(26)} ${kind.padEnd(12)} ${best(name).toFixed(1).padStart(8)} ns   poche / it: ${ratio}`,
    );
  }
  console.log();
}
