// What the page tests share: the server, Chromium, and a page that notes everything that goes wrong on it.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "../../scripts/serve.mjs";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Of pages whose clock stands.
const BEGINNING = Date.UTC(2030, 0, 1);

/** Starts server and browser for the tests of one file. `open` gives a page and checks it when the test is over. */
export function withPages() {
  let server;
  let browser;

  before(async () => {
    server = await serve({ port: 0 });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      headless: true,
      args: ARGUMENTS,
    });
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /**
   * Opens a page in a context of its own. At the end of the test `t` the page must have logged no error or warning,
   * thrown nothing, and asked no other server for anything. With `still`, the page's clock, timers and frames stand
   * until `page.clock.runFor(milliseconds)`: however long the machine takes over a step, nothing expires meanwhile.
   */
  async function open(t, path, { still = false, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    if (still) {
      await page.clock.install({ time: BEGINNING });
      await page.clock.pauseAt(BEGINNING + 3_600_000);
    }
    const faults = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
    page.on("response", (response) => {
      if (response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`);
    });
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      const own = origin === new URL(server.url).origin || protocol === "data:" || protocol === "blob:";
      if (!own) faults.push(`a request to ${request.url()}`);
    });
    t.after(async () => {
      await context.close();
      assert.deepEqual(faults, []);
    });
    await page.goto(new URL(path, server.url).href);
    await page.waitForSelector("#boot", { state: "detached" });
    return page;
  }

  return open;
}

/** By how many pixels the page is wider than the window. */
export function sidewaysScroll(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/**
 * The contrast (WCAG 2) of text against what is painted behind it, for each visible element that has text of its own,
 * as [ratio, what] for those below 4.5. Disabled controls are exempt.
 */
export function faintTexts(page) {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data;
    };
    const luminance = ([red, green, blue]) => {
      const [r, g, b] = [red, green, blue].map((part) => {
        const share = part / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = rgba(getComputedStyle(at).backgroundColor);
        if (color[3] === 255) return color;
      }
      return [255, 255, 255];
    };
    const faint = [];
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
      if (!own || element.disabled || !element.checkVisibility({ opacityProperty: true })) continue;
      const [light, dark] = [rgba(getComputedStyle(element).color), behind(element)]
        .map(luminance)
        .sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < 4.5)
        faint.push([ratio.toFixed(2), `${element.tagName}.${element.className}: ${element.textContent}`]);
    }
    return faint;
  });
}
