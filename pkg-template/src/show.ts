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
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, LONGEST + 1));
    case "bigint":
      return `${value}n`;
    case "function":
      return `function ${value.name}`;
    case "object": {
      if (value === null) return "null";
      const tag = Object.prototype.toString.call(value);
      if (tag === "[object Date]") return String(value);
      if (tag !== "[object Array]" && tag !== "[object Object]") return tag;
      return JSON.stringify(value) ?? tag;
    }
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}
