// Short ASCII text from bytes: what names and most small strings are, and faster than any decoder of the host.

const fromUnits = String.fromCharCode;
/** Lists of code units, by their length: kept, so that a call allocates nothing but the text. */
const lists: number[][] = [];

/**
 * The text of the bytes from `at` to `end`, all of them ASCII; `undefined` if they are not. It is made in one piece:
 * V8 keeps what is put together as a tree, at several times the memory.
 */
export function readAscii(bytes: Uint8Array, at: number, end: number): string | undefined {
  const length = end - at;
  let all = 0;
  if (length > 8) {
    let units = lists[length];
    if (units === undefined) lists[length] = units = new Array(length).fill(0);
    for (let i = 0; i < length; i++) all |= units[i] = bytes[at + i] as number;
    return all < 0x80 ? fromUnits(...units) : undefined;
  }
  let text = "";
  for (; at + 4 <= end; at += 4) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    all |= a | b | c | d;
    text += fromUnits(a, b, c, d);
  }
  for (; at < end; at++) {
    const a = bytes[at] as number;
    all |= a;
    text += fromUnits(a);
  }
  return all < 0x80 ? text : undefined;
}
