// Set-up of the guard's instruction counts.
import { installDebian } from "./browser.mjs";
import { Missing, output } from "./process.mjs";

/** Valgrind, installed first where that is possible. */
export async function ensureValgrind() {
  if (output("valgrind", ["--version"]) !== null) return;
  const line = "valgrind is missing: on Debian, apt-get install valgrind";
  await installDebian(["valgrind"], line);
  if (output("valgrind", ["--version"]) === null) throw new Missing(line);
}
