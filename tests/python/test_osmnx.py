"""Graphs that OSMnx itself has made: in, out, and searched by both."""

import itertools

import networkx
import numpy as np
import pytest
from conftest import LAT, LON

import muster

osmnx = pytest.importorskip("osmnx")

STEP = 0.004
ROADS = [  # way, nodes, tags
    (9, (1, 2), {"highway": "primary", "maxspeed": "60"}),
    (10, (2, 3), {"highway": "primary", "maxspeed": "60"}),
    (11, (3, 6), {"highway": "residential", "oneway": "yes"}),
    (12, (6, 5, 4), {"highway": "secondary", "oneway": "-1", "maxspeed": "50"}),
    (13, (4, 1), {"highway": "residential"}),
    (14, (2, 5), {"highway": "tertiary", "maxspeed": "40"}),
    (15, (2, 7, 5), {"highway": "residential"}),  # a second way from 2 to 5, past 7
    (16, (3, 8, 3), {"highway": "service"}),      # to a corner and back
    (17, (6, 8), {"highway": "service"}),
]
NODES = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (0, 1), 5: (1, 1), 6: (2, 1), 7: (1.5, 0.5), 8: (2.5, 0.3)}


@pytest.fixture(scope="module", name="file")
def fixture_file(tmp_path_factory):
    """A town as OpenStreetMap has it, in which turning left from way 9 into way 14 is forbidden."""
    lines = ['<osm version="0.6">']
    lines += [f'<node id="{key}" lon="{LON + x * STEP}" lat="{LAT + y * STEP}" version="1"/>'
              for key, (x, y) in NODES.items()]
    for way, nodes, tags in ROADS:
        inner = [f'<nd ref="{key}"/>' for key in nodes] + [f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()]
        lines.append(f'<way id="{way}" version="1">{"".join(inner)}</way>')
    lines.append('<relation id="90" version="1"><member type="way" ref="9" role="from"/><member type="node" ref="2" '
                 'role="via"/><member type="way" ref="14" role="to"/><tag k="type" v="restriction"/>'
                 '<tag k="restriction" v="no_left_turn"/></relation></osm>')
    path = tmp_path_factory.mktemp("osm") / "town.osm"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module", name="graph")
def fixture_graph(file):
    graph = osmnx.graph_from_xml(file, simplify=False, retain_all=True)
    return osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph))


def seconds(graph):
    """{(from, to): s} of networkx's Dijkstra."""
    return {(tail, head): length for tail, lengths in networkx.all_pairs_dijkstra_path_length(graph, weight="travel_time")
            for head, length in lengths.items()}


def assert_agrees(network, graph):
    """All pairs of junctions, within the rounding of each edge to milliseconds."""
    expected = seconds(graph)
    places = np.column_stack((network.node_lon, network.node_lat))
    table = network.metric("light").matrix(places).duration_ms
    ids = network.node_id.tolist()
    for (i, tail), (k, head) in itertools.product(enumerate(ids), repeat=2):
        if (tail, head) in expected:
            assert table[i, k] == pytest.approx(1000 * expected[tail, head], abs=len(ids)), (tail, head)
        else:
            assert table[i, k] == muster.UNREACHABLE_MS, (tail, head)


def test_graphs_come_in_with_their_travel_times(graph):
    network = muster.Network.from_networkx(graph)
    assert network.node_count == len(NODES)
    assert_agrees(network, graph)


def test_two_way_streets_are_one_edge(graph, file):
    """As in the file itself; so who is halfway along one may set off either way."""
    network, of_file = muster.Network.from_networkx(graph), muster.Network.from_osm(file)
    assert network.edges.oneway.abs().sum() == of_file.edges.oneway.abs().sum() == 3
    assert -1 in of_file.edges.oneway.tolist()  # way 12
    assert network.edges.length_m.sum() == pytest.approx(of_file.edges.length_m.sum(), rel=0.005)
    halfway = [LON + 0.5 * STEP, LAT]
    ends = [[LON, LAT], [LON + STEP, LAT]]
    there = network.metric("light").matrix([halfway], ends, distances=True).distance_m[0]
    np.testing.assert_allclose(there, [191, 191], atol=1)


def test_one_ways_stay_one_way(graph):
    network = muster.Network.from_networkx(graph)
    ways = set(zip(network.node_id[network.edge_source].tolist(), network.node_id[network.edge_target].tolist()))
    assert (3, 6) in ways and (6, 3) not in ways
    assert (4, 5) in ways and (5, 4) not in ways  # against the order of its nodes


def test_simplified_graphs_keep_shapes_and_parallel_edges(file):
    graph = osmnx.graph_from_xml(file, simplify=True, retain_all=True)
    graph = osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph))
    assert 7 not in graph and graph.number_of_edges(2, 5) == 2  # straight, and past 7
    network = muster.Network.from_networkx(graph)
    assert_agrees(network, graph)
    lengths = {round(data["length"], 2) for *_, data in graph.edges(data=True)}
    assert set(network.edge_length_m.round(2)) == lengths
    edges = network.edges
    parallel = edges[(network.node_id[edges.source] == 2) & (network.node_id[edges.target] == 5)]
    assert sorted(len(line.coords) for line in parallel.geometry) == [2, 3]


def test_projected_graphs_are_brought_back_to_wgs84(graph):
    network = muster.Network.from_networkx(osmnx.project_graph(graph, to_crs="EPSG:4549"))
    number = {key: i for i, key in enumerate(network.node_id.tolist())}
    for key, (x, y) in NODES.items():
        assert network.node_lon[number[key]] == pytest.approx(LON + x * STEP, abs=1e-7)
        assert network.node_lat[number[key]] == pytest.approx(LAT + y * STEP, abs=1e-7)
    assert_agrees(network, graph)


def test_speeds_that_are_missing_are_those_of_the_road(file):
    """Without travel times: stated speeds hold, and where there is none the profile's for the road."""
    graph = osmnx.graph_from_xml(file, simplify=False, retain_all=True)
    for *_, data in graph.edges(data=True):
        if "maxspeed" in data:
            data["speed_kph"] = float(data["maxspeed"])
        elif data["highway"] == "residential":
            data["speed_kph"] = float("nan")
    network = muster.Network.from_networkx(graph)
    assert set(network.edges.speed_kmh) == {0, 40, 50, 60}
    duration_ms = network.metric("light").duration_ms[::2]  # of the edges from source to target
    assert np.all(duration_ms < muster.UNREACHABLE_MS)
    stated = muster.Network.from_osm(file).metric("light")
    again = network.metric("light")
    for pair in ((1, 3), (4, 6), (1, 8)):
        ends = [[LON + NODES[key][0] * STEP, LAT + NODES[key][1] * STEP] for key in pair]
        assert again.matrix(ends).duration_ms[0, 1] == pytest.approx(stated.matrix(ends).duration_ms[0, 1], rel=0.02)


def test_turn_restrictions_are_of_files_alone(file, graph):
    """A graph has no place for them: what the file forbids, its graph allows."""
    of_file, of_graph = muster.Network.from_osm(file), muster.Network.from_networkx(graph)
    ends = [[LON + 0.5 * STEP, LAT], [LON + STEP, LAT + 0.5 * STEP]]  # on way 9; on way 14
    forbidden, allowed = (network.metric("light").matrix(ends, distances=True).distance_m[0, 1]
                          for network in (of_file, of_graph))
    assert forbidden > allowed + 100


def test_osmnx_works_on_graphs_that_go_out(file, tmp_path):
    network = muster.Network.from_osm(file)
    out = network.to_networkx(network.metric("light"))
    assert_agrees_with_osmnx(out)
    nodes, edges = osmnx.graph_to_gdfs(out)
    assert nodes.crs == edges.crs == "EPSG:4326" and len(edges) == out.number_of_edges()
    osmnx.save_graphml(out, tmp_path / "town.graphml")
    again = osmnx.load_graphml(tmp_path / "town.graphml")
    assert_agrees_with_osmnx(again)
    assert out.number_of_edges() == 2 * network.edge_count - 3
    assert muster.Network.from_networkx(again).edge_count == network.edge_count


def assert_agrees_with_osmnx(graph):
    tail, head = (osmnx.distance.nearest_nodes(graph, LON + x * STEP, LAT + y * STEP) for x, y in (NODES[1], NODES[6]))
    path = osmnx.routing.shortest_path(graph, tail, head, weight="travel_time")
    assert path is not None and path[0] == tail and path[-1] == head
    assert np.isfinite(osmnx.routing.route_to_gdf(graph, path, weight="travel_time").travel_time).all()
    assert {data["highway"] for *_, data in graph.edges(data=True)} >= {"primary", "residential"}
