// Short argument lists, for memoize: the encoding of a plain array without the array, nothing allocated.
import { Tag, writePrimitive } from "./format.js";

/** Tag and count. */
const HEAD = 2;

/**
 * Writes the encoding of `[argument]` at the start of `target`, and gives its length; -1 where `argument` is not a
 * string, number, boolean, `null` or `undefined`, or there is no room: `encodeArguments` is the general way.
 */
export function encodeOne(argument: unknown, target: Uint8Array): number {
  return target.length < HEAD ? -1 : writePrimitive(argument, target, head(1, target));
}

/** The same for `[first, second]`. */
export function encodeTwo(first: unknown, second: unknown, target: Uint8Array): number {
  if (target.length < HEAD) return -1;
  const at = writePrimitive(first, target, head(2, target));
  return at < 0 ? -1 : writePrimitive(second, target, at);
}

function head(count: number, target: Uint8Array): number {
  target[0] = Tag.Array;
  target[1] = count;
  return HEAD;
}
