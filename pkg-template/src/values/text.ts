// Text as bytes: UTF-8, in which a lone surrogate has the 3 bytes that UTF-8 would give to its number.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const fromUnits = String.fromCharCode;

/** Up to this many bytes, a loop is faster than `TextDecoder`. */
const SHORT = 48;

/** Writes `text` at `at`, where there must be room for 3 bytes for each of its units. Where it ends. */
export function writeText(text: string, bytes: Uint8Array, at: number): number {
  const { written } = encoder.encodeInto(text, bytes.subarray(at));
  // A lone surrogate is written as U+FFFD.
  return written === text.length || isWellFormed(text) ? at + written : writeUnits(text, bytes, at);
}

function isWellFormed(text: string & { isWellFormed?(): boolean }): boolean {
  return text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);
}

function writeUnits(text: string, bytes: Uint8Array, at: number): number {
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
    } else {
      if (code < 0x10000) {
        bytes[at++] = 0xe0 | (code >> 12);
      } else {
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 63);
      }
      bytes[at++] = 0x80 | ((code >> 6) & 63);
    }
    bytes[at++] = 0x80 | (code & 63);
  }
  return at;
}

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

/** The text of the bytes from `at` to `end`; `undefined` if they are none. */
export function readText(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (end - at <= SHORT) return readAscii(bytes, at, end) ?? readUnits(bytes, at, end);
  try {
    return decoder.decode(bytes.subarray(at, end));
  } catch {
    return readUnits(bytes, at, end);
  }
}

function readUnits(bytes: Uint8Array, at: number, end: number): string | undefined {
  let text = "";
  while (at < end) {
    const first = bytes[at++] as number;
    const more = first < 0x80 ? 0 : first < 0xc2 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 4;
    if (more === 4 || at + more > end) return undefined;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let i = 0; i < more; i++) {
      const next = bytes[at++] as number;
      if (next >>> 6 !== 2) return undefined;
      code = (code << 6) | (next & 63);
    }
    // The shortest form only, and nothing beyond Unicode.
    if ((more === 2 && code < 0x800) || (more === 3 && (code < 0x10000 || code > 0x10ffff))) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}
