// Slots by strings of the digits of small whole numbers. Such a string is itself the index into an array: V8 keeps the
// number with it, and does not read the digits again.
import { lengthen } from "./growth.js";
import { wholeOf } from "./text-hash.js";

/** What is found in the place of a slot. */
export const enum Digit {
  Absent = -1,
  Other = -2,
}

export class Digits {
  /** By number, inverted: below 0, as no other property of an array is; and 0 for none. */
  readonly #slots: number[] = [];
  length = 0;
  /** Whether other strings came as well, which are names of properties: then the digits are read first. */
  #isMixed = false;

  /** The slot of a string; or `Digit.Absent`, or `Digit.Other` where the string is none of these. */
  find(text: string): number {
    if (this.#isMixed === true) return this.#findMixed(text);
    const inverted: unknown = this.#slots[text as never];
    return typeof inverted === "number" && inverted < 0 ? ~inverted : this.#findNone(text, inverted);
  }

  #findNone(text: string, inverted: unknown): number {
    if (inverted === 0) return Digit.Absent;
    this.#isMixed = wholeOf(text) < 0;
    return Digit.Other;
  }

  #findMixed(text: string): number {
    const whole = wholeOf(text);
    return whole >>> 0 < this.length ? ~(this.#slots[whole] as number) : Digit.Other;
  }

  // The others are told the number: to store by a string, V8 asks its runtime.

  /** Whether the string of a number has this slot. */
  has(whole: number, slot: number): boolean {
    return whole >>> 0 < this.length && this.#slots[whole] === ~slot;
  }

  /** Takes the slot of such a string away. Whether it was this one. */
  remove(whole: number, slot: number): boolean {
    if (!this.has(whole, slot)) return false;
    this.#slots[whole] = 0;
    return true;
  }

  /** Gives a slot to the string of a number below `length`. */
  set(whole: number, slot: number): void {
    this.#slots[whole] = ~slot;
  }

  /** Takes in all numbers below `length`. */
  widen(length: number): void {
    lengthen(this.#slots, length, 0);
    this.length = length;
  }

  clear(): void {
    this.#slots.length = this.length = 0;
  }
}
