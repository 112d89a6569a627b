"""What `./run bench --python` makes of its measurements: verdicts, and cells of peers."""

import pathlib
import sys

import numpy
import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "bench/peers"), str(ROOT / "bench/python")]

import beside  # noqa: E402
import goals  # noqa: E402
import install  # noqa: E402
import measured  # noqa: E402


def found(**fastest):
    """Everything takes 10 ms but what is named otherwise."""
    return {program: {job: measured.Time(3, fastest.get(job, 10.0), 20.0)
                      for line in goals.LINES for figure in line.figures if figure.program == program
                      for job in [figure.job]}
            for program in ("calls", "frames", "pair", "cluster")}


def row(label, **fastest):
    return next(row for row in goals.rows(found(**fastest)) if row[0].startswith(label))


@pytest.mark.parametrize("label, slow, job, fast_enough, too_slow", [
    ("table 1000 x 1000, one thread", "c_1", "python_1", 10.4, 10.6),
    ("table 1000 x 1000, two threads", "c_2", "python_2", 10.4, 10.6),
    ("problem of frames", "c_1", "build", 99.9, 100.1),
    ("two plans, Python", "python_one", "python_threads", 5.5, 5.6),
    ("sweep of 64", "sweep_1", "sweep_2", 5.8, 5.9),
])
def test_a_target_is_met_up_to_its_limit(label, slow, job, fast_enough, too_slow):
    assert row(label, **{slow: 10.0, job: fast_enough})[-1] == "met"
    assert row(label, **{slow: 10.0, job: too_slow})[-1] == "**missed**"


def test_what_has_no_target_has_no_verdict():
    assert row("table 1 x 1", c_one=0.005, python_one=0.011)[1:] == ["C 5 µs; Python 11 µs", "", "", ""]
    assert row("two plans, C, one thread", c_one=10.0, c_threads=4.0)[2:] == ["2.50 x", "", ""]


def test_a_peer_that_is_not_there_is_loud_and_one_that_has_no_such_job_is_not():
    times = {"table_50x200": measured.Time(3, 4.0, 5.0)}
    graph = {"ours": times, "peers": {"muster": times, "igraph": times, "NetworKit": {}, "SciPy": {}, "OSRM": {}},
             "missing": {"pandana": "no network"}}
    lines = {line[0]: dict(zip(beside.HEADINGS, line)) for line in beside.rows({"home": graph})}
    line = lines["table 50 x 200, ms"]
    assert line["pandana"] == "**not there**" and line["igraph"] == "4.00" and line["NetworKit"] == ""
    assert line["Valhalla"] == "" and lines["one to all, a tree, ms"]["igraph"] == ""


def test_a_peer_that_cannot_be_had_is_said_and_one_that_differs_is_counted(tmp_path):
    numpy.arange(10, dtype=numpy.uint32).tofile(tmp_path / "query.u32")

    def is_missing(*_):
        raise install.Missing("no wheel for this Python")

    def answers_wrongly(_, out, __):
        numpy.arange(1, 11, dtype=numpy.uint32).tofile(out / "query.u32")
        return measured.times_of("query\t3\t1.5\t2.5")

    peers = {"pandana": is_missing, "igraph": answers_wrongly}
    graph = measured.beside(tmp_path, tmp_path, [*peers], lambda peer: None, peers)
    assert graph["missing"] == {"pandana": "no wheel for this Python"}
    assert graph["peers"]["igraph"]["query"].fastest_ms == 1.5
    lines, different = measured.agreement({"home": graph}, {"Mannheim": "no real data (MUSTER_SHARED)"})
    assert lines == ["home, igraph: 10 durations compared, 10 differ", "home, pandana: no wheel for this Python",
                     "Mannheim: no real data (MUSTER_SHARED)"]
    assert different == 10


def test_the_documentation_has_a_place_for_every_table():
    text = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    for mark in ("python", "python peers"):
        assert text.count(f"<!-- {mark}: begin -->\n") == 1
        assert text.count(f"<!-- {mark}: end -->") == 1
