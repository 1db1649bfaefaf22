// The store of a cache: from keys to the engine's slots, from slots to values held by reference.
//
// There is one place where a key becomes a slot (`find`), one where a hit is recorded (`lookup`), one where the
// engine's answer to storing is taken (`#stored`), and one where a slot is given up (`#release`).
//
// User code runs only before a key has been placed in scratch, or after the operation, in `tell`. Between, the
// engine's answer is read at once, so nothing that user code does can come between a call and its answer.
import { type Clock, clockFor } from "./clock.js";
import { checkNumber, EntryTooLargeError, FreedError, OutOfMemoryError } from "./errors.js";
import { EncodedKey, type FixedKey, isFixed, nameOf, nameOfBytes } from "./fixed-key.js";
import { decodeKey, encodeStructure, Kind, keyOf, writeString } from "./keys/index.js";
import type { Settings } from "./options.js";
import type { Flights } from "./pending.js";
import { REASONS, type RemovalEvent, tell } from "./removal.js";
import { show } from "./show.js";
import { expiryOf, type Lifetime, readTtl } from "./ttl.js";
import {
  type Engine,
  EXPIRES,
  Flag,
  INSERTED,
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
  }

  /** The engine; throws after `free`. */
  get engine(): Engine {
    return this.#engine ?? freed();
  }

  get freed(): boolean {
    return this.#engine === null;
  }

  /** Gives back the memory. */
  free(): void {
    this.#engine?.free();
    this.#engine = null;
    this.#forget();
    this.flights?.clear();
  }

  /**
   * The slot of a key, with `EXPIRES` if the entry does (its expiration is then `statusNumber()`), or -1. Changes
   * nothing. The key stays placed, for `insert`, `rename` and `fixPlaced`, until user code runs.
   */
  find(key: unknown): number {
    if (typeof key === "number") return (this.#engine ?? freed()).find_number(key);
    const kind = this.#place(key);
    const engine = this.#engine ?? freed();
    return kind === Kind.Number ? engine.find_number(this.#primitive as number) : engine.find(kind, this.#length);
  }

  /** The slot of what `get` would find, or -1. Changes and counts nothing. */
  peek(key: unknown): number {
    const found = this.find(key);
    return found < EXPIRES ? found : this.#hasExpired() ? -1 : found & SLOT;
  }

  /** The same as a lookup that counts, and that removes what has expired. */
  lookup(key: unknown): number {
    const found = this.find(key);
    const live = found < EXPIRES ? found : this.#hasExpired() ? -1 : found & SLOT;
    if (live >= 0) {
      // All that takes note of a hit.
      if (this.#tracks) this.engine.hit(live);
    } else {
      if (this.#tracks) this.engine.miss(1);
      // Where there is no memory for the report, the entry stays: expired as before.
      if (found >= 0) this.remove(found & SLOT, Reason.Expired);
    }
    return live;
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
    if (typeof key !== "number") this.#place(key);
    return this.insert(key, value, lifetime, weight);
  }

  /** Stores under the key that was placed last, by `find`. */
  insert(key: unknown, value: unknown, lifetime: Lifetime, weight: number): number {
    const engine = this.#engine ?? freed();
    const now = this.#timeToStore(lifetime);
    const expiry = expiryOf(lifetime, now);
    const actual = this.#actual(key);
    const numeric = typeof actual === "number";
    const refs = numeric ? null : this.#placedRefs;
    const name = this.#flightName(actual);
    const answer = numeric
      ? engine.set_number(actual, expiry, weight, now)
      : engine.set(kindOf(actual), this.#length, expiry, weight, now);
    const slot = this.#stored(answer, value, expiry);
    if ((answer & INSERTED) !== 0 && refs !== null) {
      this.#refs ??= new Map();
      this.#refs.set(slot, refs);
    }
    this.flights?.cancel(name);
    return slot;
  }

  /** Removes an entry. Whether that was possible: a report needs memory. */
  remove(slot: number, reason: Reason): boolean {
    const removed = this.engine.remove(slot, reason) >= 0;
    if (removed) this.#drain(-1);
    return removed;
  }

  /** Moves an entry to the key `to`. */
  rename(slot: number, to: FixedKey): void {
    const now = this.#dated ? this.#clock.store() : 0;
    let answer: number;
    let refs: readonly unknown[] | null = null;
    if (typeof to === "number") {
      answer = this.engine.rename_number(slot, to, now);
    } else {
      const kind = this.#place(to);
      refs = this.#placedRefs;
      answer = this.engine.rename(slot, kind, this.#length, now);
    }
    if (removals() > 0) this.#drain(-1);
    if (answer < 0) throw new OutOfMemoryError();
    if (refs !== null) {
      this.#refs ??= new Map();
      this.#refs.set(slot, refs);
    } else {
      this.#refs?.delete(slot);
    }
    this.flights?.cancel(this.#flightName(to));
  }

  /** Removes up to `limit` expired entries, and says how many. */
  purge(limit: number): number {
    if (!this.#dated) return 0;
    const purged = this.engine.purge(this.#clock.store(), limit);
    if (purged < 0) throw new OutOfMemoryError();
    this.#drain(-1);
    return purged;
  }

  /** Removes everything. */
  clear(): void {
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

  /** Puts a key that is no number into scratch. Runs user code, and only before anything is changed. */
  #place(key: unknown): Kind {
    if (typeof key === "string") return this.#placeText(key);
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
      return this.#placeText(actual);
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

  #hasExpired(): boolean {
    return statusNumber() <= this.#clock.lookup();
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
    this.#promised?.delete(slot);
    if (expiry !== Infinity) this.#dated = true;
    return slot;
  }

  /** Processes the removals that the last call reports. */
  #drain(kept: number): void {
    const listens = this.settings.onRemove !== null;
    for (let place = 0, count = removals(); place < count; place++) {
      const slot = removedSlot(place);
      if (listens) this.#note(place, slot);
      this.#release(slot, slot === kept);
    }
  }

  /** Lets go of what was held for a slot. */
  #release(slot: number, keepsKey: boolean): void {
    this.#values[slot] = undefined;
    if (this.#promised !== null) this.#promised.delete(slot);
    if (this.#refs !== null && !keepsKey) this.#refs.delete(slot);
  }

  #note(place: number, slot: number): void {
    const kind = this.engine.removed_key(place) as Kind;
    const bytes = pointedAt().slice();
    const refs = this.#refs?.get(slot) ?? null;
    const reason = REASONS[removedReason(place)] ?? "deleted";
    this.#events ??= [];
    this.#events.push({ key: () => decodeKey(kind, bytes, refs), value: this.#values[slot], reason });
  }

  #forget(): void {
    this.#values = [];
    this.#refs = null;
    this.#promised = null;
  }
}

function kindOf(key: unknown): Kind {
  return typeof key === "string" ? Kind.String : Kind.Structure;
}

function freed(): never {
  throw new FreedError();
}
