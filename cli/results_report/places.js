/* Response by place: a map for each policy in cells, and one of what differs. */

/* Viridis (van der Walt and Smith 2015), light is soon: it is as dark as it is late, also without colour. */
const VIRIDIS = ["#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"];
/* Sooner, a little of either, later; with a sign for those who see no colours. */
const SOONER = "#0072b2", LATER = "#d55e00";
const LEAST_MIN = 1; // what differs by less is shown as alike

/* Four bounds of classes in minutes, round and about the median of all cells. */
function classBounds() {
  const medians = data.places.cells.flatMap(({ policies }) => policies.map((p) => p.median_min))
    .filter((value) => value != null).sort((a, b) => a - b);
  const middle = medians[Math.floor(medians.length / 2)] ?? 20;
  const steps = [2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360];
  const next = steps.findIndex((value) => value >= middle);
  const from = Math.max(0, Math.min(steps.length - 4, (next < 0 ? steps.length : next) - 2));
  return steps.slice(from, from + 4);
}

function traceCell(pen, cell) {
  const [left, bottom] = mercator(cell.west, cell.south), [right, top] = mercator(cell.east, cell.north);
  const x = left * pen.scale - pen.left, y = top * pen.scale - pen.top;
  return [x, y, (right - left) * pen.scale, (bottom - top) * pen.scale];
}

function fillCell(pen, cell, color, sign) {
  const [x, y, width, height] = traceCell(pen, cell), { context } = pen;
  Object.assign(context, { globalAlpha: 0.85, fillStyle: color });
  context.fillRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.globalAlpha = 1;
  if (!sign || width < 7) return;
  Object.assign(context, { fillStyle: "#fff", font: `bold ${Math.min(14, width)}px sans-serif`, textAlign: "center",
                           textBaseline: "middle" });
  context.fillText(sign, x + width / 2, y + height / 2);
}

/* To half or more of its incidents nobody came. */
function crossCell(pen, cell) {
  const [x, y, width, height] = traceCell(pen, cell), { context } = pen;
  context.setLineDash([]);
  Object.assign(context, { globalAlpha: 1, strokeStyle: colors.ink, lineWidth: 1.2 });
  context.strokeRect(x + 1, y + 1, width - 2, height - 2);
  context.beginPath();
  context.moveTo(x + 1, y + 1);
  context.lineTo(x + width - 1, y + height - 1);
  context.moveTo(x + width - 1, y + 1);
  context.lineTo(x + 1, y + height - 1);
  context.stroke();
}

function drawPlaces(pen, p, bounds) {
  drawWater(pen);
  for (const cell of data.places.cells) {
    const { count, median_min } = cell.policies[p];
    if (count === 0) continue;
    if (median_min == null) crossCell(pen, cell);
    else fillCell(pen, cell, VIRIDIS[bounds.filter((bound) => median_min > bound).length]);
  }
  drawRoads(pen);
}

/* In minutes, the last policy less the first; infinite where nobody came under one of them. */
function cellDifference({ policies }) {
  const value = ({ median_min }) => median_min ?? Infinity;
  const a = value(policies[0]), b = value(policies.at(-1));
  return a === b ? 0 : b - a;
}

function drawDifference(pen) {
  drawWater(pen);
  for (const cell of data.places.cells) {
    const difference = cellDifference(cell);
    const isEqual = Math.abs(difference) < LEAST_MIN;
    fillCell(pen, cell, isEqual ? colors.soft : difference < 0 ? SOONER : LATER,
      isEqual ? "" : difference < 0 ? "−" : "+");
  }
  drawRoads(pen);
}

function placeFigure(title, draw) {
  const canvas = el("canvas", { role: "img", "aria-label": title, class: "still" });
  paintStill(canvas, 420, 320, draw);
  return el("figure", { class: "panel-figure" }, el("figcaption", {}, title), canvas);
}

function placeLegend(bounds) {
  const label = (i) => i === 0 ? t("within_n", { n: bounds[0] })
    : i === bounds.length ? t("over_n", { n: bounds.at(-1) }) : t("from_to_n", { a: bounds[i - 1], b: bounds[i] });
  return el("ul", { class: "place-legend" },
    VIRIDIS.map((color, i) => el("li", {}, el("span", { class: "square", style: `background:${color}` }), label(i))),
    el("li", {}, el("span", { class: "square crossed" }), t("half_nobody")),
    policies.length > 1 && el("li", {}, el("span", { class: "square", style: `background:${SOONER}` }), `− ${t("sooner")}`),
    policies.length > 1 && el("li", {}, el("span", { class: "square", style: `background:${LATER}` }), `+ ${t("later")}`),
    policies.length > 1 && el("li", {}, el("span", { class: "square alike" }), t("alike", { n: LEAST_MIN })));
}

/* By authority, since cells have no names. */
function placeTable() {
  const groups = data.comparisons.at(-1)?.authority || [];
  if (groups.length === 0) return null;
  const last = policies.at(-1);
  return el("details", {}, el("summary", {}, t("numbers")), el("div", { class: "scroller inner" },
    plainTable([t("authority"), t("incident_count"), policies[0], last, t("won"), t("lost")],
      groups.map((g) => [g.name ? word("authority", g.name) : "–", whole(g.count), minutes(g.response_a_min), minutes(g.response_b_min),
                         whole(g.won), whole(g.lost)]))));
}

function showPlaces() {
  if (data.places.cells.length === 0) {
    $("places").replaceChildren(emptyNote("no_incidents"));
    return;
  }
  const bounds = classBounds(), shown = policies.length > 3 ? [0, policies.length - 1] : policies.map((_, p) => p);
  const before = (p) => policies.length === 1 ? policies[0]
    : t(p === 0 ? "before" : p === policies.length - 1 ? "after" : "between", { policy: policies[p] });
  const figures = shown.map((p) => placeFigure(before(p), (pen) => drawPlaces(pen, p, bounds)));
  if (policies.length > 1) {
    figures.push(placeFigure(t("place_difference", { b: policies.at(-1), a: policies[0] }), drawDifference));
  }
  $("places").replaceChildren(el("div", { class: "panels" }, figures), placeLegend(bounds), placeTable() || "");
}
