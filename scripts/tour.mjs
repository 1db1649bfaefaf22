// A tour of the package in the terminal, on real input: the files of this repository.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { installPackage, PACKAGE } from "./lib/installed.mjs";
import { main, root } from "./lib/process.mjs";

const KINDS = [".rs", ".ts", ".mjs", ".md", ".json", ".toml", ".html", ".css", ".js"];
const LEFT_OUT = ["node_modules", "target", "pkg", ".git"];

/** Prints the tour; it takes some three seconds. */
export async function tour() {
  const { Cache } = await import(pathToFileURL(join(PACKAGE, "dist", "index.js")).href);
  heading("A cache in front of real work: each source file of this repository read, hashed and taken apart");
  digestFiles(Cache);
  heading("Keys compared by value, where a Map compares objects by identity");
  compareKeys(Cache);
  heading("Expiry, as it happens: the bars are the time that each entry has left");
  await watchExpiry(Cache);
  heading("What one lookup costs, here and now");
  timeLookups(Cache);
}

function digestFiles(Cache) {
  const cache = new Cache({ defaultTtl: "10m" });
  const files = sourceFiles(root);
  for (const pass of ["first pass, all misses", "second pass, all hits"]) {
    let words = 0;
    const began = performance.now();
    for (const path of files) {
      const { mtimeMs, size } = statSync(path);
      // The key is an array, equal to any other array of the same parts; a changed file is another key.
      words += cache.gos(["digest", path, mtimeMs, size], () => digest(path)).words;
    }
    const took = performance.now() - began;
    row(pass, `${milliseconds(took)} for ${files.length} files, ${words} words`);
  }
  const largest = [...cache.items()].sort(([, a], [, b]) => b.value.words - a.value.words)[0];
  const [[, path], item] = largest;
  row("the longest", `${relative(root, path)}: ${item.value.words} words, sha-256 ${item.value.hash.slice(0, 12)}`);
  row("kept until", item.expiration.toISOString());
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.isFile() && KINDS.includes(extname(entry.name)) ? [path] : [];
  });
}

function digest(path) {
  const text = readFileSync(path, "utf8");
  const counts = new Map();
  for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  let words = 0;
  for (const count of counts.values()) words += count;
  return { words, counts, hash: createHash("sha256").update(text).digest("hex") };
}

function compareKeys(Cache) {
  const map = new Map().set({ city: "Lyon", days: [1, 2] }, "sunny");
  const cache = new Cache().set({ city: "Lyon", days: [1, 2] }, "sunny");
  const key = { days: [1, 2], city: "Lyon" };
  row("asked for", JSON.stringify(key));
  row("Map", String(map.get(key)));
  row("poche", String(cache.get(key)));
}

async function watchExpiry(Cache) {
  const cache = new Cache();
  const lives = { espresso: 0.4, newspaper: 0.8, lunch: 1.2, wine: null };
  for (const [name, life] of Object.entries(lives)) cache.set(name, `fresh ${name}`, life);
  const began = Date.now();
  for (let step = 0; step <= 6; step++) {
    const cells = Object.keys(lives).map((name) => {
      const left = cache.has(name) ? remaining(cache.getTtl(name)) : "expired";
      return `${name} ${left}`.padEnd(20);
    });
    row(`${((Date.now() - began) / 1000).toFixed(1)} s`, cells.join(" "));
    if (step === 2) {
      cache.bump("lunch", 0.2);
      row("bump", "lunch gets 0.2 seconds more");
    }
    await sleep(240);
  }
  row("get", `espresso: ${cache.get("espresso")}, wine: ${cache.get("wine")}`);
}

function remaining(expiration) {
  if (expiration === null) return "stays";
  return "#".repeat(Math.max(1, Math.round((expiration.getTime() - Date.now()) / 150)));
}

function timeLookups(Cache) {
  const entries = 10_000;
  const cache = new Cache({ defaultTtl: 600 });
  for (let number = 0; number < entries; number++) cache.set(`user:${number}`, number);
  const lookups = {
    "hit, string key": (number) => cache.get(`user:${number % entries}`),
    "miss, string key": (number) => cache.get(`nobody:${number % entries}`),
    "hit, array key": (number) => cache.get(["user", number % entries]),
    "miss, array key": (number) => cache.get(["nobody", number % entries]),
  };
  for (let number = 0; number < entries; number++) cache.set(["user", number], number);
  for (const [name, lookup] of Object.entries(lookups)) row(name, `${nanoseconds(lookup)} ns`);
}

// The median of some rounds, after one that lets the host compile the loop.
function nanoseconds(lookup) {
  const calls = 50_000;
  const rounds = [];
  for (let round = 0; round < 6; round++) {
    const began = performance.now();
    for (let number = 0; number < calls; number++) lookup(number);
    rounds.push(((performance.now() - began) * 1e6) / calls);
  }
  return Math.round(rounds.slice(1).sort((a, b) => a - b)[2]);
}

const milliseconds = (time) => `${time.toFixed(1)} ms`;
const heading = (text) => console.log(`\n${text}`);
const row = (name, text) => console.log(`  ${name.padEnd(24)} ${text}`);

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await installPackage();
    await tour();
    console.log();
  });
}
