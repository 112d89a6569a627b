"""A folder of results as `muster simulate` writes it, byte by byte, so that `muster compare`, `muster report` and
`muster export` read it (docs/simulation.md)."""

from __future__ import annotations

import json
import os
import pathlib
import threading
from typing import Any

import numpy as np
import pandas
import shapely

from muster._errors import StoreError
from muster._simulated import COUNT, DEGREES, FILES, METRES, WORD, columns

# ---- cells -------------------------------------------------------------------------------


def _quoted(word: str) -> str:
    is_bare = word and not any(mark in word for mark in '",\r\n') and word[0] not in " \t" and word[-1] not in " \t"
    return word if is_bare else '"' + word.replace('"', '""') + '"'


def _cells(kind: str, values: pandas.Series) -> list[str]:
    if kind == WORD:
        known: dict[Any, str] = {word: _quoted(word) for word in values.dropna().unique()}
        return [known.get(word, "") for word in values]
    if kind == DEGREES:
        return [f"{value:.6f}" for value in values.tolist()]
    if kind == METRES:
        return [f"{value:.1f}" for value in values.tolist()]
    if kind == COUNT:
        return [str(value) for value in values.tolist()]
    return ["" if value is pandas.NA else str(value) for value in values.tolist()]


def _number(value: int) -> str:
    """Of an encoded polyline: five bits at a time, the lowest first."""
    bits = ~(value << 1) if value < 0 else value << 1
    found = []
    while bits >= 0x20:
        found.append(chr((bits & 0x1F | 0x20) + 63))
        bits >>= 5
    return "".join(found) + chr(bits + 63)


def _polyline(line: Any) -> str:
    """Latitude first, in millionths."""
    places = shapely.get_coordinates(line)[:, ::-1] * 1e6
    whole = np.trunc(places + np.where(places < 0, -0.5, 0.5)).astype(np.int64)
    return "".join(map(_number, np.diff(whole, axis=0, prepend=0).ravel().tolist()))


def _table(name: str, frame: pandas.DataFrame) -> str:
    described = columns(name)
    head = [column.name for column in described]
    cells = [_cells(column.kind, frame[column.name]) for column in described]
    if name == "moves":
        head += ["polyline", "offsets_ms"]
        cells += [[_polyline(line) for line in frame.geometry],
                  [" ".join(map(str, offsets.tolist())) for offsets in frame["offsets_ms"]]]
    return "".join(f"{','.join(row)}\r\n" for row in (head, *zip(*cells)))


# ---- documents ---------------------------------------------------------------------------

def real(value: float) -> float:
    """With the twelve digits that the command writes."""
    return float(f"{value:.12g}")


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, (list, tuple)):
        return [_rounded(part) for part in coordinates]
    return float(np.trunc(coordinates * 1e6 + np.copysign(0.5, coordinates)) / 1e6)


def _feature(row: Any) -> dict[str, Any]:
    properties = {"replication": row.replication, "code": row.code, "kind": row.kind,
                  "name": None if pandas.isna(row.name) else row.name, "from_ms": row.from_ms, "until_ms": row.until_ms}
    if not pandas.isna(row.depth_m):
        properties["depth_m"] = real(row.depth_m)
    if not pandas.isna(row.force):
        properties["force"] = int(row.force)
    shape = None
    if row.geometry is not None:
        mapped = shapely.geometry.mapping(row.geometry)
        shape = {"type": mapped["type"], "coordinates": _rounded(mapped["coordinates"])}
    return {"type": "Feature", "geometry": shape, "properties": properties}


def _document(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


# ---- the folder --------------------------------------------------------------------------

def _write(path: pathlib.Path, content: str) -> None:
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        part.write_text(content, encoding="utf-8", newline="")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def save(result: Any, folder: str | os.PathLike[str]) -> None:
    """Until all is there, nobody takes tables of two runs for those of one: run.json is written last."""
    folder = pathlib.Path(folder)
    try:
        folder.mkdir(exist_ok=True)
        (folder / "run.json").unlink(missing_ok=True)
        for name in FILES:
            _write(folder / f"{name}.csv", _table(name, result.table(name)))
        features = [_feature(row) for row in result.hazards.itertuples(index=False)]
        _write(folder / "hazards.geojson", _document({"type": "FeatureCollection", "features": features}))
        _write(folder / "run.json", _document(result.run))
    except OSError as error:
        raise StoreError(f"cannot write results to {str(folder)!r}: {error.strerror}") from error
