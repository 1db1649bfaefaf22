// `cache.dict`: the entries whose keys are strings or symbols, for bracket syntax.
import { CacheItem } from "./cache-item.js";
import { KeyError, refuse } from "./errors.js";

/** What the proxy needs of a cache. Nothing here throws for what is missing. */
export interface DictSource {
  readonly strict: boolean;
  item(key: string | symbol): CacheItem | undefined;
  setItem(key: string | symbol, item: CacheItem): void;
  delete(key: string | symbol): boolean;
  keys(): Iterable<unknown>;
}

// What the language itself asks every object for; a strict dict does not throw for these.
const PROTOCOLS: ReadonlySet<unknown> = new Set([
  "then",
  "toJSON",
  ...Reflect.ownKeys(Symbol).map((name) => (Symbol as unknown as Record<PropertyKey, unknown>)[name]),
]);

/** Makes the proxy. Its values are `CacheItem`s, in and out; what has expired is there until it is removed. */
export function makeDict(source: DictSource): object {
  return new Proxy(Object.create(null) as object, {
    get(_, key) {
      const item = source.item(key);
      if (item === undefined && source.strict && !PROTOCOLS.has(key)) throw new KeyError(key);
      return item;
    },
    has: (_, key) => source.item(key) !== undefined,
    deleteProperty(_, key) {
      if (!source.delete(key) && source.strict) throw new KeyError(key);
      return true;
    },
    ownKeys() {
      const keys: (string | symbol)[] = [];
      for (const key of source.keys()) {
        if (typeof key === "string" || typeof key === "symbol") keys.push(key);
      }
      return keys;
    },
    getOwnPropertyDescriptor(_, key) {
      const value = source.item(key);
      return value && { value, writable: true, enumerable: true, configurable: true };
    },
    // Assignments come here too, as they do with any object.
    defineProperty(_, key, descriptor) {
      const { configurable = true, enumerable = true, writable = true } = descriptor;
      if (!(configurable && enumerable && writable && "value" in descriptor)) return false;
      source.setItem(key, readItem(descriptor.value));
      return true;
    },
    setPrototypeOf: (_, prototype) => prototype === null,
    // Proxies must not say that they are closed while their target is not.
    preventExtensions: () => false,
  });
}

/** Checks what is to be stored as an item. */
export function readItem(value: unknown): CacheItem {
  if (value instanceof CacheItem) return value;
  return refuse("item", "a CacheItem, such as new CacheItem(1)", value);
}
