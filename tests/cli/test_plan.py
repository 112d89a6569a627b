"""`muster plan` judged from outside: the plan against the scenario file, by SQL alone.

Knows the rules of include/muster/plan.h and none of the algorithms. Needs MUSTER_COMMAND;
MUSTER_SCENARIO is the file to plan, a small one of our own if unset.
"""

import json
import math
import os
import pathlib
import re
import sqlite3
import struct
import subprocess
import sys
from collections import Counter, defaultdict

import pytest

ROOT = pathlib.Path(os.environ.get("MUSTER_SOURCE", pathlib.Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "tests/support"))
import small_scenario  # noqa: E402

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
WEIGHT = {"minor": 1, "moderate": 2, "severe": 4, "extreme": 8}
DONE, USAGE, BAD_INPUT, ENVIRONMENT = 0, 2, 3, 4


def muster(*arguments):
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, check=False)


def rows(db, sql, *values):
    db.row_factory = sqlite3.Row
    return db.execute(sql, values).fetchall()


def site(geom):
    return struct.unpack_from("<dd", geom, len(geom) - 16)


class Run:
    """One run of the command, with all its outputs, and the scenario it planned."""

    def __init__(self, scenario, folder, *options):
        self.scenario = scenario
        self.db = sqlite3.connect(scenario)
        self.paths = {name: folder / name for name in ("plan.json", "plan.geojson")}
        self.result = muster("plan", scenario, "-o", self.paths["plan.json"],
                             "--geojson", self.paths["plan.geojson"], *options)
        assert self.result.returncode == DONE, self.result.stderr
        self.plan = json.loads(self.paths["plan.json"].read_text(encoding="utf-8"))
        self.geojson = json.loads(self.paths["plan.geojson"].read_text(encoding="utf-8"))
        code = self.plan["scenario"]["code"]
        self.incidents = {r["code"]: r for r in rows(
            self.db, "SELECT * FROM incident WHERE scenario = ?", code)}
        self.needs = {(r["incident"], r["kind"]): r for r in rows(
            self.db, "SELECT * FROM need WHERE scenario = ?", code)}
        self.kinds = {r["code"]: r for r in rows(self.db, "SELECT * FROM kind")}

    def units(self, resource):
        """Code -> turnout, profile, site of what may be sent."""
        table, turnout = {"people": ("team", "turnout_s"), "vehicle": ("vehicle", "turnout_s"),
                          "machine": ("machine", "turnout_s"),
                          "item": ("warehouse", "loading_s")}[resource]
        available = "WHERE available = 1" if table in ("team", "vehicle") else ""
        return {r["code"]: r for r in rows(
            self.db, f"SELECT *, {turnout} AS turnout FROM {table} {available}")}

    def price(self, need):
        """What one missing unit of a need costs in tier 1."""
        weight = WEIGHT[self.incidents[need["incident"]]["severity"]]
        return max(1, weight * 1_000_000 // need["quantity"])

    def route(self, one, other, profile):
        """What `muster route` says of the way from one row to another."""
        start, end = ("{!r},{!r}".format(*site(r["geom"])) for r in (one, other))
        result = muster("route", self.scenario, "--from", start, "--to", end,
                        "--profile", profile, "--json")
        return json.loads(result.stdout)

    def assignments(self, resource):
        return [a for a in self.plan["assignments"] if a["resource"] == resource]


@pytest.fixture(scope="module", name="run",
                params=["optimize", "greedy", "shipments", "greedy shipments"])
def fixture_run(request, tmp_path_factory):
    method, is_shipped = request.param.split()[0], "shipments" in request.param
    folder = tmp_path_factory.mktemp(method)
    given = os.environ.get("MUSTER_SCENARIO")
    scenario = pathlib.Path(given) if given else small_scenario.write(folder / "small.gpkg")
    if is_shipped and not given:
        small_scenario.give_trucks(scenario)
    return Run(scenario, folder, "--method", "greedy" if method == "greedy" else "optimize",
               "--time-limit", "2s", "--items", "by-vehicle" if is_shipped else "by-themselves")


@pytest.fixture(name="small")
def fixture_small(tmp_path):
    return small_scenario.write(tmp_path / "small.gpkg")


# ---- the plan obeys the rules ---------------------------------------------------------------


def test_every_assignment_is_of_a_need_and_of_its_kind(run):
    for a in run.plan["assignments"]:
        assert (a["incident"], a["kind"]) in run.needs
        assert run.kinds[a["kind"]]["resource"] == a["resource"]
        assert a["code"] in run.units(a["resource"]), a
        assert a["quantity"] >= 1


def test_no_team_and_no_vehicle_goes_twice(run):
    for resource in ("people", "vehicle"):
        sent = Counter(a["code"] for a in run.assignments(resource))
        if resource == "vehicle":
            sent.update(ship["vehicle"] for ship in run.plan["shipments"])
        assert [code for code, count in sent.items() if count > 1] == []


def test_teams_go_whole_and_can_do_what_they_go_for(run):
    teams = run.units("people")
    can = {(r["team"], r["kind"]) for r in rows(run.db, "SELECT * FROM team_capability")}
    for a in run.assignments("people"):
        assert a["quantity"] == teams[a["code"]]["people"]
        assert (a["code"], a["kind"]) in can


def test_vehicles_and_machines_are_of_the_kind_and_no_pool_is_overdrawn(run):
    vehicles, machines = run.units("vehicle"), run.units("machine")
    for a in run.assignments("vehicle"):
        assert (a["quantity"], vehicles[a["code"]]["kind"]) == (1, a["kind"])
    used = Counter()
    for a in run.assignments("machine"):
        assert machines[a["code"]]["kind"] == a["kind"]
        used[a["code"]] += a["quantity"]
    assert all(count <= machines[code]["count"] for code, count in used.items())


def test_no_stock_is_overdrawn(run):
    stock = {(r["warehouse"], r["kind"]): r["quantity"]
             for r in rows(run.db, "SELECT * FROM stock")}
    used = Counter()
    for a in run.assignments("item"):
        used[a["code"], a["kind"]] += a["quantity"]
    assert all(quantity <= stock[key] for key, quantity in used.items())


def test_sent_and_missing_add_up_to_every_need(run):
    sent = Counter()
    for a in run.plan["assignments"]:
        sent[a["incident"], a["kind"]] += a["quantity"]
    unmet = {(u["incident"], u["kind"]): u["quantity"] for u in run.plan["unmet"]}
    assert len(unmet) == len(run.plan["unmet"])
    listed = {(n["incident"], n["kind"]): n for n in run.plan["needs"]}
    assert listed.keys() == run.needs.keys()
    for key, need in run.needs.items():
        missing = max(0, need["quantity"] - sent[key])
        assert unmet.get(key, 0) == missing, key
        assert (listed[key]["sent"], listed[key]["missing"]) == (sent[key], missing)
        assert sent[key] == 0 or sent[key] >= need["minimum"], key


def test_nothing_is_sent_in_vain(run):
    """Teams go whole, so people may be too many, but nobody comes to a need already met."""
    left = {key: need["quantity"] for key, need in run.needs.items()}
    for a in run.plan["assignments"]:  # in order of arrival within a need
        key = a["incident"], a["kind"]
        assert left[key] > 0, a
        left[key] -= a["quantity"]
        assert left[key] >= 0 or a["resource"] == "people", a


def test_help_departs_after_turnout_and_arrives_after_the_road(run):
    """The road is the one `muster route` finds; of a large plan, some of them."""
    going = [a for a in run.plan["assignments"] if a["vehicle"] is None]
    for a in going:
        assert a["depart_s"] == pytest.approx(run.units(a["resource"])[a["code"]]["turnout"])
    for a in going[::max(1, len(going) // 20)]:
        unit = run.units(a["resource"])[a["code"]]
        route = run.route(unit, run.incidents[a["incident"]], unit["profile"])
        assert a["eta_s"] == pytest.approx(a["depart_s"] + route["duration_s"], abs=0.0015)
        assert a["distance_m"] == pytest.approx(route["distance_m"], abs=0.11)


def test_shipments_go_by_a_warehouse_and_load_there(run):
    vehicles, warehouses = run.units("vehicle"), run.units("item")
    shipments = run.plan["shipments"]
    for ship in shipments[::max(1, len(shipments) // 10)]:
        vehicle, warehouse = vehicles[ship["vehicle"]], warehouses[ship["warehouse"]]
        to = run.route(vehicle, warehouse, vehicle["profile"])
        on = run.route(warehouse, run.incidents[ship["incident"]], vehicle["profile"])
        assert ship["depart_s"] == pytest.approx(vehicle["turnout"])
        assert ship["load_at_s"] == pytest.approx(ship["depart_s"] + to["duration_s"], abs=0.0015)
        eta_s = ship["load_at_s"] + warehouse["turnout"] + on["duration_s"]
        assert ship["eta_s"] == pytest.approx(eta_s, abs=0.0025)
        metres = to["distance_m"] + on["distance_m"]
        assert ship["distance_m"] == pytest.approx(metres, abs=0.21)


def test_items_that_come_by_vehicle_are_its_load_and_fit(run):
    vehicles, loads = run.units("vehicle"), defaultdict(Counter)
    is_shipped = len(run.plan["shipments"]) > 0
    for a in run.plan["assignments"]:
        assert (a["vehicle"] is not None) == (is_shipped and a["resource"] == "item")
        if a["vehicle"]:
            loads[a["vehicle"]][a["code"], a["incident"], a["kind"]] += a["quantity"]
            ship = next(s for s in run.plan["shipments"] if s["vehicle"] == a["vehicle"])
            assert all(a[field] == ship[field] for field in ("depart_s", "eta_s", "distance_m"))
    sources = defaultdict(set)
    for ship in run.plan["shipments"]:
        vehicle, load = vehicles[ship["vehicle"]], loads.pop(ship["vehicle"])
        assert load == {(ship["warehouse"], ship["incident"], item["kind"]): item["quantity"]
                        for item in ship["load"]}
        kg = sum(q * (run.kinds[kind]["mass_kg"] or 0) for (_, _, kind), q in load.items())
        m3 = sum(q * (run.kinds[kind]["volume_m3"] or 0) for (_, _, kind), q in load.items())
        assert ship["load_kg"] == pytest.approx(kg, rel=1e-9)
        assert ship["load_m3"] == pytest.approx(m3, rel=1e-9)
        assert kg <= vehicle["payload_kg"] + 1e-6 and m3 <= vehicle["volume_m3"] + 1e-9
        sources[ship["incident"]].add(ship["warehouse"])
    assert not loads
    assert all(len(warehouses) <= 3 for warehouses in sources.values())


def test_tiers_are_what_the_header_says_they_are(run):
    unmet = sum(run.price(run.needs[u["incident"], u["kind"]]) * u["quantity"]
                for u in run.plan["unmet"])
    response, left = 0, {key: need["quantity"] for key, need in run.needs.items()}
    for a in run.plan["assignments"]:  # in order of ETA within a need: surplus people come last
        key = a["incident"], a["kind"]
        served = min(a["quantity"], left[key])
        left[key] -= served
        response += run.price(run.needs[key]) * served * int(a["eta_s"])
    tiers = run.plan["tiers"]
    assert [tier["tier"] for tier in tiers] == [1, 2, 3, 4, 5]
    assert {tier["name"]: tier["value"] for tier in tiers} == {
        "unmet_need": unmet, "response_time": response, "reserve": 0, "escalation": 0, "duty": 0}
    for tier in tiers:
        assert tier["bound"] <= tier["value"]
        if tier["bound"] == 0 < tier["value"]:
            assert tier["gap"] is None
        elif tier["value"] > 0:
            assert tier["gap"] == pytest.approx(1 - tier["bound"] / tier["value"], abs=1e-9)
    is_proven = all(tier["value"] == tier["bound"] for tier in tiers)
    assert is_proven or run.plan["outcome"] == "feasible"
    assert run.plan["checker"] == "ok" and run.plan["work"] >= 0


def test_what_is_free_and_what_goes_is_what_there_is(run):
    free, going = run.plan["free"], run.plan["assignments"]
    people = sum(r["people"] for r in run.units("people").values())
    assert free["teams"] == len(run.units("people")) - len(run.assignments("people"))
    assert free["people"] == people - sum(a["quantity"] for a in run.assignments("people"))
    used = len(run.assignments("vehicle")) + len(run.plan["shipments"])
    assert free["vehicles"] == len(run.units("vehicle")) - used
    for word, sql, resource in [("machines", "SELECT sum(count) FROM machine", "machine"),
                                ("items", "SELECT sum(quantity) FROM stock", "item")]:
        used = sum(a["quantity"] for a in going if a["resource"] == resource)
        assert free[word] == (run.db.execute(sql).fetchone()[0] or 0) - used


def test_incidents_have_the_state_their_needs_give_them(run):
    needs = defaultdict(list)
    for need in run.plan["needs"]:
        needs[need["incident"]].append(need)
    for incident in run.plan["incidents"]:
        mine = needs[incident["incident"]]
        if all(n["missing"] == 0 for n in mine):
            expected = "met"
        else:
            expected = "unmet" if all(n["missing"] == n["quantity"] for n in mine) else "partly"
        assert incident["state"] == expected


# ---- the other outputs ----------------------------------------------------------------------


def test_geojson_has_a_point_an_incident_and_a_road_an_assignment(run):
    features = run.geojson["features"]
    points = [f for f in features if f["geometry"] and f["geometry"]["type"] == "Point"]
    others = [f for f in features if f not in points]
    assert {f["properties"]["incident"] for f in points} == run.incidents.keys()
    for f in points:
        lon, lat = site(run.incidents[f["properties"]["incident"]]["geom"])
        assert f["geometry"]["coordinates"] == pytest.approx([lon, lat], abs=1e-6)
    assert [f["properties"] for f in others] == run.plan["assignments"] + run.plan["shipments"]
    length = {}  # of a vehicle's legs: items of one shipment share the second
    for f in others:
        line, properties = f["geometry"]["coordinates"], f["properties"]
        metres = sum(map(small_scenario.geodesic_m, line, line[1:]))
        assert all(round(c, 6) == c for point in line for c in point)
        if properties.get("vehicle") and "load" not in properties:
            length[properties["vehicle"]] = metres
            continue
        metres += length.pop(properties["vehicle"], 0) if "load" in properties else 0
        assert math.isclose(metres, properties["distance_m"], rel_tol=0.01, abs_tol=5)
    assert not length


def wide_lines(text):
    return [line for line in text.splitlines()
            if sum(2 if c >= "\u2e80" else 1 for c in line) > 80]


def test_summary_fits_eighty_columns_and_names_the_essentials(run):
    text = run.result.stdout
    assert wide_lines(text) == []
    assert text.startswith(run.plan["scenario"]["name"][:20])
    for word in ("Incidents", "Needs", "Arrivals", "Still free", "unmet need", "response time"):
        assert word in text
    assert "\x1b" not in text and "<script>" not in text


def test_summary_of_much_fits_eighty_columns_as_well(small):
    db = sqlite3.connect(small)
    db.executescript("""UPDATE team SET people = 99999999;
        UPDATE machine SET count = 999999999; UPDATE stock SET quantity = 999999999""")
    db.close()
    text = muster("plan", small).stdout
    assert "1,999,999,9" in text and wide_lines(text) == []


def test_summary_in_chinese_has_the_same_numbers_and_no_english(small):
    """But for the names of the scenario, and how long it took, which is never the same."""
    numbers = []
    for lang in ([], ["--lang", "zh"]):
        lines = muster("plan", small, "--compare", "greedy", *lang).stdout.splitlines()[1:]
        kept = [line for line in lines if not line.startswith(("  time ", "  用时 "))]
        assert len(kept) == len(lines) - 1
        numbers.append(re.findall(r"\d[\d,.]*", "\n".join(kept).replace("m3", "")))
    text = muster("plan", small, "--compare", "greedy", "--lang", "zh").stdout
    assert wide_lines(text) == []
    assert not re.search("[A-Za-z]", text.split("\n", 1)[1]), text
    for word in ("事件", "特别严重", "人员", "缺少", "未满足需求", "响应时间", "就近派遣", "已证明最优", "编织袋"):
        assert word in text
    assert sorted(numbers[0]) == sorted(numbers[1]) and len(numbers[0]) > 60


def test_summary_of_the_home_scenario_fits_eighty_columns_as_well():
    """Where no tier is proven, its lines are the longest."""
    if "MUSTER_JIAXING" not in os.environ:
        pytest.skip("no home scenario: MUSTER_JIAXING is not set")
    text = muster("plan", os.environ["MUSTER_JIAXING"], "--time-limit", "2s").stdout
    assert "Quality" in text and wide_lines(text) == []


def test_a_scenario_without_incidents_has_an_empty_plan(small, tmp_path):
    db = sqlite3.connect(small)
    db.executescript("DELETE FROM need; DELETE FROM incident")
    db.close()
    result = muster("plan", small, "-o", tmp_path / "plan.json")
    assert result.returncode == DONE, result.stderr
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert (plan["assignments"], plan["unmet"], plan["outcome"]) == ([], [], "optimal")


def test_a_plan_on_standard_output_is_nothing_but_the_plan(small):
    result = muster("plan", small, "-o", "-")
    assert result.returncode == DONE
    assert json.loads(result.stdout)["scenario"]["code"] == "flood"
    assert "Incidents" in result.stderr


# ---- places that no road is near are no error, but said ----------------------------------------


def warnings(scenario):
    result = muster("plan", scenario)
    assert result.returncode == DONE and "Incidents" in result.stdout
    return result.stderr.splitlines()


def move(scenario, table, codes, lon, lat):
    db = sqlite3.connect(scenario)
    db.executemany(f"UPDATE {table} SET geom = ? WHERE code = ?",
                   [(small_scenario.point_blob(lon, lat), code) for code in codes])
    db.commit()
    db.close()


def test_places_in_the_sea_are_said_table_by_table(small):
    assert warnings(small) == []
    for table, codes in (("team", ["T2", "T3"]), ("warehouse", ["W1"]), ("incident", ["I4"])):
        move(small, table, codes, 123.5, 30.5)
    for line, words in zip(warnings(small), (
            ["table team", "2 of 6", "'T2' at 123.500000,30.500000", "5 km", "sent from there"],
            ["table warehouse", "1 of 2", "'W1'", "sent from there"],
            ["table incident", "1 of 5", "'I4'", "sent there"]), strict=True):
        assert all(word in line for word in [str(small), *words]), line
        assert "swapped" not in line


def test_a_place_that_would_be_near_a_road_the_other_way_round_is_asked_about(tmp_path, monkeypatch):
    """Near Malta, for the latitudes of Jiaxing's longitudes are off the globe."""
    monkeypatch.setattr(small_scenario, "LON", 14.5)
    monkeypatch.setattr(small_scenario, "LAT", 35.9)
    scenario = small_scenario.write(tmp_path / "malta.gpkg")
    move(scenario, "vehicle", ["V1"], 35.9, 14.5)
    line, = warnings(scenario)
    assert "'V1'" in line and line.endswith("are longitude and latitude swapped?")


# ---- what is wrong is said in one line, and nothing is left behind ----------------------------

BAD_SQL = {
    "negative quantity": "UPDATE need SET quantity = -2 WHERE id = 1",
    "negative stock": "UPDATE stock SET quantity = -1 WHERE id = 1",
    "negative count": "UPDATE machine SET count = -1 WHERE fid = 1",
    "minimum beyond the quantity": "UPDATE need SET minimum = quantity + 1 WHERE id = 1",
    "incident without a need": "DELETE FROM need WHERE incident = 'I5'",
    "need of an unknown kind": "UPDATE need SET kind = 'dragon' WHERE id = 1",
    "need of an unknown incident": "UPDATE need SET incident = 'I99' WHERE id = 1",
    "severity out of the list": "UPDATE incident SET severity = 'awful' WHERE fid = 1",
    "team of no people": "UPDATE team SET people = 0 WHERE fid = 1",
    "unknown profile": "UPDATE team SET profile = 'hovercraft' WHERE fid = 1",
    "negative turnout": "UPDATE team SET turnout_s = -5 WHERE fid = 1",
    "text for a number": "UPDATE team SET people = 'many' WHERE fid = 1",
    "place off the globe": "UPDATE incident SET geom = zeroblob(29) WHERE fid = 1",
    "empty inventory": "DELETE FROM team; DELETE FROM team_capability; DELETE FROM vehicle;"
                       "DELETE FROM machine; DELETE FROM stock; DELETE FROM warehouse",
    "no scenario": "DELETE FROM scenario",
}


def assert_refused(result, code, folder, before):
    assert result.returncode == code, result
    assert result.stdout == ""
    assert result.stderr.startswith("muster: ") and result.stderr.count("\n") == 1, result.stderr
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("what", BAD_SQL)
def test_bad_input_is_refused_in_one_line(what, small, tmp_path):
    db = sqlite3.connect(small)
    db.executescript(f"PRAGMA ignore_check_constraints = 1; {BAD_SQL[what]}")
    db.close()
    before = sorted(tmp_path.iterdir())
    result = muster("plan", small, "-o", tmp_path / "plan.json",
                    "--geojson", tmp_path / "plan.geojson", "--report", tmp_path / "report.html")
    assert_refused(result, BAD_INPUT, tmp_path, before)


@pytest.mark.parametrize("code, options", [
    (BAD_INPUT, ["--scenario", "drought"]),
    (USAGE, ["--time-limit", "2"]),
    (USAGE, ["--time-limit", "2 s"]),
    (USAGE, ["--time-limit", "-1s"]),
    (USAGE, ["--time-limit", "nans"]),
    (USAGE, ["--time-limit", "0s"]),
    (USAGE, ["--work-limit", "0"]),
    (USAGE, ["--work-limit", "2e6"]),
    (USAGE, ["--threads", "0"]),
    (USAGE, ["--threads", "two"]),
    (USAGE, ["--method", "luck"]),
    (USAGE, ["--lang", "fr"]),
    (USAGE, ["--colour"]),
    (USAGE, ["second.gpkg"]),
    (USAGE, ["-o", "-", "--report", "-"]),
    (ENVIRONMENT, ["-o", "no/such/folder/plan.json"]),
    (ENVIRONMENT, ["--report", "no/such/folder/report.html"]),
])
def test_a_wrong_command_line_is_refused_in_one_line(code, options, small, tmp_path):
    before = sorted(tmp_path.iterdir())
    result = muster("plan", small, "--geojson", tmp_path / "plan.geojson", *options)
    assert_refused(result, code, tmp_path, before)


def test_a_missing_or_foreign_file_is_refused(tmp_path):
    (tmp_path / "text.gpkg").write_text("not a database\n" * 99)
    before = sorted(tmp_path.iterdir())
    for name, code in (("absent.gpkg", ENVIRONMENT), ("text.gpkg", BAD_INPUT)):
        result = muster("plan", tmp_path / name, "-o", tmp_path / "plan.json")
        assert_refused(result, code, tmp_path, before)


def test_damage_is_said_in_whole_characters(small, tmp_path):
    """SQLite quotes what it finds in a damaged schema, whatever the bytes."""
    small.write_bytes(small.read_bytes().replace(b"CREATE TABLE team (",
                                                 b"CR\xc9ATE TABLE team (", 1))
    before = sorted(tmp_path.iterdir())
    result = subprocess.run([COMMAND, "plan", small, "-o", tmp_path / "plan.json"],
                            capture_output=True, encoding="utf-8", check=False)
    assert_refused(result, BAD_INPUT, tmp_path, before)
    assert "malformed" in result.stderr and "CR?ATE" in result.stderr


def test_a_full_disk_leaves_no_output(small, tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    before = sorted(tmp_path.iterdir())
    result = muster("plan", small, "-o", tmp_path / "plan.json", "--report", "/dev/full")
    assert_refused(result, ENVIRONMENT, tmp_path, before)


def test_a_folder_in_the_place_of_an_output_leaves_no_output(small, tmp_path):
    (tmp_path / "report.html").mkdir()
    before = sorted(tmp_path.iterdir())
    result = muster("plan", small, "-o", tmp_path / "plan.json",
                    "--report", tmp_path / "report.html")
    assert_refused(result, ENVIRONMENT, tmp_path, before)


@pytest.mark.parametrize("text, limit_ms", [("500ms", 500), ("1s", 1000), ("0.02m", 1200)])
def test_time_limits_are_kept(text, limit_ms, small, tmp_path):
    result = muster("plan", small, "--time-limit", text, "-o", tmp_path / "plan.json")
    assert result.returncode == DONE
    assert json.loads((tmp_path / "plan.json").read_text())["elapsed_ms"] <= limit_ms + 500


def test_a_limit_of_work_is_kept(small, tmp_path):
    work = {}
    for limit in (1, 300000, None):
        options = ["--work-limit", limit] if limit else []
        assert muster("plan", small, *options, "-o", tmp_path / "plan.json").returncode == DONE
        work[limit] = json.loads((tmp_path / "plan.json").read_text())["work"]
    assert work[1] <= work[300000] <= work[None] and work[1] < work[None]


def test_the_same_scenario_gives_the_same_plan(small, tmp_path):
    plans = []
    for threads in (1, 2):
        muster("plan", small, "--threads", threads, "-o", tmp_path / "plan.json")
        plan = json.loads((tmp_path / "plan.json").read_text())
        plans.append({k: v for k, v in plan.items() if not k.endswith("_ms")})
    assert plans[0] == plans[1]
