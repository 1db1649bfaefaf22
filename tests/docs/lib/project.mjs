// A document's project: a folder with its named files, where its examples run.
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { EXAMPLES, ensureExamples } from "../../../scripts/lib/examples.mjs";
import { blocksOf, checked } from "./blocks.mjs";

const execute = promisify(execFile);

/** Makes the project of a document; `purpose` keeps those of several tests apart. */
export async function makeProject(document, purpose) {
  const project = await makeEmptyProject(purpose, document.replace(/\.md$/, "").replaceAll(/\W+/g, "-"));
  for (const { file, text } of blocksOf(document)) if (file) project.write(file, checked(text));
  return project;
}

/** Makes a project without files. */
export async function makeEmptyProject(purpose, name = "") {
  await ensureExamples();
  const folder = join(EXAMPLES, purpose, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const path = (...parts) => join(folder, ...parts);
  const write = (file, text) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
    return path(file);
  };
  return { folder, path, write, node: (...args) => run(folder, process.execPath, args) };
}

/** What a program prints; where it fails, the error has what it said. */
async function run(cwd, command, args) {
  // What npm and node:test tell their children is not meant for an example.
  const inherited = Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_)/i.test(key));
  try {
    return (await execute(command, args, { cwd, env: Object.fromEntries(inherited) })).stdout;
  } catch (error) {
    throw new Error(`${args.join(" ")}: ${error.code ?? error.signal}\n${error.stdout}${error.stderr}`);
  }
}
