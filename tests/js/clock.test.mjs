// The clock rule: how often lookups read Date.now, and for how long a reading serves.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

/** How many times the clock is read while `action` runs `times` times. */
function reads(clock, times, action) {
  const before = clock.reads;
  for (let i = 0; i < times; i++) action();
  return clock.reads - before;
}

describe("clock", () => {
  // All caches share the count, and timers of the test before may be pending.
  beforeEach(() => sleep(5));

  it("what meets no expiry does not read it", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ maxEntries: 10 });
    const count = reads(clock, 100, () => {
      cache.set("un", 1);
      cache.get("un");
      cache.get("gone");
      cache.has("un");
      cache.gos("un", 2);
      cache.getset("un", 3);
      cache.purge();
      cache.rename("un", "deux");
    });
    assert.equal(count, 0);
  });

  it("lookups read it every time until 64 in a row have read the same millisecond", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    assert.equal(
      reads(clock, 63, () => cache.get("un")),
      63,
    );
    clock.now += 1;
    assert.equal(
      reads(clock, 64, () => cache.get("un")),
      64,
    );
  });

  it("from then on one reading serves up to 15 further lookups", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    assert.equal(
      reads(clock, 64, () => cache.get("un")),
      64,
    );
    assert.equal(
      reads(clock, 15, () => cache.get("un")),
      0,
    );
    assert.equal(
      reads(clock, 1, () => cache.get("un")),
      1,
    );
    assert.equal(
      reads(clock, 15, () => cache.get("un")),
      0,
    );
    assert.equal(
      reads(clock, 1600, () => cache.get("un")),
      100,
    );
  });

  it("a new millisecond begins the count anew", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    reads(clock, 64, () => cache.get("un"));
    clock.now += 1;
    assert.equal(
      reads(clock, 15, () => cache.get("un")),
      0,
    );
    assert.equal(
      reads(clock, 64, () => cache.get("un")),
      64,
    );
    assert.equal(
      reads(clock, 15, () => cache.get("un")),
      0,
    );
  });

  it("all lookups and all caches share the count", (t) => {
    const clock = fakeClock(t);
    const caches = [1, 2, 3, 4].map(() => new Cache({ defaultTtl: 60 }).set("un", 1));
    const lookups = [
      (cache) => cache.get("un"),
      (cache) => cache.has("un"),
      (cache) => cache.peek("un"),
      (cache) => cache.gos("un", 2),
    ];
    const each = () => lookups.map((lookup, i) => lookup(caches[i]));
    assert.equal(reads(clock, 16, each), 64);
    assert.equal(reads(clock, 3, each), 0);
  });

  it("what stores or changes an expiry reads it every time", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    reads(clock, 64, () => cache.get("un"));
    assert.equal(
      reads(clock, 10, () => cache.set("un", 1)),
      10,
    );
    assert.equal(
      reads(clock, 10, () => cache.setTtl("un", 5)),
      10,
    );
    assert.equal(
      reads(clock, 10, () => cache.purge()),
      10,
    );
    clock.now += 10;
    cache.setTtl("un", 5);
    assert.equal(cache.getTtl("un").getTime(), clock.now + 5000);
  });

  it("a reading is never used past a timer of 1 ms", async (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    reads(clock, 64, () => cache.get("un"));
    clock.now += 60_000;
    await sleep(5);
    assert.equal(cache.get("un"), undefined);
  });

  it("an entry expires to the millisecond while lookups are few", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache();
    for (let i = 0; i < 1000; i++) {
      cache.set("un", 1, 0.002);
      assert.equal(cache.has("un"), true);
      clock.now += 1;
      assert.equal(cache.has("un"), true);
      clock.now += 1;
      assert.equal(cache.has("un"), false);
    }
  });

  it("clockResolution 0 reads it every time", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60, clockResolution: 0 }).set("un", 1);
    assert.equal(
      reads(clock, 1000, () => cache.get("un")),
      1000,
    );
  });

  it("a larger clockResolution relaxes it, up to that many milliseconds", async (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60, clockResolution: 20 }).set("un", 1);
    assert.equal(
      reads(clock, 1000, () => cache.get("un")),
      1,
    );
    clock.now += 60_000;
    await sleep(40);
    assert.equal(cache.get("un"), undefined);
  });

  it("a larger clockResolution does not stop the clock in a long synchronous stretch", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ clockResolution: 1000 }).set("un", 1, 1);
    cache.has("un");
    clock.now += 1000;
    for (let i = 0; i < 2000; i++) cache.has("un");
    assert.equal(cache.get("un"), undefined);
  });

  it("another Date.now counts at once", (t) => {
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    for (let i = 0; i < 1000; i++) cache.get("un");
    const real = Date.now;
    t.after(() => {
      Date.now = real;
    });
    Date.now = () => real() + 60_000;
    assert.equal(cache.has("un"), false);
    Date.now = real;
    assert.equal(cache.has("un"), true);
  });

  it("faked timers that move the clock are seen at once", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1e12 });
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    for (let i = 0; i < 100; i++) assert.equal(cache.get("un"), 1);
    t.mock.timers.tick(60_000);
    assert.equal(cache.get("un"), undefined);
  });

  it("faked timers that never fire do not hold the clock", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const clock = fakeClock(t);
    const cache = new Cache({ defaultTtl: 60 }).set("un", 1);
    reads(clock, 64, () => cache.get("un"));
    clock.now += 60_000;
    await sleep(5);
    assert.equal(cache.get("un"), undefined);
  });

  for (const [name, replacement] of [
    ["is missing", undefined],
    [
      "throws",
      () => {
        throw new Error("no timers here");
      },
    ],
    ["calls back at once", (callback) => callback()],
  ]) {
    it(`where setTimeout ${name}, nothing is reused`, (t) => {
      const clock = fakeClock(t);
      const real = globalThis.setTimeout;
      t.after(() => {
        globalThis.setTimeout = real;
      });
      globalThis.setTimeout = replacement;
      for (const clockResolution of [1, 50]) {
        const cache = new Cache({ defaultTtl: 60, clockResolution }).set("un", 1);
        assert.equal(
          reads(clock, 1000, () => cache.get("un")),
          1000,
        );
      }
    });
  }

  it("keeps no process alive", async () => {
    const { spawnSync } = await import("node:child_process");
    const script = `import { Cache } from "poche";
      const cache = new Cache({ defaultTtl: 60, purgeEvery: 60, clockResolution: 60_000 }).set("un", 1);
      for (let i = 0; i < 100; i++) cache.get("un");`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
      timeout: 20_000,
    });
    assert.equal(child.status, 0, String(child.stderr));
  });
});
