// Small structures, which are looked up without the engine: each is found however it was made and whoever reads it, and
// none is taken for another.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { Cache, memoize } from "poche";
import { random } from "./lib/random.mjs";
import { disguised, structures } from "./lib/structures.mjs";

const KINDS = {
  unbounded: {},
  lru: { maxEntries: 40_000, eviction: "lru" },
  "the default policy": { maxEntries: 40_000 },
  "with statistics": { stats: true },
  "with expiry": { defaultTtl: 3600, clockResolution: 0 },
  "by copy": { values: "copy" },
};

for (const [kind, options] of Object.entries(KINDS)) {
  it(`a structure is found, counted and deleted by its equals: ${kind}`, () => {
    const below = random(kind.length);
    const keys = structures(2000);
    const cache = new Cache(options);
    const values = new Map();
    keys.forEach((key, i) => {
      assert.equal(cache.get(disguised(key, below)), undefined);
      cache.set(disguised(key, below), i);
      values.set(key, i);
    });
    for (let round = 0; round < 3; round++) {
      for (const key of keys) {
        const equal = disguised(key, below);
        assert.equal(cache.get(equal), values.get(key));
        assert.equal(cache.has(equal), values.has(key));
        const way = below(6);
        const before = values.get(key);
        if (way === 0) {
          assert.equal(cache.delete(equal), values.delete(key));
        } else if (way === 1) {
          assert.equal(cache.gos(equal, round), before ?? round);
          values.set(key, before ?? round);
        } else if (way === 2) {
          assert.equal(cache.getset(equal, -1), before);
          values.set(key, -1);
        }
        assert.equal(cache.size, values.size);
      }
    }
    // In whatever order they are now.
    const left = [...cache.keys()];
    assert.equal(left.length, values.size);
    for (const key of left) assert.ok(cache.delete(key));
    assert.equal(cache.size, 0);
  });
}

describe("a structure", () => {
  it("is one key however many names the objects of a process have", () => {
    // More shapes than are kept track of.
    const cache = new Cache();
    const shape = (i) => ({ id: i, [`name ${i}`]: { [`inner ${i}`]: i } });
    for (let i = 0; i < 3000; i++) cache.set(shape(i), i);
    for (let i = 0; i < 3000; i++) {
      const { id, ...rest } = shape(i);
      assert.equal(cache.get({ ...rest, id }), i);
    }
    assert.equal(cache.size, 3000);
  });

  it("is the same key of another realm, and its copy is of this one", () => {
    const foreign = runInNewContext('[{ b: [1, "two"], a: new Date(3) }]');
    const own = [{ a: new Date(3), b: [1, "two"] }];
    for (const [one, other] of [
      [foreign, own],
      [own, foreign],
    ]) {
      const cache = new Cache().set(one, 1);
      assert.equal(cache.get(other), 1);
      assert.equal(cache.set(other, 2).size, 1);
      assert.deepEqual([...cache.keys()], [own]);
    }
  });

  it("is copied, so that no change reaches the cache", () => {
    const key = { list: [1, { deep: true }], at: new Date(5) };
    const cache = new Cache().set(key, 1);
    key.list[1].deep = false;
    key.at.setTime(6);
    const [copy] = cache.keys();
    assert.deepEqual(copy, { list: [1, { deep: true }], at: new Date(5) });
    copy.list.push(2);
    assert.equal(cache.get({ at: new Date(5), list: [1, { deep: true }] }), 1);
    assert.equal(cache.get(key), undefined);
    assert.equal(cache.get(copy), undefined);
  });

  it("may be null or a boolean, and comes back from a handler as it is", () => {
    const told = [];
    const cache = new Cache({ onRemove: (key, value, reason) => told.push([key, value, reason]) });
    for (const key of [null, true, false, undefined]) cache.set(key, String(key));
    assert.deepEqual([...cache.keys()], [null, true, false, undefined]);
    for (const key of [null, true, false, undefined]) cache.delete(key);
    assert.deepEqual(
      told.map(([key, value]) => [key, value]),
      [
        [null, "null"],
        [true, "true"],
        [false, "false"],
        [undefined, "undefined"],
      ],
    );
  });

  it("is found by getters that ask for others while they are read", () => {
    const cache = new Cache();
    for (let i = 0; i < 100; i++) cache.set({ i }, i).set(["list", i], -i);
    const asking = (i) => ({
      get i() {
        assert.equal(cache.get({ i: i + 1 }), i + 1);
        assert.equal(cache.get(["list", i]), -i);
        assert.equal(cache.get({ other: i }), undefined);
        cache.set(["set", i], i);
        return i;
      },
    });
    for (let i = 0; i < 90; i++) {
      assert.equal(cache.get(asking(i)), i);
      cache.set(asking(i), i);
      assert.equal(cache.has(asking(i)), true);
      assert.equal(cache.get(["set", i]), i);
    }
    assert.equal(cache.size, 290);
    assert.equal(cache.delete(asking(5)), true);
    assert.equal(cache.get({ i: 5 }), undefined);
  });

  it("is stored once and for all, though a getter of it has asked for a promise", async () => {
    for (const options of [{}, { defaultTtl: 60 }]) {
      const cache = new Cache(options);
      const promises = [];
      const asking = {
        get a() {
          promises.push(cache.gos({ a: 1 }, async () => "late"));
          return 1;
        },
      };
      cache.set(asking, "set");
      await Promise.all(promises);
      assert.equal(cache.get({ a: 1 }), "set");
    }
  });

  it("is not the one that a getter of an argument has removed", () => {
    const memoized = memoize((argument) => argument.a + 1);
    for (let i = 0; i < 5; i++) assert.equal(memoized({ a: 1 }), 2);
    const emptying = {
      get a() {
        memoized.clear();
        for (let i = 10; i < 20; i++) memoized.cache.set([{ a: i }], -i);
        return 1;
      },
    };
    for (let i = 0; i < 5; i++) assert.equal(memoized(emptying), 2);
    assert.equal(memoized({ a: 10 }), -10);
  });

  it("is itself where all objects inherit something", () => {
    const script = `
      import { Cache } from "poche";
      const keys = () => [{ a: 1, b: [{ c: 2 }] }, { inherited: 1 }, { b: 1, a: 2 }, [{}]];
      const before = new Cache(), after = new Cache();
      keys().forEach((key, i) => before.set(key, i));
      Object.prototype.inherited = 1;
      keys().forEach((key, i) => after.set(key, i));
      const first = keys().map((key) => before.get(key));
      const second = keys().map((key) => after.get(key));
      delete Object.prototype.inherited;
      console.log(JSON.stringify([first, second, keys().map((key) => after.get(key)), after.size]));`;
    const cwd = fileURLToPath(new URL(".", import.meta.url));
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd, encoding: "utf8" });
    assert.deepEqual(JSON.parse(output), [[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], 4]);
  });

  it("leaves a cache that has become large for the engine, and is found there", () => {
    const FULL = 1_048_575;
    const key = (i) => (i % 3 === 0 ? ["k", i] : { k: i });
    const cache = new Cache();
    for (let i = 0; i < FULL + 3000; i++) cache.set(key(i), i);
    for (let i = 0; i < FULL + 3000; i += 7) if (cache.get(key(i)) !== i) assert.fail(`${i} is ${cache.get(key(i))}`);
    for (let i = 0; i < 9000; i++) cache.set(key(i), -i);
    assert.equal(cache.size, FULL + 3000);
    for (let i = 0; i < 9000; i++) assert.equal(cache.get(key(i)), -i);
    for (let i = 0; i < FULL + 3000; i += 5) assert.equal(cache.delete(key(i)), true);
    for (let i = 0; i < FULL + 3000; i++) {
      const expected = i % 5 === 0 ? undefined : i < 9000 ? -i : i;
      if (cache.get(key(i)) !== expected) assert.fail(`${i} is ${cache.get(key(i))} in place of ${expected}`);
    }
  });

  it("is told from others whose strings differ in one place only", () => {
    const cache = new Cache();
    const key = (i) => [`${"a".repeat(30)}${i}${"b".repeat(33)}`, { text: `${"c".repeat(50)}${i}${"d".repeat(40)}` }];
    for (let i = 0; i < 5000; i++) cache.set(key(i), i);
    for (let i = 0; i < 5000; i++) if (cache.get(key(i)) !== i) assert.fail(`${i} is ${cache.get(key(i))}`);
    assert.equal(cache.get(key(5000)), undefined);
  });
});

describe("a memoized function", () => {
  it("runs again when what it gave was evicted, deleted or stored anew under the list of arguments", () => {
    let runs = 0;
    const f = memoize((...args) => `${args} ${++runs}`, { maxEntries: 4, eviction: "lru" });
    for (const args of [[1], ["a"], [1, 2], [{ a: 1 }], [1, { b: [2] }]]) {
      const call = () => f(...structuredClone(args));
      const before = call();
      for (let i = 0; i < 5; i++) assert.equal(call(), before);
      for (let i = 0; i < 4; i++) f("other", i);
      const after = call();
      assert.notEqual(after, before);
      for (let i = 0; i < 5; i++) assert.equal(call(), after);
      f.cache.set(args, "stored");
      for (let i = 0; i < 5; i++) assert.equal(call(), "stored");
      f.delete(...args);
      assert.notEqual(call(), "stored");
      f.cache.setTtl(args, 1000);
      assert.notEqual(call(), "stored");
    }
  });
});
