// Where the engine's WebAssembly comes from: the text that the build packed it into.
import { size, text, unpacker } from "poche:wasm";
import { writeText } from "./keys/text.js";

let unpacking: WebAssembly.Module | undefined;

/**
 * Compiles what unpacks the engine's module, so that a host that forbids WebAssembly says so. It is WebAssembly too, a
 * few hundred bytes of it: at this point no JavaScript has been compiled yet, and interpreted it would take thirty
 * times as long.
 */
export function prepareModule(): WebAssembly.Module {
  unpacking ??= new WebAssembly.Module(Uint8Array.from(atob(unpacker), (character) => character.charCodeAt(0)));
  return unpacking;
}

/** The engine's module, unpacked and compiled anew at each call. */
export function wasmModule(): WebAssembly.Module {
  const { memory, unpack } = new WebAssembly.Instance(prepareModule()).exports as {
    memory: WebAssembly.Memory;
    unpack: (size: number) => void;
  };
  // The addresses are those of scripts/build/unpack.wat.
  writeText(text, new Uint8Array(memory.buffer), 0x30000);
  unpack(size);
  return new WebAssembly.Module(new Uint8Array(memory.buffer, 0x10000, size));
}
