// onRemove: once for each entry that leaves, after the operation.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache, CacheItem, FreedError } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

/** A cache that notes its events. */
function noting(options = {}) {
  const events = [];
  const cache = new Cache({ ...options, onRemove: (...event) => events.push(event) });
  const take = () => events.splice(0);
  return { cache, take };
}

describe("onRemove tells of each entry that leaves, with the reason", () => {
  it("deleted", () => {
    const { cache, take } = noting();
    cache.set("un", 1).set(2, 2).set(["trois"], 3);
    cache.delete("un");
    assert.deepEqual(take(), [["un", 1, "deleted"]]);
    cache.deleteMany([2, "gone", ["trois"]]);
    assert.deepEqual(take(), [
      [2, 2, "deleted"],
      [["trois"], 3, "deleted"],
    ]);
    cache.dict.un = new CacheItem(1);
    delete cache.dict.un;
    assert.deepEqual(take(), [["un", 1, "deleted"]]);
    cache.delete("un");
    assert.deepEqual(take(), []);
  });

  it("replaced", () => {
    const { cache, take } = noting();
    const key = () => {};
    cache.set([key], 1).set([key], 2);
    assert.deepEqual(take(), [[[key], 1, "replaced"]]);
    cache.getset([key], 3);
    cache.setMany([[[key], 4]]);
    cache.setItem([key], new CacheItem(5));
    assert.deepEqual(take(), [
      [[key], 2, "replaced"],
      [[key], 3, "replaced"],
      [[key], 4, "replaced"],
    ]);
    cache.set("from", 6).rename("from", [key]);
    assert.deepEqual(take(), [[[key], 5, "replaced"]]);
    assert.equal(cache.get([key]), 6);
    assert.equal([...cache.keys()][0][0], key);
  });

  it("expired", (t) => {
    const clock = fakeClock(t);
    const { cache, take } = noting({ defaultTtl: 1 });
    for (const key of ["get", "gos", "getset", "set", "getMany", "to", "purge"]) cache.set(key, 1);
    clock.now += 1000;
    const expired = (action, key) => {
      action();
      assert.deepEqual(take(), [[key, 1, "expired"]]);
    };
    expired(() => cache.get("get"), "get");
    expired(() => cache.gos("gos", 2), "gos");
    expired(() => cache.getset("getset", 2), "getset");
    expired(() => cache.set("set", 2), "set");
    expired(() => cache.getMany(["getMany"]), "getMany");
    cache.set("from", 2);
    expired(() => cache.rename("from", "to"), "to");
    expired(() => cache.purge(), "purge");
    cache.has("un");
    cache.peek("un");
    assert.deepEqual(take(), []);
  });

  it("evicted, and expired where it had", (t) => {
    const clock = fakeClock(t);
    const { cache, take } = noting({ maxEntries: 2, eviction: "lru" });
    cache.set("un", 1).set("deux", 2, 1).set("trois", 3);
    assert.deepEqual(take(), [["un", 1, "evicted"]]);
    clock.now += 1000;
    cache.set("quatre", 4);
    assert.deepEqual(take(), [["deux", 2, "expired"]]);
    cache.setMany([
      ["cinq", 5],
      ["six", 6],
    ]);
    assert.deepEqual(take(), [
      ["trois", 3, "evicted"],
      ["quatre", 4, "evicted"],
    ]);
  });

  it("flushed", () => {
    const { cache, take } = noting();
    cache.set("un", 1).set([2], 2);
    cache.flush();
    assert.deepEqual(take(), [
      ["un", 1, "flushed"],
      [[2], 2, "flushed"],
    ]);
    cache.set("un", 1);
    cache.clear();
    assert.deepEqual(take(), [["un", 1, "flushed"]]);
  });

  it("but not of what is renamed, freed, or given another expiry", () => {
    const { cache, take } = noting();
    cache.set("un", 1).rename("un", "deux");
    cache.rename("deux", "deux");
    cache.setTtl("deux", 1);
    cache.persist("deux");
    cache.free();
    assert.deepEqual(take(), []);
  });
});

describe("an onRemove handler", () => {
  it("is called when the operation is complete", () => {
    const seen = [];
    const cache = new Cache({
      maxEntries: 2,
      eviction: "lru",
      onRemove: (key) => seen.push([key, cache.size, cache.has(key), [...cache.keys()]]),
    });
    cache.setMany([
      ["un", 1],
      ["deux", 2],
      ["trois", 3],
      ["quatre", 4],
    ]);
    assert.deepEqual(seen, [
      ["un", 2, false, ["trois", "quatre"]],
      ["deux", 2, false, ["trois", "quatre"]],
    ]);
  });

  it("may use the cache freely, and sees its own changes told", () => {
    const told = [];
    const cache = new Cache({
      maxEntries: 3,
      eviction: "lru",
      onRemove(key, value, reason) {
        told.push(`${key} ${reason}`);
        if (key < 5) cache.set(key + 10, value);
        if (key === 2) cache.delete(3);
      },
    });
    for (let key = 1; key <= 6; key++) cache.set(key, key);
    assert.equal(cache.size <= 3, true);
    assert.equal(new Set(told).size, told.length);
    cache.set(7, 7);
    assert.equal(cache.get(7), 7);
  });

  it("may set the key again that has just left", () => {
    const cache = new Cache({ onRemove: (key, value, reason) => reason === "deleted" && cache.set(key, value + 1) });
    cache.set("un", 1);
    assert.equal(cache.delete("un"), true);
    assert.equal(cache.get("un"), 2);
    cache.flush();
    assert.equal(cache.size, 0);
  });

  it("may flush and free", () => {
    const flushing = new Cache({
      maxEntries: 1,
      onRemove: (_key, _value, reason) => reason === "evicted" && flushing.flush(),
    });
    flushing.set("un", 1).set("deux", 2);
    assert.equal(flushing.size, 0);
    let calls = 0;
    const freeing = new Cache({
      onRemove() {
        calls += 1;
        freeing.free();
      },
    });
    freeing.set("un", 1).set("deux", 2).set("trois", 3);
    freeing.flush();
    assert.equal(calls, 3);
    assert.throws(() => freeing.get("un"), FreedError);
  });

  it("that throws reaches the caller, after all the others were called", () => {
    const told = [];
    const cache = new Cache({
      onRemove(key) {
        told.push(key);
        if (key !== "deux") throw new Error(`thrown for ${key}`);
      },
    });
    cache.set("un", 1).set("deux", 2).set("trois", 3);
    assert.throws(() => cache.delete("un"), /^Error: thrown for un$/);
    assert.deepEqual([...cache.keys()], ["deux", "trois"]);
    cache.set("un", 1);
    assert.throws(
      () => cache.flush(),
      (error) =>
        error instanceof AggregateError &&
        error.errors.map((each) => each.message).join() === "thrown for trois,thrown for un",
    );
    assert.deepEqual(told, ["un", "deux", "trois", "un"]);
    assert.equal(cache.size, 0);
    assert.equal(cache.set("un", 1).get("un"), 1);
  });

  it("that throws does not undo what was done", () => {
    const cache = new Cache({
      maxEntries: 1,
      onRemove() {
        throw new Error("no");
      },
    });
    cache.set("un", 1);
    assert.throws(() => cache.set("deux", 2), /no/);
    assert.deepEqual([...cache], [["deux", 2]]);
    assert.throws(() => cache.getset("deux", 3), /no/);
    assert.equal(cache.get("deux"), 3);
    assert.throws(() => cache.rename("deux", "trois") && cache.set("trois", 4), /no/);
    assert.deepEqual([...cache], [["trois", 4]]);
  });

  it("is called without a this", () => {
    let self = 1;
    const cache = new Cache({
      onRemove: function () {
        self = this;
      },
    });
    cache.set("un", 1).delete("un");
    assert.equal(self, undefined);
  });
});
