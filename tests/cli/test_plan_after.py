"""`muster plan --after`: an earlier plan is kept or improved, and the changes are the difference."""

import json
import shutil
import sqlite3

import muster_command as command
import pytest
import small_scenario


@pytest.fixture(scope="module", name="small")
def fixture_small(tmp_path_factory):
    return small_scenario.write(tmp_path_factory.mktemp("after") / "small.gpkg")


@pytest.fixture(scope="module", name="plan")
def fixture_plan(small):
    path = small.with_name("plan.json")
    command.succeed("plan", small, "-o", path)
    return path


@pytest.fixture(name="now")
def fixture_now(small, tmp_path):
    """The same file some time later: change it with SQL."""
    return shutil.copy(small, tmp_path / "now.gpkg")


def change(path, *statements):
    with sqlite3.connect(path) as db:
        for statement in statements:
            assert db.execute(statement).rowcount > 0
    db.close()


def plan_after(scenario, plan, *options):
    out = plan.with_name("next.json")
    text = command.succeed("plan", scenario, "--after", plan, "-o", out, *options)
    return text, json.loads(out.read_text())


def rows(plan):
    return {(a["resource"], a["code"], a["incident"], a["kind"], a["vehicle"], a["quantity"],
             a["eta_s"]) for a in plan["assignments"]}


def side(one, which):
    row = one[which]
    return None if row is None else (one["resource"], one["code"], row["incident"], row["kind"],
                                     row["vehicle"], row["quantity"], row["eta_s"])


def check_changes(before, after):
    """What was and is no more, and what is and was not."""
    was = {side(one, "before") for one in after["changes"]} - {None}
    now = {side(one, "now") for one in after["changes"]} - {None}
    assert was == rows(before) - rows(after)
    assert now == rows(after) - rows(before)


def of(after, code):
    (one,) = [one for one in after["changes"] if one["code"] == code]
    return one


@pytest.mark.parametrize("keep", [["--keep"], []])
def test_nothing_new_changes_nothing(small, plan, keep):
    text, after = plan_after(small, plan, *keep)
    assert after["changes"] == []
    assert rows(after) == rows(json.loads(plan.read_text()))
    assert text.splitlines()[-1].split() == ["Changes", "0"]


def test_a_closed_incident_frees_who_goes_there(small, plan, now):
    change(now, "DELETE FROM need WHERE incident = 'I3'", "DELETE FROM incident WHERE code = 'I3'")
    before = json.loads(plan.read_text())
    text, after = plan_after(now, plan, "--was", small, "--keep")
    check_changes(before, after)
    closed = [one for one in after["changes"] if one["before"] and one["before"]["incident"] == "I3"]
    assert closed
    for one in closed:
        assert one["reason"] == "incident_closed"
        assert f"  {one['text']}" in text


def test_who_is_lost_is_named_and_the_rest_is_kept(small, plan, now):
    change(now, "UPDATE team SET available = 0 WHERE code = 'T1'")
    before = json.loads(plan.read_text())
    _, after = plan_after(now, plan, "--was", small, "--keep")
    check_changes(before, after)
    lost = of(after, "T1")
    assert (lost["type"], lost["reason"], lost["now"]) == ("taken_back", "unit_lost", None)
    kept = rows(before) - {side(one, "before") for one in after["changes"]}
    assert kept <= rows(after)


def test_changes_are_said_in_chinese_with_names(small, plan, now):
    change(now, "UPDATE team SET available = 0 WHERE code = 'T1'")
    _, english = plan_after(now, plan, "--was", small, "--keep")
    text, chinese = plan_after(now, plan, "--was", small, "--keep", "--lang", "zh")
    said = [one.pop("text") for one in chinese["changes"]]
    assert [one.pop("text") for one in english["changes"]] != said
    assert chinese["changes"] == english["changes"]
    assert f"变化              {len(said)}\n" in text and all(f"  {sentence}\n" in text for sentence in said)
    with sqlite3.connect(small) as db:
        [name] = db.execute("SELECT name FROM team WHERE code = 'T1'").fetchone()
    db.close()
    assert any(sentence.startswith(f"{name}（T1，") and sentence.endswith("：已不可调用。") for sentence in said)


def test_to_improve_is_no_worse_than_to_keep(small, plan, now):
    change(now, "UPDATE need SET quantity = 30 WHERE incident = 'I2' AND kind = 'medical'")
    before = json.loads(plan.read_text())
    _, kept = plan_after(now, plan, "--was", small, "--keep")
    _, better = plan_after(now, plan, "--was", small)
    check_changes(before, kept)
    check_changes(before, better)
    assert [t["value"] for t in better["tiers"]] <= [t["value"] for t in kept["tiers"]]


def test_a_change_has_to_gain_what_is_asked_for(small, plan, now):
    """T4 takes longer to set out, so that others would be better: by minutes, worth it or not."""
    change(now, "UPDATE team SET turnout_s = turnout_s + 240 WHERE code = 'T4'")
    _, kept = plan_after(now, plan, "--was", small, "--keep")
    _, dear = plan_after(now, plan, "--was", small, "--gain", "24h")
    _, cheap = plan_after(now, plan, "--was", small, "--gain", "1ms")
    assert rows(dear) == rows(kept)
    assert rows(cheap) != rows(kept)
    assert cheap["tiers"][1]["value"] < kept["tiers"][1]["value"]


def test_what_goes_with_an_earlier_plan_is_refused_without_one(small):
    command.refuse(2, "plan", small, "--gain", "5m", words=["--gain", "--after"])
    command.refuse(2, "plan", small, "--after", small, "--keep", "--gain", "5m",
                   words=["--keep", "--gain"])
    command.refuse(2, "plan", small, "--after", small, "--gain", "5", words=["--gain", "5m"])
    command.refuse(2, "plan", small, "--keep", words=["--keep", "--after"])
    command.refuse(2, "plan", small, "--was", small, words=["--was", "--after"])


def test_what_is_no_plan_is_refused(small, tmp_path):
    other = tmp_path / "other.json"
    other.write_text("{}")
    command.refuse(3, "plan", small, "--after", other, words=["other.json", "scenario.code"])


def test_a_plan_for_another_file_is_refused(plan, now):
    change(now, "DELETE FROM need WHERE incident = 'I3'", "DELETE FROM incident WHERE code = 'I3'")
    command.refuse(3, "plan", now, "--after", plan, words=["assignments", "I3"])
