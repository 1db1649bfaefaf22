// Structures that are looked up again: found without being encoded, and never taken for others.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache, memoize } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { groups } from "./lib/hostile-keys.mjs";

const structures = groups.filter(([, make]) => typeof make() === "object" && make() !== null);
const wraps = { itself: (key) => key, "in a list": (key) => [key, 1], "in an object": (key) => ({ a: 1, key }) };

for (const [name, wrap] of Object.entries(wraps)) {
  it(`a key that was found twice is found by its equals only: ${name}`, () => {
    const cache = new Cache();
    for (const [group, ...makers] of structures) {
      for (const make of makers) cache.set(wrap(make()), group);
      for (const make of makers) for (let i = 0; i < 3; i++) assert.equal(cache.get(wrap(make())), group);
      // Now it is the first that a lookup compares with.
      for (const [other, make] of structures) {
        const found = cache.get(wrap(make()));
        assert.ok(found === undefined || found === other, `${other} is taken for ${found}`);
      }
    }
    for (const [group, ...makers] of structures)
      for (const make of makers) assert.equal(cache.get(wrap(make())), group);
  });
}

it("the same for an argument of a memoized function, alone and beside another", () => {
  for (const others of [[], [1], ["a"]]) {
    const runs = new Map();
    const f = memoize((key) => runs.get(key));
    for (const [group, ...makers] of structures) {
      const key = makers[0]();
      runs.set(key, group);
      f(key, ...others);
      for (const make of makers) for (let i = 0; i < 3; i++) assert.equal(f(make(), ...others), group);
      for (const [other, make] of structures) {
        if (f.has(make(), ...others)) assert.equal(f(make(), ...others), other);
      }
    }
    assert.equal(f.cache.size, structures.length);
  }
});

describe("what is found twice", () => {
  const symbol = Symbol("s");
  const KEY = Symbol.for("poche.key");
  const define = (object, name, descriptor) => Object.defineProperty(object, name, descriptor);
  class Impostor {
    a = 1;
  }
  define(Impostor.prototype, "constructor", { value: Object });
  const lookalikes = {
    "with a symbol": { a: 1, [symbol]: 1 },
    "with a symbol that is undefined": { a: 1, [symbol]: undefined },
    "with poche.key": define({ a: 1 }, KEY, { value: () => "other" }),
    "with a tag that is hidden": define({ a: 1 }, Symbol.toStringTag, { value: "Module" }),
    "of a class that gives itself out for Object": new Impostor(),
    "that inherits": Object.create({ a: 1 }),
    "that inherits from one with the property": Object.create({ a: 1 }, { a: { value: 1, enumerable: false } }),
    "with its property hidden": define({}, "a", { value: 1 }),
    "with one more, undefined": { a: 1, b: undefined },
    "that is a list with the property": Object.assign([], { a: 1 }),
    "that is a date with the property": Object.assign(new Date(1), { a: 1 }),
    "with another prototype": Object.setPrototypeOf({ a: 1 }, Array.prototype),
    "with a property __proto__": define({ a: 1 }, "__proto__", { value: Object.prototype, enumerable: true }),
    "of numbers in a list": [["a", 1]],
  };
  for (const [name, key] of Object.entries(lookalikes)) {
    it(`is not an object ${name}`, () => {
      const cache = new Cache().set({ a: 1 }, "plain");
      for (let i = 0; i < 3; i++) {
        assert.equal(cache.get({ a: 1 }), "plain");
        assert.equal(cache.get(key), undefined);
      }
      cache.set(key, name);
      for (let i = 0; i < 3; i++) assert.equal(cache.get(key), name);
      assert.equal(cache.get({ a: 1 }), "plain");
    });
  }

  it("is the same with a hidden symbol, from another prototype chain, in another order", () => {
    const cache = new Cache().set({ a: 1, b: 2 }, "plain");
    const keys = [
      define({ a: 1, b: 2 }, symbol, { value: 1 }),
      { __proto__: null, a: 1, b: 2 },
      { b: 2, a: 1 },
      new Proxy({ b: 2, a: 1 }, {}),
    ];
    for (const key of keys) for (let i = 0; i < 3; i++) assert.equal(cache.get(key), "plain");
  });

  it("does not take what objects inherit for their own", (t) => {
    const cache = new Cache().set({ a: 1 }, "plain").set({ a: 1, inherited: 2 }, "own");
    for (let i = 0; i < 3; i++) assert.equal(cache.get({ a: 1 }), "plain");
    t.after(() => delete Object.prototype.inherited);
    Object.prototype.inherited = 2;
    for (let i = 0; i < 3; i++) {
      assert.equal(cache.get({ a: 1 }), "plain");
      assert.equal(cache.get({ a: 1, inherited: 2 }), "own");
    }
  });

  it("is what was read, where a getter gives something else each time", () => {
    const cache = new Cache();
    for (let i = 0; i < 10; i++) cache.set({ n: i }, i);
    let reads = 0;
    const changing = {
      get n() {
        return reads++ % 10;
      },
    };
    for (let round = 0; round < 50; round++) {
      const before = reads;
      const found = cache.get(changing);
      assert.ok(reads > before && Number.isInteger(found));
      for (let i = 0; i < 10; i++) assert.equal(cache.get({ n: i }), i);
    }
  });

  it("may ask for another key in a getter, and fail there", () => {
    const cache = new Cache().set({ a: 1 }, "a").set([1, 2], "list");
    const asking = {
      get a() {
        assert.equal(cache.get([1, 2]), "list");
        return 1;
      },
    };
    const failing = {
      get a() {
        throw new Error("mine");
      },
    };
    for (let i = 0; i < 4; i++) {
      assert.equal(cache.get(asking), "a");
      assert.throws(() => cache.get(failing), /mine/);
      assert.equal(cache.get({ a: 1 }), "a");
    }
  });
});

describe("a key that is found again and again", () => {
  const changes = {
    "is deleted": (cache) => cache.delete(["a", { b: 1 }]),
    "is flushed": (cache) => cache.flush(),
    "is renamed": (cache) => cache.rename(["a", { b: 1 }], "other"),
    expires: (_cache, clock) => {
      clock.now += 10_000;
    },
    "gets a shorter time to live": (cache, clock) => {
      cache.setTtl(["a", { b: 1 }], 1);
      clock.now += 1000;
    },
    "is evicted": (cache) => {
      for (let i = 0; i < 100; i++) cache.set([i], i);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`${name}, and is not found any more; what takes its place is`, (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ maxEntries: 10, defaultTtl: 10, clockResolution: 0, eviction: "lru" });
      const key = () => ["a", { b: 1 }];
      cache.set(key(), 1);
      for (let i = 0; i < 5; i++) assert.equal(cache.get(key()), 1);
      change(cache, clock);
      assert.equal(cache.get(key()), undefined);
      cache.set(["b", { b: 1 }], 2);
      assert.equal(cache.get(key()), undefined);
      cache.set(key(), 3);
      for (let i = 0; i < 5; i++) assert.equal(cache.get(key()), 3);
      cache.set(key(), 4);
      assert.equal(cache.get(key()), 4);
      assert.equal(cache.get(["b", { b: 1 }]), 2);
    });
  }

  it("counts as a hit each time, and stays in a full cache", () => {
    const cache = new Cache({ maxEntries: 3, stats: true, eviction: "lru" }).set({ kept: 1 }, 1);
    for (let i = 0; i < 50; i++) {
      assert.equal(cache.get({ kept: 1 }), 1);
      cache.set([i], i);
    }
    assert.equal(cache.stats.hits, 50);
  });

  it("is not kept alive by it, nor are its value and what is in it", async () => {
    const cache = new Cache();
    const refs = [];
    (() => {
      for (let i = 0; i < 5; i++) {
        const inner = { b: [1] };
        const key = { a: inner, c: new Date(5) };
        if (i === 0) cache.set(key, { big: 1 });
        refs.push(new WeakRef(inner), new WeakRef(key), new WeakRef(cache.get(key)));
      }
      cache.delete({ a: { b: [1] }, c: new Date(5) });
    })();
    for (let i = 0; i < 10 && refs.some((ref) => ref.deref() !== undefined); i++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      globalThis.gc();
    }
    assert.deepEqual(
      refs.map((ref) => ref.deref()),
      refs.map(() => undefined),
    );
  });

  it("among twenty thousand others is found, and so are they", () => {
    const cache = new Cache();
    const make = (i) => [{ id: i, name: `user ${i % 100}` }, i % 7 === 0];
    for (let i = 0; i < 20_000; i++) cache.set(make(i), i);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20_000; i++) if (cache.get(make(i)) !== i) assert.fail(`${i} is lost`);
    }
    for (let i = 0; i < 20_000; i += 2) cache.delete(make(i));
    for (let i = 0; i < 20_000; i++) {
      if (cache.get(make(i)) !== (i % 2 === 0 ? undefined : i)) assert.fail(`${i} is wrong`);
    }
  });
});
