// Short ASCII text from bytes: what names and most small strings are, and faster than any decoder of the host.

const fromUnits = String.fromCharCode;

/** The text of the bytes from `at` to `end`, all of them ASCII; `undefined` if they are not. */
export function readAscii(bytes: Uint8Array, at: number, end: number): string | undefined {
  let text = "";
  let all = 0;
  // Each call makes a string, so the fewer the better.
  for (; at + 8 <= end; at += 8) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    const e = bytes[at + 4] as number;
    const f = bytes[at + 5] as number;
    const g = bytes[at + 6] as number;
    const h = bytes[at + 7] as number;
    all |= a | b | c | d | e | f | g | h;
    text += fromUnits(a, b, c, d, e, f, g, h);
  }
  if (at + 4 <= end) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    all |= a | b | c | d;
    text += fromUnits(a, b, c, d);
    at += 4;
  }
  if (at + 2 <= end) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    all |= a | b;
    text += fromUnits(a, b);
    at += 2;
  }
  if (at < end) {
    const a = bytes[at] as number;
    all |= a;
    text += fromUnits(a);
  }
  return all < 0x80 ? text : undefined;
}
