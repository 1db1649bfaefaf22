// What adapters to other caches show of a cache besides its entries: the order of use, and what all entries weigh.
import * as border from "../../target/wasm-pack/poche.js";
import { slotsByUse } from "./by-use.js";
import { storeOf } from "./cache.js";

/**
 * The values, the one that was used longest ago first; `most` of them at most. That is no use. There are none where
 * `eviction` is not `"lru"`, or nothing is bounded.
 */
export function valuesByUse(cache: object, most = Infinity): unknown[] {
  const store = storeOf(cache);
  return Array.from(slotsByUse(store, most), (slot) => store.value(slot));
}

/** The sizes of all entries together, where `maxBytes` is given. O(1). */
export function weightOf(cache: object): number {
  return border.bytes(storeOf(cache).address);
}
