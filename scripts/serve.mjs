// Serves the pages of www on the loopback interface.
//
// The contract with the pages: `/` is the site as scripts/site.mjs makes it, and beneath it the folder www; `/poche/` is
// the package as installed from the packed tarball (scripts/lib/installed.mjs). A page imports `/poche/dist/index.js`, by that path or by the import map
// `{ "imports": { "poche": "/poche/dist/index.js" } }`, and nothing of the sources. `/peers/index.js` has the other
// caches for the page of the benchmark (scripts/lib/peers.mjs).
import { createReadStream, realpathSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream";
import { pathToFileURL } from "node:url";
import { installPackage, PACKAGE } from "./lib/installed.mjs";
import { bundlePeers, PEERS } from "./lib/peers.mjs";
import { at, main, say } from "./lib/process.mjs";
import { buildSite, SITE } from "./site.mjs";

const ADDRESS = "127.0.0.1";
const FIRST_PORT = 8080;
const LAST_PORT = 8180;

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".cjs": "text/javascript; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Starts the server on the first free port from `port` on (0: any); gives its URL and a function that ends it. */
export async function serve({ port = FIRST_PORT } = {}) {
  await bundlePeers();
  await buildSite();
  const roots = [
    ["/peers/", PEERS],
    ["/poche/", PACKAGE],
    ["/", SITE, at("www")],
  ];
  const server = createServer((request, response) => answer(request, response, roots));
  const taken = await listen(server, port);
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://${ADDRESS}:${taken}/`, close };
}

async function listen(server, port) {
  for (let candidate = port; ; candidate++) {
    try {
      await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(candidate, ADDRESS, () => {
          server.off("error", reject);
          resolve();
        });
      });
      return server.address().port;
    } catch (error) {
      if (!["EADDRINUSE", "EACCES"].includes(error.code) || candidate >= Math.max(LAST_PORT, port + 100)) throw error;
    }
  }
}

function answer(request, response, roots) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(response, 405, { Allow: "GET, HEAD" });
  }
  const found = locate(request.url, roots);
  if (found === null) return refuse(response, 404);
  if (found.redirect) return refuse(response, 301, { Location: found.redirect });
  response.writeHead(200, {
    "Content-Type": TYPES[extname(found.path)] ?? "application/octet-stream",
    "Content-Length": found.size,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  if (request.method === "HEAD") return response.end();
  // A visitor who leaves in the middle is no error of the server's.
  pipeline(createReadStream(found.path), response, (error) => error && response.destroy());
}

function refuse(response, status, headers = {}) {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...headers });
  response.end(`${status}\n`);
}

/** The file that a request's target means: its path and size, a redirect to a folder's own URL, or `null`. */
function locate(target, roots) {
  let path;
  try {
    path = decodeURIComponent(target.split(/[?#]/, 1)[0]);
  } catch {
    return null;
  }
  if (!path.startsWith("/") || path.includes("\0")) return null;
  const [prefix, ...folders] = roots.find(([candidate]) => path.startsWith(candidate));
  for (const folder of folders) {
    const found = locateIn(folder, path, prefix);
    if (found !== null) return found;
  }
  return null;
}

function locateIn(folder, path, prefix) {
  try {
    const root = realpathSync(folder);
    let file = realpathSync(join(root, path.slice(prefix.length)));
    // After links and `..` are resolved, what is outside stays outside.
    if (file !== root && !file.startsWith(root + sep)) return null;
    if (statSync(file).isDirectory()) {
      if (!path.endsWith("/")) return { redirect: `${encodeURI(path.replace(/^\/+/, "/"))}/` };
      file = realpathSync(join(file, "index.html"));
      if (!file.startsWith(root + sep)) return null;
    }
    const { size } = statSync(file);
    return { path: file, size };
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"].includes(error.code)) return null;
    throw error;
  }
}

/** Serves until the process is asked to stop, by Ctrl-C or by SIGTERM. */
export async function serveUntilStopped() {
  const { url, close } = await serve({ port: Number(process.env.PORT ?? FIRST_PORT) });
  // Whoever reads the line below may stop the server at once, so it listens for that first.
  const stopped = new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  say(`the demo pages are at ${url}, the documentation at ${url}docs/ (Ctrl-C stops)`);
  await stopped;
  await close();
  say("stopped");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await installPackage();
    await serveUntilStopped();
  });
}
