// One process: each cell by poche in its two policies and with expiry, and by a bare Map, in turns. Prints, by cell,
// the fastest pass of each in nanoseconds per operation.
//
//   node worker.mjs ROUNDS [CELL ...]
import { Cache } from "poche";

const [rounds, ...wanted] = process.argv.slice(2);

/** A Map that lets the oldest entry go: where more keys come than fit, a bare one would do less than its part. */
class BoundedMap extends Map {
  constructor(most) {
    super();
    this.most = most;
  }

  set(key, value) {
    if (this.size >= this.most && !this.has(key)) this.delete(this.keys().next().value);
    return super.set(key, value);
  }
}

const makers = {
  Map: (most, cell) => (cell.includes("more keys than fit") ? new BoundedMap(most) : new Map()),
  poche: (most) => new Cache({ maxEntries: most }),
  "poche lru": (most) => new Cache({ maxEntries: most, eviction: "lru" }),
  "poche ttl": (most) => new Cache({ maxEntries: most, defaultTtl: 3600 }),
};
const loaded = [];
for (const [name, make] of Object.entries(makers)) {
  const { cells, OPERATIONS } = await import(`./cells.mjs?${encodeURIComponent(name)}`);
  loaded.push({ name, make, cells, OPERATIONS });
}

const results = {};
for (const cell of wanted.length > 0 ? wanted : Object.keys(loaded[0].cells)) {
  const passes = loaded.map(({ name, make, cells }) => [name, cells[cell]((most) => make(most, cell))]);
  const best = Object.fromEntries(passes.map(([name]) => [name, Infinity]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const [name, pass] of passes) {
      const start = process.hrtime.bigint();
      pass();
      best[name] = Math.min(best[name], Number(process.hrtime.bigint() - start) / loaded[0].OPERATIONS);
    }
  }
  results[cell] = best;
}
console.log(JSON.stringify(results));
process.exit(0);
