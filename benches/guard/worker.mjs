// One process: a cell by poche in its two policies and with expiry, and by a bare Map, in turns. Prints the fastest pass
// of each in nanoseconds per operation.
//
// A pass may take longer than a busy machine lets a process run at a stretch, so that none of them is undisturbed. What
// the process itself used does not count the time that others had; what the clock says does not count the threads that
// compile and collect beside the pass. The smaller of the two is the pass's.
//
//   node worker.mjs ROUNDS CELL
import { Cache } from "poche";

const [rounds, cell] = process.argv.slice(2);

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

/** Microseconds that the process has used. */
function used() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Whether the system counts what a process uses by the microsecond, and not by ticks, in which a pass could take none. */
function countsFinely() {
  let least = Infinity;
  for (let step = 0; step < 5; step++) {
    const before = used();
    let now = before;
    while (now === before) now = used();
    least = Math.min(least, now - before);
  }
  return least < 100;
}

const fine = countsFinely();

/** The nanoseconds that a pass takes. */
function time(pass) {
  const usedBefore = used();
  const start = process.hrtime.bigint();
  pass();
  const passed = Number(process.hrtime.bigint() - start);
  return fine ? Math.min(passed, 1000 * (used() - usedBefore)) : passed;
}

const loaded = [];
for (const [name, make] of Object.entries(makers)) {
  const { cells, OPERATIONS } = await import(`./cells.mjs?${encodeURIComponent(name)}`);
  loaded.push({ name, make, cells, OPERATIONS });
}

const passes = loaded.map(({ name, make, cells }) => [name, cells[cell]((most) => make(most, cell))]);
const best = Object.fromEntries(passes.map(([name]) => [name, Infinity]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, pass] of passes) {
    best[name] = Math.min(best[name], time(pass) / loaded[0].OPERATIONS);
  }
}
console.log(JSON.stringify(best));
process.exit(0);
