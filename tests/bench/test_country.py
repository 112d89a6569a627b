"""bench/country.py: what it reads, what it works out, and that its simulated cluster obeys what holds of any."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import country  # noqa: E402

COSTS = country.measured()
PROVINCES = country.shares(1_000_000, 5)
COUNTIES = country.shares(40, 5)
STORM = country.tasks_of("storm", PROVINCES, COUNTIES, COSTS)


def test_the_document_has_what_the_program_prints():
    document = country.DOCUMENT.read_text()
    found = country.tables(country.NODES, country.PROVINCES, country.COUNTIES)
    assert country.written(document, found) == document, "bench/country.py --write-docs"


def test_costs_are_those_of_the_table():
    cost = COSTS["customization, 1 thread, s"]
    assert cost.at(cost.nodes) == cost.value
    assert cost.at(2 * cost.nodes) == pytest.approx(cost.value * 2 ** cost.exponent)
    for what in ("order and topology, s", "table 1000 x 1000, 1 thread, ms", "hierarchy in memory, MB"):
        assert COSTS[what].value > 0 and 0.5 < COSTS[what].exponent < 1.5


@pytest.mark.parametrize("total, parts", [(3000, 34), (7, 3), (20_000_000, 34), (5, 5)])
def test_shares_are_whole_and_add_up(total, parts):
    found = country.shares(total, parts)
    assert sum(found) == total and len(found) == parts and min(found) >= 0


def test_one_worker_takes_as_long_as_its_tasks():
    worker = country.Worker()
    wanted = sum(worker.seconds_for(task, PROVINCES[task.province], COSTS) for task in STORM)
    alone = country.schedule(STORM, PROVINCES, COSTS, 1)
    assert alone.seconds == pytest.approx(wanted) and alone.busy == pytest.approx(1) and alone.done == len(STORM)


@pytest.mark.parametrize("workers", [2, 7, 64, 1000])
def test_no_schedule_is_shorter_than_its_work_or_longer_than_graham_allows(workers):
    """List scheduling ends within the work by workers and the longest task (Graham 1966), where each task takes as long
    whoever does it: here every metric is made for one task, and a network is mapped by each worker once."""
    longest = max(task.seconds for task in STORM) + COSTS["customization, 1 thread, s"].at(max(PROVINCES))
    opening = sum(PROVINCES) * country.OPEN_S_PER_NODE
    least = sum(task.seconds + COSTS["customization, 1 thread, s"].at(PROVINCES[task.province]) for task in STORM)
    found = country.schedule(STORM, PROVINCES, COSTS, workers)
    assert least / workers <= found.seconds + 1e-9
    assert found.seconds <= least / workers + longest + opening
    assert found.done == len(STORM)


def test_a_killed_worker_costs_its_task_and_nothing_is_done_twice():
    calm, stormy = (country.schedule(STORM, PROVINCES, COSTS, 16, rate) for rate in (0, 200))
    assert stormy.kills > 5 and calm.kills == 0 and calm.lost_s == 0
    assert stormy.done == calm.done == len(STORM)
    longest = max(task.seconds for task in STORM) + COSTS["customization, 1 thread, s"].at(max(PROVINCES)) + 1
    assert 0 < stormy.lost_s <= stormy.kills * longest
    assert stormy.seconds > calm.seconds
    assert stormy == country.schedule(STORM, PROVINCES, COSTS, 16, 200)


def test_tasks_by_province_find_their_metrics_made():
    tasks = country.tasks_of("readiness", PROVINCES, COUNTIES, COSTS)
    ordered = country.schedule(tasks, PROVINCES, COSTS, 2)
    mixed = country.schedule(country.shuffled(tasks), PROVINCES, COSTS, 2)
    assert ordered.seconds < mixed.seconds


def test_a_worker_keeps_as_much_as_it_does_in_the_package():
    text = (ROOT / "bindings/python/muster/distributed.py").read_text()
    assert f"METRICS_KEPT = {country.METRICS_KEPT}" in text
    assert f"@functools.lru_cache(maxsize={country.NETWORKS_KEPT})\ndef _network(" in text


def test_a_worker_keeps_what_it_used_last():
    worker = country.Worker()
    first = country.Task(0, "light", 1.0)
    cold = worker.seconds_for(first, PROVINCES[0], COSTS)
    assert worker.seconds_for(first, PROVINCES[0], COSTS) == 1.0 < cold
    for n in range(country.METRICS_KEPT):
        worker.seconds_for(country.Task(0, n, 1.0), PROVINCES[0], COSTS)
    assert worker.seconds_for(first, PROVINCES[0], COSTS) > 1.0
