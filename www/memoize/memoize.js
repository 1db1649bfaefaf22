// memoize at work: a slow function, its calls on a timeline, and what each of them cost.
import { Cache, memoize } from "poche";
import { byId, calm, make, ready } from "../shared/dom.js";
import { duration, show } from "../shared/format.js";
import { eventLog } from "../shared/log.js";
import { seeded } from "../shared/random.js";
import { typedTtl } from "../shared/typed.js";
import { watchPrimes } from "./primes.js";
import { Timeline } from "./timeline.js";

const form = byId("form");
const log = eventLog(byId("log"));
const timeline = new Timeline(byId("lanes"), byId("empty"), byId("axis"));
const random = seeded(7);
const counts = { calls: 0, runs: 0, saved: 0 };
let weather;
let settings;

const nameOf = (args) => `weather(${args.map(show).join(", ")})`;

/** A ttl in milliseconds, as a cache understands it. Throws what the cache throws. */
function milliseconds(ttl) {
  const probe = new Cache();
  const expiration = probe.set("probe", true, ttl ?? null).getTtl("probe");
  probe.free();
  return expiration === null ? Number.POSITIVE_INFINITY : expiration.getTime() - Date.now();
}

/** Makes the memoized function from the options in the form. */
function remake() {
  const ttl = typedTtl(byId("ttl").value);
  const stale = typedTtl(byId("stale").value);
  const takes = Number(byId("takes").value);
  if (!(takes >= 0 && takes <= 30)) throw new RangeError("A run may take 0 to 30 seconds.");
  const options = { ttl };
  if (stale !== undefined && stale !== null) options.staleWhileRevalidate = stale;
  const next = memoize(run, {
    ...options,
    onError: (error) => log("failed", "onError", `${error.message} The old value stays.`),
  });
  settings = {
    takes: takes * 1000,
    goodFor: milliseconds(ttl),
    staleFor: options.staleWhileRevalidate === undefined ? 0 : milliseconds(stale),
  };
  weather?.clear();
  weather = next;
  byId("code").textContent = [
    "const weather = memoize(",
    "  async (city, options) => {",
    `    // asks a far-away server: ${takes} s`,
    "  },",
    `  ${show(options)},`,
    ");",
  ].join("\n");
}

/** The slow function itself. Its result knows the run that it came from, so that the page can tell where calls got it. */
async function run(...args) {
  const number = ++counts.runs;
  const { takes, goodFor, staleFor } = settings;
  const failing = byId("failing").checked;
  byId("failing").checked = false;
  showCounts();
  const bar = timeline.beginRun(args, nameOf(args));
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, takes));
  if (failing) {
    bar.fail();
    throw new Error(`Run ${number}: the server did not answer.`);
  }
  bar.succeed(goodFor, staleFor);
  return { degrees: Math.round(4 + 22 * random()), number, began, ended: performance.now(), goodFor };
}

/** One call by the page's visitor: shown, counted, and told from where it was answered. */
async function call(args) {
  const label = nameOf(args);
  const asked = performance.now();
  counts.calls++;
  const decide = timeline.mark(args, label, asked);
  const runsBefore = counts.runs;
  const promise = weather(...args);
  const started = counts.runs > runsBefore;
  showCounts();
  try {
    const result = await promise;
    const waited = performance.now() - asked;
    const kind = kindOfAnswer(result, asked, started);
    decide(kind);
    if (kind !== "computed") counts.saved += Math.max(0, result.ended - result.began - waited);
    log(
      kind,
      label,
      `${result.degrees} degrees, from run ${result.number}, ${waited < 30 ? "at once" : `after ${duration(waited)}`}`,
    );
  } catch (error) {
    decide("failed");
    log("failed", label, `${error.message} Nothing was stored.`);
  }
  showCounts();
}

function kindOfAnswer(result, asked, started) {
  if (result.ended >= asked) return started ? "computed" : "shared";
  return started || asked - result.ended >= result.goodFor ? "stale" : "hit";
}

function showCounts() {
  byId("calls").textContent = counts.calls;
  byId("runs").textContent = counts.runs;
  byId("saved").textContent = duration(counts.saved);
}

function typedArguments() {
  let args;
  try {
    args = JSON.parse(`[${byId("arguments").value}]`);
  } catch {
    byId("arguments").setAttribute("aria-invalid", "true");
    byId("arguments-error").textContent =
      'Not JSON. Strings and names stand in double quotes: "Lyon", { "units": "C" }';
    byId("arguments").focus();
  }
  return args;
}

const actions = {
  call: (args) => call(args),
  five: (args) => {
    for (let left = 5; left > 0; left--) call(structuredClone(args));
  },
  delete: (args) => {
    const there = weather.delete(...args);
    timeline.cut(args);
    log("delete", `weather.delete(${args.map(show).join(", ")})`, String(there));
  },
  clear: () => {
    weather.clear();
    timeline.cutAll();
    log("clear", "weather.clear()");
  },
};

function act(name) {
  byId("arguments").removeAttribute("aria-invalid");
  byId("arguments-error").textContent = "";
  const args = name === "clear" ? [] : typedArguments();
  if (args !== undefined) actions[name](args);
}

const LYON = '"Lyon", { "units": "C" }';
const PRESETS = [
  ["Five equal calls, one run", LYON, "five"],
  ["Another object, the same arguments", '"Lyon", {"units":"C"}', "call"],
  ["Other units, another entry", '"Lyon", { "units": "F" }', "call"],
  ["Nested", '{ "at": [45.76, 4.84], "days": [1, 2] }', "call"],
  ["No arguments", "", "call"],
];
const TRAFFIC = [
  ["Lyon", { units: "C" }],
  ["Lyon", { units: "F" }],
  ["Oslo", { units: "C" }],
];

for (const [label, args, action] of PRESETS) {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", () => {
    byId("arguments").value = args;
    act(action);
  });
  byId("presets").append(button);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  act("call");
});
for (const button of form.querySelectorAll('button[type="button"]')) {
  button.addEventListener("click", () => act(button.dataset.action));
}
byId("options").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("options-error").textContent = "";
  try {
    remake();
    timeline.clear();
    log("new", "memoize", "a new function, with nothing cached");
  } catch (error) {
    byId("options-error").textContent = `${error.name}: ${error.message}`;
  }
});

let timer;
byId("traffic").addEventListener("change", () => {
  clearInterval(timer);
  if (!byId("traffic").checked) return;
  timer = setInterval(() => call(TRAFFIC[Math.floor(random() ** 2 * TRAFFIC.length)]), calm() ? 1500 : 600);
});

remake();
watchPrimes();
actions.five(["Lyon", { units: "C" }]);
call(["Oslo", { units: "C" }]);
ready();
