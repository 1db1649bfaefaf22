// The few lines of DOM work that every page needs.

/** The element with this id; a page that lacks it is broken, so that is an error. */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element with the id ${JSON.stringify(id)}`);
  return element;
}

/** A new element: properties by name (`class` and `data-` or `aria-` attributes too), then its children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** Takes away the notice that the demo is loading: the modules, and with them the package, are there. */
export function ready() {
  byId("boot").remove();
}

/** Whether the visitor asked for as little movement as possible, at this moment. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Plays the CSS animation of a class once more, also when it is still playing. */
export function replay(element, name) {
  element.classList.remove(name);
  void element.offsetWidth; // a layout in between, or the browser sees no change
  element.classList.add(name);
}
