// Slots by small whole numbers, as an array has elements: of keys that are such numbers, or their digits.
import { NO_INTS } from "./empty.js";

export class Dense {
  /** By number; -1 for none. */
  slots = NO_INTS;
  // Reading the length of a typed array takes V8 as long as all the rest of a lookup.
  length = 0;

  /** Whether the number has this slot. */
  has(whole: number, slot: number): boolean {
    return whole >>> 0 < this.length && this.slots[whole] === slot;
  }

  clear(): void {
    this.slots = NO_INTS;
    this.length = 0;
  }
}
