// Random calls of memoized functions, interleaved with deletions, clears, failures and time, held against a model.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache, memoize } from "poche";
import { fakeClock } from "./lib/fake-clock.mjs";
import { random } from "./lib/random.mjs";

// Argument lists, made anew for each call: some by value, some with their properties in any order.
const LISTS = [
  () => [],
  () => [undefined],
  () => [1],
  () => ["1"],
  () => [1, "a"],
  () => ["a", 1],
  () => [Number.NaN],
  (flip) => [flip ? { a: 1, b: [2] } : { b: [2], a: 1 }],
  (flip) => [flip ? { b: [2], a: 2 } : { a: 2, b: [2] }],
  () => [[1, "a"]],
  () => [new Date(5)],
  () => [new Map([["a", new Map([[1, 2]])]]), 1],
  () => [1, 2, 3],
];

/** What a memoized function does, as plainly as can be said. Argument lists are known by their index. */
class Model {
  entries = new Map();
  flights = new Map();
  /** The lists whose refreshes wait for a later task. */
  waiting = new Set();
  failures = 0;

  constructor(clock, { ttl = Infinity, grace = 0, isAsync = false }) {
    Object.assign(this, { clock, ttl: ttl * 1000, grace: grace * 1000, isAsync });
  }

  isLive = (name) => this.entries.has(name) && this.entries.get(name).expires > this.clock.now;
  age = (name) => this.clock.now - this.entries.get(name).expires;
  store = (name, value) => this.entries.set(name, { value, expires: this.clock.now + this.ttl });

  /** `run(name)` gives the outcome of a run that is begun now. What is given is `{ value }` or a run. */
  call(name, run) {
    if (this.isLive(name)) return this.entries.get(name);
    if (this.entries.has(name) && this.age(name) < this.grace) {
      const stale = this.entries.get(name);
      if (this.isAsync && !this.flights.has(name)) this.begin(name, run(name)).isRefresh = true;
      else if (!this.isAsync) this.waiting.add(name);
      return stale;
    }
    this.entries.delete(name);
    if (this.isAsync) return this.flights.get(name) ?? this.begin(name, run(name));
    const outcome = run(name);
    if (!outcome.error) this.store(name, outcome.value);
    return outcome;
  }

  begin(name, outcome) {
    this.flights.set(name, outcome);
    return outcome;
  }

  /** A run of an asynchronous function is over. */
  settle(name, outcome) {
    if (outcome.isRefresh && outcome.error) this.failures++;
    if (this.flights.get(name) !== outcome) return;
    this.flights.delete(name);
    if (!outcome.error) this.store(name, outcome.value);
  }

  /** The later task comes. */
  refresh(run) {
    for (const name of this.waiting) {
      if (!this.entries.has(name) || this.isLive(name)) continue;
      const outcome = run(name);
      if (outcome.error) this.failures++;
      else this.store(name, outcome.value);
    }
    this.waiting.clear();
  }

  delete(name) {
    this.flights.delete(name);
    return this.entries.delete(name);
  }

  clear() {
    this.flights.clear();
    this.entries.clear();
  }
}

const task = () => new Promise((resolve) => setTimeout(resolve, 0));

function trapRejections(t) {
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on("unhandledRejection", note);
  t.after(() => {
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled, []);
  });
}

/** A function to be memoized: each run has an outcome, which the model takes as its own. */
class Subject {
  made = [];
  runs = 0;
  fails = false;
  reported = 0;

  /** The outcome of the run that was made; there has to be one. */
  take = () => this.made.shift() ?? assert.fail("a run is missing");

  outcome() {
    this.runs += 1;
    return this.fails ? { error: new Error(`run ${this.runs}`) } : { value: { run: this.runs } };
  }

  run() {
    const outcome = this.outcome();
    this.made.push(outcome);
    if (outcome.error) throw outcome.error;
    return outcome.value;
  }

  /** The same with a promise, which is settled later. */
  start() {
    const outcome = {};
    this.made.push(outcome);
    return new Promise((resolve, reject) => {
      outcome.settle = () => {
        Object.assign(outcome, this.outcome());
        if (outcome.error) reject(outcome.error);
        else resolve(outcome.value);
      };
    });
  }
}

const kinds = {
  "a function":
    (subject) =>
    (..._args) =>
      subject.run(),
  "an async function":
    (subject) =>
    async (..._args) =>
      subject.start(),
  "a function that gives promises":
    (subject) =>
    (..._args) =>
      subject.start(),
};

async function compare(t, kind, steps, seed, options) {
  trapRejections(t);
  const below = random(seed);
  const clock = fakeClock(t);
  const isAsync = kind !== "a function";
  const { ttl, grace, shared } = options;
  const cache = shared ? new Cache({ clockResolution: 0 }) : undefined;
  const own = shared ? { cache } : { clockResolution: 0 };
  const functions = (shared ? ["one", "two", undefined] : [undefined]).map((namespace) => {
    const subject = new Subject();
    const onError = () => subject.reported++;
    const f = memoize(kinds[kind](subject), { ttl, staleWhileRevalidate: grace, onError, namespace, ...own });
    return { subject, f, model: new Model(clock, { ttl, grace, isAsync }), pending: [], calls: [], name: 0 };
  });

  /** Lets a run that is under way come to its end. */
  const settle = async ({ subject, model, pending }) => {
    const [[name, outcome]] = pending.splice(below(pending.length), 1);
    subject.fails = below(4) === 0;
    outcome.settle();
    for (let turn = 0; turn < 8; turn++) await undefined;
    model.settle(name, outcome);
  };

  for (let step = 0; step < steps; step++) {
    const one = functions[below(functions.length)];
    const { subject, f, model, pending } = one;
    // Often the same as before, since repeated calls go a way of their own.
    const name = below(2) === 0 ? one.name : below(LISTS.length);
    one.name = name;
    const args = LISTS[name](below(2));
    const choice = below(100);
    const at = `step ${step}, ${f.name} ${name}`;
    subject.fails = below(5) === 0;
    if (choice < 60) {
      let got;
      try {
        got = { value: f(...args) };
      } catch (error) {
        got = { error };
      }
      const expected = model.call(name, () => {
        const outcome = subject.take();
        if (isAsync) pending.push([name, outcome]);
        return outcome;
      });
      if (isAsync) {
        assert.ok(got.value instanceof Promise, at);
        const settled = got.value.then(
          (value) => assert.equal(value, expected.value, at),
          (error) => assert.equal(error, expected.error, at),
        );
        one.calls.push(settled);
      } else {
        assert.equal(got.error, expected.error, at);
        assert.equal(got.value, expected.value, at);
      }
    } else if (choice < 68) assert.equal(f.delete(...args), model.delete(name), at);
    else if (choice < 70) {
      f.clear();
      model.clear();
    } else if (choice < 71) {
      f.cache.flush();
      for (const each of functions) if (shared || each === one) each.model.clear();
    } else if (choice < 76) assert.equal(f.has(...args), model.isLive(name), at);
    else if (choice < 78 && !shared && kind !== "a function that gives promises") {
      const value = { step };
      f.cache.set(args, value);
      model.flights.delete(name);
      model.store(name, value);
    } else if (choice < 80 && !shared) {
      assert.equal(f.cache.setTtl(args, 1), model.entries.has(name), at);
      if (model.entries.has(name)) model.entries.get(name).expires = clock.now + 1000;
    } else if (choice < 88) clock.now += below(1500);
    else if (isAsync && pending.length > 0) await settle(one);
    else if (model.waiting.size > 0) {
      for (const each of functions) each.subject.fails = subject.fails;
      await task();
      for (const each of functions) each.model.refresh(each.subject.take);
    }
    for (const each of functions) assert.equal(each.subject.made.length, 0, `${at}: no run but those of the model`);
  }
  for (const one of functions) {
    while (one.pending.length > 0) await settle(one);
    await Promise.all(one.calls);
    await task();
    one.model.refresh(one.subject.take);
    assert.equal(one.subject.reported, one.model.failures);
    assert.ok(one.subject.runs > 0);
  }
}

const settings = {
  "that never expire": { ttl: Infinity, grace: undefined },
  "that expire": { ttl: 3, grace: undefined },
  "served stale": { ttl: 2, grace: 3 },
};
for (const kind of Object.keys(kinds)) {
  describe(kind, () => {
    let seed = kind.length;
    for (const [name, options] of Object.entries(settings)) {
      for (const shared of [false, true]) {
        it(`with results ${name}, ${shared ? "three in a shared cache" : "alone"}`, (t) =>
          compare(t, kind, 6000, ++seed, { ...options, shared }));
      }
    }
  });
}

describe("in a full cache", () => {
  for (const eviction of ["lru", undefined]) {
    it(`a call gives the result of its own arguments, ${eviction ?? "by the default policy"}`, () => {
      const below = random(7);
      let runs = 0;
      const latest = new Map();
      const f = memoize(
        (a, b) => {
          const result = { name: JSON.stringify([a, b]), run: ++runs };
          latest.set(result.name, result);
          return result;
        },
        { maxEntries: 20, eviction },
      );
      for (let step = 0; step < 50_000; step++) {
        const i = below(below(2) ? 15 : 60);
        const args = [[i], [`${i}`], [i, "a"], [{ i }], [[i, 1]], [{ i, j: { i } }, 2]][below(6)];
        const got = f(...args);
        assert.equal(got, latest.get(JSON.stringify([args[0], args[1]])));
        if (below(10) === 0) f.delete(...args);
        if (below(1000) === 0) f.clear();
        assert.ok(f.cache.size <= 20);
      }
      assert.ok(runs > 1000 && runs < 50_000);
    });
  }
});
