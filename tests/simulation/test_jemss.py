"""data/scenarios/import_jemss.py: a store of a JEMSS city has its roads, times and ambulances.

A city of four junctions is checked by hand; Auckland, where MUSTER_SHARED has it, arc by arc.
"""

import collections
import csv
import json
import os
import pathlib
import sqlite3
import subprocess

import pytest

import muster_command as command

IMPORTER = command.SOURCE / "data/scenarios/import_jemss.py"
DAY_MS = 86_400_000

NODES = """nodes,,,
index,x,y,offRoadAccess,
1.0,174.70,-36.80,1.0
2.0,174.71,-36.80,0.0
3.0,174.72,-36.80,1.0
4.0,174.72,-36.81,1.0
"""
ARCS = """miscData,,,
arcForm,numModes,
directed,2
,
arcs,,,
index,fromNode,toNode,distance,mode_1,mode_2,
1,1,2,0.94,{slow},{slower},
2,2,1,0.94,{slow},{slower},
3,2,3,0.94,{fast},{quick},
4,3,4,1.11,{other},{rather},
5,4,3,1.11,{other},{rather},
6,4,3,1.11,{other},{rather},
""".format(slow=0.94 / 47 / 24, slower=0.94 / 33 / 24, fast=0.94 / 91 / 24, quick=0.94 / 64 / 24, other=1.11 / 47 / 24,
           rather=1.11 / 33 / 24)
STATIONS = "stations,,,,\nindex,x,y,capacity,\n1,174.70,-36.80,5,\n2,174.72,-36.81,5,\n"
AMBULANCES = "ambulances,,,\nindex,stationIndex,class,\n1,1,1,\n2,2,1,\n3,2,1,\n"


@pytest.fixture
def city(tmp_path):
    for name, text in (("travel/roads/nodes.csv", NODES), ("travel/roads/arcs.csv", ARCS),
                       ("stations/stations_1.csv", STATIONS), ("ambulances/ambulances_1.csv", AMBULANCES)):
        (tmp_path / "city" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "city" / name).write_text(text)
    return tmp_path / "city"


def convert(city, out):
    return subprocess.run(["/usr/bin/python3", IMPORTER, city, "-o", out], capture_output=True, text=True, check=False)


def arcs_of(store, profile, folder):
    """(from, to) -> sorted durations of the arcs that the profile may use."""
    with sqlite3.connect(store) as db:
        documents = [json.loads(row[0]) for row in db.execute("SELECT document FROM profile ORDER BY fid")]
    (folder / "profiles.json").write_text(json.dumps({"profiles": documents}))
    command.succeed("export", store, "--profiles", folder / "profiles.json", "--profile", profile, "--nodes",
                    folder / "nodes.csv", "--arcs", folder / "arcs.csv")
    found = collections.defaultdict(list)
    with (folder / "arcs.csv").open() as file:
        for row in csv.DictReader(file):
            found[row["from_node"], row["to_node"]].append(int(row["duration_ms"]))
    return {pair: sorted(times) for pair, times in found.items()}


def test_a_small_city_has_its_roads_times_and_ambulances(city, tmp_path):
    store = tmp_path / "city.gpkg"
    assert convert(city, store).returncode == 0
    for profile, slow, fast in (("lights", 47, 91), ("regular", 33, 64)):
        a, b, c = (round(km / speed * 3_600_000) for km, speed in ((0.94, slow), (0.94, fast), (1.11, slow)))
        assert arcs_of(store, profile, tmp_path) == {("1", "2"): [a], ("2", "1"): [a], ("2", "3"): [b],
                                                     ("3", "4"): [c], ("4", "3"): [c, c]}
    with sqlite3.connect(store) as db:
        assert db.execute("SELECT code FROM at_risk_site ORDER BY code").fetchall() == [("N1",), ("N3",), ("N4",)]
        assert db.execute("SELECT code, profile FROM vehicle ORDER BY code").fetchall() == [
            ("A-01", "lights"), ("A-02", "lights"), ("A-03", "lights")]
    command.succeed("db", "check", store)


def test_a_day_is_drawn_in_it(city, tmp_path):
    store = tmp_path / "city.gpkg"
    assert convert(city, store).returncode == 0
    answer = json.loads(command.succeed("scenario", "check", command.SOURCE / "data/scenarios/auckland.toml", "--store",
                                        store, "--json"))
    counts = {row["type"]: row["count"] for row in answer["calls"]}
    assert counts.keys() == {"high", "medium", "low"}
    assert 200 < sum(counts.values()) < 360 and counts["high"] > counts["medium"] > counts["low"] / 2


@pytest.mark.parametrize("name, text, words", [
    ("travel/roads/arcs.csv", "", ["arcs.csv", "no rows of arcs"]),
    ("stations/stations_1.csv", None, ["stations", "expected a city of JEMSS"]),
    ("travel/roads/arcs.csv", ARCS + "".join(f"{i},1,2,1.0,{1 / (50 + i) / 24},0.1,\n" for i in range(7, 20)),
     ["pairs of speeds"]),
])
def test_what_is_no_city_is_said_in_one_line(city, tmp_path, name, text, words):
    if text is None:
        (city / name).unlink()
    else:
        (city / name).write_text(text)
    done = convert(city, tmp_path / "city.gpkg")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert all(word in done.stderr for word in words), done.stderr


def test_auckland_takes_as_long_as_in_jemss(tmp_path):
    """Each arc in both modes, to a millisecond of rounding."""
    folder = pathlib.Path(os.environ.get("MUSTER_SHARED", "")) / "jemss/auckland"
    if not os.environ.get("MUSTER_SHARED") or not folder.exists():
        pytest.skip("MUSTER_SHARED has no jemss/auckland")
    store = tmp_path / "auckland.gpkg"
    assert convert(folder, store).returncode == 0
    with (folder / "travel/roads/arcs.csv").open() as file:
        rows = list(csv.reader(file))
    start = [row[0] for row in rows].index("arcs") + 2
    for profile, column in (("lights", 4), ("regular", 5)):
        expected = collections.defaultdict(list)
        for row in rows[start:]:
            if row and row[0]:
                expected[str(int(float(row[1]))), str(int(float(row[2])))].append(float(row[column]) * DAY_MS)
        found = arcs_of(store, profile, tmp_path)
        assert found.keys() == expected.keys()
        for pair, times in expected.items():
            assert len(found[pair]) == len(times)
            for ours, theirs in zip(found[pair], sorted(times)):
                assert abs(ours - theirs) <= 1, (pair, ours, theirs)
