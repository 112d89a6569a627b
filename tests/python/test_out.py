"""Out into files and tables of others: GeoParquet, GeoArrow, NetCDF; the coordinate system goes along."""

import json

import geopandas
import numpy as np
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from geopandas.testing import assert_geodataframe_equal

import muster

CRS = "WGS 84"


@pytest.fixture(name="frames")
def fixture_frames(network, metric, junctions):
    """All GeoDataFrames that the package gives."""
    nodes, edges = network.to_geodataframe()
    return {"nodes": nodes, "edges": edges, "routes": metric.routes(junctions[:3], junctions[-3:]),
            "isochrones": metric.isochrones(junctions[:1], [1, 3])}


def test_geoparquet_comes_back_as_it_was(frames, tmp_path):
    for name, frame in frames.items():
        frame.to_parquet(tmp_path / f"{name}.parquet")
        assert_geodataframe_equal(geopandas.read_parquet(tmp_path / f"{name}.parquet"), frame)


def test_others_read_the_coordinate_system_of_geoparquet(frames, tmp_path):
    for name, frame in frames.items():
        frame.to_parquet(tmp_path / "frame.parquet")
        table = pyarrow.parquet.read_table(tmp_path / "frame.parquet")
        about = json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]
        assert about["encoding"] == "WKB" and about["crs"]["name"].startswith(CRS), name
        assert table.num_rows == len(frame)


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_geoarrow_says_its_coordinate_system(frames, encoding):
    for frame in frames.values():
        table = pyarrow.table(frame.to_arrow(geometry_encoding=encoding))
        about = table.schema.field("geometry").metadata
        assert about[b"ARROW:extension:name"].startswith(b"geoarrow.")
        assert json.loads(about[b"ARROW:extension:metadata"])["crs"]["name"].startswith(CRS)
        again = geopandas.GeoDataFrame.from_arrow(table)
        assert again.crs == frame.crs and again.geometry.geom_equals(frame.geometry).all()


def test_routes_that_are_not_there_stay_gaps(tmp_path):
    """Two streets with no way between them."""
    network = muster.Network.from_arrays([120.7, 120.71, 120.8, 120.81], [30.7] * 4, [0, 2], [1, 3], [900.0] * 2)
    routes = network.metric("light").routes([(120.7, 30.7), (120.7, 30.7)], [(120.71, 30.7), (120.81, 30.7)])
    routes.to_parquet(tmp_path / "routes.parquet")
    again = geopandas.read_parquet(tmp_path / "routes.parquet")
    assert again.geometry.isna().tolist() == [False, True] and again.duration_ms.isna().tolist() == [False, True]


def test_edges_come_in_again_from_parquet(network, tmp_path):
    network.edges.to_parquet(tmp_path / "edges.parquet")
    again = muster.Network.from_edges(geopandas.read_parquet(tmp_path / "edges.parquet"))
    np.testing.assert_array_equal(again.edge_length_m, network.edge_length_m)
    assert again.edges.road_class.tolist() == network.edges.road_class.tolist()


def test_one_ways_and_speeds_go_with_the_edges():
    network = muster.Network.from_arrays(
        [120.7, 120.8, 120.9], [30.7, 30.7, 30.7], [0, 1, 0], [1, 2, 2], [9000.0, 9000.0, 19000.0], oneway=[1, -1, 0],
        speed_kmh=[30, 0, 50], speed_back_kmh=[0, 20, 60], road_class=["primary", "service", "service"])
    edges = network.edges
    assert edges.oneway.tolist() == [1, -1, 0] and edges.speed_kmh.tolist() == [30, 0, 50]
    again = muster.Network.from_edges(edges)
    np.testing.assert_array_equal(again.metric("light").duration_ms, network.metric("light").duration_ms)
    closed = network.metric("light").duration_ms == muster.UNREACHABLE_MS
    assert closed.tolist() == [False, True, True, False, False, False]


def test_plans_are_tables_of_parquet(small, tmp_path):
    plan = muster.solve(muster.Scenario.load(small), time_limit=0, work_limit=1000)
    for name in ("assignments", "unmet", "shipments", "tiers"):
        frame = getattr(plan, name)
        frame.to_parquet(tmp_path / f"{name}.parquet")
        pandas.testing.assert_frame_equal(pandas.read_parquet(tmp_path / f"{name}.parquet"), frame, check_dtype=False)
    routes = plan.routes()
    routes.to_parquet(tmp_path / "routes.parquet")
    again = geopandas.read_parquet(tmp_path / "routes.parquet")
    assert again.crs == "EPSG:4326" and again.unit.tolist() == plan.assignments.unit.tolist()


def test_problems_are_tables_of_parquet(small, tmp_path):
    """Written and read again, frames make the same problem."""
    problem = muster.Scenario.load(small).problem
    frames = problem.frames()
    for name, frame in frames.items():
        if isinstance(frame, pandas.DataFrame):
            frame.to_parquet(tmp_path / f"{name}.parquet")
            frames[name] = pandas.read_parquet(tmp_path / f"{name}.parquet")
    again = muster.Problem.from_frames(**frames)
    plans = [muster.solve(p, time_limit=0, work_limit=100_000).assignments for p in (problem, again)]
    pandas.testing.assert_frame_equal(*plans)


def test_xarray_has_places_and_units(metric, junctions, tmp_path):
    xarray = pytest.importorskip("xarray")
    table = metric.matrix(junctions[:2], junctions[2:5], distances=True).to_xarray()
    assert table.attrs["crs"] == "EPSG:4326" and table.duration_s.attrs["units"] == "s"
    np.testing.assert_allclose(table.origin_lon, junctions[:2, 0], atol=1e-6)
    np.testing.assert_allclose(table.destination_lat, junctions[2:5, 1], atol=1e-6)
    table.to_netcdf(tmp_path / "table.nc")
    with xarray.open_dataset(tmp_path / "table.nc") as again:
        np.testing.assert_array_equal(again.duration_s, table.duration_s)


def test_an_empty_network_has_empty_frames():
    nodes, edges = muster.Network.from_arrays([], [], [], [], []).to_geodataframe()
    assert len(nodes) == len(edges) == 0 and nodes.crs == edges.crs == "EPSG:4326"
