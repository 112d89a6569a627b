"""The columns of one frame as arrays, checked whole; what is wrong is named by frame, column and row."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas
from numpy.typing import NDArray

from muster._errors import InvalidError
from muster._memory import plain
from muster._places import lon_lat

if TYPE_CHECKING:
    from muster._types import Floats, Frame, Integers, Mask

NAMED_IN_ERRORS = 20
"""So many names are listed where one of them was expected."""


class Table:
    """One frame of those that a problem is made of; None: no rows."""

    def __init__(self, frame: Frame | None, name: str) -> None:
        if frame is None:
            frame = pandas.DataFrame()
        if not isinstance(frame, pandas.DataFrame):
            raise InvalidError(f"{name} is of type {type(frame).__name__}; expected a DataFrame")
        twice = frame.columns[frame.columns.duplicated()]
        if len(twice):
            raise InvalidError(f"{name} has two columns {twice[0]}; expected each once")
        self.frame, self.name, self.count = frame, name, len(frame)

    def error(self, column: str, row: int, expected: str) -> InvalidError:
        value, label = plain(self.frame[column].iloc[row]), plain(self.frame.index[row])
        return InvalidError(f"{self.name}: column {column} has {value!r} in row {label!r}; expected {expected}")

    def has(self, name: str) -> bool:
        return name in self.frame.columns

    def column(self, name: str) -> pandas.Series[Any]:
        if self.has(name):
            return self.frame[name]
        if self.count:
            raise InvalidError(f"{self.name} has no column {name}; it has {', '.join(map(str, self.frame.columns))}")
        return pandas.Series([], dtype=object)

    # ---- texts ----------------------------------------------------------------------------

    def texts(self, name: str, *, is_unique: bool = False) -> list[str]:
        found = _as_texts(self.column(name))
        distinct = set(found)
        if any(map(_is_no_text, distinct)):
            wrong = list(map(_is_no_text, found)).index(True)
            raise self.error(name, wrong, "a text without zero bytes" if found[wrong] else "a text")
        if is_unique and len(distinct) < self.count:
            raise self.error(name, int(pandas.Series(found).duplicated().argmax()), "each once")
        return found

    def optional_texts(self, name: str) -> list[str | None]:
        if not self.has(name):
            return [None] * self.count
        found = _as_texts(self.frame[name])
        if any(map(_has_zero, set(found))):
            raise self.error(name, list(map(_has_zero, found)).index(True), "a text without zero bytes")
        return found

    def indices(self, name: str, number: Mapping[str, int], what: str) -> Integers:
        """Numbers of what the texts name."""
        return self._indices(name, self.texts(name), number, what)

    def optional_indices(self, name: str, number: Mapping[str, int], what: str, default: int,
                         is_wanted: Mask | None = None) -> Integers:
        """The same; the default is for gaps, for a column that is not there, and for rows where none is wanted."""
        if not self.has(name):
            return np.full(self.count, default, np.int64)
        texts = _as_texts(self.frame[name])
        has_text = np.fromiter((text is not None for text in texts), bool, self.count)
        found = self._indices(name, texts, {None: default, **number}, what,
                              has_text if is_wanted is None else has_text & is_wanted)
        return np.where(has_text, found, default)

    def _indices(self, name: str, texts: list[Any], number: Mapping[Any, int], what: str,
                 is_wanted: Mask | None = None) -> Integers:
        found = np.fromiter(map(number.get, texts, itertools.repeat(-1)), np.int64, self.count)
        wrong = first(found == -1 if is_wanted is None else (found == -1) & is_wanted)
        if wrong is not None:
            raise self.error(name, wrong, one_of(number, what))
        return found

    # ---- numbers --------------------------------------------------------------------------

    def numbers(self, name: str, least: float, most: float, *, default: float | None = None,
                is_whole: bool = True) -> Floats:
        """Values between two limits. A default is for a column that is not there, and for gaps in it."""
        if default is not None and not self.has(name):
            return np.full(self.count, default, np.float64)
        column = self.column(name)
        floats = _as_floats(column)
        with np.errstate(invalid="ignore"):
            is_wrong = ~((floats >= least) & (floats <= most))
        if is_whole:
            is_wrong |= floats != np.floor(floats)
        if default is not None and is_wrong.any():
            gaps = column.isna().to_numpy(bool)
            is_wrong &= ~gaps
            floats = np.where(gaps, default, floats)
        wrong = first(is_wrong)
        if wrong is not None:
            raise self.error(name, wrong, f"{'a whole number' if is_whole else 'a number'} from {least} to {most}")
        return floats

    def milliseconds(self, name: str, most_ms: int, *, default: float | None = 0.0) -> Floats:
        """A column of seconds."""
        return np.rint(1000 * self.numbers(name, 0, most_ms / 1000, default=default, is_whole=False))

    # ---- places ---------------------------------------------------------------------------

    def places(self) -> tuple[Floats, Floats]:
        if self.count == 0:
            return np.empty(0), np.empty(0)
        lon, lat = lon_lat(self.frame, self.name)
        for name, values, other, most in (("longitude", lon, lat, 180), ("latitude", lat, lon, 90)):
            wrong = first(~(np.abs(values) <= most))
            if wrong is not None:
                is_swapped = most == 90 and abs(values[wrong]) <= 180 and abs(other[wrong]) <= 90
                raise InvalidError(
                    f"{self.name}: the {name} is {plain(values[wrong])!r} in row {plain(self.frame.index[wrong])!r}; "
                    f"expected -{most} to {most}{' (longitude and latitude may be swapped)' if is_swapped else ''}")
        return lon, lat

    # ---- lists ----------------------------------------------------------------------------

    def lists(self, name: str, number: Mapping[str, int], what: str) -> tuple[NDArray[np.uint32], Integers]:
        """Numbers of what lists of texts name, one list after the other, and how many each has. One text is
        a list of one."""
        column = self.column(name).reset_index(drop=True)
        exploded = column.explode()
        words, row = exploded.tolist(), exploded.index.to_numpy(np.int64)
        found = np.fromiter(map(_number_of(number), words), np.int64, len(words))
        is_empty = np.zeros(len(words), bool)
        for place in np.flatnonzero(found == -1):
            value = column.iloc[row[place]]
            is_empty[place] = isinstance(value, Collection) and not isinstance(value, str) and len(value) == 0
            if not is_empty[place]:
                raise self.error(name, int(row[place]), f"a list of {what}")
        return (found[~is_empty].astype(np.uint32),
                np.bincount(row[~is_empty], minlength=self.count).astype(np.int64))


def _number_of(number: Mapping[str, int]) -> Any:
    return lambda word: number.get(word, -1) if isinstance(word, str) else -1


def _as_texts(column: pandas.Series[Any]) -> list[Any]:
    """Texts, None where there is a gap. Numbers are welcome."""
    values = column.tolist()
    if set(map(type, values)) <= {str}:
        return values
    return [None if gap else str(value) for value, gap in zip(values, column.isna().tolist())]


def _has_zero(value: str | None) -> bool:
    return value is not None and "\0" in value


def _is_no_text(value: str | None) -> bool:
    return not value or "\0" in value


def _as_floats(column: pandas.Series[Any]) -> Floats:
    """Numbers, NaN for what is none."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        return column.to_numpy(np.float64)
    return pandas.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)


def first(is_wrong: Mask) -> int | None:
    """The number of the first row that is wrong; None: there is none."""
    return int(is_wrong.argmax()) if is_wrong.any() else None


def one_of(names: Collection[Any], what: str) -> str:
    listed = [str(name) for name in names if name is not None]
    return f"one of the {what}" + (f": {', '.join(listed)}" if len(listed) < NAMED_IN_ERRORS else "")
