"""From the library's rows to the DataFrames that `Problem.from_frames` would make them of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas

from muster._names import LEVELS, RESOURCES, RULES, SEVERITIES, WEIGHTS, default_weights
from muster._native import ffi, lib
from muster._structs import texts
from muster.problem import table

if TYPE_CHECKING:
    from muster._types import Frame, Rows
    from muster.problem import Problem

NONE = lib.MUSTER_NONE


def named(names: Any, index: Rows) -> list[str | None]:
    """Texts by number; None for MUSTER_NONE."""
    return [None if i == NONE else names[i] for i in index.tolist()]


def _seconds(values: Rows) -> Rows:
    return values / 1000


def _seconds_or_gap(values: Rows) -> Rows:
    """0 means: none."""
    return np.where(values == 0, np.nan, values / 1000)


class _Reader:
    """The tables of a problem, and the codes that they name one another by."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.data = problem, problem._data
        self.rows = {name: table(problem, name) for name in (
            "authority", "kind", "team", "vehicle", "machine", "stock", "incident", "need", "zone", "rule")}
        self.profile = list(problem.metrics)
        units = {name: self.rows[name]["unit"] for name in ("team", "vehicle", "machine", "stock")}
        self.code = {name: texts({**self.rows, **units}[name]["code"])
                     for name in self.rows if name not in ("need", "rule")}

    def authority(self, rows: Rows) -> dict[str, Any]:
        """A column, where the problem has authorities."""
        return {"authority": named(self.code["authority"], rows["authority"])} if len(self.code["authority"]) else {}

    def units(self, name: str) -> dict[str, Any]:
        unit, turnout = self.rows[name]["unit"], "loading_s" if name == "stock" else "turnout_s"
        return {"code": self.code[name], "name": texts(unit["name"]),
                "profile": named(self.profile, unit["metric"]),
                "lon": unit["site"]["lon_deg"], "lat": unit["site"]["lat_deg"],
                turnout: _seconds(unit["turnout_ms"]), "ready_s": _seconds(unit["available_ms"]),
                "shift_end_s": _seconds_or_gap(unit["shift_end_ms"]), "duty_s": _seconds(unit["duty_ms"]),
                **self.authority(unit)}

    def kinds_of(self, rows: Rows) -> list[str | None]:
        return named(self.code["kind"], rows["kind"])

    # ---- tables ---------------------------------------------------------------------------

    def authorities(self) -> Frame:
        rows = self.rows["authority"]
        return pandas.DataFrame({"code": self.code["authority"], "name": texts(rows["name"]),
                                 "level": named(LEVELS, rows["level"]),
                                 "parent": named(self.code["authority"], rows["parent"])})

    def kinds(self) -> Frame:
        rows = self.rows["kind"]
        operator = np.where(rows["operator_count"] == 0, NONE, rows["operator_kind"])
        return pandas.DataFrame({"code": self.code["kind"], "name": texts(rows["name"]),
                                 "resource": named(RESOURCES, rows["resource"]), "mass_kg": rows["mass_kg"],
                                 "volume_m3": rows["volume_m3"], "operator_kind": named(self.code["kind"], operator),
                                 "operator_count": rows["operator_count"]})

    def teams(self) -> Frame:
        rows, kind = self.rows["team"], self.code["kind"]
        lists = [ffi.unpack(ffi.cast("uint32_t *", address), count) if count else []
                 for address, count in zip(rows["capability"].tolist(), rows["capability_count"].tolist())]
        return pandas.DataFrame({**self.units("team"), "people": rows["people"], "grade": rows["grade"],
                                 "capabilities": [[kind[k] for k in numbers] for numbers in lists]})

    def vehicles(self) -> Frame:
        rows = self.rows["vehicle"]
        return pandas.DataFrame({**self.units("vehicle"), "kind": self.kinds_of(rows),
                                 "payload_kg": rows["payload_kg"], "volume_m3": rows["volume_m3"]})

    def machines(self) -> Frame:
        rows = self.rows["machine"]
        return pandas.DataFrame({**self.units("machine"), "kind": self.kinds_of(rows), "count": rows["count"]})

    def stocks(self) -> Frame:
        rows = self.rows["stock"]
        return pandas.DataFrame({**self.units("stock"), "kind": self.kinds_of(rows), "quantity": rows["quantity"]})

    def incidents(self) -> Frame:
        rows = self.rows["incident"]
        return pandas.DataFrame({"code": self.code["incident"], "name": texts(rows["name"]),
                                 "lon": rows["site"]["lon_deg"], "lat": rows["site"]["lat_deg"],
                                 "severity": named(SEVERITIES, rows["severity"]),
                                 "deadline_s": _seconds_or_gap(rows["deadline_ms"]),
                                 "on_scene_s": _seconds(rows["on_scene_ms"]),
                                 "all_or_nothing": rows["all_or_nothing"] != 0, **self.authority(rows)})

    def needs(self) -> Frame:
        rows = self.rows["need"]
        return pandas.DataFrame({"incident": named(self.code["incident"], rows["incident"]),
                                 "kind": self.kinds_of(rows), "quantity": rows["quantity"],
                                 "minimum": rows["minimum"], "grade": rows["grade"]})

    def zones(self) -> Frame:
        rows = self.rows["zone"]
        return pandas.DataFrame({"code": self.code["zone"], "lon": rows["site"]["lon_deg"],
                                 "lat": rows["site"]["lat_deg"], "kind": self.kinds_of(rows),
                                 "radius_s": _seconds(rows["radius_ms"]), "required": rows["required"],
                                 "weight": rows["weight"]})

    def rules(self) -> Frame:
        return pandas.DataFrame([self._rule(rule) for rule in self.rows["rule"]],
                                columns=["type", "resource", "code", "kind", "incident", "quantity", "vehicle"])

    def _rule(self, rule: Any) -> dict[str, Any]:
        kind: int = NONE
        if rule["resource"] == lib.MUSTER_ITEM:
            kind = self.rows["stock"]["kind"][rule["index"]]
        elif rule["type"] == lib.MUSTER_LOCK and rule["need"] != NONE:
            kind = self.rows["need"]["kind"][rule["need"]]
        is_load = rule["type"] == lib.MUSTER_EN_ROUTE and rule["resource"] == lib.MUSTER_ITEM
        codes = self.code[("team", "vehicle", "machine", "stock")[rule["resource"]]]
        return {"type": RULES[rule["type"]], "resource": RESOURCES[rule["resource"]], "code": codes[rule["index"]],
                "kind": None if kind == NONE else self.code["kind"][kind],
                "incident": None if rule["type"] == lib.MUSTER_HOLD else self.code["incident"][rule["incident"]],
                "quantity": int(rule["quantity"]),
                "vehicle": self.code["vehicle"][rule["vehicle"]] if is_load else None}

    def weights(self) -> Frame:
        weights = self.data.weights if self.data.weights != ffi.NULL else default_weights()
        return pandas.DataFrame({"key": list(WEIGHTS), "value": [w.read(weights) for w in WEIGHTS.values()]})


def frames_of(problem: Problem) -> dict[str, Any]:
    """The arguments of Problem.from_frames."""
    reader = _Reader(problem)
    return {"metrics": problem.metrics,
            **{name: getattr(reader, name)() for name in (
                "kinds", "incidents", "needs", "teams", "vehicles", "machines", "stocks", "authorities", "zones",
                "rules", "weights")},
            "by_vehicle": reader.data.item_transport == lib.MUSTER_ITEMS_BY_VEHICLE,
            "max_sources": reader.data.max_sources}
