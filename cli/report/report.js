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
    return needs.length > 0 && el("div", {}, el("dt", {}, resource),
      el("dd", {}, bar(share), el("span", { class: "share" }, percent(share))));
  });
  return el("div", { class: "figure wide" }, el("dl", { class: "shares" }, lines),
    el("p", { class: "label" }, "of what was asked for"));
}

function elapsedText(ms) {
  return ms < 100 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function showFigures() {
  const count = (state) => incidents.filter((incident) => incident.state === state).length;
  const times = arrivals_s(), { free } = plan;
  const tier = (name) => plan.tiers.find((t) => t.name === name);
  const by = (rank) => minutesText(percentile(times, rank));
  $("figures").append(
    figure(`${count("met")} of ${incidents.length}`, "incidents fully met",
      `${count("partly")} partly, ${count("unmet")} not at all`),
    sharesFigure(),
    figure(times.length ? by(50) : "none", "median arrival",
      times.length > 0 && `90% by ${by(90)}, last ${by(100)}`),
    figure(number(free.people), "people still free", `${number(free.teams)} teams, ` +
      `${number(free.vehicles)} vehicles, ${number(free.machines)} machines`),
    figure(plan.outcome === "optimal" ? "Optimal" : "Feasible", "plan quality",
      `Unmet need: ${gapText(tier("unmet_need"))}. ` +
        `Response time: ${gapText(tier("response_time"))}.`));
  $("subtitle").textContent = `Dispatch plan for ${incidents.length} incidents: ` +
    `${number(plan.assignments.length)} assignments, ` +
    `planned in ${elapsedText(plan.elapsed_ms)}`;
  $("footer").textContent = `Made by muster ${plan.muster} from scenario ` +
    `${plan.scenario.code}. The page works without a network.`;
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
    cell(times.length ? minutesText(percentile(times, 50)) : "none"));
}

function worstOff() {
  const list = incidents.filter((incident) => incident.short.length > 0)
    .sort((a, b) => rank(b.severity) - rank(a.severity) || a.share - b.share)
    .slice(0, 6);
  return list.length > 0 && [
    el("h3", {}, "Most in want"),
    el("ul", { class: "worst" }, list.map((incident) =>
      el("li", {}, openButton(incident), note(missingText(incident))))),
  ];
}

function overview() {
  const heads = ["", "met", "partly", "none", "median"];
  return [
    el("h2", {}, "Overview"),
    el("table", { class: "overview" },
      el("thead", {}, el("tr", {}, heads.map((text) =>
        el("th", { scope: "col", class: "number" }, text)))),
      el("tbody", {}, SEVERITIES.map(severityRow))),
    worstOff(),
    note("Choose an incident, on the map or in a list, to see who goes there.", "hint"),
  ];
}

function needItem(need) {
  const amounts = `${number(need.sent)} sent, ${number(need.quantity)} asked`;
  return el("li", {},
    el("div", { class: "line" }, el("span", {}, kindName(need.kind)),
      el("span", { class: "note number" }, amounts)),
    bar(1 - need.missing / need.quantity),
    need.missing > 0 && el("p", { class: "missing" },
      `${number(need.missing)} missing: ${REASON_TEXT[need.reason]}`));
}

function assignmentItem(assignment) {
  const km = assignment.distance_m / 1000;
  const facts = [
    `${number(assignment.quantity)} ${kindName(assignment.kind)}`,
    `${km < 9.95 ? km.toFixed(1) : Math.round(km)} km`,
    `leaves in ${minutesText(assignment.depart_s)}`,
  ];
  const { vehicle } = assignment;
  if (vehicle) facts.push(`brought by ${carriers.get(vehicle) || vehicle}`);
  return el("li", { class: assignment.resource },
    el("span", { class: "eta" }, minutesText(assignment.eta_s)),
    el("div", {}, el("p", {}, assignment.name || assignment.code), note(facts.join(" · "))));
}

function details(incident) {
  const going = incident.assignments;
  const close = { type: "button", class: "quiet", "aria-label": "Back to the overview",
                  onclick: () => select(null) };
  return [
    el("div", { class: "line" },
      el("p", {}, badge(incident.severity), " ", stateMark(incident.state)),
      el("button", close, "Close")),
    el("h2", {}, title(incident)),
    note(`Incident ${incident.incident}`),
    el("h3", {}, "Needs"),
    el("ul", { class: "needs" }, incident.needs.map(needItem)),
    el("h3", {}, `On the way (${going.length})`),
    going.length > 0 ? el("ol", { class: "assignments" }, going.map(assignmentItem))
                     : note("Nobody and nothing."),
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
  title: "Severity",
  key: (row) => 2 * rank(of(row).severity) - of(row).share,
  cell: (row) => badge(of(row).severity),
  first: "descending",
});

const timeColumn = (name, field) => ({
  title: name,
  key: (row) => row[field],
  cell: (row) => row[field] == null ? "none" : minutesText(row[field]),
  numeric: true,
});

const numberColumn = (name, value) =>
  ({ title: name, key: value, cell: (row) => number(value(row)), numeric: true,
     first: "descending" });

const textColumn = (name, text) => ({ title: name, key: text, cell: text });

function incidentTable() {
  return new SortableTable($("incident-table"), [
    severityColumn((incident) => incident),
    { title: "Incident", key: title, cell: (incident) =>
      [openButton(incident), el("span", { class: "code" }, incident.incident)] },
    { title: "Needs", key: (incident) => incident.share, cell: (incident) =>
      [bar(incident.share), stateMark(incident.state)] },
    timeColumn("First arrival", "first_s"),
    timeColumn("Last arrival", "last_s"),
    numberColumn("Assignments", (incident) => incident.assignments.length),
    { title: "Missing", key: (incident) => incident.short.length, cell: missingText,
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
    $("incident-count").textContent = words.length > 0 ? `${count} of ${incidents.length}`
                                                       : String(incidents.length);
  };
  $("search").addEventListener("input", search);
  search();
}

function showUnmet() {
  $("unmet-count").textContent = plan.unmet.length || "Every need is met.";
  if (plan.unmet.length === 0) return;
  const incident = (row) => incidentOf.get(row.incident);
  const asked = (row) => incident(row).needs.find((need) => need.kind === row.kind).quantity;
  new SortableTable($("unmet-table"), [
    severityColumn(incident),
    { title: "Incident", key: (row) => title(incident(row)),
      cell: (row) => openButton(incident(row)) },
    textColumn("Kind", (row) => kindName(row.kind)),
    numberColumn("Asked", asked),
    numberColumn("Missing", (row) => row.quantity),
    textColumn("Why", (row) => REASON_TEXT[row.reason]),
  ], plan.unmet, 0);
}

function showKinds() {
  const rows = plan.kinds.map((kind) => {
    const needs = plan.needs.filter((need) => need.kind === kind.kind);
    return { ...kind, asked: total(needs, "quantity"), sent: total(needs, "sent"),
             missing: total(needs, "missing") };
  }).filter((row) => row.asked > 0 || row.free > 0);
  new SortableTable($("kind-table"), [
    textColumn("Kind", (row) => row.name || row.kind),
    textColumn("Resource", (row) => row.resource),
    numberColumn("Asked", (row) => row.asked),
    numberColumn("Sent", (row) => row.sent),
    numberColumn("Missing", (row) => row.missing),
    numberColumn("Still free", (row) => row.free),
  ], rows, 4);
}

function showCharts() {
  const minutes = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, arrivals_s(severity).map((time) => time / 60)]));
  const present = SEVERITIES.filter((severity) => minutes[severity].length > 0);
  const chart = (caption, drawing) => el("figure", {}, el("figcaption", {}, caption), drawing);
  if (present.length === 0) {
    $("charts").append(note("Nobody is on the way."));
    return;
  }
  $("charts").append(
    chart("How many arrive when", histogram(minutes, present)),
    chart("What share has arrived by then", cumulative(minutes, present)),
    el("p", { class: "chart-legend" }, present.map(badge)));
}

showFigures();
showMap();
showPanel();
showIncidents();
showCharts();
showUnmet();
showKinds();
