"""What is true this second: who and what is where, and what is needed where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from muster._arguments import whole
from muster._errors import InvalidError, check, text, word
from muster._memory import Handle, encoded, made
from muster._names import RESOURCES
from muster._native import ffi, lib
from muster._structs import rows, texts
from muster.metric import Metric
from muster.network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from muster._native import CData
    from muster._types import Frame, Path, Rows
    from muster.simulation import SimulationResult

__all__ = ["RESOURCES", "Problem", "Scenario"]


class Problem:
    """Units, stocks, incidents and needs, ready for `solve`.

    Made from DataFrames (`from_frames`) or by a Scenario. What is sent where, in a Plan, is told
    by the codes of the frames; the frames themselves are not kept, but can be had again (`frames`)."""

    def __init__(self, data: CData, owner: Any, metrics: Mapping[str, Metric] | None = None) -> None:
        self._data, self._owner = data, owner
        self._metrics = None if metrics is None else dict(metrics)

    @classmethod
    def from_frames(cls, metrics: Mapping[str, Metric], *, kinds: Frame, incidents: Frame, needs: Frame,
                    teams: Frame | None = None, vehicles: Frame | None = None, machines: Frame | None = None,
                    stocks: Frame | None = None, authorities: Frame | None = None, zones: Frame | None = None,
                    rules: Frame | None = None, weights: Frame | Mapping[str, float] | None = None,
                    by_vehicle: bool = False, max_sources: int = 0) -> Problem:
        """Build a problem. Columns are those of the tables in docs/schema.md, times in seconds; places are
        columns lon and lat, or the geometry of a GeoDataFrame. Columns in brackets may be left out, and where
        they are there may have gaps.

        :param metrics: {profile: Metric}, all on one network: how units travel
        :param kinds: code, resource (people, vehicle, machine, item) [name, mass_kg, volume_m3, and of machines
            operator_kind, operator_count]
        :param teams: code, profile, people, capabilities (a list of kinds, or one) [name, turnout_s,
            ready_s, shift_end_s, duty_s, authority, grade]
        :param vehicles: code, profile, kind [name, turnout_s, ..., payload_kg, volume_m3]
        :param machines: code, profile, kind, count [name, turnout_s, ...]
        :param stocks: code (of the warehouse), profile, kind, quantity [name, loading_s, ready_s, ...]
        :param incidents: code, severity (minor, moderate, severe, extreme) [name, deadline_s, on_scene_s,
            all_or_nothing, authority]
        :param needs: incident, kind, quantity [minimum, grade]
        :param authorities: who has to be asked: code, level (village, town, county, city, mutual_aid)
            [name, parent]
        :param zones: cover to be kept: code, kind, radius_s, required, weight
        :param rules: what has been decided: type (lock, forbid, hold, en_route), resource, code [kind: of items,
            which; of a lock, the need that it serves; incident: of all but a hold; quantity: of a lock on machines
            or items; vehicle: that has items on board]
        :param weights: {key: value}, or columns key and value, of what is not as by default
        :param by_vehicle: items come in shipments, by vehicles with payload_kg and volume_m3
        :param max_sources: by vehicle: warehouses that may ship to one incident; 0: three
        :raises InvalidError: naming frame, column, row and value, and what was expected"""
        from muster._problem_frames import problem_data
        max_sources = whole("max_sources", max_sources, 0, lib.MUSTER_NONE - 1)
        if not isinstance(metrics, Mapping) or not all(isinstance(metric, Metric) for metric in metrics.values()):
            raise InvalidError("metrics are no mapping of names to Metric; expected {'light': network.metric('light')}")
        frames = {"kinds": kinds, "incidents": incidents, "needs": needs, "teams": teams, "vehicles": vehicles,
                  "machines": machines, "stocks": stocks, "authorities": authorities, "zones": zones, "rules": rules}
        problem = cls(*problem_data(dict(metrics), frames, weights, by_vehicle, max_sources), metrics)
        problem.check()
        return problem

    def frames(self) -> dict[str, Any]:
        """The arguments of from_frames that make the same problem: `Problem.from_frames(**problem.frames())`.

        So what a scenario holds can be changed with pandas, and planned again."""
        from muster._frames_of_problem import frames_of
        return frames_of(self)

    @property
    def metrics(self) -> dict[str, Metric]:
        """{profile: Metric}: how units travel."""
        if self._metrics is None:
            self._metrics = _borrowed_metrics(self)
        return dict(self._metrics)

    def check(self) -> None:
        """Raise InvalidError naming the first wrong row; `solve` does it too."""
        check(lib.muster_problem_check(self._data))

    @property
    def incident_count(self) -> int:
        """How many incidents there are."""
        return int(self._data.incident_count)

    @property
    def need_count(self) -> int:
        """How many needs they have together."""
        return int(self._data.need_count)

    def __repr__(self) -> str:
        d = self._data
        return (f"<muster.Problem of {d.incident_count} incidents with {d.need_count} needs, {d.team_count} teams, "
                f"{d.vehicle_count} vehicles, {d.machine_count} pools of machines and {d.stock_count} stocks>")

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("Problem lives in this process; send `problem.frames()` without its metrics, and build it "
                        "there with `Problem.from_frames`")


class Scenario(Handle):
    """Roads, resources and incidents of a store, as `muster plan` reads them."""

    _free = lib.muster_scenario_free
    place: Path
    """The store that it was read from."""

    @classmethod
    def load(cls, place: Path, code: str | None = None) -> Scenario:
        """Read a scenario of a store, with its network and a metric for each profile that units travel by. It is as
        things are with nothing closed: hazards and closures of the store are for `Metric.close`.

        :param place: a GeoPackage or a PostGIS (`postgresql://...`)
        :param code: which scenario of the store; None: its default one
        :raises InvalidError: an unknown code (the text lists those there are), or a wrong row"""
        if str(place).endswith(".toml"):
            raise InvalidError(f"{place} is a scenario file; expected a store (ScenarioFile.load reads it)")
        scenario = cls(made("muster_scenario", lib.muster_scenario_load, encoded(place),
                            ffi.NULL if code is None else encoded(code)))
        scenario.place = place
        return scenario

    @property
    def code(self) -> str:
        return word(lib.muster_scenario_code(self._pointer))

    @property
    def name(self) -> str | None:
        return text(lib.muster_scenario_name(self._pointer))

    @property
    def problem(self) -> Problem:
        """What is to be decided; `solve` takes the scenario itself, too."""
        return Problem(lib.muster_scenario_problem(self._pointer), self)

    @property
    def network(self) -> Network:
        """Its roads. They live as long as the scenario does."""
        return _BorrowedNetwork(lib.muster_scenario_network(self._pointer), self)

    @property
    def places(self) -> Any:
        """Where people are, of the store: a GeoDataFrame by code, of at-risk sites, then villages, towns, counties and
        cities: `name`, `level` ("at_risk_site", "village", ...), `population` (NA: not known)."""
        from muster._stores import places_frame
        return places_frame(self.place)

    @property
    def kits(self) -> Frame:
        """What at-risk sites keep for themselves, of the store: a DataFrame: `site`, `kind`, `quantity`."""
        from muster._stores import kits_frame
        return kits_frame(self.place)

    def simulate(self, file: Path, policies: str | Iterable[str] = ("greedy", "muster"), *,
                 overrides: Any = None, **options: Any) -> SimulationResult:
        """Play a scenario file on the roads and with the units of this scenario, instead of those that the file
        names: ScenarioFile.load and ScenarioFile.simulate, which say what the arguments are.

        :param file: a path
        :returns: SimulationResult"""
        from muster.scenario_file import ScenarioFile, listed_overrides
        mine = listed_overrides({"scenario.store_scenario": self.code})
        opened = ScenarioFile.load(file, store=self.place, overrides=[*listed_overrides(overrides), *mine])
        return opened.simulate(policies, **options)

    def __repr__(self) -> str:
        return f"<muster.Scenario {self.code}: {self.problem!r}>"


class BorrowedScenario(Scenario):
    """A scenario that belongs to somebody, whom it keeps alive."""

    def __init__(self, pointer: CData, owner: Any, place: Path) -> None:
        self._pointer, self._owner, self.place = pointer, owner, place


class _BorrowedNetwork(Network):
    """A network that belongs to somebody, whom it keeps alive."""

    def __init__(self, pointer: CData, owner: Any) -> None:
        self._pointer, self._owner = pointer, owner

    def build_hierarchy(self) -> Network:
        return self  # a scenario's has one


class _BorrowedMetric(Metric):
    """A metric that belongs to somebody, whom it keeps alive."""

    def __init__(self, pointer: CData, network: Network, owner: Any) -> None:
        self._pointer, self.network, self._profile = pointer, network, owner


def _borrowed_metrics(problem: Problem) -> dict[str, Metric]:
    data = problem._data
    if data.metric_count == 0:
        return {}
    network = _BorrowedNetwork(lib.muster_metric_network(data.metric[0]), problem._owner)
    metrics = [_BorrowedMetric(data.metric[i], network, problem._owner) for i in range(data.metric_count)]
    return {metric.profile: metric for metric in metrics}


def table(problem: Problem, name: str) -> Rows:
    """The rows of one of the problem's arrays: "team", "need"..."""
    data = problem._data
    return rows(f"muster_{name}", getattr(data, name), getattr(data, f"{name}_count"))


def codes_of(problem: Problem) -> dict[str, NDArray[Any]]:
    """{resource, "incident" or "kind": object array of codes}, from the library."""
    found = {}
    for name, array in (("people", "team"), ("vehicle", "vehicle"), ("machine", "machine"), ("item", "stock"),
                        ("incident", "incident"), ("kind", "kind")):
        coded = table(problem, array)
        found[name] = texts(coded["unit"]["code"] if name in RESOURCES else coded["code"])
    return found
