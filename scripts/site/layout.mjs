// A page of the documentation: sidebar, content, the ways to the page before and after.
import { footOf, head, top, upFrom } from "./frame.mjs";
import { escape } from "./highlight.mjs";

/**
 * The whole page as HTML. `sidebar` is a list of sections `{ title, pages }`; the pages in their order are also what
 * the links to the page before and after go by.
 */
export function laidOut({ path, title, html, headings }, sidebar) {
  const up = upFrom(path);
  const all = sidebar.flatMap((section) => section.pages);
  const index = all.findIndex((page) => page.path === path);
  const name = index === 0 ? "poche: the documentation" : `${title} - poche`;
  return `<!doctype html>
<html lang="en">
<head>
<title>${escape(name)}</title>
<meta name="description" content="${description(html)}" />
${head(path)}
<link rel="stylesheet" href="${up}docs/docs.css" />
<link rel="stylesheet" href="${up}docs/api.css" />
</head>
<body>
${top(path)}
<div class="wrap docs">
<details class="contents" open>
<summary>Contents</summary>
<nav aria-label="Documentation">
${sidebar.map((section) => listed(section, path, up, headings)).join("\n")}
</nav>
</details>
<script src="${up}docs/docs.js"></script>
<main id="main" tabindex="-1">
<article class="prose">
${html}</article>
${neighbours(all[index - 1], all[index + 1], up)}
</main>
</div>
${footOf("Made from the Markdown in <code>docs</code> and the declarations of the package; every example runs in its tests.")}
</body>
</html>
`;
}

/** The first sentences of a page, as search engines show them; `html` is escaped already. */
function description(html) {
  const [, paragraph = ""] = /<p>([\s\S]*?)<\/p>/.exec(html) ?? [];
  const text = paragraph.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");
  return text.length <= 200 ? text : `${text.slice(0, text.lastIndexOf(" ", 200))} …`;
}

function listed({ title, pages }, here, up, headings) {
  const links = pages.map(({ path, title: full }) => {
    // Beneath "Coming from" the pages need not say it again.
    const name = full.startsWith(`${title} `) ? full.slice(title.length + 1) : full;
    if (path !== here) return `<li><a href="${up}${address(path)}">${escape(name)}</a></li>`;
    return `<li><a href="${up}${address(path)}" aria-current="page">${escape(name)}</a>${within(headings)}</li>`;
  });
  return `<h2>${escape(title)}</h2>\n<ul>${links.join("\n")}</ul>`;
}

// The sections of the page that is being read.
function within(headings) {
  const top = headings.filter(({ depth }) => depth === 2);
  if (top.length < 2) return "";
  return `<ul>${top.map(({ id, text }) => `<li><a href="#${escape(encodeURIComponent(id))}">${escape(text)}</a></li>`).join("")}</ul>`;
}

function neighbours(before, after, up) {
  const link = (page, rel, label) =>
    page
      ? `<a rel="${rel}" href="${up}${address(page.path)}"><span>${label}</span> ${escape(page.title)}</a>`
      : "<span></span>";
  return `<nav class="neighbours" aria-label="Before and after">${link(before, "prev", "Before")}${link(after, "next", "Next")}</nav>`;
}

/** A page's address: a folder's index goes by the name of the folder. */
function address(path) {
  return path.replace(/(^|\/)index\.html$/, "$1");
}
