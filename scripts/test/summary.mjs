// Reads how many tests passed and failed from what the test runners print.

// cargo test and wasm-bindgen-test end each binary with this.
const CARGO = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/;

// node --test with the spec reporter ends with one such line per outcome.
const NODE = /^ℹ (pass|fail|cancelled|skipped|todo) (\d+)/;

/** A counter: give it each line, then read `passed` and `failed`. A test that was left out counts as failed. */
export function summary() {
  const sums = {
    passed: 0,
    failed: 0,
    line(text) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of the runners.
      const plain = text.replace(/\u001b\[[0-9;]*m/g, "").trim();
      const cargo = CARGO.exec(plain);
      if (cargo) {
        sums.passed += Number(cargo[1]);
        sums.failed += Number(cargo[2]) + Number(cargo[3]);
      }
      const node = NODE.exec(plain);
      if (node?.[1] === "pass") sums.passed += Number(node[2]);
      else if (node) sums.failed += Number(node[2]);
    },
  };
  return sums;
}
