// Examples of the documentation that need a browser: docs/guide/installing.md and docs/recipes/service-worker.md.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { PACKAGE } from "../../scripts/lib/installed.mjs";
import { blocksOf } from "../docs/lib/blocks.mjs";
import { makeProject } from "../docs/lib/project.mjs";
import { withPages } from "./browser.mjs";

const open = withPages();
const INSTALLING = "docs/guide/installing.md";
const WORKER = "docs/recipes/service-worker.md";

for (const file of ["page.html", "plain.html"]) {
  test(`${INSTALLING}: ${file} shows the answer`, async (t) => {
    const { text } = blocksOf(INSTALLING).find((block) => block.file === file);
    const page = await open(t, "/docs/");
    await page.route(`**/${file}`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: text.replace("<title>", '<link rel="icon" href="data:,"><title>'),
      }),
    );
    await page.goto(new URL(`/${file}`, page.url()).href);
    await page.waitForFunction(() => document.querySelector("#answer").value !== "");
    assert.equal(await page.locator("p").textContent(), "The answer is 42.");
  });
}

test(`${INSTALLING}: the files that the pages name are in the package`, () => {
  const html = blocksOf(INSTALLING).filter(({ language }) => language === "html");
  const named = html.flatMap(({ text }) => Array.from(text.matchAll(/"\/poche\/([^"]+)"/g), ([, path]) => path));
  assert.deepEqual(named, ["dist/index.js", "dist/poche.min.js"]);
  for (const path of named) assert.ok(existsSync(`${PACKAGE}/${path}`), path);
});

// The page's script awaits at its top, as modules may.
const OUTPUT = { "page.js": "esm", "worker.js": "iife" };

// The site of a Service Worker: its page, the worker as a bundler makes it, and an API that counts.
let server;
let requests = 0;
before(async () => {
  const project = await makeProject(WORKER, "worker");
  const bundle = async (file) => {
    const made = await build({ entryPoints: [project.path(file)], bundle: true, format: OUTPUT[file], write: false });
    return made.outputFiles[0].text;
  };
  const answers = {
    "/": ["text/html", '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
    "/page.js": ["text/javascript", await bundle("page.js")],
    "/worker.js": ["text/javascript", await bundle("worker.js")],
  };
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.startsWith("/api/")) {
      requests += 1;
      const missing = pathname === "/api/missing";
      response.writeHead(missing ? 404 : 200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
      return response.end(JSON.stringify({ number: requests }));
    }
    const [type, body] = answers[pathname] ?? [];
    response.writeHead(body ? 200 : 404, { "Content-Type": type ?? "text/plain" });
    response.end(body ?? "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
  server.close();
  server.closeAllConnections();
});

test(`${WORKER}: worker.js answers from memory, and after a restart from its snapshot`, async (t) => {
  // A browser of its own: `open` is for pages of the site, and the worker has another origin.
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const said = page.waitForEvent("console");
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  // clients.claim() hands the page to the worker.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  assert.match((await said).text(), /^the worker answers below http/);

  const ask = (path) => page.evaluate(async (path) => (await fetch(path)).json(), path);
  const both = await Promise.all([ask("/api/one?b=1"), ask("/api/one?b=1")]);
  assert.deepEqual(both, [{ number: 1 }, { number: 1 }]);
  assert.deepEqual(await ask("/api/two"), { number: 2 });
  assert.deepEqual(await ask("/api/one?b=1"), { number: 1 });
  assert.equal(requests, 2);
  await assert.rejects(ask("/api/missing"), /Failed to fetch/);

  // The browser may end an idle worker at any time; this does it now.
  // It saves a snapshot after each new answer, so there may be one without the second.
  await page.waitForFunction(async () => (await (await caches.match("/poche-snapshot"))?.text())?.includes("/api/two"));
  const session = await page.context().newCDPSession(page);
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.stopAllWorkers");
  const before = requests;
  assert.deepEqual(await ask("/api/two"), { number: 2 });
  assert.equal(requests, before, "answered from the snapshot");
});
