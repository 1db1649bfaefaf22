// What takes how long of that: printed as JSON, in milliseconds.
import { writeSync } from "node:fs";

const parts = {};
let last = performance.now();
const lap = (part) => {
  const now = performance.now();
  parts[part] = now - last;
  last = performance.now();
};
const { Cache } = await import("poche");
lap("import");
const cache = new Cache();
lap("the first new Cache()");
cache.set("key", 1);
lap("the first set");
cache.get("key");
lap("the first get");
writeSync(1, JSON.stringify(parts));
