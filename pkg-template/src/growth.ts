// How the arrays by slot grow.

/** For so many entries at most there is room from the first one on. */
const FEW = 16;
/** And for so many early: to grow takes more time than all else. Of more, memory that is not used would matter. */
const MANY = 2 ** 14;

/** Whether with so many entries there is to be room for all that there may be, at once. */
export function isNear(entries: number, bound: number): boolean {
  return bound <= Math.max((bound > MANY ? 8 : 32) * entries, FEW);
}

/** A longer array with the same numbers, and `filler` after them. */
export function wider<T extends Float64Array | Int32Array | Uint16Array>(old: T, length: number, filler: number): T {
  const array = new (old.constructor as new (length: number) => T)(length);
  array.set(old);
  return array.fill(filler, old.length) as T;
}

/** Lengthens an array, and puts `filler` where nothing was. */
export function lengthen<T>(array: T[], length: number, filler: T): void {
  const before = array.length;
  array.length = length;
  array.fill(filler, before);
}
