// The benchmark in the visitor's own browser: starts and stops it, and fills the chart as cells finish.
import { byId, make, ready } from "../shared/dom.js";
import { duration } from "../shared/format.js";
import { cellsFor, measure, stepsOf } from "./measure.js";
import { loadImplementations } from "./peers.js";

const PLANS = {
  glance: { sizes: [1000], rounds: 3, slice: 5 },
  quick: { sizes: [1000, 10_000], rounds: 7, slice: 12 },
  thorough: { sizes: [1000, 10_000, 100_000], rounds: 15, slice: 25 },
};

/** Nanoseconds, with three digits that say something. */
const nanoseconds = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, minimumSignificantDigits: 3 });
const numbers = new Intl.NumberFormat("en");
const implementations = await loadImplementations();
const rows = new Map(); // the chart's row for each cell
let results = [];
let abort;

function titleOf({ name, size }) {
  return `${name}; ${numbers.format(size)} entries`;
}

/** The cells that the form asks for. */
function chosenCells() {
  const ids = new Set([...byId("who").querySelectorAll(":checked")].map(({ value }) => value));
  return cellsFor(
    PLANS[byId("plan").value].sizes,
    implementations.filter(({ id }) => ids.has(id)),
  );
}

/** The empty chart, so that one sees from the start what will come. */
function layOut(cells) {
  rows.clear();
  byId("chart").replaceChildren();
  for (const cell of cells) {
    const state = make("span", { class: "state" }, "waiting");
    const bars = make("ul", { class: "bars" });
    const row = make("li", { class: "cell" }, make("h3", {}, titleOf(cell)), state, bars);
    rows.set(cell.id, { row, state, bars });
    byId("chart").append(row);
  }
}

function fill(cell, medians) {
  const { row, state, bars } = rows.get(cell.id);
  const slowest = Math.max(...medians.values());
  const map = medians.get("map");
  const best = Math.min(...cell.entrants.filter(({ bounded }) => bounded).map(({ id }) => medians.get(id)));
  state.textContent = "";
  row.classList.add("done");
  for (const { id, name, role } of cell.entrants) {
    const time = medians.get(id);
    const bar = make("i");
    bar.style.width = `${(100 * time) / slowest}%`;
    const ratio = map === undefined || id === "map" ? "" : `${(time / map).toFixed(2)} × Map`;
    bars.append(
      make(
        "li",
        { class: `${role}${time === best ? " best" : ""}` },
        make("span", { class: "name" }, name),
        make("span", { class: "bar", "aria-hidden": "true" }, bar),
        make("span", { class: "time" }, `${nanoseconds.format(time)} ns`),
        make("span", { class: "ratio" }, ratio),
      ),
    );
  }
}

/** The geometric mean, over the finished cells, of an implementation's time as a multiple of another's. */
function meanRatio(id, other) {
  const both = results.filter(({ medians }) => medians.has(id) && medians.has(other));
  const sum = both.reduce((total, { medians }) => total + Math.log(medians.get(id) / medians.get(other)), 0);
  return Math.exp(sum / both.length);
}

/** How poche compares with each of the others over all cells so far; with expiry where the other has it. */
function summarise() {
  const figures = [];
  for (const { id, name, role } of implementations) {
    if (role === "ours") continue;
    const ratio = meanRatio(id.endsWith("-ttl") ? "poche-ttl" : "poche", id);
    if (Number.isNaN(ratio)) continue; // one of the two was not chosen
    figures.push(make("div", { class: role }, make("dt", {}, `× ${name}`), make("dd", {}, ratio.toFixed(2))));
  }
  byId("means").replaceChildren(...figures);
  byId("summary").hidden = figures.length === 0;
}

/** The results as a table in Markdown, with what they were measured on. */
function asText() {
  const lines = [
    `${navigator.userAgent}, ${navigator.hardwareConcurrency} logical processors, ${new Date().toISOString().slice(0, 10)}`,
    "",
    `| ns per operation | ${implementations.map(({ name }) => name).join(" | ")} |`,
    `|---|${implementations.map(() => "---:|").join("")}`,
  ];
  for (const { cell, medians } of results) {
    const times = implementations.map(({ id }) => (medians.has(id) ? nanoseconds.format(medians.get(id)) : ""));
    lines.push(`| ${titleOf(cell)} | ${times.join(" | ")} |`);
  }
  return lines.join("\n");
}

async function run() {
  const { rounds, slice } = PLANS[byId("plan").value];
  const cells = chosenCells();
  byId("error").textContent = "";
  if (cells.every(({ entrants }) => entrants.length === 0)) {
    byId("error").textContent = "Choose at least one to measure.";
    return;
  }
  const total = stepsOf(cells, rounds);
  const began = performance.now();
  let done = 0;
  results = [];
  abort = new AbortController();
  layOut(cells);
  byId("summary").hidden = true;
  byId("copy").hidden = true;
  byId("progress").max = total;
  setRunning(true);
  try {
    await measure({
      cells,
      rounds,
      slice,
      signal: abort.signal,
      progress: (steps, cell) => {
        done += steps;
        byId("progress").value = done;
        rows.get(cell.id).state.textContent = "measuring";
        const left = ((performance.now() - began) * (total - done)) / done;
        byId("left").textContent = `about ${duration(left)} left`;
      },
      finished: (cell, medians) => {
        results.push({ cell, medians });
        fill(cell, medians);
        summarise();
      },
    });
    say(`Done in ${duration(performance.now() - began)}.`);
  } catch (error) {
    if (error === abort.signal.reason) say("Stopped.");
    else {
      byId("error").textContent = error.message;
      say("Stopped by an error.");
    }
  }
  for (const { row, state } of rows.values()) if (!row.classList.contains("done")) state.textContent = "not measured";
  byId("copy").hidden = results.length === 0;
  setRunning(false);
}

function say(words) {
  byId("left").textContent = "";
  byId("status").textContent = words;
}

function setRunning(running) {
  byId("run").textContent = running ? "Stop" : "Run again";
  byId("plan").disabled = running;
  byId("who").disabled = running;
  if (running) byId("status").textContent = "Measuring.";
}

byId("controls").addEventListener("submit", (event) => {
  event.preventDefault();
  if (byId("plan").disabled) abort.abort(new Error("stopped by the visitor"));
  else run();
});
for (const { id, name } of implementations) {
  const box = make("input", { type: "checkbox", value: id, checked: true });
  byId("who").append(make("label", { class: "check" }, box, ` ${name}`));
}
byId("controls").addEventListener("change", () => layOut(chosenCells()));
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(asText());
    byId("status").textContent = "Copied as a Markdown table.";
  } catch {
    byId("status").textContent = "The browser does not allow copying here.";
  }
});

layOut(chosenCells());
ready();
