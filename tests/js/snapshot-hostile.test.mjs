// Snapshots made by somebody who knows the checksum: an error or a cache, never a crash, a hang or pollution.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { random } from "./lib/random.mjs";
import { valueMaker } from "./lib/random-values.mjs";

const SUM = 8;
const END = 12;
const RECORDS = 20;

/** The checksum of a snapshot, as docs/snapshot-format.md has it. */
function checksum(bytes) {
  const view = new DataView(bytes.buffer);
  let sum = bytes.length;
  const mix = (word) => {
    sum = Math.imul(sum ^ word, 0x9e3779b1) >>> 0;
    sum = (sum ^ (sum >>> 15)) >>> 0;
  };
  let at = END;
  for (; at + 4 <= bytes.length; at += 4) mix(view.getUint32(at, true));
  for (; at < bytes.length; at++) mix(bytes[at]);
  return sum;
}

/** The parts of a snapshot: its head, its records, its last value. */
function partsOf(bytes) {
  const end = new DataView(bytes.buffer).getFloat64(END, true);
  return [bytes.slice(0, SUM), bytes.slice(RECORDS, end), bytes.slice(end)];
}

/** A snapshot of such parts, with the right checksum. */
function assemble([head, records, last]) {
  const bytes = new Uint8Array([...head, ...new Uint8Array(RECORDS - SUM), ...records, ...last]);
  const view = new DataView(bytes.buffer);
  view.setFloat64(END, RECORDS + records.length, true);
  view.setUint32(SUM, checksum(bytes), true);
  return bytes;
}

/** Changes some bytes, or cuts some off. */
function mutate(bytes, below) {
  const changed = below(8) === 0 ? bytes.slice(0, below(bytes.length + 1)) : bytes.slice();
  for (let left = 1 + below(4); left > 0 && changed.length > 0; left--) {
    changed[below(changed.length)] = below(2) ? below(256) : [0, 0x7f, 0xff, 17, 24, 25, 26, 0xc0, 8][below(9)];
  }
  return changed;
}

function inherited() {
  return [Object, Array, Map, Error].map(({ prototype }) => Reflect.ownKeys(prototype).length);
}

it("a place of the last value that cannot be is an error", () => {
  const bytes = new Cache().set("a", 1).snapshot();
  const view = new DataView(bytes.buffer);
  for (const end of [NaN, -1, 0, 19, 20.5, bytes.length, bytes.length + 1, 2 ** 53, Infinity]) {
    view.setFloat64(END, end, true);
    view.setUint32(SUM, checksum(bytes), true);
    assert.throws(() => Cache.restore(bytes), { code: "ERR_CORRUPT_DATA" }, `${end}`);
  }
});

it("assembled without changes, it is the same snapshot", () => {
  const bytes = new Cache({ values: "copy" }).set("a", [1]).set({ b: 1 }, new Map()).snapshot();
  assert.deepEqual(assemble(partsOf(bytes)), bytes);
});

for (const values of ["copy", "reference"]) {
  it(`30,000 mutated snapshots, read with values by ${values}`, () => {
    const below = random(11);
    const make = valueMaker(12);
    const before = inherited();
    let read = 0;
    let refused = 0;
    let parts;
    for (let i = 0; i < 30_000; i++) {
      if (i % 100 === 0) {
        const cache = new Cache({ values: "copy", maxEntries: 50, eviction: below(2) ? "lru" : "default" });
        do {
          cache.flush();
          for (let k = 0; k < 5; k++)
            cache.set([k, `key ${k}`, [k, { k, at: new Date(k) }], -k][below(4)], make(), below(2) ? 60 : null);
        } while (cache.snapshot().length > 3_000);
        parts = partsOf(cache.snapshot());
        cache.free();
      }
      const chosen = 1 + below(2);
      const changed = parts.map((part, place) => (place === chosen ? mutate(part, below) : part));
      let restored;
      try {
        restored = Cache.restore(assemble(changed), { values });
        for (const key of [...restored.keys()]) restored.get(key);
        read++;
        // The values are all that is looked at late.
        assert.equal([...restored.values()].length, restored.size);
      } catch (error) {
        assert.equal(error.code, "ERR_CORRUPT_DATA", error.stack);
        refused++;
      } finally {
        restored?.free();
      }
    }
    assert.ok(read > 1000 && refused > 1000, `${read} read, ${refused} refused`);
    assert.deepEqual(inherited(), before);
    assert.equal({}.x, undefined);
  });
}
