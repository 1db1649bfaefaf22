// The API reference: pages made from the declarations of the built package, which TypeDoc reads.
import { ReflectionKind } from "typedoc";
import { escape, highlight } from "../highlight.mjs";
import { anchor, listing, render, table } from "../markdown.mjs";
import { commentsOf, importedFrom, membersOf, paged, readModules } from "./model.mjs";
import { shown, signaturesOf } from "./signatures.mjs";

/**
 * The pages as `{ path, title, html, headings }`, and `linkOf(name, from)`: the address, seen from a page, of what is
 * called so: an export, or `cache.` and a member.
 */
export async function apiPages() {
  const modules = await readModules();
  const pages = paged(modules);
  const places = placesOf(pages);
  const linkOf = (name, from) => {
    const place = places.get(name) ?? places.get(/^(cache\.\w+)(?:\(.*\))?$/s.exec(name)?.[1]);
    return place && relativeTo(from, place);
  };
  const finished = pages.map((page) => ({ ...page, ...write(page, (name) => linkOf(name, page.path)) }));
  return { pages: [overview(modules, pages), ...finished], linkOf };
}

const idOfExport = ({ name }) => name.replaceAll(" ", "-");

// On a page about one thing its members need no surname.
const idOf = (page, item, member) => (page.exports.length === 1 ? shown(member) : `${item.name}.${shown(member)}`);

function placesOf(pages) {
  const places = new Map();
  for (const page of pages) {
    for (const item of page.exports) {
      places.set(item.name, { path: page.path, id: idOfExport(item) });
      if (item.name !== "Cache") continue;
      for (const member of membersOf(item)) {
        places.set(`cache.${member.name}`, { path: page.path, id: idOf(page, item, member) });
      }
    }
  }
  return places;
}

function relativeTo(from, { path, id }) {
  if (from === path) return `#${encodeURIComponent(id)}`;
  const up = "../".repeat(from.split("/").length - 1);
  return `${up}${path}#${encodeURIComponent(id)}`;
}

function write(page, linkOf) {
  const single = page.exports.length === 1;
  const titles = single ? [] : page.exports.map((item) => ({ depth: 2, text: item.name, id: idOfExport(item) }));
  const contents = single ? "" : chips(titles.map(({ text, id }) => ({ name: text, id })));
  const sections = page.exports.map((item) => section(page, item, linkOf));
  return {
    html: `<h1>${escape(page.title)}</h1>\n${importLine(page)}${contents}${sections.join("")}`,
    headings: titles,
  };
}

function importLine({ entry, exports }) {
  const values = exports.filter(({ kind }) => kind === ReflectionKind.Class || kind === ReflectionKind.Function);
  const names = (values.length > 0 ? values : exports.slice(0, 1)).map(({ name }) => name);
  // A long list would be no line that anybody writes.
  if (names.length > 4) return "";
  const word = values.length > 0 ? "import" : "import type";
  return listing(highlight(`${word} { ${names.join(", ")} } from "${importedFrom(entry)}";`, "ts"));
}

function section(page, item, linkOf) {
  const { name } = item;
  const single = page.exports.length === 1;
  const id = idOfExport(item);
  const title = single ? `<a id="${id}"></a>` : `<h2 id="${id}">${name} ${anchor(id, name)}</h2>\n`;
  const told = title + signature(item, linkOf) + prose(commentsOf(item), linkOf);
  return `<section class="export">\n${told}${memberList(page, item, linkOf)}</section>\n`;
}

function memberList(page, item, linkOf) {
  const single = page.exports.length === 1;
  const level = single ? "h2" : "h3";
  const members = membersOf(item).map((member) => ({ member, name: shown(member), id: idOf(page, item, member) }));
  const isProperty = ({ member }) => member.kind === ReflectionKind.Property;
  const rows = members.filter(isProperty).map(({ member, id }) => propertyRow(member, id, linkOf));
  const sections = members
    .filter((candidate) => !isProperty(candidate))
    .map(({ member, name, id }) => {
      const title = `<${level} id="${escape(id)}">${escape(name)} ${anchor(escape(id), name)}</${level}>`;
      const told = signature(member, linkOf) + prose(commentsOf(member), linkOf);
      return `<section class="member">\n${title}\n${told}</section>\n`;
    });
  const contents = single && sections.length > 8 ? chips(members) : "";
  return contents + (rows.length > 0 ? table(rows.join(""), "properties") : "") + sections.join("");
}

// Properties, such as options, are read best as a table.
function propertyRow(member, id, linkOf) {
  const [code] = signaturesOf(member);
  const [, name, type] = /^(?:readonly )?([^:?]+)\??: ([\s\S]*)$/.exec(code);
  const optional = member.flags.isOptional ? " <small>optional</small>" : "";
  const typed = highlight(type, "ts", linkOf);
  return `<tr id="${escape(id)}"><td><code>${escape(name)}</code>${optional}</td><td><code class="type">${typed}</code>${prose(commentsOf(member), linkOf)}</td></tr>\n`;
}

function chips(names) {
  const links = names.map(
    ({ name, id }) => `<li><a href="#${encodeURIComponent(id)}"><code>${escape(name)}</code></a></li>`,
  );
  return `<ul class="names">${links.join("")}</ul>\n`;
}

function signature(item, linkOf) {
  const others = (name) => (name === item.name ? undefined : linkOf(name));
  return listing(highlight(signaturesOf(item).join("\n"), "ts", others), { kind: "signature" });
}

function prose(comments, linkOf) {
  return comments.map((text) => render(text, { linkOf }).html).join("");
}

function overview(modules, pages) {
  let html = "<h1>API reference</h1>\n<p>Everything that the package exports, from its declarations.</p>\n";
  const headings = [];
  for (const { entry, again } of modules) {
    const name = importedFrom(entry);
    headings.push({ depth: 2, text: name, id: name });
    html += `<h2 id="${name}">${name} ${anchor(name, name)}</h2>\n`;
    if (again) html += "<p>All that <code>poche</code> exports, and:</p>\n";
    const rows = pages
      .filter((page) => page.entry === entry)
      .flatMap(({ path, exports }) => exports.map((item) => summaryRow(item, `../../${path}#${idOfExport(item)}`)));
    html += table(rows.join(""));
  }
  return { path: "docs/api/index.html", title: "API reference", html, headings };
}

function summaryRow(item, href) {
  const [text = ""] = commentsOf(item);
  const [sentence] = text.split(/(?<=[.:])\s/);
  const said = render(sentence.replace(/:$/, ".")).html.replaceAll(/<\/?p>/g, "");
  return `<tr><td><a href="${href}"><code>${item.name}</code></a></td><td>${said}</td></tr>\n`;
}
