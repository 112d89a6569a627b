"""How good a replication was under a policy, and how two policies differ: the measures and intervals of
`muster compare`.

Two intervals, because each knows something that the other does not. Student's is that of the mean, and right where
differences are about normal, or many. The other is that of the median and supposes nothing: if d(1) <= ... <= d(n) are
the sorted differences and X counts heads in n fair tosses, the median lies outside [d(k), d(n + 1 - k)] with
probability 2 P(X < k) at most (David and Nagaraja 2003, 7.1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas

from muster._errors import InvalidError
from muster.simulation import policy_of

if TYPE_CHECKING:
    from muster.simulation import SimulationResult

UNITS = {"response_mean": "min", "response_p50": "min", "response_p90": "min", "unreached": "incidents",
         "within_standard": "%", "need_met": "%", "unmet_people": "people h", "unmet_vehicles": "vehicle h",
         "unmet_machines": "machine h", "unmet_items": "item h", "distance": "km"}
_MISSING = {"people": "unmet_people", "vehicle": "unmet_vehicles", "machine": "unmet_machines", "item": "unmet_items"}
_BY = ["policy", "replication"]


def _rank(share: float) -> Any:
    """The smallest value that a share of them does not exceed (nearest rank)."""
    def of(values: pandas.Series) -> float:
        rising = np.sort(values.dropna().to_numpy(np.float64))
        return rising[max(math.ceil(len(rising) * share - 1e-9), 1) - 1] if len(rising) else np.nan
    return of


def measures_of(result: SimulationResult) -> pandas.DataFrame:
    first, count = result.run["first_replication"], result.run["replications"]
    frame = pandas.DataFrame(index=pandas.MultiIndex.from_product(
        [result.policies, range(first, first + count)], names=_BY))
    incidents = result.incidents.assign(minutes=result.incidents.response_ms.astype("Float64") / 60000)
    minutes = incidents.groupby(_BY).minutes
    frame["response_mean"] = minutes.mean().astype(np.float64)
    frame["response_p50"], frame["response_p90"] = minutes.agg(_rank(0.5)), minutes.agg(_rank(0.9))
    frame["unreached"] = incidents.response_ms.isna().groupby([incidents[by] for by in _BY]).sum()
    under = incidents[incidents.standard_ms > 0]
    is_within = (under.response_ms <= under.standard_ms).fillna(False).astype(np.float64)
    frame["within_standard"] = 100 * is_within.groupby([under[by] for by in _BY]).mean()
    needs = result.needs
    asked = needs[needs.quantity > 0]  # one that was withdrawn has nothing to be met
    shares = 100 * (asked.met_quantity / asked.quantity).clip(upper=1)
    frame["need_met"] = shares.groupby([asked[by] for by in _BY]).mean()
    for resource, name in _MISSING.items():
        frame[name] = needs[needs.resource == resource].groupby(_BY).open_quantity_ms.sum() / 3_600_000
    frame["distance"] = result.orders.groupby(_BY).distance_m.sum() / 1000
    return frame.fillna({"unreached": 0, "distance": 0}).astype(np.float64)


# ---- two policies ------------------------------------------------------------------------

def _check_together(a: SimulationResult, b: SimulationResult) -> None:
    one, other = ({"the scenario file's sha256": run["scenario"]["sha256"], "the seed": run["seed"],
                   "the first replication": run["first_replication"],
                   "the number of replications": run["replications"]} for run in (a.run, b.run))
    for what, value in one.items():
        if value != other[what]:
            raise InvalidError(f"a and b do not belong together: {what} is {value} and {other[what]}; "
                               "expected the same")


def _happened(result: SimulationResult, policy: str) -> set[tuple[int, str]]:
    incidents = result.incidents[result.incidents.policy == policy]
    return set(zip(incidents.replication.tolist(), incidents.incident.tolist()))


def _fair(k: int, n: int) -> float:
    """Of k heads in n fair tosses."""
    return math.comb(n, k) / 2**n


def _order_interval(rising: np.ndarray, confidence: float) -> tuple[float, float]:
    n, k = len(rising), 0
    tail = _fair(0, n)
    while k < n // 2 and 2 * tail <= 1 - confidence:
        k += 1
        tail += _fair(k, n)
    return (rising[k - 1], rising[n - k]) if k else (np.nan, np.nan)


def _pairs(a: np.ndarray, b: np.ndarray, confidence: float) -> dict[str, float]:
    import scipy.stats
    both = ~(np.isnan(a) | np.isnan(b))
    difference, n = (b - a)[both], int(both.sum())
    found: dict[str, float] = {"pairs": n}
    if n == 0:
        return found
    above, below = int((difference > 0).sum()), int((difference < 0).sum())
    found |= {"mean_a": a[both].mean(), "mean_b": b[both].mean(), "difference": difference.mean(),
              "median": float(np.median(difference)),
              "sign_p": min(1.0, 2 * sum(_fair(k, above + below) for k in range(min(above, below) + 1)))}
    found["median_low"], found["median_high"] = _order_interval(np.sort(difference), confidence)
    if n > 1:
        half = scipy.stats.t.ppf((1 + confidence) / 2, n - 1) * difference.std(ddof=1) / math.sqrt(n)
        found |= {"low": found["difference"] - half, "high": found["difference"] + half}
    return found


def compare_policies(a: SimulationResult, b: SimulationResult, policy_a: str | None, policy_b: str | None,
                     confidence: float) -> pandas.DataFrame:
    policy_a, policy_b = policy_of(a, policy_a, "policy_a"), policy_of(b, policy_b, "policy_b")
    if not 0 < confidence < 1:
        raise InvalidError(f"confidence is {confidence!r}; expected more than 0 and less than 1")
    _check_together(a, b)
    alone = _happened(a, policy_a) ^ _happened(b, policy_b)
    if alone:
        replication, incident = min(alone)
        raise InvalidError(f"incident {incident} of replication {replication} is in one of both alone; expected the "
                           f"same incidents under {policy_a} and {policy_b}")
    before, after = a.measures().loc[policy_a], b.measures().loc[policy_b]
    rows = [{"unit": unit, **_pairs(before[name].to_numpy(), after[name].to_numpy(), confidence)}
            for name, unit in UNITS.items()]
    columns = ["unit", "pairs", "mean_a", "mean_b", "difference", "low", "high", "median", "median_low", "median_high",
               "sign_p"]
    return pandas.DataFrame(rows, index=pandas.Index(UNITS, name="measure"), columns=columns)
