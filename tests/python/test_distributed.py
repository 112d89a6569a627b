"""Tables and sweeps on a cluster of real processes; one of them is killed."""

import os
import pathlib
import signal
import time

import numpy as np
import pytest

import muster

distributed = pytest.importorskip("distributed")
import muster.distributed  # noqa: E402


@pytest.fixture(scope="module", name="client")
def fixture_client(tmp_path_factory):
    os.environ["MUSTER_SHARED_NETWORKS"] = str(tmp_path_factory.mktemp("networks"))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None,
                                  local_directory=str(tmp_path_factory.mktemp("dask"))) as cluster:
        with distributed.Client(cluster) as client:
            yield client


@pytest.fixture(scope="module", name="roads")
def fixture_roads(client, network):
    return muster.distributed.share(client, network)


def test_a_table_of_blocks_is_the_table(client, roads, metric, junctions):
    table = muster.distributed.matrix(roads, "light", junctions, junctions, rows=7)
    assert table.chunks == ((7, 7, 7, 7, 7, 1), (36,)) and table.dtype == np.uint32
    np.testing.assert_array_equal(table.compute(), metric.matrix(junctions).duration_ms)
    closed = muster.distributed.matrix(roads, "light", junctions[:2], junctions, closing={"edges": [0]})
    np.testing.assert_array_equal(closed.compute(), metric.close(edges=[0]).matrix(junctions[:2], junctions).duration_ms)


def test_each_worker_has_one_file_and_makes_a_metric_once(client, roads):
    def made(roads):
        first = roads.metric("light")
        return first is roads.metric("light") and roads.network() is first.network

    assert all(client.run(made, roads).values())
    folder = pathlib.Path(os.environ["MUSTER_SHARED_NETWORKS"])
    assert [path.stem for path in folder.rglob("*.mnet")] == [roads.digest]


def test_a_network_that_was_not_shared_is_named(client, network):
    with pytest.raises(muster.InvalidError, match="no network 000000000000; share it"):
        client.submit(muster.distributed.Roads("0" * 64).network).result()


def mean_minutes(roads, point):
    """A point's answer; says who gave it, and when asked to, kills him the first time."""
    marker = point.get("dies")
    if marker and not os.path.exists(marker):
        pathlib.Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    closing = {"edges": [point["edge"]]} if point["edge"] >= 0 else None
    metric, network = roads.metric("light", closing), roads.network()
    places = np.column_stack((network.node_lon, network.node_lat))
    return {"mean_ms": float(metric.matrix(places, threads=1).duration_ms.mean())}


def test_a_sweep_goes_on_where_it_was(client, roads, metric, junctions, tmp_path):
    points = [{"edge": edge} for edge in range(-1, 6)]
    told = []
    first = muster.distributed.sweep(client, points[:3], mean_minutes, tmp_path, roads=roads)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")}
    whole = muster.distributed.sweep(client, points, mean_minutes, tmp_path, roads=roads,
                                     on_done=lambda *state: told.append(state))
    assert told == [(4, 7), (5, 7), (6, 7), (7, 7)]
    assert all(path.stat().st_mtime_ns == before for path, before in times.items())
    assert whole.edge.tolist() == list(range(-1, 6)) and whole.mean_ms[:3].tolist() == first.mean_ms.tolist()
    assert whole.mean_ms[0] == metric.matrix(junctions).duration_ms.mean()
    assert (whole.mean_ms[1:] >= whole.mean_ms[0]).all()


def test_a_worker_that_is_killed_costs_its_task_alone(client, roads, tmp_path):
    points = [{"edge": edge} for edge in range(8)]
    points[4]["dies"] = str(tmp_path / "dead")
    before = set(client.scheduler_info()["workers"])
    found = muster.distributed.sweep(client, points, mean_minutes, tmp_path / "results", roads=roads)
    assert (tmp_path / "dead").exists() and found.edge.tolist() == list(range(8))
    assert set(client.scheduler_info()["workers"]) != before  # the nanny has made another
    again = muster.distributed.sweep(client, points, mean_minutes, tmp_path / "again", roads=roads)
    assert again.mean_ms.tolist() == found.mean_ms.tolist()
    assert not list((tmp_path / "results").glob("*.part"))


def fails(point):
    raise ValueError(f"there is no answer for {point['edge']}")


def test_what_a_task_raises_comes_out(client, tmp_path):
    began = time.monotonic()
    with pytest.raises(ValueError, match="no answer for 3"):
        muster.distributed.sweep(client, [{"edge": 3}], fails, tmp_path, retries=1)
    assert time.monotonic() - began < 60 and not list(tmp_path.glob("*"))


def test_nothing_to_do(client, roads, tmp_path, junctions):
    assert len(muster.distributed.sweep(client, [], fails, tmp_path)) == 0
    assert muster.distributed.matrix(roads, "light", [], junctions).shape == (0, 36)
    with pytest.raises(muster.InvalidError, match="rows are 0"):
        muster.distributed.matrix(roads, "light", junctions, junctions, rows=0)


