// Pages that load the installed package without any tool: modules, a plain script, workers of all kinds.
import { visitFolder } from "../lib/browsers.mjs";
import { page, program } from "../lib/project.mjs";

const DIST = "/node_modules/poche/dist";

// What reports from inside a worker: its page passes the report on.
const FROM_WORKER = "const postMessage = (text) => port.postMessage(text);";
const PASS_ON = `const pass = ({ data }) =>
  fetch(new URLSearchParams(location.search).get("report"), { method: "POST", body: data });
`;

const PAGES = {
  "a module on a page": {
    "index.html": page(`<script type="importmap">{ "imports": { "poche": "${DIST}/index.js" } }</script>
<script type="module" src="/main.mjs"></script>`),
    "main.mjs": program.esm("page"),
  },
  "a plain script": {
    "index.html": page(`<script src="${DIST}/poche.min.js"></script>
<script src="/check.js"></script>
<script src="/main.js"></script>`),
    "main.js": program.plain("page"),
  },
  "a Worker that is a module": {
    "index.html": page(`<script src="/main.js"></script>`),
    "main.js": `${PASS_ON}
const worker = new Worker("/worker.mjs", { type: "module" });
worker.onmessage = pass;
worker.onerror = (event) => send(event.message ?? "the worker does not load");
`,
    "worker.mjs": program.esm("post", `${DIST}/index.js`, "/check.mjs"),
  },
  "a Worker that is a script": {
    "index.html": page(`<script src="/main.js"></script>`),
    "main.js": `${PASS_ON}
const worker = new Worker("/worker.js");
worker.onmessage = pass;
worker.onerror = (event) => send(event.message ?? "the worker does not load");
`,
    "worker.js": `importScripts("${DIST}/poche.min.js", "/check.js");\n${program.plain("post")}`,
  },
  "a SharedWorker": {
    "index.html": page(`<script src="/main.js"></script>`),
    "main.js": `${PASS_ON}
const worker = new SharedWorker("/worker.mjs", { type: "module" });
worker.port.onmessage = pass;
worker.onerror = (event) => send(event.message ?? "the worker does not load");
`,
    "worker.mjs": `import * as poche from "${DIST}/index.js";
import { check } from "/check.mjs";
globalThis.onconnect = ({ ports: [port] }) => {
  ${FROM_WORKER}
  check(poche)
    .catch((error) => ({ error: String(error.stack ?? error) }))
    .then((report) => postMessage(JSON.stringify(report)));
};
`,
  },
  "poche/wasm, with the file fetched and compiled while it arrives": {
    "index.html": page(`<script type="importmap">{ "imports": { "poche/wasm": "${DIST}/own-wasm.js" } }</script>
<script type="module" src="/main.mjs"></script>`),
    "main.mjs": program
      .esm("page", "poche/wasm")
      .replace(
        /^check\(/m,
        (call) => `await poche.init(await WebAssembly.compileStreaming(fetch("${DIST}/../poche.wasm")));\n${call}`,
      ),
  },
};

const FAST = ["a module on a page", "a plain script"];

export const pages = ["Chromium", "Firefox", "WebKit"].flatMap((browser) =>
  Object.entries(PAGES).map(([what, files]) => ({
    name: `${browser}: ${what}`,
    fast: browser === "Chromium" && FAST.includes(what),
    files,
    report: ({ folder }) => visitFolder(browser, folder),
  })),
);
