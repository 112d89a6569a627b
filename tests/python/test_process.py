"""What a process may do: fork, spawn, many rounds without growing, import without side effects."""

import gc
import multiprocessing
import os
import pathlib
import pickle
import subprocess
import sys

import numpy as np
import pytest
from conftest import town

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


def test_objects_say_that_they_cannot_be_pickled(network, metric):
    for thing in (network, metric):
        with pytest.raises(TypeError, match="lives in this process"):
            pickle.dumps(thing)


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


def resident_kb():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


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

    for _ in range(ROUNDS // 10):
        one_round()
    gc.collect()
    before = resident_kb()
    for _ in range(ROUNDS):
        one_round()
    gc.collect()
    assert resident_kb() - before < 4096
