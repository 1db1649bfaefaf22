// The chart of both caches' recent hit ratio, request by request, as lines in an SVG.

const WIDTH = 600;
const HEIGHT = 150;
const POINTS = 160;
const AVERAGED = 4; // points of which the line shows the mean

export class RatioChart {
  /** `lines`: the polylines of the caches, in the order in which `add` gets their ratios. */
  constructor(svg, lines) {
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    this.lines = lines;
    this.clear();
  }

  clear() {
    this.counted = this.lines.map(() => []);
    this.history = this.lines.map(() => []);
    this.draw();
  }

  /** The next point: a ratio from 0 to 1 for each line. Gives the means that the lines end with. */
  add(ratios) {
    return ratios.map((ratio, index) => {
      const counted = this.counted[index];
      counted.push(ratio);
      if (counted.length > AVERAGED) counted.shift();
      const mean = counted.reduce((sum, each) => sum + each, 0) / counted.length;
      const history = this.history[index];
      history.push(mean);
      if (history.length > POINTS) history.shift();
      return mean;
    });
  }

  draw() {
    for (const [index, line] of this.lines.entries()) {
      const points = this.history[index].map((ratio, at) => {
        return `${((at * WIDTH) / (POINTS - 1)).toFixed(1)},${((1 - ratio) * HEIGHT).toFixed(1)}`;
      });
      line.setAttribute("points", points.join(" "));
    }
  }
}
