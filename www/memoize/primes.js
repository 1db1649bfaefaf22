// A synchronous function under memoize, with the time that each call took.
import { memoize } from "poche";
import { byId, make } from "../shared/dom.js";

const SHOWN = 6;

/** How many primes there are below `limit`, by trial division: slow on purpose, and real work. */
function primesBelow(limit) {
  if (!(limit >= 10 && limit <= 20_000_000)) throw new RangeError("The limit must be from 10 to 20,000,000.");
  const primes = [2];
  for (let candidate = 3; candidate < limit; candidate += 2) {
    let prime = true;
    for (const divisor of primes) {
      if (divisor * divisor > candidate) break;
      if (candidate % divisor === 0) {
        prime = false;
        break;
      }
    }
    if (prime) primes.push(candidate);
  }
  return primes.length;
}

/** Wires the form of the page to the memoized function. */
export function watchPrimes() {
  const count = memoize(primesBelow);
  byId("primes").addEventListener("submit", (event) => {
    event.preventDefault();
    byId("limit-error").textContent = "";
    const limit = Number(byId("limit").value);
    const cached = count.has(limit);
    const before = performance.now();
    try {
      const primes = count(limit);
      const took = performance.now() - before;
      add(limit, primes, took, cached);
    } catch (error) {
      byId("limit-error").textContent = `${error.name}: ${error.message}`;
    }
  });
}

function add(limit, primes, took, cached) {
  const numbers = new Intl.NumberFormat("en");
  const bar = make("i");
  // Each tenth of the width is a factor of about three, or a call from the cache would be too short to see.
  bar.style.width = `${Math.min(100, Math.max(0, 20 * (2 + Math.log10(Math.max(took, 0.01)))))}%`;
  const time = took < 0.1 ? "under 0.1 ms" : `${numbers.format(Number(took.toPrecision(3)))} ms`;
  byId("timings").prepend(
    make(
      "li",
      { class: cached ? "hit" : "ran" },
      make(
        "span",
        {},
        `${numbers.format(primes)} primes below ${numbers.format(limit)}, ${cached ? "from the cache" : "computed"}`,
      ),
      make("span", { class: "time" }, time),
      make("span", { class: "measure", "aria-hidden": "true" }, bar),
    ),
  );
  while (byId("timings").children.length > SHOWN) byId("timings").lastElementChild.remove();
}
