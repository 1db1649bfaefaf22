// The rest of the package: its package.json, the texts beside it, and what it weighs.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { at, Failed, say } from "../lib/process.mjs";
import { entries, exportsMap, formsOf, olderTypes, plain, stem } from "./entries.mjs";
import { WASM } from "./wasm.mjs";

// All that `import { Cache, memoize } from "poche"` loads, gzipped.
const GOAL = 25_600;
/** What the build does not let it outgrow unnoticed until the goal is reached. Who raises it says in the commit what for. */
const LIMIT = 61_500;

/** Writes all of pkg but the scripts and declarations. */
export function writePackage() {
  const template = JSON.parse(readFileSync(at("pkg-template", "package.json"), "utf8"));
  const [main] = entries;
  const path = (condition) => {
    const form = formsOf(main).find((candidate) => candidate.condition === condition);
    return {
      script: `./${form.folder}/${stem(main)}${form.script}`,
      types: `./${form.folder}/${stem(main)}${form.types}`,
    };
  };
  const { name, ...rest } = template;
  const manifest = {
    name,
    version: version(),
    ...rest,
    main: path("require").script,
    module: path("import").script,
    types: path("import").types,
    unpkg: `./${plain.file}`,
    jsdelivr: `./${plain.file}`,
    exports: exportsMap(),
    typesVersions: olderTypes(),
  };
  writeFileSync(at("pkg", "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(WASM, at("pkg", "poche.wasm"));
  copyFileSync(at("pkg-template", "README.md"), at("pkg", "README.md"));
  for (const text of ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"]) copyFileSync(at(text), at("pkg", text));
}

/** Prints the sizes, and fails when the package has outgrown its budget. */
export function weigh() {
  const scripts = entries.flatMap((entry) =>
    formsOf(entry).map((form) => [`${form.folder}/${stem(entry)}${form.script}`, entry === entries[0]]),
  );
  let heaviest = 0;
  for (const [file, budgeted] of [["poche.wasm", false], ...scripts, [plain.file, true]]) {
    const bytes = readFileSync(at("pkg", file));
    const zipped = gzipSync(bytes, { level: 9 }).length;
    if (budgeted) heaviest = Math.max(heaviest, zipped);
    say(`${file.padEnd(22)} ${String(bytes.length).padStart(7)} bytes ${String(zipped).padStart(7)} gzipped`);
  }
  if (heaviest > LIMIT) throw new Failed(`the package has outgrown its limit: ${heaviest} of ${LIMIT} bytes gzipped`);
  const over = heaviest - GOAL;
  say(`${heaviest} bytes gzipped, ${over > 0 ? `${over} over` : "within"} the budget of ${GOAL} (limit: ${LIMIT})`);
}

// The crate's version is the package's: Cargo.toml is the one place that has it.
function version() {
  return /^version = "(.+)"/m.exec(readFileSync(at("Cargo.toml"), "utf8"))[1];
}
