// values: "copy": strings that are looked up again and again are found without asking the engine, and still exactly as
// a Map would find them. Held against a model: entries removed and their slots used again, renamed, expired.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { random } from "./lib/random.mjs";
import { SimpleModel } from "./lib/simple-model.mjs";
import { FORMS, inForm } from "./lib/string-forms.mjs";

const makers = {
  "that differ at their end": (i) => `user:${i}`,
  "that differ in the middle": (i) => `user:${i}:profile`,
  "that differ where nobody looks": (i) => `${i} is the number of a user, all of whom have names like this one`,
  "short ones": (i) => ["", "a", "é", "ab", "a\u{1f600}", "abc"][i % 6] + (i < 6 ? "" : i.toString(36)),
};

for (const [name, make] of Object.entries(makers)) {
  for (const [size, maxEntries] of [
    [40, Infinity],
    [300, 200],
    [5000, 4000],
    [12_000, Infinity],
  ]) {
    it(`strings ${name}, ${size} of them, ${maxEntries} entries at most`, (t) => {
      const clock = fakeClock(t);
      const now = () => clock.now;
      const below = random(size);
      const bound = maxEntries === Infinity ? {} : { maxEntries, eviction: "lru" };
      const cache = new Cache({ values: "copy", clockResolution: 0, ...bound });
      const model = new SimpleModel({ maxEntries, now });
      const same = (operation, key, ...args) => {
        const got = cache[operation](inForm(key, below(FORMS)), ...args);
        const expected = model[operation](key, ...args);
        if (operation !== "set") assert.equal(got, expected, `${operation}(${JSON.stringify(key)})`);
      };
      // In a full cache what has expired goes first, which the model does not know of.
      const ttls = maxEntries === Infinity ? [undefined, undefined, 5, 100] : [undefined];
      for (let step = 0; step < 60_000; step++) {
        // A few keys are asked for more often than all the rest.
        const key = make(below(below(3) ? Math.ceil(size / 20) : size));
        const action = below(40);
        if (action < 8) same("set", key, step, ttls[below(ttls.length)]);
        else if (action === 8) same("delete", key);
        else if (action === 9) same("rename", key, make(below(size)));
        else if (action === 10) same("setTtl", key, ttls[below(ttls.length)] ?? Infinity);
        else if (action === 11) same("gos", key, step);
        else if (action === 12) clock.now += below(300);
        else same("get", key);
        if (below(20_000) === 0) {
          cache.flush();
          model.flush();
        }
      }
      assert.deepEqual([...cache], model.pairs());
    });
  }
}

it("each of several caches finds its own", () => {
  const caches = Array.from({ length: 5 }, () => new Cache({ values: "copy" }));
  for (let round = 0; round < 4; round++) {
    for (const [number, cache] of caches.entries()) {
      for (let i = number; i < 100; i++) cache.set(`key ${i}`, [number, i, round]);
      for (let times = 0; times < 3; times++) {
        for (let i = 0; i < 100; i++) {
          assert.deepEqual(cache.get(`key ${i}`), i < number ? undefined : [number, i, round]);
        }
      }
    }
  }
  caches[0].free();
  assert.throws(() => caches[0].get("key 1"), { code: "ERR_CACHE_FREED" });
  assert.deepEqual(caches[1].get("key 1"), [1, 1, 3]);
});
