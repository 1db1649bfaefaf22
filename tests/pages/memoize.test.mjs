// The page of memoize: where each call was answered from, as log, timeline and figures say it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faintTexts, sidewaysScroll, withPages } from "./browser.mjs";

const open = withPages();

const button = (page, name) => page.getByRole("button", { name, exact: true });
const figure = async (page, id) => Number(await page.locator(`#${id}`).textContent());

/** The kinds in the log, oldest first, once it has this many lines. */
async function kinds(page, count) {
  await page.waitForFunction((wanted) => document.querySelectorAll("#log li").length >= wanted, count);
  return (await page.locator("#log .badge").allTextContents()).reverse();
}

/** Memoizes anew with these options, with an empty log and the figures as they are. */
async function remake(page, { ttl, stale, takes }) {
  // The page begins with six calls of its own.
  await kinds(page, 6);
  await page.getByLabel("ttl").fill(ttl);
  await page.getByLabel("staleWhileRevalidate").fill(stale);
  await page.getByLabel("A run takes").fill(takes);
  await button(page, "Memoize anew").click();
  assert.equal(await page.locator("#options-error").textContent(), "");
  await page.locator("#log").evaluate((log) => log.replaceChildren());
}

test("five equal calls at once share one run", async (t) => {
  const page = await open(t, "/memoize/");
  const first = await kinds(page, 6);
  assert.deepEqual(first.sort(), ["computed", "computed", "shared", "shared", "shared", "shared"]);
  assert.equal(await figure(page, "calls"), 6);
  assert.equal(await figure(page, "runs"), 2);
  assert.equal(await page.locator("#lanes .lane").count(), 2);
  assert.deepEqual(await page.locator("#lanes .lane").first().locator(".mark b").allTextContents(), ["", "×4"]);
});

test("a later equal call comes from the cache, another argument runs", async (t) => {
  const page = await open(t, "/memoize/");
  await remake(page, { ttl: "", stale: "", takes: "0.1" });
  const runs = await figure(page, "runs");
  await button(page, "Call").click();
  await kinds(page, 1);
  await page.getByLabel("Arguments").fill('"Lyon",{"units":"C"}');
  await button(page, "Call").click();
  await kinds(page, 2);
  await page.getByLabel("Arguments").fill('"Lyon", { "units": "F" }');
  await page.keyboard.press("Enter");
  assert.deepEqual(await kinds(page, 3), ["computed", "hit", "computed"]);
  assert.equal(await figure(page, "runs"), runs + 2);
  assert.equal(await page.locator("#lanes .call.hit").count(), 1);
});

test("after its time a call runs again; while stale the old value is served and one refresh runs", async (t) => {
  const page = await open(t, "/memoize/");
  await remake(page, { ttl: "300ms", stale: "20", takes: "0.2" });
  await button(page, "Call").click();
  await kinds(page, 1);
  await page.waitForTimeout(500);
  const runs = await figure(page, "runs");
  await button(page, "Call ×5").click();
  assert.deepEqual(await kinds(page, 6), ["computed", "stale", "stale", "stale", "stale", "stale"]);
  assert.equal(await figure(page, "runs"), runs + 1);

  await remake(page, { ttl: "300ms", stale: "", takes: "0.1" });
  await button(page, "Call").click();
  await kinds(page, 1);
  await page.waitForTimeout(500);
  await button(page, "Call").click();
  assert.deepEqual(await kinds(page, 2), ["computed", "computed"]);
});

test("a failure reaches every waiter and is not kept; a failed refresh keeps the old value", async (t) => {
  const page = await open(t, "/memoize/");
  await remake(page, { ttl: "400ms", stale: "20", takes: "0.2" });
  await page.getByLabel("The next run fails").check();
  await button(page, "Call ×5").click();
  assert.deepEqual(await kinds(page, 5), Array(5).fill("failed"));
  await button(page, "Call").click();
  assert.equal((await kinds(page, 6)).at(-1), "computed");
  await page.waitForTimeout(600);
  await page.getByLabel("The next run fails").check();
  await button(page, "Call").click();
  assert.deepEqual((await kinds(page, 8)).slice(6), ["stale", "failed"]);
  assert.match(await page.locator("#log li").first().textContent(), /onError.*The old value stays/);
  await button(page, "Call").click();
  assert.equal((await kinds(page, 9)).at(-1), "stale");
});

test("delete and clear make the next call run", async (t) => {
  const page = await open(t, "/memoize/");
  await remake(page, { ttl: "", stale: "", takes: "0.1" });
  await button(page, "Call").click();
  await kinds(page, 1);
  await button(page, "Delete").click();
  await button(page, "Call").click();
  await kinds(page, 3);
  await button(page, "Clear").click();
  await button(page, "Call").click();
  assert.deepEqual(await kinds(page, 5), ["computed", "delete", "computed", "clear", "computed"]);
});

test("bad arguments and bad options are told in place", async (t) => {
  const page = await open(t, "/memoize/");
  await page.getByLabel("Arguments").fill("Lyon");
  await button(page, "Call").click();
  assert.match(await page.locator("#arguments-error").textContent(), /Not JSON/);
  assert.ok(await page.getByLabel("Arguments").evaluate((field) => field === document.activeElement));
  await page.getByLabel("ttl").fill("-1");
  await button(page, "Memoize anew").click();
  assert.match(await page.locator("#options-error").textContent(), /got -1/);
  await page.getByLabel("ttl").fill("1");
  await page.getByLabel("A run takes").fill("an hour");
  await button(page, "Memoize anew").click();
  assert.match(await page.locator("#options-error").textContent(), /0 to 30 seconds/);
});

test("a synchronous function is computed once", async (t) => {
  const page = await open(t, "/memoize/");
  await page.getByLabel("Count the primes below").fill("100000");
  await button(page, "Count").click();
  await button(page, "Count").click();
  assert.deepEqual(await page.locator("#timings li span:first-child").allTextContents(), [
    "9,592 primes below 100,000, from the cache",
    "9,592 primes below 100,000, computed",
  ]);
  await page.getByLabel("Count the primes below").fill("-5");
  await button(page, "Count").click();
  assert.match(await page.locator("#limit-error").textContent(), /RangeError/);
});

test("random calls go on until they are switched off", async (t) => {
  const page = await open(t, "/memoize/");
  await kinds(page, 6);
  await page.getByLabel("Keep calling").check();
  await kinds(page, 8);
  await page.getByLabel("Keep calling").uncheck();
  const calls = await figure(page, "calls");
  await page.waitForTimeout(900);
  assert.equal(await figure(page, "calls"), calls);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the ${colorScheme} scheme has enough contrast, at 360 pixels too`, async (t) => {
    const page = await open(t, "/memoize/", { colorScheme, viewport: { width: 360, height: 740 } });
    for (const example of await page.locator("#presets button").all()) await example.click();
    await page.getByLabel("The next run fails").check();
    await button(page, "Clear").click();
    await button(page, "Call").click();
    await page.locator("#log .badge.failed").first().waitFor();
    await button(page, "Count").click();
    assert.deepEqual(await faintTexts(page), []);
    assert.ok((await sidewaysScroll(page)) <= 0);
  });
}

test("with reduced motion the timeline moves in steps", async (t) => {
  const page = await open(t, "/memoize/", { reducedMotion: "reduce", still: true });
  await page.clock.runFor(3000);
  const place = () =>
    page
      .locator("#lanes .mark")
      .first()
      .evaluate((mark) => mark.getBoundingClientRect().left);
  const before = await place();
  await page.clock.runFor(1200);
  assert.ok((await place()) < before);
});
