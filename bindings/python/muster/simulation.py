"""What was simulated: tables of all replications, what they come to, and how policies differ."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from muster._arguments import one_of
from muster._errors import InvalidError

if TYPE_CHECKING:
    import geopandas
    import pandas


TABLE_NAMES = ("incidents", "needs", "orders", "series", "stock", "plans", "prices", "moves", "explanations",
               "refusals", "hazards", "totals")


class SimulationResult:
    """All replications under all policies, as tables that are those of `muster simulate` (docs/simulation.md).

    Each begins with `policy` and `replication`. Times (`_ms`) are milliseconds from the scenario's start, NA where
    something never was. Rows are in the order of the policies as they were asked for, then of replications. `moves`,
    `stock`, `prices` and `explanations` are of the replications that were recorded. A table is made when it is first
    asked for, and is the same frame each time.

    `run` says what was simulated, as run.json has it: scenario, policies with all that they are, seed, standards."""

    def __init__(self, run: dict[str, Any], make: Callable[[str], Any]):
        """:param make: makes a table, by its name"""
        self.run, self._make = run, make
        self._tables: dict[str, Any] = {}

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> SimulationResult:
        """What `muster simulate -o`, or `save`, has written: to look at it, to compare it, without playing it again.

        Files have six decimals of a degree and one of a metre, and a text that is empty is NA; all else is as it was.
        Each table is read when it is first asked for.

        :raises StoreError: there is no such folder, or not all of it, or it has been written anew meanwhile
        :raises FormatError: naming file, row, column and value, and what was expected"""
        from muster._saved_results import SavedTables
        saved = SavedTables(folder)
        return cls(saved.run, saved.table)

    def tables(self) -> list[str]:
        """Names of all tables."""
        return list(TABLE_NAMES)

    def table(self, name: str) -> pandas.DataFrame:
        """The table of that name: "incidents", "needs", ...

        :raises InvalidError: there is no such table"""
        one_of("the table", name, TABLE_NAMES)
        if name not in self._tables:
            self._tables[name] = self._make(name)
        return self._tables[name]

    @property
    def incidents(self) -> geopandas.GeoDataFrame:
        """A row an incident, with its place: when it was reported, when the first was on scene, when nothing was
        missing for the first time, when it was closed."""
        return self.table("incidents")

    @property
    def needs(self) -> pandas.DataFrame:
        """A row a need: the most of it that was there at once; `open_quantity_ms`, what was missing, summed over the
        time from report to close."""
        return self.table("needs")

    @property
    def orders(self) -> pandas.DataFrame:
        """A row an order: where it has come to, and when. What a trip brings has the trip's times."""
        return self.table("orders")

    @property
    def units(self) -> pandas.DataFrame:
        """A row a unit that had an order, by policy, replication, resource and unit: `orders`, `busy_ms`, its time
        under orders, those that overlap counted once, and `distance_m` up to the scenes."""
        return _units_of(self.orders, self.run["scenario"]["length_ms"])

    @property
    def series(self) -> pandas.DataFrame:
        """A row a moment, each `series_s`: what is open, needed and met, and what units do."""
        return self.table("series")

    @property
    def stock(self) -> pandas.DataFrame:
        """A row a change: the quantity that is in a warehouse from then on."""
        return self.table("stock")

    @property
    def plans(self) -> pandas.DataFrame:
        """A row a plan: tiers 1 and 2 with their bounds, and the steps that it took."""
        return self.table("plans")

    @property
    def prices(self) -> pandas.DataFrame:
        """What one more of a kind would have helped at one of the worst moments, in tier 1 (`gain`) and tier 2."""
        return self.table("prices")

    @property
    def moves(self) -> geopandas.GeoDataFrame:
        """A row a way, as a line; `offsets_ms` is the time at each of its points, from `start_ms`."""
        return self.table("moves")

    @property
    def explanations(self) -> pandas.DataFrame:
        """Why a need was unmet at one of the worst moments."""
        return self.table("explanations")

    @property
    def refusals(self) -> pandas.DataFrame:
        """Events of the courses that could not be."""
        return self.table("refusals")

    @property
    def hazards(self) -> geopandas.GeoDataFrame:
        """A row a hazard, from when to when, of recorded replications; the same under every policy."""
        return self.table("hazards")

    @property
    def totals(self) -> pandas.DataFrame:
        """A row a policy and replication: what it adds up to, as `muster_simulated_totals` has it."""
        return self.table("totals")

    @property
    def policies(self) -> list[str]:
        """Their names, in the order in which they were asked for."""
        return [policy["name"] for policy in self.run["policies"]]

    # ---- what it comes to -----------------------------------------------------------------

    def summary(self) -> pandas.DataFrame:
        """What `muster simulate` prints, a row a policy: `replications`; means over them of `incidents`, `unmet_unit_h`
        (unit hours that were missing), `distance_km`, `plans` and `orders`; of all together `reached_percent` of
        incidents, `response_p50_min` and `response_p90_min` of those that were reached (nearest rank),
        `within_standard_percent`, `need_met_percent` and `units_busy_percent`. NaN: there is nothing to measure."""
        import pandas
        totals, incidents = self.totals, self.incidents
        rows = [_summary_of(totals[totals.policy == policy], incidents.response_ms[incidents.policy == policy])
                for policy in self.policies]
        return pandas.DataFrame(rows, index=pandas.Index(self.policies, name="policy"))

    def measures(self) -> pandas.DataFrame:
        """How good each replication was: a row a policy and replication, with the measures that `muster compare`
        compares: `response_mean`, `response_p50`, `response_p90` (minutes), `unreached` (incidents), `within_standard`,
        `need_met` (%), `unmet_people`, `unmet_vehicles`, `unmet_machines`, `unmet_items` (hours), `distance` (km)."""
        from muster._measures import measures_of
        return measures_of(self)

    def compare(self, a: str, b: str, *, confidence: float = 0.95) -> pandas.DataFrame:
        """How policy `b` differs from policy `a`, replication by replication: `muster.compare` of this with itself.

        :raises InvalidError: there is no such policy"""
        return compare(self, self, a, b, confidence=confidence)

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the folder that `muster simulate -o` writes, for `muster compare`, `muster report` and `read`.

        :raises StoreError: it cannot be written"""
        from muster._results_folder import save
        save(self, folder)

    def __repr__(self) -> str:
        return (f"<muster.SimulationResult of {self.run['scenario']['code']}: {self.run['replications']} replications "
                f"under {', '.join(self.policies)}>")

    def _repr_html_(self) -> str:
        return self.summary().T.to_html(float_format="{:.1f}".format, na_rep="-")


def compare(a: SimulationResult, b: SimulationResult, policy_a: str | None = None, policy_b: str | None = None, *,
            confidence: float = 0.95) -> pandas.DataFrame:
    """How the policy of `b` differs from that of `a`: both saw the same happen, so that pairs of replications are
    compared, as `muster compare` does. Needs scipy.

    :param policy_a, policy_b: which of the policies of `a` and `b`; None: its only one
    :param confidence: of the intervals, more than 0 and less than 1
    :returns: by measure (SimulationResult.measures): `unit`, `pairs`, `mean_a`, `mean_b`, `difference` (b less a),
        `low` and `high`, Student's interval of it; `median` of the differences, `median_low` and `median_high`, its
        interval by order statistics, whatever the distribution; `sign_p`, two-sided, of the sign test. NaN where there
        are too few pairs.
    :raises InvalidError: the two are not of one scenario, seed and replications; or there is no such policy"""
    from muster._measures import compare_policies
    return compare_policies(a, b, policy_a, policy_b, confidence)


# ---- what it comes to --------------------------------------------------------------------

def _summary_of(totals: pandas.DataFrame, response_ms: pandas.Series) -> dict[str, float]:
    sums, count = totals.sum(numeric_only=True), len(totals)
    response_min = np.sort(response_ms.dropna().to_numpy(np.int64)) / 60000

    def rank(percent: int) -> float:
        return response_min[(len(response_min) * percent + 99) // 100 - 1] if len(response_min) else np.nan

    def share(part: float, whole: float) -> float:
        return 100 * part / whole if whole > 0 else np.nan

    return {"replications": count, "incidents": sums.incident_count / count,
            "reached_percent": share(len(response_min), sums.incident_count),
            "response_p50_min": rank(50), "response_p90_min": rank(90),
            "within_standard_percent": share(sums.within_count, sums.standard_count),
            "need_met_percent": share(sums.met_quantity, sums.need_quantity),
            "unmet_unit_h": sums.open_quantity_ms / 3_600_000 / count, "distance_km": sums.distance_m / 1000 / count,
            "units_busy_percent": share(sums.busy_ms, sums.unit_ms), "plans": sums.plan_count / count,
            "orders": sums.order_count / count}


def _covered_ms(starts: np.ndarray, ends: np.ndarray) -> int:
    """How long at least one of the intervals holds."""
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], ends[order]
    reached = np.maximum.accumulate(np.concatenate(([starts[0]], ends[:-1])))
    return int(np.maximum(ends - np.maximum(starts, reached), 0).sum())


def _units_of(orders: pandas.DataFrame, length_ms: int) -> pandas.DataFrame:
    import pandas
    keys = ["policy", "replication", "resource", "unit"]
    ends = orders.ended_ms.fillna(length_ms)
    found = []
    for key, rows in orders.groupby(keys, sort=False):
        busy_ms = _covered_ms(rows.issued_ms.to_numpy(np.int64), ends[rows.index].to_numpy(np.int64))
        found.append((*key, len(rows), busy_ms, rows.distance_m.sum()))
    frame = pandas.DataFrame(found, columns=[*keys, "orders", "busy_ms", "distance_m"])
    return frame.astype({key: orders[key].dtype for key in keys})


def policy_of(result: SimulationResult, name: str | None, what: str) -> str:
    """The policy of that name, or the only one."""
    if name is None and len(result.policies) == 1:
        return result.policies[0]
    if name not in result.policies:
        raise InvalidError(f"{what} is {name!r}; expected one of {', '.join(result.policies)}")
    return name
