"""What a replication gives, table by table: where each column comes from, and how a frame and a file have it.

Tables and columns are those of `muster simulate` (docs/simulation.md): a frame has what the CSV file has, and
ways and places as geometry beside or instead of it."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import geopandas
import numpy as np
import pandas
import shapely

from muster._errors import text
from muster._frames import WGS84, multipolygon
from muster._native import ffi, lib
from muster._structs import listed, names_of, texts

TEXT = pandas.Series(["a"]).dtype
"""As this pandas has texts."""

# Kinds of cells: what never was, and the order that is none, are gaps.
WORD, MS, COUNT, NUMBER, DEGREES, METRES = "word", "ms", "count", "number", "degrees", "metres"
DTYPE = {WORD: TEXT, MS: "Int64", COUNT: "int64", NUMBER: "Int64", DEGREES: "float64", METRES: "float64"}

_SEVERITY = names_of(lib.muster_severity_name, lib.MUSTER_SEVERITY_COUNT)
_RESOURCE = names_of(lib.muster_resource_name, lib.MUSTER_RESOURCE_COUNT)
_STATE = names_of(lib.muster_order_state_name, lib.MUSTER_ORDER_STATE_COUNT)
_LEG = names_of(lib.muster_simulation_leg_name, lib.MUSTER_LEG_COUNT)


class Column(NamedTuple):
    name: str
    kind: str
    take: Callable[[np.ndarray], Any]
    """From the rows of the struct."""


class Table(NamedTuple):
    struct: str
    function: Callable[..., Any]
    columns: tuple[Column, ...]


def _plain(kind: str, *names: str) -> list[Column]:
    """Columns that are called as their fields are."""
    return [Column(name, kind, operator.itemgetter(name)) for name in names]


def _texts_of(field: str, rows: np.ndarray) -> np.ndarray:
    return texts(rows[field])


def _words(*names: str, **fields: str) -> list[Column]:
    """Texts; `column=field` where they are called otherwise."""
    pairs = [(name, name) for name in names] + list(fields.items())
    return [Column(name, WORD, functools.partial(_texts_of, field)) for name, field in pairs]


def _named(name: str, names: np.ndarray) -> list[Column]:
    return [Column(name, WORD, lambda rows: names[rows[name]])]


def _tier(name: str, tier: int) -> list[Column]:
    return [Column(name, COUNT, lambda rows: rows["tier"]["value"][:, tier]),
            Column(f"{name}_bound", COUNT, lambda rows: rows["tier"]["bound"][:, tier])]


TABLES = {
    "incidents": Table("muster_simulated_incident", lib.muster_simulation_incidents, (
        *_words(incident="code"), *_words("name", "type"), *_named("severity", _SEVERITY), *_words("authority"),
        *_plain(DEGREES, "lon_deg", "lat_deg"),
        *_plain(MS, "reported_ms", "first_on_scene_ms", "met_ms", "closed_ms", "response_ms", "standard_ms"),
        *_plain(COUNT, "need_quantity", "met_quantity"))),
    "needs": Table("muster_simulated_need", lib.muster_simulation_needs, (
        *_words("incident", "kind"), *_named("resource", _RESOURCE),
        *_plain(COUNT, "quantity", "minimum", "met_quantity"), *_plain(MS, "met_ms"),
        *_plain(COUNT, "open_quantity_ms"))),
    "orders": Table("muster_simulated_order", lib.muster_simulation_orders, (
        *_plain(NUMBER, "order", "trip"), *_words("unit"), *_named("resource", _RESOURCE),
        *_words("kind", "incident", "need"), *_plain(COUNT, "quantity"), *_named("state", _STATE),
        *_plain(MS, "issued_ms", "departed_ms", "loaded_ms", "on_scene_ms", "left_ms", "released_ms", "ended_ms"),
        *_plain(METRES, "distance_m"), *_words("reason"))),
    "series": Table("muster_simulated_moment", lib.muster_simulation_series, (
        *_plain(MS, "time_ms"),
        *_plain(COUNT, "open_incidents", "quantity_needed", "quantity_met", "units_free", "units_en_route",
                "units_on_scene", "units_off", "units_on_call"))),
    "stock": Table("muster_simulated_stock", lib.muster_simulation_stock, (
        *_plain(MS, "time_ms"), *_words("warehouse", "kind"), *_plain(COUNT, "quantity"))),
    "plans": Table("muster_simulated_plan", lib.muster_simulation_plans, (
        *_plain(MS, "time_ms"), *_plain(COUNT, "work", "incidents", "assignments", "orders"),
        *_tier("tier1", lib.MUSTER_TIER_UNMET_NEED), *_tier("tier2", lib.MUSTER_TIER_RESPONSE_TIME))),
    "prices": Table("muster_simulated_price", lib.muster_simulation_prices, (
        *_plain(MS, "time_ms"), *_named("resource", _RESOURCE), *_words("kind"),
        Column("gain", COUNT, lambda rows: rows["unmet_need_gain"]), *_plain(COUNT, "response_time_gain"))),
    "moves": Table("muster_simulated_move", lib.muster_simulation_moves, (
        *_words("unit"), *_named("resource", _RESOURCE), *_plain(NUMBER, "order"), *_named("leg", _LEG),
        *_plain(MS, "start_ms", "end_ms"))),
    "explanations": Table("muster_simulated_explanation", lib.muster_simulation_explanations, (
        *_plain(MS, "time_ms"), *_words("incident", "kind"), *_words(text_en="text", text_zh="text_zh"))),
    "refusals": Table("muster_simulated_refusal", lib.muster_simulation_refusals, (
        *_plain(MS, "time_ms"), *_words(event="id"), *_words("message"))),
}
"""In the order of docs/simulation.md. Each row begins with `policy` and `replication`."""

TOTALS = (
    *_plain(COUNT, "incident_count", "closed_count", "plan_count", "order_count", "event_count", "standard_count",
            "within_count", "need_quantity", "met_quantity", "open_quantity_ms"),
    *_plain(METRES, "distance_m"), *_plain(COUNT, "busy_ms", "unit_ms"))
"""Of `muster_simulated_totals`, which is one struct a replication and not a list of rows."""

FILES = (*TABLES, "totals")
"""Tables that are a CSV file each; hazards are GeoJSON."""


def columns(table: str) -> tuple[Column, ...]:
    """All columns of one of FILES, in its order, but what ways have besides."""
    own = TOTALS if table == "totals" else TABLES[table].columns
    return (Column("policy", WORD, len), Column("replication", COUNT, len), *own)


# ---- ways --------------------------------------------------------------------------------

def _array(address: int, count: int, dtype: type) -> np.ndarray:
    size = int(count) * np.dtype(dtype).itemsize
    return np.frombuffer(ffi.buffer(ffi.cast("char *", int(address)), size), dtype).copy()


def way(places: np.ndarray) -> Any:
    """A line; a point of who has not come far."""
    return shapely.Point(places[0]) if len(places) == 1 else shapely.LineString(places)


def _ways(rows: np.ndarray) -> dict[str, list[Any]]:
    offsets, lines = [], []
    for row in rows:
        count = row["point_count"]
        offsets.append(_array(row["offset_ms"], count, np.uint32))
        lines.append(way(np.column_stack([_array(row[field], count, np.float64) for field in ("lon_deg", "lat_deg")])))
    return {"offsets_ms": offsets, "geometry": lines}


# ---- hazards -----------------------------------------------------------------------------

def _points(shape: Any, first: int, end: int) -> np.ndarray:
    return np.column_stack([_array(int(ffi.cast("uintptr_t", pointer + first)), end - first, np.float64)
                            for pointer in (shape.lon_deg, shape.lat_deg)])


def _shape(hazard: Any) -> Any:
    if hazard.area.polygon_count:
        return multipolygon(hazard.area)
    if hazard.lines.line_count:
        first = hazard.lines.first_point
        return shapely.MultiLineString([_points(hazard.lines, first[i], first[i + 1])
                                        for i in range(hazard.lines.line_count)])
    if hazard.points.point_count:
        return shapely.MultiPoint(_points(hazard.points, 0, hazard.points.point_count))
    return None


def hazards_of(replication: Any) -> list[dict[str, Any]]:
    """Rows of the table of hazards."""
    count = ffi.new("uint32_t *")
    found = lib.muster_simulation_hazards(replication, count)
    rows = []
    for i in range(count[0]):
        hazard = found[i].hazard
        is_deep = hazard.kind == lib.MUSTER_HAZARD_FLOOD and hazard.depth_m < 1e6
        rows.append({"replication": lib.muster_simulation_replication(replication), "code": text(hazard.code),
                     "kind": text(lib.muster_hazard_kind_name(hazard.kind)), "name": text(hazard.name),
                     "from_ms": found[i].from_ms, "until_ms": found[i].until_ms,
                     "depth_m": hazard.depth_m if is_deep else np.nan,
                     "force": hazard.wind_force if hazard.wind_force > 0 else None, "geometry": _shape(hazard)})
    return rows


def hazards_frame(rows: list[dict[str, Any]]) -> geopandas.GeoDataFrame:
    names = ("replication", "code", "kind", "name", "from_ms", "until_ms", "depth_m", "force", "geometry")
    cells = {name: [row[name] for row in rows] for name in names}
    dtypes = {"replication": "int64", "code": TEXT, "kind": TEXT, "name": TEXT, "from_ms": "int64",
              "until_ms": "int64", "depth_m": "float64", "force": "Int64"}
    return geopandas.GeoDataFrame({name: pandas.Series(cells[name], dtype=dtypes[name]) for name in dtypes},
                                  geometry=geopandas.GeoSeries(cells["geometry"], crs=WGS84), crs=WGS84)


# ---- replications to frames --------------------------------------------------------------

def columns_of(table: str, replication: Any) -> dict[str, Any]:
    """The columns of one replication, with what the library says of gaps."""
    described = TABLES[table]
    rows = listed(described.struct, described.function, replication)
    taken = {"policy": np.full(len(rows), text(lib.muster_simulation_policy(replication)), object),
             "replication": np.full(len(rows), lib.muster_simulation_replication(replication), np.int64),
             **{column.name: column.take(rows) for column in described.columns}}
    return {**taken, **_ways(rows)} if table == "moves" else taken


def totals_of(replication: Any) -> dict[str, Any]:
    totals = lib.muster_simulation_totals(replication)
    return {"policy": text(lib.muster_simulation_policy(replication)),
            "replication": lib.muster_simulation_replication(replication),
            **{column.name: getattr(totals, column.name) for column in TOTALS}}


def _series(kind: str, values: np.ndarray) -> pandas.Series:
    if kind in (MS, NUMBER):
        gaps = values < 0 if kind == MS else values == 0
        return pandas.Series(pandas.arrays.IntegerArray(values.astype(np.int64), gaps))
    return pandas.Series(values, dtype=DTYPE[kind])


def frame_of(table: str, parts: Iterable[dict[str, Any]]) -> pandas.DataFrame:
    """The frame of what `columns_of` has given, one part behind the other."""
    parts = list(parts)
    frame = pandas.DataFrame({column.name: _series(column.kind, np.concatenate([part[column.name] for part in parts]))
                              for column in columns(table)})
    if table == "incidents":
        return with_places(frame)
    if table != "moves":
        return frame
    return with_ways(frame, [offsets for part in parts for offsets in part["offsets_ms"]],
                     [line for part in parts for line in part["geometry"]])


def with_places(incidents: pandas.DataFrame) -> geopandas.GeoDataFrame:
    places = geopandas.points_from_xy(incidents.lon_deg, incidents.lat_deg, crs=WGS84)
    return geopandas.GeoDataFrame(incidents, geometry=places, crs=WGS84)


def with_ways(moves: pandas.DataFrame, offsets_ms: list[np.ndarray], lines: list[Any]) -> geopandas.GeoDataFrame:
    moves["offsets_ms"] = pandas.Series(offsets_ms, dtype=object)
    return geopandas.GeoDataFrame(moves, geometry=geopandas.GeoSeries(lines, crs=WGS84), crs=WGS84)


def totals_frame(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    frame = pandas.DataFrame(rows, columns=[column.name for column in columns("totals")])
    return frame.astype({column.name: DTYPE[column.kind] for column in columns("totals")})
