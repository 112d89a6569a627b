"""What a caller gives, judged before it reaches C: an error names what it is, its value and what was expected."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from muster._errors import InvalidError
from muster._memory import plain


MOST_THREADS = 256


def whole(what: str, value: Any, least: int, most: int) -> int:
    """A whole number between two limits, of whatever type."""
    value = plain(value)
    is_whole = isinstance(value, numbers.Real) and not isinstance(value, bool) and value == value // 1
    if not is_whole or not least <= value <= most:
        raise InvalidError(f"{what} is {value!r}; expected a whole number from {least} to {most}")
    return int(value)


def milliseconds(what: str, seconds: Any, least_s: float, most_s: float) -> int:
    """A time in seconds, as whole milliseconds."""
    seconds = plain(seconds)
    is_number = isinstance(seconds, numbers.Real) and not isinstance(seconds, bool)
    if not is_number or not least_s <= seconds <= most_s:
        raise InvalidError(f"{what} is {seconds!r}; expected {least_s:g} to {most_s:g} seconds")
    return int(round(1000 * seconds))


def one_of(what: str, value: Any, names: Iterable[str]) -> str:
    names = list(names)
    if value not in names:
        raise InvalidError(f"{what} is {value!r}; expected one of {', '.join(names)}")
    return str(value)


def words(what: str, value: str | Iterable[str]) -> list[str]:
    """One text, or several."""
    found = [value] if isinstance(value, str) else list(value)
    for word in found:
        if not isinstance(word, str) or not word:
            raise InvalidError(f"{what} has {word!r}; expected a text")
    return found


# ---- columns -----------------------------------------------------------------------------

def column(frame: Any, name: str, what: str) -> Any:
    """The column of that name, as a Series."""
    if name not in frame.columns:
        raise InvalidError(f"{what} has no column {name}; it has {', '.join(map(str, frame.columns))}")
    return frame[name]


def whole_numbers(values: Any, least: int, most: int, what: str, name: str) -> np.ndarray:
    """A column of whole numbers between two limits, as int64.

    :param values: a Series, whose labels an error tells, or a sequence
    :param what: the frame's name
    :param name: the column's"""
    is_series = hasattr(values, "to_numpy")
    given = values.to_numpy(object) if is_series else np.asarray(values, object)
    labels: Sequence[Any] = values.index if is_series else range(len(given))
    try:
        floats = given.astype(np.float64)
    except (TypeError, ValueError):
        floats = np.array([value if isinstance(value, numbers.Real) else np.nan for value in given], np.float64)
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero(~((floats >= least) & (floats <= most) & (floats == np.floor(floats))))
    if wrong.size:
        row = wrong[0]
        raise InvalidError(f"{what}: column {name} has {plain(given[row])!r} in row {plain(labels[row])!r}; "
                           f"expected a whole number from {least} to {most}")
    return np.array([int(value) for value in given], np.int64)
