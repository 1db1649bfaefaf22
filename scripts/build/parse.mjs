// The cheapest way to write bytes as tokens, for pack-wasm.mjs: a shortest path, by the prices of the round before.
import { EVEN, MOST, START } from "./pack-wasm.mjs";

const ROUNDS = 12;
const LONGEST = 300;

/**
 * The tokens, as pairs of length and distance, a distance of 0 being a byte as it is. `visit` tells what decisions a
 * token takes. Chances depend on what came before, which depends on the path; so each round takes the chances that
 * the contexts had on average in the round before.
 */
export function parse(bytes, visit) {
  const matches = findMatches(bytes);
  let prices = new Map();
  let best = { cost: Infinity, tokens: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const tokens = shortest(bytes, matches, prices, visit);
    const result = learn(bytes, tokens, visit);
    if (result.cost < best.cost) best = { cost: result.cost, tokens };
    prices = result.prices;
  }
  return best.tokens;
}

// For each place and length from 2 on, the least distance of such a match.
function findMatches(bytes) {
  const latest = new Map();
  const before = new Int32Array(bytes.length).fill(-1);
  return Array.from(bytes, (_, place) => {
    const found = [];
    const pair = (bytes[place] << 8) | bytes[place + 1];
    let other = latest.get(pair) ?? -1;
    before[place] = other;
    latest.set(pair, place);
    let longest = 1;
    for (; other >= 0; other = before[other]) {
      let length = 2;
      while (length < LONGEST && place + length < bytes.length && bytes[place + length] === bytes[other + length])
        length++;
      if (place + length > bytes.length) continue;
      if (place - other > MOST) break;
      for (; longest < length; longest++) found.push([longest + 1, place - other]);
    }
    return found;
  });
}

function shortest(bytes, matches, prices, visit) {
  const reached = new Array(bytes.length + 1);
  reached[0] = { cost: 0, reader: START, length: 0, back: 0, from: -1 };
  let cost = 0;
  const pay = (context, value, count) => {
    cost += context === EVEN ? count : (prices.get(2 * context + value) ?? 1);
  };
  for (let place = 0; place < bytes.length; place++) {
    const here = reached[place];
    const step = (length, back) => {
      cost = here.cost;
      const reader = visit(bytes, place, here.reader, length, back, pay);
      const there = reached[place + length];
      if (there === undefined || cost < there.cost)
        reached[place + length] = { cost, reader, length, back, from: place };
    };
    step(1, 0);
    for (const back of here.reader.backs) {
      if (back === 0 || back > place) continue;
      for (let length = 1; length <= LONGEST && place + length <= bytes.length; length++) {
        if (bytes[place + length - 1] !== bytes[place + length - 1 - back]) break;
        step(length, back);
      }
    }
    for (const [length, back] of matches[place]) step(length, back);
  }
  const tokens = [];
  for (let place = bytes.length; place > 0; place = reached[place].from)
    tokens.push([reached[place].length, reached[place].back]);
  return tokens.reverse();
}

function learn(bytes, tokens, visit) {
  const entries = new Map();
  let cost = 0;
  const bit = (context, value, count) => {
    if (context === EVEN) {
      cost += count;
      return;
    }
    let entry = entries.get(context);
    if (!entry) entries.set(context, (entry = { chance: 0.5, count: 0, times: [0, 0] }));
    cost -= Math.log2(value ? entry.chance : 1 - entry.chance);
    entry.times[value]++;
    entry.chance += (value - entry.chance) / (entry.count + 2);
    entry.count = Math.min(entry.count + 1, 30);
  };
  let reader = START;
  let place = 0;
  for (const [length, back] of tokens) {
    reader = visit(bytes, place, reader, length, back, bit);
    place += length;
  }
  const prices = new Map();
  for (const [context, { times }] of entries) {
    for (const value of [0, 1])
      prices.set(2 * context + value, -Math.log2((times[value] + 0.5) / (times[0] + times[1] + 1)));
  }
  return { cost, prices };
}
