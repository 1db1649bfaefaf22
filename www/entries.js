// The list of what a cache holds: one row per entry, its remaining time as a bar that runs down.
import { calm, make, replay } from "./shared/dom.js";
import { duration, show } from "./shared/format.js";

const LOW = 0.25; // the share of its life below which an entry's bar changes colour
const CALM_TICK = 250;

/**
 * Keeps `list` in step with a cache; `empty` shows while there is nothing. `act(operation, key)` is called for the buttons of a row,
 * `expired(key, value)` once for each entry whose time has run out.
 */
export class EntryList {
  constructor({ list, empty, heading, Cache, act, expired }) {
    this.list = list;
    this.empty = empty;
    this.heading = heading;
    this.act = act;
    this.expired = expired;
    this.cache = undefined;
    // Keys are compared by value here as well, so the page finds its rows with a cache of its own.
    this.rows = new Cache();
  }

  /** Shows this cache from now on. */
  watch(cache) {
    const first = this.cache === undefined;
    this.cache = cache;
    this.sync();
    if (first) this.run();
  }

  /** Brings rows and entries in step: call it after each operation. */
  sync() {
    const gone = new Set(this.rows.values());
    const rows = [];
    for (const [key, item] of this.cache.items()) {
      let row = this.rows.get(key);
      if (row === undefined) {
        row = this.newRow(key);
        this.rows.set(key, row);
      }
      gone.delete(row);
      row.item = item;
      row.value.textContent = show(item.value);
      rows.push(row);
    }
    // What left goes first, so that the rows that stay keep their place in the document, and the focus with it.
    for (const row of gone) this.removeRow(row);
    for (const [place, { element }] of rows.entries()) {
      const there = this.list.children[place];
      if (there !== element) this.list.insertBefore(element, there ?? null);
    }
    this.empty.hidden = rows.length > 0;
    this.draw();
  }

  /** The CacheItem that is shown for this key, if any. */
  stored(key) {
    return this.rows.get(key)?.item;
  }

  /** The entry was stored anew: its bar starts full. */
  restart(key) {
    const row = this.rows.get(key);
    if (row === undefined) return;
    row.life = 0;
    row.reported = false;
    replay(row.element, "new");
  }

  /** The entry was found: its row lights up. */
  lightUp(key) {
    const row = this.rows.get(key);
    if (row !== undefined) replay(row.element, "hit");
  }

  /** Marks the row whose key equals this one, if there is one. */
  mark(key) {
    for (const row of this.list.querySelectorAll(".same")) row.classList.remove("same");
    this.rows.get(key)?.element.classList.add("same");
  }

  newRow(key) {
    const name = show(key);
    const action = (operation, label, spoken) => {
      const button = make("button", { type: "button", "aria-label": `${spoken} ${name}` }, label);
      button.addEventListener("click", () => this.act(operation, key));
      return button;
    };
    const value = make("code", { class: "value" });
    const left = make("span", { class: "left" });
    const fill = make("i");
    const element = make(
      "li",
      { class: "entry new" },
      make("span", { class: "what" }, make("code", { class: "key" }, name), value),
      left,
      make(
        "span",
        { class: "actions" },
        action("get", "Get", "Get"),
        action("bump", "Bump", "Bump"),
        action("delete", "Delete", "Delete"),
      ),
      make("div", { class: "bar", "aria-hidden": "true" }, fill),
    );
    return { key, element, value, left, fill, item: undefined, life: 0, reported: false };
  }

  removeRow(row) {
    this.report(row, Date.now());
    // Who deletes with the keyboard goes on from the next entry, not from the top of the page.
    if (row.element.contains(document.activeElement)) {
      const neighbour = row.element.nextElementSibling ?? row.element.previousElementSibling;
      (neighbour?.querySelector("button:last-of-type") ?? this.heading).focus();
    }
    row.element.remove();
    this.rows.delete(row.key);
  }

  /** Says once that the entry's time has run out, and whether it has. */
  report(row, now) {
    const { expiration, value } = row.item;
    const over = expiration !== null && expiration.getTime() <= now;
    if (over && !row.reported) this.expired(row.key, value);
    row.reported = over;
    return over;
  }

  draw() {
    const now = Date.now();
    let running = false;
    for (const row of this.rows.values()) {
      const { expiration } = row.item;
      const over = this.report(row, now);
      const remaining = expiration === null ? Number.POSITIVE_INFINITY : expiration.getTime() - now;
      row.life = expiration === null ? 0 : Math.max(row.life, remaining);
      const share = over || row.life === 0 ? 0 : remaining / row.life;
      row.element.classList.toggle("forever", expiration === null);
      row.element.classList.toggle("expired", over);
      row.element.classList.toggle("low", !over && expiration !== null && share < LOW);
      row.fill.style.transform = `scaleX(${share.toFixed(4)})`;
      let text = duration(remaining);
      if (expiration === null) text = "never expires";
      else if (over) text = "expired";
      if (row.left.textContent !== text) row.left.textContent = text;
      running ||= !over && expiration !== null;
    }
    return running;
  }

  run() {
    const step = () => {
      // purgeEvery removes entries between two operations of this page.
      if (this.cache.size !== this.rows.size) this.sync();
      if (this.draw() && !calm()) requestAnimationFrame(step);
      else setTimeout(step, CALM_TICK);
    };
    step();
  }
}
