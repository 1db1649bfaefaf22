// `poche/lru-cache`: what a program that comes from the package `lru-cache` relies on, in tests/consumers held against
// that package itself.
import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Cache } from "poche";
import { LRUCache } from "poche/lru-cache";

/** A clock for the option `perf`, moved by hand. */
function handClock() {
  const clock = { time: 1000, now: () => clock.time };
  return clock;
}

const later = () => new Promise((resolve) => setImmediate(resolve));

describe("LRUCache: bounds and order", () => {
  it("evicts what was used longest ago, where get and set are uses and has and peek are none", () => {
    const cache = new LRUCache({ max: 3 }).set("a", 1).set("b", 2).set("c", 3);
    cache.get("a");
    cache.has("b");
    cache.peek("b");
    cache.set("d", 4);
    assert.deepEqual([...cache.keys()], ["d", "a", "c"]);
    assert.equal(cache.size, 3);
    assert.equal(cache.pop(), 3);
    assert.deepEqual([...cache.rentries()], [["a", 1]].concat([["d", 4]]));
  });

  it("gives undefined by pop where nothing is, and nothing was", () => {
    const cache = new LRUCache({ max: 3 });
    assert.deepEqual([cache.pop(), [...cache.keys()], cache.dump()], [undefined, [], []]);
    cache.set("a", 1);
    assert.deepEqual([cache.pop(), cache.pop(), cache.size], [1, undefined, 0]);
    assert.equal(cache.set("b", 2).get("b"), 2);
  });

  it("holds maxSize at every moment, and does not store what is larger than maxEntrySize", () => {
    const gone = [];
    const cache = new LRUCache({
      maxSize: 10,
      maxEntrySize: 6,
      sizeCalculation: (value) => value.length,
      dispose: (_value, key, reason) => gone.push([key, reason]),
    });
    cache.set("a", "aaaa").set("b", "bbbb").set("c", "cccc");
    assert.deepEqual(gone, [["a", "evict"]]);
    assert.equal(cache.calculatedSize, 8);
    cache.set("b", "bbbbbbb");
    assert.deepEqual(gone, [["a", "evict"]].concat([["b", "set"]]));
    assert.deepEqual([cache.has("b"), cache.calculatedSize], [false, 4]);
    cache.set("d", "x", { size: 6 });
    assert.equal(cache.calculatedSize, 10);
    assert.equal(cache.info("d").size, 6);
    cache.set("c", "cc");
    assert.equal(cache.calculatedSize, 8);
  });

  it("needs a bound, and names the option that is wrong", () => {
    assert.throws(() => new LRUCache({}), { name: "ArgumentError", message: /max, maxSize or ttl/ });
    for (const max of [-1, 1.5, NaN, Infinity, "5"]) {
      assert.throws(() => new LRUCache({ max }), { name: "ArgumentError", message: /^max must be a whole number/ });
    }
    assert.throws(() => new LRUCache({ max: 1, ttl: -5 }), TypeError);
    assert.throws(
      () => new LRUCache({ max: 1, fetchMethod: 5 }),
      /^ArgumentError: fetchMethod must be a function; got 5/,
    );
    assert.throws(() => new LRUCache({ max: 1, sizeCalculation: () => 1 }), /maxSize or maxEntrySize/);
    assert.throws(() => new LRUCache({ maxSize: 5 }).set("a", 1), /the size of the entry "a" must be a whole number/);
    assert.throws(() => new LRUCache({ max: 1 }).set("a", 1, { size: 5 }), TypeError);
    assert.throws(() => new LRUCache({ max: 1, perf: {} }), /perf/);
    assert.throws(() => new LRUCache({ max: 1 }).memo("a"), /memoMethod/);
  });

  it("stores nothing larger than maxSize, reserves no memory for max, and cannot hold more than the engine", () => {
    const cache = new LRUCache({ max: 2 ** 27 - 1, maxSize: 5, maxEntrySize: 10 }).set("a", 1, { size: 5 });
    cache.set("b", 2, { size: 6 });
    assert.deepEqual([...cache], [["a", 1]]);
    assert.throws(() => new LRUCache({ max: 2 ** 27 }), RangeError);
  });

  it("takes another LRUCache for its options", () => {
    const first = new LRUCache({ max: 2, ttl: 50, allowStale: true });
    const second = new LRUCache(first);
    assert.deepEqual([second.max, second.ttl, second.allowStale, second.size], [2, 50, true, 0]);
  });

  it("compares keys as a Map, or by what they hold with keys: value", () => {
    const identity = new LRUCache({ max: 5 });
    const key = { id: 1 };
    identity.set(key, 1).set(NaN, 2).set(-0, 3).set("1", 4).set(1, 5);
    assert.deepEqual(
      [key, { id: 1 }, NaN, 0, "1", 1].map((one) => identity.get(one)),
      [1, undefined, 2, 3, 4, 5],
    );
    assert.equal([...identity.keys()].at(-1), key);
    const value = new LRUCache({ max: 5, keys: "value" }).set({ id: 1 }, 1);
    assert.equal(value.get({ id: 1 }), 1);
  });

  it("is shown by its class and tag, and each cache is on its own", () => {
    const cache = new LRUCache({ max: 1 });
    assert.equal(Object.prototype.toString.call(cache), "[object LRUCache]");
    assert.equal(LRUCache.name, "LRUCache");
    assert.equal(cache instanceof Cache, false);
    class Users extends LRUCache {
      constructor() {
        super({ max: 2 });
      }
    }
    assert.equal(new Users().set("a", 1).get("a"), 1);
  });
});

describe("LRUCache: times", () => {
  it("counts milliseconds, and an entry is stale when more than ttl have passed", () => {
    const perf = handClock();
    const cache = new LRUCache({ max: 5, ttl: 10, perf, ttlResolution: 0 }).set("a", 1).set("b", 2, { ttl: 0 });
    perf.time += 10;
    assert.equal(cache.get("a"), 1);
    assert.equal(cache.getRemainingTTL("a"), 0);
    perf.time += 1;
    assert.deepEqual(
      [cache.has("a"), cache.peek("a"), cache.getRemainingTTL("a"), cache.size],
      [false, undefined, -1, 2],
    );
    assert.equal(cache.get("a"), undefined);
    assert.equal(cache.size, 1);
    assert.deepEqual([cache.getRemainingTTL("a"), cache.getRemainingTTL("b")], [0, Infinity]);
  });

  it("gives what is stale once more with allowStale, and keeps it with noDeleteOnStaleGet", () => {
    const perf = handClock();
    const cache = new LRUCache({ max: 5, ttl: 10, perf, ttlResolution: 0 }).set("a", 1);
    perf.time += 11;
    assert.equal(cache.peek("a", { allowStale: true }), 1);
    assert.equal(cache.get("a", { allowStale: true, noDeleteOnStaleGet: true }), 1);
    assert.equal(cache.get("a", { allowStale: true }), 1);
    assert.equal(cache.get("a", { allowStale: true }), undefined);
  });

  it("lets the time begin anew with updateAgeOnGet and updateAgeOnHas, and not with noUpdateTTL", () => {
    const perf = handClock();
    const cache = new LRUCache({ max: 5, ttl: 10, perf, ttlResolution: 0 }).set("a", 1);
    const left = () => cache.getRemainingTTL("a");
    perf.time += 4;
    assert.deepEqual([cache.get("a"), left()], [1, 6]);
    assert.deepEqual([cache.get("a", { updateAgeOnGet: true }), left()], [1, 10]);
    perf.time += 4;
    assert.deepEqual([cache.has("a", { updateAgeOnHas: true }), left()], [true, 10]);
    perf.time += 4;
    assert.equal(cache.set("a", 2, { noUpdateTTL: true }) && left(), 6);
    assert.equal(cache.set("a", 3) && left(), 10);
    assert.equal(cache.set("a", 3, { start: perf.time - 7 }) && left(), 3);
  });

  it("evicts in the order of use, stale or not, and purgeStale removes what is stale", () => {
    const perf = handClock();
    const cache = new LRUCache({ max: 3, perf, ttlResolution: 0 });
    cache.set("a", 1).set("b", 2, { ttl: 5 }).set("c", 3, { ttl: 5 });
    perf.time += 6;
    cache.set("d", 4);
    assert.equal(cache.has("a"), false, "not the stale ones first");
    assert.deepEqual([cache.purgeStale(), cache.purgeStale(), cache.size], [true, false, 1]);
  });

  it("removes by timers with ttlAutopurge, and reads the clock once in ttlResolution", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1000 });
    const gone = [];
    const cache = new LRUCache({
      ttl: 20,
      ttlAutopurge: true,
      ttlResolution: 0,
      perf: Date,
      dispose: (value, _key, reason) => gone.push([value, reason]),
    });
    cache.set("a", 1).set("b", 2, { ttl: 50 }).set("c", 3);
    cache.delete("c");
    t.mock.timers.tick(21);
    assert.deepEqual(gone, [[3, "delete"]].concat([[1, "expire"]]));
    assert.deepEqual([cache.size, cache.get("b")], [1, 2]);
    t.mock.timers.tick(30);
    assert.equal(cache.size, 0);

    let reads = 0;
    const coarse = new LRUCache({ max: 5, ttl: 100, ttlResolution: 5, perf: { now: () => ++reads && Date.now() } });
    coarse.set("a", 1);
    for (let i = 0; i < 10; i++) coarse.get("a");
    assert.equal(reads, 2, "one for set, one for all gets");
    t.mock.timers.tick(5);
    coarse.get("a");
    assert.equal(reads, 3);
  });

  it("looks its clock up at each use, so that one put in its place later counts", (t) => {
    const cache = new LRUCache({ max: 5, ttl: 10, ttlResolution: 0 });
    const real = Object.getOwnPropertyDescriptor(globalThis, "performance");
    let time = 1000;
    Object.defineProperty(globalThis, "performance", { value: { now: () => time }, configurable: true });
    t.after(() => Object.defineProperty(globalThis, "performance", real));
    cache.set("a", 1);
    time += 11;
    assert.equal(cache.get("a"), undefined);
  });

  it("does not let an old entry's timer remove what was stored after its eviction", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1000 });
    const cache = new LRUCache({ max: 1, ttlAutopurge: true, ttl: 10, perf: Date, ttlResolution: 0 });
    cache.set("a", 1).set("b", 2).set("a", 3, { ttl: 1000 });
    t.mock.timers.tick(11);
    assert.equal(cache.get("a"), 3);
  });

  it("dumps and loads across clocks, with the time that each had left", (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    const perf = handClock();
    const cache = new LRUCache({ max: 5, ttl: 100, perf, ttlResolution: 0, maxSize: 10, sizeCalculation: () => 2 });
    cache.set("a", 1);
    perf.time += 30;
    cache.set("b", 2);
    const dumped = cache.dump();
    assert.deepEqual(dumped, [
      ["a", { value: 1, ttl: 100, start: 1_700_000_000_000 - 30, size: 2 }],
      ["b", { value: 2, ttl: 100, start: 1_700_000_000_000, size: 2 }],
    ]);
    t.mock.timers.tick(20);
    const other = { time: 5, now: () => 5 };
    const copy = new LRUCache({ max: 5, perf: other, ttlResolution: 0, maxSize: 10 });
    copy.load(JSON.parse(JSON.stringify(dumped)));
    assert.deepEqual(
      ["a", "b"].map((key) => copy.getRemainingTTL(key)),
      [50, 80],
    );
    assert.deepEqual([...copy], [...cache]);
    assert.deepEqual(dumped[0][1].start, 1_700_000_000_000 - 30, "what was given is as it was");
  });
});

describe("LRUCache: values that leave", () => {
  it("tells dispose why, and disposeAfter when all is done", () => {
    const told = [];
    const cache = new LRUCache({
      max: 2,
      dispose: (value, key, reason) => told.push(["dispose", value, key, reason, cache.peek(key)]),
      disposeAfter: (value, _key, reason) => told.push(["after", value, reason]),
      onInsert: (value, _key, reason) => told.push(["insert", value, reason]),
    });
    const since = () => told.splice(0);
    cache.set("a", 1);
    assert.deepEqual(since(), [["insert", 1, "add"]]);
    cache.set("a", 1);
    assert.deepEqual(since(), [["insert", 1, "update"]]);
    cache.set("a", 2);
    assert.deepEqual(
      since(),
      [
        ["dispose", 1, "a", "set", 2],
        ["insert", 2, "replace"],
      ].concat([["after", 1, "set"]]),
    );
    cache.set("a", 3, { noDisposeOnSet: true });
    assert.deepEqual(since(), [["insert", 3, "replace"]]);
    cache.set("b", 4).set("c", 5);
    assert.deepEqual(since().slice(1), [
      ["dispose", 3, "a", "evict", undefined],
      ["insert", 5, "add"],
      ["after", 3, "evict"],
    ]);
    cache.set("b", undefined);
    assert.deepEqual(since(), [["dispose", 4, "b", "delete", undefined]].concat([["after", 4, "delete"]]));
    cache.clear();
    assert.deepEqual(since(), [["dispose", 5, "c", "delete", undefined]].concat([["after", 5, "delete"]]));
    assert.equal(cache.delete("c"), false);
    assert.deepEqual(since(), []);
  });

  it("lets dispose use the cache, and has all told when one throws", () => {
    const cache = new LRUCache({ max: 2, dispose: (value, key) => cache.set(`${key} was`, value) }).set("a", 1);
    cache.delete("a");
    assert.deepEqual([...cache], [["a was", 1]]);
    const faulty = new LRUCache({
      maxSize: 4,
      dispose: (value) => {
        throw new Error(`no ${value}`);
      },
    });
    faulty.set("a", 1, { size: 2 }).set("b", 2, { size: 2 });
    assert.throws(() => faulty.set("c", 3, { size: 4 }), { name: "AggregateError" });
    assert.deepEqual([...faulty], [["c", 3]]);
    assert.equal(faulty.calculatedSize, 4);
  });
});

describe("LRUCache: iteration", () => {
  const filled = () => new LRUCache({ max: 9 }).set("a", 1).set("b", 2).set("c", 3);

  it("begins with what was used last, and the r-methods with what was used longest ago", () => {
    const cache = filled();
    cache.get("a");
    assert.deepEqual([...cache.keys()], ["a", "c", "b"]);
    assert.deepEqual([...cache.rkeys()], ["b", "c", "a"]);
    assert.deepEqual([...cache.values()], [1, 3, 2]);
    assert.deepEqual([...cache.rvalues()], [2, 3, 1]);
    assert.deepEqual([...cache], [...cache.entries()]);
    const seen = [];
    const self = {};
    cache.forEach(function (value, key, third) {
      seen.push([value, key, third === cache, this === self]);
    }, self);
    assert.deepEqual(seen[0], [1, "a", true, true]);
    cache.rforEach((value) => seen.push(value));
    assert.deepEqual(seen.slice(3), [2, 3, 1]);
    assert.equal(
      cache.find((value) => value > 1),
      3,
    );
    assert.deepEqual([...cache.keys()], ["c", "a", "b"], "find is a use of what it gives");
  });

  it("shows each entry once although all are used meanwhile, and not what is deleted or new", () => {
    const cache = filled();
    const seen = [];
    for (const [key] of cache) {
      seen.push(key);
      for (const other of ["a", "b", "c"]) cache.get(other);
      if (key === "c") cache.delete("b");
      cache.set("d", 4);
    }
    assert.deepEqual(seen, ["c", "a"]);
  });

  it("leaves stale entries out, unless allowStale is set", () => {
    const perf = handClock();
    const cache = new LRUCache({ max: 5, perf, ttlResolution: 0 }).set("a", 1, { ttl: 5 }).set("b", 2);
    perf.time += 6;
    assert.deepEqual([...cache.keys()], ["b"]);
    cache.allowStale = true;
    assert.deepEqual([...cache.keys()], ["b", "a"]);
  });
});

describe("LRUCache: fetch and memo", () => {
  /** A cache whose fetches are settled by hand. */
  function fetching(options) {
    const perf = handClock();
    const fetches = [];
    const fetchMethod = (key, stale, { signal, options, context }) =>
      new Promise((resolve, reject) => fetches.push({ key, stale, signal, options, context, resolve, reject }));
    const cache = new LRUCache({ max: 5, perf, ttlResolution: 0, fetchMethod, ...options });
    return { cache, perf, fetches };
  }

  it("shares a fetch, stores what it brings, and gives it until its time is over", async () => {
    const { cache, perf, fetches } = fetching({ ttl: 10 });
    const both = [cache.fetch("a", { context: "first" }), cache.fetch("a")];
    assert.deepEqual([fetches.length, fetches[0].context, cache.size, cache.has("a")], [1, "first", 1, false]);
    assert.deepEqual([...cache], []);
    fetches[0].resolve(1);
    assert.deepEqual(await Promise.all(both), [1, 1]);
    assert.deepEqual([await cache.fetch("a"), fetches.length, cache.get("a")], [1, 1, 1]);
    perf.time += 11;
    const again = cache.fetch("a");
    assert.equal(fetches[1].stale, 1);
    fetches[1].resolve(2);
    assert.equal(await again, 2);
  });

  it("gives the old value while it fetches with allowStale, and fetches all the same with forceRefresh", async () => {
    const { cache, perf, fetches } = fetching({ ttl: 10, allowStale: true });
    cache.set("a", 1);
    perf.time += 11;
    assert.equal(await cache.fetch("a"), 1);
    fetches[0].resolve(2);
    await later();
    assert.equal(cache.get("a"), 2);
    const fresh = cache.fetch("a", { forceRefresh: true, allowStale: false });
    fetches[1].resolve(3);
    assert.equal(await fresh, 3);
  });

  it("rejects and forgets when a fetch fails, or keeps and gives the old value", async () => {
    const { cache, perf, fetches } = fetching({ ttl: 10 });
    const failed = cache.fetch("a");
    fetches[0].reject(new Error("no"));
    await assert.rejects(failed, /no/);
    assert.equal(cache.size, 0);
    cache.set("b", 1);
    perf.time += 11;
    const stale = cache.fetch("b", { allowStaleOnFetchRejection: true });
    fetches[1].reject(new Error("no"));
    assert.equal(await stale, 1);
    assert.equal(cache.size, 1);
    const kept = cache.fetch("b", { noDeleteOnFetchRejection: true });
    fetches[2].reject(new Error("no"));
    await assert.rejects(kept, /no/);
    assert.equal(cache.peek("b", { allowStale: true }), 1);
  });

  it("aborts a fetch whose entry is deleted, evicted or replaced, or whose caller aborts", async () => {
    const { cache, fetches } = fetching({ max: 2 });
    const outcomes = ["a", "b", "c"].map((key) => cache.fetch(key).catch((error) => error.message));
    cache.delete("b");
    cache.set("c", 3);
    assert.deepEqual(
      fetches.map(({ signal }) => signal.aborted),
      [true, true, true],
    );
    assert.deepEqual(await Promise.all(outcomes), ["evicted", "deleted", "replaced"]);
    assert.deepEqual([...cache], [["c", 3]]);
    const controller = new AbortController();
    const own = cache.fetch("d", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(own, /enough/);
    await assert.rejects(cache.fetch("e", { signal: AbortSignal.abort(new Error("before")) }), /before/);
    assert.deepEqual([...cache.keys()], ["c"]);
  });

  it("goes on when it is aborted with ignoreFetchAbort, and stores late values with allowStaleOnFetchAbort", async () => {
    const { cache, perf, fetches } = fetching({ ttl: 10 });
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const ignoring = cache.fetch("a", { signal: controllers[0].signal, ignoreFetchAbort: true });
    controllers[0].abort(new Error("enough"));
    fetches[0].resolve(1);
    assert.deepEqual([await ignoring, cache.get("a")], [1, 1]);
    perf.time += 11;
    const stale = cache.fetch("a", { signal: controllers[1].signal, allowStaleOnFetchAbort: true });
    controllers[1].abort(new Error("enough"));
    assert.equal(await stale, 1);
    fetches[1].resolve(2);
    await later();
    assert.equal(cache.get("a"), 2);
    perf.time += 11;
    const failing = cache.fetch("a", { signal: controllers[2].signal, allowStaleOnFetchAbort: true });
    controllers[2].abort(new Error("enough"));
    assert.equal(await failing, 2);
    fetches[2].reject(new Error("late"));
    await later();
    assert.equal(cache.peek("a", { allowStale: true }), 2);
    cache.fetch("a");
    assert.equal(fetches.length, 4, "nothing waits for the one that failed");
  });

  it("lets fetchMethod change how its value is stored, gives its plain values, and passes on what it throws", async () => {
    const perf = handClock();
    const cache = new LRUCache({
      max: 5,
      ttl: 10,
      perf,
      ttlResolution: 0,
      fetchMethod: (key, _stale, { options }) => {
        if (key === "faulty") throw new Error("thrown");
        options.ttl = 500;
        return key === "nothing" ? undefined : `${key}!`;
      },
    });
    assert.equal(await cache.fetch("a"), "a!");
    assert.equal(cache.getRemainingTTL("a"), 500);
    assert.equal(await cache.forceFetch("a"), "a!");
    assert.equal(await cache.fetch("nothing"), undefined);
    await assert.rejects(cache.forceFetch("nothing"), /fetchMethod gave nothing for the key "nothing"/);
    await assert.rejects(cache.fetch("faulty"), /thrown/);
    assert.deepEqual([...cache.keys()], ["a"]);
    assert.equal(await new LRUCache({ max: 1 }).set("a", 1).fetch("a"), 1, "without a fetchMethod it is get");
  });

  it("is silent about a background fetch that fails, and keeps no process waiting", async () => {
    const unhandled = mock.fn();
    process.on("unhandledRejection", unhandled);
    const { cache, perf, fetches } = fetching({ ttl: 10, allowStale: true });
    cache.set("a", 1);
    perf.time += 11;
    assert.equal(await cache.fetch("a"), 1);
    fetches[0].reject(new Error("no"));
    await later();
    await later();
    process.off("unhandledRejection", unhandled);
    assert.equal(unhandled.mock.callCount(), 0);
    assert.equal(cache.size, 0);
  });

  it("gives by pop the old value of what is fetched anew, and passes over what has none yet", async () => {
    const { cache, fetches } = fetching();
    cache.set("a", 0);
    const outcomes = ["a", "b"].map((key) => cache.fetch(key, { forceRefresh: true }).catch((error) => error.message));
    assert.deepEqual([cache.pop(), cache.pop(), cache.size], [0, undefined, 0]);
    assert.deepEqual(await Promise.all(outcomes), ["evicted", "evicted"]);
    assert.equal(fetches.length, 2);
  });

  it("computes in memo what is missing or stale, with the old value and the context", () => {
    const perf = handClock();
    const calls = [];
    const cache = new LRUCache({
      max: 5,
      ttl: 10,
      perf,
      ttlResolution: 0,
      memoMethod: (key, stale, { context }) => calls.push([key, stale, context]),
    });
    assert.deepEqual([cache.memo("a", { context: 7 }), cache.memo("a")], [1, 1]);
    assert.equal(cache.memo("a", { forceRefresh: true }), 2);
    perf.time += 11;
    assert.equal(cache.memo("a", { allowStale: true }), 2);
    assert.equal(cache.memo("a", { ttl: 3 }), 3);
    assert.equal(cache.getRemainingTTL("a"), 3);
    assert.deepEqual(calls, [
      ["a", undefined, 7],
      ["a", 1, undefined],
      ["a", undefined, undefined],
    ]);
  });
});
