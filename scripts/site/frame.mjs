// The frame of every page, demo or documentation: what stands in its head, the navigation on top, the foot.
//
// A page of www says where they go, in comments: `<!-- frame: head -->` and so on. All addresses are relative, so that
// the site may be put into any folder of a server, but for the package itself, which is at /poche/.

/** The entries of the navigation on top: where they lead, seen from the root of the site, and what they are called. */
const PLACES = [
  { path: "docs/", label: "Docs" },
  { path: "", label: "Playground" },
  { path: "memoize/", label: "Memoize" },
  { path: "bounded/", label: "Bounds" },
  { path: "bench/", label: "Bench" },
];

const PARTS = { head, top, boot, foot };
const MARK = /^( *)<!-- frame: (\w+) -->$/gm;

/** A page of www with its frame filled in; `path` is its own, such as `bench/index.html`. */
export function framed(html, path) {
  return html.replace(MARK, (_, indent, name) => {
    if (!Object.hasOwn(PARTS, name)) throw new Error(`${path}: there is no part ${JSON.stringify(name)} of the frame`);
    return indented(PARTS[name](path), indent);
  });
}

/** The way from a page up to the root of the site: `../` for each folder that it is in. */
export const upFrom = (path) => "../".repeat(path.split("/").length - 1);

/** What every head has, after the title. */
export function head(path) {
  const up = upFrom(path);
  return `<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<link rel="icon" href="${up}favicon.svg" type="image/svg+xml" />
<link rel="stylesheet" href="${up}style.css" />
<script type="importmap">
  { "imports": { "poche": "/poche/dist/index.js" } }
</script>`;
}

/** The link past the navigation, and the navigation, in which the page's own place is marked. */
export function top(path) {
  const up = upFrom(path);
  const links = PLACES.map(({ path: place, label }) => {
    const here = place === "docs/" ? path.startsWith(place) : path === `${place}index.html`;
    // In the documentation the entry means the whole section, and the sidebar marks the page.
    const current = here ? ` aria-current="${place === "docs/" ? "true" : "page"}"` : "";
    return `      <a href="${up}${place || (up ? "" : "./")}"${current}>${label}</a>`;
  });
  return `<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <div class="wrap">
    <a class="brand" href="${up || "./"}"><img src="${up}favicon.svg" alt="" width="26" height="26" />poche</a>
    <nav class="nav" aria-label="Site">
${links.join("\n")}
    </nav>
  </div>
</header>`;
}

/** The notice of a demo page whose script has not come; the script takes it away. */
export function boot() {
  return `<p class="boot" id="boot">
  The demo is loading. If this line stays, the package is not there: run <code>npm start</code> and open the address
  that it prints.
</p>`;
}

/** The foot of the demo pages. */
export function foot() {
  return footOf("Everything here runs in your browser, on the package as it is built from this repository.");
}

/** A foot that says something else. */
export function footOf(text) {
  return `<footer class="foot">
  <div class="wrap">${text}</div>
</footer>`;
}

function indented(text, indent) {
  return text.replaceAll(/^(?=.)/gm, indent);
}
