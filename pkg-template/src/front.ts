// The front table: strings, numbers, small structures and what is compared by identity, and their slots, found without
// crossing into WebAssembly.
//
// While a cache is small enough, its keys of these kinds are here and nowhere else: the engine has entries without keys
// then. What the table does not have is not stored. A hash table of slots over arrays of the keys, open addressing with
// linear probing; a removal shifts the following cells back, so there are no tombstones. It is there for up to a million
// slots; above that the memory of its arrays counts, and so does what the garbage collector has to go through. Then it
// takes no more keys, and the engine is given those that are here, a few at a time.
//
// Small whole numbers, and strings of their digits, are found by themselves as long as they are dense: see dense.ts and
// digits.ts. All other strings are hashed by a few of their characters (text-hash.ts), and so are structures, those that
// are flat (keys/flat.ts). Whoever chooses keys that collide is left to the engine in the same way, whose hash is seeded.

import { Dense } from "./dense.js";
import { Digit, Digits } from "./digits.js";
import { NO_DOUBLES, NO_INTS } from "./empty.js";
import { isNear, lengthen, wider } from "./growth.js";
import { Golden } from "./keys/hash.js";
import { type Flat, flat, flatCount, hashAll, hashFlat, isSame, unflatten } from "./keys/index.js";
import { hashLong, hashText, LONG, learn, mix, OUT, type Sight, Text, WHOLE, wholeOf } from "./text-hash.js";

/** What is found in the place of a slot. */
export const enum Found {
  /** The key is not stored. */
  Absent = -1,
  /** Only the engine can tell. */
  Unknown = -2,
}

/** A cell: the slot, and above it bits of the hash. */
const enum Cell {
  SlotBits = 20,
  Slot = 2 ** 20 - 1,
  Free = -1,
}
/** What is found by itself: up to so many times as high numbers as there are keys, and so many more. */
const DENSE = 4;
const FEW = 64;
/** So many slots there may be for what is found by itself: that takes little memory. */
const MOST_DENSE = 2 ** 21;
/** How far a key may be from the cell that its hash names. */
const PROBES = 64;
/** Said instead of a key: the structure that was made flat last. */
export const FLAT: unique symbol = Symbol();
/** Farther than all keys together can be. */
const NOWHERE = 2 ** 28;
const SMALLEST = 32;
const LARGEST = 2 ** (Cell.SlotBits + 1);
/** Below this size a key is to meet its cell at the first probe; above, the way to memory is what counts. */
const ROOMY = 2 ** 16;

/** The table before the first key: nothing is put into it. */
const NO_CELLS = emptyCells(SMALLEST);
const NO_SHIFT = Math.clz32(SMALLEST) + 1;

export class Front {
  /** When the entries expire, by slot; as long as none does, there are none. Valid where a key is known. */
  expiries = NO_DOUBLES;
  /** Whether the table is on; if not it is empty, and all is `Found.Unknown`. */
  #isOn = true;
  /** What is said of a key that is not here: `Found.Unknown` once others are in the engine. */
  #absent: Found = Found.Absent;
  /** The slots below this number have given their keys to the engine. */
  #left = 0;
  /** How many entries there may be. */
  readonly #bound: number;
  #cells = NO_CELLS;
  #shift = NO_SHIFT;
  /** Cells in use, and how many of them are too many: a lookup should meet its key at the first cell. */
  #used = 0;
  #most = 0;
  /** Keys put in since the table was built, and how far from home they are in all. */
  #since = 0;
  #strayed = 0;
  /** What is found by itself: numbers, and strings of digits. */
  readonly #wholes = new Dense();
  readonly #digits = new Digits();
  /** The string of digits that was looked up last and is not there. */
  #missed = "0";
  /** How many numbers and how many strings are stored. */
  #counted = 0;
  #written = 0;
  /** For how many slots there is room; and the lengths of `#hashes`, `#numbers` and `expiries`. */
  #slots = 0;
  #hashed = 0;
  #numbered = 0;
  #dated = 0;
  /**
   * The keys by slot, "" and NaN where there is none, so that these two are never found; and the hashes of those in the
   * table, or the numbers of strings of digits.
   */
  #texts: string[] = [];
  #numbers = NO_DOUBLES;
  #hashes = NO_INTS;
  /** The slots of what is compared by identity, and that itself by slot, undefined where there is none. */
  #identities: Map<unknown, number> | null = null;
  #held: unknown[] = [];
  /** The structures by slot, undefined where there is none. */
  #flats: (Flat | undefined)[] = [];
  /** Where strings are looked at. */
  #sight: Sight = 0;
  /**
   * So many characters before the end, if four are looked at and there are no strings of digits, and if six are; if not,
   * more than a string can have.
   */
  #before = 0;
  #longBefore = OUT;
  /** The hash of the string looked up last, if it was looked for by that. */
  #hash = 0;

  /** `isOff`: knows nothing and keeps nothing, for caches whose entries are not to be seen by the garbage collector. */
  constructor(isOff: boolean, maxEntries: number) {
    if (isOff) this.switchOff();
    this.#bound = maxEntries;
  }

  /** The slot of a key; or `Found.Absent`, or `Found.Unknown`, as of all that is no string or number. */
  find(key: unknown): number {
    return typeof key === "string"
      ? this.findText(key)
      : typeof key === "number"
        ? this.findNumber(key)
        : Found.Unknown;
  }

  /** The slot of a string; or `Found.Absent` or `Found.Unknown`. */
  findText(key: string): number {
    const end = key.length - this.#before;
    return end < Text.Run ? this.#findOther(key) : this.#findRun(key, end);
  }

  /** The same by the characters before `end`. */
  #findRun(key: string, end: number): number {
    // What `hashText` and `mix` do, for the most frequent case: written out, V8 puts it where it is called.
    const last = key.charCodeAt(end - 1) ^ (key.charCodeAt(end - 2) << 5);
    const all = (key.length << 25) ^ last ^ (key.charCodeAt(end - 3) << 10) ^ (key.charCodeAt(end - 4) << 15);
    const product = Math.imul(all ^ (all >>> 15), Golden.Ratio);
    return this.#probe(key, product ^ (product >>> 15));
  }

  /** The same of a string that is short, or looked at in other places, or where there are strings of digits. */
  #findOther(key: string): number {
    if (this.#digits.length > 0) {
      const slot = this.#digits.find(key);
      if (slot >= 0) return slot;
      if (slot === Digit.Absent) {
        this.#missed = key;
        return this.#absent;
      }
    }
    return this.#findLong(key);
  }

  /** The same by six characters, if those are looked at. */
  #findLong(key: string): number {
    const end = key.length - this.#longBefore;
    return end < Text.LongRun ? this.#findElsewhere(key) : this.#probe(key, hashLong(key, end));
  }

  /** The same by single places, or of a string that is too short for a run. */
  #findElsewhere(key: string): number {
    return key.length === 0 ? Found.Unknown : this.#probe(key, hashText(key, this.#sight));
  }

  #probe(key: string, hash: number): number {
    this.#hash = hash;
    const cells = this.#cells;
    for (let at = hash >>> this.#shift; ; at++) {
      const cell = cells[at] as number;
      if (cell === Cell.Free) return this.#absent;
      const slot = cell ^ (hash << Cell.SlotBits);
      if (slot >>> Cell.SlotBits === 0 && this.#texts[slot] === key) return slot;
    }
  }

  /** The slot of a number; or `Found.Absent` or `Found.Unknown`. */
  findNumber(key: number): number {
    const whole = key | 0;
    if (whole === key && whole >>> 0 < this.#wholes.length) {
      const slot = this.#wholes.slots[whole] as number;
      return slot === Found.Absent ? this.#absent : slot;
    }
    return this.#findHashed(key);
  }

  /** The same of a number that is not found by itself. */
  #findHashed(key: number): number {
    if (Number.isNaN(key)) return Found.Unknown;
    if (this.#used === 0) return this.#absent;
    const hash = hashNumber(key);
    const cells = this.#cells;
    for (let at = hash >>> this.#shift; ; at++) {
      const cell = cells[at] as number;
      if (cell === Cell.Free) return this.#absent;
      const slot = cell ^ (hash << Cell.SlotBits);
      if (slot >>> Cell.SlotBits === 0 && this.#numbers[slot] === key) return slot;
    }
  }

  /** The slot of what is compared by identity; or `Found.Absent` or `Found.Unknown`. */
  findIdentity(key: unknown): number {
    return this.#identities?.get(key) ?? this.#absent;
  }

  /** The slot of the structure that was made flat last; or `Found.Absent` or `Found.Unknown`. */
  findFlat(): number {
    if (this.#flats.length === 0) return this.#absent;
    const hash = this.#hashFlat(flat, flatCount);
    this.#hash = hash;
    const cells = this.#cells;
    for (let at = hash >>> this.#shift; ; at++) {
      const cell = cells[at] as number;
      if (cell === Cell.Free) return this.#absent;
      const slot = cell ^ (hash << Cell.SlotBits);
      if (slot >>> Cell.SlotBits === 0 && isSame(this.#flats[slot])) return slot;
    }
  }

  /** Where all of a string has to be looked at, so has all of those in structures. */
  #hashFlat(values: Flat, count: number): number {
    return mix(this.#sight === WHOLE ? hashAll(values, count) : hashFlat(values, count));
  }

  /** The structure at a slot, flat, if there is one. */
  flatAt(slot: number): Flat | undefined {
    return this.#flats[slot];
  }

  /** Whether there is any such key. */
  get hasIdentities(): boolean {
    return this.#identities !== null && this.#identities.size > 0;
  }

  /** Puts in the key that was looked up last, and was not here. Whether it has been taken. */
  keep(key: unknown, slot: number, expiry: number): boolean {
    if (!this.takesKeys || (slot >= this.#slots && !this.#widen(slot, key))) return false;
    if (expiry !== Infinity || this.#dated > 0) this.setExpiry(slot, expiry);
    if (typeof key === "number") {
      if (this.#keepNumber(key, slot)) return true;
      this.#hash = hashNumber(key);
    } else if (key === FLAT) {
      if (slot >= this.#flats.length) {
        lengthen(this.#flats, this.#slots, undefined);
        this.#hash = this.#hashFlat(flat, flatCount);
      }
      this.#flats[slot] = flat.slice(0, flatCount);
    } else if (typeof key !== "string") {
      if (slot >= this.#held.length) lengthen(this.#held, this.#slots, undefined);
      this.#held[slot] = key;
      this.#identities ??= new Map();
      this.#identities.set(key, slot);
      return true;
    } else {
      if (slot >= this.#texts.length) lengthen(this.#texts, this.#slots, "");
      this.#texts[slot] = key;
      this.#written++;
      if (this.#keepDigits(key, slot)) return true;
    }
    if (slot >= Cell.Slot) return this.#refuse(slot);
    if (slot >= this.#hashed) this.#widenHashes();
    this.#hashes[slot] = this.#hash;
    this.#used++;
    this.#since++;
    this.#strayed += this.#used > this.#most ? NOWHERE : this.#put(this.#cells, this.#shift, slot);
    // Where many keys are not at home, strings are looked at in the wrong places: they differ in others now.
    return this.#strayed <= this.#since || this.#settle(slot);
  }

  /** The same of a number, where that is all there is to it but when it expires. Whether it was. */
  keepWhole(key: number, slot: number): boolean {
    const whole = key | 0;
    if (whole !== key || whole >>> 0 >= this.#wholes.length || slot >= this.#numbered) return false;
    if (this.#absent !== Found.Absent) return false;
    this.#numbers[slot] = whole;
    this.#counted++;
    this.#wholes.slots[whole] = slot;
    return true;
  }

  /** Notes a number. Whether it is found by itself from now on. */
  #keepNumber(key: number, slot: number): boolean {
    if (slot >= this.#numbered) {
      this.#numbers = wider(this.#numbers, this.#slots, Number.NaN);
      this.#numbered = this.#slots;
    }
    // Both zeros are one.
    this.#numbers[slot] = key + 0;
    this.#counted++;
    const whole = key | 0;
    if (whole !== key || whole < 0) return false;
    if (whole >= this.#wholes.length) {
      // 4 bytes for each number.
      if (whole >= DENSE * this.#counted + FEW) return false;
      this.#widenWholes(this.#lengthFor(whole), slot);
    }
    this.#wholes.slots[whole] = slot;
    return true;
  }

  /** The same of a string. */
  #keepDigits(key: string, slot: number): boolean {
    // Of a string that is an index, V8 has the number.
    const whole = key === this.#missed ? +key : wholeOf(key);
    if (whole < 0) return false;
    if (whole >= this.#digits.length) {
      // 8 bytes.
      if (whole >= DENSE * this.#written + FEW) return false;
      this.#widenDigits(this.#lengthFor(whole), slot);
    }
    if (slot >= this.#hashed) this.#widenHashes();
    this.#hashes[slot] = whole;
    this.#digits.set(whole, slot);
    return true;
  }

  /** How many numbers there is to be room for, so that this is one of them. */
  #lengthFor(whole: number): number {
    return Math.max(whole + (whole >>> 1), isNear(whole, this.#bound) ? this.#bound : 0) + FEW;
  }

  /** Makes a better table of a slot's key and all others, if that is worth while. Whether the key has been taken. */
  #settle(slot: number): boolean {
    if ((this.#strayed < NOWHERE && 2 * this.#since < this.#used) || this.#rebuild()) return true;
    if (this.#strayed < NOWHERE) this.#remove(slot);
    else this.#used--;
    return this.#refuse(slot);
  }

  /** Lets go of a key that is found nowhere, and takes no more. */
  #refuse(slot: number): boolean {
    this.#clear(slot);
    this.#leave();
    return false;
  }

  /** The key of a slot, if it is here: of a structure, a copy. */
  keyAt(slot: number): unknown {
    const structure = this.#flats[slot];
    if (structure !== undefined) return unflatten(structure);
    return this.#plainKey(slot) ?? this.#held[slot];
  }

  /** Whether the key of a slot is here. */
  has(slot: number): boolean {
    if (slot < this.#texts.length && this.#texts[slot] !== "") return true;
    if (slot < this.#numbered && !Number.isNaN(this.#numbers[slot])) return true;
    if (slot < this.#held.length && this.#held[slot] !== undefined) return true;
    return slot < this.#flats.length && this.#flats[slot] !== undefined;
  }

  #plainKey(slot: number): string | number | undefined {
    const text = this.#texts[slot];
    if (text !== undefined && text !== "") return text;
    const number = this.#numbers[slot];
    return number === undefined || Number.isNaN(number) ? undefined : number;
  }

  /** Whether the keys that are here are to go to the engine. */
  get isLeaving(): boolean {
    return this.#absent === Found.Unknown && this.#isOn;
  }

  /** The slot of the next key to go; -1 where there is none, and then the table is off. */
  nextToLeave(): number {
    for (; this.#left < this.#slots; this.#left++) {
      if (this.has(this.#left)) return this.#left;
    }
    this.switchOff();
    return -1;
  }

  /** Takes no more keys. */
  #leave(): void {
    this.#absent = Found.Unknown;
  }

  /** Whether it knows of anything, or may once. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whether a key that is not here may be kept. */
  get takesKeys(): boolean {
    return this.#isOn && this.#absent === Found.Absent;
  }

  /** Forgets the key of a slot that is given up. Whether there was one. */
  forget(slot: number): boolean {
    if (this.#dated > 0) this.setExpiry(slot, Infinity);
    if (slot < this.#texts.length && this.#texts[slot] !== "") {
      if (!this.#digits.remove(this.#hashes[slot] as number, slot)) this.#remove(slot);
      this.#texts[slot] = "";
      this.#written--;
      return true;
    }
    if (slot >= this.#numbered || Number.isNaN(this.#numbers[slot])) return this.#forgetOther(slot);
    const whole = (this.#numbers[slot] as number) | 0;
    if (this.#wholes.has(whole, slot)) this.#wholes.slots[whole] = Found.Absent;
    else this.#remove(slot);
    this.#numbers[slot] = Number.NaN;
    this.#counted--;
    return true;
  }

  #forgetOther(slot: number): boolean {
    if (slot < this.#flats.length && this.#flats[slot] !== undefined) {
      this.#remove(slot);
      this.#flats[slot] = undefined;
      return true;
    }
    if (slot >= this.#held.length || this.#held[slot] === undefined) return false;
    this.#identities?.delete(this.#held[slot]);
    this.#held[slot] = undefined;
    return true;
  }

  /** Lets go of the key itself. */
  #clear(slot: number): void {
    if (slot < this.#texts.length && this.#texts[slot] !== "") {
      this.#texts[slot] = "";
      this.#written--;
    } else if (this.#flats[slot] === undefined) {
      this.#counted--;
      this.#numbers[slot] = Number.NaN;
    } else {
      this.#flats[slot] = undefined;
    }
  }

  /** Whether the key of a slot is found by itself. */
  #isDense(slot: number): boolean {
    const text = this.#texts[slot];
    return text === undefined || text === ""
      ? this.#wholes.has((this.#numbers[slot] as number) | 0, slot)
      : this.#digits.has(this.#hashes[slot] as number, slot);
  }

  /** Changes when an entry expires. */
  setExpiry(slot: number, expiry: number): void {
    if (slot < this.#dated) this.expiries[slot] = expiry;
    else if (expiry !== Infinity && slot < this.#slots) {
      this.expiries = wider(this.expiries, this.#slots, Infinity);
      this.#dated = this.#slots;
      this.expiries[slot] = expiry;
    }
  }

  /** When an entry expires whose key is known. */
  expiry(slot: number): number {
    return slot < this.#dated ? (this.expiries[slot] as number) : Infinity;
  }

  /** The earliest expiration of all entries that are known. O(n). */
  earliest(): number {
    return this.expiries.reduce((one, other) => Math.min(one, other), Infinity);
  }

  /** How many slots there is room for. */
  get slots(): number {
    return this.#slots;
  }

  /** Switches the table off, and lets all that it has go. */
  switchOff(): void {
    this.#isOn = false;
    this.#absent = Found.Unknown;
    this.#slots = this.#hashed = this.#numbered = this.#dated = 0;
    this.#wholes.clear();
    this.#digits.clear();
    this.#cells = NO_CELLS;
    this.#shift = NO_SHIFT;
    this.#hashes = NO_INTS;
    this.#texts = [];
    this.#held = [];
    this.#flats = [];
    this.#identities = null;
    this.#numbers = this.expiries = NO_DOUBLES;
  }

  /** Puts a slot whose hash is known into the first cell that is free. How far it is, `NOWHERE` where none is near. */
  #put(cells: Int32Array, shift: number, slot: number): number {
    const hash = this.#hashes[slot] as number;
    const home = hash >>> shift;
    for (let at = home; at < home + PROBES; at++) {
      if (cells[at] === Cell.Free) {
        cells[at] = (hash << Cell.SlotBits) | slot;
        return at - home;
      }
    }
    return NOWHERE;
  }

  #remove(slot: number): void {
    const cells = this.#cells;
    let hole = (this.#hashes[slot] as number) >>> this.#shift;
    while (((cells[hole] as number) & Cell.Slot) !== slot) hole++;
    // What follows may be there only because this cell was taken: it moves back if its home is not after the hole.
    for (let at = hole + 1; ; at++) {
      const cell = cells[at] as number;
      if (cell === Cell.Free) break;
      if ((this.#hashes[cell & Cell.Slot] as number) >>> this.#shift <= hole) {
        cells[hole] = cell;
        hole = at;
      }
    }
    cells[hole] = Cell.Free;
    this.#used--;
  }

  /** Builds the table anew, so that little of it is in use. Whether that can be; if not, it is as before. */
  #rebuild(): boolean {
    // Keys that collide once more so soon will go on to do so.
    if (this.#used <= this.#most && 4 * this.#since < this.#used) return false;
    let size = SMALLEST;
    const keys = isNear(this.#used, this.#bound) ? this.#bound : this.#used;
    while (size < (size < ROOMY ? 5 : 2.5) * keys && size < LARGEST) size *= 2;
    // Where each second key is not at home, too many have the hash of others. In a table of the same size they still have.
    const isLarger = this.#used > this.#most || size + PROBES >= this.#cells.length;
    if (isLarger && 2 * this.#fill(size) <= this.#used) return true;
    const before = this.#sight;
    for (const sight of before === WHOLE
      ? []
      : learn(this.#texts.filter((text, slot) => text !== "" && !this.#isDense(slot)))) {
      this.#look(sight);
      if (2 * this.#fill(size) <= this.#used) return true;
    }
    for (const end = Math.min(8 * size, LARGEST); size <= end; size *= 2) if (this.#fill(size) < NOWHERE) return true;
    this.#look(before);
    return false;
  }

  /** Puts all keys into a table of this size; how far from home they are in all, `NOWHERE` or more where one finds no cell. */
  #fill(size: number): number {
    const cells = emptyCells(size);
    const shift = Math.clz32(size) + 1;
    const most = size / (size < ROOMY ? 4 : 2);
    let distance = 0;
    for (let slot = 0; slot < this.#slots; slot++) {
      if (this.#flats[slot] === undefined && (this.#plainKey(slot) === undefined || this.#isDense(slot))) continue;
      distance += this.#put(cells, shift, slot);
    }
    if (distance >= NOWHERE) return distance;
    this.#since = this.#strayed = 0;
    this.#cells = cells;
    this.#shift = shift;
    this.#most = most;
    return distance;
  }

  /** Looks at strings there from now on. */
  #look(sight: Sight): void {
    this.#sight = sight;
    this.#before = typeof sight === "number" && sight < LONG && this.#digits.length === 0 ? sight : OUT;
    this.#longBefore = typeof sight === "number" && sight >= LONG ? sight - LONG : OUT;
    for (const [slot, text] of this.#texts.entries()) {
      if (text !== "" && !this.#isDense(slot)) this.#hashes[slot] = hashText(text, sight);
    }
    for (const [slot, structure] of this.#flats.entries()) {
      if (structure !== undefined) this.#hashes[slot] = this.#hashFlat(structure, structure.length);
    }
  }

  /** Takes in all numbers below `length`; that of `slot` is in no table yet. */
  #widenWholes(length: number, slot: number): void {
    const { slots } = this.#wholes;
    this.#wholes.slots = wider(slots, length, Found.Absent);
    this.#wholes.length = length;
    // The others are in the table.
    for (let other = 0; this.#used > 0 && other < this.#numbered; other++) {
      const key = this.#numbers[other] as number;
      if (other === slot || (key | 0) !== key || key < slots.length || key >= length) continue;
      this.#remove(other);
      this.#wholes.slots[key] = other;
    }
  }

  /** The same of strings. */
  #widenDigits(length: number, slot: number): void {
    const before = this.#digits.length;
    this.#digits.widen(length);
    this.#before = OUT;
    for (let other = 0; this.#used > 0 && other < this.#texts.length; other++) {
      const key = this.#texts[other] as string;
      const whole = other === slot ? -1 : wholeOf(key);
      if (whole < before || whole >= length) continue;
      this.#remove(other);
      this.#hashes[other] = whole;
      this.#digits.set(whole, other);
    }
  }

  #widenHashes(): void {
    this.#hashes = wider(this.#hashes, this.#slots, 0);
    this.#hashed = this.#slots;
  }

  /** Makes room for a slot. Whether the table goes on. */
  #widen(slot: number, key: unknown): boolean {
    const mayBeDense = typeof key === "number" || (typeof key === "string" && wholeOf(key) >= 0);
    const most = mayBeDense ? MOST_DENSE : Cell.Slot;
    if (slot >= most) {
      this.#leave();
      return false;
    }
    const length = Math.min(isNear(slot, this.#bound) ? Math.max(this.#bound, slot + 1) : 2 * slot + 8, most);
    this.#slots = length;
    if (this.#dated > 0) {
      this.expiries = wider(this.expiries, length, Infinity);
      this.#dated = length;
    }
    return true;
  }
}

function hashNumber(key: number): number {
  const whole = key | 0;
  return mix(whole === key ? whole : (key * 65599.37) | 0);
}

function emptyCells(size: number): Int32Array {
  // No lookup wraps around; the last cell is always free.
  return new Int32Array(size + PROBES + 1).fill(Cell.Free);
}
