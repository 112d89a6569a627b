"""muster scenario: what is in a scenario file, and what is drawn from it."""

import json
import shutil

import pytest

import muster_command as command
import small_scenario

SAMPLE = command.SOURCE / "data/samples/scenario.toml"

TOWN = """format = "muster-scenario-1"
[scenario]
code = "town"
name = "A day in town"
name_zh = "一天"
store = "town.gpkg"
start = 2026-07-01T08:00:00+08:00
length_h = 4
seed = 7
assumption = ["Nobody calls twice."]
[[call]]
code = "injured"
severity = "severe"
work_min = {exponential = 20}
when = {count = 12}
where = {polygon = [[120.75, 30.75], [120.80, 30.75], [120.80, 30.80]]}
need = [{kind = "ambulance", quantity = 1}]
[[hazard]]
code = "pond"
kind = "flood"
stage = [{at_min = 30, depth_m = 0.3, polygon = [[120.75, 30.75], [120.76, 30.75], [120.76, 30.76]]}]
until_min = 90
[[road_failure]]
code = "tree"
when = {at_min = 60}
edge_id = [1]
lasts_min = 30
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenario")
    small_scenario.write(folder / "town.gpkg")
    (folder / "town.toml").write_text(TOWN, encoding="utf-8")
    return folder / "town.toml"


def events_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_check_says_what_there_is(town):
    text = command.succeed("scenario", "check", town)
    assert "town: A day in town, 一天" in text
    assert "from         2026-07-01T08:00:00+08:00, for 4 h" in text
    assert "policies     greedy, muster" in text
    assert "Nobody calls twice." in text
    row = next(line.split() for line in text.splitlines() if line.startswith("  injured"))
    assert row[1] == "12" and sum(map(int, row[2:])) == 12


def test_check_as_json_counts_calls_and_events(town):
    answer = json.loads(command.succeed("scenario", "check", town, "--json", "-r", 2, "--seed", 9))
    assert (answer["code"], answer["seed"], answer["replication"]) == ("town", 9, 2)
    [row] = answer["calls"]
    assert row["type"] == "injured" and row["count"] == 12 and len(row["by_hour"]) == 4
    assert sum(row["by_hour"]) == 12
    assert answer["events"] == {"incident_reported": 12, "road_closed": 1, "road_opened": 1,
                                "hazard_grown": 1, "hazard_ended": 1}


def test_the_file_alone_needs_no_store():
    text = command.succeed("scenario", "check", SAMPLE, "--file-only")
    assert "sample: One of everything" in text and "careful" in text and "calls" not in text.split("\n")[0]
    answer = json.loads(command.succeed("scenario", "check", SAMPLE, "--file-only", "--json"))
    assert answer["events"] == {} and answer["calls"] == []


def test_what_is_drawn_is_the_same_again_and_in_order(town, tmp_path):
    first = command.succeed("scenario", "draw", town, "-r", 1)
    command.succeed("scenario", "draw", town, "-r", 1, "-o", tmp_path / "events.jsonl")
    assert (tmp_path / "events.jsonl").read_text(encoding="utf-8") == first
    assert command.succeed("scenario", "draw", town, "-r", 2) != first
    events = events_of(first)
    assert [e["time_ms"] for e in events] == sorted(e["time_ms"] for e in events)
    assert len({e["id"] for e in events}) == len(events) == 16


def test_the_map_has_calls_hazards_and_roads_with_their_times(town, tmp_path):
    command.succeed("scenario", "draw", town, "-o", tmp_path / "e", "--geojson", tmp_path / "map.geojson")
    features = json.loads((tmp_path / "map.geojson").read_text())["features"]
    what = [f["properties"]["what"] for f in features]
    assert what.count("call") == 12 and what.count("hazard") == 1 and what.count("road") == 1
    hazard = next(f for f in features if f["properties"]["what"] == "hazard")
    assert (hazard["properties"]["from_min"], hazard["properties"]["until_min"]) == (30, 90)
    assert hazard["geometry"]["type"] == "MultiPolygon"
    road = next(f for f in features if f["properties"]["what"] == "road")
    assert (road["properties"]["from_min"], road["properties"]["until_min"]) == (60, 90)
    assert road["geometry"]["type"] == "LineString"


def test_another_store_goes_before_the_file_s(town, tmp_path):
    shutil.copy(town, tmp_path / "elsewhere.toml")
    command.refuse(4, "scenario", "check", tmp_path / "elsewhere.toml", words=["town.gpkg"])
    command.succeed("scenario", "check", tmp_path / "elsewhere.toml", "--store", town.parent / "town.gpkg")


@pytest.mark.parametrize("old, new, words", [
    ("seed = 7", "sede = 7", ["line 9", "'sede'", "did you mean 'seed'?"]),
    ('"ambulance"', '"balloon"', ["call 'injured'", "'balloon'"]),
    ("edge_id = [1]", "edge_id = [99999]", ["road_failure 'tree'"]),
    ("length_h = 4", "length_h = 4000", ["scenario.length_h is 4000", "744"]),
    ("[[120.75, 30.75], [120.76, 30.75], [120.76, 30.76]]", "[[120.75, 30.75], [120.76, 30.75], [120.77, 30.75]]",
     ["hazard[1].stage[1].polygon", "encloses an area"]),
])
def test_what_is_wrong_is_named(town, old, new, words):
    path = town.parent / "wrong.toml"
    assert old in TOWN
    path.write_text(TOWN.replace(old, new), encoding="utf-8")
    command.refuse(3, "scenario", "check", path, words=["wrong.toml", *words])


def test_the_command_line_is_checked(town):
    command.refuse(2, "scenario", words=["check or draw"])
    command.refuse(2, "scenario", "chekc", town, words=['did you mean "check"?'])
    command.refuse(2, "scenario", "check", words=["expected a scenario file"])
    command.refuse(2, "scenario", "draw", town, "-r", "x", words=["--replication", "whole number"])
    command.refuse(2, "scenario", "check", town, "--file-only", "--store", "x", words=["one of them"])
    command.refuse(4, "scenario", "check", town.parent / "nothing.toml", words=["nothing.toml"])
    assert "draw one replication" in command.succeed("scenario", "--help")
