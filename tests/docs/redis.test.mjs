// The recipe docs/recipes/redis.md: tiers.mjs with a Redis that goes away and comes back.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { makeProject } from "./lib/project.mjs";

let makeTiers, port;
before(async () => {
  const project = await makeProject("docs/recipes/redis.md", "redis");
  ({ makeTiers } = await import(pathToFileURL(project.path("tiers.mjs")).href));
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address());
  server.close();
});

async function startRedis(t) {
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", args);
  t.after(() => server.kill("SIGKILL"));
  for await (const text of server.stdout) if (String(text).includes("Ready to accept")) break;
  return server;
}

it("processes share the second tier; each serves from memory while it is away, and uses it again afterwards", async (t) => {
  const redis = await startRedis(t);
  const errors = [];
  const [one, other] = [1, 2].map(() => makeTiers(`redis://127.0.0.1:${port}`, (error) => errors.push(error)));
  t.after(() => Promise.all([one.disconnect(), other.disconnect()]));

  await one.set("ada", { name: "Ada" });
  assert.deepEqual(await other.get("ada"), { name: "Ada" });
  assert.deepEqual(errors, []);

  redis.kill("SIGKILL");
  await once(redis, "exit");
  await sleep(100);
  const began = performance.now();
  assert.deepEqual(await other.get("ada"), { name: "Ada" });
  await other.set("bob", 1);
  assert.equal(await other.get("bob"), 1);
  assert.equal(await other.get("eve"), undefined);
  assert.ok(performance.now() - began < 2000, "nothing waits for Redis");
  assert.notEqual(errors.length, 0);

  await startRedis(t);
  for (let tries = 0; tries < 200 && (await one.get("back")) !== 1; tries++) {
    await other.set("back", 1);
    await sleep(50);
  }
  assert.equal(await one.get("back"), 1);
});
