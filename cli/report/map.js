/* The map: water, hazards, roads, routes, incidents. One thing can be selected, an incident, and one hovered
 * over; the routes to it are then drawn by resource, all others fade. */

const DASH = { people: [], vehicle: [10, 5], machine: [2, 5], item: [12, 4, 2, 4] };

const routeLines = decodeLines(data.routes.lines);
const floods = decodePolygons(data.water.floods);
const hazards = data.hazards.map((hazard) => ({
  ...hazard,
  areas: decodePolygons({ lines: hazard.areas, rings: hazard.rings }),
  lines: decodeLines(hazard.lines),
}));
const wantsStill = matchMedia("(prefers-reduced-motion: reduce)");
const map = L.map("map", {
  attributionControl: false,
  zoomControl: false,
  zoomSnap: 0.25,
  minZoom: 4,
  maxZoom: 18,
  fadeAnimation: !wantsStill.matches,
  zoomAnimation: !wantsStill.matches,
});
L.control.zoom({ position: "topright", zoomInTitle: t("zoom_in"), zoomOutTitle: t("zoom_out") }).addTo(map);
L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);

let selected = null, hovered = null;

/* Canvas knows no CSS: the colours of the scheme in force are read from the style. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  colors = { tones: [0, 1, 2, 3, 4].map((tone) => get(`road-${tone}`)) };
  for (const name of ["route", "ground", "water", ...Object.keys(HAZARDS), ...SEVERITIES, ...RESOURCES]) colors[name] = get(name);
}

/* ---- the ground ------------------------------------------------------------------------- */

/* The deeper lie on the shallower, so darker is deeper in any case; lines tell them from lakes. */
function drawFloods(pen) {
  const count = floods.depth_m.length;
  const hatch = count > 0 && pen.hatch(colors.flood, 6, 1);
  for (let s = 0; s < count; ++s) drawFlood(pen, hatch, floods, s, floods.depth_m[s]);
}

/* ---- hazards that hold at the moment of the plan ---------------------------------------- */

const depthOf = ({ depth_m }) => depth_m ?? Infinity;

function drawHazards(pen) {
  const hatches = {};
  for (const [kind, { shape, gap, width }] of Object.entries(HAZARDS)) {
    if (shape && hazards.some((hazard) => hazard.kind === kind)) {
      hatches[kind] = pen.hatch(colors[kind], gap, width, shape);
    }
  }
  for (const hazard of [...hazards].sort((a, b) => depthOf(a) - depthOf(b))) {
    drawArea(pen, hazard, hatches[hazard.kind]);
  }
}

/* "2026-07-01T13:00:00Z" without what nobody reads. */
const momentText = (moment) => moment.slice(0, 16).replace("T", " ");

function hazardFacts({ kind, severity, depth_m, wind_force, speed_factor }) {
  return [
    t(`fact.${kind}`),
    severity && severityText(severity),
    kind === "flood" && (depth_m == null ? t("depth_unknown") : t("depth", { n: depth_m.toFixed(2) })),
    wind_force > 0 && t("wind_force", { n: wind_force }),
    speed_factor != null && (speed_factor > 0 ? t("speed", { share: percent(speed_factor) }) : t("no_passage")),
  ].filter(Boolean).join(t("between"));
}

function hazardTime({ starts_at, ends_at }) {
  return [starts_at && t("from_moment", { moment: momentText(starts_at) }),
          ends_at && t("until_moment", { moment: momentText(ends_at) })]
    .filter(Boolean).join(" ");
}

function hazardTooltip(hazard) {
  const time = hazardTime(hazard);
  return el("div", {}, el("strong", {}, hazard.name || hazard.code), el("br"), hazardFacts(hazard),
    time && el("br"), time && t("utc", { time }));
}

/* What is seen is on the canvas; this answers the pointer. */
function hazardShapes({ areas, lines, points }, renderer) {
  const area = { renderer, stroke: false, fillOpacity: 0 };
  const line = { renderer, weight: 12, opacity: 0 };
  const shapes = areas.first.slice(1).map((end, s) => L.polygon(
    Array.from({ length: end - areas.first[s] }, (_, r) => pointsOf(areas.lines, areas.first[s] + r)),
    area));
  for (let l = 0; l < lines.count; ++l) shapes.push(L.polyline(pointsOf(lines, l), line));
  for (const [lon, lat] of points) {
    shapes.push(L.circleMarker([lat, lon], { ...area, radius: 9 }));
  }
  return shapes;
}

function addHazards(renderer) {
  for (const hazard of hazards) {
    for (const shape of hazardShapes(hazard, renderer)) {
      shape.bindTooltip(hazardTooltip(hazard), { sticky: true, direction: "top" }).addTo(map);
      shape.getElement().dataset.hazard = hazard.code;
    }
  }
}

const groundLayer = new CanvasLayer((pen) => {
  drawWater(pen);
  drawFloods(pen);
  drawHazards(pen);
  drawRoads(pen);
  hazards.forEach((hazard) => drawClosed(pen, hazard));
});

/* ---- routes -------------------------------------------------------------------------- */

const linesOf = (assignments) =>
  [...new Set(assignments.map((a) => a.line).filter((line) => line != null))];

function drawRoutes(pen) {
  const shown = hovered || selected;
  pen.stroke(routeLines, null, { color: colors.route, width: 1.3, alpha: shown ? 0.1 : 0.42 });
  if (!shown) return;
  const halo = { color: colors.ground, width: 6, alpha: 0.75, cap: "round" };
  pen.stroke(routeLines, linesOf(shown.assignments), halo);
  for (const resource of RESOURCES) { // where roads are shared, dashes let the first shine through
    const going = shown.assignments.filter((a) => a.resource === resource);
    const look = { color: colors[resource], width: 3, dash: DASH[resource] };
    pen.stroke(routeLines, linesOf(going), look);
  }
  for (const { start, resource } of shown.assignments) {
    pen.dot(start, 4, colors[resource], colors.ground);
  }
}

const routeLayer = new CanvasLayer(drawRoutes);

/* ---- incidents ----------------------------------------------------------------------- */

/* A full disc still needs help, a ring is looked after. */
function markerStyle(incident) {
  const color = colors[incident.severity];
  const isChosen = incident === selected || incident === hovered;
  const scale = map.getSize().x < 500 ? 0.75 : 1;
  return {
    radius: scale * (4 + 1.5 * rank(incident.severity)) + (isChosen ? 3 : 0),
    weight: isChosen ? 4 : 2.5,
    color,
    fillColor: incident.state === "met" ? colors.ground : color,
    fillOpacity: { met: 0.85, partly: 0.55, unmet: 1 }[incident.state],
  };
}

function restyleMarker(incident) {
  const style = markerStyle(incident);
  incident.marker.setStyle(style).setRadius(style.radius);
}

function tooltip(incident) {
  return el("div", {}, el("strong", {}, title(incident)), el("br"),
    [severityText(incident.severity), stateText(incident.state)].join(t("between")));
}

function addMarkers(renderer) {
  const worstOnTop = [...incidents].sort((a, b) => rank(a.severity) - rank(b.severity));
  for (const incident of worstOnTop) {
    const at = [incident.lat_deg, incident.lon_deg];
    incident.marker = L.circleMarker(at, { renderer, ...markerStyle(incident) })
      .bindTooltip(tooltip(incident), { direction: "top", offset: [0, -8] })
      .on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        select(incident);
      })
      .on("mouseover", () => hover(incident))
      .on("mouseout", () => hover(null))
      .addTo(map);
    incident.marker.getElement().dataset.incident = incident.incident;
  }
}

/* ---- paper --------------------------------------------------------------------------- */

/* Leaflet does not learn that a page is laid out on paper. So the map takes the size and the
 * colours that it will have there beforehand, and shows all that it showed in the window. */
let inWindow = null;

function toPaper() {
  inWindow = { center: map.getCenter(), zoom: map.getZoom() };
  const bounds = map.getBounds();
  document.documentElement.classList.add("paper");
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(bounds, { animate: false });
  recolor();
  groundLayer.renew();
  routeLayer.renew();
}

function toWindow() {
  document.documentElement.classList.remove("paper");
  map.invalidateSize({ animate: false, pan: false });
  map.setView(inWindow.center, inWindow.zoom, { animate: false });
  recolor();
}

/* ---- the whole ----------------------------------------------------------------------- */

function extendBy(bounds, lists) {
  for (const lines of lists) {
    const more = boundsOf(lines, Array.from({ length: lines.count }, (_, l) => l));
    if (more) bounds.extend(more);
  }
  return bounds;
}

/* All incidents and routes; where there are none, all roads. An incident far from any road, at 0,0 for one, whose
   place nobody knew, would make a dot of all others. */
function everything() {
  const ground = extendBy(L.latLngBounds([]), Object.values(roads));
  const places = incidents.map(({ lat_deg, lon_deg }) => [lat_deg, lon_deg]);
  const near = ground.isValid() ? places.filter((place) => ground.pad(0.25).contains(place)) : places;
  const bounds = near.length > 0 ? extendBy(L.latLngBounds(near), [routeLines]) : ground;
  return bounds.isValid() ? bounds : L.latLngBounds([[-60, -180], [75, 180]]);
}

/* A route of this resource as the map draws it. */
function dashSample(resource) {
  return svg("svg", { viewBox: "0 0 26 4", "aria-hidden": "true" },
    svg("line", { x2: 26, y1: 2, y2: 2, "stroke-width": 3, class: `stroke-${resource}`,
                  "stroke-dasharray": DASH[resource].join(" ") || "none" }));
}

function showLegend() {
  const square = (look, text) => el("li", {}, el("span", { class: `square ${look}` }), text);
  const hasWater = lakes.depth_m.length > 0 || waterways.length > 0;
  const isHere = (kind) => hazards.some((hazard) => hazard.kind === kind && hazard.rings.length > 0) ||
    (kind === "flood" && floods.depth_m.length > 0);
  const hasClosed = hazards.some(({ lines, points }) => lines.count > 0 || points.length > 0);
  const disc = (look, text) => el("li", {}, el("span", { class: `disc ${look}` }), text);
  $("legend").append(
    el("ul", {}, SEVERITIES.map((severity) => disc(severity, severityText(severity)))),
    el("ul", {}, ["unmet", "partly", "met"].map((state) => disc(state, stateText(state)))),
    el("ul", {}, RESOURCES.map((resource) => el("li", {}, dashSample(resource), t(`resource.${resource}`)))),
    el("ul", {}, hasWater && square("water", t("water")),
      Object.keys(HAZARDS).filter(isHere).map((kind) => square(kind, t(`hazard.${kind}`))),
      hasClosed && square("tape", t("closed_road"))));
}

function recolor() {
  readColors();
  incidents.forEach(restyleMarker);
  groundLayer.redraw();
  routeLayer.redraw();
}

function showMap() {
  readColors();
  showLegend(); // first: it takes room from the map
  map.fitBounds(everything(), { padding: [24, 24], animate: false });
  groundLayer.addTo(map);
  routeLayer.addTo(map);
  const renderer = L.svg({ padding: 0.3 });
  addHazards(renderer); // under the incidents
  addMarkers(renderer);
  map.on("click", () => select(null));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", toWindow);
}

/* ---- selection ----------------------------------------------------------------------- */

function hover(incident) {
  const changed = [hovered, incident].filter(Boolean);
  hovered = incident;
  changed.forEach(restyleMarker);
  routeLayer.redraw();
}

function zoomTo(incident) {
  const bounds = L.latLngBounds([[incident.lat_deg, incident.lon_deg]]);
  const routes = boundsOf(routeLines, linesOf(incident.assignments));
  map.fitBounds(routes ? bounds.extend(routes) : bounds, { padding: [40, 40], maxZoom: 15 });
}

function select(incident, { moveMap = false } = {}) {
  selected = incident;
  hovered = null;
  for (const each of incidents) {
    restyleMarker(each);
    each.line?.classList.toggle("selected", each === incident);
  }
  if (incident && moveMap) {
    const behavior = wantsStill.matches ? "auto" : "smooth";
    document.querySelector(".stage").scrollIntoView({ block: "nearest", behavior });
    zoomTo(incident);
  }
  routeLayer.redraw();
  showPanel();
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && selected) select(null);
});
