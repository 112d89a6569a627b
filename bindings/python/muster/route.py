"""A way on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from muster._memory import Handle, view
from muster._native import ffi, lib

if TYPE_CHECKING:
    from muster._types import Floats, Numbers


class Route(Handle):
    """The fastest way between two places."""

    _free = lib.muster_route_free
    _instead = "send its line, duration_ms and distance_m"

    @property
    def duration_ms(self) -> int:
        return lib.muster_route_duration_ms(self._pointer)

    @property
    def distance_m(self) -> float:
        return lib.muster_route_distance_m(self._pointer)

    @property
    def arcs(self) -> Numbers:
        """(n,) numbers of arcs in driving order: of edge e, 2 e from source to target, 2 e + 1 back."""
        count = ffi.new("uint32_t *")
        arcs = lib.muster_route_arcs(self._pointer, count)
        return view(self, arcs, count[0], np.uint32)

    @property
    def lon(self) -> Floats:
        """(points,) degrees."""
        return view(self, lib.muster_route_lon_deg(self._pointer), self._point_count, np.float64)

    @property
    def lat(self) -> Floats:
        """(points,) degrees."""
        return view(self, lib.muster_route_lat_deg(self._pointer), self._point_count, np.float64)

    @property
    def _point_count(self) -> int:
        return lib.muster_route_point_count(self._pointer)

    @property
    def line(self) -> Any:
        """A shapely LineString."""
        import shapely.geometry
        return shapely.geometry.LineString(np.column_stack((self.lon, self.lat)))

    @property
    def __geo_interface__(self) -> Any:
        return self.line.__geo_interface__

    def __repr__(self) -> str:
        return f"<muster.Route of {self.duration_ms / 60000:.1f} min, {self.distance_m / 1000:.1f} km>"
