// `npm test`: everything, step by step; `npm run test:rust`, `test:js`, `test:pages`: the steps of one group;
// `npm run test:consumers`: what takes too long for that.
//
// A step that fails does not keep the later ones from running, unless they build on it. The last line is the sum of all
// runners: `N passed, N failed`.
import { Missing } from "./lib/process.mjs";
import { consumerSteps, steps } from "./test/steps.mjs";
import { summary } from "./test/summary.mjs";

const group = process.argv[2];
const chosen =
  group === "consumers" ? consumerSteps : steps.filter((step) => group === undefined || step.groups.includes(group));
const results = [];
for (const step of chosen) {
  const result = await take(step);
  results.push(result);
  if (step.vital && result.failed > 0) break;
}
report(results);

async function take(step) {
  console.log(`\n--- ${step.name}`);
  const began = performance.now();
  const counted = summary();
  let error;
  try {
    await step.run(counted.line);
  } catch (thrown) {
    error = thrown;
  }
  const result = { name: step.name, passed: counted.passed, failed: counted.failed, note: "" };
  if (!step.tests) {
    result.passed = error ? 0 : 1;
    result.failed = error ? 1 : 0;
  } else if (counted.passed + counted.failed === 0) {
    result.failed = 1;
    result.note = error ? "" : "it ran no test";
  } else if (error && counted.failed === 0) {
    result.failed = 1;
  }
  if (error) result.note = error instanceof Missing || error.name === "Error" ? error.message : String(error.stack);
  result.seconds = (performance.now() - began) / 1000;
  const outcome = `${result.passed} passed, ${result.failed} failed in ${result.seconds.toFixed(1)} s`;
  console.log(`--- ${step.name}: ${outcome}${result.note && `; ${result.note}`}`);
  return result;
}

function report(results) {
  console.log("\n--- all steps");
  for (const { name, passed, failed, seconds, note } of results) {
    const mark = failed > 0 ? "FAILED" : "ok";
    const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed`;
    console.log(`${mark.padEnd(7)} ${name.padEnd(32)} ${counts} ${seconds.toFixed(1).padStart(7)} s`);
    if (note) console.log(`        ${note}`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}
