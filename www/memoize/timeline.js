// The timeline: a lane for each argument list, with its runs, how long their results stay good, and every call.
import { Cache } from "poche";
import { calm, make } from "../shared/dom.js";

// Milliseconds to the left of "now" and to the right of it, in the ratio of the marks on the axis. Phones show half.
const PAST = matchMedia("(max-width: 34rem)").matches ? 8_000 : 16_000;
const FUTURE = PAST / 2;
const SPAN = PAST + FUTURE;
const CALM_TICK = 500;
const MOMENT = 300; // milliseconds within which calls count as simultaneous
const MOST_MARKS = 20; // that are remembered to compare a new one with

export class Timeline {
  /** `empty` shows while there is no lane; `axis` has a place for each end's time. */
  constructor(list, empty, axis) {
    this.list = list;
    this.empty = empty;
    this.lanes = new Cache(); // by argument list, compared by value
    this.origin = performance.now();
    axis.firstElementChild.textContent = `${PAST / 1000} s ago`;
    axis.lastElementChild.textContent = `in ${FUTURE / 1000} s`;
    list.style.setProperty("--now", `${(100 * PAST) / SPAN}%`);
    this.run();
  }

  clear() {
    this.lanes.clear();
    this.list.replaceChildren();
    this.empty.hidden = false;
  }

  /** A run begins; gives the function that ends it, with its result's times or as failed. */
  beginRun(args, label) {
    const bar = this.place(args, label, "run", performance.now());
    bar.until = Number.POSITIVE_INFINITY;
    return {
      succeed: (goodFor, staleFor) => {
        const end = performance.now();
        bar.until = end;
        this.resize(bar, end);
        this.cut(args, end);
        if (goodFor > 0) this.span(args, label, "good", end, goodFor);
        if (staleFor > 0 && Number.isFinite(goodFor)) this.span(args, label, "stale", end + goodFor, staleFor);
      },
      fail: () => {
        bar.until = performance.now();
        this.resize(bar, bar.until);
        bar.element.classList.add("failed");
      },
    };
  }

  /** A call came at this moment; gives the function that shows its kind, which is known only when it is answered. */
  mark(args, label, at) {
    const lane = this.lane(args, label);
    const piece = this.place(args, label, "mark", at);
    const shape = make("i", { class: "call waiting" });
    piece.element.append(shape);
    return (kind) => {
      // Calls at one moment: of the same kind they are one mark with a number, of another they stand beside it.
      const moment = lane.marks.filter((other) => Math.abs(other.at - at) < MOMENT);
      const same = moment.find((other) => other.kind === kind);
      if (same !== undefined) {
        same.count++;
        same.number.textContent = `×${same.count}`;
        piece.element.remove();
        return;
      }
      const number = make("b");
      shape.className = `call ${kind}`;
      piece.element.append(number);
      piece.element.style.setProperty("--place", moment.length);
      lane.marks.push({ kind, at, count: 1, number });
      if (lane.marks.length > MOST_MARKS) lane.marks.shift();
    };
  }

  /** What was stored for these arguments is good no longer: it was replaced or deleted at this moment. */
  cut(args, at = performance.now()) {
    for (const piece of this.lanes.peek(args)?.pieces ?? []) {
      if (!piece.lifetime || piece.until <= at) continue;
      piece.until = Math.max(at, piece.from);
      this.resize(piece, piece.until);
    }
  }

  /** The same for every lane. */
  cutAll() {
    for (const args of this.lanes.keys()) this.cut(args);
  }

  span(args, label, kind, from, length) {
    const piece = this.place(args, label, kind, from);
    piece.lifetime = true;
    piece.until = from + length;
    this.resize(piece, Math.min(piece.until, from + 10 * SPAN));
  }

  place(args, label, kind, from) {
    const { items, pieces } = this.lane(args, label);
    const element = make("i", { class: kind });
    element.style.left = `${(100 * (from - this.origin)) / SPAN}%`;
    items.append(element);
    const piece = { element, from, until: from, lifetime: false };
    pieces.push(piece);
    return piece;
  }

  resize({ element, from }, until) {
    element.style.width = `${(100 * (until - from)) / SPAN}%`;
  }

  lane(args, label) {
    let lane = this.lanes.peek(args);
    if (lane === undefined) {
      const items = make("div", { class: "items" });
      const track = make("div", { class: "track", "aria-hidden": "true" }, items);
      const element = make("li", { class: "lane" }, make("code", {}, label), track);
      this.list.append(element);
      this.empty.hidden = true;
      lane = { items, pieces: [], marks: [] };
      this.lanes.set(args, lane);
    }
    return lane;
  }

  draw() {
    const now = performance.now();
    const shift = `translateX(${((-100 * (now - PAST - this.origin)) / SPAN).toFixed(3)}%)`;
    for (const lane of this.lanes.values()) {
      lane.items.style.transform = shift;
      lane.pieces = lane.pieces.filter((piece) => {
        if (piece.until === Number.POSITIVE_INFINITY && !piece.lifetime) this.resize(piece, now);
        const seen = piece.until > now - PAST - 500;
        if (!seen) piece.element.remove();
        return seen;
      });
    }
  }

  run() {
    const step = () => {
      this.draw();
      if (calm()) setTimeout(step, CALM_TICK);
      else requestAnimationFrame(step);
    };
    step();
  }
}
