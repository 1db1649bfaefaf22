// `npm run site`: the pages of the site, from docs, www and the declarations of the built package, in target/site.
//
// The server (scripts/serve.mjs) looks there first, and in www for what is not made: styles and scripts of the pages.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureNodeModules } from "./lib/node.mjs";
import { at, Failed, main, say } from "./lib/process.mjs";

/** The folder with the pages that are made. */
export const SITE = at("target", "site");

// What the pages depend on. Besides, the versions of the tools, which the lockfile has.
const SOURCES = [
  [at("docs"), /\.(?:md|svg)$/],
  [at("www"), /\.html$/],
  [at("scripts", "site"), /\.mjs$/],
  [at("pkg", "dist"), /\.d\.ts$/],
];
const STAMP = ".sources.sha256";
const FILES = ["scripts/site.mjs", "scripts/build/entries.mjs", "package-lock.json"];

let making;

/** Makes the pages, unless nothing has changed since they were made. */
export function buildSite() {
  making ??= makeUnlessMade().finally(() => {
    making = undefined;
  });
  return making;
}

async function makeUnlessMade() {
  if (!existsSync(at("pkg", "package.json"))) throw new Failed("there is no package yet: npm run build");
  const hash = sourcesHash();
  const stamp = join(SITE, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  say("making the pages of the site (docs, www, TypeDoc)");
  await ensureNodeModules();
  const { allPages } = await import("./site/pages.mjs");
  const pages = await allPages();
  // Made aside, so that a server that runs at the same time never sees half of it.
  const made = `${SITE}-${process.pid}`;
  for (const { path, html } of pages) {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), html);
  }
  for (const picture of filesOf(at("docs"), /\.svg$/)) copyFileSync(at("docs", picture), join(made, "docs", picture));
  writeFileSync(join(made, STAMP), hash);
  rmSync(SITE, { recursive: true, force: true });
  renameSync(made, SITE);
}

function sourcesHash() {
  const hash = createHash("sha256");
  const paths = SOURCES.flatMap(([folder, names]) => filesOf(folder, names).map((path) => join(folder, path)));
  for (const path of [...paths, ...FILES.map((file) => at(...file.split("/")))]) {
    hash.update(relative(at(), path)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function filesOf(folder, names) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll(sep, "/"))
    .sort();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await buildSite();
    say(`the site is in ${relative(process.cwd(), SITE) || "."}`);
  });
}
