// Instruction counts of the engine's operations, one by one, as callgrind counts them: the same in every run of the
// same program, so that a small growth shows.
import { spawnSync } from "node:child_process";
import { Failed, Missing, output, say } from "../../scripts/lib/process.mjs";

// Enough calls that what a cache does now and then, such as growing, is in the mean.
const ENTRIES = 1000;
const CALLS = 10_000;

/** The instructions per call of each operation of benches/engine, in the order in which that has them. */
export function countInstructions() {
  const program = buildProgram();
  return Object.fromEntries(operationsOf(program).map((operation) => [operation, count(program, operation)]));
}

function buildProgram() {
  say("compiling the engine's benchmark (cargo bench --no-run)");
  const messages = output("cargo", ["bench", "--bench", "engine", "--no-run", "--message-format=json"]);
  if (messages === null) throw new Failed("cargo bench --bench engine --no-run failed");
  const artifacts = messages.split("\n").filter((line) => line.startsWith("{"));
  const found = artifacts.map((line) => JSON.parse(line)).find((one) => one.executable && one.target.name === "engine");
  if (found === undefined) throw new Failed("cargo has built no program engine");
  return found.executable;
}

// It says which there are as it runs them.
function operationsOf(program) {
  const lines = output(program, ["all", "10", "1"]);
  if (lines === null) throw new Failed(`${program} all failed`);
  return lines
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0]);
}

function count(program, operation) {
  const options = ["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*measured*"];
  const args = [...options, "--callgrind-out-file=/dev/null", program, operation, String(ENTRIES), String(CALLS)];
  const { status, stderr, error } = spawnSync("valgrind", args, { encoding: "utf8" });
  if (error?.code === "ENOENT") throw new Missing("valgrind is missing: put it on the PATH");
  const collected = Number(/Collected : (\d+)/.exec(stderr)?.[1] ?? 0);
  if (status !== 0 || collected === 0) {
    throw new Failed(`callgrind counted nothing of ${operation}: ${stderr.trim().split("\n").at(-1)}`);
  }
  return Math.round(collected / CALLS);
}
