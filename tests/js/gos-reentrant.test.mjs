// What a function that gos calls does to the cache before it gives its result: it comes first, the result last.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";

const deeds = {
  sets: (cache) => cache.set("key", "inner", 5),
  deletes: (cache) => cache.delete("key"),
  flushes: (cache) => cache.flush(),
  "calls gos": (cache) => cache.gos("key", "inner"),
  "calls gos with a function": (cache) => cache.gos("key", () => "inner"),
  "calls gos with an async function": (cache) => cache.gos("key", async () => "inner"),
  renames: (cache) => cache.set("other", 1).rename("other", "key"),
  "fills a bounded cache": (cache) => [1, 2, 3].forEach((n) => void cache.set(n, n)),
};

for (const bounded of [{}, { maxEntries: 2 }]) {
  for (const [name, deed] of Object.entries(deeds)) {
    describe(`a function that ${name}, ${JSON.stringify(bounded)}`, () => {
      it("gives its own result, which is stored last", async () => {
        const cache = new Cache(bounded);
        const result = cache.gos("key", () => {
          deed(cache);
          return "outer";
        });
        assert.equal(result, "outer");
        assert.equal(cache.get("key"), "outer");
        await null;
        await null;
        assert.equal(cache.get("key"), "outer");
        assert.equal([...cache.keys()].filter((key) => key === "key").length, 1);
        assert.equal([...cache].length, cache.size);
      });

      it("and in an async function as well", async () => {
        const cache = new Cache(bounded);
        const result = cache.gos("key", async () => {
          deed(cache);
          return "outer";
        });
        assert.equal(await result, "outer");
        assert.equal(cache.peek("key"), "outer");
        assert.equal([...cache].length, cache.size);
      });

      it("and one that throws leaves what it did", () => {
        const cache = new Cache(bounded).set("before", 1);
        assert.throws(
          () =>
            cache.gos("key", () => {
              deed(cache);
              throw new Error("no");
            }),
          /no/,
        );
        assert.equal([...cache].length, cache.size);
        assert.notEqual(cache.get("key"), "outer");
      });
    });
  }
}

it("a delete wins over a promise that a getter of its key has asked for", async () => {
  const cache = new Cache();
  let promise;
  let resolve;
  const key = {
    get a() {
      promise ??= cache.gos({ a: 1 }, () => new Promise((done) => (resolve = done)));
      return 1;
    },
  };
  assert.equal(cache.delete(key), false);
  resolve("late");
  assert.equal(await promise, "late");
  assert.equal(cache.get({ a: 1 }), undefined);
});
