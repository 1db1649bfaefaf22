// `cache.asMap()`: Map's contract, case by case as ECMAScript's own test suite has it, against a Map beside it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { random } from "./lib/random.mjs";

const make = (options) => new Cache({ keys: "identity", ...options }).asMap();

describe("asMap", () => {
  it("is a Map by its class, its tag and its methods", () => {
    const map = make();
    assert.ok(map instanceof Map);
    assert.equal(Object.prototype.toString.call(map), "[object Map]");
    for (const name of Reflect.ownKeys(Map.prototype)) assert.ok(name in map, String(name));
    const own = Reflect.ownKeys(Object.getPrototypeOf(map));
    for (const name of Reflect.ownKeys(Map.prototype)) {
      if (name !== Symbol.toStringTag) assert.ok(own.includes(name), `${String(name)} is inherited`);
    }
  });

  it("compares keys as SameValueZero: NaN is itself, -0 is 0 and comes back as 0, objects by identity", () => {
    const map = make();
    const object = {};
    map.set(NaN, 1).set(-0, 2).set(object, 3).set("1", 4).set(1, 5).set(undefined, 6).set(null, 7);
    assert.deepEqual(
      [NaN, 0, object, "1", 1, undefined, null, {}].map((key) => map.get(key)),
      [1, 2, 3, 4, 5, 6, 7, undefined],
    );
    assert.ok(Object.is([...map.keys()][1], 0));
  });

  it("returns itself from set, undefined from clear and forEach, whether there was something from delete", () => {
    const map = make();
    assert.equal(map.set("a", 1), map);
    assert.equal(
      map.forEach(() => {}),
      undefined,
    );
    assert.equal(map.delete("a"), true);
    assert.equal(map.delete("a"), false);
    assert.equal(map.clear(), undefined);
  });

  it("has undefined as a value", () => {
    const map = make().set("a", undefined);
    assert.equal(map.has("a"), true);
    assert.equal(map.get("a"), undefined);
    assert.equal(map.size, 1);
  });

  it("calls forEach's function with value, key, the map and thisArg, in insertion order, with what is added", () => {
    const map = make().set("a", 1).set("b", 2);
    const calls = [];
    const self = {};
    map.forEach(function (value, key, third) {
      calls.push([value, key, third === map, this === self]);
      if (key === "a") map.set("c", 3).delete("b");
    }, self);
    assert.deepEqual(calls, [
      [1, "a", true, true],
      [3, "c", true, true],
    ]);
    assert.throws(() => map.forEach({}), TypeError);
  });

  it("visits in its iterators what is added, skips what is deleted, keeps the place of what is set again", () => {
    const map = make().set("a", 1).set("b", 2).set("c", 3);
    const iterator = map.entries();
    assert.deepEqual(iterator.next().value, ["a", 1]);
    map.delete("b");
    map.set("c", 4).set("d", 5);
    assert.deepEqual(
      [...iterator],
      [
        ["c", 4],
        ["d", 5],
      ],
    );
    map.set("e", 6);
    assert.deepEqual(iterator.next(), { value: undefined, done: true });
    map.delete("a");
    assert.deepEqual([...map.set("a", 1).keys()], ["c", "d", "e", "a"]);
    assert.deepEqual([...map], [...map.entries()]);
  });

  it("computes in getOrInsertComputed only what is missing", () => {
    const map = make().set("a", undefined);
    assert.equal(map.getOrInsert("a", 1), undefined);
    assert.equal(map.getOrInsert("b", 2), 2);
    assert.equal(
      map.getOrInsertComputed("c", (key) => key + key),
      "cc",
    );
    assert.deepEqual(
      [...new Map(map)],
      [
        ["a", undefined],
        ["b", 2],
        ["c", "cc"],
      ],
    );
  });

  it("does the same as a Map through thousands of random operations", () => {
    const below = random(7);
    const [map, model] = [make(), new Map()];
    for (let step = 0; step < 5000; step++) {
      const [key, kind] = [below(20), below(10)];
      if (kind < 5) map.set(key, step) && model.set(key, step);
      else if (kind < 8) assert.equal(map.delete(key), model.delete(key));
      else if (kind < 9) assert.equal(map.get(key), model.get(key));
      else if (below(50) === 0) for (const one of [map, model]) one.clear();
      assert.equal(map.size, model.size);
      if (step % 50 === 0) assert.deepEqual([...map], [...model]);
    }
  });

  it("is live: both sides see the same entries", () => {
    const cache = new Cache();
    const map = cache.asMap();
    map.set(["un"], 1);
    assert.equal(cache.get(["un"]), 1);
    cache.set("deux", 2);
    assert.deepEqual([...map.values()], [1, 2]);
    assert.equal(inspect(map), "Map(2) { [ 'un' ] => 1, 'deux' => 2 }");
  });

  it("does not have what has expired, in no method; and throws for no miss in a strict cache", (t) => {
    const clock = fakeClock(t);
    const map = make({ defaultTtl: 5, strict: true }).set("a", 1).set("b", 2);
    clock.now += 6000;
    map.set("c", 3);
    assert.equal(map.delete("a"), false);
    assert.equal(map.get("b"), undefined);
    assert.equal(map.get("b"), undefined);
    assert.equal(map.delete("b"), false);
    assert.deepEqual([...map], [["c", 3]]);
    assert.equal(map.size, 1);
  });
});
