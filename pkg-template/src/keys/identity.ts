// Identity as a number: every object or symbol that is compared by identity gets one, held as long as it lives.

const numbers = new WeakMap<WeakKey, number>();
/** For hosts that take no symbols as keys of a WeakMap. */
const symbolNumbers = new Map<unknown, number>();
let last = 0;

/** The number of an object or a symbol; never used for another. */
export function numberOf(value: object | symbol): number {
  return numbers.get(value) ?? symbolNumbers.get(value) ?? number(value);
}

function number(value: object | symbol): number {
  last += 1;
  try {
    numbers.set(value, last);
  } catch {
    symbolNumbers.set(value, last);
  }
  return last;
}
