// Random numbers that can be had again: a seeded generator, and ranks by Zipf's law from it.

/** A generator of numbers from 0 up to, but not including, 1; the same seed gives the same numbers (splitmix32). */
export function seeded(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}

/** A function that draws ranks from 0 to `count - 1`, the rank r with a weight of 1 / (r + 1) ** exponent. */
export function zipf(count, exponent, random) {
  const sums = new Float64Array(count);
  let total = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = total += (rank + 1) ** -exponent;
  return () => {
    const wanted = random() * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
