// A server on the loopback interface for a consumer's built files, which takes the page's report.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { ERRORS } from "./project.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Serves a folder with these headers until `close`; `report` is a promise of what the page posts. */
export async function serveSite(folder, headers = {}) {
  let settle;
  const report = new Promise((resolve) => {
    settle = resolve;
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/report") return take(request, response, settle);
    if (pathname === "/errors.js") return response.writeHead(200, { "Content-Type": TYPES[".js"] }).end(ERRORS);
    const path = join(folder, normalize(pathname === "/" ? "/index.html" : pathname));
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", ...headers });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { origin, report, close, url: (path, base = origin) => `${base}${path}?report=${origin}/report` };
}

// From any origin: a development server of a bundler has one of its own.
async function take(request, response, settle) {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  response.writeHead(200, { "Access-Control-Allow-Origin": "*" }).end();
  if (text) settle(JSON.parse(text));
}
