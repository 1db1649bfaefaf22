// The chart of memory and stalls: bars per cache and size, as an SVG that fits light and dark pages.

const WIDTH = 860;
const LABEL = 130;
const BAR = 16;
const COLOURS = { poche: "#e4572e", "lru-cache": "#5b8db8", Map: "#9aa5b1" };

/** The picture of all sizes. */
export function drawMemory(results) {
  const parts = [];
  let top = 20;
  for (const [size, measured] of Object.entries(results)) {
    const entries = Number(size).toLocaleString("en");
    const charts = [
      [`Bytes per entry, ${entries} entries`, ({ bytes }) => bytes],
      [`Worst stall in ms, ${entries} entries`, (one) => Math.max(one.filling.worst, one.churning.worst)],
    ];
    for (const [title, figure] of charts) {
      parts.push(words(10, top + 4, title, 14));
      top += 16;
      const most = Math.max(...Object.values(measured).map(figure));
      for (const [name, one] of Object.entries(measured)) {
        const width = ((WIDTH - LABEL - 90) * figure(one)) / most;
        parts.push(words(10, top + BAR - 4, name, 12));
        parts.push(
          `<rect x="${LABEL}" y="${top}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOURS[name]}"/>`,
        );
        parts.push(words(LABEL + width + 6, top + BAR - 4, figure(one).toFixed(0), 12));
        top += BAR + 5;
      }
      top += 20;
    }
  }
  const style = "text{font-family:system-ui,sans-serif;fill:#666}";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}"><style>${style}</style>${parts.join("")}</svg>\n`;
}

function words(x, y, text, size) {
  return `<text x="${x.toFixed(1)}" y="${y}" font-size="${size}">${text}</text>`;
}
