// getMany, setMany, deleteMany.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

it("setMany stores pairs with or without a ttl, in order", (t) => {
  const clock = fakeClock(t);
  const cache = new Cache();
  assert.equal(
    cache.setMany([
      ["un", 1],
      ["deux", 2, 5],
      [["trois"], 3, null],
      ["un", "one"],
    ]),
    cache,
  );
  assert.deepEqual(
    [...cache],
    [
      ["un", "one"],
      ["deux", 2],
      [["trois"], 3],
    ],
  );
  assert.equal(cache.getTtl("deux").getTime(), clock.now + 5000);
});

it("getMany gives the values in the order of the keys, undefined for misses", (t) => {
  const clock = fakeClock(t);
  const cache = new Cache().setMany([
    ["un", 1],
    [2, 2, 1],
    [["trois"], 3],
  ]);
  assert.deepEqual(cache.getMany([["trois"], "gone", "un", 2, "un"]), [3, undefined, 1, 2, 1]);
  clock.now += 1000;
  assert.deepEqual(cache.getMany([2, 2]), [undefined, undefined]);
  assert.equal(cache.size, 2);
});

it("deleteMany says of each whether something was stored", () => {
  const cache = new Cache().setMany([
    ["un", 1],
    [2, 2],
  ]);
  assert.deepEqual(cache.deleteMany(["un", "un", 2, "gone"]), [true, false, true, false]);
  assert.equal(cache.size, 0);
});

it("all take any iterable, maps too", () => {
  const cache = new Cache();
  cache.setMany(
    new Map([
      ["un", 1],
      ["deux", 2],
    ]),
  );
  assert.deepEqual(cache.getMany(new Set(["deux", "un"])), [2, 1]);
  assert.deepEqual(cache.deleteMany(cache.keys()), [true, true]);
  assert.deepEqual(cache.getMany([]), []);
});

it("one that is bad spoils all: nothing is changed", () => {
  const cache = new Cache().set("un", 1);
  const cycle = [];
  cycle.push(cycle);
  assert.throws(
    () =>
      cache.setMany([
        ["un", 2],
        ["deux", 2, -1],
      ]),
    RangeError,
  );
  assert.throws(
    () =>
      cache.setMany([
        ["un", 2],
        [cycle, 2],
      ]),
    TypeError,
  );
  assert.throws(() => cache.setMany([["un", 2], "deux"]), TypeError);
  assert.throws(() => cache.setMany([["un", 2], null]), TypeError);
  assert.throws(() => cache.setMany(5), TypeError);
  assert.throws(() => cache.setMany(), TypeError);
  assert.throws(() => cache.getMany(), TypeError);
  assert.throws(() => cache.deleteMany(["un", cycle]), TypeError);
  assert.throws(() => cache.getMany(["un", cycle]), TypeError);
  const throwing = function* () {
    yield "un";
    throw new Error("no more");
  };
  assert.throws(() => cache.deleteMany(throwing()), /no more/);
  assert.deepEqual([...cache], [["un", 1]]);
});
