// `purgeEvery`: a timer that removes what has expired, a bounded slice at a time.

import type { Store } from "./store.js";
import { every, soon } from "./timers.js";

// About a millisecond's work.
const SLICE = 1024;

/**
 * Purges a store regularly until the function that this gives is called. The timer keeps neither the process nor the
 * store alive. Where timers cannot be had, nothing is purged.
 */
export function purgeRegularly(store: Store, milliseconds: number): (() => void) | undefined {
  const reference = new WeakRef(store);
  const stop = every(milliseconds, () => {
    if (!purgeSlice(reference)) stop?.();
  });
  return stop;
}

/** Whether the store is still there. */
function purgeSlice(reference: WeakRef<Store>): boolean {
  const store = reference.deref();
  if (store === undefined || store.freed) return false;
  if (store.purge(SLICE) === SLICE) soon(() => purgeSlice(reference));
  store.tell();
  return true;
}
