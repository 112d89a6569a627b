"""Networks from arrays, frames and files; what is wrong is named; views outlive what they look at."""

import gc

import geopandas
import numpy as np
import pytest
import shapely
from conftest import SOURCE, town

import muster


def lines_of(network):
    return network.edges.assign(source=network.node_id[network.edge_source],
                                target=network.node_id[network.edge_target])


def test_a_network_is_what_it_was_built_from(network):
    lon, lat, source, target, _ = town()
    assert (network.node_count, network.edge_count) == (36, 60)
    np.testing.assert_array_equal(network.node_lon, lon)
    np.testing.assert_array_equal(network.node_lat, lat)
    np.testing.assert_array_equal(network.edge_source, source)
    np.testing.assert_array_equal(network.edge_target, target)
    assert np.all(network.edge_length_m == 500)


def test_frames_have_nodes_and_lines_in_wgs84(network):
    nodes, edges = network.nodes, network.edges
    assert nodes.crs == edges.crs == "EPSG:4326"
    assert (len(nodes), len(edges)) == (36, 60)
    np.testing.assert_array_equal(edges.geometry.iloc[7].coords[0],
                                  nodes.geometry.iloc[edges.source.iloc[7]].coords[0])


def test_from_edges_to_edges_and_back_in_another_coordinate_system(network):
    edges = lines_of(network).assign(duration_ms=town()[-1]).to_crs(4549)
    again = muster.Network.from_edges(edges)
    np.testing.assert_allclose(again.node_lon, network.node_lon, atol=1e-9)
    np.testing.assert_array_equal(again.node_id, network.node_id)
    np.testing.assert_array_equal(again.metric("light").duration_ms, network.metric("light").duration_ms)


def test_lengths_are_measured_where_none_are_stated(network):
    again = muster.Network.from_edges(lines_of(network).drop(columns="length_m"))
    assert again.edge_length_m[0] == pytest.approx(478.6, abs=0.5)  # 0.005 degrees at 30.7 north


@pytest.mark.parametrize("change, words", [
    (lambda e: e.drop(columns="source"), "edges has no column source"),
    (lambda e: e.set_crs(None, allow_override=True), "no coordinate system"),
    (lambda e: e.assign(source=e.source * 0.5), "column source of edges"),
    (lambda e: e.assign(source=0), "does not meet the others at node 0"),
    (lambda e: e.set_geometry(e.geometry.centroid), "expected a LineString"),
    (lambda e: e.assign(length_m=np.nan), "length"),
    (lambda e: e.assign(length_m=-1.0), "length"),
    (lambda e: e.assign(road_class="lane"), "road_class has 'lane' in row 0"),
    (lambda e: e.assign(duration_ms=-1), "duration_ms has -1"),
    (lambda e: e.assign(duration_ms=0.5), "expected a whole number"),
], ids=range(10))
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_what_is_wrong_with_edges_is_named(network, change, words):
    with pytest.raises(muster.InvalidError, match=words):
        muster.Network.from_edges(change(lines_of(network)))


def test_what_is_wrong_with_arrays_is_named():
    lon, lat, source, target, _ = town()
    length = np.full(60, 500.0)
    for wrong, words in ((dict(lon=np.full(36, np.nan)), "node"), (dict(lat=lat + 90), "node"),
                         (dict(source=source + 36), "edge"), (dict(length_m=length[1:]), "length_m has 59 values"),
                         (dict(lon=lon.reshape(6, 6)), "lon"), (dict(source=source - 1.0), "source has -1.0")):
        with pytest.raises(muster.InvalidError, match=words):
            muster.Network.from_arrays(**{**dict(lon=lon, lat=lat, source=source, target=target, length_m=length),
                                          **wrong})


@pytest.mark.parametrize("change, words", [
    (dict(lon=[120.7, np.nan]), "node 1 has longitude nan"), (dict(lat=[120.7, 120.8], lon=[30.7, 30.7]), "swapped"),
    (dict(lon=["a", "b"]), "lon is of type <U1; expected float64"), (dict(lat=[30.7]), "lat has 1 values; expected 2"),
    (dict(node_id=[5, 5]), "node_id has 5 2 times; expected each once"),
    (dict(source=[0, 0], target=[1, 1], length_m=[1.0, 1.0], edge_id=[7, 7]), "edge_id has 7 2 times"),
    (dict(oneway=[2]), "oneway has 2 in row 0"), (dict(oneway=["yes"]), "oneway is of type <U3"),
    (dict(edge_id=[2.0**63]), "edge_id has 9.22.* in row 0; expected -9223372036854775808 to"),
    (dict(speed_kmh=[np.nan]), "edge 0 has forward speed nan"), (dict(speed_back_kmh=[-5.0]), "backward speed -5"),
], ids=range(11))
def test_wrong_arrays_are_named(change, words):
    given = {"lon": [120.7, 120.8], "lat": [30.7, 30.7], "source": [0], "target": [1], "length_m": [9000.0], **change}
    with pytest.raises(muster.InvalidError, match=words):
        muster.Network.from_arrays(**given)


def test_edges_of_no_rows_and_of_no_frame(network):
    assert muster.Network.from_edges(network.edges.iloc[:0]).node_count == 0
    for nothing in (None, [(1, 2)]):
        with pytest.raises(muster.InvalidError, match="edges are of type .*; expected a GeoDataFrame"):
            muster.Network.from_edges(nothing)


def test_an_empty_network_is_an_answer():
    empty = muster.Network.from_arrays([], [], [], [], [])
    assert (empty.node_count, empty.edge_count, len(empty.node_lon)) == (0, 0, 0)
    assert len(empty.nodes) == len(empty.edges) == 0


def test_one_way_streets_have_no_way_back():
    lon, lat, source, target, _ = town()
    network = muster.Network.from_arrays(lon, lat, source, target, np.full(60, 500.0), oneway=np.ones(60))
    there, back = network.metric("light").duration_ms.reshape(60, 2).T
    assert np.all(there < muster.UNREACHABLE_MS) and np.all(back == muster.UNREACHABLE_MS)


def test_files_come_back_as_they_were(network, tmp_path):
    network.save(tmp_path / "town.gpkg")
    again = muster.Network.from_geopackage(tmp_path / "town.gpkg")
    np.testing.assert_array_equal(again.node_lon, network.node_lon)
    np.testing.assert_array_equal(again.edge_target, network.edge_target)


def test_openstreetmap_with_progress_that_may_stop():
    phases = []
    network = muster.Network.from_osm(SOURCE / "data/samples/village.osm", lambda phase, _: phases.append(phase))
    assert network.node_count == 9 and phases
    with pytest.raises(muster.CancelledError):
        muster.Network.from_osm(SOURCE / "data/samples/village.osm", lambda *_: False)
    with pytest.raises(ZeroDivisionError):
        muster.Network.from_osm(SOURCE / "data/samples/village.osm", lambda *_: 1 / 0)


def test_files_that_are_not_there_or_not_what_they_should_be(tmp_path):
    with pytest.raises(muster.StoreError, match="nowhere.gpkg"):
        muster.Network.from_store(tmp_path / "nowhere.gpkg")
    (tmp_path / "text.gpkg").write_text("no database")
    with pytest.raises(muster.FormatError, match="text.gpkg"):
        muster.Network.from_store(tmp_path / "text.gpkg")


def test_views_outlive_their_network_and_cannot_be_written_to():
    lon, lat, source, target, _ = town()
    network = muster.Network.from_arrays(lon, lat, source, target, np.full(60, 500.0))
    metric = network.metric("light")
    node_lon, durations = network.node_lon, metric.duration_ms
    del network, metric
    gc.collect()
    blocks = [np.full(len(lon), 7.0) for _ in range(1000)]  # whoever reuses freed memory writes here
    np.testing.assert_array_equal(node_lon, lon)
    assert durations.min() > 0 and len(blocks) == 1000
    with pytest.raises(ValueError, match="read-only"):
        node_lon[0] = 0


def test_metrics_keep_their_network():
    lon, lat, source, target, _ = town()
    metric = muster.Network.from_arrays(lon, lat, source, target, np.full(60, 500.0)).metric("light")
    flooded = metric.close(edges=[0])
    del metric
    gc.collect()
    assert flooded.matrix([(LON, lat[0]) for LON in lon[:2]]).duration_ms[0, 1] > 0


def test_profiles_of_a_file_and_names_that_are_none(network, tmp_path):
    with pytest.raises(muster.InvalidError, match="bicycle"):
        network.metric("bicycle")
    path = tmp_path / "profiles.json"
    path.write_text('{"profiles": [{"name": "slow", "extends": "light", "speed_factor": 0.5}]}')
    profiles = muster.Profiles.read(path)
    assert list(profiles)[0] == "slow"
    assert network.metric(profiles["slow"]).profile == "slow"


def test_frames_of_points_say_their_system(metric):
    points = geopandas.GeoSeries([shapely.Point(LON, 30.7) for LON in (120.70, 120.72)])
    with pytest.raises(muster.InvalidError, match="no coordinate system"):
        metric.snap(points)
    wgs84 = metric.snap(points.set_crs(4326))
    projected = metric.snap(points.set_crs(4326).to_crs(4549))
    np.testing.assert_allclose(wgs84.snap["fraction"], projected.snap["fraction"], atol=1e-6)
