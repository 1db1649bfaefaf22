// The store of a cache: from keys to the engine's slots, from slots to values held by reference.
//
// There is one place where a key becomes a slot (`find`), one where a hit is recorded (`lookup`), one where the
// engine's answer to storing is taken (`#stored`), and one where a slot is given up (`#release`).
//
// User code runs only before a key has been placed in scratch, or after the operation, in `tell`. Between, the
// engine's answer is read at once, so nothing that user code does can come between a call and its answer.
import * as border from "../../target/wasm-pack/poche.js";
import { type Clock, clockFor } from "./clock.js";
import { checkNumber, EntryTooLargeError, FreedError, OutOfMemoryError } from "./errors.js";
import { type FixedKey, nameOf } from "./fixed-key.js";
import { decodeKey, Kind } from "./keys/index.js";
import type { Erasures } from "./memoize/erasures.js";
import type { Settings } from "./options.js";
import type { Flights } from "./pending.js";
import {
  actualKey,
  kindOf,
  nameOfPlaced,
  placeArguments,
  placedLength,
  placedRefs,
  placeKey,
  placeList,
} from "./placed-key.js";
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
  removals,
  removedReason,
  removedSlot,
  SLOT,
  statusNumber,
} from "./wasm.js";

export class Store {
  readonly settings: Settings;
  /** The promises that `gos` waits for; `null` until there is one. */
  flights: Flights | null = null;
  /** What was deleted while memoized functions may have been running; `null` without such functions. */
  erasures: Erasures | null = null;
  /** Counts the changes after which what was known of a slot may be wrong: all but new entries. */
  epoch = 0;
  /** What keeps the engine alive; `null` after `free`. */
  #engine: Engine | null;
  #address: number;
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
  }

  /** Where the engine is, for the border's operations; throws after `free`. */
  get address(): number {
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
    this.flights?.clear();
  }

  /**
   * The slot of a key, with `EXPIRES` if the entry does (its expiration is then `statusNumber()`), or -1. Changes
   * nothing. The key stays placed, for `insert` and `cancelFlight`, until user code runs.
   */
  find(key: unknown): number {
    if (typeof key === "number") return border.find_number(this.address, key);
    const kind = placeKey(key, this.#byIdentity);
    return kind === Kind.Number
      ? border.find_number(this.address, actualKey(key) as number)
      : border.find(this.address, kind, placedLength);
  }

  /** The slot of what `get` would find, or -1. Changes and counts nothing. */
  peek(key: unknown): number {
    const found = this.find(key);
    return found < EXPIRES ? found : this.#hasExpired() ? -1 : found & SLOT;
  }

  /** The same as a lookup that counts, and that removes what has expired. */
  lookup(key: unknown): number {
    return this.take(this.find(key));
  }

  /** What `lookup` makes of what `find` or `findPlaced` gave just now. */
  take(found: number): number {
    const live = found < EXPIRES ? found : this.#hasExpired() ? -1 : found & SLOT;
    if (live >= 0) {
      this.hit(live);
    } else {
      this.miss();
      // Where there is no memory for the report, the entry stays: expired as before.
      if (found >= 0) this.remove(found & SLOT, Reason.Expired);
    }
    return live;
  }

  /**
   * Places the list of one or two primitive arguments as a key, allocating nothing; `false` where `placeList` has to
   * do it. Runs no user code.
   */
  placeArguments(count: number, first: unknown, second: unknown): boolean {
    return placeArguments(count, first, second);
  }

  /** Places a list of arguments as a key: the list itself by value, what is in it as the cache compares keys. */
  placeList(list: readonly unknown[]): void {
    placeList(list, this.#byIdentity);
  }

  /** The same as `find`, of the list that was placed last. */
  findPlaced(): number {
    return border.find(this.address, Kind.Structure, placedLength);
  }

  /** The slot of a live entry that `findPlaced` found just now, taken note of as a hit, or -1. */
  takeLive(found: number): number {
    if (found < 0 || (found >= EXPIRES && this.#hasExpired())) return -1;
    this.hit(found & SLOT);
    return found & SLOT;
  }

  /** Takes note of a lookup that hit. */
  hit(slot: number): void {
    if (this.#tracks) border.hit(this.address, slot);
  }

  /** Whether a time has come, for a lookup. */
  isPast(expiry: number): boolean {
    return this.#clock.isPast(expiry);
  }

  /** Whether the entry that was found just now has expired, but less than `grace` milliseconds ago. */
  isStale(found: number, grace: number): boolean {
    if (found < EXPIRES) return false;
    const since = this.#clock.lookup() - statusNumber();
    return since >= 0 && since < grace;
  }

  /** Takes note of a lookup that missed. */
  miss(): void {
    if (this.#tracks) border.miss(this.address, 1);
  }

  /** What is stored at a slot. */
  value(slot: number): unknown {
    return this.#values[slot];
  }

  /** When the entry at a slot expires, in milliseconds since the epoch; `Infinity`: never. */
  expiry(slot: number): number {
    return border.expiry(this.address, slot);
  }

  /** Changes that. */
  setExpiry(slot: number, expiry: number): void {
    this.#dated ||= expiry !== Infinity;
    this.epoch++;
    if (border.set_expiry(this.address, slot, expiry) < 0) throw new OutOfMemoryError();
  }

  /** The key at a slot: a copy of what is compared by structure, the very objects that are compared by identity. */
  key(slot: number): unknown {
    const kind = border.key(this.address, slot) as Kind;
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
    if (typeof key !== "number") placeKey(key, this.#byIdentity);
    return this.insert(key, value, lifetime, weight);
  }

  /** Stores under the key that was placed last, by `find`. */
  insert(key: unknown, value: unknown, lifetime: Lifetime, weight: number): number {
    const { address } = this;
    const now = this.#timeToStore(lifetime);
    const expiry = expiryOf(lifetime, now);
    const actual = actualKey(key);
    const numeric = typeof actual === "number";
    const refs = numeric ? null : placedRefs;
    const name = this.flights === null ? "" : nameOfPlaced(actual);
    const answer = numeric
      ? border.set_number(address, actual, expiry, weight, now)
      : border.set(address, kindOf(actual), placedLength, expiry, weight, now);
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
    const removed = border.remove(this.address, slot, reason) >= 0;
    if (removed) this.#drain(-1);
    return removed;
  }

  /** Moves an entry to the key `to`. */
  rename(slot: number, to: FixedKey): void {
    const now = this.#dated ? this.#clock.store() : 0;
    this.epoch++;
    let answer: number;
    let refs: readonly unknown[] | null = null;
    if (typeof to === "number") {
      answer = border.rename_number(this.address, slot, to, now);
    } else {
      const kind = placeKey(to, this.#byIdentity);
      refs = placedRefs;
      answer = border.rename(this.address, slot, kind, placedLength, now);
    }
    if (removals() > 0) this.#drain(-1);
    if (answer < 0) throw new OutOfMemoryError();
    if (refs !== null) {
      this.#refs ??= new Map();
      this.#refs.set(slot, refs);
    } else {
      this.#refs?.delete(slot);
    }
    this.flights?.cancel(nameOf(to));
  }

  /** Removes up to `limit` expired entries, and says how many. */
  purge(limit: number): number {
    if (!this.#dated) return 0;
    const purged = border.purge(this.address, this.#clock.store(), limit);
    if (purged < 0) throw new OutOfMemoryError();
    this.#drain(-1);
    return purged;
  }

  /** Removes everything. */
  clear(): void {
    if (border.clear(this.address) < 0) throw new OutOfMemoryError();
    this.flights?.clear();
    this.erasures?.noteAll();
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

  /** Lets the promise that `gos` waits for under the key placed last not be stored. */
  cancelFlight(key: unknown): void {
    const name = this.placedName(key);
    this.flights?.cancel(name);
    this.erasures?.note(name);
  }

  /** The name, for flights and erasures, of the key placed last; "" where nobody asks for names. */
  placedName(key: unknown): string | number {
    return this.flights === null && this.erasures === null ? "" : nameOfPlaced(actualKey(key));
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

  #hasExpired(): boolean {
    return this.#clock.isPast(statusNumber());
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
    if ((answer & INSERTED) === 0) this.epoch++;
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
    this.epoch++;
    this.#values[slot] = undefined;
    if (this.#promised !== null) this.#promised.delete(slot);
    if (this.#refs !== null && !keepsKey) this.#refs.delete(slot);
  }

  #note(place: number, slot: number): void {
    const kind = border.removed_key(this.address, place) as Kind;
    const bytes = pointedAt().slice();
    const refs = this.#refs?.get(slot) ?? null;
    const reason = REASONS[removedReason(place)] ?? "deleted";
    this.#events ??= [];
    this.#events.push({ key: () => decodeKey(kind, bytes, refs), value: this.#values[slot], reason });
  }

  #forget(): void {
    this.epoch++;
    this.#values = [];
    this.#refs = null;
    this.#promised = null;
  }
}

function freed(): never {
  throw new FreedError();
}
