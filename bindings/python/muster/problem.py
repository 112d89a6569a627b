"""What is true this second: who and what is where, and what is needed where."""

import numpy as np

from muster._errors import InvalidError, check, text
from muster._memory import Handle, encoded, made
from muster._native import ffi, lib
from muster.network import Network

RESOURCES = ("people", "vehicle", "machine", "item")


class Problem:
    """Units, stocks, incidents and needs, ready for `solve`.

    Made from DataFrames (`from_frames`) or by a Scenario. What is sent where, in a Plan, is told
    by the codes of the frames; the frames themselves are not kept."""

    def __init__(self, data, owner):
        self._data, self._owner = data, owner

    @classmethod
    def from_frames(cls, metrics, *, kinds, incidents, needs, teams=None, vehicles=None, machines=None,
                    stocks=None, by_vehicle=False):
        """Build a problem. Columns are those of the tables in docs/schema.md, times in seconds; places are
        columns lon and lat, or the geometry of a GeoDataFrame. Columns in brackets may be left out.

        :param metrics: {profile: Metric}, all on one network: how units travel
        :param kinds: code, resource (people, vehicle, machine, item) [name, mass_kg, volume_m3]
        :param teams: code, profile, people, capabilities (a list of kinds, or one) [name, turnout_s,
            ready_s, shift_end_s, duty_s, grade]
        :param vehicles: code, profile, kind [name, turnout_s, payload_kg, volume_m3, ...]
        :param machines: code, profile, kind, count [...]
        :param stocks: code (of the warehouse), profile, kind, quantity [loading_s, ...]
        :param incidents: code, severity (minor, moderate, severe, extreme) [name, deadline_s, on_scene_s,
            all_or_nothing]
        :param needs: incident, kind, quantity [minimum, grade]
        :param by_vehicle: items come in shipments, by vehicles with payload_kg and volume_m3
        :raises InvalidError: naming frame, column, row and value, and what was expected"""
        from muster._problem_frames import build
        return build(cls, metrics, kinds, incidents, needs, teams, vehicles, machines, stocks, by_vehicle)

    def check(self):
        """Raise InvalidError naming the first wrong row; `solve` does it too."""
        check(lib.muster_problem_check(self._data))

    @property
    def incident_count(self):
        return self._data.incident_count

    @property
    def need_count(self):
        return self._data.need_count

    def __repr__(self):
        d = self._data
        return (f"<muster.Problem of {d.incident_count} incidents with {d.need_count} needs, {d.team_count} teams, "
                f"{d.vehicle_count} vehicles, {d.machine_count} pools of machines and {d.stock_count} stocks>")


class Scenario(Handle):
    """Roads, resources and incidents of a store, as `muster plan` reads them."""

    _free = lib.muster_scenario_free

    @classmethod
    def load(cls, place, code=None):
        """:param place: a GeoPackage or a PostGIS (`postgresql://...`)
        :param code: which scenario of the store; None: its default one
        :raises InvalidError: an unknown code (the text lists those there are), or a wrong row"""
        if str(place).endswith(".toml"):
            raise InvalidError(f"{place} is a scenario file; expected a store (ScenarioFile.load reads it)")
        scenario = cls(made("muster_scenario", lib.muster_scenario_load, encoded(place),
                            ffi.NULL if code is None else encoded(code)))
        scenario.place = place
        return scenario

    @property
    def code(self):
        return text(lib.muster_scenario_code(self._pointer))

    @property
    def name(self):
        return text(lib.muster_scenario_name(self._pointer))

    @property
    def problem(self):
        return Problem(lib.muster_scenario_problem(self._pointer), self)

    @property
    def network(self):
        """Its roads. They live as long as the scenario does."""
        return _BorrowedNetwork(lib.muster_scenario_network(self._pointer), self)

    @property
    def places(self):
        """Where people are, of the store: a GeoDataFrame by code, of at-risk sites, then villages, towns, counties and
        cities: `name`, `level` ("at_risk_site", "village", ...), `population` (NA: not known)."""
        from muster._stores import places_frame
        return places_frame(self.place)

    @property
    def kits(self):
        """What at-risk sites keep for themselves, of the store: a DataFrame: `site`, `kind`, `quantity`."""
        from muster._stores import kits_frame
        return kits_frame(self.place)

    def simulate(self, file, policies=("greedy", "muster"), *, overrides=None, **options):
        """Play a scenario file on the roads and with the units of this scenario, instead of those that the file
        names: ScenarioFile.load and ScenarioFile.simulate, which say what the arguments are.

        :param file: a path
        :returns: SimulationResult"""
        from muster.scenario_file import ScenarioFile, listed_overrides
        mine = listed_overrides({"scenario.store_scenario": self.code})
        opened = ScenarioFile.load(file, store=self.place, overrides=[*listed_overrides(overrides), *mine])
        return opened.simulate(policies, **options)

    def __repr__(self):
        return f"<muster.Scenario {self.code}: {self.problem!r}>"


def borrowed_scenario(pointer, owner, place):
    """A scenario that belongs to an owner, whom it keeps alive."""
    scenario = Scenario.__new__(Scenario)
    scenario._pointer, scenario._owner, scenario.place = pointer, owner, place
    return scenario


class _BorrowedNetwork(Network):
    """A network that belongs to a scenario, which it keeps alive."""

    def __init__(self, pointer, owner):
        self._pointer, self._owner = pointer, owner

    def build_hierarchy(self):
        return self  # a scenario's has one


def codes_of(problem):
    """{resource or "incident": object array of codes}, from the library."""
    d = problem._data
    rows = {"people": (d.team, d.team_count), "vehicle": (d.vehicle, d.vehicle_count),
            "machine": (d.machine, d.machine_count), "item": (d.stock, d.stock_count)}
    found = {name: np.array([text(row[i].unit.code) for i in range(count)], object)
             for name, (row, count) in rows.items()}
    found["incident"] = np.array([text(d.incident[i].code) for i in range(d.incident_count)], object)
    found["kind"] = np.array([text(d.kind[i].code) for i in range(d.kind_count)], object)
    return found
