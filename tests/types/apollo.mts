// The types of `poche/apollo`.
import { Cache } from "poche";
import named, { KeyValueCachePoche, type KeyValueCacheSetOptions } from "poche/apollo";

/** What Apollo calls. */
interface KeyValueCache<V = string> {
  get(key: string): Promise<V | undefined>;
  set(key: string, value: V, options?: { ttl?: number | null }): Promise<void>;
  delete(key: string): Promise<unknown>;
}

const text: KeyValueCache = new KeyValueCachePoche();
const users: KeyValueCache<{ name: string }> = new named<{ name: string }>({ maxEntries: 5, defaultTtl: "5m" });
const onCache: KeyValueCache<number> = new KeyValueCachePoche<number>(new Cache<string, number>());
const options: KeyValueCacheSetOptions[] = [{}, { ttl: 5 }, { ttl: null }];
text.set("a", "1", options[0]);
// @ts-expect-error: a value of another type
new KeyValueCachePoche().set("a", 1);
// @ts-expect-error: seconds are a number
new KeyValueCachePoche().set("a", "1", { ttl: "5m" });

export { onCache, users };
