// Every consumer of the tables: the packed tarball is installed, built with, run, and gives the values it must.
//
// All by `npm run test:consumers`; with POCHE_CONSUMERS=fast, as in `npm test`, those that take a moment. A part of a
// name in POCHE_CONSUMER picks by name.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expected } from "./check.mjs";
import { makeProject } from "./lib/project.mjs";
import { adapters } from "./tables/adapters.mjs";
import { bundlers } from "./tables/bundlers.mjs";
import { pages } from "./tables/pages.mjs";
import { runtimes } from "./tables/runtimes.mjs";
import { switching } from "./tables/switching.mjs";
import { testRunners } from "./tables/test-runners.mjs";
import { types } from "./tables/types.mjs";

const fast = process.env.POCHE_CONSUMERS === "fast";
const named = process.env.POCHE_CONSUMER ?? "";
const tables = {
  runtimes,
  "pages without tools": pages,
  bundlers,
  "test runners": testRunners,
  adapters,
  switching,
  types,
};

for (const [table, rows] of Object.entries(tables)) {
  const chosen = rows.filter((row) => (row.fast || !fast) && row.name.includes(named));
  if (chosen.length === 0) continue;
  describe(table, () => {
    for (const row of chosen) {
      it(row.name, async () => {
        const project = await makeProject(row);
        assert.deepEqual(await row.report(project), row.expected ?? JSON.parse(JSON.stringify(expected)));
      });
    }
  });
}
