// A fetch under way: what callers share, and what becomes of its value, its failure, its being aborted.
import type { Entry } from "./entry.js";
import type { Fetcher, FetcherFetchOptions } from "./options.js";

/** The cache, as a fetch sees it. */
export interface Destination<K, V> {
  /** The entry of the key. */
  entry(): Entry<K, V> | undefined;
  /** Stores what the fetch has brought. */
  store(value: V, flight: Flight<V>): void;
  /** Removes the entry. */
  remove(): void;
}

/** A fetch. It is pending as long as it is the one of the key's entry; what others did to that entry comes first. */
export class Flight<V> {
  /** What was there when it began. */
  readonly stale: V | undefined;
  /** Whether somebody waits for it: only then its failure is an error. */
  awaited = false;
  /** What those who wait share. */
  promise: Promise<V | undefined> = Promise.resolve(undefined);
  readonly #controller = new AbortController();

  constructor(stale: V | undefined) {
    this.stale = stale;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Lets the caller's signal abort it, too. */
  follow(signal: AbortSignal): void {
    if (signal.aborted) this.abort(signal.reason);
    else signal.addEventListener("abort", () => this.abort(signal.reason), { signal: this.signal });
  }
}

/** Begins a fetch. `options` may be changed by the `fetcher` until it has a value. */
export function start<K, V, FC>(
  flight: Flight<V>,
  fetcher: Fetcher<K, V, FC>,
  key: K,
  options: FetcherFetchOptions<K, V>,
  context: FC,
  to: Destination<K, V>,
): void {
  const { signal, stale } = flight;
  const pending = (): Entry<K, V> | undefined => {
    const entry = to.entry();
    return entry?.flight === flight ? entry : undefined;
  };

  /** Takes a value; one that comes `late` is nobody's answer any more. */
  const land = (value: V | undefined, late: boolean): V | undefined => {
    const goesOn = options.ignoreFetchAbort === true && value !== undefined;
    if (signal.aborted && !goesOn && !late) return fail(signal.reason);
    const entry = pending();
    if (entry !== undefined && value === undefined) settle(entry, stale !== undefined);
    else if (value !== undefined && (entry !== undefined || (goesOn && late && to.entry() === undefined))) {
      to.store(value, flight);
    }
    return value;
  };

  const fail = (error: unknown): V | undefined => {
    // Aborted, but what it brings is still wanted: the entry waits for it.
    const waits = signal.aborted && options.allowStaleOnFetchAbort === true;
    const givesStale = waits || options.allowStaleOnFetchRejection === true;
    const keeps = givesStale || options.noDeleteOnFetchRejection === true;
    const entry = pending();
    const hopeless = stale === undefined && !(waits && options.ignoreFetchAbort === true);
    if (entry !== undefined && (!keeps || hopeless)) settle(entry, false);
    else if (entry !== undefined && !waits) settle(entry, true);
    if (givesStale || !flight.awaited) return givesStale ? stale : undefined;
    throw error;
  };

  /** Ends the fetch of an entry, which keeps its old value or goes. */
  const settle = (entry: Entry<K, V>, keeps: boolean) => {
    if (keeps) entry.flight = null;
    else to.remove();
  };

  flight.promise = new Promise<V | undefined>((resolve, reject) => {
    let take: (value: V | undefined) => unknown = resolve;
    let refuse: (error: unknown) => unknown = reject;
    const abandon = () => {
      if (options.ignoreFetchAbort === true && options.allowStaleOnFetchAbort !== true) return;
      resolve(undefined);
      if (options.allowStaleOnFetchAbort !== true) return;
      take = (value) => land(value, true);
      refuse = () => land(undefined, true);
    };
    const fetched = fetcher(key, stale, { signal, options, context });
    signal.addEventListener("abort", abandon);
    if (signal.aborted) abandon();
    // By then somebody may have the old value already, and nobody hears of an error of the late value's size.
    Promise.resolve(fetched as V | undefined)
      .then(
        (value) => take(value),
        (error) => refuse(error),
      )
      .catch(reject);
  }).then((value) => land(value, false), fail);
  // Where the old value was given, nobody waits. Those who do have the error by their own promise.
  flight.promise.catch(() => {});
}
