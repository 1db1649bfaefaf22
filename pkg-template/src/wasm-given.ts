// Where the engine's WebAssembly comes from in `poche/wasm`: the program has given it.
import { refuse, WebAssemblyError } from "./errors.js";

let given: WebAssembly.Module | undefined;

/**
 * Gives the package its WebAssembly, the file `poche/poche.wasm`: a `WebAssembly.Module`, or its bytes as a buffer or
 * view, which are compiled at once. It has to be called before the first cache is made; later it changes nothing.
 * Throws an `ArgumentError` for anything else, a `WebAssemblyError` for bytes that do not compile.
 *
 * ```js
 * init(await WebAssembly.compileStreaming(fetch("/poche.wasm")));
 * ```
 */
export function init(moduleOrBytes: object): void {
  if (Object.prototype.toString.call(moduleOrBytes) === "[object WebAssembly.Module]") {
    given = moduleOrBytes as WebAssembly.Module;
    return;
  }
  if (!ArrayBuffer.isView(moduleOrBytes) && !isBuffer(moduleOrBytes)) {
    refuse("moduleOrBytes", "a WebAssembly.Module or the bytes of one", moduleOrBytes);
  }
  try {
    given = new WebAssembly.Module(moduleOrBytes as BufferSource);
  } catch (error) {
    throw new WebAssemblyError(error);
  }
}

/** @internal The module that `init` was given. */
export function wasmModule(): WebAssembly.Module {
  if (given === undefined) throw new Error("call init(moduleOrBytes) of poche/wasm before the first cache is made");
  return given;
}

/** @internal Throws unless it was given one. */
export const prepareModule: () => void = wasmModule;

// By what it is called, since a buffer may be of another realm, as all are under test runners.
function isBuffer(value: unknown): boolean {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}
