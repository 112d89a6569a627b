"""A session's state as DataFrames and GeoDataFrames, and rows of frames as events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas
import numpy as np
import pandas
import shapely
import shapely.geometry

from muster._errors import InvalidError
from muster._frames import WGS84, multipolygon, points
from muster._native import ffi, lib
from muster._structs import listed, names_of, rows, texts


def _texts(table: np.ndarray, *names: str) -> dict[str, np.ndarray]:
    return {name: texts(table[name]) for name in names}


def _words(table: np.ndarray, name: str, word: Callable[[int], Any]) -> dict[str, np.ndarray]:
    """The words of a column that is an enum's; None for a number outside it, which means: not known."""
    return {name: names_of(word, int(table[name].max(initial=0)) + 1)[table[name]]}


def _numbers(table: np.ndarray, *names: str) -> dict[str, np.ndarray]:
    return {name: table[name].astype(np.int64) for name in names}


def _flags(table: np.ndarray, *names: str) -> dict[str, np.ndarray]:
    return {name: table[name].astype(bool) for name in names}


def _numbers_or_none(table: np.ndarray, *names: str) -> dict[str, Any]:
    """Whole numbers of which 0 means none."""
    found = {name: pandas.array(table[name].astype(np.int64), dtype="Int64") for name in names}
    for name, values in found.items():
        values[table[name] == 0] = pandas.NA
    return found


def times(ms: np.ndarray) -> pandas.DatetimeIndex:
    """Milliseconds since 1970 as moments in UTC; of 0, NaT."""
    moments = ms.astype("datetime64[ms]")
    moments[ms == 0] = np.datetime64("NaT")
    return pandas.DatetimeIndex(moments).tz_localize("UTC")


def _times(table: np.ndarray, *names: str) -> dict[str, pandas.DatetimeIndex]:
    return {name: times(table[f"{name}_ms"]) for name in names}


def _places(table: np.ndarray) -> Any:
    return points(table["lon_deg"], table["lat_deg"])


# ---- what is there -----------------------------------------------------------------------

def units_frame(view: Any) -> geopandas.GeoDataFrame:
    table = listed("muster_view_unit", lib.muster_view_units, view)
    return geopandas.GeoDataFrame(
        {**_words(table, "resource", lib.muster_resource_name), **_texts(table, "code", "name", "kind", "authority"),
         **_times(table, "seen_at"), **_flags(table, "is_available"), **_texts(table, "reason"),
         **_numbers(table, "quantity", "under_order"), **_times(table, "ready_at", "shift_end_at", "duty_since")},
        geometry=_places(table), crs=WGS84)


def stock_frame(view: Any) -> geopandas.GeoDataFrame:
    units = units_frame(view)
    stock = units[units["resource"] == "item"].rename(columns={"code": "warehouse"}).reset_index(drop=True)
    return stock[["warehouse", "kind", "quantity", "under_order", "is_available", "reason", "authority", "geometry"]]


def incidents_frame(view: Any) -> geopandas.GeoDataFrame:
    table = listed("muster_view_incident", lib.muster_view_incidents, view)
    return geopandas.GeoDataFrame(
        {**_texts(table, "code", "name"), **_words(table, "severity", lib.muster_severity_name),
         **_times(table, "reported_at", "deadline_at", "closed_at"), "on_scene_s": table["on_scene_ms"] / 1000,
         **_texts(table, "authority"), **_flags(table, "all_or_nothing")},
        geometry=_places(table), crs=WGS84)


def needs_frame(view: Any) -> pandas.DataFrame:
    incidents = listed("muster_view_incident", lib.muster_view_incidents, view)
    needs = [rows("muster_view_need", ffi.cast("void *", int(incident["need"])), incident["need_count"])
             for incident in incidents]
    table = np.concatenate(needs) if needs else rows("muster_view_need", ffi.NULL, 0)
    return pandas.DataFrame({
        "incident": np.repeat(texts(incidents["code"]), incidents["need_count"]), **_texts(table, "kind"),
        **_numbers(table, "quantity", "minimum", "grade", "delivered", "on_scene", "coming")})


# ---- orders ------------------------------------------------------------------------------

def orders_frame(function: Any, owner: Any) -> pandas.DataFrame:
    table = listed("muster_order", function, owner)
    return pandas.DataFrame({
        **_numbers(table, "number"), **_words(table, "state", lib.muster_order_state_name),
        **_words(table, "claim", lib.muster_claim_state_name), **_words(table, "resource", lib.muster_resource_name),
        **_texts(table, "unit", "kind", "incident", "need"), **_numbers(table, "quantity"),
        **_numbers_or_none(table, "trip"), **_texts(table, "warehouse"),
        **_times(table, "issued_at", "changed_at", "depart_at", "load_at", "eta_at"), "distance_m": table["distance_m"],
        **_texts(table, "issued_by", "changed_by", "consent", "reason"),
        **_numbers_or_none(table, "claim_number"), **_numbers(table, "sequence")})


def skipped_frame(committed: Any) -> pandas.DataFrame:
    table = listed("muster_skipped", lib.muster_committed_skipped, committed)
    return pandas.DataFrame({**_numbers(table, "assignment"), **_words(table, "skip", lib.muster_skip_name),
                             **_texts(table, "message")})


def changes_frame(plan: Any) -> pandas.DataFrame:
    table = listed("muster_change", lib.muster_session_plan_changes, plan)
    said = _texts(table, "incident_before", "kind_before", "incident", "kind")
    sentences = {"text": texts(table["text"][:, lib.MUSTER_ENGLISH]),
                 "text_zh": texts(table["text"][:, lib.MUSTER_CHINESE])}
    return pandas.DataFrame({
        **_words(table, "type", lib.muster_change_type_name), **_words(table, "reason", lib.muster_change_reason_name),
        **_words(table, "resource", lib.muster_resource_name), "unit": texts(table["code"]),
        "incident_before": said["incident_before"], "need_before": said["kind_before"],
        "incident": said["incident"], "need": said["kind"], **_numbers(table, "quantity_before", "quantity"),
        # Where nobody was or is sent there is no time of arrival.
        "eta_before_s": np.where(table["incident_before"] == 0, np.nan, table["eta_before_ms"] / 1000),
        "eta_s": np.where(table["incident"] == 0, np.nan, table["eta_ms"] / 1000),
        **_texts(table, "vehicle_before", "vehicle", "replaced"), **sentences})


# ---- what is closed, and who may not ---------------------------------------------------------

def _array(pointer: Any, count: int, dtype: Any) -> np.ndarray:
    return np.frombuffer(ffi.buffer(pointer, count * np.dtype(dtype).itemsize), dtype) if count else np.empty(0, dtype)


def _coordinates(shape: Any, count: int) -> np.ndarray:
    return np.column_stack((_array(shape.lon_deg, count, np.float64), _array(shape.lat_deg, count, np.float64)))


def _parts(shape: Any, count: int) -> list[np.ndarray]:
    """Rings, or lines."""
    first = _array(shape.first_point, count + 1 if count else 0, np.uint32)
    places = _coordinates(shape, int(first[-1]) if count else 0)
    return [places[first[i]:first[i + 1]] for i in range(count)]


def _road_shape(road: Any) -> Any:
    """None of one that is told by its edges."""
    if road.point_count:
        return shapely.geometry.LineString(_coordinates(road, road.point_count))
    if road.points.point_count:
        return shapely.geometry.MultiPoint(_coordinates(road.points, road.points.point_count))
    rings = _parts(road.area, road.area.ring_count)
    return shapely.geometry.Polygon(rings[0], rings[1:]) if rings else None


def _hazard_shape(hazard: Any) -> Any:
    """One geometry, or a collection of a closure's area, lines and points."""
    shapes = [multipolygon(hazard.area)] if hazard.area.polygon_count else []
    if hazard.lines.line_count:
        shapes.append(shapely.geometry.MultiLineString(_parts(hazard.lines, hazard.lines.line_count)))
    if hazard.points.point_count:
        shapes.append(shapely.geometry.MultiPoint(_coordinates(hazard.points, hazard.points.point_count)))
    return shapes[0] if len(shapes) == 1 else shapely.geometry.GeometryCollection(shapes) if shapes else None


def _edges(shapes: list[Any]) -> list[list[int]]:
    return [_array(shape.edge_id, shape.edge_count, np.int64).tolist() for shape in shapes]


def _shapes(function: Any, view: Any) -> list[Any]:
    count = ffi.new("uint32_t *")
    found = function(view, count)
    return [found[row] for row in range(count[0])]


def roads_frame(view: Any) -> geopandas.GeoDataFrame:
    table, shapes = listed("muster_event_road", lib.muster_view_roads, view), _shapes(lib.muster_view_roads, view)
    return geopandas.GeoDataFrame(
        {**_texts(table, "code"), "speed_factor": table["speed_factor"], "edge_id": _edges(shapes)},
        geometry=[_road_shape(shape) for shape in shapes], crs=WGS84)


def hazards_frame(view: Any) -> geopandas.GeoDataFrame:
    table, shapes = listed("muster_hazard", lib.muster_view_hazards, view), _shapes(lib.muster_view_hazards, view)
    endless = {"starts_at": -2**63, "ends_at": 2**63 - 1}
    seconds = {name: np.where(table[f"{name}_s"] == none, 0, table[f"{name}_s"]) for name, none in endless.items()}
    return geopandas.GeoDataFrame(
        {**_texts(table, "code", "name", "source"), **_words(table, "kind", lib.muster_hazard_kind_name),
         **_words(table, "severity", lib.muster_severity_name), **_words(table, "urgency", lib.muster_urgency_name),
         **_words(table, "certainty", lib.muster_certainty_name), **_numbers(table, "wind_force"),
         "depth_m": table["depth_m"], "speed_factor": table["speed_factor"],
         **{name: times(1000 * values) for name, values in seconds.items()}, "edge_id": _edges(shapes)},
        geometry=[_hazard_shape(shape) for shape in shapes], crs=WGS84)


def rules_frame(view: Any) -> pandas.DataFrame:
    table = listed("muster_event_rule", lib.muster_view_rules, view)
    unit = table["unit"]
    return pandas.DataFrame({
        **_texts(table, "code"), **_words(table, "command", lib.muster_command_name),
        **_words(unit, "resource", lib.muster_resource_name), "unit": texts(unit["code"]), "kind": texts(unit["kind"]),
        **_texts(table, "incident", "need"), **_numbers(table, "quantity")})


# ---- events ------------------------------------------------------------------------------

# What a row of a journal has that no event does.
_OF_RECORD = ("sequence", "term")


def events_of(frame: pandas.DataFrame) -> list[dict[str, Any]]:
    """A row an event: columns are members, those of members behind a dot; empty cells are left out."""
    if isinstance(frame, geopandas.GeoDataFrame) and frame.active_geometry_name is not None:
        if frame.crs is None:
            raise InvalidError("events have no coordinate system; expected one (set_crs)")
        frame = frame.to_crs(WGS84).rename(columns={frame.active_geometry_name: "geometry"})
    frame = frame.drop(columns=list(_OF_RECORD), errors="ignore")
    columns = {name: frame[name].tolist() for name in frame.columns}
    return [_nested({name: cells[row] for name, cells in columns.items()}) for row in range(len(frame))]


def _is_empty(cell: Any) -> bool:
    return cell is None or (pandas.api.types.is_scalar(cell) and bool(pandas.isna(cell)))


def _nested(row: dict[Any, Any]) -> dict[str, Any]:
    event: dict[str, Any] = {}
    for name, cell in row.items():
        if _is_empty(cell):
            continue
        *path, last = str(name).split(".")
        inner = event
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = cell
    return event


def events_frame(records: list[Any]) -> pandas.DataFrame:
    known = [record.event or {"type": "begun"} for record in records]
    said = pandas.json_normalize(known).drop(columns="time_ms", errors="ignore")
    frame = pandas.DataFrame({
        "sequence": np.array([record.sequence for record in records], np.int64),
        "term": np.array([record.term for record in records], np.int64),
        "time": times(np.array([record.time_ms for record in records], np.int64))})
    return frame.join(said.convert_dtypes()) if records else frame.assign(type=pandas.Series(dtype=str))
