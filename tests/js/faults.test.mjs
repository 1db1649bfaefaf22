// User code that throws or comes back into the same cache, wherever it may run.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache, KeyError } from "poche";
import { random } from "./lib/random.mjs";

/** All that can be seen of a cache. */
const state = (cache) => JSON.stringify([[...cache.items()], cache.stats]);

describe("a key that cannot be read", () => {
  const cycle = [];
  cycle.push(cycle);
  const thrown = new Error("from the key");
  const keys = {
    "with a cycle": [cycle, TypeError],
    "with a getter that throws": [
      {
        get id() {
          throw thrown;
        },
      },
      thrown,
    ],
  };
  const calls = {
    get: (cache, key) => cache.get(key),
    set: (cache, key) => cache.set(key, 1),
    gos: (cache, key) => cache.gos(key, () => assert.fail()),
    getset: (cache, key) => cache.getset(key, 1),
    has: (cache, key) => cache.has(key),
    peek: (cache, key) => cache.peek(key),
    delete: (cache, key) => cache.delete(key),
    setTtl: (cache, key) => cache.setTtl(key, 1),
    getTtl: (cache, key) => cache.getTtl(key),
    bump: (cache, key) => cache.bump(key, 1),
    persist: (cache, key) => cache.persist(key),
    "rename from": (cache, key) => cache.rename(key, "un"),
    "rename to": (cache, key) => cache.rename("un", key),
    item: (cache, key) => cache.item(key),
    setItem: (cache, key) => cache.setItem(key, cache.item("un")),
    getMany: (cache, key) => cache.getMany(["un", key]),
    setMany: (cache, key) =>
      cache.setMany([
        ["un", 2],
        [key, 1],
      ]),
    deleteMany: (cache, key) => cache.deleteMany(["un", key]),
  };
  for (const [kind, [key, error]] of Object.entries(keys)) {
    for (const [name, call] of Object.entries(calls)) {
      it(`${kind}: ${name} throws and changes nothing`, () => {
        const cache = new Cache({ stats: true, maxEntries: 2 }).set("un", 1, 60).set([2], 2);
        const before = state(cache);
        assert.throws(() => call(cache, key), error);
        assert.equal(state(cache), before);
      });
    }
  }
});

describe("user code that comes back into the cache", () => {
  it("while a key is read", () => {
    const cache = new Cache();
    const key = (id) => ({
      get id() {
        cache.set({ id: `inner ${id}` }, "inner").set("x".repeat(100_000), 1);
        cache.delete(["other"]);
        return id;
      },
    });
    cache.set(["other"], 1);
    cache.set(key(1), "one").set(key(2), "two");
    assert.equal(cache.get(key(1)), "one");
    assert.equal(cache.get({ id: 2 }), "two");
    assert.equal(cache.get({ id: "inner 1" }), "inner");
    assert.equal(cache.rename(key(1), key(3)), true);
    assert.equal(cache.get({ id: 3 }), "one");
    assert.deepEqual(cache.getMany([key(3), key(2)]), ["one", "two"]);
    assert.equal(cache.has(["other"]), false);
  });

  it("while a key is read that removes what is looked for", () => {
    const cache = new Cache();
    const key = {
      get id() {
        cache.flush();
        return 1;
      },
    };
    cache.set({ id: 1 }, "one");
    assert.equal(cache.get(key), undefined);
    cache.set({ id: 1 }, "one");
    assert.equal(cache.delete(key), false);
    assert.equal(cache.size, 0);
  });

  it("while a size is taken", () => {
    let depth = 0;
    const cache = new Cache({
      maxBytes: 100,
      sizeOf(_value, key) {
        if (depth === 0) {
          depth += 1;
          cache.set(["inner"], 1).set(key, "inner");
          depth -= 1;
        }
        return 10;
      },
    });
    cache.set(["outer"], "outer");
    assert.equal(cache.get(["outer"]), "outer");
    assert.equal(cache.get(["inner"]), 1);
    assert.equal(cache.getset(["outer"], "again"), "inner");
  });

  it("while values are made, with every kind of change", () => {
    for (let seed = 0; seed < 200; seed++) {
      const below = random(seed);
      let depth = 0;
      const cache = new Cache({ maxEntries: 5, eviction: "lru", stats: true, onRemove: () => act() });
      const act = () => {
        if (depth > 4) return below(100);
        depth += 1;
        const key = [below(8), `k${below(8)}`, [below(8)]][below(3)];
        try {
          switch (below(9)) {
            case 0:
            case 1:
              cache.gos(key, act);
              break;
            case 2:
            case 3:
              cache.set(key, below(100), below(2) ? new Date(0) : null);
              break;
            case 4:
              cache.getset(
                {
                  get [below(3)]() {
                    return act();
                  },
                },
                1,
              );
              break;
            case 5:
              cache.delete(key);
              break;
            case 6:
              if (below(6) === 0) cache.flush();
              break;
            case 7:
              cache.rename(key, below(8));
              break;
            default:
              if (below(3) === 0) throw new KeyError("thrown on purpose");
              cache.purge();
          }
        } finally {
          depth -= 1;
        }
        return below(100);
      };
      for (let i = 0; i < 200; i++) {
        try {
          act();
        } catch (error) {
          const all = error instanceof AggregateError ? error.errors.flat(9) : [error];
          assert.ok(all.length > 0);
          for (const each of all) assert.ok(each instanceof KeyError || each instanceof AggregateError, each);
        }
        assert.ok(cache.size <= 5);
        const entries = [...cache];
        assert.equal(entries.length, cache.size);
        for (const [key, value] of entries) assert.equal(cache.item(key).value, value);
      }
    }
  });
});

it("two caches, and two kinds of keys, do not disturb each other", () => {
  const one = new Cache();
  const two = new Cache({ keys: "identity" });
  const key = [1];
  one.set(key, "by value");
  two.set(key, "by identity");
  const nested = {
    get id() {
      return two.get(key) + one.get([1]);
    },
  };
  one.set(nested, 1);
  assert.equal(one.get({ id: "by identityby value" }), 1);
});
