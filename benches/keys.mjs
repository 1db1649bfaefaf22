// Keys, and the order in which they are asked for.

// `build` makes key number i; what it gives has never been hashed by the engine of the host.
const kinds = {
  // 5 to 12 characters.
  short: (i) => `user:${i}`,
  // 45 characters, and what tells them apart stands before a common end.
  long: (i) => `https://api.example.com/v1/users/${1_000_000 + i}/card`,
  integer: (i) => i,
  array: (i) => ["user", i],
};

/** The function that builds keys of a kind. */
export const builder = (kind) => kinds[kind];

// A small generator of random numbers (xorshift32), the same sequence in every process.
function random(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

const SKEW = 0.99;

/** `length` numbers below `size`: each as likely, or by Zipf's law with an exponent of 0.99; or all in turn. */
export function sequence(choice, size, length) {
  const numbers = new Uint32Array(length);
  const next = random(0x9e3779b9);
  if (choice === "once") return numbers.map((_, i) => i % size);
  if (choice === "uniform") return numbers.map(() => Math.floor(next() * size));
  const sums = new Float64Array(size);
  let total = 0;
  for (let rank = 0; rank < size; rank++) sums[rank] = total += (rank + 1) ** -SKEW;
  // The most popular keys are not those that were inserted first.
  const byRank = shuffled(size, next);
  return numbers.map(() => {
    const point = next() * total;
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle] < point) low = middle + 1;
      else high = middle;
    }
    return byRank[low];
  });
}

function shuffled(size, next) {
  const numbers = Uint32Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [numbers[i], numbers[j]] = [numbers[j], numbers[i]];
  }
  return numbers;
}
