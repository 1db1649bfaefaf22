// `using`: the key of the method that it calls, which older hosts and older libraries of types do not have.

/** @internal `Symbol.dispose`. Where there is none, a method under another symbol harms nobody. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

/** The type of that key, as far as the libraries that a program is checked with know it. */
type DisposeKey = SymbolConstructor extends { readonly dispose: infer S extends symbol } ? S : never;

/** What `using` takes, in the same measure: a method under a key that is not known would be an error. */
export type Disposing = { [K in DisposeKey]: () => void };
