// Where the engine's WebAssembly comes from: the text that the build packed it into.
import { size, text } from "poche:wasm";
import { unpack } from "./lzma.js";

/** The engine's module, unpacked and compiled anew at each call. */
export function wasmModule(): WebAssembly.Module {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = packed.charCodeAt(at);
  return new WebAssembly.Module(unpack(bytes, size));
}
