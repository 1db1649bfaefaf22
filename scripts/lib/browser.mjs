// Set-up of the browser tests: Chromium and its driver, and for the consumers Firefox and WebKit.
import { existsSync, readdirSync } from "node:fs";
import { Missing, output, run, say } from "./process.mjs";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const CHROMEDRIVER = ["/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver"];

/** The paths of Chromium and ChromeDriver, installed first where that is possible. */
export async function ensureBrowser() {
  let browser = find();
  if (!browser.chromium || !browser.chromedriver) {
    const line =
      "Chromium and ChromeDriver are missing: on Debian, apt-get install chromium chromium-driver; " +
      "elsewhere, name the programs in the variables CHROMIUM and CHROMEDRIVER";
    await installDebian(["chromium", "chromium-driver"], line);
    browser = find();
    if (!browser.chromium || !browser.chromedriver) throw new Missing(line);
  }
  return browser;
}

/** Firefox, and WebKit as GTK's MiniBrowser, which wants an X server and a session bus. */
export async function ensureOtherBrowsers() {
  const there = existsSync("/usr/bin/firefox-esr") && existsSync("/usr/bin/xvfb-run") && webKitIsThere();
  if (there || (process.env.FIREFOX && process.env.MINIBROWSER)) return;
  const packages = ["firefox-esr", "libwebkit2gtk-4.1-0", "xvfb", "xauth", "dbus"];
  await installDebian(packages, `Firefox or WebKit is missing: on Debian, apt-get install ${packages.join(" ")}`);
}

function webKitIsThere() {
  return readdirSync("/usr/lib").some((name) => existsSync(`/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`));
}

/** Installs packages where apt-get may; throws `Missing` with the line elsewhere. */
export async function installDebian(packages, line) {
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) throw new Missing(line);
  say(`installing ${packages.join(" ")} (apt-get install)`);
  // Nothing is to be started as a service of the system.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  try {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...packages], { env });
  } catch (error) {
    throw new Missing(line, { cause: error });
  }
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
