/* Charts by Chart.js: each is a function that makes its configuration from the data, so that it can be made
 * again in the colours of the paper, and each has its numbers in a table below. */

/* Okabe and Ito's colours (2008), which all eyes tell apart, with a dash and a point beside each. */
const POLICY_STYLES = [
  { color: "#0072b2", dash: [], point: "circle" },
  { color: "#d55e00", dash: [9, 4], point: "triangle" },
  { color: "#009e73", dash: [2, 3], point: "rect" },
  { color: "#cc79a7", dash: [12, 4, 2, 4], point: "rectRot" },
  { color: "#e69f00", dash: [5, 5], point: "star" },
  { color: "#56b4e9", dash: [1, 4], point: "crossRot" },
];
const policyStyle = (p) => POLICY_STYLES[p % POLICY_STYLES.length];

const MINUTE_STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440, 2880];
/* The step of an axis of minutes: what clocks have. */
const minuteStep = (limit, count) => MINUTE_STEPS.find((step) => limit / step <= count) || 5760;

Object.assign(Chart.defaults, { animation: false, maintainAspectRatio: false,
                                devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 12;

/* A line with its dash and its point; what has no label is not in the legend. */
function lineLabels({ data }) {
  return data.datasets.map(({ label, borderColor, borderDash = [] }, datasetIndex) => ({
    text: label, fontColor: colors.ink, strokeStyle: borderColor, fillStyle: borderColor, lineDash: borderDash,
    lineWidth: 2.5, pointStyle: "line", datasetIndex })).filter(({ text }) => text);
}

const lineLegend = () => ({ onClick: null, labels: { usePointStyle: true, pointStyleWidth: 38,
                                                     generateLabels: lineLabels } });

const charts = []; // { canvas, make, chart }

function makeChart(entry) {
  entry.chart?.destroy();
  Chart.defaults.color = colors.soft;
  Chart.defaults.borderColor = colors.line;
  entry.chart = new Chart(entry.canvas, entry.make());
}

const remakeCharts = () => charts.forEach(makeChart);

/* A figure with a chart `id`. `make` returns the configuration; `table` { head, rows } its numbers. */
function chartFigure(id, title, height, make, table) {
  const canvas = el("canvas", { id, role: "img", "aria-label": title });
  const entry = { canvas, make };
  const body = el("div", { class: "scroller inner", tabindex: "0", role: "region", "aria-label": title });
  const fill = ({ head, rows }) => body.replaceChildren(plainTable(head, rows));
  fill(table());
  charts.push(entry);
  const figure = el("figure", { class: "panel-figure" }, el("figcaption", {}, title),
    el("div", { class: "chart-box", style: `height:${height}px` }, canvas),
    el("details", {}, el("summary", {}, t("numbers")), body));
  figure.renew = (title, height) => { // after the choice of what is shown has changed
    if (title) figure.querySelector("figcaption").textContent = title;
    if (height) figure.querySelector(".chart-box").style.height = `${height}px`;
    makeChart(entry);
    fill(table());
  };
  return figure;
}

function plainTable(head, rows) {
  if (rows.length === 0) return el("p", { class: "note empty" }, t("nothing"));
  return el("table", {}, el("thead", {}, el("tr", {}, head.map((text, c) =>
    el("th", { scope: "col", class: c > 0 ? "number" : null }, text)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, c) =>
      el(c > 0 ? "td" : "th", { class: c > 0 ? "number" : null, scope: c > 0 ? null : "row" }, cell))))));
}

const emptyNote = (key) => el("p", { class: "note empty" }, t(key));

/* ---- pieces of configurations -------------------------------------------------------- */

const policyLine = (p, points, more = {}) => ({
  label: policies[p], data: points, borderColor: policyStyle(p).color, backgroundColor: policyStyle(p).color,
  borderDash: policyStyle(p).dash, pointStyle: policyStyle(p).point, borderWidth: 2, pointRadius: 0,
  pointHitRadius: 8, ...more,
});

const clockAxis = () => ({
  type: "linear", min: 0, max: LENGTH,
  title: { display: true, text: t("clock_axis", { zone }) },
  ticks: { stepSize: minuteStep(LENGTH / 60000, innerWidth > 560 ? 9 : 4) * 60000, callback: (ms) => clock(ms),
           maxRotation: 0, autoSkipPadding: 12 },
});

const axis = (text, more = {}) => ({ beginAtZero: true, title: { display: true, text }, ...more });

/* Stripes and dots, so that areas are told apart without their colour. */
function pattern(color, shape) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 12;
  const pen = tile.getContext("2d");
  pen.fillStyle = color;
  pen.globalAlpha = shape === "plain" ? 0.9 : 0.3;
  pen.fillRect(0, 0, 12, 12);
  Object.assign(pen, { globalAlpha: 1, strokeStyle: color, lineWidth: 2.5 });
  const line = (x1, y1, x2, y2) => { pen.beginPath(); pen.moveTo(x1, y1); pen.lineTo(x2, y2); pen.stroke(); };
  if (shape === "slash") for (const x of [-12, 0, 12]) line(x, 12, x + 12, 0);
  if (shape === "bars") line(0, 6, 12, 6);
  if (shape === "dots") { pen.beginPath(); pen.arc(6, 6, 2.2, 0, 7); pen.fill(); }
  return pen.createPattern(tile, "repeat");
}

/* What units do. */
const DOINGS = [
  { name: "travel", color: "#e69f00", shape: "slash" },
  { name: "scene", color: "#0072b2", shape: "plain" },
  { name: "transport", color: "#cc79a7", shape: "bars" },
  { name: "back", color: "#56b4e9", shape: "dots" },
];

/* ---- response times ------------------------------------------------------------------ */

let shownResponses = 0; // of data.responses: all, or those of one standard

/* Share of all incidents by minutes; where nobody came the curve ends. */
function responsePoints(policy) {
  return policy.quantile_min.map((x, y) => ({ x, y })).filter(({ x }) => x != null);
}

const standardsShown = () => data.responses.slice(1).map(({ standard_ms }) => standard_ms / 60000)
  .filter((_, i) => shownResponses === 0 || i + 1 === shownResponses);

function responseConfig() {
  const shown = data.responses[shownResponses];
  const lines = shown.policies.map((policy, p) => policyLine(p, responsePoints(policy)));
  const marks = shown.policies.map((policy, p) => policyLine(p,
    responsePoints(policy).filter(({ y }) => y === 50 || y === 90), { showLine: false, pointRadius: 6, label: "" }));
  const standards = standardsShown().map((x) => ({
    label: t("standard_of", { n: round(x) }), data: [{ x, y: 0 }, { x, y: 100 }], borderColor: colors.ink,
    borderDash: [4, 4], borderWidth: 1.5, pointRadius: 0, pointStyle: "line",
  }));
  const ends = shown.policies.map((policy) => policy.quantile_min.findLast?.((x, i) => x != null && i <= 97) ?? 1);
  const limit = Math.max(10, ...ends, ...standardsShown()), step = minuteStep(limit, 10);
  return {
    type: "line",
    data: { datasets: [...lines, ...marks, ...standards] },
    options: {
      parsing: false,
      scales: {
        x: axis(t("minutes_axis"), { type: "linear", max: Math.ceil(limit / step) * step, ticks: { stepSize: step } }),
        y: axis(t("share_axis"), { max: 100, ticks: { stepSize: 10 } }),
      },
      plugins: { legend: lineLegend(),
                 tooltip: { callbacks: { title: () => "", label: ({ dataset, raw }) =>
                   t("response_tip", { policy: dataset.label, share: raw.y, n: amount(raw.x) }) } } },
    },
  };
}

const responseTable = () => ({
  head: [t("policy"), t("incident_count"), t("reached_count"), t("half_within"), t("most_within"), t("mean_reached"),
         t("within_standard")],
  rows: data.responses[shownResponses].policies.map((policy, p) => [policies[p], whole(policy.count),
    whole(policy.reached), minutes(policy.quantile_min[50]), minutes(policy.quantile_min[90]),
    minutes(policy.mean_min), shownResponses === 0 ? withinAny(p) : share(policy.within, policy.count)]),
});

/* Of the incidents that have a standard. */
function withinAny(p) {
  const judged = data.responses.slice(1).map((each) => each.policies[p]);
  const sum = (field) => judged.reduce((total, policy) => total + policy[field], 0);
  return share(sum("within"), sum("count"));
}

/* ---- over time ----------------------------------------------------------------------- */

function needConfig() {
  const { time_ms } = data.needs;
  const points = (values) => time_ms.map((x, i) => ({ x, y: values[i] })).filter(({ y }) => y != null);
  const datasets = data.needs.policies.flatMap((policy, p) => [
    policyLine(p, points(policy.share)),
    policyLine(p, points(policy.low), { label: "", borderWidth: 0 }),
    policyLine(p, points(policy.high), { label: "", borderWidth: 0, fill: "-1",
                                         backgroundColor: `${policyStyle(p).color}26` }),
  ]);
  return {
    type: "line",
    data: { datasets },
    options: {
      parsing: false,
      scales: { x: clockAxis(), y: axis(t("needs_axis"), { max: 100 }) },
      plugins: { legend: lineLegend(),
                 tooltip: { callbacks: { title: ([item]) => clock(item.raw.x),
                   label: ({ dataset, raw }) => `${dataset.label} ${percent(raw.y)}` } } },
    },
  };
}

/* Every eighth moment: a row for each two hours of a day. */
const needTable = () => ({
  head: [t("time"), ...policies.flatMap((name) => [t("asked_of", { policy: name }), t("met_of", { policy: name })])],
  rows: data.needs.time_ms.map((ms, i) => [clock(ms), ...data.needs.policies.flatMap((policy) =>
    [amount(policy.asked[i], 50), amount(policy.met[i], 50)])]).filter((_, i) => i % 8 === 0),
});

function openConfig() {
  const datasets = seriesOf.map((rows, p) =>
    policyLine(p, rows.map((row) => ({ x: row.time_ms, y: row.open_incidents })), { stepped: true }));
  return {
    type: "line", data: { datasets },
    options: { parsing: false, scales: { x: clockAxis(), y: axis(t("open_axis"), { ticks: { precision: 0 } }) },
               plugins: { legend: lineLegend(), tooltip: { callbacks: { title: ([item]) => clock(item.raw.x) } } } },
  };
}

/* About a dozen rows. */
function openTable() {
  const every = Math.max(1, Math.ceil((seriesOf[0]?.length || 0) / 12));
  return {
    head: [t("time"), ...policies],
    rows: (seriesOf[0] || []).filter((_, i) => i % every === 0).map(({ time_ms }) =>
      [clock(time_ms), ...seriesOf.map((rows) => whole(lastBefore(rows, time_ms)?.open_incidents))]),
  };
}

/* ---- units --------------------------------------------------------------------------- */

const MOST_UNITS = 40;
let shownResource = ""; // all

/* What a unit did under an order: [from, until] in each doing, as far as it happened. The way back is after it. */
function doingsOf(order) {
  const until = (...moments) => moments.find((ms) => ms != null) ?? LENGTH;
  const left = order.left_ms ?? order.released_ms ?? order.ended_ms;
  return {
    travel: order.departed_ms != null && [order.departed_ms, until(order.on_scene_ms, left)],
    scene: order.on_scene_ms != null && [order.on_scene_ms, until(left)],
    transport: order.left_ms != null && order.released_ms != null && [order.left_ms, order.released_ms],
  };
}

/* Ways back, as bars of the same form. */
function waysBack(shown) {
  const rows = new Map(shown.map((entry) => [`${entry.resource} ${entry.unit}`, entry.unit]));
  return movesOf[shownPolicy].filter(({ leg }) => leg === "return")
    .map((move) => ({ x: [move.at_s[0] * 1000, move.at_s.at(-1) * 1000], y: rows.get(`${move.resource} ${move.unit}`) }))
    .filter(({ y }) => y !== undefined);
}

/* Items are brought by vehicles, which have orders of their own. */
const isUnit = ({ resource }) => resource !== "item";

/* The busiest units of the shown policy: { unit, resource, orders, busy_ms }. */
function busiestUnits() {
  const units = new Map();
  for (const order of ordersOf[shownPolicy]) {
    if (order.departed_ms == null || !isUnit(order) || (shownResource && order.resource !== shownResource)) continue;
    const entry = units.get(`${order.resource} ${order.unit}`) || { unit: order.unit, resource: order.resource, orders: [], busy_ms: 0 };
    entry.orders.push(order);
    entry.busy_ms += (order.released_ms ?? order.ended_ms ?? LENGTH) - order.departed_ms;
    units.set(`${order.resource} ${order.unit}`, entry);
  }
  return [...units.values()].sort((a, b) => b.busy_ms - a.busy_ms || (a.unit < b.unit ? -1 : 1));
}

/* How many units do what, one upon the other; who is at work lies at the bottom. The free would dwarf all
 * others: they are in the table. */
const UNIT_STATES = [
  { name: "on_scene", color: "#0072b2", shape: "plain" },
  { name: "en_route", color: "#e69f00", shape: "slash" },
  { name: "off", color: "#d55e00", shape: "bars" },
  { name: "on_call", color: "#cc79a7", shape: "dots" },
];
const unitsIn = (row, name) => row[`units_${name}`];
/* States that somebody is in at some time. */
const statesPresent = () => UNIT_STATES.filter(({ name }) => seriesOf[shownPolicy].some((row) => unitsIn(row, name) > 0));

function unitsConfig() {
  const datasets = statesPresent().map(({ name, color, shape }, i) => ({
    label: t(`units.${name}`), data: seriesOf[shownPolicy].map((row) => ({ x: row.time_ms, y: unitsIn(row, name) })),
    backgroundColor: pattern(color, shape), borderColor: color, borderWidth: 1, pointRadius: 0, pointHitRadius: 8,
    stepped: true, fill: i > 0 ? "-1" : "origin",
  }));
  return {
    type: "line", data: { datasets },
    options: { parsing: false, scales: { x: clockAxis(), y: axis(t("units_axis"), { stacked: true, ticks: { precision: 0 } }) },
               plugins: { legend: { onClick: null }, tooltip: { callbacks: { title: ([item]) => clock(item.raw.x) } } } },
  };
}

/* About a dozen rows. */
function unitsTable() {
  const rows = seriesOf[shownPolicy], every = Math.max(1, Math.ceil(rows.length / 12));
  const states = [{ name: "free" }, ...statesPresent()];
  return {
    head: [t("time"), ...states.map(({ name }) => t(`units.${name}`))],
    rows: rows.filter((_, i) => i % every === 0).map((row) =>
      [clock(row.time_ms), ...states.map(({ name }) => whole(unitsIn(row, name)))]),
  };
}

function ganttConfig() {
  const shown = busiestUnits().slice(0, MOST_UNITS);
  const datasets = DOINGS.map(({ name, color, shape }) => ({
    label: t(`doing.${name}`), backgroundColor: pattern(color, shape), borderColor: color, borderWidth: 1,
    borderSkipped: false, grouped: false, barPercentage: 0.8, categoryPercentage: 1,
    data: name === "back" ? waysBack(shown)
      : shown.flatMap(({ unit, orders }) => orders.map((order) => ({ order, x: doingsOf(order)[name], y: unit }))
        .filter(({ x }) => x && x[1] > x[0])),
  }));
  return {
    type: "bar",
    data: { labels: shown.map(({ unit }) => unit), datasets },
    options: {
      indexAxis: "y",
      scales: { x: clockAxis(), y: { ticks: { autoSkip: false, font: { size: 11 } }, grid: { display: false } } },
      plugins: { legend: { onClick: null }, tooltip: { callbacks: {
        title: ([{ raw }]) => raw.order ? `${raw.y} → ${raw.order.incident}` : raw.y,
        label: ({ dataset, raw }) => `${dataset.label} ${clock(raw.x[0])} – ${clock(raw.x[1])}` } } },
    },
  };
}

const ganttHeight = () => Math.max(140, 90 + 17 * Math.min(MOST_UNITS, busiestUnits().length));

const ganttTable = () => ({
  head: [t("unit"), t("resource"), t("order_count"), t("busy_hours")],
  rows: busiestUnits().map(({ unit, resource, orders, busy_ms }) =>
    [unit, word("resource", resource), whole(orders.length), amount(busy_ms / 3.6e6)]),
});

/* ---- stock --------------------------------------------------------------------------- */

let shownStock = ""; // a kind; the one most used comes first

const stockKinds = () => {
  const used = new Map();
  for (const rows of stockOf) {
    const first = new Map();
    for (const { warehouse, kind, quantity } of rows) {
      const key = `${warehouse} ${kind}`;
      if (!first.has(key)) first.set(key, quantity);
      used.set(kind, Math.max(used.get(kind) || 0, first.get(key) - quantity));
    }
  }
  return [...used.keys()].sort((a, b) => used.get(b) - used.get(a) || (a < b ? -1 : 1));
};

/* What there is of the kind in all warehouses after each change. */
function stockPoints(p, kind) {
  const now = new Map(), points = [];
  let sum = 0;
  for (const row of stockOf[p]) {
    if (row.kind !== kind) continue;
    sum += row.quantity - (now.get(row.warehouse) || 0);
    now.set(row.warehouse, row.quantity);
    if (points.at(-1)?.x === row.time_ms) points.at(-1).y = sum;
    else points.push({ x: row.time_ms, y: sum });
  }
  if (points.length > 0 && points.at(-1).x < LENGTH) points.push({ x: LENGTH, y: sum });
  return points;
}

function stockConfig() {
  const datasets = policies.map((_, p) => policyLine(p, stockPoints(p, shownStock), { stepped: true }));
  return {
    type: "line", data: { datasets },
    options: { parsing: false, scales: { x: clockAxis(), y: axis(t("stock_axis", { kind: word("kind", shownStock) })) },
               plugins: { legend: lineLegend(), tooltip: { callbacks: { title: ([item]) => clock(item.raw.x) } } } },
  };
}

const stockTable = () => ({
  head: [t("kind"), ...policies.flatMap((name) => [t("at_start_of", { policy: name }), t("at_end_of", { policy: name })])],
  rows: stockKinds().map((kind) => [word("kind", kind), ...policies.flatMap((_, p) => {
    const points = stockPoints(p, kind);
    return [whole(points[0]?.y), whole(points.at(-1)?.y)];
  })]),
});

/* ---- comparison ---------------------------------------------------------------------- */

/* In lines of a few words where there is no room for one, as on a telephone. */
function wrapped(label) {
  if (innerWidth > 560 || label.length < 20) return label;
  const lines = [""];
  for (const part of label.split(" ")) {
    if (`${lines.at(-1)} ${part}`.length > 20 && lines.at(-1)) lines.push(part);
    else lines[lines.length - 1] = `${lines.at(-1)} ${part}`.trim();
  }
  return lines;
}

/* Differences in percent of the first policy's value, with the interval as a bar. */
function differenceConfig(comparison) {
  const shown = comparison.measures.filter(({ interval, mean_a }) => interval && mean_a > 0);
  const relative = (measure, value) => 100 * value / measure.mean_a;
  const good = ({ better, difference }) => (better === "lower") === (difference < 0);
  const isShown = ({ interval }) => interval[0] > 0 || interval[1] < 0;
  const color = (measure) => !isShown(measure) ? colors.soft : good(measure) ? "#0072b2" : "#d55e00";
  return {
    data: {
      labels: shown.map(({ name }) => t(`measure.${name}`)),
      datasets: [
        { type: "scatter", label: t("mean_difference"), pointRadius: 6,
          pointStyle: shown.map((m) => !isShown(m) ? "circle" : good(m) ? "triangle" : "rectRot"),
          data: shown.map((m) => ({ x: relative(m, m.difference), y: t(`measure.${m.name}`) })),
          backgroundColor: shown.map(color), borderColor: shown.map(color) },
        { type: "bar", label: t("interval_of", { n: 100 * comparison.confidence }), barThickness: 6,
          data: shown.map((m) => m.interval.map((value) => relative(m, value))),
          backgroundColor: shown.map((m) => `${color(m)}66`), borderColor: shown.map(color), borderWidth: 1,
          borderSkipped: false },
      ],
    },
    options: {
      indexAxis: "y",
      scales: { x: axis(t("percent_axis", { policy: comparison.policy_a })),
                y: { type: "category", grid: { display: false }, labels: shown.map(({ name }) => t(`measure.${name}`)),
                     ticks: { autoSkip: false, callback(value) { return wrapped(this.getLabelForValue(value)); } } } },
      plugins: { legend: { display: false } },
    },
  };
}

/* ---- what would help ----------------------------------------------------------------- */

/* By kind: the mean gain over the moments at which it was asked, and at how many it was above 0. */
function gains() {
  const moments = new Set(pricesOf[shownPolicy].map(({ time_ms }) => time_ms)).size;
  const kinds = new Map();
  for (const { resource, kind, gain } of pricesOf[shownPolicy]) {
    const entry = kinds.get(kind) || { resource, kind, sum: 0, most: 0, times: 0 };
    entry.sum += gain;
    entry.most = Math.max(entry.most, gain);
    entry.times += gain > 0;
    kinds.set(kind, entry);
  }
  return [...kinds.values()].map((entry) => ({ ...entry, mean: entry.sum / moments }))
    .sort((a, b) => b.mean - a.mean || (a.kind < b.kind ? -1 : 1));
}

function gainConfig() {
  const shown = gains().slice(0, 15);
  return {
    type: "bar",
    data: { labels: shown.map(({ kind }) => word("kind", kind)),
            datasets: [{ label: t("mean_gain"), data: shown.map(({ mean }) => mean), barPercentage: 0.7,
                         backgroundColor: pattern("#009e73", "slash"), borderColor: "#009e73", borderWidth: 1 }] },
    options: { indexAxis: "y", plugins: { legend: { display: false } }, scales: { x: axis(t("mean_gain")) } },
  };
}

const gainTable = () => ({
  head: [t("kind"), t("resource"), t("mean_gain"), t("most_gain"), t("moment_count")],
  rows: gains().map(({ kind, resource, mean, most, times }) =>
    [word("kind", kind), word("resource", resource), amount(mean), amount(most), whole(times)]),
});
