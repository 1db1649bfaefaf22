// The caches that the benchmark page shows beside poche: those of benches/node_modules, bundled for browsers.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "./process.mjs";

/** The folder that is served as /peers/, with one module, index.js. */
export const PEERS = at("target", "peers");

// Those that run in a browser without stand-ins for modules of Node.
const PACKAGES = ["@isaacs/ttlcache", "lru-cache", "mnemonist", "quick-lru", "tiny-lru"];

/**
 * Writes the module: its export `peers` has the namespace of each package by the package's name. Those that are not
 * installed (npm run bench installs them) are not in it; the page compares poche with the rest.
 */
export async function bundlePeers() {
  const names = PACKAGES.filter((name) => existsSync(at("benches", "node_modules", name, "package.json")));
  mkdirSync(PEERS, { recursive: true });
  const file = join(PEERS, "index.js");
  if (names.length === 0) return writeFileSync(file, "export const peers = {};\n");
  const { build } = await import("esbuild");
  const imports = names.map((name, index) => `import * as peer${index} from ${JSON.stringify(name)};`);
  const members = names.map((name, index) => `${JSON.stringify(name)}: peer${index}`);
  await build({
    stdin: {
      contents: `${imports.join("\n")}\nexport const peers = { ${members.join(", ")} };\n`,
      resolveDir: at("benches"),
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    outfile: file,
    logLevel: "warning",
  });
}
