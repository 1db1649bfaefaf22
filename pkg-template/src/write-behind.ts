// Write-behind: entries of keys that only the face has are stored, removed and renewed here, and the engine does the
// same later, many at once.
//
// The engine says beforehand where the next ones are to go: slots that are free or, in a full cache under LRU, slots of
// the entries that it would give up next, each with its stamp. Who was used since has another stamp, and stays. (The
// default policy weighs each newcomer against others, and is asked each time.) What was done is listed, and handed over
// when the list is full and before anything else is asked of the engine. How many places are wanted at a time grows
// while they are used up, so who asks the engine after each write pays for few.
//
// At first the engine is not needed at all: entries fill one slot after the other, and nothing is to be decided before
// the cache is full. Nothing is listed either, since the slots, keys and expirations are in the front table: the engine
// is given all of them when something is asked of it. Where one of the first few is removed, a list begins with them.
import * as border from "../../target/wasm-pack/poche.js";
import { NO_DOUBLES, NO_INTS } from "./empty.js";
import { OutOfMemoryError } from "./errors.js";
import type { Hits, Owner } from "./hits.js";
import { handOverWrites, MOST_WRITES, MOVED, takePlaces } from "./wasm.js";

const REMOVED = 2 ** 31;
const RENEWED = 2 ** 30;
/** Words of a place: the slot, the stamp of what is there. */
const PLACE = 2;
/** Where the engine gave none, it is not asked for some again for so many times. */
const NONE_GIVEN = -64;
/** And at first: for a few entries the lists would take more time than they save. */
const NOT_YET = -14;
/**
 * So many entries there may be before the engine is given all of them, which takes some milliseconds then; and fewer
 * where it wants to know their hashes.
 */
const MOST_FILLED = 2 ** 16;
const MOST_HASHED = 2 ** 14;

/** What has an engine, and the entries that it is to have. */
export interface Filler extends Owner {
  /** How many entries there may be. */
  readonly bound: number;
  /** For the policy, a hash of the key at a slot. */
  hashAt(slot: number): number;
  /** When the entry there expires. */
  expiryAt(slot: number): number;
}

export class WriteBehind {
  readonly #owner: Filler;
  readonly #hits: Hits;
  /** Whether the engine wants the hashes of keys. */
  readonly #hasHashes: boolean;
  /** What was done: slots, hashes of what was stored, expirations; and how much. */
  #slots = NO_INTS;
  #hashes = NO_INTS;
  #expiries = NO_DOUBLES;
  #count = 0;
  /** Whether anything expires. */
  #isDated = false;
  /** The places, the next one last, and the words of those that are left. What is freed makes one. */
  #places = NO_INTS;
  #left = 0;
  /** How many were asked for last; 1 or less: none, the engine stores by itself. It counts up to that. */
  #wanted = NOT_YET;
  /** Whether nothing has been asked of the engine, and it has no entries. */
  isAlone = true;
  /** How many entries there are then which are not listed: the first slots are filled with them, in their order. */
  filled = 0;
  /** How many there may be before the engine or a list is needed. */
  most = 0;
  /** Whether there is a list. */
  #isListed = false;
  /** Whether the engine has given places, and nothing was asked of it since. */
  isOpen = false;
  /** Whether there is an entry at the place that `next` gave. */
  isTaken = false;
  /** How many more entries there are by what is listed. */
  #more = 0;

  constructor(owner: Filler, hits: Hits, hasHashes: boolean) {
    this.#owner = owner;
    this.#hits = hits;
    this.#hasHashes = hasHashes;
    hits.behind = this;
  }

  /** Stores an entry at the slot `filled`, which is below `most`. */
  fill(): void {
    this.#hits.stamp(this.filled);
    this.filled++;
  }

  /** Makes `most` greater than `filled`, if that is possible. Whether it is. */
  canFill(): boolean {
    if (!this.isAlone || this.#isListed) return false;
    const end = Math.min(this.#owner.bound, this.#hasHashes ? MOST_HASHED : MOST_FILLED);
    if (this.filled >= end) return false;
    if (this.filled === this.most) this.most = this.#hits.begin(this.filled, end);
    return this.filled < this.most;
  }

  /** The slot at which the next entry is to be stored, or -1: the engine has to. */
  next(): number {
    const left = this.#left - PLACE;
    if (left < 0 || this.#count === MOST_WRITES) return this.#nextAsked();
    this.#left = left;
    const slot = this.#places[left] as number;
    const stamp = this.#places[left + 1] as number;
    this.isTaken = stamp !== 0;
    return stamp === 0 || this.#hits.stampAt(slot) === stamp ? slot : this.next();
  }

  #nextAsked(): number {
    if (this.filled >= MOST_WRITES) this.#wanted = 2;
    if (this.#wanted++ <= 1) return -1;
    if (this.#ask()) return this.next();
    this.#wanted = NONE_GIVEN;
    return -1;
  }

  /** Stores an entry there. */
  insert(slot: number, hash: number, expiry: number): void {
    const count = this.#count;
    if (!this.isTaken) this.#more++;
    if (this.#hasHashes) this.#hashes[count] = hash;
    if (this.#isDated) this.#expiries[count] = expiry;
    this.#slots[count] = slot;
    this.#count = count + 1;
    this.#hits.stamp(slot);
  }

  /** How many entries more there are than the engine knows. */
  get more(): number {
    return this.#more + this.filled;
  }

  /** From now on entries may expire. */
  setDated(): void {
    if (!this.isAlone) this.close();
    this.#isDated = true;
    this.#expiries = new Float64Array(MOST_WRITES).fill(Infinity);
  }

  /** Removes the entry at a slot. Whether that was possible. */
  remove(slot: number): boolean {
    if (this.filled > 0) this.#list();
    if (!this.#isReady()) return false;
    this.#slots[this.#count++] = slot | REMOVED;
    this.#hits.unstamp(slot);
    this.#places[this.#left] = slot;
    this.#places[this.#left + 1] = 0;
    this.#left += PLACE;
    this.#more--;
    return true;
  }

  /** Lets an entry that expires at `before` do so at another time. Whether that was possible. */
  renew(slot: number, before: number, expiry: number): boolean {
    if (this.filled > 0) return true;
    // Memory is needed for what is to expire.
    if (before === Infinity || expiry === Infinity || !this.#isReady()) return false;
    this.#expiries[this.#count] = expiry;
    this.#slots[this.#count++] = slot | RENEWED;
    return true;
  }

  /** Lets the engine do what was done here, before something else is asked of it. */
  close(): void {
    if (this.isAlone) this.#load();
    if (!this.isOpen) return;
    // Places that were not used were asked for in vain.
    if (2 * this.#count < this.#wanted) this.#wanted = (this.#wanted >>> 2) + 1;
    if (this.#count > 0) this.#write(this.#count, 0);
    this.#count = this.#more = this.#left = 0;
    this.isOpen = false;
  }

  /** Forgets all of it. Whether the engine may have entries. */
  forget(): boolean {
    const isKnown = !this.isAlone;
    this.isAlone = true;
    this.isOpen = this.#isDated = this.#isListed = false;
    this.filled = this.most = this.#left = this.#count = this.#more = 0;
    return isKnown;
  }

  #isReady(): boolean {
    if (this.isOpen && this.#count === MOST_WRITES) this.#ask();
    return this.isOpen;
  }

  #makeRoom(): void {
    if (this.#slots.length > 0) return;
    this.#slots = new Int32Array(MOST_WRITES);
    if (this.#hasHashes) this.#hashes = new Int32Array(MOST_WRITES);
    this.#places = new Int32Array(2 * PLACE * MOST_WRITES);
  }

  /** Goes on with a list, if there are few entries: with all of them, and the places after them. */
  #list(): void {
    const { filled } = this;
    const end = Math.min(this.#owner.bound, MOST_WRITES);
    if (filled > end) return;
    this.#hits.begin(end, this.#owner.bound);
    this.#makeRoom();
    this.#note(0, filled);
    for (let slot = filled; slot < end; slot++) {
      this.#places[PLACE * (end - 1 - slot)] = slot;
      this.#places[PLACE * (end - 1 - slot) + 1] = 0;
    }
    this.#left = PLACE * (end - filled);
    this.#count = this.#more = filled;
    this.filled = this.most = 0;
    this.#isListed = this.isOpen = true;
  }

  /** Lists the entries of so many slots. */
  #note(first: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#slots[i] = first + i;
      if (this.#hasHashes) this.#hashes[i] = this.#owner.hashAt(first + i);
      if (this.#isDated) this.#expiries[i] = this.#owner.expiryAt(first + i);
    }
  }

  /** Gives the engine all entries that are not listed. Without memory for all it has none. */
  #load(): void {
    const { filled } = this;
    const hasEntries = filled > 0 || this.#count > 0;
    if (hasEntries) {
      this.#makeRoom();
      // Memory for what is written next is reserved each time.
      let isReserved = this.#write(0, MOST_WRITES) >= 0;
      for (let first = 0; isReserved && first < filled; first += MOST_WRITES) {
        const count = Math.min(filled - first, MOST_WRITES);
        this.#note(first, count);
        isReserved = this.#write(count, first + count < filled ? MOST_WRITES : 0) >= 0;
      }
      if (!isReserved) {
        border.clear(this.#owner.known);
        throw new OutOfMemoryError();
      }
    }
    this.isAlone = false;
    this.filled = this.most = 0;
    if (hasEntries) this.#hits.goOn();
  }

  /** Asks the engine for places. Whether it gave any. */
  #ask(): boolean {
    this.#makeRoom();
    this.#wanted = Math.min(Math.max(2 * this.#wanted, 2), MOST_WRITES);
    if (this.isAlone) this.#load();
    const answer = this.#write(this.#count, this.#wanted);
    this.#count = this.#more = this.#left = 0;
    this.isOpen = answer >= 0 && this.#hits.hasTime();
    if (!this.isOpen) return false;
    if ((answer & MOVED) !== 0) this.#hits.look();
    this.#left = takePlaces(this.#places, answer & ~MOVED);
    return this.#left > 0;
  }

  #write(count: number, most: number): number {
    const { known } = this.#owner;
    if (count > 0) handOverWrites(count, this.#slots, this.#hashes, this.#expiries);
    return border.write_behind(known, count, this.#isDated, most);
  }
}
