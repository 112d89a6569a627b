"""Tables, routes, nearest and closures, against scipy's Dijkstra on the same graph."""

import concurrent.futures

import geopandas
import numpy as np
import pandas
import pytest
import scipy.sparse
import scipy.sparse.csgraph
import shapely
from conftest import LAT, LON
from hypothesis import given, settings
from hypothesis import strategies as st

import muster


def dijkstra(network, metric):
    """Travel times between all junctions, by scipy; of parallel arcs the fastest."""
    arcs, nodes = metric.duration_ms, network.node_count
    tail = np.column_stack((network.edge_source, network.edge_target)).ravel()
    head = np.column_stack((network.edge_target, network.edge_source)).ravel()
    best = np.full((nodes, nodes), np.inf)
    for t, h, ms in zip(tail, head, arcs):
        if ms < muster.UNREACHABLE_MS:
            best[t, h] = min(best[t, h], ms + 1e-9)  # scipy takes 0 for no arc
    found = scipy.sparse.csgraph.dijkstra(np.where(np.isinf(best), 0, best))
    return np.where(np.isinf(found), muster.UNREACHABLE_MS, np.rint(found)).astype(np.uint32)


@st.composite
def graphs(draw):
    nodes = draw(st.integers(2, 12))
    edges = draw(st.lists(st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1), st.integers(1, 10**6),
                                    st.booleans()), min_size=1, max_size=40))
    return nodes, edges


@given(graphs())
@settings(max_examples=200, deadline=None)
def test_tables_are_those_of_dijkstra(graph):
    nodes, edges = graph
    source, target, duration_ms, oneway = map(np.array, zip(*edges))
    lon = 120 + 0.01 * np.arange(nodes)
    network = muster.Network.from_arrays(lon, np.full(nodes, 30.0), source, target, np.full(len(edges), 1.0),
                                         duration_ms=duration_ms, oneway=oneway)
    metric = network.metric("light")
    snap = np.zeros(nodes, muster.metric.SNAP)
    used = np.zeros(nodes, bool)
    for edge, (s, t, _, _) in enumerate(edges):
        for node, fraction in ((s, 0.0), (t, 1.0)):
            snap[node] = (edge, fraction, lon[node], 30.0, 0)
            used[node] = True
    places = muster.Places(metric, np.ascontiguousarray(snap[used]), None)
    expected = dijkstra(network, metric)[np.ix_(used, used)]
    table = metric.matrix(places, places, distances=True)
    np.testing.assert_array_equal(table.duration_ms, expected)
    np.testing.assert_array_equal(np.isnan(table.distance_m), expected == muster.UNREACHABLE_MS)


def test_routes_nearest_and_tables_agree(metric, junctions):
    table = metric.matrix(junctions, distances=True)
    routes = metric.routes(junctions[:6], junctions[30:])
    np.testing.assert_array_equal(routes.duration_ms, table.duration_ms[np.arange(6), 30 + np.arange(6)])
    np.testing.assert_allclose(routes.distance_m, table.distance_m[np.arange(6), 30 + np.arange(6)])
    nearest = metric.nearest(junctions[:3], junctions, 5)
    for origin, rows in nearest.groupby("origin"):
        np.testing.assert_array_equal(rows.duration_ms, np.sort(table.duration_ms[origin])[:5])
        np.testing.assert_array_equal(rows["rank"], np.arange(1, 6))
    route = metric.route(junctions[0], junctions[35])
    arcs = metric.duration_ms[route.arcs]  # the first and the last may be driven in part, or not at all
    assert arcs[1:-1].sum() <= route.duration_ms <= arcs.sum()
    assert route.line.coords[0] == tuple(junctions[0])


def test_the_answer_is_written_into_the_array_that_is_returned(metric, junctions):
    table = metric.matrix(junctions)
    assert table.duration_ms.dtype == np.uint32 and table.duration_ms.flags.owndata
    assert np.asarray(table) is not None and np.array_equal(np.asarray(table), table.duration_ms)


def test_labels_of_frames_are_those_of_answers(metric, junctions):
    stations = geopandas.GeoDataFrame(index=["north", "south"], geometry=geopandas.points_from_xy(
        *junctions[[35, 0]].T, crs=4326))
    frame = metric.matrix(stations, stations).to_frame()
    assert list(frame.index) == list(frame.columns) == ["north", "south"]
    assert frame.loc["north", "north"] == 0
    assert set(metric.nearest(stations, stations).candidate) == {"north", "south"}


def test_xarray_has_both_dimensions(metric, junctions):
    xarray = pytest.importorskip("xarray")
    data = metric.matrix(junctions[:2], junctions[:3], distances=True).to_xarray()
    assert isinstance(data, xarray.Dataset) and dict(data.sizes) == {"origin": 2, "destination": 3}
    assert float(data.duration_s[1, 1]) == 0


def test_what_cannot_be_reached_is_an_answer(metric, junctions):
    away = np.array([[0.0, 0.0]])
    table = metric.matrix(junctions[:2], away, distances=True)
    assert np.all(table.duration_ms == muster.UNREACHABLE_MS) and np.all(np.isnan(table.distance_m))
    assert np.all(np.isnan(table.to_frame()))
    assert metric.route(junctions[0], away) is None
    assert metric.routes(junctions[:1], away).geometry.iloc[0] is None
    assert len(metric.nearest(away, junctions)) == 0
    assert metric.snap(away).snap["edge"][0] == muster.NOT_SNAPPED


def test_nothing_at_all_is_an_answer(metric, junctions):
    assert metric.matrix([], junctions).duration_ms.shape == (0, 36)
    assert metric.matrix(junctions, []).duration_ms.shape == (36, 0)


@pytest.mark.parametrize("places, words", [
    ([(np.nan, 30.7)], "NaN|nan"), ([(120.7, 95.0)], "95"), ([(1, 2, 3)], r"shape \(1, 3\)"),
    ([[(1, 2)]], "shape"), (geopandas.GeoDataFrame({"name": [1]}, geometry=[shapely.LineString([(0, 0), (1, 1)])],
                                                   crs=4326), "LineString"),
], ids=["nan", "off the globe", "three numbers", "three dimensions", "a line"])
def test_places_that_are_none_are_named(metric, places, words):
    with pytest.raises(muster.InvalidError, match=words):
        metric.matrix(places)


@pytest.mark.parametrize("places, words", [
    ([(30.7, 120.7)], "latitude 120.7; .*longitude first"), ([("a", "b")], "no numbers"),
    (pandas.DataFrame({"lon": ["a"], "lat": ["b"]}), "column lon of origins is of type"),
    (pandas.DataFrame({"lon": [None], "lat": [30.7]}), "lon"),
    (geopandas.GeoSeries([shapely.Point(500_000, 3_400_000)], crs=4326), "longitude 500000"),
    (geopandas.GeoSeries([shapely.Point()], crs=4326), "no point in row 0"),
], ids=range(6))
def test_places_of_the_wrong_kind_are_named(metric, places, words):
    with pytest.raises(muster.InvalidError, match=words):
        metric.matrix(places)


def test_frames_of_no_places_are_an_answer(metric):
    nowhere = geopandas.GeoSeries([], crs=4326)
    assert metric.matrix(nowhere).duration_ms.shape == (0, 0)
    assert len(metric.nearest(nowhere, [(LON, LAT)])) == len(metric.routes(nowhere, nowhere)) == 0
    assert metric.isochrones(nowhere, [5]).geometry.is_empty.all()


def test_labels_that_are_there_twice_are_kept(metric, junctions):
    places = pandas.DataFrame(junctions[:2], columns=["lon", "lat"], index=["a", "a"])
    assert metric.matrix(places).to_frame().index.tolist() == ["a", "a"]


@pytest.mark.parametrize("ask, words", [
    (lambda m: m.matrix([(LON, LAT)], threads=-1), "threads is -1; expected a whole number from 0"),
    (lambda m: m.matrix([(LON, LAT)], threads="two"), "threads is 'two'"),
    (lambda m: m.nearest([(LON, LAT)], [(LON, LAT)], 0), "k is 0"),
    (lambda m: m.isochrones([(LON, LAT)], "soon"), "minutes is of type"),
    (lambda m: m.isochrones([(LON, LAT)], [np.nan]), "minutes are .nan"),
], ids=range(5))
def test_arguments_that_make_no_sense(metric, ask, words):
    with pytest.raises(muster.InvalidError, match=words):
        ask(metric)


def test_frames_without_coordinates_say_what_they_have(metric):
    import pandas
    with pytest.raises(muster.InvalidError, match="columns x, y; expected lon and lat"):
        metric.matrix(pandas.DataFrame({"x": [1], "y": [2]}))
    with pytest.raises(muster.InvalidError, match="column lon of origins"):
        metric.matrix(pandas.DataFrame({"lon": ["east"], "lat": [30]}))


# ---- closures ----------------------------------------------------------------------------

def test_closed_edges_are_gone_and_the_first_metric_stays(network, metric, junctions):
    before = metric.duration_ms.copy()
    closed = metric.close(edges=[0, 7, 31])
    np.testing.assert_array_equal(metric.duration_ms, before)
    assert np.all(closed.duration_ms.reshape(-1, 2)[[0, 7, 31]] == muster.UNREACHABLE_MS)
    places = closed.snap(junctions)
    expected = dijkstra(network, closed)
    table = closed.matrix(places).duration_ms
    on_end = np.isin(places.snap["fraction"], (0, 1))
    np.testing.assert_array_equal(table[np.ix_(on_end, on_end)], expected[np.ix_(on_end, on_end)])


def test_floods_lines_and_slow_roads(network, metric, junctions):
    area = shapely.box(120.699, 30.699, 120.706, 30.706)  # the four junctions in the south-west
    flooded = metric.close(geopandas.GeoSeries([area], crs=4326))
    hit = network.edges.intersects(area).to_numpy()
    np.testing.assert_array_equal(flooded.duration_ms.reshape(-1, 2)[:, 0] == muster.UNREACHABLE_MS, hit)
    line = shapely.LineString([(120.7025, 30.69), (120.7025, 30.74)])
    cut = metric.close(lines=line)
    np.testing.assert_array_equal(cut.duration_ms[::2] == muster.UNREACHABLE_MS, network.edges.intersects(line))
    slow = metric.close(area, speed_factor=0.5)
    np.testing.assert_allclose(slow.duration_ms[::2][hit], 2 * metric.duration_ms[::2][hit], atol=1)


@pytest.mark.parametrize("closing, words", [
    (dict(edges=[60]), "60"), (dict(edges=[-1]), "-1"), (dict(edges=[0.5]), "whole number"),
    (dict(areas=shapely.Point(0, 0)), "Point in row 0; expected a Polygon"),
    (dict(areas=geopandas.GeoSeries([shapely.box(0, 0, 1, 1)])), "no coordinate system"),
    (dict(edges=[0], speed_factor=2.0), "2"), (dict(areas=shapely.box(0, 0, 1, 1), depth_m=-1), "-1"),
], ids=range(7))
def test_what_cannot_be_closed_is_named(metric, closing, words):
    with pytest.raises(muster.InvalidError, match=words):
        metric.close(**closing)


def test_isochrones_hold_what_the_table_says(metric, junctions):
    areas = metric.isochrones(junctions[:1], [1, 2], radius_m=50)
    table = metric.matrix(junctions[:1], junctions).duration_ms[0]
    points = geopandas.GeoSeries(geopandas.points_from_xy(*junctions.T, crs=4326))
    for minutes, area in zip(areas.minutes, areas.geometry):
        assert area.is_valid
        assert points[table <= 60000 * minutes].within(area).all()
    assert areas.geometry.iloc[1].contains(areas.geometry.iloc[0]) and areas.area_m2.is_monotonic_increasing


def test_threads_get_the_same_answers(metric, junctions):
    expected = metric.matrix(junctions).duration_ms
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda _: metric.matrix(junctions, threads=1).duration_ms, range(64)))
    assert all(np.array_equal(table, expected) for table in tables)
    np.testing.assert_array_equal(metric.matrix(junctions, threads=2).duration_ms, expected)


def test_places_of_another_network_are_refused(metric, junctions):
    other = muster.Network.from_arrays([120.7, 120.71], [30.7, 30.7], [0], [1], [900.0]).metric("light")
    with pytest.raises(muster.InvalidError, match="another network"):
        metric.matrix(other.snap(junctions[:1]))
