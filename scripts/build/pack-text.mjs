// Bytes as text for a script's string literal, in a form that gzip still compresses well.

// Printable ASCII without what a string literal has to escape, and without `<`, for scripts inlined in pages.
const ESCAPED = "\"'`\\$<";
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const CHARACTERS = PRINTABLE.filter((character) => !ESCAPED.includes(character));

// So many characters begin a pair, which makes room for more than 256 bytes.
const PREFIXES = 2;

/**
 * The most frequent bytes become one character each, all others two: a prefix and a character. Unlike in base64,
 * equal runs of bytes stay equal runs of text, so gzip takes a quarter less for it.
 *
 * `text` is the bytes; `characters` all that may stand in it, the `prefixes` first; `order` the bytes from the most
 * frequent on, two hexadecimal digits each. A single character of rank r (its place in `characters`) is the byte
 * r - prefixes of that order; after a prefix of rank p, it is the byte (p + 1) * characters.length + r - prefixes.
 */
export function packText(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const order = counts.map((_, byte) => byte).sort((a, b) => counts[b] - counts[a] || a - b);
  const codes = [];
  order.forEach((byte, place) => {
    const rank = place + PREFIXES;
    const pair = Math.floor(rank / CHARACTERS.length);
    codes[byte] = (pair > 0 ? CHARACTERS[pair - 1] : "") + CHARACTERS[rank % CHARACTERS.length];
  });
  return {
    characters: CHARACTERS.join(""),
    order: order.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    prefixes: PREFIXES,
    text: Array.from(bytes, (byte) => codes[byte]).join(""),
  };
}
