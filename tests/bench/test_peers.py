"""What `./run bench --peers` makes of its measurements: verdicts, comparisons, projections."""

import pathlib
import sys

import numpy
import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench/peers"))

import growth  # noqa: E402
import measured  # noqa: E402
import table  # noqa: E402
import targets  # noqa: E402

JOBS = {row.job for row in targets.ROWS}


def times(**fastest):
    return {job: measured.Time(3, ms, 2 * ms) for job, ms in fastest.items()}


def results(peers, missing=None, **ours):
    one = {job: measured.Time(3, 1.0, 2.0) for job in JOBS}
    one.update(times(**ours))
    return targets.Results([one, one], peers, missing or {})


def row_of(label, threads=1):
    return next(r for r in targets.ROWS if (r.label, r.threads) == (label, threads))


def answers(found, label, threads=1):
    return {words: (value, met)
            for words, value, met in targets.reached(found, "home", row_of(label, threads))}


@pytest.mark.parametrize("theirs, met", [(29.9, False), (30.1, True)])
def test_an_order_is_met_at_a_third_of_inertial_flow_with_topology(theirs, met):
    peers = {"RoutingKit": times(order_alone=theirs - 1, topology=1.0)}
    assert answers(results(peers, order=10.0), "order and topology")["3 x RoutingKit"][1] is met


def test_two_threads_are_compared_with_our_own_one():
    found = results({})
    found.ours = [times(customize=14.0), times(customize=10.1)]
    assert answers(found, "full customization", 2)["1.4 x our 1 thread"] == ("1.39", False)
    found.ours[1] = times(customize=10.0)
    assert answers(found, "full customization", 2)["1.4 x our 1 thread"] == ("1.40", True)


def test_a_cell_of_a_thousand_by_a_thousand_has_30_nanoseconds():
    words = "30 ns a cell"
    assert answers(results({}, table_1000x1000=30.0), "table 1000 x 1000")[words] == ("30 ns", True)
    assert not answers(results({}, table_1000x1000=30.1), "table 1000 x 1000")[words][1]


def test_the_best_peer_is_the_fastest_that_can_do_the_job():
    peers = {"RoutingKit": times(table_50x200=12.0, ch_table_50x200=4.0),
             "OSRM": times(table_50x200=60.0)}
    found = results(peers, table_50x200=1.0)
    assert found.best(row_of("table 50 x 200")) == ("RoutingKit CH", 4.0)
    assert not answers(found, "table 50 x 200")["5 x the best peer"][1]


def test_a_peer_that_is_not_there_gives_no_verdict_and_its_cell_says_so():
    found = results({}, {"RoutingKit": "no network"})
    assert answers(found, "one place to one place") == {}
    assert "not there" in table.line_of(found, "home", row_of("one place to one place"))


def test_every_target_belongs_to_a_row():
    for target in targets.TARGETS:
        assert row_of(target.label, target.threads)


def test_durations_that_differ_are_counted(tmp_path):
    out = tmp_path / "peer"
    out.mkdir()
    numpy.arange(10, dtype=numpy.uint32).tofile(tmp_path / "query.u32")
    numpy.array([0, 1, 2, 4], dtype=numpy.uint32).tofile(out / "query.u32")
    numpy.array([0, 1], dtype=numpy.uint32).tofile(out / "ch_query.u32")
    assert measured.compare(tmp_path, out) == (6, 1)


def test_answers_to_more_than_was_asked_are_refused(tmp_path):
    out = tmp_path / "peer"
    out.mkdir()
    numpy.arange(2, dtype=numpy.uint32).tofile(tmp_path / "query.u32")
    numpy.arange(3, dtype=numpy.uint32).tofile(out / "query.u32")
    with pytest.raises(ValueError, match="has 3 durations"):
        measured.compare(tmp_path, out)


def test_a_fit_finds_the_exponent():
    assert growth.fit([10, 100, 1000], [2 * n**1.5 for n in (10, 100, 1000)]) == pytest.approx(1.5)


def test_the_documentation_has_a_place_for_every_table():
    text = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    for mark in ("targets", "peers", "growth", "pictures"):
        assert text.count(f"<!-- {mark}: begin -->\n") == 1
        assert text.count(f"<!-- {mark}: end -->") == 1
