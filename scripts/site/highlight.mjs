// Code in the colours of the site: comments, texts and words of the language set apart, as HTML.

const WORDS = new Set(
  (
    "abstract as async await break case catch class const continue declare default delete do else enum export extends " +
    "false finally for from function if implements import in infer instanceof interface is keyof let new null of " +
    "private protected public readonly return satisfies static super switch this throw true try type typeof undefined " +
    "unique using var void while yield"
  ).split(" "),
);

const SCRIPT =
  /(?<aside>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`)|(?<name>[A-Za-z_$][\w$]*)/g;
const SHELL = /(?<aside>(?<=^|\s)#[^\n]*)|(?<text>"[^"\n]*"|'[^'\n]*')/g;
const MARKUP =
  /(?<aside><!--[\s\S]*?-->|(?<=\s)\/\/ [^\n]*)|(?<text>"[^"\n]*")|(?<tag><\/?[A-Za-z][\w-]*|(?<!=)\/?>)|(?<name>[A-Za-z_$][\w$]*)/g;

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
    html += escape(code.slice(at, match.index)) + coloured(match, linkOf);
    at = match.index + match[0].length;
  }
  return html + escape(code.slice(at));
}

function coloured({ 0: text, groups }, linkOf) {
  if (groups.aside) return span("aside", text);
  if (groups.text) return span("text", text);
  if (groups.tag || WORDS.has(text)) return span("word", text);
  const link = linkOf(text);
  return link ? `<a href="${escape(link)}">${escape(text)}</a>` : escape(text);
}

const span = (name, text) => `<span class="${name}">${escape(text)}</span>`;

/** Text as it has to stand in HTML, in attributes too. */
export function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
