// strict: true, and what the same calls give without it.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache, CacheItem, KeyError } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";

const calls = {
  get: (cache, key) => cache.get(key),
  peek: (cache, key) => cache.peek(key),
  delete: (cache, key) => cache.delete(key),
  item: (cache, key) => cache.item(key),
  dict: (cache, key) => cache.dict[key],
  setTtl: (cache, key) => cache.setTtl(key, 1),
  getTtl: (cache, key) => cache.getTtl(key),
  bump: (cache, key) => cache.bump(key, 1),
  persist: (cache, key) => cache.persist(key),
  rename: (cache, key) => cache.rename(key, "to"),
};
const otherwise = { delete: false, setTtl: false, bump: false, persist: false, rename: false };

for (const [name, call] of Object.entries(calls)) {
  it(`${name} of what is missing throws a KeyError that names the key`, () => {
    const cache = new Cache({ strict: true });
    cache.set("here", 1);
    assert.throws(
      () => call(cache, "gone"),
      (error) =>
        error instanceof KeyError &&
        error instanceof Error &&
        error.code === "ERR_KEY_NOT_FOUND" &&
        error.name === "KeyError" &&
        error.key === "gone" &&
        error.message.includes('"gone"'),
    );
    assert.deepEqual([...cache], [["here", 1]]);
    assert.equal(call(new Cache(), "gone"), otherwise[name]);
  });
}

it("delete dict.key throws, and does nothing without strict", () => {
  assert.throws(() => delete new Cache({ strict: true }).dict.gone, KeyError);
  assert.equal(delete new Cache().dict.gone, true);
});

it("get and peek throw for what has expired, the methods for raw entries do not", (t) => {
  const clock = fakeClock(t);
  const cache = new Cache({ strict: true });
  cache.set("un", 1, 1);
  clock.now += 1000;
  assert.throws(() => cache.peek("un"), KeyError);
  assert.equal(cache.item("un").value, 1);
  assert.ok(cache.dict.un instanceof CacheItem);
  assert.equal(cache.getTtl("un").getTime(), clock.now);
  assert.equal(cache.bump("un", 0), true);
  assert.equal(cache.rename("un", "deux"), true);
  assert.equal(cache.size, 1);
  assert.throws(() => cache.get("deux"), KeyError);
  assert.equal(cache.size, 0);
});

it("nothing else throws in strict mode", () => {
  const cache = new Cache({ strict: true });
  assert.equal(cache.has("gone"), false);
  assert.deepEqual(cache.getMany(["gone"]), [undefined]);
  assert.deepEqual(cache.deleteMany(["gone"]), [false]);
  assert.equal(cache.getset("gone", 1), undefined);
  assert.equal(cache.gos("also gone", 2), 2);
  assert.equal(cache.purge(), 0);
  assert.equal("nowhere" in cache.dict, false);
  assert.equal(Object.hasOwn(cache.dict, "nowhere"), false);
  assert.equal(
    JSON.stringify(cache.dict),
    '{"gone":{"value":1,"expiration":null},"also gone":{"value":2,"expiration":null}}',
  );
});
