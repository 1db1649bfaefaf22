// The playground page, used as a person uses it: with the mouse, with the keyboard, in both schemes, on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faintTexts, sidewaysScroll, withPages } from "./browser.mjs";

const open = withPages();

const entry = (page, key) => page.locator("#entries .entry").filter({ has: page.locator(".key", { hasText: key }) });
const keys = (page) => page.locator("#entries .key").allTextContents();
const button = (page, name) => page.getByRole("button", { name, exact: true });
const figure = async (page, id) => Number(await page.locator(`#${id}`).textContent());
const figures = async (page) => [
  await figure(page, "hits"),
  await figure(page, "misses"),
  await figure(page, "expired"),
];
const width = (page, key) =>
  entry(page, key)
    .locator(".bar i")
    .evaluate((bar) => bar.getBoundingClientRect().width / bar.parentElement.getBoundingClientRect().width);

async function fill(page, fields) {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
}

async function empty(page) {
  await button(page, "Flush").click();
  assert.deepEqual(await keys(page), []);
  assert.ok(await page.locator("#empty").isVisible());
}

test("the page says what poche is, and starts with entries whose time runs", async (t) => {
  const page = await open(t, "/");
  assert.match(await page.locator("h1").textContent(), /cache for JavaScript .* keys by value/);
  assert.deepEqual(await keys(page), ['"theme"', '{ city: "Lyon", units: "C" }', '["user", 42]']);
  assert.equal(await entry(page, '"theme"').locator(".left").textContent(), "never expires");
});

test("set stores an entry and its bar runs down until it expires", async (t) => {
  const page = await open(t, "/", { still: true });
  await empty(page);
  await fill(page, { Key: '"un"', Value: "premier", "Time to live": "1.5" });
  await button(page, "Set").click();
  assert.equal(await entry(page, '"un"').locator(".value").textContent(), '"premier"');
  const first = await width(page, '"un"');
  await page.clock.runFor(400);
  const second = await width(page, '"un"');
  assert.ok(second < first && second > 0, `the bar went from ${first} to ${second}`);
  await page.clock.runFor(1200);
  assert.equal(await entry(page, '"un"').locator(".left").textContent(), "expired");
  assert.match(await page.locator("#log li").first().textContent(), /^expired"un"/);
  assert.deepEqual(await figures(page), [0, 0, 1]);
  assert.equal(await figure(page, "stored"), 1);
});

test("get removes what has expired and counts a miss", async (t) => {
  const page = await open(t, "/", { still: true });
  await empty(page);
  await fill(page, { Key: '"un"', Value: "1", "Time to live": "50ms" });
  await button(page, "Set").click();
  await page.clock.runFor(100);
  await button(page, "Get").click();
  assert.deepEqual(await keys(page), []);
  assert.match(await page.locator("#result").textContent(), /undefined: it had expired/);
  assert.deepEqual(await figures(page), [0, 1, 1]);
});

test("a get that hits lights the entry up and counts", async (t) => {
  const page = await open(t, "/", { still: true });
  await button(page, "Get").click();
  assert.equal(await page.locator("#result").textContent(), 'get(["user", 42]) → { name: "Ada" }');
  assert.ok(await entry(page, '["user", 42]').evaluate((row) => row.classList.contains("hit")));
  assert.deepEqual(await figures(page), [1, 0, 0]);
});

test("keys are equal by value, and the entry that equals the typed key is outlined", async (t) => {
  const page = await open(t, "/");
  await page.getByLabel("Key", { exact: true }).fill('{"units":"C",   "city":"Lyon"}');
  assert.match(await page.locator("#key-hint").textContent(), /object .* equals the outlined entry/);
  assert.equal(await page.locator(".entry.same .key").textContent(), '{ city: "Lyon", units: "C" }');
  await button(page, "Get").click();
  assert.match(await page.locator("#result").textContent(), /→ 21.5$/);
  await page.getByLabel("Key", { exact: true }).fill('["user", "42"]');
  assert.match(await page.locator("#key-hint").textContent(), /no entry equals it/);
  assert.equal(await page.locator(".entry.same").count(), 0);
});

test("a key may be typed as text", async (t) => {
  const page = await open(t, "/");
  await empty(page);
  await page.getByLabel("Text", { exact: true }).check();
  await fill(page, { Key: "[1, 2", Value: "text", "Time to live": "" });
  await button(page, "Set").click();
  assert.deepEqual(await keys(page), ['"[1, 2"']);
});

test("bump, persist and delete, from the form and from an entry's own buttons", async (t) => {
  const page = await open(t, "/", { still: true });
  const left = async () => Number.parseFloat(await entry(page, '["user", 42]').locator(".left").textContent());
  await button(page, "Bump").click();
  assert.ok((await left()) > 25, "10 seconds more than the 20 that it had");
  await page.getByLabel("Seconds to bump by").fill("-12");
  await button(page, 'Bump ["user", 42]').click();
  assert.ok((await left()) < 19);
  await button(page, "Persist").click();
  assert.equal(await entry(page, '["user", 42]').locator(".left").textContent(), "never expires");
  await button(page, 'Delete ["user", 42]').click();
  assert.equal((await keys(page)).length, 2);
  await button(page, "Delete").click();
  assert.match(await page.locator("#result").textContent(), /false: nothing is stored/);
});

test("purge removes only what has expired", async (t) => {
  const page = await open(t, "/", { still: true });
  await fill(page, { Key: "7", Value: "x", "Time to live": "30ms" });
  await button(page, "Set").click();
  await page.clock.runFor(100);
  await button(page, "Purge expired").click();
  assert.equal((await keys(page)).length, 3);
  assert.match(await page.locator("#result").textContent(), /^purge\(\) → 1/);
});

test("errors of the API stand at the field that they are about, and change nothing", async (t) => {
  const page = await open(t, "/");
  const before = await page.locator("#entries .what").allTextContents();
  await fill(page, { Value: "refused", "Time to live": "-1" });
  await button(page, "Set").click();
  assert.match(await page.locator("#ttl-error").textContent(), /Error: ttl must be .* got -1/);
  assert.equal(await page.getByLabel("Time to live").getAttribute("aria-invalid"), "true");
  await page.getByLabel("Seconds to bump by").fill("soon");
  await button(page, "Bump").click();
  assert.match(await page.locator("#seconds-error").textContent(), /seconds must be a finite number/);
  assert.equal(await page.locator("#ttl-error").textContent(), "");
  await page.getByLabel("Key", { exact: true }).fill("user");
  await button(page, "Get").click();
  assert.match(await page.locator("#key-error").textContent(), /not JSON/);
  assert.ok(await page.getByLabel("Key", { exact: true }).evaluate((field) => field === document.activeElement));
  assert.deepEqual(await page.locator("#entries .what").allTextContents(), before);
});

test("a strict cache throws a KeyError, shown in place; purgeEvery removes by itself", async (t) => {
  const page = await open(t, "/", { still: true });
  await page.getByText("Options of the cache").click();
  await page.getByLabel("purgeEvery").fill("nonsense");
  await button(page, "New cache with these").click();
  assert.match(await page.locator("#options-error").textContent(), /purgeEvery must be/);
  assert.equal((await keys(page)).length, 3, "the old cache is still there");
  await page.getByLabel("purgeEvery").fill("100ms");
  await page.getByLabel("defaultTtl").fill("1s");
  await page.getByLabel("strict").check();
  await button(page, "New cache with these").click();
  assert.deepEqual(await keys(page), []);
  await button(page, "Get").click();
  assert.match(await page.locator("#result").textContent(), /KeyError: nothing is stored/);
  assert.deepEqual(await figures(page), [0, 1, 0]);
  await page.getByLabel("Time to live").fill("");
  await button(page, "Set").click();
  assert.equal((await keys(page)).length, 1);
  await page.clock.runFor(1200);
  assert.ok(await page.locator("#empty").isVisible());
  assert.deepEqual(await figures(page), [0, 1, 1]);
});

test("every example runs, and only the one that must fail does", async (t) => {
  const page = await open(t, "/", { still: true });
  const examples = await page.locator("#presets button").all();
  for (const example of examples) await example.click();
  assert.equal(await page.locator("#log .badge.error").count(), 1);
  assert.deepEqual(await figures(page).then(([hits, misses]) => [hits, misses]), [2, 1]);
  assert.equal((await keys(page)).length, 13);
});

test("the whole page can be used with the keyboard alone", async (t) => {
  const page = await open(t, "/", { still: true });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // "Skip to the content"
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.getByLabel("Key", { exact: true }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type('"typed"');
  await page.keyboard.press("Tab");
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  assert.deepEqual((await keys(page)).at(-1), '"typed"');
  await page.keyboard.press("Tab"); // time to live
  await page.keyboard.press("Tab"); // Set
  await page.keyboard.press("Tab"); // Get
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focus shows");
  await page.keyboard.press("Space");
  assert.deepEqual(await figures(page), [1, 0, 0]);
  await button(page, 'Delete "theme"').focus();
  await page.keyboard.press("Enter");
  const focused = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.equal(focused, 'Delete { city: "Lyon", units: "C" }', "focus goes on to the next entry");
});

test("outcomes are announced", async (t) => {
  const page = await open(t, "/");
  const log = page.getByRole("log");
  assert.equal(await log.getAttribute("aria-live"), "polite");
  await button(page, "Get").click();
  assert.match(await log.textContent(), /hit.*Ada/);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the ${colorScheme} scheme has enough contrast, with every kind of row on the page`, async (t) => {
    const page = await open(t, "/", { still: true, colorScheme, reducedMotion: "reduce" });
    for (const example of await page.locator("#presets button").all()) await example.click();
    await page.clock.runFor(2000);
    assert.ok((await page.locator("#entries .entry.expired").count()) > 0);
    await page.getByText("Options of the cache").click();
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [red] = background.match(/\d+/g).map(Number);
    assert.ok(colorScheme === "dark" ? red < 60 : red > 200, background);
    assert.deepEqual(await faintTexts(page), []);
  });
}

test("360 pixels are wide enough, whatever is typed", async (t) => {
  const page = await open(t, "/", { viewport: { width: 360, height: 740 } });
  assert.ok((await sidewaysScroll(page)) <= 0);
  await fill(page, { Key: `"${"long".repeat(60)}"`, Value: "x".repeat(200), "Time to live": "1h" });
  await button(page, "Set").click();
  await page.getByLabel("Time to live").fill("y".repeat(200));
  await button(page, "Set").click();
  await page.getByText("Options of the cache").click();
  assert.ok((await sidewaysScroll(page)) <= 0);
});

test("with reduced motion the time still runs, in steps", async (t) => {
  const page = await open(t, "/", { still: true, reducedMotion: "reduce" });
  const before = await width(page, '["user", 42]');
  await page.clock.runFor(700);
  assert.ok((await width(page, '["user", 42]')) < before);
  const name = await entry(page, '["user", 42]').evaluate((row) => getComputedStyle(row).animationName);
  assert.equal(name, "none");
});
