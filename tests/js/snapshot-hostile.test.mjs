// Snapshots made by somebody who knows the checksum: an error or a cache, never a crash, a hang or pollution.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Cache } from "poche";
import { random } from "./lib/random.mjs";
import { valueMaker } from "./lib/random-values.mjs";

const HEAD = 8;
const BLOCK_HEAD = 12;

const mask = 2n ** 64n - 1n;

/** The checksum of a block, as docs/snapshot-format.md has it. */
function checksum(bytes, place) {
  const padded = new Uint8Array(8 * (Math.floor(bytes.length / 8) + 1));
  padded.set(bytes);
  let sum = (BigInt(bytes.length) << 32n) | BigInt(place);
  for (const word of new BigUint64Array(padded.buffer)) {
    sum = ((sum ^ word) * 0x9e3779b97f4a7c15n) & mask;
    sum ^= sum >> 32n;
  }
  return Number(sum & 0xffff_ffffn);
}

/** The blocks of a snapshot. */
function blocksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const blocks = [];
  for (let at = HEAD; at < bytes.length; ) {
    const [kind, length] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    blocks.push({ kind, content: bytes.slice(at + BLOCK_HEAD, at + BLOCK_HEAD + length) });
    at += BLOCK_HEAD + length;
  }
  return blocks;
}

/** A snapshot of such blocks, with the right checksums. */
function assemble(head, blocks) {
  const parts = [head];
  blocks.forEach(({ kind, content }, number) => {
    const words = [kind, content.length, checksum(content, 4 * number + kind)];
    parts.push(new Uint8Array(new Uint32Array(words).buffer), content);
  });
  return new Uint8Array(Buffer.concat(parts));
}

/** Changes some bytes, or cuts some off. */
function mutate(bytes, below) {
  const changed = below(8) === 0 ? bytes.slice(0, below(bytes.length + 1)) : bytes.slice();
  for (let left = 1 + below(4); left > 0 && changed.length > 0; left--) {
    changed[below(changed.length)] = below(2) ? below(256) : [0, 0x7f, 0xff, 0x0f, 0x10, 0x12, 0x1b, 0xc0, 8][below(9)];
  }
  return changed;
}

function inherited() {
  return [Object, Array, Map, Error].map(({ prototype }) => Reflect.ownKeys(prototype).length);
}

it("assembled without changes, it is the same snapshot", () => {
  const bytes = new Cache({ values: "copy" }).set("a", [1]).set({ b: 1 }, new Map()).snapshot();
  assert.deepEqual(assemble(bytes.slice(0, HEAD), blocksOf(bytes)), bytes);
});

for (const values of ["copy", "reference"]) {
  it(`30,000 mutated snapshots, read with values by ${values}`, () => {
    const below = random(11);
    const make = valueMaker(12);
    const before = inherited();
    let read = 0;
    let refused = 0;
    let blocks;
    let head;
    for (let i = 0; i < 30_000; i++) {
      if (i % 100 === 0) {
        const cache = new Cache({ values: "copy", maxEntries: 50, eviction: below(2) ? "lru" : "default" });
        do {
          cache.flush();
          for (let k = 0; k < 5; k++)
            cache.set([k, `key ${k}`, [k, { k, at: new Date(k) }], -k][below(4)], make(), below(2) ? 60 : null);
        } while (cache.snapshot().length > 3_000);
        const bytes = cache.snapshot();
        head = bytes.slice(0, HEAD);
        blocks = blocksOf(bytes);
        cache.free();
      }
      const chosen = below(blocks.length);
      const changed = blocks.map((block, place) =>
        place === chosen ? { kind: block.kind, content: mutate(block.content, below) } : block,
      );
      let restored;
      try {
        restored = Cache.restore(assemble(head, changed), { values });
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
