// gos: values, factories, and promises that several callers share.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { Cache, CacheItem } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

/** A promise with its resolvers, as Promise.withResolvers. */
function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

describe("gos with a value or a function", () => {
  it("calls the function on a miss only, without arguments", () => {
    const cache = new Cache();
    const calls = [];
    const factory = (...args) => calls.push(args);
    assert.equal(cache.gos("un", factory), 1);
    assert.equal(cache.gos("un", factory), 1);
    assert.deepEqual(calls, [[]]);
  });

  it("stores undefined and null as values", () => {
    const cache = new Cache();
    assert.equal(
      cache.gos("un", () => undefined),
      undefined,
    );
    assert.equal(
      cache.gos("un", () => 2),
      undefined,
    );
    assert.equal(cache.gos("deux", null), null);
    assert.equal(cache.gos("deux", 2), null);
  });

  it("removes what has expired, and inserts anew at the end", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache();
    cache.set("un", 1, 1).set("deux", 2);
    clock.now += 1000;
    assert.equal(
      cache.gos("un", () => "one", 2),
      "one",
    );
    assert.deepEqual([...cache.keys()], ["deux", "un"]);
    assert.equal(cache.getTtl("un").getTime(), clock.now + 2000);
  });

  it("a function that throws stores nothing", () => {
    const cache = new Cache();
    const thrown = new Error("no");
    assert.throws(
      () =>
        cache.gos("un", () => {
          throw thrown;
        }),
      thrown,
    );
    assert.equal(cache.size, 0);
    assert.equal(cache.gos("un", 1), 1);
  });

  it("a function may use the cache, the same key too: its own result is stored last", () => {
    const cache = new Cache();
    const value = cache.gos("un", () => {
      cache.set("un", "inner").set("deux", 2);
      assert.equal(cache.gos("un", "other"), "inner");
      return "outer";
    });
    assert.equal(value, "outer");
    assert.equal(cache.get("un"), "outer");
    assert.equal(cache.get("deux"), 2);
    assert.equal(
      cache.gos("fib", function fib() {
        return cache.gos("inner", () => 1) + 1;
      }),
      2,
    );
  });

  it("a key that changes while the function runs is the one that was given", () => {
    const cache = new Cache();
    const key = { id: 1 };
    cache.gos(key, () => {
      key.id = 2;
      return "one";
    });
    assert.equal(cache.get({ id: 1 }), "one");
    assert.equal(cache.has({ id: 2 }), false);
  });

  it("a promise that is given itself is a value like any other", () => {
    const cache = new Cache();
    const promise = Promise.resolve(1);
    assert.equal(cache.gos("un", promise), promise);
    assert.equal(cache.get("un"), promise);
  });
});

describe("gos with a function that gives a promise", () => {
  it("shares it among concurrent callers; get misses until it settles", async () => {
    const cache = new Cache();
    const { promise, resolve } = deferred();
    let calls = 0;
    const load = () => {
      calls += 1;
      return promise;
    };
    const all = [cache.gos("un", load), cache.gos("un", load), cache.gos("un", "a value")];
    assert.ok(all.every((one) => one instanceof Promise));
    assert.equal(cache.get("un"), undefined);
    assert.equal(cache.has("un"), false);
    assert.equal(cache.size, 0);
    resolve("loaded");
    assert.deepEqual(await Promise.all(all), ["loaded", "loaded", "loaded"]);
    assert.equal(calls, 1);
    assert.equal(cache.get("un"), "loaded");
  });

  it("afterwards get gives the value, gos a promise of it", async () => {
    const cache = new Cache();
    await cache.gos("un", () => Promise.resolve(1));
    assert.equal(cache.get("un"), 1);
    for (const other of [2, () => 2, () => Promise.resolve(2)]) {
      const result = cache.gos("un", other);
      assert.ok(result instanceof Promise);
      assert.equal(await result, 1);
    }
    cache.set("un", "set");
    assert.equal(cache.gos("un", 2), "set");
  });

  it("an async function gets a promise, whatever is stored", async () => {
    const cache = new Cache().set("un", 1);
    const result = cache.gos("un", async () => 2);
    assert.ok(result instanceof Promise);
    assert.equal(await result, 1);
  });

  it("takes any thenable", async () => {
    const cache = new Cache();
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    const result = cache.gos("un", () => ({ then: (resolve) => resolve("thenable") }));
    assert.ok(result instanceof Promise);
    assert.equal(await result, "thenable");
    assert.equal(cache.get("un"), "thenable");
  });

  it("shares by value of the key", async () => {
    const cache = new Cache();
    let calls = 0;
    const load = async () => ++calls;
    const results = [[1, { a: 1 }], [1, { a: 1 }], "1", 1, "1", 1, -0, 0, Number.NaN, Number.NaN, "", []].map((key) =>
      cache.gos(key, load),
    );
    assert.deepEqual(await Promise.all(results), [1, 1, 2, 3, 2, 3, 4, 4, 5, 5, 6, 7]);
  });

  it("counts the ttl from when the value is stored", async (t) => {
    const clock = fakeClock(t);
    const cache = new Cache();
    const { promise, resolve } = deferred();
    const result = cache.gos("un", () => promise, 10);
    clock.now += 60_000;
    resolve(1);
    await result;
    assert.equal(cache.getTtl("un").getTime(), clock.now + 10_000);
  });

  const meanwhile = {
    set: (cache) => cache.set("un", "other"),
    setMany: (cache) => cache.setMany([["un", "other"]]),
    setItem: (cache) => cache.setItem("un", new CacheItem("other")),
    dict: (cache) => {
      cache.dict.un = new CacheItem("other");
    },
    getset: (cache) => cache.getset("un", "other"),
    "rename to it": (cache) => cache.set("from", "other").rename("from", "un"),
    delete: (cache) => cache.delete("un"),
    deleteMany: (cache) => cache.deleteMany(["un"]),
    "delete dict": (cache) => delete cache.dict.un,
    flush: (cache) => cache.flush(),
    clear: (cache) => cache.clear(),
    "set and delete": (cache) => cache.set("un", 1).delete("un"),
  };
  for (const [name, change] of Object.entries(meanwhile)) {
    it(`${name} in the meantime wins over the late result`, async () => {
      const cache = new Cache();
      const { promise, resolve } = deferred();
      const result = cache.gos("un", () => promise);
      change(cache);
      const entries = [...cache];
      resolve("late");
      assert.equal(await result, "late");
      assert.deepEqual([...cache], entries);
    });
  }

  it("keys compared by structure are told apart and found again", async () => {
    const cache = new Cache();
    const first = deferred();
    const second = deferred();
    const results = [cache.gos([1], () => first.promise), cache.gos([2], () => second.promise)];
    cache.set([1], "other");
    first.resolve("late");
    second.resolve("two");
    await Promise.all(results);
    assert.equal(cache.get([1]), "other");
    assert.equal(cache.get([2]), "two");
  });

  it("a gos after a delete begins anew, and the older result does not disturb it", async () => {
    const cache = new Cache();
    const older = deferred();
    const newer = deferred();
    const first = cache.gos("un", () => older.promise);
    cache.delete("un");
    const second = cache.gos("un", () => newer.promise);
    older.resolve("older");
    assert.equal(await first, "older");
    assert.equal(cache.has("un"), false);
    newer.resolve("newer");
    assert.equal(await second, "newer");
    assert.equal(cache.get("un"), "newer");
  });

  it("other keys do not matter", async () => {
    const cache = new Cache();
    const { promise, resolve } = deferred();
    const result = cache.gos("un", () => promise);
    cache.set("deux", 2).set(1, 1).set(["un"], 1);
    cache.delete("deux");
    resolve("loaded");
    await result;
    assert.equal(cache.get("un"), "loaded");
  });

  it("a key that changes in the meantime is the one that was given", async () => {
    const cache = new Cache();
    const key = [1];
    const { promise, resolve } = deferred();
    const result = cache.gos(key, () => promise);
    key[0] = 2;
    resolve("one");
    await result;
    assert.equal(cache.get([1]), "one");
    assert.deepEqual([...cache.keys()], [[1]]);
  });

  it("a key compared by identity is kept", async () => {
    const cache = new Cache();
    const key = () => {};
    await cache.gos([key], async () => 1);
    assert.equal(cache.get([key]), 1);
    assert.equal([...cache.keys()][0][0], key);
  });

  it("after free, the callers get their value and nothing else happens", async () => {
    const cache = new Cache();
    const { promise, resolve } = deferred();
    const result = cache.gos("un", () => promise);
    cache.free();
    resolve("late");
    assert.equal(await result, "late");
  });
});

describe("gos and rejections", () => {
  it("stores nothing, rejects all callers, and begins anew afterwards", async () => {
    const cache = new Cache();
    const { promise, reject } = deferred();
    const results = [cache.gos("un", () => promise), cache.gos("un", () => promise)];
    const thrown = new Error("no");
    reject(thrown);
    for (const result of results) await assert.rejects(result, thrown);
    assert.equal(cache.size, 0);
    assert.equal(await cache.gos("un", async () => "again"), "again");
  });

  it("is unhandled once only, and only where no caller handles it", () => {
    const script = `import { Cache } from "poche";
      process.on("unhandledRejection", (error) => console.log(error.message));
      const cache = new Cache();
      const fail = (message) => async () => { throw new Error(message); };
      cache.gos("un", fail("nobody handles"));
      cache.gos("un", fail("shared"));
      cache.gos("deux", fail("handled")).catch(() => {});
      cache.gos("trois", fail("superseded")).catch(() => {});
      cache.set("trois", 3);`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname });
    assert.equal(String(child.stdout), "nobody handles\n", String(child.stderr));
  });

  it("a value that cannot be stored rejects, and leaves nothing", async () => {
    const cache = new Cache({ maxBytes: 10, sizeOf: (value) => value });
    await assert.rejects(
      cache.gos("un", async () => 11),
      RangeError,
    );
    await assert.rejects(
      cache.gos("un", async () => -1),
      RangeError,
    );
    assert.equal(cache.size, 0);
    assert.equal(await cache.gos("un", async () => 10), 10);
  });

  it("what sizeOf stores under the key comes before the late result", async () => {
    const cache = new Cache({
      maxBytes: 10,
      sizeOf(value) {
        if (value === "late") cache.set("un", "other");
        return 1;
      },
    });
    assert.equal(await cache.gos("un", async () => "late"), "late");
    assert.equal(cache.get("un"), "other");
  });

  it("a getter `then` that throws stores nothing", () => {
    const cache = new Cache();
    const value = {
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
      get then() {
        throw new Error("then");
      },
    };
    assert.throws(() => cache.gos("un", () => value), /then/);
    assert.equal(cache.size, 0);
  });
});
