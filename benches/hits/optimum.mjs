// Belady's optimum: what a cache would hit that evicts the key whose next request is furthest away.

/** The hits of the optimal policy. O(n log n). */
export function optimalHits(requests, entries) {
  const next = nextRequests(requests);
  // What is cached, with the time of its next request. The heap also holds times that have passed or been replaced;
  // they are known by not being in `cached`.
  const cached = new Map();
  const furthest = new Furthest(requests.length);
  let hits = 0;
  for (let time = 0; time < requests.length; time++) {
    const key = requests[time];
    if (cached.has(key)) hits++;
    else if (cached.size === entries) evict(cached, furthest, requests);
    cached.set(key, next[time]);
    furthest.push(next[time], time);
  }
  return hits;
}

function evict(cached, furthest, requests) {
  for (;;) {
    const [due, time] = furthest.pop();
    const key = requests[time];
    if (cached.get(key) !== due) continue;
    cached.delete(key);
    return;
  }
}

/** For every request the time of the next one for the same key, or the number of requests. */
function nextRequests(requests) {
  const next = new Uint32Array(requests.length);
  const seen = new Map();
  for (let time = requests.length - 1; time >= 0; time--) {
    next[time] = seen.get(requests[time]) ?? requests.length;
    seen.set(requests[time], time);
  }
  return next;
}

/** A binary heap of times that are due, the last of them on top, each with the request that it belongs to. */
class Furthest {
  #due;
  #time;
  #length = 0;

  constructor(capacity) {
    this.#due = new Uint32Array(capacity);
    this.#time = new Uint32Array(capacity);
  }

  push(due, time) {
    let place = this.#length++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#due[parent] >= due) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#due[place] = due;
    this.#time[place] = time;
  }

  pop() {
    const top = [this.#due[0], this.#time[0]];
    const last = --this.#length;
    const due = this.#due[last];
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#due[child + 1] > this.#due[child]) child++;
      if (this.#due[child] <= due) break;
      this.#move(child, place);
      place = child;
    }
    this.#move(last, place);
    return top;
  }

  #move(from, to) {
    this.#due[to] = this.#due[from];
    this.#time[to] = this.#time[from];
  }
}
