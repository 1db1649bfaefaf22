// The playground: one cache, a form that calls its methods, the entries it holds and what came of each call.
import { Cache, KeyError } from "poche";
import { EntryList } from "./entries.js";
import { operations } from "./operations.js";
import { byId, make, ready } from "./shared/dom.js";
import { show } from "./shared/format.js";
import { eventLog } from "./shared/log.js";
import { kindOf, typedKey, typedTtl, typedValue } from "./shared/typed.js";

const KEYLESS = new Set(["purge", "flush"]);

const form = byId("form");
const result = byId("result");
const log = eventLog(byId("log"));
const counts = { hits: 0, misses: 0, expired: 0 };
let cache = new Cache({ defaultTtl: 30 });

const entries = new EntryList({
  list: byId("entries"),
  empty: byId("empty"),
  heading: byId("entries-title"),
  Cache,
  act: perform,
  expired: (key, value) => {
    counts.expired++;
    log("expired", show(key), `its time ran out; the value was ${show(value)}`);
    showCounts();
  },
});

const typed = {
  key: () => typedKey(byId("key").value, form.elements["key-kind"].value),
  value: () => typedValue(byId("value").value),
  ttl: () => typedTtl(byId("ttl").value),
  seconds: () => typedTtl(byId("seconds").value),
};

/** Calls one method of the cache and shows what came of it. */
function perform(name, key) {
  clearErrors();
  const call = operations[name](key, { cache, typed, stored: (wanted) => entries.stored(wanted) });
  try {
    const [kind, words] = call.tell(call.run());
    if (kind === "hit") counts.hits++;
    if (kind === "miss") counts.misses++;
    entries.sync();
    if (kind === "hit") entries.lightUp(key);
    if (kind === "set") entries.restart(key);
    log(kind, call.code, words);
    tell(kind, call.code, words);
  } catch (error) {
    if (name === "get" && error instanceof KeyError) counts.misses++;
    entries.sync();
    fail(call.code, error);
  }
  showCounts();
  describeKey();
}

/** The same, with the key that stands in the form. */
function performTyped(name) {
  let key;
  try {
    if (!KEYLESS.has(name)) key = typed.key();
  } catch (error) {
    clearErrors();
    complain("key", error.message);
    byId("key").focus();
    return;
  }
  perform(name, key);
}

function tell(kind, code, words) {
  result.hidden = false;
  result.className = `result ${kind}`;
  result.replaceChildren(make("code", {}, code), " → ", words);
}

/** Shows an error of the API in the log and beside the field that it is about. */
function fail(code, error) {
  const words = `${error.name}: ${error.message}`;
  log("error", code, words);
  if (/^ttl\b/.test(error.message)) complain("ttl", words);
  else if (/^seconds\b/.test(error.message)) complain("seconds", words);
  else tell("error", code, words);
}

function complain(field, message) {
  byId(field).setAttribute("aria-invalid", "true");
  byId(`${field}-error`).textContent = message;
}

function clearErrors() {
  result.hidden = true;
  for (const field of ["key", "ttl", "seconds"]) {
    byId(field).removeAttribute("aria-invalid");
    byId(`${field}-error`).textContent = "";
  }
}

function showCounts() {
  for (const [name, count] of Object.entries(counts)) byId(name).textContent = count;
  byId("stored").textContent = cache.size;
}

/** Says under the field what the key is and whether an entry equals it, and marks that entry. */
function describeKey() {
  let hint = "Not JSON yet.";
  let key;
  try {
    key = typed.key();
    const item = entries.stored(key);
    const there = item === undefined ? "no entry equals it" : "equals the outlined entry";
    hint = `${kindOf(key)} ${show(key)}: ${there}`;
  } catch {
    key = undefined; // half-typed: no entry has undefined as its key, so nothing is marked
  }
  byId("key-hint").textContent = hint;
  entries.mark(key);
}

/** The examples: each a label and the steps that it goes through, by way of the form. */
const PRESETS = [
  [
    "Another array, the same key",
    { key: '["user", 42]', value: '{"name": "Ada"}', ttl: "15", operation: "set" },
    { key: '["user",42]', operation: "get" },
  ],
  [
    "Members in another order",
    { key: '{"city": "Lyon", "units": "C"}', value: "21.5", ttl: "20", operation: "set" },
    { key: '{"units": "C", "city": "Lyon"}', operation: "get" },
  ],
  ['1 is not "1"', { key: "1", value: "a number", ttl: "12", operation: "set" }, { key: '"1"', operation: "get" }],
  [
    "Eight sessions",
    ...Array.from({ length: 8 }, (_, index) => ({
      key: JSON.stringify(["session", index + 1]),
      value: JSON.stringify({ visits: 3 * index + 1 }),
      ttl: String(4 + 3 * index),
      operation: "set",
    })),
  ],
  ["Gone in 1.5 s", { key: '"spark"', value: "soon gone", ttl: "1500ms", operation: "set" }],
  ["A ttl of -1", { key: '["user", 42]', value: "refused", ttl: "-1", operation: "set" }],
];

function play(steps) {
  form.elements["key-kind"].value = "json";
  for (const { operation, ...fields } of steps) {
    for (const [field, text] of Object.entries(fields)) byId(field).value = text;
    performTyped(operation);
  }
}

function renew(event) {
  event.preventDefault();
  byId("options-error").textContent = "";
  const options = { strict: byId("strict").checked };
  const defaultTtl = typedTtl(byId("default-ttl").value);
  const purgeEvery = typedTtl(byId("purge-every").value);
  if (defaultTtl !== undefined) options.defaultTtl = defaultTtl;
  if (purgeEvery !== undefined) options.purgeEvery = purgeEvery;
  const code = `new Cache(${show(options)})`;
  try {
    const next = new Cache(options);
    cache.free();
    cache = next;
    entries.watch(cache);
    log("new", code, "an empty cache in the place of the old one");
  } catch (error) {
    log("error", code, `${error.name}: ${error.message}`);
    byId("options-error").textContent = `${error.name}: ${error.message}`;
  }
  showCounts();
  describeKey();
}

for (const [label, ...steps] of PRESETS) {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", () => play(steps));
  byId("presets").append(button);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  performTyped("set");
});
for (const button of document.querySelectorAll('button[type="button"][data-operation]')) {
  button.addEventListener("click", () => performTyped(button.dataset.operation));
}
form.addEventListener("input", describeKey);
byId("options").addEventListener("submit", renew);

entries.watch(cache);
play([
  { key: '"theme"', value: "dark", ttl: "null", operation: "set" },
  { key: '{"city": "Lyon", "units": "C"}', value: "21.5", ttl: "45", operation: "set" },
  { key: '["user", 42]', value: '{"name": "Ada"}', ttl: "20", operation: "set" },
]);
result.hidden = true;
ready();
