// The server of the demo pages: what it serves, what it keeps to itself, and how it stops.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { at } from "../../scripts/lib/process.mjs";
import { serve } from "../../scripts/serve.mjs";

let server;
before(async () => {
  server = await serve({ port: 0 });
});
after(() => server.close());

/** A response to a target exactly as given; `fetch` would tidy it first. */
async function ask(path, method = "GET") {
  const { hostname, port } = new URL(server.url);
  const sent = request({ hostname, port, path, method }).end();
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, type: response.headers["content-type"], text, headers: response.headers };
}

describe("the server", () => {
  it("serves www at the root, and the installed package below /poche/", async () => {
    const page = await ask("/");
    assert.deepEqual([page.status, page.type], [200, "text/html; charset=utf-8"]);
    const script = await ask("/poche/dist/index.js");
    assert.deepEqual([script.status, script.type], [200, "text/javascript; charset=utf-8"]);
    assert.equal((await ask("/poche/poche.wasm")).type, "application/wasm");
    assert.equal((await ask("/poche/package.json?x=1")).type, "application/json; charset=utf-8");
  });

  it("serves nothing outside of those folders", async () => {
    const targets = ["/../package.json", "/%2e%2e/package.json", "/..%2fpackage.json", "/poche/..%2f..%2fpackage.json"];
    for (const target of [...targets, "/poche/../../package.json", "/%00", "/%", "//etc/passwd", "/none"]) {
      assert.equal((await ask(target)).status, 404, target);
    }
  });

  it("sends a folder's visitor to its own URL", async () => {
    const response = await ask("/poche");
    assert.equal(response.status, 404);
    const folder = await ask("/poche/dist");
    assert.deepEqual([folder.status, folder.headers.location], [301, "/poche/dist/"]);
  });

  it("answers GET and HEAD only", async () => {
    const head = await ask("/poche/poche.wasm", "HEAD");
    assert.deepEqual([head.status, head.text], [200, ""]);
    assert.equal((await ask("/", "POST")).status, 405);
  });

  it("listens on the loopback interface only, on the next port when one is taken", async () => {
    const { hostname, port } = new URL(server.url);
    assert.equal(hostname, "127.0.0.1");
    const second = await serve({ port: Number(port) });
    assert.ok(Number(new URL(second.url).port) > Number(port));
    await second.close();
  });

  for (const signal of ["SIGINT", "SIGTERM"]) {
    it(`ends with status 0 at ${signal}`, async () => {
      const child = spawn(process.execPath, [at("scripts", "serve.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
      let printed = "";
      for await (const chunk of child.stdout.setEncoding("utf8")) {
        printed += chunk;
        if (printed.includes("http://127.0.0.1:") && !child.killed) child.kill(signal);
      }
      const [status] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
      assert.equal(status, 0);
      assert.match(printed, /stopped/);
    });
  }
});
