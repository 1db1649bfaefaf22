// How old entries are, by a clock of which one reading serves for a while.
import { after } from "../timers.js";
import type { Entry } from "./entry.js";
import type { Perf } from "./options.js";

/** The host's clock, looked up at each use, so that the one of a test framework counts from when it is there. */
const HOST: Perf = { now: () => (globalThis.performance ?? Date).now() };

export class Ages {
  readonly perf: Perf;
  /** The reading that serves now; 0: none does. */
  #reading = 0;

  constructor(perf: Perf | undefined) {
    this.perf = perf ?? HOST;
  }

  /** Milliseconds that an entry has left, negative when its time is over. One reading serves for `resolution`. */
  left(entry: Entry<unknown, unknown>, resolution: number): number {
    if (!entry.isTimed) return Infinity;
    return entry.ttl - ((this.#reading || this.#read(resolution)) - entry.start);
  }

  #read(resolution: number): number {
    const now = this.perf.now();
    const forget = () => {
      this.#reading = 0;
    };
    if (resolution > 0 && after(resolution, forget) !== undefined) this.#reading = now;
    return now;
  }
}
