// The blocks of code in the documentation: where they are, and what they claim.
//
// A block is marked by its language; a second word is the name of a file that other blocks of the document import.
import { readdirSync, readFileSync } from "node:fs";
import { at } from "../../../scripts/lib/process.mjs";

/** All documents with examples, from the root of the repository. */
export const DOCUMENTS = [
  "README.md",
  "pkg-template/README.md",
  ...readdirSync(at("docs"), { recursive: true })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md"))
    .sort(),
];

const BLOCK = /^```(\S*)(?: (\S+))?\n([\s\S]*?)^```$/gm;
const GIVES = /^(\s*)(?:(?:const|let) \w+ = )?(.+?);?\s*\/\/ => (.+)$/;
const THROWS = /^(\s*)(.+?);?\s*\/\/ throws (\w+)$/;

/** The blocks of a document: `{ language, file, text, line }`. */
export function blocksOf(document) {
  const markdown = readFileSync(at(document), "utf8");
  return Array.from(markdown.matchAll(BLOCK), ({ 1: language, 2: file, 3: text, index }) => ({
    language,
    file,
    text,
    line: markdown.slice(0, index).split("\n").length,
  }));
}

/** An example as a program of its own: its remarks are assertions, and `assert` is imported for them. */
export function checked(example) {
  const text = asserted(example);
  if (text === example) return example;
  return isScript(example)
    ? `const assert = require("node:assert/strict");\n${text}`
    : `import assert from "node:assert/strict";\n${text.replace(/^import assert from .*\n/m, "")}`;
}

/** Whether an example is a CommonJS script. */
export const isScript = (example) => example.includes("require(") && !/^import /m.test(example);

/**
 * The remarks of an example turned into assertions: `expression; // => value` must give that value, and
 * `statement; // throws Name` an error of that name.
 */
export function asserted(example) {
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
  return lines.join("\n");
}
