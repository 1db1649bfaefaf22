// The same types by require.
import poche = require("poche");

const cache: poche.Cache<string, number> = new poche.Cache<string, number>({ maxEntries: 5 });
const value: number | undefined = cache.set("un", 1, "5m").get("un");
const item: poche.CacheItem<number> | undefined = cache.item("un");

export = { value, item };
