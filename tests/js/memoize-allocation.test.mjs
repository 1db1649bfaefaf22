// A call of a memoized function that hits allocates nothing for one or two primitive arguments.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";

const CALLS = 2_000_000;
const calls = {
  "one number": "memoized(i % 100)",
  "many numbers": "memoized(i % 20000)",
  "one string": "memoized(words[i % 100])",
  "a number and a string": "memoized(i % 10, words[i % 10])",
  "a boolean and undefined": "memoized(i % 2 === 0, undefined)",
  "with a ttl": "expiring(i % 100, null)",
};

for (const [name, call] of Object.entries(calls)) {
  it(name, () => {
    const script = `import { memoize } from "poche";
      const words = Array.from({ length: 100 }, (_, i) => "user:" + i);
      const memoized = memoize((...args) => args);
      const expiring = memoize((...args) => args, 3600);
      function round() { let sum = 0; for (let i = 0; i < ${CALLS}; i++) sum += ${call}.length; return sum; }
      round();
      round();
      let least = Infinity;
      for (let i = 0; i < 4; i++) {
        gc();
        const before = process.memoryUsage().heapUsed;
        round();
        least = Math.min(least, process.memoryUsage().heapUsed - before);
      }
      console.log(least);`;
    // The compiler allocates too, while it is at it, hence the least of four rounds. On a thread of its own it may not
    // be done in any of them while the machine is busy, and what is not compiled yet does allocate: it runs in place.
    // The young generation is larger than what a few bytes per call would come to, so nothing is collected meanwhile.
    const young = ["--max-semi-space-size=256", "--min-semi-space-size=256"];
    const flags = ["--expose-gc", "--no-concurrent-recompilation", ...young, "--input-type=module"];
    const child = spawnSync(process.execPath, [...flags, "-e", script], { cwd: import.meta.dirname });
    const bytes = Number(child.stdout);
    // A reading of the clock, one in sixteen calls, is a number that the host allocates.
    const most = call.startsWith("expiring") ? 8 : 1;
    assert.ok(bytes < most * CALLS, `${bytes} bytes in ${CALLS} calls ${child.stderr}`);
  });
}
