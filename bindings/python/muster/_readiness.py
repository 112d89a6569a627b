"""Are we covered, and what breaks first? Who gets to each place in time, as things are and after what-ifs
(docs/readiness.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from muster import _bars
from muster._arguments import one_of, whole, words
from muster._callbacks import progress as _progress
from muster._closing import changes
from muster._errors import InvalidError, check
from muster._memory import Handle, given, made, plain, pointer_to
from muster._native import ffi, lib
from muster._places import lon_lat
from muster._standard import Reach, asked_reach
from muster._structs import listed, rows
from muster.metric import UNREACHABLE_MS
from muster.plan import Plan
from muster.problem import RESOURCES, Problem, Scenario, codes_of

if TYPE_CHECKING:
    import pandas

PARTS = {"roads": lib.MUSTER_PART_ROAD, "bridges": lib.MUSTER_PART_BRIDGE, "warehouses": lib.MUSTER_PART_WAREHOUSE,
         "units": lib.MUSTER_PART_UNIT}


class Readiness(Handle):
    """How every place stands to every standard. Made by `readiness`, or by `what_if` from another, its `base`."""

    _free = lib.muster_readiness_free

    def __init__(self, pointer: Any, asked: _Asked, base: Readiness | None = None, change: _Change | None = None):
        super().__init__(pointer)
        self.base, self._asked, self._change = base, asked, change  # all are pointed to

    # ---- tables ---------------------------------------------------------------------------

    @property
    def _cells(self) -> np.ndarray:
        shape = (self._asked.place_count, len(self._asked.reach))
        cells = lib.muster_readiness_cells(self._pointer)
        return rows("muster_readiness_cell", cells, shape[0] * shape[1]).reshape(shape)

    @property
    def places(self) -> pandas.DataFrame:
        """The places' frame, the weakest first, with `people` (how much it counts; 0: not known), `state` ("ready",
        "below", or "unreached": for some standard nobody ever comes), `missed` standards, `late_s` by how much they are
        late in all, `spare_s` the least by which one is met (NaN: none is). Where there is one standard: `units` and
        `quantity` in time, `first_s`, `complete_s` (NaN: never) and `met`. Of a what-if: `has_fallen`, that it met a
        standard before and no longer does."""
        state = rows("muster_readiness_state", lib.muster_readiness_states(self._pointer), self._asked.place_count)
        cells = self._cells
        frame = self._asked.frame.copy()
        frame["people"] = self._asked.people
        is_unreached = (cells["first_ms"] >= UNREACHABLE_MS).any(axis=1)
        frame["state"] = np.where(is_unreached, "unreached", np.where(state["unmet_count"] > 0, "below", "ready"))
        frame["missed"], frame["late_s"] = state["unmet_count"].astype(np.int64), state["late_ms"] / 1000
        frame["spare_s"] = _seconds(state["spare_ms"])
        if len(self._asked.reach) == 1:
            for name, values in self._in_time(cells[:, 0], self._asked.reach[0].within_ms).items():
                frame[name] = values
        if self.base is not None:
            frame["has_fallen"] = self._lost[1]
        order = rows("uint32_t", lib.muster_readiness_weakest(self._pointer), self._asked.place_count)
        return frame.iloc[order.astype(np.int64)]

    @staticmethod
    def _in_time(cells: np.ndarray, within_ms: Any) -> dict[str, np.ndarray]:
        return {"units": cells["unit_count"].astype(np.int64), "quantity": cells["quantity"],
                "first_s": _seconds(cells["first_ms"]), "complete_s": _seconds(cells["complete_ms"]),
                "met": cells["complete_ms"] <= within_ms}

    @property
    def cells(self) -> pandas.DataFrame:
        """A row a place and standard, in the order in which they were given: `place`, its label, `kind`, `within_s`,
        `units` and `quantity` in time, `first_s`, `complete_s` (NaN: never), `met`."""
        import pandas
        reach, count = self._asked.reach, self._asked.place_count
        within_ms = np.tile(np.array([r.within_ms for r in reach], np.int64), count)
        return pandas.DataFrame({
            "place": self._asked.frame.index.repeat(len(reach)),
            "kind": [self._asked.kinds[r.kind] for r in reach] * count, "within_s": within_ms / 1000,
            **self._in_time(self._cells.ravel(), within_ms)})

    @property
    def standards(self) -> pandas.DataFrame:
        """A row a standard: `kind`, `resource`, `within_s`, `units`, `quantity`; how many places have `met` it or are
        `below`, and `below_people`."""
        import pandas
        asked, is_met = self._asked, self._cells["complete_ms"] <= [r.within_ms for r in self._asked.reach]
        kinds = asked.problem._data.kind
        return pandas.DataFrame({
            "kind": [asked.kinds[r.kind] for r in asked.reach],
            "resource": [RESOURCES[kinds[r.kind].resource] for r in asked.reach],
            "within_s": [r.within_ms / 1000 for r in asked.reach], "units": [r.units for r in asked.reach],
            "quantity": [r.quantity for r in asked.reach], "met": is_met.sum(axis=0), "below": (~is_met).sum(axis=0),
            "below_people": np.where(is_met, 0, asked.people[:, None]).sum(axis=0)})

    def units(self, place: Any, kind: str | None = None) -> pandas.DataFrame:
        """Who comes to a place, in order of arrival: `kind`, `resource`, `unit`, `arrival_s`, `quantity`.

        :param place: its label
        :param kind: for the standard of that kind alone
        :raises InvalidError: there is no such place, or no standard of that kind"""
        import pandas
        if place not in self._asked.frame.index:
            raise InvalidError(f"place is {plain(place)!r}; expected a label of the places")
        at = self._asked.frame.index.get_indexer_for([place])[0]
        if kind is not None:
            one_of("kind", kind, [self._asked.kinds[r.kind] for r in self._asked.reach])
        found = [self._units_of(at, number, self._asked.kinds[reach.kind])
                 for number, reach in enumerate(self._asked.reach)
                 if kind is None or self._asked.kinds[reach.kind] == kind]
        return pandas.concat(found, ignore_index=True)

    def _units_of(self, place: int, standard: int, kind: str) -> pandas.DataFrame:
        import pandas
        d, count = self._asked.problem._data, ffi.new("uint32_t *")
        most = d.team_count + d.vehicle_count + d.machine_count + d.stock_count
        out = ffi.new("muster_readiness_unit[]", most + 1)
        check(lib.muster_readiness_units(self._pointer, place, standard, most + 1, count, out))
        comers = rows("muster_readiness_unit", out, count[0])
        resources = [RESOURCES[resource] for resource in comers["resource"]]
        return pandas.DataFrame({
            "kind": kind, "resource": resources,
            "unit": [self._asked.codes[resource][i] for resource, i in zip(resources, comers["index"])],
            "arrival_s": _seconds(comers["arrival_ms"]), "quantity": comers["quantity"]})

    # ---- what-ifs -------------------------------------------------------------------------

    def what_if(self, areas: Any = None, *, lines: Any = None, edges: Any = None,
                depth_m: float = float("inf"), speed_factor: float | None = None, without: str | Iterable[str] = (),
                after: Plan | None = None) -> Readiness:
        """The same with some changes, which hold together. This one stays as it is. Places and units stand on the
        nearest road that is open; what is an island is decided as if nothing were closed.

        :param areas, lines, depth_m, speed_factor: what is flooded, closed or slow, as in Metric.close
        :param edges: numbers of edges that are closed, both ways, to all that drive
        :param without: codes of teams, vehicles, pools of machines and warehouses that are gone
        :param after: a plan of the same problem: what it sends is gone, and so are the vehicles that bring it
        :raises InvalidError: naming area, edge or code, and what was expected"""
        if self.base is not None:
            raise InvalidError("this is a what-if already; expected one of its base, with all changes together")
        change = _Change(self._asked, words("without", without), after)
        if areas is not None or lines is not None:
            change.close(areas, lines, depth_m, speed_factor)
        if edges is not None:
            change.close_edges(edges)
        pointer = made("muster_readiness", lib.muster_readiness_change, self._pointer, change.data)
        return Readiness(pointer, self._asked, self, change)

    @property
    def _lost(self) -> tuple[dict[str, float], np.ndarray]:
        if self.base is None:
            raise InvalidError("this is no what-if; expected one, which differs from its base")
        loss, fallen = ffi.new("muster_readiness_loss *"), ffi.new("bool[]", self._asked.place_count + 1)
        check(lib.muster_readiness_compare(self.base._pointer, self._pointer, loss, fallen))
        return _loss(loss), np.array([fallen[i] for i in range(self._asked.place_count)], bool)

    @property
    def lost(self) -> dict[str, float]:
        """What a what-if loses from its base: `fallen` places and the `fallen_people` there; `beyond`, places where a
        standard was complete by the horizon and no longer is; `slower` ones; `lost_people_s`, people times seconds.
        Gains are not set off."""
        return self._lost[0]

    # ---- N-1 ------------------------------------------------------------------------------

    def n_minus_1(self, part: str = "roads", most: int = 20, *,
                  on_progress: Callable[[str, float], Any] | None = None, progress: bool = False) -> pandas.DataFrame:
        """Which single parts hurt most when they are missing, the worst first, exactly: no part that is left out would
        come before the last. Those without any loss are not in it.

        :param part: "roads", "bridges", "warehouses" or "units"
        :param most: how long the list may be
        :param on_progress: called with a phase and a fraction from 0 to 1; False stops
        :param progress: draw a bar (tqdm)
        :raises CancelledError: `on_progress` has said so
        :returns: of roads and bridges a GeoDataFrame by number of the first edge: `edge_id`, `name`, `road_class`, the
            line, and `edges`, a list of all that are closed together, as one road (docs/readiness.md); else `resource`
            and `unit`, its code; and what is lost, as in `lost`. `attrs` has `there_are`, `candidates`, on which
            somebody depends, and `tried`."""
        from muster._readiness_frames import criticals_frame
        part = one_of("part", part, PARTS)
        most = whole("most", most, 1, 2**32 - 1)
        with _bars.phases(progress, on_progress) as tell, _progress(tell) as (callback, user):
            pointer = made("muster_criticals", lib.muster_criticals_find, self._pointer, PARTS[part], most, callback,
                           user)
        found = ffi.gc(pointer, lib.muster_criticals_free)
        critical = listed("muster_critical", lib.muster_criticals_list, found)
        roads = [self._edges(found, i) for i in range(len(critical))] if part in ("roads", "bridges") else None
        frame = criticals_frame(self._asked.problem, self._asked.codes, critical, roads)
        effort = lib.muster_criticals_effort_of(found)
        frame.attrs = {"there_are": effort.part_count, "candidates": effort.candidate_count,
                       "tried": effort.tried_count}
        return frame

    @staticmethod
    def _edges(found: Any, number: int) -> list[int]:
        count = ffi.new("uint32_t *")
        edges = lib.muster_criticals_edges(found, number, count)
        return [edges[i] for i in range(count[0])]

    # ---- figures --------------------------------------------------------------------------

    def __repr__(self) -> str:
        missed = rows("muster_readiness_state", lib.muster_readiness_states(self._pointer),
                      self._asked.place_count)["unmet_count"]
        return (f"<muster.Readiness of {len(missed)} places: {(missed == 0).sum()} meet every standard, "
                f"{(missed > 0).sum()} do not>")

    def _repr_html_(self) -> str:
        return f"<p>{repr(self)[1:-1]}</p>" + self.places.head(10).to_html()


def readiness(problem: Problem | Scenario, places: Any = None, *, capability: str | Iterable[str] | None = None,
              within_s: int | None = None, k: int | None = None, quantity: int | None = None, standards: Any = None,
              people: Any = None, areas: Any = None, lines: Any = None, edges: Any = None,
              depth_m: float = float("inf"), speed_factor: float | None = None, without: str | Iterable[str] = (),
              after: Plan | None = None, threads: int = 0) -> Readiness:
    """Work out who gets to each place, and when: `readiness(...).places` is a GeoDataFrame, the weakest first.

    Who counts is every resource of the kind: it is ready after its turnout, or when it is available, drives by its own
    metric, and has to arrive before its shift ends. With `areas`, `lines`, `edges`, `without` or `after` it is the
    what-if of what things are like now, which is its `base`.

    :param places: what has to be reached: a GeoSeries or (Geo)DataFrame of points, or (n, 2) numbers; None, of a
        Scenario: its at-risk sites and villages (Scenario.places)
    :param capability: the code of a kind, or several: `k` units (1) within `within_s` seconds (1800)
    :param quantity: how many people, vehicles, machines or items there have to be in all
    :param standards: instead of a capability: a DataFrame or a list of dicts with `kind`, `within_s`, `units` and
        `quantity`; or a path of a standard of `muster readiness`, or the same as a dict. Without both it is our own
        (data/readiness.json), of which kinds that are not known are left out.
    :param people: how much each place counts: a column of `places`, or numbers; None: its column population, if
        there is one. Where it is not known, a place counts 1.
    :param areas, lines, edges, depth_m, speed_factor, without, after: as in Readiness.what_if
    :param threads: 0: one for each core; the result is the same for any number
    :raises InvalidError: naming frame, column, row and value, and what was expected"""
    if places is None:
        if not isinstance(problem, Scenario):
            raise InvalidError("places are None; expected places, or a Scenario, whose own are meant then")
        own = problem.places
        places = own[own.level.isin(["at_risk_site", "village"])]
        if not len(places):
            raise InvalidError(f"{problem.place}: nothing that has to be reached; expected places")
    found = problem.problem if isinstance(problem, Scenario) else problem
    kinds = [plain(code) for code in codes_of(found)["kind"]]
    numbers = {code: i for i, code in enumerate(kinds)}
    asked = _Asked(found, places, people, kinds, asked_reach(numbers, standards, capability, within_s, k, quantity))
    options = ffi.new("muster_readiness_options *", lib.muster_py_new_readiness_options())
    options.thread_count = whole("threads", threads, 0, 256)
    options.horizon_ms = max(options.horizon_ms, *(2 * reach.within_ms for reach in asked.reach))
    pointer = made("muster_readiness", lib.muster_readiness_new, found._data, asked.place_count, asked.places,
                   len(asked.reach), asked.standards, options)
    now = Readiness(pointer, asked)
    without = words("without", without)
    if areas is None and lines is None and edges is None and not without and after is None:
        return now
    return now.what_if(areas, lines=lines, edges=edges, depth_m=depth_m, speed_factor=speed_factor, without=without,
                       after=after)


# ---- what is asked -----------------------------------------------------------------------

def _seconds(ms: np.ndarray) -> np.ndarray:
    return np.where(ms >= UNREACHABLE_MS, np.nan, ms / 1000)


def _loss(loss: Any) -> dict[str, float]:
    return {"fallen": loss.fallen_count, "fallen_people": loss.fallen_weight, "beyond": loss.beyond_count,
            "slower": loss.slower_count, "lost_people_s": loss.lost_ms / 1000}


class _Asked:
    """Places and standards as C has them, with the frame that they came from."""

    def __init__(self, problem: Problem, places: Any, people: Any, kinds: list[str], reach: list[Reach]):
        from muster._readiness_frames import people_of, places_frame
        self.problem, self.kinds, self.reach = problem, kinds, reach
        self.codes = codes_of(problem)
        lon, lat = lon_lat(places, "places")
        self.frame = places_frame(places, lon, lat)
        self.place_count = len(self.frame)
        self.people = people_of(self.frame, people)
        self._names = [ffi.new("char[]", str(plain(label)).encode()) for label in self.frame.index]
        self.places = ffi.new("muster_readiness_place[]", self.place_count + 1)
        for i in range(self.place_count):
            place = self.places[i]
            place.code, place.weight = self._names[i], max(int(self.people[i]), 1)
            place.site.lon_deg, place.site.lat_deg = lon[i], lat[i]
        self.standards = ffi.new("muster_readiness_standard[]", len(reach))
        for i, (kind, within_ms, units, quantity) in enumerate(reach):
            self.standards[i] = {"kind": kind, "within_ms": within_ms, "unit_count": units, "quantity": quantity}


class _Change:
    """What is changed, as C has it, and all that it points to."""

    def __init__(self, asked: _Asked, without: list[str], after: Plan | None):
        self._asked = asked
        self._kept: list[Any] = []
        gone = [row for code in without for row in self._rows_of(code)]
        if after is not None:
            gone += self._sent_by(after)
        self._gone = ffi.new("muster_gone[]", [dict(zip(("resource", "index", "quantity"), row)) for row in gone])
        self.data = ffi.new("muster_what_if *", {"gone_count": len(gone), "gone": self._gone})

    def _rows_of(self, code: str) -> list[tuple[int, int, int]]:
        found = [(number, int(row), 0) for number, resource in enumerate(RESOURCES)
                 for row in np.flatnonzero(self._asked.codes[resource] == code)]
        if not found:
            raise InvalidError(f"without {code!r}: nothing has this code; expected that of a team, a vehicle, a pool "
                               "of machines or a warehouse that is available")
        return found

    def _sent_by(self, plan: Plan) -> list[tuple[int, int, int]]:
        ours, its = self._asked.codes, codes_of(plan.problem)
        if any(ours[resource].tolist() != its[resource].tolist() for resource in RESOURCES):
            raise InvalidError("after is a plan of another problem; expected one of the same")
        sent = listed("muster_assignment", lib.muster_plan_assignments, plan._pointer)
        trips = listed("muster_shipment", lib.muster_plan_shipments, plan._pointer)
        return [*zip(*(sent[name].tolist() for name in ("resource", "index", "quantity"))),
                *((lib.MUSTER_VEHICLE, vehicle, 0) for vehicle in trips["vehicle"].tolist())]

    def close_edges(self, edges: Any) -> None:
        array = given(edges, np.uint32, "edges")
        self._kept.append(array)
        self.data.edge_count, self.data.edge = len(array), pointer_to(array, "uint32_t")

    def close(self, areas: Any, lines: Any, depth_m: float, speed_factor: float | None) -> None:
        """The problem with metrics on which all that drives finds areas and lines closed."""
        problem = ffi.new("muster_problem *", self._asked.problem._data[0])
        metrics = []
        for i in range(problem.metric_count):
            pointer = problem.metric[i]
            if not lib.muster_metric_flies(pointer):
                with changes(pointer, areas, lines, None, depth_m, speed_factor) as (count, change):
                    pointer = ffi.gc(made("muster_metric", lib.muster_metric_change, pointer, count, change),
                                     lib.muster_metric_free)
            metrics.append(pointer)
        array = ffi.new("const muster_metric *[]", metrics)
        problem.metric, self.data.problem = array, problem
        self._kept += [problem, metrics, array]
