// A bounded cache at work: the same generated requests to poche's default policy and to LRU, side by side.
import { byId, calm, make, ready } from "../shared/dom.js";
import { seeded } from "../shared/random.js";
import { LOADS } from "./loads.js";
import { RatioChart } from "./ratios.js";
import { Side } from "./side.js";
import { Tiles } from "./tiles.js";

const NAMES = ["default", "lru"];
const SEED = 20_240_607;
const FRAME_BUDGET = 9; // milliseconds of a frame that may go into requests
const FADE = 650; // milliseconds until a trace is gone
const CALM_FRAME = 500; // milliseconds between two pictures for who wants little movement

const tiles = NAMES.map((name) => new Tiles(byId(`${name}-tiles`)));
const chart = new RatioChart(
  byId("chart"),
  NAMES.map((name) => byId(`${name}-line`)),
);
let sides = [];
let keys;
let capacity;
let requests;
let asked; // how often each key was asked for, halved now and then, so that it says "lately"
let recent; // per cache, the hits in the point of the chart that is being counted
let running = !calm();
let owed = 0; // requests that the speed allows and that have not run yet
let shownAt = 0;

function restart() {
  capacity = Number(byId("capacity").value);
  const load = LOADS[byId("load").value];
  byId("about").textContent = load.about;
  for (const side of sides) side.close();
  sides = [new Side(capacity, undefined), new Side(capacity, "lru")];
  keys = load.keys(capacity, seeded(SEED));
  requests = 0;
  owed = 0;
  asked = new Map();
  recent = [0, 0];
  chart.clear();
  byId("last").textContent = "";
  for (const name of NAMES) byId(`${name}-recent`).textContent = "";
  show();
}

/** One request to both caches; gives the key and whether each hit. */
function request() {
  const key = keys.next().value;
  asked.set(key, (asked.get(key) ?? 0) + 1);
  const hits = sides.map((side) => side.ask(key));
  for (const [index, hit] of hits.entries()) recent[index] += hit ? 1 : 0;
  requests++;
  const point = Math.ceil(capacity / 2);
  if (requests % point === 0) {
    const ratios = chart.add(recent.map((count) => count / point));
    recent = [0, 0];
    for (const [index, name] of NAMES.entries()) byId(`${name}-recent`).textContent = percent(ratios[index]);
  }
  if (requests % (capacity * 20) === 0) {
    for (const [known, count] of asked) {
      if (count > 1) asked.set(known, count / 2);
      else asked.delete(known);
    }
  }
  return { key, hits };
}

function popularity(key) {
  return Math.min(1, Math.log2(1 + (asked.get(key) ?? 0)) / 5.5);
}

function percent(ratio) {
  return `${(100 * ratio).toFixed(1)}%`;
}

function show() {
  for (const [index, name] of NAMES.entries()) {
    const { hits, hitRate, evictions, entries } = sides[index].cache.stats;
    byId(`${name}-ratio`).textContent = requests === 0 ? "–" : percent(hitRate);
    byId(`${name}-hits`).textContent = hits.toLocaleString("en");
    byId(`${name}-evictions`).textContent = evictions.toLocaleString("en");
    byId(`${name}-entries`).textContent = entries;
    tiles[index].draw(sides[index], popularity);
  }
  chart.draw();
}

function perSecond() {
  return 10 ** Number(byId("speed").value);
}

function showSpeed() {
  const rate = perSecond().toLocaleString("en", { maximumSignificantDigits: 2 });
  byId("speed-shown").textContent = `${rate} requests/s`;
}

let lastFrame = performance.now();
function frame(now) {
  // A tab that was in the background does not make up for the time.
  const passed = Math.min(100, now - lastFrame);
  lastFrame = now;
  const before = requests;
  if (running) {
    owed += (perSecond() * passed) / 1000;
    const end = performance.now() + FRAME_BUDGET;
    while (owed >= 1 && performance.now() < end) {
      request();
      owed--;
    }
    if (owed >= 1) owed = 0; // the machine does not manage this speed
  }
  const busy =
    running || sides.some((side) => side.hit.some(Boolean) || side.fresh.some(Boolean) || side.victim.some(Boolean));
  if (busy && (!calm() || now - shownAt > CALM_FRAME)) {
    shownAt = now;
    show();
  }
  // The faster the load, the shorter the traces, or every tile would always carry one.
  const faded = Math.max(passed / FADE, (requests - before) / (capacity * 0.7));
  if (busy) for (const side of sides) side.fade(calm() ? 1 : faded);
  requestAnimationFrame(frame);
}

function setRunning(value) {
  running = value;
  byId("run").textContent = running ? "Pause" : "Run";
}

function step() {
  setRunning(false);
  const { key, hits } = request();
  const words = sides.map((side, index) => {
    const victim = side.evicted.length > 0 ? `, key ${side.evicted.join(", ")} had to leave` : "";
    return `${index === 0 ? "default policy" : "LRU"} ${hits[index] ? "hit" : `miss${victim}`}`;
  });
  byId("last").textContent = `Request ${requests.toLocaleString("en")}, key ${key}: ${words.join("; ")}.`;
  show();
}

for (const [name, { label }] of Object.entries(LOADS)) byId("load").append(make("option", { value: name }, label));
byId("load").addEventListener("change", restart);
byId("capacity").addEventListener("change", restart);
byId("restart").addEventListener("click", restart);
byId("run").addEventListener("click", () => {
  byId("last").textContent = "";
  setRunning(!running);
});
byId("step").addEventListener("click", step);
byId("speed").addEventListener("input", showSpeed);
byId("controls").addEventListener("submit", (event) => event.preventDefault());
// The canvas is empty after its size has changed.
addEventListener("resize", () => requestAnimationFrame(show));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => requestAnimationFrame(show));

setRunning(running);
showSpeed();
restart();
requestAnimationFrame(frame);
ready();
