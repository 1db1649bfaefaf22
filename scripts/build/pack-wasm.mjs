// The WebAssembly as text for a script: LZMA, then base64.
import { createRequire } from "node:module";
import { Failed } from "../lib/process.mjs";

// lc = 3, lp = 0, pb = 2: the parameters that pkg-template/src/lzma.ts is written for.
const PARAMETERS = 0x5d;
const HEADER = 13;

/**
 * Packs bytes for `unpack` of pkg-template/src/lzma.ts: the LZMA stream without its header, as base64, and the number
 * of bytes in it. Gzipped, as packages travel, WebAssembly in plain base64 is a third larger than in binary form; in
 * this form, the decoder included, it is an eighth smaller. Unpacking takes some milliseconds, once per process.
 */
export function packWasm(bytes) {
  const { LZMA } = createRequire(import.meta.url)("lzma/src/lzma-c.js");
  const packed = Uint8Array.from(LZMA.compress(bytes, 9));
  if (packed[0] !== PARAMETERS) throw new Failed(`LZMA with the parameters ${packed[0]} cannot be unpacked`);
  return { size: bytes.length, text: Buffer.from(packed.subarray(HEADER)).toString("base64") };
}
