// Erasures: what was deleted while memoized functions may have been running, so that their results stay out.
//
// A synchronous function runs to its end before anything else does, so only what it calls itself can overtake it.
// All is forgotten in the next microtask, when no such run is left. A run keeps nothing on the stack for this: the
// beginning of a run takes its key out, and its end looks whether the key is back.

export class Erasures {
  /** Whether there is anything to look for. */
  active = false;
  #all = false;
  readonly #names = new Set<string | number>();
  /** The keys whose runs began after everything was deleted. */
  readonly #since = new Set<string | number>();

  /** A run begins. */
  begin(name: string | number): void {
    this.#names.delete(name);
    if (this.#all) this.#since.add(name);
  }

  /** Whether the entry was deleted since its run began. */
  has(name: string | number): boolean {
    return this.#names.has(name) || (this.#all && !this.#since.has(name));
  }

  /** An entry is deleted. */
  note(name: string | number): void {
    this.#arm();
    this.#names.add(name);
  }

  /** All entries are deleted. */
  noteAll(): void {
    this.#arm();
    this.#all = true;
    this.#since.clear();
  }

  #arm(): void {
    if (this.active) return;
    this.active = true;
    Promise.resolve().then(() => {
      this.active = false;
      this.#all = false;
      this.#names.clear();
      this.#since.clear();
    });
  }
}
