"""`muster plan` with everything a scenario can say of command: authorities, deadlines, grades,
shifts, operators, cover, rules and weights. The small scenario says none of it; here it does."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys

import pytest

ROOT = pathlib.Path(os.environ.get("MUSTER_SOURCE", pathlib.Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "tests/support"))
import small_scenario  # noqa: E402

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
DONE, BAD_INPUT = 0, 3


def plan(path, *options):
    result = subprocess.run([COMMAND, "plan", str(path), "-o", "-", *options],
                            capture_output=True, text=True, timeout=300, check=False)
    return result, json.loads(result.stdout) if result.returncode == DONE else None


@pytest.fixture(name="edit")
def fixture_edit(tmp_path):
    path = small_scenario.write(tmp_path / "small.gpkg")

    def edit(sql, *options):
        db = sqlite3.connect(path)
        db.executescript(sql)
        db.close()
        return plan(path, *options)

    return edit


@pytest.fixture(name="trucks")
def fixture_trucks(tmp_path):
    """The same where items come by vehicle."""
    path = small_scenario.give_trucks(small_scenario.write(tmp_path / "trucks.gpkg"))

    def edit(sql, *options):
        db = sqlite3.connect(path)
        db.executescript("DELETE FROM rule;" + sql)
        db.close()
        return plan(path, *options)

    return edit


def rule(number, kind, code, of=None, incident=None, quantity=0, vehicle=None, resource="item"):
    """SQL for one row."""
    values = [f"'{v}'" if v else "NULL" for v in (of, incident)]
    return ("INSERT INTO rule (id, scenario, type, resource, code, kind, incident, quantity, vehicle)"
            f" VALUES ({number}, 'flood', '{kind}', '{resource}', '{code}', {values[0]}, {values[1]}, "
            f"{quantity}, {chr(39) + vehicle + chr(39) if vehicle else 'NULL'});")


def tiers(made):
    return {tier["name"]: tier["value"] for tier in made["tiers"]}


def the_teams(made):
    return [a for a in made["assignments"] if a["resource"] == "people"]


def test_whoever_is_late_is_counted_and_costs_more(edit):
    _, before = edit("")
    result, after = edit("UPDATE incident SET deadline_at = '2026-08-01T16:00:01Z'")
    assert before["late"] == 0
    assert after["late"] == len(after["assignments"])
    assert all(a["late"] for a in after["assignments"])
    assert all(i["deadline_s"] == 1 for i in after["incidents"])
    assert tiers(after)["response_time"] > tiers(before)["response_time"]
    assert "late" in result.stderr
    _, mild = edit("INSERT INTO weight (key, value) VALUES ('lateness_step_s', 0)")
    assert tiers(mild)["response_time"] == tiers(before)["response_time"]


def test_asking_further_up_takes_longer(edit):
    made = """INSERT INTO place (code, name, level, parent_code, geom)
              SELECT 'A', 'A', 'city', NULL, geom FROM node WHERE id = 1;
              INSERT INTO place (code, name, level, parent_code, geom)
              SELECT 'B', 'B', 'town', 'A', geom FROM node WHERE id = 1;
              UPDATE incident SET place = 'B'; UPDATE team SET place = 'B';
              UPDATE machine SET place = 'A', tier = 'city';"""
    _, before = edit(made)
    assert tiers(before)["escalation"] == before["escalated"] * 2 > 0  # the town, the county, the city
    assert {a["escalation"] for a in the_teams(before)} == {2}
    _, after = edit("INSERT INTO weight (key, value) VALUES ('escalation_delay_2_s', 60)")
    first = {a["code"]: a for a in the_teams(before)}
    for a in the_teams(after):
        assert a["depart_s"] == first[a["code"]]["depart_s"] + 60


def test_a_lock_is_obeyed_and_a_hold_keeps_at_home(edit):
    _, made = edit("")
    going = the_teams(made)[0]
    _, held = edit("INSERT INTO rule (id, scenario, type, resource, code) "
                   f"VALUES (1, 'flood', 'hold', 'people', '{going['code']}')")
    assert going["code"] not in [a["code"] for a in the_teams(held)]
    _, locked = edit("UPDATE rule SET type = 'lock', incident = "
                     f"'{going['incident']}', kind = '{going['kind']}'")
    mine = [a for a in the_teams(locked) if a["code"] == going["code"]]
    assert [(a["incident"], a["locked"]) for a in mine] == [(going["incident"], going["quantity"])]


def test_rules_that_contradict_each_other_are_named(edit):
    _, made = edit("")
    going = the_teams(made)[0]
    result, _ = edit("INSERT INTO rule (id, scenario, type, resource, code, incident) VALUES "
                     f"(1, 'flood', 'forbid', 'people', '{going['code']}', '{going['incident']}'),"
                     f"(2, 'flood', 'lock', 'people', '{going['code']}', '{going['incident']}')")
    assert result.returncode == BAD_INPUT
    assert "rules 1 and 0 cannot be obeyed" in result.stderr
    assert going["code"] in result.stderr and "forbidden" in result.stderr


def test_the_commander_may_put_reserve_first(edit):
    made = """INSERT INTO zone (code, kind, radius_s, required, weight, geom)
              SELECT 'Z', kind, 86400, 1000, 1, geom FROM vehicle LIMIT 1;"""
    _, before = edit(made)
    assert [tier["name"] for tier in before["tiers"]][:3] == [
        "unmet_need", "response_time", "reserve"]
    assert tiers(before)["reserve"] > 0
    result, after = edit("INSERT INTO weight (key, value) VALUES ('reserve_before_response', 1)")
    assert [tier["name"] for tier in after["tiers"]][:3] == [
        "unmet_need", "reserve", "response_time"]
    assert tiers(after)["unmet_need"] == tiers(before)["unmet_need"]
    assert tiers(after)["reserve"] <= tiers(before)["reserve"]
    assert result.stderr.index("reserve") < result.stderr.index("response time")


def test_nobody_goes_who_is_not_good_enough_or_off_duty_by_then(edit):
    _, graded = edit("UPDATE team SET grade = 2; UPDATE need SET grade = 1 WHERE kind IN "
                     "(SELECT code FROM kind WHERE resource = 'people')")
    assert the_teams(graded) == []
    assert {u["reason"] for u in graded["unmet"]
            if u["kind"] in {k["kind"] for k in graded["kinds"] if k["resource"] == "people"}} \
        == {"grade"}
    _, tired = edit("UPDATE need SET grade = 0; UPDATE team SET shift_end_s = 1")
    assert the_teams(tired) == []
    assert "shift" in {u["reason"] for u in tired["unmet"]}


def test_machines_go_where_somebody_operates_them(edit):
    result, made = edit("UPDATE kind SET operator_count = 1000, operator_kind = (SELECT code FROM "
                        "kind WHERE resource = 'people' LIMIT 1) WHERE resource = 'machine'")
    assert result.returncode == DONE
    assert [a for a in made["assignments"] if a["resource"] == "machine"] == []
    assert "no_operators" in {u["reason"] for u in made["unmet"]}


def test_an_incident_gets_all_or_nothing_where_it_asks_for_that(edit):
    _, before = edit("")
    partly = [i["incident"] for i in before["incidents"] if i["state"] == "partly"]
    assert partly
    _, after = edit("UPDATE incident SET all_or_nothing = 1; UPDATE need SET minimum = 0")
    states = {i["incident"]: i["state"] for i in after["incidents"]}
    assert "partly" not in states.values()


# ---- items by vehicle -------------------------------------------------------------------------


def the_items(made):
    return [a for a in made["assignments"] if a["resource"] == "item"]


def brought(made, code, incident, kind):
    """How much, and how much of it because of a lock."""
    mine = [a for a in the_items(made)
            if (a["code"], a["incident"], a["kind"]) == (code, incident, kind)]
    return sum(a["quantity"] for a in mine), sum(a["locked"] for a in mine)


def test_stock_that_is_locked_is_brought_and_forbidden_stock_is_not(trucks):
    _, before = trucks("")
    going = the_items(before)[0]
    which = going["code"], going["incident"], going["kind"]
    _, forbidden = trucks(rule(1, "forbid", going["code"], going["kind"], going["incident"]))
    assert brought(forbidden, *which) == (0, 0)
    result, locked = trucks(rule(1, "lock", going["code"], going["kind"], going["incident"], 7))
    assert brought(locked, *which)[1] == 7
    assert locked["checker"] == "ok"
    assert tiers(locked)["unmet_need"] == tiers(before)["unmet_need"]
    _, held = trucks(rule(1, "hold", going["code"], going["kind"]))
    assert going["code"] not in {a["code"] for a in the_items(held) if a["kind"] == going["kind"]}
    assert result.stderr


def test_what_trucks_cannot_bring_is_refused_with_the_rules_that_ask_for_it(trucks):
    _, before = trucks("")
    going = the_items(before)[0]
    result, _ = trucks("UPDATE stock SET quantity = 1000000;" +
                       rule(1, "lock", going["code"], going["kind"], going["incident"]))
    assert result.returncode == BAD_INPUT
    assert "rule 0 cannot be obeyed" in result.stderr
    assert "no vehicles can bring all that is locked" in result.stderr


def test_a_truck_on_its_way_is_diverted_only_for_a_gain(trucks):
    _, before = trucks("")
    ship = before["shipments"][0]
    other = next(i["incident"] for i in before["incidents"] if i["incident"] != ship["incident"])
    _, free = trucks(rule(1, "en_route", ship["vehicle"], None, other, resource="vehicle"))
    assert [s["vehicle"] for s in free["shipments"] if s["diverted"]] in ([], [ship["vehicle"]])
    _, dear = trucks("INSERT INTO weight (key, value) VALUES ('diversion_unmet_need', 1000000000);"
                     + rule(1, "en_route", ship["vehicle"], None, other, resource="vehicle"))
    assert not any(s["diverted"] for s in dear["shipments"])
    assert all(s["incident"] == other for s in dear["shipments"]
               if s["vehicle"] == ship["vehicle"])
    assert dear["diverted"] == 0


def test_what_a_truck_has_on_board_it_brings_at_once(trucks):
    _, before = trucks("")
    going = the_items(before)[0]
    ship = next(s for s in before["shipments"] if s["vehicle"] == going["vehicle"])
    load = (f"INSERT INTO warehouse (code, name, tier, loading_s, profile, geom) SELECT 'L', 'L', "
            f"'city', 0, 'heavy', geom FROM vehicle WHERE code = '{ship['vehicle']}';"
            f"INSERT INTO stock (warehouse, kind, quantity) VALUES ('L', '{going['kind']}', 3);"
            "INSERT INTO weight (key, value) VALUES ('diversion_unmet_need', 1000000000);")
    _, made = trucks(load + rule(1, "en_route", "L", going["kind"], going["incident"],
                                 vehicle=ship["vehicle"]))
    trip = [s for s in made["shipments"] if s["vehicle"] == ship["vehicle"]]
    assert [(s["warehouse"], s["incident"]) for s in trip] == [("L", going["incident"])]
    assert trip[0]["load_at_s"] == trip[0]["depart_s"] < trip[0]["eta_s"] < ship["eta_s"]
    assert brought(made, "L", going["incident"], going["kind"])[0] > 0
    assert not [a for a in the_items(made) if a["code"] == "L" and a["vehicle"] != ship["vehicle"]]
    result, _ = trucks(rule(1, "en_route", "L", going["kind"], going["incident"],
                            vehicle=ship["vehicle"]), "--items", "by-themselves")
    assert result.returncode == BAD_INPUT and "where items come by themselves" in result.stderr
