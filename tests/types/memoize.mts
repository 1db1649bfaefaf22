// The types of memoize: the wrapper has the function's own parameters and result.
import { Cache, type CacheStats, type Memoized, memoize } from "poche";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the types are the very same. */
function same<A, B>(..._: Equal<A, B> extends true ? [] : [never]): void {}

const area = memoize((width: number, height = 1) => width * height);
const size = area(3, 4);
same<typeof size, number>();
same<Parameters<typeof area>, [width: number, height?: number | undefined]>();
// @ts-expect-error
area("3");
// @ts-expect-error
area();
const cache = area.cache;
same<typeof cache, Cache<[width: number, height?: number | undefined], number>>();
const there = area.has(3, 4);
same<typeof there, boolean>();
const gone = area.delete(3);
same<typeof gone, boolean>();
area.clear();
const stats = area.stats;
same<typeof stats, CacheStats | undefined>();
// @ts-expect-error
area.has("3");

const load = memoize(async (id: number) => ({ id }), "5m");
const loaded = load(1);
same<typeof loaded, Promise<{ id: number }>>();
const raw = load.cache;
same<typeof raw, Cache<[id: number], { id: number }>>();

function identity<T>(value: T): T {
  return value;
}
const generic = memoize(identity, { maxEntries: 10 });
const one = generic(1 as const);
same<typeof one, 1>();

function overloaded(value: string): string;
function overloaded(value: number): number;
function overloaded(value: unknown): unknown {
  return value;
}
const both = memoize(overloaded);
const text = both("a");
const number = both(1);
same<typeof text, string>();
same<typeof number, number>();

const keyed = memoize((user: { id: number }) => user.id, {
  key: (user) => user.id,
  ttl: 5,
  staleWhileRevalidate: "1m",
  onError: (error, args) => {
    same<typeof error, unknown>();
    same<typeof args, [user: { id: number }]>();
  },
  onRemove: (key, value) => {
    same<typeof key, number>();
    same<typeof value, number>();
  },
});
const keys = keyed.cache;
same<typeof keys, Cache<number, number>>();

const bound = memoize(function (this: { rate: number }, n: number) {
  return n * this.rate;
});
bound.call({ rate: 2 }, 1);
// @ts-expect-error
bound(1);

const shared = new Cache();
memoize((a: number) => a, { cache: shared, namespace: "a" });
// @ts-expect-error
memoize((a: number) => a, { unknown: 1 });
// @ts-expect-error
memoize((a: number) => a, "soon");

const fibonacci: ((n: number) => number) & Memoized<(n: number) => number> = memoize((n: number): number =>
  n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2),
);

class Shop {
  rate = 2;
  @memoize price(item: string): number {
    return item.length * this.rate;
  }
  @memoize(5) brief(item: string) {
    return item;
  }
  @memoize({ ttl: 5, maxEntries: 10 }) get total() {
    return this.rate;
  }
  @memoize() static all(n: number) {
    return n;
  }
  // @ts-expect-error
  @memoize field = 1;
}
const price = new Shop().price("a");
same<typeof price, number>();
