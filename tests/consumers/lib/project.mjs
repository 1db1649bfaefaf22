// A consumer: a project of its own in target/consumers, with the packed tarball installed beside what builds and runs it.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { at } from "../../../scripts/lib/process.mjs";

const execute = promisify(execFile);
const TARBALL = () => at("target", `poche-${JSON.parse(readFileSync(at("pkg", "package.json"), "utf8")).version}.tgz`);
const CHECK = readFileSync(new URL("../check.mjs", import.meta.url), "utf8");
const MINUTES = 5;

/** Installs what a row of the tables asks for, and writes its files; gives the project. */
export async function makeProject({ name, packages = {}, manifest = {}, files = {} }) {
  const folder = at("target", "consumers", name.replaceAll(/\W+/g, "-").toLowerCase());
  const tarball = TARBALL();
  const dependencies = { poche: `file:${tarball}`, ...packages };
  const stamp = createHash("sha256").update(readFileSync(tarball)).update(JSON.stringify(packages)).digest("hex");
  const stampFile = join(folder, "node_modules", ".poche-installed");
  const installed = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
  if (!installed) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ name: "consumer", private: true, dependencies, ...manifest }, null, 2);
  const all = {
    "package.json": text,
    "check.mjs": CHECK,
    "check.cjs": asCommonJs(CHECK),
    "check.js": asScript(CHECK),
    ...files,
  };
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  const project = { folder, path: (...parts) => join(folder, ...parts), run: (...call) => run(folder, ...call) };
  if (!installed) {
    const quiet = [
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--ignore-scripts",
      "--prefer-offline",
      "--legacy-peer-deps",
    ];
    await project.run("npm", ["install", ...quiet]);
    writeFileSync(stampFile, stamp);
  }
  return project;
}

/** What a program prints. Where it fails, the error has all that it said. */
async function run(folder, command, args, { cwd = folder, env = {} } = {}) {
  // What npm and node:test tell their children is not meant for a consumer's programs.
  const inherited = Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_)/i.test(key));
  const options = {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    timeout: MINUTES * 60_000,
    maxBuffer: 1e8,
    shell: process.platform === "win32" && command === "npm",
  };
  try {
    return (await execute(command, args, options)).stdout;
  } catch (error) {
    const said = `${error.stdout ?? ""}${error.stderr ?? ""}`.slice(-4000);
    throw new Error(`${command} ${args.join(" ")}: ${error.code ?? error.signal}\n${said}`);
  }
}

/** The report in what a program prints. */
export function reportIn(printed) {
  const line = printed.split("\n").find((candidate) => candidate.startsWith("report:"));
  if (!line) throw new Error(`there is no report in:\n${printed}`);
  return JSON.parse(line.slice("report:".length));
}

const asScript = (text) => text.replaceAll(/^export /gm, "");

function asCommonJs(text) {
  const names = Array.from(text.matchAll(/^export (?:async function|const) (\w+)/gm), ([, name]) => name);
  return `${asScript(text)}\nmodule.exports = { ${names.join(", ")} };\n`;
}

// Every program ends by handing its report, as text, to one of these.
const SENDERS = {
  console: 'console.log("report:" + text)',
  page: 'fetch(new URLSearchParams(location.search).get("report"), { method: "POST", body: text })',
  post: "postMessage(text)",
};

const CHECKED = `check(poche)
  .catch((error) => ({ error: String(error.stack ?? error) }))
  .then((report) => JSON.stringify(report))`;

/** The programs that all consumers share: load the package, check it, send the report. */
export const program = {
  esm: (sender, from = "poche", checkFrom = "./check.mjs") => `import * as poche from "${from}";
import { check } from "${checkFrom}";
${CHECKED}.then((text) => ${SENDERS[sender]});
`,
  cjs: (sender) => `const poche = require("poche");
const { check } = require("./check.cjs");
${CHECKED}.then((text) => ${SENDERS[sender]});
`,
  /** With `poche` and `check` as globals. */
  plain: (sender) => `${CHECKED}.then((text) => ${SENDERS[sender]});
`,
};

/** A page that reports its errors, too. `head` is put in after that. */
export const page = (head) => `<!doctype html>
<meta charset="utf-8">
<title>consumer</title>
<link rel="icon" href="data:,">
<script src="/errors.js"></script>
${head}
`;

/** The script that the pages name: an error anywhere is the report. */
export const ERRORS = `const send = (error) =>
  fetch(new URLSearchParams(location.search).get("report"), {
    method: "POST",
    body: JSON.stringify({ error: String(error?.stack ?? error) }),
  });
addEventListener("error", (event) => send(event.error ?? event.message ?? \`\${event.target.src} does not load\`), true);
addEventListener("unhandledrejection", (event) => send(event.reason));
`;
