// The examples of the READMEs and of the documentation run, and say what is true.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { transform } from "esbuild";
import ts from "typescript";
import { at } from "../../scripts/lib/process.mjs";
import { blocksOf, checked, DOCUMENTS, isScript } from "./lib/blocks.mjs";
import { makeProject } from "./lib/project.mjs";

// What is no program.
const NOT_RUN = ["sh", "json", "text"];

/** Documents whose named files need a browser, a framework or arguments: the tests that run them. */
const RUN_BY = {
  "docs/guide/installing.md": "tests/pages/examples.test.mjs",
  "docs/recipes/cli.md": "tests/docs/cli.test.mjs",
  "docs/recipes/react.md": "tests/docs/react.test.mjs",
  "docs/recipes/redis.md": "tests/docs/redis.test.mjs",
  "docs/recipes/service-worker.md": "tests/pages/examples.test.mjs",
  "docs/recipes/vue.md": "tests/docs/vue.test.mjs",
};

const projects = new Map();
const projectOf = (document) => {
  if (!projects.has(document)) projects.set(document, makeProject(document, "examples"));
  return projects.get(document);
};

for (const document of DOCUMENTS) {
  const blocks = blocksOf(document);
  const programs = blocks.filter(({ language, file }) => !file && !NOT_RUN.includes(language));
  if (blocks.length === 0) continue;

  describe(document, () => {
    programs.forEach(({ language, text, line }) => {
      it(`line ${line}: ${text.trim().split("\n")[0]}`, async () => {
        assert.ok(["js", "ts"].includes(language), `a block of ${language || "no language"} that no test runs`);
        const project = await projectOf(document);
        const script = language === "ts" ? await withoutTypes(checked(text)) : checked(text);
        await project.node(project.write(`line-${line}.${isScript(text) ? "cjs" : "mjs"}`, script));
      });
    });

    for (const { file } of blocks.filter(({ file }) => file)) {
      it(`${file} is run`, () => {
        if (programs.some(({ text }) => text.includes(`"./${file}"`))) return;
        const test = RUN_BY[document];
        assert.ok(test && existsSync(at(test)), `no test runs the files of ${document}`);
        const text = readFileSync(at(test), "utf8");
        assert.ok(text.includes(document) && text.includes(file), `${test} does not run ${file} of ${document}`);
      });
    }
  });
}

async function withoutTypes(text) {
  const { code } = await transform(text, { loader: "ts", target: "es2022" });
  return code;
}

it("the examples in TypeScript have no wrong types", async () => {
  const files = [];
  for (const document of DOCUMENTS) {
    const typed = blocksOf(document).filter(({ language }) => language === "ts");
    if (typed.length === 0) continue;
    const project = await projectOf(document);
    for (const { text, line } of typed) files.push(project.write(`line-${line}.mts`, text));
  }
  assert.notEqual(files.length, 0);
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    types: [],
  });
  const faults = ts.getPreEmitDiagnostics(program);
  assert.equal(ts.formatDiagnostics(faults, ts.createCompilerHost({})), "");
});
