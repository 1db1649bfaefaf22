// The package as its users get it: packed, and installed from the tarball where tests and pages find it.
//
// target/installed is a folder with an npm install of the tarball and nothing else. tests/node_modules links to what
// is installed there, so `import "poche"` in a test is the packed package, with its `exports`, and never the sources.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at, Failed, output, run, say } from "./process.mjs";

/** The folder with the install. */
export const INSTALLED = at("target", "installed");

/** The installed package. */
export const PACKAGE = join(INSTALLED, "node_modules", "poche");

// The folders whose scripts import the package by its name.
const USERS = ["tests"];

/** Packs pkg, installs the tarball unless the same one already is; gives the tarball's path. */
export async function installPackage() {
  if (!existsSync(at("pkg", "package.json"))) throw new Failed("there is no package yet: npm run build");
  mkdirSync(INSTALLED, { recursive: true });
  const packed = output("npm", ["pack", at("pkg"), "--json", "--pack-destination", at("target")]);
  if (packed === null) throw new Failed("npm pack ./pkg failed");
  const tarball = at("target", JSON.parse(packed)[0].filename);
  const stamp = join(INSTALLED, "tarball.sha256");
  const hash = createHash("sha256").update(readFileSync(tarball)).digest("hex");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash || !existsSync(PACKAGE)) {
    say(`installing ${tarball} (npm install)`);
    rmSync(INSTALLED, { recursive: true, force: true });
    mkdirSync(INSTALLED, { recursive: true });
    const manifest = { name: "poche-installed", private: true, dependencies: { poche: `file:${tarball}` } };
    writeFileSync(join(INSTALLED, "package.json"), JSON.stringify(manifest));
    await run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], {
      cwd: INSTALLED,
    });
    writeFileSync(stamp, hash);
  }
  const modules = join(INSTALLED, "node_modules");
  for (const user of USERS) {
    const link = at(user, "node_modules");
    if (existsSync(link) && realpathSync(link) === realpathSync(modules)) continue;
    rmSync(link, { recursive: true, force: true });
    symlinkSync(modules, link, "junction");
  }
  return tarball;
}
