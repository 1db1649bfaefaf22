// Bytes in the making: a buffer that grows.
import { OutOfMemoryError } from "../errors.js";
import { double, doubleBytes, textRoom, writeCount, writeTagged } from "../keys/format.js";

const FIRST = 1024;
/** Up to so many bytes, a loop beats a view and a call. */
const SHORT = 64;

export class Writer {
  bytes: Uint8Array = new Uint8Array(FIRST);
  /** Where the next byte goes. */
  at = 0;

  /** Makes sure that there is room for `size` bytes, which `putByte` and `putCount` need. */
  makeRoom(size: number): void {
    const needed = this.at + size;
    if (needed > this.bytes.length) this.resize(Math.max(needed, 2 * this.bytes.length));
  }

  /** Moves to a buffer of another size. */
  resize(size = FIRST): void {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(size);
    } catch {
      throw new OutOfMemoryError();
    }
    bytes.set(this.bytes.subarray(0, Math.min(this.at, size)));
    this.bytes = bytes;
  }

  putByte(byte: number): void {
    this.bytes[this.at++] = byte;
  }

  putCount(count: number): void {
    this.at = writeCount(count, this.bytes, this.at);
  }

  putText(text: string): void {
    this.makeRoom(textRoom(text));
    this.at = writeTagged(text, this.bytes, this.at);
  }

  /** Puts `length` bytes from `start`, after how many they are. Makes room for them. */
  putBlock(source: Uint8Array, start = 0, length = source.length): void {
    this.makeRoom(length + 8);
    this.putCount(length);
    this.putBytes(source, start, length);
  }

  /** The same without how many. */
  putBytes(source: Uint8Array, start: number, length: number): void {
    this.makeRoom(length);
    copy(source, start, length, this.bytes, this.at);
    this.at += length;
  }

  putDouble(value: number): void {
    double[0] = value;
    this.putBytes(doubleBytes, 0, 8);
  }
}

/** Copies `length` bytes. */
export function copy(source: Uint8Array, start: number, length: number, target: Uint8Array, at: number): void {
  if (length > SHORT) target.set(source.subarray(start, start + length), at);
  else for (let i = 0; i < length; i++) target[at + i] = source[start + i] as number;
}
