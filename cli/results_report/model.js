/* What the results say (docs/report.md), as objects that know each other, and the words for it. */

const run = data.run;
const policies = run.policies.map(({ name }) => name);
const SEVERITIES = ["extreme", "severe", "moderate", "minor"]; // the worst first
const RESOURCES = ["people", "vehicle", "machine", "item"];

/* ---- words --------------------------------------------------------------------------- */

/* Codes whose names run.json tells. */
const namesOf = (list) => new Map((Array.isArray(list) ? list : []).filter(({ name }) => name)
  .map(({ code, name }) => [code, name]));
const names = { kind: namesOf(run.kinds), authority: namesOf(run.authorities) };

/* Words of the data that have a translation, as "severity.extreme", or a name; others are shown as they are. */
const word = (group, value) => data.text[`${group}.${value}`] ?? names[group]?.get(value) ?? String(value);

const decimal = (value, digits) => value.toLocaleString(isChinese ? "zh-CN" : "en",
  { minimumFractionDigits: digits, maximumFractionDigits: digits });

/* Three digits or so, as many decimals as `scale` has sense for. */
function amount(value, scale = value) {
  if (value == null) return "–";
  const size = Math.abs(scale), digits = size >= 99.5 ? 0 : size >= 9.95 ? 1 : 2;
  return decimal(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value, digits);
}

/* What people have set: 10, not 10.0. */
const round = (value) => Number.isInteger(value) ? decimal(value, 0) : amount(value);
const whole = (value) => value == null ? "–" : decimal(value, 0);
const minutes = (value) => value == null ? "–" : t("minutes", { n: amount(value) });
const percent = (value) => value == null ? "–" : t("percent", { n: amount(value, 50) });
const share = (part, of) => percent(of > 0 ? 100 * part / of : null);

/* ---- time ---------------------------------------------------------------------------- */

/* start_at has the offset of the place, or Z: clocks are shown as they are there. One with neither is of no
 * place: browsers take it for their own. */
const start = {
  at: /(Z|[+-]\d\d:?\d\d)$/.test(run.scenario.start_at) ? Date.parse(run.scenario.start_at) : NaN,
  offset: (/([+-])(\d\d):?(\d\d)$/.exec(run.scenario.start_at) || []).slice(1),
};
const offset_ms = start.offset.length === 0 ? 0
  : (start.offset[0] === "-" ? -1 : 1) * (60 * start.offset[1] + Number(start.offset[2])) * 60000;
const zone = start.offset.length === 0 ? "UTC" : `UTC${start.offset[0]}${start.offset[1]}:${start.offset[2]}`;
const LENGTH = run.scenario.length_ms;

const twoDigits = (value) => String(value).padStart(2, "0");

/* "07-01 14:30", or how long after the start where it is not told when that was. */
function clock(ms) {
  if (!Number.isFinite(start.at)) return elapsed(ms);
  return new Date(start.at + ms + offset_ms).toISOString().slice(5, 16).replace("T", " ");
}

/* "6:05": hours and minutes. */
function elapsed(ms) {
  const minute = Math.round(ms / 60000);
  return `${Math.floor(minute / 60)}:${twoDigits(minute % 60)}`;
}

/* ---- rows ---------------------------------------------------------------------------- */

const objects = ({ columns, rows }) =>
  rows.map((row) => Object.fromEntries(columns.map((name, c) => [name, row[c]])));

const byPolicy = (rows) => policies.map((_, p) => rows.filter(({ policy }) => policy === p));

const incidentsOf = byPolicy(objects(data.incidents));
const ordersOf = byPolicy(objects(data.orders));
const seriesOf = byPolicy(objects(data.series));
const stockOf = byPolicy(objects(data.stock));
const pricesOf = byPolicy(objects(data.prices));
const explanationsOf = byPolicy(objects(data.explanations));
const movesOf = byPolicy(data.moves.moves.map((move, line) => ({ ...move, line })));
const incidentNamed = policies.map((_, p) =>
  new Map(incidentsOf[p].map((incident) => [incident.incident, incident])));

const titleOf = ({ name, incident }) => name || incident;

/* The last of `rows` (by time_ms) that is not after the moment. */
function lastBefore(rows, ms) {
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].time_ms <= ms) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}

/* The first of `rows` (by time_ms) that is not before the moment, or else the last. */
function firstFrom(rows, ms) {
  return rows.find((row) => row.time_ms >= ms) || rows.at(-1);
}

/* What state an incident is in; null: nobody knows of it yet. */
function stateAt(incident, ms) {
  const is = (moment) => moment != null && moment <= ms;
  if (!is(incident.reported_ms)) return null;
  if (is(incident.closed_ms)) return "closed";
  if (is(incident.met_ms)) return "met";
  if (is(incident.first_on_scene_ms)) return "attended";
  const waited = ms - incident.reported_ms;
  return incident.standard_ms > 0 && waited > incident.standard_ms ? "late" : "waiting";
}

const STATES = ["late", "waiting", "attended", "met", "closed"]; // the worst first

/* The policy that the map, the units and the stock are shown of. */
let shownPolicy = policies.length - 1;
