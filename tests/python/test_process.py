"""What a process may do: fork, spawn, many rounds without growing, import without side effects."""

import concurrent.futures
import gc
import multiprocessing
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from conftest import town
from growth import assert_does_not_grow

import muster

ROUNDS = int(os.environ.get("MUSTER_LEAK_ROUNDS", "3000"))


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_does_nothing_else():
    loaded, threads = run(
        "import sys, threading, muster\n"
        "print(sum(name in sys.modules for name in ('pandas', 'geopandas', 'shapely', 'xarray')),"
        " threading.active_count())")
    assert (loaded, threads) == ("0", "1")


def test_the_version_is_the_librarys():
    assert muster.__version__.count(".") == 2


def test_each_status_has_an_exception_of_its_own():
    from muster import _errors
    kinds = list(_errors._BY_STATUS.values())
    assert len(kinds) == len(set(kinds)) == 7
    assert all(issubclass(kind, muster.MusterError) for kind in kinds)
    assert issubclass(muster.InvalidError, ValueError) and issubclass(muster.StoreError, OSError)


def test_objects_say_that_they_cannot_be_pickled_and_what_to_send(network, metric, junctions, small):
    scenario = muster.Scenario.load(small)
    plan = muster.solve(scenario, time_limit=0, work_limit=1)
    for thing, words in ((network, "network.snapshot.path.*Network.from_store"), (metric, "network.metric.profile"),
                         (scenario, "save it to a store"), (scenario.problem, "problem.frames"),
                         (plan, "DataFrames: assignments"), (metric.route(junctions[0], junctions[5]), "its line"),
                         (scenario.network, "network.snapshot")):
        with pytest.raises(TypeError, match=f"{type(thing).__name__} lives in this process; .*{words}"):
            pickle.dumps(thing)


@pytest.mark.parametrize("file", ["town.gpkg", "town.mnet"])
def test_networks_of_files_are_opened_again_from_them(network, tmp_path, file):
    (network.save if file.endswith("gpkg") else network.snapshot)(tmp_path / file)
    opened = muster.Network.from_store(tmp_path / file)
    again = pickle.loads(pickle.dumps(opened))
    np.testing.assert_array_equal(again.edge_length_m, network.edge_length_m)
    assert pickle.loads(pickle.dumps(again)).edge_count == network.edge_count


def test_a_network_whose_file_has_changed_is_refused(network, tmp_path):
    path = tmp_path / "town.gpkg"
    network.save(path)
    pickled = pickle.dumps(muster.Network.from_store(path))
    path.unlink()
    with pytest.raises(muster.StoreError):
        pickle.loads(pickled)
    muster.Network.from_arrays([120.7, 120.8], [30.7, 30.7], [0], [1], [9000.0]).save(path)
    with pytest.raises(muster.StoreError, match="has 2 nodes and 1 edges; expected the network that was pickled, of 36"):
        pickle.loads(pickled)


def test_frames_of_plans_and_problems_are_pickled(small):
    problem = muster.Scenario.load(small).problem
    plan = muster.solve(problem, time_limit=0, work_limit=1000)
    frames = problem.frames()
    metrics = frames.pop("metrics")
    again = muster.Problem.from_frames(metrics, **pickle.loads(pickle.dumps(frames)))
    sent = pickle.loads(pickle.dumps(plan.assignments))
    assert muster.solve(again, time_limit=0, work_limit=1000).assignments.equals(sent)


def _table_of(network, places):
    return network.metric("light").matrix(places).duration_ms


def test_spawned_processes_are_sent_a_network(network, metric, junctions, tmp_path):
    network.snapshot(tmp_path / "town.mnet")
    opened = muster.Network.from_store(tmp_path / "town.mnet")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        table = pool.submit(_table_of, opened, junctions).result(timeout=60)
    np.testing.assert_array_equal(table, metric.matrix(junctions).duration_ms)


def _plan_there(connection, problem):
    connection.send(muster.solve(problem, time_limit=0, work_limit=1000).assignments)


def test_a_forked_process_may_plan_with_what_was_there(small):
    problem = muster.Scenario.load(small).problem
    expected = muster.solve(problem, time_limit=0, work_limit=1000).assignments
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_plan_there, args=(there, problem))
    child.start()
    assert here.poll(60) and here.recv().equals(expected)
    child.join(60)
    assert child.exitcode == 0


def _solve_there(connection, metric, junctions):
    connection.send(metric.matrix(junctions).duration_ms)


def test_a_forked_process_may_go_on(metric, junctions):
    expected = metric.matrix(junctions).duration_ms  # threads have been started by now
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_solve_there, args=(there, metric, junctions))
    child.start()
    assert here.poll(60)
    np.testing.assert_array_equal(here.recv(), expected)
    child.join(60)
    assert child.exitcode == 0


def test_a_spawned_process_loads_its_own(network, tmp_path):
    network.save(tmp_path / "town.gpkg")
    answer = run(f"import muster; n = muster.Network.from_store({str(tmp_path / 'town.gpkg')!r});"
                 "print(n.metric('light').matrix([(n.node_lon[0], n.node_lat[0])]).duration_ms[0, 0])")
    assert answer == ["0"]


def test_many_rounds_do_not_grow():
    lon, lat, source, target, duration_ms = town()
    places = np.column_stack((lon, lat))[:4]

    def one_round():
        network = muster.Network.from_arrays(lon, lat, source, target, np.full(60, 500.0), duration_ms=duration_ms)
        metric = network.metric("light").close(edges=[3])
        metric.matrix(places)
        metric.route(places[0], places[3])
        with pytest.raises(muster.InvalidError):
            metric.close(edges=[600])

    assert_does_not_grow(one_round, ROUNDS)


def test_many_problems_and_plans_do_not_grow(metric):
    """A round of frames takes a hundred times as long as one of arrays."""
    from test_problem_frames import frames

    def one_round():
        given = frames()
        problem = muster.Problem.from_frames({"light": metric}, **given)
        again = muster.Problem.from_frames(**problem.frames())
        plan = muster.solve(again, time_limit=0, work_limit=1, method="greedy")
        assert len(plan.assignments) > 0 and len(plan.explain("I1")) == 2
        given["teams"].loc[1, "people"] = -1
        with pytest.raises(muster.InvalidError, match="people has -1"):
            muster.Problem.from_frames({"light": metric}, **given)

    assert_does_not_grow(one_round, ROUNDS // 100)


def test_many_ways_and_areas_do_not_grow(metric, junctions):
    def one_round():
        metric.routes(junctions[:3], junctions[3:6])
        metric.isochrones(junctions[:1], [2])
        metric.nearest(junctions[:2], junctions[2:8], 2)

    assert_does_not_grow(one_round, ROUNDS // 100)


def test_metrics_of_a_problem_and_its_rows_outlive_their_owners(metric):
    from test_problem_frames import frames
    problem = muster.Problem.from_frames({"light": metric}, **frames())
    expected = muster.solve(problem, time_limit=0, work_limit=1000).assignments
    plan = muster.solve(muster.Problem.from_frames(**problem.frames()), time_limit=0, work_limit=1000)
    del problem
    gc.collect()
    assert plan.assignments.equals(expected) and len(plan.routes()) == len(expected)
