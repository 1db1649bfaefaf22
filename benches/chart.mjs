// The chart: for each access one row of bars, nanoseconds per operation, as an SVG that fits light and dark pages.
import { cells } from "./cells.mjs";
import { own, ratios } from "./ratios.mjs";

const WIDTH = 860;
const LABEL = 250;
const BAR = 9;
const ROW = 46;
const TOP = 58;

const COLOURS = { poche: "#e4572e", "poche lru": "#f3a712", peer: "#5b8db8", Map: "#9aa5b1" };

/** The picture of all cells of one size. */
export function drawChart(results, size) {
  const shown = cells.filter((cell) => cell.size === size && results.cells[cell.name] !== undefined);
  const rows = shown.map((cell) => {
    const times = results.cells[cell.name];
    const { best } = ratios(cell, times);
    const bars = own.map((name) => ({ name, time: times[name], colour: COLOURS[name] }));
    if (best !== null) bars.push({ name: best, time: times[best], colour: COLOURS.peer });
    bars.push({ name: "Map", time: times.Map, colour: COLOURS.Map });
    return { label: cell.title + (cell.expiry ? ", ttl" : ""), bars: bars.filter(({ time }) => time != null) };
  });
  const height = TOP + rows.length * ROW + 10;
  const parts = rows.flatMap(({ label, bars }, row) => drawRow(label, bars, TOP + row * ROW));
  const legend = Object.entries({ ...COLOURS }).flatMap(([name, colour], place) => [
    rectangle(LABEL + place * 130, 32, 10, colour),
    words(LABEL + 16 + place * 130, 41, name === "peer" ? "fastest peer" : name, "start"),
  ]);
  const title = `Nanoseconds per operation, ${size.toLocaleString("en")} entries, Node ${results.node} (shorter is faster)`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    "<style>text{font:11px system-ui,sans-serif;fill:#24292f}@media(prefers-color-scheme:dark){text{fill:#d0d7de}}</style>",
    words(LABEL, 18, title, "start"),
    ...legend,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

// Each row has a scale of its own: accesses differ a hundredfold.
function drawRow(label, bars, top) {
  const longest = Math.max(...bars.map(({ time }) => time));
  const room = WIDTH - LABEL - 190;
  return [
    words(LABEL - 10, top + 22, label, "end"),
    ...bars.flatMap(({ name, time, colour }, place) => {
      const y = top + place * (BAR + 1);
      const length = Math.max(1, (time / longest) * room);
      return [
        rectangle(LABEL, y, length, colour),
        words(LABEL + length + 6, y + 8, `${time.toFixed(1)} ${name}`, "start"),
      ];
    }),
  ];
}

const rectangle = (x, y, width, colour) =>
  `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${colour}"/>`;

const words = (x, y, text, anchor) => `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${text}</text>`;
