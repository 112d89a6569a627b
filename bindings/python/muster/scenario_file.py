"""Scenario files: what a planner writes to see what would happen (docs/scenarios.md), and playing them."""

from __future__ import annotations

import datetime
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from muster import _bars
from muster._arguments import milliseconds, whole, words
from muster._callbacks import progress as _progress
from muster._callbacks import taker
from muster._errors import InvalidError, check, text, word
from muster._memory import Handle, encoded, made, plain
from muster._native import ffi, lib
from muster.problem import Scenario, BorrowedScenario
from muster.simulation import TABLE_NAMES, SimulationResult

if TYPE_CHECKING:
    import pandas

MOST_REPLICATIONS = 1_000_000


class ScenarioFile(Handle):
    """A scenario file that was read: who calls, what floods, what breaks, and by which policies it is answered.

    It never changes, and may be used by several threads. The store that it names is read when it is first played."""

    _free = lib.muster_scenario_file_free

    def __init__(self, pointer: Any, overrides: list[str]):
        super().__init__(pointer)
        self.overrides = overrides
        self._lock = threading.Lock()
        self._simulation: _Simulation | None = None

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, store: str | os.PathLike[str] | None = None,
             overrides: Mapping[str, Any] | Iterable[str] | None = None) -> ScenarioFile:
        """Read a TOML file.

        :param store: a GeoPackage or a PostGIS, instead of the one that the file names
        :param overrides: other values in the place of some of the file's: {"call.cardiac.when.per_h": 4,
            "policy.mine.base": "greedy"}, the key a path of names in which a table of a list goes by its code; or texts
            "KEY=VALUE" with the value as TOML has it. What is not in the file is added.
        :raises StoreError: no such file
        :raises FormatError: no TOML, with the line
        :raises InvalidError: naming file, line, table, key, value and what was expected; or the override"""
        listed = listed_overrides(overrides)
        kept = [ffi.new("char[]", encoded(override)) for override in listed]
        pointer = made("muster_scenario_file", lib.muster_scenario_file_read_with, encoded(path),
                       ffi.NULL if store is None else encoded(store), len(kept), ffi.new("const char *[]", kept))
        return cls(pointer, listed)

    # ---- what it says ---------------------------------------------------------------------

    @property
    def _about(self) -> Any:
        return lib.muster_scenario_file_about(self._pointer)

    @property
    def path(self) -> str:
        return word(self._about.path)

    @property
    def code(self) -> str:
        return word(self._about.code)

    @property
    def name(self) -> str | None:
        return text(self._about.name)

    @property
    def about(self) -> str | None:
        """What it is about, in the file's words."""
        return text(self._about.about)

    @property
    def store(self) -> str:
        """Where roads and units are: a path, or a connection."""
        return word(self._about.store)

    @property
    def start(self) -> datetime.datetime:
        """When it begins, by the local clock where it happens."""
        about = self._about
        zone = datetime.timezone(datetime.timedelta(minutes=about.clock_offset_min))
        return datetime.datetime.fromtimestamp(about.start_at_ms / 1000, zone)

    @property
    def length_s(self) -> float:
        """How long it is."""
        return float(self._about.length_ms) / 1000

    @property
    def seed(self) -> int:
        """What its courses are drawn from where nobody says otherwise."""
        return int(self._about.seed)

    @property
    def replications(self) -> int:
        """How often it is played where nobody says otherwise."""
        return int(self._about.replication_count)

    @property
    def assumptions(self) -> list[str]:
        """What it takes for granted, in sentences."""
        return [word(self._about.assumption[i]) for i in range(self._about.assumption_count)]

    @property
    def sources(self) -> list[str]:
        """Whose data and papers it stands on."""
        return [word(self._about.source[i]) for i in range(self._about.source_count)]

    @property
    def policies(self) -> list[str]:
        """Names of the policies that it can be played under: "greedy", "muster", and the file's own."""
        count = ffi.new("uint32_t *")
        policy = lib.muster_scenario_file_policies(self._pointer, count)
        return [word(policy[i].name) for i in range(count[0])]

    @property
    def standards(self) -> pandas.DataFrame:
        """What is expected: `type` and `severity` of the calls (None: of any) and `response_s`, within which the first
        has to be on scene. Of several that fit an incident the first counts."""
        import pandas
        return pandas.DataFrame([{**row, "response_s": row["response_ms"] / 1000} for row in _standards(self)],
                                columns=["type", "severity", "response_s"])

    @property
    def scenario(self) -> Scenario:
        """The scenario of the store that it names: roads, units, stocks. Read when it is first asked for."""
        pointer = lib.muster_simulation_scenario(self._played()._pointer)
        return BorrowedScenario(pointer, self._played(), self.store)

    def course(self, replication: int = 0, *, seed: int | None = None) -> list[dict[str, Any]]:
        """What happens from outside in one replication: events by time, as a session is told them (docs/session.md)."""
        replication = whole("replication", replication, 0, 2**32 - 1)
        seed = self.seed if seed is None else whole("seed", seed, 0, 2**64 - 1)
        scenario = lib.muster_simulation_scenario(self._played()._pointer)
        pointer = made("muster_course", lib.muster_course_draw, self._pointer, scenario, seed, replication)
        course, count = ffi.gc(pointer, lib.muster_course_free), ffi.new("uint32_t *")
        events = lib.muster_course_events(course, count)
        return [_event(events + i) for i in range(count[0])]

    def __repr__(self) -> str:
        return f"<muster.ScenarioFile {self.code}: {self.length_s / 3600:g} h from {self.start.isoformat()}>"

    # ---- playing it -----------------------------------------------------------------------

    def _played(self) -> _Simulation:
        with self._lock:
            if self._simulation is None:
                pointer = made("muster_simulation", lib.muster_simulation_new, self._pointer)
                self._simulation = _Simulation(pointer, self)
            return self._simulation

    def simulate(self, policies: str | Iterable[str] = ("greedy", "muster"), *, replications: int | None = None,
                 first: int = 0, seed: int | None = None, threads: int = 0, record: Iterable[int] = (0,),
                 series_s: float = 300, journal: str | os.PathLike[str] | None = None,
                 on_progress: Callable[[str, float], Any] | None = None, progress: bool = False) -> SimulationResult:
        """Play what might happen, often, under each policy the same, through the code that live dispatch runs on
        (docs/simulation.md). The same file, store, seed, policy and replication give the same results to the last bit,
        on any machine with any number of threads.

        Ctrl-C stops.

        :param policies: names of `policies`, one or several
        :param replications: how many; None: as the file says
        :param first: the number of the first
        :param seed: what courses are drawn from; None: the file's
        :param threads: 0: one for each core
        :param record: numbers of the replications of which ways, stock, prices and reasons are kept too
        :param series_s: how far apart the rows of `series` are, in seconds
        :param journal: a folder for the journal of the one replication under the one policy (`muster journal replay`)
        :param on_progress: called with a phase and a fraction from 0 to 1; False stops
        :param progress: draw a bar (tqdm)
        :raises InvalidError: an argument, or the store lacks what the file names
        :raises StoreError: the store cannot be read
        :raises CancelledError: `on_progress` has stopped it"""
        replications = self.replications if replications is None else replications
        wanted = Wanted(self, policies, replications, first, seed, threads, record, series_s, journal)
        simulation = self._played()
        run = run_of(self, wanted)
        collected = _Collected(wanted.policies[0])
        with (_bars.phases(progress, on_progress) as tell, taker(collected.take) as (take, take_user),
              _progress(tell) as (callback, user)):
            options = wanted.options
            options.taker, options.taker_user = take, take_user
            options.progress, options.progress_user = callback, user
            check(lib.muster_simulate(simulation._pointer, options))
        return SimulationResult(run, collected.make)


class _Simulation(Handle):
    """A scenario file with the store that it names."""

    _free = lib.muster_simulation_free

    def __init__(self, pointer: Any, file: ScenarioFile):
        super().__init__(pointer)
        self._file_pointer = file._pointer  # which it points to


class Wanted:
    """What is to be simulated: judged, and as C wants it."""

    def __init__(self, file: ScenarioFile, policies: str | Iterable[str], replications: int, first: int,
                 seed: int | None, threads: int, record: Iterable[int], series_s: float,
                 journal: str | os.PathLike[str] | None = None):
        self.policies = words("policies", policies)
        if not self.policies:
            raise InvalidError(f"policies are none; expected one or several of {', '.join(file.policies)}")
        self.replications = whole("replications", replications, 1, MOST_REPLICATIONS)
        self.first = whole("first", first, 0, 2**32 - 1 - MOST_REPLICATIONS)
        self.seed = file.seed if seed is None else whole("seed", seed, 0, 2**64 - 1)
        self.recorded = [whole("record", number, 0, 2**32 - 1) for number in record]
        self.series_ms = milliseconds("series_s", series_s, 1, 86400)
        self.policy = ffi.new("muster_policy[]", len(self.policies))
        for i, name in enumerate(self.policies):
            found = lib.muster_scenario_file_policy(file._pointer, name.encode())
            if found == ffi.NULL:
                raise InvalidError(f"there is no policy {name!r}; expected one of {', '.join(file.policies)}")
            self.policy[i] = found[0]
        self._kept = [ffi.new("uint32_t[]", self.recorded),
                      ffi.NULL if journal is None else ffi.new("char[]", encoded(journal))]
        self.options = ffi.new("muster_simulate_options *", lib.muster_py_new_simulate_options())
        options = self.options
        options.policy_count, options.policy = len(self.policies), self.policy
        options.first, options.count = self.first, self.replications
        options.has_seed, options.seed = 1, self.seed
        options.thread_count = whole("threads", threads, 0, 256)
        options.recorded_count, options.recorded = len(self.recorded), self._kept[0]
        options.series_ms, options.journal = self.series_ms, self._kept[1]


class _Collected:
    """Replications as they are handed over, and the tables that are made of them."""

    def __init__(self, first_policy: str):
        from muster import _simulated  # before anything is played: what it needs may not be installed
        self._simulated, self._first_policy = _simulated, first_policy
        self._parts: dict[str, list[Any]] = {name: [] for name in TABLE_NAMES}

    def take(self, replication: Any) -> None:
        for table in self._simulated.TABLES:
            self._parts[table].append(self._simulated.columns_of(table, replication))
        self._parts["totals"].append(self._simulated.totals_of(replication))
        if text(lib.muster_simulation_policy(replication)) == self._first_policy:  # they are the same under each
            self._parts["hazards"].extend(self._simulated.hazards_of(replication))

    def make(self, table: str) -> Any:
        parts = self._parts[table]
        if table == "totals":
            return self._simulated.totals_frame(parts)
        return self._simulated.hazards_frame(parts) if table == "hazards" else self._simulated.frame_of(table, parts)


# ---- overrides ---------------------------------------------------------------------------

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def _toml(value: Any) -> str:
    """A value as TOML writes it."""
    value = plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (list, tuple, np.ndarray)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Mapping):
        pairs = (f"{key if _BARE.fullmatch(key) else json.dumps(key)} = {_toml(part)}" for key, part in value.items())
        return f"{{{', '.join(pairs)}}}"
    raise InvalidError(f"overrides have {value!r}; expected a number, a text, a date, a list or a dict")


def listed_overrides(overrides: Mapping[str, Any] | Iterable[str] | None) -> list[str]:
    """Overrides as C wants them."""
    if overrides is None:
        return []
    if isinstance(overrides, Mapping):
        return [f"{key}={_toml(value)}" for key, value in overrides.items()]
    return words("overrides", overrides)


# ---- what was simulated, as run.json has it ----------------------------------------------

def _event(event: Any) -> dict[str, Any]:
    out, size = ffi.new("char **"), ffi.new("size_t *")
    check(lib.muster_event_write(out, size, event))
    try:
        return json.loads(ffi.buffer(out[0], size[0])[:])
    finally:
        lib.muster_event_json_free(out[0])


def _standards(file: ScenarioFile) -> list[dict[str, Any]]:
    count = ffi.new("uint32_t *")
    row = lib.muster_scenario_file_standards(file._pointer, count)
    return [{"type": text(row[i].type), "severity": text(lib.muster_severity_name(row[i].severity)),
             "response_ms": row[i].response_ms} for i in range(count[0])]


def _policy(policy: Any) -> dict[str, Any]:
    found = {"name": text(policy.name), "mode": text(lib.muster_replan_name(policy.mode))}
    for name in ("delay_ms", "interval_ms", "work_limit", "churn_unmet_need", "churn_response_time", "churn_most"):
        found[name] = getattr(policy, name)
    found["way_back"] = text(lib.muster_way_back_name(policy.way_back))
    for name in ("duty_most_ms", "rest_ms", "restock_percent", "restock_delay_ms"):
        found[name] = getattr(policy, name)
    return found


def _store_name(store: str) -> str:
    """From wherever it is read; a connection without what is nobody's business."""
    if not lib.muster_database_is_server(store.encode()) and os.path.exists(store):
        return os.path.realpath(store)
    name = ffi.new("char[]", 4096)
    check(lib.muster_store_name(name, 4096, store.encode()))
    return word(name)


def _scenario(file: ScenarioFile) -> dict[str, Any]:
    from muster._results_folder import real
    about, simulation = file._about, file._played()
    network = file.scenario.network
    corners = (network.node_lon.min(), network.node_lat.min(), network.node_lon.max(), network.node_lat.max())
    moment = ffi.new("char[28]")  # MUSTER_MOMENT_BYTES
    return {"code": file.code, "name": file.name or file.code, "name_zh": text(about.name_zh), "file": file.path,
            "sha256": text(lib.muster_simulation_sha256(simulation._pointer)), "store": _store_name(file.store),
            "start_at": text(lib.muster_moment_text_by(moment, about.start_at_ms // 1000, about.clock_offset_min)),
            "length_ms": about.length_ms, "bbox": [real(corner) for corner in corners]}


def _named(rows: Any, count: int) -> list[dict[str, Any]]:
    return [{"code": text(rows[i].code), "name": text(rows[i].name)} for i in range(count)]


def run_of(file: ScenarioFile, wanted: Wanted) -> dict[str, Any]:
    """What `muster simulate` writes as run.json; with `overrides` too, where there are any."""
    problem, about = file.scenario.problem._data, file._about
    run = {"format": "muster-simulation-1", "scenario": _scenario(file),
           "policies": [_policy(wanted.policy[i]) for i in range(len(wanted.policies))],
           "replications": wanted.replications, "first_replication": wanted.first, "seed": wanted.seed,
           "version": text(lib.muster_version()), "standards": _standards(file), "assumptions": file.assumptions,
           "assumptions_zh": [text(about.assumption_zh[i]) for i in range(about.assumption_zh_count)],
           "recorded": wanted.recorded, "kinds": _named(problem.kind, problem.kind_count),
           "authorities": _named(problem.authority, problem.authority_count)}
    if file.overrides:
        run["overrides"] = file.overrides
    return run
