"""From DataFrames to the library's rows: columns are checked here, sense by the library."""

import numpy as np
import pandas

from muster._errors import InvalidError
from muster._memory import encoded, plain
from muster._native import ffi, lib
from muster._places import lon_lat

MOST_MS = lib.MUSTER_UNREACHABLE_MS - 1
SEVERITIES = tuple(ffi.string(lib.muster_severity_name(i)).decode() for i in range(lib.MUSTER_SEVERITY_COUNT))
RESOURCES = tuple(ffi.string(lib.muster_resource_name(i)).decode() for i in range(lib.MUSTER_RESOURCE_COUNT))


class _Table:
    """One frame: its columns by name, with errors that say frame, column and row."""

    def __init__(self, frame, name):
        self.frame = pandas.DataFrame() if frame is None else frame
        self.name, self.count = name, len(self.frame)

    def error(self, column, row, expected):
        value, label = plain(self.frame[column].iloc[row]), plain(self.frame.index[row])
        return InvalidError(f"{self.name}: column {column} has {value!r} in row {label!r}; expected {expected}")

    def column(self, name):
        if self.count and name not in self.frame.columns:
            raise InvalidError(f"{self.name} has no column {name}; it has {', '.join(map(str, self.frame.columns))}")
        return self.frame[name] if self.count else pandas.Series([], dtype=object)

    def _has(self, name):
        return name in self.frame.columns

    def texts(self, name, unique=False):
        values = self.column(name)
        wrong = np.flatnonzero(values.isna().to_numpy() | (values.astype(str).str.len() == 0).to_numpy())
        if wrong.size:
            raise self.error(name, wrong[0], "a text")
        values = values.astype(str)
        if unique:
            twice = np.flatnonzero(values.duplicated().to_numpy())
            if twice.size:
                raise self.error(name, twice[0], "each once")
        return values.tolist()

    def optional_texts(self, name):
        if not self._has(name):
            return [None] * self.count
        return [None if pandas.isna(value) else str(value) for value in self.frame[name]]

    def numbers(self, name, least, most, default=None, is_whole=True):
        """Values between two limits. A default is for a column that is not there, and for gaps in it."""
        if default is not None and not self._has(name):
            return [default] * self.count
        values = pandas.to_numeric(self.column(name), errors="coerce")
        gaps = self.column(name).isna().to_numpy()
        floats = values.to_numpy(np.float64, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            is_wrong = ~((floats >= least) & (floats <= most))
            if is_whole:
                is_wrong |= floats != np.floor(floats)
        if default is not None:
            is_wrong &= ~gaps
        wrong = np.flatnonzero(is_wrong)
        if wrong.size:
            raise self.error(name, wrong[0], f"{'a whole number' if is_whole else 'a number'} from {least} to {most}")
        found = [int(value) if is_whole else float(value) for value in np.where(gaps, 0, floats)]
        return [default if gap else value for value, gap in zip(found, gaps)] if gaps.any() else found

    def milliseconds(self, name, default=0):
        seconds = self.numbers(name, 0, MOST_MS / 1000, default=default, is_whole=False)
        return [round(1000 * value) for value in seconds]

    def indices(self, name, number, what):
        """Numbers of what the texts name."""
        found = []
        for row, value in enumerate(self.texts(name)):
            if value not in number:
                raise self.error(name, row, f"one of the {what}" + (f": {', '.join(number)}" if len(number) < 20 else ""))
            found.append(number[value])
        return found

    def places(self):
        if self.count == 0:
            return [], []
        lon, lat = lon_lat(self.frame, self.name)
        for name, values, most in (("longitude", lon, 180), ("latitude", lat, 90)):
            wrong = np.flatnonzero(~(np.abs(values) <= most))
            if wrong.size:
                raise InvalidError(f"{self.name}: the {name} is {plain(values[wrong[0]])!r} in row "
                                   f"{plain(self.frame.index[wrong[0]])!r}; expected -{most} to {most}")
        return lon.tolist(), lat.tolist()


class _Builder:
    """The problem's C arrays, with all that they point to."""

    def __init__(self):
        self.kept = []

    def keep(self, value):
        self.kept.append(value)
        return value

    def text(self, value):
        return ffi.NULL if value is None else self.keep(ffi.new("char[]", encoded(value)))

    def rows(self, kind, count):
        return self.keep(ffi.new(f"{kind}[]", max(count, 1)))

    def units(self, table, rows, profile_number):
        """Fill in `unit` of each row."""
        code = table.texts("code", unique=table.name != "stocks")
        name, metric = table.optional_texts("name"), table.indices("profile", profile_number, "metrics")
        lon, lat = table.places()
        turnout = "loading_s" if table.name == "stocks" else "turnout_s"
        times = {field: table.milliseconds(column) for field, column in (
            ("turnout_ms", turnout), ("available_ms", "ready_s"), ("shift_end_ms", "shift_end_s"),
            ("duty_ms", "duty_s"))}
        for i in range(table.count):
            unit = rows[i].unit
            unit.code, unit.name, unit.metric = self.text(code[i]), self.text(name[i]), metric[i]
            unit.site.lon_deg, unit.site.lat_deg = lon[i], lat[i]
            unit.authority = lib.MUSTER_NONE
            for field, values in times.items():
                setattr(unit, field, values[i])


def _kinds(builder, table):
    code, name = table.texts("code", unique=True), table.optional_texts("name")
    resource = table.indices("resource", {word: i for i, word in enumerate(RESOURCES)}, "resources")
    mass_kg = table.numbers("mass_kg", 0, 1e6, default=0.0, is_whole=False)
    volume_m3 = table.numbers("volume_m3", 0, 1e3, default=0.0, is_whole=False)
    rows = builder.rows("muster_kind", table.count)
    for i in range(table.count):
        rows[i].code, rows[i].name, rows[i].resource = builder.text(code[i]), builder.text(name[i]), resource[i]
        rows[i].mass_kg, rows[i].volume_m3 = mass_kg[i], volume_m3[i]
    return rows, {word: i for i, word in enumerate(code)}


def _teams(builder, table, profile_number, kind_number):
    rows = builder.rows("muster_team", table.count)
    builder.units(table, rows, profile_number)
    people = table.numbers("people", 1, 10**9)
    grade = table.numbers("grade", 0, 2**31, default=0)
    for i, words in enumerate(table.column("capabilities")):
        words = [words] if isinstance(words, str) else words
        if not hasattr(words, "__iter__") or any(word not in kind_number for word in words):
            raise table.error("capabilities", i, "a list of kinds of people")
        numbers = builder.keep(ffi.new("uint32_t[]", [kind_number[word] for word in words]))
        rows[i].people, rows[i].grade = people[i], grade[i]
        rows[i].capability, rows[i].capability_count = numbers, len(words)
    return rows


def _counted(builder, table, kind, amounts, profile_number, kind_number):
    """Vehicles, machines and stocks; amounts: {field: (least, most, default, is_whole)}"""
    rows = builder.rows(kind, table.count)
    builder.units(table, rows, profile_number)
    number = table.indices("kind", kind_number, "kinds")
    values = {field: table.numbers(field, *limits) for field, limits in amounts.items()}
    for i in range(table.count):
        rows[i].kind = number[i]
        for field, column in values.items():
            setattr(rows[i], field, column[i])
    return rows


def _incidents(builder, table):
    code, name = table.texts("code", unique=True), table.optional_texts("name")
    severity = table.indices("severity", {word: i for i, word in enumerate(SEVERITIES)}, "severities")
    deadline_ms, on_scene_ms = table.milliseconds("deadline_s"), table.milliseconds("on_scene_s")
    all_or_nothing = table.numbers("all_or_nothing", 0, 1, default=0)
    lon, lat = table.places()
    rows = builder.rows("muster_incident", table.count)
    for i in range(table.count):
        row = rows[i]
        row.code, row.name, row.severity = builder.text(code[i]), builder.text(name[i]), severity[i]
        row.site.lon_deg, row.site.lat_deg = lon[i], lat[i]
        row.deadline_ms, row.on_scene_ms, row.all_or_nothing = deadline_ms[i], on_scene_ms[i], all_or_nothing[i]
        row.authority = lib.MUSTER_NONE
    return rows, {word: i for i, word in enumerate(code)}


def _needs(builder, table, incident_number, kind_number):
    incident = table.indices("incident", incident_number, "incidents")
    kind = table.indices("kind", kind_number, "kinds")
    quantity = table.numbers("quantity", 1, 10**9)
    minimum = table.numbers("minimum", 0, 10**9, default=0)
    grade = table.numbers("grade", 0, 2**31, default=0)
    rows = builder.rows("muster_need", table.count)
    for i in range(table.count):
        rows[i].incident, rows[i].kind, rows[i].quantity = incident[i], kind[i], quantity[i]
        rows[i].minimum, rows[i].grade = minimum[i], grade[i]
    return rows


def build(cls, metrics, kinds, incidents, needs, teams, vehicles, machines, stocks, by_vehicle):
    builder = _Builder()
    builder.keep(metrics := dict(metrics))
    profile_number = {name: i for i, name in enumerate(metrics)}
    tables = {name: _Table(frame, name) for name, frame in (
        ("kinds", kinds), ("teams", teams), ("vehicles", vehicles), ("machines", machines), ("stocks", stocks),
        ("incidents", incidents), ("needs", needs))}
    data = builder.keep(ffi.new("muster_problem *", lib.muster_py_new_problem()))
    data.metric_count = len(metrics)
    data.metric = builder.keep(ffi.new("const muster_metric *[]", [metric._pointer for metric in metrics.values()]))
    data.kind, kind_number = _kinds(builder, tables["kinds"])
    data.team = _teams(builder, tables["teams"], profile_number, kind_number)
    data.vehicle = _counted(builder, tables["vehicles"], "muster_vehicle",
                            {"payload_kg": (0, 1e9, 0.0, False), "volume_m3": (0, 1e6, 0.0, False)},
                            profile_number, kind_number)
    data.machine = _counted(builder, tables["machines"], "muster_machine", {"count": (0, 10**9)},
                            profile_number, kind_number)
    data.stock = _counted(builder, tables["stocks"], "muster_stock", {"quantity": (0, 10**9)},
                          profile_number, kind_number)
    data.incident, incident_number = _incidents(builder, tables["incidents"])
    data.need = _needs(builder, tables["needs"], incident_number, kind_number)
    for field, name in (("kind", "kinds"), ("team", "teams"), ("vehicle", "vehicles"), ("machine", "machines"),
                        ("stock", "stocks"), ("incident", "incidents"), ("need", "needs")):
        setattr(data, f"{field}_count", tables[name].count)
    data.item_transport = lib.MUSTER_ITEMS_BY_VEHICLE if by_vehicle else lib.MUSTER_ITEMS_BY_THEMSELVES
    problem = cls(data, builder.kept)
    problem.check()
    return problem
