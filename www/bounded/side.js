// One of the two caches under load, with a tile for each entry that it may hold.
import { Cache } from "poche";

export class Side {
  constructor(capacity, eviction) {
    // A tile shows a key (-1: none), how recently it was hit or filled (1 fading to 0) and when its last victim left.
    this.keys = new Int32Array(capacity).fill(-1);
    this.hit = new Float32Array(capacity);
    this.fresh = new Float32Array(capacity);
    this.victim = new Float32Array(capacity);
    this.free = Array.from({ length: capacity }, (_, index) => capacity - 1 - index);
    this.evicted = [];
    this.cache = new Cache({
      maxEntries: capacity,
      stats: true,
      ...(eviction && { eviction }),
      onRemove: (key, entry) => this.leave(key, entry),
    });
  }

  /** One request: a hit, or a miss after which the key is stored. Gives whether it hit. */
  ask(key) {
    this.evicted.length = 0;
    const found = this.cache.get(key);
    if (found !== undefined) {
      this.hit[found.tile] = 1;
      return true;
    }
    const entry = { tile: -1 };
    this.cache.set(key, entry);
    // Room has been made by now, so a tile is free.
    entry.tile = this.free.pop();
    this.keys[entry.tile] = key;
    this.fresh[entry.tile] = 1;
    this.hit[entry.tile] = 0;
    return false;
  }

  leave(key, { tile }) {
    this.evicted.push(key);
    this.keys[tile] = -1;
    this.victim[tile] = 1;
    this.free.push(tile);
  }

  /** Lets the traces of hits, arrivals and victims fade by this much. */
  fade(amount) {
    for (const trace of [this.hit, this.fresh, this.victim]) {
      for (let tile = 0; tile < trace.length; tile++) trace[tile] = Math.max(0, trace[tile] - amount);
    }
  }

  close() {
    this.cache.free();
  }
}
