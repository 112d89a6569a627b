"""Road networks."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from muster import _bars
from muster._callbacks import progress as _progress
from muster._errors import InvalidError, StoreError, check
from muster._memory import Handle, encoded, given, made, pointer_to, view
from muster._native import ffi, lib
from muster.metric import Metric
from muster.profiles import Profile, as_profile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from muster._native import CData
    from muster._types import Floats, Integers, Numbers, Path

ROAD_CLASSES = tuple(
    ffi.string(lib.muster_road_class_name(number)).decode()
    for number in range(lib.MUSTER_ROAD_CLASS_COUNT))


class Network(Handle):
    """A directed road network that never changes: nodes, edges with their shapes, what the road allows.

    Made by one of the `from_...` functions. Any number of threads may read it. Arc `2 e` is edge `e`
    from its source to its target, arc `2 e + 1` the way back."""

    _free = lib.muster_network_free
    _instead = "write it with `network.snapshot(path)`, and open that there with `Network.from_store(path)`"
    _place: Path | None = None
    """The file that it was read from."""

    # ---- making ---------------------------------------------------------------------------

    @classmethod
    def from_osm(cls, path: Path, on_progress: Callable[[str, float], Any] | None = None, *,
                 progress: bool = False) -> Network:
        """Read roads from `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`.

        :param on_progress: called with a phase and a fraction from 0 to 1; False stops
        :param progress: draw a bar (tqdm)
        :raises StoreError: no such file
        :raises FormatError: not OSM, or damaged
        :raises InvalidError: no road in it"""
        with _bars.phases(progress, on_progress) as tell, _progress(tell) as (callback, user):
            return cls(made("muster_network", lib.muster_import_osm, encoded(path), ffi.NULL, callback, user))

    @classmethod
    def from_store(cls, place: Path) -> Network:
        """Read the network of a store: a GeoPackage, a snapshot (`muster snapshot`), or a PostGIS
        (`postgresql://...`) with muster's tables.

        What was read from a file can be pickled: the other process reads the file again."""
        name = encoded(place)
        read = lib.muster_network_snapshot_open if lib.muster_network_snapshot_is(name) else lib.muster_network_load
        network = cls(made("muster_network", read, name))
        network._place = os.path.abspath(place) if os.path.exists(place) else None
        return network

    from_geopackage = from_store
    from_postgis = from_store

    @classmethod
    def from_arrays(cls, lon: Sequence[float] | Floats, lat: Sequence[float] | Floats,
                    source: Sequence[int] | NDArray[Any], target: Sequence[int] | NDArray[Any], length_m: ArrayLike, *,
                    node_id: ArrayLike | None = None, edge_id: ArrayLike | None = None,
                    duration_ms: ArrayLike | None = None, duration_back_ms: ArrayLike | None = None,
                    speed_kmh: ArrayLike | None = None, speed_back_kmh: ArrayLike | None = None,
                    road_class: Sequence[str] | NDArray[Any] | None = None,
                    oneway: ArrayLike | None = None, shapes: tuple[Any, Any, Any] | None = None) -> Network:
        """Build a network from arrays.

        :param lon, lat: (nodes,) degrees, WGS 84
        :param source, target: (edges,) numbers of nodes, from 0
        :param length_m: (edges,) metres
        :param duration_ms, duration_back_ms: (edges,) stated travel times there and back, which hold for
            every profile; the way back takes as long where it is left out
        :param speed_kmh, speed_back_kmh: (edges,) legal speed there and back, 0: not stated; the way back has the
            same where it is left out
        :param road_class: (edges,) words of ROAD_CLASSES
        :param oneway: (edges,) true or 1: open from source to target alone; -1: from target to source alone
        :param shapes: (first, lon, lat): the points of edge e between its ends are those from first[e] up to
            first[e + 1]; left out: straight lines
        :raises InvalidError: naming the first wrong edge or node"""
        nodes, edges = len(lon), len(source)
        data = lib.muster_py_new_network_data()
        kept: list[NDArray[Any]] = []

        def keep(values: ArrayLike | None, dtype: Any, what: str, length: int, kind: str) -> CData:
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
        for what, ids in (("node_id", node_id), ("edge_id", edge_id)):
            _check_unique(ids, what)
        data.edge_source = keep(source, np.uint32, "source", edges, "uint32_t")
        data.edge_target = keep(target, np.uint32, "target", edges, "uint32_t")
        data.edge_length_m = keep(length_m, np.float64, "length_m", edges, "double")
        data.edge_class = keep(_class_numbers(road_class), np.uint8, "road_class", edges, "uint8_t")
        forward, backward = _access(oneway, edges)
        data.edge_access_forward = keep(forward, np.uint8, "oneway", edges, "uint8_t")
        data.edge_access_backward = keep(backward, np.uint8, "oneway", edges, "uint8_t")
        data.edge_speed_forward_kmh = keep(speed_kmh, np.float32, "speed_kmh", edges, "float")
        data.edge_speed_backward_kmh = keep(speed_kmh if speed_back_kmh is None else speed_back_kmh, np.float32,
                                            "speed_back_kmh", edges, "float")
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
    def from_edges(cls, edges: Any, *, source: str = "source", target: str = "target",
                   length: str = "length_m") -> Network:
        """Build a network from a GeoDataFrame of lines, one row an edge.

        The columns `source` and `target` hold identifiers of nodes, whole numbers; nodes lie where the
        lines begin and end. `length_m` (else measured on the ellipsoid), `road_class`, `speed_kmh`, `speed_back_kmh`,
        `duration_ms`, `duration_back_ms` and `oneway` are read where they are there, as in from_arrays.

        :raises InvalidError: a column is missing, the frame has no coordinate system, a row is no line,
            or lines that share a node do not meet there"""
        from muster._frames import network_columns
        if not hasattr(edges, "columns"):
            raise InvalidError(f"edges are of type {type(edges).__name__}; expected a GeoDataFrame")
        return cls.from_arrays(**network_columns(edges, source, target, length))

    @classmethod
    def from_networkx(cls, graph: Any) -> Network:
        """Build a network from a graph of NetworkX, as OSMnx makes them: nodes with x and y (in the system of
        `graph.graph["crs"]`, WGS 84 if it says none), edges with `length` in metres and, where they are
        there, `travel_time` in seconds, `speed_kph`, `highway`, `oneway` and `geometry`.

        Each edge of a directed graph is a one-way edge here, but for the two that OSMnx makes of a two-way street
        (`oneway` is False, the same `osmid`, length and shape): they are one edge, open both ways. Identifiers of
        nodes are kept where all are whole numbers. Where not all edges have a `travel_time`, the profile's speed for
        the `highway` holds, or `speed_kph` where an edge has one. Graphs have no turn restrictions; `from_osm` reads
        them.

        :raises InvalidError: naming the first node or edge without what is needed"""
        from muster._graphs import graph_columns
        return cls.from_arrays(**graph_columns(graph))

    def to_networkx(self, metric: Metric | None = None) -> Any:
        """A MultiDiGraph with an edge for each arc that somebody may legally use, or, with a metric, that its profile
        may: x and y of nodes, and of edges `length`, `edge` (its number), `osmid` (its identifier), `highway`,
        `oneway`, `geometry`, where it is known `speed_kph`, and, with a metric, `travel_time` in seconds. Keys of
        nodes are their identifiers. Turn restrictions do not fit into a graph and are left out."""
        from muster._graphs import graph_of
        return graph_of(self, metric)

    def save(self, path: Path, on_progress: Callable[[str, float], Any] | None = None) -> None:
        """Write it to a new GeoPackage, which appears whole or not at all."""
        with _progress(on_progress) as (callback, user):
            check(lib.muster_network_save(self._pointer, encoded(path), callback, user))

    def snapshot(self, path: Path) -> None:
        """Write it with its hierarchy to a file that opens in milliseconds, and whose memory all processes of
        a machine share (`muster snapshot`). Network.from_store opens it."""
        self.build_hierarchy()
        check(lib.muster_network_snapshot_write(self._pointer, encoded(path)))

    # ---- looking --------------------------------------------------------------------------

    @property
    def _view(self) -> CData:
        return lib.muster_network_view(self._pointer)

    @property
    def node_count(self) -> int:
        return int(self._view.node_count)

    @property
    def edge_count(self) -> int:
        return int(self._view.edge_count)

    @property
    def node_lon(self) -> Floats:
        """(node_count,) degrees; on the network's own memory, read-only."""
        return view(self, self._view.node_lon_deg, self.node_count, np.float64)

    @property
    def node_lat(self) -> Floats:
        """(node_count,) degrees; on the network's own memory, read-only."""
        return view(self, self._view.node_lat_deg, self.node_count, np.float64)

    @property
    def node_id(self) -> Integers:
        """(node_count,) identifiers of the map's."""
        return view(self, self._view.node_id, self.node_count, np.int64)

    @property
    def edge_id(self) -> Integers:
        """(edge_count,) identifiers of the map's."""
        return view(self, self._view.edge_id, self.edge_count, np.int64)

    @property
    def edge_source(self) -> Numbers:
        """(edge_count,) numbers of nodes."""
        return view(self, self._view.edge_source, self.edge_count, np.uint32)

    @property
    def edge_target(self) -> Numbers:
        """(edge_count,) numbers of nodes."""
        return view(self, self._view.edge_target, self.edge_count, np.uint32)

    @property
    def edge_length_m(self) -> Floats:
        """(edge_count,) metres."""
        return view(self, self._view.edge_length_m, self.edge_count, np.float64)

    @property
    def nodes(self) -> Any:
        """A GeoDataFrame: `id` and a point, by number of node."""
        from muster._frames import nodes_frame
        return nodes_frame(self)

    @property
    def edges(self) -> Any:
        """A GeoDataFrame: `id`, `source`, `target` (numbers of nodes), `length_m`, `road_class`, `speed_kmh`
        and `speed_back_kmh` (0: not stated), `oneway` (1, or -1 for an edge that is open from target to source
        alone) and the line, by number of edge. from_edges takes it. Who may drive where beyond that, stated
        durations and turn restrictions are in files alone (`save`, `snapshot`)."""
        from muster._frames import edges_frame
        return edges_frame(self)

    def to_geodataframe(self) -> tuple[Any, Any]:
        """(nodes, edges), each a GeoDataFrame; `to_parquet` and `to_arrow` of those write them for others."""
        return self.nodes, self.edges

    def __reduce__(self) -> tuple[Any, ...]:
        if self._place is None:
            super().__reduce__()
        return _read_again, (self._place, self.node_count, self.edge_count)

    def __repr__(self) -> str:
        return f"<muster.Network of {self.node_count:,} nodes and {self.edge_count:,} edges>"

    # ---- using ----------------------------------------------------------------------------

    def build_hierarchy(self) -> Network:
        """Order the nodes and build the hierarchy that makes tables fast; metrics made afterwards use
        it. Answers are the same with and without. About 6 s a million nodes; a second call does nothing.
        Call it before other threads use the network."""
        check(lib.muster_network_build_hierarchy(self._pointer))
        return self

    def metric(self, profile: str | Profile, *, hierarchy: bool = True) -> Metric:
        """Travel times for one profile: `light`, `heavy`, `emergency`, `boat`, `helicopter`, `drone`, or
        a Profile.

        :param hierarchy: build the hierarchy first, if there is none
        :raises InvalidError: no profile of that name"""
        if hierarchy:
            self.build_hierarchy()
        found = as_profile(profile)
        pointer = made("muster_metric", lib.muster_metric_new, self._pointer, found._data)
        return Metric(pointer, self, found)


def _read_again(place: Path, node_count: int, edge_count: int) -> Network:
    """A network that was pickled, from its file."""
    network = Network.from_store(place)
    if (network.node_count, network.edge_count) != (node_count, edge_count):
        raise StoreError(f"{place} has {network.node_count} nodes and {network.edge_count} edges; expected the network "
                         f"that was pickled, of {node_count} and {edge_count}")
    return network


def _class_numbers(names: Sequence[str] | NDArray[Any] | None) -> NDArray[np.uint8] | None:
    if names is None:
        return None
    number = {name: i for i, name in enumerate(ROAD_CLASSES)}
    for row, name in enumerate(names):
        if name not in number:
            raise InvalidError(f"road_class has {name!r} in row {row}; expected one of {', '.join(ROAD_CLASSES)}")
    return np.fromiter((number[name] for name in names), np.uint8, len(names))


def _access(oneway: ArrayLike | None, edges: int) -> tuple[NDArray[np.uint8] | None, NDArray[np.uint8] | None]:
    """(forward, backward)"""
    if oneway is None:
        return None, None
    ways = given(np.asarray(oneway), np.int64, "oneway", edges)
    wrong = np.flatnonzero(np.abs(ways) > 1)
    if wrong.size:
        raise InvalidError(f"oneway has {ways[wrong[0]]} in row {wrong[0]}; expected true, false, 1, 0 or -1")
    forward, backward = (np.where(ways == closed, 0, lib.MUSTER_ACCESS_ALL).astype(np.uint8) for closed in (-1, 1))
    return forward, backward


def _check_unique(ids: ArrayLike | None, what: str) -> None:
    """The library takes it for granted."""
    if ids is None:
        return
    unique, count = np.unique(np.asarray(ids), return_counts=True)
    if len(unique) and count.max() > 1:
        raise InvalidError(f"{what} has {unique[count.argmax()]} {count.max()} times; expected each once")


def _check_shapes(first: NDArray[Any], points: int) -> None:
    """The library trusts the bounds of arrays."""
    if len(first) and (first[0] != 0 or first[-1] != points or np.any(np.diff(first.astype(np.int64)) < 0)):
        raise InvalidError(f"first of shapes runs from {first[0]} to {first[-1]}; "
                           f"expected 0 to {points}, never falling")
