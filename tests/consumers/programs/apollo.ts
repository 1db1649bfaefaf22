// `poche/apollo` where Apollo's own types and wrappers take a cache.
import {
  ErrorsAreMissesCache,
  type KeyValueCache,
  type KeyValueCacheSetOptions,
  PrefixingKeyValueCache,
} from "@apollo/utils.keyvaluecache";
import { Cache } from "poche";
import { KeyValueCachePoche } from "poche/apollo";

const store: KeyValueCache = new KeyValueCachePoche({ maxEntries: 100 });
const one: KeyValueCache = new PrefixingKeyValueCache(store, "one:");
const two = new PrefixingKeyValueCache(store, "two:");
const users: KeyValueCache<{ name: string }, KeyValueCacheSetOptions> = new KeyValueCachePoche<{ name: string }>();

export async function run() {
  await one.set("a", "1", { ttl: 60 });
  await two.set("a", "2", { ttl: null });
  await users.set("ada", { name: "Ada" });
  const freed = new Cache<string, string>();
  freed.free();
  const errors: unknown[] = [];
  const forgiving = new ErrorsAreMissesCache(new KeyValueCachePoche(freed), {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (error: unknown) => errors.push(error),
  });
  return {
    apart: [await one.get("a"), await two.get("a"), (await store.get("a")) ?? null, await store.get("one:a")],
    deleted: [await one.delete("a"), await one.delete("a"), (await one.get("a")) ?? null, await two.get("a")],
    user: await users.get("ada"),
    missed: [(await forgiving.get("a")) ?? null, errors.length],
  };
}
