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

  it("has Map's own constructor, and methods that take as many arguments and cannot be constructed", () => {
    const map = make().set("a", 1);
    assert.equal(map.constructor, Map);
    assert.deepEqual([...new map.constructor(map)], [["a", 1]]);
    assert.equal(map[Symbol.iterator], map.entries);
    for (const name of Reflect.ownKeys(Map.prototype).filter((name) => name !== "constructor" && name !== "size")) {
      if (typeof Map.prototype[name] !== "function") continue;
      assert.equal(map[name].length, Map.prototype[name].length, String(name));
      assert.equal(map[name].name, Map.prototype[name].name, String(name));
      if (name !== Symbol.iterator) assert.throws(() => new map[name](), TypeError, String(name));
    }
    assert.throws(() => {
      map.size = 5;
    }, TypeError);
    assert.deepEqual(Object.keys(map), []);
  });

  it("has keys of every kind, each its own: in get, has, set, delete, getOrInsert and in its order", () => {
    const keys = [
      "",
      "a",
      "1",
      1,
      1.5,
      -1,
      1n,
      NaN,
      Infinity,
      true,
      false,
      null,
      undefined,
      Symbol("a"),
      Symbol.for("a"),
    ];
    keys.push({}, {}, [], [], () => {}, new Map(), new Date(0), new Date(0), /a/, new (class Some {})());
    const [map, model] = [make(), new Map()];
    for (const [index, key] of keys.entries()) {
      assert.equal(map.has(key), false);
      assert.equal(map.get(key), undefined);
      assert.equal(map.set(key, index), map);
      assert.equal(map.has(key), true);
      assert.equal(map.getOrInsert(key, "other"), index);
      model.set(key, index);
    }
    assert.equal(map.size, keys.length);
    assert.deepEqual([...map.keys()], [...model.keys()]);
    for (const key of keys) {
      assert.equal(map.get(key), model.get(key));
      assert.equal(map.delete(key), true);
      assert.equal(map.getOrInsert(key, "new"), "new");
    }
    for (const key of [{}, [], () => {}, Symbol("a"), new Date(0)]) assert.equal(map.has(key), false);
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

  it("has iterators like Map's: by their tag, without return, going on after a break, done for ever", () => {
    const map = make().set("a", 1).set("b", 2).set("c", 3);
    for (const name of ["entries", "keys", "values", Symbol.iterator]) {
      const iterator = map[name]();
      assert.equal(Object.prototype.toString.call(iterator), "[object Map Iterator]");
      assert.equal(iterator[Symbol.iterator](), iterator);
      assert.equal(iterator.return, undefined);
      for (const _first of iterator) break;
      assert.equal([...iterator].length, 2);
      map.set("d", 4);
      assert.deepEqual(iterator.next(), { value: undefined, done: true });
      map.delete("d");
    }
    assert.notEqual(map.entries().next().value, map.entries().next().value);
    assert.deepEqual(make().entries().next(), { value: undefined, done: true });
  });

  it("goes on in iterators with what comes after a clear, and with what is deleted and set again", () => {
    const map = make().set("a", 1).set("b", 2);
    const iterator = map.keys();
    iterator.next();
    map.clear();
    map.set("c", 3);
    assert.deepEqual([...iterator], ["c"]);
    const cleared = map.values();
    map.clear();
    assert.deepEqual(cleared.next(), { value: undefined, done: true });

    map.set("a", 1).set("b", 2).set("c", 3);
    const seen = [];
    map.forEach((value, key) => {
      seen.push([key, value]);
      if (key === "a") map.delete("b");
      if (key === "c" && value === 3) map.set("b", 4);
      if (key === "b") map.set("c", 5);
    });
    assert.deepEqual(seen, [
      ["a", 1],
      ["c", 3],
      ["b", 4],
    ]);
  });

  it("ends forEach with what its function throws, and gives it no this but what is given", () => {
    const map = make().set("a", 1).set("b", 2);
    let calls = 0;
    const fail = () => {
      calls++;
      throw new RangeError("enough");
    };
    assert.throws(() => map.forEach(fail), RangeError);
    assert.equal(calls, 1);
    map.forEach(function () {
      assert.equal(this, undefined);
    });
    for (const none of [undefined, null, {}, "a", Symbol("a")]) assert.throws(() => map.forEach(none), TypeError);
  });

  it("calls getOrInsertComputed's function with the key alone, once, and lets its result win", () => {
    const map = make().set("there", 1);
    map.getOrInsertComputed("a", function (...args) {
      assert.deepEqual([this, args], [undefined, ["a"]]);
    });
    assert.equal(map.has("a"), true);
    map.getOrInsertComputed(-0, (key) => assert.ok(Object.is(key, 0)));
    const fail = () => {
      map.set("there", 2);
      throw new RangeError("enough");
    };
    assert.equal(map.getOrInsertComputed("there", fail), 1);
    assert.throws(() => map.getOrInsertComputed("b", fail), RangeError);
    assert.deepEqual([map.has("b"), map.get("there")], [false, 2]);
    assert.equal(
      map.getOrInsertComputed("b", () => map.set("b", "inner").set("c", 3) && "outer"),
      "outer",
    );
    assert.deepEqual([...map.entries()].slice(-2), [
      ["b", "outer"],
      ["c", 3],
    ]);
    for (const key of ["there", "nowhere"]) {
      for (const none of [undefined, null, {}, "a"]) assert.throws(() => map.getOrInsertComputed(key, none), TypeError);
    }
    assert.equal(map.has("nowhere"), false);
  });

  it("goes wherever the language takes a Map or an iterable of pairs", () => {
    const map = make().set("a", 1).set("b", 2);
    assert.deepEqual(Object.fromEntries(map), { a: 1, b: 2 });
    assert.deepEqual(
      Array.from(map, ([key]) => key),
      ["a", "b"],
    );
    assert.deepEqual(structuredClone(new Map(map)), new Map(map));
    // Where the host has them, as Node 22 does.
    if (Map.groupBy) assert.deepEqual(Map.groupBy(map, ([, value]) => value % 2).get(1), [["a", 1]]);
    if (Set.prototype.intersection) assert.deepEqual([...new Set(["b", "c"]).intersection(map)], ["b"]);
    if (globalThis.Iterator?.prototype.map) assert.deepEqual(map.values().map(String).toArray(), ["1", "2"]);
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

  it("puts what takes the place of something expired last, which then counts as expired", (t) => {
    const clock = fakeClock(t);
    const removed = [];
    const onRemove = (key, value, reason) => removed.push([key, value, reason]);
    const map = make({ defaultTtl: 5, onRemove, clockResolution: 0 });
    map.set("a", 1);
    clock.now += 4000;
    map.set("b", 2);
    clock.now += 1000;
    map.set("a", 3);
    assert.deepEqual([...map.keys()], ["b", "a"]);
    assert.deepEqual(removed.splice(0), [["a", 1, "expired"]]);
    clock.now += 5000;
    assert.equal(map.delete("a"), false);
    assert.equal(map.getOrInsert("b", 4), 4);
    assert.deepEqual(removed, [["a", 3, "expired"]].concat([["b", 2, "expired"]]));
  });
});
