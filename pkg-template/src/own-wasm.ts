// What `import … from "poche/wasm"` gives: the whole package without the WebAssembly, which the program brings itself.
export * from "./index.js";
export { init } from "./wasm-given.js";
