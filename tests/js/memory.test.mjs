// Memory that runs out: a RangeError, and the cache as it was. In a process of its own, since memory never shrinks.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";

/** Runs a script as a module; what it prints. */
function run(script) {
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    timeout: 300_000,
  });
  assert.equal(child.status, 0, String(child.stderr));
  return String(child.stdout).trim();
}

it("long keys until no more fit: RangeError, all entries intact, and room again after a delete", () => {
  const script = `
    import assert from "node:assert/strict";
    import { Cache, OutOfMemoryError } from "poche";
    const other = new Cache({ maxEntries: 2, defaultTtl: 60 }).set("small", 1);
    const cache = new Cache({ stats: true });
    const long = "x".repeat(40_000_000);
    // A list of one string: strings by themselves stay in JavaScript in a cache as small as this.
    const key = (i) => [i + long];
    let count = 0;
    let failure;
    while (failure === undefined && count < 1000) {
      try {
        cache.set(key(count), count);
        count += 1;
      } catch (error) {
        failure = error;
      }
    }
    assert.ok(failure instanceof OutOfMemoryError, String(failure?.stack));
    assert.ok(failure instanceof RangeError);
    assert.equal(failure.code, "ERR_OUT_OF_MEMORY");
    assert.equal(cache.size, count);
    assert.equal(cache.stats.entries, count);
    assert.equal(cache.stats.sets, count);
    assert.equal(other.get("small"), 1);
    for (let i = 0; i < 3; i++) assert.throws(() => cache.set(key(count + i), 0), RangeError);
    assert.equal(cache.size, count);
    // What needs little goes on.
    cache.set("little", 1).set(1, 1).set([1], 1);
    assert.deepEqual(cache.getMany(["little", 1, [1]]), [1, 1, 1]);
    assert.deepEqual([...cache.values()], [...Array(count).keys(), 1, 1, 1]);
    assert.equal(cache.delete("little"), true);
    cache.flush();
    assert.equal(cache.set(key(0), "again").get(key(0)), "again");
    console.log(count > 10 ? "filled" : count);
  `;
  assert.equal(run(script), "filled");
});

it("a key of 10 MB works, and the room that it took to cross is given back", () => {
  const script = `
    import assert from "node:assert/strict";
    import { Cache } from "poche";
    const cache = new Cache();
    const keys = ["x".repeat(10_000_000), "é".repeat(5_000_000), "\\u{1f600}".repeat(2_500_000), "\\ud800".repeat(3_000_000)];
    keys.forEach((key, i) => cache.set(key, i));
    keys.forEach((key, i) => assert.equal(cache.get(key), i));
    assert.ok([...cache.keys()].every((key, i) => key === keys[i]));
    cache.set([keys[0]], "list");
    assert.equal(cache.get([keys[0]]), "list");
    for (const key of keys) assert.equal(cache.has(key.slice(1)), false);
    cache.flush();
    const before = process.memoryUsage().external;
    for (let i = 0; i < 20; i++) {
      cache.set(keys[0], i);
      cache.set("short", i);
      cache.flush();
    }
    assert.ok(process.memoryUsage().external - before < 1 << 20);
    console.log("done");
  `;
  assert.equal(run(script), "done");
});
