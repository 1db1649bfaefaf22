// The recipe docs/recipes/vue.md: use-cached.js and UserName.vue in Vue itself, on happy-dom.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { withDom } from "./lib/dom.mjs";
import { makeProject } from "./lib/project.mjs";

let vue, UserName, useCached;
before(async () => {
  const project = await makeProject("docs/recipes/vue.md", "vue");
  await withDom(project);
  const require = createRequire(project.path("index.js"));
  const { compileScript, parse } = require("vue/compiler-sfc");
  const { descriptor, errors } = parse(readFileSync(project.path("UserName.vue"), "utf8"));
  assert.deepEqual(errors, []);
  const { content } = compileScript(descriptor, { id: "UserName", inlineTemplate: true });
  project.write("package.json", '{ "type": "module" }');
  project.write("UserName.vue.js", content);
  project.write(
    "all.js",
    `export { default } from "./UserName.vue.js";
    export * from "./use-cached.js"; export * as vue from "vue";`,
  );
  ({ default: UserName, useCached, vue } = await import(pathToFileURL(project.path("all.js")).href));
});

/** Mounts the component; `props` may be changed. */
function mount(t, given) {
  const props = vue.reactive(given);
  const container = document.createElement("div");
  const app = vue.createApp(() => vue.h(UserName, props));
  app.mount(container);
  t.after(() => app.unmount());
  return { props, shown: () => container.textContent };
}

it("components with equal keys share one request, and show what it gives", async (t) => {
  let requests = 0;
  const fetchUser = async (id) => ({ name: `user ${id}, request ${++requests}` });
  const one = mount(t, { id: 1, fetchUser });
  const two = mount(t, { id: 1, fetchUser });
  assert.equal(one.shown(), "Loading");
  await turn();
  assert.deepEqual([one.shown(), two.shown()], ["user 1, request 1", "user 1, request 1"]);
  assert.equal(mount(t, { id: 1, fetchUser }).shown(), "user 1, request 1", "what is cached is there at once");
});

it("follows its key, and a slow answer for an old key is not shown", async (t) => {
  const answers = new Map();
  const fetchUser = (id) => new Promise((resolve) => answers.set(id, resolve));
  const { props, shown } = mount(t, { id: 10, fetchUser });
  props.id = 11;
  await vue.nextTick();
  answers.get(11)({ name: "eleven" });
  await turn();
  assert.equal(shown(), "eleven");
  answers.get(10)({ name: "ten" });
  await turn();
  assert.equal(shown(), "eleven");
  props.id = 10;
  await vue.nextTick();
  assert.equal(shown(), "ten", "it was cached nevertheless");
});

it("shows a failure, and does not keep it", async (t) => {
  const failing = mount(t, { id: 20, fetchUser: async () => Promise.reject(new Error("The server is away")) });
  await turn();
  assert.equal(failing.shown(), "The server is away");
  const { shown } = mount(t, { id: 20, fetchUser: async () => ({ name: "Grace" }) });
  await turn();
  assert.equal(shown(), "Grace");
});

it("takes a key as it is, too", async () => {
  const scope = vue.effectScope();
  const { data } = scope.run(() => useCached(["plain"], async ([word]) => word));
  await turn();
  assert.equal(data.value, "plain");
  scope.stop();
});
