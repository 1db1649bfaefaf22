// Runtimes that load the installed package by themselves: Node, its worker threads, Deno, Bun, Cloudflare's workerd.
import { program, reportIn } from "../lib/project.mjs";

const NODES = ["20.20.2", "22.23.3", "24.21.0"];
const NODE_PACKAGE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

const files = { "main.mjs": program.esm("console"), "main.cjs": program.cjs("console") };
const scripts = [
  ["ESM", "main.mjs"],
  ["CommonJS", "main.cjs"],
];

const thisNode = scripts.map(([form, script]) => ({
  name: `this Node, ${form}`,
  fast: true,
  files,
  report: async ({ run }) => reportIn(await run(process.execPath, [script])),
}));

const nodes = NODES.flatMap((version) =>
  scripts.map(([form, script]) => ({
    name: `Node ${version}, ${form}`,
    files,
    packages: { [NODE_PACKAGE]: version },
    report: async ({ run, path }) => {
      const node = path("node_modules", NODE_PACKAGE, "bin", "node");
      const is = await run(node, ["--version"]);
      if (is.trim() !== `v${version}`) throw new Error(`this is Node ${is}`);
      return reportIn(await run(node, [script]));
    },
  })),
);

const threads = [
  {
    name: "worker_threads, each with an engine of its own",
    fast: true,
    files: {
      "main.mjs": `import { Worker } from "node:worker_threads";
const reports = [1, 2].map(() => new Promise((resolve, reject) => {
  new Worker(new URL("./worker.mjs", import.meta.url)).on("message", resolve).on("error", reject);
}));
const [one, two] = await Promise.all(reports);
if (one !== two) throw new Error(\`\${one} is not \${two}\`);
console.log("report:" + one);
`,
      "worker.mjs": `import { parentPort } from "node:worker_threads";
const postMessage = (text) => parentPort.postMessage(text);
${program.esm("post")}`,
    },
    report: async ({ run }) => reportIn(await run(process.execPath, ["main.mjs"])),
  },
];

// Binaries come in packages of their own; the scripts that would link to them are not run.
const OTHERS = {
  Deno: {
    package: ["deno", "2.9.6"],
    binary: { "linux-x64": "@deno/linux-x64-glibc/deno", "darwin-arm64": "@deno/darwin-arm64/deno" },
    // Without the network, and without any permission but the one that Deno's `require` asks for.
    args: ["run", "--no-prompt", "--no-remote", "--node-modules-dir=manual"],
    flags: { CommonJS: ["--allow-read"] },
    env: { DENO_NO_UPDATE_CHECK: "1", DENO_DIR: ".deno" },
  },
  Bun: {
    package: ["bun", "1.4.5"],
    binary: { "linux-x64": "@oven/bun-linux-x64/bin/bun", "darwin-arm64": "@oven/bun-darwin-aarch64/bin/bun" },
    args: ["run"],
    env: {},
  },
};

const others = Object.entries(OTHERS).flatMap(([name, runtime]) =>
  scripts.map(([form, script]) => ({
    name: `${name}, ${form}`,
    files,
    packages: { [runtime.package[0]]: runtime.package[1] },
    report: async ({ run, path }) => {
      const binary = path("node_modules", runtime.binary[`${process.platform}-${process.arch}`]);
      return reportIn(
        await run(binary, [...runtime.args, ...(runtime.flags?.[form] ?? []), script], { env: runtime.env }),
      );
    },
  })),
);

// Bundled as its own tools do it: the condition workerd, the .wasm as a module beside the script.
const workerd = [
  {
    name: "workerd, through miniflare",
    packages: { miniflare: "4.20260730.0", esbuild: "0.28.2" },
    files: {
      "worker.mjs": `import * as poche from "poche";
import { KeyValueCachePoche } from "poche/apollo";
import { LRUCache } from "poche/lru-cache";
import { check } from "./check.mjs";
// As most programs do it: made when the script is loaded, before there is a request.
const shared = new poche.Cache();
const lru = new LRUCache({ max: 5, ttl: 60_000, fetchMethod: async (key) => key.length });
export default {
  async fetch() {
    const report = await check(poche).catch((error) => ({ error: String(error.stack ?? error) }));
    const apollo = new KeyValueCachePoche(shared);
    await apollo.set("apollo", "yes");
    const adapted = [await lru.fetch("four"), lru.get("four"), await apollo.get("apollo")].join();
    const good = shared.set(["made"], "early").get(["made"]) === "early" && adapted === "4,4,yes";
    return Response.json(good ? report : { error: adapted });
  },
};
`,
      "main.mjs": `import { build } from "esbuild";
import { Miniflare } from "miniflare";
await build({
  entryPoints: ["worker.mjs"], outdir: "dist", bundle: true, format: "esm",
  conditions: ["workerd", "worker", "browser"], loader: { ".wasm": "copy" }, outExtension: { ".js": ".mjs" },
});
const miniflare = new Miniflare({
  modules: true, scriptPath: "dist/worker.mjs", modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
  compatibilityDate: "2025-01-01",
});
const response = await miniflare.dispatchFetch("http://localhost/");
console.log("report:" + (await response.text()));
await miniflare.dispose();
`,
    },
    report: async ({ run }) => reportIn(await run(process.execPath, ["main.mjs"])),
  },
];

export const runtimes = [...thisNode, ...nodes, ...threads, ...others, ...workerd];
