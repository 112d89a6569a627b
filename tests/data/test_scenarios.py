"""The library of scenarios: each is drawn on the home scenario, holds what it says, and is told to a session."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests/support"))

import muster_command as command  # noqa: E402

HOME = sorted(path for path in (SOURCE / "data/scenarios").glob("*.toml") if path.stem != "auckland")
STORE = os.environ.get("MUSTER_JIAXING")
if not STORE:
    pytest.skip("MUSTER_JIAXING is not set", allow_module_level=True)
WEST, SOUTH, EAST, NORTH = 120.2, 30.2, 121.45, 31.1  # the prefecture lies inside

# file: calls from to, types that there must be, and other events from to
EXPECTED = {
    "chemical-leak": (20, 60, {"hazmat_leak", "evacuation", "injured"}, {"hazard_grown": (6, 6), "road_closed": (1, 1),
                                                                          "unit_status": (9, 9)}),
    "earthquake": (114, 114, {"building_collapse", "medical"}, {"road_closed": (30, 400), "road_opened": (5, 300),
                                                                   "need_changed": (5, 30), "incident_updated": (3, 30)}),
    "plum-rain": (60, 160, {"flooded_village", "dike_breach"}, {"hazard_grown": (60, 66)}),
    "town-exercises": (25, 80, {"exercise", "injured", "fire"}, {}),
    "typhoon": (285, 300, {"flooded_village", "dike_breach", "power_outage"},
                {"hazard_grown": (80, 160), "hazard_ended": (3, 9), "road_closed": (30, 120)}),
}


@pytest.mark.parametrize("path", HOME, ids=lambda p: p.stem)
def test_a_course_holds_what_the_scenario_says(path):
    least, most, types, events = EXPECTED[path.stem]
    for replication in (0, 1):
        answer = json.loads(command.succeed("scenario", "check", path, "--store", STORE, "--json", "-r", replication))
        assert least <= answer["events"]["incident_reported"] <= most
        assert types <= {row["type"] for row in answer["calls"]}
        for event, (low, high) in events.items():
            assert low <= answer["events"][event] <= high, (event, answer["events"])
        assert answer["assumptions"] and answer["name_zh"]


@pytest.mark.parametrize("path", HOME, ids=lambda p: p.stem)
def test_calls_are_in_the_prefecture_and_in_chinese(path):
    lines = command.succeed("scenario", "draw", path, "--store", STORE).splitlines()
    calls = [event["incident"] for event in map(json.loads, lines) if event["type"] == "incident_reported"]
    for call in calls:
        assert WEST < call["lon_deg"] < EAST and SOUTH < call["lat_deg"] < NORTH
        assert call["authority"].startswith("3304")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in call["name"]) and "{" not in call["name"]


def test_the_typhoon_passes_in_the_afternoon_and_the_surge_comes_with_the_tide(tmp_path):
    path = SOURCE / "data/scenarios/typhoon.toml"
    command.succeed("scenario", "draw", path, "--store", STORE, "-o", tmp_path / "e", "--geojson", tmp_path / "map")
    features = json.loads((tmp_path / "map").read_text(encoding="utf-8"))["features"]
    hazards = [f["properties"] for f in features if f["properties"]["what"] == "hazard"]
    assert {h["code"] for h in hazards} >= {"typhoon/7", "typhoon/rain-1", "typhoon/rain-2", "surge", "canal-haiyan"}
    surge = [h["from_min"] for h in hazards if h["code"] == "surge"]
    assert min(surge) == 660 and max(surge) == 1050
    deepest = max((h for h in hazards if h["code"] == "surge"), key=lambda h: h["depth_m"])
    assert deepest["from_min"] == 840 and 1 < deepest["depth_m"] < 1.2


@pytest.mark.parametrize("path", HOME, ids=lambda p: p.stem)
def test_a_session_applies_every_event(path, tmp_path):
    done = subprocess.run([os.environ["MUSTER_COURSE_TELLER"], path, STORE, tmp_path / "sessions", "1"], text=True,
                          capture_output=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["0"]
