// The packed WebAssembly, which scripts/build/face.mjs supplies; scripts/build/pack-wasm.mjs says what it is.
declare module "poche:wasm" {
  export const size: number;
  export const text: string;
}
