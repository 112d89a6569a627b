"""`muster site`: sitings against trying everything over the tables of `muster matrix`, and what is said of
them."""

import itertools
import json
import math
import os
import sqlite3

import pytest

import small_scenario
from muster_command import muster, refuse, succeed, write_sites

STREET = small_scenario.STEP_LAT
AVENUE = small_scenario.STEP_LON


def at(street, avenue):
    return small_scenario.LON + avenue * AVENUE, small_scenario.LAT + street * STREET


PLACES = [("p0", 0, 0), ("p1", 0, 11), ("p2", 11, 0), ("p3", 11, 11), ("p4", 5, 5), ("p5", 3, 8)]
DEMAND = [("d0", 1, 1, 5), ("d1", 1, 10, 3), ("d2", 10, 2, 8), ("d3", 9, 9, 1), ("d4", 5, 6, 2),
          ("d5", 2, 7, 4), ("d6", 7, 3, 0), ("d7", 11, 5, 6)]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The small scenario with people: two at-risk sites, two villages and the town they are in."""
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    small_scenario.write(path)
    with sqlite3.connect(path) as db:
        for code, name, level, population, street, avenue in [
                ("T", "镇", "town", 900, 5, 5), ("V1", "东村", "village", 300, 2, 2),
                ("V2", "West village", "village", None, 9, 9)]:
            db.execute("INSERT INTO place (code, name, level, population, geom) VALUES (?, ?, ?, ?, ?)",
                       (code, name, level, population, small_scenario.point_blob(*at(street, avenue))))
        for code, population, street, avenue in [("R1", 40, 1, 1), ("R2", 60, 10, 10)]:
            db.execute("INSERT INTO at_risk_site (code, name, population, geom) VALUES (?, ?, ?, ?)",
                       (code, "Low " + code, population,
                        small_scenario.point_blob(*at(street, avenue))))
    db.close()
    return path


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """CSV files of candidates, and of demand with weights."""
    folder = tmp_path_factory.mktemp("lists")
    places = write_sites(folder / "places.csv", [(i, *at(s, a)) for i, s, a in PLACES])
    demand = folder / "demand.csv"
    rows = "".join(f"{i},{w},{at(s, a)[0]!r},{at(s, a)[1]!r}\n" for i, s, a, w in DEMAND)
    demand.write_text("id,weight,lon,lat\n" + rows, encoding="utf-8")
    return places, demand


@pytest.fixture(scope="module")
def table(town, lists):
    """travel[place][demand] in milliseconds."""
    rows = succeed("matrix", town, "--from", lists[0], "--to", lists[1], "--profile", "light")
    travel = {}
    for line in rows.splitlines()[1:]:
        place, demand, duration, _ = line.split(",")
        travel.setdefault(place, {})[demand] = round(float(duration) * 1000)
    return travel


def ask(town, lists, *options):
    done = muster("site", town, "--candidates", lists[0], "--demand", lists[1], "--profile", "light",
                  *options, "-o", "-")
    assert done.returncode == 0, done
    return json.loads(done.stdout)


WEIGHT = {i: w for i, _, _, w in DEMAND}
PEOPLE = [i for i in WEIGHT if WEIGHT[i] > 0]


def nearest(table, places, demand):
    return min(table[p][demand] for p in places)


def best(table, count, value):
    return min(value(places) for n in range(1, count + 1)
               for places in itertools.combinations(table, n))


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_a_median_is_the_best_of_all(town, lists, table, count):
    answer = ask(town, lists, "--model", "p-median", "--add", count)
    expected = best(table, count, lambda places: sum(
        WEIGHT[d] * nearest(table, places, d) for d in PEOPLE))
    assert answer["outcome"] == "optimal" and answer["gap"] == 0
    assert answer["objective"] == answer["bound"] == expected
    chosen = [p["id"] for p in answer["places"]]
    assert sum(WEIGHT[d] * nearest(table, chosen, d) for d in PEOPLE) == expected
    for d in answer["demand"]:
        assert round(d["duration_s"] * 1000) == nearest(table, chosen, d["id"])
        assert table[d["place"]][d["id"]] == nearest(table, chosen, d["id"])


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_center_is_the_best_of_all(town, lists, table, count):
    answer = ask(town, lists, "--model", "p-center", "--add", count)
    assert answer["objective"] == best(table, count, lambda places: max(
        nearest(table, places, d) for d in PEOPLE))
    assert round(answer["after"]["longest_s"] * 1000) == answer["objective"]


@pytest.mark.parametrize("within_s", [60, 120, 240])
def test_cover_is_the_best_of_all(town, lists, table, within_s):
    answer = ask(town, lists, "--model", "max-cover", "--add", 2, "--within", f"{within_s}s")
    assert answer["objective"] == -best(table, 2, lambda places: -sum(
        WEIGHT[d] for d in PEOPLE if nearest(table, places, d) <= within_s * 1000))
    assert answer["after"]["covered_weight"] == answer["objective"]


def test_as_few_places_as_there_can_be_cover_everybody(town, lists, table):
    limit = max(nearest(table, table, d) for d in PEOPLE) + 30000
    answer = ask(town, lists, "--model", "set-cover", "--within", f"{limit}ms")
    fewest = min(n for n in range(1, 7) for places in itertools.combinations(table, n)
                 if all(nearest(table, places, d) <= limit for d in PEOPLE))
    assert answer["objective"] == len(answer["places"]) == fewest


@pytest.mark.parametrize("room", [[], ["--room", 1]])
def test_busy_units_are_worth_more_than_one(town, lists, table, room):
    answer = ask(town, lists, "--model", "expected-cover", "--add", 3, "--within", "3min", "--busy",
                 0.4, *room)
    gains = [600000, 240000, 96000]
    pick = itertools.combinations if room else itertools.combinations_with_replacement
    expected = max(sum(WEIGHT[d] * sum(gains[:sum(table[p][d] <= 180000 for p in units)])
                       for d in PEOPLE) for units in pick(table, 3))
    assert answer["objective"] == expected
    if room:
        assert all(p["units"] == 1 for p in answer["places"])


def test_what_is_there_counts_before_and_after(town, lists, table, tmp_path):
    there = write_sites(tmp_path / "there.csv", [("old", *at(0, 0))])
    answer = ask(town, lists, "--existing", there, "--model", "p-median", "--add", 1, "--within", "2min")
    expected = min(sum(WEIGHT[d] * nearest(table, ("p0", p), d) for d in PEOPLE) for p in table)
    assert answer["objective"] == expected
    assert answer["before"]["covered_weight"] == sum(
        WEIGHT[d] for d in PEOPLE if table["p0"][d] <= 120000)
    mean = sum(WEIGHT[d] * table["p0"][d] for d in PEOPLE) / sum(WEIGHT.values())
    assert math.isclose(answer["before"]["mean_s"], mean / 1000, abs_tol=0.001)
    same = ask(town, lists, "--existing", there, "--model", "p-median", "--count", 2)
    assert same["objective"] == expected


def test_units_of_the_store_are_there(town, lists):
    answer = ask(town, lists, "--unit", "ambulance", "--model", "p-median", "--add", 0)
    assert [(p["id"], p["units"], p["added"]) for p in answer["places"]] == [("V1", 1, 0), ("V2", 1, 0)]
    assert answer["before"] == answer["after"]
    pools = ask(town, lists, "--unit", "pump", "--model", "p-median", "--add", 0)
    assert [(p["id"], p["units"]) for p in pools["places"]] == [("M1", 5)]


@pytest.mark.parametrize("goal", ["p-median", "max-cover", "expected-cover"])
def test_units_move_up_no_farther_and_no_more_than_they_may(town, lists, goal):
    options = ["--unit", "ambulance", "--model", "move-up", "--goal", goal, "--move-within", "6min", "--within",
               "3min"] + (["--busy", 0.2] if goal == "expected-cover" else [])
    answer = ask(town, lists, *options, "--moves", 1)
    assert answer["outcome"] == "optimal"
    assert len(answer["moves"]) <= 1
    assert all(m["duration_s"] <= 360 for m in answer["moves"])
    assert sum(p["units"] for p in answer["places"]) == 2
    still = ask(town, lists, *options, "--moves", 0)
    assert still["moves"] == [] and still["before"] == still["after"]
    if goal == "p-median":
        assert answer["objective"] <= still["objective"]
    else:
        assert answer["objective"] >= still["objective"]


def test_people_of_the_store_are_demand(town):
    done = muster("site", town, "--model", "p-median", "--add", 1, "--profile", "light", "-o", "-")
    answer = json.loads(done.stdout)
    assert {d["id"]: d["weight"] for d in answer["demand"]} == {"R1": 40, "R2": 60, "V1": 300, "V2": 1}
    assert "the population of 1 of 4 is not known" in done.stderr
    assert answer["places"][0]["id"] in ("W1", "W2")
    towns = muster("site", town, "--model", "p-median", "--add", 1, "--profile", "light", "-o", "-",
                   "--demand", "towns", "--weight", "equal", "--candidates", "villages")
    assert [(d["id"], d["weight"]) for d in json.loads(towns.stdout)["demand"]] == [("T", 1)]


# ---- what cannot be ------------------------------------------------------------------------------


def test_who_is_out_of_reach_is_named_or_left_out(two_islands, tmp_path):
    ends = write_sites(tmp_path / "ends.csv", [("west", 120.70, 30.70), ("east", 120.81, 30.70)])
    west = write_sites(tmp_path / "west.csv", [("post", 120.71, 30.70)])
    options = ["site", two_islands, "--candidates", west, "--demand", ends, "--profile", "light",
               "--model", "p-median", "--add", 1]
    done = muster(*options)
    assert done.returncode == 1
    assert '"east" first, are out of reach' in done.stderr and "--leave-out" in done.stderr
    assert "infeasible" in done.stdout
    answer = json.loads(muster(*options, "--leave-out", "-o", "-").stdout)
    assert answer["outcome"] == "optimal" and answer["left_out"] == ["east"]


def test_too_few_places_are_said_with_how_many_it_takes(two_islands, tmp_path):
    ends = write_sites(tmp_path / "ends.csv", [("west", 120.70, 30.70), ("east", 120.81, 30.70)])
    for model in ("p-median", "p-center"):
        done = muster("site", two_islands, "--candidates", ends, "--demand", ends, "--profile", "light",
                      "--model", model, "--add", 1)
        assert done.returncode == 1
        assert "1 more places do not reach everybody; it takes 2 at least" in done.stderr


def test_a_flood_changes_where_to_wait(town, lists, tmp_path):
    ring = [small_scenario.place(*c) for c in [(-1, -1), (-1, 4.5), (4.5, 4.5), (4.5, -1), (-1, -1)]]
    flood = tmp_path / "flood.geojson"
    flood.write_text(json.dumps({"type": "Feature", "properties": {"closed": True},
                                 "geometry": {"type": "Polygon", "coordinates": [ring]}}))
    options = ["--model", "p-median", "--add", 2]
    dry = ask(town, lists, *options)
    wet = muster("site", town, "--candidates", lists[0], "--demand", lists[1], "--profile", "light",
                 *options, "--closures", flood, "--leave-out", "-o", "-")
    assert wet.returncode == 0, wet
    wet = json.loads(wet.stdout)
    assert wet["left_out"] == [] or set(wet["left_out"]) <= set(WEIGHT)
    assert wet["objective"] != dry["objective"]


# ---- what is said ----------------------------------------------------------------------------------


def test_people_read_before_and_after(town, lists):
    text = succeed("site", town, "--candidates", lists[0], "--demand", lists[1], "--profile", "light",
                   "--model", "max-cover", "--add", 2, "--within", "2min", "--unit", "ambulance")
    assert "outcome      optimal: " in text and "% of the weight" in text
    assert [line.split()[0] for line in text.splitlines() if line.startswith("p")][:2] == ["profile", "places"]
    assert "before" in text and "covered" in text


def test_maps_show_places_demand_and_who_serves_whom(town, lists, tmp_path):
    path = tmp_path / "map.geojson"
    succeed("site", town, "--candidates", lists[0], "--demand", lists[1], "--profile", "light",
            "--model", "p-median", "--add", 2, "--within", "2min", "--geojson", path)
    features = json.loads(path.read_text())["features"]
    roles = [f["properties"]["role"] for f in features]
    assert roles.count("place") == 2 and roles.count("demand") == len(DEMAND)
    assert roles.count("serves") == len(DEMAND)
    assert all(f["properties"]["is_covered"] == (f["properties"]["duration_s"] <= 120)
               for f in features if f["properties"]["role"] == "demand")


def test_the_answer_is_the_same_for_any_number_of_threads(town, lists):
    answers = [ask(town, lists, "--model", "p-median", "--add", 3, "--work-limit", 3000, "--threads", n)
               for n in (1, 2)]
    for answer in answers:
        del answer["elapsed_s"]
    assert answers[0] == answers[1]


def test_who_adds_nothing_is_told_who_could_be_reached(town, lists):
    answers = [ask(town, lists, "--model", "expected-cover", "--add", n, "--within", "3min", "--busy", 0.3)
               for n in (0, 9)]
    assert answers[0]["objective"] == 0 and answers[0]["out_of_reach"] == answers[1]["out_of_reach"]


@pytest.mark.parametrize("options, words", [
    ([], ["no --model", "p-median"]),
    (["--model", "median"], ['--model is "median"', "p-center"]),
    (["--model", "p-median"], ["no number for p-median", "--add K"]),
    (["--model", "p-median", "--add", "1", "--count", "2"], ["twice"]),
    (["--model", "p-median", "--add", "-1"], ["--add", "-1"]),
    (["--model", "set-cover", "--within", "5min", "--add", "1"], ["not for set-cover"]),
    (["--model", "max-cover", "--add", "1"], ["--within TIME"]),
    (["--model", "max-cover", "--add", "1", "--within", "5"], ['--within is "5"']),
    (["--model", "expected-cover", "--add", "1", "--within", "5min", "--busy", "1"],
     ['--busy is "1"', "0 to 0.999999"]),
    (["--model", "expected-cover", "--add", "1", "--within", "5min", "--busy", "0.9999999"], ["0 to 0.999999"]),
    (["--model", "max-cover", "--add", "1", "--within", "5min", "--busy", "0.3"], ["--busy is for expected-cover"]),
    (["--model", "move-up", "--goal", "max-cover", "--unit", "x", "--moves", "2", "--move-within", "9min",
      "--within", "5min", "--busy", "0.3"], ["--busy is for expected-cover"]),
    (["--model", "expected-cover", "--add", "1", "--within", "5min", "--busy", "nan"], ["--busy"]),
    (["--model", "p-median", "--add", "1", "--room", "2"], ["--room is for"]),
    (["--model", "p-median", "--add", "1", "--moves", "2"], ["for --model move-up"]),
    (["--model", "p-median", "--add", "1", "--goal", "max-cover"], ["for --model move-up"]),
    (["--model", "move-up", "--within", "5min", "--moves", "2", "--move-within", "9min"],
     ["no units to move"]),
    (["--model", "move-up", "--goal", "p-center"], ['--goal is "p-center"']),
    (["--model", "p-median", "--add", "1", "--weight", "people"], ['--weight is "people"']),
    (["--model", "p-median", "--add", "1", "-o", "x", "--geojson", "x"], ["expected two files"]),
])
def test_a_wrong_command_line_is_said(town, options, words):
    refuse(2, "site", town, "--profile", "light", *options, words=words)


def test_a_store_and_a_profile_are_needed(town):
    refuse(2, "site", "--model", "p-median", "--add", 1, words=["no store"])
    refuse(2, "site", town, "--model", "p-median", "--add", 1, words=["no --profile"])


def test_an_unknown_kind_is_said_with_those_there_are(town, lists):
    refuse(2, "site", town, "--candidates", lists[0], "--demand", lists[1], "--profile", "light",
           "--model", "p-median", "--add", 1, "--unit", "ambulances",
           words=['"ambulances"', "ambulance", "sandbag"])


def test_more_than_there_are_to_be_is_said(town, lists):
    refuse(2, "site", town, "--candidates", lists[0], "--demand", lists[1], "--profile", "light",
           "--model", "p-median", "--count", 1, "--unit", "ambulance", words=["there are 2 already"])


@pytest.mark.parametrize("weight", ["-1", "1.5", "", "1000000001", "x", "99999999999"])
def test_a_wrong_weight_is_named(town, lists, tmp_path, weight):
    path = tmp_path / "demand.csv"
    lon, lat = at(1, 1)
    path.write_text(f"id,lon,lat,weight\na,{lon},{lat},{weight}\n")
    refuse(3, "site", town, "--candidates", lists[0], "--demand", path, "--profile", "light", "--model",
           "p-median", "--add", 1, words=["row 2, column weight", f'"{weight}"', "1000000000"])


def test_a_store_without_such_places_is_said(village, lists):
    done = muster("site", village, "--candidates", lists[0], "--demand", "villages", "--profile", "light",
                  "--model", "p-median", "--add", 1)
    assert done.returncode == 3 and "has no villages" in done.stderr


@pytest.mark.skipif("MUSTER_JIAXING" not in os.environ, reason="MUSTER_JIAXING is not set")
def test_the_home_scenario_is_covered_and_proven():
    done = muster("site", os.environ["MUSTER_JIAXING"], "--model", "set-cover", "--demand", "at-risk",
                  "--within", "15min", "--profile", "heavy", "-o", "-")
    answer = json.loads(done.stdout)
    assert (answer["outcome"], len(answer["demand"])) == ("optimal", 309)
    assert answer["after"]["covered_weight"] == sum(d["weight"] for d in answer["demand"])
