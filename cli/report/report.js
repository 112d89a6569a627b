/* The page around the map: figures, panel and tables. */

/* ---- figures ------------------------------------------------------------------------- */

function figure(value, label, detail) {
  return el("div", { class: "figure" }, el("p", { class: "value" }, value),
    el("p", { class: "label" }, label), detail && el("p", { class: "detail" }, detail));
}

/* How much of what was asked for is met, by resource. */
function sharesFigure() {
  const lines = RESOURCES.map((resource) => {
    const needs = plan.needs.filter((need) => kinds.get(need.kind).resource === resource);
    const share = 1 - total(needs, "missing") / total(needs, "quantity");
    return needs.length > 0 && el("div", {}, el("dt", {}, t(`resource.${resource}`)),
      el("dd", {}, bar(share), el("span", { class: "share" }, percent(share))));
  });
  return el("div", { class: "figure wide" }, el("dl", { class: "shares" }, lines),
    el("p", { class: "label" }, t("of_asked")));
}

function elapsedText(ms) {
  return ms < 100 ? t("milliseconds", { n: Math.max(1, Math.round(ms)) })
                  : t("seconds", { n: (ms / 1000).toFixed(2) });
}

function showFigures() {
  const count = (state) => incidents.filter((incident) => incident.state === state).length;
  const times = arrivals_s(), { free } = plan;
  const tier = (name) => plan.tiers.find((t) => t.name === name);
  const by = (rank) => minutesText(percentile(times, rank));
  $("figures").append(
    figure(t("some_of", { n: count("met"), all: incidents.length }), t("incidents_met"),
      t("not_met", { partly: count("partly"), unmet: count("unmet") })),
    sharesFigure(),
    figure(times.length ? by(50) : t("none"), t("median_arrival"),
      times.length > 0 && t("most_and_last", { most: by(90), last: by(100) })),
    figure(number(free.people), t("people_free"), t("others_free", {
      teams: number(free.teams), vehicles: number(free.vehicles), machines: number(free.machines) })),
    figure(t(plan.outcome), t("quality"), t("quality_of", {
      unmet_need: gapText(tier("unmet_need")), response_time: gapText(tier("response_time")) })));
  $("subtitle").textContent = t("subtitle", {
    incidents: incidents.length, assignments: number(plan.assignments.length),
    time: elapsedText(plan.elapsed_ms) });
  $("footer").textContent = t("footer", { version: plan.muster, scenario: plan.scenario.code });
}

/* ---- panel --------------------------------------------------------------------------- */

function openButton(incident) {
  const onclick = () => select(incident, { moveMap: true });
  return el("button", { type: "button", class: "open", onclick }, title(incident));
}

function severityRow(severity) {
  const group = incidents.filter((incident) => incident.severity === severity);
  const times = arrivals_s(severity);
  const cell = (text) => el("td", { class: "number" }, String(text));
  const count = (state) => cell(group.filter((incident) => incident.state === state).length);
  return group.length > 0 && el("tr", {}, el("th", { scope: "row" }, badge(severity)),
    count("met"), count("partly"), count("unmet"),
    cell(times.length ? minutesText(percentile(times, 50)) : t("none")));
}

function worstOff() {
  const list = incidents.filter((incident) => incident.short.length > 0)
    .sort((a, b) => rank(b.severity) - rank(a.severity) || a.share - b.share)
    .slice(0, 6);
  return list.length > 0 && [
    el("h3", {}, t("most_in_want")),
    el("ul", { class: "worst" }, list.map((incident) =>
      el("li", {}, openButton(incident), note(missingText(incident))))),
  ];
}

function overview() {
  const heads = ["", t("met"), t("partly"), t("nothing"), t("median")];
  return [
    el("h2", {}, t("overview")),
    el("table", { class: "overview" },
      el("thead", {}, el("tr", {}, heads.map((text) =>
        el("th", { scope: "col", class: "number" }, text)))),
      el("tbody", {}, SEVERITIES.map(severityRow))),
    worstOff(),
    note(t("overview_hint"), "hint"),
  ];
}

function needItem(need) {
  const amounts = t("sent_of", { sent: number(need.sent), asked: number(need.quantity) });
  return el("li", {},
    el("div", { class: "line" }, el("span", {}, kindName(need.kind)),
      el("span", { class: "note number" }, amounts)),
    bar(1 - need.missing / need.quantity),
    need.missing > 0 && el("p", { class: "missing" },
      t("missing_why", { n: number(need.missing), why: reasonText(need.reason) })));
}

function assignmentItem(assignment) {
  const km = assignment.distance_m / 1000;
  const facts = [
    t("missing_one", { n: number(assignment.quantity), kind: kindName(assignment.kind) }),
    t("km", { n: km < 9.95 ? km.toFixed(1) : Math.round(km) }),
    t("leaves_in", { time: minutesText(assignment.depart_s) }),
  ];
  const { vehicle } = assignment;
  if (vehicle) facts.push(t("brought_by", { vehicle: carriers.get(vehicle) || vehicle }));
  return el("li", { class: assignment.resource },
    el("span", { class: "eta" }, minutesText(assignment.eta_s)),
    el("div", {}, el("p", {}, assignment.name || assignment.code), note(facts.join(" · "))));
}

function details(incident) {
  const going = incident.assignments;
  const close = { type: "button", class: "quiet", "aria-label": t("back"),
                  onclick: () => select(null) };
  return [
    el("div", { class: "line" },
      el("p", {}, badge(incident.severity), " ", stateMark(incident.state)),
      el("button", close, t("close"))),
    el("h2", {}, title(incident)),
    note(t("incident_code", { code: incident.incident })),
    el("h3", {}, t("needs")),
    el("ul", { class: "needs" }, incident.needs.map(needItem)),
    el("h3", {}, t("on_the_way", { n: going.length })),
    going.length > 0 ? el("ol", { class: "assignments" }, going.map(assignmentItem))
                     : note(t("nobody")),
  ];
}

function showPanel() {
  const content = selected ? details(selected) : overview();
  $("panel").replaceChildren(...content.flat().filter(Boolean));
  $("panel").scrollTop = 0;
}

/* ---- tables -------------------------------------------------------------------------- */

/* Of equal severity, who has the least comes first. */
const severityColumn = (of) => ({
  title: t("severity"),
  key: (row) => 2 * rank(of(row).severity) - of(row).share,
  cell: (row) => badge(of(row).severity),
  first: "descending",
});

const timeColumn = (name, field) => ({
  title: name,
  key: (row) => row[field],
  cell: (row) => row[field] == null ? t("none") : minutesText(row[field]),
  numeric: true,
});

const numberColumn = (name, value) =>
  ({ title: name, key: value, cell: (row) => number(value(row)), numeric: true,
     first: "descending" });

const textColumn = (name, text) => ({ title: name, key: text, cell: text });

function incidentTable() {
  return new SortableTable($("incident-table"), [
    severityColumn((incident) => incident),
    { title: t("incident"), key: title, cell: (incident) =>
      [openButton(incident), el("span", { class: "code" }, incident.incident)] },
    { title: t("needs"), key: (incident) => incident.share, cell: (incident) =>
      [bar(incident.share), stateMark(incident.state)] },
    timeColumn(t("first_arrival"), "first_s"),
    timeColumn(t("last_arrival"), "last_s"),
    numberColumn(t("assignments"), (incident) => incident.assignments.length),
    { title: t("missing"), key: (incident) => incident.short.length, cell: missingText,
      first: "descending" },
  ], incidents, 0, (incident) => ({
    "data-incident": incident.incident,
    onmouseenter: () => hover(incident),
    onmouseleave: () => hover(null),
  }));
}

function showIncidents() {
  const table = incidentTable();
  for (const { row, line } of table.entries) row.line = line;
  const search = () => {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const count = table.filter((incident) => words.every((word) => incident.words.includes(word)));
    $("incident-count").textContent = words.length > 0
      ? t("some_of", { n: count, all: incidents.length }) : String(incidents.length);
  };
  $("search").addEventListener("input", search);
  search();
}

function showUnmet() {
  $("unmet-count").textContent = plan.unmet.length || t("every_met");
  if (plan.unmet.length === 0) return;
  const incident = (row) => incidentOf.get(row.incident);
  const asked = (row) => incident(row).needs.find((need) => need.kind === row.kind).quantity;
  new SortableTable($("unmet-table"), [
    severityColumn(incident),
    { title: t("incident"), key: (row) => title(incident(row)),
      cell: (row) => openButton(incident(row)) },
    textColumn(t("kind"), (row) => kindName(row.kind)),
    numberColumn(t("asked"), asked),
    numberColumn(t("missing"), (row) => row.quantity),
    textColumn(t("why"), (row) => reasonText(row.reason)),
  ], plan.unmet, 0);
}

function showKinds() {
  const rows = plan.kinds.map((kind) => {
    const needs = plan.needs.filter((need) => need.kind === kind.kind);
    return { ...kind, asked: total(needs, "quantity"), sent: total(needs, "sent"),
             missing: total(needs, "missing") };
  }).filter((row) => row.asked > 0 || row.free > 0);
  new SortableTable($("kind-table"), [
    textColumn(t("kind"), (row) => row.name || row.kind),
    textColumn(t("resource"), (row) => t(`resource.${row.resource}`)),
    numberColumn(t("asked"), (row) => row.asked),
    numberColumn(t("sent"), (row) => row.sent),
    numberColumn(t("missing"), (row) => row.missing),
    numberColumn(t("still_free"), (row) => row.free),
  ], rows, 4);
}

function showCharts() {
  const minutes = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, arrivals_s(severity).map((time) => time / 60)]));
  const present = SEVERITIES.filter((severity) => minutes[severity].length > 0);
  const chart = (caption, drawing) => el("figure", {}, el("figcaption", {}, caption), drawing);
  if (present.length === 0) {
    $("charts").append(note(t("nobody_coming")));
    return;
  }
  $("charts").append(
    chart(t("histogram"), histogram(minutes, present)),
    chart(t("cumulative"), cumulative(minutes, present)),
    el("p", { class: "chart-legend" }, present.map(badge)));
}

showTexts();
showFigures();
showChanges();
showMap();
showPanel();
showIncidents();
showCharts();
showUnmet();
showKinds();
