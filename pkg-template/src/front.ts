// The front table: the slots of strings and numbers, found without crossing into WebAssembly.
//
// A hash table of slots over arrays of the keys, open addressing with linear probing. While it is on it is complete:
// what it does not have is not stored, and the engine need not be asked for that either. A removal shifts the
// following cells back, so there are no tombstones. It is there for caches of up to a quarter of a million slots;
// above that the memory of its arrays counts, and what a lookup costs is the way to memory, not the way to the engine.
//
// Strings are hashed by their length and a few characters, at the places where the strings seen so far differ most.
// Whoever chooses keys that collide switches the table off, which leaves the engine, whose hash is seeded.

/** The key is not stored. */
export const ABSENT = -1;
/** Only the engine can tell. */
export const UNKNOWN = -2;

// A cell: the slot, and above it bits of the hash.
const SLOT_BITS = 18;
const SLOT = 2 ** SLOT_BITS - 1;
const FREE = -1;
/** How far a key may be from the cell that its hash names. */
const PROBES = 64;
const SMALLEST = 32;
const LARGEST = 2 ** (SLOT_BITS + 1);
/** Below this size a key is to meet its cell at the first probe; above, the way to memory is what counts. */
const ROOMY = 2 ** 16;

// How many strings are looked at to find where they differ, how far from either end, and at how many places at most.
const SAMPLE = 256;
const REACH = 64;
const PLACES = 6;
type Places = [number, number, number, number, number, number];

export class Front {
  /** When the entries expire, by slot; as long as none does, there are none. Valid where a key is known. */
  expiries = new Float64Array(0);
  /** Whether the table is on. */
  #isOn: boolean;
  /** How many entries there may be. */
  readonly #bound: number;
  #cells = emptyCells(SMALLEST);
  #shift = Math.clz32(SMALLEST) + 1;
  /** Cells in use, and how many of them are too many: a lookup should meet its key at the first cell. */
  #used = 0;
  #most = SMALLEST / 4;
  /** Keys put in since the table was built. */
  #since = 0;
  /** The slots of the numbers 0, 1, 2 ... themselves, as far as they are dense; -1 for none. */
  #dense = new Int32Array(0);
  // Reading the length of a typed array takes V8 as long as all the rest of a lookup.
  #denseLength = 0;
  /** How many numbers are stored. */
  #counted = 0;
  /** The keys by slot, "" and NaN where there is none, so that these two are never found; and their hashes. */
  #texts: string[] = [];
  #numbers = new Float64Array(0);
  #hashes = new Int32Array(0);
  /** The slots of what is compared by identity. */
  #identities: Map<unknown, number> | null = null;
  /** Whether the last four characters are not where strings are looked at. */
  #looksElsewhere = false;
  // Where they are looked at then: so many characters after the start, or before the end.
  #fromEnd = -1;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  #e = 0;
  #f = 0;
  /** The hash of the key looked up last. */
  #hash = 0;

  /** `isOff`: knows nothing and keeps nothing, for caches whose entries are not to be seen by the garbage collector. */
  constructor(isOff: boolean, maxEntries: number) {
    this.#isOn = !isOff;
    this.#bound = maxEntries;
  }

  /** The slot of a string; or `ABSENT` or `UNKNOWN`. */
  findText(key: string): number {
    if (!this.#isOn || key.length === 0) return UNKNOWN;
    const hash = this.#hashText(key);
    this.#hash = hash;
    const cells = this.#cells;
    for (let at = hash >>> this.#shift; ; at++) {
      const cell = cells[at] as number;
      if (cell === FREE) return ABSENT;
      const slot = cell ^ (hash << SLOT_BITS);
      if (slot >>> SLOT_BITS === 0 && this.#texts[slot] === key) return slot;
    }
  }

  /** The slot of a number; or `ABSENT` or `UNKNOWN`. */
  findNumber(key: number): number {
    const whole = key | 0;
    if (whole === key && whole >>> 0 < this.#denseLength) return this.#dense[whole] as number;
    if (!this.#isOn || Number.isNaN(key)) return UNKNOWN;
    const hash = mix(whole === key ? whole : (key * 65599.37) | 0);
    this.#hash = hash;
    const cells = this.#cells;
    for (let at = hash >>> this.#shift; ; at++) {
      const cell = cells[at] as number;
      if (cell === FREE) return ABSENT;
      const slot = cell ^ (hash << SLOT_BITS);
      if (slot >>> SLOT_BITS === 0 && this.#numbers[slot] === key) return slot;
    }
  }

  /** The slot of what is compared by identity; or `ABSENT` or `UNKNOWN`. */
  findIdentity(key: object | symbol): number {
    return this.#isOn ? (this.#identities?.get(key) ?? ABSENT) : UNKNOWN;
  }

  /** Puts that in. */
  keepIdentity(key: unknown, slot: number, expiry: number): void {
    if (!this.#isOn || (slot >= this.#hashes.length && !this.#widen(slot))) return;
    this.setExpiry(slot, expiry);
    this.#identities ??= new Map();
    this.#identities.set(key, slot);
  }

  /** Forgets it, if it has this slot. */
  forgetIdentity(key: unknown, slot: number): void {
    if (this.#identities?.get(key) === slot) this.#identities.delete(key);
  }

  /** Puts in the key that was looked up last, and has been stored since. */
  keep(key: string | number, slot: number, expiry: number): void {
    if (!this.#isOn || key === "" || Number.isNaN(key)) return;
    if (slot >= this.#hashes.length && !this.#widen(slot)) return;
    this.setExpiry(slot, expiry);
    if (typeof key === "string") {
      while (this.#texts.length <= slot) this.#texts.push("");
      this.#texts[slot] = key;
    } else {
      if (slot >= this.#numbers.length) this.#numbers = wider(this.#numbers, this.#hashes.length, Number.NaN);
      this.#numbers[slot] = key;
      this.#counted++;
      const whole = key | 0;
      if (whole === key && whole >= 0) {
        if (whole >= this.#denseLength && whole < 2 * this.#counted + 64) this.#widenDense(2 * whole + 64, slot);
        if (whole < this.#denseLength) {
          this.#dense[whole] = slot;
          return;
        }
      }
    }
    this.#hashes[slot] = this.#hash;
    this.#used++;
    this.#since++;
    if (this.#used > this.#most || this.#put(slot) === Infinity) this.#rebuild();
  }

  /** Forgets the key of a slot that is given up. */
  forget(slot: number): void {
    this.setExpiry(slot, Infinity);
    if (slot < this.#texts.length && this.#texts[slot] !== "") {
      this.#texts[slot] = "";
      this.#remove(slot);
    } else if (slot < this.#numbers.length) {
      this.#forgetNumber(slot, this.#numbers[slot] as number);
    }
  }

  #forgetNumber(slot: number, number: number): void {
    if (Number.isNaN(number)) return;
    this.#counted--;
    this.#numbers[slot] = Number.NaN;
    if (this.#isDense(number)) this.#dense[number] = ABSENT;
    else this.#remove(slot);
  }

  /** Whether a number is found by itself. */
  #isDense(number: number): boolean {
    return (number | 0) === number && number >>> 0 < this.#denseLength;
  }

  /** Changes when an entry expires. */
  setExpiry(slot: number, expiry: number): void {
    if (slot < this.expiries.length) this.expiries[slot] = expiry;
    else if (expiry !== Infinity && slot < this.#hashes.length) {
      this.expiries = wider(this.expiries, this.#hashes.length, Infinity);
      this.expiries[slot] = expiry;
    }
  }

  /** When an entry expires whose key is known. */
  expiry(slot: number): number {
    return slot < this.expiries.length ? (this.expiries[slot] as number) : Infinity;
  }

  /** The earliest expiration of all entries that are known. O(n). */
  earliest(): number {
    return this.expiries.reduce((one, other) => Math.min(one, other), Infinity);
  }

  /** How many slots there is room for. */
  get slots(): number {
    return this.#hashes.length;
  }

  /** Switches the table off, and lets all that it has go. */
  switchOff(): void {
    this.#isOn = false;
    this.#denseLength = 0;
    this.#cells = new Int32Array(0);
    this.#dense = new Int32Array(0);
    this.#hashes = new Int32Array(0);
    this.#texts = [];
    this.#identities = null;
    this.#numbers = this.expiries = new Float64Array(0);
  }

  #hashText(key: string): number {
    const { length } = key;
    if (!this.#looksElsewhere && length >= 4) {
      const last = key.charCodeAt(length - 1) ^ (key.charCodeAt(length - 2) << 5);
      return mix((length << 25) ^ last ^ (key.charCodeAt(length - 3) << 10) ^ (key.charCodeAt(length - 4) << 15));
    }
    const start = length & this.#fromEnd;
    let hash = length << 25;
    let at = start + this.#a;
    if (at >>> 0 < length) hash ^= key.charCodeAt(at);
    at = start + this.#b;
    if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 5;
    at = start + this.#c;
    if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 10;
    at = start + this.#d;
    if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 15;
    at = start + this.#e;
    if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 20;
    at = start + this.#f;
    if (at >>> 0 < length) hash ^= key.charCodeAt(at) << 24;
    return mix(hash);
  }

  /** Puts a slot whose hash is known into the first cell that is free. How far it is, `Infinity` where none is near. */
  #put(slot: number): number {
    const cells = this.#cells;
    const hash = this.#hashes[slot] as number;
    const home = hash >>> this.#shift;
    for (let at = home; at < home + PROBES; at++) {
      if (cells[at] === FREE) {
        cells[at] = (hash << SLOT_BITS) | slot;
        return at - home;
      }
    }
    return Infinity;
  }

  #remove(slot: number): void {
    const cells = this.#cells;
    let hole = (this.#hashes[slot] as number) >>> this.#shift;
    while (((cells[hole] as number) & SLOT) !== slot) hole++;
    // What follows may be there only because this cell was taken: it moves back if its home is not after the hole.
    for (let at = hole + 1; ; at++) {
      const cell = cells[at] as number;
      if (cell === FREE) break;
      if ((this.#hashes[cell & SLOT] as number) >>> this.#shift <= hole) {
        cells[hole] = cell;
        hole = at;
      }
    }
    cells[hole] = FREE;
    this.#used--;
  }

  /** Builds the table anew, so that little of it is in use. Switches it off where that cannot be. */
  #rebuild(): void {
    // Keys that collide once more so soon will go on to do so.
    if (this.#used <= this.#most && 4 * this.#since < this.#used) {
      this.switchOff();
      return;
    }
    this.#since = 0;
    let size = SMALLEST;
    // A table that is on its way to its bound goes there at once.
    const keys = this.#bound < 8 * this.#used ? this.#bound : this.#used;
    while (size < (size < ROOMY ? 5 : 2.5) * keys && size < LARGEST) size *= 2;
    // Where each second key is not at home, too many have the hash of others.
    if (2 * this.#fill(size) <= this.#used) return;
    this.#learn();
    for (const end = Math.min(8 * size, LARGEST); size <= end; size *= 2) if (this.#fill(size) < Infinity) return;
    this.switchOff();
  }

  /** Puts all keys into a table of this size; how far from home they are in all, `Infinity` where one finds no cell. */
  #fill(size: number): number {
    this.#cells = emptyCells(size);
    this.#shift = Math.clz32(size) + 1;
    this.#most = size < ROOMY ? size / 4 : size / 2;
    let distance = 0;
    for (let slot = 0; slot < this.#hashes.length; slot++) {
      const text = this.#texts[slot] ?? "";
      if (text !== "") this.#hashes[slot] = this.#hashText(text);
      else {
        const number = this.#numbers[slot] ?? Number.NaN;
        if (Number.isNaN(number) || this.#isDense(number)) continue;
      }
      distance += this.#put(slot);
    }
    return distance;
  }

  /** Finds the places where the strings differ most. */
  #learn(): void {
    // Steps of the golden ratio: steps of one length would fall on like digits.
    const sample = Array.from({ length: SAMPLE }, (_, i) => {
      return this.#texts[Math.floor(((i * 0.6180339887498949) % 1) * this.#texts.length)] ?? "";
    });
    this.#looksElsewhere = true;
    let most = 0;
    for (const fromEnd of [-1, 0]) {
      const places = Array.from({ length: REACH }, (_, i) => {
        const place = fromEnd === 0 ? i : -1 - i;
        return { place, spread: new Set(sample.map((text) => text.charCodeAt((text.length & fromEnd) + place))).size };
      });
      const best = places.sort((a, b) => b.spread - a.spread).slice(0, PLACES);
      const told = best.reduce((product, { spread }) => product * spread, 1);
      if (told <= most) continue;
      most = told;
      this.#fromEnd = fromEnd;
      [this.#a, this.#b, this.#c, this.#d, this.#e, this.#f] = best.map(({ place }) => place) as Places;
    }
  }

  /** Takes in the whole numbers below `length`; that of `slot` is in no table yet. */
  #widenDense(length: number, slot: number): void {
    const dense = new Int32Array(length).fill(ABSENT);
    const before = this.#denseLength;
    for (let other = 0; other < this.#numbers.length; other++) {
      const number = this.#numbers[other] as number;
      if ((number | 0) !== number || number < 0 || number >= length || other === slot) continue;
      if (number >= before) this.#remove(other);
      dense[number] = other;
    }
    this.#dense = dense;
    this.#denseLength = length;
  }

  /** Makes room for a slot. Whether the table goes on. */
  #widen(slot: number): boolean {
    if (slot >= SLOT) {
      this.switchOff();
      return false;
    }
    const length = Math.min(2 * slot + 8, SLOT);
    this.#hashes = wider(this.#hashes, length, 0);
    if (this.expiries.length > 0) this.expiries = wider(this.expiries, length, Infinity);
    return true;
  }
}

/** Lets each bit of a hash depend on all others. */
function mix(hash: number): number {
  const product = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
  return product ^ (product >>> 15);
}

function wider<T extends Float64Array | Int32Array>(old: T, length: number, filler: number): T {
  const array = new (old.constructor as new (length: number) => T)(length);
  array.set(old);
  return array.fill(filler, old.length) as T;
}

function emptyCells(size: number): Int32Array {
  // No lookup wraps around; the last cell is always free.
  return new Int32Array(size + PROBES + 1).fill(FREE);
}
