"""From DataFrames to the library's rows: columns are checked here, sense by the library.

A table of the library's is an array of structs. Each is filled in by columns, with numpy, in the memory that the
library reads: a problem of some thousand rows is made in the time that its columns take to be read."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np
import pandas

from muster._columns import Table, first
from muster._memory import pointer_to
from muster._names import LEVELS, RESOURCES, RULES, SEVERITIES, WEIGHTS
from muster._native import ffi, lib
from muster._structs import layout

if TYPE_CHECKING:
    from muster._native import CData
    from muster._types import Frame, Integers, Mask, Rows
    from muster.metric import Metric

NONE = lib.MUSTER_NONE
MOST_MS = lib.MUSTER_UNREACHABLE_MS - 1
MOST = 10**9  # MUSTER_MAX_QUANTITY
MOST_GRADE = 2**31

Number = dict[str, int]
"""Numbers of what is named."""


Kept = TypeVar("Kept")


class _Builder:
    """The library's rows, with all that they point to."""

    def __init__(self) -> None:
        self.kept: list[Any] = []

    def keep(self, value: Kept) -> Kept:
        self.kept.append(value)
        return value

    def rows(self, kind: str, table: Table) -> Rows:
        return self.keep(np.zeros(max(table.count, 1), layout(kind)))[:table.count]

    def texts(self, table: Table, column: str, values: list[str] | list[str | None]) -> Rows:
        """Addresses of texts, which lie one after the other; 0 for None."""
        if not values:
            return np.empty(0, np.uintp)
        has_gaps = None in values
        filled = [value or "" for value in values] if has_gaps else cast("list[str]", values)
        try:
            packed = self.keep(np.frombuffer("\0".join([*filled, ""]).encode(), np.uint8))
        except UnicodeEncodeError:
            raise table.error(column, _first_not_unicode(filled), "Unicode") from None
        starts = np.concatenate(([0], np.flatnonzero(packed == 0)[:-1] + 1))
        addresses = (packed.ctypes.data + starts).astype(np.uintp)
        if has_gaps:
            addresses[[value is None for value in values]] = 0
        return addresses

    def codes(self, table: Table, rows: Rows, *, is_unique: bool = True) -> Number:
        """Fill in `code` and `name`."""
        codes = table.texts("code", is_unique=is_unique)
        rows["code"] = self.texts(table, "code", codes)
        if "name" in (rows.dtype.names or ()):
            rows["name"] = self.texts(table, "name", table.optional_texts("name"))
        return dict(zip(codes, itertools.count()))

    def units(self, table: Table, rows: Rows, number: _Numbers) -> Number:
        """Fill in `unit`."""
        unit, is_stock = rows["unit"], table.name == "stocks"
        codes = self.codes(table, unit, is_unique=not is_stock)
        unit["metric"] = table.indices("profile", number.metric, "metrics")
        unit["site"]["lon_deg"], unit["site"]["lat_deg"] = table.places()
        unit["authority"] = table.optional_indices("authority", number.authority, "authorities", NONE)
        for field, column in (("turnout_ms", "loading_s" if is_stock else "turnout_s"), ("available_ms", "ready_s"),
                              ("shift_end_ms", "shift_end_s"), ("duty_ms", "duty_s")):
            unit[field] = table.milliseconds(column, MOST_MS)
        return codes


class _Numbers(NamedTuple):
    """Numbers of what other rows name."""

    metric: Number
    authority: Number
    kind: tuple[Number, ...]
    """By resource."""

    @property
    def any_kind(self) -> Number:
        return {code: i for numbers in self.kind for code, i in numbers.items()}


def _first_not_unicode(values: list[str]) -> int:
    for row, value in enumerate(values):
        try:
            value.encode()
        except UnicodeEncodeError:
            return row
    return 0


def _by_name(names: tuple[str, ...]) -> Number:
    return {name: i for i, name in enumerate(names)}


# ---- what there is -----------------------------------------------------------------------

def _authorities(builder: _Builder, table: Table) -> tuple[Rows, Number]:
    rows = builder.rows("muster_authority", table)
    number = builder.codes(table, rows)
    rows["level"] = table.indices("level", _by_name(LEVELS), "levels")
    rows["parent"] = table.optional_indices("parent", number, "authorities", NONE)
    return rows, number


def _kinds(builder: _Builder, table: Table) -> tuple[Rows, tuple[Number, ...]]:
    rows = builder.rows("muster_kind", table)
    number = builder.codes(table, rows)
    rows["resource"] = table.indices("resource", _by_name(RESOURCES), "resources")
    rows["mass_kg"] = table.numbers("mass_kg", 0, 1e6, default=0, is_whole=False)
    rows["volume_m3"] = table.numbers("volume_m3", 0, 1e3, default=0, is_whole=False)
    by_resource: tuple[Number, ...] = tuple({} for _ in RESOURCES)
    for (code, i), resource in zip(number.items(), rows["resource"].tolist()):
        by_resource[resource][code] = i
    rows["operator_count"] = table.numbers("operator_count", 0, MOST, default=0)
    rows["operator_kind"] = table.optional_indices("operator_kind", by_resource[lib.MUSTER_PEOPLE], "kinds of people",
                                                   NONE)
    return rows, by_resource


def _teams(builder: _Builder, table: Table, number: _Numbers) -> tuple[Rows, Number]:
    rows = builder.rows("muster_team", table)
    codes = builder.units(table, rows, number)
    rows["people"] = table.numbers("people", 1, MOST)
    rows["grade"] = table.numbers("grade", 0, MOST_GRADE, default=0)
    kinds, counts = table.lists("capabilities", number.kind[lib.MUSTER_PEOPLE], "kinds of people")
    builder.keep(kinds)
    rows["capability_count"] = counts
    rows["capability"] = kinds.ctypes.data + kinds.itemsize * (np.cumsum(counts) - counts)
    return rows, codes


def _vehicles(builder: _Builder, table: Table, number: _Numbers) -> tuple[Rows, Number]:
    rows = builder.rows("muster_vehicle", table)
    codes = builder.units(table, rows, number)
    rows["kind"] = table.indices("kind", number.kind[lib.MUSTER_VEHICLE], "kinds of vehicle")
    rows["payload_kg"] = table.numbers("payload_kg", 0, 1e9, default=0, is_whole=False)
    rows["volume_m3"] = table.numbers("volume_m3", 0, 1e6, default=0, is_whole=False)
    return rows, codes


def _machines(builder: _Builder, table: Table, number: _Numbers) -> tuple[Rows, Number]:
    rows = builder.rows("muster_machine", table)
    codes = builder.units(table, rows, number)
    rows["kind"] = table.indices("kind", number.kind[lib.MUSTER_MACHINE], "kinds of machine")
    rows["count"] = table.numbers("count", 0, MOST)
    return rows, codes


def _stocks(builder: _Builder, table: Table, number: _Numbers) -> Rows:
    rows = builder.rows("muster_stock", table)
    builder.units(table, rows, number)
    rows["kind"] = table.indices("kind", number.kind[lib.MUSTER_ITEM], "kinds of item")
    rows["quantity"] = table.numbers("quantity", 0, MOST)
    return rows


# ---- what is needed ----------------------------------------------------------------------

def _incidents(builder: _Builder, table: Table, number: _Numbers) -> tuple[Rows, Number]:
    rows = builder.rows("muster_incident", table)
    codes = builder.codes(table, rows)
    rows["severity"] = table.indices("severity", _by_name(SEVERITIES), "severities")
    rows["site"]["lon_deg"], rows["site"]["lat_deg"] = table.places()
    rows["authority"] = table.optional_indices("authority", number.authority, "authorities", NONE)
    rows["deadline_ms"] = table.milliseconds("deadline_s", MOST_MS)
    rows["on_scene_ms"] = table.milliseconds("on_scene_s", MOST_MS)
    rows["all_or_nothing"] = table.numbers("all_or_nothing", 0, 1, default=0)
    return rows, codes


def _needs(builder: _Builder, table: Table, incident: Number, number: _Numbers) -> Rows:
    rows = builder.rows("muster_need", table)
    rows["incident"] = table.indices("incident", incident, "incidents")
    rows["kind"] = table.indices("kind", number.any_kind, "kinds")
    rows["quantity"] = table.numbers("quantity", 1, MOST)
    rows["minimum"] = table.numbers("minimum", 0, MOST, default=0)
    rows["grade"] = table.numbers("grade", 0, MOST_GRADE, default=0)
    return rows


# ---- command -----------------------------------------------------------------------------

def _zones(builder: _Builder, table: Table, number: _Numbers) -> Rows:
    rows = builder.rows("muster_zone", table)
    builder.codes(table, rows)
    rows["site"]["lon_deg"], rows["site"]["lat_deg"] = table.places()
    covering = {code: i for resource in (lib.MUSTER_PEOPLE, lib.MUSTER_VEHICLE, lib.MUSTER_MACHINE)
                for code, i in number.kind[resource].items()}
    rows["kind"] = table.indices("kind", covering, "kinds of people, vehicle or machine")
    rows["radius_ms"] = table.milliseconds("radius_s", MOST_MS, default=None)
    rows["required"] = table.numbers("required", 1, MOST)
    rows["weight"] = table.numbers("weight", 0, MOST)
    return rows


class _Pairs:
    """Rows of a table by two of their columns."""

    def __init__(self, left: Integers, right: Integers) -> None:
        keys = _keys(left, right)
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def find(self, left: Integers, right: Integers) -> tuple[Integers, Integers]:
        """(row, how many): the first row with each pair."""
        keys = _keys(left, right)
        begin, end = (np.searchsorted(self._sorted, keys, side) for side in ("left", "right"))
        padded = np.append(self._order, NONE)
        return np.where(end > begin, padded[np.minimum(begin, len(self._order))], NONE), end - begin


def _keys(left: Integers, right: Integers) -> Integers:
    return left.astype(np.int64) * 2**32 + right.astype(np.int64)


class _Rules:
    """What rules name: units by resource and code, stocks by code and kind, needs by incident and kind."""

    def __init__(self, table: Table, codes: tuple[Number, Number, Number], stocks: Table, stock: Rows,
                 incident: Number, need: Rows, number: _Numbers) -> None:
        self.table, self.incident_number = table, incident
        self.type = table.indices("type", _by_name(RULES), "types of rule")
        self.resource = table.indices("resource", _by_name(RESOURCES), "resources")
        self.kind = table.optional_indices("kind", number.any_kind, "kinds", NONE)
        warehouse: Number = {}
        for code in stocks.texts("code"):
            warehouse.setdefault(code, len(warehouse))
        self.codes = (*codes, warehouse)
        self.stock = _Pairs(np.array([warehouse[code] for code in stocks.texts("code")], np.int64), stock["kind"])
        self.need = _Pairs(need["incident"], need["kind"])

    def index(self) -> Integers:
        table, is_item = self.table, self.resource == lib.MUSTER_ITEM
        found = np.zeros(table.count, np.int64)
        for resource, codes in enumerate(self.codes):
            is_its = self.resource == resource
            if is_its.any():
                named = table.optional_indices("code", codes, f"codes of {RESOURCES[resource]}", NONE, is_its)
                self._require("code", is_its & (named == NONE), f"a code of {RESOURCES[resource]}")
                found[is_its] = named[is_its]
        self._require("kind", is_item & (self.kind == NONE), "the kind of the items")
        row, count = self.stock.find(found, self.kind)
        self._require("kind", is_item & (count == 0), "a kind that the warehouse holds")
        self._require("kind", is_item & (count > 1), "a kind of which the warehouse has one row")
        return np.where(is_item, row, found)

    def incident(self) -> Integers:
        is_hold = self.type == lib.MUSTER_HOLD
        found = self.table.optional_indices("incident", self.incident_number, "incidents", NONE, ~is_hold)
        self._require("incident", ~is_hold & (found == NONE), "the code of an incident")
        return np.where(is_hold, 0, found)

    def need_of(self, incident: Integers) -> Integers:
        """The need that a lock serves. Of items, whose kind says as well which goods they are, any of that
        kind."""
        row, count = self.need.find(incident, self.kind)
        is_meant = (self.type == lib.MUSTER_LOCK) & (self.kind != NONE)
        is_strict = is_meant & (self.resource != lib.MUSTER_ITEM)
        self._require("kind", is_strict & (count == 0), "a kind that the incident needs")
        self._require("kind", is_strict & (count > 1), "a kind that the incident needs once")
        return np.where(is_meant & (count == 1), row, NONE)

    def vehicle(self, vehicles: Number) -> Integers:
        is_load = (self.type == lib.MUSTER_EN_ROUTE) & (self.resource == lib.MUSTER_ITEM)
        found = self.table.optional_indices("vehicle", vehicles, "vehicles", NONE, is_load)
        self._require("vehicle", is_load & (found == NONE), "the vehicle that has the items on board")
        return np.where(is_load, found, 0)

    def _require(self, column: str, is_wrong: Mask, expected: str) -> None:
        wrong = first(is_wrong)
        if wrong is not None:
            self.table.column(column)
            raise self.table.error(column, wrong, expected)


def _rules(builder: _Builder, named: _Rules) -> Rows:
    table = named.table
    rows = builder.rows("muster_rule", table)
    rows["type"], rows["resource"], rows["index"] = named.type, named.resource, named.index()
    rows["incident"] = named.incident()
    rows["need"] = named.need_of(rows["incident"])
    rows["quantity"] = table.numbers("quantity", 0, MOST, default=0)
    rows["vehicle"] = named.vehicle(named.codes[lib.MUSTER_VEHICLE])
    return rows


def _weights(builder: _Builder, given: Frame | Mapping[str, float] | None) -> CData:
    if isinstance(given, Mapping):
        given = pandas.DataFrame({"key": list(given), "value": list(given.values())})
    table = Table(given, "weights")
    weights = builder.keep(ffi.new("muster_weights *", lib.muster_py_new_weights()))
    keys, values = table.texts("key", is_unique=True), table.numbers("value", 0, 2**50, is_whole=False)
    for row, (key, value) in enumerate(zip(keys, values.tolist())):
        if key not in WEIGHTS:
            raise table.error("key", row, f"one of {', '.join(WEIGHTS)}")
        weight = WEIGHTS[key]
        if not (weight.least <= value <= weight.most and (weight.scale > 1 or value.is_integer())):
            raise table.error("value", row, f"{weight.least} to {weight.most} of {key}")
        weight.write(weights, round(value * weight.scale))
    return weights


# ---- all of it ---------------------------------------------------------------------------

def problem_data(metrics: Mapping[str, Metric], frames: Mapping[str, Frame | None],
                 weights: Frame | Mapping[str, float] | None, by_vehicle: bool,
                 max_sources: int) -> tuple[CData, list[Any]]:
    """(muster_problem *, what it points to)"""
    builder = _Builder()
    tables = {name: Table(frame, name) for name, frame in frames.items()}
    authority, authority_number = _authorities(builder, tables["authorities"])
    kind, kind_number = _kinds(builder, tables["kinds"])
    number = _Numbers(_by_name(tuple(metrics)), authority_number, kind_number)
    team, team_number = _teams(builder, tables["teams"], number)
    vehicle, vehicle_number = _vehicles(builder, tables["vehicles"], number)
    machine, machine_number = _machines(builder, tables["machines"], number)
    stock = _stocks(builder, tables["stocks"], number)
    incident, incident_number = _incidents(builder, tables["incidents"], number)
    need = _needs(builder, tables["needs"], incident_number, number)
    zone = _zones(builder, tables["zones"], number)
    rule = _rules(builder, _Rules(tables["rules"], (team_number, vehicle_number, machine_number), tables["stocks"],
                                  stock, incident_number, need, number))
    data = builder.keep(ffi.new("muster_problem *", lib.muster_py_new_problem()))
    data.metric_count = len(metrics)
    data.metric = builder.keep(ffi.new("const muster_metric *[]", [metric._pointer for metric in metrics.values()]))
    builder.keep(list(metrics.values()))
    for name, rows in (("authority", authority), ("kind", kind), ("team", team), ("vehicle", vehicle),
                       ("machine", machine), ("stock", stock), ("incident", incident), ("need", need),
                       ("zone", zone), ("rule", rule)):
        setattr(data, f"{name}_count", len(rows))
        setattr(data, name, pointer_to(rows, f"muster_{name}"))
    data.item_transport = lib.MUSTER_ITEMS_BY_VEHICLE if by_vehicle else lib.MUSTER_ITEMS_BY_THEMSELVES
    data.max_sources, data.weights = max_sources, _weights(builder, weights)
    return data, builder.kept
