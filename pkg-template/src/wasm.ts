// The engine's WebAssembly: started when the first cache needs its engine, and its memory as JavaScript reads it.
//
// Memory that grows detaches all views of it, which then have the length 0; that is how they are found out.
import {
  Cache as EngineClass,
  initSync,
  oldest,
  seed,
  scratch as takeScratch,
  status as takeStatus,
  value_room as takeValueRoom,
  uses_room as usesRoom,
} from "../../target/wasm-pack/poche.js";
import { OutOfMemoryError, WebAssemblyError } from "./errors.js";
import { seedWords } from "./seed.js";
import { prepareModule, wasmModule } from "./wasm-bytes.js";

/** What owns an engine. Written out here: the declarations of the package have none of the glue's. */
export interface Engine {
  /** Where it is, for the border's operations. */
  address(): number;
  /** Gives back its memory. */
  free(): void;
}

// Constants that are in frequent use are `const enum`s, which are put where they are used: V8 reads those of a module anew
// each time.

/** What the engine says beside a slot, or in its place. */
export const enum Said {
  /** Of a slot that was found: the entry expires. */
  Expires = 1 << 28,
  /** Of a slot that was stored at: the entry is new. */
  Inserted = 1 << 27,
  /** Of a slot that was stored at: there are removals to read. */
  Removed = 1 << 28,
  /** There is one removal, of that very slot. */
  Reused = 1 << 29,
  /** The policy's stamps or marks are elsewhere now. */
  Moved = 1 << 30,
  /** The entry is larger than the whole bound. */
  TooLarge = -2,
  /** The slot without what is said of it. */
  Slot = (1 << 27) - 1,
}

/** Why an entry left, as the engine numbers it. */
export const enum Reason {
  Expired = 0,
  Evicted = 1,
  Deleted = 2,
  Replaced = 3,
  Flushed = 4,
}

/** What the engine does besides keeping keys. */
export const enum Flag {
  Statistics = 1,
  ReportKeys = 2,
  IndexExpiries = 4,
  KeepValues = 8,
}

// The scratch's usual size, and the size from which it is given back.
const PAGE = 4096;
const LARGE = 1 << 20;

/** What is on the policy's board. */
export const enum Board {
  /** From this time on nothing is stamped but by the engine, which begins anew some time later. */
  LastStamp = 2 ** 31 - 256,
  /** The bits of a mark that tell whether a hit on its entry would change something. */
  QuietBits = 0xff03,
  /** Those of them that count hits, all set: the entry is popular. The others tell when. */
  Popular = QuietBits & 0xff,
}

/** How much there is room for. */
export const enum Most {
  /** In an engine's list of pending hits. */
  Pending = 127,
  /** Among the writes, and the places, in the status. */
  Writes = 64,
}

/** Where these are in the status, in words. */
const WRITTEN_SLOTS = 6;
const PLACES = 262;

let memory: WebAssembly.Memory | undefined;
let statusAt = 0;
let numbers = new Float64Array(0);
let words = new Uint32Array(0);
let valueBytes = new Uint8Array(0);

/** The buffer in which bytes cross. To be used through `room` or after `ready`. */
export let scratch: Uint8Array = new Uint8Array(0);

/** Makes an engine; the first call starts WebAssembly. */
export function makeEngine(maxEntries: number, maxBytes: number, policy: number, flags: number): Engine {
  startEngine();
  try {
    return new EngineClass(maxEntries, maxBytes, policy, flags);
  } catch {
    // The one thing that can go wrong, and the one call in which the engine cannot say so itself.
    throw new OutOfMemoryError();
  }
}

/** Makes sure that WebAssembly can be started, without doing it yet. */
export function prepareEngine(): void {
  try {
    if (memory === undefined) prepareModule();
  } catch (error) {
    throw new WebAssemblyError(error);
  }
}

/** Starts WebAssembly, once. */
export function startEngine(): void {
  if (memory !== undefined) return;
  try {
    memory = initSync({ module: wasmModule() }).memory;
  } catch (error) {
    throw new WebAssemblyError(error);
  }
  const random = seedWords();
  seed(random[0] as number, random[1] as number);
  statusAt = takeStatus();
}

/** Makes sure that scratch is a view of its usual size, before something short is written to it. */
export function ready(): void {
  const size = scratch.byteLength;
  if (size === 0 || size > LARGE) renew();
}

/** Scratch with room for `size` bytes. */
export function room(size: number): Uint8Array {
  if (size <= PAGE) ready();
  else if (scratch.byteLength < size) take(size);
  return scratch;
}

function renew(): void {
  startEngine();
  takeScratch(0);
  take(PAGE);
}

function take(size: number): void {
  startEngine();
  const at = takeScratch(size);
  // The buffer that was there is gone in any case.
  scratch = new Uint8Array(0);
  if (at === 0) throw new OutOfMemoryError();
  scratch = new Uint8Array((memory as WebAssembly.Memory).buffer, at, size);
}

function refresh(): void {
  const { buffer } = memory as WebAssembly.Memory;
  numbers = new Float64Array(buffer);
  words = new Uint32Array(buffer);
  bytes = new Uint8Array(buffer);
  view = new DataView(buffer);
}

/** The buffer in which a value crosses, with room for `size` bytes. */
export function valueRoom(size: number): Uint8Array {
  const { byteLength } = valueBytes;
  // What much has taken is given back at the next little.
  if (byteLength < size || byteLength === 0 || (byteLength > LARGE && size < PAGE)) {
    if (byteLength > LARGE) giveBackValueRoom();
    const length = Math.max(size, PAGE);
    valueBytes = new Uint8Array(0);
    const at = takeValueRoom(length);
    if (at === 0) throw new OutOfMemoryError();
    valueBytes = new Uint8Array((memory as WebAssembly.Memory).buffer, at, length);
  }
  return valueBytes;
}

/** Gives back what much has taken there. */
export function giveBackValueRoom(): void {
  takeValueRoom(0);
  valueBytes = new Uint8Array(0);
}

/** The number that the last call left: an expiration, or the position of an iteration. */
export function statusNumber(): number {
  if (numbers.length === 0) refresh();
  return numbers[statusAt >>> 3] as number;
}

/**
 * Hands over the slots of `count` hits, to the list at the word `pending`: the engine takes note of them before it
 * does anything to which they matter.
 */
export function handOver(pending: number, slots: Int32Array, count: number): void {
  if (words.length === 0) refresh();
  // A loop for a few takes less time than the methods of typed arrays.
  for (let i = 0; i < count; i++) words[pending + 1 + i] = slots[i] as number;
  words[pending] = count;
}

/** Hands over what was done to `count` entries of keys that the engine does not have. */
export function handOverWrites(count: number, slots: Int32Array, hashes: Int32Array, expiries: Float64Array): void {
  if (words.length === 0) refresh();
  const at = (statusAt >>> 2) + WRITTEN_SLOTS;
  for (let i = 0; i < count; i++) words[at + i] = slots[i] as number;
  if (hashes.length > 0) for (let i = 0; i < count; i++) words[at + Most.Writes + i] = hashes[i] as number;
  if (expiries.length > 0) numbers.set(expiries, (at >>> 1) + Most.Writes);
}

/**
 * Places entries of such keys, for the call that takes over all of them: their slots, how many hits there were of each,
 * up to three, when they expire, and the hashes of their keys, each of these two where somebody tells.
 */
export function placeEntries(
  slots: Int32Array,
  hits: { countAt(slot: number): number },
  dates: { expiryAt(slot: number): number } | null,
  hashes: { hashAt(slot: number): number } | null,
): void {
  const count = slots.length;
  const first = dates === null ? 0 : 8 * count;
  const { buffer, byteOffset } = valueRoom(first + (hashes === null ? 4 : 8) * count);
  const view = new DataView(buffer, byteOffset);
  for (let i = 0; i < count; i++) {
    const slot = slots[i] as number;
    view.setInt32(first + 4 * i, slot | (hits.countAt(slot) << 30), true);
    if (dates !== null) view.setFloat64(8 * i, dates.expiryAt(slot), true);
    if (hashes !== null) view.setInt32(first + 4 * (count + i), hashes.hashAt(slot), true);
  }
}

/** Takes the places that the last call gave for the next entries, `count` of them, the first one last. */
export function takePlaces(places: Int32Array, count: number): number {
  if (words.length === 0) refresh();
  const at = (statusAt >>> 2) + PLACES;
  const end = 2 * count;
  for (let i = 0; i < end; i += 2) {
    places[end - i - 2] = words[at + i] as number;
    places[end - i - 1] = words[at + i + 1] as number;
  }
  return end;
}

/**
 * Which entries were used longest ago, of those with these times of their last uses, 0 for none, and a clock before them:
 * slots and times, the one used longest ago last. `null`: there are none, or no memory to tell.
 */
export function oldestOf(uses: Int32Array): Int32Array | null {
  startEngine();
  const at = usesRoom(uses.length);
  if (at === 0) return null;
  new Int32Array((memory as WebAssembly.Memory).buffer, at, uses.length).set(uses);
  return oldest() > 0 ? (pointedAtStamps() as Int32Array).slice() : null;
}

/** How many removals the last call reports. */
export function removals(): number {
  return word((statusAt >>> 2) + 2);
}

/** The slot of the removal at `place`. */
export function removedSlot(place: number): number {
  return word((word((statusAt >>> 2) + 3) >>> 2) + 2 * place);
}

/** The reason of the removal at `place`. */
export function removedReason(place: number): Reason {
  return word((word((statusAt >>> 2) + 3) >>> 2) + 2 * place + 1);
}

/** The bytes that the last call pointed at. Valid until the next call. */
export function pointedAt(): Uint8Array {
  point();
  return bytes.subarray(pointedStart, pointedStart + pointedLength);
}

/** The same as numbers of 32 bits, signed, or of 16 bits: valid for as long as the engine says. Null where it pointed at none. */
export function pointedAtStamps(): Int32Array | null {
  point();
  return pointedLength === 0 ? null : new Int32Array(bytes.buffer, pointedStart, pointedLength >>> 2);
}

export function pointedAtMarks(): Uint16Array | null {
  point();
  return pointedLength === 0 ? null : new Uint16Array(bytes.buffer, pointedStart, pointedLength >>> 1);
}

/** All of the memory, and where in it they are: after `point`, and until the next call. */
export let bytes = new Uint8Array(0);
export let view = new DataView(bytes.buffer);
export let pointedStart = 0;
export let pointedLength = 0;

/** Finds out where they are. The length of one view tells for all, and takes as long to read as all the rest. */
export function point(): void {
  if (words.byteLength === 0) refresh();
  pointedStart = words[(statusAt >>> 2) + 4] as number;
  pointedLength = words[(statusAt >>> 2) + 5] as number;
}

function word(index: number): number {
  if (words.length === 0) refresh();
  return words[index] as number;
}
