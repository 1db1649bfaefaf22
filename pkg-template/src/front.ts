// The front table: the slots of strings and numbers, found without crossing into WebAssembly.
//
// A hash table of slots with at most four probes. It is a cache of what the engine knows, and complete as long as
// there are not too many entries: where a probe meets a cell that was never used, the key is not stored, and the
// engine need not be asked for that either. That holds because a cell that was used once stays used until the table
// is built anew, and a key is put into the first free one of its four. What a cell says is always checked: the key is
// compared with the one that is kept for the slot, and a slot that is given up keeps none.
//
// Strings are hashed by their length and a few characters, at the places where the strings seen so far differ most.
// Whoever chooses keys that collide makes a lookup ask the engine, whose hash is seeded, and nothing worse.

/** The key is not stored. */
export const ABSENT = -1;
/** Only the engine can tell. */
export const UNKNOWN = -2;

const PROBES = 4;
// A cell: the slot, and above it 12 bits of the hash.
const SLOT_BITS = 20;
const SLOT = 2 ** SLOT_BITS - 1;
const NEVER_USED = -1;
const SMALLEST = 32;
const LARGEST = 2 ** 19;

// A table that is not complete is judged after so many lookups; if few of them hit, it rests for so many.
const TRIAL = 8192;
const REST = 32 * TRIAL;

// How many strings are looked at to find where they differ, and how far from either end.
const SAMPLE = 32;
const REACH = 64;

export class Front {
  /** When the entries expire, by slot; valid where a key is known. */
  expiries = new Float64Array(0);
  /** What a lookup gives that met a cell never used: `UNKNOWN` once the table is not complete. */
  #nothing = ABSENT;
  #cells = emptyCells(SMALLEST);
  #shift = Math.clz32(SMALLEST) + 1;
  /** Cells used, and keys for which there was none. */
  #used = 0;
  /** The slots of the numbers 0, 1, 2 ... themselves, as far as they are dense; -1 for none. */
  #dense = new Int32Array(0);
  // Reading the length of a typed array takes V8 as long as all the rest of a lookup.
  #denseLength = 0;
  /** How many numbers were put in. */
  #counted = 0;
  /** The keys by slot: "" and NaN stand for none. */
  #texts: string[] = [];
  #numbers = new Float64Array(0);
  #hashes = new Int32Array(0);
  // Where strings are looked at: so many characters after the start, or before the end.
  #fromEnd = -1;
  #a = -1;
  #b = -2;
  #c = -3;
  #d = -4;
  #e = -5;
  /** The hash of the key looked up last. */
  #hash = 0;
  #lookups = 0;
  #hits = 0;
  #rest = 0;

  /** `isOff`: knows nothing and keeps nothing, for caches whose entries are not to be seen by the garbage collector. */
  constructor(isOff: boolean) {
    if (!isOff) return;
    this.#nothing = UNKNOWN;
    this.#rest = Infinity;
  }

  /** The slot of a string; or `ABSENT` or `UNKNOWN`. */
  findText(key: string): number {
    if ((this.#nothing === UNKNOWN && this.#rests()) || key.length === 0) return UNKNOWN;
    const hash = this.#hashText(key);
    this.#hash = hash;
    const cells = this.#cells;
    const tag = hash << SLOT_BITS;
    const home = Math.imul(hash, 0x9e3779b1) >>> this.#shift;
    for (let at = home; at < home + PROBES; at++) {
      const cell = cells[at] as number;
      if (cell === NEVER_USED) return this.#nothing;
      const slot = cell ^ tag;
      if (slot >>> SLOT_BITS === 0 && this.#texts[slot] === key) return this.#hit(slot);
    }
    return UNKNOWN;
  }

  /** The slot of a number; or `ABSENT` or `UNKNOWN`. */
  findNumber(key: number): number {
    const whole = key | 0;
    if (whole === key && whole >>> 0 < this.#denseLength) return this.#dense[whole] as number;
    if (this.#nothing === UNKNOWN && this.#rests()) return UNKNOWN;
    const hash = whole === key ? whole : (key * 65599.37) | 0;
    this.#hash = hash;
    const cells = this.#cells;
    const tag = hash << SLOT_BITS;
    const home = Math.imul(hash, 0x9e3779b1) >>> this.#shift;
    for (let at = home; at < home + PROBES; at++) {
      const cell = cells[at] as number;
      // NaN is not equal to itself, so the table never has it.
      if (cell === NEVER_USED) return Number.isNaN(key) ? UNKNOWN : this.#nothing;
      const slot = cell ^ tag;
      if (slot >>> SLOT_BITS === 0 && this.#numbers[slot] === key) return this.#hit(slot);
    }
    return UNKNOWN;
  }

  /** Puts in the key that was looked up last, and has been stored since. */
  keep(key: string | number, slot: number, expiry: number): void {
    if (this.#rest === Infinity) return;
    if (slot >= this.#hashes.length) this.#widen(2 * slot + 8);
    this.expiries[slot] = expiry;
    if (typeof key === "number") {
      if (slot >= this.#numbers.length) this.#numbers = wider(this.#numbers, this.#hashes.length, Number.NaN);
      this.#numbers[slot] = key;
      this.#counted++;
      const whole = key | 0;
      if (whole === key && whole >= 0) {
        if (whole >= this.#denseLength && whole < 2 * this.#counted + 64) this.#widenDense(2 * whole + 64);
        if (whole < this.#denseLength) {
          this.#dense[whole] = slot;
          return;
        }
      }
    }
    if (slot >= SLOT || this.#rest > 0) this.#nothing = UNKNOWN;
    else if (key !== "") {
      if (typeof key === "string") {
        while (this.#texts.length <= slot) this.#texts.push("");
        this.#texts[slot] = key;
      }
      this.#hashes[slot] = this.#hash;
      if (2 * this.#used >= this.#cells.length && this.#nothing === ABSENT) this.#rebuild();
      else this.#put(slot);
    }
  }

  /** The same for a key that was stored before: only a table that is not complete can be without it. */
  admit(key: string | number, slot: number, expiry: number): void {
    if (this.#nothing === UNKNOWN) this.keep(key, slot, expiry);
  }

  /** Forgets the key of a slot that is given up. */
  forget(slot: number): void {
    if (slot < this.#hashes.length) this.#hashes[slot] = 0;
    if (slot < this.#texts.length) this.#texts[slot] = "";
    if (slot < this.#numbers.length) {
      const number = this.#numbers[slot] as number;
      if (!Number.isNaN(number)) {
        this.#counted--;
        if (this.#dense[number] === slot) this.#dense[number] = ABSENT;
        this.#numbers[slot] = Number.NaN;
      }
    }
  }

  /** Changes when an entry expires. */
  setExpiry(slot: number, expiry: number): void {
    if (slot < this.expiries.length) this.expiries[slot] = expiry;
  }

  /** Takes note that there may be entries which the table does not have. */
  lose(): void {
    this.#nothing = UNKNOWN;
  }

  #hit(slot: number): number {
    if (this.#nothing === UNKNOWN) this.#hits++;
    return slot;
  }

  #rests(): boolean {
    if (this.#rest > 0) {
      this.#rest--;
      return true;
    }
    if (++this.#lookups === TRIAL) {
      if (4 * this.#hits < TRIAL) {
        this.#rest = REST;
        this.#cells.fill(NEVER_USED);
        this.#texts = [];
      }
      this.#lookups = 0;
      this.#hits = 0;
    }
    return false;
  }

  #hashText(key: string): number {
    const length = key.length;
    const start = length & this.#fromEnd;
    let hash = length;
    let at = start + this.#a;
    if (at >>> 0 < length) hash = Math.imul(hash, 31) + key.charCodeAt(at);
    at = start + this.#b;
    if (at >>> 0 < length) hash = Math.imul(hash, 31) + key.charCodeAt(at);
    at = start + this.#c;
    if (at >>> 0 < length) hash = Math.imul(hash, 31) + key.charCodeAt(at);
    at = start + this.#d;
    if (at >>> 0 < length) hash = Math.imul(hash, 31) + key.charCodeAt(at);
    at = start + this.#e;
    if (at >>> 0 < length) hash = Math.imul(hash, 31) + key.charCodeAt(at);
    return hash | 0;
  }

  /** Puts a slot whose key and hash are known into the first cell that is free. */
  #put(slot: number): void {
    const cells = this.#cells;
    const hash = this.#hashes[slot] as number;
    const home = Math.imul(hash, 0x9e3779b1) >>> this.#shift;
    let at = home;
    while (at < home + PROBES && this.#isTaken(at)) at++;
    if (at === home + PROBES) {
      if (this.#nothing === ABSENT) {
        this.#used++;
        return;
      }
      at = home;
      this.forget((cells[at] as number) & SLOT);
    }
    if (cells[at] === NEVER_USED) this.#used++;
    cells[at] = (hash << SLOT_BITS) | slot;
  }

  /** Whether the slot in a cell belongs there still. */
  #isTaken(at: number): boolean {
    const cell = this.#cells[at] as number;
    if (cell === NEVER_USED) return false;
    const hash = this.#hashes[cell & SLOT] as number;
    const distance = at - (Math.imul(hash, 0x9e3779b1) >>> this.#shift);
    return (cell ^ (hash << SLOT_BITS)) >>> SLOT_BITS === 0 && distance >= 0 && distance < PROBES;
  }

  #rebuild(): void {
    const known: number[] = [];
    for (let slot = 0; slot < this.#hashes.length; slot++) {
      const number = this.#numbers[slot] ?? Number.NaN;
      if (this.#texts[slot] || (!Number.isNaN(number) && this.#dense[number] !== slot)) known.push(slot);
    }
    this.#learn();
    let size = SMALLEST;
    while (size < 3 * known.length && size < LARGEST) size *= 2;
    this.#cells = emptyCells(size);
    this.#shift = Math.clz32(size) + 1;
    this.#used = 0;
    for (const slot of known) {
      const text = this.#texts[slot] ?? "";
      if (text !== "") this.#hashes[slot] = this.#hashText(text);
      this.#put(slot);
    }
    if (2.5 * known.length > size) this.#nothing = UNKNOWN;
  }

  /** Finds the places where the strings differ most. */
  #learn(): void {
    const step = Math.max(1, this.#texts.length / SAMPLE);
    const sample: string[] = [];
    for (let slot = 0; slot < this.#texts.length; slot += step) sample.push(this.#texts[Math.floor(slot)] as string);
    let most = 0;
    for (const fromEnd of [-1, 0]) {
      const places = Array.from({ length: REACH }, (_, i) => {
        let seen = 0;
        for (const text of sample) seen |= 1 << text.charCodeAt(fromEnd === 0 ? i : text.length - 1 - i);
        let spread = 0;
        for (; seen !== 0; seen &= seen - 1) spread++;
        return { place: fromEnd === 0 ? i : -1 - i, spread };
      });
      places.sort((a, b) => b.spread - a.spread);
      const best = places.slice(0, 5);
      const sum = best.reduce((total, { spread }) => total + spread, 0);
      if (sum > most) {
        most = sum;
        this.#fromEnd = fromEnd;
        [this.#a, this.#b, this.#c, this.#d, this.#e] = best.map(({ place }) => place) as [
          number,
          number,
          number,
          number,
          number,
        ];
      }
    }
  }

  /** Takes in the whole numbers below `length`. */
  #widenDense(length: number): void {
    // All that are stored have to be known.
    if (this.#nothing === UNKNOWN) return;
    this.#dense = new Int32Array(length).fill(ABSENT);
    this.#denseLength = length;
    for (let slot = 0; slot < this.#numbers.length; slot++) {
      const number = this.#numbers[slot] as number;
      if ((number | 0) === number && number >= 0 && number < length) this.#dense[number] = slot;
    }
  }

  #widen(length: number): void {
    this.#hashes = wider(this.#hashes, length, 0);
    this.expiries = wider(this.expiries, length, 0);
  }
}

function wider<T extends Float64Array | Int32Array>(old: T, length: number, filler: number): T {
  const array = new (old.constructor as new (length: number) => T)(length);
  array.set(old);
  return array.fill(filler, old.length) as T;
}

function emptyCells(size: number): Int32Array {
  // No lookup wraps around.
  return new Int32Array(size + PROBES).fill(NEVER_USED);
}
