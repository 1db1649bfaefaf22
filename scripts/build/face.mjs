// The face: TypeScript bundled by esbuild into the scripts of pkg, with the WebAssembly packed in as text.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { at, Failed, say } from "../lib/process.mjs";
import { entries, forms, stem } from "./entries.mjs";
import { packWasm } from "./pack-wasm.mjs";
import { WASM } from "./wasm.mjs";

const SOURCE = at("pkg-template", "src");

// Names of properties that only the face's own objects have, and of no option, so that they can be shortened: a name
// of the language, of the host or of the public interface must not be among them.
const INTERNAL = new RegExp(
  `^(?:${[
    "settings lookup lifetime expiryFromNow weigh insert markPromised isPromised cancelFlight tell byIdentity",
    "flights setExpiry freed refs inside __wbg_ptr __destroy_into_raw",
  ]
    .join(" ")
    .replaceAll(" ", "|")})$`,
);

/** Writes the scripts of every entry in every form. */
export async function buildFace() {
  say("bundling the face (esbuild)");
  const { build } = await import("esbuild");
  const packed = await packWasm(readFileSync(WASM));
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
      mangleProps: INTERNAL,
      sourcemap: true,
      logLevel: "warning",
      // The glue's asynchronous loader has it; nothing uses that loader, so it is left out.
      logOverride: { "empty-import-meta": "silent" },
      plugins: [wasmSupply(form, packed), sharedEntry(form), publicNames()],
    }).catch((error) => {
      // esbuild has already shown each fault with its place.
      throw new Failed(`the face does not build: ${error.errors?.length ?? 0} errors`, { cause: error });
    });
    for (const entry of entries) tidyMap(at("pkg", form.folder, `${stem(entry)}${form.script}.map`));
  }
}

/** Supplies `./wasm-bytes.js` from the form's own file, and `poche:wasm`, the packed WebAssembly, to it. */
function wasmSupply(form, packed) {
  return {
    name: "wasm-supply",
    setup(build) {
      build.onResolve({ filter: /\/wasm-bytes\.js$/ }, () => ({ path: at("pkg-template", "src", form.wasm) }));
      build.onResolve({ filter: /^poche:wasm$/ }, () => ({ path: "poche:wasm", namespace: "packed" }));
      build.onLoad({ filter: /.*/, namespace: "packed" }, () => {
        const parts = Object.entries(packed);
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

/**
 * Keeps the names of the exported classes, which people see in the console, in a debugger, in a stack trace. esbuild's
 * own option keeps every function's name too, which takes 900 gzipped bytes.
 */
function publicNames() {
  const named = entries.flatMap(({ source }) => readFileSync(join(SOURCE, source), "utf8").match(/\b[A-Z]\w+/g) ?? []);
  return {
    name: "public-names",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        const contents = text.replace(/^(?:export )?class (\w+)[^{]*\{/gm, (head, name) =>
          named.includes(name) ? `${head}static{Object.defineProperty(this,"name",{value:"${name}"})}` : head,
        );
        return { contents, loader: "ts" };
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
