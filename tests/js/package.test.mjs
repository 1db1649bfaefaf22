// The package as a stranger installs it: from the tarball, into an empty folder far from this repository.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PACKAGE } from "../../scripts/lib/installed.mjs";

const manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
const script = readFileSync(join(PACKAGE, "dist", "index.js"), "utf8");

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "poche-"));
  mkdirSync(join(folder, "node_modules"));
  cpSync(PACKAGE, join(folder, "node_modules", "poche"), { recursive: true });
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a program in that folder prints. */
function program(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return execFileSync(process.execPath, [path], { encoding: "utf8" }).trim();
}

describe("the installed package", () => {
  const use = 'const cache = new Cache(); console.log(cache.set(["un"], 1).get(["un"]));';

  it("works by import, without await", () => {
    assert.equal(program("one.mjs", `import { Cache } from "poche"; ${use}`), "1");
  });

  it("works by require, without await", () => {
    assert.equal(program("two.cjs", `const { Cache } = require("poche"); ${use}`), "1");
  });

  it("gives the same names by import and by require", () => {
    const list = "console.log(Object.keys(poche).sort().join());";
    const imported = program("three.mjs", `import * as poche from "poche"; ${list}`);
    assert.equal(imported, program("four.cjs", `const poche = require("poche"); ${list}`));
    assert.match(imported, /\bCache,CacheItem\b/);
  });

  it("starts WebAssembly at the first construction, not at the import", () => {
    const text = `
      let modules = 0;
      const { Module } = WebAssembly;
      WebAssembly.Module = class extends Module { constructor(bytes) { super(bytes); modules++; } };
      const { Cache } = await import("poche");
      const counts = [modules];
      new Cache(); counts.push(modules);
      new Cache(); counts.push(modules);
      console.log(counts.join());`;
    assert.equal(program("five.mjs", text), "0,1,1");
  });

  it("needs neither Buffer nor fetch nor process", () => {
    const text = `
      const { Cache } = await import("poche");
      const print = console.log;
      for (const name of ["Buffer", "fetch", "process"]) delete globalThis[name];
      print(new Cache().set("un", 1).get("un"));`;
    assert.equal(program("six.mjs", text), "1");
  });

  it("has no dependencies, and imports nothing", () => {
    assert.deepEqual(manifest.dependencies ?? {}, {});
    assert.doesNotMatch(script, /(?:^|[;}])import[\s{"]|\brequire\(/);
  });

  it("has the files that it needs, and no others", () => {
    const files = readdirSync(PACKAGE).sort();
    const expected = [
      "CHANGELOG.md",
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "dist",
      "package.json",
      "poche.wasm",
    ];
    assert.deepEqual(files, expected);
  });

  it("has the names of its classes in minified code", () => {
    const text =
      'import * as poche from "poche"; console.log(poche.Cache.name, poche.CacheItem.name, poche.KeyError.name);';
    assert.equal(program("seven.mjs", text), "Cache CacheItem KeyError");
  });

  it("has source maps that lead to the TypeScript", () => {
    const map = JSON.parse(readFileSync(join(PACKAGE, "dist", "index.js.map"), "utf8"));
    const index = map.sources.indexOf("../src/cache.ts");
    assert.notEqual(index, -1);
    assert.match(map.sourcesContent[index], /class Cache/);
  });

  it("ships as a file the very WebAssembly that its script unpacks", () => {
    const text = `
      import { createHash } from "node:crypto";
      import { readFileSync } from "node:fs";
      const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
      const { Module } = WebAssembly;
      WebAssembly.Module = class extends Module { constructor(bytes) { super(bytes); console.log(hash(bytes)); } };
      console.log(hash(readFileSync("${join(PACKAGE, "poche.wasm").replaceAll("\\", "/")}")));
      const { Cache } = await import("poche");
      new Cache();`;
    const [file, unpacked] = program("eight.mjs", text).split("\n");
    assert.equal(unpacked, file);
  });
});
