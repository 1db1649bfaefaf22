// Write-behind: entries of keys that only the face has are stored, removed and renewed here, and the engine does the
// same later, many at once.
//
// The engine says beforehand where the next ones are to go: slots that are free or, in a full cache under LRU, slots of
// the entries that it would give up next, each with its stamp. Who was used since has another stamp, and stays. (The
// default policy weighs each newcomer against others, and is asked each time.) What was done is listed, and handed over
// when the list is full and before anything else is asked of the engine. How many places are wanted at a time grows
// while they are used up, so who asks the engine after each write pays for few.
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

export class WriteBehind {
  readonly #owner: Owner;
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
  /** Whether the places are the first ones, which were not asked for. */
  #isFirst = false;
  /** Whether the engine has given places, and nothing was asked of it since. */
  isOpen = false;
  /** Whether there is an entry at the place that `next` gave. */
  isTaken = false;
  /** How many entries more there are than the engine knows. */
  more = 0;

  constructor(owner: Owner, hits: Hits, hasHashes: boolean) {
    this.#owner = owner;
    this.#hits = hits;
    this.#hasHashes = hasHashes;
    hits.behind = this;
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
    if (!this.#owner.isStarted && this.#count === 0) return this.#begin();
    if (this.#wanted++ <= 1) return -1;
    if (this.#ask()) return this.next();
    this.#wanted = NONE_GIVEN;
    return -1;
  }

  /** Stores an entry there. */
  insert(slot: number, hash: number, expiry: number): void {
    const count = this.#count;
    if (!this.isTaken) this.more++;
    if (this.#hasHashes) this.#hashes[count] = hash;
    if (this.#isDated) this.#expiries[count] = expiry;
    this.#slots[count] = slot;
    this.#count = count + 1;
    this.#hits.stamp(slot);
  }

  /** From now on entries may expire. */
  setDated(): void {
    this.close();
    this.#isDated = true;
    this.#expiries = new Float64Array(MOST_WRITES);
  }

  /** Removes the entry at a slot. Whether that was possible. */
  remove(slot: number): boolean {
    if (!this.#isReady()) return false;
    this.#slots[this.#count++] = slot | REMOVED;
    this.#hits.unstamp(slot);
    this.#places[this.#left] = slot;
    this.#places[this.#left + 1] = 0;
    this.#left += PLACE;
    this.more--;
    return true;
  }

  /** Changes when an entry expires that does. Whether that was possible. */
  renew(slot: number, expiry: number): boolean {
    if (!this.#isReady()) return false;
    this.#expiries[this.#count] = expiry;
    this.#slots[this.#count++] = slot | RENEWED;
    return true;
  }

  /** Lets the engine do what was done here, before something else is asked of it. */
  close(): void {
    if (!this.isOpen) return;
    // Places that were not used were asked for in vain.
    if (2 * this.#count < this.#wanted) this.#wanted = (this.#wanted >>> 2) + 1;
    if (this.#count > 0) this.#write(0);
    this.isOpen = false;
    this.#left = 0;
  }

  /** Forgets all of it. */
  forget(): void {
    this.isOpen = this.#isDated = this.#isFirst = false;
    this.#left = this.#count = this.more = 0;
  }

  #isReady(): boolean {
    if (this.isOpen && this.#count === MOST_WRITES) this.#ask();
    return this.isOpen;
  }

  /** The first places of an engine that is not made yet: they are those of any other. */
  #begin(): number {
    this.#makeRoom();
    for (let i = 0; i < MOST_WRITES; i++) this.#places[PLACE * i] = MOST_WRITES - 1 - i;
    this.#left = PLACE * MOST_WRITES;
    this.isOpen = this.#isFirst = true;
    return this.next();
  }

  #makeRoom(): void {
    if (this.#slots.length > 0) return;
    this.#slots = new Int32Array(MOST_WRITES);
    if (this.#hasHashes) this.#hashes = new Int32Array(MOST_WRITES);
    this.#places = new Int32Array(2 * PLACE * MOST_WRITES);
  }

  /** Asks the engine for places. Whether it gave any. */
  #ask(): boolean {
    this.#makeRoom();
    this.#wanted = Math.min(Math.max(2 * this.#wanted, 2), MOST_WRITES);
    const answer = this.#write(this.#wanted);
    this.isOpen = answer >= 0 && this.#hits.hasTime();
    this.#left = 0;
    if (!this.isOpen) return false;
    if ((answer & MOVED) !== 0) this.#hits.look();
    this.#left = takePlaces(this.#places, answer & ~MOVED);
    return this.#left > 0;
  }

  #write(most: number): number {
    const { known } = this.#owner;
    const count = this.#count;
    // The engine is to have room for what was done before it was made. Without it, that stays here.
    if (this.#isFirst && border.write_behind(known, 0, this.#isDated, MOST_WRITES) < 0) throw new OutOfMemoryError();
    this.#isFirst = false;
    if (count > 0) handOverWrites(count, this.#slots, this.#hashes, this.#expiries);
    this.#count = this.more = 0;
    return border.write_behind(known, count, this.#isDated, most);
  }
}
