// Random operations on strings, numbers, structures and what is compared by identity, held against a Map, where a lookup
// may take a short way to the answer: entries removed and their slots used again, many caches in turn, handlers that
// change the cache, a clock that moves.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { Cache } from "poche";
import { alikeBut, edgeNumbers, edgeTexts } from "./lib/edge-keys.mjs";
import { fakeClock } from "./lib/fake-clock.mjs";
import { random } from "./lib/random.mjs";
import { SimpleModel } from "./lib/simple-model.mjs";
import { FORMS, inForm } from "./lib/string-forms.mjs";
import { disguised, isStructure, structures } from "./lib/structures.mjs";

const texts = edgeTexts().filter((text) => text.length < 300);
const numbers = edgeNumbers();
const alike = alikeBut(64, 128, 2000);
const all = structures(3000);
class Point {}
// Compared by identity; a symbol of the registry by its name.
const identities = Array.from({ length: 300 }, (_, i) => [
  Symbol(`s${i}`),
  Symbol.for(`poche test ${i}`),
  () => i,
  new Point(),
  Object.freeze(new Point()),
]).flat();

/** Keys of all kinds, `count` of them, in an order of their own. */
function pool(count, seed) {
  const below = random(seed);
  const one = [
    () => texts[below(texts.length)],
    () => `user:${below(count)}`,
    () => alike[below(alike.length)],
    () => below(count),
    () => below(count) / 4,
    () => numbers[below(numbers.length)],
    () => identities[below(identities.length)],
    () => all[below(Math.min(count, all.length))],
  ];
  const keys = new Set();
  while (keys.size < count) keys.add(one[below(one.length)]());
  return [...keys];
}

/** A key that is equal to this one. */
function formOf(key, below) {
  if (typeof key === "string") return inForm(key, below(FORMS));
  return isStructure(key) ? disguised(key, below) : key;
}

/** One cache beside its model, and operations on both. */
class Pair {
  constructor(options, keys, seed, { now, handler } = {}) {
    const { order, ...rest } = options;
    this.below = random(seed);
    this.keys = keys;
    this.events = [];
    this.modelEvents = [];
    this.model = new SimpleModel({
      maxEntries: options.maxEntries,
      now,
      told: (...event) => {
        this.modelEvents.push(event);
        handler?.(this.model, ...event);
      },
    });
    const onRemove = (...event) => {
      this.events.push(event);
      handler?.(this.cache, ...event);
    };
    this.cache = new Cache(rest.onRemove ? { ...rest, onRemove } : rest);
    this.listens = rest.onRemove !== undefined;
    this.step = 0;
  }

  key = () => this.keys[this.below(this.keys.length)];
  form = (key) => formOf(key, this.below);

  same(operation, key, ...args) {
    const got = this.cache[operation](this.form(key), ...args);
    const expected = this.model[operation](key, ...args);
    if (got !== expected && !(operation === "set" && got === this.cache)) {
      assert.fail(`step ${this.step}: ${operation}(${inspect(key)}) gave ${got}, not ${expected}`);
    }
  }

  /** One random operation. `ttls`: what entries may be given. */
  act(ttls = [undefined]) {
    this.step++;
    const ttl = ttls[this.below(ttls.length)];
    const key = this.key();
    switch (this.below(24)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        this.same("set", key, this.step, ttl);
        break;
      case 5:
        this.same("delete", key);
        break;
      case 6:
        this.same("gos", key, this.step);
        break;
      case 7:
        this.same("has", key);
        this.same("peek", key);
        break;
      case 8:
        this.same("rename", key, this.key());
        break;
      case 9:
        this.same("setTtl", key, ttl ?? Infinity);
        break;
      case 10: {
        // A key, its removal, and another key in its place.
        this.same("delete", key);
        this.same("set", this.key(), this.step, ttl);
        this.same("get", key);
        break;
      }
      case 11:
        if (this.below(2000) === 0) {
          this.cache.flush();
          this.model.flush();
        }
        break;
      default:
        this.same("get", key);
    }
    if (this.cache.size !== this.model.size) {
      assert.fail(`step ${this.step}: size is ${this.cache.size}, not ${this.model.size}`);
    }
  }

  check() {
    assert.deepEqual([...this.cache], this.model.pairs(), `after step ${this.step}`);
    if (this.listens) assert.deepEqual(this.events, this.modelEvents, `before step ${this.step}`);
    this.events.length = 0;
    this.modelEvents.length = 0;
  }

  /** All keys, looked up; what is there last is what the model has. */
  checkAll() {
    for (const key of this.keys) this.same("peek", key);
    this.check();
  }
}

// A list of hits is handed to the engine 127 at a time, and tables begin at 32 cells.
const CAPACITIES = [1, 2, 3, 16, 126, 127, 128, 129, 1000, 20_000];

describe("removal and reuse of slots", () => {
  it("keeps to what a Map has", () => {
    for (const [seed, size] of [10, 60, 700, 9000].entries()) {
      const pair = new Pair({}, pool(size, seed), seed);
      for (let step = 0; step < 60_000; step++) pair.act();
      pair.checkAll();
    }
  });

  it("keeps to what a Map has, and tells each removal once", () => {
    const pair = new Pair({ onRemove: true }, pool(500, 5), 5);
    for (let step = 0; step < 30_000; step++) pair.act();
    pair.checkAll();
  });

  for (const maxEntries of CAPACITIES) {
    it(`evicts exactly what was used longest ago, of ${maxEntries}`, () => {
      const keys = pool(Math.max(5, Math.floor(maxEntries * 1.7)), maxEntries);
      const pair = new Pair({ maxEntries, eviction: "lru" }, keys, maxEntries);
      for (let step = 0; step < 40_000; step++) pair.act();
      pair.checkAll();
      const listening = new Pair({ maxEntries, eviction: "lru", onRemove: true }, keys, maxEntries + 1);
      for (let step = 0; step < 20_000; step++) listening.act();
      listening.checkAll();
    });
  }

  it("empties and fills many times over, at sizes that grow and shrink", () => {
    const cache = new Cache();
    for (const [round, size] of [10, 5000, 31, 32, 33, 100_000, 5, 20_000, 1, 3].entries()) {
      for (let i = 0; i < size; i++) cache.set(i % 2 ? `key ${i}` : i, round);
      assert.equal(cache.size, size);
      for (let i = 0; i < size; i++) {
        if (cache.get(i % 2 ? `key ${i}` : i) !== round) assert.fail(`round ${round}, key ${i}`);
      }
      assert.equal(cache.get(size % 2 ? `key ${size}` : size), undefined);
      if (round % 3 === 0) cache.flush();
      else for (let i = 0; i < size; i++) if (!cache.delete(i % 2 ? `key ${i}` : i)) assert.fail(`key ${i}`);
      assert.equal(cache.size, 0);
    }
  });
});

describe("many caches at once", () => {
  it("each have their own entries, whichever was used last", () => {
    const keys = pool(600, 11);
    const kinds = [
      {},
      { maxEntries: 50, eviction: "lru" },
      { onRemove: true },
      { maxEntries: 300, eviction: "lru", stats: true },
      { maxEntries: 128, eviction: "lru", onRemove: true },
      { values: "copy" },
      { defaultTtl: 1e6 },
      { clockResolution: 0, strict: false },
    ];
    const below = random(12);
    const pairs = kinds.map((options, seed) => new Pair(options, keys, 100 + seed));
    for (let step = 0; step < 120_000; step++) {
      const place = below(pairs.length);
      pairs[place].act();
      if (below(4000) !== 0) continue;
      // One goes; what took its memory has nothing of it.
      pairs[place].check();
      pairs[place].cache.free();
      pairs[place] = new Pair(kinds[place], keys, step);
    }
    for (const pair of pairs) pair.checkAll();
  });

  it("that were freed find nothing, and say so", () => {
    const keys = ["", "a", "a long key, of more characters than thirty-two", 1, 0.5, 1e12];
    for (const options of [{}, { maxEntries: 10, eviction: "lru" }, { maxEntries: 10 }, { defaultTtl: 60 }]) {
      const cache = new Cache(options);
      for (const key of keys) cache.set(key, key).get(key);
      cache.free();
      for (const key of [...keys, "never stored", 77]) {
        for (const operation of ["get", "set", "has", "peek", "delete", "gos"]) {
          assert.throws(() => cache[operation](key, 1), { code: "ERR_CACHE_FREED" }, `${operation}(${key})`);
        }
      }
    }
  });
});

describe("handlers that change the cache", () => {
  const keys = pool(300, 21);
  const echoes = pool(40, 22);
  // Each answers to some removals and not to those that it makes itself, or it would never end.
  const handlers = {
    "store another key": (cache, _key, value, reason) => {
      if (reason === "evicted" || value % 3 > 0) return;
      cache.set(echoes[value % echoes.length], value + 1);
    },
    "store the very key again": (cache, key, value, reason) => {
      if (reason === "deleted" && value % 2 === 0) cache.set(key, value + 1);
    },
    "delete others": (cache, _key, value, reason) => {
      if (reason === "replaced") cache.delete(keys[value % keys.length]);
    },
    "look others up": (cache, _key, value) => {
      for (let i = 0; i < 5; i++) cache.get(keys[(value + i) % keys.length]);
    },
    "empty it": (cache, _key, value, reason) => {
      if (reason === "deleted" && value % 97 === 0) cache.flush();
    },
  };
  for (const [name, handler] of Object.entries(handlers)) {
    it(`${name}`, () => {
      for (const options of [
        { onRemove: true },
        { onRemove: true, maxEntries: 60, eviction: "lru" },
        { onRemove: true, maxEntries: 127, eviction: "lru" },
      ]) {
        const pair = new Pair(options, keys, 23, { handler });
        for (let step = 0; step < 15_000; step++) pair.act();
        pair.checkAll();
      }
    });
  }
});

describe("expiry under a clock that is set", () => {
  const TTLS = [undefined, undefined, 0.001, 0.004, 0.05, 2];

  it("is seen at once where every lookup reads the clock", (t) => {
    const clock = fakeClock(t);
    const now = () => clock.now;
    for (const [seed, size] of [20, 400, 5000].entries()) {
      const pair = new Pair({ clockResolution: 0 }, pool(size, seed), seed, { now });
      for (let step = 0; step < 40_000; step++) {
        pair.act(TTLS);
        if (pair.below(5) === 0) clock.now += [0, 1, 1, 3, 60][pair.below(5)];
      }
      pair.checkAll();
    }
  });

  it("is seen at once where the timers move with the clock, however fast lookups come", (t) => {
    t.mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_700_000_000_000 });
    const pair = new Pair({}, pool(300, 31), 31, { now: () => Date.now() });
    for (let turn = 0; turn < 600; turn++) {
      for (let step = pair.below(200); step > 0; step--) pair.act(TTLS);
      // Lookups in a row, more than it takes for readings to be shared.
      for (let step = pair.below(300); step > 0; step--) pair.same("get", pair.key());
      t.mock.timers.tick([1, 1, 2, 5, 70][pair.below(5)]);
    }
    pair.checkAll();
  });

  it("is seen at most 15 lookups late where a clock is moved without them", (t) => {
    const clock = fakeClock(t);
    for (const spacing of [1, 10, 63, 64, 65, 79, 80, 81, 200]) {
      const cache = new Cache();
      cache.set("dies", 1, 0.005).set("stays", 2, 3600);
      for (let i = 0; i < spacing; i++) assert.equal(cache.get("stays"), 2);
      clock.now += 5;
      let late = 0;
      while (cache.has("dies")) late++;
      assert.ok(late <= (spacing < 64 ? 0 : 15), `${late} lookups late after ${spacing} lookups`);
      assert.equal(cache.get("dies"), undefined);
      assert.equal(cache.size, 1);
    }
  });

  it("changes with the entry's time to live, and leaves with its key", (t) => {
    const clock = fakeClock(t);
    const cache = new Cache({ clockResolution: 0 });
    for (const key of ["short", "a key of more than thirty-two characters, in full", 5, 0.25, "\u0416"]) {
      cache.set(key, 1, 1);
      clock.now += 999;
      assert.equal(cache.get(key), 1);
      cache.setTtl(key, 2);
      clock.now += 1999;
      assert.equal(cache.get(key), 1);
      cache.bump(key, 1);
      clock.now += 1000;
      assert.equal(cache.get(key), 1);
      cache.persist(key);
      clock.now += 1e9;
      assert.equal(cache.get(key), 1);
      cache.set(key, 2, 1);
      cache.rename(key, "elsewhere");
      assert.equal(cache.has(key), false);
      clock.now += 1000;
      assert.equal(cache.has("elsewhere"), false);
      // The slot that is used again has nothing of the old expiry.
      assert.equal(cache.get("elsewhere"), undefined);
      cache.set("next", 3);
      clock.now += 1e9;
      assert.equal(cache.get("next"), 3);
      cache.delete("next");
    }
    assert.equal(cache.size, 0);
  });
});

describe("the default policy", () => {
  for (const maxEntries of [1, 2, 10, 127, 1000, 30_000]) {
    it(`never holds more than ${maxEntries}, and has what it holds`, () => {
      const keys = pool(3 * maxEntries + 5, maxEntries);
      const below = random(maxEntries);
      const cache = new Cache({ maxEntries });
      const last = new Map();
      for (let step = 0; step < 60_000; step++) {
        // Some keys are asked for more than others.
        const key = keys[Math.floor(keys.length * (below(1000) / 1000) ** 2)];
        const form = formOf(key, below);
        const was = cache.has(form);
        const got = cache.get(form);
        if (got !== (was ? last.get(key) : undefined)) assert.fail(`step ${step}: ${inspect(key)} is ${got}`);
        if (!was || below(10) === 0) {
          cache.set(form, step);
          last.set(key, step);
          if (cache.peek(key) !== step) assert.fail(`step ${step}: ${inspect(key)} was set and is not there`);
        } else if (below(20) === 0 && !cache.delete(form)) {
          assert.fail(`step ${step}: ${inspect(key)} cannot be deleted`);
        }
        if (cache.size > maxEntries) assert.fail(`step ${step}: ${cache.size} entries`);
      }
      // Of structures there are copies.
      const name = (key) => (isStructure(key) ? inspect(key, { sorted: true, depth: 9, maxStringLength: null }) : key);
      const stored = new Map([...cache].map(([key, value]) => [name(key), value]));
      assert.equal(stored.size, cache.size);
      for (const key of keys) {
        const named = name(key);
        if (cache.has(key) !== stored.has(named)) assert.fail(`has(${inspect(key)}) is not what the keys say`);
        if (cache.get(key) !== stored.get(named)) assert.fail(`get(${inspect(key)}) is not what the entries say`);
        if (stored.has(named) && stored.get(named) !== last.get(key)) assert.fail(`${inspect(key)} has an old value`);
      }
    });
  }
});
