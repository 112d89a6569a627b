"""Graphs of NetworkX, as OSMnx makes them, in and out."""

import networkx
import numpy as np
import pytest
import shapely

import muster


def graph():
    """Two streets that meet, one of them one way and bent, as OSMnx has them."""
    g = networkx.MultiDiGraph(crs="epsg:4326")
    for key, x, y in ((101, 120.70, 30.70), (102, 120.71, 30.70), (103, 120.71, 30.71)):
        g.add_node(key, x=x, y=y)
    g.add_edge(101, 102, length=957.0, highway="primary", oneway=False, travel_time=60.0)
    g.add_edge(102, 101, length=957.0, highway="primary", oneway=False, travel_time=61.0)
    g.add_edge(102, 103, length=1500.0, highway=["lane", "residential"], oneway=True, travel_time=120.5,
               geometry=shapely.LineString([(120.71, 30.70), (120.72, 30.705), (120.71, 30.71)]))
    return g


def test_travel_times_ways_and_shapes_are_kept():
    network = muster.Network.from_networkx(graph())
    assert network.node_id.tolist() == [101, 102, 103]
    assert network.edges.road_class.tolist() == ["primary", "residential"]
    assert network.metric("light").duration_ms.tolist() == [
        60000, 61000, 120500, muster.UNREACHABLE_MS]
    assert len(network.edges.geometry.iloc[1].coords) == 3


@pytest.mark.parametrize("attribute, value", [("oneway", True), ("length", 958.0), ("osmid", 7), ("highway", "service"),
                                              ("geometry", shapely.LineString([(120.71, 30.7), (120.705, 30.71),
                                                                               (120.70, 30.7)]))], ids=range(5))
def test_only_both_ways_of_one_street_become_one_edge(attribute, value):
    g = graph()
    assert muster.Network.from_networkx(g).edge_count == 2
    g.edges[102, 101, 0][attribute] = value
    network = muster.Network.from_networkx(g)
    assert network.edge_count == 3 and network.edges.oneway.all()


def test_of_parallel_streets_each_has_its_way_back():
    g = networkx.MultiDiGraph(crs="epsg:4326")
    g.add_nodes_from([(1, {"x": 120.70, "y": 30.70}), (2, {"x": 120.71, "y": 30.70})])
    bend = shapely.LineString([(120.70, 30.70), (120.705, 30.71), (120.71, 30.70)])
    for ends, lines in (((1, 2), (None, bend)), ((2, 1), (bend.reverse(), None))):
        for line in lines:
            g.add_edge(*ends, length=2000.0, oneway=False, osmid=5, **({} if line is None else {"geometry": line}))
    edges = muster.Network.from_networkx(g).edges
    assert [len(line.coords) for line in edges.geometry] == [2, 3] and not edges.oneway.any()


def test_ways_of_other_shapes_are_other_streets():
    g = networkx.MultiDiGraph(crs="epsg:4326")
    g.add_nodes_from([(1, {"x": 120.70, "y": 30.70}), (2, {"x": 120.71, "y": 30.70})])
    for ends, lat in (((1, 2), 30.71), ((2, 1), 30.69), ((2, 1), 30.71)):
        line = shapely.LineString([(120.70, 30.70), (120.705, lat), (120.71, 30.70)])
        g.add_edge(*ends, length=2000.0, oneway=False, osmid=5, geometry=line if ends == (1, 2) else line.reverse())
    edges = muster.Network.from_networkx(g).edges
    assert edges.oneway.tolist() == [0, 1] and [line.coords[1][1] for line in edges.geometry] == [30.71, 30.69]


def test_out_and_in_again():
    network = muster.Network.from_networkx(graph())
    metric = network.metric("light")
    out = network.to_networkx(metric)
    assert [(u, v, d["travel_time"]) for u, v, d in sorted(out.edges(data=True), key=lambda e: e[2]["edge"])] == [
        (101, 102, 60.0), (102, 101, 61.0), (102, 103, 120.5)]
    again = muster.Network.from_networkx(out)
    np.testing.assert_array_equal(again.metric("light").duration_ms, metric.duration_ms)
    assert networkx.shortest_path_length(out, 101, 103, weight="travel_time") == 180.5


def test_two_way_streets_are_two_edges_of_the_graph(network):
    out = network.to_networkx()
    assert out.number_of_edges() == 2 * network.edge_count
    line, back = (next(iter(out.get_edge_data(*ends).values()))["geometry"] for ends in ((1, 2), (2, 1)))
    assert list(line.coords) == list(back.coords)[::-1]


def test_undirected_graphs_are_two_ways():
    network = muster.Network.from_networkx(graph().to_undirected())
    assert np.all(network.metric("light").duration_ms < muster.UNREACHABLE_MS)


def test_other_coordinate_systems_are_brought_to_wgs84():
    import pyproj
    g = graph()
    project = pyproj.Transformer.from_crs(4326, 4549, always_xy=True)
    for _, data in g.nodes(data=True):
        data["x"], data["y"] = project.transform(data["x"], data["y"])
    for *_, data in g.edges(data=True):
        if "geometry" in data:
            data["geometry"] = shapely.transform(data["geometry"], lambda p: np.column_stack(project.transform(*p.T)))
    g.graph["crs"] = "EPSG:4549"
    network = muster.Network.from_networkx(g)
    np.testing.assert_allclose(network.node_lon, [120.70, 120.71, 120.71], atol=1e-8)
    np.testing.assert_allclose(network.edges.geometry.iloc[1].coords[1], (120.72, 30.705), atol=1e-8)


@pytest.mark.parametrize("spoil, words", [
    (lambda g: g.nodes[102].pop("x"), "node 102 has y; expected x and y"),
    (lambda g: g.edges[101, 102, 0].pop("length"), "edge 101 to 102 has no length"),
    (lambda g: g.edges[101, 102, 0].update(length=-1), "length"),
    (lambda g: g.nodes[102].update(y=130.0), "node"),
], ids=range(4))
def test_what_is_missing_is_named(spoil, words):
    g = graph()
    spoil(g)
    with pytest.raises(muster.InvalidError, match=words):
        muster.Network.from_networkx(g)


def test_shapes_that_do_not_fit_are_refused():
    for shapes in (([0, 5], [120.7], [30.7]), ([1, 1], [120.7], [30.7]), ([0, 1], [120.7, 120.8], [30.7])):
        with pytest.raises(muster.InvalidError, match="shapes"):
            muster.Network.from_arrays([120.7, 120.8], [30.7, 30.7], [0], [1], [9000.0], shapes=shapes)
