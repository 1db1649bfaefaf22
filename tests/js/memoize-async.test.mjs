// memoize of functions that give promises: shared runs, rejections, what overtakes a run, stale results.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Cache, memoize } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { random } from "./lib/random.mjs";

process.on("unhandledRejection", (error) => {
  throw error;
});

function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

/** A memoized function whose runs are settled by hand. */
function byHand(options) {
  const runs = [];
  const f = memoize((..._args) => {
    const run = deferred();
    runs.push(run);
    return run.promise;
  }, options);
  return { f, runs };
}

describe("an async function", () => {
  it("always gives a promise", async () => {
    const f = memoize(async (a) => a);
    for (let i = 0; i < 3; i++) {
      const result = f(1);
      assert.ok(result instanceof Promise);
      assert.equal(await result, 1);
    }
    f.cache.set([2], "set");
    assert.equal(await f(2), "set");
    f.cache.free();
    await assert.rejects(f(1), { code: "ERR_CACHE_FREED" });
  });

  it("shares one run among concurrent equal calls; the value is stored, not the promise", async () => {
    for (const args of [[1], ["a", 2], [{ a: 1 }], [], [1, 2, 3]]) {
      const { f, runs } = byHand();
      const calls = [f(...args), f(...structuredClone(args)), f(...args)];
      assert.equal(runs.length, 1);
      assert.equal(f.has(...args), false);
      runs[0].resolve("value");
      assert.deepEqual(await Promise.all(calls), ["value", "value", "value"]);
      assert.deepEqual([...f.cache], [[args, "value"]]);
      const later = f(...args);
      assert.ok(later instanceof Promise);
      assert.equal(await later, "value");
      assert.equal(runs.length, 1);
    }
  });

  it("a rejection reaches every waiter and is not cached", async () => {
    const { f, runs } = byHand();
    const calls = [f(1), f(1), f(1)];
    const error = new Error("no");
    runs[0].reject(error);
    for (const call of calls) await assert.rejects(call, error);
    assert.equal(f.cache.size, 0);
    const again = f(1);
    assert.equal(runs.length, 2);
    runs[1].resolve(2);
    assert.equal(await again, 2);
  });

  it("counts the ttl from when the value is there", async (t) => {
    const clock = fakeClock(t);
    const { f, runs } = byHand(1);
    const call = f(1);
    clock.now += 60_000;
    runs[0].resolve(1);
    await call;
    assert.equal(f.cache.getTtl([1]).getTime(), clock.now + 1000);
  });

  const overtaking = {
    delete: (f) => f.delete(1),
    clear: (f) => f.clear(),
    "cache.delete": (f) => f.cache.delete([1]),
    "cache.flush": (f) => f.cache.flush(),
  };
  for (const [name, overtake] of Object.entries(overtaking)) {
    it(`${name} overtakes a call: its waiters get the result, nobody else does`, async () => {
      const { f, runs } = byHand();
      const old = f(1);
      overtake(f);
      const fresh = f(1);
      assert.equal(runs.length, 2);
      runs[1].resolve("new");
      assert.equal(await fresh, "new");
      runs[0].resolve("old");
      assert.equal(await old, "old");
      assert.equal(await f(1), "new");
      f.clear();
      const last = f(1);
      overtake(f);
      runs[2].resolve("last");
      await last;
      assert.equal(f.has(1), false);
    });
  }

  it("what is deleted while its synchronous part runs stays deleted", async () => {
    const f = memoize(async (a) => {
      f.clear();
      return a;
    });
    assert.equal(await f(1), 1);
    assert.equal(f.has(1), false);
  });

  it("shares its run with gos on its cache", async () => {
    const { f, runs } = byHand();
    const call = f(1);
    const other = f.cache.gos([1], () => "other");
    runs[0].resolve("one");
    assert.deepEqual(await Promise.all([call, other]), ["one", "one"]);
  });
});

describe("staleWhileRevalidate", () => {
  it("serves the old value while exactly one refresh runs", async (t) => {
    const clock = fakeClock(t);
    const { f, runs } = byHand({ ttl: 10, staleWhileRevalidate: 10 });
    const first = f(1);
    runs[0].resolve("old");
    await first;
    clock.now += 10_000;
    assert.deepEqual(await Promise.all([f(1), f(1), f(1)]), ["old", "old", "old"]);
    assert.equal(runs.length, 2);
    runs[1].resolve("new");
    await turn();
    assert.equal(await f(1), "new");
    assert.equal(f.cache.getTtl([1]).getTime(), clock.now + 10_000);
    assert.equal(runs.length, 2);
  });

  it("ends with its window: then calls wait", async (t) => {
    const clock = fakeClock(t);
    const { f, runs } = byHand({ ttl: 10, staleWhileRevalidate: 10 });
    const first = f(1);
    runs[0].resolve("old");
    await first;
    clock.now += 20_000;
    const second = f(1);
    runs[1].resolve("new");
    assert.equal(await second, "new");
  });

  it("calls after the window share the refresh that is under way", async (t) => {
    const clock = fakeClock(t);
    const { f, runs } = byHand({ ttl: 10, staleWhileRevalidate: 10 });
    const first = f(1);
    runs[0].resolve("old");
    await first;
    clock.now += 15_000;
    assert.equal(await f(1), "old");
    clock.now += 15_000;
    const waiting = f(1);
    assert.equal(runs.length, 2);
    runs[1].resolve("new");
    assert.equal(await waiting, "new");
  });

  it("a failed refresh keeps the old value for the rest of the window, and tells onError", async (t) => {
    const clock = fakeClock(t);
    const errors = [];
    const { f, runs } = byHand({
      ttl: 10,
      staleWhileRevalidate: 10,
      onError: (error, args) => errors.push([error.message, args]),
    });
    const first = f(1);
    runs[0].resolve("old");
    await first;
    clock.now += 10_000;
    assert.equal(await f(1), "old");
    runs[1].reject(new Error("no"));
    await turn();
    assert.deepEqual(errors, [["no", [1]]]);
    clock.now += 9999;
    assert.equal(await f(1), "old");
    assert.equal(runs.length, 3);
    runs[2].reject(new Error("no again"));
    await turn();
    clock.now += 1;
    const waiting = f(1);
    runs[3].resolve("new");
    assert.equal(await waiting, "new");
  });

  it("never leaves a rejection unhandled, even where onError fails", async (t) => {
    const clock = fakeClock(t);
    for (const onError of [
      undefined,
      () => {
        throw new Error("onError");
      },
      async () => {
        throw new Error("onError");
      },
    ]) {
      const { f, runs } = byHand({ ttl: 1, staleWhileRevalidate: null, onError });
      const first = f(1);
      runs[0].resolve(1);
      await first;
      clock.now += 2000;
      assert.equal(await f(1), 1);
      runs[1].reject(new Error("no"));
      await turn();
      await turn();
    }
  });

  it("delete and clear during a refresh win", async (t) => {
    const clock = fakeClock(t);
    for (const erase of [(f) => f.delete(1), (f) => f.clear()]) {
      const { f, runs } = byHand({ ttl: 1, staleWhileRevalidate: 10 });
      const first = f(1);
      runs[0].resolve("old");
      await first;
      clock.now += 1000;
      await f(1);
      erase(f);
      runs[1].resolve("new");
      await turn();
      assert.equal(f.has(1), false);
      assert.equal(f.cache.size, 0);
    }
  });

  it("refreshes a synchronous function in a later task", async (t) => {
    const clock = fakeClock(t);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let runs = 0;
    const f = memoize((_a) => ++runs, { ttl: 1, staleWhileRevalidate: 10 });
    assert.equal(f(1), 1);
    clock.now += 1000;
    assert.deepEqual([f(1), f(1), runs], [1, 1, 1]);
    await turn();
    assert.equal(runs, 1);
    t.mock.timers.tick(1);
    assert.equal(runs, 2);
    assert.equal(f(1), 2);
  });

  it("of a synchronous function: a failed refresh, and a refresh that something overtook", async (t) => {
    const clock = fakeClock(t);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const errors = [];
    let runs = 0;
    let fails = false;
    const f = memoize(
      (_a) => {
        runs += 1;
        if (fails) throw new Error(`run ${runs}`);
        return runs;
      },
      { ttl: 1, staleWhileRevalidate: 10, onError: (error) => errors.push(error.message) },
    );
    f(1);
    clock.now += 1000;
    fails = true;
    assert.equal(f(1), 1);
    t.mock.timers.tick(1);
    await turn();
    assert.deepEqual(errors, ["run 2"]);
    assert.equal(f(1), 1);
    f.delete(1);
    t.mock.timers.tick(1);
    assert.equal(runs, 2, "what was deleted is not refreshed");
    fails = false;
    const list = [1];
    f(list);
    clock.now += 1000;
    f(list);
    list.push(2);
    t.mock.timers.tick(1);
    assert.equal(f.has([1]), false, "the arguments are others by now");
    assert.equal(f.cache.size, 1);
  });

  it("a refresh that calls the function itself gets the old value", async (t) => {
    const clock = fakeClock(t);
    let runs = 0;
    const f = memoize(
      async (a) => {
        runs += 1;
        return runs === 1 ? 1 : (await f(a)) + 1;
      },
      { ttl: 1, staleWhileRevalidate: 10 },
    );
    await f(1);
    clock.now += 1000;
    assert.equal(await f(1), 1);
    await turn();
    assert.equal(await f(1), 2);
    assert.equal(runs, 2);
  });
});

// The model: for each key the value and the runs under way; a run stores unless it was overtaken.
describe("random interleavings", () => {
  for (let seed = 1; seed <= 40; seed++) {
    it(`of calls, settlements, deletes and expiries: seed ${seed}`, async (t) => {
      const clock = fakeClock(t);
      const next = random(seed);
      // Lookups that come thick and fast share readings of the clock otherwise.
      const exact = { clockResolution: 0 };
      const own = seed % 3 === 0 ? { ttl: 1, cache: new Cache(exact), namespace: "own" } : { ttl: 1, ...exact };
      const { f, runs } = byHand(own);
      const model = new Map();
      const flying = new Map();
      const waiting = [];
      const keyOf = [() => 1, () => "1", () => ({ a: 1 }), () => [1]];
      const live = (k) => model.has(k) && model.get(k).expiry > clock.now;
      for (let step = 0; step < 300; step++) {
        const k = next(keyOf.length);
        switch (next(8)) {
          case 0:
          case 1:
          case 2: {
            const before = runs.length;
            const result = f(keyOf[k]());
            if (live(k)) {
              assert.equal(runs.length, before);
              assert.equal(await result, model.get(k).value);
            } else {
              model.delete(k);
              if (flying.has(k)) {
                assert.equal(runs.length, before);
                assert.equal(result, flying.get(k).result);
              } else {
                assert.equal(runs.length, before + 1);
                const flight = { k, run: runs[before], result, number: before };
                flying.set(k, flight);
                waiting.push(flight);
              }
            }
            break;
          }
          case 3:
          case 4: {
            if (waiting.length === 0) break;
            const [flight] = waiting.splice(next(waiting.length), 1);
            const current = flying.get(flight.k) === flight;
            if (current) flying.delete(flight.k);
            if (next(3) === 0) {
              const error = new Error("run");
              flight.run.reject(error);
              await assert.rejects(flight.result, error);
            } else {
              flight.run.resolve(flight.number);
              assert.equal(await flight.result, flight.number);
              if (current) model.set(flight.k, { value: flight.number, expiry: clock.now + 1000 });
            }
            break;
          }
          case 5:
            assert.equal(f.delete(keyOf[k]()), model.delete(k));
            flying.delete(k);
            break;
          case 6:
            clock.now += next(900);
            break;
          default:
            if (next(5) > 0) break;
            f.clear();
            model.clear();
            flying.clear();
        }
        for (let key = 0; key < keyOf.length; key++) assert.equal(f.has(keyOf[key]()), live(key));
      }
      for (const { run } of waiting) run.resolve();
    });
  }
});
