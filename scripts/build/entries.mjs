// What the package offers: its entry points, and the forms in which each is built.

/**
 * One row per entry point: its name in `exports`, and its source under pkg-template/src. `wasm` names the file that
 * supplies its WebAssembly whatever the form; such an entry stands alone, all others share the engine of the first.
 */
export const entries = [
  { name: ".", source: "index.ts" },
  { name: "./wasm", source: "own-wasm.ts", wasm: "wasm-given.ts" },
  { name: "./keyv", source: "keyv.ts" },
  { name: "./lru-cache", source: "lru-cache.ts" },
  { name: "./apollo", source: "apollo.ts" },
];

/**
 * One row per form of an entry point. `wasm` names the file of pkg-template/src that supplies the WebAssembly,
 * `condition` where the form stands in `exports`; the order is the order there. Cloudflare's workerd forbids compiling
 * bytes, so there the WebAssembly is a module that is imported; it has the same declarations as any other module.
 */
export const forms = [
  { condition: "workerd", format: "esm", folder: "dist", script: ".workerd.js", types: ".d.ts", wasm: "wasm-file.ts" },
  { condition: "import", format: "esm", folder: "dist", script: ".js", types: ".d.ts", wasm: "wasm-bytes.ts" },
  { condition: "require", format: "cjs", folder: "dist", script: ".cjs", types: ".d.cts", wasm: "wasm-bytes.ts" },
];

/** The main entry as one file for a plain `<script>`, and the global that it makes. */
export const plain = { format: "iife", file: "dist/poche.min.js", global: "poche", wasm: "wasm-bytes.ts" };

/** The forms in which an entry is built: what brings its own WebAssembly is the same for workerd. */
export const formsOf = (entry) => forms.filter((form) => !entry.wasm || form.condition !== "workerd");

/** The name of an entry's files, without folder and extension. */
export const stem = (entry) => entry.source.replace(/\.ts$/, "");

/** The `exports` of the package. */
export function exportsMap() {
  const map = {};
  for (const entry of entries) {
    map[entry.name] = Object.fromEntries(
      formsOf(entry).map((form) => {
        const path = `./${form.folder}/${stem(entry)}`;
        return [form.condition, { types: path + form.types, default: path + form.script }];
      }),
    );
  }
  map["./poche.wasm"] = "./poche.wasm";
  map["./package.json"] = "./package.json";
  return map;
}

/** `typesVersions`: TypeScript's older resolution, the default up to TypeScript 5 for CommonJS, knows no `exports`. */
export function olderTypes() {
  const { folder, types } = forms.find(({ condition }) => condition === "require");
  const paths = entries.slice(1).map((entry) => [entry.name.slice(2), [`./${folder}/${stem(entry)}${types}`]]);
  return { "*": Object.fromEntries(paths) };
}
