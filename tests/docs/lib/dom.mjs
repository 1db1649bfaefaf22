// A document for frameworks, in Node: happy-dom, of the packages of the examples.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const CLASSES = /^(Comment|DocumentFragment|Element|Event|Node|Text|[A-Z]\w*Element|[A-Z]\w*Event)$/;

/** Makes `window`, `document` and the classes of elements global, before a framework is loaded. */
export async function withDom(project) {
  const require = createRequire(project.path("index.js"));
  const { Window } = await import(pathToFileURL(require.resolve("happy-dom")).href);
  const window = new Window();
  const classes = Object.getOwnPropertyNames(window).filter((name) => CLASSES.test(name));
  for (const name of [...classes, "document", "navigator"]) globalThis[name] ??= window[name];
  globalThis.window = window;
}
