// Set-up of the tests with Redis as a second tier.
import { installDebian } from "./browser.mjs";
import { Missing, output } from "./process.mjs";

/** Redis's server, installed first where that is possible. It is the tests that start it. */
export async function ensureRedis() {
  if (output("redis-server", ["--version"]) !== null) return;
  const line = "redis-server is missing: on Debian, apt-get install redis-server";
  await installDebian(["redis-server"], line);
  if (output("redis-server", ["--version"]) === null) throw new Missing(line);
}
