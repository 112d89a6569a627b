"""The words that frames and the library have for the same things."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from muster._errors import word
from muster._native import ffi, lib

if TYPE_CHECKING:
    from collections.abc import Callable

    from muster._native import CData


def _names(function: Callable[[int], CData], count: int) -> tuple[str, ...]:
    return tuple(word(function(number)) for number in range(count))


RESOURCES = _names(lib.muster_resource_name, lib.MUSTER_RESOURCE_COUNT)
SEVERITIES = _names(lib.muster_severity_name, lib.MUSTER_SEVERITY_COUNT)
LEVELS = _names(lib.muster_level_name, lib.MUSTER_LEVEL_COUNT)
RULES = ("lock", "forbid", "hold", "en_route")


class Weight(NamedTuple):
    """One value of muster_weights, under the name that docs/schema.md has for it."""

    field: str
    place: int | None = None
    """In an array."""
    least: int = 0
    most: int = 1_000_000
    scale: int = 1
    """Of the library's unit, in one of the frame's."""

    def write(self, weights: CData, value: int) -> None:
        if self.place is None:
            setattr(weights, self.field, value)
        else:
            getattr(weights, self.field)[self.place] = value

    def read(self, weights: CData) -> float:
        value = getattr(weights, self.field)
        return float(value if self.place is None else value[self.place]) / self.scale


_MOST_S = (lib.MUSTER_UNREACHABLE_MS - 1) // 1000

WEIGHTS = {
    **{f"severity_{name}": Weight("severity", i, 1) for i, name in enumerate(SEVERITIES)},
    "lateness_step_s": Weight("lateness_step_ms", most=_MOST_S, scale=1000),
    "lateness_penalty_s": Weight("lateness_step_s"),
    **{f"escalation_delay_{i}_s": Weight("escalation_delay_ms", i, most=_MOST_S, scale=1000)
       for i in range(len(LEVELS))},
    "diversion_unmet_need": Weight("diversion_unmet_need", most=2**40),
    "diversion_response_time": Weight("diversion_response_time", most=2**50),
    "reserve_before_response": Weight("reserve_before_response", most=1),
}
"""{key: Weight}, as in the table `weight` of a store."""


def default_weights() -> CData:
    return ffi.new("muster_weights *", lib.muster_py_new_weights())
