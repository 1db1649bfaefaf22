// An entry of an `LRUCache`: what stands in the engine as the value of a key.
import type { Flight } from "./flight.js";

export class Entry<K, V> {
  readonly key: K;
  /** `undefined` until the first fetch has brought something. */
  value: V | undefined;
  size: number;
  /** Milliseconds from `start`; 0: for ever. */
  ttl = 0;
  start = 0;
  /** The fetch under way. */
  flight: Flight<V> | null = null;
  /** Calls off the timer that would remove the entry. */
  callOff: (() => void) | undefined = undefined;

  constructor(key: K, value: V | undefined, size: number) {
    this.key = key;
    this.value = value;
    this.size = size;
  }

  /** Whether its time can be over at all. */
  get isTimed(): boolean {
    return this.ttl !== 0 && this.start !== 0;
  }
}
