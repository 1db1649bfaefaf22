// memoize of synchronous functions: what is kept of the function, what is cached, and the wrapper's own members.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { ArgumentError, ArgumentRangeError, Cache, FreedError, KeyError, memoize } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

describe("the wrapper", () => {
  it("keeps name, length and own properties", () => {
    const symbol = Symbol("own");
    function area(_width, _height) {}
    area.unit = "m2";
    area[symbol] = 1;
    Object.defineProperty(area, "hidden", { get: () => 2 });
    const f = memoize(area);
    assert.equal(f.name, "area");
    assert.equal(f.length, 2);
    assert.equal(f.unit, "m2");
    assert.equal(f[symbol], 1);
    assert.equal(f.hidden, 2);
    assert.equal(f.prototype, area.prototype);
    assert.equal(memoize(Object.freeze(() => 1))(), 1);
    assert.equal(memoize((..._rest) => 1).length, 0);
  });

  it("passes this and all arguments on", () => {
    const f = memoize(function (...args) {
      return [this, args];
    });
    const self = {};
    for (const args of [[], [1], [1, 2], [1, 2, 3], [{}], [{}, 1]]) {
      const [given, list] = f.apply(self, args);
      assert.equal(given, self);
      assert.deepEqual(list, args);
    }
    assert.equal(f.call(self)[0], f.call({})[0], "this is no part of the key");
  });

  it("caches any result: undefined, null, NaN, the very object, a function, an array", () => {
    for (const result of [undefined, null, Number.NaN, 0, "", {}, () => {}, [1], Symbol("a")]) {
      let runs = 0;
      const f = memoize(() => {
        runs += 1;
        return result;
      });
      assert.ok(Object.is(f(), result));
      assert.ok(Object.is(f(), result));
      assert.equal(runs, 1);
    }
  });

  it("does not cache what throws", () => {
    let runs = 0;
    const f = memoize((_a) => {
      runs += 1;
      if (runs === 1) throw new Error("first");
      return runs;
    });
    assert.throws(() => f(1), /first/);
    assert.equal(f.has(1), false);
    assert.equal(f(1), 2);
    assert.equal(f(1), 2);
  });

  it("has cache, has, delete, clear, stats", () => {
    const f = memoize((a) => a * 2, { stats: true });
    f(1);
    f(1);
    f(2);
    assert.ok(f.cache instanceof Cache);
    assert.equal(f.cache.size, 2);
    assert.deepEqual([f.stats.hits, f.stats.misses, f.stats.sets], [1, 2, 2]);
    assert.equal(f.has(1), true);
    assert.equal(f.delete(1), true);
    assert.equal(f.delete(1), false);
    assert.equal(f.has(1), false);
    f.clear();
    assert.equal(f.cache.size, 0);
    assert.equal(memoize(() => 1).stats, undefined);
  });

  it("throws after its cache is freed", () => {
    const f = memoize((a) => a);
    f(1);
    f.cache.free();
    assert.throws(() => f(1), FreedError);
    assert.throws(() => f({}), FreedError);
  });
});

describe("recursion", () => {
  it("goes 5,000 deep in a fresh process", () => {
    const script = `import { memoize } from "poche";
      const fibonacci = memoize((n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)));
      console.log(fibonacci(5000), fibonacci.cache.size);`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname });
    assert.equal(String(child.stdout), "Infinity 5001\n", String(child.stderr));
  });

  it("stores all results of a recursion", () => {
    let runs = 0;
    const fibonacci = memoize((n) => {
      runs += 1;
      return n < 2n ? n : fibonacci(n - 1n) + fibonacci(n - 2n);
    });
    assert.equal(fibonacci(90n), 2880067194370816120n);
    assert.equal(runs, 91);
  });

  it("a throw deep down stores nothing on the way, and does not disturb later calls", () => {
    const f = memoize((n) => {
      if (n === 0) throw new Error("deep");
      return f(n - 1) + 1;
    });
    assert.throws(() => f(50), /deep/);
    assert.equal(f.cache.size, 0);
    const g = memoize((n) => {
      try {
        return n === 0 ? f(0) : g(n - 1) + 1;
      } catch {
        return -1;
      }
    });
    assert.equal(g(3), 2);
    assert.equal(g.cache.size, 4);
  });

  it("works for lists, which cannot be told again", () => {
    const sum = memoize((list) => (list.length === 0 ? 0 : list[0] + sum(list.slice(1))));
    assert.equal(sum(Array.from({ length: 200 }, (_, i) => i)), 19_900);
  });
});

describe("what the function does to its own cache while it runs", () => {
  for (const args of [[1], [{}], [1, 2, 3]]) {
    it(`delete and clear keep its result out: ${JSON.stringify(args)}`, () => {
      for (const erase of [
        (f) => f.delete(...args),
        (f) => f.clear(),
        (f) => f.cache.delete(args),
        (f) => f.cache.flush(),
      ]) {
        let runs = 0;
        const f = memoize((..._args) => {
          runs += 1;
          if (runs === 1) erase(f);
          return runs;
        });
        assert.equal(f(...args), 1);
        assert.equal(f.has(...args), false);
        assert.equal(f(...args), 2);
        assert.equal(f(...args), 2);
      }
    });
  }

  it("deleting another entry does not keep it out", () => {
    const f = memoize((a) => {
      if (a === 1) f.delete(2);
      return a;
    });
    f(2);
    f(1);
    assert.equal(f.has(1), true);
    assert.equal(f.has(2), false);
  });

  it("a delete before the call does not matter", () => {
    const f = memoize((a) => a);
    f(1);
    f.clear();
    f(1);
    assert.equal(f.has(1), true);
    f.delete(1);
    f(1);
    assert.equal(f.has(1), true);
  });

  it("its own result is stored last, over one that it set", () => {
    const f = memoize((a) => {
      f.cache.set([a], "set");
      return f(a);
    });
    assert.equal(f(1), "set");
    assert.equal(f(1), "set");
  });
});

describe("options", () => {
  it("takes a ttl in any form, or options", (t) => {
    const clock = fakeClock(t);
    for (const option of [
      60,
      "1m",
      new Date(clock.now + 60_000),
      { ttl: 60 },
      { defaultTtl: "1m" },
      Object.assign(Object.create(null), { ttl: 60 }),
    ]) {
      const f = memoize((a) => a, option);
      f(1);
      assert.equal(f.cache.getTtl([1]).getTime(), clock.now + 60_000);
    }
    assert.equal(memoize((a) => a, null).cache.defaultTtl, null);
  });

  it("counts the ttl from when the result is there", (t) => {
    const clock = fakeClock(t);
    const f = memoize(() => {
      clock.now += 60_000;
    }, 1);
    f();
    assert.equal(f.cache.getTtl([]).getTime(), clock.now + 1000);
  });

  it("computes anew after the ttl", (t) => {
    const clock = fakeClock(t);
    let runs = 0;
    const f = memoize((_a) => ++runs, 1);
    assert.equal(f(1), 1);
    clock.now += 999;
    assert.equal(f(1), 1);
    clock.now += 1;
    assert.equal(f.has(1), false);
    assert.equal(f(1), 2);
  });

  it("passes Cache's options through", () => {
    const removed = [];
    const f = memoize((a) => a * 2, {
      maxEntries: 2,
      eviction: "lru",
      strict: true,
      onRemove: (key, value, reason) => removed.push([key, value, reason]),
    });
    f(1);
    f(2);
    f(1);
    f(3);
    assert.deepEqual(removed, [[[2], 4, "evicted"]]);
    assert.throws(() => f.delete(9), KeyError);
    assert.equal(f(4), 8);
  });

  it("gives a result that is larger than maxBytes, and does not cache it", async () => {
    const options = { maxBytes: 10, sizeOf: (value) => value.length };
    const f = memoize((n) => "x".repeat(n), options);
    assert.equal(f(11).length, 11);
    assert.equal(f.cache.size, 0);
    assert.equal(f(10).length, 10);
    assert.equal(f.cache.size, 1);
    const g = memoize(async (n) => "x".repeat(n), options);
    assert.equal((await g(11)).length, 11);
    assert.equal(g.cache.size, 0);
  });

  it("refuses what is none", () => {
    const f = () => 1;
    for (const bad of [0, -1, Number.NaN, { ttl: 0 }, { staleWhileRevalidate: -1 }]) {
      assert.throws(() => memoize(f, bad), ArgumentRangeError);
    }
    for (const bad of [
      "soon",
      true,
      [],
      { unknown: 1 },
      { key: 1 },
      { onError: "x" },
      { cache: {} },
      { cache: new Map() },
      { cache: new Cache(), maxEntries: 1 },
      { cache: new Cache(), namespace: 1 },
      { namespace: "alone" },
      { staleWhileRevalidate: new Date() },
      { staleWhileRevalidate: true },
    ]) {
      assert.throws(() => memoize(f, bad), ArgumentError);
    }
    assert.throws(() => memoize({}, "name"), ArgumentError);
  });
});

describe("a shared cache", () => {
  it("keeps the entries of its functions apart, by function or by namespace", () => {
    const cache = new Cache();
    const double = memoize((a) => a * 2, { cache, namespace: "double" });
    const triple = memoize((a) => a * 3, { cache, namespace: "triple", ttl: 60 });
    const negate = memoize((a) => -a, { cache });
    const id = memoize((a) => a, { cache, key: (a) => a % 10 });
    for (let round = 0; round < 2; round++) {
      assert.deepEqual([double(2), triple(2), negate(2), id(2), id(12)], [4, 6, -2, 2, 2]);
    }
    assert.equal(cache.size, 4);
    assert.equal(cache.get(["double", 2]), 4);
    assert.equal(cache.getTtl(["double", 2]), null);
    assert.ok(cache.getTtl(["triple", 2]) instanceof Date);
    assert.equal(double.cache, cache);
    assert.equal(double.has(2), true);
    cache.set("other", 1);
    double(3);
    double.clear();
    assert.equal(double.has(2), false);
    assert.equal(triple.has(2), true);
    assert.equal(cache.size, 4);
    assert.equal(triple.delete(2), true);
    assert.equal(cache.get("other"), 1);
  });

  it("clear lets only the own calls under way come to nothing", async () => {
    const cache = new Cache();
    const one = memoize(async (a) => a, { cache, namespace: "one" });
    const two = memoize(async (a) => a, { cache, namespace: "two" });
    const calls = [one(1), two(1)];
    one.clear();
    await Promise.all(calls);
    assert.equal(one.has(1), false);
    assert.equal(two.has(1), true);
  });

  it("clears a cache that compares by identity", () => {
    const cache = new Cache({ keys: "identity" });
    const f = memoize((a) => a, { cache, namespace: "f" });
    const object = {};
    f(object);
    assert.equal(f.has(object), true);
    f.clear();
    assert.equal(cache.size, 0);
  });
});

describe("a call that is repeated", () => {
  const changes = {
    "a value set in its cache": (f) => f.cache.set([1], "new"),
    "a value set that expires": (f, clock) => {
      f.cache.set([1], "new", 5);
      f(1);
      f(1);
      clock.now += 5000;
      return f.cache.set([1], "newer", 5);
    },
    delete: (f) => f.delete(1),
    clear: (f) => f.clear(),
    "a shorter time to live": (f, clock) => {
      f.cache.setTtl([1], 1);
      clock.now += 1000;
    },
    rename: (f) => f.cache.rename([1], [2]),
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`sees ${name}`, (t) => {
      const clock = fakeClock(t);
      let runs = 0;
      const f = memoize((_a, _b) => ++runs);
      for (let i = 0; i < 5; i++) assert.equal(f(1), 1);
      change(f, clock);
      const expected = f.cache.peek([1]) ?? 2;
      for (let i = 0; i < 5; i++) assert.equal(f(1), expected);
      assert.notEqual(expected, 1);
    });
  }

  it("is not taken for another that begins in the same way, or is undefined", () => {
    let runs = 0;
    const f = memoize((..._args) => ++runs);
    const lists = [
      [],
      [undefined],
      [""],
      [1],
      ["1"],
      [1, undefined],
      [undefined, undefined],
      [1, 1],
      [true],
      [null],
      [-0],
    ];
    const results = lists.map((list) => [f(...list), f(...list), f(...list)]);
    assert.equal(new Set(results.flat()).size, lists.length);
    for (const [i, list] of lists.entries()) {
      for (const [j, other] of lists.entries()) {
        for (let time = 0; time < 3; time++) assert.equal(f(...list), results[i][0]);
        assert.equal(f(...other), results[j][0]);
      }
    }
  });
});
