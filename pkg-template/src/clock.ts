// The clock: when `Date.now()` is read, and for how long one reading may serve.
//
// Reading it costs as much as a lookup, so lookups that come thick and fast share readings. The rule: lookups
// read the clock every time until 64 in a row have read the same millisecond; from then on one reading serves up
// to 15 further lookups, and never past a timer of 1 ms. All caches share the count. What stores an entry or
// changes an expiry reads the clock every time.
//
// Test frameworks replace the clock, the timers, or both, so:
// - `Date.now` and `setTimeout` are looked up at each use. Timers that are faked together with the clock fire
//   when the fake clock is moved on, so a lookup sees the new time at once.
// - Where `setTimeout` is not the one that was there at first, that one is used too: faked timers may never fire.
// - A reading is not used any more once `Date.now` is another function.
// - While `Date.now` is a replaced one, whatever stores begins the count anew, since a clock that is moved by
//   hand stands still between the moves.

const ROW = 64;
const FURTHER = 15;

const firstNow = Date.now;
const firstTimeout = globalThis.setTimeout;

let read: () => number = firstNow;
let reading = Number.NaN;
let row = 0;
let further = 0;
let armed: typeof setTimeout | undefined;

/** The time for a lookup. */
export function lookupTime(): number {
  if (further > 0 && Date.now === read) {
    further -= 1;
    return reading;
  }
  return readForLookup();
}

function readForLookup(): number {
  follow();
  const now = Date.now();
  if (now !== reading) {
    reading = now;
    row = 1;
  } else if (row < ROW - 1) {
    row += 1;
  } else if (arm()) {
    further = FURTHER;
  }
  return now;
}

/** The time for what stores an entry or changes an expiry. */
export function storeTime(): number {
  follow();
  const now = Date.now();
  if (now !== reading || read !== firstNow) {
    reading = now;
    row = 0;
    further = 0;
  }
  return now;
}

/** Forgets all readings when `Date.now` is not the function that was read last. */
function follow(): void {
  if (Date.now === read) return;
  read = Date.now;
  reading = Number.NaN;
  row = 0;
  further = 0;
  armed = undefined;
}

/** Makes sure that a timer ends the use of this reading. Whether there is one. */
function arm(): boolean {
  const timeout = globalThis.setTimeout;
  if (armed === timeout && armed !== undefined) return true;
  // Set first: a replaced setTimeout may call back at once, which leaves nothing armed.
  armed = timeout;
  if (!later(timeout, 1, disarm)) armed = undefined;
  else if (timeout !== firstTimeout) later(firstTimeout, 1, disarm);
  return armed !== undefined;
}

function disarm(): void {
  armed = undefined;
  further = 0;
}

/**
 * A clock for `clockResolution` above 1: one reading serves all lookups of a cache for that many milliseconds. So
 * that time goes on even where timers wait for a long synchronous stretch to end, it serves 1,000 at most.
 */
export class CoarseClock {
  readonly #resolution: number;
  #reading = 0;
  #further = 0;
  #read: (() => number) | undefined;

  constructor(resolution: number) {
    this.#resolution = resolution;
  }

  /** The time for a lookup. */
  time(): number {
    if (this.#further > 0 && this.#read === Date.now) {
      this.#further -= 1;
      return this.#reading;
    }
    this.#read = Date.now;
    this.#reading = Date.now();
    const timeout = globalThis.setTimeout;
    // Each reading has a timer of its own, which must not end the use of a later one.
    const reading = this.#reading;
    const end = () => {
      if (this.#reading === reading) this.#further = 0;
    };
    this.#further = 1000;
    if (!later(timeout, this.#resolution, end)) this.#further = 0;
    else if (timeout !== firstTimeout) later(firstTimeout, this.#resolution, end);
    return this.#reading;
  }
}

/** Calls `callback` every `milliseconds`, without keeping the process alive; `undefined` where timers cannot be had. */
export function every(milliseconds: number, callback: () => void): (() => void) | undefined {
  if (!hasTimers()) return undefined;
  try {
    const set = globalThis.setInterval;
    const clear = globalThis.clearInterval;
    // More than this and timers fire at once.
    const timer = set(callback, Math.min(milliseconds, 2 ** 31 - 1));
    unref(timer);
    return () => clear(timer);
  } catch {
    return undefined;
  }
}

/** Calls `callback` soon, without keeping the process alive. */
export function soon(callback: () => void): void {
  later(globalThis.setTimeout, 0, callback);
}

function later(timeout: typeof setTimeout | undefined, milliseconds: number, callback: () => void): boolean {
  if (typeof timeout !== "function" || !hasTimers()) return false;
  try {
    unref(timeout(callback, Math.min(milliseconds, 2 ** 31 - 1)));
    return true;
  } catch {
    return false;
  }
}

// Cloudflare's workers drop a request's timers when it ends, so a timer may never fire there.
function hasTimers(): boolean {
  return globalThis.navigator?.userAgent !== "Cloudflare-Workers";
}

function unref(timer: unknown): void {
  if (typeof timer === "object") (timer as { unref?: () => void }).unref?.();
  else (globalThis as { Deno?: { unrefTimer?: (timer: unknown) => void } }).Deno?.unrefTimer?.(timer);
}
