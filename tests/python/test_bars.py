"""Bars of tqdm: what they say, that answers stay the same, and that they end."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pandas
import pytest
from test_plan import fixture_hard, frames  # noqa: F401 - fixture_hard is a fixture

import muster

tqdm = pytest.importorskip("tqdm")


@pytest.fixture(name="problem")
def fixture_problem(metric):
    return muster.Problem.from_frames({"light": metric}, **frames())


def test_tables_are_the_same_with_a_bar(metric, junctions, capsys):
    many = np.repeat(junctions, 5, axis=0)  # more rows than there are parts
    expected = metric.matrix(many, junctions, distances=True)
    found = metric.matrix(many, junctions, distances=True, progress=True)
    np.testing.assert_array_equal(found.duration_ms, expected.duration_ms)
    np.testing.assert_array_equal(found.distance_m, expected.distance_m)
    assert f"{len(many)}/{len(many)}" in capsys.readouterr().err


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (1, 1)])
def test_small_tables_have_bars_too(metric, junctions, shape):
    table = metric.matrix(junctions[:shape[0]], junctions[:shape[1]], distances=True, progress=True)
    assert table.duration_ms.shape == table.distance_m.shape == shape


def test_a_table_with_a_bar_can_be_stopped(metric, junctions, monkeypatch):
    from muster import _bars

    def interrupted(**options):
        bar = tqdm.tqdm(**options)
        bar.update = lambda more: signal.raise_signal(signal.SIGINT)
        return bar
    monkeypatch.setattr(_bars, "_bar", interrupted)
    with pytest.raises(KeyboardInterrupt):
        metric.matrix(junctions, progress=True)


def test_ways_and_the_nearest_are_the_same_with_a_bar(metric, junctions, capsys):
    ends, back = junctions[:7], junctions[7:14]
    for call in (lambda **bar: metric.routes(ends, back, **bar), lambda **bar: metric.nearest(ends, back, 3, **bar)):
        expected = call()
        assert not capsys.readouterr().err
        assert call(progress=True).equals(expected) and "7.00/7.00" in capsys.readouterr().err
    assert len(metric.routes(ends[:0], back[:0], progress=True)) == 0


def test_plans_are_the_same_with_a_bar(problem, capsys):
    plans = [muster.solve(problem, time_limit=0, work_limit=100_000, progress=progress) for progress in (False, True)]
    assert plans[0].assignments.equals(plans[1].assignments)
    assert "steps" in capsys.readouterr().err


def test_a_bar_says_how_good_the_plan_is(hard, capsys):
    told = []
    muster.solve(hard, time_limit=0.4, progress=True, on_progress=told.append)
    text = capsys.readouterr().err
    assert "unmet_need=" in text and any(progress.phase in text for progress in told)


def test_on_progress_still_stops_and_errors_come_out(hard):
    plan = muster.solve(hard, time_limit=0, progress=True, on_progress=lambda _: False)
    plan.check()
    with pytest.raises(ZeroDivisionError):
        muster.solve(hard, time_limit=0, progress=True, on_progress=lambda _: 1 / 0)


def test_ctrl_c_returns_the_best_plan_with_a_bar(hard):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    plan = muster.solve(hard, time_limit=60, progress=True)
    assert time.monotonic() - began < 30 and len(plan.assignments) > 0


def test_sitings_are_the_same_with_a_bar(metric, junctions, capsys):
    units = pandas.Series([0, 1, 2])
    for search in (lambda **bar: muster.site(junctions, junctions, metric, count=3, **bar),
                   lambda **bar: muster.move_up(units, junctions, junctions, metric, moves=2, move_within_s=600,
                                                within_s=120, busy=0.3, **bar)):
        told = []
        with_bar = search(progress=True, on_progress=told.append)
        text = capsys.readouterr().err
        assert with_bar.objective == search().objective and not capsys.readouterr().err
        assert told and any(progress.phase in text for progress in told)


def test_a_session_plans_with_a_bar(small, tmp_path, capsys):
    with muster.Session.open(tmp_path / "journal", small, with_incidents=True) as session:
        plan = session.plan(time_limit=0.5, progress=True)
        assert "unmet_need=" in capsys.readouterr().err
        assert len(session.commit(plan).orders) > 0


def test_files_are_read_with_a_bar(tmp_path, capsys):
    path = tmp_path / "road.osm"
    path.write_text('<osm version="0.6"><node id="1" lon="120.7" lat="30.7"/><node id="2" lon="120.71" lat="30.7"/>'
                    '<way id="5"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>')
    told = []
    network = muster.Network.from_osm(path, lambda phase, fraction: told.append(phase), progress=True)
    assert network.edge_count == 1 and told and told[0] in capsys.readouterr().err


def test_without_tqdm_the_error_says_what_to_install():
    code = ("import sys; sys.modules['tqdm.auto'] = None\nimport muster\n"
            "n = muster.Network.from_arrays([120.7, 120.8], [30.7, 30.7], [0], [1], [9000.0])\n"
            "m = n.metric('light'); m.matrix([(120.7, 30.7)])\n"
            "try: m.matrix([(120.7, 30.7)], progress=True)\n"
            "except ImportError as error: print(error)\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "muster-dispatch[progress]" in done.stdout
