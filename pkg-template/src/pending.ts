// Flights: promises that `gos` has been given and whose values are not there yet.
//
// A flight is known by the name of its key. Whatever stores under that key, deletes it or empties the cache takes
// the name away, and a flight without its name lands without storing: the late result loses.
import { EntryTooLargeError } from "./errors.js";
import type { FixedKey } from "./fixed-key.js";
import { nameOf } from "./fixed-key.js";
import type { Store } from "./store.js";
import type { Lifetime } from "./ttl.js";

export class Flights {
  readonly #byName = new Map<string | number, { shared: Promise<unknown>; owner: unknown }>();

  /** The promise that is waited for under a key. */
  get(key: FixedKey): Promise<unknown> | undefined {
    return this.#byName.get(nameOf(key))?.shared;
  }

  /** Lets a flight land without storing. */
  cancel(name: string | number): void {
    this.#byName.delete(name);
  }

  /** Lets all flights land without storing. */
  clear(): void {
    this.#byName.clear();
  }

  /** The same for those of one owner. */
  clearOf(owner: unknown): void {
    for (const [name, flight] of this.#byName) if (flight.owner === owner) this.#byName.delete(name);
  }

  /**
   * Waits for `promise`, to store its value. Gives the promise that all callers share: it settles after the value
   * is stored, and is rejected where that fails. Nobody else sees a rejection. The flight may have an owner, a
   * memoized function, for which it is no failure when the value is too large to be stored.
   */
  start(
    store: Store,
    key: unknown,
    fixed: FixedKey,
    promise: PromiseLike<unknown>,
    lifetime: Lifetime,
    owner?: unknown,
  ): Promise<unknown> {
    const name = nameOf(fixed);
    const isCurrent = () => this.#byName.get(name) === flight;
    const end = () => {
      if (isCurrent()) this.#byName.delete(name);
    };
    const land = (value: unknown): unknown => {
      if (!isCurrent()) return value;
      try {
        const weight = store.weigh(value, key);
        // What sizeOf did may have come first.
        if (!isCurrent()) return value;
        store.markPromised(store.set(fixed, value, lifetime, weight));
      } catch (error) {
        if (owner === undefined || !(error instanceof EntryTooLargeError)) throw error;
      } finally {
        end();
      }
      store.tell();
      return value;
    };
    const shared = Promise.resolve(promise).then(land, (error) => {
      end();
      throw error;
    });
    const flight = { shared, owner };
    this.#byName.set(name, flight);
    return shared;
  }
}

/** Whether a factory's result is a promise. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  const candidate = value as { then?: unknown } | null | undefined;
  return (typeof value === "object" || typeof value === "function") && typeof candidate?.then === "function";
}

/** Whether a function is marked `async`, and so always gives a promise. */
export function isAsync(factory: unknown): boolean {
  return typeof factory === "function" && Object.prototype.toString.call(factory) === "[object AsyncFunction]";
}
