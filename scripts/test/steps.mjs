// The steps of `npm test`, in their order.
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { guardInstructions, guardRatios } from "../../benches/guard/check.mjs";
import { linkPackage } from "../../benches/set-up.mjs";
import { build } from "../build.mjs";
import { ensureBrowser, ensureOtherBrowsers } from "../lib/browser.mjs";
import { ensureExamples } from "../lib/examples.mjs";
import { installPackage } from "../lib/installed.mjs";
import { ensureNodeModules } from "../lib/node.mjs";
import { at, Failed, root, run } from "../lib/process.mjs";
import { ensureRedis } from "../lib/redis.mjs";
import { ensureMiri, ensureRust } from "../lib/rust.mjs";
import { ensureValgrind } from "../lib/valgrind.mjs";
import { buildSite } from "../site.mjs";

const WASM = ["--target", "wasm32-unknown-unknown"];
const RUNNER = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner" };

// poche.wasm is a file that programs fetch, and no module that TypeScript could know.
const ATTW = ["--no-color", "--no-emoji", "--exclude-entrypoints", "poche.wasm"];

/** Paths of the browser's programs, known once the set-up has run. */
let browser;

/**
 * One row per step: its name; the groups of `npm run test:GROUP` that it is part of; `tests` when it runs a test
 * runner, whose tests are then counted one by one, while any other step counts as one; `vital` when the steps after it
 * mean nothing without it; and what it does. `watch` has to be given to `run` where tests are counted.
 */
export const steps = [
  { name: "set-up", groups: ["rust", "js", "pages"], vital: true, run: setUp },

  { name: "cargo fmt", groups: ["rust"], run: () => run("cargo", ["fmt", "--all", "--check"]) },
  { name: "clippy", groups: ["rust"], run: () => clippy([]) },
  { name: "clippy, wasm32", groups: ["rust"], run: () => clippy(WASM) },
  { name: "cargo test", groups: ["rust"], tests: true, run: (watch) => run("cargo", ["test"], { watch }) },
  { name: "Miri", groups: ["rust"], tests: true, run: miri },
  { name: "wasm-bindgen-test in Node", groups: ["rust"], tests: true, run: (watch) => border(watch, {}) },
  {
    name: "wasm-bindgen-test in Chromium",
    groups: ["rust"],
    tests: true,
    run: (watch) => border(watch, { CHROMEDRIVER: browser.chromedriver, WASM_BINDGEN_USE_BROWSER: "1" }),
  },

  { name: "instructions of the engine", groups: ["rust"], run: instructions },

  { name: "npm run build", groups: ["js", "pages"], vital: true, run: build },
  { name: "install the packed tarball", groups: ["js", "pages"], vital: true, run: installPackage },
  { name: "npm run site", groups: ["js", "pages"], run: buildSite },
  { name: "install what the examples use", groups: ["js", "pages"], run: ensureExamples },
  {
    name: "biome",
    groups: ["js"],
    run: () => tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "--colors=off"]),
  },
  { name: "publint", groups: ["js"], run: () => tool("publint/src/cli.js", ["--strict", "pkg"]) },
  {
    name: "attw",
    groups: ["js"],
    run: () => tool("@arethetypeswrong/cli/dist/index.js", [...ATTW, "--pack", "pkg"]),
  },
  { name: "type tests", groups: ["js"], run: () => tool("typescript/bin/tsc", ["-p", at("tests", "types")]) },
  { name: "node:test", groups: ["js"], tests: true, run: (watch) => nodeTest("js", watch, {}) },
  { name: "documentation", groups: ["js"], tests: true, run: (watch) => nodeTest("docs", watch, {}) },
  { name: "times to a bare Map's", groups: ["js"], run: ratios },
  {
    name: "pages in Chromium",
    groups: ["pages"],
    tests: true,
    run: (watch) => nodeTest("pages", watch, { CHROMIUM: browser.chromium }),
  },
  {
    name: "consumers, the fast ones",
    groups: ["js"],
    tests: true,
    run: (watch) => nodeTest("consumers", watch, { CHROMIUM: browser.chromium, POCHE_CONSUMERS: "fast" }),
  },
];

/** The steps of `npm run test:consumers`: every runtime, bundler and browser. They take minutes, and some gigabytes. */
export const consumerSteps = [
  { name: "set-up", vital: true, run: setUpConsumers },
  { name: "npm run build", vital: true, run: build },
  { name: "install the packed tarball", vital: true, run: installPackage },
  {
    name: "consumers",
    tests: true,
    run: (watch) => nodeTest("consumers", watch, { CHROMIUM: browser.chromium }),
  },
];

async function setUp() {
  await ensureNodeModules();
  await ensureRust();
  await ensureMiri();
  browser = await ensureBrowser();
  await ensureRedis();
}

async function setUpConsumers() {
  await ensureNodeModules();
  await ensureRust();
  browser = await ensureBrowser();
  await ensureOtherBrowsers();
  await ensureRedis();
}

function clippy(target) {
  return run("cargo", ["clippy", "--all-targets", ...target, "--", "-D", "warnings"]);
}

// Miri interprets, a hundred times slower than the machine: few cases, and no files for those that fail.
function miri(watch) {
  const env = {
    MIRIFLAGS: "-Zmiri-strict-provenance -Zmiri-env-forward=PROPTEST_CASES -Zmiri-disable-isolation",
    PROPTEST_CASES: "2",
    PROPTEST_FAILURE_PERSISTENCE: "off",
  };
  return run("cargo", ["+nightly", "miri", "test", "--lib", "--tests"], { watch, env });
}

async function instructions() {
  await ensureValgrind();
  guardInstructions();
}

async function ratios() {
  await linkPackage();
  guardRatios();
}

function border(watch, env) {
  return run("cargo", ["test", ...WASM, "--lib", "--test", "border"], { watch, env: { ...RUNNER, ...env } });
}

function nodeTest(folder, watch, env) {
  const files = testFiles(at("tests", folder));
  if (files.length === 0) throw new Failed(`there are no tests in tests/${folder}`);
  return run(process.execPath, ["--expose-gc", "--test", "--test-reporter=spec", ...files], { watch, env });
}

function testFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.test\.[cm]js$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !path.includes("node_modules"))
    .sort();
}

function tool(script, args) {
  return run(process.execPath, [at("node_modules", ...script.split("/")), ...args]);
}
