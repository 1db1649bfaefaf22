// What the package offers: its entry points, and the forms in which each is built.

/** One row per entry point: its name in `exports`, and its source under pkg-template/src. */
export const entries = [{ name: ".", source: "index.ts" }];

/**
 * One row per form of an entry point. `wasm` names the file of pkg-template/src that supplies the WebAssembly,
 * `condition` where the form stands in `exports`; the order is the order there.
 */
export const forms = [
  { condition: "import", format: "esm", folder: "dist", script: ".js", types: ".d.ts", wasm: "wasm-bytes.ts" },
  { condition: "require", format: "cjs", folder: "dist", script: ".cjs", types: ".d.cts", wasm: "wasm-bytes.ts" },
];

/** The name of an entry's files, without folder and extension. */
export const stem = (entry) => entry.source.replace(/\.ts$/, "");

/** The `exports` of the package. */
export function exportsMap() {
  const map = {};
  for (const entry of entries) {
    map[entry.name] = Object.fromEntries(
      forms.map((form) => {
        const path = `./${form.folder}/${stem(entry)}`;
        return [form.condition, { types: path + form.types, default: path + form.script }];
      }),
    );
  }
  map["./package.json"] = "./package.json";
  return map;
}
