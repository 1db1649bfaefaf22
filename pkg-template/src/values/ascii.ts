// Short ASCII text from bytes: what names and most small strings are, and faster than any decoder of the host.

const fromUnits = String.fromCharCode;
/** Lists of code units, by their length: kept, so that a call allocates nothing but the text. */
const lists: number[][] = [];

/**
 * The text of the bytes from `a` to `end`, all of them ASCII; `undefined` if they are not. It is made in one piece: V8
 * keeps what is put together as a tree, at several times the memory. Arguments that are written out take half the time
 * of a list.
 */
export function readAscii(bytes: Uint8Array, a: number, end: number): string | undefined {
  // Typed so, since the compiler wants a cast at each index into anything else.
  const b = bytes as unknown as never;
  let all = 0;
  for (let i = a; i < end; i++) all |= b[i];
  if (all > 0x7f) return undefined;
  const length = end - a;
  // biome-ignore format: a table
  switch (length) {
    case 1: return fromUnits(b[a]);
    case 2: return fromUnits(b[a], b[a + 1]);
    case 3: return fromUnits(b[a], b[a + 1], b[a + 2]);
    case 4: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3]);
    case 5: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4]);
    case 6: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5]);
    case 7: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6]);
    case 8: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7]);
    case 9: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8]);
    case 10: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8], b[a + 9]);
    case 11: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8], b[a + 9], b[a + 10]);
    case 12: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8], b[a + 9], b[a + 10], b[a + 11]);
    case 13: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8], b[a + 9], b[a + 10], b[a + 11], b[a + 12]);
    case 14: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8], b[a + 9], b[a + 10], b[a + 11], b[a + 12], b[a + 13]);
    case 15: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8], b[a + 9], b[a + 10], b[a + 11], b[a + 12], b[a + 13], b[a + 14]);
    case 16: return fromUnits(b[a], b[a + 1], b[a + 2], b[a + 3], b[a + 4], b[a + 5], b[a + 6], b[a + 7], b[a + 8], b[a + 9], b[a + 10], b[a + 11], b[a + 12], b[a + 13], b[a + 14], b[a + 15]);
  }
  let units = lists[length];
  if (units === undefined) lists[length] = units = new Array(length).fill(0);
  for (let i = 0; i < length; i++) units[i] = b[a + i];
  return fromUnits(...units);
}
