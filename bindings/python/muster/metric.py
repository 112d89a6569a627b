"""Travel times on a network, for one profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from muster import _bars
from muster._arguments import MOST_THREADS, whole
from muster._errors import InvalidError, check, word
from muster._memory import Handle, given, made, pointer_to, view
from muster._native import ffi, lib
from muster._places import index_of, lon_lat
from muster.route import Route

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from muster._native import CData
    from muster._types import Areas, Floats, Frame, Numbers, PlacesLike
    from muster.network import Network

UNREACHABLE_MS: int = lib.MUSTER_UNREACHABLE_MS
"""A travel time that means: there is no way."""

SNAP = np.dtype([("edge", np.uint32), ("fraction", np.float64), ("lon_deg", np.float64),
                 ("lat_deg", np.float64), ("distance_m", np.float64)], align=True)
assert SNAP.itemsize == ffi.sizeof("muster_snap")

NOT_SNAPPED: int = lib.MUSTER_NONE

BLOCKS = 50
"""Parts in which a table is filled in where it says how far it has come."""


class Places:
    """Places moved to the nearest road, once, for tables, routes and all else of one metric.

    `snap` is a structured array (edge, fraction, lon_deg, lat_deg, distance_m); where no road is near,
    edge is NOT_SNAPPED. `index` has the labels of the frame that they came from, or None."""

    def __init__(self, metric: Metric, snap: NDArray[Any], index: Any) -> None:
        self._metric, self.snap, self.index = metric, snap, index

    def __len__(self) -> int:
        return len(self.snap)

    @property
    def _pointer(self) -> CData:
        return pointer_to(self.snap, "muster_snap")


class Matrix:
    """Travel times from every origin to every destination, and distances if they were asked for.

    `duration_ms` is (origins, destinations) of uint32, UNREACHABLE_MS where there is no way;
    `distance_m` of float64, NaN where there is no way, or None."""

    def __init__(self, duration_ms: Numbers, distance_m: Floats | None, origins: Places, destinations: Places) -> None:
        self.duration_ms, self.distance_m = duration_ms, distance_m
        self._origins, self._destinations = origins, destinations

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.duration_ms, dtype=dtype, copy=bool(copy))

    def to_frame(self) -> Frame:
        """A DataFrame of travel times in seconds, NaN where there is no way; labels are those of the
        frames that the places came from."""
        import pandas
        seconds = np.where(self.duration_ms == UNREACHABLE_MS, np.nan, self.duration_ms / 1000.0)
        return pandas.DataFrame(seconds, index=self._origins.index, columns=self._destinations.index)

    def to_xarray(self) -> Any:
        """A Dataset with duration_s and, if they were asked for, distance_m, along origin and destination, which
        have besides their labels where they are on the road (`origin_lon`, ...), in WGS 84."""
        import xarray
        frame, dims = self.to_frame(), ("origin", "destination")
        variables = {"duration_s": (dims, frame.to_numpy(), {"units": "s"})}
        if self.distance_m is not None:
            variables["distance_m"] = (dims, self.distance_m, {"units": "m"})
        coords: dict[str, Any] = {"origin": frame.index, "destination": frame.columns}
        for dim, places in zip(dims, (self._origins, self._destinations)):
            for axis, unit in (("lon", "degrees_east"), ("lat", "degrees_north")):
                coords[f"{dim}_{axis}"] = (dim, places.snap[f"{axis}_deg"], {"units": unit})
        return xarray.Dataset(variables, coords=coords, attrs={"crs": "EPSG:4326"})


class Metric(Handle):
    """Travel times of every arc for one profile. Made by Network.metric, or by `close` from another.

    Any number of threads may use it; what takes long lets other threads of Python run meanwhile."""

    _free = lib.muster_metric_free
    _instead = "send its network, if that is of a file, and make it there again with `network.metric(profile)`"

    def __init__(self, pointer: CData, network: Network, profile: Any) -> None:
        super().__init__(pointer)
        self.network, self._profile = network, profile  # both are pointed to

    @property
    def profile(self) -> str:
        """Name of the profile."""
        return word(lib.muster_metric_profile_name(self._pointer))

    @property
    def duration_ms(self) -> Numbers:
        """(2 * edge_count,) travel time of every arc, UNREACHABLE_MS where it may not go; read-only."""
        return view(self, lib.muster_metric_duration_ms(self._pointer), 2 * self.network.edge_count, np.uint32)

    def __repr__(self) -> str:
        return f"<muster.Metric of {self.profile} on {self.network.node_count:,} nodes>"

    # ---- places ---------------------------------------------------------------------------

    def snap(self, places: PlacesLike, *, max_distance_m: float = 5000.0, what: str = "places") -> Places:
        """Move places to the nearest road that the profile may use.

        :param places: a GeoSeries or GeoDataFrame of points, a DataFrame with lon and lat, (n, 2) numbers
        :param max_distance_m: those farther from every road stay where they are, and reach nothing
        :returns: Places
        :raises InvalidError: naming the first place that is not on the globe"""
        if isinstance(places, Places):
            if places._metric.network is not self.network or places._metric.profile != self.profile:
                raise InvalidError(f"{what} are snapped to another network or profile")
            return places
        lon, lat = lon_lat(places, what)
        options = lib.muster_py_new_snap_options()
        options.max_distance_m = max_distance_m
        snap = np.zeros(len(lon), SNAP)
        check(lib.muster_snap_sites(self._pointer, len(lon), pointer_to(lon, "double"),
                                    pointer_to(lat, "double"), ffi.addressof(options),
                                    pointer_to(snap, "muster_snap")))
        return Places(self, snap, index_of(places))

    # ---- tables ---------------------------------------------------------------------------

    def matrix(self, origins: PlacesLike, destinations: PlacesLike | None = None, *, distances: bool = False,
               threads: int = 0, progress: bool = False) -> Matrix:
        """Travel times between many places.

        :param origins, destinations: as for snap; destinations left out: the origins
        :param distances: distances along the fastest paths too, at twice the time
        :param threads: 0: one for each core. The result is the same for any number.
        :param progress: draw a bar (tqdm); Ctrl-C then ends it at the next of some parts
        :returns: Matrix; `matrix(...).duration_ms` is the array that the library has written"""
        origins = self.snap(origins, what="origins")
        destinations = origins if destinations is None else self.snap(destinations, what="destinations")
        threads, shape = whole("threads", threads, 0, MOST_THREADS), (len(origins), len(destinations))
        duration_ms = np.empty(shape, np.uint32)
        distance_m = np.empty(shape, np.float64) if distances else None
        part = max(1, -(-shape[0] // BLOCKS)) if progress else max(1, shape[0])
        with _bars.rows(progress, shape[0]) as done:
            for row in range(0, max(1, shape[0]), part):
                count = min(part, shape[0] - row)
                check(lib.muster_matrix(self._pointer, count, origins._pointer + row, shape[1], destinations._pointer,
                                        threads, pointer_to(duration_ms[row:], "uint32_t"),
                                        pointer_to(None if distance_m is None else distance_m[row:], "double")))
                done(count)
        return Matrix(duration_ms, distance_m, origins, destinations)

    def nearest(self, origins: PlacesLike, candidates: PlacesLike, k: int = 1, *, backward: bool = False,
                progress: bool = False) -> Frame:
        """The k candidates that are reached first from each origin.

        :param origins, candidates: as for snap
        :param backward: those that reach it first, instead
        :param progress: draw a bar (tqdm)
        :returns: a DataFrame: origin, rank (from 1), candidate, duration_ms, distance_m; fewer than k
            rows where fewer can be reached"""
        import pandas
        origins, candidates = self.snap(origins, what="origins"), self.snap(candidates, what="candidates")
        k = min(whole("k", k, -2**31, 2**31), len(candidates))
        if k < 1:
            raise InvalidError(f"k is {k} of {len(candidates)} candidates; expected 1 or more")
        direction = lib.MUSTER_BACKWARD if backward else lib.MUSTER_FORWARD
        count, target = ffi.new("uint32_t *"), np.empty(k, np.uint32)
        duration_ms, distance_m = np.empty(k, np.uint32), np.empty(k, np.float64)
        rows = []
        with _bars.rows(progress, len(origins)) as done:
            for row in range(len(origins)):
                check(lib.muster_nearest(self._pointer, direction, origins._pointer + row, len(candidates),
                                         candidates._pointer, k, count, pointer_to(target, "uint32_t"),
                                         pointer_to(duration_ms, "uint32_t"), pointer_to(distance_m, "double")))
                found = count[0]
                rows.append((np.full(found, row), np.arange(1, found + 1), target[:found].copy(),
                             duration_ms[:found].copy(), distance_m[:found].copy()))
                done(1)
        columns: list[Any] = [np.concatenate(part) for part in zip(*rows)] if rows else [[]] * 5
        frame = pandas.DataFrame(dict(zip(("origin", "rank", "candidate", "duration_ms", "distance_m"), columns)))
        for column, places in (("origin", origins), ("candidate", candidates)):
            if places.index is not None:
                frame[column] = places.index.take(frame[column].astype(np.int64))
        return frame

    # ---- ways -----------------------------------------------------------------------------

    def route(self, origin: PlacesLike, destination: PlacesLike) -> Route | None:
        """The fastest way from one place to another: a Route, or None where there is no way."""
        ends = [self.snap(place, what=what) for place, what in ((origin, "origin"), (destination, "destination"))]
        for places, what in zip(ends, ("origin", "destination")):
            if len(places) != 1:
                raise InvalidError(f"{what} is {len(places)} places; expected one")
        pointer = made("muster_route", lib.muster_route_new, self._pointer, ends[0]._pointer, ends[1]._pointer)
        return None if pointer == ffi.NULL else Route(pointer)

    def routes(self, origins: PlacesLike, destinations: PlacesLike, *, progress: bool = False) -> Any:
        """The fastest way of each pair: row by row, as many destinations as origins.

        :param origins, destinations: as for snap
        :param progress: draw a bar (tqdm)
        :returns: a GeoDataFrame: duration_ms, distance_m and the line; None and NaN where there is no way"""
        from muster._frames import routes_frame
        origins, destinations = self.snap(origins, what="origins"), self.snap(destinations, what="destinations")
        if len(origins) != len(destinations):
            raise InvalidError(f"{len(origins)} origins and {len(destinations)} destinations; expected as many")
        out = ffi.new("muster_query **")
        check(lib.muster_query_new(out, self._pointer))
        query = ffi.gc(out[0], lib.muster_query_free)
        routes: list[Route | None] = []
        with _bars.rows(progress, len(origins)) as done:
            for row in range(len(origins)):
                pointer = made("muster_route", lib.muster_query_route, query, origins._pointer + row,
                               destinations._pointer + row)
                routes.append(None if pointer == ffi.NULL else Route(pointer))
                done(1)
        return routes_frame(routes, origins.index)

    def isochrones(self, origins: PlacesLike, minutes: ArrayLike, *, radius_m: float = 250.0,
                   backward: bool = False) -> Any:
        """What is reached within some minutes from the nearest of the origins, as areas.

        :param minutes: one number or several
        :param radius_m: how far around a road still counts
        :param backward: from where an origin is reached, instead
        :returns: a GeoDataFrame: minutes, area_m2 and the multipolygon, a row a limit"""
        from muster._frames import isochrones_frame
        origins = self.snap(origins, what="origins")
        minutes = np.atleast_1d(given(np.atleast_1d(minutes), np.float64, "minutes"))
        rounded = np.rint(minutes * 60000)
        if not np.all((rounded >= 0) & (rounded < UNREACHABLE_MS)):
            raise InvalidError(f"minutes are {minutes.tolist()}; expected 0 or more, and less than 24 days")
        limits = rounded.astype(np.uint32)
        pointer = made("muster_isochrone", lib.muster_isochrone_new, self._pointer, len(origins),
                       origins._pointer, lib.MUSTER_BACKWARD if backward else lib.MUSTER_FORWARD,
                       len(limits), pointer_to(limits, "uint32_t"))
        isochrone = ffi.gc(pointer, lib.muster_isochrone_free)
        pointer = made("muster_isochrone_polygons", lib.muster_isochrone_polygons_new, isochrone, radius_m)
        polygons = ffi.gc(pointer, lib.muster_isochrone_polygons_free)
        areas = [lib.muster_isochrone_polygons_within(polygons, i) for i in range(len(limits))]
        return isochrones_frame(minutes, areas)

    # ---- what is closed -------------------------------------------------------------------

    def close(self, areas: Areas | None = None, *, lines: Areas | None = None, edges: ArrayLike | None = None,
              depth_m: float = float("inf"), speed_factor: float | None = None) -> Metric:
        """The same roads with some of them closed, flooded or slowed: a new metric. This one stays as it
        is, for whoever is searching it.

        :param areas: polygons (a GeoSeries or GeoDataFrame) that are under water: what lies in them is
            closed or slow, by `depth_m` and how deep the profile wades; bridges and tunnels are spared
        :param lines: lines: what they cross or touch
        :param edges: numbers of edges
        :param speed_factor: do not close: this many times the speed, more than 0 and less than 1
        :raises InvalidError: naming ring, point or edge"""
        from muster._closing import changes
        with changes(self._pointer, areas, lines, edges, depth_m, speed_factor) as (count, change):
            pointer = made("muster_metric", lib.muster_metric_change, self._pointer, count, change)
        return Metric(pointer, self.network, self._profile)
