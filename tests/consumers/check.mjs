// What every consumer runs with the package that it has loaded, and what must come out of it.

/** Uses the package and reports the values that it gave. */
export async function check({ Cache, CacheItem, KeyError, memoize }) {
  const report = {};
  const cache = new Cache({ defaultTtl: 60, stats: true });
  cache.set(["user", 42], { name: "Ada" }).set({ b: 2, a: [new Date(0), 5n] }, "object");
  report.array = cache.get(["user", 42]).name;
  report.object = cache.get({ a: [new Date(0), 5n], b: 2 });
  report.miss = String(cache.get(["user", 43]));
  report.number = cache.set(-1.5, "number").get(-1.5);
  report.text = cache.set("é😀\ud800", "text").get("é😀\ud800");
  report.long = cache.set("x".repeat(10_000), "long").get("x".repeat(10_000));
  report.bytes = cache.set(new Uint8Array([1, 2]), "bytes").get(new Uint8Array([1, 2]));
  report.keys = Array.from(cache.keys(), (key) => typeof key).join();
  report.hitRate = cache.stats.hitRate;
  report.item = cache.setItem("item", new CacheItem(7)).item("item").toJSON();

  report.past = cache.set("past", 1, new Date(Date.now() - 1)).has("past");
  cache.set("brief", 1, 0.02).set("lasting", 1, "1m");
  await new Promise((resolve) => setTimeout(resolve, 60));
  report.expired = [cache.has("brief"), cache.has("lasting")];

  let runs = 0;
  const make = async () => `made ${++runs}`;
  report.shared = await Promise.all([cache.gos("shared", make), cache.gos("shared", make)]);
  const add = memoize((a, b) => a + b + runs++ * 0, 60);
  report.memoized = [add(1, 2), add(1, 2), runs];

  const bounded = new Cache({ maxEntries: 2, eviction: "lru" }).set(1, 1).set(2, 2);
  bounded.get(1);
  report.lru = [...bounded.set(3, 3).keys()];

  const value = { when: new Date(0), list: ["é😀", 5n], bytes: new Uint8Array([1, 2]) };
  const copy = new Cache({ values: "copy" }).set("copy", value).get("copy");
  report.copied = [copy === value, copy.when.getTime(), copy.list[0], String(copy.list[1]), Array.from(copy.bytes)];

  // Enough for memory to grow more than once.
  const large = new Cache();
  for (let id = 0; id < 20_000; id++) large.set(`key number ${id}`, id);
  let sum = 0;
  for (let id = 0; id < 20_000; id++) sum += large.get(`key number ${id}`);
  report.sum = [large.size, sum];

  try {
    new Cache({ strict: true }).get(["nothing"]);
  } catch (error) {
    report.error = [error instanceof KeyError, error.name, error.code, error.message];
  }
  large.free();
  try {
    large.get(1);
  } catch (error) {
    report.freed = error.code;
  }
  report.names = [Cache.name, CacheItem.name];
  return report;
}

/** The report of a package that works. */
export const expected = {
  array: "Ada",
  object: "object",
  miss: "undefined",
  number: "number",
  text: "text",
  long: "long",
  bytes: "bytes",
  keys: "object,object,number,string,string,object",
  hitRate: 6 / 7,
  item: { value: 7, expiration: null },
  past: false,
  expired: [false, true],
  shared: ["made 1", "made 1"],
  memoized: [3, 3, 2],
  lru: [1, 3],
  copied: [false, 0, "é😀", "5", [1, 2]],
  sum: [20_000, 199_990_000],
  error: [true, "KeyError", "ERR_KEY_NOT_FOUND", 'nothing is stored under the key ["nothing"]'],
  freed: "ERR_CACHE_FREED",
  names: ["Cache", "CacheItem"],
};
