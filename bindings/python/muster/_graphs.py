"""To and from graphs of NetworkX, with the attributes that OSMnx gives them."""

import networkx
import numpy as np
import pyproj

from muster._errors import InvalidError
from muster._frames import WGS84, _edge_lines, shapes_of

DEFAULT_CLASS = "road"


def _node_places(graph):
    nodes = list(graph.nodes(data=True))
    for key, data in nodes:
        if "x" not in data or "y" not in data:
            raise InvalidError(f"node {key!r} has {', '.join(map(str, data)) or 'nothing'}; expected x and y")
    x, y = (np.array([data[name] for _, data in nodes], np.float64) for name in ("x", "y"))
    crs = graph.graph.get("crs", WGS84)
    project = None if pyproj.CRS(crs) == pyproj.CRS(WGS84) else pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = project.transform(x, y) if project else (x, y)
    return [key for key, _ in nodes], lon, lat, project


def _road_class(value):
    """The class of a `highway` tag, which OSMnx makes a list where several roads were joined."""
    from muster.network import ROAD_CLASSES
    for word in value if isinstance(value, list) else [value]:
        if word in ROAD_CLASSES:
            return word
    return DEFAULT_CLASS


def _line(geometry, project):
    if geometry is None or project is None:
        return geometry
    import shapely
    return shapely.transform(geometry, lambda points: np.column_stack(project.transform(*points.T)))


def graph_columns(graph):
    """Arguments of Network.from_arrays."""
    keys, lon, lat, project = _node_places(graph)
    number = {key: i for i, key in enumerate(keys)}
    edges = list(graph.edges(data=True))
    for tail, head, data in edges:
        if "length" not in data:
            raise InvalidError(f"edge {tail!r} to {head!r} has no length")
    columns = {
        "lon": lon, "lat": lat,
        "source": [number[tail] for tail, _, _ in edges], "target": [number[head] for _, head, _ in edges],
        "length_m": [data["length"] for _, _, data in edges],
        "road_class": [_road_class(data.get("highway", DEFAULT_CLASS)) for _, _, data in edges],
        "oneway": np.full(len(edges), graph.is_directed()),
        "shapes": shapes_of([_line(data.get("geometry"), project) for _, _, data in edges])}
    if all(isinstance(key, (int, np.integer)) for key in keys):
        columns["node_id"] = keys
    if edges and all("travel_time" in data for _, _, data in edges):
        columns["duration_ms"] = np.rint([1000 * data["travel_time"] for _, _, data in edges])
    elif any("speed_kph" in data for _, _, data in edges):
        columns["speed_kmh"] = [data.get("speed_kph", 0) for _, _, data in edges]
    return columns


def graph_of(network, metric):
    from muster.metric import UNREACHABLE_MS
    from muster._memory import view
    graph = networkx.MultiDiGraph(crs=WGS84)
    ids = network.node_id.tolist()
    graph.add_nodes_from((key, {"x": x, "y": y}) for key, x, y in
                         zip(ids, network.node_lon.tolist(), network.node_lat.tolist()))
    data, edges = network._view, network.edge_count
    access = [view(network, pointer, edges, np.uint8) for pointer in (data.edge_access_forward,
                                                                      data.edge_access_backward)]
    duration_ms = metric.duration_ms if metric is not None else None
    lines, length_m = _edge_lines(network), network.edge_length_m.tolist()
    for edge, (tail, head) in enumerate(zip(network.edge_source.tolist(), network.edge_target.tolist())):
        for back in (0, 1):
            about = {"length": length_m[edge], "edge": edge, "geometry": lines[edge].reverse() if back else lines[edge]}
            if duration_ms is not None:
                if duration_ms[2 * edge + back] == UNREACHABLE_MS:
                    continue
                about["travel_time"] = int(duration_ms[2 * edge + back]) / 1000
            elif not access[back][edge]:
                continue
            ends = (ids[head], ids[tail]) if back else (ids[tail], ids[head])
            graph.add_edge(*ends, **about)
    return graph
