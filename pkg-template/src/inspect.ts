// What `console.log(cache)` shows in Node, Deno and Bun: size, bounds, and the first entries with their time left.
import type { Cache } from "./cache.js";
import type { Store } from "./store.js";

const MOST = 10;

// Those that are being shown: one that holds itself would have no end where no depth is set.
const open = new Set<object>();

type Inspect = (value: unknown, options: object) => string;

/** Gives caches the methods that Node and Bun, and that Deno, call to show an object. */
export function makeInspectable(prototype: object, storeOf: (cache: object) => Store): void {
  const describe = (cache: Cache, inspect: Inspect, options: object) => {
    const { freed, settings } = storeOf(cache);
    if (freed) return "Cache (freed)";
    if (open.has(cache)) return "[Circular]";
    const shown: Record<string, unknown> = {};
    for (const name of ["defaultTtl", "maxEntries", "maxBytes"] as const) {
      const setting = settings[name];
      if (setting !== null && setting !== Infinity) shown[name] = setting;
    }
    const entries = new Map<unknown, unknown>();
    shown.entries = entries;
    for (const [key, { value, expiration }] of cache.items()) {
      if (entries.size === MOST) {
        shown.more = cache.size - MOST;
        break;
      }
      entries.set(key, expiration === null ? value : { value, secondsLeft: (+expiration - Date.now()) / 1e3 });
    }
    try {
      open.add(cache);
      return `Cache(${cache.size}) ${inspect(shown, options)}`;
    } finally {
      open.delete(cache);
    }
  };
  Object.defineProperties(prototype, {
    [Symbol.for("nodejs.util.inspect.custom")]: {
      value(this: Cache, depth: number, options: object, inspect: Inspect) {
        return depth < 0 ? "[Cache]" : describe(this, inspect, options);
      },
    },
    [Symbol.for("Deno.customInspect")]: {
      value(this: Cache, inspect: Inspect, options: object) {
        return describe(this, inspect, options);
      },
    },
  });
}
