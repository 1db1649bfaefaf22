// Timers that never keep the process alive, and that cannot always be had.
//
// `setTimeout` and the others are looked up at each use, so that the timers of test frameworks work.

// More than this and timers fire at once.
const LONGEST = 2 ** 31 - 1;

/** Calls `callback` after `milliseconds`. What calls that off; `undefined` where timers cannot be had. */
export function after(milliseconds: number, callback: () => void): (() => void) | undefined {
  return start(globalThis.setTimeout, globalThis.clearTimeout, milliseconds, callback);
}

/** Calls `callback` every `milliseconds`. What ends that; `undefined` where timers cannot be had. */
export function every(milliseconds: number, callback: () => void): (() => void) | undefined {
  return start(globalThis.setInterval, globalThis.clearInterval, milliseconds, callback);
}

/** Calls `callback` soon. Whether there are timers for it. */
export function soon(callback: () => void): boolean {
  return later(globalThis.setTimeout, 0, callback);
}

/** Calls `callback` after `milliseconds`, by this very `setTimeout`. Whether that is possible. */
export function later(timeout: typeof setTimeout | undefined, milliseconds: number, callback: () => void): boolean {
  return start(timeout, undefined, milliseconds, callback) !== undefined;
}

function start(
  set: typeof setTimeout | undefined,
  clear: typeof clearTimeout | undefined,
  milliseconds: number,
  callback: () => void,
): (() => void) | undefined {
  if (typeof set !== "function" || !hasTimers()) return undefined;
  try {
    const timer = set(callback, Math.min(milliseconds, LONGEST));
    unref(timer);
    return () => clear?.(timer);
  } catch {
    return undefined;
  }
}

// Cloudflare's workers drop a request's timers when it ends, so a timer may never fire there.
function hasTimers(): boolean {
  return globalThis.navigator?.userAgent !== "Cloudflare-Workers";
}

function unref(timer: unknown): void {
  if (typeof timer === "object") (timer as { unref?: () => void }).unref?.();
  else (globalThis as { Deno?: { unrefTimer?: (timer: unknown) => void } }).Deno?.unrefTimer?.(timer);
}
