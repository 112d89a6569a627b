"""From areas, lines and edges to arcs that are closed or slow."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from muster._errors import InvalidError, check
from muster._memory import given, made, pointer_to
from muster._native import ffi, lib

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from muster._native import CData
    from muster._types import Areas, Floats, Numbers


@contextlib.contextmanager
def changes(metric: CData, areas: Areas | None, lines: Areas | None, edges: ArrayLike | None, depth_m: float,
            speed_factor: float | None) -> Iterator[tuple[int, CData]]:
    """(count, muster_arc_change *) of all of them together, on a muster_metric."""
    pointer = made("muster_closure", lib.muster_closure_new, metric)
    closure = ffi.gc(pointer, lib.muster_closure_free)
    for rings in _polygons(areas):
        _apply_area(closure, rings, depth_m, speed_factor)
    for line in _geometries(lines, "lines", "LineString"):
        _apply_line(closure, np.asarray(line.coords, np.float64), speed_factor)
    if edges is not None:
        _apply_edges(closure, given(edges, np.uint32, "edges"), speed_factor)
    count = ffi.new("uint32_t *")
    change = lib.muster_closure_changes(closure, count)
    yield count[0], change


def _geometries(series: Areas | None, what: str, kind: str) -> Iterator[Any]:
    """The simple geometries of a series or a frame, in degrees."""
    if series is None:
        return
    if hasattr(series, "geometry"):
        series = series.geometry
        if series.crs is None:
            raise InvalidError(f"{what} has no coordinate system; expected one (set_crs)")
        series = series.to_crs(4326)
    elif hasattr(series, "geom_type"):
        series = [series]  # one geometry of shapely's, in degrees
    for row, geometry in enumerate(series):
        for part in getattr(geometry, "geoms", [geometry]):
            if part is None or part.geom_type != kind or part.is_empty:
                found = "nothing" if part is None or part.is_empty else part.geom_type
                raise InvalidError(f"{what} has {found} in row {row}; expected a {kind}")
            yield part


def _polygons(areas: Areas | None) -> Iterator[list[Floats]]:
    for polygon in _geometries(areas, "areas", "Polygon"):
        yield [np.asarray(ring.coords, np.float64)[:, :2] for ring in (polygon.exterior, *polygon.interiors)]


def _apply_area(closure: CData, rings: list[Floats], depth_m: float, speed_factor: float | None) -> None:
    points = np.concatenate(rings)
    first = np.cumsum([0, *map(len, rings)]).astype(np.uint32)
    lon, lat = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    area = ffi.new("muster_polygon *", {
        "ring_count": len(rings), "first_point": pointer_to(first, "uint32_t"),
        "lon_deg": pointer_to(lon, "double"), "lat_deg": pointer_to(lat, "double")})
    check(lib.muster_closure_flood(closure, area, depth_m) if speed_factor is None
          else lib.muster_closure_slow(closure, area, 0, speed_factor))


def _apply_line(closure: CData, points: Floats, speed_factor: float | None) -> None:
    lon, lat = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    arguments = (closure, len(lon), pointer_to(lon, "double"), pointer_to(lat, "double"))
    check(lib.muster_closure_line(*arguments) if speed_factor is None
          else lib.muster_closure_slow_line(*arguments, speed_factor))


def _apply_edges(closure: CData, edges: Numbers, speed_factor: float | None) -> None:
    arguments = (closure, len(edges), pointer_to(edges, "uint32_t"))
    check(lib.muster_closure_edges(*arguments) if speed_factor is None
          else lib.muster_closure_slow_edges(*arguments, speed_factor))
