"""What has happened, as Python has it, and as a session is told it.

What an event is, its members and their types, is known to one place, the library's own reader of JSON
(docs/session.md): here values are only brought into a form that JSON has, and what stands in frames by rows and
columns is brought together. So nothing here has to be changed when events learn something new."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import numbers
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from muster._errors import InvalidError, check
from muster._memory import made
from muster._moments import moment_ms
from muster._native import ffi, lib


def is_one(events: Any) -> bool:
    """Is that one event, and not several?"""
    return isinstance(events, Mapping) or _is_dataclass(events) or _is_row(events)


def _is_dataclass(event: Any) -> bool:
    return dataclasses.is_dataclass(event) and not isinstance(event, type)


def _is_row(event: Any) -> bool:
    """A Series, as a frame gives its rows out."""
    return hasattr(event, "to_frame") and not hasattr(event, "columns")


def listed(events: Any) -> list[dict[str, Any]]:
    """Events, one after the other, as dicts. Raises InvalidError for what is none."""
    if _is_row(events):
        events = events.to_frame().T
    if hasattr(events, "columns") and hasattr(events, "iloc"):
        from muster._session_frames import events_of
        return events_of(events)
    if is_one(events):
        return [_members(events, "the event")]
    if isinstance(events, (str, bytes)) or not isinstance(events, Iterable):
        raise InvalidError(f"events are of type {type(events).__name__}; expected a dict, a dataclass, a list of "
                           "them, or a DataFrame")
    return [_members(event, f"event {row}") for row, event in enumerate(events)]


def _members(event: Any, what: str) -> dict[str, Any]:
    if isinstance(event, Mapping):
        return dict(event)
    if _is_dataclass(event):
        return _filled(dataclasses.asdict(event))
    raise InvalidError(f"{what} is of type {type(event).__name__}; expected a dict or a dataclass")


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    """Without what a dataclass has left empty."""
    return {name: _filled(value) if isinstance(value, dict) else value
            for name, value in members.items() if value is not None}


def completed(event: dict[str, Any], now_ms: int, author: str, authority: str | None) -> dict[str, Any]:
    """With what every event has: an id that is drawn, the time, and who says so."""
    usual = {"id": uuid.uuid4().hex, "author": author, "authority": authority, "time_ms": now_ms}
    event = {name: value for name, value in event.items() if value is not None}
    if "time" in event:
        del usual["time_ms"]
    return {**{name: value for name, value in usual.items() if value is not None}, **event}


# ---- into JSON ---------------------------------------------------------------------------

def read(event: dict[str, Any]) -> Any:
    """The event as the library has read it. Raises InvalidError naming the member."""
    plain = json.dumps(_written(_placed(event), "", event.get("type")), ensure_ascii=False)
    text = plain.encode("utf-8", "surrogatepass")  # the reader says what is no UTF-8
    return ffi.gc(made("muster_event_text", lib.muster_event_read, text, len(text)), lib.muster_event_text_free)


def _written(value: Any, path: str, kind: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return _number(float(value), path)
    if isinstance(value, Mapping):
        return dict(_member(name, inner, path, kind) for name, inner in value.items())
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_written(inner, f"{path}[{i}]", kind) for i, inner in enumerate(value)]
    raise InvalidError(f"{path or 'the event'} is of type {type(value).__name__}; expected what JSON has, a moment "
                       "or a duration")


def _number(value: float, path: str) -> float | int:
    """A whole one as such: columns of whole numbers with gaps are floats in pandas."""
    if not math.isfinite(value):
        raise InvalidError(f"{path} is {value}; expected a number")
    return int(value) if value.is_integer() else value


def _member(name: Any, value: Any, path: str, kind: Any) -> tuple[str, Any]:
    """A moment `deadline_at` is the member `deadline_at_ms`, and a duration `on_scene` is `on_scene_ms`; of
    hazards, whose times are in seconds, `starts_at_s`."""
    if not isinstance(name, str):
        raise InvalidError(f"{path or 'the event'} has the member {name!r}; expected names of members")
    inner = f"{path}.{name}" if path else name
    is_moment = isinstance(value, datetime.datetime) or (name == "time" and not path)
    if not is_moment and not isinstance(value, datetime.timedelta):
        return name, _written(value, inner, kind)
    ms = moment_ms(value, inner) if is_moment else value // datetime.timedelta(milliseconds=1)
    unit = "_s" if path.split(".")[0] == "hazard" else "_ms"
    return name if name.endswith(("_ms", "_s")) else name + unit, ms // 1000 if unit == "_s" else ms


# ---- places ------------------------------------------------------------------------------

def _placed(event: dict[str, Any]) -> dict[str, Any]:
    """With its `geometry`, shapely's and in degrees, as the members that its type has for places."""
    geometry = event.get("geometry")
    if "geometry" not in event:
        return event
    event = {name: value for name, value in event.items() if name != "geometry"}
    kind, shape = str(event.get("type")), getattr(geometry, "__geo_interface__", None)
    if shape is None:
        raise InvalidError(f"geometry is of type {type(geometry).__name__}; expected one of shapely's")
    noun, members = _PLACES.get(kind.split("_")[0], ("", {}))
    if shape["type"] not in members:
        raise InvalidError(f"geometry is a {shape['type']}, of {kind}; expected "
                           f"{' or '.join(members) or 'none there'}")
    found = members[shape["type"]](_flat(shape["coordinates"]))
    return {**event, noun: {**event.get(noun, {}), **found}} if noun else {**event, **found}


def _flat(coordinates: Any) -> Any:
    """Longitudes and latitudes, without heights."""
    if coordinates and isinstance(coordinates[0], numbers.Real):
        return list(coordinates[:2])
    return [_flat(part) for part in coordinates]


def _point(coordinates: Any) -> dict[str, Any]:
    return {"lon_deg": coordinates[0], "lat_deg": coordinates[1]}


_PLACES: dict[str, tuple[str, dict[str, Callable[[Any], dict[str, Any]]]]] = {
    "incident": ("incident", {"Point": _point}),
    "unit": ("", {"Point": _point}),
    "road": ("road", {"LineString": lambda c: {"line": c}, "Polygon": lambda c: {"area": c},
                      "Point": lambda c: {"points": [c]}, "MultiPoint": lambda c: {"points": c}}),
    "hazard": ("hazard", {"Polygon": lambda c: {"area": [c]}, "MultiPolygon": lambda c: {"area": c},
                          "LineString": lambda c: {"lines": [c]}, "MultiLineString": lambda c: {"lines": c},
                          "Point": lambda c: {"points": [c]}, "MultiPoint": lambda c: {"points": c}}),
}


# ---- told --------------------------------------------------------------------------------

def tell(session: Any, texts: list[Any]) -> list[tuple[int, int, str]]:
    """(outcome, sequence, message) of each."""
    count = len(texts)
    events = ffi.new("muster_event[]", max(count, 1))
    answers = ffi.new("muster_event_answer[]", max(count, 1))
    for row, text in enumerate(texts):
        events[row] = lib.muster_event_of(text)[0]
    check(lib.muster_session_tell(session, count, events, answers))
    return [(answers[row].outcome, answers[row].sequence, ffi.string(answers[row].message).decode())
            for row in range(count)]
