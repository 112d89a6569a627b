"""To and from graphs of NetworkX, with the attributes that OSMnx gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx
import numpy as np
import pyproj

from muster._errors import InvalidError
from muster._frames import WGS84, edge_lines, is_open, shapes_of, speeds_kmh
from muster._memory import view
from muster.metric import UNREACHABLE_MS
from muster.network import ROAD_CLASSES

if TYPE_CHECKING:
    from muster._types import Floats
    from muster.metric import Metric
    from muster.network import Network

DEFAULT_CLASS = "road"

Edge = tuple[Any, Any, dict[str, Any]]
"""Of a graph: from, to, attributes."""


def _node_places(graph: Any) -> tuple[list[Any], Floats, Floats, pyproj.Transformer | None]:
    nodes = list(graph.nodes(data=True))
    for key, data in nodes:
        if "x" not in data or "y" not in data:
            raise InvalidError(f"node {key!r} has {', '.join(map(str, data)) or 'nothing'}; expected x and y")
    x, y = (np.array([data[name] for _, data in nodes], np.float64) for name in ("x", "y"))
    crs = graph.graph.get("crs", WGS84)
    project = None if pyproj.CRS(crs) == pyproj.CRS(WGS84) else pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = project.transform(x, y) if project else (x, y)
    return [key for key, _ in nodes], lon, lat, project


def _road_class(value: Any) -> str:
    """The class of a `highway` tag, which OSMnx makes a list where several roads were joined."""
    for word in value if isinstance(value, list) else [value]:
        if word in ROAD_CLASSES:
            return str(word)
    return DEFAULT_CLASS


def _line(geometry: Any, project: pyproj.Transformer | None) -> Any:
    if geometry is None or project is None:
        return geometry
    import shapely
    return shapely.transform(geometry, lambda points: np.column_stack(project.transform(*points.T)))


def _speed_kmh(value: Any) -> float:
    """Of an edge: 0 where none is known."""
    return 0.0 if value is None or np.isnan(value) else float(value)


def _street(tail: Any, head: Any, data: dict[str, Any], has_times: bool) -> tuple[Any, ...]:
    """What both directions of a street have in common."""
    osmid = data.get("osmid")
    ways = tuple(sorted(osmid)) if isinstance(osmid, list) else osmid
    speed_kmh = 0.0 if has_times else _speed_kmh(data.get("speed_kph"))
    return tail, head, ways, round(data["length"], 2), _road_class(data.get("highway", DEFAULT_CLASS)), speed_kmh


def _is_way_back(there: Any, back: Any) -> bool:
    """Is one line the other, reversed? None is straight."""
    if there is None or back is None:
        return there is back
    return bool(there.equals_exact(back.reverse(), 1e-9))


def _streets(edges: list[Edge], is_directed: bool, has_times: bool) -> list[tuple[Edge, Edge | None]]:
    """Edges, each with its way back, None where there is none. OSMnx makes two edges of a two-way street and
    says of both that they are not one way; here they are one, so that who is beside it may set off either way."""
    if not is_directed:
        return [(edge, edge) for edge in edges]
    found: list[tuple[Edge, Edge | None]] = []
    waiting: dict[tuple[Any, ...], list[int]] = {}
    for tail, head, data in edges:
        is_half = data.get("oneway") is False
        for number in waiting.get(_street(head, tail, data, has_times), []) if is_half else []:
            there = found[number][0]
            if _is_way_back(there[2].get("geometry"), data.get("geometry")):
                found[number] = (there, (tail, head, data))
                waiting[_street(head, tail, data, has_times)].remove(number)
                break
        else:
            if is_half:
                waiting.setdefault(_street(tail, head, data, has_times), []).append(len(found))
            found.append(((tail, head, data), None))
    return found


def graph_columns(graph: Any) -> dict[str, Any]:
    """Arguments of Network.from_arrays."""
    keys, lon, lat, project = _node_places(graph)
    number = {key: i for i, key in enumerate(keys)}
    edges: list[Edge] = list(graph.edges(data=True))
    for tail, head, data in edges:
        if "length" not in data:
            raise InvalidError(f"edge {tail!r} to {head!r} has no length")
    has_times = bool(edges) and all("travel_time" in data for _, _, data in edges)
    streets = _streets(edges, graph.is_directed(), has_times)
    columns: dict[str, Any] = {
        "lon": lon, "lat": lat,
        "source": [number[tail] for (tail, _, _), _ in streets],
        "target": [number[head] for (_, head, _), _ in streets],
        "length_m": [data["length"] for (*_, data), _ in streets],
        "road_class": [_road_class(data.get("highway", DEFAULT_CLASS)) for (*_, data), _ in streets],
        "oneway": np.array([back is None for _, back in streets], bool),
        "shapes": shapes_of([_line(data.get("geometry"), project) for (*_, data), _ in streets])}
    if all(isinstance(key, (int, np.integer)) for key in keys):
        columns["node_id"] = keys
    if has_times:
        for name, ways in (("duration_ms", [there for there, _ in streets]),
                           ("duration_back_ms", [back or there for there, back in streets])):
            columns[name] = np.rint([1000 * data["travel_time"] for *_, data in ways])
    elif any("speed_kph" in data for _, _, data in edges):
        columns["speed_kmh"] = [_speed_kmh(data.get("speed_kph")) for (*_, data), _ in streets]
    return columns


class _Edges:
    """What is known of edges, in OSMnx's words."""

    def __init__(self, network: Network) -> None:
        classes = view(network, network._view.edge_class, network.edge_count, np.uint8)
        self.osmid, self.length = network.edge_id.tolist(), network.edge_length_m.tolist()
        self.highway = [ROAD_CLASSES[number] for number in classes.tolist()]
        self.lines, self.is_open = edge_lines(network), is_open(network)
        self.speed_kmh = [speeds.tolist() for speeds in speeds_kmh(network)]

    def about(self, edge: int, is_back: int) -> dict[str, Any]:
        line, speed_kmh = self.lines[edge], self.speed_kmh[is_back][edge]
        about = {"osmid": self.osmid[edge], "length": self.length[edge], "edge": edge, "highway": self.highway[edge],
                 "oneway": not (self.is_open[0][edge] and self.is_open[1][edge]), "reversed": bool(is_back),
                 "geometry": line.reverse() if is_back else line}
        return {**about, "speed_kph": speed_kmh} if speed_kmh > 0 else about


def graph_of(network: Network, metric: Metric | None) -> Any:
    graph: networkx.MultiDiGraph[Any] = networkx.MultiDiGraph(crs=WGS84)
    ids, edges = network.node_id.tolist(), _Edges(network)
    graph.add_nodes_from((key, {"x": x, "y": y}) for key, x, y in
                         zip(ids, network.node_lon.tolist(), network.node_lat.tolist()))
    duration_ms = None if metric is None else metric.duration_ms
    for edge, (tail, head) in enumerate(zip(network.edge_source.tolist(), network.edge_target.tolist())):
        for back in (0, 1):
            is_there = (edges.is_open[back][edge] if duration_ms is None
                        else duration_ms[2 * edge + back] != UNREACHABLE_MS)
            if not is_there:
                continue
            about = edges.about(edge, back)
            if duration_ms is not None:
                about["travel_time"] = int(duration_ms[2 * edge + back]) / 1000
            graph.add_edge(*((ids[head], ids[tail]) if back else (ids[tail], ids[head])), **about)
    return graph
