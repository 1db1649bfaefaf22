// Hit ratios of the built package on request traces: npm run bench:hits -- [FOLDER] [SIZES]
//
// FOLDER holds traces, NAME.u32: one little-endian u32 per request, the number of a key. Without it, generated
// workloads are replayed. SIZES are numbers of entries, with commas between them; left out, each trace has its own.
// The columns are Belady's optimum, which knows the future, eviction: "lru" and the default, in percent.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { endianness } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../scripts/build.mjs";
import { at, Failed, main } from "../scripts/lib/process.mjs";
import { optimalHits } from "./hits/optimum.mjs";
import { changeOfPhase, generate } from "./hits/workloads.mjs";

/** The sizes at which other caches were measured on these traces. */
const USUAL_SIZES = {
  c2k_web07: [300, 1000, 3000],
  c2k_web12: [300, 1200],
  arc_OLTP: [1000, 5000],
  lirs_gli: [1000],
  corda: [512],
};

async function benchmark() {
  const [folder, sizes] = readArguments(process.argv.slice(2));
  if (!existsSync(at("pkg", "package.json"))) await build();
  const { Cache } = await import(pathToFileURL(at("pkg", "dist", "index.js")).href);
  const workloads = folder === undefined ? generate() : readFolder(folder);
  row("trace", "entries", "optimum", "LRU", "default");
  for (const { name, requests, sizes: own } of workloads) {
    for (const entries of sizes ?? own) {
      const percent = (hits) => ((100 * hits) / requests.length).toFixed(2);
      const lru = replay(new Cache({ maxEntries: entries, eviction: "lru" }), requests);
      const byDefault = replay(new Cache({ maxEntries: entries }), requests);
      row(name, entries, percent(optimalHits(requests, entries)), percent(lru), percent(byDefault));
    }
  }
}

function readArguments(given) {
  const isSizes = (text) => /^\d+(,\d+)*$/.test(text ?? "");
  const [folder, sizes] = isSizes(given[0]) ? [undefined, given[0]] : given;
  if (sizes !== undefined && !isSizes(sizes))
    throw new Failed(`SIZES are numbers with commas between them, such as 300,1000; got ${sizes}`);
  return [folder, sizes?.split(",").map(Number)];
}

/** Looks every key up and stores it on a miss; how many were hits. */
function replay(cache, requests) {
  let hits = 0;
  for (const key of requests) {
    if (cache.get(key) !== undefined) hits++;
    else cache.set(key, true);
  }
  cache.free();
  return hits;
}

/** All traces of a folder, and the change of phase, if there is the trace that it is made of. */
function readFolder(folder) {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".u32")) : [];
  if (files.length === 0) throw new Failed(`no *.u32 in ${folder}`);
  return files.sort().flatMap((file) => {
    const name = basename(file, ".u32");
    const requests = readTrace(join(folder, file));
    const trace = { name, requests, sizes: USUAL_SIZES[name] ?? threeSizes(requests) };
    if (name !== "corda") return trace;
    return [trace, { name: "corda, loop, corda", requests: changeOfPhase(requests), sizes: [512] }];
  });
}

function readTrace(path) {
  const bytes = readFileSync(path);
  if (endianness() === "BE") bytes.swap32();
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
}

/** Three parts of the keys. */
function threeSizes(requests) {
  const keys = new Set(requests).size;
  return [50, 10, 4].map((part) => Math.ceil(keys / part));
}

function row(name, ...figures) {
  console.log(name.padEnd(24) + figures.map((figure) => String(figure).padStart(10)).join(""));
}

await main(benchmark);
