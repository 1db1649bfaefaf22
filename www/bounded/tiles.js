// Draws the entries of a cache as tiles on a canvas, in the colours of the page's scheme.

const GAP = 0.12; // of a tile's side
const ROOM_FOR_NUMBERS = 26; // CSS pixels that a tile needs for its key to be readable

export class Tiles {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.side = 0;
    this.readColors();
    // The canvas is drawn in the device's pixels, or it blurs.
    new ResizeObserver(() => this.fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.readColors());
    this.fit();
  }

  readColors() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colors = {
      empty: color("sunk"),
      pale: color("denim-wash"),
      full: color("denim"),
      onFull: color("on-denim"),
      onPale: color("ink"),
      hit: color("hit"),
      victim: color("gone"),
    };
  }

  fit() {
    this.side = this.canvas.clientWidth;
    const pixels = Math.round(this.side * devicePixelRatio);
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
  }

  /** `popularity(key)`: 0 to 1, how strong the colour of its tile is. */
  draw({ keys, hit, fresh, victim }, popularity) {
    const { context: paint, colors, side } = this;
    const columns = Math.ceil(Math.sqrt(keys.length));
    const cell = side / columns;
    const inner = cell * (1 - GAP);
    const numbers = inner >= ROOM_FOR_NUMBERS;
    const scale = this.canvas.width / side;
    paint.setTransform(scale, 0, 0, scale, 0, 0);
    paint.clearRect(0, 0, side, side);
    paint.textAlign = "center";
    paint.textBaseline = "middle";
    for (let tile = 0; tile < keys.length; tile++) {
      const x = (tile % columns) * cell + (cell - inner) / 2;
      const y = Math.floor(tile / columns) * cell + (cell - inner) / 2;
      const stored = keys[tile] >= 0;
      const shade = stored ? popularity(keys[tile]) * (1 - 0.5 * fresh[tile]) : 0;
      const square = (grow) => {
        paint.beginPath();
        paint.roundRect(x - grow, y - grow, inner + 2 * grow, inner + 2 * grow, inner * 0.18);
      };
      square(0);
      paint.fillStyle = stored ? colors.pale : colors.empty;
      paint.fill();
      if (stored) {
        paint.globalAlpha = shade;
        paint.fillStyle = colors.full;
        paint.fill();
        paint.globalAlpha = 1;
      }
      if (hit[tile] > 0) {
        paint.globalAlpha = hit[tile];
        paint.fillStyle = colors.hit;
        paint.fill();
        paint.globalAlpha = 1;
      }
      if (victim[tile] > 0) {
        paint.globalAlpha = victim[tile];
        paint.strokeStyle = colors.victim;
        paint.lineWidth = Math.max(1.5, inner * 0.09);
        square(-paint.lineWidth / 2);
        paint.stroke();
        paint.globalAlpha = 1;
      }
      if (stored && numbers) {
        paint.fillStyle = shade > 0.6 || hit[tile] > 0.5 ? colors.onFull : colors.onPale;
        const digits = String(keys[tile]);
        paint.font = `600 ${(inner * Math.min(0.36, 1.25 / digits.length)).toFixed(1)}px system-ui, sans-serif`;
        paint.fillText(digits, x + inner / 2, y + inner / 2);
      }
    }
  }
}
