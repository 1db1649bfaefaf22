// Write-behind: entries of keys that only the face has are stored, removed and renewed here, and the engine does the
// same later, many at once.
//
// The engine says beforehand where the next ones are to go: slots that are free or, in a full cache under LRU, slots of
// the entries that it would give up next, each with its stamp. Who was used since has another stamp, and stays. (The
// default policy weighs each newcomer against others, and is asked each time.) What was done is listed, and handed over
// when the list is full and before anything else is asked of the engine. How many places are wanted at a time grows
// while they are used up, so who asks the engine after each write pays for few.
//
// As long as nothing else is asked than to store, find and remove, the engine need not have any entries: slots are filled
// one after the other and used again, nothing is listed, and the engine is given all when something is asked of it that
// only it can tell. What is to leave a full cache, it tells under LRU without having them, by their stamps; the default
// policy has to know all of them.
import * as border from "../../target/wasm-pack/poche.js";
import { NO_DOUBLES, NO_INTS } from "./empty.js";
import { OutOfMemoryError } from "./errors.js";
import { wider } from "./growth.js";
import type { Hits, Owner } from "./hits.js";
import { Board, giveBackValueRoom, handOverWrites, Most, placeEntries, Said, takePlaces } from "./wasm.js";

const enum Written {
  Removed = 2 ** 31,
  Renewed = 2 ** 30,
}
/** A place. */
const enum Place {
  /** The slot, and the stamp of what is there. */
  Words = 2,
}
/** Where the engine gave none, it is not asked for some again for so many times. */
const NONE_GIVEN = -64;
/** And at first: for a few entries the lists would take more time than they save. */
const NOT_YET = -14;
/**
 * So many entries there may be before the engine is given all of them, which takes some milliseconds then: fewer where it
 * wants to know their hashes.
 */
const MOST_ALONE = 2 ** 18 - 1;
const MOST_HASHED = 2 ** 17;
/** And where that would have to come at last, the cache being larger. */
const FEW_ALONE = 2 ** 16;
const FEW_HASHED = 2 ** 14;

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
  /** Whether the engine has no entries. */
  isAlone = true;
  /** How many slots are in use then, or were: the first ones. */
  #filled = 0;
  /** So many can be filled before something else is to be looked at. */
  #most = 0;
  /** For how many there is room. */
  #room = 0;
  /** Where slots are used again: when entries were stored, in numbers that grow, by slot; 0: there is none. */
  #births = NO_INTS;
  #born = 0;
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

  /** Stores an entry at a slot that was never used, as long as one is known: the slot, or -1 where `next` is to tell. */
  fill(): number {
    const slot = this.#filled;
    if (slot >= this.#most) return -1;
    this.#filled = slot + 1;
    this.#hits.stamp(slot);
    if (this.#born > 0) this.#bear(slot);
    return slot;
  }

  /** The slot at which the next entry is to be stored, or -1: the engine has to. */
  next(): number {
    if (this.#filled < this.#most) {
      this.isTaken = false;
      return this.#filled;
    }
    const left = this.#left - Place.Words;
    if (left < 0 || this.#count === Most.Writes) return this.#nextAsked();
    this.#left = left;
    const slot = this.#places[left] as number;
    const stamp = this.#places[left + 1] as number;
    this.isTaken = stamp !== 0;
    return stamp === 0 || this.#hits.stampAt(slot) === stamp ? slot : this.next();
  }

  #nextAsked(): number {
    if (this.isAlone && (this.#canFill() || this.#askVictims())) return this.next();
    if (this.#filled >= Most.Writes) this.#wanted = 2;
    if (this.#wanted++ <= 1) return -1;
    if (this.#ask()) return this.next();
    this.#wanted = NONE_GIVEN;
    return -1;
  }

  /** Makes `#most` greater than `#filled`, if the next entry is to be stored there. Whether it is. */
  #canFill(): boolean {
    if (this.#left > 0 || this.#hits.areMany) return false;
    const { bound } = this.#owner;
    const isSmall = bound <= (this.#hasHashes ? MOST_HASHED : MOST_ALONE);
    const end = isSmall ? bound : this.#hasHashes ? FEW_HASHED : FEW_ALONE;
    if (this.#filled >= end) return false;
    if (this.#filled >= this.#room) this.#room = this.#hits.begin(this.#filled, end);
    this.#most = this.#room;
    return this.#filled < this.#most;
  }

  /** Before another entry is stored, `#canFill` is to be asked. */
  endFilling(): void {
    this.#most = 0;
  }

  /** Stores an entry there. */
  insert(slot: number, hash: number, expiry: number): void {
    this.#hits.stamp(slot);
    if (this.isAlone) {
      if (slot === this.#filled) this.#filled++;
      else if (!this.isTaken) this.#more++;
      if (this.#born > 0) this.#bear(slot);
      return;
    }
    if (!this.isTaken) this.#more++;
    const count = this.#count;
    if (this.#hasHashes) this.#hashes[count] = hash;
    if (this.#isDated) this.#expiries[count] = expiry;
    this.#slots[count] = slot;
    this.#count = count + 1;
  }

  /** How many entries more there are than the engine knows. */
  get more(): number {
    return this.#more + this.#filled;
  }

  /** From now on entries may expire. */
  setDated(): void {
    if (!this.isAlone) this.close();
    this.#isDated = true;
    this.#expiries = new Float64Array(Most.Writes).fill(Infinity);
  }

  /** Removes the entry at a slot. Whether that was possible. */
  remove(slot: number): boolean {
    if (this.isAlone) {
      if (this.#born >= Board.LastStamp || !this.#hits.hasTime()) return false;
      this.#number();
      this.#births[slot] = 0;
      // The place is to be used before another slot is.
      this.endFilling();
    } else {
      if (!this.#isReady()) return false;
      this.#slots[this.#count++] = slot | Written.Removed;
    }
    this.#hits.unstamp(slot);
    if (this.#left === this.#places.length) this.#places = wider(this.#places, 2 * this.#left + Place.Words, 0);
    this.#places[this.#left] = slot;
    this.#places[this.#left + 1] = 0;
    this.#left += Place.Words;
    this.#more--;
    return true;
  }

  /** Lets an entry that expires at `before` do so at another time. Whether that was possible. */
  renew(slot: number, before: number, expiry: number): boolean {
    if (this.isAlone) return true;
    // Memory is needed for what is to expire.
    if (before === Infinity || expiry === Infinity || !this.#isReady()) return false;
    this.#expiries[this.#count] = expiry;
    this.#slots[this.#count++] = slot | Written.Renewed;
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

  /** Forgets all of it. Whether the engine may know of something. */
  forget(): boolean {
    const isKnown = !this.isAlone;
    this.#begin();
    this.isAlone = true;
    this.isOpen = this.#isDated = false;
    return isKnown;
  }

  /** Nothing is to be done any more. */
  #begin(): void {
    this.#count = this.#more = this.#left = 0;
    this.#filled = this.#most = this.#room = this.#born = 0;
    this.#births = NO_INTS;
  }

  #isReady(): boolean {
    if (this.isOpen && this.#count === Most.Writes) this.#ask();
    return this.isOpen;
  }

  #makeRoom(): void {
    if (this.#places.length < 2 * Place.Words * Most.Writes)
      this.#places = wider(this.#places, 2 * Place.Words * Most.Writes, 0);
    if (this.#slots.length > 0) return;
    this.#slots = new Int32Array(Most.Writes);
    if (this.#hasHashes) this.#hashes = new Int32Array(Most.Writes);
  }

  /** Writes down that an entry is stored at a slot now. */
  #bear(slot: number): void {
    if (slot >= this.#births.length) this.#births = wider(this.#births, Math.min(2 * slot + 16, this.#room), 0);
    this.#births[slot] = ++this.#born;
  }

  /** Writes down when all were stored: up to now in the order of their slots. */
  #number(): void {
    while (this.#born < this.#filled) this.#bear(this.#born);
  }

  /** The slots of all entries, in the order in which they were stored. */
  #inOrder(): Int32Array {
    const filled = this.#filled;
    if (this.#born === 0) return new Int32Array(filled).map((_, slot) => slot);
    const born = new Float64Array(filled);
    let count = 0;
    for (let slot = 0; slot < filled; slot++) {
      const birth = this.#births[slot] as number;
      if (birth > 0) born[count++] = birth * (MOST_ALONE + 1) + slot;
    }
    const inOrder = born.subarray(0, count).sort();
    const slots = new Int32Array(count);
    for (let i = 0; i < count; i++) slots[i] = (inOrder[i] as number) & MOST_ALONE;
    return slots;
  }

  /** Gives the engine all entries. Without memory for all it has none. */
  #load(): void {
    const filled = this.#filled;
    const owner = this.#owner;
    if (filled > 0) {
      const { known } = owner;
      const slots = this.#inOrder();
      const isDated = this.#isDated;
      const hasHashes = this.#hasHashes;
      placeEntries(slots, this.#hits, isDated ? owner : null, hasHashes ? owner : null);
      const isTaken = border.take_over(known, filled, slots.length, isDated, hasHashes) >= 0;
      giveBackValueRoom();
      if (!isTaken) throw new OutOfMemoryError();
    }
    this.#begin();
    this.isAlone = false;
    if (filled > 0) this.#hits.goOn();
  }

  /** Asks the engine which entries are to leave, it having none. Whether it can tell. */
  #askVictims(): boolean {
    if (!this.#hits.isStamped || this.#filled < this.#owner.bound || !this.#hits.hasTime()) return false;
    this.#number();
    const oldest = this.#hits.oldest();
    if (oldest === null) return false;
    this.#places = oldest;
    this.#left = oldest.length;
    return true;
  }

  /** Asks the engine for places. Whether it gave any. */
  #ask(): boolean {
    if (this.isAlone) this.#load();
    this.#makeRoom();
    this.#wanted = Math.min(Math.max(2 * this.#wanted, 2), Most.Writes);
    const answer = this.#write(this.#count, this.#wanted);
    this.#count = this.#more = this.#left = 0;
    this.isOpen = answer >= 0 && this.#hits.hasTime();
    if (!this.isOpen) return false;
    if ((answer & Said.Moved) !== 0) this.#hits.look();
    this.#left = takePlaces(this.#places, answer & ~Said.Moved);
    return this.#left > 0;
  }

  #write(count: number, most: number): number {
    const { known } = this.#owner;
    if (count > 0) handOverWrites(count, this.#slots, this.#hashes, this.#expiries);
    return border.write_behind(known, count, this.#isDated, most);
  }
}
