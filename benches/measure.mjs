// Runs workers: one process per implementation and cell, in interleaved rounds.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

/** The middle of a list of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The nanoseconds per operation of each implementation in a cell: the median over `rounds` processes of the median
 * over the passes of each; with `best` the minimum of the minima. An implementation that fails is `null`.
 */
export async function measure(cell, implementations, { node, rounds, milliseconds, best }) {
  const medians = new Map(implementations.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name } of implementations) {
      const times = await worker(node, [name, cell.name, String(milliseconds)]);
      if (times !== null) medians.get(name).push(best ? Math.min(...times) : median(times));
    }
  }
  const entries = [...medians].map(([name, found]) => [
    name,
    found.length === 0 ? null : best ? Math.min(...found) : median(found),
  ]);
  return Object.fromEntries(entries);
}

function worker(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [WORKER, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let complaint = "";
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (complaint += text));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) return resolve(JSON.parse(out));
      console.error(
        `${args[0]}, ${args[1]}: ${
          complaint
            .trim()
            .split("\n")
            .find((line) => /Error/.test(line)) ?? status
        }`,
      );
      resolve(null);
    });
  });
}
