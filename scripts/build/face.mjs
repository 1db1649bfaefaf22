// The face: TypeScript bundled by esbuild into the scripts of pkg, with the WebAssembly packed in as text.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { at, say } from "../lib/process.mjs";
import { entries, forms, stem } from "./entries.mjs";
import { packText } from "./pack-text.mjs";
import { WASM } from "./wasm.mjs";

const SOURCE = at("pkg-template", "src");

/** Writes the scripts of every entry in every form. */
export async function buildFace() {
  say("bundling the face (esbuild)");
  const { build } = await import("esbuild");
  for (const form of forms) {
    await build({
      entryPoints: entries.map((entry) => at("pkg-template", "src", entry.source)),
      outdir: at("pkg", form.folder),
      outExtension: { ".js": form.script },
      bundle: true,
      format: form.format,
      platform: "neutral",
      target: "es2022",
      minify: true,
      // Class names are seen by people: in a debugger, in the console, in a stack trace.
      keepNames: true,
      sourcemap: true,
      logLevel: "warning",
      // The glue's asynchronous loader has it; nothing uses that loader, so it is left out.
      logOverride: { "empty-import-meta": "silent" },
      plugins: [wasmSupply(form), sharedEntry(form)],
    });
    for (const entry of entries) tidyMap(at("pkg", form.folder, `${stem(entry)}${form.script}.map`));
  }
}

/** Supplies `./wasm-bytes.js` from the form's own file, and `poche:wasm`, the packed WebAssembly, to it. */
function wasmSupply(form) {
  return {
    name: "wasm-supply",
    setup(build) {
      build.onResolve({ filter: /\/wasm-bytes\.js$/ }, () => ({ path: at("pkg-template", "src", form.wasm) }));
      build.onResolve({ filter: /^poche:wasm$/ }, () => ({ path: "poche:wasm", namespace: "packed" }));
      build.onLoad({ filter: /.*/, namespace: "packed" }, () => {
        const parts = Object.entries(packText(readFileSync(WASM)));
        const contents = parts.map(([name, part]) => `export const ${name} = ${JSON.stringify(part)};`).join("\n");
        return { contents, loader: "js" };
      });
    },
  };
}

/** Leaves the package's main entry out of the others, so that a program has one engine and one class `Cache`. */
function sharedEntry(form) {
  const [main] = entries;
  return {
    name: "shared-entry",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/index\.js$/ }, ({ importer, resolveDir }) => {
        if (resolveDir !== SOURCE || basename(importer) === main.source) return undefined;
        return { path: `./${stem(main)}${form.script}`, external: true };
      });
    },
  };
}

// The map holds the sources themselves, so their names need only tell a reader which is which.
function tidyMap(path) {
  const map = JSON.parse(readFileSync(path, "utf8"));
  map.sources = map.sources.map((source) => source.replace("../../pkg-template/", "../").replace("../../", "../"));
  map.sourcesContent = map.sourcesContent.map((text, index) =>
    map.sources[index].includes("poche:wasm") ? "// the packed WebAssembly" : text,
  );
  writeFileSync(path, JSON.stringify(map));
}
