"""`muster explain`, and `muster plan --compare`, judged from outside: sums by SQL alone."""

import copy
import json
import os
import sqlite3
import unicodedata

import muster_command as command
import pytest
import small_scenario

TABLE = {"people": ("team", "people"), "vehicle": ("vehicle", "1"), "machine": ("machine", "count")}


@pytest.fixture(scope="module", name="small")
def fixture_small(tmp_path_factory):
    return small_scenario.write(tmp_path_factory.mktemp("explain") / "small.gpkg")


@pytest.fixture(scope="module", name="plan")
def fixture_plan(small):
    path = small.with_name("plan.json")
    command.succeed("plan", small, "-o", path)
    return path


def explain(scenario, incident, *options):
    return json.loads(command.succeed("explain", scenario, "--incident", incident, "--json",
                                      *options))


def supply(db, kind, resource, code):
    if resource == "item":
        return db.execute("SELECT quantity FROM stock WHERE warehouse = ? AND kind = ?",
                          (code, kind)).fetchone()[0]
    table, column = TABLE[resource]
    return db.execute(f"SELECT {column} FROM {table} WHERE code = ?", (code,)).fetchone()[0]


def able(db, resource, kinds):
    """All that could serve one of the kinds at all, wherever they are."""
    marks = ",".join("?" * len(kinds))
    sql = {"people": "SELECT t.code FROM team t JOIN team_capability c ON c.team = t.code "
                     f"WHERE t.available = 1 AND c.kind IN ({marks})",
           "vehicle": f"SELECT code FROM vehicle WHERE available = 1 AND kind IN ({marks})",
           "machine": f"SELECT code FROM machine WHERE count > 0 AND kind IN ({marks})",
           "item": f"SELECT warehouse FROM stock WHERE quantity > 0 AND kind IN ({marks})"}[resource]
    return {row[0] for row in db.execute(sql, list(kinds))}


def check_unmet(db, code, incident, need):
    """A proof is a sum of what there is and a sum of what is asked for."""
    unmet = need["unmet"]
    if unmet["proof"] == "none":
        return
    asked = [db.execute("SELECT quantity FROM need WHERE scenario = ? AND incident = ? AND kind = ?",
                        (code, one["incident"], one["kind"])).fetchone()[0]
             for one in unmet["needs"]]
    kinds = {one["kind"] for one in unmet["needs"]}
    kind = need["kind"]
    assert {"incident": incident, "kind": kind} in unmet["needs"]
    assert unmet["demand"] == sum(asked)
    assert unmet["supply"] == sum(supply(db, kind, need["resource"], unit)
                                  for unit in unmet["units"])
    assert set(unmet["units"]) == able(db, need["resource"], kinds)  # all roads are open
    if unmet["proof"] == "supply":
        assert unmet["supply"] < unmet["demand"]
        assert f"{unmet['demand']} are asked for there" in unmet["text"]


def check_incident(path, plan, incident, answer):
    code, db = plan["scenario"]["code"], sqlite3.connect(path)
    missing = {u["kind"]: u for u in plan["unmet"] if u["incident"] == incident}
    assert answer["scenario"] == code and answer["incident"] == incident
    for need in answer["needs"]:
        going = [a for a in plan["assignments"]
                 if a["incident"] == incident and a["kind"] == need["kind"]]
        assert [a["code"] for a in need["assignments"]] == [a["code"] for a in going]
        assert [a["eta_s"] for a in need["assignments"]] == [a["eta_s"] for a in going]
        assert (need["unmet"] is not None) == (need["kind"] in missing)
        assert need["told"] == (need["unmet"] and {name: missing[need["kind"]][name] for name in ("quantity", "reason")})
        if need["unmet"]:
            assert need["unmet"]["quantity"] == missing[need["kind"]]["quantity"]
            assert need["unmet"]["reason"] == missing[need["kind"]]["reason"]
            check_unmet(db, code, incident, need)
        if need["nearest"]["verdict"] == "elsewhere":
            other = need["nearest"]["exchange"]["from"] if need["nearest"]["exchange"] else None
            assert other is None or any(
                a["code"] == need["nearest"]["code"] and a["incident"] == other["incident"]
                and a["kind"] == other["kind"] for a in plan["assignments"])


@pytest.mark.parametrize("incident", ["I1", "I2", "I3", "I4", "I5"])
def test_what_is_explained_is_the_plan_of_the_file(small, plan, incident):
    answer = explain(small, incident, "--plan", plan)
    check_incident(small, json.loads(plan.read_text()), incident, answer)
    assert explain(small, incident)["needs"] == answer["needs"]  # planned anew: it is the best


@pytest.mark.skipif("MUSTER_JIAXING" not in os.environ, reason="MUSTER_JIAXING is not set")
def test_every_shortage_of_the_home_scenario_is_explained(tmp_path):
    scenario = os.environ["MUSTER_JIAXING"]
    command.succeed("plan", scenario, "-o", tmp_path / "plan.json", "--time-limit", "1s")
    plan = json.loads((tmp_path / "plan.json").read_text())
    incidents = sorted({unmet["incident"] for unmet in plan["unmet"]})
    assert incidents
    for incident in incidents[:8]:
        check_incident(scenario, plan, incident,
                       explain(scenario, incident, "--plan", tmp_path / "plan.json"))


def test_a_greedy_plan_is_told_what_would_have_been_better(small, tmp_path):
    command.succeed("plan", small, "--method", "greedy", "-o", tmp_path / "greedy.json")
    plan = json.loads((tmp_path / "greedy.json").read_text())
    for incident in small_scenario.INCIDENTS:
        check_incident(small, plan, incident[0],
                       explain(small, incident[0], "--plan", tmp_path / "greedy.json"))


def test_a_plan_with_shipments_is_explained(small, tmp_path):
    path = tmp_path / "trucks.gpkg"
    path.write_bytes(small.read_bytes())
    small_scenario.give_trucks(path)
    for items in ("by-vehicle", "by-themselves"):
        command.succeed("plan", path, "--items", items, "-o", tmp_path / "plan.json")
        plan = json.loads((tmp_path / "plan.json").read_text())
        for incident in ("I1", "I4", "I5"):
            answer = explain(path, incident, "--plan", tmp_path / "plan.json")
            for need in answer["needs"]:
                going = [a for a in plan["assignments"]
                         if a["incident"] == incident and a["kind"] == need["kind"]]
                assert [a["eta_s"] for a in need["assignments"]] == [a["eta_s"] for a in going]
                is_shipped = need["resource"] == "item" and items == "by-vehicle"
                assert (need["nearest"]["verdict"] == "shipped") == is_shipped
                if need["unmet"]:
                    assert need["unmet"]["reason"] in [
                        unmet["reason"] for unmet in plan["unmet"]
                        if (unmet["incident"], unmet["kind"]) == (incident, need["kind"])]
    document = json.loads((tmp_path / "plan.json").read_text())
    next(a for a in document["assignments"] if a["resource"] == "item")["vehicle"] = "V99"
    (tmp_path / "plan.json").write_text(json.dumps(document))
    command.refuse(3, "explain", path, "--incident", "I1", "--plan", tmp_path / "plan.json",
                   words=["vehicle"])


def test_a_reason_that_only_the_plan_knows_is_taken_from_it(small, tmp_path):
    path, plan = tmp_path / "all.gpkg", tmp_path / "plan.json"
    path.write_bytes(small.read_bytes())
    with sqlite3.connect(path) as db:
        db.execute("UPDATE incident SET all_or_nothing = 1 WHERE code = 'I4'")
    db.close()
    command.succeed("plan", path, "-o", plan)
    document = json.loads(plan.read_text())
    reasons = {u["kind"]: u["reason"] for u in document["unmet"] if u["incident"] == "I4"}
    assert "incomplete" in reasons.values()
    for options in (["--plan", plan], []):
        needs = explain(path, "I4", *options)["needs"]
        assert {need["kind"]: need["unmet"]["reason"] for need in needs if need["unmet"]} == reasons
        text = command.succeed("explain", path, "--incident", "I4", *options)
        assert "lacks 2 of 2 \"bus\": all that is needed" in " ".join(text.split()) and "differs:" not in text
    del document["unmet"]  # somebody else's plan may not say why
    plan.write_text(json.dumps(document))
    needs = explain(path, "I4", "--plan", plan)["needs"]
    assert {need["unmet"]["reason"] for need in needs if need["unmet"]} == {None}
    assert all(need["told"] is None for need in needs)
    assert "differs:" not in command.succeed("explain", path, "--incident", "I4", "--plan", plan)


@pytest.mark.parametrize("change, english, chinese", [
    ({"reason": "no_vehicle"}, "differs: the plan says 700 missing, no vehicle free", "不符：派遣计划中缺 700，没有空闲车辆"),
    ({"quantity": 3}, "differs: the plan says 3 missing, all in use", "不符：派遣计划中缺 3，已全部派出"),
    (None, "differs: the plan says nothing missing", "不符：派遣计划中不缺"),
])
def test_where_the_plan_says_otherwise_that_is_said(small, plan, tmp_path, change, english, chinese):
    document, path = json.loads(plan.read_text()), tmp_path / "other.json"
    assert "differs:" not in command.succeed("explain", small, "--incident", "I5", "--plan", plan)
    row = next(u for u in document["unmet"] if (u["incident"], u["kind"]) == ("I5", "sandbag"))
    if change:
        row.update(change)
    else:
        document["unmet"].remove(row)
    path.write_text(json.dumps(document))
    text = command.succeed("explain", small, "--incident", "I5", "--plan", path)
    assert f"    {english}\n" in text and text.count("differs:") == 1
    assert f"    {chinese}\n" in command.succeed("explain", small, "--incident", "I5", "--plan", path, "--lang", "zh")
    need = next(n for n in explain(small, "I5", "--plan", path)["needs"] if n["kind"] == "sandbag")
    assert (need["unmet"]["quantity"], need["unmet"]["reason"]) == (700, "exhausted")
    assert need["told"] == (change and {"quantity": row["quantity"], "reason": row["reason"]})


def test_who_is_left_idle_for_the_sake_of_a_kept_plan_is_no_difference(small, tmp_path):
    """T3, who is nearer, would leave T6 without work, whom the plan keeps: the plan calls that a diversion."""
    was, now, plan = tmp_path / "was.gpkg", tmp_path / "now.gpkg", tmp_path / "plan.json"
    for path, changes in ((was, ["UPDATE team SET available = 0 WHERE code <> 'T6'"]),
                          (now, ["UPDATE team SET available = 0 WHERE code NOT IN ('T3', 'T6')",
                                 "UPDATE team SET people = 9 WHERE code = 'T3'",
                                 "UPDATE need SET quantity = 9 WHERE incident = 'I2' AND kind = 'medical'"])):
        path.write_bytes(small.read_bytes())
        with sqlite3.connect(path) as db:
            db.execute("DELETE FROM need WHERE incident <> 'I2' OR kind <> 'medical'")
            db.execute("DELETE FROM incident WHERE code <> 'I2'")
            for change in changes:
                assert db.execute(change).rowcount > 0
        db.close()
    command.succeed("plan", was, "-o", plan)
    command.succeed("plan", now, "--after", plan, "--was", was, "--keep", "-o", plan)
    [unmet] = json.loads(plan.read_text())["unmet"]
    assert (unmet["quantity"], unmet["reason"]) == (1, "diversion")
    [need] = explain(now, "I2", "--plan", plan)["needs"]
    assert need["told"]["reason"] == "diversion" and need["nearest"]["verdict"] == "idle"
    text = command.succeed("explain", now, "--incident", "I2", "--plan", plan)
    assert "some that could come are idle, T3 first." in text and "differs:" not in text


def test_the_text_fits_a_terminal_and_says_what_the_json_says(small, plan):
    text = command.succeed("explain", small, "--incident", "I4", "--plan", plan)
    answer = explain(small, "I4", "--plan", plan)
    assert all(len(line) <= 80 for line in text.splitlines())
    said = " ".join(text.split())
    for need in answer["needs"]:
        for part in ("unmet", "nearest", "help"):
            assert not need[part] or " ".join(need[part]["text"].split()) in said
    assert "I4  Shelter  (moderate)" in text


def width_of(line):
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


def test_in_chinese_it_is_the_same_with_names_and_fits_a_terminal(small, plan):
    text = command.succeed("explain", small, "--incident", "I5", "--plan", plan, "--lang", "zh")
    answer = explain(small, "I5", "--plan", plan, "--lang", "zh")
    english = explain(small, "I5", "--plan", plan)
    assert all(width_of(line) <= 80 for line in text.splitlines())
    assert any(width_of(line) > 76 for line in text.splitlines())  # and is filled
    assert not any(line.lstrip()[:1] in "，。；：、）”" for line in text.splitlines() if line)
    said = "".join(text.split())
    sandbag = next(need for need in answer["needs"] if need["kind"] == "sandbag")
    assert sandbag["unmet"]["text"].startswith("I5缺少“编织袋” 700 件（共需 2500 件）：")
    assert "700" in sandbag["unmet"]["text"] and "缺口：" in text and "（一般" not in text.splitlines()[0]
    for need, other in zip(answer["needs"], english["needs"], strict=True):
        for part in ("unmet", "nearest", "help"):
            sentence = need[part] and need[part].pop("text")
            assert (sentence is None) == ((other[part] and other[part].pop("text")) is None)
            assert not sentence or "".join(sentence.split()) in said
    assert answer == english
    command.refuse(2, "explain", small, "--incident", "I5", "--lang", "fr", words=["--lang", '"fr"', "zh or en"])


def test_control_characters_of_the_scenario_do_not_reach_the_terminal(small, tmp_path):
    path = tmp_path / "bad.gpkg"
    path.write_bytes(small.read_bytes())
    with sqlite3.connect(path) as db:
        db.execute("UPDATE incident SET name = 'red \x1b[31m' WHERE code = 'I2'")
    assert "\x1b" not in command.succeed("explain", path, "--incident", "I2")


# ---- what is refused -----------------------------------------------------------------------


def set_field(field, value):
    def change(plan):
        plan["assignments"][0][field] = value
    return change


def drop_field(field):
    def change(plan):
        del plan["assignments"][0][field]
    return change


def twice(plan):
    plan["assignments"].append(copy.deepcopy(plan["assignments"][0]))


def set_root(field, value):
    def change(plan):
        plan[field] = value
    return change


@pytest.mark.parametrize("change, words", [
    (set_field("code", "T9"), ["assignments[0].code", '"T9"', "a team of the scenario"]),
    (set_field("code", 7), ["assignments[0].code", "7", "a string"]),
    (drop_field("code"), ["assignments[0].code", "missing"]),
    (set_field("resource", "horse"), ["assignments[0].resource", "horse", "machine or item"]),
    (set_field("incident", "I9"), ["assignments[0]", '"I9"', "a need of the scenario"]),
    (set_field("kind", "tent"), ["assignments[0]", '"tent"', "a need of the scenario"]),
    (set_field("quantity", 1.5), ["assignments[0].quantity", "1.5", "whole number"]),
    (set_field("quantity", -3), ["assignments[0].quantity", "-3", "1 to"]),
    (set_field("quantity", 19), ["does not fit", '"T1"', "19", "20"]),
    (set_field("eta_s", 1), ["does not fit", '"T1"', "1000 ms"]),
    (set_field("eta_s", -1), ["assignments[0].eta_s", "-1", "seconds"]),
    (set_field("eta_s", 1e300), ["assignments[0].eta_s", "seconds"]),
    (set_field("eta_s", "soon"), ["assignments[0].eta_s", "soon", "seconds"]),
    (twice, ["does not fit", "once more"]),
    (set_root("assignments", {}), ["assignments", "array"]),
    (set_root("assignments", [1]), ["assignments[0]", "object"]),
    (set_root("unmet", 1), ["unmet", "array"]),
    (set_root("unmet", [1]), ["unmet[0]", "object"]),
    (set_root("unmet", [{"incident": "I1", "kind": "boat", "quantity": 1, "reason": "exhausted"}]),
     ["unmet[0]", '"boat"', "a need of the scenario"]),
    (set_root("unmet", [{"incident": "I1", "kind": "pump", "quantity": 0, "reason": "exhausted"}]),
     ["unmet[0].quantity", "0", "whole number"]),
    (set_root("unmet", [{"incident": "I1", "kind": "pump", "quantity": 1, "reason": "tired"}]),
     ["unmet[0].reason", "tired", "no_operators"]),
    (set_root("scenario", None), ["scenario.code"]),
    (set_root("scenario", {"code": "other"}), ["'other'", "'flood'"]),
])
def test_a_plan_that_is_wrong_is_refused_by_field(small, plan, tmp_path, change, words):
    document = json.loads(plan.read_text())
    change(document)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(document))
    command.refuse(3, "explain", small, "--incident", "I1", "--plan", path, words=words)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"scenario": {"code": "flood"}}'])
def test_what_is_no_plan_is_refused(small, tmp_path, text):
    path = tmp_path / "no.json"
    path.write_text(text)
    command.refuse(3, "explain", small, "--incident", "I1", "--plan", path, words=["no.json"])


@pytest.mark.parametrize("code, arguments, words", [
    (2, [], ["no scenario file"]),
    (2, ["small"], ["no --incident"]),
    (2, ["small", "--incident", "I1", "--time-limit", "2"], ["--time-limit", '"2"']),
    (2, ["small", "--incident", "I1", "--threads", "0"], ["--threads"]),
    (3, ["small", "--incident", "I11"], ['"I11"', 'did you mean "I1"']),
    (3, ["small", "--incident", "I1", "--scenario", "drought"], ["drought"]),
    (4, ["small", "--incident", "I1", "--plan", "no.json"], ["no.json"]),
])
def test_a_wrong_command_line_is_told_what_was_expected(small, code, arguments, words):
    arguments = [small if argument == "small" else argument for argument in arguments]
    command.refuse(code, "explain", *arguments, words=words)


def test_a_scenario_that_is_not_the_plan_s_is_refused(small, plan):
    command.refuse(3, "explain", small, "--incident", "I1", "--plan", plan, "--scenario", "drought",
                   words=["scenario.code", '"flood"', '"drought"'])


# ---- beside greedy ---------------------------------------------------------------------------


def test_a_comparison_is_with_the_greedy_plan(small, tmp_path):
    best, greedy = tmp_path / "best.json", tmp_path / "greedy.json"
    text = command.succeed("plan", small, "--compare", "greedy", "-o", best)
    command.succeed("plan", small, "--method", "greedy", "-o", greedy)
    best, greedy = json.loads(best.read_text()), json.loads(greedy.read_text())
    assert "compare" not in greedy
    compare = best["compare"]
    assert compare["method"] == "greedy"
    own, other = ({tier["name"]: tier["value"] for tier in plan["tiers"]} for plan in (best, greedy))
    assert compare["tiers"] == {name: {"value": other[name], "difference": own[name] - other[name]}
                                for name in own}
    assert compare["late"] == {"value": greedy["late"], "difference": best["late"] - greedy["late"]}
    resources = {kind["kind"]: kind["resource"] for kind in best["kinds"]}
    for resource, row in compare["missing"].items():
        own, other = (sum(need["missing"] for need in plan["needs"]
                          if resources[need["kind"]] == resource) for plan in (best, greedy))
        assert (row["value"], row["difference"]) == (other, own - other)
    last_own, last_other = (max(a["eta_s"] for a in plan["assignments"])
                            for plan in (best, greedy))
    assert compare["last"]["value_s"] == last_other
    assert compare["last"]["difference_s"] == pytest.approx(last_own - last_other)
    assert "Compared" in text and all(len(line) <= 80 for line in text.splitlines())


def test_a_comparison_with_anything_else_is_refused(small):
    command.refuse(2, "plan", small, "--compare", "best", words=["--compare", '"best"', "greedy"])
