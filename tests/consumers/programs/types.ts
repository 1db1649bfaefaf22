// What every TypeScript must make of the declarations, by whichever way it finds them.
import { Cache, CacheItem, type CacheOptions, memoize } from "poche";
import { KeyValueCachePoche } from "poche/apollo";
import KeyvPoche from "poche/keyv";
import { LRUCache } from "poche/lru-cache";
import { init } from "poche/wasm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(..._: Equal<A, B> extends true ? [] : [never]): void {}

const options: CacheOptions<string, number> = { maxEntries: 5, onRemove: (key, value) => key.length + value };
const cache = new Cache(options);
const found = cache.set("a", 1, "5m").get("a");
same<typeof found, number | undefined>();
const sure = new Cache<string, number>({ strict: true }).get("a");
same<typeof sure, number>();
const bare = new Cache().get("a");
same<typeof bare, unknown>();
for (const [key, value] of cache) {
  same<typeof key, string>();
  same<typeof value, number>();
}
class Users extends Cache<string, { name: string }, undefined> {}
const user = new Users({ defaultTtl: 5 }).get("ada");
same<typeof user, { name: string } | undefined>();
const item = new CacheItem(1);
same<typeof item, CacheItem<number>>();
const twice = memoize((n: number) => 2 * n, 5);
const four = twice(2);
same<typeof four, number>();
const lru = new LRUCache<string, number>({ max: 5 }).get("a");
same<typeof lru, number | undefined>();
const apollo = new KeyValueCachePoche().get("a");
same<typeof apollo, Promise<string | undefined>>();
const keyv = new KeyvPoche().delete("a");
same<typeof keyv, Promise<boolean>>();
// @ts-expect-error: no number
init(5);
// @ts-expect-error: no such option
new Cache({ ttl: 5 });
