/* The map: roads, routes, incidents. One thing can be selected, an incident, and one hovered
 * over; the routes to it are then drawn by resource, all others fade. */

const DASH = { people: [], vehicle: [10, 5], machine: [2, 5], item: [12, 4, 2, 4] };

const routeLines = decodeLines(data.routes.lines);
const roads = Object.fromEntries(
  Object.entries(data.roads).map(([name, base64]) => [name, decodeLines(base64)]));

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
L.control.zoom({ position: "topright" }).addTo(map);
L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);

let selected = null, hovered = null, colors = {};

/* Canvas knows no CSS: the colours of the scheme in force are read from the style. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  colors = { tones: [0, 1, 2, 3, 4].map((tone) => get(`road-${tone}`)) };
  for (const name of ["route", "ground", ...SEVERITIES, ...RESOURCES]) colors[name] = get(name);
}

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

const roadLayer = new CanvasLayer((pen) => drawRoads(pen, roads, colors.tones));
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
    `${incident.severity}, ${STATE_TEXT[incident.state]}`);
}

function addMarkers() {
  const renderer = L.svg({ padding: 0.3 });
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

/* ---- the whole ----------------------------------------------------------------------- */

/* All incidents and routes; where there are none, all roads. */
function everything() {
  const bounds = L.latLngBounds(incidents.map(({ lat_deg, lon_deg }) => [lat_deg, lon_deg]));
  for (const lines of incidents.length > 0 ? [routeLines] : Object.values(roads)) {
    const more = boundsOf(lines, Array.from({ length: lines.count }, (_, l) => l));
    if (more) bounds.extend(more);
  }
  return bounds.isValid() ? bounds : L.latLngBounds([[-60, -180], [75, 180]]);
}

/* A route of this resource as the map draws it. */
function dashSample(resource) {
  return svg("svg", { viewBox: "0 0 26 4", "aria-hidden": "true" },
    svg("line", { x2: 26, y1: 2, y2: 2, "stroke-width": 3, class: `stroke-${resource}`,
                  "stroke-dasharray": DASH[resource].join(" ") || "none" }));
}

function showLegend() {
  const disc = (look, text) => el("li", {}, el("span", { class: `disc ${look}` }), text);
  $("legend").append(
    el("ul", {}, SEVERITIES.map((severity) => disc(severity, severity))),
    el("ul", {}, ["unmet", "partly", "met"].map((state) => disc(state, STATE_TEXT[state]))),
    el("ul", {}, RESOURCES.map((resource) => el("li", {}, dashSample(resource), resource))));
}

function recolor() {
  readColors();
  incidents.forEach(restyleMarker);
  roadLayer.redraw();
  routeLayer.redraw();
}

function showMap() {
  readColors();
  showLegend(); // first: it takes room from the map
  map.fitBounds(everything(), { padding: [24, 24], animate: false });
  roadLayer.addTo(map);
  routeLayer.addTo(map);
  addMarkers();
  map.on("click", () => select(null));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
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
