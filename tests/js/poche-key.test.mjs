// [Symbol.for("poche.key")]: an object that says which key it wants to be, in every method.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache, CacheItem } from "poche";

class Id {
  constructor(key) {
    this.key = key;
  }

  [Symbol.for("poche.key")]() {
    return this.key;
  }
}

for (const key of [
  "text",
  "",
  "long ".repeat(2000),
  5,
  0,
  Number.NaN,
  1n,
  true,
  null,
  undefined,
  [1, "a"],
  { id: 1 },
  Symbol.iterator,
]) {
  it(`an object stands for the key ${String(key?.toString?.call(key)).slice(0, 20)} everywhere`, async () => {
    const id = () => new Id(new Id(key));
    const cache = new Cache();
    cache.set(id(), 1);
    assert.deepEqual([...cache.keys()], [key]);
    for (const same of [key, id()]) {
      assert.equal(cache.get(same), 1);
      assert.equal(cache.peek(same), 1);
      assert.equal(cache.has(same), true);
      assert.equal(cache.gos(same, 2), 1);
      assert.equal(cache.getset(same, 1), 1);
      assert.equal(cache.set(same, 1), cache);
      assert.equal(cache.item(same).value, 1);
      assert.deepEqual(cache.getMany([same]), [1]);
      assert.equal(cache.setItem(same, new CacheItem(1)).size, 1);
      assert.equal(cache.setMany([[same, 1]]).size, 1);
      assert.equal(cache.setTtl(same, 60), true);
      assert.equal(cache.persist(same), true);
      assert.equal(cache.rename(same, "other") && cache.rename("other", same), true);
      assert.deepEqual([...cache.keys()], [key]);
    }
    assert.equal(cache.delete(id()), true);
    assert.equal(
      cache.gos(id(), () => 3),
      3,
    );
    assert.equal(cache.get(key), 3);
    assert.deepEqual(cache.deleteMany([id()]), [true]);
    const loading = [cache.gos(id(), async () => 4), cache.gos(key, async () => 5)];
    assert.deepEqual(await Promise.all(loading), [4, 4]);
    cache.delete(key);
    const late = cache.gos(key, async () => 6);
    cache.set(id(), 7);
    await late;
    assert.equal(cache.get(key), 7);
  });
}

it("by identity, an object is itself", () => {
  const cache = new Cache({ keys: "identity" });
  const id = new Id("text");
  cache.set(id, 1);
  assert.equal(cache.get("text"), undefined);
  assert.equal(cache.get(id), 1);
});
