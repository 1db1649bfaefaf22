// Code in the colours of the site: comments, texts and words of the language set apart, as HTML.

const WORDS = new Set(
  (
    "async await break case catch class const continue default delete do else enum export extends false finally for " +
    "function if import in instanceof interface let new null return static super switch this throw true try " +
    "typeof undefined var void while yield"
  ).split(" "),
);

// Words of the language in one place, names in any other; what has to follow them.
const FOLLOWED = new Map([
  ["as", /^ \w/],
  ["from", /^ "/],
  ["get", /^ \w/],
  ["keyof", /^ \w/],
  ["namespace", /^ \w/],
  ["of", /^ [\w[]/],
  ["readonly", /^ [\w[]/],
  ["type", /^ [\w{]/],
]);

// A name that follows a dot is one of a property, whatever it means elsewhere; not so after the dots of a spread.
const NAME = /(?<!(?<!\.\.)\.|[\w$])[A-Za-z_$][\w$]*/;

const SCRIPT = grammar({
  aside: /\/\/[^\n]*|\/\*[\s\S]*?\*\//,
  text: /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/,
  name: NAME,
});
const SHELL = grammar({ aside: /(?<=^|\s)#[^\n]*/, text: /"[^"\n]*"|'[^'\n]*'/ });
const MARKUP = grammar({
  aside: /<!--[\s\S]*?-->|(?<=\s)\/\/ [^\n]*/,
  text: /"[^"\n]*"/,
  tag: /<\/?[A-Za-z][\w-]*|(?<!=)\/?>/,
  name: NAME,
});

function grammar(kinds) {
  const groups = Object.entries(kinds).map(([kind, { source }]) => `(?<${kind}>${source})`);
  return new RegExp(groups.join("|"), "g");
}

const LANGUAGES = {
  js: SCRIPT,
  jsx: SCRIPT,
  ts: SCRIPT,
  tsx: SCRIPT,
  json: SCRIPT,
  sh: SHELL,
  vue: MARKUP,
  html: MARKUP,
};

/** Whether the language is known here: what is not may be a slip of the pen. */
export const known = (language) => language === "text" || Object.hasOwn(LANGUAGES, language);

/**
 * The code as HTML. Names for which `linkOf` gives an address, such as those of the package's types, become links.
 */
export function highlight(code, language, linkOf = () => undefined) {
  const grammar = LANGUAGES[language];
  if (!grammar) return escape(code);
  let html = "";
  let at = 0;
  for (const match of code.matchAll(grammar)) {
    html += escape(code.slice(at, match.index));
    at = match.index + match[0].length;
    html += coloured(match, code.slice(at, at + 3), linkOf);
  }
  return html + escape(code.slice(at));
}

function coloured({ 0: text, groups }, next, linkOf) {
  if (groups.aside) return span("aside", text);
  if (groups.text) return span("text", text);
  if (groups.tag || WORDS.has(text) || FOLLOWED.get(text)?.test(next)) return span("word", text);
  const link = linkOf(text);
  return link ? `<a href="${escape(link)}">${escape(text)}</a>` : escape(text);
}

const span = (name, text) => `<span class="${name}">${escape(text)}</span>`;

/** Text as it has to stand in HTML, in attributes too. */
export function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
