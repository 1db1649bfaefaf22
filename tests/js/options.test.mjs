// The options of a cache: what is taken, and what is refused with which words.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";

const sizeOf = () => 1;

it("takes what is documented", () => {
  const good = [
    undefined,
    {},
    { defaultTtl: undefined, strict: undefined, maxEntries: undefined, maxBytes: undefined, sizeOf: undefined },
    { eviction: undefined, keys: undefined, values: undefined, stats: undefined, onRemove: undefined },
    { clockResolution: undefined, purgeEvery: undefined },
    { maxEntries: 1 },
    { maxEntries: 100_000_000 },
    { maxEntries: Infinity, maxBytes: Infinity },
    { maxBytes: 1, sizeOf },
    { maxBytes: Number.MAX_SAFE_INTEGER, sizeOf },
    { sizeOf },
    { eviction: "lru" },
    { eviction: "default", maxEntries: 5 },
    { keys: "value" },
    { keys: "identity" },
    { values: "reference" },
    { clockResolution: 0 },
    { clockResolution: 0.5 },
    { clockResolution: 1000 },
    { purgeEvery: null },
    { purgeEvery: Infinity },
    Object.create({ strict: true }),
  ];
  for (const options of good) new Cache(options).free();
});

it("refuses what is not, with the name, the value and what would be right", () => {
  const bad = [
    [null, TypeError, "options must be an object"],
    [60, TypeError, "options must be an object"],
    ["60", TypeError, '"60"'],
    [{ ttl: 5 }, TypeError, 'unknown option "ttl"'],
    [{ maxentries: undefined }, TypeError, 'unknown option "maxentries"'],
    [{ strict: 1 }, TypeError, "strict must be true or false; got 1"],
    [{ stats: "yes" }, TypeError, "stats"],
    [{ maxEntries: 0 }, RangeError, "maxEntries must be a whole number from 1 to 134217727; got 0"],
    [{ maxEntries: -1 }, RangeError, "maxEntries"],
    [{ maxEntries: 1.5 }, RangeError, "1.5"],
    [{ maxEntries: Number.NaN }, RangeError, "NaN"],
    [{ maxEntries: 2 ** 27 }, RangeError, "134217728"],
    [{ maxEntries: "5" }, TypeError, '"5"'],
    [{ maxEntries: null }, TypeError, "null"],
    [{ maxEntries: 5n }, TypeError, "5n"],
    [{ maxBytes: 0, sizeOf }, RangeError, "maxBytes"],
    [{ maxBytes: 0.5, sizeOf }, RangeError, "maxBytes"],
    [{ maxBytes: 2 ** 53, sizeOf }, RangeError, "maxBytes"],
    [{ maxBytes: 5 }, TypeError, "maxBytes needs sizeOf"],
    [{ sizeOf: 5 }, TypeError, "sizeOf must be a function; got 5"],
    [{ onRemove: {} }, TypeError, "onRemove must be a function; got {}"],
    [{ eviction: "lfu" }, TypeError, 'eviction must be "default" or "lru"; got "lfu"'],
    [{ keys: "structure" }, TypeError, "keys"],
    [{ values: "weak" }, TypeError, "values"],
    [{ clockResolution: -1 }, RangeError, "clockResolution"],
    [{ clockResolution: Infinity }, RangeError, "clockResolution"],
    [{ clockResolution: "1" }, TypeError, "clockResolution"],
    [{ purgeEvery: new Date() }, TypeError, "purgeEvery"],
    [{ purgeEvery: 0 }, RangeError, "purgeEvery"],
    [{ defaultTtl: 0 }, RangeError, "defaultTtl"],
    [{ defaultTtl: "soon" }, TypeError, "defaultTtl"],
  ];
  for (const [options, type, words] of bad) {
    assert.throws(
      () => new Cache(options),
      (error) => error instanceof type && error.message.includes(words) && error.code.startsWith("ERR_"),
      words,
    );
  }
});

it("reads each option once", () => {
  const counts = {};
  const options = new Proxy(
    {
      defaultTtl: 5,
      strict: true,
      maxEntries: 5,
      maxBytes: 5,
      sizeOf,
      onRemove() {},
      clockResolution: 5,
      purgeEvery: 5,
    },
    {
      get(target, name, receiver) {
        counts[name] = (counts[name] ?? 0) + 1;
        return Reflect.get(target, name, receiver);
      },
    },
  );
  new Cache(options).free();
  assert.deepEqual(
    Object.values(counts).filter((count) => count !== 1),
    [],
  );
});

it("gives back the defaultTtl as it was given", () => {
  assert.equal(new Cache().defaultTtl, null);
  assert.equal(new Cache({ defaultTtl: "5m" }).defaultTtl, "5m");
});

it("compares objects by identity with keys: identity", () => {
  const cache = new Cache({ keys: "identity" });
  const key = [1];
  cache.set(key, "mine").set("text", 1).set(Number.NaN, 2);
  assert.equal(cache.get(key), "mine");
  assert.equal(cache.get([1]), undefined);
  key.push(2);
  assert.equal(cache.get(key), "mine");
  assert.equal([...cache.keys()][0], key);
  assert.equal(cache.get("text"), 1);
  assert.equal(cache.get(Number.NaN), 2);
});
