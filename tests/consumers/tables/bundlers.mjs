// Bundlers, none with a plug-in for WebAssembly; what they made is run.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { visit, visitFolder } from "../lib/browsers.mjs";
import { page, program, reportIn } from "../lib/project.mjs";
import { serveSite } from "../lib/site.mjs";

const ESBUILD = { esbuild: "0.28.2" };
const VITE = { vite: "8.3.8" };
const WEBPACK = { webpack: "5.112.2" };

const source = (sender) => ({ "main.mjs": program.esm(sender) });
const html = (script, kind = "") => page(`<script ${kind} src="${script}"></script>`);
const MODULE = 'type="module"';

/** Runs a script of the bundle in Node, in an empty folder far from the project and from any node_modules. */
async function runElsewhere({ run, path }, folder, script) {
  const elsewhere = mkdtempSync(join(tmpdir(), "poche-elsewhere-"));
  try {
    cpSync(path(folder), elsewhere, { recursive: true });
    return reportIn(await run(process.execPath, [join(elsewhere, script)], { cwd: elsewhere }));
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

const esbuild = (form, flags, report, sender) => ({
  name: `esbuild, ${form}`,
  fast: true,
  packages: ESBUILD,
  files: { ...source(sender), "dist/index.html": html("main.js", form === "esm" ? MODULE : "defer") },
  report: async (project) => {
    const call = ["main.mjs", "--bundle", "--minify", `--format=${form}`, ...flags];
    await project.run(process.execPath, [project.path("node_modules", "esbuild", "bin", "esbuild"), ...call]);
    return report(project);
  },
});

const webpackConfig = (target) => `module.exports = {
  mode: "production", target: "${target}", entry: "./main.mjs",
  output: { path: require("node:path").resolve("dist"), filename: "main.js" },
};
`;
// Its command line is a package of its own; this is all of it that is needed.
const WEBPACK_RUN = `require("webpack")(require("./webpack.config.cjs"), (error, stats) => {
  if (error || stats.hasErrors() || stats.hasWarnings()) throw error ?? new Error(stats.toString());
});
`;

async function viteDev(project) {
  const vite = project.path("node_modules", "vite", "bin", "vite.js");
  const args = [vite, "--host", "127.0.0.1", "--port", "0", "--clearScreen", "false"];
  const server = spawn(process.execPath, args, { cwd: project.folder, env: { ...process.env, NO_COLOR: "1" } });
  const site = await serveSite(project.folder);
  try {
    const origin = await new Promise((resolve, reject) => {
      let said = "";
      const listen = (text) => {
        said += text;
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (url) resolve(url[0]);
      };
      server.stdout.on("data", listen);
      server.stderr.on("data", listen);
      server.on("exit", () => reject(new Error(said)));
    });
    return await visit("Chromium", site, "/", origin);
  } finally {
    server.kill();
    await site.close();
  }
}

export const bundlers = [
  esbuild("esm", ["--outfile=dist/main.js"], ({ path }) => visitFolder("Chromium", path("dist")), "page"),
  esbuild("iife", ["--outfile=dist/main.js"], ({ path }) => visitFolder("Chromium", path("dist")), "page"),
  esbuild(
    "cjs",
    ["--outfile=dist/main.cjs", "--platform=node"],
    (project) => runElsewhere(project, "dist", "main.cjs"),
    "console",
  ),
  {
    name: "Vite, build",
    packages: VITE,
    files: { ...source("page"), "index.html": html("/main.mjs", MODULE), "public/errors.js": "" },
    report: async ({ run, path }) => {
      await run(process.execPath, [path("node_modules", "vite", "bin", "vite.js"), "build"]);
      return visitFolder("Chromium", path("dist"));
    },
  },
  {
    name: "Vite, development server",
    packages: VITE,
    files: { ...source("page"), "index.html": html("/main.mjs", MODULE), "public/errors.js": "" },
    report: viteDev,
  },
  {
    name: "webpack, for pages",
    packages: WEBPACK,
    files: {
      ...source("page"),
      "dist/index.html": html("main.js", "defer"),
      "webpack.config.cjs": webpackConfig("web"),
      "build.cjs": WEBPACK_RUN,
    },
    report: async ({ run, path }) => {
      await run(process.execPath, ["build.cjs"]);
      return visitFolder("Chromium", path("dist"));
    },
  },
  {
    name: "webpack, for a server, run from another folder",
    packages: WEBPACK,
    files: { ...source("console"), "webpack.config.cjs": webpackConfig("node"), "build.cjs": WEBPACK_RUN },
    report: async (project) => {
      await project.run(process.execPath, ["build.cjs"]);
      return runElsewhere(project, "dist", "main.js");
    },
  },
  {
    name: "Rollup",
    packages: { rollup: "4.68.7", "@rollup/plugin-node-resolve": "16.0.3" },
    files: {
      ...source("page"),
      "dist/index.html": html("main.js", MODULE),
      "rollup.config.mjs": `import resolve from "@rollup/plugin-node-resolve";
export default { input: "main.mjs", output: { file: "dist/main.js", format: "es" }, plugins: [resolve()] };
`,
    },
    report: async ({ run, path }) => {
      const rollup = path("node_modules", "rollup", "dist", "bin", "rollup");
      await run(process.execPath, [rollup, "--config", "rollup.config.mjs", "--failAfterWarnings"]);
      return visitFolder("Chromium", path("dist"));
    },
  },
  {
    name: "Parcel",
    packages: { parcel: "2.16.4" },
    files: {
      ...source("page"),
      "index.html": html("main.mjs", MODULE).replace('<script src="/errors.js"></script>', ""),
    },
    report: async ({ run, path }) => {
      const parcel = path("node_modules", "parcel", "lib", "bin.js");
      await run(process.execPath, [parcel, "build", "index.html", "--no-cache", "--dist-dir", "dist"]);
      return visitFolder("Chromium", path("dist"));
    },
  },
];
