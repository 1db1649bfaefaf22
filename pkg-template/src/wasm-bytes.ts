// Where the engine's WebAssembly comes from: the text that the build packed it into.
import { size, text, unpacker } from "poche:wasm";
import { writeText } from "./keys/text.js";

// The smallest module: the four bytes that all begin with, and the version.
const NOTHING = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

let isAllowed = false;

/** Compiles a module with nothing in it, so that a host that forbids WebAssembly says so. */
export function prepareModule(): void {
  if (isAllowed) return;
  new WebAssembly.Module(NOTHING);
  isAllowed = true;
}

/**
 * The engine's module, unpacked and compiled anew at each call. What unpacks it is WebAssembly too, a few hundred bytes
 * of it: at this point no JavaScript has been compiled yet, and interpreted it would take thirty times as long.
 */
export function wasmModule(): WebAssembly.Module {
  const unpacking = new WebAssembly.Module(Uint8Array.from(atob(unpacker), (character) => character.charCodeAt(0)));
  const { memory, unpack } = new WebAssembly.Instance(unpacking).exports as {
    memory: WebAssembly.Memory;
    unpack: (size: number) => void;
  };
  // The addresses are those of scripts/build/unpack.wat.
  writeText(text, new Uint8Array(memory.buffer), 0x30000);
  unpack(size);
  return new WebAssembly.Module(new Uint8Array(memory.buffer, 0x10000, size));
}
