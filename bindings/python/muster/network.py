"""Road networks."""

import numpy as np

from muster._callbacks import progress as _progress
from muster._errors import InvalidError, check
from muster._memory import Handle, encoded, given, made, pointer_to, view
from muster._native import ffi, lib
from muster.metric import Metric
from muster.profiles import as_profile

ROAD_CLASSES = tuple(
    ffi.string(lib.muster_road_class_name(number)).decode()
    for number in range(lib.MUSTER_ROAD_CLASS_COUNT))


class Network(Handle):
    """A directed road network that never changes: nodes, edges with their shapes, what the road allows.

    Made by one of the `from_...` functions. Any number of threads may read it. Arc `2 e` is edge `e`
    from its source to its target, arc `2 e + 1` the way back."""

    _free = lib.muster_network_free

    # ---- making ---------------------------------------------------------------------------

    @classmethod
    def from_osm(cls, path, on_progress=None):
        """Read roads from `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`.

        :param on_progress: called with a phase and a fraction from 0 to 1; False stops
        :raises StoreError: no such file
        :raises FormatError: not OSM, or damaged
        :raises InvalidError: no road in it"""
        with _progress(on_progress) as (callback, user):
            return cls(made("muster_network", lib.muster_import_osm, encoded(path), ffi.NULL, callback, user))

    @classmethod
    def from_store(cls, place):
        """Read the network of a store: a GeoPackage, a snapshot (`muster snapshot`), or a PostGIS
        (`postgresql://...`) with muster's tables."""
        place = encoded(place)
        if lib.muster_network_snapshot_is(place):
            return cls(made("muster_network", lib.muster_network_snapshot_open, place))
        return cls(made("muster_network", lib.muster_network_load, place))

    from_geopackage = from_store
    from_postgis = from_store

    @classmethod
    def from_arrays(cls, lon, lat, source, target, length_m, *, node_id=None, edge_id=None,
                    duration_ms=None, duration_back_ms=None, speed_kmh=None, road_class=None,
                    oneway=None, shapes=None):
        """Build a network from arrays.

        :param lon, lat: (nodes,) degrees, WGS 84
        :param source, target: (edges,) numbers of nodes, from 0
        :param length_m: (edges,) metres
        :param duration_ms, duration_back_ms: (edges,) stated travel times there and back, which hold for
            every profile; the way back takes as long where it is left out
        :param speed_kmh: (edges,) legal speed, 0: not stated
        :param road_class: (edges,) words of ROAD_CLASSES
        :param oneway: (edges,) true: open from source to target alone
        :param shapes: (first, lon, lat): the points of edge e between its ends are those from first[e] up to
            first[e + 1]; left out: straight lines
        :raises InvalidError: naming the first wrong edge or node"""
        nodes, edges = len(lon), len(source)
        data = lib.muster_py_new_network_data()
        kept = []

        def keep(values, dtype, what, length, kind):
            if values is None:
                return ffi.NULL
            array = given(values, dtype, what, length)
            kept.append(array)
            return pointer_to(array, kind)

        data.node_count, data.edge_count = nodes, edges
        data.node_lon_deg = keep(lon, np.float64, "lon", nodes, "double")
        data.node_lat_deg = keep(lat, np.float64, "lat", nodes, "double")
        data.node_id = keep(node_id, np.int64, "node_id", nodes, "int64_t")
        data.edge_id = keep(edge_id, np.int64, "edge_id", edges, "int64_t")
        data.edge_source = keep(source, np.uint32, "source", edges, "uint32_t")
        data.edge_target = keep(target, np.uint32, "target", edges, "uint32_t")
        data.edge_length_m = keep(length_m, np.float64, "length_m", edges, "double")
        data.edge_class = keep(_class_numbers(road_class), np.uint8, "road_class", edges, "uint8_t")
        data.edge_access_backward = keep(_way_back(oneway, edges), np.uint8, "oneway", edges, "uint8_t")
        data.edge_speed_forward_kmh = keep(speed_kmh, np.float32, "speed_kmh", edges, "float")
        data.edge_speed_backward_kmh = data.edge_speed_forward_kmh
        back = duration_ms if duration_back_ms is None else duration_back_ms
        data.edge_duration_forward_ms = keep(duration_ms, np.uint32, "duration_ms", edges, "uint32_t")
        data.edge_duration_backward_ms = keep(back, np.uint32, "duration_back_ms", edges, "uint32_t")
        if shapes is not None:
            first, shape_lon, shape_lat = shapes
            points = len(shape_lon)
            _check_shapes(np.asarray(first), points)
            data.edge_first_point = keep(first, np.uint32, "first of shapes", edges + 1, "uint32_t")
            data.point_lon_deg = keep(shape_lon, np.float64, "lon of shapes", points, "double")
            data.point_lat_deg = keep(shape_lat, np.float64, "lat of shapes", points, "double")
        return cls(made("muster_network", lib.muster_network_new, ffi.addressof(data)))

    @classmethod
    def from_edges(cls, edges, *, source="source", target="target", length="length_m"):
        """Build a network from a GeoDataFrame of lines, one row an edge.

        The columns `source` and `target` hold identifiers of nodes, whole numbers; nodes lie where the
        lines begin and end. `length_m` (else measured on the ellipsoid), `road_class`, `speed_kmh`,
        `duration_ms`, `duration_back_ms` and `oneway` are read where they are there, as in from_arrays.

        :raises InvalidError: a column is missing, the frame has no coordinate system, a row is no line,
            or lines that share a node do not meet there"""
        from muster._frames import network_columns
        return cls.from_arrays(**network_columns(edges, source, target, length))

    @classmethod
    def from_networkx(cls, graph):
        """Build a network from a graph of NetworkX, as OSMnx makes them: nodes with x and y (in the system of
        `graph.graph["crs"]`, WGS 84 if it says none), edges with `length` in metres and, where they are
        there, `travel_time` in seconds, `speed_kph`, `highway`, `oneway` and `geometry`.

        Each edge of a directed graph is a one-way edge here. Identifiers of nodes are kept where all are
        whole numbers.

        :raises InvalidError: naming the first node or edge without what is needed"""
        from muster._graphs import graph_columns
        return cls.from_arrays(**graph_columns(graph))

    def to_networkx(self, metric=None):
        """A MultiDiGraph with an edge for each arc that somebody may use, or, with a metric, that its profile
        may: x and y of nodes, and of edges `length`, `edge` (its number), `geometry` and, with a metric,
        `travel_time` in seconds. Keys of nodes are their identifiers."""
        from muster._graphs import graph_of
        return graph_of(self, metric)

    def save(self, path, on_progress=None):
        """Write it to a new GeoPackage, which appears whole or not at all."""
        with _progress(on_progress) as (callback, user):
            check(lib.muster_network_save(self._pointer, encoded(path), callback, user))

    def snapshot(self, path):
        """Write it with its hierarchy to a file that opens in milliseconds, and whose memory all processes of
        a machine share (`muster snapshot`). Network.from_store opens it."""
        self.build_hierarchy()
        check(lib.muster_network_snapshot_write(self._pointer, encoded(path)))

    # ---- looking --------------------------------------------------------------------------

    @property
    def _view(self):
        return lib.muster_network_view(self._pointer)

    @property
    def node_count(self):
        return self._view.node_count

    @property
    def edge_count(self):
        return self._view.edge_count

    @property
    def node_lon(self):
        """(node_count,) degrees; on the network's own memory, read-only."""
        return view(self, self._view.node_lon_deg, self.node_count, np.float64)

    @property
    def node_lat(self):
        """(node_count,) degrees; on the network's own memory, read-only."""
        return view(self, self._view.node_lat_deg, self.node_count, np.float64)

    @property
    def node_id(self):
        """(node_count,) identifiers of the map's."""
        return view(self, self._view.node_id, self.node_count, np.int64)

    @property
    def edge_id(self):
        """(edge_count,) identifiers of the map's."""
        return view(self, self._view.edge_id, self.edge_count, np.int64)

    @property
    def edge_source(self):
        """(edge_count,) numbers of nodes."""
        return view(self, self._view.edge_source, self.edge_count, np.uint32)

    @property
    def edge_target(self):
        """(edge_count,) numbers of nodes."""
        return view(self, self._view.edge_target, self.edge_count, np.uint32)

    @property
    def edge_length_m(self):
        """(edge_count,) metres."""
        return view(self, self._view.edge_length_m, self.edge_count, np.float64)

    @property
    def nodes(self):
        """A GeoDataFrame: `id` and a point, by number of node."""
        from muster._frames import nodes_frame
        return nodes_frame(self)

    @property
    def edges(self):
        """A GeoDataFrame: `id`, `source`, `target` (numbers of nodes), `length_m`, `road_class` and the
        line, by number of edge."""
        from muster._frames import edges_frame
        return edges_frame(self)

    def __repr__(self):
        return f"<muster.Network of {self.node_count:,} nodes and {self.edge_count:,} edges>"

    # ---- using ----------------------------------------------------------------------------

    def build_hierarchy(self):
        """Order the nodes and build the hierarchy that makes tables fast; metrics made afterwards use
        it. Answers are the same with and without. About 6 s a million nodes; a second call does nothing.
        Call it before other threads use the network."""
        check(lib.muster_network_build_hierarchy(self._pointer))
        return self

    def metric(self, profile, *, hierarchy=True):
        """Travel times for one profile: `light`, `heavy`, `emergency`, `boat`, `helicopter`, `drone`, or
        a Profile.

        :param hierarchy: build the hierarchy first, if there is none
        :raises InvalidError: no profile of that name"""
        if hierarchy:
            self.build_hierarchy()
        profile = as_profile(profile)
        pointer = made("muster_metric", lib.muster_metric_new, self._pointer, profile._data)
        return Metric(pointer, self, profile)


def _class_numbers(names):
    if names is None:
        return None
    number = {name: i for i, name in enumerate(ROAD_CLASSES)}
    for row, name in enumerate(names):
        if name not in number:
            raise InvalidError(f"road_class has {name!r} in row {row}; expected one of {', '.join(ROAD_CLASSES)}")
    return np.fromiter((number[name] for name in names), np.uint8, len(names))


def _way_back(oneway, edges):
    if oneway is None:
        return None
    closed = np.asarray(oneway, dtype=bool)
    if closed.shape != (edges,):
        raise InvalidError(f"oneway has the shape {closed.shape}; expected ({edges},)")
    return np.where(closed, 0, lib.MUSTER_ACCESS_ALL).astype(np.uint8)


def _check_shapes(first, points):
    """The library trusts the bounds of arrays."""
    if len(first) and (first[0] != 0 or first[-1] != points or np.any(np.diff(first.astype(np.int64)) < 0)):
        raise InvalidError(f"first of shapes runs from {first[0]} to {first[-1]}; expected 0 to {points}, never falling")
