// The types of a cache, as a program in strict mode sees them.
import {
  ArgumentError,
  ArgumentRangeError,
  Cache,
  CacheItem,
  type CacheOptions,
  type CacheStats,
  FreedError,
  KeyError,
  OutOfMemoryError,
  type RemoveReason,
  type Ttl,
  UnhashableKeyError,
} from "poche";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the types are the very same. */
function same<A, B>(..._: Equal<A, B> extends true ? [] : [never]): void {}

interface User {
  name: string;
}

// Without parameters: unknown, never any.
const plain = new Cache();
same<typeof plain, Cache<unknown, unknown>>();
const found = plain.get("un");
same<typeof found, unknown>();

// With parameters.
const users = new Cache<string, User>({ defaultTtl: 60 });
const user = users.get("ada");
same<typeof user, User | undefined>();
const peeked = users.peek("ada");
same<typeof peeked, User | undefined>();
const before = users.getset("ada", { name: "Ada" }, "5m");
same<typeof before, User | undefined>();
const expiry = users.getTtl("ada");
same<typeof expiry, Date | null | undefined>();
const item = users.item("ada");
same<typeof item, CacheItem<User> | undefined>();
const many = users.getMany(["ada", "bob"]);
same<typeof many, (User | undefined)[]>();
const dictItem = users.dict.ada;
same<typeof dictItem, CacheItem<User> | undefined>();
users.dict.ada = new CacheItem({ name: "Ada" });
const stats = users.stats;
same<typeof stats, CacheStats | undefined>();
const self = users.set("ada", { name: "Ada" }).setMany([
  ["bob", { name: "Bob" }],
  ["eve", { name: "Eve" }, 5],
]);
same<typeof self, Cache<string, User>>();
const removed: boolean =
  users.delete("ada") && users.rename("ada", "eve") && users.persist("eve") && users.bump("eve", 1);
const all: boolean[] = users.deleteMany(new Set(["ada"]));
const counted: number = users.size + users.purge();

// @ts-expect-error: a key of another type
users.get(5);
// @ts-expect-error: a value of another type
users.set("ada", "Ada");
// @ts-expect-error: no CacheItem
users.setItem("ada", { name: "Ada" });
// @ts-expect-error: no CacheItem
users.dict.ada = { name: "Ada" };
// @ts-expect-error: a CacheItem of another type
users.setItem("ada", new CacheItem(5));
// @ts-expect-error: seconds are a number
users.bump("ada", "5s");
// @ts-expect-error: only read
users.size = 5;

// strict: true means that there is always a value.
const strict = new Cache<string, User>({ strict: true });
same<typeof strict, Cache<string, User, never>>();
const sure = strict.get("ada");
same<typeof sure, User>();
const sureItem = strict.item("ada");
same<typeof sureItem, CacheItem<User>>();
const sureExpiry = strict.getTtl("ada");
same<typeof sureExpiry, Date | null>();
const name: string = strict.get("ada").name + strict.dict.ada?.value.name + strict.peek("ada").name;
const notStrict = new Cache<string, User>({ strict: false });
const perhaps = notStrict.get("ada");
same<typeof perhaps, User | undefined>();
const stillPerhaps = strict.getMany(["ada"])[0];
same<typeof stillPerhaps, User | undefined>();

// A class that extends Cache says by the third parameter what a lookup gives besides values.
class Users extends Cache<string, User, undefined> {
  constructor(names: string[]) {
    super({ maxEntries: names.length });
    for (const name of names) this.add({ name });
  }
  add(added: User): this {
    return this.set(added.name, added);
  }
}
class StrictNumbers<K> extends Cache<K, number, never> {
  constructor() {
    super({ strict: true });
  }
  twice(key: K): number {
    return 2 * this.get(key);
  }
}
class Plain<V> extends Cache<string, V, undefined> {}
const extended = new Users(["ada"]).add({ name: "bob" });
same<typeof extended, Users>();
const extendedUser = extended.get("ada");
same<typeof extendedUser, User | undefined>();
const sureNumber = new StrictNumbers<[number, number]>().get([1, 2]);
same<typeof sureNumber, number>();
const fromOptions = new Plain<Date>({ defaultTtl: 5 }).get("a");
same<typeof fromOptions, Date | undefined>();
const taken: Cache<string, User> = extended;
class NotStrict extends Cache<string, User, never> {
  constructor() {
    // @ts-expect-error: there may be nothing, so it has to be strict
    super({ maxEntries: 5 });
  }
}
const explicit = new Cache<string, User, never>({ strict: true }).get("ada");
same<typeof explicit, User>();
// @ts-expect-error: the same
new Cache<string, User, never>();

// gos: with values, functions, promises.
const numbers = new Cache<string, number>();
const value = numbers.gos("un", 1);
same<typeof value, number>();
const made = numbers.gos("un", () => 1, "5m");
same<typeof made, number>();
const promised = numbers.gos("un", async () => 1);
same<typeof promised, Promise<number>>();
// @ts-expect-error: a function that gives something else
numbers.gos("un", () => "one");
// @ts-expect-error: a promise of something else
numbers.gos("un", async () => "one");

// Every form of a ttl.
const ttls: (Ttl | undefined)[] = [
  5,
  0.5,
  Infinity,
  "500ms",
  "5s",
  "10m",
  "2h",
  "7d",
  "1.5h",
  new Date(),
  null,
  undefined,
];
for (const ttl of ttls) {
  numbers.set("un", 1, ttl).setTtl("un", ttl);
  numbers.gos("un", 1, ttl);
  new Cache({ defaultTtl: ttl, purgeEvery: ttl });
}
// @ts-expect-error: no unit
numbers.set("un", 1, "5");
// @ts-expect-error: no such unit
numbers.set("un", 1, "5 minutes");
// @ts-expect-error: no boolean
numbers.set("un", 1, true);
// @ts-expect-error: the ttl has to be said, be it undefined
numbers.setTtl("un");

// Options.
const options: CacheOptions<string, User> = {
  maxEntries: 1000,
  maxBytes: 1e6,
  sizeOf: (value, key) => value.name.length + key.length,
  eviction: "lru",
  keys: "identity",
  values: "reference",
  stats: true,
  clockResolution: 0,
  purgeEvery: "1m",
  onRemove: (key, value, reason) => {
    same<typeof key, string>();
    same<typeof value, User>();
    same<typeof reason, RemoveReason>();
  },
};
const configured = new Cache(options);
same<typeof configured, Cache<string, User>>();
const inferred = new Cache({ maxBytes: 100, sizeOf: (text: string) => text.length });
same<typeof inferred, Cache<unknown, string>>();
// @ts-expect-error: no such option
new Cache({ ttl: 5 });
// @ts-expect-error: no such policy
new Cache({ eviction: "lfu" });
// @ts-expect-error: not a number
new Cache({ maxEntries: "5" });

// Iteration.
for (const [key, user] of users) {
  same<typeof key, string>();
  same<typeof user, User>();
}
for (const [key, item] of users.items()) {
  same<typeof key, string>();
  same<typeof item, CacheItem<User>>();
}
const keys: string[] = [...users.keys()];
const values: User[] = [...users.values()];
const entries: [string, User][] = [...users.entries()];
const asMap: Map<string, User> = new Map(users);
users.forEach((value, key, cache) => {
  same<typeof value, User>();
  same<typeof key, string>();
  same<typeof cache, Cache<string, User>>();
});

// Items.
const bare = new CacheItem(5);
same<typeof bare, CacheItem<number>>();
const json: { value: number; expiration: string | null } = bare.toJSON();
const equal: boolean = bare.equals(5) && bare.isExpired();
// @ts-expect-error: frozen
bare.value = 6;
// @ts-expect-error: a Date or null
new CacheItem(5, 60);

// Errors.
const errors: Error[] = [new KeyError("un"), new FreedError()];
const typeErrors: TypeError[] = [new ArgumentError(), new UnhashableKeyError()];
const rangeErrors: RangeError[] = [new ArgumentRangeError(), new OutOfMemoryError()];
const code: "ERR_KEY_NOT_FOUND" = new KeyError("un").code;

// Release.
function scoped(): void {
  using cache = new Cache<string, number>();
  cache.set("un", 1);
}
scoped();

// A cache of anything takes any cache's place where only keys of its type are used.
function read(cache: Cache<string, User>): User | undefined {
  return cache.get("ada");
}
read(users);
read(strict);

export {
  all,
  asMap,
  code,
  counted,
  entries,
  equal,
  errors,
  json,
  keys,
  NotStrict,
  name,
  rangeErrors,
  removed,
  taken,
  typeErrors,
  values,
};
