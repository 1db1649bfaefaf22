// The site: every link of every page leads to a page, and every fragment to an element of it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { before, describe, it } from "node:test";
import { PACKAGE } from "../../scripts/lib/installed.mjs";
import { at } from "../../scripts/lib/process.mjs";
import { buildSite, SITE } from "../../scripts/site.mjs";

const ATTRIBUTE = /<(\w+)[^>]*?\s(?:href|src)="([^"]*)"/g;

let pages;
before(async () => {
  await buildSite();
  const paths = readdirSync(SITE, { recursive: true }).filter((path) => path.endsWith(".html"));
  pages = new Map(paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(SITE, path), "utf8")]));
});

/** The file that the server has at an address, or `undefined`; as scripts/serve.mjs looks for it. */
function fileAt(path) {
  if (path.startsWith("poche/")) return [join(PACKAGE, path.slice("poche/".length))].find(existsSync);
  const candidates = [join(SITE, path), at("www", path)];
  return candidates
    .map((file) => (existsSync(file) && statSync(file).isDirectory() ? join(file, "index.html") : file))
    .find(existsSync);
}

const idsOf = (html) => new Set(Array.from(html.matchAll(/\sid="([^"]*)"/g), ([, id]) => id));

describe("the site", () => {
  it("has the guide, the recipes, the API reference and the demo pages", () => {
    for (const path of ["index.html", "bench/index.html", "docs/index.html", "docs/guide/keys.html"]) {
      assert.ok(pages.has(path), path);
    }
    for (const path of ["docs/recipes/react.html", "docs/api/cache.html", "docs/api/keyv.html"]) {
      assert.ok(pages.has(path), path);
    }
  });

  it("has no link that leads nowhere", () => {
    const broken = [];
    let checked = 0;
    for (const [page, html] of pages) {
      for (const [, , href] of html.matchAll(ATTRIBUTE)) {
        if (/^https?:/.test(href)) continue;
        checked += 1;
        const [path, fragment] = href.replaceAll("&amp;", "&").split("#");
        const target = path === "" ? page : posix.join(posix.dirname(page), path);
        const file = target.startsWith("../") ? undefined : fileAt(target);
        if (file === undefined) broken.push(`${page}: ${href}`);
        else if (fragment && !idsOf(readFileSync(file, "utf8")).has(decodeURIComponent(fragment))) {
          broken.push(`${page}: ${href}, where nothing has that id`);
        }
      }
    }
    assert.ok(checked > 1000, `${checked} links`);
    assert.deepEqual(broken, []);
  });

  it("uses no id twice on a page", () => {
    for (const [page, html] of pages) {
      const ids = Array.from(html.matchAll(/\sid="([^"]*)"/g), ([, id]) => id);
      assert.deepEqual([...new Set(ids)], ids, page);
    }
  });

  it("marks the page that one is on, once in each navigation", () => {
    for (const [page, html] of pages) {
      const marks = Array.from(html.matchAll(/<a href="([^"]*)" aria-current="(\w+)"/g), ([, href, kind]) => [
        href,
        kind,
      ]);
      const documentation = page.startsWith("docs/");
      assert.equal(marks.length, documentation ? 2 : 1, page);
      const [href] = marks.find(([, kind]) => kind === "page");
      const target = posix.join(posix.dirname(page), href || ".");
      assert.equal(fileAt(target), join(SITE, page), `${page} marks ${href}`);
    }
  });

  it("has an entry in the API reference for each export of the package", async () => {
    const { entries, stem } = await import("../../scripts/build/entries.mjs");
    const overview = pages.get("docs/api/index.html");
    for (const entry of entries) {
      const names = Object.keys(await import(join(PACKAGE, "dist", `${stem(entry)}.js`)));
      // What is internal is not declared.
      const declared = readFileSync(join(PACKAGE, "dist", `${stem(entry)}.d.ts`), "utf8");
      for (const name of names.filter((name) => name !== "default" && declared.includes(name))) {
        assert.ok(overview.includes(`<code>${name}</code>`), `${name} of ${entry.name}`);
      }
    }
  });

  it("lists the members of Cache, each with an anchor of its name", async () => {
    const { Cache } = await import("poche");
    const ids = idsOf(pages.get("docs/api/cache.html"));
    for (const name of Object.getOwnPropertyNames(Cache.prototype)) assert.ok(ids.has(name), name);
  });
});
