// `npm run format`: lays out the Rust and the TypeScript as `npm test` wants them.
import { ensureNodeModules } from "./lib/node.mjs";
import { at, main, run } from "./lib/process.mjs";
import { ensureRust } from "./lib/rust.mjs";

await main(async () => {
  await ensureNodeModules();
  await ensureRust();
  await run("cargo", ["fmt", "--all"]);
  await run(process.execPath, [at("node_modules", "@biomejs", "biome", "bin", "biome"), "check", "--write"]);
});
