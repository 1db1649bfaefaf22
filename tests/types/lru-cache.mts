// The types of `poche/lru-cache`: those that programs know from lru-cache, by the same names.
import { LRUCache } from "poche/lru-cache";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the types are the very same. */
function same<A, B>(..._: Equal<A, B> extends true ? [] : [never]): void {}

const options: LRUCache.Options<string, number, unknown> = {
  max: 500,
  maxSize: 5000,
  sizeCalculation: (value, key) => value + key.length,
  dispose: (value, key, reason) => {
    same<typeof value, number>();
    same<typeof key, string>();
    same<typeof reason, "evict" | "set" | "delete" | "expire" | "fetch">();
  },
  ttl: 1000,
  fetchMethod: async (key, stale, { options, signal }) => {
    same<typeof stale, number | undefined>();
    options.ttl = key.length;
    same<typeof signal, LRUCache.FetcherOptions<string, number>["signal"]>();
    return 1;
  },
};
const cache = new LRUCache(options);
same<typeof cache, LRUCache<string, number, unknown>>();
const found = cache.get("a", { allowStale: true });
same<typeof found, number | undefined>();
const self = cache.set("a", 1, { ttl: 5, size: 1, noUpdateTTL: true }).set("b", undefined);
same<typeof self, LRUCache<string, number, unknown>>();
const fetched = cache.fetch("a", { forceRefresh: true, context: "anything" });
same<typeof fetched, Promise<number | undefined>>();
const forced = cache.forceFetch("a");
same<typeof forced, Promise<number>>();
const dumped = cache.dump();
same<typeof dumped, [string, LRUCache.Entry<number>][]>();
cache.load(dumped);
for (const [key, value] of cache) {
  same<typeof key, string>();
  same<typeof value, number>();
}
const keys: string[] = [...cache.keys(), ...cache.rkeys()];
const values: number[] = [...cache.values(), ...cache.rvalues()];
cache.forEach((value, key, third) => {
  same<typeof value, number>();
  same<typeof key, string>();
  same<typeof third, LRUCache<string, number, unknown>>();
});
cache.allowStale = true;

// @ts-expect-error: a bound is needed
new LRUCache({ allowStale: true });
// @ts-expect-error: a value of another type
cache.set("a", "1");
// @ts-expect-error: a key of another type
cache.get(1);
// @ts-expect-error: read only
cache.size = 5;
// @ts-expect-error: undefined is no value
new LRUCache<string, undefined>({ max: 1 });

// A context that has a type must be given; one that may be left out, may.
interface Context {
  user: string;
}
const withContext = new LRUCache<string, number, Context>({
  max: 1,
  fetchMethod: (_key, _stale, { context }) => context.user.length,
  memoMethod: (_key, _stale, { context }) => context.user.length,
});
withContext.fetch("a", { context: { user: "ada" } });
const memoized = withContext.memo("a", { context: { user: "ada" } });
same<typeof memoized, number>();
// @ts-expect-error: no context
withContext.fetch("a");
// @ts-expect-error: another context
withContext.memo("a", { context: { user: 5 } });
new LRUCache<string, number, undefined>({ max: 1 }).fetch("a");
new LRUCache<string, number, Context | undefined>({ max: 1 }).fetch("a");

class Numbers extends LRUCache<string, number> {
  constructor() {
    super({ max: 5, keys: "value" });
  }
}
const extended = new Numbers().set("a", 1);
same<typeof extended, Numbers>();

export { keys, values };
