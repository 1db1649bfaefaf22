// The README's table and the chart, made from the files of figures.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { at, say } from "../scripts/lib/process.mjs";
import { cells } from "./cells.mjs";
import { drawChart } from "./chart.mjs";
import { own, ratios, summary } from "./ratios.mjs";
import { allResults } from "./results.mjs";

const BEGIN = "<!-- bench: made by npm run bench -->";
const END = "<!-- /bench -->";
const SIZE = 10_000;
const quick = cells.filter((cell) => cell.quick);

/** Writes the chart, and the table into the README where it has the place marked. */
export function writeReport() {
  const all = allResults();
  // The newest Node of which there are figures at the size that is shown.
  const newest = all.findLast(({ cells: measured }) => quick.some(({ name }) => measured[name] !== undefined));
  if (newest === undefined) return;
  const path = at("benches", "results", "chart.svg");
  writeFileSync(path, drawChart(newest, SIZE));
  const readme = at("README.md");
  if (!existsSync(readme)) return;
  const text = readFileSync(readme, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) return;
  writeFileSync(readme, `${text.slice(0, from)}${BEGIN}\n${section(all, newest)}${text.slice(to)}`);
  say(`wrote the table of README.md and ${path}`);
}

function section(all, newest) {
  const shown = quick.filter((cell) => newest.cells[cell.name] !== undefined);
  const rows = shown.map((cell) => {
    const times = newest.cells[cell.name];
    const { best, toBest } = ratios(cell, times);
    const mine = own.map((name) => show(times[name]));
    const ratio = own.map((name) => (toBest[name] === null ? "" : toBest[name].toFixed(2)));
    const figures = [...mine, best === null ? "" : `${show(times[best])} (${best})`, show(times.Map), ...ratio];
    return `| ${cell.title}${cell.expiry ? ", ttl" : ""} | ${figures.join(" | ")} |`;
  });
  const means = all.flatMap((results) =>
    Object.entries(summary(results.cells)).map(([name, { plain, expiring }]) => {
      const without = plain === null ? "-" : plain.toFixed(2);
      const within = expiring === null ? "-" : expiring.toFixed(2);
      return `| Node ${results.node} | ${name} | ${without} | ${within} |`;
    }),
  );
  const versions = Object.entries(newest.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Nanoseconds per operation at ${SIZE.toLocaleString("en")} entries, Node ${newest.node}; the last columns are the`,
    "ratios of poche's two policies to the fastest bounded peer (below 1: poche is faster).",
    "",
    `| access | ${own.join(" | ")} | fastest peer | Map | ${own.map((name) => `${name} : peer`).join(" | ")} |`,
    `|---|${"--:|".repeat(2 + 2 * own.length)}`,
    ...rows,
    "",
    "Geometric mean of the ratios to the fastest peer, over all cells and sizes measured:",
    "",
    "| | policy | without expiry | with expiry |",
    "|---|---|--:|--:|",
    ...means,
    "",
    "![Ratios to the fastest peer](benches/results/chart.svg)",
    "",
    `Made by \`npm run bench\` on ${newest.date}: ${newest.machine}; ${versions.join(", ")}.`,
    "",
  ].join("\n");
}

const show = (time) => (time == null ? "" : time < 100 ? time.toFixed(0) : String(Math.round(time)));
