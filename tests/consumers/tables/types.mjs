// The declarations, as TypeScripts from 5.0 on find and read them.
import { readFileSync, writeFileSync } from "node:fs";

/** The text of a program. */
export const programText = (name) => readFileSync(new URL(`../programs/${name}`, import.meta.url), "utf8");

/** What the installed TypeScript says of some files, "" where all is well. */
export async function compile({ run, path }, files, compilerOptions) {
  const config = path("tsconfig.json");
  const options = { target: "es2022", lib: ["es2022"], types: [], strict: true, noEmit: true, ...compilerOptions };
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files }));
  const tsc = path("node_modules", "typescript", "bin", "tsc");
  return run(process.execPath, [tsc, "-p", config]).catch((error) => String(error));
}

// How each resolution is asked for, and the files that are then a module, or a CommonJS script.
const RESOLUTIONS = {
  node16: [{ module: "node16" }, ["main.mts", "main.cts"]],
  nodenext: [{ module: "nodenext" }, ["main.mts", "main.cts"]],
  bundler: [{ module: "esnext" }, ["main.ts"]],
  node10: [{ module: "commonjs" }, ["main.ts"]],
};

// The one that CI runs is the oldest: the newest checks the tests of the types.
const VERSIONS = {
  "5.0.4": {},
  "5.4.5": {},
  "5.9.3": {},
  "6.0.3": { node10: { ignoreDeprecations: "6.0" } },
  // It has no node10 any more.
  "7.0.2": { node10: null },
};

export const types = Object.entries(VERSIONS).map(([version, special]) => ({
  name: `TypeScript ${version}: the declarations, by every resolution of modules`,
  fast: version === "5.0.4",
  packages: { typescript: version },
  files: Object.fromEntries(["main.mts", "main.cts", "main.ts"].map((file) => [file, programText("types.ts")])),
  report: async (project) => {
    const report = {};
    for (const [moduleResolution, [options, files]] of Object.entries(RESOLUTIONS)) {
      if (special[moduleResolution] === null) continue;
      const said = await compile(project, files, { moduleResolution, ...options, ...special[moduleResolution] });
      if (said !== "") report[moduleResolution] = said;
    }
    return report;
  },
  expected: {},
}));
