// What the documentation consists of, in its order: the sections of the sidebar, and the texts in each.
import { readdirSync } from "node:fs";
import { relative, sep } from "node:path";
import { at, Failed } from "../lib/process.mjs";

/** The texts, under docs; `api` marks where the pages made from the declarations stand. */
export const sections = [
  {
    title: "Guide",
    texts: [
      "README.md",
      "guide/keys.md",
      "guide/time-to-live.md",
      "guide/get-or-set.md",
      "guide/memoize.md",
      "guide/bounds.md",
      "guide/copies.md",
      "guide/errors.md",
      "guide/performance.md",
      "guide/installing.md",
    ],
  },
  {
    title: "Coming from",
    texts: ["guide/from-map.md", "guide/from-lru-cache.md", "lru-cache.md", "guide/from-python.md"],
  },
  {
    title: "Recipes",
    texts: [
      "recipes/http.md",
      "recipes/database.md",
      "recipes/redis.md",
      "recipes/react.md",
      "recipes/vue.md",
      "recipes/service-worker.md",
      "recipes/cli.md",
    ],
  },
  { title: "Reference", api: true },
  { title: "Formats", texts: ["value-format.md", "snapshot-format.md"] },
  { title: "Inside", texts: ["eviction.md", "bytes-per-entry.md", "memory.md"] },
];

/** All texts under docs, as the table has them. A text that it lacks would be one that nobody finds. */
export function texts() {
  const listed = sections.flatMap((section) => section.texts ?? []);
  const there = readdirSync(at("docs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => relative(at("docs"), `${entry.parentPath ?? entry.path}${sep}${entry.name}`).replaceAll(sep, "/"));
  const stray = there.find((path) => !listed.includes(path)) ?? listed.find((path) => !there.includes(path));
  if (stray) throw new Failed(`docs/${stray} is either no file, or not in the table of scripts/site/contents.mjs`);
  return listed;
}

/** The page that a text becomes, from the root of the site. */
export function pageOf(text) {
  return `docs/${text.replace(/(^|\/)README\.md$/, "$1index.md").replace(/\.md$/, ".html")}`;
}
