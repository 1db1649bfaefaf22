// free and Symbol.dispose: the memory goes back at once, and what is called afterwards says so.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache, CacheItem, FreedError } from "poche";

const calls = {
  set: (cache) => cache.set("un", 1),
  get: (cache) => cache.get("un"),
  "get by number": (cache) => cache.get(1),
  "get by structure": (cache) => cache.get([1]),
  gos: (cache) => cache.gos("un", 1),
  getset: (cache) => cache.getset("un", 1),
  has: (cache) => cache.has("un"),
  peek: (cache) => cache.peek("un"),
  delete: (cache) => cache.delete("un"),
  flush: (cache) => cache.flush(),
  clear: (cache) => cache.clear(),
  setTtl: (cache) => cache.setTtl("un", 1),
  getTtl: (cache) => cache.getTtl("un"),
  bump: (cache) => cache.bump("un", 1),
  persist: (cache) => cache.persist("un"),
  rename: (cache) => cache.rename("un", "deux"),
  purge: (cache) => cache.purge(),
  keys: (cache) => cache.keys(),
  values: (cache) => cache.values(),
  entries: (cache) => cache.entries(),
  items: (cache) => cache.items(),
  asMap: (cache) => cache.asMap(),
  iteration: (cache) => [...cache],
  forEach: (cache) => cache.forEach(() => {}),
  size: (cache) => cache.size,
  item: (cache) => cache.item("un"),
  setItem: (cache) => cache.setItem("un", new CacheItem(1)),
  dict: (cache) => cache.dict,
  getMany: (cache) => cache.getMany([]),
  setMany: (cache) => cache.setMany([]),
  deleteMany: (cache) => cache.deleteMany([]),
  stats: (cache) => cache.stats,
  resetStats: (cache) => cache.resetStats(),
  snapshot: (cache) => cache.snapshot(),
};

for (const options of [{}, { stats: true, maxEntries: 5, onRemove() {}, purgeEvery: 5 }]) {
  for (const [name, call] of Object.entries(calls)) {
    it(`${name} throws a FreedError after free (${Object.keys(options).join(", ") || "no options"})`, () => {
      const cache = new Cache(options).set("un", 1);
      cache.free();
      const is = (error) =>
        error instanceof FreedError && error.code === "ERR_CACHE_FREED" && /freed/.test(error.message);
      assert.throws(() => call(cache), is);
    });
  }
}

it("twice is harmless, in either way", () => {
  const cache = new Cache();
  cache[Symbol.dispose]();
  cache.free();
  cache.free();
  cache[Symbol.dispose]();
});

it("every method is tried above", () => {
  const members = Object.getOwnPropertyNames(Cache.prototype).filter(
    (name) => !["constructor", "free", "defaultTtl"].includes(name),
  );
  assert.deepEqual(
    members.filter((name) => !(name in calls)),
    [],
  );
});

it("other caches go on", () => {
  const other = new Cache().set("un", 1);
  new Cache().set("un", 2).free();
  assert.equal(other.get("un"), 1);
});

it("a cache that is freed while its key is read says so", () => {
  const cache = new Cache();
  const key = () => ({
    get id() {
      cache.free();
      return 1;
    },
  });
  assert.throws(() => cache.set(key(), 1), FreedError);
});
