// The examples of the READMEs and of docs run, and say what is true.
//
// A line `expression; // => value` must give that value, `expression; // throws Name` must throw an error of that
// name. All else in a block marked js just runs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { INSTALLED } from "../../scripts/lib/installed.mjs";

const FILES = ["README.md", "pkg-template/README.md", "docs/lru-cache.md"];
const BLOCK = /^```js\n([\s\S]*?)^```$/gm;
const GIVES = /^(\s*)(?:(?:const|let) \w+ = )?(.+?);?\s*\/\/ => (.+)$/;
const THROWS = /^(\s*)(.+?);?\s*\/\/ throws (\w+)$/;

const execute = promisify(execFile);
const folder = join(INSTALLED, "examples");

/** The example with its remarks turned into assertions. */
function checked(example) {
  const lines = example.split("\n").map((line) => {
    const gives = GIVES.exec(line);
    if (gives) {
      const [, indent, expression, value] = gives;
      const declared = /^\s*(?:const|let) (\w+) = /.exec(line);
      if (declared) return `${line}\n${indent}assert.deepEqual(${declared[1]}, ${value});`;
      return `${indent}assert.deepEqual(${expression}, ${value});`;
    }
    const throws = THROWS.exec(line);
    if (throws) {
      const [, indent, statement, name] = throws;
      return `${indent}await assert.rejects(async () => { ${statement}; }, { name: ${JSON.stringify(name)} });`;
    }
    return line;
  });
  return `import assert from "node:assert/strict";\n${lines.join("\n")}\n`;
}

for (const file of FILES) {
  describe(file, () => {
    const examples = Array.from(readFileSync(file, "utf8").matchAll(BLOCK), (match) => match[1]);

    it("has examples", () => assert.notEqual(examples.length, 0));

    examples.forEach((example, index) => {
      const name = `${file.replaceAll(/\W/g, "-")}-${index + 1}`;
      const required = example.includes("require(");

      it(`example ${index + 1}: ${example.trim().split("\n")[0]}`, async () => {
        mkdirSync(folder, { recursive: true });
        const path = join(folder, `${name}.${required ? "cjs" : "mjs"}`);
        const text = checked(example);
        writeFileSync(
          path,
          required ? text.replace(/^import.*\n/, 'const assert = require("node:assert/strict");\n') : text,
        );
        await execute(process.execPath, [path]);
        rmSync(path);
      });
    });
  });
}
