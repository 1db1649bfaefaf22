// The order of use, as the engine knows it under `eviction: "lru"`.
import * as border from "../../target/wasm-pack/poche.js";
import { NO_INTS } from "./empty.js";
import { OutOfMemoryError } from "./errors.js";
import type { Store } from "./store.js";
import { pointedAtStamps } from "./wasm.js";

/** The slots of up to `most` entries, the one that was used longest ago first. O(n log n); O(log n) on average for one. */
export function slotsByUse(store: Store, most = Infinity): Int32Array {
  store.settle();
  if (border.by_use(store.address, Math.min(most, 2 ** 31)) < 0) throw new OutOfMemoryError();
  const slots = pointedAtStamps()?.slice() ?? NO_INTS;
  border.by_use(store.address, 0);
  return slots;
}
