// Where the examples of the documentation run: a folder with the packages that they use, poche as installed among them.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE } from "./installed.mjs";
import { at, run, say } from "./process.mjs";

/** The folder; each document has one of its own in it. */
export const EXAMPLES = at("target", "examples");

/** Installs the packages of tests/docs/package-lock.json unless they are, and links poche beside them. */
export async function ensureExamples() {
  const lock = at("tests", "docs", "package-lock.json");
  const hash = createHash("sha256").update(readFileSync(lock)).digest("hex");
  const stamp = join(EXAMPLES, "node_modules", ".poche-lockfile");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
    say("installing what the examples of the documentation use (npm ci)");
    rmSync(EXAMPLES, { recursive: true, force: true });
    mkdirSync(EXAMPLES, { recursive: true });
    for (const file of ["package.json", "package-lock.json"]) {
      copyFileSync(at("tests", "docs", file), join(EXAMPLES, file));
    }
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: EXAMPLES });
    symlinkSync(PACKAGE, join(EXAMPLES, "node_modules", "poche"), "junction");
    writeFileSync(stamp, hash);
  }
}
