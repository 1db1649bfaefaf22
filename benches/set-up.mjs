// What the benchmark needs: the peers of benches/package-lock.json, and the package installed from its tarball.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../scripts/build.mjs";
import { installPackage, PACKAGE } from "../scripts/lib/installed.mjs";
import { at, run } from "../scripts/lib/process.mjs";

/** Installs the peers unless they are, and links the package beside them. */
export async function ensurePeers() {
  const lock = readFileSync(at("benches", "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  const stamp = at("benches", "node_modules", ".poche-lockfile");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: at("benches") });
    writeFileSync(stamp, hash);
  }
  await linkPackage();
}

/** Builds the package unless it is, installs its tarball, and links it where benchmarks find it. */
export async function linkPackage() {
  if (!existsSync(at("pkg", "package.json"))) await build();
  await installPackage();
  const link = at("benches", "node_modules", "poche");
  rmSync(link, { recursive: true, force: true });
  mkdirSync(join(link, ".."), { recursive: true });
  symlinkSync(PACKAGE, link, "junction");
}
