// The adapters in the libraries that they are for, held against those libraries' own tests.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { reportIn } from "../lib/project.mjs";

const SUITE = { "@keyv/test-suite": "2.1.2", vitest: "4.1.12" };

const suite = `import * as test from "vitest";
import keyvTestSuite, { keyvIteratorTests } from "@keyv/test-suite";
import { Keyv } from "keyv";
import { Cache } from "poche";
import { KeyvPoche } from "poche/keyv";
const cache = new Cache();
const store = () => new KeyvPoche(cache);
keyvTestSuite(test, Keyv, store);
keyvIteratorTests(test, Keyv, store);
`;

const keyvProgram = `import { Keyv } from "keyv";
import { Cache } from "poche";
import KeyvPoche, { KeyvPoche as named } from "poche/keyv";
const report = { named: named === KeyvPoche };
const cache = new Cache();
const one = new Keyv({ store: new KeyvPoche(cache), namespace: "one" });
const two = new Keyv({ store: new KeyvPoche(cache), namespace: "two" });
await one.set("a", 1);
await one.set("b", { deep: [1] });
await two.set("a", 2);
report.apart = [await one.get("a"), await two.get("a"), await one.get("b"), cache.size];
report.iterated = [];
for await (const entry of one.iterator()) report.iterated.push(entry);
await one.clear();
report.cleared = [await one.get("a"), await two.get("a"), cache.size].map(String);

// Milliseconds there, seconds here: nothing may be lost.
const strays = [];
for (const ttl of [1, 2, 333, 1001, 1100, 4567, 86_399_999, 123_456_789, 31_536_000_001]) {
  const before = Date.now();
  await two.set("timed", 1, ttl);
  const [key] = [...cache.keys()].filter((candidate) => candidate.endsWith("timed"));
  const after = Date.now();
  const late = (key === undefined ? before + ttl : cache.getTtl(key).getTime()) - before - ttl;
  if (late < 0 || late > after - before) strays.push([ttl, late]);
}
report.strays = strays;
const brief = new Keyv({ store: new KeyvPoche(), ttl: 30 });
await brief.set("own", 1);
await brief.set("longer", 1, 60_000);
await brief.set("forever", 1, 0);
await new Promise((resolve) => setTimeout(resolve, 60));
report.expired = [await brief.has("own"), await brief.has("longer")];

const many = new Keyv({ store: new KeyvPoche({ maxEntries: 100 }) });
await many.setMany([{ key: "x", value: 1 }, { key: "y", value: 2, ttl: 60_000 }, { key: "z", value: 3, ttl: 5 }]);
await new Promise((resolve) => setTimeout(resolve, 20));
report.many = [await many.getMany(["x", "y", "z", "no"]), await many.hasMany(["x", "y", "z", "no"])];
await many.deleteMany(["x", "y"]);
report.gone = await many.hasMany(["x", "y"]);

const bare = new KeyvPoche({ strict: true, defaultTtl: 60 });
report.bare = [await bare.get("no"), await bare.delete("no"), await bare.has("no")].map(String);
await bare.set("past", 1, -5);
await bare.set("forever", 1, 0);
await bare.set("default", 1);
report.ttls = [bare.cache.has("past"), bare.cache.getTtl("forever"), bare.cache.getTtl("default") > new Date()];
await bare.disconnect();
console.log("report:" + JSON.stringify(report));
`;

const keyvReport = {
  named: true,
  apart: [1, 2, { deep: [1] }, 3],
  iterated: [
    ["a", 1],
    ["b", { deep: [1] }],
  ],
  cleared: ["undefined", "2", "1"],
  strays: [],
  expired: [false, true],
  many: [
    [1, 2, null, null],
    [true, true, false, false],
  ],
  gone: [false, false],
  bare: ["undefined", "false", "false"],
  ttls: [false, null, true],
};

// Without the offline queue a command fails at once while Redis is away, in place of waiting until it is back.
const tiersProgram = `import { spawn } from "node:child_process";
import { once } from "node:events";
import KeyvRedis from "@keyv/redis";
import { Cacheable } from "cacheable";
import { Keyv } from "keyv";
import { KeyvPoche } from "poche/keyv";

const port = process.env.REDIS_PORT;
async function startRedis() {
  const server = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
  process.once("exit", () => server.kill("SIGKILL"));
  for await (const text of server.stdout) if (String(text).includes("Ready to accept")) break;
  return server;
}
let server = await startRedis();

const second = new KeyvRedis(
  { url: "redis://127.0.0.1:" + port, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } },
  { throwOnConnectError: false },
);
const cache = new Cacheable({
  primary: new Keyv({ store: new KeyvPoche({ maxEntries: 1000 }) }),
  secondary: new Keyv({ store: second }),
  ttl: "1h",
});
const errors = [];
cache.on("error", (error) => errors.push(String(error)));

const report = {};
await cache.set("ada", { name: "Ada" });
report.both = [await cache.primary.get("ada"), await cache.secondary.get("ada")];
// Another process with an empty first tier: the second one answers, and fills the first.
await cache.primary.clear();
report.filled = [await cache.get("ada"), await cache.primary.get("ada")];

const left = once(server, "exit");
server.kill("SIGKILL");
await left;
await new Promise((resolve) => setTimeout(resolve, 100));
const began = performance.now();
report.away = [await cache.get("ada"), await cache.set("bob", 1), await cache.get("bob"), (await cache.get("eve")) ?? null];
report.prompt = performance.now() - began < 2000;
report.told = errors.length > 0;

server = await startRedis();
for (let tries = 0; tries < 100 && (await cache.secondary.get("back")) !== 1; tries++) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  await cache.set("back", 1);
}
report.back = [await cache.secondary.get("back"), await cache.get("bob")];
await cache.disconnect();
server.kill();
console.log("report:" + JSON.stringify(report));
process.exit();
`;

const tiersReport = {
  both: [{ name: "Ada" }, { name: "Ada" }],
  filled: [{ name: "Ada" }, { name: "Ada" }],
  away: [{ name: "Ada" }, true, 1, null],
  prompt: true,
  told: true,
  back: [1, 1],
};

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The names of the tests that did not pass, and how many did. */
async function vitestOutcome({ run, path, folder }) {
  const vitest = path("node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--root", folder, "--reporter=json", "--outputFile=outcome.json"];
  await run(process.execPath, args).catch(() => {});
  const { testResults } = JSON.parse(readFileSync(path("outcome.json"), "utf8"));
  const results = testResults.flatMap((file) => file.assertionResults);
  return {
    passed: results.filter((result) => result.status === "passed").length,
    others: results.filter((result) => result.status !== "passed").map((result) => result.fullName.trim()),
  };
}

export const adapters = [
  {
    name: "Keyv 5 with poche/keyv: Keyv's own test suite",
    fast: true,
    packages: { keyv: "5.6.0", ...SUITE },
    files: { "keyv.test.mjs": suite },
    report: vitestOutcome,
    expected: { passed: 42, others: [] },
  },
  {
    name: "Keyv 6 with poche/keyv: the suite that Keyv has published, which is for Keyv 5",
    packages: { keyv: "6.1.0", ...SUITE },
    files: { "keyv.test.mjs": suite },
    report: vitestOutcome,
    // Keyv 6 gives an array there, of any store, its own included.
    expected: { passed: 41, others: [".deleteMany([keys]) with nonexistent keys resolves to false"] },
  },
  ...["5.6.0", "6.1.0"].map((version) => ({
    name: `Keyv ${version} with poche/keyv: namespaces, times, many`,
    fast: true,
    packages: { keyv: version },
    files: { "main.mjs": keyvProgram },
    report: async ({ run }) => reportIn(await run(process.execPath, ["main.mjs"])),
    expected: keyvReport,
  })),
  {
    name: "cacheable with poche before Redis, which goes away and comes back",
    fast: true,
    packages: { cacheable: "2.5.0", keyv: "5.6.0", "@keyv/redis": "5.1.6" },
    files: { "main.mjs": tiersProgram },
    report: async ({ run }) => {
      const port = await freePort();
      return reportIn(await run(process.execPath, ["main.mjs"], { env: { REDIS_PORT: String(port) } }));
    },
    expected: tiersReport,
  },
];
