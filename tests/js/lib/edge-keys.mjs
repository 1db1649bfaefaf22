// Strings and numbers at the edges between the ways that a key can take: by length, by alphabet, by what it is close to.

/** Around the limits for inline keys, for the loop over characters, for samples, for scratch, and a few others. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 21, 22, 23, 31, 32, 33, 63, 64, 65, 127, 128, 129];
const LONG = [255, 256, 257, 1000, 1365, 1366, 4095, 4096, 4097, 12_289, 70_000];

// One, two and three bytes as UTF-8, the edges between them, and what UTF-8 has no form for.
const UNITS = ["\u0000", "\u007f", "\u0080", "\u00e9", "\u00ff", "\u0100", "\u07ff", "\u0800", "\ufeff", "\uffff"];
const LONE = ["\ud800", "\udbff", "\udc00", "\udfff"];
const PAIRS = ["\u{10000}", "\u{1f600}", "\u{10ffff}"];

/** ASCII text of a length; two of them differ nowhere but in their lengths. */
const plain = (length) => "abcdefghijklmnopqrstuvwxyz-0123456789/".repeat(Math.ceil(length / 38)).slice(0, length);

function* around(length) {
  const text = plain(length);
  yield text;
  for (let at = 0; at < length; at++) {
    // Each position with one of each kind; all of them at the ends.
    const every = at < 2 || at > length - 3;
    const units = every ? UNITS : [UNITS[at % UNITS.length]];
    const lone = every ? LONE : [LONE[at % LONE.length]];
    for (const unit of ["~", ...units, ...lone]) yield text.slice(0, at) + unit + text.slice(at + 1);
    if (at + 2 > length) continue;
    // A pair takes two positions: whole, and the other way round, which is two lone halves.
    for (const pair of every ? PAIRS : [PAIRS[at % PAIRS.length]]) {
      yield text.slice(0, at) + pair + text.slice(at + 2);
      yield text.slice(0, at) + pair[1] + pair[0] + text.slice(at + 2);
    }
  }
}

/** Distinct strings: some ten thousand of up to 129 characters, and a few long ones. */
export function edgeTexts() {
  const texts = new Set();
  for (const length of LENGTHS) for (const text of around(length)) texts.add(text);
  for (const length of LONG) {
    const text = plain(length);
    for (const at of [0, 1, 31, 63, 64, 65, length >> 1, length - 65, length - 2, length - 1]) {
      for (const unit of ["", "~", "\u00e9", "\u0416", "\ud83d", "\u{1f600}"]) {
        texts.add(text.slice(0, at) + unit + text.slice(at + unit.length));
      }
    }
  }
  return [...texts];
}

/** Strings that are written as numbers are, and numbers beside. */
export const NUMERALS = ["0", "-0", "1", "-1", "1.5", "NaN", "Infinity", "4294967295", "9007199254740993", "1e3", " 1"];

/** Distinct numbers around every limit that a number's form may have. */
export function edgeNumbers() {
  const numbers = new Set([0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE]);
  for (const power of [1, 7, 8, 16, 19, 20, 29, 30, 31, 32, 33, 48, 52, 53, 54, 63, 64, 1023]) {
    for (const step of [-2, -1, -0.5, 0, 0.5, 1, 2]) numbers.add(2 ** power + step).add(-(2 ** power) + step);
  }
  for (let i = 1; i < 70; i++)
    numbers
      .add(i)
      .add(-i)
      .add(i / 3)
      .add(i * 2 ** 32)
      .add(i * 2 ** 20)
      .add(i / 2 ** 30);
  return [...numbers];
}

/**
 * `count` strings of one length which differ in the five characters before `place` only: whatever looks at other
 * characters takes all of them for the same.
 */
export function alikeBut(place, length, count) {
  const text = plain(length);
  return Array.from({ length: count }, (_, i) => {
    const digits = i.toString(36).padStart(5, "0");
    return text.slice(0, place - 5) + digits + text.slice(place);
  });
}
