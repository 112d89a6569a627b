/* The map with its time: what was known, who drove where and how far the water had come at the moment of the
 * slider. On paper four moments stand in its place. */

const LEGS = { // how a unit on such a way looks
  to_scene: { solid: true, dash: [] }, to_warehouse: { solid: true, dash: [2, 3] },
  transport: { solid: true, dash: [8, 3] }, return: { solid: false, dash: [3, 5] },
};

/* Okabe and Ito's colours, and a shape for each: told apart without any colour. */
const MARKS = {
  late: { color: "#d55e00", shape: "triangle", radius: 9 },
  waiting: { color: "#e69f00", shape: "triangle", radius: 7 },
  attended: { color: "#cc79a7", shape: "diamond", radius: 6 },
  met: { color: "#0072b2", shape: "square", radius: 5 },
  closed: { color: "#808080", shape: "ring", radius: 3 },
};

const moveLines = decodeLines(data.moves.lines);
const hazards = data.hazards.map((hazard) => ({
  ...hazard,
  areas: decodePolygons({ lines: hazard.areas, rings: hazard.rings }),
  lines: decodeLines(hazard.lines),
}));
const wantsStill = matchMedia("(prefers-reduced-motion: reduce)");
const map = L.map("map", { attributionControl: false, zoomControl: false, zoomSnap: 0.25, minZoom: 4, maxZoom: 18,
                           fadeAnimation: !wantsStill.matches, zoomAnimation: !wantsStill.matches });
L.control.zoom({ position: "topright", zoomInTitle: t("zoom_in"), zoomOutTitle: t("zoom_out") }).addTo(map);
L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);

let now_ms = 0;

/* Canvas knows no CSS: the colours of the scheme in force are read from the style. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  colors = { tones: [0, 1, 2, 3, 4].map((tone) => get(`road-${tone}`)) };
  for (const name of ["ground", "ink", "soft", "line", "map", "water", ...Object.keys(HAZARDS), ...RESOURCES]) {
    colors[name] = get(name);
  }
}

/* ---- a moment ------------------------------------------------------------------------ */

const holdsAt = ({ from_ms, until_ms }, ms) =>
  (from_ms == null || from_ms <= ms) && (until_ms == null || ms < until_ms);

function drawHazards(pen, ms) {
  const hatches = {};
  for (const hazard of hazards) {
    if (!holdsAt(hazard, ms)) continue;
    const look = HAZARDS[hazard.kind] || HAZARDS.alert;
    if (look.shape) hatches[hazard.kind] ??= pen.hatch(colors[hazard.kind], look.gap, look.width, look.shape);
    drawArea(pen, hazard, hatches[hazard.kind]);
    drawClosed(pen, hazard);
  }
}

/* Is the unit on this way at the moment? */
const isMoving = ({ at_s }, ms) => at_s[0] * 1000 <= ms && ms < at_s.at(-1) * 1000;

/* Where on its line a unit is, in Web Mercator: [x, y]. */
function positionAt({ line, at_s }, ms) {
  const s = ms / 1000, first = moveLines.first[line];
  let low = 0, high = at_s.length - 1; // at_s[low] <= s < at_s[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at_s[middle] <= s) low = middle;
    else high = middle;
  }
  const along = at_s[high] > at_s[low] ? (s - at_s[low]) / (at_s[high] - at_s[low]) : 0;
  const between = (values) => values[first + low] + along * (values[first + high] - values[first + low]);
  return [between(moveLines.x), between(moveLines.y)];
}

function drawMoves(pen, p, ms) {
  const moving = movesOf[p].filter((move) => isMoving(move, ms));
  for (const move of moving) {
    const { dash } = LEGS[move.leg] || LEGS.to_scene;
    pen.stroke(moveLines, [move.line], { color: colors[move.resource], width: 1.6, alpha: 0.55, dash });
  }
  for (const move of moving) {
    const [x, y] = positionAt(move, ms), { solid } = LEGS[move.leg] || LEGS.to_scene;
    const at = [(x - 0.5) * 360, degrees(x, y)[0]];
    pen.dot(at, 4.5, solid ? colors[move.resource] : colors.ground, solid ? colors.ground : colors[move.resource]);
  }
}

function traceMark(context, shape, x, y, radius) {
  context.beginPath();
  if (shape === "triangle") {
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y + 0.8 * radius);
    context.lineTo(x - radius, y + 0.8 * radius);
  } else if (shape === "diamond") {
    for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]]) context.lineTo(x + dx * radius, y + dy * radius);
  } else if (shape === "square") {
    context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  } else {
    context.arc(x, y, radius, 0, 7);
  }
  context.closePath();
}

function drawMark(context, state, x, y, scale = 1) {
  const { color, shape, radius } = MARKS[state];
  traceMark(context, shape, x, y, radius * scale);
  context.setLineDash([]);
  Object.assign(context, { globalAlpha: 1, fillStyle: shape === "ring" ? colors.ground : color, lineWidth: 1.5,
                           strokeStyle: shape === "ring" ? color : colors.ground });
  context.fill();
  context.stroke();
  if (state !== "late") return;
  context.fillStyle = "#000"; // an exclamation mark
  context.fillRect(x - 1 * scale, y - 4 * scale, 2 * scale, 5.5 * scale);
  context.fillRect(x - 1 * scale, y + 3 * scale, 2 * scale, 2 * scale);
}

/* The worst on top. */
function drawIncidents(pen, p, ms) {
  for (const state of [...STATES].reverse()) {
    for (const incident of incidentsOf[p]) {
      if (stateAt(incident, ms) !== state) continue;
      const [x, y] = mercator(incident.lon_deg, incident.lat_deg);
      drawMark(pen.context, state, x * pen.scale - pen.left, y * pen.scale - pen.top);
    }
  }
}

function drawGround(pen) {
  drawWater(pen);
  drawRoads(pen);
}

function drawMoment(pen, p, ms) {
  drawHazards(pen, ms);
  drawMoves(pen, p, ms);
  drawIncidents(pen, p, ms);
}

const groundLayer = new CanvasLayer(drawGround);
const momentLayer = new CanvasLayer((pen) => drawMoment(pen, shownPolicy, now_ms));

/* ---- maps that stand still ----------------------------------------------------------- */

/* [west, south, east, north] of all that happens. */
function everything() {
  const all = incidentsOf.flat().filter(({ lon_deg }) => lon_deg != null);
  const box = run.scenario.bbox;
  if (all.length === 0 && Array.isArray(box) && box.length === 4) return box;
  if (all.length === 0) return [-10, -10, 10, 10];
  const lon = all.map(({ lon_deg }) => lon_deg), lat = all.map(({ lat_deg }) => lat_deg);
  return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
}

/* Draw on a canvas of `width` x `height` CSS pixels, fitted to all that happens. */
function paintStill(canvas, width, height, draw) {
  const ratio = 2, margin = 14;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const [west, south, east, north] = everything();
  const [left, bottom] = mercator(west, south), [right, top] = mercator(east, north);
  const scale = Math.min((width - 2 * margin) / Math.max(right - left, 1e-7),
                         (height - 2 * margin) / Math.max(bottom - top, 1e-7), 256 * 2 ** 15);
  const corner = L.point((left + right) / 2 * scale - width / 2, (top + bottom) / 2 * scale - height / 2);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.lineJoin = "round";
  context.fillStyle = colors.map;
  context.fillRect(0, 0, width, height);
  const view = { getPixelOrigin: () => corner, getZoom: () => Math.log2(scale / 256) };
  draw(new Pen(context, view, L.point(0, 0), L.point(width, height)));
}

const STILLS = [1 / 5, 2 / 5, 3 / 5, 4 / 5]; // of the time

function showStills() {
  $("stills").replaceChildren(...STILLS.map((part) => {
    const ms = Math.round(part * LENGTH / 60000) * 60000, canvas = document.createElement("canvas");
    paintStill(canvas, 340, 250, (pen) => {
      drawGround(pen);
      drawMoment(pen, shownPolicy, ms);
    });
    const counts = countStates(shownPolicy, ms);
    return el("figure", {}, el("img", { src: canvas.toDataURL(), alt: clock(ms) }),
      el("figcaption", {}, `${clock(ms)} · ${policies[shownPolicy]} · `,
        STATES.slice(0, 4).map((state) => `${t(`state.${state}`)} ${counts[state]}`).join(", ")));
  }));
}

/* ---- time ---------------------------------------------------------------------------- */

function countStates(p, ms) {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
  for (const incident of incidentsOf[p]) {
    const state = stateAt(incident, ms);
    if (state) ++counts[state];
  }
  return counts;
}

function showCounts() {
  const counts = countStates(shownPolicy, now_ms);
  for (const state of STATES) $(`count-${state}`).textContent = whole(counts[state]);
  $("count-moving").textContent = whole(movesOf[shownPolicy].filter((move) => isMoving(move, now_ms)).length);
}

function setTime(ms) {
  now_ms = Math.max(0, Math.min(LENGTH, ms));
  const words = `${clock(now_ms)} (+${elapsed(now_ms)})`;
  $("time").value = now_ms;
  $("time").setAttribute("aria-valuetext", words);
  $("clock").textContent = words;
  momentLayer.redraw();
  showCounts();
}

const PLAY_S = 60; // for the whole length
let playing = null; // { ms, at }: the moment of the start, on the page's clock

function step(at) {
  if (!playing) return;
  const ms = playing.ms + (at - playing.at) * LENGTH / (1000 * PLAY_S);
  setTime(ms);
  if (ms >= LENGTH) pause();
  else requestAnimationFrame(step);
}

function showPlay() {
  $("play").textContent = playing ? `❚❚ ${t("pause")}` : `▶ ${t("play")}`;
  $("play").setAttribute("aria-pressed", String(Boolean(playing)));
}

function pause() {
  playing = null;
  showPlay();
}

function play() {
  playing = { ms: now_ms >= LENGTH ? 0 : now_ms, at: performance.now() };
  showPlay();
  requestAnimationFrame(step);
}

/* ---- the map on the page ------------------------------------------------------------- */

function legendMark(state) {
  const canvas = el("canvas", { width: 44, height: 44, class: "mark", "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  drawMark(context, state, 11, 11, 0.9);
  return el("li", {}, canvas, t(`state.${state}`), " ", el("output", { id: `count-${state}` }));
}

function legendHazards() {
  const isArea = (kind) => hazards.some((hazard) => hazard.kind === kind && hazard.rings.length > 0);
  const hasClosed = hazards.some(({ lines, points }) => lines.count > 0 || points.length > 0);
  const square = (look, text) => el("li", {}, el("span", { class: `square ${look}` }), text);
  return [...Object.keys(HAZARDS).filter(isArea).map((kind) => square(kind, word("hazard", kind))),
          hasClosed && square("tape", t("hazard.road"))];
}

function showLegend() {
  const resources = RESOURCES.filter((resource) => movesOf.flat().some((move) => move.resource === resource));
  $("legend").replaceChildren(
    el("ul", {}, STATES.map(legendMark)),
    el("ul", {}, el("li", {}, t("moving"), " ", el("output", { id: "count-moving" })),
      resources.map((resource) => el("li", {},
        el("span", { class: "unit-dot", style: `background:var(--${resource})` }), word("resource", resource))),
      el("li", {}, el("span", { class: "unit-dot hollow" }), t("returning"))),
    el("ul", {}, legendHazards()));
}

/* What is near the pointer, the worst first. */
function incidentNear(point) {
  let best = null, bestDistance = 14;
  for (const incident of incidentsOf[shownPolicy]) {
    if (incident.lon_deg == null || !stateAt(incident, now_ms)) continue;
    const distance = map.latLngToContainerPoint([incident.lat_deg, incident.lon_deg]).distanceTo(point);
    if (distance < bestDistance) [best, bestDistance] = [incident, distance];
  }
  return best;
}

function incidentWords(incident) {
  const response = incident.response_ms == null ? t("nobody_came")
    : t("came_after", { n: minutes(incident.response_ms / 60000) });
  return el("div", {}, el("strong", {}, titleOf(incident)), el("br"),
    `${word("severity", incident.severity)}, ${t(`state.${stateAt(incident, now_ms)}`)}`, el("br"),
    `${clock(incident.reported_ms)}: ${response}`);
}

function followPointer() {
  const tooltip = L.tooltip({ direction: "top", offset: [0, -10] });
  let told = null;
  const look = ({ containerPoint }) => {
    const incident = incidentNear(containerPoint);
    if (incident === told) return;
    told = incident;
    if (!incident) map.closeTooltip(tooltip);
    else map.openTooltip(tooltip.setLatLng([incident.lat_deg, incident.lon_deg]).setContent(incidentWords(incident)));
  };
  map.on("mousemove click", look);
  map.on("mouseout", () => look({ containerPoint: L.point(-99, -99) }));
}

/* To the moment at which an incident is known, or another one, with the map around it. */
function showIncidentAt(incident, ms) {
  const behavior = wantsStill.matches ? "auto" : "smooth";
  pause();
  setTime(ms);
  if (incident?.lon_deg != null) {
    map.setView([incident.lat_deg, incident.lon_deg], Math.max(map.getZoom(), 13), { animate: !wantsStill.matches });
  }
  $("moment-heading").scrollIntoView({ block: "start", behavior });
}

function fitMap() {
  const [west, south, east, north] = everything();
  map.fitBounds([[south, west], [north, east]], { padding: [24, 24], animate: false, maxZoom: 15 });
}

function recolor() {
  readColors();
  groundLayer.redraw();
  momentLayer.redraw();
  remakeCharts();
  showPlaces();
}

/* Pictures take the place of what moves, in the colours of paper. */
function toPaper() {
  pause();
  document.documentElement.classList.add("paper");
  recolor();
  showStills();
  for (const { canvas } of charts) {
    canvas.after(el("img", { class: "printed", src: canvas.toDataURL(), alt: canvas.getAttribute("aria-label") }));
  }
}

function toWindow() {
  document.documentElement.classList.remove("paper");
  document.querySelectorAll("img.printed").forEach((image) => image.remove());
  recolor();
}

function showMap() {
  $("map").setAttribute("aria-label", t("map"));
  $("time").max = LENGTH;
  fitMap();
  groundLayer.addTo(map);
  momentLayer.addTo(map);
  showLegend();
  followPointer();
  $("time").addEventListener("input", () => {
    pause();
    setTime(Number($("time").value));
  });
  $("play").addEventListener("click", () => playing ? pause() : play());
  showPlay();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", toWindow);
}
