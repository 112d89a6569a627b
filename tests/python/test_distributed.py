"""Tables and sweeps on a cluster of real processes; one of them is killed."""

import json
import os
import pathlib
import shutil
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


def test_a_sweep_goes_on_where_it_was(client, roads, metric, junctions, tmp_path, capsys):
    points = [{"edge": edge} for edge in range(-1, 6)]
    told = []
    first = muster.distributed.sweep(client, points[:3], mean_minutes, tmp_path, roads=roads)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")}
    whole = muster.distributed.sweep(client, points, mean_minutes, tmp_path, roads=roads,
                                     on_done=lambda *state: told.append(state), progress=True)
    assert "7/7" in capsys.readouterr().err
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


class Keeping:
    """A client whose tasks nobody forgets."""

    def __init__(self, client):
        self.client, self.futures = client, []

    def submit(self, *arguments, **options):
        self.futures.append(self.client.submit(*arguments, **options))
        return self.futures[-1]

    def map(self, *arguments, **options):
        futures = self.client.map(*arguments, **options)
        self.futures += futures
        return futures


def test_what_is_known_of_one_folder_is_done_again_for_another(client, roads, tmp_path):
    keeping = Keeping(client)
    for folder in ("one", "other"):
        found = muster.distributed.sweep(keeping, [{"edge": 3}], mean_minutes, tmp_path / folder, roads=roads)
        assert len(found) == len(list((tmp_path / folder).glob("*.parquet"))) == 1


class Weighty:
    """A function that comes with something large."""

    times_sent = 0

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, point):
        return {"product": self.factor * point["number"]}

    def __getstate__(self):
        Weighty.times_sent += 1
        return {"factor": self.factor}


def test_what_comes_with_a_function_is_not_sent_with_each_point(client, tmp_path):
    points = [{"number": number} for number in range(40)]
    found = muster.distributed.sweep(client, points, Weighty(3), tmp_path)
    assert found["product"].tolist() == [3 * number for number in range(40)]
    assert Weighty.times_sent < 10


def fails(point):
    raise ValueError(f"there is no answer for {point['edge']}")


def test_what_a_task_raises_comes_out(client, tmp_path):
    began = time.monotonic()
    with pytest.raises(ValueError, match="no answer for 3"):
        muster.distributed.sweep(client, [{"edge": 3}], fails, tmp_path, retries=1)
    assert time.monotonic() - began < 60 and not list(tmp_path.glob("*"))


def test_replications_on_a_cluster_are_those_of_one_machine(client, tmp_path):
    import small_town_file
    from pandas.testing import assert_frame_equal

    path = small_town_file.write(tmp_path / "scenarios")
    lake = [[[120.765, 30.765], [120.775, 30.765], [120.775, 30.775], [120.765, 30.765]]]
    (tmp_path / "lake.geojson").write_text(json.dumps(
        {"type": "Feature", "properties": {"kind": "flood"}, "geometry": {"type": "Polygon", "coordinates": lake}}))
    text = path.read_text(encoding="utf-8") + '\n[[hazard]]\ncode = "lake"\nkind = "flood"\n' \
        'stage = [{at_min = 5, depth_m = 0.4, file = "../lake.geojson"}]\n'
    path.write_text(text, encoding="utf-8")
    file = muster.ScenarioFile.load(path, overrides={"policy.slow": {"base": "greedy", "delay_s": 600}})
    here = file.simulate(["muster", "slow"], replications=4, record=[1])
    told = []

    def kill_one(*state):
        told.append(state)
        if len(told) == 1:
            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

    there = muster.distributed.replications(client, file, tmp_path / "played", ["muster", "slow"], replications=3,
                                            record=[1], on_done=kill_one)
    assert told == [(1, 3), (2, 3), (3, 3)]
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "played").rglob("*.parquet")}
    victim = next(iter((tmp_path / "played").iterdir()))
    shutil.rmtree(victim)
    there = muster.distributed.replications(client, file, tmp_path / "played", ["muster", "slow"], replications=4,
                                            record=[1], on_done=lambda *state: told.append(state))
    assert told[3:] == [(3, 4), (4, 4)]
    assert all(path.stat().st_mtime_ns == at for path, at in times.items() if path.parent != victim)
    assert there.run == here.run and "lake" in set(here.hazards.code)
    for table in here.tables():
        assert_frame_equal(there.table(table), here.table(table), check_exact=True)


def test_nothing_to_do(client, roads, tmp_path, junctions):
    assert len(muster.distributed.sweep(client, [], fails, tmp_path)) == 0
    assert muster.distributed.matrix(roads, "light", [], junctions).shape == (0, 36)
    with pytest.raises(muster.InvalidError, match="rows are 0"):
        muster.distributed.matrix(roads, "light", junctions, junctions, rows=0)


