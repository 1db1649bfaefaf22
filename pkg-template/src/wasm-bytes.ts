// Where the engine's WebAssembly comes from: the text that the build packed it into.
import { characters, order, prefixes, text } from "poche:wasm";

/**
 * The engine's module, unpacked anew at each call: O(n) of its some ten thousand bytes. The format is that of
 * scripts/build/pack-text.mjs. It needs nothing of the host: no `atob`, no `Buffer`, no `fetch`.
 */
export function wasmModule(): Uint8Array<ArrayBuffer> {
  const ranks = new Uint8Array(128);
  for (let rank = 0; rank < characters.length; rank++) ranks[characters.charCodeAt(rank)] = rank;
  const byRank = Uint8Array.from(order.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let rank = ranks[text.charCodeAt(at)] as number;
    if (rank < prefixes) rank = (rank + 1) * characters.length + (ranks[text.charCodeAt(++at)] as number);
    bytes[length++] = byRank[rank - prefixes] as number;
  }
  return bytes.subarray(0, length);
}
