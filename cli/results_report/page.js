/* The page around the map and the charts: figures, choices, comparison, moments, tables, assumptions. */

/* ---- figures ------------------------------------------------------------------------- */

/* What counts most, by policy. */
function showFigures() {
  const wanted = ["need_met", "within_standard", "response_p50", "response_p90", "unreached"];
  const rows = data.measures.filter(({ name }) => wanted.includes(name));
  $("figures").append(...wanted.map((name) => {
    const measure = rows.find((row) => row.name === name);
    const isPercent = measure.unit === "%";
    return el("div", { class: "card" }, el("p", { class: "label" }, t(`measure.${name}`)),
      el("dl", {}, measure.policies.flatMap(({ mean }, p) => [
        el("dt", {}, policyKey(p)),
        el("dd", {}, isPercent ? percent(mean) : amount(mean))])));
  }));
}

/* The line and the point that a policy has in charts, and its name. */
function policyKey(p) {
  const { color, dash } = policyStyle(p);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  line.setAttribute("viewBox", "0 0 26 6");
  line.setAttribute("class", "key-line");
  line.setAttribute("aria-hidden", "true");
  const stroke = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ d: "M0 3H26", stroke: color, "stroke-width": 3,
                                               "stroke-dasharray": dash.join(" ") })) {
    if (value !== "") stroke.setAttribute(name, value);
  }
  line.append(stroke);
  return el("span", { class: "key" }, line, policies[p]);
}

/* ---- sentences ----------------------------------------------------------------------- */

/* "muster meets 4.1 points more of the need than greedy (95 %: 2.9 to 5.3)", or null. */
function conclusion(comparison, { name, interval, difference }) {
  if (!interval || (interval[0] <= 0 && interval[1] >= 0)) return null;
  const isBelow = difference < 0, [from, to] = isBelow ? [-interval[1], -interval[0]] : interval;
  return t(`conclude.${name}.${isBelow ? "below" : "above"}`, {
    a: comparison.policy_a, b: comparison.policy_b, n: amount(Math.abs(difference), to),
    interval: t("interval_words", { percent: 100 * comparison.confidence, from: amount(from, to), to: amount(to, to) }),
  });
}

/* Of what counts most, or else of whatever is shown to differ. */
function verdicts(comparison) {
  const first = ["need_met", "within_standard", "response_p90"];
  const told = comparison.measures.map((m) => ({ name: m.name, text: conclusion(comparison, m) })).filter(({ text }) => text);
  const wanted = told.filter(({ name }) => first.includes(name));
  return (wanted.length > 0 ? wanted : told.slice(0, 1)).map(({ text }) => text);
}

function showVerdict() {
  const texts = data.comparisons.flatMap(verdicts);
  $("verdict").textContent = texts.length > 0 ? texts.join(isChinese ? "；" : "; ") + (isChinese ? "。" : ".")
    : data.comparisons.length > 0 ? t("no_verdict") : t("one_policy");
}

/* ---- choices ------------------------------------------------------------------------- */

/* A select behind a label; `choose` gets the value. */
function fillPick(id, label, options, choose) {
  const select = el("select", { onchange: () => choose(select.value) },
    options.map(([value, text]) => el("option", { value }, text)));
  $(id).append(label, " ", select);
  return select;
}

function showPolicyChoice() {
  $("policy-choice").append(...policies.map((name, p) => el("label", {},
    el("input", { type: "radio", name: "policy", value: String(p), checked: p === shownPolicy,
                  onchange: () => choosePolicy(p) }), policyKey(p))));
}

let onPolicy = []; // what is shown again when another policy is chosen

function choosePolicy(p) {
  shownPolicy = p;
  setTime(now_ms);
  onPolicy.forEach((show) => show());
}

/* ---- charts -------------------------------------------------------------------------- */

function addFigure(id, figure) {
  $(id).append(figure);
  makeChart(charts.at(-1));
  return figure;
}

function showResponse() {
  if (data.responses[0].policies.every(({ count }) => count === 0)) {
    $("response").append(emptyNote("no_incidents"));
    return;
  }
  const figure = addFigure("response", chartFigure("chart-response", t("response_chart"), 340, responseConfig,
                                                   responseTable));
  figure.querySelector("details").open = true;
  const choices = data.responses.map(({ standard_ms }, i) => [String(i),
    standard_ms == null ? t("all_incidents") : t("with_standard", { n: round(standard_ms / 60000) })]);
  if (choices.length < 2) return;
  fillPick("standard-pick", t("show"), choices, (value) => {
    shownResponses = Number(value);
    figure.renew();
  });
}

function showNeeds() {
  addFigure("needs", chartFigure("chart-needs", t("needs_chart", { n: run.replications }), 320, needConfig, needTable));
  if (seriesOf.every((rows) => rows.length === 0)) $("needs").append(emptyNote("no_series"));
  else addFigure("needs", chartFigure("chart-open", t("open_chart", { n: data.replication }), 320, openConfig, openTable));
}

const unitsTitle = () => t("units_chart", { policy: policies[shownPolicy], n: data.replication });

function showUnits() {
  if (seriesOf.every((rows) => rows.length === 0)) {
    $("units").append(emptyNote("no_series"));
    return;
  }
  const figure = addFigure("units", chartFigure("chart-units", unitsTitle(), 320, unitsConfig, unitsTable));
  onPolicy.push(() => figure.renew(unitsTitle()));
}

function ganttTitle() {
  const count = busiestUnits().length;
  return t(count > MOST_UNITS ? "gantt_some" : "gantt_all", { policy: policies[shownPolicy], n: count, most: MOST_UNITS });
}

function showGantt() {
  $("gantt-note").textContent = t("gantt_note", { n: data.replication });
  if (ordersOf.every((rows) => rows.length === 0)) {
    $("gantt").append(emptyNote("no_orders"));
    return;
  }
  const figure = addFigure("gantt", chartFigure("chart-gantt", ganttTitle(), ganttHeight(), ganttConfig, ganttTable));
  const renew = () => figure.renew(ganttTitle(), ganttHeight());
  const present = RESOURCES.filter((resource) => ordersOf.flat().some((order) => isUnit(order) && order.resource === resource));
  fillPick("resource-pick", t("show"), [["", t("all_resources")],
    ...present.map((resource) => [resource, word("resource", resource)])], (value) => {
    shownResource = value;
    renew();
  });
  onPolicy.push(renew);
}

function showStock() {
  const kinds = stockKinds();
  if (kinds.length === 0) {
    $("stock").append(emptyNote("no_stock"));
    return;
  }
  shownStock = kinds[0];
  const title = () => t("stock_chart", { kind: word("kind", shownStock), n: data.replication });
  const figure = addFigure("stock", chartFigure("chart-stock", title(), 300, stockConfig, stockTable));
  fillPick("stock-pick", t("show"), kinds.map((kind) => [kind, word("kind", kind)]), (value) => {
    shownStock = value;
    figure.renew(title());
  });
}

function showHelp() {
  let figure = null;
  const title = () => t("help_chart", { policy: policies[shownPolicy], n: data.replication });
  const show = () => {
    const isEmpty = pricesOf[shownPolicy].length === 0;
    $("help").replaceChildren(isEmpty ? emptyNote("no_prices") : figure);
    if (!isEmpty) figure.renew(title(), Math.max(140, 80 + 26 * Math.min(15, gains().length)));
  };
  if (pricesOf.every((rows) => rows.length === 0)) {
    $("help").append(emptyNote("no_prices"));
    return;
  }
  figure = addFigure("help", chartFigure("chart-help", title(), 300, gainConfig, gainTable));
  show();
  onPolicy.push(show);
}

/* ---- comparison ---------------------------------------------------------------------- */

function verdictMark({ better, difference, interval }) {
  if (!interval || (interval[0] <= 0 && interval[1] >= 0)) return el("span", { class: "state" }, t("not_shown"));
  const isGood = (better === "lower") === (difference < 0);
  return el("span", { class: isGood ? "better" : "worse" }, isGood ? `▲ ${t("better")}` : `◆ ${t("worse")}`);
}

function intervalText(interval, scale) {
  return interval ? t("from_to", { from: amount(interval[0], scale), to: amount(interval[1], scale) }) : "–";
}

function comparisonTable(comparison) {
  const n = 100 * comparison.confidence;
  const head = [t("measure"), comparison.policy_a, comparison.policy_b, t("difference"), t("mean_interval", { n }),
                t("median_interval", { n }), ""];
  const rows = comparison.measures.filter(({ count }) => count > 0).map((m) => {
    const scale = Math.max(Math.abs(m.mean_a), Math.abs(m.mean_b));
    return [t(`measure.${m.name}`), amount(m.mean_a, scale), amount(m.mean_b, scale), amount(m.difference, scale),
            intervalText(m.interval, scale), intervalText(m.median_interval, scale), verdictMark(m)];
  });
  const table = plainTable(head, rows);
  table.className = "comparison-table";
  return el("div", { class: "scroller" }, table);
}

function groupTable(comparison, group) {
  const rank = ({ name }) => group === "severity" ? SEVERITIES.indexOf(name) : 0;
  const sorted = [...comparison[group]].sort((a, b) => rank(a) - rank(b));
  const rows = sorted.map((g) => [g.name ? word(group, g.name) : "–",
    whole(g.count), whole(g.won), whole(g.lost), whole(g.equal), minutes(g.response_a_min), minutes(g.response_b_min)]);
  return el("div", { class: "scroller" }, plainTable([t(group), t("incident_count"), t("won"), t("lost"), t("equal"),
    comparison.policy_a, comparison.policy_b], rows));
}

function showComparison(comparison, i) {
  const sentences = comparison.measures.map((m) => conclusion(comparison, m)).filter(Boolean);
  const block = el("div", { class: "compared" },
    el("h3", {}, t("compared_with", { b: comparison.policy_b, a: comparison.policy_a })),
    el("ul", { class: "sentences" }, sentences.length > 0 ? sentences.map((text) => el("li", {}, text))
      : el("li", {}, t("no_verdict"))),
    comparisonTable(comparison));
  $("compared").append(block);
  if (comparison.measures.some(({ interval, mean_a }) => interval && mean_a > 0)) {
    const box = el("div", { class: "panels", id: `differences-${i}` });
    block.append(box);
    addFigure(box.id, chartFigure(`chart-differences-${i}`, t("difference_chart"), innerWidth > 560 ? 330 : 480,
      () => differenceConfig(comparison), () => ({ head: [t("measure"), t("difference")],
        rows: comparison.measures.filter(({ count }) => count > 0).map((m) => [t(`measure.${m.name}`), amount(m.difference)]) })));
  }
  block.append(el("h3", {}, t("won_lost", { b: comparison.policy_b })),
    el("div", { class: "side-by-side" }, groupTable(comparison, "severity"), groupTable(comparison, "authority")));
}

function showComparisons() {
  $("comparison-note").textContent = t("comparison_note", { n: run.replications });
  if (data.comparisons.length === 0) $("compared").append(emptyNote("one_policy"));
  data.comparisons.forEach(showComparison);
}

/* ---- the worst moments --------------------------------------------------------------- */

const MOST_MOMENTS = 10;

/* Those that are explained, by how much was missing then: as the next row of the series has it, for what came up at
   that moment is not in the one before. */
function worstMoments() {
  const moments = new Map();
  for (const row of explanationsOf[shownPolicy]) {
    const entry = moments.get(row.time_ms) || { time_ms: row.time_ms, rows: [] };
    entry.rows.push(row);
    moments.set(row.time_ms, entry);
  }
  return [...moments.values()].map((entry) => {
    const state = firstFrom(seriesOf[shownPolicy], entry.time_ms);
    return { ...entry, open: state?.open_incidents, missing: state ? state.quantity_needed - state.quantity_met : 0 };
  }).sort((a, b) => b.missing - a.missing || a.time_ms - b.time_ms).slice(0, MOST_MOMENTS);
}

/* The incident's title is what leads to the map; a sentence that does not begin with it comes after it. */
function reasonItem(row, time_ms) {
  const incident = incidentNamed[shownPolicy].get(row.incident);
  const title = incident ? titleOf(incident) : row.incident;
  const text = (isChinese && row.text_zh) || row.text_en;
  return el("li", {}, el("button", { type: "button", class: "open", onclick: () => showIncidentAt(incident, time_ms) },
    title), text.startsWith(title) ? text.slice(title.length) : ` (${word("kind", row.kind)}): ${text}`);
}

function momentItem({ time_ms, rows, open, missing }) {
  const reasons = rows.map((row) => reasonItem(row, time_ms));
  return el("li", { "data-time": time_ms },
    el("button", { type: "button", class: "open when", onclick: () => showIncidentAt(null, time_ms) }, clock(time_ms)),
    open != null && el("span", { class: "note" }, t("moment_facts", { open: whole(open), missing: whole(missing) })),
    el("ul", {}, reasons));
}

function showWorst() {
  const show = () => {
    const moments = worstMoments();
    $("worst").replaceChildren(...moments.length > 0 ? moments.map(momentItem) : [el("li", { class: "note empty" },
      t("no_moments"))]);
  };
  show();
  onPolicy.push(show);
}

/* ---- incidents ----------------------------------------------------------------------- */

function showIncidents() {
  $("incidents-note").textContent = t("incidents_note", { n: data.replication });
  const rows = incidentsOf[0].map((incident) => ({ ...incident,
    under: policies.map((_, p) => incidentNamed[p].get(incident.incident)) }));
  if (rows.length === 0) {
    $("incident-table").replaceWith(emptyNote("no_incidents"));
    return;
  }
  const text = (title, key) => ({ title, key, cell: key });
  const response = (p) => ({ title: t("response_under", { policy: policies[p] }), numeric: true,
    key: ({ under }) => under[p]?.response_ms, cell: ({ under }) => responseCell(under[p]) });
  new SortableTable($("incident-table"), [
    { title: t("time"), key: ({ reported_ms }) => reported_ms, cell: ({ reported_ms }) => clock(reported_ms) },
    { title: t("incident"), key: titleOf, cell: (row) => [el("button", { type: "button", class: "open",
      onclick: () => showIncidentAt(row, row.reported_ms) }, titleOf(row)), el("span", { class: "code" }, row.incident)] },
    text(t("type"), ({ type }) => word("type", type)),
    { title: t("severity"), key: ({ severity }) => -SEVERITIES.indexOf(severity),
      cell: ({ severity }) => el("span", { class: `badge ${severity}` }, word("severity", severity)), first: "descending" },
    text(t("authority"), ({ authority }) => word("authority", authority)),
    ...policies.map((_, p) => response(p)),
  ], rows, 0);
}

function responseCell(incident) {
  if (!incident || incident.response_ms == null) return t("nobody_came");
  const isLate = incident.standard_ms > 0 && incident.response_ms > incident.standard_ms;
  return [minutes(incident.response_ms / 60000), isLate && el("span", { class: "late" }, ` ${t("late")}`)];
}

/* ---- assumptions --------------------------------------------------------------------- */

const plain = (value) => value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);

function policyParameters() {
  const names = [...new Set(run.policies.flatMap(Object.keys))].filter((name) => name !== "name");
  return el("div", { class: "scroller" }, plainTable([t("parameter"), ...policies],
    names.map((name) => [name, ...run.policies.map((policy) => name in policy ? plain(policy[name]) : "–")])));
}

function showAssumptions() {
  const facts = [
    ["scenario", run.scenario.file], ["sha256", run.scenario.sha256], ["store", run.scenario.store],
    ["start", `${clock(0)} ${zone}`], ["length", elapsed(LENGTH)],
    ["replications", `${run.replications} (${run.first_replication} – ${run.first_replication + run.replications - 1})`],
    ["shown_replication", data.replication], ["seed", run.seed], ["version", run.version],
  ].filter(([, value]) => value != null);
  const standards = Array.isArray(run.standards) ? run.standards : [];
  const own = isChinese && run.assumptions_zh?.length > 0 ? run.assumptions_zh : run.assumptions;
  const assumptions = Array.isArray(own) ? own : [];
  $("assumptions").append(
    el("dl", { class: "facts" }, facts.flatMap(([name, value]) => [el("dt", {}, t(`fact.${name}`)), el("dd", {}, plain(value))])),
    el("h3", {}, t("assumed")),
    assumptions.length > 0 ? el("ul", { class: "bullets" }, assumptions.map((text) => el("li", {}, plain(text))))
      : emptyNote("no_assumptions"),
    el("h3", {}, t("standards")),
    standards.length > 0 ? el("ul", { class: "bullets" }, standards.map((each) => el("li", {}, standardText(each))))
      : emptyNote("no_standards"),
    el("h3", {}, t("policies")), policyParameters());
}

function standardText(each) {
  if (each?.response_ms === undefined) return plain(each);
  const of = [each.type != null && word("type", each.type), each.severity != null && word("severity", each.severity)];
  const shown = of.filter(Boolean).join(", ") || t("any_incident");
  return `${shown}: ${t("minutes", { n: round(each.response_ms / 60000) })}`;
}

/* ---- all ----------------------------------------------------------------------------- */

function showWords() {
  showTexts();
  $("subtitle").textContent = t("subtitle", { policies: policies.join(isChinese ? "、" : ", "), n: run.replications,
                                              seed: run.seed });
  $("map-note").textContent = t("map_note", { n: data.replication });
  $("places-note").textContent = t("places_note", { km: amount(data.places.size_km), n: run.replications });
  $("footer").textContent = t("footer", { version: run.version, file: run.scenario.file ?? run.scenario.name });
}

readColors();
showWords();
showFigures();
showVerdict();
showPolicyChoice();
showMap();
showResponse();
showNeeds();
showComparisons();
showPlaces();
showUnits();
showGantt();
showStock();
showWorst();
showHelp();
showIncidents();
showAssumptions();
setTime(LENGTH / 2);
