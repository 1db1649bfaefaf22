// What the API reference tells of: the declarations of the built package, read by TypeDoc, and the page of each export.
import { Application, Comment, ReferenceReflection, ReflectionKind, TypeScript as ts } from "typedoc";
import { entries, stem } from "../../build/entries.mjs";
import { at, Failed } from "../../lib/process.mjs";

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
const RANK = [
  ReflectionKind.Class,
  ReflectionKind.Function,
  ReflectionKind.Interface,
  ReflectionKind.TypeAlias,
  ReflectionKind.Namespace,
];

/**
 * The entries of the package, as TypeDoc reads them: `exports`, and whether an entry gives `again` what the main one does.
 */
export async function readModules() {
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
    const here = module(stem(entry));
    const own = here.children.flatMap((child) => ownOf(child, entry));
    return {
      entry,
      exports: ranked(own.flatMap((child) => replaced(child, classCache, own))),
      again: entry.name !== "." && here.children.some((child) => isAgain(child) && originOf(child) !== here),
    };
  });
}

/** What stands after `from` in an import. */
export const importedFrom = ({ name }) => `poche${name.slice(1)}`;

const isAgain = (child) => child instanceof ReferenceReflection;

const originOf = (child) => child.getTargetReflectionDeep().parent;

// What an entry exports again is told of where it comes from, which is the main entry or no entry at all.
function ownOf(child, entry) {
  if (!isAgain(child)) return [child];
  return entry.name === "." && originOf(child).name === "cache" ? [child.getTargetReflectionDeep()] : [];
}

function fail(name) {
  throw new Failed(`TypeDoc gives no module ${name}`);
}

// `Cache` is exported as a type and as a constructor that knows what `strict` means: together they are the class.
function replaced(child, classCache, siblings) {
  // A class may have a namespace of the same name, for its types.
  if (child.kind === ReflectionKind.Namespace) {
    return [{ name: `namespace ${child.name}`, kind: child.kind, comment: child.comment, types: child.children }];
  }
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

/** The pages: `path`, `title`, the `entry`, and the `exports` that stand there. */
export function paged(modules) {
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
export function membersOf({ children = [] }) {
  return children.filter(
    (member) =>
      !member.inheritedFrom &&
      member.name !== "prototype" &&
      member.name !== "[toStringTag]" &&
      !(member.kind === ReflectionKind.Constructor && !commentsOf(member).length),
  );
}

/** The comments of a thing and of its signatures, each once. */
export function commentsOf(item) {
  const comments = [item.comment, item.getSignature?.comment, ...(item.signatures ?? []).map(({ comment }) => comment)];
  return [...new Set(comments.filter(Boolean).map((comment) => Comment.combineDisplayParts(comment.summary)))];
}
