// The declarations: tsc's, one file per source file, as .d.ts for import and as .d.cts for require.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { at, run, say } from "../lib/process.mjs";
import { entries, forms, stem } from "./entries.mjs";

const DECLARED = at("target", "types");
const IMPORT = /(from\s*|import\(\s*|import\s*)"(\.[^"]*)\.js"/g;

/**
 * Writes the declarations that the entries reach. They are not bundled: one class `Cache` then serves every entry
 * point, and the tool that would bundle them is not needed.
 */
export async function buildTypes() {
  say("checking types and writing declarations (tsc)");
  rmSync(DECLARED, { recursive: true, force: true });
  const tsc = at("node_modules", "typescript", "bin", "tsc");
  const emit = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", DECLARED];
  await run(process.execPath, [tsc, "-p", at("pkg-template"), ...emit]);
  const reached = new Map();
  for (const entry of entries) reach(stem(entry), reached);
  for (const form of forms.filter(({ types, script }) => types.endsWith(script.replace("js", "ts")))) {
    for (const [name, text] of reached) {
      const path = at("pkg", form.folder, name + form.types);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(
        path,
        text.replace(IMPORT, (_, before, module) => `${before}"${module}${form.script}"`),
      );
    }
  }
}

function reach(name, reached) {
  if (reached.has(name)) return;
  const text = readFileSync(join(DECLARED, `${name}.d.ts`), "utf8");
  reached.set(name, text);
  for (const [, , module] of text.matchAll(IMPORT)) reach(posix.join(posix.dirname(name), module), reached);
}
