/* What lies on the ground, for the maps of both reports: water, roads, areas of hazards. */

let colors = {}; // of the scheme in force, by the names of the style's variables

/* What lies in the area of a hazard; patterns tell them apart without any colour. */
const HAZARDS = {
  flood: { shape: "slash", gap: 6, width: 1 },
  wind: { shape: "bars", gap: 6, width: 1.2 },
  plume: { shape: "dots", gap: 6, width: 2 },
  closure: { shape: "cross", gap: 7, width: 1 },
  alert: {},
};

const roads = Object.fromEntries(
  Object.entries(data.roads || {}).map(([name, base64]) => [name, decodeLines(base64)]));
const lakes = decodePolygons(data.water?.areas || { lines: "", rings: [], depth_m: [] });
const waterways = (data.water?.ways || []).map(({ width_m, lines }) =>
  ({ width_m, lines: decodeLines(lines) }));

/* ---- water and roads ----------------------------------------------------------------- */

/* What would be narrower than a fifth of a pixel is left out, so ditches come with the zoom. */
function drawWater(pen) {
  for (let s = 0; s + 1 < lakes.first.length; ++s) pen.fill(lakes, s, { color: colors.water });
  for (const { width_m, lines } of waterways) {
    const width = width_m * pen.pixelsPerMetre;
    const cap = width > 2 ? "round" : "butt"; // closes the gap where pieces meet at an angle
    const look = { color: colors.water, width: Math.max(0.6, width), cap };
    if (width > 0.2) pen.stroke(lines, null, look);
  }
}

/* Water of no known depth is too deep. */
const floodAlpha = (depth_m) => depth_m == null ? 0.5 : Math.min(0.5, 0.08 + 0.11 * depth_m);

function drawFlood(pen, hatch, areas, s, depth_m) {
  const alpha = floodAlpha(depth_m);
  pen.fill(areas, s, { color: colors.flood, alpha });
  pen.fill(areas, s, { color: hatch, alpha });
}

function drawArea(pen, { kind, areas, depth_m }, hatch) {
  for (let s = 0; s < areas.first.length - 1; ++s) {
    if (kind === "flood") drawFlood(pen, hatch, areas, s, depth_m);
    else if (hatch) pen.fill(areas, s, { color: hatch, alpha: 0.6 });
  }
  if (kind !== "flood") {
    pen.stroke(areas.lines, null, { color: colors[kind], width: 1.4, alpha: 0.9,
                                    dash: kind === "alert" ? [6, 4] : [] });
  }
}

/* Like the tape across a road. */
function drawClosed(pen, { lines, points }) {
  pen.stroke(lines, null, { color: colors.closure, width: 6, alpha: 0.9 });
  pen.stroke(lines, null, { color: colors.ground, width: 3, dash: [5, 5] });
  for (const point of points) pen.noEntry(point, 7, colors.closure, colors.ground);
}

/* Which roads are drawn from which zoom on, and how wide: the smallest first, so that main
 * roads lie on top. */
const ROAD_STYLES = [
  { classes: ["track", "service", "road"], from: 13, tone: 0, width: 0.7 },
  { classes: ["residential", "living_street", "unclassified"], from: 12, tone: 0, width: 1 },
  { classes: ["ferry"], from: 9, tone: 2, width: 1, dash: [6, 5] },
  { classes: ["tertiary", "tertiary_link"], from: 9, tone: 1, width: 1.1 },
  { classes: ["secondary", "secondary_link"], from: 8, tone: 2, width: 1.5 },
  { classes: ["primary", "primary_link"], from: 0, tone: 3, width: 2.0 },
  { classes: ["trunk", "trunk_link"], from: 0, tone: 4, width: 2.5 },
  { classes: ["motorway", "motorway_link"], from: 0, tone: 4, width: 3.0 },
];

function drawRoads(pen) {
  const growth = Math.max(0.6, Math.min(3, 1.3 ** (pen.zoom - 12)));
  for (const { classes, from, tone, width, dash } of ROAD_STYLES) {
    if (pen.zoom < from) continue;
    for (const name of classes) {
      if (!roads[name]) continue;
      const slim = name.endsWith("_link") ? 0.7 : 1;
      const look = { color: colors.tones[tone], width: width * slim * growth, dash };
      pen.stroke(roads[name], null, look);
    }
  }
}
