// The event log: the newest line on top, with the time, what was called and what came of it.
import { make } from "./dom.js";

const LINES = 80;

/** A function that adds a line to `list`: the kind (also the badge's colour), the code that ran, the outcome in words. */
export function eventLog(list) {
  return (kind, code, outcome = "") => {
    const now = new Date();
    const line = make(
      "li",
      {},
      make("span", { class: `badge ${kind}` }, kind),
      make("code", {}, code),
      make("time", { dateTime: now.toISOString() }, now.toTimeString().slice(0, 8)),
    );
    if (outcome !== "") line.append(make("span", { class: "outcome" }, outcome));
    list.prepend(line);
    while (list.children.length > LINES) list.lastElementChild.remove();
  };
}
