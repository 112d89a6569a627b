"""Deciding who goes where, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from muster import _bars
from muster._arguments import MOST_THREADS, milliseconds, one_of, whole
from muster._callbacks import watcher
from muster._errors import InvalidError, check, word
from muster._memory import Handle, made
from muster._names import RESOURCES, SEVERITIES
from muster._native import ffi, lib
from muster._structs import listed
from muster.problem import Problem, Scenario, codes_of, table
from muster.route import Route

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from muster._native import CData
    from muster._types import Frame, Rows

METHODS = {"optimize": lib.MUSTER_METHOD_OPTIMIZE, "greedy": lib.MUSTER_METHOD_GREEDY}

TIERS = tuple(word(lib.muster_tier_name(number)) for number in range(lib.MUSTER_TIER_COUNT))


class Progress:
    """How far a solve has come: phase, elapsed_ms, work, and unmet_need, response_time (None while there
    is no plan) and unmet_need_bound, in the units of the tiers."""

    def __init__(self, state: CData) -> None:
        self.phase = word(state.phase)
        self.elapsed_ms: int = state.elapsed_ms
        self.work: int = state.work
        has_plan = state.unmet_need != 2**63 - 1
        self.unmet_need: int | None = state.unmet_need if has_plan else None
        self.response_time: int | None = state.response_time if has_plan else None
        self.unmet_need_bound: int = state.unmet_need_bound


def solve(problem: Problem | Scenario, *, time_limit: float = 2.0, work_limit: int = 0, threads: int = 0,
          method: str = "optimize", on_progress: Callable[[Progress], Any] | None = None,
          progress: bool = False) -> Plan:
    """Decide who goes where. There is always a plan: what cannot be met is unmet, with a reason.

    Ctrl-C stops the search, and the best plan so far is returned.

    :param problem: a Problem, or a Scenario
    :param time_limit: seconds; 0: until it is proven, or `work_limit` is used up
    :param work_limit: steps; with no time limit the plan is the same on any machine
    :param threads: 0: one for each core
    :param method: "optimize" or "greedy"
    :param on_progress: called with a Progress now and then; False stops
    :param progress: draw a bar (tqdm)
    :raises InvalidError: naming the first wrong row"""
    if isinstance(problem, Scenario):
        problem = problem.problem
    if not isinstance(problem, Problem):
        raise InvalidError(f"problem is of type {type(problem).__name__}; expected a Problem or a Scenario")
    one_of("method", method, METHODS)
    options = lib.muster_py_new_solve_options()
    options.time_limit_ms = milliseconds("time_limit", time_limit, 0, 2**31 / 1000)
    options.work_limit = whole("work_limit", work_limit, 0, 2**64 - 1)
    options.thread_count, options.method = whole("threads", threads, 0, MOST_THREADS), METHODS[method]
    with (_bars.solving(progress, time_limit, work_limit, on_progress) as told,
          watcher(None if told is None else lambda state: told(Progress(state))) as (callback, user, call)):
        options.watcher, options.watcher_user = callback, user
        pointer = made("muster_plan", lib.muster_solve, problem._data, ffi.addressof(options))
    if call.error is not None and not isinstance(call.error, KeyboardInterrupt):
        lib.muster_plan_free(pointer)
        raise call.error
    return Plan(pointer, problem)


class Plan(Handle):
    """Who goes where, what stays unmet and why, and how good that is. Judged before it is returned."""

    _free = lib.muster_plan_free
    _instead = "send its DataFrames: assignments, shipments, unmet, tiers, explain()"

    def __init__(self, pointer: CData, problem: Problem) -> None:
        super().__init__(pointer)
        self.problem, self._codes = problem, codes_of(problem)

    def _unit_codes(self, resource: Rows, index: Rows) -> NDArray[Any]:
        codes = np.empty(len(index), object)
        for number, name in enumerate(RESOURCES):
            is_its = resource == number
            codes[is_its] = self._codes[name][index[is_its]]
        return codes

    def _need_columns(self, need: Rows) -> dict[str, NDArray[Any]]:
        needs = table(self.problem, "need")[need]
        return {"incident": self._codes["incident"][needs["incident"]], "need": self._codes["kind"][needs["kind"]]}

    # ---- tables ---------------------------------------------------------------------------

    @property
    def assignments(self) -> Frame:
        """A DataFrame: resource, unit, incident, need (its kind), quantity, depart_s, eta_s, distance_m,
        shipment (its number, or NA), is_late, locked (so much of the quantity because a rule says so),
        escalation (levels up to who decides over both), is_diverted."""
        import pandas
        rows = listed("muster_assignment", lib.muster_plan_assignments, self._pointer)
        shipment = pandas.Series(rows["shipment"].astype(np.int64), dtype="Int64")
        shipment[rows["shipment"] == lib.MUSTER_NONE] = pandas.NA
        return pandas.DataFrame({
            "resource": np.array(RESOURCES, object)[rows["resource"]],
            "unit": self._unit_codes(rows["resource"], rows["index"]), **self._need_columns(rows["need"]),
            "quantity": rows["quantity"].astype(np.int64), "depart_s": rows["depart_ms"] / 1000,
            "eta_s": rows["eta_ms"] / 1000, "distance_m": rows["distance_m"].astype(np.float64),
            "shipment": shipment, "is_late": rows["is_late"].astype(bool), "locked": rows["locked"],
            "escalation": rows["escalation"].astype(np.int64), "is_diverted": rows["is_diverted"].astype(bool)})

    @property
    def shipments(self) -> Frame:
        """A DataFrame: vehicle, warehouse, incident, depart_s, load_at_s, eta_s, distance_m, load_kg, load_m3."""
        import pandas
        rows = listed("muster_shipment", lib.muster_plan_shipments, self._pointer)
        return pandas.DataFrame({
            "vehicle": self._codes["vehicle"][rows["vehicle"]], "warehouse": self._codes["item"][rows["stock"]],
            "incident": self._codes["incident"][rows["incident"]],
            **{f"{name}_s": rows[f"{name}_ms"] / 1000 for name in ("depart", "load_at", "eta")},
            **{name: rows[name].astype(np.float64) for name in ("distance_m", "load_kg", "load_m3")}})

    @property
    def unmet(self) -> Frame:
        """A DataFrame: incident, need (its kind), quantity that is missing, reason."""
        import pandas
        rows = listed("muster_unmet", lib.muster_plan_unmet, self._pointer)
        return pandas.DataFrame({**self._need_columns(rows["need"]), "quantity": rows["quantity"].astype(np.int64),
                                 "reason": [word(lib.muster_unmet_reason_name(r)) for r in rows["reason"].tolist()]})

    @property
    def tiers(self) -> Frame:
        """A DataFrame by tier, in order of importance: value, bound (no plan has less) and gap, in %."""
        import pandas
        order = ffi.new("muster_tier[]", lib.MUSTER_TIER_COUNT)
        lib.muster_plan_tier_order(self._pointer, order)
        found = [(TIERS[t], lib.muster_plan_tier(self._pointer, t)) for t in order]
        values, bounds = ([getattr(result, field) for _, result in found] for field in ("value", "bound"))
        gaps = [100 * (v - b) / v if v else 0.0 for v, b in zip(values, bounds)]
        return pandas.DataFrame({"value": values, "bound": bounds, "gap_percent": gaps},
                                index=pandas.Index([name for name, _ in found], name="tier"))

    def routes(self) -> Any:
        """The roads of all assignments, as a GeoDataFrame with the columns of `assignments`."""
        from muster._frames import routes_frame
        assignments = self.assignments
        routes: list[Route | None] = []
        for number in range(len(assignments)):
            pointer = made("muster_route", lib.muster_plan_route, self._pointer, self.problem._data, number)
            routes.append(None if pointer == ffi.NULL else Route(pointer))
        lines = routes_frame(routes, assignments.index)
        return lines[["geometry"]].join(assignments)

    # ---- reasons --------------------------------------------------------------------------

    def explain(self, incident: str | None = None, language: str = "en") -> Frame:
        """Why a plan does what it does, in sentences: a DataFrame by need: incident, need, and `why_unmet`,
        `why_not_nearest` and `what_would_help`, None where there is nothing to say.

        :param incident: its code; None: all of them
        :param language: `"en"`, or `"zh"`, with names beside codes
        :raises InvalidError: no incident of that code, or no such language"""
        from muster._reasons import reasons_frame
        return reasons_frame(self, incident, language)

    def explore(self, **options: Any) -> Any:
        """An interactive map (folium) of the ways and incidents. `options` go to GeoDataFrame.explore."""
        import geopandas
        rows = table(self.problem, "incident")
        incidents = geopandas.GeoDataFrame(
            {"incident": self._codes["incident"], "severity": np.array(SEVERITIES, object)[rows["severity"]]},
            geometry=geopandas.points_from_xy(rows["site"]["lon_deg"], rows["site"]["lat_deg"]), crs="EPSG:4326")
        routes = self.routes()
        routes = routes[~routes.geometry.isna()]
        shown = routes.explore(column="resource", **options) if len(routes) else None
        return incidents.explore(m=shown, color="black", marker_kwds={"radius": 6}, name="incidents")

    # ---- figures --------------------------------------------------------------------------

    @property
    def is_optimal(self) -> bool:
        """Proven best in every tier."""
        return lib.muster_plan_outcome(self._pointer) == lib.MUSTER_OPTIMAL

    @property
    def elapsed_ms(self) -> int:
        """How long the solve took."""
        return lib.muster_plan_elapsed_ms(self._pointer)

    @property
    def work(self) -> int:
        """Steps that the search took, as work_limit counts them."""
        return lib.muster_plan_work(self._pointer)

    def check(self) -> None:
        """Ask the independent judge again; raises InternalError naming the first broken rule."""
        check(lib.muster_plan_check(self._pointer, self.problem._data))

    def __repr__(self) -> str:
        count = ffi.new("uint32_t *")
        lib.muster_plan_assignments(self._pointer, count)
        unmet = ffi.new("uint32_t *")
        lib.muster_plan_unmet(self._pointer, unmet)
        return (f"<muster.Plan of {count[0]} assignments, {unmet[0]} needs unmet, "
                f"{'optimal' if self.is_optimal else 'feasible'}>")

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>".replace("<muster", "&lt;muster").replace("></p>", "&gt;</p>") + self.tiers.to_html()
