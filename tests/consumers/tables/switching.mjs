// Programs that change an import: from lru-cache to `poche/lru-cache`, from Apollo's own cache to `poche/apollo`.
import { writeFileSync } from "node:fs";
import { transform } from "esbuild";
import { reportIn } from "../lib/project.mjs";
import { compile, programText } from "./types.mjs";

const TYPESCRIPT = { typescript: "6.0.3" };
const LRU_CACHE = { "lru-cache": "11.5.3" };
const APOLLO = { "@apollo/utils.keyvaluecache": "4.0.0" };

const randomProgram = (first, caches, operations) => `import { run } from "./lru-cache.mjs";
// lru-cache rejects promises that nobody has, where the size of what a fetch brought is wrong.
process.on("unhandledRejection", () => {});
console.log("report:" + JSON.stringify(await run(${caches}, ${operations}, ${first})));
`;

/** Random operations on so many caches, so many on each. */
const beside = (name, first, caches, operations, fast) => ({
  name: `poche/lru-cache beside lru-cache: ${name}`,
  fast,
  packages: LRU_CACHE,
  files: { "lru-cache.mjs": programText("lru-cache.mjs"), "main.mjs": randomProgram(first, caches, operations) },
  report: async ({ run }) => {
    const report = reportIn(await run(process.execPath, ["main.mjs"]));
    return { ...report, fetches: report.fetches > caches };
  },
  expected: { operations: caches * operations, fetches: true, differences: [] },
});

export const switching = [
  beside("some thousand random operations", 1, 60, 200, true),
  beside("half a million random operations", 1000, 1700, 300, false),
  {
    name: "types of poche/lru-cache in the place of lru-cache's",
    packages: { ...LRU_CACHE, ...TYPESCRIPT },
    files: {
      "theirs.mts": programText("switch.ts"),
      "ours.mts": programText("switch.ts").replace('"lru-cache"', '"poche/lru-cache"'),
    },
    report: async (project) => {
      const options = { module: "nodenext", lib: ["es2022", "dom"] };
      // Their declarations ask for Node's.
      const theirs = await compile(project, ["theirs.mts"], { ...options, skipLibCheck: true });
      return { theirs, ours: await compile(project, ["ours.mts"], options) };
    },
    expected: { theirs: "", ours: "" },
  },
  {
    name: "poche/apollo in Apollo's types and wrappers",
    fast: true,
    packages: { ...APOLLO, ...TYPESCRIPT },
    files: { "apollo.mts": programText("apollo.ts") },
    report: async (project) => {
      const options = { module: "nodenext", lib: ["es2022", "dom"], skipLibCheck: true };
      const types = await compile(project, ["apollo.mts"], options);
      const { code } = await transform(programText("apollo.ts"), { loader: "ts" });
      writeFileSync(project.path("main.mjs"), `${code}\nconsole.log("report:" + JSON.stringify(await run()));\n`);
      return { types, ...reportIn(await project.run(process.execPath, ["main.mjs"])) };
    },
    expected: {
      types: "",
      apart: ["1", "2", null, "1"],
      deleted: [true, false, null, "2"],
      user: { name: "Ada" },
      missed: [null, 1],
    },
  },
];
