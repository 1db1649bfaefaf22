// Keys at the edges between the ways that a lookup can take: each is itself and no other, in whatever form it comes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cache } from "poche";
import { alikeBut, edgeNumbers, edgeTexts, NUMERALS } from "./lib/edge-keys.mjs";
import { random } from "./lib/random.mjs";
import { FORMS, inForm } from "./lib/string-forms.mjs";

const KINDS = {
  unbounded: {},
  lru: { maxEntries: 100_000, eviction: "lru" },
  "the default policy": { maxEntries: 100_000 },
  "with expiry": { defaultTtl: 3600, clockResolution: 0 },
  "by copy": { values: "copy" },
};

// A failure of one among ten thousand is to name the key and no more.
const name = (key) => (typeof key === "string" ? `${JSON.stringify(key.slice(0, 140))} (${key.length})` : String(key));
const anyForm = (key, below) => (typeof key === "string" ? inForm(key, below(FORMS)) : key);

/** Stores, finds, deletes and stores again, and holds all that the cache says against a Map. */
function exercise(cache, keys, seed) {
  const below = random(seed);
  const map = new Map();
  const check = (when) => {
    assert.equal(cache.size, map.size, when);
    for (const key of keys) {
      const form = anyForm(key, below);
      if (cache.get(form) !== map.get(key)) {
        assert.fail(`${when}: ${name(key)} is ${cache.get(form)} in place of ${map.get(key)}`);
      }
      if (cache.has(form) !== map.has(key)) assert.fail(`${when}: has(${name(key)}) is wrong`);
    }
  };
  keys.forEach((key, index) => {
    if (cache.get(anyForm(key, below)) !== undefined) assert.fail(`${name(key)} is there before it was stored`);
    cache.set(anyForm(key, below), index);
    map.set(key, index);
  });
  check("stored");
  for (const key of keys) {
    if (below(2) === 0) continue;
    if (cache.delete(anyForm(key, below)) !== map.delete(key)) assert.fail(`${name(key)} cannot be deleted`);
  }
  check("half of them deleted");
  // Slots are used again, for other keys than before.
  for (const key of keys.toReversed()) {
    if (below(2) === 0) continue;
    const value = below(1e9);
    cache.set(anyForm(key, below), value);
    map.set(key, value);
  }
  check("others stored");
  // Order only where nothing may have been evicted; keys come back as they were.
  const stored = [...cache.keys()];
  assert.equal(stored.length, map.size);
  let index = 0;
  for (const key of map.keys()) {
    if (!Object.is(stored[index], key)) assert.fail(`key ${index} is ${name(stored[index])}, not ${name(key)}`);
    index++;
  }
  cache.flush();
  map.clear();
  check("flushed");
}

describe("each key is itself and no other", () => {
  const texts = edgeTexts();
  const numbers = edgeNumbers();
  Object.entries(KINDS).forEach(([kind, options], seed) => {
    it(`strings of every length, with every kind of character at every position: ${kind}`, () => {
      exercise(new Cache(options), texts, seed);
    });
    it(`numbers at every limit, and the strings that they are written as: ${kind}`, () => {
      exercise(new Cache(options), [...numbers, ...NUMERALS, ...numbers.map((number) => `${number} `)], seed);
    });
  });

  it("names of properties, among strings of the digits of the numbers from 0 on", () => {
    const names = [Object, Array, Number, Function, Int32Array]
      .flatMap((one) => [one, one.prototype])
      .flatMap((one) => Object.getOwnPropertyNames(one));
    const odd = ["00", "01", "-0", "-1", "+1", "1 ", " 1", "1.0", "1e0", "0x1", "1_0", "١", "Infinity", "NaN"];
    for (const asked of [[...new Set([...names, ...odd])], odd, ["length"]]) {
      for (const [kind, options] of Object.entries(KINDS)) {
        const cache = new Cache(options);
        for (let i = 0; i < 300; i++) cache.set(String(i), -i);
        for (const key of asked) assert.equal(cache.get(key), undefined, `${kind}: ${key} was never stored`);
        for (const key of asked) assert.equal(cache.set(key, key).get(key), key, kind);
        for (let i = 0; i < 300; i++) assert.equal(cache.get(String(i)), -i, kind);
        for (const key of asked) assert.equal(cache.delete(key), true, `${kind}: ${key} is stored`);
        assert.equal(cache.size, 300, kind);
      }
    }
  });

  it("-0 is 0, NaN is NaN, and neither is a string", () => {
    const cache = new Cache();
    cache.set(-0, "zero").set(Number.NaN, "not a number").set("0", "text");
    assert.equal(cache.get(0), "zero");
    assert.equal(cache.get(-0), "zero");
    assert.equal(cache.get(0 / 0), "not a number");
    assert.equal(cache.get(new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]), "not a number");
    assert.equal(cache.get("0"), "text");
    assert.equal(cache.get("NaN"), undefined);
    assert.equal(cache.get("-0"), undefined);
    assert.ok(Object.is([...cache.keys()][0], 0));
    assert.equal(cache.delete(0), true);
    assert.equal(cache.has(-0), false);
    assert.equal(cache.size, 2);
  });

  it("integers are found whether the host has them as integers or as fractions", () => {
    const cache = new Cache();
    const asFraction = new Float64Array(1);
    for (let i = -3000; i < 3000; i++) cache.set(i, i);
    for (let i = -3000; i < 3000; i++) {
      asFraction[0] = i + 0.5;
      assert.equal(cache.get(asFraction[0] - 0.5), i);
      assert.equal(cache.has(asFraction[0]), false);
    }
  });
});

/** Digits as letters. */
const inLetters = (digits, letters) => Array.from(digits, (digit) => letters[digit]).join("");

describe("keys that a table takes for the same", () => {
  // Where in the text the difference is; the order in which the kinds come decides what a table has learned.
  const kinds = [
    [5, 40],
    [40, 40],
    [20, 40],
    [64, 128],
    [128, 128],
    [69, 128],
    [70, 200],
    [100, 200],
    [5, 12],
    [12, 12],
  ];
  const all = kinds.map(([place, length]) => alikeBut(place, length, 1500));

  it("differ in characters that were never looked at", () => {
    for (let rotation = 0; rotation < kinds.length; rotation += 3) {
      const keys = [...new Set([...all.slice(rotation), ...all.slice(0, rotation)].flat())];
      exercise(new Cache({ maxEntries: 20_000, eviction: "lru" }), keys, rotation);
    }
  });

  it("differ now here, now there", () => {
    const mixed = [];
    for (let i = 0; i < 1500; i++) for (const keys of all) mixed.push(keys[i]);
    exercise(new Cache(), [...new Set(mixed)], 1);
  });

  it("differ in six characters next to each other, of which any four are the same for many", () => {
    const sixes = Array.from({ length: 4 ** 6 }, (_, i) => i.toString(4).padStart(6, "0"));
    // As digits, as letters, as two bytes each.
    const written = [
      sixes,
      ...["abcd", "\u00e9\u0416\u4e00z"].map((letters) => sixes.map((six) => inLetters(six, letters))),
    ];
    for (const [seed, texts] of written.entries()) {
      // Somewhere, and too near the end or the beginning for six; with all others that are shorter.
      for (const end of ["", "/x", "/card", "-".repeat(58), "-".repeat(70)]) {
        const shorter = texts.slice(0, 300).flatMap((text) => [1, 2, 3, 4, 5].map((from) => text.slice(from) + end));
        const keys = [...texts.map((text) => `user:${text}${end}`), ...texts.map((text) => text + end), ...shorter];
        exercise(new Cache({ maxEntries: 20_000, eviction: "lru" }), [...new Set(keys)], seed);
      }
    }
  });

  it("are numbers far apart", () => {
    const steps = [2 ** 12, 2 ** 20, 2 ** 31, 2 ** 32, 0.25, 2 ** -40, 1e9 + 7, 65599.37, 1 / 65599.37];
    const keys = new Set();
    for (const step of steps) for (let i = 1; i < 1500; i++) keys.add(i * step).add(-i * step);
    exercise(new Cache(), [...keys], 2);
    exercise(new Cache({ maxEntries: 100_000 }), [...keys].toReversed(), 3);
  });

  it("are dense numbers that begin anywhere and come in any order", () => {
    for (const start of [0, 1, 63, 64, 65, 1000, 2 ** 20 - 500, 2 ** 31 - 500, -500]) {
      const up = Array.from({ length: 1000 }, (_, i) => start + i);
      exercise(new Cache(), up, 4);
      exercise(new Cache({ maxEntries: 1000, eviction: "lru" }), up.toReversed(), 5);
      const odd = up.filter((key) => key % 2 !== 0);
      exercise(new Cache(), [...odd, ...up.filter((key) => key % 2 === 0)], 6);
    }
  });

  it("are strings of digits beside the numbers themselves, and what looks like them", () => {
    const like = [
      "",
      "00",
      "01",
      "1e2",
      "5e1",
      "0x10",
      "1.0",
      "+1",
      "-1",
      " 1",
      "1 ",
      "1\0",
      "\u0661",
      "\uff11",
      "1_0",
    ];
    for (const start of [0, 60, 1000, 999_999_500]) {
      const numbers = Array.from({ length: 1000 }, (_, i) => start + i);
      const digits = numbers.map(String);
      const padded = digits.map((text) => `0${text}`);
      const keys = [...new Set([...digits, ...numbers, ...like, ...padded, ...digits.map((text) => `${text}.`)])];
      exercise(new Cache(), keys, 7);
      exercise(new Cache({ maxEntries: 10_000, eviction: "lru" }), keys.toReversed(), 8);
      exercise(new Cache({ maxEntries: 10_000 }), [...padded, ...numbers, ...digits.toReversed()], 9);
    }
  });
});
