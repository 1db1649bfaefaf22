// Every form of a time to live, good and bad.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

const START = 1_700_000_000_000;
const tagged = (tag, fields) => Object.defineProperty(fields, Symbol.toStringTag, { value: tag });
const zero = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };
const zeroFraction = { milliseconds: 0, microseconds: 0, nanoseconds: 0 };
const duration = (fields) => {
  const text = { toString: () => `P ${Object.entries(fields)}` };
  return tagged("Temporal.Duration", { ...zero, ...zeroFraction, ...fields, ...text });
};
const instant = (epochMilliseconds) => tagged("Temporal.Instant", { epochMilliseconds });

// [form, milliseconds from now]; null: never.
const good = [
  [1, 1000],
  [0.25, 250],
  [0.0005, 1],
  [Number.MIN_VALUE, 1],
  [1.1, 1100],
  [4.35, 4350],
  [86400, 86_400_000],
  [Infinity, null],
  [null, null],
  ["500ms", 500],
  ["5s", 5000],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
  ["1.5h", 5_400_000],
  [".5s", 500],
  ["0.1ms", 1],
  ["007s", 7000],
  [new Date(START + 5), 5],
  [new Date(0), -START],
  [new Date(-1), -START - 1],
  [instant(START + 77), 77],
  [duration({ seconds: 3 }), 3000],
  [duration({ weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1 }), 694_861_001],
  [duration({ microseconds: 1500 }), 2],
  [duration({ nanoseconds: 1 }), 1],
];

describe("a good ttl", () => {
  for (const [ttl, expected] of good) {
    it(`${typeof ttl} ${String(ttl)}`, (t) => {
      fakeClock(t, START);
      const expiration = expected === null ? null : new Date(START + expected);
      const cache = new Cache({ defaultTtl: 1000 });
      cache.set("set", 1, ttl).setMany([["setMany", 1, ttl]]);
      cache.gos("gos", 1, ttl);
      cache.getset("getset", 1, ttl);
      cache.set("setTtl", 1).setTtl("setTtl", ttl);
      for (const key of ["set", "setMany", "gos", "getset", "setTtl"])
        assert.deepEqual(cache.getTtl(key), expiration, key);
      const byDefault = new Cache({ defaultTtl: ttl });
      byDefault.set("default", 1);
      assert.deepEqual(byDefault.getTtl("default"), expiration);
    });
  }
});

const bad = [
  [0, RangeError, "0"],
  [-0, RangeError, "-0"],
  [-1, RangeError, "-1"],
  [-Infinity, RangeError, "-Infinity"],
  [Number.NaN, RangeError, "NaN"],
  ["", TypeError, '""'],
  ["5", TypeError, '"5"'],
  ["5 s", TypeError, '"5 s"'],
  ["-5s", TypeError, '"-5s"'],
  ["5S", TypeError, '"5S"'],
  ["5s ", TypeError, '"5s "'],
  ["5s5s", TypeError, '"5s5s"'],
  ["1e3s", TypeError, '"1e3s"'],
  ["Infinitys", TypeError, '"Infinitys"'],
  ["5.s", TypeError, '"5.s"'],
  ["s", TypeError, '"s"'],
  ["soon", TypeError, '"soon"'],
  ["0s", RangeError, '"0s"'],
  ["0.0ms", RangeError, '"0.0ms"'],
  [true, TypeError, "true"],
  [false, TypeError, "false"],
  [5n, TypeError, "5n"],
  [Symbol("later"), TypeError, "Symbol(later)"],
  [() => 5, TypeError, "() => 5"],
  [{ seconds: 5 }, TypeError, '{"seconds":5}'],
  [[5], TypeError, "[5]"],
  [Object(5), TypeError, "5"],
  [new Date(Number.NaN), RangeError, "Invalid Date"],
  [instant(Number.NaN), RangeError, "Temporal.Instant"],
  [tagged("Temporal.PlainDate", {}), TypeError, "Temporal.PlainDate"],
  [duration({}), RangeError, "P "],
  [duration({ seconds: -5 }), RangeError, "P seconds,-5"],
  [duration({ months: 1 }), RangeError, "P months,1"],
  [duration({ years: 1 }), RangeError, "P years,1"],
  [
    {
      get toJSON() {
        throw new Error("never");
      },
    },
    TypeError,
    "cannot be shown",
  ],
];

describe("a bad ttl", () => {
  for (const [ttl, type, shown] of bad) {
    it(`${typeof ttl} ${shown}`, (t) => {
      fakeClock(t, START);
      const cache = new Cache({ defaultTtl: 1000, maxEntries: 2, stats: true });
      cache.set("un", 1, 5).set("deux", 2);
      const before = JSON.stringify([...cache.items()]);
      const { stats } = cache;
      const is = (name) => (error) =>
        error instanceof type &&
        error.code === (type === TypeError ? "ERR_INVALID_ARGUMENT" : "ERR_OUT_OF_RANGE") &&
        error.message.startsWith(`${name} must be`) &&
        error.message.includes(shown);
      assert.throws(() => cache.set("un", "other", ttl), is("ttl"));
      assert.throws(() => cache.set("trois", 3, ttl), is("ttl"));
      assert.throws(() => cache.gos("trois", 3, ttl), is("ttl"));
      assert.throws(() => cache.gos("un", 3, ttl), is("ttl"));
      assert.throws(() => cache.getset("un", 3, ttl), is("ttl"));
      assert.throws(() => cache.setTtl("un", ttl), is("ttl"));
      assert.throws(
        () =>
          cache.setMany([
            ["trois", 3],
            ["quatre", 4, ttl],
          ]),
        is("ttl"),
      );
      assert.equal(JSON.stringify([...cache.items()]), before);
      assert.deepEqual(cache.stats, stats);
      assert.throws(() => new Cache({ defaultTtl: ttl }), is("defaultTtl"));
      assert.throws(() => new Cache({ purgeEvery: ttl }), is("purgeEvery"));
    });
  }
});

it("undefined is the default", (t) => {
  fakeClock(t, START);
  const cache = new Cache({ defaultTtl: 5 });
  cache.set("un", 1, undefined).set("deux", 2, 1);
  cache.setTtl("deux", undefined);
  assert.equal(cache.getTtl("un").getTime(), START + 5000);
  assert.equal(cache.getTtl("deux").getTime(), START + 5000);
});

it("a date of another realm is a date", async () => {
  const { runInNewContext } = await import("node:vm");
  const cache = new Cache();
  cache.set("un", 1, runInNewContext("new Date(5)"));
  assert.equal(cache.getTtl("un").getTime(), 5);
});

it("a date that is changed afterwards changes nothing", () => {
  const cache = new Cache();
  const date = new Date(5e12);
  cache.set("un", 1, date);
  date.setTime(0);
  assert.equal(cache.getTtl("un").getTime(), 5e12);
  cache.getTtl("un").setTime(0);
  assert.equal(cache.getTtl("un").getTime(), 5e12);
});

it("times past the last that a Date can name end there", () => {
  const cache = new Cache();
  cache.set("un", 1, Number.MAX_VALUE).set("deux", 2, 1e14);
  assert.equal(cache.getTtl("un"), null);
  assert.equal(cache.getTtl("deux").getTime(), 8.64e15);
  cache.bump("deux", 1e300);
  assert.equal(cache.getTtl("deux").getTime(), 8.64e15);
  cache.bump("deux", -1e300);
  assert.equal(cache.getTtl("deux").getTime(), -8.64e15);
});

it("bump takes any finite number, and no other value", (t) => {
  fakeClock(t, START);
  const cache = new Cache();
  cache.set("un", 1, 10);
  for (const [seconds, expected] of [
    [0, 10_000],
    [-0.5, 9500],
    [1e-4, 9501],
    [1.1, 10_601],
    [-1e9, 10_601 - 1e12],
  ]) {
    cache.bump("un", seconds);
    assert.equal(cache.getTtl("un").getTime() - START, expected, String(seconds));
  }
  for (const seconds of [Infinity, -Infinity, Number.NaN]) assert.throws(() => cache.bump("un", seconds), RangeError);
  for (const seconds of ["1", 1n, null, undefined, true, new Date()])
    assert.throws(() => cache.bump("un", seconds), TypeError);
  assert.equal(cache.getTtl("un").getTime() - START, 10_601 - 1e12);
});

it("persist drops the expiration", (t) => {
  const clock = fakeClock(t, START);
  const cache = new Cache({ defaultTtl: 1 });
  cache.set("un", 1);
  clock.now += 5000;
  assert.equal(cache.persist("un"), true);
  assert.equal(cache.persist("un"), true);
  assert.equal(cache.get("un"), 1);
  assert.equal(cache.getTtl("un"), null);
});
