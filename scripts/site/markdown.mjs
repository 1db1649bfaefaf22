// From Markdown to the inside of a page: headings with anchors, coloured code, tables that scroll by themselves.
import { Marked, Renderer } from "marked";
import { escape, highlight, known } from "./highlight.mjs";

/**
 * The HTML of a text, its title (the first heading), and its other headings as `{ depth, text, id }`.
 *
 * `linkTo(href)` gives the address on the site for one in the text. `linkOf(code)` gives an address for a piece of code
 * in a sentence, such as the name of a class, or `undefined`; the first mention of each becomes a link.
 */
export function render(markdown, { linkTo = (href) => href, linkOf = () => undefined } = {}) {
  const page = { title: "", headings: [] };
  const ids = new Map();
  const linked = new Set();
  let inLink = false;

  const renderer = {
    heading({ tokens, depth }) {
      const html = this.parser.parseInline(tokens);
      const text = plain(tokens);
      if (depth === 1) {
        page.title ||= text;
        return `<h1>${html}</h1>\n`;
      }
      const id = unique(slug(text), ids);
      page.headings.push({ depth, text, id });
      return `<h${depth} id="${id}">${html} ${anchor(id, text)}</h${depth}>\n`;
    },
    code({ text, lang }) {
      const [language = "text", file] = (lang || "text").split(" ");
      if (!known(language))
        throw new Error(`a block of code is marked ${JSON.stringify(language)}, which nothing knows`);
      return listing(highlight(text, language), { file });
    },
    codespan({ text }) {
      const html = `<code>${escape(text)}</code>`;
      const address = inLink ? undefined : linkOf(text);
      if (address === undefined || linked.has(address)) return html;
      linked.add(address);
      return `<a class="api" href="${escape(address)}">${html}</a>`;
    },
    link({ href, title, tokens }) {
      inLink = true;
      const html = this.parser.parseInline(tokens);
      inLink = false;
      return `<a href="${escape(linkTo(href))}"${title ? ` title="${escape(title)}"` : ""}>${html}</a>`;
    },
    table(token) {
      return wide(Renderer.prototype.table.call(this, token));
    },
  };

  page.html = new Marked({ renderer }).parse(markdown);
  return page;
}

/** A block of code, of which `code` is already HTML; with the name of its file, where it has one, or a `kind`. */
export function listing(code, { file, kind = "" } = {}) {
  const caption = file ? `<figcaption>${escape(file)}</figcaption>` : "";
  const label = file ? escape(file) : "Code";
  const block = `<pre class="listing${kind && ` ${kind}`}" tabindex="0" role="group" aria-label="${label}"><code>${code}</code></pre>`;
  return file ? `<figure class="file">${caption}${block}</figure>\n` : `${block}\n`;
}

/** A table of rows, which are HTML. */
export const table = (rows, name = "plain") => wide(`<table class="${name}"><tbody>\n${rows}</tbody></table>`);

// A table that does not fit scrolls by itself, by keyboard too.
function wide(html) {
  return `<div class="wide" tabindex="0" role="group" aria-label="Table">${html}</div>\n`;
}

/** The mark beside a heading that leads to it. */
export function anchor(id, text) {
  return `<a class="anchor" href="#${id}" aria-label="Link to ${escape(JSON.stringify(text))}">#</a>`;
}

/** A heading's anchor, in the form that GitHub gives it, so that links hold in both places. */
export function slug(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

function unique(id, taken) {
  const count = taken.get(id) ?? 0;
  taken.set(id, count + 1);
  return count === 0 ? id : `${id}-${count}`;
}

function plain(tokens) {
  return tokens.map((token) => (token.tokens ? plain(token.tokens) : token.text)).join("");
}
