"""Scenarios of people alone, which only benchmarks ask for."""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "data" / "jiaxing"))

from scenarios import bench_scenario_rows, make_people_scenario  # noqa: E402

PEOPLE_OF = {"fire": 3000, "medical": 1000}


@pytest.fixture
def country():
    """-> xy, nodes and facts of a grid of 400 nodes with two villages."""
    xy = np.array([(x, y) for x in range(0, 2000, 100) for y in range(0, 2000, 100)], float)
    villages = [{"name": name, "code": name, "level": "village", "parent": "T", "population": count,
                 "xy": np.array([400.0, 400.0 * k])} for k, (name, count) in enumerate(
                     [("A", 10), ("B", 30)], 1)]
    return xy, np.arange(len(xy)), {"villages": villages, "by_code": {"T": {"name": "Town"}}}


def test_each_incident_needs_10_to_70_people_with_one_skill(country):
    incidents, needs = make_people_scenario(100, *country, PEOPLE_OF)
    assert [row[1] for row in incidents] == [row[1] for row in needs]
    assert len({row[1] for row in incidents}) == 100
    assert min(row[3] for row in needs) >= 10 and max(row[3] for row in needs) <= 70


def test_skills_are_asked_for_as_often_as_people_have_them(country):
    _, needs = make_people_scenario(100, *country, PEOPLE_OF)
    assert Counter(row[2] for row in needs) == {"fire": 75, "medical": 25}


def test_the_same_scenario_every_time(country):
    once, again = (make_people_scenario(30, *country, PEOPLE_OF) for _ in range(2))
    assert once[1] == again[1]
    assert all((a[-1] == b[-1]).all() and a[:-1] == b[:-1] for a, b in zip(once[0], again[0]))


def test_every_scenario_has_a_code_of_its_own():
    codes = [row[0] for row in bench_scenario_rows(30)]
    assert len(set(codes)) == len(codes) == 65
