// One string in the forms that a JavaScript engine keeps strings in: equal to each other, and nothing else alike.

// V8 makes pieces of 13 characters and more into references to the whole; shorter ones are copied.
const WIDE = "\u0416 is more than a byte, ";

const forms = [
  (text) => text,
  // A copy, of which nobody has taken the hash yet.
  (text) => Buffer.from(text, "utf16le").toString("utf16le"),
  // Two halves, not joined yet.
  (text) => text.slice(0, text.length >> 1) + text.slice(text.length >> 1),
  // A piece of a longer one.
  (text) => `before ${text} after`.slice(7, 7 + text.length),
  // A piece of one with two bytes per character, be the piece ASCII or not.
  (text) => (WIDE + text).slice(WIDE.length),
  // What a program that reads code units puts together.
  (text) => {
    let built = "";
    for (let i = 0; i < text.length; i++) built += String.fromCharCode(text.charCodeAt(i));
    return built;
  },
  // Interned, as the names of properties are.
  (text) => Object.keys({ [text]: 1 })[0],
];

/** The number of forms. */
export const FORMS = forms.length;

/** `text` in the form with this number. */
export const inForm = (text, form) => forms[form](text);
