// What is dropped is released: caches by the garbage collector, values and keys with their entries.
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Cache } from "poche";
import { LRUCache } from "poche/lru-cache";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** The size of WebAssembly memory, which this counts as external. */
function external() {
  return process.memoryUsage().arrayBuffers + process.memoryUsage().external;
}

/** Collects until `done` or until it is clear that it will not be. */
async function collectUntil(done) {
  for (let i = 0; i < 50 && !done(); i++) {
    // What a WeakRef gave is kept until the turn ends.
    await turn();
    collect();
    await turn();
  }
  return done();
}

it("100,000 caches that are made and dropped do not grow the memory", async () => {
  const round = async (rounds) => {
    for (let i = 0; i < rounds; i++) {
      for (let j = 0; j < 1000; j++) {
        const cache = new Cache({ maxEntries: 100, stats: true, onRemove() {} });
        cache.set("un", { j }, 60).set(j, cache).set([j], 3);
        cache.gos("quatre", async () => 4);
      }
      collect();
      await turn();
    }
  };
  await round(10);
  const before = external();
  await round(90);
  assert.ok(external() - before < 2 << 20, `grew by ${external() - before} bytes`);
});

// What is to be collected is made in functions of their own: the variables of a function that waits stay alive.

it("a cache whose values and keys refer to it is collected", async () => {
  const make = () => {
    const cache = new Cache({ purgeEvery: 60, defaultTtl: 60, clockResolution: 60_000 });
    cache.set("self", cache).set([() => cache], 1);
    cache.dict.item = cache.item("self");
    cache.get("self");
    cache.keys().next();
    return new WeakRef(cache);
  };
  const cache = make();
  assert.ok(await collectUntil(() => cache.deref() === undefined));
});

it("purgeEvery does not keep a cache alive, and stops with it", async () => {
  const make = () => new WeakRef(new Cache({ purgeEvery: 0.005 }).set("un", 1, 0.001));
  const cache = make();
  assert.ok(await collectUntil(() => cache.deref() === undefined));
  await sleep(20);
});

const leaving = {
  delete: (cache) => cache.delete("key"),
  deleteMany: (cache) => cache.deleteMany(["key"]),
  "another value": (cache) => cache.set("key", 1),
  flush: (cache) => cache.flush(),
  free: (cache) => cache.free(),
  eviction: (cache) => cache.set(1, 1).set(2, 2).set(3, 3),
  purge: (cache) => cache.setTtl("key", new Date(0)) && cache.purge(),
  expiry: (cache) => cache.setTtl("key", new Date(0)) && cache.get("key"),
  "rename onto it": (cache) => cache.set("from", 1).rename("from", "key"),
};
for (const [name, leave] of Object.entries(leaving)) {
  it(`a value is let go by ${name}`, async () => {
    const cache = new Cache({ maxEntries: 2, eviction: "lru" });
    const make = () => {
      const value = {};
      cache.set("key", value);
      return new WeakRef(value);
    };
    const value = make();
    leave(cache);
    assert.ok(await collectUntil(() => value.deref() === undefined));
  });
}

const leavingKeys = {
  delete: (cache, key) => cache.delete([key]),
  flush: (cache) => cache.flush(),
  "rename from it": (cache, key) => cache.rename([key], ["other"]),
  eviction: (cache) => cache.set(1, 1).set(2, 2).set(3, 3),
};
for (const [name, leave] of Object.entries(leavingKeys)) {
  it(`what a key holds by identity is kept while its entry is there, and let go by ${name}`, async () => {
    const cache = new Cache({ maxEntries: 2, eviction: "lru" });
    const make = () => {
      const key = () => {};
      cache.set([key], 1);
      return new WeakRef(key);
    };
    const key = make();
    await turn();
    collect();
    await turn();
    collect();
    const use = () => {
      assert.equal(cache.get([key.deref()]), 1);
      leave(cache, key.deref());
      // The key that crossed last may be remembered until the next one does.
      cache.has([]);
    };
    use();
    assert.ok(await collectUntil(() => key.deref() === undefined));
  });
}

it("a lookup that misses holds nothing", async () => {
  const cache = new Cache();
  const make = () => {
    const key = () => {};
    assert.equal(cache.has([key]), false);
    return new WeakRef(key);
  };
  const key = make();
  cache.has([]);
  assert.ok(await collectUntil(() => key.deref() === undefined));
});

it("an LRUCache that its own entries and callbacks refer to is collected, and so is a view as a Map", async () => {
  const make = () => {
    const cache = new LRUCache({ max: 5, ttl: 60_000, dispose: () => cache, fetchMethod: async () => cache });
    cache.set("self", cache).set(cache, 1);
    cache.fetch("fetched");
    cache.keys().next();
    const map = new Cache().set("un", 1).asMap();
    map.set("self", map).entries().next();
    return [new WeakRef(cache), new WeakRef(map)];
  };
  const made = make();
  assert.ok(await collectUntil(() => made.every((one) => one.deref() === undefined)));
});
