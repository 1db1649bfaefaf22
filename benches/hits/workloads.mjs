// Generated requests, each kind with one thing that caches meet. The same as those of workloads.rs.

const REQUESTS = 300_000;
const RANKS = 10_000;

/** One workload of each kind. */
export function generate() {
  return [
    { name: "zipf 0.8", requests: zipf(0.8, 0, 0), sizes: [100, 1000] },
    { name: "zipf 1.0", requests: zipf(1.0, 0, 0), sizes: [100, 1000] },
    { name: "zipf 0.9 and scans", requests: zipf(0.9, 2000, 1500), sizes: [100, 1000] },
    { name: "popularity that moves", requests: shifting(), sizes: [100, 1000] },
    { name: "a loop", requests: Array.from({ length: REQUESTS }, (_, time) => time % 1500), sizes: [500, 1000] },
    { name: "bursts", requests: bursts(), sizes: [100, 1000] },
    { name: "recency", requests: recency(), sizes: [100, 500] },
  ];
}

/** A trace, then 2,525 rounds of a loop of 1,000 keys, then the trace again. */
export function changeOfPhase(trace) {
  const first = trace.reduce((most, key) => Math.max(most, key), -1) + 1;
  const looped = Uint32Array.from({ length: 2_525_000 }, (_, time) => first + (time % 1000));
  const requests = new Uint32Array(2 * trace.length + looped.length);
  requests.set(trace, 0);
  requests.set(looped, trace.length);
  requests.set(trace, trace.length + looped.length);
  return requests;
}

/** Zipf's law; after every `every` requests, `length` keys that are asked for once. */
function zipf(skew, every, length) {
  const draw = law(RANKS, skew, randomNumbers(1));
  const requests = [];
  let fresh = RANKS;
  while (requests.length < REQUESTS) {
    requests.push(draw());
    if (every > 0 && requests.length % (every + length) === every)
      for (const end = fresh + length; fresh < end; fresh++) requests.push(fresh);
  }
  return requests;
}

/** Zipf's law over keys that become popular and fade. */
function shifting() {
  const draw = law(RANKS, 0.9, randomNumbers(2));
  return Array.from({ length: REQUESTS }, (_, time) => draw() + Math.floor(time / 5000) * 100);
}

/** Half the requests by Zipf's law; the others ask for a key three times within a short while, and never again. */
function bursts() {
  const random = randomNumbers(3);
  const draw = law(RANKS / 2, 0.9, random);
  const due = Array.from({ length: REQUESTS / 2 }, (_, n) => [
    n + Math.floor(random() * 300),
    RANKS + Math.floor(n / 3),
  ]);
  due.sort(([a, x], [b, y]) => a - b || x - y);
  return due.flatMap(([, key]) => [draw(), key]);
}

/** What was asked for lately is asked for again, and one request in ten is new: LRU's own model. */
function recency() {
  const random = randomNumbers(4);
  const draw = law(3000, 0.9, random);
  const stack = [];
  return Array.from({ length: REQUESTS }, (_, time) => {
    const depth = draw();
    const isNew = random() < 0.1 || depth >= stack.length;
    const key = isNew ? time : stack.splice(stack.length - 1 - depth, 1)[0];
    stack.push(key);
    if (stack.length > 3000) stack.shift();
    return key;
  });
}

/** Draws ranks from 0, the rank r with a probability in proportion to 1 / (r + 1)^skew. */
function law(ranks, skew, random) {
  const sums = new Float64Array(ranks);
  let total = 0;
  for (let rank = 0; rank < ranks; rank++) sums[rank] = total += (rank + 1) ** -skew;
  return () => {
    const at = random() * total;
    let [low, high] = [0, ranks];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Reproducible random numbers from 0 up to 1 (SplitMix64). */
function randomNumbers(seed) {
  let state = BigInt(seed);
  const word = (n) => BigInt.asUintN(64, n);
  return () => {
    state = word(state + 0x9e3779b97f4a7c15n);
    let mixed = word((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = word((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return Number((mixed ^ (mixed >> 31n)) >> 11n) / 2 ** 53;
  };
}
