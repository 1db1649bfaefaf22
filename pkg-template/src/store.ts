// The store of a cache: from keys to the engine's slots, from slots to values held by reference.
//
// There is one place where a key becomes a slot (`find`), one where a hit is recorded (`lookup`), one where the
// engine's answer to storing is taken (`#stored`), and one where a slot is given up (`#release`). Strings and numbers
// are looked for in the front table first, which hears of all that is stored and given up.
//
// User code runs only before a key has been placed in scratch, or after the operation, in `tell`. Between, the
// engine's answer is read at once, so nothing that user code does can come between a call and its answer.
import { type Clock, clockFor } from "./clock.js";
import { checkNumber, EntryTooLargeError, FreedError, OutOfMemoryError } from "./errors.js";
import { EncodedKey, type FixedKey, isFixed, nameOf, nameOfBytes } from "./fixed-key.js";
import { ABSENT, Front, UNKNOWN } from "./front.js";
import { decodeKey, encodeStructure, Kind, keyOf, writeString } from "./keys/index.js";
import type { Settings } from "./options.js";
import type { Flights } from "./pending.js";
import { REASONS, type RemovalEvent, tell } from "./removal.js";
import { show } from "./show.js";
import { expiryOf, type Lifetime, readTtl } from "./ttl.js";
import {
  type Engine,
  EXPIRES,
  engineCatchUp,
  engineFind,
  engineFindNumber,
  engineRemove,
  engineSet,
  engineSetNumber,
  engineStore,
  Flag,
  handOver,
  INSERTED,
  MOST_PENDING,
  makeEngine,
  pointedAt,
  REMOVED,
  Reason,
  ready,
  removals,
  removedReason,
  removedSlot,
  room,
  SLOT,
  scratch,
  statusNumber,
} from "./wasm.js";

export class Store {
  readonly settings: Settings;
  /** The promises that `gos` waits for; `null` until there is one. */
  flights: Flights | null = null;
  #engine: Engine | null;
  /** The address of the engine; 0 after `free`. */
  #address: number;
  /** Where its list of pending hits is, in words. */
  readonly #pending: number;
  /** The slots of hits that are not handed over yet, and their number. */
  readonly #hits: Int32Array;
  #hitCount = 0;
  #front = new Front();
  /** When the entry that `find` met expires, in milliseconds since the epoch; `Infinity`: never. */
  #expiry = Infinity;
  #misses = 0;
  #values: unknown[] = [];
  /** What keys hold by identity, by slot. */
  #refs: Map<number, readonly unknown[]> | null = null;
  /** The slots whose values came from promises. */
  #promised: Set<number> | null = null;
  #events: RemovalEvent[] | null = null;
  /** Whether anything that expires was ever stored; until then nothing needs the clock. */
  #dated = false;
  readonly #byIdentity: boolean;
  /** Whether the engine wants to know of hits and misses. */
  readonly #tracks: boolean;
  readonly #weighs: boolean;
  /** Whether it matters to `set` what has expired. */
  readonly #datesSets: boolean;
  readonly #clock: Clock;
  /** Whether a new value for an entry that never expires is nothing but a hit to the engine. */
  readonly #isPlain: boolean;
  // The key that was placed in scratch last.
  #length = 0;
  #placedRefs: readonly unknown[] | null = null;
  #primitive: string | number | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
    const { maxEntries, maxBytes, stats, onRemove, clockResolution } = settings;
    const bounded = maxEntries !== Infinity || maxBytes !== Infinity;
    this.#tracks = bounded || stats;
    this.#datesSets = this.#tracks || onRemove !== null;
    this.#byIdentity = settings.byIdentity;
    this.#weighs = maxBytes !== Infinity;
    this.#clock = clockFor(clockResolution);
    const flags =
      (stats ? Flag.Statistics : 0) |
      (onRemove === null ? 0 : Flag.ReportKeys) |
      (settings.purgeEvery === Infinity ? 0 : Flag.IndexExpiries);
    this.#engine = makeEngine(maxEntries, maxBytes, bounded ? (settings.lru ? 1 : 2) : 0, flags);
    this.#address = this.#engine.address();
    this.#hits = new Int32Array(this.#tracks ? MOST_PENDING : 0);
    this.#pending = this.#engine.pending() >>> 2;
    this.#isPlain = !stats && !this.#weighs && onRemove === null;
  }

  /** The engine; throws after `free`. */
  get engine(): Engine {
    return this.#engine ?? freed();
  }

  /** Takes note of a hit, for the engine to be told of later. */
  #note(slot: number): void {
    const count = this.#hitCount;
    this.#hits[count] = slot;
    this.#hitCount = count + 1;
    if (count + 1 === MOST_PENDING) {
      this.#handOver();
      engineCatchUp(this.#address);
    }
  }

  /** Lets the engine know of all hits: before each operation that begins by taking note of them. */
  #handOver(): void {
    if (this.#hitCount === 0) return;
    handOver(this.#pending, this.#hits, this.#hitCount);
    this.#hitCount = 0;
  }

  #alive(): number {
    return this.#address === 0 ? freed() : this.#address;
  }

  get freed(): boolean {
    return this.#engine === null;
  }

  /** Gives back the memory. */
  free(): void {
    this.#engine?.free();
    this.#engine = null;
    this.#address = 0;
    this.#forget();
    // An empty table would know that nothing is stored.
    this.#front.lose();
    this.flights?.clear();
  }

  /** When the entry that `find` met expires, in milliseconds since the epoch; `Infinity`: never. */
  get metExpiry(): number {
    return this.#expiry;
  }

  /**
   * The slot of a key, or -1; its expiration is then `metExpiry`. Changes nothing. A structure stays placed, for
   * `insert`, `rename` and `fixPlaced`, until user code runs.
   */
  find(key: unknown): number {
    if (typeof key === "string") return this.#findText(key);
    if (typeof key === "number") return this.#findNumber(key);
    const kind = this.#place(key);
    if (kind === Kind.String) return this.#findText(this.#primitive as string);
    if (kind === Kind.Number) return this.#findNumber(this.#primitive as number);
    return this.#met(engineFind(this.#alive(), kind, this.#length));
  }

  #findText(key: string): number {
    const slot = this.#front.findText(key);
    if (slot >= 0) return this.#seen(slot);
    if (slot === ABSENT) return slot;
    this.#placeText(key);
    const met = this.#met(engineFind(this.#alive(), Kind.String, this.#length));
    if (met >= 0) this.#front.admit(key, met, this.#expiry);
    return met;
  }

  #findNumber(key: number): number {
    const slot = this.#front.findNumber(key);
    if (slot >= 0) return this.#seen(slot);
    if (slot === ABSENT) return slot;
    const met = this.#met(engineFindNumber(this.#alive(), key));
    if (met >= 0) this.#front.admit(key, met, this.#expiry);
    return met;
  }

  /** Takes a slot from the front table. */
  #seen(slot: number): number {
    if (this.#dated) this.#expiry = this.#front.expiries[slot] as number;
    return slot;
  }

  /** Takes the engine's answer to a lookup. */
  #met(found: number): number {
    this.#expiry = found >= EXPIRES ? statusNumber() : Infinity;
    return found < 0 ? found : found & SLOT;
  }

  /** The slot of what `get` would find, or -1. Changes and counts nothing. */
  peek(key: unknown): number {
    const slot = this.find(key);
    return slot >= 0 && !this.#isLive(this.#expiry) ? -1 : slot;
  }

  /** The same as a lookup that counts, and that removes what has expired. */
  lookup(key: unknown): number {
    const front = this.#front;
    // What `find` does, for the most frequent case by the shortest way.
    const slot =
      typeof key === "string" ? front.findText(key) : typeof key === "number" ? front.findNumber(key) : UNKNOWN;
    if (slot >= 0 && (!this.#dated || this.#isLive(front.expiries[slot] as number))) {
      if (this.#tracks) this.#note(slot);
      return slot;
    }
    if (slot !== ABSENT) return this.#lookupWithEngine(key);
    this.#misses++;
    return slot;
  }

  #lookupWithEngine(key: unknown): number {
    const slot = this.find(key);
    if (slot >= 0 && this.#isLive(this.#expiry)) {
      if (this.#tracks) this.#note(slot);
      return slot;
    }
    this.#misses++;
    // Where there is no memory for the report, the entry stays: expired as before.
    if (slot >= 0) this.remove(slot, Reason.Expired);
    return -1;
  }

  /** What is stored at a slot. */
  value(slot: number): unknown {
    return this.#values[slot];
  }

  /** When the entry at a slot expires, in milliseconds since the epoch; `Infinity`: never. */
  expiry(slot: number): number {
    return this.engine.expiry(slot);
  }

  /** Changes that. */
  setExpiry(slot: number, expiry: number): void {
    this.#dated ||= expiry !== Infinity;
    if (this.engine.set_expiry(slot, expiry) < 0) throw new OutOfMemoryError();
    this.#front.setExpiry(slot, expiry);
  }

  /** The key at a slot: a copy of what is compared by structure, the very objects that are compared by identity. */
  key(slot: number): unknown {
    const kind = this.engine.key(slot) as Kind;
    return decodeKey(kind, pointedAt(), this.#refs?.get(slot) ?? null);
  }

  /** Checks a time to live; `undefined` is the default. */
  lifetime(ttl: unknown): Lifetime {
    return ttl === undefined ? this.settings.lifetime : readTtl(ttl);
  }

  /** When an entry with this lifetime expires, from now. */
  expiryFromNow(lifetime: Lifetime): number {
    return expiryOf(lifetime, typeof lifetime === "number" ? this.#clock.store() : 0);
  }

  /** What an entry weighs. Runs user code. */
  weigh(value: unknown, key: unknown): number {
    const { sizeOf, maxBytes } = this.settings;
    if (!this.#weighs || sizeOf === null) return 0;
    const name = `what sizeOf gives for the key ${show(key)}`;
    const good = (size: number) => Number.isSafeInteger(size) && size >= 0;
    const size = checkNumber(name, "a whole number of bytes, 0 or more", sizeOf(value, key), good);
    if (size > maxBytes) throw new EntryTooLargeError(key, size, maxBytes);
    return size;
  }

  /** Stores. All that runs user code comes first: `lifetime`, `weight` and the placing of the key. */
  set(key: unknown, value: unknown, lifetime: Lifetime, weight: number): number {
    if (typeof key !== "string" && typeof key !== "number") this.#place(key);
    return this.insert(key, value, lifetime, weight);
  }

  /** Stores under a key which, if it is a structure, was placed last, by `find`. */
  insert(key: unknown, value: unknown, lifetime: Lifetime, weight: number): number {
    const engine = this.#alive();
    const now = this.#timeToStore(lifetime);
    const expiry = expiryOf(lifetime, now);
    const actual = this.#actual(key);
    if (this.flights !== null) this.flights.cancel(this.#flightName(actual));
    let answer: number;
    if (typeof actual === "string") {
      const slot = this.#front.findText(actual);
      if (slot >= 0) return this.#replace(slot, value, expiry, weight, now);
      this.#placeText(actual);
      this.#handOver();
      answer = engineSet(engine, Kind.String, this.#length, expiry, weight, now);
    } else if (typeof actual === "number") {
      const slot = this.#front.findNumber(actual);
      if (slot >= 0) return this.#replace(slot, value, expiry, weight, now);
      this.#handOver();
      answer = engineSetNumber(engine, actual, expiry, weight, now);
    } else {
      const refs = this.#placedRefs;
      this.#handOver();
      answer = engineSet(engine, Kind.Structure, this.#length, expiry, weight, now);
      const slot = this.#stored(answer, value, expiry);
      if ((answer & INSERTED) !== 0 && refs !== null) {
        this.#refs ??= new Map();
        this.#refs.set(slot, refs);
      }
      return slot;
    }
    const slot = this.#stored(answer, value, expiry);
    this.#front.keep(actual, slot, expiry);
    return slot;
  }

  /** Stores a new value at a slot from the front table. */
  #replace(slot: number, value: unknown, expiry: number, weight: number, now: number): number {
    if (this.#isPlain && expiry === Infinity && !(this.#dated && this.#front.expiries[slot] !== Infinity)) {
      this.#values[slot] = value;
      if (this.#promised !== null) this.#promised.delete(slot);
      if (this.#tracks) this.#note(slot);
      return slot;
    }
    this.#handOver();
    this.#stored(engineStore(this.#address, slot, expiry, weight, now), value, expiry);
    this.#front.setExpiry(slot, expiry);
    return slot;
  }

  /** Removes an entry. Whether that was possible: a report needs memory. */
  remove(slot: number, reason: Reason): boolean {
    this.#handOver();
    if (engineRemove(this.#alive(), slot, reason) < 0) return false;
    if (this.settings.onRemove !== null) this.#drain(-1);
    else this.#release(slot, false);
    return true;
  }

  /** Moves an entry to the key `to`. */
  rename(slot: number, to: FixedKey): void {
    const now = this.#dated ? this.#clock.store() : 0;
    const expiry = this.engine.expiry(slot);
    this.#handOver();
    let answer: number;
    let refs: readonly unknown[] | null = null;
    if (typeof to === "number") {
      answer = this.engine.rename_number(slot, to, now);
    } else {
      const kind = typeof to === "string" ? this.#placeText(to) : this.#place(to);
      refs = this.#placedRefs;
      answer = this.engine.rename(slot, kind, this.#length, now);
    }
    if (removals() > 0) this.#drain(-1);
    if (answer < 0) throw new OutOfMemoryError();
    this.#front.forget(slot);
    if (typeof to === "string") this.#front.findText(to);
    if (typeof to === "number") this.#front.findNumber(to);
    if (typeof to === "string" || typeof to === "number") this.#front.keep(to, slot, expiry);
    if (refs !== null) {
      this.#refs ??= new Map();
      this.#refs.set(slot, refs);
    } else {
      this.#refs?.delete(slot);
    }
    this.flights?.cancel(this.#flightName(to));
  }

  /** The statistics, where they are counted. */
  stats(): unknown {
    this.engine.miss(this.#misses);
    this.#misses = 0;
    this.#handOver();
    return this.engine.stats();
  }

  /** Counts from 0 again. */
  resetStats(): void {
    this.#handOver();
    this.engine.reset_stats();
    this.#misses = 0;
  }

  /** Removes up to `limit` expired entries, and says how many. */
  purge(limit: number): number {
    if (!this.#dated) return 0;
    this.#handOver();
    const purged = this.engine.purge(this.#clock.store(), limit);
    if (purged < 0) throw new OutOfMemoryError();
    this.#drain(-1);
    return purged;
  }

  /** Removes everything. */
  clear(): void {
    this.#handOver();
    if (this.engine.clear() < 0) throw new OutOfMemoryError();
    this.flights?.clear();
    if (this.settings.onRemove !== null) this.#drain(-1);
    this.#forget();
    this.#dated = false;
  }

  /** Marks the value at a slot as one that came from a promise. */
  markPromised(slot: number): void {
    this.#promised ??= new Set();
    this.#promised.add(slot);
  }

  /** Whether the value at a slot came from a promise. */
  isPromised(slot: number): boolean {
    return this.#promised?.has(slot) ?? false;
  }

  /** The key that `find` placed, in a form that lasts. */
  fixPlaced(key: unknown): FixedKey {
    const actual = this.#actual(key);
    return isFixed(actual) ? actual : new EncodedKey(scratch.slice(0, this.#length), this.#placedRefs);
  }

  /** Lets the promise that `gos` waits for under the key placed last not be stored. */
  cancelFlight(key: unknown): void {
    this.flights?.cancel(this.#flightName(this.#actual(key)));
  }

  /** Ends an operation: the removal events are told. A `failure` of the operation is thrown after that. */
  tell(failure?: Error): void {
    const { onRemove } = this.settings;
    if (this.#events === null || onRemove === null) {
      if (failure !== undefined) throw failure;
      return;
    }
    const events = this.#events;
    this.#events = null;
    tell(events, onRemove, failure);
  }

  /** Puts a structure into scratch; keeps the string or number that a key stands for. Runs user code, and only before anything is changed. */
  #place(key: unknown): Kind {
    if (key instanceof EncodedKey) {
      room(key.bytes.length).set(key.bytes);
      this.#placedBytes(key.bytes.length, key.refs);
      return Kind.Structure;
    }
    const actual = this.#byIdentity ? key : keyOf(key);
    if (typeof actual === "number") {
      this.#primitive = actual;
      return Kind.Number;
    }
    if (typeof actual === "string") {
      this.#primitive = actual;
      return Kind.String;
    }
    const { bytes, length, refs } = encodeStructure(actual, this.#byIdentity);
    const target = room(length);
    for (let i = 0; i < length; i++) target[i] = bytes[i] as number;
    this.#placedBytes(length, refs);
    return Kind.Structure;
  }

  #placeText(text: string): Kind {
    ready();
    const length = writeString(text, scratch);
    this.#length = length < 0 ? writeString(text, room(3 * text.length)) : length;
    this.#placedRefs = null;
    return Kind.String;
  }

  #placedBytes(length: number, refs: readonly unknown[] | null): void {
    this.#primitive = undefined;
    this.#length = length;
    this.#placedRefs = refs;
  }

  #flightName(key: unknown): string | number {
    if (this.flights === null) return "";
    return isFixed(key) ? nameOf(key) : nameOfBytes(scratch, this.#length);
  }

  /** The key placed last: itself, or the string or number that its `poche.key` method gave. */
  #actual(key: unknown): unknown {
    return typeof key === "string" || typeof key === "number" ? key : (this.#primitive ?? key);
  }

  #isLive(expiry: number): boolean {
    return expiry === Infinity || expiry > this.#clock.lookup();
  }

  #timeToStore(lifetime: Lifetime): number {
    const relative = typeof lifetime === "number" && lifetime !== Infinity;
    return relative || (this.#dated && this.#datesSets) ? this.#clock.store() : 0;
  }

  /** Takes the engine's answer to storing: the removals first, since a slot may be in use again. */
  #stored(answer: number, value: unknown, expiry: number): number {
    if (answer < 0) {
      // Room may have been made already.
      if (removals() > 0) this.#drain(-1);
      const failure = new OutOfMemoryError();
      this.tell(failure);
      throw failure;
    }
    const slot = answer & SLOT;
    // A replaced value leaves the entry's key where it is.
    if ((answer & REMOVED) !== 0) this.#drain((answer & INSERTED) === 0 ? slot : -1);
    this.#values[slot] = value;
    if (this.#promised !== null) this.#promised.delete(slot);
    if (expiry !== Infinity) this.#dated = true;
    return slot;
  }

  /** Processes the removals that the last call reports. */
  #drain(kept: number): void {
    const listens = this.settings.onRemove !== null;
    for (let place = 0, count = removals(); place < count; place++) {
      const slot = removedSlot(place);
      if (listens) this.#record(place, slot);
      this.#release(slot, slot === kept);
    }
  }

  /** Lets go of what was held for a slot. */
  #release(slot: number, keepsKey: boolean): void {
    this.#values[slot] = undefined;
    if (!keepsKey) this.#front.forget(slot);
    if (this.#promised !== null) this.#promised.delete(slot);
    if (this.#refs !== null && !keepsKey) this.#refs.delete(slot);
  }

  #record(place: number, slot: number): void {
    const kind = this.engine.removed_key(place) as Kind;
    const bytes = pointedAt().slice();
    const refs = this.#refs?.get(slot) ?? null;
    const reason = REASONS[removedReason(place)] ?? "deleted";
    this.#events ??= [];
    this.#events.push({ key: () => decodeKey(kind, bytes, refs), value: this.#values[slot], reason });
  }

  #forget(): void {
    this.#front = new Front();
    this.#expiry = Infinity;
    this.#values = [];
    this.#refs = null;
    this.#promised = null;
  }
}

function freed(): never {
  throw new FreedError();
}
