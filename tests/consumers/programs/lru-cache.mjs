// Random operations on `poche/lru-cache` and on the package `lru-cache`, side by side under one clock moved by hand:
// results, sizes, order and the calls of dispose, disposeAfter and onInsert must be the same.
import assert from "node:assert/strict";
import { LRUCache as Theirs } from "lru-cache";
import { LRUCache as Ours } from "poche/lru-cache";

const turn = setImmediate;
const settled = () => new Promise((resolve) => turn(resolve));

/** Random numbers that can be repeated: mulberry32. */
function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

// The clock, and the timers that it moves.
let now = 1_700_000_000_000;
let timers = [];
Date.now = () => now;
globalThis.setTimeout = (callback, milliseconds) => {
  const timer = { callback, at: now + Math.max(1, milliseconds), unref: () => timer };
  timers.push(timer);
  return timer;
};
globalThis.clearTimeout = (timer) => {
  timers = timers.filter((candidate) => candidate !== timer);
};
function pass(milliseconds) {
  const end = now + milliseconds;
  for (;;) {
    const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
    if (due === undefined) break;
    timers = timers.filter((timer) => timer !== due);
    now = Math.max(now, due.at);
    due.callback();
  }
  now = end;
}

const objects = [{}, [], new Date(0), () => {}];
const KEYS = ["a", "b", "c", "a key that is longer than an entry of the engine has room for", "é😀", 1, "1", 2.5, NaN]
  .concat(0, 10n, true, Symbol.for("s"))
  .concat(objects);

/** Two caches with the same options, and what they told. */
class Pair {
  constructor(options, below) {
    this.below = below;
    this.sides = [Theirs, Ours].map((LRUCache) => {
      const side = { told: [], fetches: [], outcomes: [] };
      const tell = (kind) => (value, key, reason) => side.told.push([kind, value, key, reason]);
      const own = { perf: { now: () => now } };
      if (options.dispose) own.dispose = tell("dispose");
      if (options.disposeAfter) own.disposeAfter = tell("disposeAfter");
      if (options.onInsert) own.onInsert = tell("onInsert");
      if (options.fetches) {
        own.fetchMethod = (key, stale, { signal, context }) =>
          new Promise((resolve, reject) => {
            side.told.push(["fetch", key, stale, context]);
            const fetch = { resolve, reject, aborted: false };
            signal.addEventListener("abort", () => {
              fetch.aborted = true;
              side.told.push(["abort", key]);
            });
            side.fetches.push(fetch);
          });
      }
      if (options.memoizes) {
        own.memoMethod = (key, stale, { context }) => {
          side.told.push(["memo", key, stale, context]);
          return context;
        };
      }
      side.cache = new LRUCache({ ...options, ...own });
      return side;
    });
  }

  /** Does the same on both, and compares what comes of it. */
  do(operation) {
    const [theirs, ours] = this.sides.map((side) => {
      try {
        return { result: operation(side.cache, side) };
      } catch (error) {
        return { error: error instanceof TypeError };
      }
    });
    const [one, two] = this.sides.map((side) =>
      side.cache === theirs.result || side.cache === ours.result ? "self" : 0,
    );
    assert.deepEqual(one === "self" ? "self" : ours, two === "self" && one === "self" ? "self" : theirs);
    this.compare();
  }

  compare() {
    const [theirs, ours] = this.sides.map(({ cache, told, outcomes, fetches }) => {
      const state = { size: cache.size, calculatedSize: cache.calculatedSize, outcomes, fetches: fetches.length };
      return { ...state, told };
    });
    assert.deepEqual(ours, theirs);
    for (const side of this.sides) side.told.length = 0;
  }

  compareAll() {
    this.do((cache) => [...cache]);
    this.do((cache) => [...cache.rkeys()]);
    this.do((cache) => cache.dump());
  }
}

function setOptions(options, below, sized) {
  const given = {};
  if (below(3) === 0) given.ttl = [0, 5, 20, 1000][below(4)];
  if (below(8) === 0) given.start = now - below(30);
  if (below(5) === 0) given.noDisposeOnSet = below(2) === 0;
  if (below(5) === 0) given.noUpdateTTL = below(2) === 0;
  if (sized && (!options.sizeCalculation || below(3) === 0)) given.size = 1 + below(12);
  else if (sized && below(6) === 0) given.sizeCalculation = (value) => 1 + (value % 3);
  return below(4) === 0 && !sized ? undefined : given;
}

const getOptions = (below) => {
  const given = {};
  for (const name of ["allowStale", "updateAgeOnGet", "noDeleteOnStaleGet"]) {
    if (below(5) === 0) given[name] = below(2) === 0;
  }
  return below(3) === 0 ? undefined : given;
};

function step(pair, options, below, value) {
  const key = KEYS[below(options.keys)];
  const sized = options.maxSize !== undefined || options.maxEntrySize !== undefined;
  const kind = below(100);
  if (kind < 36) {
    const given = setOptions(options, below, sized);
    // Some values are set again as they are.
    const stored = below(6) === 0 ? 1 + below(3) : value;
    pair.do((cache) => cache.set(key, stored, given && { ...given }));
  } else if (kind < 56) {
    const given = getOptions(below);
    pair.do((cache) => cache.get(key, given && { ...given }));
  } else if (kind < 61) {
    const given = below(2) ? undefined : { updateAgeOnHas: below(2) === 0 };
    pair.do((cache) => cache.has(key, given && { ...given }));
  } else if (kind < 66) {
    const given = below(2) ? undefined : { allowStale: below(2) === 0 };
    pair.do((cache) => cache.peek(key, given && { ...given }));
  } else if (kind < 71) pair.do((cache) => cache.delete(key));
  else if (kind < 73) pair.do((cache) => cache.set(key, undefined));
  else if (kind < 76) pair.do((cache) => cache.pop());
  else if (kind < 79) pair.do((cache) => cache.purgeStale());
  else if (kind < 82) pair.do((cache) => cache.getRemainingTTL(key));
  else if (kind < 85) pair.do((cache) => cache.info(key));
  else if (kind < 86) pair.do((cache) => cache.clear());
  else if (kind < 87) pair.do((cache) => cache.load(cache.dump()));
  else if (kind < 88) {
    const name = ["keys", "values", "entries", "rkeys", "rvalues", "rentries"][below(6)];
    pair.do((cache) => [...cache[name]()]);
  } else if (kind < 89) {
    const name = below(2) ? "forEach" : "rforEach";
    pair.do((cache) => {
      const seen = [];
      cache[name]((value, key, self) => seen.push([value, key, self === cache]));
      return seen;
    });
  } else if (kind < 90) pair.do((cache) => cache.find((found) => found % 4 === 0, {}));
  else if (kind < 92 && options.memoizes) {
    const forceRefresh = below(4) === 0;
    pair.do((cache) => cache.memo(key, { context: value, forceRefresh, ...(sized && { size: 1 + (value % 3) }) }));
  } else if (kind < 93) {
    const allowed = below(2) === 0;
    pair.do((cache) => {
      cache.allowStale = allowed;
    });
  } else pass([0, 1, 2, 5, 10, 30][below(6)]);
}

/** The same with fetches under way. */
async function asyncStep(pair, options, below, value) {
  const kind = below(10);
  const key = KEYS[below(options.keys)];
  const ids = pair.sides[0].fetches;
  if (kind < 3) {
    const given = { context: value, ...getOptions(below) };
    if (below(4) === 0) given.forceRefresh = true;
    if (below(6) === 0) given.ttl = 10;
    const abortable = below(3) === 0;
    pair.do((cache, side) => {
      const controller = new AbortController();
      const place = side.outcomes.push("pending") - 1;
      cache.fetch(key, { ...given, ...(abortable && { signal: controller.signal }) }).then(
        (found) => {
          side.outcomes[place] = ["value", found];
        },
        (error) => {
          side.outcomes[place] = ["error", error instanceof Error];
        },
      );
      if (abortable) side.controllers = [...(side.controllers ?? []), controller];
    });
  } else if (kind < 6 && ids.length > 0) {
    const place = below(ids.length);
    const { aborted } = ids[place];
    const way = below(6);
    for (const { fetches } of pair.sides) {
      const [fetch] = fetches.splice(place, 1);
      // Where lru-cache would wait for ever, or keep an entry without a value, ours is different: not compared.
      if (way === 0 && !(aborted && options.allowStaleOnFetchAbort)) fetch.reject(new Error("no"));
      else if (way === 1 && !options.ignoreFetchAbort) fetch.resolve(undefined);
      else fetch.resolve(value);
    }
  } else if (kind === 6 && pair.sides[0].controllers?.length > 0) {
    const place = below(pair.sides[0].controllers.length);
    for (const { controllers } of pair.sides) controllers.splice(place, 1)[0].abort(new Error("enough"));
  } else step(pair, options, below, value);
  await settled();
  pair.compare();
}

const flag = (below) => below(3) === 0;

function someOptions(below) {
  const options = { keys: 4 + below(KEYS.length - 3) };
  const bound = below(4);
  if (bound !== 1) options.max = 1 + below(10);
  if (bound === 1 || bound === 2) options.maxSize = 12 + below(20);
  if (bound === 3 || below(4) === 0) options.maxEntrySize = 8 + below(4);
  const sized = options.maxSize !== undefined || options.maxEntrySize !== undefined;
  if (sized && below(2)) options.sizeCalculation = (value) => 1 + (value % 5);
  // Without either, lru-cache dumps undefined and NaN for entries from before the first one with a ttl.
  if (below(3) > 0 || options.max === undefined) options.ttl = 5 + below(40);
  options.ttlAutopurge = below(4) === 0;
  // Together: a timer of lru-cache that reads an old time leaves an entry for ever, which ours does not.
  options.ttlResolution = below(3) === 0 && !options.ttlAutopurge ? 1 + below(4) : 0;
  for (const name of ["updateAgeOnGet", "updateAgeOnHas", "allowStale", "noDeleteOnStaleGet", "noUpdateTTL"]) {
    options[name] = flag(below);
  }
  options.noDisposeOnSet = below(6) === 0;
  for (const name of ["dispose", "disposeAfter", "onInsert"]) options[name] = below(3) > 0;
  return options;
}

/** Runs, each with other options. How many operations there were, and what was different. */
export async function run(seeds, stepsEach, first = 1) {
  const report = { operations: 0, fetches: 0, differences: [] };
  for (let seed = first; seed < first + seeds; seed++) {
    const below = random(seed);
    const options = someOptions(below);
    options.memoizes = below(2) === 0;
    options.fetches = below(2) === 0;
    if (options.fetches) {
      for (const name of ["noDeleteOnFetchRejection", "allowStaleOnFetchRejection"]) options[name] = flag(below);
      options[["allowStaleOnFetchAbort", "ignoreFetchAbort", "none"][below(3)]] = true;
    }
    const { keys, ...rest } = options;
    const pair = new Pair(rest, below);
    try {
      for (let index = 0; index < stepsEach; index++, report.operations++) {
        if (options.fetches) await asyncStep(pair, options, below, 3 + report.operations);
        else step(pair, options, below, 3 + report.operations);
        if (index % 40 === 0) pair.compareAll();
      }
      if (options.fetches) report.fetches += pair.sides[0].outcomes.length;
    } catch (error) {
      report.differences.push({ seed, options, error: String(error.stack) });
    }
    timers = [];
  }
  return report;
}
