// A program that uses lru-cache with types. It compiles the same with `poche/lru-cache` in its import.
import { LRUCache } from "lru-cache";

interface User {
  name: string;
}
interface Context {
  token: string;
}

const disposed: [User, string, LRUCache.DisposeReason][] = [];
const options: LRUCache.Options<string, User, Context> = {
  max: 100,
  ttl: 60_000,
  allowStale: true,
  sizeCalculation: (user: User, key: string): number => user.name.length + key.length,
  maxSize: 10_000,
  dispose: (user, key, reason) => disposed.push([user, key, reason]),
  fetchMethod: async (key, stale, { options: fetching, signal, context }): Promise<User | undefined> => {
    const response = await fetch(`/users/${key}`, { signal, headers: { token: context.token } });
    fetching.ttl = response.ok ? 60_000 : 1;
    return response.ok ? ((await response.json()) as User) : stale;
  },
};

export class Users {
  readonly #cache: LRUCache<string, User, Context> = new LRUCache(options);

  load(name: string, signal: AbortSignal): Promise<User | undefined> {
    return this.#cache.fetch(name, { context: { token: "secret" }, signal, forceRefresh: name === "ada" });
  }

  keep(user: User, setOptions?: LRUCache.SetOptions<string, User, Context>): this {
    this.#cache.set(user.name, user, { ttl: 5, ...setOptions });
    return this;
  }

  get names(): string[] {
    return [...this.#cache.keys()];
  }

  report(): [string, LRUCache.Entry<User>][] {
    this.#cache.forEach((user, key, cache) => {
      if (cache.getRemainingTTL(key) < 0) this.keep(user);
    });
    return this.#cache.dump();
  }
}

const squares = new LRUCache<number, number>({ max: 10, memoMethod: (n) => n * n });
export const nine: number = squares.memo(3);
export const perhaps: number | undefined = squares.get(3, { updateAgeOnGet: true }) ?? squares.pop();
