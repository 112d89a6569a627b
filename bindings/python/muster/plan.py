"""Deciding who goes where, and what was decided."""

import numpy as np

from muster._callbacks import watcher
from muster._errors import InvalidError, check, text
from muster._memory import Handle, made, view
from muster._native import ffi, lib
from muster.problem import codes_of
from muster.route import Route

METHODS = {"optimize": lib.MUSTER_METHOD_OPTIMIZE, "greedy": lib.MUSTER_METHOD_GREEDY}

TIERS = tuple(text(lib.muster_tier_name(number)) for number in range(lib.MUSTER_TIER_COUNT))


class Progress:
    """How far a solve has come: phase, elapsed_ms, work, and unmet_need, response_time (None while there
    is no plan) and unmet_need_bound, in the units of the tiers."""

    def __init__(self, state):
        self.phase, self.elapsed_ms, self.work = text(state.phase), state.elapsed_ms, state.work
        has_plan = state.unmet_need != 2**63 - 1
        self.unmet_need = state.unmet_need if has_plan else None
        self.response_time = state.response_time if has_plan else None
        self.unmet_need_bound = state.unmet_need_bound


def solve(problem, *, time_limit=2.0, work_limit=0, threads=0, method="optimize", on_progress=None):
    """Decide who goes where. There is always a plan: what cannot be met is unmet, with a reason.

    Ctrl-C stops the search, and the best plan so far is returned.

    :param problem: a Problem, or a Scenario
    :param time_limit: seconds; 0: until it is proven, or `work_limit` is used up
    :param work_limit: steps; with no time limit the plan is the same on any machine
    :param threads: 0: one for each core
    :param method: "optimize" or "greedy"
    :param on_progress: called with a Progress now and then; False stops
    :raises InvalidError: naming the first wrong row"""
    problem = getattr(problem, "problem", problem)
    if method not in METHODS:
        raise InvalidError(f"method is {method!r}; expected optimize or greedy")
    if not 0 <= time_limit < 2**31 / 1000:
        raise InvalidError(f"time_limit is {time_limit!r}; expected 0 or more seconds")
    options = lib.muster_py_new_solve_options()
    options.time_limit_ms, options.work_limit = round(1000 * time_limit), work_limit
    options.thread_count, options.method = threads, METHODS[method]
    tell = None if on_progress is None else lambda state: on_progress(Progress(state))
    with watcher(tell) as (callback, user, call):
        options.watcher, options.watcher_user = callback, user
        pointer = made("muster_plan", lib.muster_solve, problem._data, ffi.addressof(options))
    if call.error is not None and not isinstance(call.error, KeyboardInterrupt):
        lib.muster_plan_free(pointer)
        raise call.error
    return Plan(pointer, problem)


class Plan(Handle):
    """Who goes where, what stays unmet and why, and how good that is. Judged before it is returned."""

    _free = lib.muster_plan_free

    def __init__(self, pointer, problem):
        super().__init__(pointer)
        self.problem, self._codes = problem, codes_of(problem)

    def _rows(self, function, *fields):
        """{field: array} of a list of the plan's."""
        count = ffi.new("uint32_t *")
        rows = function(self._pointer, count)
        return {field: np.array([getattr(rows[i], field) for i in range(count[0])]) for field in fields}

    def _unit_codes(self, resource, index):
        from muster.problem import RESOURCES
        return [self._codes[RESOURCES[r]][i] for r, i in zip(resource, index)]

    def _need_columns(self, need):
        d = self.problem._data
        return {"incident": [self._codes["incident"][d.need[int(n)].incident] for n in need],
                "need": [self._codes["kind"][d.need[int(n)].kind] for n in need]}

    # ---- tables ---------------------------------------------------------------------------

    @property
    def assignments(self):
        """A DataFrame: resource, unit, incident, need (its kind), quantity, depart_s, eta_s, distance_m,
        shipment (its number, or NA), is_late."""
        import pandas

        from muster.problem import RESOURCES
        rows = self._rows(lib.muster_plan_assignments, "resource", "index", "need", "quantity",
                          "depart_ms", "eta_ms", "distance_m", "shipment", "is_late")
        shipment = pandas.array([None if s == lib.MUSTER_NONE else int(s) for s in rows["shipment"]], dtype="Int64")
        return pandas.DataFrame({
            "resource": [RESOURCES[r] for r in rows["resource"]],
            "unit": self._unit_codes(rows["resource"], rows["index"]), **self._need_columns(rows["need"]),
            "quantity": rows["quantity"].astype(np.int64), "depart_s": rows["depart_ms"] / 1000,
            "eta_s": rows["eta_ms"] / 1000, "distance_m": rows["distance_m"].astype(np.float64),
            "shipment": shipment, "is_late": rows["is_late"].astype(bool)})

    @property
    def shipments(self):
        """A DataFrame: vehicle, warehouse, incident, depart_s, load_at_s, eta_s, distance_m, load_kg, load_m3."""
        import pandas
        rows = self._rows(lib.muster_plan_shipments, "vehicle", "stock", "incident", "depart_ms",
                          "load_at_ms", "eta_ms", "distance_m", "load_kg", "load_m3")
        return pandas.DataFrame({
            "vehicle": [self._codes["vehicle"][i] for i in rows["vehicle"]],
            "warehouse": [self._codes["item"][i] for i in rows["stock"]],
            "incident": [self._codes["incident"][i] for i in rows["incident"]],
            **{f"{name}_s": rows[f"{name}_ms"] / 1000 for name in ("depart", "load_at", "eta")},
            **{name: rows[name].astype(np.float64) for name in ("distance_m", "load_kg", "load_m3")}})

    @property
    def unmet(self):
        """A DataFrame: incident, need (its kind), quantity that is missing, reason."""
        import pandas
        rows = self._rows(lib.muster_plan_unmet, "need", "quantity", "reason")
        return pandas.DataFrame({**self._need_columns(rows["need"]), "quantity": rows["quantity"].astype(np.int64),
                                 "reason": [text(lib.muster_unmet_reason_name(r)) for r in rows["reason"].tolist()]})

    @property
    def tiers(self):
        """A DataFrame by tier, in order of importance: value, bound (no plan has less) and gap, in %."""
        import pandas
        order = ffi.new("muster_tier[]", lib.MUSTER_TIER_COUNT)
        lib.muster_plan_tier_order(self._pointer, order)
        found = [(TIERS[t], lib.muster_plan_tier(self._pointer, t)) for t in order]
        values, bounds = ([getattr(result, field) for _, result in found] for field in ("value", "bound"))
        gaps = [100 * (v - b) / v if v else 0.0 for v, b in zip(values, bounds)]
        return pandas.DataFrame({"value": values, "bound": bounds, "gap_percent": gaps},
                                index=pandas.Index([name for name, _ in found], name="tier"))

    def routes(self):
        """The roads of all assignments, as a GeoDataFrame with the columns of `assignments`."""
        from muster._frames import routes_frame
        assignments, routes = self.assignments, []
        for number in range(len(assignments)):
            pointer = made("muster_route", lib.muster_plan_route, self._pointer, self.problem._data, number)
            routes.append(None if pointer == ffi.NULL else Route(pointer))
        lines = routes_frame(routes, assignments.index)
        return lines[["geometry"]].join(assignments)

    # ---- reasons --------------------------------------------------------------------------

    def explain(self, incident=None):
        """Why a plan does what it does, in sentences: a DataFrame by need: incident, need, and `unmet`,
        `not_nearest` and `what_would_help`, None where there is nothing to say.

        :param incident: its code; None: all of them
        :raises InvalidError: no incident of that code"""
        from muster._reasons import reasons_frame
        return reasons_frame(self, incident)

    def explore(self, **options):
        """An interactive map (folium) of the ways and incidents. `options` go to GeoDataFrame.explore."""
        import geopandas
        d = self.problem._data
        incidents = geopandas.GeoDataFrame(
            {"incident": self._codes["incident"],
             "severity": [text(lib.muster_severity_name(d.incident[i].severity)) for i in range(d.incident_count)]},
            geometry=geopandas.points_from_xy([d.incident[i].site.lon_deg for i in range(d.incident_count)],
                                              [d.incident[i].site.lat_deg for i in range(d.incident_count)]),
            crs="EPSG:4326")
        routes = self.routes()
        routes = routes[~routes.geometry.isna()]
        shown = routes.explore(column="resource", **options) if len(routes) else None
        return incidents.explore(m=shown, color="black", marker_kwds={"radius": 6}, name="incidents")

    # ---- figures --------------------------------------------------------------------------

    @property
    def is_optimal(self):
        """Proven best in every tier."""
        return lib.muster_plan_outcome(self._pointer) == lib.MUSTER_OPTIMAL

    @property
    def elapsed_ms(self):
        return lib.muster_plan_elapsed_ms(self._pointer)

    @property
    def work(self):
        """Steps that the search took, as work_limit counts them."""
        return lib.muster_plan_work(self._pointer)

    def check(self):
        """Ask the independent judge again; raises InternalError naming the first broken rule."""
        check(lib.muster_plan_check(self._pointer, self.problem._data))

    def __repr__(self):
        count = ffi.new("uint32_t *")
        lib.muster_plan_assignments(self._pointer, count)
        unmet = ffi.new("uint32_t *")
        lib.muster_plan_unmet(self._pointer, unmet)
        return (f"<muster.Plan of {count[0]} assignments, {unmet[0]} needs unmet, "
                f"{'optimal' if self.is_optimal else 'feasible'}>")

    def _repr_html_(self):
        return f"<p>{self!r}</p>".replace("<muster", "&lt;muster").replace("></p>", "&gt;</p>") + self.tiers.to_html()
