// The engine: from Rust to optimised WebAssembly and its glue, in target/wasm-pack.
import { renameSync, statSync } from "node:fs";
import { at, run, say } from "../lib/process.mjs";

/** The glue's folder, which the face imports from. */
export const GLUE = at("target", "wasm-pack");

/** The optimised WebAssembly. */
export const WASM = at("target", "wasm-pack", "poche_bg.wasm");

// What rustc emits for wasm32-unknown-unknown and every host of the package has (Node 20, Safari 16.4).
const FEATURES = ["bulk-memory", "bulk-memory-opt", "multivalue", "mutable-globals", "nontrapping-float-to-int"];
const MORE_FEATURES = ["reference-types", "sign-ext"];

/** Compiles the crate, generates the glue, optimises. */
export async function buildWasm() {
  say("compiling the engine (wasm-pack)");
  const out = ["--out-dir", GLUE, "--out-name", "poche"];
  await run("wasm-pack", [
    "build",
    "--target",
    "web",
    "--release",
    "--no-pack",
    "--no-opt",
    "--mode",
    "no-install",
    ...out,
  ]);
  const before = statSync(WASM).size;
  const features = [...FEATURES, ...MORE_FEATURES].map((name) => `--enable-${name}`);
  // The sections that name the compiler and its features serve tools only, so they go last.
  const passes = ["-O4", "--strip-producers", "--strip-target-features", "--strip-debug"];
  const optimised = `${WASM}.opt`;
  const wasmOpt = at("node_modules", "binaryen", "bin", "wasm-opt");
  await run(process.execPath, [wasmOpt, WASM, "-o", optimised, ...features, ...passes]);
  renameSync(optimised, WASM);
  say(`optimised it (wasm-opt): ${before} to ${statSync(WASM).size} bytes`);
}
