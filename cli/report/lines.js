/* Lines on the map: decoding them (cli/polyline.c wrote them) and drawing them on a canvas.
 *
 * A network has a hundred thousand lines. They are projected once, to Web Mercator in
 * [0, 1], and each redraw touches only those whose bounds meet the view. */

const STEPS_PER_DEG = 1e5;

/* Base64 -> { x, y: all points; first: where each line starts, and the end; bounds: four a
 * line }. */
function decodeLines(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const x = [], y = [], first = [], bounds = [];
  let at = 0, lon = 0, lat = 0;
  const varint = () => {
    let value = 0, shift = 1, byte;
    do {
      byte = bytes[at++];
      value += (byte & 127) * shift;
      shift *= 128;
    } while (byte & 128);
    return value;
  };
  const difference = () => {
    const value = varint();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
  while (at < bytes.length) {
    let west = 2, north = 2, east = -1, south = -1;
    first.push(x.length);
    for (let left = varint(); left > 0; --left) {
      lon += difference();
      lat += difference();
      const [px, py] = mercator(lon / STEPS_PER_DEG, lat / STEPS_PER_DEG);
      x.push(px);
      y.push(py);
      west = Math.min(west, px);
      east = Math.max(east, px);
      north = Math.min(north, py);
      south = Math.max(south, py);
    }
    bounds.push(west, north, east, south);
  }
  const count = first.length;
  first.push(x.length);
  return { count, x: Float64Array.from(x), y: Float64Array.from(y), first, bounds };
}

/* { lines: of all rings, first: where each polygon's rings start, and the end; depth_m }. */
function decodePolygons({ lines, rings, depth_m }) {
  const first = [0];
  for (const count of rings) first.push(first.at(-1) + count);
  return { lines: decodeLines(lines), first, depth_m };
}

function mercator(lonDeg, latDeg) {
  const sin = Math.sin(Math.max(-85, Math.min(85, latDeg)) * Math.PI / 180);
  return [lonDeg / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/* mercator, undone: [latitude, longitude], as Leaflet has them. */
const degrees = (x, y) =>
  [Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, (x - 0.5) * 360];

/* The points of a line for Leaflet. */
function pointsOf({ x, y, first }, l) {
  return Array.from({ length: first[l + 1] - first[l] },
    (_, p) => degrees(x[first[l] + p], y[first[l] + p]));
}

/* [west, north, east, south] of some lines as Leaflet's bounds. */
function boundsOf(lines, which) {
  let west = 2, north = 2, east = -1, south = -1;
  for (const l of which) {
    west = Math.min(west, lines.bounds[4 * l]);
    north = Math.min(north, lines.bounds[4 * l + 1]);
    east = Math.max(east, lines.bounds[4 * l + 2]);
    south = Math.max(south, lines.bounds[4 * l + 3]);
  }
  return west > east ? null : L.latLngBounds(degrees(west, south), degrees(east, north));
}

/* A canvas that Leaflet moves and scales, and that calls `draw(pen)` when it is to be redrawn. */
const CanvasLayer = L.Renderer.extend({
  initialize(draw, options) {
    L.Renderer.prototype.initialize.call(this, { padding: 0.2, ...options });
    this.draw = draw;
  },
  redraw() {
    if (this._map) this._update();
  },
  /* Redraw on a new canvas. Chromium prints a canvas as the strokes that it got, and wiping an
   * old one would wipe the paper under it, too. */
  renew() {
    const old = this._container;
    this._container = old.cloneNode();
    old.replaceWith(this._container);
    this._update();
  },
  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
  },
  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), min = this._bounds.min;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(this._container, min);
    this._container.width = size.x * ratio;
    this._container.height = size.y * ratio;
    this._container.style.width = size.x + "px";
    this._container.style.height = size.y + "px";
    const context = this._container.getContext("2d");
    context.scale(ratio, ratio);
    context.lineJoin = "round";
    this.draw(new Pen(context, this._map, min, size));
  },
});

const EQUATOR_M = 40075017;

/* Draws in map coordinates on the part of the world that a canvas covers. */
class Pen {
  constructor(context, map, min, size) {
    const corner = map.getPixelOrigin().add(min);
    this.context = context;
    this.zoom = map.getZoom();
    this.scale = 256 * 2 ** this.zoom;
    this.left = corner.x;
    this.top = corner.y;
    this.view = [corner.x / this.scale, corner.y / this.scale,
                 (corner.x + size.x) / this.scale, (corner.y + size.y) / this.scale];
    const stretch = Math.cosh(Math.PI * (1 - this.view[1] - this.view[3])); // in the middle
    this.pixelsPerMetre = this.scale * stretch / EQUATOR_M;
  }

  isInView({ bounds }, l) {
    return bounds[4 * l] <= this.view[2] && bounds[4 * l + 2] >= this.view[0] &&
           bounds[4 * l + 1] <= this.view[3] && bounds[4 * l + 3] >= this.view[1];
  }

  trace({ x, y, first }, l) {
    const { context, scale, left, top } = this;
    context.moveTo(x[first[l]] * scale - left, y[first[l]] * scale - top);
    for (let p = first[l] + 1; p < first[l + 1]; ++p) {
      context.lineTo(x[p] * scale - left, y[p] * scale - top);
    }
  }

  /* Stroke the lines numbered in `which`, or all, as one path. */
  stroke(lines, which, { color, width, alpha = 1, dash = [], cap = "butt" }) {
    this.context.beginPath();
    if (which) {
      for (const l of which) if (this.isInView(lines, l)) this.trace(lines, l);
    } else {
      for (let l = 0; l < lines.count; ++l) if (this.isInView(lines, l)) this.trace(lines, l);
    }
    Object.assign(this.context,
      { strokeStyle: color, lineWidth: width, globalAlpha: alpha, lineCap: cap });
    this.context.setLineDash(dash);
    this.context.stroke();
  }

  /* Fill polygon `s` but for its holes. */
  fill({ lines, first }, s, { color, alpha = 1 }) {
    if (!this.isInView(lines, first[s])) return;
    this.context.beginPath();
    for (let ring = first[s]; ring < first[s + 1]; ++ring) this.trace(lines, ring);
    Object.assign(this.context, { fillStyle: color, globalAlpha: alpha });
    this.context.fill("evenodd");
  }

  /* A pattern that stays where it is while the map moves under the canvas: "slash", "cross", "bars" or
   * "dots". */
  hatch(color, gap, width, shape = "slash") {
    const ratio = this.context.getTransform().a;
    const tile = document.createElement("canvas");
    tile.width = tile.height = gap * ratio;
    const pen = tile.getContext("2d");
    pen.scale(ratio, ratio);
    Object.assign(pen, { strokeStyle: color, lineWidth: width,
                         lineCap: shape === "dots" ? "round" : "square" });
    const line = (x1, y1, x2, y2) => {
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
    };
    for (const shift of [-gap, 0, gap]) {
      if (shape === "slash" || shape === "cross") line(shift, gap, shift + gap, 0);
      if (shape === "cross") line(shift, 0, shift + gap, gap);
    }
    if (shape === "bars") line(0, gap / 2, gap, gap / 2);
    if (shape === "dots") line(gap / 2, gap / 2, gap / 2 + 0.01, gap / 2); // none without a length
    pen.stroke();
    const pattern = this.context.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix()
      .translate(-this.left % gap, -this.top % gap).scale(1 / ratio));
    return pattern;
  }

  /* The sign that says no entry. */
  noEntry([lonDeg, latDeg], radius, fill, bar) {
    const [x, y] = mercator(lonDeg, latDeg);
    this.dot([lonDeg, latDeg], radius, fill, bar);
    this.context.fillStyle = bar;
    this.context.fillRect(x * this.scale - this.left - radius * 0.6,
      y * this.scale - this.top - radius * 0.2, radius * 1.2, radius * 0.4);
  }

  dot([lonDeg, latDeg], radius, fill, ring) {
    const [x, y] = mercator(lonDeg, latDeg);
    this.context.beginPath();
    this.context.arc(x * this.scale - this.left, y * this.scale - this.top, radius, 0, 7);
    Object.assign(this.context,
      { fillStyle: fill, strokeStyle: ring, lineWidth: 1.5, globalAlpha: 1 });
    this.context.setLineDash([]);
    this.context.fill();
    this.context.stroke();
  }
}
