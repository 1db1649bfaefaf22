// Functions and instances of classes, which are compared by identity and looked up without the engine: what they are is
// asked at each lookup, and never twice in a way that could give two answers.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Cache } from "poche";
import { random } from "./lib/random.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const POCHE_KEY = Symbol.for("poche.key");

class Point {
  constructor(x) {
    this.x = x;
  }
}
class List extends Array {}
class Dictionary extends Map {}
class Day extends Date {}

const MAKERS = [
  (i) => new Point(i),
  (i) => () => i,
  (i) =>
    class {
      x = i;
    },
  (i) => List.of(i),
  (i) => new Dictionary([[i, i]]),
  (i) => new Day(i),
  (i) => Object.create(Point.prototype, { x: { value: i, enumerable: true } }),
  (i) => Object.create({ x: i }),
  (i) => new Error(`error ${i}`),
  (i) => Promise.resolve(i),
  () => new WeakMap(),
  (i) => new Proxy(new Point(i), {}),
  (i) => runInNewContext(`new (class Point { x = ${i} })()`),
  (i) => ({ [POCHE_KEY]: 1, constructor: null, __proto__: Point.prototype, i }),
];
const KINDS = {
  unbounded: {},
  "least recently used": { maxEntries: 2000, eviction: "lru" },
  "the default policy": { maxEntries: 2000 },
  "with expiry": { defaultTtl: 3600, clockResolution: 0 },
  "by copy": { values: "copy" },
  "by identity": { keys: "identity" },
};

for (const [kind, options] of Object.entries(KINDS)) {
  it(`each is one key: ${kind}`, () => {
    const below = random(kind.length);
    const objects = Array.from({ length: 280 }, (_, i) => MAKERS[i % MAKERS.length](i));
    const cache = new Cache(options);
    const model = new Map();
    for (let step = 0; step < 6000; step++) {
      const key = objects[below(objects.length)];
      const before = model.get(key);
      const way = below(9);
      if (way < 2) {
        assert.equal(cache.set(key, step), cache);
        model.set(key, step);
      } else if (way === 2) {
        cache.set(key, step, 100);
        model.set(key, step);
      } else if (way === 3) {
        assert.equal(cache.gos(key, step), before ?? step);
        model.set(key, before ?? step);
      } else if (way === 4) {
        assert.equal(cache.getset(key, step), before);
        model.set(key, step);
      } else if (way === 5 && before !== undefined) {
        assert.equal(cache.delete(key), model.delete(key));
      } else if (way === 6) {
        // Others in between, which are placed where this one was.
        cache.has([step]);
        assert.equal(cache.peek(key), before);
      }
      assert.equal(cache.get(key), model.get(key));
      assert.equal(cache.has(key), model.has(key));
      assert.equal(cache.size, model.size);
    }
    const left = [...cache.keys()];
    assert.equal(left.length, model.size);
    for (const key of left) assert.ok(model.has(key), "the very object");
  });
}

describe("what an object is", () => {
  it("counts as it is at the time of the call", () => {
    const cache = new Cache();
    const object = new Point(1);
    cache.set(object, "identity").set("other", "poche.key").set({ x: 1 }, "structure");
    for (let round = 0; round < 3; round++) {
      assert.equal(cache.get(object), "identity");
      object[POCHE_KEY] = () => "other";
      assert.equal(cache.get(object), "poche.key");
      assert.ok(cache.has(object));
      delete object[POCHE_KEY];
      assert.equal(cache.get(object), "identity");
      Object.setPrototypeOf(object, Object.prototype);
      assert.equal(cache.getTtl(object), null);
      assert.equal(cache.get(object), "structure");
      assert.equal(cache.getset(object, "structure"), "structure");
      Object.setPrototypeOf(object, Point.prototype);
      assert.equal(cache.get(object), "identity");
      assert.equal(cache.gos(object, "new"), "identity");
    }
    Object.setPrototypeOf(object, null);
    assert.ok(cache.delete(object));
    Object.setPrototypeOf(object, Point.prototype);
    assert.equal(cache.get(object), "identity");
    assert.equal(cache.get({ x: 1 }), undefined);
    assert.equal(cache.size, 2);
  });

  it("may be said otherwise by a proxy each time it is asked, and the cache stays whole", () => {
    const below = random(5);
    for (const options of [{}, { maxEntries: 30 }, { maxEntries: 30, eviction: "lru" }, { stats: true }]) {
      const cache = new Cache(options);
      const prototypes = [Point.prototype, Object.prototype, null, Array.prototype, Map.prototype];
      const fickle = Array.from({ length: 10 }, (_, i) => {
        return new Proxy(i % 2 ? { i } : [i], {
          getPrototypeOf: () => {
            // It may use the cache, and ask for itself or others.
            if (below(8) === 0) use(fickle[below(fickle.length)]);
            return prototypes[below(prototypes.length)];
          },
          get: (target, name) => (name === POCHE_KEY && below(9) === 0 ? () => new Point(1) : target[name]),
        });
      });
      let depth = 0;
      const use = (key) => {
        if (++depth < 4) {
          const way = below(7);
          if (way < 2) cache.set(key, "a value");
          else if (way === 2) cache.set(key, "a value", 100);
          else if (way === 3) cache.gos(key, "a value");
          else if (way === 4) cache.getset(key, "a value");
          else if (way === 5) cache.delete(key);
          else assert.ok([undefined, "a value"].includes(cache.get(key)));
        }
        depth--;
      };
      const steady = Array.from({ length: 5 }, (_, i) => new Point(i));
      for (let step = 0; step < 4000; step++) {
        use(fickle[below(fickle.length)]);
        const key = steady[below(steady.length)];
        cache.set(key, step);
        assert.equal(cache.get(key), step);
        assert.equal([...cache.keys()].length, cache.size);
      }
      // What is there is found, in the end: all of it can be removed.
      for (const key of [...cache.keys()].filter((key) => !fickle.includes(key))) assert.ok(cache.delete(key));
      for (const key of cache.keys()) assert.ok(fickle.includes(key));
      cache.flush();
      assert.equal(cache.size, 0);
      assert.equal(cache.set(steady[0], 1).get(steady[0]), 1);
    }
  });

  it("is what was said last, where a proxy has it looked up while it is asked", () => {
    const cache = new Cache();
    let answer = () => Point.prototype;
    const key = new Proxy({ i: 1 }, { getPrototypeOf: () => answer() });
    cache.set(key, "identity");
    answer = () => {
      answer = () => Point.prototype;
      assert.equal(cache.get(key), "identity");
      answer = () => Object.prototype;
      return Object.prototype;
    };
    cache.set(key, "structure");
    assert.equal(cache.get({ i: 1 }), "structure");
    answer = () => Point.prototype;
    assert.equal(cache.get(key), "identity");
    assert.equal(cache.size, 2);
    assert.ok(cache.delete(key));
    assert.deepEqual([...cache], [[{ i: 1 }, "structure"]]);
  });

  it("is not asked of one that fails, and nothing changes", () => {
    const cache = new Cache().set("un", 1);
    const failing = new Proxy(new Point(1), {
      getPrototypeOf() {
        throw new Error("mine");
      },
    });
    const { proxy, revoke } = Proxy.revocable(new Point(1), {});
    const { proxy: call, revoke: revokeCall } = Proxy.revocable(() => 1, {});
    revoke();
    revokeCall();
    for (const use of [(key) => cache.get(key), (key) => cache.set(key, 1), (key) => cache.set(key, 1, 5)]) {
      assert.throws(() => use(failing), /mine/);
      for (const key of [proxy, call]) assert.throws(() => use(key), { code: "ERR_UNHASHABLE_KEY" });
    }
    assert.deepEqual([...cache], [["un", 1]]);
  });
});

it("what was only looked up is collected", async () => {
  const cache = new Cache().set(new Point(0), 0);
  const look = () => {
    const object = new Point(1);
    for (const use of [cache.get, cache.has, cache.peek, cache.delete]) use.call(cache, object);
    return new WeakRef(object);
  };
  const object = look();
  for (let i = 0; i < 50 && object.deref() !== undefined; i++) {
    await turn();
    collect();
    await turn();
  }
  assert.equal(object.deref(), undefined);
});
