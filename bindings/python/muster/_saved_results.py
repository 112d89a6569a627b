"""A folder of results, read back: what `muster simulate -o` or SimulationResult.save has written.

Tables are believed as they are, for they were written by us; what is no table of ours is named, with file, row, column,
value and what was expected."""

from __future__ import annotations

import csv
import json
import os
import pathlib
from typing import Any

import geopandas
import numpy as np
import pandas
import shapely

from muster._errors import FormatError, StoreError
from muster._simulated import (COUNT, DEGREES, DTYPE, METRES, WORD, Column, columns, hazards_frame, way, with_places,
                               with_ways)

FORMAT = "muster-simulation-1"
_WAY = (Column("polyline", WORD, len), Column("offsets_ms", WORD, len))
_MEMBERS = {"scenario": dict, "policies": list, "replications": int, "first_replication": int, "seed": int}
_WORDS = {dict: "an object", list: "a list", int: "a whole number"}
_HAZARD = ("replication", "code", "kind", "name", "from_ms", "until_ms")


def _content(path: pathlib.Path) -> Any:
    """Of a JSON file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}; expected a results folder of muster simulate"
                         ) from error
    except ValueError as error:
        raise FormatError(f"{path}: no JSON: {error}") from error


# ---- tables ------------------------------------------------------------------------------

def _is_of(kind: str, cell: str) -> bool:
    if kind == WORD:
        return True
    if not cell:
        return kind not in (COUNT, DEGREES, METRES)
    try:
        float(cell) if kind in (DEGREES, METRES) else int(cell)
    except ValueError:
        return False
    return True


def _fault(path: pathlib.Path, described: tuple[Column, ...]) -> FormatError:
    """The first thing that is wrong, looked for only where something is."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = csv.reader(stream, strict=True)
            head = next(lines, [])
            for column in described:
                if column.name not in head:
                    return FormatError(f"{path}: the header has no column {column.name!r}; expected a table of muster "
                                       "simulate")
            for row in lines:
                where = f"{path}: row {lines.line_num}"
                if len(row) != len(head):
                    return FormatError(f"{where}: {len(row)} columns; expected {len(head)}, as in the header")
                for column in described:
                    cell = row[head.index(column.name)]
                    if not _is_of(column.kind, cell):
                        return FormatError(f"{where}: {column.name} is {cell!r}; expected a number")
    except (csv.Error, UnicodeDecodeError) as error:
        return FormatError(f"{path}: {error}; expected a table of muster simulate")
    return FormatError(f"{path}: expected a table of muster simulate, as UTF-8")


def _rows(path: pathlib.Path, described: tuple[Column, ...]) -> pandas.DataFrame:
    try:
        rows = pandas.read_csv(path, dtype={column.name: DTYPE[column.kind] for column in described},
                               keep_default_na=False, na_values=[""], encoding="utf-8")
        if not isinstance(rows.index, pandas.RangeIndex):  # what is too much has become labels of rows
            raise ValueError("more columns than the header has")
        return rows[[column.name for column in described]]
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    except (KeyError, ValueError, OverflowError) as error:  # pandas' errors name neither row nor column
        raise _fault(path, described) from error


# ---- ways --------------------------------------------------------------------------------

def _places(polyline: str) -> np.ndarray:
    """Longitude first, of an encoded polyline of six decimals."""
    units = np.frombuffer(polyline.encode("ascii"), np.uint8).astype(np.int64) - 63
    ends = np.flatnonzero(units < 0x20)
    if len(ends) == 0 or ends[-1] != len(units) - 1 or units.min() < 0:
        raise ValueError("no encoded polyline")
    starts = np.concatenate(([0], ends[:-1] + 1))
    place = np.arange(len(units)) - np.repeat(starts, ends + 1 - starts)
    bits = np.add.reduceat((units & 0x1F) << (5 * place), starts)
    numbers = np.where(bits & 1, ~(bits >> 1), bits >> 1)
    return np.cumsum(numbers.reshape(-1, 2), axis=0)[:, ::-1] / 1e6


def _ways(path: pathlib.Path, moves: pandas.DataFrame) -> geopandas.GeoDataFrame:
    offsets_ms, lines = [], []
    for row, (polyline, offsets) in enumerate(zip(moves.pop("polyline"), moves.pop("offsets_ms")), 2):
        try:
            places, times = _places(polyline), np.array(offsets.split(" "), np.uint32)
            if len(places) != len(times):
                raise ValueError(f"{len(places)} points and {len(times)} times")
        except (AttributeError, ValueError, OverflowError) as error:
            raise FormatError(f"{path}: row {row}: no way: {error}; expected an encoded polyline, and a time for each "
                              "of its points") from error
        offsets_ms.append(times)
        lines.append(way(places))
    return with_ways(moves, offsets_ms, lines)


# ---- hazards -----------------------------------------------------------------------------

def _hazards(path: pathlib.Path) -> geopandas.GeoDataFrame:
    try:
        rows = []
        for feature in _content(path)["features"]:
            about, shape = feature["properties"], feature["geometry"]
            rows.append({**{name: about[name] for name in _HAZARD}, "depth_m": about.get("depth_m", np.nan),
                         "force": about.get("force"),
                         "geometry": None if shape is None else shapely.geometry.shape(shape)})
        return hazards_frame(rows)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{path}: {error!r}; expected the hazards of muster simulate, as GeoJSON") from error


# ---- the folder --------------------------------------------------------------------------

def _run(folder: pathlib.Path) -> dict[str, Any]:
    path = folder / "run.json"
    run = _content(path)
    if not isinstance(run, dict) or run.get("format") != FORMAT:
        found = run.get("format") if isinstance(run, dict) else None
        raise FormatError(f"{path}: format is {found!r}; expected {FORMAT!r}, as muster simulate writes it")
    for name, kind in _MEMBERS.items():
        if not isinstance(run.get(name), kind):
            raise FormatError(f"{path}: {name} is {run.get(name)!r}; expected {_WORDS[kind]}")
    return run


class SavedTables:
    """The tables of a folder, each read when it is asked for."""

    def __init__(self, folder: str | os.PathLike[str]):
        self._folder = pathlib.Path(folder).resolve()
        self.run = _run(self._folder)

    def table(self, name: str) -> pandas.DataFrame:
        if _run(self._folder) != self.run:
            raise StoreError(f"{self._folder} has been written anew since it was read; read it again")
        if name == "hazards":
            return _hazards(self._folder / "hazards.geojson")
        path = self._folder / f"{name}.csv"
        if name == "moves":
            return _ways(path, _rows(path, (*columns(name), *_WAY)))
        rows = _rows(path, columns(name))
        return with_places(rows) if name == "incidents" else rows
