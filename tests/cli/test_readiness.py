"""`muster readiness` on the small town: who is in time by `muster matrix`, what-ifs and N-1 by trying."""

import json
import shutil
import sqlite3
import struct

import muster_command as command
import pytest
import sites_of_town
import small_scenario
from sites_of_town import SITES, VILLAGES
from small_scenario import line_blob, place


@pytest.fixture(scope="module", name="town")
def fixture_town(tmp_path_factory):
    path = small_scenario.write(tmp_path_factory.mktemp("readiness") / "town.gpkg")
    sites_of_town.add(path)
    return path


def readiness(store, *options):
    """The JSON and the summary."""
    done = command.muster("readiness", store, "-o", "-", *options)
    assert done.returncode == 0, done
    return json.loads(done.stdout), done.stderr


def arrivals(town, tmp_path, kind):
    """place -> (arrival in s, people or pieces) of teams and vehicles of a kind, by muster matrix."""
    places = {code: place(street, avenue) for code, _, _, street, avenue in SITES + VILLAGES}
    to = command.write_sites(tmp_path / "to.csv", [(c, *p) for c, p in places.items()])
    units = [(t[0], t[3], t[4], t[2], place(*t[6:])) for t in small_scenario.TEAMS if kind in t[5]]
    units += [(v[0], v[3], v[4], 1, place(*v[5:])) for v in small_scenario.VEHICLES if v[2] == kind]
    found = {code: [] for code in places}
    for code, turnout, profile, quantity, position in units:
        at = command.write_sites(tmp_path / "from.csv", [(code, *position)])
        table = tmp_path / "table.csv"
        command.succeed("matrix", town, "--from", at, "--to", to, "--profile", profile, "-o", table)
        for row in command.read_csv(table):
            if row["duration_s"]:
                found[row["to_id"]].append((turnout + float(row["duration_s"]), quantity))
    return {code: sorted(comers) for code, comers in found.items()}


@pytest.mark.parametrize("kind", ["flood_rescue", "medical", "ambulance"])
def test_who_is_in_time_is_what_the_matrix_says(town, tmp_path, kind):
    answer, _ = readiness(town, "--capability", kind, "--within", "20min", "--units", 2)
    expected = arrivals(town, tmp_path, kind)
    assert {p["code"] for p in answer["places"]} == set(expected)
    for where in answer["places"]:
        (cell,) = where["standards"]
        comers = expected[where["code"]]
        in_time = [quantity for at, quantity in comers if at <= 1200]
        assert cell["first_s"] == pytest.approx(comers[0][0])
        assert cell["complete_s"] == (pytest.approx(comers[1][0]) if len(comers) > 1 else None)
        assert (cell["units"], cell["quantity"]) == (len(in_time), sum(in_time))
        assert cell["met"] == (len(in_time) >= 2)
        assert where["missed"] == (not cell["met"])


def test_the_weakest_come_first_in_all_forms(town, tmp_path):
    csv, geojson = tmp_path / "r.csv", tmp_path / "r.geojson"
    answer, text = readiness(town, "--csv", csv, "--geojson", geojson)
    order = [(-p["missed"], -p["late_s"]) for p in answer["places"]]
    assert order == sorted(order) and len(order) == 5
    first = answer["places"][0]
    weakest = text[text.index("Weakest"):].splitlines()[1]
    assert first["code"] in weakest and first["name"] in weakest
    rows = command.read_csv(csv)
    assert len(rows) == 5 * len(answer["standards"])
    by_code = {p["code"]: p for p in answer["places"]}
    for row in rows:
        cell = next(s for s in by_code[row["code"]]["standards"] if s["kind"] == row["kind"])
        assert row["complete_s"] == "" if cell["complete_s"] is None else (
            float(row["complete_s"]) == pytest.approx(cell["complete_s"]))
        assert bool(int(row["met"])) == cell["met"]
    features = json.loads(geojson.read_text())["features"]
    assert [f["properties"]["code"] for f in features] == ["R-1", "R-2", "V-A", "V-B", "V-C"]
    assert features[0]["geometry"]["coordinates"] == [round(c, 6) for c in place(3, 3)]
    colors = {"ready": "#0072B2", "below": "#E69F00", "unreached": "#D55E00"}
    assert all(f["properties"]["marker-color"] == colors[f["properties"]["state"]] for f in features)


def test_the_summary_counts_what_the_json_lists(town):
    answer, text = readiness(town, "--capability", "ambulance", "--within", "4min")
    (standard,) = answer["standards"]
    below = [p for p in answer["places"] if not p["standards"][0]["met"]]
    assert 0 < len(below) < 5
    assert (standard["below"], standard["met"]) == (len(below), 5 - len(below))
    assert standard["below_people"] == sum(p["people"] for p in below)
    assert f"{5 - len(below)} meet every standard, {len(below)} do not" in text
    assert "2 at-risk sites and 3 villages" in text


# ---- what-ifs ---------------------------------------------------------------------------------


def write_json(path, document):
    path.write_text(json.dumps(document))
    return path


def test_options_and_a_file_say_the_same(town, tmp_path):
    file = write_json(tmp_path / "w.json", [
        {"name": "no ambulance", "without": ["V1"]},
        {"name": "roads", "close_edges": [1, 2, 30]},
        {"name": "both", "without": ["V1"], "close_edges": [1, 2, 30]}])
    answer, text = readiness(town, "--what-if", file)
    for what_if, options in zip(answer["what_ifs"], (
            ["--without", "V1"], ["--close-edge", 1, "--close-edge", 2, "--close-edge", 30],
            ["--without", "V1", "--close-edge", 1, "--close-edge", 2, "--close-edge", 30])):
        assert readiness(town, *options)[0]["changes"] == what_if["loss"]
        assert what_if["name"] in text
    assert answer["changes"] is None
    assert answer["what_ifs"][0]["loss"]["slower"] > 0


def test_a_loss_is_the_difference_of_two_answers(town):
    now, _ = readiness(town)
    then, _ = readiness(town, "--without", "T3", "--without", "V2")
    after = {p["code"]: p for p in then["places"]}
    fallen, slower, lost = 0, 0, 0
    for before in now["places"]:
        cells = list(zip(before["standards"], after[before["code"]]["standards"]))
        fallen += any(b["met"] and not a["met"] for b, a in cells)
        horizon = max(7200, 2 * max(s["within_s"] for s in now["standards"]))
        times = [[horizon if c["complete_s"] is None else min(horizon, c["complete_s"])
                  for c in cell] for cell in cells]
        slower += any(a > b for b, a in times)
        lost += max(before["people"], 1) * sum(max(0, a - b) for b, a in times)
    assert (then["changes"]["fallen"], then["changes"]["slower"]) == (fallen, slower)
    assert then["changes"]["lost_people_s"] == pytest.approx(lost)
    assert slower > 0


def test_after_a_plan_what_it_sends_is_gone(town, tmp_path):
    plan = tmp_path / "plan.json"
    command.succeed("plan", town, "-o", plan)
    sent = {a["code"] for a in json.loads(plan.read_text())["assignments"]
            if a["resource"] in ("people", "vehicle")}
    assert sent
    after, _ = readiness(town, "--after", plan, "--capability", "medical", "--capability",
                         "flood_rescue", "--capability", "ambulance", "--capability", "bus")
    without, _ = readiness(town, *(o for code in sorted(sent) for o in ("--without", code)),
                           "--capability", "medical", "--capability", "flood_rescue",
                           "--capability", "ambulance", "--capability", "bus")
    assert after["places"] == without["places"]
    assert after["changes"] == without["changes"]


def test_in_a_flood_roads_are_closed(town):
    now, _ = readiness(town)
    with sqlite3.connect(town) as db:
        (moment,) = db.execute("SELECT starts_at FROM hazard LIMIT 1").fetchone()
    db.close()
    done = command.muster("readiness", town, "-o", "-", "--at", moment)
    assert done.returncode == 0 and "hazards hold at" in done.stderr
    assert json.loads(done.stdout)["places"] != now["places"]
    assert json.loads(done.stdout)["changes"]["slower"] > 0


# ---- N-1 ----------------------------------------------------------------------------------------


def test_the_roads_that_hurt_most_are_those_that_trying_all_finds(town, tmp_path):
    with sqlite3.connect(town) as db:
        edges = [e for (e,) in db.execute("SELECT id FROM edge ORDER BY id")]
    db.close()
    file = write_json(tmp_path / "all.json",
                      [{"name": str(e), "close_edges": [e]} for e in edges])
    answer, _ = readiness(town, "--what-if", file, "--n-1", "roads", "--worst", 12)
    tried = [(-w["loss"]["fallen"], -w["loss"]["lost_people_s"], int(w["name"]))
             for w in answer["what_ifs"] if w["loss"]["slower"] > 0]
    (roads,) = answer["n_1"]
    assert [r["edge_id"] for r in roads["worst"]] == [e for _, _, e in sorted(tried)[:12]]
    assert roads["there_are"] == len(edges) and roads["tried"] <= roads["candidates"]


def test_two_carriageways_fall_together(town, tmp_path):
    """The worst road that everybody may drive both ways becomes two one-way ones side by side."""
    twice = tmp_path / "twice.gpkg"
    shutil.copy(town, twice)
    answer, _ = readiness(town, "--n-1", "roads", "--worst", 40)
    with sqlite3.connect(twice) as db:
        both_ways = {row[0]: row for row in db.execute(
            "SELECT id, source, target FROM edge WHERE access_forward = 7 AND access_backward = 7")}
        edge, source, target = next(both_ways[road["edge_id"]] for road in answer["n_1"][0]["worst"]
                                    if road["edge_id"] in both_ways)
        ends = [db.execute("SELECT geom FROM node WHERE id = ?", (end,)).fetchone()[0][-16:]
                for end in (target, source)]
        columns = [c[1] for c in db.execute("PRAGMA table_info(edge)")]
        row = dict(zip(columns, db.execute("SELECT * FROM edge WHERE id = ?", (edge,)).fetchone()))
        back = dict(row, id=90001, source=target, target=source, access_forward=7, access_backward=0,
                    speed_forward_kmh=row["speed_backward_kmh"], duration_forward_ms=row["duration_backward_ms"],
                    geom=line_blob([struct.unpack("<2d", end) for end in ends]))
        db.execute("UPDATE edge SET access_backward = 0 WHERE id = ?", (edge,))
        db.execute(f"INSERT INTO edge ({', '.join(back)}) VALUES ({', '.join('?' * len(back))})", list(back.values()))
    db.close()
    file = write_json(tmp_path / "both.json", [{"name": "both", "close_edges": [edge, 90001]}])
    answer, text = readiness(twice, "--what-if", file, "--n-1", "roads", "--worst", 40)
    (both,) = [r for r in answer["n_1"][0]["worst"] if r["edge_id"] == edge]
    assert both["edges"] == [edge, 90001] and both["loss"] == answer["what_ifs"][0]["loss"]
    assert f"  {edge} +1 " in text


@pytest.mark.parametrize("part, codes", [
    ("units", ["T1", "T2", "T3", "T4", "T5", "T6", "V1", "V2", "V3", "M1", "M2"]),
    ("warehouses", ["W1", "W2"])])
def test_so_are_units_and_warehouses(town, tmp_path, part, codes):
    file = write_json(tmp_path / "all.json", [{"name": c, "without": [c]} for c in codes])
    answer, text = readiness(town, "--what-if", file, "--n-1", part)
    tried = {w["name"]: w["loss"] for w in answer["what_ifs"] if w["loss"]["slower"] > 0}
    (listed,) = answer["n_1"]
    assert {w["code"]: w["loss"] for w in listed["worst"]} == tried and tried
    ranks = [(-w["loss"]["fallen"], -w["loss"]["lost_people_s"]) for w in listed["worst"]]
    assert ranks == sorted(ranks)
    assert f"Without one of the {part}" in text


# ---- on the spot ------------------------------------------------------------------------------------


STANDARD = {"reach": [{"kind": "pump", "within_s": 1800, "quantity": 2}],
            "site": [{"kind": "pump", "at_least": 1, "people_per_piece": 1000},
                     {"kind": "boat", "at_least": 1, "choice": "X"},
                     {"kind": "tent", "at_least": 1, "choice": "X"}],
            "village": [{"kind": "sandbag", "at_least": 700}],
            "per_thousand_people": {"sandbag": 1000}}


def test_kits_and_villages_are_held_against_the_standard(town, tmp_path):
    answer, text = readiness(town, "--standard", write_json(tmp_path / "s.json", STANDARD))
    found = {(e["code"], e["kind"]): (e["required"], e["held"], e["state"])
             for side in answer["equipment"].values() for e in side}
    assert found == {("R-1", "pump"): (3, 3, "enough"), ("R-1", "boat"): (1, 0, "missing"),
                     ("R-1", "tent"): (1, 0, "missing"), ("R-2", "pump"): (1, 0, "missing"),
                     ("R-2", "boat"): (1, 1, "enough"), ("R-2", "tent"): (1, 0, "optional"),
                     ("V-A", "sandbag"): (700, 0, "missing"),
                     ("V-B", "sandbag"): (700, 800, "surplus"),
                     ("V-C", "sandbag"): (700, 0, "missing")}
    tiers = {t["tier"]: t for t in answer["tiers"]}
    assert (tiers["village"]["needed"], tiers["village"]["own"]) == (2941, 800)
    assert (tiers["village"]["above"], tiers["village"]["short"]) == (5000, 3)
    assert (tiers["town"]["own"], tiers["town"]["below"], tiers["town"]["short"]) == (5000, 800, 0)
    assert "Kits of sites" in text and "Kept by villages" in text


# ---- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize("document, words", [
    ({}, ["no list of what-ifs", "1 to 10000 objects"]),
    ([], ["no list of what-ifs"]),
    ([3], ["what-if 1", "it is 3", "an object"]),
    ([{"name": "a", "without": ["V1"]}, {"name": "b", "close_edge": [1]}],
     ["what-if 2", '"close_edge"', "close_edges, closures"]),
    ([{"without": ["V1"]}], ["what-if 1", "no name"]),
    ([{"name": "idle"}], ["what-if 1", "idle", "nothing happens"]),
    ([{"name": "a", "close_edges": ["x"]}], ["close_edges is", '"x"', "whole numbers"]),
    ([{"name": "a", "close_edges": 4}], ["close_edges is 4", "a list"]),
    ([{"name": "a", "close_edges": [99999]}], ["edge 99999", "264 edges"]),
    ([{"name": "a", "without": ["Q9"]}], ["what-if 1", "Q9", "code"]),
    ([{"name": "a", "without": [7]}], ["without is 7", "texts"]),
    ([{"name": "a", "at": "noon"}], ["at is", "noon", "a moment"]),
    ([{"name": "a", "hazards": ["f.json"]}], ["hazards without a moment"]),
    ([{"name": ""}], ["name is", "a text"])])
def test_a_wrong_what_if_is_named_with_its_value(town, tmp_path, document, words):
    file = write_json(tmp_path / "w.json", document)
    command.refuse(3, "readiness", town, "--what-if", file, words=["w.json", *words])


@pytest.mark.parametrize("document, words", [
    ([], ["no JSON object"]),
    ({"reach": 3}, ["reach is no list"]),
    ({"reach": [{"kind": "pumpe"}]}, ["reach 1", "pumpe", 'did you mean "pump"']),
    ({"reach": [{"kind": "pump", "within_s": -4}]}, ["reach 1", "within_s is -4", "1 to 86400"]),
    ({"reach": [{"kind": "pump", "units": 0}]}, ["reach 1", "units is 0"]),
    ({"reach": [{}]}, ["reach 1", "kind is missing"]),
    ({"reach": []}, ["--capability KIND"]),
    ({"reach": [{"kind": "pump", "within": 600}]},
     ["reach 1: there is no member", '"within"; did you mean "within_s"?']),
    ({"reach": [{"kind": "pump"}], "village": [{"kind": "pump", "minimum_pieces": 2}]},
     ["village 1: there is no member", '"minimum_pieces"; expected kind, at_least, people_per_piece, '
                                       'choice or choice_least']),
    ({"reach": [{"kind": "pump"}], "villages": []},
     ["s.json: there is no member", '"villages"; did you mean "village"?']),
    ({"reach": [{"kind": "pump"}], "site": [{"kind": "pump", "at_least": "two"}]},
     ["site 1", 'at_least is "two"']),
    ({"reach": [{"kind": "pump"}], "per_thousand_people": {"pump": 3}},
     ["per_thousand_people", "a kind of item"])])
def test_a_wrong_standard_is_named_with_its_value(town, tmp_path, document, words):
    file = write_json(tmp_path / "s.json", document)
    command.refuse(3, "readiness", town, "--standard", file, words=words)


@pytest.mark.parametrize("options, words", [
    (["--within", "20"], ["--within", "20min"]),
    (["--places", "towns"], ["--places", "towns", "sites, villages or all"]),
    (["--n-1", "road"], ["--n-1", "road", "roads, bridges, warehouses or units"]),
    (["--close-edge", "x"], ["--close-edge", "x"]),
    (["--units", "0"], ["--units", "0"]),
    (["-o", "a", "--csv", "a"], ["-o and --csv are both"])])
def test_a_wrong_command_line_is_refused(town, options, words):
    command.refuse(2, "readiness", town, *options, words=words)


def test_a_store_without_places_is_refused(town, tmp_path):
    bare = shutil.copy(town, tmp_path / "bare.gpkg")
    with sqlite3.connect(bare) as db:
        db.execute("DELETE FROM at_risk_site")
    db.close()
    command.refuse(3, "readiness", bare, "--places", "sites", words=["at_risk_site", "village"])
    command.refuse(3, "readiness", bare, "--capability", "ambulanc", words=['did you mean "ambulance"'])


def test_a_plan_for_another_scenario_is_refused(town, tmp_path):
    plan = write_json(tmp_path / "p.json", {"scenario": {"code": "quake"}, "assignments": []})
    command.refuse(3, "readiness", town, "--after", plan, words=["quake"])
