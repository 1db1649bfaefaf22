// `npm run build`: from a clean clone to the finished package in pkg.
import { mkdirSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { buildFace } from "./build/face.mjs";
import { weigh, writePackage } from "./build/package.mjs";
import { buildTypes } from "./build/types.mjs";
import { buildWasm } from "./build/wasm.mjs";
import { ensureNodeModules } from "./lib/node.mjs";
import { at, main } from "./lib/process.mjs";
import { ensureRust } from "./lib/rust.mjs";

/** Sets up what is missing and builds. */
export async function build() {
  await ensureNodeModules();
  await ensureRust();
  await buildWasm();
  rmSync(at("pkg"), { recursive: true, force: true });
  mkdirSync(at("pkg"), { recursive: true });
  await buildFace();
  await buildTypes();
  writePackage();
  weigh();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(build);
