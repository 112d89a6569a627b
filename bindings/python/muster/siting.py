"""Where units and stock should wait, and who should move up (docs/siting.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from muster import _bars
from muster._arguments import column, milliseconds, one_of, whole, whole_numbers
from muster._callbacks import watcher
from muster._errors import InvalidError, word
from muster._memory import made, plain, pointer_to
from muster._native import ffi, lib
from muster._places import lon_lat
from muster.metric import UNREACHABLE_MS, Matrix, Metric, Places

if TYPE_CHECKING:
    import pandas

MODELS = {"p_median": lib.MUSTER_P_MEDIAN, "p_center": lib.MUSTER_P_CENTER, "maximal_covering": lib.MUSTER_MAX_COVER,
          "location_set_covering": lib.MUSTER_SET_COVER, "expected_covering": lib.MUSTER_EXPECTED_COVER}
GOALS = ("p_median", "maximal_covering", "expected_covering")
_COMMANDS = {"max_cover": "maximal_covering", "set_cover": "location_set_covering",
             "expected_cover": "expected_covering"}
"""What `muster site` calls some of them."""

MOST = 2**32 - 1
MOST_UNITS = 1_000_000
MOST_WEIGHT = 10**9
MOST_S = (UNREACHABLE_MS - 1) / 1000


class SitingProgress(NamedTuple):
    """How far a search has come."""

    phase: str
    elapsed_ms: int
    work: int


class Siting:
    """Which places were chosen, whom each serves, and how good that is.

    `outcome` is "optimal", "feasible", "infeasible" or "undecided" (neither found nor disproven within the limits).
    `objective` (None where there is no siting) is in the model's units: p_median milliseconds times weight, to be
    small; p_center milliseconds; maximal_covering weight, to be great; location_set_covering places; expected_covering
    millionths times weight. Nothing has less than `bound`, or more where it is to be great; `gap` is their distance
    over the objective. `least_count`: where p_median or p_center is infeasible though each demand can be reached, so
    many more places it takes at least; else 0. `work` (steps) and `elapsed_ms` are what it took."""

    def __init__(self, pointer: Any, asked: _Asked):
        siting = ffi.gc(pointer, lib.muster_siting_free)
        result = lib.muster_siting_view(siting)
        is_found = result.outcome in (lib.MUSTER_SITING_OPTIMAL, lib.MUSTER_SITING_FEASIBLE)
        self.outcome = word(lib.muster_siting_outcome_name(result.outcome))
        self.objective: int | None = result.objective if is_found else None
        self.bound: int | None = result.bound if is_found else None
        self.gap: float | None = result.gap if is_found else None
        self.least_count: int = result.least_count
        self.work: int = result.work
        self.elapsed_ms: int = result.elapsed_ms
        self._asked = asked
        places, demands, units = asked.shape[0], asked.shape[1], asked.unit_count
        self._unit_count = _copy(result.unit_count, places if is_found else 0)
        self._place_of_demand = _copy(result.place_of_demand, demands if is_found else 0)
        self._travel_ms = _copy(result.travel_ms, demands if is_found else 0)
        self._place_of_unit = _copy(result.place_of_unit, units if is_found else 0)
        self._stranded = _copy(result.stranded, result.stranded_count)

    @property
    def is_proven(self) -> bool:
        """Proven best, or proven that there is none."""
        return self.outcome in ("optimal", "infeasible")

    @property
    def places(self) -> pandas.DataFrame:
        """The candidates' frame with `units`, how many are at each afterwards, and `added`, how many of them are more
        than there were. Without rows where there is no siting."""
        frame = self._asked.candidates.iloc[:len(self._unit_count)].copy()
        frame["units"] = self._unit_count
        frame["added"] = self._unit_count - self._asked.before[:len(self._unit_count)]
        return frame

    @property
    def chosen(self) -> pandas.DataFrame:
        """The rows of `places` that were chosen: opened, or to which units are added."""
        places = self.places
        return places[places.added > 0]

    @property
    def assignment(self) -> pandas.DataFrame:
        """The demands' frame with `place`, the label of the nearest candidate with a unit, NA where there is no way
        from any, `travel_s`, and `is_covered` where a time was asked for. Without rows where there is no siting."""
        import pandas
        frame = self._asked.demand.iloc[:len(self._travel_ms)].copy()
        has_way = self._place_of_demand != lib.MUSTER_NONE
        labels = self._asked.candidates.index
        positions = np.where(has_way, self._place_of_demand, -1)
        nearest = pandas.Series(labels.take(positions) if len(labels) else [None] * len(frame), frame.index,
                                labels.dtype)
        if pandas.api.types.is_integer_dtype(nearest.dtype):
            nearest = nearest.astype("Int64")  # labels stay whole beside gaps
        frame["place"] = nearest.where(has_way)
        frame["travel_s"] = np.where(has_way, self._travel_ms / 1000, np.nan)
        if self._asked.within_ms is not None:
            frame["is_covered"] = has_way & (self._travel_ms <= self._asked.within_ms[:len(self._travel_ms)])
        return frame

    @property
    def moves(self) -> pandas.DataFrame:
        """Of move_up, a row a unit that moves, by the unit's label: `from_place`, `to_place` and `travel_s`."""
        import pandas
        labels, before = self._asked.candidates.index, self._asked.unit_place
        moved = np.flatnonzero(self._place_of_unit != before[:len(self._place_of_unit)])
        after = self._place_of_unit[moved]
        return pandas.DataFrame({"from_place": labels.take(before[moved]), "to_place": labels.take(after),
                                 "travel_s": self._asked.move_ms[moved, after] / 1000},
                                index=self._asked.unit_labels.take(moved))

    @property
    def stranded(self) -> pandas.Index:
        """Labels of the demands that no place which may be used reaches, within reach where the model has one. Where
        the model has to reach all, they are why there is no siting."""
        return self._asked.demand.index.take(self._stranded.astype(np.int64))

    def __repr__(self) -> str:
        said = f"{self.outcome}, {self._asked.model}"
        if self.objective is None:
            return f"<muster.Siting {said}>"
        return (f"<muster.Siting {said}: {self.objective}, not better than {self.bound}, "
                f"{len(self.chosen)} places chosen>")

    def _repr_html_(self) -> str:
        return f"<p>{repr(self)[1:-1]}</p>" + self.chosen.to_html()


def site(candidates: Any, demand: Any, metric: Metric | None = None, *, matrix: Any = None, model: str = "p_median",
         count: int | None = None, within_s: Any = None, weight: Any = None, existing: Any = None, room: Any = None,
         busy: float = 0.0, time_limit: float = 60.0, work_limit: int = 0, threads: int = 0,
         on_progress: Callable[[SitingProgress], Any] | None = None, progress: bool = False) -> Siting:
    """Choose where to wait: solved to a proven optimum, or, where the limits end it, with a bound.

    Ctrl-C stops the search, and the best so far is returned.

    :param candidates: where units may wait: a GeoSeries or (Geo)DataFrame of points, (n, 2) numbers, or None with a
        matrix
    :param demand: whom they are for, likewise
    :param metric: how they travel, from candidates to demand
    :param matrix: travel times instead of a metric: a Matrix, a DataFrame of seconds with NaN where there is no way, or
        an array (candidates, demand) of whole milliseconds
    :param model: p_median (least sum of weight times travel time), p_center (least longest travel time),
        maximal_covering (most weight within `within_s`), location_set_covering (fewest places so that all are within
        `within_s`), expected_covering (several units at a place, each `busy` with a probability)
    :param count: how many more, at most: places, or units of expected_covering. One that gains nothing is not used.
        location_set_covering takes none.
    :param within_s: within how many seconds who is covered is reached; a number, or a column of `demand`
    :param weight: a column of `demand`, or numbers, whole, up to 10**9; 0 counts nowhere; None: all 1
    :param existing: a column of `candidates`, or numbers: units that are there and stay
    :param room: a column of `candidates`, a number or numbers: how many more may come to each; 0: nobody
    :param busy: the probability that a unit is busy, 0 to 0.999999
    :param time_limit: seconds; 0: no limit
    :param work_limit: steps; 0: no limit. With no time limit the siting is the same on any machine.
    :param threads: 0: one for each core; the siting is the same for any number
    :param on_progress: called with a SitingProgress now and then; False stops
    :param progress: draw a bar (tqdm)
    :raises InvalidError: naming frame, column, row and value, and what was expected"""
    model = _named("model", model, MODELS)
    if count is None and model != "location_set_covering":
        raise InvalidError(f"count is None; {model} expects how many more there may be")
    asked = _Asked(model, candidates, demand, metric, matrix, weight, within_s, room, busy)
    asked.data.model, asked.data.count = MODELS[model], whole("count", count or 0, 0, MOST)
    if existing is not None:
        asked.before = _numbers(asked.candidates, existing, 0, MOST_UNITS, "candidates", "existing")
        asked.data.existing = asked.keep(asked.before, np.uint32)
    return _solve(asked, time_limit, work_limit, threads, on_progress, progress)


def move_up(units: Any, candidates: Any, demand: Any, metric: Metric | None = None, *, matrix: Any = None,
            move_matrix: Any = None, moves: int, move_within_s: float, goal: str = "expected_covering",
            within_s: Any = None, weight: Any = None, room: Any = None, busy: float = 0.0, time_limit: float = 60.0,
            work_limit: int = 0, threads: int = 0,
            on_progress: Callable[[SitingProgress], Any] | None = None, progress: bool = False) -> Siting:
    """Choose which of the units that are free now should move, so that those who are free cover the most.

    :param units: labels of the candidates where they are: a Series, whose labels are the units', a sequence, or a
        DataFrame with a column `place`
    :param move_matrix: travel times (units, candidates) instead of those by the metric, in a form of `matrix`
    :param moves: how many may move, at most
    :param move_within_s: and none for longer
    :param goal: what it is for: p_median, maximal_covering or expected_covering
    :param room: how many of these units a place holds; those that stand there may stay in any case

    All else is as in `site`.
    :raises InvalidError: naming frame, column, row and value, and what was expected"""
    goal = _named("goal", goal, GOALS)
    asked = _Asked(goal, candidates, demand, metric, matrix, weight, within_s, room, busy)
    data = asked.data
    data.model, data.goal = lib.MUSTER_MOVE_UP, MODELS[goal]
    data.move_count = whole("moves", moves, 0, MOST)
    data.move_limit_ms = milliseconds("move_within_s", move_within_s, 0, MOST_S)
    asked.place_units(units, metric, move_matrix)
    return _solve(asked, time_limit, work_limit, threads, on_progress, progress)


# ---- what is asked -----------------------------------------------------------------------

def _named(what: str, model: str, names: Iterable[str]) -> str:
    """The name of a model, also where it is called as the command calls it."""
    called = str(model).replace("-", "_")
    return one_of(what, _COMMANDS.get(called, called), names)


def _copy(pointer: Any, count: int) -> np.ndarray:
    """As int64: MUSTER_NONE stays what it is, and differences have a sign."""
    return np.frombuffer(ffi.buffer(pointer, 4 * count), np.uint32).astype(np.int64) if count else np.empty(0, np.int64)


def _frame(places: Any, labels: Any, what: str) -> pandas.DataFrame:
    """A frame with a row for each place: the caller's own, or one of their longitudes and latitudes."""
    import pandas
    if places is None:
        if labels is None:
            raise InvalidError(f"{what} are None; expected places, or a matrix")
        return pandas.DataFrame(index=pandas.Index(labels))
    if hasattr(places, "columns"):
        return places
    if hasattr(places, "to_crs"):
        return places.to_frame("geometry")
    lon, lat = ((places.snap["lon_deg"], places.snap["lat_deg"]) if isinstance(places, Places)
                else lon_lat(places, what))
    return pandas.DataFrame({"lon": lon, "lat": lat}, index=places.index if isinstance(places, Places) else None)


def _table(matrix: Any, what: str) -> tuple[np.ndarray, Any, Any]:
    """(milliseconds, labels of rows, labels of columns)"""
    if isinstance(matrix, Matrix):
        return np.ascontiguousarray(matrix.duration_ms), None, None
    if hasattr(matrix, "columns"):
        seconds = matrix.to_numpy(np.float64)
        wrong = np.argwhere(~(np.isnan(seconds) | ((seconds >= 0) & (seconds <= MOST_S))))
        if wrong.size:
            row, at = wrong[0]
            raise InvalidError(f"{what}: column {plain(matrix.columns[at])!r} has {plain(seconds[row, at])!r} in row "
                               f"{plain(matrix.index[row])!r}; expected 0 or more seconds, or NaN")
        whole_ms = np.where(np.isnan(seconds), UNREACHABLE_MS, np.rint(1000 * np.nan_to_num(seconds)))
        return whole_ms.astype(np.uint32), matrix.index, matrix.columns
    table = np.asarray(matrix)
    if table.ndim != 2 or not np.issubdtype(table.dtype, np.integer):
        raise InvalidError(f"{what} is an array of {table.dtype} with {table.ndim} dimensions; expected two, of whole "
                           "milliseconds")
    wrong = np.argwhere((table < 0) | (table > MOST))
    if wrong.size:
        raise InvalidError(f"{what} has {table[tuple(wrong[0])]} in row {wrong[0][0]}, column {wrong[0][1]}; expected "
                           f"0 to {MOST} milliseconds")
    return np.ascontiguousarray(table, np.uint32), range(table.shape[0]), range(table.shape[1])


def _numbers(frame: pandas.DataFrame, values: Any, least: int, most: int, what: str, name: str) -> np.ndarray:
    """A column of the frame by its name, one number for all, or as many numbers as it has rows."""
    if isinstance(values, str):
        return whole_numbers(column(frame, values, what), least, most, what, values)
    if np.ndim(values) == 0:
        return np.full(len(frame), whole(name, values, least, most), np.int64)
    if len(values) != len(frame):
        raise InvalidError(f"{name} has {len(values)} values; expected {len(frame)}, one for each of the {what}")
    return whole_numbers(values, least, most, what, name)


class _Asked:
    """A problem of siting as C has it, with the frames that it came from."""

    def __init__(self, model: str, candidates: Any, demand: Any, metric: Metric | None, matrix: Any, weight: Any,
                 within_s: Any, room: Any, busy: float):
        self.model = model
        self._kept: list[Any] = []
        if (metric is None) == (matrix is None):
            raise InvalidError("neither or both of metric and matrix are given; expected one of them")
        if metric is not None:
            if candidates is None or demand is None:
                raise InvalidError("candidates or demand are None; expected places, or a matrix")
            self._from, to = metric.snap(candidates, what="candidates"), metric.snap(demand, what="demand")
            matrix = metric.matrix(self._from, to)
        table, rows, columns = _table(matrix, "matrix")
        self.candidates, self.demand = _frame(candidates, rows, "candidates"), _frame(demand, columns, "demand")
        self.shape = (len(self.candidates), len(self.demand))
        if table.shape != self.shape:
            raise InvalidError(f"matrix has the shape {table.shape}; expected {self.shape}, from candidates to demand")
        self.before = np.zeros(self.shape[0], np.int64)
        self.unit_count, self.unit_place = 0, np.empty(0, np.int64)
        self.within_ms: np.ndarray | None = None
        self.data = ffi.new("muster_siting_problem *", lib.muster_py_new_siting_problem())
        self.data.place_count, self.data.demand_count = self.shape
        self.data.travel_ms = self.keep(table, np.uint32)
        if weight is not None:
            self.data.weight = self.keep(_numbers(self.demand, weight, 0, MOST_WEIGHT, "demand", "weight"), np.int64)
        if room is not None:
            self.data.room = self.keep(_numbers(self.candidates, room, 0, MOST_UNITS, "candidates", "room"), np.uint32)
        self._take_reach(within_s)
        self._take_busy(busy)

    def keep(self, values: np.ndarray, dtype: type) -> Any:
        """A pointer to the values as that type; they live as long as this does."""
        array: np.ndarray = np.ascontiguousarray(values, dtype)
        self._kept.append(array)
        return pointer_to(array, f"{np.dtype(dtype).name}_t")

    def _take_reach(self, within_s: Any) -> None:
        if within_s is None:
            if self.model in ("maximal_covering", "location_set_covering", "expected_covering"):
                raise InvalidError(f"within_s is None; {self.model} expects within how many seconds who is covered is "
                                   "reached")
            return
        if isinstance(within_s, str):
            seconds = column(self.demand, within_s, "demand")
            found = [milliseconds(f"demand: column {within_s} in row {plain(label)!r}", value, 0, MOST_S)
                     for label, value in seconds.items()]
            self.within_ms = np.array(found, np.int64)
            self.data.within_of_demand_ms = self.keep(self.within_ms, np.uint32)
        else:
            self.data.within_ms = milliseconds("within_s", within_s, 0, MOST_S)
            self.within_ms = np.full(self.shape[1], self.data.within_ms, np.int64)

    def _take_busy(self, busy: float) -> None:
        if isinstance(busy, (str, bool)) or not 0 <= busy <= 0.999999:
            raise InvalidError(f"busy is {busy!r}; expected a probability from 0 to 0.999999")
        self.data.busy_millionths = round(1_000_000 * busy)

    def place_units(self, units: Any, metric: Metric | None, move_matrix: Any) -> None:
        """Of move-up: where units are, and how long each takes to where."""
        import pandas
        places = column(units, "place", "units") if hasattr(units, "columns") else pandas.Series(units, dtype=object)
        number = self.candidates.index.get_indexer_for(pandas.Index(places)) if len(places) else np.empty(0, np.int64)
        if len(number) != len(places):
            raise InvalidError("candidates have labels that come twice; expected each once, as units stand at them")
        wrong = np.flatnonzero(number < 0)
        if wrong.size:
            raise InvalidError(f"units: place is {plain(places.iloc[wrong[0]])!r} in row "
                               f"{plain(places.index[wrong[0]])!r}; expected the label of a candidate")
        self.unit_place, self.unit_labels, self.unit_count = number.astype(np.int64), places.index, len(places)
        if move_matrix is not None:
            self.move_ms, _, _ = _table(move_matrix, "move_matrix")
        elif metric is not None:
            self.move_ms = metric.matrix(self._from).duration_ms[self.unit_place]
        else:
            raise InvalidError("move_matrix is None; expected one, or a metric")
        if self.move_ms.shape != (self.unit_count, self.shape[0]):
            raise InvalidError(f"move_matrix has the shape {self.move_ms.shape}; expected "
                               f"{(self.unit_count, self.shape[0])}, from units to candidates")
        self.before = np.bincount(self.unit_place, minlength=self.shape[0]).astype(np.int64)
        self.data.unit_count = self.unit_count
        self.data.unit_place = self.keep(self.unit_place, np.uint32)
        self.data.move_ms = self.keep(self.move_ms, np.uint32)


def _solve(asked: _Asked, time_limit: float, work_limit: int, threads: int,
           on_progress: Callable[[SitingProgress], Any] | None, progress: bool) -> Siting:
    options = lib.muster_py_new_siting_options()
    options.time_limit_ms = milliseconds("time_limit", time_limit, 0, 2**31 / 1000)
    options.work_limit = whole("work_limit", work_limit, 0, 2**64 - 1)
    options.thread_count = whole("threads", threads, 0, 256)
    with (_bars.solving(progress, time_limit, work_limit, on_progress) as told,
          watcher(None if told is None else lambda state: told(
              SitingProgress(word(state.phase), state.elapsed_ms, state.work)),
                  lib.muster_py_watch_siting) as (callback, user, call)):
        options.watcher, options.watcher_user = callback, user
        pointer = made("muster_siting", lib.muster_siting_solve, asked.data, ffi.addressof(options))
    if call.error is not None and not isinstance(call.error, KeyboardInterrupt):
        lib.muster_siting_free(pointer)
        raise call.error
    return Siting(pointer, asked)
