// `poche/apollo`: what Apollo relies on, in tests/consumers held against Apollo's own types and wrappers.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";
import named, { KeyValueCachePoche } from "poche/apollo";
import { fakeClock } from "./lib/fake-clock.mjs";

describe("KeyValueCachePoche", () => {
  it("gives promises: of the value or undefined, of nothing, of whether there was something", async () => {
    const store = new KeyValueCachePoche();
    assert.equal(named, KeyValueCachePoche);
    assert.equal(KeyValueCachePoche.name, "KeyValueCachePoche");
    for (const promise of [store.set("a", "1"), store.get("a"), store.delete("b")])
      assert.ok(promise instanceof Promise);
    assert.equal(await store.set("a", "1"), undefined);
    assert.equal(await store.get("a"), "1");
    assert.equal(await store.delete("a"), true);
    assert.equal(await store.delete("a"), false);
    assert.equal(await store.get("a"), undefined);
  });

  it("counts in seconds; null and 0 are for ever, left out is the cache's default, negative is over", async (t) => {
    const clock = fakeClock(t);
    const store = new KeyValueCachePoche({ defaultTtl: 60, clockResolution: 0 });
    await store.set("two", "2", { ttl: 2 });
    await store.set("null", "never", { ttl: null });
    await store.set("zero", "never", { ttl: 0 });
    await store.set("default", "60");
    await store.set("empty", "60", {});
    await store.set("undefined", "60", { ttl: undefined });
    const left = (key) => (store.cache.getTtl(key) === null ? null : (store.cache.getTtl(key) - clock.now) / 1000);
    const keys = ["two", "null", "zero", "default", "empty", "undefined"];
    assert.deepEqual(keys.map(left), [2, null, null, 60, 60, 60]);
    clock.now += 2000;
    assert.equal(await store.get("two"), undefined);
    await store.set("null", "gone", { ttl: -1 });
    assert.equal(await store.get("null"), undefined);
  });

  it("is rejected for a ttl that is none, and what was there stays", async () => {
    const store = new KeyValueCachePoche();
    await store.set("a", "1");
    await assert.rejects(store.set("a", "2", { ttl: NaN }), { code: "ERR_OUT_OF_RANGE" });
    await assert.rejects(store.set("a", "2", { ttl: "soon" }), { code: "ERR_INVALID_ARGUMENT" });
    assert.equal(await store.get("a"), "1");
  });

  it("takes a cache that there is, also a strict one, and passes its errors on as rejections", async () => {
    const cache = new Cache({ strict: true, maxBytes: 10, sizeOf: (value) => value.length });
    const store = new KeyValueCachePoche(cache);
    assert.equal(store.cache, cache);
    assert.equal(await store.get("a"), undefined);
    assert.equal(await store.delete("a"), false);
    await assert.rejects(store.set("a", "x".repeat(11)), { code: "ERR_ENTRY_TOO_LARGE" });
    cache.free();
    await assert.rejects(store.get("a"), { code: "ERR_CACHE_FREED" });
  });
});
