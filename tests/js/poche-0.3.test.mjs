// What the documentation of Python's poche 0.3 promises, in strict mode (its own errors) and in default mode.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache, CacheItem, KeyError } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

for (const strict of [true, false]) {
  describe(strict ? "poche 0.3, strict" : "poche 0.3, default", () => {
    // What is missing: an error in strict mode, otherwise undefined or false.
    const missing = (action, otherwise) => {
      if (strict) assert.throws(action, KeyError);
      else assert.equal(action(), otherwise);
    };

    it("makes a cache without options, or with a default ttl", (t) => {
      const clock = fakeClock(t);
      assert.equal(new Cache({ strict }).size, 0);
      const cache = new Cache({ strict, defaultTtl: 5 });
      cache.set("un", 1);
      assert.deepEqual(cache.getTtl("un"), new Date(clock.now + 5000));
    });

    it("set and get", () => {
      const cache = new Cache({ strict });
      cache.set("un", 1);
      assert.equal(cache.get("un"), 1);
      cache.set("un", "one");
      assert.equal(cache.get("un"), "one");
      assert.equal(cache.size, 1);
    });

    it("get of what was never set", () => {
      missing(() => new Cache({ strict }).get("deux"), undefined);
    });

    it("delete", () => {
      const cache = new Cache({ strict });
      cache.set("un", 1);
      assert.equal(cache.delete("un"), true);
      missing(() => cache.get("un"), undefined);
      missing(() => cache.delete("un"), false);
    });

    it("gos gets or else sets", () => {
      const cache = new Cache({ strict });
      assert.equal(cache.gos("deux", 2), 2);
      assert.equal(cache.gos("deux", 3), 2);
      assert.equal(cache.get("deux"), 2);
    });

    it("gos sets anew what has expired, with its ttl", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      assert.equal(cache.gos("un", 1, 2), 1);
      assert.deepEqual(cache.getTtl("un"), new Date(clock.now + 2000));
      clock.now += 3000;
      assert.equal(cache.gos("un", "one", 2), "one");
      assert.equal(cache.get("un"), "one");
    });

    it("flush", () => {
      const cache = new Cache({ strict });
      cache.set("un", 1);
      cache.set("deux", 2);
      cache.flush();
      assert.equal(cache.size, 0);
      assert.deepEqual([...cache.keys()], []);
      missing(() => cache.get("un"), undefined);
    });

    it("an entry is gone when its ttl is over", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      cache.set("un", 1, 2);
      assert.equal(cache.get("un"), 1);
      clock.now += 1999;
      assert.equal(cache.get("un"), 1);
      clock.now += 1;
      missing(() => cache.get("un"), undefined);
    });

    it("the default ttl holds for what is set without one, and another ttl beats it", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict, defaultTtl: 5 });
      cache.set("un", 1);
      cache.set("deux", 2, 10);
      cache.set("trois", 3, null);
      clock.now += 5000;
      missing(() => cache.get("un"), undefined);
      assert.equal(cache.get("deux"), 2);
      clock.now += 5000;
      missing(() => cache.get("deux"), undefined);
      assert.equal(cache.get("trois"), 3);
    });

    it("a date as ttl, read back by getTtl", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      const date = new Date(clock.now + 86_400_000);
      cache.set("deux", 2, date);
      assert.deepEqual(cache.getTtl("deux"), date);
      clock.now = date.getTime();
      missing(() => cache.get("deux"), undefined);
    });

    it("getTtl of an entry that never expires, and of none", () => {
      const cache = new Cache({ strict });
      cache.set("un", 1);
      assert.equal(cache.getTtl("un"), null);
      missing(() => cache.getTtl("deux"), undefined);
    });

    it("setTtl with seconds, a date, null", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      cache.set("deux", 2, new Date(clock.now + 100_000));
      assert.equal(cache.setTtl("deux", 2), true);
      assert.deepEqual(cache.getTtl("deux"), new Date(clock.now + 2000));
      const date = new Date(clock.now + 5000);
      cache.setTtl("deux", date);
      assert.deepEqual(cache.getTtl("deux"), date);
      cache.setTtl("deux", null);
      assert.equal(cache.getTtl("deux"), null);
      clock.now += 1e9;
      assert.equal(cache.get("deux"), 2);
      missing(() => cache.setTtl("trois", 2), false);
    });

    it("setTtl may bring back what has expired but is not removed", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      cache.set("un", 1, 2);
      clock.now += 3000;
      cache.setTtl("un", 2);
      assert.equal(cache.get("un"), 1);
    });

    it("bump adds seconds to the expiration", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      cache.set("un", 1, 2);
      assert.equal(cache.bump("un", 3), true);
      assert.deepEqual(cache.getTtl("un"), new Date(clock.now + 5000));
      cache.bump("un", -1.5);
      assert.deepEqual(cache.getTtl("un"), new Date(clock.now + 3500));
      missing(() => cache.bump("deux", 1), false);
    });

    it("bump leaves an entry without an expiration alone, and sees one that has expired", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      cache.set("un", 1);
      assert.equal(cache.bump("un", 5), true);
      assert.equal(cache.getTtl("un"), null);
      cache.set("deux", 2, 1);
      clock.now += 2000;
      cache.bump("deux", 5);
      assert.equal(cache.get("deux"), 2);
    });

    it("only get removes what has expired", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      cache.set("quatre", 4, 2);
      clock.now += 3000;
      assert.ok([...cache.keys()].includes("quatre"));
      assert.deepEqual([...cache.values()], [4]);
      assert.equal([...cache.items()].length, 1);
      assert.equal(cache.size, 1);
      assert.equal(cache.has("quatre"), false);
      assert.equal(cache.size, 1);
      missing(() => cache.get("quatre"), undefined);
      assert.ok(![...cache.keys()].includes("quatre"));
      assert.equal(cache.size, 0);
    });

    it("keys, values and items in the order of insertion", () => {
      const cache = new Cache({ strict });
      cache.set("un", 1);
      cache.set("deux", 2);
      assert.deepEqual([...cache.keys()], ["un", "deux"]);
      assert.deepEqual([...cache.values()], [1, 2]);
      const lines = [];
      for (const [key, item] of cache.items()) lines.push(`${item.value} -> ${key}`);
      assert.deepEqual(lines, ["1 -> un", "2 -> deux"]);
    });

    it("raw items compare with values and with each other", () => {
      const cache = new Cache({ strict });
      cache.set("un", 1);
      const un = cache.item("un");
      assert.equal(un.value, 1);
      assert.equal(un.expiration, null);
      // biome-ignore lint/suspicious/noDoubleEquals: the comparison under test
      assert.ok(un == 1);
      assert.ok(un.equals(1));
      assert.ok(un < 2 && un <= 1 && un > 0 && un >= 1);
      cache.setItem("deux", new CacheItem(2));
      assert.equal(cache.size, 2);
      assert.ok(cache.item("un") < cache.item("deux"));
      assert.ok(!cache.item("un").equals(cache.item("deux")));
    });

    it("raw items by brackets", () => {
      const cache = new Cache({ strict });
      cache.set("un", 1);
      assert.equal(cache.dict.un.value, 1);
      assert.ok("un" in cache.dict);
      assert.ok(!("deux" in cache.dict));
      cache.dict.deux = new CacheItem(2);
      assert.equal(cache.get("deux"), 2);
      assert.ok(cache.dict.un < cache.dict.deux);
      delete cache.dict.deux;
      assert.equal(cache.has("deux"), false);
      missing(() => cache.dict.deux, undefined);
    });

    it("a raw entry can only be a CacheItem", () => {
      const cache = new Cache({ strict });
      assert.throws(() => {
        cache.dict.deux = 2;
      }, TypeError);
      assert.throws(() => cache.setItem("deux", 2), TypeError);
      assert.equal(cache.size, 0);
    });

    it("a raw entry has its own expiration, whatever the default", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict, defaultTtl: 1 });
      cache.setItem("un", new CacheItem(1));
      cache.setItem("deux", new CacheItem(2, new Date(clock.now + 5000)));
      clock.now += 4999;
      assert.equal(cache.get("un"), 1);
      assert.equal(cache.get("deux"), 2);
      clock.now += 1;
      missing(() => cache.get("deux"), undefined);
    });

    it("item sees what has expired", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ strict });
      cache.set("un", 1, 1);
      clock.now += 1000;
      assert.equal(cache.item("un").isExpired(), true);
      assert.equal(cache.size, 1);
      missing(() => cache.item("deux"), undefined);
    });

    it("keys of any kind", () => {
      const cache = new Cache({ strict });
      for (const key of ["1", 1, 1n, true, null, undefined, [1], { 1: 1 }]) cache.set(key, key);
      assert.equal(cache.size, 8);
      for (const key of ["1", 1, 1n, true, null, undefined, [1], { 1: 1 }]) assert.deepEqual(cache.get(key), key);
    });
  });
}
