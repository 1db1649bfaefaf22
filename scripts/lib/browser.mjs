// Set-up of the browser tests: Chromium and its driver.
import { existsSync } from "node:fs";
import { Missing, output, run, say } from "./process.mjs";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const CHROMEDRIVER = ["/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver"];

/** The paths of Chromium and ChromeDriver, installed first where that is possible. */
export async function ensureBrowser() {
  let browser = find();
  if (!browser.chromium || !browser.chromedriver) {
    const debian = existsSync("/etc/debian_version") && process.getuid?.() === 0;
    const line =
      "Chromium and ChromeDriver are missing: on Debian, apt-get install chromium chromium-driver; " +
      "elsewhere, name the programs in the variables CHROMIUM and CHROMEDRIVER";
    if (!debian) throw new Missing(line);
    say("installing Chromium and ChromeDriver (apt-get install)");
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    try {
      await run("apt-get", ["update", "-q"], { env });
      await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium", "chromium-driver"], { env });
    } catch (error) {
      throw new Missing(line, { cause: error });
    }
    browser = find();
    if (!browser.chromium || !browser.chromedriver) throw new Missing(line);
  }
  return browser;
}

function find() {
  return {
    chromium: locate(process.env.CHROMIUM, CHROMIUM, ["chromium", "google-chrome"]),
    chromedriver: locate(process.env.CHROMEDRIVER, CHROMEDRIVER, ["chromedriver"]),
  };
}

function locate(named, paths, commands) {
  if (named) return named;
  const path = paths.find((candidate) => existsSync(candidate));
  if (path) return path;
  for (const command of commands) {
    const found = output("which", [command])?.trim();
    if (found) return found;
  }
  return undefined;
}
