// The versions of Node that are measured with: the one that runs, a program's path, or a major version by npm.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at, Missing, run, say } from "../scripts/lib/process.mjs";

// npm has Node's programs as packages, one for each platform.
const PACKAGE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const VERSIONS = { 20: "20.20.2", 22: "22.23.3", 24: "24.21.0" };

/** The program for what `--node` was given: a path, or 20, 22 or 24, which is installed first unless it is. */
export async function nodeProgram(given = process.execPath) {
  const version = VERSIONS[given];
  if (version === undefined) {
    if (existsSync(given)) return given;
    throw new Missing(`--node must be ${Object.keys(VERSIONS).join(", ")} or the path of a program; got ${given}`);
  }
  if (process.versions.node.split(".")[0] === given) return process.execPath;
  const folder = at("target", "nodes", version);
  const program = join(folder, "node_modules", PACKAGE, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(program)) {
    say(`installing Node ${version} (npm install ${PACKAGE})`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    const flags = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
    await run("npm", ["install", ...flags, `${PACKAGE}@${version}`], { cwd: folder });
  }
  return program;
}

/** What a program calls itself, such as v24.21.0. */
export const versionOf = (program) => execFileSync(program, ["--version"], { encoding: "utf8" }).trim();

/** The first number of that. */
export const majorOf = (version) => version.replace(/^v/, "").split(".")[0];
