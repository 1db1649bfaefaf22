// What a person typed into a field, as the JavaScript value that it stands for.

/** A key: JSON, or the text as it stands. Throws a SyntaxError that says what to do when it is not JSON. */
export function typedKey(text, kind) {
  if (kind === "text") return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError('This is not JSON. Put a string in double quotes, as in "user", or choose Text.', { cause });
  }
}

/** A value: JSON where that is what it is, otherwise the text. */
export function typedValue(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text; // most people type a bare word, and mean the word
  }
}

/** A time to live, as the API takes it: undefined, null, a number, a Date, or a string for the API to judge. */
export function typedTtl(text) {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (trimmed === "null") return null;
  if (/^\d{4}-\d\d-\d\d/.test(trimmed)) return new Date(trimmed);
  const number = Number(trimmed);
  return Number.isNaN(number) && trimmed !== "NaN" ? trimmed : number;
}

/** What kind of value this is, in one word. */
export function kindOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
