// Iteration in insertion order: lazy, and with Map's own semantics while the cache changes.
import * as border from "../../target/wasm-pack/poche.js";
import type { Store } from "./store.js";
import { statusNumber } from "./wasm.js";

// What the iterators of the language inherit from; it brings `[Symbol.iterator]` and, where there are any, the
// iterator helpers.
const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;

/** Iterates over the slots of a store, giving what `read` makes of each. */
export class SlotIterator<T> {
  // `null` once the end was reached: what is added afterwards is not visited, as in Map.
  #store: Store | null;
  #position = 0;
  readonly #read: (store: Store, slot: number) => T;

  constructor(store: Store, read: (store: Store, slot: number) => T) {
    this.#store = store;
    this.#read = read;
  }

  next(): IteratorResult<T, undefined> {
    const store = this.#store;
    if (store !== null) {
      const slot = border.advance(store.address, this.#position);
      if (slot >= 0) {
        this.#position = statusNumber();
        return { value: this.#read(store, slot), done: false };
      }
      this.#store = null;
    }
    return { value: undefined, done: true };
  }

  return(value?: undefined): IteratorResult<T, undefined> {
    this.#store = null;
    return { value, done: true };
  }

  declare [Symbol.iterator]: () => this;
}

Object.setPrototypeOf(SlotIterator.prototype, IteratorPrototype);
Object.defineProperty(SlotIterator.prototype, Symbol.toStringTag, { value: "Cache Iterator", configurable: true });
