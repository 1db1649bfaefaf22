// The engine: from Rust to optimised WebAssembly and its glue, in target/wasm-pack.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { at, Failed, run, say } from "../lib/process.mjs";

/** The optimised WebAssembly. */
export const WASM = at("target", "wasm-pack", "poche_bg.wasm");

// What rustc emits for wasm32-unknown-unknown and every host of the package has (Node 20, Safari 16.4).
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

// The functions that put a panic's message together, by their demangled names.
const PANIC = /\bpanic|::handle_error$|alloc_error/;

/** Compiles the crate, generates the glue (`poche.js`, `poche.d.ts`), optimises. */
export async function buildWasm() {
  say("compiling the engine (wasm-pack)");
  const out = ["--out-dir", at("target", "wasm-pack"), "--out-name", "poche"];
  // The set-up has installed the tools and wasm-opt runs below, so wasm-pack fetches and optimises nothing.
  const steps = ["--no-pack", "--no-opt", "--mode", "no-install"];
  await run("wasm-pack", ["--log-level", "warn", "build", "--target", "web", "--release", ...steps, ...out]);
  const compiled = statSync(WASM).size;
  await shortenPanics();
  const features = FEATURES.map((name) => `--enable-${name}`);
  // The names and the sections about compiler and features serve tools only: they go when the tools are done.
  const passes = ["-O3", "--strip-debug", "--strip-producers", "--strip-target-features"];
  const wasmOpt = at("node_modules", "binaryen", "bin", "wasm-opt");
  await run(process.execPath, [wasmOpt, WASM, "-o", WASM, ...features, ...passes]);
  say(`optimised it (wasm-opt): ${compiled} to ${statSync(WASM).size} bytes`);
}

// On this target a panic formats its message, finds nowhere to print it, and traps. So the functions that do it
// trap at once, and all of the formatting goes: 2.9 KB gzipped. The face sees the same RuntimeError.
async function shortenPanics() {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(readFileSync(WASM));
  let shortened = 0;
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const reference = module.getFunctionByIndex(index);
    const { name, base } = binaryen.getFunctionInfo(reference);
    if (base || !PANIC.test(name)) continue;
    binaryen.Function.setBody(reference, module.unreachable());
    shortened++;
  }
  // Without a name section nothing would be found, and nobody would notice but by the size.
  if (shortened === 0) throw new Failed("no function that panics was found in the compiled engine");
  writeFileSync(WASM, module.emitBinary());
  module.dispose();
}
