// A value as it appears in a message: short, and without ever throwing.

const LONGEST = 80;

/** `value` in at most about 80 characters. */
export function show(value: unknown): string {
  try {
    const text = plain(value);
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  } catch {
    return "an object that cannot be shown";
  }
}

function plain(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST + 1));
  if (typeof value === "bigint") return `${value}n`;
  const isData = Array.isArray(value) || Object.prototype.toString.call(value) === "[object Object]";
  return isData ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
}
