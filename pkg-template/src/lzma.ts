// LZMA, the reading half: how the WebAssembly is unpacked. The format is Igor Pavlov's LZMA specification of 2015.
// Gzip alone leaves WebAssembly a sixth larger; this decoder is 0.9 KB of what that saves.

// lc = 3, lp = 0, pb = 2, as the encoder is set; the literal's context is the upper bits of the byte before it.
const LITERAL_SHIFT = 8 - 3;
const POSITIONS = 4;

const SIGN = 1 << 31;

// Where each model's probabilities begin in their one array.
const STATES = 12;
const IS_MATCH = 0;
const IS_REPEAT = IS_MATCH + STATES * POSITIONS;
const IS_OTHER_THAN_LAST = IS_REPEAT + STATES;
const IS_OTHER_THAN_SECOND = IS_OTHER_THAN_LAST + STATES;
const IS_OTHER_THAN_THIRD = IS_OTHER_THAN_SECOND + STATES;
const IS_LONG = IS_OTHER_THAN_THIRD + STATES;
const SLOT = IS_LONG + STATES * POSITIONS;
const MIDDLE_BITS = SLOT + 4 * 64;
const LOW_BITS = MIDDLE_BITS + 128;
const MATCH_LENGTH = LOW_BITS + 16;
const REPEAT_LENGTH = MATCH_LENGTH + 2 + 2 * 8 * POSITIONS + 256;
const LITERAL = REPEAT_LENGTH + 2 + 2 * 8 * POSITIONS + 256;
const END = LITERAL + 0x300 * 8;

/** The `size` bytes that an LZMA stream without header holds. O(n). */
export function unpack(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  const chances = new Uint16Array(END).fill(1024);
  let next = 1;
  // Both are unsigned, but kept as signed numbers, which an interpreter need not put on the heap.
  let range = -1;
  let code = 0;

  function below(bound: number): boolean {
    return (code ^ SIGN) < (bound ^ SIGN);
  }

  function narrow(): void {
    if (range >>> 24 !== 0) return;
    range <<= 8;
    code = (code << 8) | (data[next++] as number);
  }

  function bit(model: number): number {
    const chance = chances[model] as number;
    const bound = Math.imul(range >>> 11, chance);
    let one = 0;
    if (below(bound)) {
      range = bound;
      chances[model] = chance + ((2048 - chance) >> 5);
    } else {
      range = (range - bound) | 0;
      code = (code - bound) | 0;
      chances[model] = chance - (chance >> 5);
      one = 1;
    }
    narrow();
    return one;
  }

  function tree(model: number, bits: number): number {
    let node = 1;
    while (node < 1 << bits) node = (node << 1) | bit(model + node);
    return node - (1 << bits);
  }

  function reversed(model: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let at = 0; at < bits; at++) {
      const one = bit(model + node);
      node = (node << 1) | one;
      value |= one << at;
    }
    return value;
  }

  function plain(bits: number): number {
    let value = 0;
    while (bits-- > 0) {
      range >>>= 1;
      const one = below(range) ? 0 : 1;
      if (one) code = (code - range) | 0;
      value = (value << 1) | one;
      narrow();
    }
    return value;
  }

  function lengthOf(model: number, position: number): number {
    if (!bit(model)) return tree(model + 2 + 8 * position, 3);
    if (!bit(model + 1)) return 8 + tree(model + 2 + 8 * (POSITIONS + position), 3);
    return 16 + tree(model + 2 + 16 * POSITIONS, 8);
  }

  function distance(length: number): number {
    const slot = tree(SLOT + 64 * Math.min(length, 3), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) << bits;
    if (slot < 14) return high + reversed(MIDDLE_BITS + high - slot, bits);
    return high + (plain(bits - 4) << 4) + reversed(LOW_BITS, 4);
  }

  for (let at = 0; at < 4; at++) code = (code << 8) | (data[next++] as number);
  let state = 0;
  // How far back the last four matches were, the latest first, each less by one.
  let back = [0, 0, 0, 0] as [number, number, number, number];
  let at = 0;
  while (at < size) {
    const position = at % POSITIONS;
    if (!bit(IS_MATCH + state * POSITIONS + position)) {
      const model = LITERAL + 0x300 * ((out[at - 1] ?? 0) >> LITERAL_SHIFT);
      let node = 1;
      if (state >= 7) {
        // After a match the byte that would have continued it is the context, as long as it is right.
        let likely = out[at - back[0] - 1] as number;
        let same = true;
        while (same && node < 0x100) {
          const guess = (likely >> 7) & 1;
          likely <<= 1;
          const one = bit(model + ((1 + guess) << 8) + node);
          node = (node << 1) | one;
          same = guess === one;
        }
      }
      while (node < 0x100) node = (node << 1) | bit(model + node);
      out[at++] = node;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let length = 0;
    const [last, second, third, fourth] = back;
    if (!bit(IS_REPEAT + state)) {
      length = 2 + lengthOf(MATCH_LENGTH, position);
      back = [distance(length - 2), last, second, third];
      state = state < 7 ? 7 : 10;
    } else {
      let long = 1;
      if (!bit(IS_OTHER_THAN_LAST + state)) long = bit(IS_LONG + state * POSITIONS + position);
      else if (!bit(IS_OTHER_THAN_SECOND + state)) back = [second, last, third, fourth];
      else if (!bit(IS_OTHER_THAN_THIRD + state)) back = [third, last, second, fourth];
      else back = [fourth, last, second, third];
      length = long ? 2 + lengthOf(REPEAT_LENGTH, position) : 1;
      state = state < 7 ? (long ? 8 : 9) : 11;
    }
    for (const end = at + length; at < end; at++) out[at] = out[at - back[0] - 1] as number;
  }
  return out;
}
