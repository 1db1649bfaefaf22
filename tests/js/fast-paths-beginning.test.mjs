// A cache begins without an engine, which is given all entries when it is needed. Whatever it is that needs it, and
// whenever, nothing of what was done before is lost: entries, their order, the order of use, expirations.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { random } from "./lib/random.mjs";
import { SimpleModel } from "./lib/simple-model.mjs";

const marks = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? Symbol(i) : () => i));
const keyAt = (i) => [i, `key:${i}`, String(i), i + 0.5, marks[i]][i % 5];

// What cannot be done without it, or may not be.
const needs = {
  nothing: () => {},
  "a structure": ({ cache, model }) => {
    cache.set(["a", { structure: 1 }], "s").delete(["a", { structure: 1 }]);
    // It took the place of what was used longest ago.
    if (model.size === model.maxEntries) model.delete(model.uses.keys().next().value);
  },
  "a lookup of a structure": ({ cache }) => assert.equal(cache.get(["a"]), undefined),
  iteration: ({ cache, model }) => assert.deepEqual([...cache], model.pairs()),
  "a few steps of one": ({ cache, model }) => {
    const steps = cache.keys();
    for (const key of [...model.entries.keys()].slice(0, 3)) assert.equal(steps.next().value, key);
  },
  "a removal": (pair) => pair.both("delete", pair.anyKey()),
  "removals, one after the other": (pair) => {
    for (let i = 0; i < 70; i++) {
      pair.both("delete", pair.anyKey());
      pair.both("set", pair.anyKey(), i);
    }
  },
  "the removal of all": (pair) => {
    for (const key of [...pair.model.entries.keys()].reverse()) pair.both("delete", key);
  },
  "another key": (pair) => pair.both("rename", pair.anyKey(), pair.anyKey()),
  "another time to live": (pair) => {
    for (let i = 0; i < 5; i++) pair.both("setTtl", pair.anyKey(), 1000 + i);
  },
  "no time to live": ({ cache, model, anyKey }) => {
    const key = anyKey();
    assert.equal(cache.persist(key), model.setTtl(key, Infinity));
  },
  flush: ({ cache, model }) => {
    cache.flush();
    model.flush();
  },
  "flush, with an engine": ({ cache, model }) => {
    cache.set([1], 1).flush();
    model.flush();
  },
  snapshot: ({ cache, model }) => {
    if ([...model.entries.keys()].every((key) => typeof key === "string" || typeof key === "number")) {
      assert.equal(Cache.restore(cache.snapshot()).size, model.size);
    } else {
      assert.throws(() => cache.snapshot(), TypeError);
    }
  },
  purge: ({ cache }) => assert.equal(cache.purge(), 0),
  "as many hits as are listed at most": (pair) => {
    for (let i = 0; i < 300; i++) pair.both("get", pair.anyKey());
  },
};

class Pair {
  constructor(options, keys, seed) {
    this.below = random(seed);
    this.keys = keys;
    this.model = new SimpleModel({ maxEntries: options.maxEntries, now: Date.now });
    this.cache = new Cache(options);
  }

  anyKey = () => keyAt(this.below(this.keys));

  both(operation, ...args) {
    const got = this.cache[operation](...args);
    const expected = this.model[operation](...args);
    if (operation !== "set") assert.equal(got, expected, operation);
  }

  /** What needs no engine until the cache is full. */
  begin(steps, ttl) {
    for (let step = 0; step < steps; step++) {
      const key = this.anyKey();
      if (this.below(3) > 0) this.both("set", key, step, ttl(step));
      else this.both(this.below(2) === 0 ? "get" : "peek", key);
      assert.equal(this.cache.size, this.model.size);
    }
  }

  check() {
    for (let i = 0; i < this.keys; i++) this.both("peek", keyAt(i));
    for (const [key, { expires }] of this.model.entries) {
      const expiration = this.cache.getTtl(key);
      assert.equal(expiration === null ? Infinity : expiration.getTime(), expires);
    }
    assert.deepEqual([...this.cache], this.model.pairs());
  }
}

const ttls = {
  never: () => undefined,
  always: (step) => 100 + (step % 7),
  sometimes: (step) => (step % 3 === 0 ? 100 + step : undefined),
  "later on": (step) => (step > 40 ? 50 : undefined),
};

describe("a cache that has not needed its engine yet", () => {
  for (const [need, act] of Object.entries(needs)) {
    it(`goes on as it was when the engine is needed: ${need}`, (t) => {
      const clock = fakeClock(t);
      let seed = 1;
      for (const maxEntries of [1, 2, 15, 16, 17, 63, 64, 65, 66, 128, 129, 500, Infinity]) {
        for (const ttl of Object.values(ttls)) {
          for (const steps of [0, 1, 70, 190, 700]) {
            const options = { eviction: "lru", clockResolution: 0, ...(maxEntries < Infinity && { maxEntries }) };
            const pair = new Pair(options, Math.min(2 * maxEntries, 1000), seed++);
            pair.begin(steps, ttl);
            act(pair);
            pair.check();
            // All that follows is as it would have been: who is evicted above all.
            pair.begin(150, ttl);
            pair.check();
            clock.now += 1;
          }
        }
      }
    });

    it(`under the default policy too: ${need}`, (t) => {
      fakeClock(t);
      for (const steps of [0, 30, 64, 65, 130, 900]) {
        const pair = new Pair({ maxEntries: 1000, clockResolution: 0 }, 990, steps + 1);
        pair.begin(steps, ttls.sometimes);
        act(pair);
        pair.begin(200, ttls.sometimes);
        pair.check();
        for (let i = 0; i < 3000; i++) pair.cache.set(`more:${i}`, i);
        assert.deepEqual([pair.cache.size, [...pair.cache.keys()].length], [1000, 1000]);
      }
    });
  }

  it("lets what has expired go, at a lookup and by `purge`", (t) => {
    const clock = fakeClock(t);
    for (const count of [3, 64, 65, 1000]) {
      const cache = new Cache({ maxEntries: 1000, eviction: "lru", clockResolution: 0 });
      for (let i = 0; i < count; i++) cache.set(keyAt(i), i, i % 2 === 0 ? 10 : 20);
      clock.now += 10_000;
      assert.equal(cache.get(keyAt(0)), undefined);
      assert.equal(cache.get(keyAt(1)), 1);
      assert.equal(cache.purge(), Math.ceil(count / 2) - 1);
      assert.deepEqual(
        [...cache.values()],
        Array.from({ length: count >> 1 }, (_, i) => 2 * i + 1),
      );
    }
  });

  for (const [eviction, count] of [
    ["lru", 70_000],
    ["default", 20_000],
    // So large that the engine has the entries long before it is full.
    ["default", 140_000],
    ["unbounded", 70_000],
  ]) {
    it(`goes on as it was when it has many entries: ${eviction}, ${count}`, () => {
      const bound = eviction === "unbounded" ? {} : { maxEntries: count + 10, eviction };
      const cache = new Cache({ ...bound, defaultTtl: 60 });
      const key = (i) => keyAt(i % 2000 === 4 ? 4 : i % 5 === 4 ? i + 1 : i);
      for (let i = 0; i < count; i++) cache.set(key(i), i);
      const size = cache.size;
      // In another order, and to expire in yet another.
      for (let i = 0; i < 9000; i++) cache.set(key(100 + ((i * 7) % 15_000)), i, 100 + ((i * 4999) % 3000));
      assert.equal(cache.size, size);
      const keys = [...cache.keys()];
      assert.equal(keys.length, size);
      for (const key of keys) assert.ok(cache.peek(key) !== undefined && cache.getTtl(key) > Date.now());
      assert.equal(cache.delete(keyAt(16_385)), true);
      assert.equal(cache.set("more", 1).get("more"), 1);
      assert.equal(cache.size, size);
      assert.equal([...cache.keys()].at(-1), "more");
      if (eviction !== "lru") return;
      cache.get(keys[0]);
      for (let i = 0; cache.size < count + 10; i++) cache.set(`fill:${i}`, i);
      cache.set("one more", 1);
      assert.deepEqual([cache.has(keys[0]), cache.has(keys[1]), cache.has(keys[2])], [true, false, true]);
    });
  }

  it("evicts what has expired before what was used longest ago", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ maxEntries: 100, eviction: "lru", clockResolution: 0 });
    for (let i = 0; i < 100; i++) cache.set(i, i, i === 70 ? 1 : 60);
    clock.now += 2000;
    assert.equal(cache.set("more", 1).has(0), true);
    assert.equal(cache.peek(70), undefined);
    assert.equal(cache.set("still more", 1).has(0), false);
  });

  const beforeEviction = {
    "the first entry that has to leave": () => {},
    "an entry before it is full": (cache) => cache.delete("key:1") && cache.delete("key:2"),
    iteration: (cache) => [...cache.keys()],
    "iteration and a removal": (cache) => [...cache.keys()] && cache.delete("key:1"),
    "a larger structure": (cache) => cache.get([Array(100).fill(1)]),
  };
  for (const [need, act] of Object.entries(beforeEviction)) {
    it(`tells popular keys from others, whatever needs the engine: ${need}`, () => {
      for (const count of [40, 200, 3000]) {
        for (const hits of [0, 3, 20]) {
          const cache = new Cache({ maxEntries: count });
          for (let i = 0; i < count; i++) cache.set(`key:${i}`, i);
          for (let round = 0; round < hits; round++) for (let i = 0; i < count; i += 10) cache.get(`key:${i}`);
          // The hits were of the key, not of its place.
          for (let i = 0; i < count; i += 20) cache.delete(`key:${i}`);
          for (let i = 0; i < count; i += 20) cache.set(`instead:${i}`, i);
          act(cache);
          // Each is wanted more than what was stored and not asked for, and comes to be wanted less than popular ones.
          for (let i = 0; i < 2 * count; i++) {
            cache.set(`new:${i}`, i);
            for (let round = 0; round < 3; round++) cache.get(`new:${i}`);
          }
          const kept = (name, first, step) => {
            let number = 0;
            for (let i = first; i < count; i += step) number += Number(cache.has(`${name}:${i}`));
            return (number * step) / count;
          };
          const message = `${count} entries, ${hits} hits`;
          if (hits > 0) assert.ok(kept("key", 10, 20) > 0.9, message);
          else assert.ok(kept("key", 10, 20) < 0.2, message);
          assert.ok(kept("instead", 0, 20) < 0.2, message);
          assert.ok(kept("key", 5, 10) < 0.2, message);
        }
      }
    });
  }
});

/** Runs a script in a process of its own; what it prints. */
function run(script) {
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname });
  assert.equal(child.status, 0, String(child.stderr));
  return String(child.stdout).trim();
}

it("strings of which all characters are hashed are found after WebAssembly has started, as before", () => {
  const script = `
    import assert from "node:assert/strict";
    import { Cache } from "poche";
    import { alikeBut } from "./lib/edge-keys.mjs";
    for (const count of [60, 2000]) {
      // Farther from either end than is looked otherwise.
      const keys = alikeBut(150, 300, count);
      const cache = new Cache();
      for (const key of keys) cache.set(key, key);
      for (const key of keys) assert.equal(cache.get(key), key);
      cache.set(["a structure"], 1);
      for (const key of keys) assert.equal(cache.get(key), key);
      assert.deepEqual([...cache.keys()].slice(0, count), keys);
    }
    console.log("done");`;
  assert.equal(run(script), "done");
});

it("without memory for the engine's entries a cache stays as it is, and goes on when there is some", () => {
  const script = `
    import assert from "node:assert/strict";
    import { Cache, OutOfMemoryError } from "poche";
    const full = new Cache();
    const kept = [];
    // As much as there is: the rest in smaller and smaller pieces.
    for (let size = 64_000_000; size >= 1; size >>= 1) {
      for (let i = 0, left = true; left; i++) {
        const key = [size + "," + i + "x".repeat(size)];
        try {
          full.set(key, 0);
          kept.push([size, key]);
        } catch (error) {
          assert.ok(error instanceof OutOfMemoryError);
          left = false;
        }
      }
    }
    const cache = new Cache({ maxEntries: 50_000, eviction: "lru", defaultTtl: 3600 });
    for (let i = 0; i < 50_000; i++) cache.set(i, i);
    cache.get(0);
    const isIntact = () => {
      assert.equal(cache.size, 50_000);
      for (let i = 0; i < 50_000; i++) assert.equal(cache.peek(i), i);
      assert.ok(cache.getTtl(49_999) > Date.now());
    };
    const refused = () => {
      assert.throws(() => [...cache], OutOfMemoryError);
      assert.throws(() => cache.rename(7, "seven"), OutOfMemoryError);
    };
    refused();
    assert.throws(() => cache.set("one more", 1), OutOfMemoryError);
    isIntact();
    assert.equal(cache.setTtl(3, 7200), true);
    assert.equal(cache.set(5, 5).get(5), 5);
    assert.equal(cache.delete(7), true);
    assert.equal(cache.set(7, 7).get(7), 7);
    isIntact();
    // Now there is memory for the times of their uses, but not for all entries.
    const [size, key] = kept.findLast(([size]) => size >= 500_000);
    assert.ok(size <= 1_000_000);
    full.delete(key);
    refused();
    isIntact();
    cache.set("one more", 1);
    refused();
    full.flush();
    assert.deepEqual([cache.size, cache.has(1), cache.get(0), cache.get(2)], [50_000, false, 0, 2]);
    const values = [...cache.values()];
    assert.deepEqual([values.slice(0, 3), values.slice(-2)], [[0, 2, 3], [7, 1]]);
    assert.equal([...cache.keys()].length, 50_000);
    console.log("done");
  `;
  assert.equal(run(script), "done");
});
