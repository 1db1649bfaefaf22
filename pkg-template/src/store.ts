// The store of a cache: from keys to the engine's slots, from slots to values held by reference.
//
// There is one place where a key becomes a slot (`find`), one where a hit is recorded (`lookup`), one where the
// engine's answer to storing is taken (`#stored`), and one where a slot is given up (`#release`). Strings and numbers
// are looked for in the front table first, which hears of all that is stored and given up.
//
// User code runs only before a key has been placed in scratch, or after the operation, in `tell`. Between, the
// engine's answer is read at once, so nothing that user code does can come between a call and its answer.
import * as border from "../../target/wasm-pack/poche.js";
import { type Clock, clockFor } from "./clock.js";
import { checkNumber, EntryTooLargeError, FreedError, OutOfMemoryError } from "./errors.js";
import { EncodedKey, type FixedKey, nameOf } from "./fixed-key.js";
import { FLAT, Found, Front } from "./front.js";
import { isNear } from "./growth.js";
import { Hits } from "./hits.js";
import {
  decodeKey,
  type Flat,
  flat,
  flatCount,
  flatten,
  hashAll,
  hashKey,
  isObject,
  Kind,
  numberOf,
  restore,
  unflatten,
} from "./keys/index.js";
import type { Erasures } from "./memoize/erasures.js";
import type { Settings } from "./options.js";
import type { Flights } from "./pending.js";
import {
  actualKey,
  askIdentity,
  fixPlaced,
  forgetKnown,
  isIdentity,
  isKnownIdentity,
  isPlacedFlat,
  NONE,
  nameOfPlaced,
  placedIdentity,
  placedLength,
  placedRefs,
  placeFixed,
  placeFlat,
  placeIdentity,
  placeList,
  placeOther,
  placeText,
  restoreFixed,
} from "./placed-key.js";
import { Recent } from "./recent.js";
import { REASONS, type RemovalEvent, tell } from "./removal.js";
import { show } from "./show.js";
import { expiryOf, type Lifetime, readTtl } from "./ttl.js";
import { Copies, checkWeight, place } from "./values/copies.js";
import type { Encoded } from "./values/encode.js";
import {
  type Engine,
  Flag,
  makeEngine,
  pointedAt,
  prepareEngine,
  Reason,
  removals,
  removedReason,
  removedSlot,
  Said,
  statusNumber,
} from "./wasm.js";
import { WriteBehind } from "./write-behind.js";

/** How many keys leave the front table at once. */
const GIVEN = 32;

/** What an entry weighs, or the bytes of its value, by which the engine weighs it. */
export type Weight = number | Encoded;

export class Store {
  readonly settings: Settings;
  /** The promises that `gos` waits for; `null` until there is one. */
  flights: Flights | null = null;
  /** What was deleted while memoized functions may have been running; `null` without such functions. */
  erasures: Erasures | null = null;
  /** What keeps the engine alive; `null` until it is needed, and after `free`. */
  #engine: Engine | null = null;
  #address = 0;
  /** What the engine does besides keeping keys. */
  readonly #flags: number;
  freed = false;
  readonly #hits: Hits;
  readonly #behind: WriteBehind;
  #misses = 0;
  #front: Front;
  readonly recent: Recent;
  #expiry = Infinity;
  /** By slot. */
  #values = newValues();
  /** What encodes and decodes values held by copy; `#values` is empty then. */
  readonly copies: Copies | null;
  /** What keys hold by identity, by slot. */
  #refs: Map<number, readonly unknown[]> | null = null;
  /** Whether anybody else wants to know when the value at a slot is another one. */
  #isWatched = false;
  /** The structure that was found last by `lookupArguments`, if it was found twice in a row; and its slot. */
  #again: Flat | undefined;
  #before = -1;
  /** The slots whose values came from promises. */
  #promised: Set<number> | null = null;
  #events: RemovalEvent[] | null = null;
  /** Whether anything that expires was ever stored; until then nothing needs the clock. */
  #dated = false;
  /** Whether a lookup need not be counted, no entry expires, and no value is copied or came from a promise. */
  isSteady: boolean;
  /** No entry of the front table expires before this time. */
  #earliest = Infinity;
  /** How many lookups came after it, since it was found. */
  #late = 0;
  readonly #byIdentity: boolean;
  /** Whether the engine wants to know of hits and misses. */
  readonly #tracks: boolean;
  readonly #weighs: boolean;
  /** Whether the policy wants to know the hashes of keys. */
  readonly #counts: boolean;
  /** Whether it matters to `set` what has expired. */
  readonly #datesSets: boolean;
  readonly #clock: Clock;
  /** Whether a new value for an entry that never expires is nothing but a hit to the engine. */
  readonly #isPlain: boolean;
  /** Whether that is all there is to it, values being held by reference, and nobody is to be told. */
  readonly #isShort: boolean;
  /** The same by default; and the default time to live then. */
  readonly #isPlainest: boolean;
  readonly #lifetime: number;
  /** Whether that ends. */
  readonly #datesAll: boolean;
  /** Whether strings and numbers may be stored before the engine knows. */
  readonly #isBehind: boolean;
  /** Whether somebody is to be told of removals. */
  readonly #listens: boolean;

  constructor(settings: Settings) {
    this.settings = settings;
    const { maxEntries, maxBytes, stats, onRemove, clockResolution } = settings;
    const bounded = maxEntries !== Infinity || maxBytes !== Infinity;
    this.#tracks = bounded || stats;
    this.#listens = onRemove !== null;
    this.#counts = bounded && !settings.lru;
    this.#datesSets = this.#tracks || this.#listens;
    this.#byIdentity = settings.byIdentity;
    this.#weighs = maxBytes !== Infinity;
    this.#clock = clockFor(clockResolution);
    this.copies = settings.byCopy ? new Copies() : null;
    this.isSteady = !this.#tracks && !settings.byCopy;
    this.#front = new Front(settings.byCopy, maxEntries);
    this.recent = new Recent(settings.byCopy);
    this.#flags =
      (settings.byCopy ? Flag.KeepValues : 0) |
      (stats ? Flag.Statistics : 0) |
      (onRemove === null ? 0 : Flag.ReportKeys) |
      (settings.purgeEvery === Infinity ? 0 : Flag.IndexExpiries);
    this.#hits = new Hits(this, settings.lru, bounded && !stats);
    this.#behind = new WriteBehind(this, this.#hits, this.#counts);
    this.#isPlain = !stats && !this.#weighs;
    this.#isBehind = this.#isPlain && !settings.byCopy;
    // A cache may never need one: as long as there is room, entries can do without.
    if (this.#isBehind) prepareEngine();
    else this.#start();
    this.#isShort = this.#isBehind && !this.#listens;
    this.#isPlainest = this.#isShort && typeof settings.lifetime === "number";
    this.#lifetime = this.#isPlainest ? (settings.lifetime as number) : Infinity;
    this.#datesAll = this.#lifetime !== Infinity;
  }

  /** Whether any key holds something by identity. */
  get holdsReferences(): boolean {
    return this.#front.hasIdentities || (this.#refs !== null && this.#refs.size > 0);
  }

  /** Where the engine is, for the border's operations, and has all that is stored; throws after `free`. */
  get address(): number {
    this.#behind.close();
    return this.known;
  }

  /** The same for operations to which entries of strings and numbers do not matter. */
  get known(): number {
    return this.#address === 0 ? this.#start() : this.#address;
  }

  /** How many entries there may be. */
  get bound(): number {
    return this.settings.maxEntries;
  }

  /** For the policy, a hash of the key at a slot; 0 where the engine is given the key itself. */
  hashAt(slot: number): number {
    const structure = this.#front.flatAt(slot);
    if (structure !== undefined) return hashAll(structure, structure.length);
    const key = this.keptKey(slot);
    return key === undefined ? 0 : hashOf(key);
  }

  /** When an entry expires that the engine may not have. */
  expiryAt(slot: number): number {
    return this.#front.expiry(slot);
  }

  /** What is placed in memory must not move while the engine is made for it. */
  #prepareToPlace(): void {
    if (this.#address === 0 && !this.freed) this.#start();
  }

  #start(): number {
    if (this.freed) throw new FreedError();
    const { maxEntries, maxBytes, lru } = this.settings;
    const bounded = maxEntries !== Infinity || maxBytes !== Infinity;
    this.#engine = makeEngine(maxEntries, maxBytes, bounded ? (lru ? 1 : 2) : 0, this.#flags);
    this.#address = this.#engine.address();
    return this.#address;
  }

  /** How many entries are stored. */
  get size(): number {
    if (this.freed) throw new FreedError();
    return (this.#address === 0 ? 0 : border.len(this.#address)) + this.#behind.more;
  }

  /** Gives back the memory. */
  free(): void {
    this.#engine?.free();
    this.#engine = null;
    this.freed = true;
    this.#address = 0;
    this.#behind.forget();
    this.#forget();
    // An empty table would know that nothing is stored.
    this.#front.switchOff();
    this.flights?.clear();
  }

  /** When the entry that was found last with `Said.Expires` expires, in milliseconds since the epoch. */
  get metExpiry(): number {
    return this.#expiry;
  }

  /**
   * The slot of a key, with `Said.Expires` if the entry does (its expiration is then `metExpiry`), or -1. Changes nothing.
   * A structure stays placed, for `insert` and `cancelFlight`, until user code runs.
   */
  find(key: unknown): number {
    if (typeof key === "string") return this.#findText(key);
    if (typeof key === "number") return this.#findNumber(key);
    const kind = this.#place(key);
    if (kind === Kind.Structure) return this.findPlaced();
    const actual = actualKey(key);
    return typeof actual === "number" ? this.#findNumber(actual) : this.#findText(actual as string);
  }

  #findText(key: string): number {
    const slot = this.#front.findText(key);
    if (slot >= 0) return this.#seen(slot);
    if (slot === Found.Absent) return slot;
    placeText(key);
    return this.#met(border.find(this.known, Kind.String, placedLength()));
  }

  #findNumber(key: number): number {
    const slot = this.#front.findNumber(key);
    if (slot >= 0) return this.#seen(slot);
    if (slot === Found.Absent) return slot;
    return this.#met(border.find_number(this.known, key));
  }

  /** The slot of any key that the front table may have; or `Found.Absent` or `Found.Unknown`. */
  #frontFind(key: unknown): number {
    return typeof key === "string" ? this.#front.findText(key) : this.#frontOther(key);
  }

  /** The same of a key that is no string. */
  #frontOther(key: unknown): number {
    return typeof key === "number" ? this.#front.findNumber(key) : this.#frontStructure(key);
  }

  /** The same of a key that is neither string nor number. May run user code. */
  #frontStructure(key: unknown): number {
    if (this.#byIdentity || typeof key === "symbol") {
      const slot = this.#front.findIdentity(key);
      // What is not compared by identity is not found here, and to ask what it is takes as long as all the rest.
      return slot >= 0 || isIdentity(key, this.#byIdentity) ? slot : Found.Unknown;
    }
    if (!this.#front.isOn) return Found.Unknown;
    if (!flatten(key)) {
      if (askIdentity(key)) return this.#front.findIdentity(key);
      if (!restoreFixed(key)) return Found.Unknown;
    }
    forgetKnown();
    return this.#front.findFlat();
  }

  /** What the front table is given for a key that it does not have. */
  #frontKey(key: unknown): unknown {
    return typeof key === "string" || typeof key === "number" ? key : this.#otherFrontKey(key);
  }

  #otherFrontKey(key: unknown): unknown {
    return isKnownIdentity(key, this.#byIdentity) ? key : FLAT;
  }

  /** Takes a slot from the front table. */
  #seen(slot: number): number {
    if (!this.#dated) return slot;
    this.#expiry = this.#front.expiry(slot);
    return this.#expiry === Infinity ? slot : slot | Said.Expires;
  }

  /** Takes the engine's answer to a lookup. */
  #met(found: number): number {
    this.#expiry = found >= Said.Expires ? statusNumber() : Infinity;
    return found;
  }

  /** The same as `find`, but a key that the front table may have is not placed. */
  seek(key: unknown): number {
    const slot = this.#frontFind(key);
    return slot === Found.Unknown ? this.find(key) : slot < 0 ? slot : this.#seen(slot);
  }

  /** The slot of what `get` would find, or -1. Changes and counts nothing. */
  peek(key: unknown): number {
    const found = this.seek(key);
    return found < Said.Expires ? found : this.#hasExpired() ? -1 : found & Said.Slot;
  }

  /** The same as a lookup that counts, and that removes what has expired. */
  lookup(key: unknown): number {
    // What `find` and `take` do, and `#frontFind`, for the most frequent cases in the fewest bytes of bytecode.
    const slot = typeof key === "string" ? this.#front.findText(key) : this.#frontOther(key);
    // `=== true`, since V8 asks of a value that is not compared what it is.
    if (slot >= 0 && (this.#dated !== true || !this.#clock.isPast(this.#earliest) || this.#isLive(slot))) {
      if (this.#tracks === true) this.#hits.note(slot);
      return slot;
    }
    return this.#lookupMissing(key, slot);
  }

  /** The same of a key of which the front table gave `slot`, and that is not there or has expired. */
  #lookupMissing(key: unknown, slot: number): number {
    if (slot !== Found.Absent || (typeof key !== "string" && typeof key !== "number")) {
      return this.#lookupOther(key, slot);
    }
    this.#misses++;
    return slot;
  }

  /** The same of a key of which the front table gave `slot`, where that is not all. */
  #lookupOther(key: unknown, slot: number): number {
    // What is no string or number has to be placed for `gos`, which stores under the key that was looked up.
    if (slot === Found.Absent) {
      if (isKnownIdentity(key, this.#byIdentity)) placeIdentity(key);
      else placeFlat();
      this.#misses++;
      return slot;
    }
    if (typeof key === "string") return this.#lookupText(key);
    if (slot !== Found.Unknown || this.#byIdentity || typeof key !== "object" || !flatten(key))
      return this.take(this.find(key));
    const seen = this.#findRecent();
    if (seen >= 0) return seen;
    placeFlat();
    return this.#noteRecent(this.take(this.findPlaced()));
  }

  /** The same of a string that the front table does not know of. */
  #lookupText(key: string): number {
    const { texts } = this.recent;
    if (texts === null) return this.take(this.#findText(key));
    const recent = texts.find(key);
    if (recent !== undefined && (recent.expiry === Infinity || !this.isPast(recent.expiry)))
      return this.hit(recent.slot);
    const slot = this.take(this.#findText(key));
    if (slot >= 0) texts.note(key, slot, this.#expiry);
    return slot;
  }

  /** The slot of a live entry whose key, made flat last, is among the recent ones, taken note of as a hit; or -1. */
  #findRecent(): number {
    const place = this.recent.find();
    if (place < 0 || (this.#dated && !this.#isLiveAt(this.recent.expiries, place))) return -1;
    return this.hit(this.recent.slot(place));
  }

  /** Puts that key among the recent ones, if it was found in the engine just now. */
  #noteRecent(slot: number): number {
    if (slot >= 0) this.recent.note(slot, this.#expiry);
    return slot;
  }

  /**
   * The slot of a live entry under the list of one string or number, taken note of as a hit, or -1. Removes and counts
   * nothing else, and allocates nothing.
   */
  lookupOne(argument: string | number): number {
    const { ones } = this.recent;
    const slot = typeof argument === "number" ? ones.findNumber(argument) : ones.findText(argument);
    // The most frequent case is kept small, so that V8 puts it where it is called.
    return slot >= 0 && this.isSteady ? slot : this.#lookupOne(argument, slot);
  }

  #lookupOne(argument: string | number, slot: number): number {
    const { ones } = this.recent;
    if (slot >= 0) return this.#isLiveAt(ones.expiries, slot) ? this.hit(slot) : -1;
    if (!flatten(argument, 1)) return -1;
    const found = this.#takePlaced();
    if (found >= 0) this.recent.keepOne(argument, found, this.#dated ? this.#expiry : Infinity);
    return found;
  }

  /** The same of the list of one or two arguments. Allocates nothing for primitives. */
  lookupArguments(length: number, first: unknown, second: unknown): number {
    const again = this.#again;
    const before = this.#before;
    if (again !== undefined && flatten(first, length, second, again) && again === this.#front.flatAt(before)) {
      return this.#hitLive(before);
    }
    if (this.#byIdentity && (isObject(first) || isObject(second))) return -1;
    if (!flatten(first, length, second)) return -1;
    const slot = this.#front.findFlat();
    if (slot === Found.Absent) return -1;
    if (slot < 0) {
      const seen = this.#findRecent();
      return seen >= 0 ? seen : this.#noteRecent(this.#takePlaced());
    }
    this.#again = slot === before ? this.#front.flatAt(slot) : undefined;
    this.#before = slot;
    return this.#hitLive(slot);
  }

  #hitLive(slot: number): number {
    return !this.#dated || this.#isLiveAt(this.#front.expiries, slot) ? this.hit(slot) : -1;
  }

  /** What `lookup` makes of what `find` or `findPlaced` gave just now. */
  take(found: number): number {
    const live = found < Said.Expires ? found : this.#hasExpired() ? -1 : found & Said.Slot;
    if (live >= 0) {
      this.hit(live);
    } else {
      this.miss();
      // Where there is no memory for the report, the entry stays: expired as before.
      if (found >= 0) this.remove(found & Said.Slot, Reason.Expired);
    }
    return live;
  }

  /** Places a list of arguments as a key: the list itself by value, what is in it as the cache compares keys. */
  placeList(list: readonly unknown[]): void {
    if (!this.#byIdentity && flatten(list)) {
      placeFlat();
      return;
    }
    this.#prepareToPlace();
    placeList(list, this.#byIdentity);
  }

  /** Places a key. Runs user code. */
  #place(key: unknown): Kind {
    if (!this.#byIdentity && flatten(key)) return placeFlat();
    this.#prepareToPlace();
    return placeOther(key, this.#byIdentity);
  }

  /** The same as `find`, of the structure that was placed last. */
  findPlaced(): number {
    const slot = this.#frontPlaced();
    if (slot !== Found.Unknown) return slot < 0 ? slot : this.#seen(slot);
    return this.#met(border.find(this.known, Kind.Structure, placedLength()));
  }

  /** What the front table has of it. */
  #frontPlaced(): number {
    if (placedIdentity !== NONE) return this.#front.findIdentity(placedIdentity);
    return this.#front.isOn && isPlacedFlat() ? this.#front.findFlat() : Found.Unknown;
  }

  /** The slot of the live entry under the key that was made flat last, taken note of as a hit, or -1. */
  #takePlaced(): number {
    if (this.freed) return -1;
    placeFlat();
    const found = this.findPlaced();
    return found < 0 || (found >= Said.Expires && this.#hasExpired()) ? -1 : this.hit(found & Said.Slot);
  }

  /** Takes note of a lookup that hit; gives the slot. */
  hit(slot: number): number {
    if (this.#tracks) this.#hits.note(slot);
    return slot;
  }

  /** What was seen of the engine's stamps or marks is not to be used any more: it has stored entries by itself. */
  forgetBoard(): void {
    this.#hits.forget();
  }

  /** Lets the engine take note of all hits. */
  settle(): void {
    if (this.freed) throw new FreedError();
    this.#hits.settle();
  }

  /** Whether a time has come, for a lookup. */
  isPast(expiry: number): boolean {
    return this.#clock.isPast(expiry);
  }

  /** Whether the entry that was found just now has expired, but less than `grace` milliseconds ago. */
  isStale(found: number, grace: number): boolean {
    if (found < Said.Expires) return false;
    const since = this.#clock.lookup() - this.#expiry;
    return since >= 0 && since < grace;
  }

  /** Takes note of a lookup that missed. */
  miss(): void {
    this.#misses++;
  }

  /** What is stored at a slot. */
  value(slot: number): unknown {
    return this.copies === null ? this.#values[slot] : this.#copy(slot);
  }

  #copy(slot: number): unknown {
    return this.copies?.at(this.address, slot);
  }

  /** When the entry at a slot expires, in milliseconds since the epoch; `Infinity`: never. */
  expiry(slot: number): number {
    return this.#front.has(slot) ? this.#front.expiry(slot) : border.expiry(this.address, slot);
  }

  /** Changes that. */
  setExpiry(slot: number, expiry: number): void {
    this.recent.forget(slot);
    this.#setExpiry(slot, expiry);
  }

  #setExpiry(slot: number, expiry: number): void {
    const front = this.#front;
    const isBehind = front.has(slot) && this.#behind.renew(slot, front.expiry(slot), expiry);
    if (!isBehind && border.set_expiry(this.address, slot, expiry) < 0) throw new OutOfMemoryError();
    if (expiry !== Infinity) this.#setDated();
    this.#date(slot, expiry);
  }

  /** Lets the front table know when an entry expires. */
  #date(slot: number, expiry: number): void {
    this.#front.setExpiry(slot, expiry);
    if (expiry < this.#earliest) this.#earliest = expiry;
  }

  /** Puts a key into the front table under which the engine has an entry now, and that was looked up just before. */
  #keep(key: unknown, slot: number, expiry: number): void {
    if (typeof key !== "number" || !this.#front.keepWhole(key, slot)) this.#keepAny(key, slot, expiry);
    else if (this.#dated === true) this.#date(slot, expiry);
  }

  #keepAny(key: unknown, slot: number, expiry: number): void {
    if (expiry < this.#earliest) this.#earliest = expiry;
    if (this.#front.keep(key, slot, expiry)) return;
    // Where the engine is given all entries at once, nobody has told it yet when this one expires.
    if (this.#give(slot, key) && (expiry === Infinity || border.set_expiry(this.address, slot, expiry) >= 0)) return;
    // Nobody would find it. Others may have had to leave for it.
    this.remove(slot, Reason.Deleted);
    this.tell(new OutOfMemoryError());
  }

  /** Gives the engine the key of an entry that was in the front table. Whether there was memory for it. */
  #give(slot: number, key: unknown): boolean {
    const { address } = this;
    if (typeof key === "number") return border.give_number(address, slot, key) >= 0;
    const kind = key === FLAT ? placeFlat() : typeof key === "string" ? placeText(key) : this.#place(key);
    const refs = placedRefs();
    if (border.give_key(address, slot, kind, placedLength()) < 0) return false;
    this.#holdRefs(slot, refs);
    return true;
  }

  /** Holds what the engine's key of a slot refers to. */
  #holdRefs(slot: number, refs: readonly unknown[] | null): void {
    if (refs === null) return;
    this.#refs ??= new Map();
    this.#refs.set(slot, refs);
  }

  /** Gives it some of those keys, while the table is to have none. */
  #giveSome(): void {
    for (let i = 0; i < GIVEN && this.#front.isLeaving; i++) {
      const slot = this.#front.nextToLeave();
      const key = this.#front.keyAt(slot);
      if (key === undefined || !this.#give(slot, key)) return;
      this.#front.forget(slot);
    }
  }

  /** The key at a slot, if the engine does not have it. */
  keptKey(slot: number): unknown {
    return this.#front.keyAt(slot);
  }

  /** Places that key; -1 where there is none. */
  placeKept(slot: number): Kind | -1 {
    const structure = this.#front.flatAt(slot);
    if (structure === undefined) {
      const key = this.#front.keyAt(slot);
      return typeof key === "string" || typeof key === "number" ? placeFixed(key) : -1;
    }
    restore(structure);
    return placeFlat();
  }

  /** The key at a slot: a copy of what is compared by structure, the very objects that are compared by identity. */
  key(slot: number): unknown {
    const kept = this.keptKey(slot);
    if (kept !== undefined) return kept;
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

  /** What an entry weighs; `later`: it is stored only after others. Runs user code. */
  weigh(value: unknown, key: unknown, later = false): Weight {
    const { sizeOf, maxBytes } = this.settings;
    if (this.copies !== null) return later ? this.copies.encodeToKeep(value) : this.copies.encode(value);
    if (!this.#weighs || sizeOf === null) return 0;
    const size = sizeOf(value, key);
    if (!isSize(size)) {
      return checkNumber(
        `what sizeOf gives for the key ${show(key)}`,
        "a whole number of bytes, 0 or more",
        size,
        isSize,
      );
    }
    if (size > maxBytes) throw new EntryTooLargeError(key, size, maxBytes);
    return size;
  }

  /**
   * Stores under a key that the front table may have, with the default time to live, where that is all there is to it.
   * Whether that was it.
   */
  put(key: unknown, value: unknown): boolean {
    if (this.#isPlainest !== true || this.flights !== null) return false;
    const slot = this.#frontFind(key);
    if (this.#dated === true || this.#datesAll === true) return this.#putDated(key, slot, value, this.#lifetime);
    if (slot < 0) return this.#putNew(key, slot, value);
    this.#overwrite(slot, value);
    return true;
  }

  /** The same with another time to live. */
  putFor(key: unknown, value: unknown, lifetime: Lifetime): boolean {
    return this.#isShort && this.flights === null && this.#putDated(key, this.#frontFind(key), value, lifetime);
  }

  /** The same of a key that is not there, where nothing expires. */
  #putNew(key: unknown, slot: number, value: unknown): boolean {
    // A getter of the key may have asked for a promise.
    if (slot === Found.Unknown || this.flights !== null) return false;
    this.#insertExternal(this.#frontKey(key), value, Infinity, 0, 0);
    return true;
  }

  /** The same as `put` where something expires. */
  #putDated(key: unknown, slot: number, value: unknown, lifetime: Lifetime): boolean {
    if (slot === Found.Unknown || this.flights !== null) return false;
    const now = this.#timeToStore(lifetime);
    const expiry = expiryOf(lifetime, now);
    if (expiry !== Infinity && !this.#dated) this.#setDated();
    if (slot < 0) {
      this.#insertExternal(this.#frontKey(key), value, expiry, 0, now);
    } else {
      this.#renew(slot, expiry);
      this.#overwrite(slot, value);
    }
    return true;
  }

  /** Changes when an entry of the front table expires. */
  #renew(slot: number, expiry: number): void {
    // As long as the engine has no entries, that is all there is to it.
    if (this.#behind.isAlone) this.#date(slot, expiry);
    else if (this.#front.expiry(slot) !== expiry) this.#setExpiry(slot, expiry);
  }

  /** Holds a new value for an entry: to the engine, where that is all, it is a hit. */
  #overwrite(slot: number, value: unknown): void {
    this.#values[slot] = value;
    if (this.#isWatched === true) this.#tellChange(slot);
    if (this.#tracks === true) this.#hits.note(slot);
  }

  /** From now on results of memoized functions depend on the values. */
  watch(): void {
    this.#isWatched = true;
  }

  #tellChange(slot: number): void {
    this.#promised?.delete(slot);
    this.recent.forget(slot);
  }

  /** Stores. All that runs user code comes first: `lifetime`, `weight` and the placing of the key. */
  set(key: unknown, value: unknown, lifetime: Lifetime, weight: Weight): number {
    if (typeof key !== "string" && typeof key !== "number") this.#place(key);
    return this.insert(key, value, lifetime, weight);
  }

  /** Stores under a key which, if it is a structure, was placed last, by `find`. */
  insert(key: unknown, value: unknown, lifetime: Lifetime, weight: Weight): number {
    if (this.flights === null) return this.#insert(key, value, lifetime, weight);
    const name = nameOfPlaced(actualKey(key));
    const slot = this.#insert(key, value, lifetime, weight);
    this.flights.cancel(name);
    return slot;
  }

  #insert(key: unknown, value: unknown, lifetime: Lifetime, weight: Weight): number {
    if (typeof weight !== "number") return this.#insertCopy(key, lifetime, weight);
    const now = this.#timeToStore(lifetime);
    const expiry = expiryOf(lifetime, now);
    if (expiry !== Infinity) this.#setDated();
    const actual = actualKey(key);
    if (typeof actual !== "string" && typeof actual !== "number") {
      return this.#insertStructure(actual, value, expiry, weight, now);
    }
    const found = this.#front.find(actual);
    if (found >= 0) return this.#replace(found, value, expiry, weight, now);
    if (found === Found.Absent) return this.#insertExternal(actual, value, expiry, weight, now);
    this.#handOver();
    this.#giveSome();
    const answer =
      typeof actual === "string"
        ? border.set(this.address, placeText(actual), placedLength(), expiry, weight, now)
        : border.set_number(this.address, actual, expiry, weight, now);
    const slot = this.#stored(answer, value, expiry);
    if (expiry < this.#earliest) this.#earliest = expiry;
    return slot;
  }

  /** Stores under a key that the front table knows is not stored. */
  #insertExternal(key: unknown, value: unknown, expiry: number, weight: number, now: number): number {
    const filled = this.#behind.fill();
    if (filled < 0) return this.#insertElsewhere(key, value, expiry, weight, now);
    this.#hold(filled, value);
    this.#keep(key, filled, expiry);
    return filled;
  }

  /** The same where no slot is left that was never used. */
  #insertElsewhere(key: unknown, value: unknown, expiry: number, weight: number, now: number): number {
    const behind = this.#behind;
    const slot = this.#isBehind ? behind.next() : -1;
    if (slot < 0 || (behind.isTaken && !this.#giveUp(slot, now))) {
      return this.#insertByEngine(key, value, expiry, weight, now);
    }
    this.#hold(slot, value);
    behind.insert(slot, this.#counts && !behind.isAlone ? hashOf(key) : 0, expiry);
    this.#keep(key, slot, expiry);
    return slot;
  }

  #insertByEngine(key: unknown, value: unknown, expiry: number, weight: number, now: number): number {
    this.#handOver();
    const hash = this.#counts ? hashOf(key) : 0;
    const slot = this.#stored(border.set_external(this.known, hash, expiry, weight, now), value, expiry);
    this.#keep(key, slot, expiry);
    return slot;
  }

  /** Holds the value of an entry. Room for all that there may be is made at once, where there are not many more. */
  #hold(slot: number, value: unknown): void {
    if (slot >= this.#values.length) this.#makeRoom(slot);
    this.#values[slot] = value;
  }

  #makeRoom(slot: number): void {
    if (isNear(slot, this.bound)) this.#values.length = this.bound;
  }

  /** Lets the entry at a slot go in favour of another, unless its key is the engine's. */
  #giveUp(slot: number, now: number): boolean {
    // What has expired goes first, and the engine knows what that is.
    if (this.#dated && now >= this.#earliest) return false;
    if (this.#isWatched) this.#tellChange(slot);
    if (this.#listens) this.#noteKept(slot, Reason.Evicted);
    return this.#front.forget(slot);
  }

  #insertStructure(key: unknown, value: unknown, expiry: number, weight: number, now: number): number {
    // A lookup may have come without placing it.
    if (isKnownIdentity(key, this.#byIdentity)) this.#place(key);
    const identity = placedIdentity;
    const found = this.#frontPlaced();
    if (found >= 0) return this.#replace(found, value, expiry, weight, now);
    if (found === Found.Absent) {
      return this.#insertExternal(identity === NONE ? FLAT : identity, value, expiry, weight, now);
    }
    const refs = placedRefs();
    this.#handOver();
    if (this.#front.isLeaving) {
      // The keys that are given are placed where this one is.
      const fixed = fixPlaced(key);
      this.#giveSome();
      this.#place(fixed);
    }
    const answer = border.set(this.address, Kind.Structure, placedLength(), expiry, weight, now);
    const slot = this.#stored(answer, value, expiry);
    if ((answer & Said.Inserted) !== 0) this.#holdRefs(slot, refs);
    this.#date(slot, expiry);
    return slot;
  }

  /** Stores the bytes of a value. */
  #insertCopy(key: unknown, lifetime: Lifetime, encoded: Encoded): number {
    const now = this.#timeToStore(lifetime);
    const expiry = expiryOf(lifetime, now);
    const actual = actualKey(key);
    const kind = kindOf(actual);
    if (kind === Kind.String) placeText(actual as string);
    const refs = kind === Kind.Structure ? placedRefs() : null;
    const keyLength = kind === Kind.Number ? 0 : placedLength();
    const length = place(encoded);
    checkWeight(key, keyLength, length, this.settings.maxBytes);
    this.#handOver();
    const number = kind === Kind.Number ? (actual as number) : 0;
    const answer = border.set_value(this.address, kind, keyLength, number, length, expiry, now);
    const slot = this.#stored(answer, undefined, expiry);
    if ((answer & Said.Inserted) !== 0) this.#holdRefs(slot, refs);
    return slot;
  }

  /** Stores a new value at a slot from the front table. */
  #replace(slot: number, value: unknown, expiry: number, weight: number, now: number): number {
    if (!this.#isPlain) {
      this.#handOver();
      this.#stored(border.store(this.known, slot, expiry, weight, now), value, expiry);
      this.#date(slot, expiry);
      return slot;
    }
    if (this.#listens) {
      const isExpired = this.#dated && this.#front.expiry(slot) <= now;
      this.#noteKept(slot, isExpired ? Reason.Expired : Reason.Replaced);
    }
    // With another expiration or the same.
    if (this.#dated || expiry !== Infinity) this.#renew(slot, expiry);
    this.#overwrite(slot, value);
    return slot;
  }

  /** Removes an entry. Whether that was possible: a report needs memory. */
  remove(slot: number, reason: Reason): boolean {
    if (this.#front.has(slot) && this.#behind.remove(slot)) {
      if (this.#listens) this.#noteKept(slot, reason);
      this.#release(slot, false);
      return true;
    }
    this.#handOver();
    if (border.remove(this.address, slot, reason) < 0) return false;
    if (this.#listens) this.#drain(-1);
    else this.#release(slot, false);
    return true;
  }

  /** Moves an entry to the key `to`. */
  rename(slot: number, to: FixedKey): void {
    const now = this.#dated ? this.#clock.store() : 0;
    const expiry = this.expiry(slot);
    this.#handOver();
    const key = this.#actualOf(to);
    const there = this.#frontSlot(key);
    const isKept = this.#front.takesKeys && there !== Found.Unknown;
    let answer: number;
    let refs: readonly unknown[] | null = null;
    if (isKept) {
      answer = border.rename_external(this.address, slot, this.#counts ? hashOf(key) : 0, there, now);
    } else {
      if (there >= 0) {
        if (!this.#give(there, key)) throw new OutOfMemoryError();
        this.#front.forget(there);
      }
      if (typeof to === "number") {
        answer = border.rename_number(this.address, slot, to, now);
      } else {
        const kind = typeof to === "string" ? placeText(to) : this.#place(to);
        refs = placedRefs();
        answer = border.rename(this.address, slot, kind, placedLength(), now);
      }
    }
    if (removals() > 0) this.#drain(-1);
    if (answer < 0) {
      if (answer === Said.TooLarge) this.copies?.refuse(this.address, slot, to, placedLength(), this.settings.maxBytes);
      throw new OutOfMemoryError();
    }
    this.#front.forget(slot);
    this.recent.forget(slot);
    if (this.#refs !== null) this.#releaseRefs(slot, this.#refs);
    this.#holdRefs(slot, refs);
    if (isKept) {
      // What was stored there is gone, and the table may have changed with it.
      this.#frontSlot(key);
      this.#keep(key, slot, expiry);
    }
    // The table may not have known of it, and have forgotten how early that is.
    this.#date(slot, expiry);
    this.flights?.cancel(nameOf(to));
  }

  /** The key itself, where it is one that the front table may have. */
  #actualOf(key: FixedKey): unknown {
    if (typeof key === "string" || typeof key === "number") return key;
    this.#place(key);
    if (placedIdentity !== NONE) return placedIdentity;
    return this.#front.isOn && isPlacedFlat() ? FLAT : key;
  }

  /** Looks such a key up there. */
  #frontSlot(key: unknown): number {
    if (typeof key === "string" || typeof key === "number") return this.#front.find(key);
    if (key === FLAT) return this.#front.findFlat();
    return EncodedKey.is(key) ? Found.Unknown : this.#front.findIdentity(key);
  }

  /** The statistics, where they are counted. */
  stats(): unknown {
    border.miss(this.address, this.#misses);
    this.#misses = 0;
    this.#handOver();
    return border.stats(this.address);
  }

  /** Counts from 0 again. */
  resetStats(): void {
    this.#handOver();
    border.reset_stats(this.address);
    this.#misses = 0;
  }

  /** Removes up to `limit` expired entries, and says how many. */
  purge(limit: number): number {
    if (!this.#dated) return 0;
    this.#handOver();
    const purged = border.purge(this.address, this.#clock.store(), limit);
    if (purged < 0) throw new OutOfMemoryError();
    this.#drain(-1);
    return purged;
  }

  /** Removes everything. */
  clear(): void {
    if (this.freed) throw new FreedError();
    // The engine tells of all that it has.
    if (!this.#isBehind || this.#listens) this.#handOver();
    if (this.#behind.forget() && border.clear(this.known) < 0) throw new OutOfMemoryError();
    this.flights?.clear();
    this.erasures?.noteAll();
    if (this.#listens) this.#drain(-1);
    this.#forget();
    this.#dated = false;
  }

  /** Marks the value at a slot as one that came from a promise. */
  markPromised(slot: number): void {
    this.#promised ??= new Set();
    this.#isWatched = true;
    this.isSteady = false;
    this.#promised.add(slot);
  }

  /** Whether the value at a slot came from a promise. */
  isPromised(slot: number): boolean {
    return this.#promised?.has(slot) ?? false;
  }

  /** Whether somebody asks for the names of keys that are deleted. */
  get asksForNames(): boolean {
    return this.flights !== null || this.erasures !== null;
  }

  /** Lets the promise that `gos` waits for under the key placed last not be stored. */
  cancelFlight(key: unknown): void {
    const name = this.placedName(key);
    this.flights?.cancel(name);
    this.erasures?.note(name);
  }

  /** The name, for flights and erasures, of the key placed last; "" where nobody asks for names. */
  placedName(key: unknown): string | number {
    return this.asksForNames ? nameOfPlaced(actualKey(key)) : "";
  }

  /** Ends an operation: the removal events are told. A `failure` of the operation is thrown after that. */
  tell(failure?: Error): void {
    if (this.#events !== null || failure !== undefined) this.#tellAll(failure);
  }

  #tellAll(failure?: Error): void {
    const events = this.#events;
    const { onRemove } = this.settings;
    this.#events = null;
    if (events !== null && onRemove !== null) tell(events, onRemove, failure);
    else if (failure !== undefined) throw failure;
  }

  /** Lets the engine know of all that was done without it. */
  #handOver(): void {
    this.#behind.close();
    this.#hits.handOver();
  }

  #setDated(): void {
    if (this.#dated) return;
    this.#dated = true;
    this.isSteady = false;
    if (this.#isBehind) this.#behind.setDated();
  }

  #hasExpired(): boolean {
    return this.#clock.isPast(this.#expiry);
  }

  /** Whether an entry from the front table has not expired. While none has, its own expiration is not looked at. */
  #isLive(slot: number): boolean {
    if (++this.#late > this.#front.slots) {
      this.#late = 0;
      this.#earliest = this.#front.earliest();
    }
    return this.#isLiveAt(this.#front.expiries, slot);
  }

  /** The same of one of many: a number that is handed on may have to be allocated. What is not among them never expires. */
  #isLiveAt(expiries: Float64Array, place: number): boolean {
    if (place >= expiries.length) return true;
    const expiry = expiries[place] as number;
    return expiry === Infinity || !this.#clock.isPast(expiry);
  }

  #timeToStore(lifetime: Lifetime): number {
    const relative = typeof lifetime === "number" && lifetime !== Infinity;
    return relative || (this.#dated && this.#datesSets) ? this.#clock.store() : 0;
  }

  /** Takes the engine's answer to storing: the removals first, since a slot may be in use again. */
  #stored(answer: number, value: unknown, expiry: number): number {
    if (answer < 0) {
      // It may have moved all the same.
      this.forgetBoard();
      // Room may have been made already.
      if (removals() > 0) this.#drain(-1);
      const failure = new OutOfMemoryError();
      this.tell(failure);
      throw failure;
    }
    const slot = answer & Said.Slot;
    // A replaced value leaves the entry's key where it is.
    if ((answer & Said.Removed) !== 0) {
      const kept = (answer & Said.Inserted) === 0 ? slot : -1;
      // Of a full cache one entry leaves for each that comes, which has its slot then.
      if ((answer & Said.Reused) !== 0 && !this.#listens) this.#release(slot, slot === kept);
      else this.#drain(kept);
    }
    if (this.copies === null) this.#hold(slot, value);
    if ((answer & Said.Moved) !== 0) this.#hits.look();
    if ((answer & Said.Inserted) === 0) this.recent.forget(slot, expiry);
    if (this.#promised !== null) this.#promised.delete(slot);
    if (expiry !== Infinity) this.#setDated();
    return slot;
  }

  /** Processes the removals that the last call reports. */
  #drain(kept: number): void {
    for (let place = 0, count = removals(); place < count; place++) {
      const slot = removedSlot(place);
      if (this.#listens) this.#note(place, slot);
      this.#release(slot, slot === kept);
    }
  }

  /** Lets go of what was held for a slot. */
  #release(slot: number, keepsKey: boolean): void {
    if (this.copies === null) this.#values[slot] = undefined;
    if (!keepsKey) this.#front.forget(slot);
    this.recent.forget(slot);
    if (this.#promised !== null) this.#promised.delete(slot);
    if (this.#refs !== null && !keepsKey) this.#releaseRefs(slot, this.#refs);
  }

  #releaseRefs(slot: number, all: Map<number, readonly unknown[]>): void {
    all.delete(slot);
  }

  #note(place: number, slot: number): void {
    const held = this.#values[slot];
    const value = this.copies === null ? () => held : this.copies.removed(this.address, place);
    this.#notice(this.#keyToTell(slot) ?? this.#removedKey(place, slot), value, removedReason(place));
  }

  /** The same of an entry whose key the front table has, if it does. */
  #noteKept(slot: number, reason: Reason): void {
    const key = this.#keyToTell(slot);
    const held = this.#values[slot];
    if (key !== null) this.#notice(key, () => held, reason);
  }

  #notice(key: () => unknown, value: () => unknown, reason: Reason): void {
    this.#events ??= [];
    this.#events.push({ key, value, reason: REASONS[reason] ?? "deleted" });
  }

  /** What gives the key at a slot when it is told, if the engine does not have it. */
  #keyToTell(slot: number): (() => unknown) | null {
    const structure = this.#front.flatAt(slot);
    if (structure !== undefined) return () => unflatten(structure);
    const kept = this.keptKey(slot);
    return kept === undefined ? null : () => kept;
  }

  /** The same of the removal at `place`. */
  #removedKey(place: number, slot: number): () => unknown {
    const kind = border.removed_key(this.address, place) as Kind;
    const bytes = pointedAt().slice();
    const refs = this.#refs?.get(slot) ?? null;
    return () => decodeKey(kind, bytes, refs);
  }

  #forget(): void {
    this.#hits.clear();
    this.#front = new Front(this.settings.byCopy, this.settings.maxEntries);
    this.recent.clear();
    this.#earliest = Infinity;
    this.#values = newValues();
    this.copies?.forget();
    this.#refs = null;
    this.#promised = null;
    this.isSteady = !this.#tracks && this.copies === null;
  }
}

function isSize(size: unknown): size is number {
  return Number.isSafeInteger(size) && (size as number) >= 0;
}

/** A hash for the policy. */
function hashOf(key: unknown): number {
  if (key === FLAT) return hashAll(flat, flatCount);
  return hashKey(typeof key === "string" || typeof key === "number" ? key : numberOf(key as object | symbol));
}

/**
 * An array for values, of the kind that it is when it has been lengthened: V8 is not to see two kinds. With an element
 * that is no number, or V8 would take it for an array of numbers, which it would copy over and over.
 */
function newValues(): unknown[] {
  const values: unknown[] = [undefined];
  values.length = 2;
  return values;
}

function kindOf(actual: unknown): Kind {
  return typeof actual === "number" ? Kind.Number : typeof actual === "string" ? Kind.String : Kind.Structure;
}
