/* What the plan changes of an earlier one: there is nothing of it on the page where there was none. */

/* With one decimal, as the sentences have it: a change may be of less than a minute. */
const exactMinutes = (seconds) => t("minutes", { n: (seconds / 60).toFixed(1) });

function unitCell(change) {
  return change.name ? [change.name, el("span", { class: "code" }, change.code)] : change.code;
}

/* An incident that is closed is not on the map, so it cannot be opened. */
function serviceCell(service, closedName) {
  if (!service) return t("nowhere");
  const incident = incidentOf.get(service.incident), { vehicle } = service;
  const facts = [t("missing_one", { n: number(service.quantity), kind: nameOfKind(service.kind) })];
  if (vehicle) facts.push(t("brought_by", { vehicle: carriers.get(vehicle) || vehicle }));
  return [incident ? openButton(incident) : closedName || service.incident, note(facts.join(" · "))];
}

/* Of a kind that is no longer asked for the scenario may know nothing. */
const nameOfKind = (code) => kinds.has(code) ? kindName(code) : code;

const serviceName = (service, closedName) => {
  const incident = service && incidentOf.get(service.incident);
  return incident ? title(incident) : service && (closedName || service.incident);
};

const arrivalColumn = (name, side) => ({
  title: name,
  key: (row) => row[side]?.eta_s,
  cell: (row) => row[side] ? exactMinutes(row[side].eta_s) : t("none"),
  numeric: true,
});

function showChanges() {
  if (!plan.changes) {
    $("changes-block").remove();
    return;
  }
  const rows = plan.changes.map((change, c) =>
    ({ ...change, name: data.change_names[c].unit, closed: data.change_names[c].incident_before, at: c }));
  $("change-count").textContent = rows.length || t("nothing_changes");
  if (rows.length === 0) {
    $("change-note").remove();
    $("change-table").parentElement.remove();
    return;
  }
  new SortableTable($("change-table"), [
    { title: t("unit"), key: (row) => row.at, cell: unitCell },
    { title: t("from"), key: (row) => serviceName(row.before, row.closed),
      cell: (row) => serviceCell(row.before, row.closed) },
    { title: t("to"), key: (row) => serviceName(row.now), cell: (row) => serviceCell(row.now) },
    arrivalColumn(t("arrival_before"), "before"),
    arrivalColumn(t("arrival_now"), "now"),
    textColumn(t("change_why"), (row) => row.text),
  ], rows, 0);
}
