// A memo: what a memoized function knows, and what its calls do with the store of its cache.

import { Cache, storeOf } from "../cache.js";
import { EntryTooLargeError } from "../errors.js";
import { type FixedKey, nameOf } from "../fixed-key.js";
import { Flights, isAsync, isPromise } from "../pending.js";
import { fixPlaced } from "../placed-key.js";
import { ALONE, type Recent } from "../recent.js";
import type { Store } from "../store.js";
import { soon } from "../timers.js";
import type { Lifetime } from "../ttl.js";
import { Said } from "../wasm.js";
import { Erasures } from "./erasures.js";
import type { Callable, MemoSettings } from "./options.js";

/** Said instead of a result: `call` is to answer. */
export const MISS: unique symbol = Symbol();
/** Said instead of a result: the function is to be called, and its result goes to `end`. */
export const RUN: unique symbol = Symbol();

export class Memo {
  readonly cache: Cache;
  readonly #settings: MemoSettings;
  readonly #fn: Callable;
  readonly #store: Store;
  readonly #erasures: Erasures;
  readonly #lifetime: Lifetime;
  /** Whether the function is marked `async`: all that it gives are promises. */
  readonly #promises: boolean;
  /** Whether the list of arguments is the key as it is. */
  readonly #direct: boolean;
  /** The slot of the last call that hit. */
  #before = -1;
  readonly recent: Recent;
  /** The names of the keys whose refreshes are to run in a later task. */
  readonly #refreshing = new Set<string | number>();

  constructor(fn: Callable, settings: MemoSettings) {
    this.#fn = fn;
    this.#settings = settings;
    this.cache = settings.cache ?? new Cache(settings.cacheOptions);
    this.#store = storeOf(this.cache);
    this.recent = this.#store.recent;
    this.#store.watch();
    this.#store.erasures ??= new Erasures();
    this.#erasures = this.#store.erasures;
    this.#lifetime = settings.lifetime ?? this.#store.settings.lifetime;
    this.#promises = isAsync(fn);
    this.#direct = settings.key === null && settings.cache === null;
  }

  /** What is cached for one or two primitive arguments, or `MISS`. Allocates nothing. */
  hit(count: number, first: unknown, second: unknown): unknown {
    if (!this.#direct) return MISS;
    const store = this.#store;
    const isOne = count === 1 && (typeof first === "number" || typeof first === "string");
    const slot = isOne ? store.lookupOne(first) : store.lookupArguments(count, first, second);
    if (slot < 0) return MISS;
    if (!store.isSteady || this.#promises) return this.#give(slot);
    const value = store.value(slot);
    if (isOne && typeof first === "number") this.recent.noteWhole(first, value);
    else if (slot !== this.#before) this.#before = slot;
    else if (!isObject(first) && !isObject(second)) this.#remember(count, first, second, value);
    return value;
  }

  /** Takes note of a call that was repeated. */
  #remember(count: number, first: unknown, second: unknown, value: unknown): void {
    Object.assign(this.recent.last, { first, second: count === 1 ? ALONE : second, value, slot: this.#before });
  }

  /** Answers any call. `RUN` asks the caller to run the function, which keeps the stack small for deep recursion. */
  call(self: unknown, args: readonly unknown[]): unknown {
    if (!this.#promises) return this.#answer(self, args);
    try {
      return this.#answer(self, args);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Takes the result of the run that `call` asked for. */
  end(args: readonly unknown[], value: unknown): unknown {
    const store = this.#store;
    // Here all arguments are primitives, so they are what they were.
    store.placeList(args);
    return this.#keep(args, fixPlaced(args), value);
  }

  has(self: unknown, args: readonly unknown[]): boolean {
    return this.cache.has(this.#fix(self, args));
  }

  delete(self: unknown, args: readonly unknown[]): boolean {
    return this.cache.delete(this.#fix(self, args));
  }

  clear(): void {
    const { cache, namespace } = this.#settings;
    const store = this.#store;
    if (cache === null) {
      this.cache.clear();
      return;
    }
    store.flights?.clearOf(this);
    this.#erasures.noteAll();
    for (const key of cache.keys()) {
      if (!Array.isArray(key) || key[0] !== namespace) continue;
      store.placeList(key);
      cache.delete(fixPlaced(key));
    }
  }

  #answer(self: unknown, args: readonly unknown[]): unknown {
    const store = this.#store;
    const key = this.#key(self, args);
    const found = this.#find(key);
    const { grace } = this.#settings;
    if (grace > 0 && store.isStale(found, grace)) return this.#stale(found & Said.Slot, self, args, key);
    const slot = store.take(found);
    if (slot >= 0) return this.#give(slot);
    const fixed = fixPlaced(key);
    // From here on user code may run, and other keys be placed.
    store.tell();
    const shared = store.flights?.get(fixed);
    if (shared !== undefined) return shared;
    if (this.#erasures.active) this.#erasures.begin(nameOf(fixed));
    if (this.#isSimple(args)) return RUN;
    return this.#keep(key, fixed, this.#fn.apply(self, args as unknown[]));
  }

  /** Whether `end` can place the key anew: it is one argument or two, and neither can change. */
  #isSimple(args: readonly unknown[]): boolean {
    return this.#direct && args.length > 0 && args.length < 3 && !args.some(isObject);
  }

  /** Serves an expired value, and sees to it that it is refreshed. */
  #stale(slot: number, self: unknown, args: readonly unknown[], key: unknown): unknown {
    const store = this.#store;
    const value = this.#give(slot);
    store.miss();
    const fixed = fixPlaced(key);
    const name = nameOf(fixed);
    if (this.#refreshing.has(name) || store.flights?.get(fixed) !== undefined) return value;
    this.#refreshing.add(name);
    if (this.#promises || store.isPromised(slot)) {
      this.#refresh(self, args, key, fixed, name);
      return value;
    }
    const later = () => {
      try {
        if (!store.freed && this.#isStillStale(self, args, name)) this.#refresh(self, args, key, fixed, name);
      } catch (error) {
        this.#report(error, args);
      } finally {
        this.#refreshing.delete(name);
      }
    };
    if (!soon(later)) queueMicrotask(later);
    return value;
  }

  /** Whether the arguments are still what they were, and the entry is still there and stale. */
  #isStillStale(self: unknown, args: readonly unknown[], name: string | number): boolean {
    const key = this.#key(self, args);
    const found = this.#find(key);
    return this.#store.isStale(found, Infinity) && nameOf(fixPlaced(key)) === name;
  }

  #refresh(self: unknown, args: readonly unknown[], key: unknown, fixed: FixedKey, name: string | number): void {
    this.#erasures.begin(name);
    try {
      const result = this.#keep(key, fixed, this.#fn.apply(self, args as unknown[]));
      if (isPromise(result)) result.then(undefined, (error) => this.#report(error, args));
    } catch (error) {
      this.#report(error, args);
    } finally {
      this.#refreshing.delete(name);
    }
  }

  /** Reports a failed refresh. Nobody waits for it, so what `onError` itself throws goes nowhere. */
  async #report(error: unknown, args: readonly unknown[]): Promise<void> {
    try {
      await this.#settings.onError?.(error, args);
    } catch {}
  }

  /** Stores the result of a run, unless its entry was deleted meanwhile; gives what the caller gets. */
  #keep(key: unknown, fixed: FixedKey, value: unknown): unknown {
    const store = this.#store;
    if (isPromise(value)) {
      if (this.#isErased(fixed)) return value;
      store.flights ??= new Flights();
      return store.flights.start(store, key, fixed, value, this.#lifetime, this);
    }
    try {
      const weight = store.weigh(value, key);
      if (this.#isErased(fixed)) return value;
      store.set(fixed, value, this.#lifetime, weight);
    } catch (error) {
      if (error instanceof EntryTooLargeError) return value;
      throw error;
    }
    store.tell();
    return value;
  }

  #isErased(fixed: FixedKey): boolean {
    return this.#erasures.active && this.#erasures.has(nameOf(fixed));
  }

  #give(slot: number): unknown {
    const value = this.#store.value(slot);
    return this.#promises || this.#store.isPromised(slot) ? Promise.resolve(value) : value;
  }

  #key(self: unknown, args: readonly unknown[]): unknown {
    const { key, cache, namespace } = this.#settings;
    const own = key === null ? args : [key.apply(self, args as unknown[])];
    if (cache !== null) return [namespace, ...own];
    return key === null ? own : own[0];
  }

  /** Places the key, and finds it. */
  #find(key: unknown): number {
    const { key: custom, cache } = this.#settings;
    if (custom !== null && cache === null) return this.#store.find(key);
    this.#store.placeList(key as readonly unknown[]);
    return this.#store.findPlaced();
  }

  #fix(self: unknown, args: readonly unknown[]): FixedKey {
    const key = this.#key(self, args);
    this.#find(key);
    return fixPlaced(key);
  }
}

/** Whether it may change, or be equal to another that is not the same. */
function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
