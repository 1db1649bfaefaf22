// snapshot and restore: everything comes back, and damage is an error, never a crash.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { Cache, CorruptDataError, ValueError } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { valueMaker } from "./lib/random-values.mjs";

const KEYS = [
  "text",
  "é\ud800",
  "",
  1,
  -0.5,
  NaN,
  10n,
  true,
  null,
  undefined,
  ["list", 1],
  { a: [1] },
  new Date(5),
  /x/g,
];

function filled(options) {
  const cache = new Cache(options);
  for (const [i, key] of KEYS.entries()) {
    cache.set(key, { i, key, list: [i, "x".repeat(i * 40)] }, i % 3 ? undefined : 60 + i);
  }
  return cache;
}

for (const values of ["copy", "reference"]) {
  describe(`a snapshot of values by ${values}`, () => {
    it("brings back keys, values, order and expirations", (t) => {
      fakeClock(t);
      const cache = filled({ values });
      cache.set("text", "stored again, in its old place");
      const bytes = cache.snapshot();
      assert.ok(bytes instanceof Uint8Array);
      for (const options of [undefined, { values: "copy" }, { values: "reference" }, { maxEntries: 1000 }]) {
        const restored = Cache.restore(bytes, options);
        assert.deepEqual([...restored.items()], [...cache.items()]);
        for (const key of KEYS) assert.deepEqual(restored.get(key), cache.get(key));
        assert.equal(restored.get(["list", 1]).i, 10);
      }
      assert.deepEqual(Cache.restore(bytes).snapshot(), bytes);
    });

    it("leaves out what has expired, and keeps what expires later", (t) => {
      const clock = fakeClock(t);
      const cache = new Cache({ values }).set("soon", 1, 1).set("late", 2, 100).set("never", 3);
      const bytes = cache.snapshot();
      clock.now += 1000;
      const restored = Cache.restore(bytes);
      assert.deepEqual([...restored.keys()], ["late", "never"]);
      clock.now += 99_000;
      assert.equal(restored.get("late"), undefined);
      assert.equal(restored.get("never"), 3);
    });

    it("is a plain copy: later changes reach neither side", () => {
      const cache = new Cache({ values }).set("key", { list: [1] });
      const bytes = cache.snapshot();
      cache.get("key").list.push(2);
      cache.set("key", 9).set("more", 9);
      assert.deepEqual([...Cache.restore(bytes)], [["key", { list: [1] }]]);
    });

    it("of an empty cache is an empty cache", () => {
      assert.equal(Cache.restore(new Cache({ values }).snapshot()).size, 0);
    });

    it("keeps the order of use for exact LRU", () => {
      const options = { values, maxEntries: 4, eviction: "lru" };
      const cache = new Cache(options);
      for (const key of ["a", "b", "c", "d"]) cache.set(key, key);
      cache.get("a");
      cache.get("c");
      const restored = Cache.restore(cache.snapshot(), options);
      assert.deepEqual([...restored.keys()], ["a", "b", "c", "d"]);
      restored.set("e", 1).set("f", 1);
      assert.deepEqual([...restored.keys()], ["a", "c", "e", "f"]);
    });

    it("fits into a smaller cache", () => {
      const cache = filled({ values });
      const few = Cache.restore(cache.snapshot(), { maxEntries: 3, onRemove() {} });
      assert.equal(few.size, 3);
      const small = Cache.restore(cache.snapshot(), { maxBytes: 1000, values: "copy" });
      assert.ok(small.size > 0 && small.size < KEYS.length);
    });

    it("begins statistics anew", () => {
      const restored = Cache.restore(filled({ values }).snapshot(), { stats: true });
      assert.equal(restored.stats.sets, 0);
      assert.equal(restored.stats.hits, 0);
      assert.equal(restored.stats.entries, KEYS.length);
    });

    it("of random values is read back", () => {
      const make = valueMaker(3);
      const cache = new Cache({ values });
      for (let i = 0; i < 300; i++) cache.set(`key ${i}`, make());
      const restored = Cache.restore(cache.snapshot(), { values: "copy" });
      assert.equal(restored.size, 300);
      assert.deepEqual(restored.snapshot().length, Cache.restore(restored.snapshot()).snapshot().length);
    });
  });
}

it("keys compared by identity cannot be part of a snapshot, nor can values that cannot be copied", () => {
  assert.throws(() => new Cache().set(Symbol("s"), 1).snapshot(), ValueError);
  assert.throws(() => new Cache({ keys: "identity" }).set({}, 1).snapshot(), ValueError);
  const message = 'under the key "k": value.f is a function, which cannot be held by copy';
  assert.throws(() => new Cache().set("k", { f() {} }).snapshot(), { code: "ERR_UNCLONEABLE_VALUE", message });
});

it("a getter may make a snapshot, and change the cache, while one is made", () => {
  const cache = new Cache();
  cache.set("a", 1);
  cache.set("b", {
    get inner() {
      cache.delete("a");
      cache.set("c", "new");
      return cache.peek("c") && new Cache().set("x", 1).snapshot().length;
    },
  });
  const restored = Cache.restore(cache.snapshot());
  assert.equal(typeof restored.get("b").inner, "number");
  assert.equal(restored.get("c"), "new");
});

describe("damage", () => {
  const bytes = filled({ values: "copy", eviction: "lru", maxEntries: 100 }).snapshot();

  it("what is no snapshot, of another version or cut short is an error with a code", () => {
    const check = (given, message) =>
      assert.throws(
        () => Cache.restore(given),
        (error) => {
          assert.ok(error instanceof CorruptDataError);
          assert.equal(error.code, "ERR_CORRUPT_DATA");
          assert.match(error.message, message);
          return true;
        },
      );
    check(new Uint8Array(0), /no snapshot/);
    check(new TextEncoder().encode("something else entirely"), /no snapshot/);
    check(bytes.with?.(6, 99) ?? bytes, /another version/);
    for (let length = 8; length < bytes.length; length++) check(bytes.subarray(0, length), /incomplete|damaged/);
    check(Uint8Array.from([...bytes, 0]), /damaged/);
    for (const given of [undefined, null, "text", {}, [1]]) assert.throws(() => Cache.restore(given), TypeError);
  });

  it("every flipped bit is noticed", () => {
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] ^= 1 << (i % 8);
      assert.throws(() => Cache.restore(damaged), CorruptDataError, `byte ${i}`);
    }
  });
});

it("a file: saved, and read by another process", () => {
  const folder = mkdtempSync(join(tmpdir(), "poche-"));
  try {
    const file = join(folder, "cache.poche");
    writeFileSync(file, new Cache({ values: "copy" }).set(["user", 42], { name: "Ada" }, "1h").snapshot());
    const script = `
      import { readFileSync } from "node:fs";
      import { Cache } from "poche";
      console.log(Cache.restore(readFileSync(${JSON.stringify(file)})).get(["user", 42]).name);
    `;
    const args = ["--input-type=module", "--eval", script];
    assert.equal(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" }).trim(), "Ada");
    assert.equal(Cache.restore(readFileSync(file)).get(["user", 42]).name, "Ada");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("a worker: the bytes are handed over, not copied", async () => {
  const bytes = new Cache({ values: "copy" }).set("key", new Map([["a", 1n]])).snapshot();
  const script = `
    import { parentPort, workerData } from "node:worker_threads";
    import { Cache } from ${JSON.stringify(import.meta.resolve("poche"))};
    parentPort.postMessage(Cache.restore(workerData).get("key").get("a") + 1n);
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
    workerData: bytes,
    transferList: [bytes.buffer],
  });
  assert.equal(bytes.length, 0);
  assert.equal(await new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject)), 2n);
  await worker.terminate();
});

describe("entries by copy, of which the engine reads and writes whole runs", () => {
  /** Keys and values that the engine stores by itself, among others that it leaves to the face. */
  const kinds = [
    (i) => [`plain ${i}`, { i }],
    (i) => [i / 2 - 50, [i]],
    (i) => [`ünplain ${i}`, "ü"],
    (i) => [["list", i], i],
    (i) => [`large ${i}`, "x".repeat((i % 7) * 20_000)],
    (i) => [{ i }, new Uint8Array(i % 100)],
  ];
  const fill = (cache, count) => {
    for (let i = 0; i < count; i++) {
      // Long stretches of one kind, and kinds by turns.
      const [key, value] = kinds[(i % 1000 < 500 ? i >> 7 : i) % kinds.length](i);
      cache.set(key, value, i % 5 === 0 ? 60 + i : undefined);
    }
    return cache.set(NaN, "NaN").set("", "empty").set(-0, "zero").set("\ud800", "lone");
  };

  for (const options of [{}, { maxEntries: 10_000, eviction: "lru" }, { maxEntries: 10_000 }, { onRemove() {} }]) {
    it(`come back as they were: ${Object.keys(options).join(", ") || "unbounded"}`, (t) => {
      const clock = fakeClock(t);
      const all = { values: "copy", clockResolution: 0, ...options };
      const cache = fill(new Cache(all), 4000);
      for (let i = 0; i < 4000; i += 3) cache.get(`plain ${i}`);
      const restored = Cache.restore(cache.snapshot(), all);
      assert.deepEqual([...restored], [...cache]);
      for (const key of cache.keys()) assert.deepEqual(restored.getTtl(key), cache.getTtl(key));
      assert.deepEqual(restored.snapshot(), cache.snapshot());
      clock.now += 1_000_000;
      for (const key of cache.keys()) assert.deepEqual(restored.get(key), cache.get(key));
      assert.equal(Cache.restore(restored.snapshot(), all).size, restored.size);
    });
  }

  it("go into a smaller cache as far as they fit", () => {
    const bytes = fill(new Cache({ values: "copy" }), 3000).snapshot();
    for (const options of [{ maxEntries: 100, eviction: "lru" }, { maxEntries: 100 }, { maxBytes: 50_000 }]) {
      const restored = Cache.restore(bytes, { values: "copy", stats: true, ...options });
      assert.ok(restored.size > 20 && restored.size <= 2500, `${restored.size} entries`);
      if (options.maxEntries) assert.equal(restored.size, 100);
      else assert.ok(restored.stats.bytes <= 50_000);
      assert.deepEqual([restored.stats.sets, restored.stats.evictions], [0, 0]);
      for (const [key, value] of restored) assert.deepEqual(restored.get(key), value);
    }
  });

  it("expire, where nothing else has told the cache that anything does", (t) => {
    const clock = fakeClock(t);
    const bytes = new Cache({ values: "copy" }).set("a", 1).set("b", 2, 10).set("c", 3, 5).snapshot();
    clock.now += 5000;
    const restored = Cache.restore(bytes, { clockResolution: 0 });
    assert.deepEqual([...restored.keys()], ["a", "b"]);
    clock.now += 5000;
    assert.deepEqual([restored.get("a"), restored.get("b")], [1, undefined]);
    assert.equal(restored.size, 1);
  });
});
