// Set-up of the JavaScript side: the Node version, the npm dependencies of the lockfile.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { at, Missing, output, run, say } from "./process.mjs";

const OLDEST = 20;

/** The npm dependencies, exactly as package-lock.json has them. */
export async function ensureNodeModules() {
  const [major] = process.versions.node.split(".");
  if (Number(major) < OLDEST) {
    throw new Missing(`Node ${process.versions.node} is too old: install Node ${OLDEST} or newer`);
  }
  // The lockfile's hash tells what is installed; file times would not survive a checkout.
  const stamp = at("node_modules", ".poche-lockfile");
  const hash = createHash("sha256")
    .update(readFileSync(at("package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  if (output("npm", ["--version"]) === null) throw new Missing("npm is missing: install the npm that comes with Node");
  say("installing the npm dependencies (npm ci)");
  try {
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  } catch (error) {
    throw new Missing("the npm dependencies could not be installed: npm ci has to work", { cause: error });
  }
  writeFileSync(stamp, hash);
}
