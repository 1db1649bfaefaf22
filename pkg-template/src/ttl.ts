// Times to live: every form that a user may give, turned into milliseconds.
import { ArgumentRangeError, refuse } from "./errors.js";

/** A `Temporal.Instant`, by what is needed of it. */
export interface TemporalInstant {
  readonly [Symbol.toStringTag]: "Temporal.Instant";
  readonly epochMilliseconds: number;
}

/** A `Temporal.Duration`, by what is needed of it. */
export interface TemporalDuration {
  readonly [Symbol.toStringTag]: "Temporal.Duration";
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly microseconds: number;
  readonly nanoseconds: number;
}

/** A number with a unit: `"500ms"`, `"5s"`, `"10m"`, `"2h"`, `"7d"`. Fractions are allowed: `"1.5h"`. */
export type DurationString = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

/**
 * How long an entry lives:
 * - a number of **seconds** greater than 0, fractions allowed; `Infinity` is never;
 * - a string: `"500ms"`, `"5s"`, `"10m"`, `"2h"`, `"7d"`;
 * - a `Date` or `Temporal.Instant`: until then, which may be in the past;
 * - a `Temporal.Duration` without years and months, which have no fixed length;
 * - `null`: it never expires, whatever the cache's default.
 *
 * Where it is left out or `undefined`, the cache's `defaultTtl` holds. Times are kept to the millisecond.
 */
export type Ttl = number | DurationString | Date | TemporalInstant | TemporalDuration | null;

/** A checked time to live: milliseconds from now (`Infinity`: never), or a fixed time. */
export type Lifetime = number | { readonly at: number };

// The last millisecond that a Date can name.
const LAST = 8.64e15;

const UNITS: Record<string, number> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };
const FORM = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|h|d)$/;
const FORMS = 'a positive number of seconds, a string such as "5m", a Date, a Temporal.Instant or Duration, or null';

/** Checks a time to live. `name` is the argument's, for the message. */
export function readTtl(ttl: unknown, name = "ttl"): Lifetime {
  if (typeof ttl === "number") return positive(ttl * 1e3, ttl, name);
  if (ttl === null) return Infinity;
  if (typeof ttl === "string") {
    const parts = FORM.exec(ttl);
    if (parts !== null) return positive(Number(parts[1]) * (UNITS[parts[2] as string] as number), ttl, name);
  } else if (typeof ttl === "object") {
    const time = timeOf(ttl);
    if (time !== undefined) return fixed(time, ttl, name);
    const tag = Object.prototype.toString.call(ttl);
    if (tag === "[object Temporal.Instant]") return fixed((ttl as TemporalInstant).epochMilliseconds, ttl, name);
    if (tag === "[object Temporal.Duration]") return readDuration(ttl as TemporalDuration, name);
  }
  return refuse(name, FORMS, ttl);
}

/** When an entry stored at `now` expires, in milliseconds since the epoch; `Infinity`: never. */
export function expiryOf(lifetime: Lifetime, now: number): number {
  if (typeof lifetime !== "number") return lifetime.at;
  return lifetime === Infinity ? lifetime : within(now + lifetime);
}

/** An expiration moved by `seconds`. */
export function movedBy(expiry: number, seconds: number): number {
  return within(expiry + wholeMilliseconds(seconds * 1e3));
}

/** The milliseconds of a Date, whatever realm it is from; `undefined` for what is none. */
export function timeOf(date: unknown): number | undefined {
  try {
    return Date.prototype.getTime.call(date);
  } catch {
    return undefined;
  }
}

function fixed(at: number, ttl: unknown, name: string): Lifetime {
  if (Math.abs(at) <= LAST) return { at };
  return refuse(name, "a valid date", ttl, ArgumentRangeError);
}

function readDuration(ttl: TemporalDuration, name: string): Lifetime {
  if (ttl.years !== 0 || ttl.months !== 0) {
    refuse(name, "a duration without years and months", ttl, ArgumentRangeError);
  }
  const seconds = (((ttl.weeks * 7 + ttl.days) * 24 + ttl.hours) * 60 + ttl.minutes) * 60 + ttl.seconds;
  const fraction = ttl.milliseconds + ttl.microseconds / 1e3 + ttl.nanoseconds / 1e6;
  return positive(seconds * 1e3 + fraction, ttl, name);
}

// An entry lives for at least a millisecond, the clock's own step.
function positive(milliseconds: number, ttl: unknown, name: string): number {
  if (milliseconds > 0) return Math.max(1, wholeMilliseconds(milliseconds));
  return refuse(name, FORMS, ttl, ArgumentRangeError);
}

// Whole, so that what `getTtl` gives is exactly what counts; upwards, since no entry should expire early; and
// without the noise of the multiplication (1.1 * 1000 is 1100.0000000000002).
function wholeMilliseconds(milliseconds: number): number {
  return Math.ceil(milliseconds - 1e-6);
}

function within(time: number): number {
  return Math.min(LAST, Math.max(-LAST, time));
}
