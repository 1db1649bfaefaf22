// Strings as bytes: UTF-8, extended so that a lone surrogate takes the three bytes that its code unit would take.

/** Up to here a loop is faster than the host's encoder. */
const SHORT = 32;

// Jest's jsdom has neither; all text goes the slow way there.
const encoder = typeof TextEncoder === "undefined" ? undefined : new TextEncoder();
// Strict, so that it tells of lone surrogates in place of replacing them.
const decoder =
  typeof TextDecoder === "undefined" ? undefined : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Where the host cannot tell, text of more than ASCII goes the slow way. */
const { isWellFormed = () => false } = String.prototype as { isWellFormed?: (this: string) => boolean };

/**
 * Writes `text` at the start of `target` and gives the number of bytes, or -1 where they may not fit: up to 3 per
 * code unit.
 */
export function writeString(text: string, target: Uint8Array): number {
  return 3 * text.length > target.length ? -1 : writeText(text, target, 0);
}

/** Writes `text` at `start`, and gives the place after it. Needs room for 3 bytes per code unit. */
export function writeText(text: string, target: Uint8Array, start: number): number {
  const { length } = text;
  if (length > SHORT) return writeLong(text, target, start);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return writeUnits(text, i, target, start + i);
    target[start + i] = unit;
  }
  return start + length;
}

function writeLong(text: string, target: Uint8Array, start: number): number {
  if (encoder === undefined) return writeUnits(text, 0, target, start);
  const { written } = encoder.encodeInto(text, start === 0 ? target : target.subarray(start));
  // Only ASCII takes one byte per code unit. In the rest, lone surrogates would have been replaced.
  if (written === text.length || isWellFormed.call(text)) return start + written;
  return writeUnits(text, 0, target, start);
}

function writeUnits(text: string, from: number, target: Uint8Array, start: number): number {
  let at = start;
  for (let i = from; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point < 0x80) {
      target[at++] = point;
      continue;
    }
    if (point < 0x800) {
      target[at++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        target[at++] = 0xe0 | (point >> 12);
      } else {
        target[at++] = 0xf0 | (point >> 18);
        target[at++] = 0x80 | ((point >> 12) & 0x3f);
        i++;
      }
      target[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    target[at++] = 0x80 | (point & 0x3f);
  }
  return at;
}

/** The text that was written from `start` to `end`. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT && decoder !== undefined) {
    try {
      return decoder.decode(bytes.subarray(start, end));
    } catch {
      // It has lone surrogates.
    }
  }
  let text = "";
  for (let at = start; at < end; ) {
    let point = bytes[at++] as number;
    if (point > 0x7f) {
      const more = point < 0xe0 ? 1 : point < 0xf0 ? 2 : 3;
      point &= 0x3f >> more;
      for (let i = 0; i < more; i++) point = (point << 6) | ((bytes[at++] as number) & 0x3f);
    }
    text += String.fromCodePoint(point);
  }
  return text;
}
