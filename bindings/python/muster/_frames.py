"""DataFrames and GeoDataFrames: what pandas and GeoPandas are needed for, and imported for."""

import geopandas
import numpy as np
import pandas
import pyproj
import shapely
import shapely.geometry

from muster._errors import InvalidError
from muster._memory import plain, view
from muster._native import ffi

WGS84 = "EPSG:4326"
GEOD = pyproj.Geod(ellps="WGS84")


def points(lon, lat):
    return geopandas.points_from_xy(lon, lat, crs=WGS84)


def nodes_frame(network):
    return geopandas.GeoDataFrame({"id": network.node_id},
                                  geometry=points(network.node_lon, network.node_lat), crs=WGS84)


# ---- networks ----------------------------------------------------------------------------

def _edge_lines(network):
    data, edges = network._view, network.edge_count
    first = view(network, data.edge_first_point, edges + 1, np.uint32)
    inner = int(first[-1]) if edges else 0
    lon, lat = (view(network, pointer, inner, np.float64) for pointer in (data.point_lon_deg, data.point_lat_deg))
    inner_points, ends = np.column_stack((lon, lat)), np.column_stack((network.node_lon, network.node_lat))
    source, target = network.edge_source, network.edge_target
    return [shapely.geometry.LineString(np.vstack((ends[source[e]][None], inner_points[first[e]:first[e + 1]],
                                                   ends[target[e]][None]))) for e in range(edges)]


def edges_frame(network):
    from muster.network import ROAD_CLASSES
    classes = view(network, network._view.edge_class, network.edge_count, np.uint8)
    return geopandas.GeoDataFrame(
        {"id": network.edge_id, "source": network.edge_source, "target": network.edge_target,
         "length_m": network.edge_length_m,
         "road_class": pandas.Categorical.from_codes(classes, categories=ROAD_CLASSES)},
        geometry=_edge_lines(network), crs=WGS84)


def _require(frame, names, what):
    for name in names:
        if name not in frame.columns:
            raise InvalidError(f"{what} has no column {name}; it has {', '.join(map(str, frame.columns))}")


def _whole(frame, name, what):
    """Identifiers: any whole numbers."""
    values = frame[name]
    if values.isna().any() or not pandas.api.types.is_integer_dtype(values):
        raise InvalidError(f"column {name} of {what} is of type {values.dtype}; expected whole numbers without gaps")
    return values.to_numpy(np.int64)


def _line_ends(edges, source, target):
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
        raise InvalidError(f"edge {plain(edges.index[row])!r} does not meet the others at node {plain(ids[wrong[0]])}: it ends "
                           f"at {places[wrong[0]].tolist()}, another at {places[first][inverse][wrong[0]].tolist()}")
    return unique, places[first], inverse


def shapes_of(lines):
    """(first, lon, lat) of the points between the ends of lines; of None, a straight line, none."""
    inner = [np.empty((0, 2)) if line is None else shapely.get_coordinates(line)[1:-1] for line in lines]
    first = np.cumsum([0, *map(len, inner)])
    points = np.concatenate(inner) if inner else np.empty((0, 2))
    return first, points[:, 0], points[:, 1]


def network_columns(edges, source, target, length):
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
    columns = {"lon": places[:, 0], "lat": places[:, 1], "node_id": ids,
               "source": number[:len(edges)], "target": number[len(edges):],
               "shapes": shapes_of(edges.geometry.to_numpy())}
    columns["length_m"] = (edges[length].to_numpy() if length in edges.columns
                           else np.array([GEOD.geometry_length(line) for line in edges.geometry]))
    for name in ("duration_ms", "duration_back_ms", "speed_kmh", "road_class", "oneway"):
        if name in edges.columns:
            columns[name] = edges[name].to_numpy()
    return columns


# ---- answers -----------------------------------------------------------------------------

def routes_frame(routes, index):
    return geopandas.GeoDataFrame(
        {"duration_ms": pandas.array([route.duration_ms if route else None for route in routes], dtype="Int64"),
         "distance_m": [route.distance_m if route else np.nan for route in routes]},
        geometry=[route.line if route else None for route in routes], crs=WGS84, index=index)


def multipolygon(area):
    """A shapely MultiPolygon of the library's."""
    def array(pointer, count, dtype):
        return np.frombuffer(ffi.buffer(pointer, count * np.dtype(dtype).itemsize), dtype) if count else np.empty(0, dtype)
    first_ring = array(area.first_ring, area.polygon_count + 1, np.uint32)
    rings = int(first_ring[-1]) if area.polygon_count else 0
    first_point = array(area.first_point, rings + 1, np.uint32)
    count = int(first_point[-1]) if rings else 0
    places = np.column_stack((array(area.lon_deg, count, np.float64), array(area.lat_deg, count, np.float64)))
    ring = [places[first_point[r]:first_point[r + 1]] for r in range(rings)]
    return shapely.geometry.MultiPolygon([(ring[first_ring[p]], ring[first_ring[p] + 1:first_ring[p + 1]])
                                          for p in range(area.polygon_count)])


def isochrones_frame(minutes, areas):
    return geopandas.GeoDataFrame({"minutes": minutes, "area_m2": [area.area_m2 for area in areas]},
                                  geometry=[multipolygon(area) for area in areas], crs=WGS84)
