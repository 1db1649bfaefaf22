// Test runners: the package as a program's tests load it, with the globals of Node and those of jsdom.
import { readFileSync } from "node:fs";

const JEST = { jest: "30.5.2", "jest-environment-jsdom": "30.5.2" };
// Vitest 5 takes the Vite of its project.
const VITEST = { vitest: "5.1.1", vite: "8.3.8", jsdom: "26.1.0" };

// To a file, since what is printed in a test is dressed up by the runner.
const KEEP = 'writeFileSync("report.json", JSON.stringify(report));';

const jestTest = `const { writeFileSync } = require("node:fs");
const poche = require("poche");
const { check, expected } = require("./check.cjs");
test("poche", async () => {
  const report = await check(poche);
  ${KEEP}
  expect(report).toEqual(expected);
});
`;

const vitestTest = `import { writeFileSync } from "node:fs";
import * as poche from "poche";
import { expect, test } from "vitest";
import { check, expected } from "./check.mjs";
test("poche", async () => {
  const report = await check(poche);
  ${KEEP}
  expect(report).toEqual(expected);
});
`;

const kept = ({ path }) => JSON.parse(readFileSync(path("report.json"), "utf8"));

export const testRunners = ["node", "jsdom"].flatMap((environment) => [
  {
    name: `Jest, ${environment}`,
    packages: JEST,
    files: { "poche.test.cjs": jestTest, "report.json": "null" },
    manifest: { jest: { testEnvironment: environment } },
    report: async (project) => {
      const jest = project.path("node_modules", "jest", "bin", "jest.js");
      await project.run(process.execPath, [jest, "--ci", "--watchman=false", "--rootDir", project.folder]);
      return kept(project);
    },
  },
  {
    name: `Vitest, ${environment}`,
    packages: VITEST,
    files: { "poche.test.mjs": vitestTest, "report.json": "null" },
    report: async (project) => {
      const vitest = project.path("node_modules", "vitest", "vitest.mjs");
      await project.run(process.execPath, [vitest, "run", "--environment", environment, "--root", project.folder]);
      return kept(project);
    },
  },
]);
