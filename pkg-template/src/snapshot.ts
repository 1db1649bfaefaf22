// Snapshots: all entries of a cache as bytes, and back. docs/snapshot-format.md describes them.
//
// Entries are stored as anybody would store them, so nothing in the bytes can lead to a cache that could not be.
import * as border from "../../target/wasm-pack/poche.js";
import { slotsByUse } from "./by-use.js";
import { CorruptDataError, EntryTooLargeError, OutOfMemoryError, ValueError } from "./errors.js";
import { Golden } from "./keys/hash.js";
import { decodeKey, type Kind } from "./keys/index.js";
import { placedLength } from "./placed-key.js";
import { show } from "./show.js";
import type { Store } from "./store.js";
import { byte, corrupt, count, decode, read, readAt, skip } from "./values/decode.js";
import { encodeValue } from "./values/encode.js";
import { FORMAT } from "./values/format.js";
import { Shapes } from "./values/shapes.js";
import { Writer } from "./values/writer.js";
import {
  bytes as memory,
  view as memoryView,
  point,
  pointedLength,
  pointedStart,
  scratch,
  statusNumber,
  valueRoom,
} from "./wasm.js";

/** "poche", a zero, the version of snapshots, the version of values. */
const HEAD = [0x70, 0x6f, 0x63, 0x68, 0x65, 0, 1, FORMAT];
/** Where the checksum of all that follows stands, where the records end, and where they begin. */
const SUM = 8;
const END = 12;
const RECORDS = 20;

// The flags of a record, as the engine gives them: the kind of its key, whether it expires, how often it was used.
const KIND = 3;
const EXPIRES = 4;
const USES = 3;
/** How many bytes of records cross at once. */
const RUN = 1 << 16;
/** After so many records that the engine has left to be read one by one, it is asked again. */
const WAIT = 64;
/** Room for what is not key or value. */
const ROOM = 32;

/** A snapshot whose structure is known. */
export interface Snapshot {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the records end. */
  readonly end: number;
  readonly count: number;
  readonly byCopy: boolean;
  readonly shapes: Shapes;
  /** The places of the records, in the order in which their entries were used. */
  readonly recency: Uint32Array;
}

/** The bytes of all entries of a store. Runs user code where values are held by reference and have getters. */
export function writeSnapshot(store: Store): Uint8Array {
  if (store.holdsReferences) {
    throw new ValueError("keys that are compared by identity cannot be part of a snapshot");
  }
  const output = new Writer();
  output.at = RECORDS;
  const shapes = store.copies?.shapes ?? new Shapes();
  store.settle();
  const { copies } = store;
  if (copies !== null) writeRuns(output, store.address);
  const places: number[] = [];
  let number = 0;
  let position = 0;
  // What the engine has written is gone through once more for the order of use, where there is one.
  const isWritten = copies !== null && !store.settings.lru;
  for (;;) {
    const slot = isWritten ? -1 : border.advance(store.address, position);
    if (slot < 0) break;
    position = statusNumber();
    places[slot] = number++;
    if (copies === null) writeRecord(output, store, slot, shapes);
  }
  if (isWritten) number = border.len(store.address);
  store.settle();
  const recency: number[] = [];
  for (const slot of slotsByUse(store)) {
    const place = places[slot];
    if (place !== undefined) recency.push(place);
  }
  const end = output.at;
  const { bytes, start, length, release } = encodeValue(
    [number, store.copies !== null, shapes.names, new Uint32Array(recency)],
    new Shapes(),
  );
  output.putBytes(bytes, start, length);
  release();
  const whole = output.bytes.slice(0, output.at);
  const view = new DataView(whole.buffer);
  whole.set(HEAD);
  view.setFloat64(END, end, true);
  view.setUint32(SUM, checksum(view), true);
  return whole;
}

/** Lets the engine write all records: it has the keys and the values. */
function writeRuns(output: Writer, address: number): void {
  for (let position = 0; ; position = statusNumber()) {
    if (border.write_records(address, position, RUN) < 0) throw new OutOfMemoryError();
    point();
    if (pointedLength === 0) return;
    output.putBytes(memory, pointedStart, pointedLength);
  }
}

function writeRecord(output: Writer, store: Store, slot: number, shapes: Shapes): void {
  const { address } = store;
  let flags = border.describe(address, slot);
  point();
  let keyLength = pointedLength;
  output.makeRoom(ROOM);
  const expiry = statusNumber();
  // What is compared by identity has been refused.
  const kind = store.placeKept(slot);
  if (kind < 0) {
    output.putByte(flags);
    output.putBlock(memory, pointedStart, keyLength);
  } else {
    flags = (flags & ~KIND) | kind;
    keyLength = placedLength();
    output.putByte(flags);
    output.putBlock(scratch, 0, keyLength);
  }
  const keyEnd = output.at;
  if (flags & EXPIRES) output.putDouble(expiry);
  // Getters may do anything, also make a snapshot; what there is to know of the entry stands here already.
  try {
    const encoded = encodeValue(store.value(slot), shapes);
    output.putBlock(encoded.bytes, encoded.start, encoded.length);
    encoded.release();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const key = decodeKey(flags & KIND, output.bytes.slice(keyEnd - keyLength, keyEnd), null);
    throw new ValueError(`under the key ${show(key)}: ${error.message}`);
  }
}

/** A number that changes when a bit of what follows it does, or the length. */
function checksum(view: DataView): number {
  const { byteLength } = view;
  let sum = byteLength;
  let at = END;
  for (; at + 4 <= byteLength; at += 4) sum = mix(sum ^ view.getInt32(at, true));
  for (; at < byteLength; at++) sum = mix(sum ^ view.getUint8(at));
  return sum >>> 0;
}

function mix(sum: number): number {
  const product = Math.imul(sum, Golden.Ratio);
  return product ^ (product >>> 15);
}

/** Reads the structure of a snapshot. Throws a `CorruptDataError` if it is none. */
export function readSnapshot(given: Uint8Array): Snapshot {
  const { buffer, byteOffset, length } = given;
  // Node's Buffer has other methods of the same names.
  const bytes = new Uint8Array(buffer, byteOffset, length);
  const view = new DataView(buffer, byteOffset, length);
  const different = HEAD.findIndex((byte, i) => bytes[i] !== byte);
  if (different >= 0) refuse(different < 6 ? "these bytes are no snapshot" : "this snapshot is of another version");
  if (length < RECORDS || checksum(view) !== view.getUint32(SUM, true)) refuse("the snapshot is damaged or incomplete");
  const end = view.getFloat64(END, true);
  if (!(end >= RECORDS && end < length)) corrupt();
  const last = decode(bytes, view, end, length - end, new Shapes());
  const [count, byCopy, names, recency] = (Array.isArray(last) ? last : []) as [number, boolean, unknown, Uint32Array];
  const shapes = new Shapes();
  const isShape = (list: unknown) =>
    Array.isArray(list) && list.every((name) => typeof name === "string") && shapes.add(list);
  if (!Array.isArray(names) || !names.every(isShape) || !(recency instanceof Uint32Array)) corrupt();
  return { bytes, view, end, count, byCopy: byCopy === true, shapes, recency };
}

/** Fills an empty store from a snapshot, but for what has expired and what is larger than the whole bound. */
export function fillFrom({ bytes, view, end, count: records, shapes, recency }: Snapshot, store: Store): void {
  const now = Date.now();
  const slots: number[] = [];
  store.copies?.adopt(shapes);
  // Where nobody is to be told of removals, the engine stores what is plain by itself.
  const mayRun = store.copies !== null && store.settings.onRemove === null;
  let waited = WAIT;
  for (let next = RECORDS; next < end; ) {
    if (mayRun && waited++ >= WAIT) {
      const taken = readRun(bytes.subarray(next, Math.min(next + RUN, end)), now, store, slots);
      next += taken;
      if (taken > 0) continue;
      waited = 0;
    }
    read(bytes, view, next, end);
    const flags = byte();
    const length = count();
    const start = skip(length);
    const expiry = flags & EXPIRES ? view.getFloat64(skip(8), true) : Infinity;
    const size = count();
    const value = skip(size);
    next = readAt;
    let slot = -1;
    try {
      if (expiry > now) {
        const key = readKey(flags & KIND, bytes, start, start + length);
        const lifetime = expiry === Infinity ? expiry : { at: expiry };
        if (store.copies !== null) {
          slot = store.set(key, undefined, lifetime, { bytes, start: value, length: size, release() {} });
        } else {
          const object = decode(bytes, view, value, size, shapes);
          slot = store.set(key, object, lifetime, store.weigh(object, key));
        }
      }
    } catch (error) {
      if (!(error instanceof EntryTooLargeError)) throw error;
    }
    use(store, slot, (flags >> USES) & 3);
    slots.push(slot);
  }
  if (slots.length !== records) corrupt();
  for (const place of recency) use(store, slots[place] ?? corrupt(), 1);
  store.settle();
  border.reset_stats(store.address);
}

/** Lets the engine store entries, as far as it knows how. How many bytes their records have. */
function readRun(run: Uint8Array, now: number, store: Store, slots: number[]): number {
  store.settle();
  valueRoom(run.length).set(run);
  const expires = border.read_records(store.address, run.length, now);
  if (expires < 0) throw new OutOfMemoryError();
  store.forgetBoard();
  const taken = statusNumber();
  point();
  const end = pointedStart + pointedLength;
  const first = slots.length;
  for (let at = pointedStart; at < end; at += 4) slots.push(memoryView.getInt32(at, true));
  // The store has to know that there is something that expires.
  for (let i = first; expires > 0 && i < slots.length; i++) {
    const slot = slots[i] as number;
    const expiry = slot < 0 ? Infinity : store.expiry(slot);
    if (expiry < Infinity) {
      store.setExpiry(slot, expiry);
      break;
    }
  }
  return taken;
}

function readKey(kind: Kind, bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return decodeKey(kind, bytes, null, start, end);
  } catch (error) {
    // A number of too few bytes, text that is none.
    return corrupt(error);
  }
}

/** Lets an entry count as used. */
function use(store: Store, slot: number, uses: number): void {
  for (let i = 0; i < uses && slot >= 0; i++) store.hit(slot);
}

function refuse(message: string): never {
  throw new CorruptDataError(message);
}
