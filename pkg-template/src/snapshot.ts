// Snapshots: all entries of a cache as bytes, and back. docs/snapshot-format.md describes them.
//
// A snapshot is a head of 8 bytes and blocks, each with its kind, length and checksum. The engine writes and reads the
// records of entries; values held by reference become copies on the way.
import * as border from "../../target/wasm-pack/poche.js";
import { CorruptDataError, EntryTooLargeError, OutOfMemoryError, ValueError } from "./errors.js";
import { decodeKey, encodeStructure, Kind } from "./keys/index.js";
import { show } from "./show.js";
import type { Store } from "./store.js";
import { place } from "./values/copies.js";
import { decodeValue } from "./values/decode.js";
import { encodeValue } from "./values/encode.js";
import { FORMAT } from "./values/format.js";
import { Shapes } from "./values/shapes.js";
import {
  bytes as memoryBytes,
  view as memoryView,
  point,
  pointedAt,
  pointedLength,
  pointedStart,
  removedBytes,
  statusNumber,
  TOO_LARGE,
  valueRoom,
} from "./wasm.js";

/** "poche", a zero, the version of snapshots, the version of values. */
const HEAD = [0x70, 0x6f, 0x63, 0x68, 0x65, 0, 1, FORMAT];
/** The kind, length and checksum of a block, 4 bytes each. */
const BLOCK_HEAD = 12;
/** A block is closed when it has so many bytes. */
const FULL = 1 << 18;
/** What the engine says in the place of a slot: these bytes are no record. */
const DAMAGED = -3;
/** The entry has expired. */
const SKIPPED = -4;

const enum Block {
  Records = 0,
  /** The places of the records, in the order in which the entries were used. */
  Recency = 1,
  /** The last one: how many records there are, whether values were held by copy, the shapes. */
  End = 2,
}

/** A snapshot whose blocks are known, but for what is in them. */
export interface Snapshot {
  readonly bytes: Uint8Array;
  readonly blocks: readonly { readonly kind: number; readonly start: number; readonly length: number }[];
  readonly count: number;
  readonly byCopy: boolean;
  readonly shapes: Shapes;
}

/** The bytes of all entries of a store. Runs user code where values are held by reference and have getters. */
export function writeSnapshot(store: Store): Uint8Array {
  if (store.holdsReferences) {
    throw new ValueError("keys that are compared by identity cannot be part of a snapshot");
  }
  const output = new Output();
  const shapes = store.copies?.shapes ?? new Shapes();
  store.settle();
  let count = 0;
  let position = 0;
  let begins = true;
  for (;;) {
    const slot = border.advance(store.address, position);
    if (slot < 0) break;
    position = statusNumber();
    // Getters may do anything, also make a snapshot: each record is taken at once.
    const taken = store.copies === null;
    const length = taken ? place(encodeAt(store, slot, shapes)) : -1;
    if (border.write_record(store.address, slot, length, taken || begins) < 0) throw new OutOfMemoryError();
    point();
    begins = pointedLength >= FULL;
    if (taken || begins) output.append(pointedAt());
    if (output.open >= FULL) output.close(Block.Records);
    count++;
  }
  if (!begins && store.copies !== null) output.append(pointedAt());
  output.close(Block.Records);
  store.settle();
  if (border.write_recency(store.address) < 0) throw new OutOfMemoryError();
  output.append(pointedAt());
  output.close(Block.Recency);
  border.end_snapshot();
  const end = encodeValue([count, store.copies !== null, shapes.names], new Shapes());
  output.append(end.bytes.subarray(end.start, end.start + end.length));
  end.release();
  output.close(Block.End);
  return output.take();
}

function encodeAt(store: Store, slot: number, shapes: Shapes) {
  const value = store.value(slot);
  try {
    return encodeValue(value, shapes);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(`under the key ${show(store.key(slot))}: ${error.message}`);
  }
}

/** A snapshot that is being written. */
class Output {
  #bytes = new Uint8Array(2 * FULL);
  #length = HEAD.length + BLOCK_HEAD;
  #block = HEAD.length;
  #blocks = 0;

  constructor() {
    this.#bytes.set(HEAD);
  }

  /** Bytes in the block that is not closed yet. */
  get open(): number {
    return this.#length - this.#block - BLOCK_HEAD;
  }

  append(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    // With room for the head of another block.
    if (end + BLOCK_HEAD > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, end + BLOCK_HEAD));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = end;
  }

  /** Closes the block, if there is anything in it. */
  close(kind: Block): void {
    const { open } = this;
    if (open === 0) return;
    const start = this.#block + BLOCK_HEAD;
    const head = new DataView(this.#bytes.buffer, this.#block);
    head.setUint32(0, kind, true);
    head.setUint32(4, open, true);
    head.setUint32(8, checksum(this.#bytes, start, open, kind, this.#blocks++), true);
    this.#block = this.#length;
    this.#length += BLOCK_HEAD;
  }

  /** All closed blocks. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#block);
  }
}

/** Puts a block where the engine sees it. Its checksum, which also says which block it is. */
function checksum(bytes: Uint8Array, start: number, length: number, kind: number, number: number): number {
  valueRoom(length).set(bytes.subarray(start, start + length));
  return border.checksum(length, 4 * number + kind) >>> 0;
}

/** Reads the structure of a snapshot. Throws a `CorruptDataError` if it is none. */
export function readSnapshot(bytes: Uint8Array): Snapshot {
  if (HEAD.some((byte, i) => bytes[i] !== byte && i < 6)) corrupt("these bytes are no snapshot");
  if (HEAD.some((byte, i) => bytes[i] !== byte)) corrupt("this snapshot is of another version");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = [];
  let at = HEAD.length;
  let kind = -1;
  while (kind !== Block.End) {
    if (at + BLOCK_HEAD > bytes.length) corrupt("the snapshot is incomplete");
    kind = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    const start = at + BLOCK_HEAD;
    at = start + length;
    if (at > bytes.length) corrupt("the snapshot is incomplete");
    const sum = checksum(bytes, start, length, kind, blocks.length);
    if (kind > Block.End || sum !== view.getUint32(start - 4, true)) corrupt();
    blocks.push({ kind, start, length });
  }
  if (at !== bytes.length) corrupt();
  const { start, length } = blocks.pop() as { start: number; length: number };
  const end = decodeValue(bytes, view, start, length, new Shapes());
  const [count, byCopy, names] = (Array.isArray(end) ? end : []) as [number, boolean, string[][]];
  const shapes = new Shapes();
  const isShape = (list: unknown) =>
    Array.isArray(list) && list.every((name) => typeof name === "string") && shapes.add(list);
  if (!Array.isArray(names) || !names.every(isShape)) corrupt();
  return { bytes, blocks, count, byCopy: byCopy === true, shapes };
}

/** Fills an empty store from a snapshot, but for what has expired. */
export function fillFrom(snapshot: Snapshot, store: Store): void {
  const { bytes, blocks, count, shapes } = snapshot;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const now = Date.now();
  const slots: number[] = [];
  store.copies?.adopt(shapes);
  for (const { kind, start, length } of blocks) {
    if (kind === Block.Recency) {
      if (slots.length * 4 !== length) corrupt();
      for (let at = 0; at < length; at += 4) use(store, slots[view.getUint32(start + at, true)], 1);
      continue;
    }
    valueRoom(length).set(bytes.subarray(start, start + length));
    if (store.copies === null) restoreValues(store, snapshot, start, length, now, slots);
    else restoreCopies(store, bytes, start, length, now, slots);
  }
  if (slots.length !== count) corrupt();
  store.settle();
  border.reset_stats(store.address);
}

function restoreCopies(
  store: Store,
  bytes: Uint8Array,
  start: number,
  length: number,
  now: number,
  slots: number[],
): void {
  let next: number;
  for (let at = 0; at < length; at = next) {
    const answer = border.restore_record(store.address, at, length, now);
    if (answer === DAMAGED) corrupt();
    next = statusNumber();
    // What is larger than the whole bound is left out, as what has expired.
    const slot = answer === SKIPPED || answer === TOO_LARGE ? -1 : store.restored(answer);
    if (slot >= 0 && kindAt(bytes, start + at) === Kind.Structure) {
      border.key(store.address, slot);
      readKey(Kind.Structure, pointedAt());
    }
    slots.push(slot);
  }
}

function restoreValues(
  store: Store,
  snapshot: Snapshot,
  start: number,
  length: number,
  now: number,
  slots: number[],
): void {
  const { bytes, shapes } = snapshot;
  const records = [];
  let next: number;
  for (let at = 0; at < length; at = next) {
    next = border.read_record(at, length);
    if (next < 0) corrupt();
    point();
    records.push({
      key: readKey(kindAt(bytes, start + at), removedBytes()),
      value: decodeValue(memoryBytes, memoryView, pointedStart, pointedLength, shapes),
      expiry: statusNumber(),
      uses: ((bytes[start + at] as number) >> 3) & 3,
    });
  }
  // From here on user code may run, and put other bytes where the engine reads.
  for (const { key, value, expiry, uses } of records) {
    let slot = -1;
    try {
      if (expiry > now)
        slot = store.set(key, value, expiry === Infinity ? expiry : { at: expiry }, store.weigh(value, key));
    } catch (error) {
      if (!(error instanceof EntryTooLargeError)) throw error;
    }
    use(store, slot, uses);
    slots.push(slot);
  }
}

/** The kind of the key of a record. */
function kindAt(bytes: Uint8Array, at: number): Kind {
  return (bytes[at] as number) & 3;
}

/** A key from its bytes, which must be the very ones that it has. */
function readKey(kind: Kind, bytes: Uint8Array): unknown {
  if (kind !== Kind.Structure) return decodeKey(kind, bytes, null);
  try {
    const key = decodeKey(kind, bytes, null);
    const { bytes: again, length } = encodeStructure(key, false);
    return length !== bytes.length || bytes.some((byte, i) => byte !== again[i]) ? corrupt() : key;
  } catch (error) {
    return corrupt(undefined, error);
  }
}

/** Lets an entry count as used. */
function use(store: Store, slot: number | undefined, uses: number): void {
  if (slot === undefined) corrupt();
  for (let i = 0; i < uses && slot >= 0; i++) store.hit(slot);
}

function corrupt(message = "the snapshot is damaged", cause?: unknown): never {
  throw new CorruptDataError(message, { cause });
}
