// Snapshots in a browser: kept in IndexedDB while no page is open, and handed over to a worker.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withPages } from "./browser.mjs";

const open = withPages();

/** Runs in the page: what it calls with `store` of a database of its own. */
const withStore = `async (mode, use) => {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open("caches", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("snapshots");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const request = use(database.transaction("snapshots", mode).objectStore("snapshots"));
  const result = await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  database.close();
  return result;
}`;

test("IndexedDB: close the page, open it again, and the cache is warm", async (t) => {
  const first = await open(t, "/");
  const written = await first.evaluate(async (withStore) => {
    const { Cache } = await import("/poche/dist/index.js");
    const cache = new Cache({ values: "copy", defaultTtl: "1h" });
    for (let id = 0; id < 1000; id++) cache.set(["user", id], { id, at: new Date(id), tags: new Set(["a", id]) });
    cache.set("bytes", new Uint8Array(300_000).fill(7), null);
    const bytes = cache.snapshot();
    // biome-ignore lint/security/noGlobalEval: the function has to reach the page as text.
    await eval(withStore)("readwrite", (store) => store.put(bytes, "users"));
    return bytes.length;
  }, withStore);
  const home = first.url();
  const context = first.context();
  await first.close();

  const second = await context.newPage();
  await second.goto(home);
  const read = await second.evaluate(async (withStore) => {
    const { Cache } = await import("/poche/dist/index.js");
    // biome-ignore lint/security/noGlobalEval: the function has to reach the page as text.
    const bytes = await eval(withStore)("readonly", (store) => store.get("users"));
    const cache = Cache.restore(bytes);
    const user = cache.get(["user", 42]);
    return {
      length: bytes.length,
      size: cache.size,
      id: user.id,
      at: user.at.getTime(),
      tags: [...user.tags],
      expires: cache.getTtl(["user", 42]) > new Date(),
      bytes: cache.get("bytes").every((byte) => byte === 7),
      never: cache.getTtl("bytes"),
    };
  }, withStore);
  assert.deepEqual(read, {
    length: written,
    size: 1001,
    id: 42,
    at: 42,
    tags: ["a", 42],
    expires: true,
    bytes: true,
    never: null,
  });
});

test("a worker gets the bytes without a copy, and answers from its own cache", async (t) => {
  const page = await open(t, "/");
  const answer = await page.evaluate(async () => {
    const { Cache } = await import("/poche/dist/index.js");
    const bytes = new Cache().set("key", new Map([["a", [1n]]])).snapshot();
    const script = `
      onmessage = async ({ data }) => {
        const { Cache } = await import("${location.origin}/poche/dist/index.js");
        postMessage(Cache.restore(data, { values: "copy" }).get("key"));
      };`;
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
    const reply = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
    });
    worker.postMessage(bytes, [bytes.buffer]);
    const map = await reply;
    return { left: bytes.length, value: String(map.get("a")[0]) };
  });
  assert.deepEqual(answer, { left: 0, value: "1" });
});
