// The page of the bounded caches: two policies under the same load, run, paused and stepped through.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faintTexts, sidewaysScroll, withPages } from "./browser.mjs";

const open = withPages();

const button = (page, name) => page.getByRole("button", { name, exact: true });

async function figures(page, side) {
  const number = async (id) => Number((await page.locator(`#${side}-${id}`).textContent()).replace(/[,%]/g, ""));
  return {
    ratio: await number("ratio"),
    hits: await number("hits"),
    evicted: await number("evictions"),
    stored: await number("entries"),
  };
}

/** Runs at full speed until both sides have evicted this many entries, then pauses. */
async function runUntil(page, evictions) {
  await page.getByLabel("Speed").fill("4.5");
  if (await button(page, "Run").count()) await button(page, "Run").click();
  await page.waitForFunction(
    (count) => {
      const evicted = (side) => Number(document.getElementById(`${side}-evictions`).textContent.replaceAll(",", ""));
      return evicted("default") >= count && evicted("lru") >= count;
    },
    evictions,
    { timeout: 30_000 },
  );
  await button(page, "Pause").click();
}

/** How many different colours a canvas shows. */
function colors(page, id) {
  return page.locator(`#${id}`).evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

test("the load starts by itself, and neither cache ever exceeds its bound", async (t) => {
  const page = await open(t, "/bounded/");
  for (const capacity of ["25", "256"]) {
    await page.getByLabel("maxEntries").selectOption(capacity);
    await page.getByLabel("Speed").fill("4.5");
    await page.waitForFunction(() => document.getElementById("lru-evictions").textContent !== "0", null, {
      timeout: 30_000,
    });
    for (const side of ["default", "lru"]) assert.equal((await figures(page, side)).stored, Number(capacity));
  }
  assert.ok((await colors(page, "default-tiles")) > 3);
  assert.ok((await colors(page, "lru-tiles")) > 3);
});

test("a pause holds everything, a step is one request, told in words", async (t) => {
  const page = await open(t, "/bounded/");
  await button(page, "Pause").click();
  await button(page, "Restart").click();
  await page.waitForTimeout(300);
  assert.deepEqual(await figures(page, "lru"), { ratio: Number.NaN, hits: 0, evicted: 0, stored: 0 });
  await button(page, "Step").click();
  assert.match(await page.locator("#last").textContent(), /^Request 1, key \d+: default policy miss; LRU miss\.$/);
  assert.equal((await figures(page, "default")).stored, 1);
  await button(page, "Step").click();
  assert.match(await page.locator("#last").textContent(), /^Request 2, /);
});

test("in a loop a little larger than the cache, a full LRU never hits and each step names its victim", async (t) => {
  const page = await open(t, "/bounded/");
  await page.getByLabel("Load").selectOption("loop");
  await page.getByLabel("maxEntries").selectOption("25");
  await runUntil(page, 100);
  assert.equal((await figures(page, "lru")).hits, 0);
  await button(page, "Step").click();
  assert.match(await page.locator("#last").textContent(), /LRU miss, key \d+ had to leave\.$/);
});

test("the default policy hits more than LRU on every load of the page", async (t) => {
  const page = await open(t, "/bounded/");
  const loads = await page.getByLabel("Load").locator("option").allTextContents();
  assert.deepEqual(loads, ["Zipf", "Loop", "Scans", "Shifting"]);
  for (const load of loads) {
    await page.getByLabel("Load").selectOption(load);
    await runUntil(page, 1000);
    const [ours, theirs] = [await figures(page, "default"), await figures(page, "lru")];
    assert.ok(ours.ratio > theirs.ratio, `${load}: ${ours.ratio}% and ${theirs.ratio}%`);
  }
});

test("both sides count the same requests, and the chart has a line for each", async (t) => {
  const page = await open(t, "/bounded/");
  await runUntil(page, 500);
  const [ours, theirs] = [await figures(page, "default"), await figures(page, "lru")];
  const requests = ({ hits, evicted, stored }) => hits + evicted + stored;
  assert.equal(requests(ours), requests(theirs));
  for (const { ratio, hits } of [ours, theirs]) assert.equal(ratio, Number(((100 * hits) / requests(ours)).toFixed(1)));
  for (const line of ["default", "lru"]) {
    const points = await page.locator(`#${line}-line`).getAttribute("points");
    assert.ok(points.split(" ").length > 5, points);
    assert.match(await page.locator(`#${line}-recent`).textContent(), /^\d+\.\d%$/);
  }
});

test("the keyboard runs, pauses, steps and changes the load", async (t) => {
  const page = await open(t, "/bounded/");
  await page.getByLabel("Load").focus();
  await page.keyboard.press("ArrowDown");
  assert.match(await page.locator("#about").textContent(), /LRU removes each/);
  await page.getByLabel("Speed").focus();
  const before = await page.locator("#speed-shown").textContent();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await page.locator("#speed-shown").textContent(), before);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.equal(await button(page, "Run").count(), 1);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#last").textContent(), /^Request /);
});

test("for who wants little movement, it waits to be started", async (t) => {
  const page = await open(t, "/bounded/", { reducedMotion: "reduce" });
  await page.waitForTimeout(300);
  assert.equal((await figures(page, "lru")).stored, 0);
  await button(page, "Run").click();
  await page.waitForFunction(() => document.getElementById("lru-entries").textContent !== "0");
});

for (const colorScheme of ["light", "dark"]) {
  test(`the ${colorScheme} scheme has enough contrast, at 360 pixels too`, async (t) => {
    const page = await open(t, "/bounded/", { colorScheme, viewport: { width: 360, height: 740 } });
    await runUntil(page, 200);
    await button(page, "Step").click();
    assert.deepEqual(await faintTexts(page), []);
    assert.ok((await sidewaysScroll(page)) <= 0);
  });
}
