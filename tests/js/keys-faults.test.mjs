// Keys that fail, call back, or change under the encoding: an error or an answer, and never a broken cache.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache, UnhashableKeyError } from "poche";
import { unhashable } from "./lib/hostile-keys.mjs";

const POCHE_KEY = Symbol.for("poche.key");

for (const [name, make] of Object.entries(unhashable)) {
  it(`${name} is an UnhashableKeyError, and changes nothing`, () => {
    const cache = new Cache().set("a", 1).set([1], 2);
    for (const call of ["set", "get", "gos", "has", "delete", "rename", "getset", "item"]) {
      const act = () => cache[call](make(), make());
      assert.throws(act, (error) => error instanceof UnhashableKeyError && error.code === "ERR_UNHASHABLE_KEY", call);
    }
    assert.deepEqual(
      [...cache],
      [
        ["a", 1],
        [[1], 2],
      ],
    );
    assert.equal(cache.get([1]), 2);
  });
}

it("900 levels are no trouble", () => {
  const nested = () => {
    let key = ["core"];
    for (let i = 0; i < 300; i++) key = [{ k: new Map([[i, key]]) }];
    return key;
  };
  const cache = new Cache().set(nested(), 1);
  assert.equal(cache.get(nested()), 1);
  assert.equal(cache.get([...cache.keys()][0]), 1);
});

it("a cycle is found at once, however much is beside it, and named", () => {
  const wide = Array.from({ length: 10_000 }, (_, index) => index);
  const cycle = [wide, { wide }];
  cycle.push({ deep: [cycle] });
  assert.throws(() => new Cache().set(cycle, 1), { message: /contains itself/ });
  // What the process used, in microseconds: what the machine does beside it does not count.
  const started = process.cpuUsage();
  for (let i = 0; i < 20; i++) assert.throws(() => new Cache().set(cycle, 1), UnhashableKeyError);
  const { user, system } = process.cpuUsage(started);
  assert.ok(user + system < 2_000_000, `${user + system} microseconds`);
});

it("an object twice in a key is no cycle", () => {
  const shared = { a: 1 };
  const cache = new Cache().set([shared, shared, { shared }], 1);
  assert.equal(cache.get([{ a: 1 }, { a: 1 }, { shared: { a: 1 } }]), 1);
});

it("what user code throws passes through, and nothing is left broken", () => {
  const thrown = new Error("mine");
  const fail = () => {
    throw thrown;
  };
  const faults = [
    {
      get a() {
        return fail();
      },
    },
    { [POCHE_KEY]: fail },
    [1, { [POCHE_KEY]: fail }],
    new Proxy({}, { ownKeys: fail }),
    new Proxy({}, { get: fail }),
    new Proxy({}, { getPrototypeOf: fail }),
    new Proxy([1], { get: fail }),
    new Proxy(() => 1, { get: fail }),
    new Map([
      [
        1,
        {
          get a() {
            return fail();
          },
        },
      ],
    ]),
  ];
  const cache = new Cache().set([1], 1);
  for (let i = 0; i < 300; i++) {
    for (const fault of faults) {
      assert.throws(
        () => cache.set(fault, 1),
        (error) => error === thrown,
      );
    }
  }
  assert.deepEqual([...cache], [[[1], 1]]);
});

it("getters, proxies and poche.key methods may use any cache", () => {
  const inner = new Cache();
  const cache = new Cache();
  let depth = 0;
  const nosy = (n) => ({
    before: "before",
    get inside() {
      depth = Math.max(depth, n);
      if (n < 100) inner.set([nosy(n + 1), "x".repeat(1000)], n);
      inner.get({ another: [n] });
      cache.get([n]);
      return n;
    },
    [POCHE_KEY]: undefined,
  });
  cache.set([nosy(0), nosy(0), "after"], 1);
  assert.equal(depth, 100);
  assert.equal(cache.get([nosy(100), nosy(0), "after"]), undefined);
  assert.equal(cache.get([nosy(0), nosy(0), "after"]), 1);
  assert.equal(cache.size, 1);
});

it("a getter that looks up its own object ends in an UnhashableKeyError", () => {
  const cache = new Cache();
  const key = {
    get a() {
      return cache.get(key);
    },
  };
  assert.throws(() => cache.get(key), UnhashableKeyError);
  const keyed = { [POCHE_KEY]: () => [cache.get(keyed)] };
  assert.throws(() => cache.get(keyed), UnhashableKeyError);
  assert.equal(cache.set(["still"], 1).get(["still"]), 1);
});

it("a key that changes while it is read is the key that was read", () => {
  const cache = new Cache();
  const key = {
    get a() {
      delete key.b;
      key.c = 3;
      return 1;
    },
    b: 2,
  };
  cache.set(key, 1);
  // It may be read more than once.
  assert.deepEqual([...cache.keys()], [{ a: 1, c: 3 }]);
  assert.equal(cache.get({ c: 3, a: 1 }), 1);
  const array = [
    {
      get a() {
        array.length = 0;
        return 1;
      },
    },
    2,
  ];
  cache.set(array, 2);
  assert.equal(cache.get([{ a: 1 }, undefined]), 2);
});

it("a proxy may lie about its length", () => {
  const cache = new Cache();
  for (const length of [-1, 2 ** 32, "x", NaN, 2 ** 31, Infinity]) {
    const key = new Proxy([1], { get: (target, name) => (name === "length" ? length : target[name]) });
    try {
      cache.set(key, 1);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }
  assert.throws(() => cache.set(new Array(2 ** 32 - 1), 1), { code: "ERR_OUT_OF_MEMORY" });
  assert.equal(cache.set(["still"], 1).get(["still"]), 1);
});

it("patched and frozen built-ins change nothing", () => {
  const cache = new Cache();
  const date = Object.assign(new Date(0), { getTime: () => 5, valueOf: () => 5 });
  const map = Object.assign(new Map([[1, 2]]), { forEach() {}, entries() {}, [Symbol.iterator]: null });
  const bytes = Object.defineProperties(new Uint8Array([1]), { length: { value: 0 }, byteLength: { value: 0 } });
  for (const [odd, plain] of [
    [date, new Date(0)],
    [map, new Map([[1, 2]])],
    [bytes, new Uint8Array([1])],
  ]) {
    cache.set(odd, plain);
    assert.equal(cache.get(plain), plain);
  }
});

it("a stack that is nearly full is an error, and the cache goes on", () => {
  const cache = new Cache();
  const key = [[[{ a: new Map([[1, [2]]]) }]]];
  let failures = 0;
  const dive = () => {
    try {
      cache.set(key, 1);
    } catch (error) {
      failures += 1;
      throw error;
    }
    dive();
  };
  assert.throws(dive);
  assert.ok(failures > 0);
  assert.equal(cache.get([[[{ a: new Map([[1, [2]]]) }]]]), 1);
  assert.equal(cache.size, 1);
});
