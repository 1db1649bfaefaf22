// The function that stands in a memoized function's place.

import { ALONE } from "../recent.js";
import { type Memo, MISS, RUN } from "./memo.js";
import type { Callable } from "./options.js";

/** The result of the run that ended just now. */
let result: unknown;

/**
 * Wraps `fn`. The wrapper keeps `fn`'s name, length and own properties.
 *
 * Its calls stand on the stack between those of a recursive function, thousands of them, so the frame of the wrapper
 * is as small as it can be made: everything else is done by calls that have returned when `fn` runs; all variables
 * are one parameter, whose place the caller has made anyway (`x.apply` with `x` a variable needs no further place);
 * and `result` is no variable of the frame. V8 hands `arguments` on without making the object, once optimised.
 */
export function wrap(fn: Callable, memo: Memo): Callable {
  // A bundler may put this into a script that is not strict, where the parameters would be `arguments` under other
  // names and `this` would never be undefined.
  // biome-ignore lint/suspicious/noRedundantUseStrict: it is not redundant there
  "use strict";
  const { recent } = memo;
  const { last } = recent;
  const one = (argument: unknown) => {
    if (typeof argument === "number") {
      const { wholes } = recent;
      const result = argument >>> 0 === argument && argument < wholes.length ? wholes[argument] : undefined;
      if (result !== undefined) return result;
    } else if (argument === last.first && last.second === ALONE) {
      return last.value;
    }
    return memo.hit(1, argument, undefined);
  };
  const two = (first: unknown, second: unknown) =>
    first === last.first && second === last.second ? last.value : memo.hit(2, first, second);
  const call = function (this: unknown, ...args: unknown[]) {
    return memo.call(this, args);
  };
  const end = (...args: unknown[]) => {
    const value = result;
    result = undefined;
    return memo.end(args, value);
  };
  const { wrapper } = {
    wrapper(a: unknown): unknown {
      if (arguments.length === 1) {
        a = one(a);
      } else if (arguments.length === 2) {
        a = two;
        a = (a as Callable).apply(this, arguments as never);
      } else {
        a = MISS;
      }
      // Faster than to compare with symbols that are not known to stay the same.
      if (typeof a !== "symbol") return a;
      if (a === MISS) {
        a = call;
        a = (a as Callable).apply(this, arguments as never);
      }
      if (a !== RUN) return a;
      a = fn;
      result = (a as Callable).apply(this, arguments as never);
      a = end;
      return (a as Callable).apply(this, arguments as never);
    },
  };
  return wrapper;
}

/** Gives a function the name, length and own properties of another, and `members`. */
export function dress<F extends object>(wrapper: F, fn: object, members: PropertyDescriptorMap): F {
  return Object.defineProperties(wrapper, { ...Object.getOwnPropertyDescriptors(fn), ...members });
}
