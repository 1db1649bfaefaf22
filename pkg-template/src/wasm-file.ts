// Where the engine's WebAssembly comes from in Cloudflare's workerd: the file beside, which is a module there.
import module from "poche:wasm-file";

/** The engine's module, which the host has compiled. */
export function wasmModule(): WebAssembly.Module {
  return module;
}

/** The host has done all that there is to do beforehand. */
export function prepareModule(): void {}
