// Keys compared by structure, small ones and others, and equals of them that are made in some other way.

const KEY = Symbol.for("poche.key");
const LONG = "x".repeat(1300);
const kinds = [
  (i) => ["user", i],
  (i) => [i],
  (i) => [`user:${i}`, i / 2, null, undefined],
  (i) => ({ z: i }),
  (i) => ({ page: i, filter: "a", at: 0 }),
  (i) => ({ b: [i, { d: true, c: `text ${i}` }], a: { y: i, x: [] } }),
  (i) => ({ [`name ${i % 50}`]: i, 1: i, "": 0 }),
  (i) => new Date(1e12 + i),
  (i) => [new Date(i), i],
  // Too long, too many, or of something else: for the engine.
  (i) => [`${LONG}${i}`],
  (i) => [`${"é".repeat(600)}${i}`, `${LONG.slice(0, 590)}`],
  (i) => Array.from({ length: 23 + (i % 4) }, () => i),
  (i) => new Map([[i, "map"]]),
  (i) => [new Set([i, "set"])],
  (i) => [Number.NaN, i],
  (i) => ({ big: BigInt(i) }),
];

/** So many structures, no two of them equal. */
export function structures(count) {
  const few = [null, true, false, [], {}, [[]], [{}], { a: undefined }, [undefined], { a: null }, undefined];
  return [...few, ...Array.from({ length: count }, (_, i) => kinds[i % kinds.length](Math.floor(i / kinds.length)))];
}

/** Whether a key is one of them. */
export function isStructure(key) {
  if (typeof key !== "object" || key === null) return key === null || key === undefined || typeof key === "boolean";
  return [Object, Array, Date, Map, Set].includes(key.constructor);
}

/** An equal of a structure. */
export function disguised(key, below) {
  const made = remade(key, below);
  if (typeof made !== "object" || made === null) return made;
  const way = below(8);
  if (way === 0 && (Array.isArray(made) || made.constructor === Object)) return new Proxy(made, {});
  return way === 1 ? { [KEY]: () => made } : made;
}

function remade(value, below) {
  if (Object.is(value, 0)) return below(2) === 0 ? 0 : -0;
  if (typeof value !== "object" || value === null || value instanceof Map || value instanceof Set) return value;
  if (value instanceof Date) return new Date(value.getTime());
  if (Array.isArray(value)) {
    const list = new Array(value.length);
    // A hole is undefined.
    value.forEach((inside, i) => {
      if (inside !== undefined || below(2) === 0) list[i] = remade(inside, below);
    });
    return list;
  }
  const object = below(6) === 0 ? Object.create(null) : {};
  const names = Object.keys(value);
  for (let i = names.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [names[i], names[j]] = [names[j], names[i]];
  }
  for (const name of names) {
    const inside = remade(value[name], below);
    if (below(8) > 0) object[name] = inside;
    else Object.defineProperty(object, name, { get: () => inside, enumerable: true });
  }
  return object;
}
