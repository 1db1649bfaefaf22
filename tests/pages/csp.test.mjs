// Pages under a strict content-security policy: with 'wasm-unsafe-eval' everything works, without it the error says so.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PACKAGE } from "../../scripts/lib/installed.mjs";
import { visitFolder } from "../consumers/lib/browsers.mjs";
import { page } from "../consumers/lib/project.mjs";

// connect-src: the report of the page, which is of its own origin.
const policy = (more) => ({
  "Content-Security-Policy": `default-src 'none'; script-src 'self'${more}; connect-src 'self'; img-src data:`,
});

const MAIN = `import { Cache, WebAssemblyError } from "/poche/dist/index.js";
const send = (report) =>
  fetch(new URLSearchParams(location.search).get("report"), { method: "POST", body: JSON.stringify(report) });
const attempt = () => {
  try {
    return { value: new Cache().set(["un"], 1).get(["un"]) };
  } catch (error) {
    return { message: error.message, code: error.code, known: error instanceof WebAssemblyError };
  }
};
send([attempt(), attempt()]);
`;

describe("a page with a strict content-security policy", () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poche-csp-"));
    symlinkSync(PACKAGE, join(folder, "poche"));
    writeFileSync(join(folder, "index.html"), page('<script type="module" src="/main.js"></script>'));
    writeFileSync(join(folder, "main.js"), MAIN);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const visit = (more) => visitFolder("Chromium", folder, { headers: policy(more) });

  it("works with 'wasm-unsafe-eval', without 'unsafe-eval'", async () => {
    assert.deepEqual(await visit(" 'wasm-unsafe-eval'"), [{ value: 1 }, { value: 1 }]);
  });

  it("gets an error that names 'wasm-unsafe-eval' without it, at each construction", async () => {
    const reports = await visit("");
    for (const { message, code, known } of reports) {
      assert.equal(known, true);
      assert.equal(code, "ERR_WEBASSEMBLY");
      assert.match(message, /content-security policy must allow 'wasm-unsafe-eval' in script-src/);
    }
    assert.equal(reports.length, 2);
  });
});
