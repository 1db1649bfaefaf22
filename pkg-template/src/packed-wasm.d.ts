// The packed WebAssembly, which scripts/build/face.mjs supplies; scripts/build/pack-text.mjs says what each part is.
declare module "poche:wasm" {
  export const characters: string;
  export const order: string;
  export const prefixes: number;
  export const text: string;
}
