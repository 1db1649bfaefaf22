// The packed WebAssembly, which scripts/build/face.mjs supplies; scripts/build/pack-wasm.mjs says what it is.
declare module "poche:wasm" {
  export const size: number;
  export const text: string;
  export const unpacker: string;
}

declare module "poche:wasm-file" {
  const module: WebAssembly.Module;
  export default module;
}
