// All pages of the site: the demos of www in their frame, the texts of docs, the API reference.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { at, Failed } from "../lib/process.mjs";
import { apiPages } from "./api/pages.mjs";
import { pageOf, sections, texts } from "./contents.mjs";
import { framed, upFrom } from "./frame.mjs";
import { laidOut } from "./layout.mjs";
import { render } from "./markdown.mjs";

/** The pages as `{ path, html }`, the path being that on the site. */
export async function allPages() {
  const api = await apiPages();
  const written = new Map(texts().map((text) => [text, textPage(text, api.linkOf)]));
  const sidebar = sections.map(({ title, texts = [], api: made }) => ({
    title,
    pages: made ? api.pages : texts.map((text) => written.get(text)),
  }));
  const documentation = sidebar.flatMap(({ pages }) => pages);
  return [...demos(), ...documentation.map((page) => ({ path: page.path, html: laidOut(page, sidebar) }))];
}

function demos() {
  return readdirSync(at("www"), { recursive: true })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".html"))
    .map((path) => ({ path, html: framed(readFileSync(at("www", path), "utf8"), path) }));
}

function textPage(text, linkOf) {
  const path = pageOf(text);
  const links = {
    linkTo: (href) => (/^https?:/.test(href) ? href : upFrom(path) + siteAddress(href, text)),
    linkOf: (code) => linkOf(code, path),
  };
  try {
    return { path, ...render(readFileSync(at("docs", text), "utf8"), links) };
  } catch (error) {
    // marked asks to report what it throws; it is ours.
    throw new Failed(`docs/${text}: ${error.message.split("\n")[0]}`);
  }
}

/** Where a link of a text leads on the site, from its root. Links are written as they work among the files. */
function siteAddress(href, text) {
  const [file, fragment = ""] = href.split("#");
  const target = posix.join("docs", posix.dirname(text), file);
  const hash = fragment && `#${fragment}`;
  if (file === "") return pageOf(text) + hash;
  if (/^docs\/.*\.md$/.test(target)) return pageOf(target.slice("docs/".length)) + hash;
  if (/^www\/(.*\/)?index\.html$/.test(target)) return target.slice("www/".length).replace(/index\.html$/, "") + hash;
  throw new Error(`the link to ${href} leads to no page of the site`);
}
