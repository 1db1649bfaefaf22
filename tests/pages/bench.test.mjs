// The benchmark page: that it measures what it says, fills in as it goes, stays alive and can be stopped.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import * as poche from "poche";
import { cellsFor, median, stepsOf } from "../../www/bench/measure.js";
import { implementationsWith } from "../../www/bench/peers.js";
import { workloads } from "../../www/bench/workloads.js";
import { seeded } from "../../www/shared/random.js";
import { faintTexts, sidewaysScroll, withPages } from "./browser.mjs";

const open = withPages();
const own = implementationsWith({});

const button = (page, name) => page.getByRole("button", { name, exact: true });

/** Leaves only these in the list of who is measured. */
async function choose(page, ...names) {
  for (const box of await page.locator("#who input").all()) await box.uncheck();
  for (const name of names) await page.getByLabel(name, { exact: true }).check();
}

async function finish(page) {
  await page.getByText(/^Done in/).waitFor({ timeout: 120_000 });
  assert.equal(await page.locator("#error").textContent(), "");
}

test("each workload finds on each implementation what it should", async () => {
  for (const { name, entrants, workload: id, size } of cellsFor([1000], own)) {
    const workload = workloads.find((candidate) => candidate.id === id);
    for (const { name: who, make, makeForArrays } of entrants) {
      const made = workload.arrays && makeForArrays ? makeForArrays : make;
      const found = await workload.setUp((capacity) => made(capacity, poche), size, seeded(1))(5000);
      const what = `${name}, ${who}: ${found} of 5000`;
      if (id === "miss") assert.equal(found, 0, what);
      else if (id === "mix") assert.equal(found, 4500, what);
      else if (id === "churn") assert.ok(found > 2500 && found < 5000, what);
      else assert.equal(found, 5000, what);
    }
  }
});

test("medians, and a cell for each workload and size", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  const cells = cellsFor([10, 100], own);
  assert.equal(cells.length, 2 * workloads.length);
  const churn = cells.find(({ workload }) => workload === "churn");
  assert.deepEqual(
    churn.entrants.map(({ id }) => id),
    own.filter(({ bounded }) => bounded).map(({ id }) => id),
  );
  assert.equal(stepsOf([churn], 3), churn.entrants.length * 4);
});

test("the server has those peers that are installed, and each of them can be measured", async (t) => {
  const page = await open(t, "/bench/");
  const installed = await page.evaluate(async () => Object.keys((await import("/peers/index.js")).peers));
  const packages = ["@isaacs/ttlcache", "lru-cache", "mnemonist", "quick-lru", "tiny-lru"];
  const there = packages.filter((name) => existsSync(new URL(`../../benches/node_modules/${name}`, import.meta.url)));
  assert.deepEqual(installed, there);
  const found = await page.evaluate(async () => {
    const [{ loadImplementations }, { workloads }, { seeded }, poche] = await Promise.all(
      ["./peers.js", "./workloads.js", "../shared/random.js", "poche"].map(
        (name) => import(name === "poche" ? name : new URL(name, location.href).href),
      ),
    );
    const { setUp } = workloads.find(({ id }) => id === "get-short");
    return (await loadImplementations()).map(({ name, make }) => [
      name,
      setUp((size) => make(size, poche), 500, seeded(1))(2000),
    ]);
  });
  assert.ok(found.length >= own.length);
  for (const [name, count] of found) assert.equal(count, 2000, name);
});

test("the chart is laid out at once and fills in cell by cell, while the page stays alive", async (t) => {
  const page = await open(t, "/bench/");
  await page.getByLabel("How thoroughly").selectOption("glance");
  assert.equal(await page.locator(".cell").count(), workloads.length);
  assert.equal(await page.locator(".cell.done").count(), 0);
  await button(page, "Run").click();
  await page.locator(".cell.done").first().waitFor({ timeout: 60_000 });
  // What it measures is in workers: the page draws while they work.
  const before = await page.evaluate(async () => {
    for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame);
    return document.querySelectorAll(".cell.done").length;
  });
  assert.ok(before < workloads.length, "some cells are still to come");
  await finish(page);
  assert.equal(await page.locator(".cell.done").count(), workloads.length);
  const { value, max } = await page.locator("#progress").evaluate(({ value, max }) => ({ value, max }));
  assert.equal(value, max);
  const times = await page.locator(".bars .time").allTextContents();
  const entrants = await page.locator("#who input").count();
  assert.equal(times.length, entrants * workloads.length - 1, "a bare Map takes no part where entries must leave");
  for (const time of times) assert.match(time, /^[\d.,]+ ns$/);
  assert.equal(await page.locator(".bars .best").count(), workloads.length);
  const means = await page.locator("#means dd").allTextContents();
  assert.equal(means.length, entrants - 3);
  for (const mean of means) assert.ok(Number(mean) > 0, mean);
});

test("only those are measured who are chosen", async (t) => {
  const page = await open(t, "/bench/");
  await page.getByLabel("How thoroughly").selectOption("glance");
  await choose(page);
  await button(page, "Run").click();
  assert.match(await page.locator("#error").textContent(), /at least one/);
  await choose(page, "poche", "bare Map");
  await button(page, "Run").click();
  await finish(page);
  assert.deepEqual(await page.locator(".cell").first().locator(".name").allTextContents(), ["poche", "bare Map"]);
  assert.deepEqual(await page.locator("#means dt").allTextContents(), ["× bare Map"]);
});

test("it can be stopped and run again, with the keyboard", async (t) => {
  const page = await open(t, "/bench/");
  await button(page, "Run").focus();
  await page.keyboard.press("Enter");
  await page.locator(".state", { hasText: "measuring" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Stopped.").waitFor();
  assert.ok((await page.locator(".state", { hasText: "not measured" }).count()) > 0);
  assert.equal(await page.locator("#error").textContent(), "");
  await page.getByLabel("How thoroughly").selectOption("glance");
  await choose(page, "poche");
  await button(page, "Run again").click();
  await finish(page);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the ${colorScheme} scheme has enough contrast, at 360 pixels too`, async (t) => {
    const page = await open(t, "/bench/", { colorScheme, viewport: { width: 360, height: 740 } });
    await page.getByLabel("How thoroughly").selectOption("glance");
    await choose(page, "poche", "Map as LRU", "bare Map");
    await button(page, "Run").click();
    await finish(page);
    assert.deepEqual(await faintTexts(page), []);
    assert.ok((await sidewaysScroll(page)) <= 0);
  });
}
