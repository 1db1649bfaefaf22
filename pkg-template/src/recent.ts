// Recent keys: where structures that were looked up lately are stored, so that they are found without crossing to the
// engine. For lists of one string or number, with which most memoized functions are called, there is a front table;
// for all other keys that can be made flat, a hash table.
//
// They hold slots and no values, and forget a key when its slot is given up, so they keep nothing alive. What they do
// not have, the engine may still have.
import { NO_DOUBLES, NO_INTS } from "./empty.js";
import { Front } from "./front.js";
import { count, type Flat, flat, hashFlat, isSame, left } from "./keys/flat.js";
import { MOST_CHARACTERS } from "./keys/forms.js";
import { Golden } from "./keys/hash.js";
import { RecentTexts } from "./recent-texts.js";

const LARGEST = 2 ** 14;
/** How far a key may be from the place that its hash names. */
const PROBES = 8;
/** Keys with more characters are not held. */
const MOST_HELD = 256;
const NONE = -1;
const MOST_WHOLES = 2 ** 17;

/** Said instead of a second argument: there is none. */
export const ALONE: unique symbol = Symbol();

/** The last call of a memoized function, of those whose result is the same until its entry changes. */
export interface Last {
  first: unknown;
  second: unknown;
  value: unknown;
  slot: number;
}

/** Equals no call. */
const NO_CALL: Last = { first: "", second: Symbol(), value: undefined, slot: NONE };

export class Recent {
  /** Strings, where no front table has them. */
  readonly texts: RecentTexts | null;
  #ones: Front | null = null;
  readonly last: Last = { ...NO_CALL };
  /** Results of memoized functions, by the one argument, a whole number; all are let go when any entry changes. */
  wholes: unknown[] = [];
  /** When the entries expire, by their places. */
  expiries = NO_DOUBLES;
  #keys: (Flat | undefined)[] = [];
  #hashes = NO_INTS;
  #mask = 0;
  #slots = NO_INTS;
  /** The places of the keys, by slot. */
  #places = NO_INTS;
  #held = 0;
  readonly #isOff: boolean;
  #turn = 0;

  constructor(isOff: boolean) {
    this.#isOff = isOff;
    this.texts = isOff ? new RecentTexts() : null;
  }

  /** The lists of one string or number, by these. */
  get ones(): Front {
    this.#ones ??= new Front(this.#isOff, Infinity);
    return this.#ones;
  }

  /** Notes the list of one string or number, which was looked up there last. */
  keepOne(argument: string | number, slot: number, expiry: number): void {
    if (argument === "" || Number.isNaN(argument)) return;
    // What is there is in the engine too.
    if (!this.ones.keep(argument, slot, expiry) && this.ones.isLeaving) this.ones.switchOff();
  }

  /** The place of the key that was made flat last, or -1. */
  find(): number {
    const hashes = this.#hashes;
    const hash = hashOf(count);
    const first = hash & this.#mask;
    for (let place = first; place < first + PROBES; place++) {
      if (hashes[place] === hash && isSame(this.#keys[place])) return place;
    }
    return NONE;
  }

  /** The slot of the key at a place. */
  slot(place: number): number {
    return this.#slots[place] as number;
  }

  /** Takes note of where that key is stored. Where there is no room, another makes room at every fourth try. */
  note(slot: number, expiry: number): void {
    if (left < MOST_CHARACTERS - MOST_HELD) return;
    if (2 * this.#held >= this.#mask && this.#mask + 1 < LARGEST) this.#empty(4 * (this.#mask + 1));
    const hash = hashOf(count);
    const first = hash & this.#mask;
    let place = first;
    while (place < first + PROBES && this.#keys[place] !== undefined) place++;
    if (place === first + PROBES) {
      place = first;
      if ((++this.#turn & 3) !== 0) return;
      this.forget(this.#slots[place] as number);
    }
    this.forget(slot);
    if (slot >= this.#places.length) {
      const places = new Int32Array(2 * slot + 8).fill(NONE);
      places.set(this.#places);
      this.#places = places;
    }
    this.#hashes[place] = hash;
    this.#keys[place] = flat.slice(0, count);
    this.#slots[place] = slot;
    this.expiries[place] = expiry;
    this.#places[slot] = place;
    this.#held++;
  }

  /** Takes note of a result, for as long as no entry changes. Numbers far beyond the others have to wait for these. */
  noteWhole(argument: number, result: unknown): void {
    const { wholes } = this;
    if (argument >>> 0 !== argument || argument > 1.5 * wholes.length + 64 || argument >= MOST_WHOLES) return;
    while (wholes.length <= argument) wholes.push(undefined);
    wholes[argument] = result;
  }

  /** Forgets the key of a slot that is given up, or whose entry gets another value or `expiry`. */
  forget(slot: number, expiry = Number.NaN): void {
    this.#ones?.forget(slot);
    this.texts?.forget(slot, expiry);
    if (slot === this.last.slot) this.#forgetLast();
    if (this.wholes.length > 0) this.wholes = [];
    const place = slot < this.#places.length ? (this.#places[slot] as number) : NONE;
    if (place === NONE) return;
    this.#hashes[place] = NONE;
    this.#keys[place] = undefined;
    this.#places[slot] = NONE;
    this.#held--;
  }

  /** Forgets all keys. */
  clear(): void {
    this.#ones = null;
    this.texts?.clear();
    this.wholes = [];
    this.#forgetLast();
    if (this.#mask > 0) this.#empty(1);
  }

  #forgetLast(): void {
    Object.assign(this.last, NO_CALL);
  }

  #empty(size: number): void {
    this.#mask = size - 1;
    this.#hashes = new Int32Array(size + PROBES).fill(NONE);
    this.#keys = new Array(size + PROBES).fill(undefined);
    this.#slots = new Int32Array(size + PROBES);
    this.expiries = new Float64Array(size + PROBES);
    this.#places = NO_INTS;
    this.#held = 0;
  }
}

/** The hash of the key that was made flat last: no negative number. */
function hashOf(length: number): number {
  const hash = hashFlat(flat, length);
  return Math.imul(hash ^ (hash >>> 15), Golden.Ratio) >>> 2;
}
