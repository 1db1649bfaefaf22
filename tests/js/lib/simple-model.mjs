// What a cache does, as a Map does it: keys by SameValueZero, exact LRU, expiry. For strings and numbers as keys.

/** `maxEntries`: evicts what was used longest ago. `now`: gives the time, in milliseconds. `told(key, reason)`: onRemove. */
export class SimpleModel {
  /** In insertion order: `{ value, expires }`. */
  entries = new Map();
  /** The keys, the one used longest ago first. */
  uses = new Map();
  events = [];

  constructor({ maxEntries = Infinity, now = () => 0, told } = {}) {
    Object.assign(this, { maxEntries, now, told });
  }

  get size() {
    return this.entries.size;
  }

  isLive = (key) => this.entries.has(key) && this.entries.get(key).expires > this.now();

  use(key) {
    this.uses.delete(key);
    this.uses.set(key, true);
  }

  remove(key, reason) {
    const { value } = this.entries.get(key);
    this.entries.delete(key);
    this.uses.delete(key);
    this.events.push([key, value, reason]);
  }

  /** As a cache does: once the operation is over, and what handlers do in turn is told in turn. */
  tell() {
    const { events } = this;
    this.events = [];
    if (this.told) for (const event of events) this.told(...event);
  }

  set(key, value, seconds = Infinity) {
    const before = this.entries.get(key);
    if (before !== undefined) {
      this.events.push([key, before.value, before.expires > this.now() ? "replaced" : "expired"]);
    } else if (this.entries.size >= this.maxEntries) {
      this.remove(this.uses.keys().next().value, "evicted");
    }
    this.entries.set(key, { value, expires: this.now() + 1000 * seconds });
    this.use(key);
    this.tell();
  }

  get(key) {
    const live = this.isLive(key);
    const value = live ? this.entries.get(key).value : undefined;
    if (live) this.use(key);
    else if (this.entries.has(key)) this.remove(key, "expired");
    this.tell();
    return value;
  }

  has = (key) => this.isLive(key);
  peek = (key) => (this.isLive(key) ? this.entries.get(key).value : undefined);

  gos(key, value) {
    const found = this.get(key);
    if (found !== undefined) return found;
    this.set(key, value);
    return value;
  }

  delete(key) {
    const stored = this.entries.has(key);
    if (stored) this.remove(key, "deleted");
    this.tell();
    return stored;
  }

  rename(from, to) {
    const entry = this.entries.get(from);
    if (entry === undefined) return false;
    this.entries.delete(from);
    this.uses.delete(from);
    const there = this.entries.get(to);
    if (there !== undefined) {
      this.remove(to, there.expires > this.now() ? "replaced" : "expired");
    }
    this.entries.set(to, entry);
    this.use(to);
    this.tell();
    return true;
  }

  flush() {
    for (const [key, { value }] of this.entries) this.events.push([key, value, "flushed"]);
    this.entries.clear();
    this.uses.clear();
    this.tell();
  }

  setTtl(key, seconds) {
    if (!this.entries.has(key)) return false;
    this.entries.get(key).expires = this.now() + 1000 * seconds;
    return true;
  }

  pairs = () => [...this.entries].map(([key, { value }]) => [key, value]);
}
