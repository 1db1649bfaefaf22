// The recipe docs/recipes/react.md: use-cached.jsx and profile.jsx in React itself, on happy-dom.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { afterEach, before, beforeEach, it } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { withDom } from "./lib/dom.mjs";
import { makeProject } from "./lib/project.mjs";

let React, createRoot, Profile, useCached;
before(async () => {
  const project = await makeProject("docs/recipes/react.md", "react");
  await withDom(project);
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  const outfile = project.path("bundle.mjs");
  // One bundle, so that both files have one module state; React and poche are the installed ones.
  project.write("all.js", 'export * from "./profile.jsx"; export * from "./use-cached.jsx";');
  await build({
    entryPoints: [project.path("all.js")],
    outfile,
    bundle: true,
    format: "esm",
    jsx: "automatic",
    packages: "external",
  });
  const require = createRequire(outfile);
  React = require("react");
  ({ createRoot } = require("react-dom/client"));
  ({ Profile, useCached } = await import(pathToFileURL(outfile).href));
});

let root, container;
beforeEach(() => {
  container = document.createElement("div");
  root = createRoot(container);
});
afterEach(() => React.act(() => root.unmount()));

const h = (...args) => React.createElement(...args);
const render = (element) => React.act(async () => root.render(element));
const shown = () => container.textContent;

/** A promise that is settled from outside. */
function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

it("components with equal keys share one request, and show what it gives", async () => {
  const answer = deferred();
  let requests = 0;
  const fetchUser = () => {
    requests += 1;
    return answer.promise;
  };
  const two = () => h("div", null, h(Profile, { id: 1, fetchUser }), h(Profile, { id: 1, fetchUser }));
  await render(two());
  assert.equal(shown(), "LoadingLoading");
  await React.act(async () => answer.resolve({ name: "Ada" }));
  assert.equal(shown(), "AdaAda");
  assert.equal(requests, 1);
});

it("what is cached is rendered at once, without waiting", async () => {
  const fetchUser = () => assert.fail("it is cached");
  // Synchronously: no promise has the time to settle.
  React.act(() => root.render(h(Profile, { id: 1, fetchUser })));
  assert.equal(shown(), "Ada");
});

it("another key is another request", async () => {
  await render(h(Profile, { id: 2, fetchUser: async (id) => ({ name: `user ${id}` }) }));
  assert.equal(shown(), "user 2");
});

it("a failure goes to the boundary, once, and is asked for again only when somebody wants it", async (t) => {
  t.mock.method(console, "error", () => {}); // React tells of the error as well
  let requests = 0;
  const fetchUser = async () => {
    requests += 1;
    if (requests === 1) throw new Error("The server is away");
    return { name: "Grace" };
  };
  await render(h(Profile, { id: 3, fetchUser }));
  assert.equal(shown(), "The server is away. Try again");
  assert.equal(requests, 1);
  await React.act(async () => container.querySelector("button").click());
  assert.equal(shown(), "Grace");
  assert.equal(requests, 2);
});

it("a key may be any structure", async () => {
  const load = async () => "found";
  const Search = () => useCached({ text: "a", tags: new Set(["x"]) }, load);
  await render(h(React.Suspense, { fallback: "Loading" }, h(Search)));
  assert.equal(shown(), "found");
});
