/* What the plan says (docs/cli.md), as objects that know each other, and the words for it. */

const plan = data.plan;

const SEVERITIES = ["extreme", "severe", "moderate", "minor"]; // the worst first
const RESOURCES = ["people", "vehicle", "machine", "item"];
const stateText = (state) => t(`state.${state}`);
const severityText = (severity) => t(`severity.${severity}`);
const reasonText = (reason) => t(`reason.${reason}`);

// What a vehicle on a shipment is called, by its code.
const carriers = new Map(plan.shipments.map((ship) => [ship.vehicle, ship.vehicle_name]));
const kinds = new Map(plan.kinds.map((kind) => [kind.kind, kind]));
const kindName = (code) => kinds.get(code).name || code;
const incidents = plan.incidents.map((incident) => ({ ...incident, needs: [], assignments: [] }));
const incidentOf = new Map(incidents.map((incident) => [incident.incident, incident]));
const title = (incident) => incident.name || incident.incident;
const rank = (severity) => SEVERITIES.length - SEVERITIES.indexOf(severity);
const total = (rows, field) => rows.reduce((sum, row) => sum + row[field], 0);

for (const need of plan.needs) incidentOf.get(need.incident).needs.push({ ...need });
for (const { incident, kind, reason } of plan.unmet) {
  incidentOf.get(incident).needs.find((need) => need.kind === kind).reason = reason;
}
plan.assignments.forEach((assignment, a) => {
  const { of_assignment, start } = data.routes;
  incidentOf.get(assignment.incident).assignments.push(
    { ...assignment, line: of_assignment[a], start: start[a] });
});

/* What of the needs is met, from 0 to 1; each counts alike, as in the plan's first tier. */
function shareMet(needs) {
  return needs.reduce((sum, need) => sum + 1 - need.missing / need.quantity, 0) / needs.length;
}

for (const incident of incidents) {
  incident.assignments.sort((a, b) => a.eta_s - b.eta_s);
  incident.first_s = incident.assignments.at(0)?.eta_s;
  incident.last_s = incident.assignments.at(-1)?.eta_s;
  incident.short = incident.needs.filter((need) => need.missing > 0);
  incident.share = shareMet(incident.needs);
  incident.words = [
    title(incident), incident.incident, severityText(incident.severity), stateText(incident.state),
    ...incident.needs.map((need) => kindName(need.kind)),
  ].join("\n").toLowerCase();
}

/* Arrival times in rising order, of one severity or of all. */
function arrivals_s(severity) {
  return plan.assignments
    .filter((a) => !severity || incidentOf.get(a.incident).severity === severity)
    .map((a) => a.eta_s)
    .sort((a, b) => a - b);
}

/* ---- pieces of the page -------------------------------------------------------------- */

const note = (text, more = "") => el("p", { class: `note ${more}` }, text);
const badge = (severity) => el("span", { class: `badge ${severity}` }, severityText(severity));
const stateMark = (state) => el("span", { class: `state ${state}` }, stateText(state));

function percent(share) {
  const text = share === 1 ? "100" : Math.min(99.9, 100 * share).toFixed(1);
  return `${text.replace(/\.0$/, "")}%`;
}

function bar(share) {
  return el("span", { class: "bar", role: "img", "aria-label": t("share_met", { share: percent(share) }) },
    el("span", { style: `width:${(100 * share).toFixed(1)}%` }));
}

/* "2 pumps, 1 bus": what an incident lacks. */
function missingText(incident) {
  return incident.short
    .map((need) => t("missing_one", { n: number(need.missing), kind: kindName(need.kind) }))
    .join(t("between"));
}

function gapText({ gap }) {
  if (gap === null) return t("no_bound");
  return gap === 0 ? t("proven") : t("gap", { n: (100 * gap).toFixed(2) });
}
