// The kinds of keys, by the names they have in lru-cache's benchmark. `make(i)` gives key number i of `count`.
const kinds = {
  numstr: (i) => (i % 2 === 0 ? i : String(i + 1)),
  pi: (i) => i * Math.PI,
  float: (i, count) => i + i / (count + 1),
  obj: (i) => ({ z: i }),
  strint: (i) => String(i),
  str: (i) => `foo${i}bar`,
  rand: (i, _count, random) => i * random(),
  sym: (i) => Symbol(String(i)),
  longstr: (i) => i + "z".repeat(4096),
  int: (i) => i,
};

const single = Object.values(kinds);

/** The names of all kinds; `mix` takes the others in turn. */
export const KINDS = ["int", "strint", "str", "numstr", "pi", "float", "obj", "rand", "sym", "longstr", "mix"];

/** `count` keys of a kind. */
export function makeKeys(kind, count, random) {
  const make = kinds[kind] ?? ((i, ...rest) => single[i % single.length](i, ...rest));
  return Array.from({ length: count }, (_, i) => make(i, count, random));
}
