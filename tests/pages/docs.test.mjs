// The documentation in Chromium: it can be read and walked on a phone and on a desktop, in light and in dark.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { before, test } from "node:test";
import { buildSite, SITE } from "../../scripts/site.mjs";
import { faintTexts, sidewaysScroll, withPages } from "./browser.mjs";

const open = withPages();

let paths;
before(async () => {
  await buildSite();
  paths = readdirSync(SITE, { recursive: true })
    .map((path) => `/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.startsWith("/docs/") && path.endsWith(".html"));
});

const phone = { width: 360, height: 740 };

test("all pages fit 360 pixels, and have enough contrast in light and in dark", async (t) => {
  const page = await open(t, "/docs/", { viewport: phone });
  assert.ok(paths.length > 20);
  for (const path of paths) {
    await page.goto(new URL(path, page.url()).href);
    await page.getByText("Contents", { exact: true }).click();
    assert.ok((await sidewaysScroll(page)) <= 0, `${path} is wider than the window`);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faintTexts(page), [], `${path}, ${colorScheme}`);
    }
  }
});

test("all pages fit a desktop, have one title, and headings without gaps", async (t) => {
  const page = await open(t, "/docs/");
  for (const path of paths) {
    await page.goto(new URL(path, page.url()).href);
    assert.ok((await sidewaysScroll(page)) <= 0, path);
    const levels = await page.locator("main :is(h1, h2, h3, h4)").evaluateAll((all) => all.map((h) => +h.tagName[1]));
    assert.deepEqual([levels[0], levels.filter((level) => level === 1).length], [1, 1], path);
    levels.reduce((above, level) => {
      assert.ok(level <= above + 1, `${path}: a heading of level ${level} below one of level ${above}`);
      return level;
    });
  }
});

test("on a desktop the contents stand beside the text, with the page that is being read in sight", async (t) => {
  const page = await open(t, "/docs/api/types.html");
  const contents = await page.locator(".contents nav").boundingBox();
  const text = await page.locator("article").boundingBox();
  assert.ok(contents.x + contents.width <= text.x);
  const current = page.locator('.contents [aria-current="page"]');
  assert.equal(await current.textContent(), "Other types");
  const { y } = await current.boundingBox();
  assert.ok(y > 0 && y < 900, `it is at ${y}`);
});

test("on a phone the contents are folded up, and unfold by keyboard", async (t) => {
  const page = await open(t, "/docs/", { viewport: phone });
  const link = page.locator(".contents").getByRole("link", { name: "Keys by value", exact: true });
  assert.equal(await link.isVisible(), false);
  await page.locator(".contents summary").focus();
  await page.keyboard.press("Enter");
  await link.click();
  await page.waitForURL("**/docs/guide/keys.html");
  assert.equal(await page.locator("h1").textContent(), "Keys by value");
});

test("a window that is made wide shows the contents again", async (t) => {
  const page = await open(t, "/docs/", { viewport: phone });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator(".contents nav").waitFor({ state: "visible" });
});

test("the first stop of the keyboard leads past the navigation", async (t) => {
  const page = await open(t, "/docs/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focus shows");
});

test("code is a stop of the keyboard only where it scrolls", async (t) => {
  const page = await open(t, "/docs/api/options.html");
  const stops = page.locator("main [tabindex='0']");
  await page.waitForFunction(() => document.querySelectorAll("main [tabindex='0']").length === 0);
  await page
    .locator(".listing code")
    .first()
    .evaluate((code) => code.append("x".repeat(300)));
  await page.setViewportSize({ width: 1000, height: 800 });
  await stops.first().waitFor();
  assert.equal(await stops.count(), 1);
});

test("one can read on from the first page to the last", async (t) => {
  const page = await open(t, "/docs/");
  const seen = new Set([page.url()]);
  for (;;) {
    const next = page.locator('.neighbours a[rel="next"]');
    if ((await next.count()) === 0) break;
    await next.click();
    await page.waitForLoadState();
    assert.ok(!seen.has(page.url()), `${page.url()} comes twice`);
    seen.add(page.url());
  }
  assert.equal(seen.size, paths.length);
});

test("the demo pages and the documentation lead to each other", async (t) => {
  const page = await open(t, "/");
  const site = page.getByRole("navigation", { name: "Site" });
  for (const [name, path] of [
    ["Memoize", "/memoize/"],
    ["Bounds", "/bounded/"],
    ["Bench", "/bench/"],
    ["Docs", "/docs/"],
    ["Playground", "/"],
  ]) {
    await site.getByRole("link", { name, exact: true }).click();
    await page.waitForURL((url) => url.pathname === path);
    assert.equal(await site.locator("[aria-current]").textContent(), name);
  }
});

test("without scripts the documentation can be read all the same", async (t) => {
  const page = await open(t, "/docs/guide/bounds.html", { javaScriptEnabled: false, viewport: phone });
  assert.ok(await page.locator(".contents nav").isVisible());
  assert.equal(await page.locator("h1").textContent(), "Bounds and eviction");
});
