// The clock: when `Date.now()` is read, and for how long one reading may serve.
//
// Reading it costs as much as a lookup, so lookups that come thick and fast share readings. The rule: lookups
// read the clock every time until 64 in a row have read the same millisecond; from then on one reading serves up
// to 15 further lookups, and never past a timer of 1 ms. All caches share the count. What stores an entry or
// changes an expiry reads the clock every time. A cache with a `clockResolution` of its own has its own clock.
//
// Test frameworks replace the clock, the timers, or both, so:
// - `Date.now` and `setTimeout` are looked up at each use. Timers that are faked together with the clock fire
//   when the fake clock is moved on, so a lookup sees the new time at once.
// - Where `setTimeout` is not the one that was there at first, that one is used too: faked timers may never fire.
// - A reading is not used any more once `Date.now` is another function.
// - While `Date.now` is a replaced one, whatever stores begins the count anew, since a clock that is moved by
//   hand stands still between the moves.

import { later } from "./timers.js";

const firstNow = Date.now;
const firstTimeout = globalThis.setTimeout;

export class Clock {
  readonly #resolution: number;
  readonly #row: number;
  readonly #further: number;
  #read: () => number = firstNow;
  #reading = Number.NaN;
  /** How many lookups in a row have read the same millisecond, up to what is needed. */
  #same = 0;
  /** How many more lookups this reading may serve. */
  #left = 0;
  #armed: typeof setTimeout | undefined;

  /**
   * One reading serves up to `further` further lookups within `resolution` milliseconds, once `row` of them have
   * read the same millisecond.
   */
  constructor(resolution: number, row: number, further: number) {
    this.#resolution = resolution;
    this.#row = row;
    this.#further = further;
  }

  /** Whether a time has come, for a lookup. Compared here, since a time that is handed on may be allocated. */
  isPast(time: number): boolean {
    if (this.#left > 0 && Date.now === this.#read) this.#left -= 1;
    else this.#lookAgain();
    return time <= this.#reading;
  }

  /** The time for a lookup. */
  lookup(): number {
    if (this.#left > 0 && Date.now === this.#read) this.#left -= 1;
    else this.#lookAgain();
    return this.#reading;
  }

  /** Reads the clock for a lookup. */
  #lookAgain(): void {
    this.#now();
    if (++this.#same >= this.#row) this.#share();
  }

  /** Lets this reading serve further lookups. */
  #share(): void {
    if (this.#arm()) this.#left = this.#further;
  }

  /** The time for what stores an entry or changes an expiry. */
  store(): number {
    const now = this.#now();
    if (this.#read !== firstNow) this.#forget();
    return now;
  }

  #now(): number {
    if (Date.now !== this.#read) this.#begin();
    const now = Date.now();
    if (now !== this.#reading) this.#forget();
    this.#reading = now;
    return now;
  }

  /** Begins anew with another `Date.now`. */
  #begin(): void {
    this.#read = Date.now;
    this.#armed = undefined;
    this.#forget();
  }

  #forget(): void {
    this.#same = 0;
    this.#left = 0;
  }

  /** Makes sure that a timer ends the use of this reading. Whether there is one. */
  #arm(): boolean {
    const timeout = globalThis.setTimeout;
    if (this.#armed === timeout && timeout !== undefined) return true;
    const disarm = () => {
      this.#armed = undefined;
      this.#left = 0;
    };
    // Set first: a replaced setTimeout may call back at once, which leaves nothing armed.
    this.#armed = timeout;
    if (!later(timeout, this.#resolution, disarm)) this.#armed = undefined;
    else if (timeout !== firstTimeout) later(firstTimeout, this.#resolution, disarm);
    return this.#armed !== undefined;
  }
}

const shared = new Clock(1, 64, 15);

/** The clock for a `clockResolution`. */
export function clockFor(resolution: number): Clock {
  if (resolution === 0) return new Clock(0, Infinity, 0);
  // So that time goes on even where timers wait for a long synchronous stretch to end, a reading has an end.
  return resolution <= 1 ? shared : new Clock(resolution, 1, 1000);
}
