// The engine: from Rust to optimised WebAssembly and its glue, in target/wasm-pack.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { at, Failed, run, say } from "../lib/process.mjs";

/** The optimised WebAssembly. */
/** Bytes of memory, with a stack of a mebibyte. */
const MEMORY = 4 << 20;
export const WASM = at("target", "wasm-pack", "poche_bg.wasm");

const GLUE = at("target", "wasm-pack", "poche.js");

// What rustc emits for wasm32-unknown-unknown and every host of the package has (Node 20, Safari 16.4).
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

// The functions that put a panic's message together, by their demangled names.
const PANIC = /\bpanic|::handle_error$|alloc_error/;

/** Compiles the crate, generates the glue (`poche.js`, `poche.d.ts`), optimises. */
export async function buildWasm() {
  say("compiling the engine (wasm-pack)");
  const out = ["--out-dir", at("target", "wasm-pack"), "--out-name", "poche"];
  // The set-up has installed the tools and wasm-opt runs below, so wasm-pack fetches and optimises nothing.
  const steps = ["--no-pack", "--no-opt", "--mode", "no-install"];
  // One segment for each constant, so that those that nothing refers to in the end can go. And memory to begin with, of
  // which what is not used takes addresses only: as soon as a memory grows, V8 looks at each access to any typed array
  // whether there still is a buffer.
  const flags = ["--no-merge-data-segments", `--initial-memory=${MEMORY}`].map((flag) => `-Clink-arg=${flag}`);
  const env = { CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  await run("wasm-pack", ["--log-level", "warn", "build", "--target", "web", "--release", ...steps, ...out], { env });
  trimGlue();
  const compiled = statSync(WASM).size;
  let constants = [];
  await edit((module, binaryen) => {
    shortenPanics(module, binaryen);
    dropUnusedExports(module, binaryen);
    constants = findConstants(module);
  });
  await optimize();
  await edit((module, binaryen) => binaryen.parseText(shortenNames(dropUnusedData(module.emitText(), constants))));
  // The names and the sections about compiler and features serve tools only: they go when the tools are done.
  await optimize("--strip-debug", "--strip-producers", "--strip-target-features");
  say(`optimised it (wasm-opt): ${compiled} to ${statSync(WASM).size} bytes`);
}

// The glue serves callers of all kinds. Here one caller starts it, once, with a module.
function trimGlue() {
  const trims = [
    [
      /(?<=^function initSync\(module\) \{).*?(?=^ *const instance)/ms,
      "const imports = __wbg_get_imports(); ({ module } = module);",
    ],
    [
      /(?<=^function __wbg_finalize_init\(instance, module\) \{).*?(?=^\})/ms,
      "wasm = instance.exports; wasm.__wbindgen_start(); return wasm;",
    ],
    [/^if \(Symbol\.dispose\).*$/m, ""],
  ];
  let glue = readFileSync(GLUE, "utf8");
  for (const [pattern, replacement] of trims) {
    if (!pattern.test(glue)) throw new Failed(`the glue has nothing like ${pattern}`);
    glue = glue.replace(pattern, replacement);
  }
  writeFileSync(GLUE, glue);
}

async function optimize(...passes) {
  const features = FEATURES.map((name) => `--enable-${name}`);
  const wasmOpt = at("node_modules", "binaryen", "bin", "wasm-opt");
  await run(process.execPath, [wasmOpt, WASM, "-o", WASM, ...features, "-O3", ...passes]);
}

async function edit(step) {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(readFileSync(WASM));
  const edited = step(module, binaryen) ?? module;
  writeFileSync(WASM, edited.emitBinary());
}

// On this target a panic formats its message, finds nowhere to print it, and traps. So the functions that do it
// trap at once, and all of the formatting goes: 2.9 KB gzipped. The face sees the same RuntimeError.
function shortenPanics(module, binaryen) {
  let shortened = 0;
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const reference = module.getFunctionByIndex(index);
    const { name, base } = binaryen.getFunctionInfo(reference);
    if (base || !PANIC.test(name)) continue;
    binaryen.Function.setBody(reference, module.unreachable());
    shortened++;
  }
  // Without a name section nothing would be found, and nobody would notice but by the size.
  if (shortened === 0) throw new Failed("no function that panics was found in the compiled engine");
}

// wasm-bindgen exports what other forms of its glue would call.
function dropUnusedExports(module, binaryen) {
  const glue = readFileSync(GLUE, "utf8");
  const names = Array.from({ length: module.getNumExports() }, (_, index) => {
    return binaryen.getExportInfo(module.getExportByIndex(index)).name;
  });
  for (const name of names) if (!glue.includes(`wasm.${name}`)) module.removeExport(name);
}

// The names by which the module and the glue know each other's functions, many of them with a random number in them,
// stand in both. Two or three characters do: 0.5 KB. Not digits alone: what is named 10 would be an element, and those
// of an object that is frozen are looked for in a hash table, at each call. And not letters alone, which are the names
// that the properties of the face get.
function shortenNames(text) {
  let glue = readFileSync(GLUE, "utf8");
  let count = 0;
  const shorten = (pattern, replace) => {
    const short = `$${(count++).toString(36)}`;
    const before = glue;
    glue = glue.replaceAll(pattern, replace(short));
    if (glue === before) throw new Failed(`the glue does not know ${pattern}`);
    return short;
  };
  const shortened = text
    .replace(/^( \(import) "\.\/poche_bg\.js" "(\w+)"/gm, (_, start, name) => {
      return `${start} "./poche_bg.js" "${shorten(new RegExp(`\\b${name}\\b(?=: function)`, "g"), (short) => `"${short}"`)}"`;
    })
    .replace(/^( \(export) "(?!memory)(\w+)"/gm, (_, start, name) => {
      return `${start} "${shorten(new RegExp(`\\bwasm\\.${name}\\b`, "g"), (short) => `wasm.${short}`)}"`;
    });
  writeFileSync(GLUE, glue.replaceAll(`"./poche_bg.js"`, `"."`));
  return shortened.replaceAll(`"./poche_bg.js"`, `"."`);
}

const DATA = /^ \(data \S+ \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)$/gm;
const ESCAPE = /\\([0-9a-f]{2}|.)/g;
const CONTROL = { t: "\t", n: "\n", r: "\r" };
const unescape = (_, code) =>
  code.length === 2 ? String.fromCharCode(Number.parseInt(code, 16)) : (CONTROL[code] ?? code);

// Without the messages of panics most constants have no use, but only the linker could tell, which came before. A
// constant of Rust is reached from its own address only, which stands in the code, in the initial value of a global or,
// aligned, in another constant. So those stay that a number in any of these points at, be it by chance, and the others
// go: 1.6 KB, with the build machine's paths among them.
function dropUnusedData(text, constants) {
  const code = text.replaceAll(DATA, "");
  const numbers = [...code.matchAll(/(?:i32\.const |offset=)(-?\d+)/g)].map(([, number]) => Number(number));
  const used = new Set();
  while (numbers.length > 0) {
    const number = numbers.pop();
    for (const constant of constants) {
      if (used.has(constant) || number < constant.from || number >= constant.to) continue;
      used.add(constant);
      for (let at = 0; at + 4 <= constant.bytes.length; at += 4) numbers.push(constant.bytes.readInt32LE(at));
    }
  }
  if (used.size === 0) throw new Failed("no constants were found in the compiled engine");
  const isUsed = (address) => [...used].some(({ from, to }) => address >= from && address < to);
  return text.replace(DATA, (line, address) => (isUsed(Number(address)) ? line : ""));
}

// The constants as the linker placed them: optimising takes zeros off their ends.
function findConstants(module) {
  return [...module.emitText().matchAll(DATA)].map(([, address, characters]) => {
    const bytes = Buffer.from(characters.replace(ESCAPE, unescape), "latin1");
    return { from: Number(address), to: Number(address) + bytes.length, bytes };
  });
}
