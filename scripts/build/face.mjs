// The face: TypeScript bundled by esbuild into the scripts of pkg, with the WebAssembly packed in as text.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { at, Failed, say } from "../lib/process.mjs";
import { entries, forms, formsOf, plain, stem } from "./entries.mjs";
import { packWasm } from "./pack-wasm.mjs";
import { PLAIN, plainNames } from "./plain-names.mjs";
import { WASM } from "./wasm.mjs";

const SOURCE = at("pkg-template", "src");
const MAIN = join(SOURCE, "index.js");

// Names of properties that only the face's own objects have, and of no option, so that they can be shortened: a name
// of the language, of the host or of the public interface must not be among them.
const INTERNAL = new RegExp(
  `^(?:${[
    "settings lookup lifetime expiryFromNow weigh insert markPromised isPromised cancelFlight tell byIdentity",
    "flights setExpiry freed refs inside __wbg_ptr __destroy_into_raw",
    "makeRoom putByte putCount putText putBlock putBytes putDouble byCopy adopt bytesAt encodeToKeep",
    "recent expiries forget findNumber findText findPlaced erasures isSteady placeList lookupArguments lookupOne",
    "switchOff again ones metExpiry holdsReferences characters copies placedName cancelFlight isPast isStale noteAll wholes noteWhole heads",
    "isTaken isAlone isUnknown stampAt unstamp hasTime setDated keyAt keptKey findIdentity takesKeys nextToLeave",
    "isLeaving hasIdentities earliest hashAt expiryAt goOn isStamped forgetBoard",
  ]
    .join(" ")
    .replaceAll(" ", "|")}|${PLAIN}[a-z]\\w*)$`,
);
/** The classes whose private names become plain ones, and short: lookups and calls of memoized functions go through them. */
const INNER = ["Clock", "Dense", "Digits", "Front", "Hits", "Memo", "Recent", "RecentTexts", "Store", "WriteBehind"];

/** Writes the scripts of every entry in every form, and the script for pages without modules. */
export async function buildFace() {
  say("bundling the face (esbuild)");
  const packed = await packWasm(readFileSync(WASM));
  for (const form of forms) {
    for (const entry of entries.filter((candidate) => formsOf(candidate).includes(form))) {
      const file = `${form.folder}/${stem(entry)}${form.script}`;
      const shared = entry === entries[0] || entry.wasm ? [] : [sharedEntry(form)];
      await bundle(entry, file, { ...form, packed, wasm: entry.wasm ?? form.wasm }, shared);
    }
  }
  await bundle(entries[0], plain.file, { ...plain, packed }, []);
}

async function bundle(entry, file, form, plugins) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [at("pkg-template", "src", entry.source)],
    outfile: at("pkg", file),
    bundle: true,
    format: form.format,
    globalName: form.global,
    platform: "neutral",
    target: "es2022",
    minify: true,
    mangleProps: INTERNAL,
    sourcemap: true,
    write: false,
    logLevel: "warning",
    // The glue's asynchronous loader has it; nothing uses that loader, so it is left out.
    logOverride: { "empty-import-meta": "silent" },
    plugins: [wasmSupply(form), ownDecoder(), fittingNames(), ...plugins],
  }).catch((error) => {
    // esbuild has already shown each fault with its place.
    throw new Failed(`the face does not build: ${error.errors?.length ?? 0} errors`, { cause: error });
  });
  const [map, script] = outputFiles.map(({ text }) => text);
  // Small entries gain nothing, and as CommonJS lose the mark by which their default exports are known.
  if (entry === entries[0] || entry.wasm) await tighten(file, script, map, form.format);
  else write(file, script, map);
}

// esbuild looks at each statement by itself. What a second minifier finds across them is 0.7 KB.
async function tighten(file, script, map, format) {
  const { minify } = await import("terser");
  const { code, map: tight } = await minify(script, {
    ecma: 2022,
    module: format === "esm",
    // The other scripts' names are their own as well; what an `iife` makes is global.
    toplevel: format !== "iife",
    // A function that is used once is not to be made anew at each use: memoized calls allocate nothing.
    // A bundle may put an ES module into a script that is not strict: what says "use strict" itself has to keep saying so.
    compress: { passes: 3, reduce_funcs: false, directives: false },
    // One character beyond would make V8 hold, and read, all of the script in two bytes each.
    format: { ascii_only: true },
    sourceMap: { content: map, url: `${basename(file)}.map`, includeSources: true },
  });
  write(file, `${code}\n`, tight);
}

function write(file, script, map) {
  mkdirSync(dirname(at("pkg", file)), { recursive: true });
  writeFileSync(at("pkg", file), script);
  writeFileSync(at("pkg", `${file}.map`), map);
  tidyMap(at("pkg", `${file}.map`));
}

/**
 * Supplies `./wasm-bytes.js` from the form's own file, and to it `poche:wasm`, the packed WebAssembly, or
 * `poche:wasm-file`, the file in the package.
 */
function wasmSupply(form) {
  return {
    name: "wasm-supply",
    setup(build) {
      build.onResolve({ filter: /\/wasm-bytes\.js$/ }, () => ({ path: at("pkg-template", "src", form.wasm) }));
      build.onResolve({ filter: /^poche:wasm-file$/ }, () => ({ path: "../poche.wasm", external: true }));
      build.onResolve({ filter: /^poche:wasm$/ }, () => ({ path: "poche:wasm", namespace: "packed" }));
      build.onLoad({ filter: /.*/, namespace: "packed" }, () => {
        const parts = Object.entries(form.packed);
        const contents = parts.map(([name, part]) => `export const ${name} = ${JSON.stringify(part)};`).join("\n");
        return { contents, loader: "js" };
      });
    },
  };
}

/** Lets the glue decode text as the face does, which also works where the host has no `TextDecoder`, as under jsdom. */
function ownDecoder() {
  const own = /let cachedTextDecoder = [\s\S]*?\nfunction decodeText\(bytes\) \{[\s\S]*?\n\}/;
  const text = JSON.stringify(join(SOURCE, "keys", "text.ts"));
  return {
    name: "own-decoder",
    setup(build) {
      build.onLoad({ filter: /[/\\]wasm-pack[/\\]poche\.js$/ }, ({ path }) => {
        const glue = readFileSync(path, "utf8");
        if (!own.test(glue)) throw new Failed("the glue decodes text in another way than scripts/build/face.mjs knows");
        const decodeText = "const decodeText = (bytes) => readText(bytes, 0, bytes.length);";
        return { contents: `import { readText } from ${text};\n${glue.replace(own, decodeText)}`, loader: "js" };
      });
    },
  };
}

/** Leaves the package's main entry out of the others, so that a program has one engine and one class `Cache`. */
function sharedEntry(form) {
  const main = stem(entries[0]) + form.script;
  return {
    name: "shared-entry",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/index\.js$/ }, ({ path, resolveDir }) =>
        join(resolveDir, path) === MAIN ? { path: `./${main}`, external: true } : undefined,
      );
    },
  };
}

/**
 * Keeps the names of the exported classes, which people see in the console, in a debugger, in a stack trace: esbuild's
 * own option keeps every function's name too, which takes 900 gzipped bytes. And makes private names of others plain.
 */
function fittingNames() {
  const named = entries.flatMap(({ source }) => readFileSync(join(SOURCE, source), "utf8").match(/\b[A-Z]\w+/g) ?? []);
  return {
    name: "fitting-names",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = await plainNames(readFileSync(path, "utf8"), INNER);
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
