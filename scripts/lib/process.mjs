// Running other programs: streamed, captured, and with one-line errors for what is missing.
import { spawn, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A path inside the repository. */
export const at = (...parts) => join(root, ...parts);

/** Something the scripts need and cannot get by themselves; its message is the one line that is shown. */
export class Missing extends Error {}

/** A program that ended with another status than 0; it has already said why. */
export class Failed extends Error {}

/** Tells what is being done, before it is done. */
export const say = (text) => console.log(`poche: ${text}`);

// npm is a .cmd file on Windows, which spawn starts only through a shell.
const shell = (command) => process.platform === "win32" && command === "npm";

/**
 * Runs a program with its output passed on. With `watch`, what it prints also goes there, line by line.
 * Throws `Failed` when its status is not 0.
 */
export function run(command, args, { cwd = root, env = {}, watch } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      shell: shell(command),
      stdio: ["ignore", watch ? "pipe" : "inherit", watch ? "pipe" : "inherit"],
    });
    if (watch) {
      passOn(child.stdout, process.stdout, watch);
      passOn(child.stderr, process.stderr, watch);
    }
    child.on("error", (error) =>
      reject(error.code === "ENOENT" ? new Missing(`${command} is missing: put it on the PATH`) : error),
    );
    child.on("close", (status, signal) => {
      if (status === 0) resolve();
      else reject(new Failed(`${[command, ...args].join(" ").slice(0, 100)}: ${signal ?? `exit status ${status}`}`));
    });
  });
}

function passOn(from, to, watch) {
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (text) => {
    to.write(text);
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) watch(line);
  });
  from.on("end", () => rest && watch(rest));
}

/** What a program prints, or `null` when it is missing or fails. */
export function output(command, args, env = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
    shell: shell(command),
  });
  return done.status === 0 ? done.stdout : null;
}

/** Puts a folder at the front of the PATH of everything that is run from now on. */
export function preferPath(folder) {
  const path = process.env.PATH ?? "";
  if (!path.split(delimiter).includes(folder)) process.env.PATH = folder + delimiter + path;
}

/** Runs a script's main function; what is missing or failed is one line and exit status 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Missing || error instanceof Failed)) throw error;
    console.error(`poche: ${error.message}`);
    process.exitCode = 1;
  }
}
