// The API reference: pages made from the declarations of the built package, which TypeDoc reads.
import { Application, Comment, ReferenceReflection, ReflectionKind, TypeScript as ts } from "typedoc";
import { entries, stem } from "../build/entries.mjs";
import { at, Failed } from "../lib/process.mjs";
import { signaturesOf } from "./api-signatures.mjs";
import { escape, highlight } from "./highlight.mjs";
import { anchor, listing, render, table } from "./markdown.mjs";

/** Where the exports of the main entry stand; those that no row names stand on the last page. */
const MAIN_PAGES = [
  { file: "cache.html", title: "Cache", names: ["Cache"] },
  { file: "options.html", title: "Options", names: ["CacheOptions", "Ttl", "DurationString", "RemoveReason"] },
  { file: "memoize.html", title: "memoize", names: ["memoize", "MemoizeOptions", "Memoized", "MemoizeDecorator"] },
  { file: "item.html", title: "CacheItem", names: ["CacheItem"] },
  { file: "errors.html", title: "Errors", names: /Error$/ },
  { file: "types.html", title: "Other types", names: /./ },
];

// The order on a page, where source order would say nothing: what one constructs or calls before types.
const RANK = [ReflectionKind.Class, ReflectionKind.Function, ReflectionKind.Interface, ReflectionKind.TypeAlias];

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

/** Each entry with what it exports. */
async function readModules() {
  const declarations = (name) => at("pkg", "dist", `${name}.d.ts`);
  // The class behind the exported interface `Cache` is no export of an entry; its module is read as well.
  const files = [...entries.map((entry) => declarations(stem(entry))), declarations("cache")];
  const app = await Application.bootstrap({
    entryPoints: files,
    disableGit: true,
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    // The package's own types that are not exported, such as that of any function, have no page.
    validation: { notExported: false, invalidLink: true },
    sort: ["source-order"],
    logLevel: "Warn",
  });
  app.options.setCompilerOptions(
    files,
    { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, skipLibCheck: true, strict: true, types: [] },
    undefined,
  );
  const project = await app.convert();
  if (!project || app.logger.hasErrors()) throw new Failed("TypeDoc could not read the declarations of the package");
  const module = (name) => project.children.find((child) => child.name === name) ?? fail(name);
  const classCache = module("cache").children.find(
    ({ kind, name }) => kind === ReflectionKind.Class && name === "Cache",
  );
  return entries.map((entry) => {
    const { children } = module(stem(entry));
    const own = children.flatMap((child) => ownOf(child, entry));
    return { entry, exports: ranked(own.flatMap((child) => replaced(child, classCache, own))), all: children };
  });
}

/** What stands after `from` in an import. */
const importedFrom = ({ name }) => `poche${name.slice(1)}`;

const isAgain = (child) => child instanceof ReferenceReflection;

// What an entry exports again is told of where it comes from, which is the main entry or no entry at all.
function ownOf(child, entry) {
  if (!isAgain(child)) return [child];
  const target = child.getTargetReflectionDeep();
  return entry.name === "." && target.parent.name === "cache" ? [target] : [];
}

function fail(name) {
  throw new Failed(`TypeDoc gives no module ${name}`);
}

// `Cache` is exported as a type and as a constructor that knows what `strict` means: together they are the class.
function replaced(child, classCache, siblings) {
  if (child.name !== "Cache") return [child];
  if (child.kind === ReflectionKind.Variable) return [];
  const maker = siblings.find(({ name }) => name === "CacheConstructor");
  const restored = maker.children.filter(({ name }) => name === "restore");
  for (const member of restored) member.isStaticHere = true;
  const members = classCache.children.filter(({ kind }) => kind !== ReflectionKind.Constructor);
  const made = classCache.children.find(({ kind }) => kind === ReflectionKind.Constructor);
  const given = maker.children.find(({ kind }) => kind === ReflectionKind.Constructor);
  const constructor = {
    name: "constructor",
    kind: made.kind,
    signatures: given.signatures,
    comment: made.signatures[0].comment,
    flags: {},
  };
  return [
    {
      name: "Cache",
      kind: ReflectionKind.Class,
      comment: classCache.comment,
      typeParameters: classCache.typeParameters,
      children: [constructor, ...restored, ...members.filter(({ name }) => name !== "restore")],
    },
  ];
}

function paged(modules) {
  const pages = [];
  for (const { entry, exports } of modules) {
    if (entry.name !== ".") {
      pages.push({ path: `docs/api/${stem(entry)}.html`, title: importedFrom(entry), entry, exports });
      continue;
    }
    let rest = exports;
    for (const { file, title, names } of MAIN_PAGES) {
      const here = (item) => (Array.isArray(names) ? names.includes(item.name) : names.test(item.name));
      const found = rest.filter(here);
      if (Array.isArray(names)) found.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
      rest = rest.filter((item) => !here(item));
      pages.push({ path: `docs/api/${file}`, title, entry, exports: found });
    }
  }
  return pages;
}

const ranked = (exports) => [...exports].sort((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind));

/** The members of an export that are told of: not what comes from built-in classes, not constructors without a word. */
function membersOf({ children = [] }) {
  return children.filter(
    (member) =>
      !member.inheritedFrom &&
      member.name !== "prototype" &&
      member.name !== "[toStringTag]" &&
      !(member.kind === ReflectionKind.Constructor && !commentsOf(member).length),
  );
}

// On a page about one thing its members need no surname.
const idOf = (page, item, member) =>
  !member ? item.name : page.exports.length === 1 ? shown(member) : `${item.name}.${shown(member)}`;

const shown = ({ name }) => name.replace(/^\[(\w+)\]$/, "[Symbol.$1]");

function placesOf(pages) {
  const places = new Map();
  for (const page of pages) {
    for (const item of page.exports) {
      places.set(item.name, { path: page.path, id: item.name });
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
  const headings = [];
  const single = page.exports.length === 1;
  let html = `<h1>${escape(page.title)}</h1>\n`;
  const [first] = page.exports;
  const names = page.exports.filter(({ kind }) => kind === ReflectionKind.Class || kind === ReflectionKind.Function);
  const imported = names.length > 0 ? names : [first];
  if (imported.length <= 4) {
    const type = imported.every(({ kind }) => kind === ReflectionKind.Interface || kind === ReflectionKind.TypeAlias);
    const list = imported.map(({ name }) => name).join(", ");
    html += listing(highlight(`import ${type ? "type " : ""}{ ${list} } from "${importedFrom(page.entry)}";`, "ts"));
  }
  if (!single) {
    for (const { name } of page.exports) headings.push({ depth: 2, text: name, id: name });
    html += chips(page.exports.map((item) => ({ name: item.name, id: item.name })));
  }
  for (const item of page.exports) {
    const members = membersOf(item);
    const level = single ? 2 : 3;
    html += `<section class="export">\n`;
    html += single
      ? `<a id="${item.name}"></a>`
      : `<h2 id="${item.name}">${item.name} ${anchor(item.name, item.name)}</h2>\n`;
    html += signature(item, linkOf) + prose(commentsOf(item), linkOf);
    if (single && members.length > 8) {
      html += chips(members.map((member) => ({ name: shown(member), id: idOf(page, item, member) })));
    }
    if (members.length > 0 && members.every(({ kind }) => kind === ReflectionKind.Property)) {
      html += table(
        members.map((member) => propertyRow(member, idOf(page, item, member), linkOf)).join(""),
        "properties",
      );
      html += "</section>\n";
      continue;
    }
    for (const member of members) {
      const id = escape(idOf(page, item, member));
      const name = escape(shown(member));
      html += `<section class="member">\n<h${level} id="${id}">${name} ${anchor(id, name)}</h${level}>\n`;
      html += signature(member, linkOf) + prose(commentsOf(member), linkOf);
      html += "</section>\n";
    }
    html += "</section>\n";
  }
  return { html, headings };
}

// What has nothing but properties, such as options, is read best as a table.
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
  const code = signaturesOf(item).join("\n");
  return listing(highlight(code, "ts", (name) => (name === item.name ? undefined : linkOf(name)))).replace(
    'class="listing"',
    'class="listing signature"',
  );
}

/** The comments of a thing and of its signatures, each once. */
function commentsOf(item) {
  const comments = [item.comment, item.getSignature?.comment, ...(item.signatures ?? []).map(({ comment }) => comment)];
  return [...new Set(comments.filter(Boolean).map((comment) => Comment.combineDisplayParts(comment.summary)))];
}

function prose(comments, linkOf) {
  return comments.map((text) => render(text, { linkOf }).html).join("");
}

function overview(modules, pages) {
  let html = "<h1>API reference</h1>\n<p>Everything that the package exports, from its declarations.</p>\n";
  const headings = [];
  for (const { entry, all } of modules) {
    const name = importedFrom(entry);
    headings.push({ depth: 2, text: name, id: name });
    html += `<h2 id="${name}">${name} ${anchor(name, name)}</h2>\n`;
    if (entry.name !== "." && all.some(isAgain)) html += "<p>All that <code>poche</code> exports, and:</p>\n";
    const rows = pages
      .filter((page) => page.entry === entry)
      .flatMap(({ path, exports }) => exports.map((item) => summaryRow(item, `../../${path}#${item.name}`)));
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
