// The package as a stranger installs it: from the tarball, into an empty folder far from this repository.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { entries, formsOf, plain, stem } from "../../scripts/build/entries.mjs";
import { PACKAGE } from "../../scripts/lib/installed.mjs";

const manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
const script = readFileSync(join(PACKAGE, "dist", "index.js"), "utf8");
const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

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

  it("compiles WebAssembly at the first construction, not at the import, and the engine when one is needed", () => {
    const text = `
      let modules = 0;
      const { Module } = WebAssembly;
      WebAssembly.Module = class extends Module { constructor(bytes) { super(bytes); modules++; } };
      const { Cache } = await import("poche");
      const counts = [modules];
      const cache = new Cache(); counts.push(modules);
      for (let i = 0; i < 100; i++) cache.set(i, i);
      counts.push(modules);
      cache.delete(7); counts.push(modules);
      const bounded = new Cache({ maxEntries: 9, eviction: "lru" });
      for (let i = 0; i < 9; i++) bounded.set(i, i);
      counts.push(modules);
      counts.push([...cache.values()].length, modules);
      console.log(counts.join());`;
    // One that asks whether it may, what unpacks the engine, and the engine.
    assert.equal(program("five.mjs", text), "0,1,1,1,1,99,3");
  });

  it("is as large as the README says", () => {
    const [, said] = /loads is (\d+) KB gzipped/.exec(readme);
    const kilobytes = gzipSync(script, { level: 9 }).length / 1000;
    assert.ok(Math.abs(kilobytes - Number(said)) <= 0.6, `${kilobytes} KB, said to be ${said}`);
  });

  it("needs neither Buffer nor fetch nor process", () => {
    const text = `
      const { Cache } = await import("poche");
      const print = console.log;
      for (const name of ["Buffer", "fetch", "process"]) delete globalThis[name];
      print(new Cache().set("un", 1).get("un"));`;
    assert.equal(program("six.mjs", text), "1");
  });

  it("needs no TextEncoder and no TextDecoder, which jsdom does not have", () => {
    const text = `
      delete globalThis.TextEncoder; delete globalThis.TextDecoder;
      const { Cache } = await import("poche");
      const key = "é😀\\ud800".repeat(50);
      const cache = new Cache({ stats: true }).set([key], 1);
      console.log(cache.get([key]), [...cache.keys()][0][0] === key, cache.stats.hits);`;
    assert.equal(program("seven-a.mjs", text), "1 true 1");
  });

  it("has no dependencies, and imports nothing", () => {
    assert.deepEqual(manifest.dependencies ?? {}, {});
    assert.doesNotMatch(script, /(?:^|[;}])import[\s{"]|\brequire\(/);
  });

  it("has the files that it needs, and no others", () => {
    const files = readdirSync(PACKAGE, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(PACKAGE.length + 1))
      .map((path) => path.replaceAll("\\", "/"));
    const texts = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "poche.wasm"];
    const scripts = entries.flatMap((entry) =>
      formsOf(entry).map((form) => `${form.folder}/${stem(entry)}${form.script}`),
    );
    const built = [...scripts, plain.file].flatMap((file) => [file, `${file}.map`]);
    const expected = [...texts, ...built];
    assert.deepEqual(files.filter((file) => !/\.d\.c?ts$/.test(file)).sort(), expected.sort());
    // Declarations: those that an entry reaches, each for import and for require.
    const declared = files.filter((file) => /\.d\.c?ts$/.test(file));
    assert.deepEqual(
      declared.filter((file) => file.endsWith(".d.cts")).sort(),
      declared
        .filter((file) => file.endsWith(".d.ts"))
        .map((file) => file.replace(/ts$/, "cts"))
        .sort(),
    );
    for (const file of declared) {
      const text = readFileSync(join(PACKAGE, file), "utf8");
      for (const [, path] of text.matchAll(/from "(\.[^"]+)"/g)) {
        const target = join(file, "..", path).replaceAll("\\", "/");
        assert.ok(declared.includes(target.replace(/js$/, "ts").replace(/\.(c?ts)$/, ".d.$1")), `${file}: ${path}`);
      }
    }
  });

  it("names in exports files that are there, with declarations for every condition", () => {
    for (const [name, conditions] of Object.entries(manifest.exports)) {
      if (typeof conditions === "string") {
        assert.ok(existsSync(join(PACKAGE, conditions)), name);
        continue;
      }
      for (const [condition, { types, default: script }] of Object.entries(conditions)) {
        assert.ok(existsSync(join(PACKAGE, types)), `${name}, ${condition}`);
        assert.ok(existsSync(join(PACKAGE, script)), `${name}, ${condition}`);
      }
    }
    for (const field of ["main", "module", "types", "unpkg", "jsdelivr"]) {
      assert.ok(existsSync(join(PACKAGE, manifest[field])), field);
    }
  });

  it("leaves nothing in a bundle of a program that imports it without using it", async () => {
    const { build } = await import("esbuild");
    for (const entry of entries) {
      const text = `import * as some from "${entry.name.replace(".", "poche")}"; import { Cache } from "poche"; done();`;
      const { outputFiles } = await build({
        stdin: { contents: text, resolveDir: folder },
        bundle: true,
        format: "esm",
        write: false,
        logLevel: "silent",
      });
      assert.equal(outputFiles[0].text.replace(/^\/\/.*\n/gm, "").trim(), "done();");
    }
  });

  it("has the names of its classes in minified code", () => {
    const text = `
      import * as poche from "poche";
      import { KeyValueCachePoche } from "poche/apollo";
      import { KeyvPoche } from "poche/keyv";
      import { LRUCache } from "poche/lru-cache";
      const classes = [poche.Cache, poche.CacheItem, poche.KeyError, KeyValueCachePoche, KeyvPoche, LRUCache];
      console.log(classes.map(({ name }) => name).join());`;
    assert.equal(program("seven.mjs", text), "Cache,CacheItem,KeyError,KeyValueCachePoche,KeyvPoche,LRUCache");
  });

  it("lets no any into what users see of its types", () => {
    const files = readdirSync(join(PACKAGE, "dist"), { recursive: true }).filter((file) => /\.d\.c?ts$/.test(file));
    assert.ok(files.length > 20);
    for (const file of files) {
      const text = readFileSync(join(PACKAGE, "dist", file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      // Nor does it ask for libraries of types that a program has not chosen.
      assert.doesNotMatch(text, /\bany\b|<reference/, file);
    }
  });

  it("has in its adapters nothing of the main entry but its import", () => {
    for (const entry of entries.filter(({ wasm, name }) => !wasm && name !== ".")) {
      for (const form of formsOf(entry)) {
        const text = readFileSync(join(PACKAGE, form.folder, `${stem(entry)}${form.script}`), "utf8");
        assert.ok(text.includes(`"./index${form.script}"`), `${entry.name} ${form.condition}`);
        assert.doesNotMatch(text, /ERR_CACHE_FREED|WebAssembly/, `${entry.name} ${form.condition}`);
      }
    }
  });

  it("has source maps that lead to the TypeScript", () => {
    const main = ["index.js", "index.cjs", "index.workerd.js", "own-wasm.js", "poche.min.js"];
    const sources = [
      ...main.map((file) => [file, "../src/cache.ts", /class Cache/]),
      ["keyv.js", "../src/keyv.ts", /class KeyvPoche/],
      ["apollo.cjs", "../src/apollo.ts", /class KeyValueCachePoche/],
      ["lru-cache.js", "../src/lru-cache/entries.ts", /class Entries/],
      ["lru-cache.workerd.js", "../src/lru-cache/lru-cache.ts", /class LRUCache/],
    ];
    for (const [file, source, content] of sources) {
      const map = JSON.parse(readFileSync(join(PACKAGE, "dist", `${file}.map`), "utf8"));
      const index = map.sources.indexOf(source);
      assert.notEqual(index, -1, file);
      assert.match(map.sourcesContent[index], content);
      assert.match(
        readFileSync(join(PACKAGE, "dist", file), "utf8"),
        new RegExp(`# sourceMappingURL=${file}.map\\s*$`),
      );
    }
  });

  it("shows a place in the TypeScript when Node is asked to use the source maps", () => {
    const path = join(folder, "fault.mjs");
    writeFileSync(path, 'import { Cache } from "poche"; new Cache({ defaultTtl: -1 });');
    const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", path], { encoding: "utf8" });
    assert.match(stderr, /src[/\\]options\.ts:\d+/);
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
      new Cache().set(new Set(["the engine's key"]), 1);`;
    const [file, , , unpacked] = program("eight.mjs", text).split("\n");
    assert.equal(unpacked, file);
  });
});
