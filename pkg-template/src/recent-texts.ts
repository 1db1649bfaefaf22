// Recent strings: at which slots the keys are that were looked up lately, for a cache that has no front table because
// the garbage collector is not to see its entries. Here it sees some thousand strings at most.

/** So many keys are held at most; then others have to come. */
const MOST = 4096;
/** Longer keys are not held. */
const LONGEST = 256;
/** Of so many lookups one is taken note of: what comes often is soon among them, what does not come again hardly ever. */
const SAMPLE = 8;

/** A string that is stored. */
interface Hit {
  readonly key: string;
  readonly slot: number;
  readonly expiry: number;
}

export class RecentTexts {
  #byKey = new Map<string, Hit>();
  #bySlot = new Map<number, Hit>();
  #lookups = 0;

  find(key: string): Hit | undefined {
    return this.#byKey.get(key);
  }

  /** Takes note of where a key is stored that was not found. */
  note(key: string, slot: number, expiry: number): void {
    if (++this.#lookups % SAMPLE > 0 || key.length > LONGEST) return;
    if (this.#byKey.size === MOST) this.clear();
    const hit = { key, slot, expiry };
    this.#byKey.set(key, hit);
    this.#bySlot.set(slot, hit);
  }

  /** Forgets the key of a slot that is given up, or whose entry gets an expiration that is not the one it had. */
  forget(slot: number, expiry: number): void {
    const hit = this.#bySlot.get(slot);
    if (hit === undefined || hit.expiry === expiry) return;
    this.#bySlot.delete(slot);
    this.#byKey.delete(hit.key);
  }

  /** Forgets all keys. */
  clear(): void {
    this.#byKey.clear();
    this.#bySlot.clear();
  }
}
