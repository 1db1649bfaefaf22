// Where the engine's WebAssembly comes from: the text that the build packed it into.
import { size, text } from "poche:wasm";
import { unpack } from "./lzma.js";

/** The bytes of the engine's module, unpacked anew at each call. */
export function wasmBytes(): Uint8Array<ArrayBuffer> {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = packed.charCodeAt(at);
  return unpack(bytes, size);
}
