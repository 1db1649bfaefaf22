// The browsers, started on a page until the page has sent its report.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveSite } from "./site.mjs";

const PATIENCE = 90_000;

const QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

// How each is started on a URL with an empty profile. None needs a driver, since the pages report by themselves.
const PROGRAMS = {
  Chromium: (url, profile) => ({
    command: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // The port keeps a headless Chromium open.
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", ...QUIET]
      .concat(`--user-data-dir=${profile}`)
      .concat(url),
  }),
  Firefox: (url, profile) => ({
    command: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    args: ["--headless", "--no-remote", "--profile", profile, url],
    env: { HOME: profile },
  }),
  WebKit: (url, profile) => ({
    command: "xvfb-run",
    args: ["-a", "dbus-run-session", "--", miniBrowser(), "--private", url],
    // In a container there is no user namespace for its sandbox.
    env: { HOME: profile, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" },
  }),
};

function miniBrowser() {
  if (process.env.MINIBROWSER) return process.env.MINIBROWSER;
  for (const base of readdirSync("/usr/lib").map((name) => join("/usr/lib", name))) {
    for (const version of ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]) {
      const path = join(base, version, "MiniBrowser");
      if (existsSync(path)) return path;
    }
  }
  throw new Error("there is no MiniBrowser: on Debian, apt-get install libwebkit2gtk-4.1-0");
}

/** Opens a page of a site in a browser, and gives what it reports. */
export async function visit(browser, site, path = "/", base = undefined) {
  const profile = mkdtempSync(join(tmpdir(), "poche-browser-"));
  const { command, args, env = {} } = PROGRAMS[browser](site.url(path, base), profile);
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  let timer;
  try {
    return await Promise.race([
      site.report,
      new Promise((_, reject) => {
        const fail = (why) => reject(new Error(`${browser} ${why}\n${said.slice(-3000)}`));
        child.on("error", (error) => fail(String(error)));
        child.on("exit", (status) => fail(`ended with ${status} before the page had reported`));
        timer = setTimeout(() => fail("did not report in time"), PATIENCE);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    await stop(child);
    // Something that is not of the group, such as a portal of the desktop's, may still write to it.
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {});
  }
}

// With all that it has started: the group is the child's own.
async function stop(child) {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
  await ended;
}

/** Serves a folder, opens it in a browser, gives the report. */
export async function visitFolder(browser, folder, { path = "/", headers } = {}) {
  const site = await serveSite(folder, headers);
  try {
    return await visit(browser, site, path);
  } finally {
    await site.close();
  }
}
