// The files of figures: benches/results/node-VERSION.json, one per major version of Node.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, platform, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { implementations } from "./implementations.mjs";

const FOLDER = fileURLToPath(new URL("results/", import.meta.url));
const require = createRequire(import.meta.url);

const pathOf = (version) => join(FOLDER, `node-${version.replace(/^v/, "").split(".")[0]}.json`);

/** What was measured before with this major version of Node, or nothing. */
export function readResults(version) {
  const path = pathOf(version);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { cells: {} };
}

/** All files of figures, the oldest Node first. */
export function allResults() {
  if (!existsSync(FOLDER)) return [];
  const files = readdirSync(FOLDER).filter((name) => /^node-\d+\.json$/.test(name));
  return files
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")));
}

/** Writes the figures, each rounded to a tenth of a nanosecond. */
export function writeResults(version, results) {
  mkdirSync(FOLDER, { recursive: true });
  const rounded = (_key, value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value);
  writeFileSync(pathOf(version), `${JSON.stringify(results, rounded, 1)}\n`);
}

/** Where and with what the figures are made. */
export function machine(version) {
  const [processor] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: version,
    machine: `${processor.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}`,
    versions: Object.fromEntries(
      implementations.filter(({ package: name }) => name !== null).map(({ package: name }) => [name, versionOf(name)]),
    ),
  };
}

function versionOf(name) {
  const folder = require.resolve
    .paths(name)
    .map((path) => join(path, name, "package.json"))
    .find((path) => existsSync(path));
  return folder === undefined ? null : JSON.parse(readFileSync(folder, "utf8")).version;
}
