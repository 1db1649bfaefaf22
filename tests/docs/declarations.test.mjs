// The examples in the declarations, which the API reference shows: each runs, and gives what its remark says.
//
// They are shorter than those of the documentation: `cache` is there, with "un" and "deux" in it, and so is all that the
// entries of the package export, since the page that they stand on says what to import. A remark that is a value, such as `// 1` or `// [true, false]`, must be true.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { transform } from "esbuild";
import { entries } from "../../scripts/build/entries.mjs";
import { PACKAGE } from "../../scripts/lib/installed.mjs";
import { asserted } from "./lib/blocks.mjs";
import { makeEmptyProject } from "./lib/project.mjs";

const EXAMPLE = /^ *\* ```(\w+)\n([\s\S]*?)^ *\* ```$/gm;
const REMARK = /\/\/ (true|false|-?\d[\w.]*|"[^"]*"|'[^']*'|\[[^\]]*\])(, from the cache)?$/gm;

const PRELUDE = `import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Keyv } from "keyv";
${entries.map(({ name }, index) => `import * as entry${index} from "poche${name.slice(1)}";`).join("\n")}

// The main entry last: what poche/wasm exports again has no WebAssembly yet.
Object.assign(globalThis, ${entries
  .map((_, index) => `entry${index}`)
  .reverse()
  .join(", ")});
const wasm = readFileSync(createRequire(import.meta.url).resolve("poche/poche.wasm"));
globalThis.fetch = async (path) =>
  path.endsWith(".wasm")
    ? new Response(wasm, { headers: { "Content-Type": "application/wasm" } })
    : Response.json({ path });
writeFileSync("cache.poche", new Cache().set("un", 1).snapshot());
`;

const declarations = join(PACKAGE, "dist");
const files = readdirSync(declarations, { recursive: true })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".d.ts"))
  .sort();

let project;
before(async () => {
  project = await makeEmptyProject("declarations");
});

for (const file of files) {
  const examples = Array.from(
    readFileSync(join(declarations, file), "utf8").matchAll(EXAMPLE),
    ([, language, text]) => ({
      language,
      text: text.replaceAll(/^ *\* ?/gm, ""),
    }),
  );
  if (examples.length === 0) continue;

  describe(file, () => {
    examples.forEach(({ language, text }, index) => {
      it(text.trim().split("\n")[0], async () => {
        const { code } = await transform(text, { loader: language, target: "es2022" });
        // esbuild takes remarks away, so only what it has to change comes from it.
        const example = language === "ts" ? code : asserted(text.replaceAll(REMARK, "// => $1"));
        const program = `${PRELUDE}{
          const cache = new Cache().set("un", 1).set("deux", 2);
          {
            ${example}
          }
        }`;
        await project.node(project.write(`${file.replaceAll("/", "-")}-${index}.mjs`, program));
      });
    });
  });
}

it("there are examples", () => {
  assert.ok(files.length > 5);
});
