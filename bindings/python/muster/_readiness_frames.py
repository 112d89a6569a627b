"""Frames of readiness: places and people that come in, critical roads and units that go out."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas
import shapely

from muster._arguments import column, whole_numbers
from muster._errors import InvalidError, text
from muster._frames import WGS84, points
from muster._native import ffi, lib
from muster._standard import MOST_QUANTITY
from muster.network import ROAD_CLASSES
from muster.problem import RESOURCES


def places_frame(places: Any, lon: np.ndarray, lat: np.ndarray) -> geopandas.GeoDataFrame:
    """The caller's frame; points by themselves as one."""
    if hasattr(places, "to_crs"):
        return places if hasattr(places, "columns") else geopandas.GeoDataFrame(geometry=places)
    if hasattr(places, "columns"):
        return geopandas.GeoDataFrame(places, geometry=points(lon, lat), crs=WGS84)
    return geopandas.GeoDataFrame(geometry=points(lon, lat), crs=WGS84)


def people_of(frame: pandas.DataFrame, people: Any) -> np.ndarray:
    """[places] 0 where it is not known."""
    if people is None:
        people = "population" if "population" in frame.columns else np.zeros(len(frame), np.int64)
    name = people if isinstance(people, str) else "people"
    values = column(frame, people, "places") if isinstance(people, str) else pandas.Series(people)
    if len(values) != len(frame):
        raise InvalidError(f"people has {len(values)} values; expected {len(frame)}, one for each place")
    return whole_numbers(values.astype(object).where(values.notna(), 0), 0, MOST_QUANTITY, "places", name)


# ---- N-1 ---------------------------------------------------------------------------------

def _road_shape(network: Any, edges: list[int]) -> Any:
    lines = [_edge_line(network, edge) for edge in edges]
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _edge_line(network: Any, edge: int) -> shapely.LineString:
    data = lib.muster_network_view(network)
    first, end = data.edge_first_point[edge], data.edge_first_point[edge + 1]
    source, target = data.edge_source[edge], data.edge_target[edge]
    return shapely.LineString([
        (data.node_lon_deg[source], data.node_lat_deg[source]),
        *((data.point_lon_deg[i], data.point_lat_deg[i]) for i in range(first, end)),
        (data.node_lon_deg[target], data.node_lat_deg[target])])


def _edge_name(data: Any, edge: int) -> str | None:
    if data.edge_name == ffi.NULL or data.edge_name[edge] == lib.MUSTER_NONE:
        return None
    return text(data.names + data.edge_name[edge])


def _losses(loss: np.ndarray) -> dict[str, np.ndarray]:
    return {"fallen": loss["fallen_count"].astype(np.int64), "fallen_people": loss["fallen_weight"],
            "beyond": loss["beyond_count"].astype(np.int64), "slower": loss["slower_count"].astype(np.int64),
            "lost_people_s": loss["lost_ms"] / 1000}


def criticals_frame(problem: Any, codes: Any, critical: np.ndarray,
                    roads: list[list[int]] | None) -> pandas.DataFrame:
    """:param roads: the edges of each, where they are roads or bridges"""
    losses = _losses(critical["loss"])
    if roads is None:
        resources = [RESOURCES[resource] for resource in critical["resource"]]
        found = [codes[resource][i] for resource, i in zip(resources, critical["index"])]
        return pandas.DataFrame({"resource": resources, "unit": found, **losses})
    network = lib.muster_metric_network(problem._data.metric[0])
    data, edges = lib.muster_network_view(network), critical["edge"].tolist()
    return geopandas.GeoDataFrame(
        {"edge_id": [data.edge_id[edge] for edge in edges], "name": [_edge_name(data, edge) for edge in edges],
         "road_class": [ROAD_CLASSES[data.edge_class[edge]] for edge in edges], "edges": roads, **losses},
        geometry=geopandas.GeoSeries([_road_shape(network, road) for road in roads], crs=WGS84), crs=WGS84
    ).set_index(pandas.Index(edges, name="edge", dtype=np.int64))
