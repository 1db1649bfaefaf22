// Random operations, held against a model made of a Map, under a clock that is moved by hand.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { random } from "./lib/random.mjs";

const START = 1_700_000_000_000;

// What a cache does, as plainly as can be said. Keys are compared by their JSON.
class Model {
  map = new Map();
  events = [];
  hits = 0;
  misses = 0;
  sets = 0;
  updates = 0;
  evictions = 0;
  expirations = 0;
  deletions = 0;

  constructor(clock, told, { maxEntries = Infinity, maxBytes = Infinity, defaultTtl = Infinity, order = "insertion" }) {
    Object.assign(this, { clock, told, maxEntries, maxBytes, defaultTtl, uses: order === "lru" ? [] : undefined });
  }

  now = () => this.clock.now;
  entry = (key) => this.map.get(JSON.stringify(key));
  expired = (entry) => entry.expires <= this.now();
  expiry = (ttl = this.defaultTtl) => (ttl === null ? Infinity : this.now() + ttl * 1000);

  use(name) {
    if (!this.uses) return;
    const index = this.uses.indexOf(name);
    if (index >= 0) this.uses.splice(index, 1);
    this.uses.push(name);
  }

  remove(name, reason) {
    const { key, value } = this.map.get(name);
    this.map.delete(name);
    if (this.uses) this.uses.splice(this.uses.indexOf(name), 1);
    if (reason === "expired") this.expirations += 1;
    if (reason === "evicted") this.evictions += 1;
    if (reason === "deleted") this.deletions += 1;
    this.events.push([key, value, reason]);
  }

  // Which of several expired entries goes first is left to the cache, and so is the choice of the default policy:
  // it is the one that it told of.
  chosen(candidates, reason) {
    const names = this.told.filter((event) => event[2] === reason).map(([key]) => JSON.stringify(key));
    const name = names.find((candidate) => candidates.has(candidate));
    assert.ok(name !== undefined, `room is made, by an entry that is ${reason}`);
    return name;
  }

  get(key) {
    const entry = this.entry(key);
    if (entry === undefined || this.expired(entry)) {
      this.misses += 1;
      if (entry) this.remove(JSON.stringify(key), "expired");
      return undefined;
    }
    this.hits += 1;
    this.use(JSON.stringify(key));
    return entry.value;
  }

  peek(key) {
    const entry = this.entry(key);
    return entry && !this.expired(entry) ? entry.value : undefined;
  }

  has = (key) => this.entry(key) !== undefined && !this.expired(this.entry(key));

  bytes = () => [...this.map.values()].reduce((sum, { value }) => sum + value.size, 0);

  set(key, value, ttl) {
    const name = JSON.stringify(key);
    const old = this.map.get(name);
    const room = () => this.bytes() - (old?.value.size ?? 0) + value.size <= this.maxBytes;
    const full = () => !room() || (!old && this.map.size >= this.maxEntries);
    while (full()) {
      const others = [...this.map.keys()].filter((other) => other !== name);
      const expired = new Set(others.filter((other) => this.expired(this.map.get(other))));
      if (expired.size > 0) this.remove(this.chosen(expired, "expired"), "expired");
      else if (this.uses)
        this.remove(
          this.uses.find((other) => other !== name),
          "evicted",
        );
      else this.remove(this.chosen(new Set(others), "evicted"), "evicted");
    }
    this.sets += 1;
    if (old) {
      const reason = this.expired(old) ? "expired" : "replaced";
      this.events.push([old.key, old.value, reason]);
      if (reason === "expired") this.expirations += 1;
      else this.updates += 1;
    }
    this.map.set(name, { key, value, expires: this.expiry(ttl) });
    this.use(name);
  }

  gos(key, value, ttl) {
    const found = this.get(key);
    if (found !== undefined) return found;
    this.set(key, value, ttl);
    return value;
  }

  getset(key, value, ttl) {
    const before = this.get(key);
    this.set(key, value, ttl);
    return before;
  }

  delete(key) {
    const stored = this.entry(key) !== undefined;
    if (stored) this.remove(JSON.stringify(key), "deleted");
    return stored;
  }

  change(key, change) {
    const entry = this.entry(key);
    if (entry) entry.expires = change(entry.expires);
    return entry !== undefined;
  }

  setTtl = (key, ttl) => this.change(key, () => this.expiry(ttl));
  bump = (key, seconds) => this.change(key, (expires) => expires + seconds * 1000);
  persist = (key) => this.change(key, () => Infinity);

  getTtl(key) {
    const entry = this.entry(key);
    return entry && (entry.expires === Infinity ? null : new Date(entry.expires));
  }

  rename(from, to) {
    const entry = this.entry(from);
    if (entry === undefined) return false;
    const name = JSON.stringify(to);
    const there = this.map.get(name);
    this.map.delete(JSON.stringify(from));
    if (this.uses) this.uses.splice(this.uses.indexOf(JSON.stringify(from)), 1);
    if (there && there !== entry) {
      const reason = this.expired(there) ? "expired" : "replaced";
      if (reason === "expired") this.expirations += 1;
      else this.updates += 1;
      this.events.push([there.key, there.value, reason]);
    }
    this.map.delete(name);
    this.map.set(name, { ...entry, key: to });
    this.use(name);
    return true;
  }

  purge() {
    const gone = [...this.map].filter(([, entry]) => this.expired(entry));
    for (const [name] of gone) this.remove(name, "expired");
    return gone.length;
  }

  flush() {
    for (const { key, value } of this.map.values()) this.events.push([key, value, "flushed"]);
    this.map.clear();
    if (this.uses) this.uses = [];
  }
}

const KEYS = [
  (n) => n,
  (n) => `k${n}`,
  (n) => `ключ № ${n}, in more than thirty-two characters of text`,
  (n) => [n, "list"],
  (n) => ({ id: n, nested: { list: [n] } }),
];
const TTLS = [undefined, undefined, null, 0.001, 0.005, 0.05, 1];

function compareStats(cache, model, message) {
  const { hits, misses, sets, updates, evictions, expirations, deletions } = model;
  const { hitRate, entries, bytes, ...counts } = cache.stats;
  assert.deepEqual(counts, { hits, misses, sets, updates, evictions, expirations, deletions }, message);
  assert.equal(entries, model.map.size);
  if (model.maxBytes < Infinity) assert.equal(bytes, model.bytes());
  assert.equal(hitRate, hits + misses === 0 ? 0 : hits / (hits + misses));
}

/** Runs `steps` random operations on a cache and its model, comparing after each. */
function compare(t, options, steps, seed, spread) {
  const clock = fakeClock(t, START);
  const below = random(seed);
  const events = [];
  const onRemove = (key, value, reason) => events.push([key, value, reason]);
  const listens = options.onRemove !== undefined;
  const { order, stats = true, ...rest } = options;
  const cache = new Cache({ ...rest, stats, ...(listens ? { onRemove } : {}) });
  const model = new Model(clock, events, options);
  const anyKey = () => KEYS[below(KEYS.length)](below(spread));
  const anyValue = (step) => ({ step, size: below(40) });
  const any = (list) => list[below(list.length)];

  for (let step = 0; step < steps; step++) {
    const key = anyKey();
    const ttl = any(TTLS);
    const value = anyValue(step);
    const same = (name, ...args) => {
      assert.deepEqual(cache[name](...args), model[name](...args), `step ${step}: ${name}`);
    };
    switch (below(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
        cache.set(key, value, ttl);
        model.set(key, value, ttl);
        break;
      case 4:
      case 5:
      case 6:
      case 7:
        same("get", key);
        break;
      case 8:
        same("gos", key, value, ttl);
        break;
      case 9:
        same("getset", key, value, ttl);
        break;
      case 10:
        same("has", key);
        same("peek", key);
        break;
      case 11:
        same("delete", key);
        break;
      case 12:
        same("setTtl", key, ttl);
        same("getTtl", key);
        break;
      case 13:
        same("bump", key, any([-1, -0.001, 0.002, 3]));
        break;
      case 14:
        same("persist", key);
        break;
      case 15:
        same("rename", key, anyKey());
        break;
      case 16:
        if (below(30) === 0) same("purge");
        break;
      case 17:
        if (below(400) === 0) same("flush");
        break;
      default:
        clock.now += any([0, 1, 1, 2, 7, 100]);
    }
    assert.equal(cache.size, model.map.size, `step ${step}`);
    if (step % 500 === 0) {
      assert.deepEqual(
        [...cache],
        [...model.map.values()].map(({ key, value }) => [key, value]),
      );
      if (stats) compareStats(cache, model, `step ${step}`);
    }
    if (listens) {
      // A purge may tell them in any order.
      const sorted = (list) => list.map((event) => JSON.stringify(event)).sort();
      if (events.length > 1) assert.deepEqual(sorted(events), sorted(model.events), `step ${step}`);
      else assert.deepEqual(events, model.events, `step ${step}`);
      events.length = 0;
    }
    model.events.length = 0;
  }
}

describe("random operations do what they do to the model", () => {
  const sizeOf = ({ size }) => size;
  const onRemove = true;
  const clockResolution = 0;
  const cases = {
    unbounded: { clockResolution },
    "unbounded, with onRemove": { clockResolution, onRemove },
    "unbounded, with the clock rule": {},
    "with a default ttl and purgeEvery": { clockResolution, defaultTtl: 0.02, purgeEvery: 3600, onRemove },
    "bounded, lru": { clockResolution, maxEntries: 20, eviction: "lru", order: "lru", onRemove },
    "bounded to one entry": { clockResolution, maxEntries: 1, eviction: "lru", order: "lru", onRemove },
    "bounded, the default policy": { clockResolution, maxEntries: 20, onRemove },
    "bounded in both, the default policy": { clockResolution, maxBytes: 400, maxEntries: 15, sizeOf, onRemove },
    "bounded in bytes, lru": { clockResolution, maxBytes: 400, sizeOf, eviction: "lru", order: "lru", onRemove },
    "bounded in both, lru": {
      clockResolution,
      maxBytes: 400,
      maxEntries: 15,
      sizeOf,
      eviction: "lru",
      order: "lru",
      onRemove,
    },
  };
  Object.entries(cases).forEach(([name, options], index) => {
    for (const spread of [6, 40]) {
      it(`${name}, ${spread * KEYS.length} keys`, (t) => compare(t, options, 25_000, index, spread));
      const uncounted = { ...options, stats: false };
      it(`${name}, uncounted, ${spread * KEYS.length} keys`, (t) => compare(t, uncounted, 25_000, index, spread));
      // By copy the engine weighs by itself, which the model does not know of.
      if (options.maxBytes !== undefined) continue;
      const copied = { ...options, values: "copy" };
      it(`${name}, by copy, ${spread * KEYS.length} keys`, (t) => compare(t, copied, 10_000, index, spread));
    }
  });
});
