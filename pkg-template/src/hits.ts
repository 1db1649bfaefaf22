// Hits, as the engine is to know of them: written down where it looks for them or, where it wants to be told, listed and
// handed over before the next operation.
//
// Under LRU the engine has a block of stamps: a clock that counts uses, and after it when each entry was used last. A
// hit is written down there; and here, in the same form, as long as the engine has no entries. Under the default policy
// it has marks: what the mark of an entry looks like of which it wants to know nothing more, and after it the marks. All
// other hits are listed. As long as the engine has no entries, the marks are here: so many hits of each entry, up to
// those after which it is popular; the engine is told of them when it is given the entries. In what order they came it
// does not learn then, so with the next entry after a few hits it is given all.
import * as border from "../../target/wasm-pack/poche.js";
import { NO_INTS } from "./empty.js";
import { isNear, wider } from "./growth.js";
import { Board, handOver, Most, oldestOf, pointedAtMarks, pointedAtStamps } from "./wasm.js";
import type { WriteBehind } from "./write-behind.js";

/** For so many entries at least there is room from the first one on: with the clock 64 bytes, which V8 has in its heap. */
const FEW = 15;
// With a first number, which is 0: see `note`.
const NO_STAMPS: Int32Array = new Int32Array(1);
const NO_MARKS: Uint16Array = new Uint16Array(1);

/** What has an engine. */
export interface Owner {
  /** Where it is: made by the first who asks. Throws after `free`, and where there is no memory for one. */
  readonly known: number;
}

export class Hits {
  readonly #owner: Owner;
  /** Whether uses are written down as stamps. */
  readonly isStamped: boolean;
  /** Whether stamps or marks are to be used: statistics are counted from the hits that are listed. */
  readonly #hasBoard: boolean;
  /** The slots of hits that are not handed over yet, and their number. */
  #slots = NO_INTS;
  #count = 0;
  /** The word of the engine's memory where its list is: the same as long as there is the engine. */
  #pendingAt = 0;
  /** So many may be listed before something else is to be looked at. */
  #room = 0;
  #stamps = NO_STAMPS;
  #marks = NO_MARKS;
  /** Whether the marks are here, and how many hits are counted in them. */
  #isCounting = false;
  #counted = 0;

  /** What is to be done before the engine takes note of hits. */
  behind: WriteBehind | null = null;

  /** Of an engine which has a bound if `hasBoard`. */
  constructor(owner: Owner, isLru: boolean, hasBoard: boolean) {
    this.#owner = owner;
    this.isStamped = isLru && hasBoard;
    this.#hasBoard = hasBoard;
  }

  // Once a memory has grown, V8 looks at each reading of a length, and at each one beyond it, whether there still is a
  // buffer, by way of floating point: a third of a get of integers. So there always is a first number, 0 where there
  // are no others, and lengths are read only where it is 0 or, the memory having grown, undefined.

  /** Takes note of a hit on the entry at a slot. */
  note(slot: number): void {
    if (this.isStamped !== true) return this.#mark(slot);
    const stamps = this.#stamps;
    const now = ((stamps[0] as number) | 0) + 1;
    if (now <= 1 || now >= Board.LastStamp) return this.#list(slot);
    stamps[0] = now;
    stamps[slot + 1] = now;
  }

  /** The same where uses are not written down as stamps. */
  #mark(slot: number): void {
    const marks = this.#marks;
    const quiet = (marks[0] as number) | 0;
    if (quiet > 0 && ((marks[slot + 1] as number) & Board.QuietBits) === quiet) return;
    if (this.#isCounting === true) this.#tally(slot);
    else this.#list(slot);
  }

  /** Counts a hit in the marks that are here. */
  #tally(slot: number): void {
    (this.#marks[slot + 1] as number)++;
    if (++this.#counted === Most.Pending) this.behind?.endFilling();
  }

  /** The stamp of a slot; 0 where there is none. */
  stampAt(slot: number): number {
    const stamps = this.#stamps;
    if (((stamps[0] as number) | 0) > 0) return stamps[slot + 1] as number;
    return this.#see() && slot + 1 < this.#stamps.length ? (this.#stamps[slot + 1] as number) : 0;
  }

  /** Writes down that an entry was stored at a slot that has a stamp, where they are used. */
  stamp(slot: number): void {
    if (this.isStamped !== true) return;
    const stamps = this.#stamps;
    const now = ((stamps[0] as number) | 0) + 1;
    if (now > 1 || stamps.length > 1) {
      stamps[0] = now;
      stamps[slot + 1] = now;
    } else if (this.#see()) {
      this.stamp(slot);
    }
  }

  /** Writes down that it is gone. */
  unstamp(slot: number): void {
    if (this.#isCounting) this.#marks[slot + 1] = 0;
    else if (this.stampAt(slot) > 0) this.#stamps[slot + 1] = 0;
  }

  /** Whether the clock has time left for as many entries as may be stored before the engine knows. */
  hasTime(): boolean {
    return !this.isStamped || !this.#see() || (this.#stamps[0] as number) < Board.LastStamp;
  }

  /** Looks where stamps are, unless that is known. Whether there are any. */
  #see(): boolean {
    if (!this.isStamped) return false;
    if (this.#stamps.length <= 1) this.look();
    return this.#stamps.length > 1;
  }

  #list(slot: number): void {
    const count = this.#count;
    // The most frequent case is kept small, so that V8 puts it where it is called.
    if (count < this.#room) {
      this.#slots[count] = slot;
      this.#count = count + 1;
    } else {
      this.#listLast(slot);
    }
  }

  /** The same of the last one that there is room for, or the first one. */
  #listLast(slot: number): void {
    if (this.#stamps.length <= 1 && this.#marks.length <= 1) {
      this.look();
      // Hits that are written down must not come before others that are listed.
      if (this.#stamps.length > 1) return this.note(slot);
    }
    if (this.#slots.length === 0) this.#slots = new Int32Array(Most.Pending);
    this.#slots[this.#count++] = slot;
    if (this.#count === Most.Pending || this.#stamps.length > 1) this.settle();
    else if (!this.isStamped) this.#room = Most.Pending - 1;
  }

  /** Whether so many hits are counted that the engine is to have the next entry. */
  get areMany(): boolean {
    return this.#counted >= Most.Pending;
  }

  /** Makes room for the hits of more entries than `filled`, of which there may be `bound`: for how many there is room. */
  begin(filled: number, bound: number): number {
    if (!this.#hasBoard) return bound;
    const most = isNear(filled, bound) ? bound : 2 * filled + FEW;
    if (this.isStamped) {
      const before = this.#stamps;
      if ((before[0] as number) >= Board.LastStamp) return filled;
      this.#stamps = wider(before, most + 1, 0);
    } else {
      this.#marks = wider(this.#marks, most + 1, 0);
      this.#marks[0] = Board.Popular;
      this.#isCounting = true;
    }
    return most;
  }

  /** Which entries were used longest ago, as places: those of them with the stamps that they have now. */
  oldest(): Int32Array | null {
    return this.#see() ? oldestOf(this.#stamps) : null;
  }

  /** Goes on with those of the engine, which has these entries now. */
  goOn(): void {
    const before = this.#stamps;
    this.#isCounting = false;
    this.look();
    if (this.#stamps.length > 1) this.#stamps.set(before.subarray(0, this.#stamps.length));
  }

  /** How many hits of the entry at a slot are counted here. */
  countAt(slot: number): number {
    return this.#isCounting ? (this.#marks[slot + 1] as number) : 0;
  }

  /** Looks where stamps or marks are now: they move as entries become more, and views of memory end when it grows. */
  look(): void {
    if (!this.#hasBoard || this.behind?.isAlone) return;
    border.board(this.#owner.known);
    if (this.isStamped) this.#stamps = pointedAtStamps() ?? NO_STAMPS;
    else this.#marks = pointedAtMarks() ?? NO_MARKS;
  }

  /** Forgets all hits. */
  clear(): void {
    this.forget();
    this.#count = this.#pendingAt = 0;
  }

  /** What was seen of them is not to be used any more. */
  forget(): void {
    this.#room = this.#counted = 0;
    this.#isCounting = false;
    this.#stamps = NO_STAMPS;
    this.#marks = NO_MARKS;
  }

  /** Lets the engine know of all hits that are listed: before each operation that begins by taking note of them. */
  handOver(): void {
    if (this.#count === 0) return;
    if (this.#pendingAt === 0) this.#pendingAt = border.pending(this.#owner.known) >>> 2;
    handOver(this.#pendingAt, this.#slots, this.#count);
    this.#count = 0;
  }

  /** Lets it take note of them. */
  settle(): void {
    this.behind?.close();
    this.handOver();
    border.catch_up(this.#owner.known);
  }
}
