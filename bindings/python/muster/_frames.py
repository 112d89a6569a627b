"""DataFrames and GeoDataFrames: what pandas and GeoPandas are needed for, and imported for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas
import pyproj
import shapely
import shapely.geometry

from muster._errors import InvalidError
from muster._memory import plain, view
from muster._native import ffi, lib

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from muster._native import CData
    from muster._types import Floats, Integers
    from muster.network import Network
    from muster.route import Route

WGS84 = "EPSG:4326"
GEOD = pyproj.Geod(ellps="WGS84")


def points(lon: ArrayLike, lat: ArrayLike) -> Any:
    return geopandas.points_from_xy(lon, lat, crs=WGS84)


def nodes_frame(network: Network) -> Any:
    return geopandas.GeoDataFrame({"id": network.node_id},
                                  geometry=points(network.node_lon, network.node_lat), crs=WGS84)


# ---- networks ----------------------------------------------------------------------------

def edge_lines(network: Network) -> NDArray[Any]:
    """A LineString for each edge, from its source to its target."""
    data, edges = network._view, network.edge_count
    if edges == 0:
        return np.empty(0, object)
    first = view(network, data.edge_first_point, edges + 1, np.uint32).astype(np.int64)
    lon, lat = (view(network, pointer, int(first[-1]), np.float64)
                for pointer in (data.point_lon_deg, data.point_lat_deg))
    ends = np.column_stack((network.node_lon, network.node_lat))
    number = np.arange(edges)
    places = np.empty((int(first[-1]) + 2 * edges, 2))
    places[first[:-1] + 2 * number] = ends[network.edge_source]
    places[first[1:] + 2 * number + 1] = ends[network.edge_target]
    places[np.arange(len(lon)) + 2 * np.repeat(number, np.diff(first)) + 1] = np.column_stack((lon, lat))
    return np.asarray(shapely.linestrings(places, indices=np.repeat(number, np.diff(first) + 2)), object)


def speeds_kmh(network: Network) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(forward, backward): the legal speed, 0 where it is not stated."""
    data, edges = network._view, network.edge_count
    forward, backward = (view(network, pointer, edges, np.float32)
                         for pointer in (data.edge_speed_forward_kmh, data.edge_speed_backward_kmh))
    return forward, backward


def is_open(network: Network) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(forward, backward): may anybody drive there, in the legal direction?"""
    data, edges = network._view, network.edge_count
    forward, backward = ((view(network, pointer, edges, np.uint8) & lib.MUSTER_ACCESS_ALL) != 0
                         for pointer in (data.edge_access_forward, data.edge_access_backward))
    return forward, backward


def edges_frame(network: Network) -> Any:
    from muster.network import ROAD_CLASSES
    classes = view(network, network._view.edge_class, network.edge_count, np.uint8)
    return geopandas.GeoDataFrame(
        {"id": network.edge_id, "source": network.edge_source, "target": network.edge_target,
         "length_m": network.edge_length_m,
         "road_class": pandas.Categorical.from_codes(classes.astype(np.int8), categories=pandas.Index(ROAD_CLASSES)),
         "speed_kmh": speeds_kmh(network)[0], "speed_back_kmh": speeds_kmh(network)[1],
         "oneway": np.subtract(*is_open(network), dtype=np.int8)},
        geometry=edge_lines(network), crs=WGS84)


def _require(frame: Any, names: Sequence[str], what: str) -> None:
    for name in names:
        if name not in frame.columns:
            raise InvalidError(f"{what} has no column {name}; it has {', '.join(map(str, frame.columns))}")


def _whole(frame: Any, name: str, what: str) -> Integers:
    """Identifiers: any whole numbers."""
    values = frame[name]
    if values.isna().any() or not pandas.api.types.is_integer_dtype(values):
        raise InvalidError(f"column {name} of {what} is of type {values.dtype}; expected whole numbers without gaps")
    whole: Integers = values.to_numpy(np.int64)
    return whole


def _line_ends(edges: Any, source: Integers, target: Integers) -> tuple[Integers, Floats, Integers]:
    """(ids, lon, lat) of the nodes, and an error where lines do not meet."""
    lines = edges.geometry.to_numpy()
    begin = shapely.get_coordinates(shapely.get_point(lines, 0))
    end = shapely.get_coordinates(shapely.get_point(lines, -1))
    ids = np.concatenate((source, target))
    places = np.vstack((begin, end))
    unique, first, inverse = np.unique(ids, return_index=True, return_inverse=True)
    apart = np.abs(places - places[first][inverse]).max(axis=1)
    wrong = np.flatnonzero(apart > 1e-6)
    if wrong.size:
        row = wrong[0] % len(source)
        raise InvalidError(f"edge {plain(edges.index[row])!r} does not meet the others at node "
                           f"{plain(ids[wrong[0]])}: it ends "
                           f"at {places[wrong[0]].tolist()}, another at {places[first][inverse][wrong[0]].tolist()}")
    return unique, places[first], inverse


def shapes_of(lines: NDArray[Any] | Sequence[Any]) -> tuple[Integers, Floats, Floats]:
    """(first, lon, lat) of the points between the ends of lines; of None, a straight line, none."""
    places, line = shapely.get_coordinates(np.asarray(lines, object), return_index=True)
    is_first = np.diff(line, prepend=-1) != 0
    is_last = np.diff(line, append=-1) != 0
    is_inner = ~(is_first | is_last)
    first = np.concatenate(([0], np.cumsum(np.bincount(line[is_inner], minlength=len(lines)))))
    return first, places[is_inner, 0], places[is_inner, 1]


def lengths_m(lines: NDArray[Any]) -> Floats:
    """Of lines in WGS 84, on its ellipsoid."""
    places, line = shapely.get_coordinates(lines, return_index=True)
    *_, step_m = GEOD.inv(*places[:-1].T, *places[1:].T)
    is_step = line[:-1] == line[1:]
    return np.bincount(line[:-1][is_step], weights=step_m[is_step], minlength=len(lines)).astype(np.float64)


def network_columns(edges: Any, source: str, target: str, length: str) -> dict[str, Any]:
    """Arguments of Network.from_arrays."""
    _require(edges, (source, target), "edges")
    if getattr(edges, "crs", None) is None:
        raise InvalidError("edges have no coordinate system; expected one (set_crs)")
    edges = edges.to_crs(WGS84)
    wrong = np.flatnonzero((edges.geom_type != "LineString").to_numpy() | edges.is_empty.to_numpy())
    if wrong.size:
        raise InvalidError(f"edges have {edges.geom_type.iloc[wrong[0]]} in row {plain(edges.index[wrong[0]])!r}; "
                           "expected a LineString")
    ids, places, number = _line_ends(edges, _whole(edges, source, "edges"), _whole(edges, target, "edges"))
    columns: dict[str, Any] = {
        "lon": places[:, 0], "lat": places[:, 1], "node_id": ids,
        "source": number[:len(edges)], "target": number[len(edges):], "shapes": shapes_of(edges.geometry.to_numpy())}
    columns["length_m"] = (edges[length].to_numpy() if length in edges.columns
                           else lengths_m(edges.geometry.to_numpy()))
    for name in ("duration_ms", "duration_back_ms", "speed_kmh", "speed_back_kmh", "road_class", "oneway"):
        if name in edges.columns:
            columns[name] = edges[name].to_numpy()
    return columns


# ---- answers -----------------------------------------------------------------------------

def routes_frame(routes: Sequence[Route | None], index: Any) -> Any:
    return geopandas.GeoDataFrame(
        {"duration_ms": pandas.array([route.duration_ms if route else None for route in routes], dtype="Int64"),
         "distance_m": [route.distance_m if route else np.nan for route in routes]},
        geometry=[route.line if route else None for route in routes], crs=WGS84, index=index)


def multipolygon(area: CData) -> Any:
    """A shapely MultiPolygon of the library's."""
    def array(pointer: CData, count: int, dtype: Any) -> NDArray[Any]:
        if count == 0:
            return np.empty(0, dtype)
        return np.frombuffer(ffi.buffer(pointer, count * np.dtype(dtype).itemsize), dtype)
    first_ring = array(area.first_ring, area.polygon_count + 1, np.uint32)
    rings = int(first_ring[-1]) if area.polygon_count else 0
    first_point = array(area.first_point, rings + 1, np.uint32)
    count = int(first_point[-1]) if rings else 0
    places = np.column_stack((array(area.lon_deg, count, np.float64), array(area.lat_deg, count, np.float64)))
    ring = [places[first_point[r]:first_point[r + 1]] for r in range(rings)]
    return shapely.geometry.MultiPolygon([(ring[first_ring[p]], ring[first_ring[p] + 1:first_ring[p + 1]])
                                          for p in range(area.polygon_count)])


def isochrones_frame(minutes: Floats, areas: Sequence[CData]) -> Any:
    return geopandas.GeoDataFrame({"minutes": minutes, "area_m2": [area.area_m2 for area in areas]},
                                  geometry=[multipolygon(area) for area in areas], crs=WGS84)
