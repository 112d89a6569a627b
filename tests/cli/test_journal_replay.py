"""`muster journal replay`: a night that a session has written down, looked at again."""

import json
import os
import re
import subprocess

import pytest
import small_scenario
from muster_command import refuse, succeed

COMMIT = 3  # the record; 1 is the world, 2 says that the journal was opened


@pytest.fixture(name="night", scope="module")
def fixture_night(tmp_path_factory):
    folder = tmp_path_factory.mktemp("night")
    store = folder / "store.gpkg"
    small_scenario.write(store)
    journal = folder / "journal"
    said = subprocess.run([os.environ["MUSTER_SESSION_NIGHT"], journal, store], check=True,
                          capture_output=True, text=True).stdout.splitlines()
    assert said[0].startswith(f"commit {COMMIT} orders ")
    return journal, store, int(said[0].split()[-1])


def replay(night, *arguments):
    journal, store, _ = night
    return succeed("journal", "replay", journal, "--store", store, *arguments)


def replay_json(night, *arguments):
    return json.loads(replay(night, "--json", *arguments))


def test_what_was_known_at_a_moment(night):
    orders = night[2]
    before = replay_json(night, "--at", "2026-07-01T20:00:05Z")
    assert (before["sequence"], before["orders"], before["plan"]) == (2, [], None)
    assert len(before["incidents"]) == 5
    committed = replay_json(night, "--sequence", COMMIT)
    assert {order["state"] for order in committed["orders"]} == {"issued"}
    later = replay_json(night, "--at", "2026-07-02T04:02:30+08:00")  # two minutes have passed
    states = [order["state"] for order in later["orders"]]
    assert states[0] == "declined" and states[1] == "accepted" and "issued" in states
    assert later["orders"][0]["reason"] == "engine trouble"
    end = replay_json(night)
    assert len(end["orders"]) >= orders and end["sequence"] > later["sequence"]


def test_who_decided_on_what_knowledge_and_how_well(night):
    plan = replay_json(night, "--sequence", COMMIT)["plan"]
    assert (plan["sequence"], plan["at"], plan["knew_at"]) == (
        COMMIT, "2026-07-01T20:00:12.000Z", "2026-07-01T20:00:00.000Z")
    record = plan["record"]
    assert (record["author"], record["plan_sequence"]) == ("duty officer", 2)
    assert record["plan"]["tiers"][0]["tier"] == "unmet_need"
    text = replay(night, "--sequence", COMMIT)
    assert f"plan      record {COMMIT}, 2026-07-01T20:00:12.000Z, by duty officer\n" in text
    assert "knew      up to record 2, 2026-07-01T20:00:00.000Z\n" in text
    assert "quality   unmet_need" in text


def test_why_was_that_sent(night):
    answer = replay_json(night, "--order", "1")
    order = answer["order"]
    assert (order["number"], order["state"], order["sequence"]) == (1, "declined", COMMIT)
    [why] = answer["why"]
    assert why["kind"] == order["need"]
    assert order["unit"] in [go["code"] for go in why["assignments"]]
    assert why["nearest"]["text"]
    text = replay(night, "--order", "1")
    assert f"order     1: {order['quantity']} of {order['unit']} to {order['incident']}" in text
    assert "declined since 2026-07-01T20:01:00.000Z by crew: engine trouble\n" in text
    assert "nearest: " in text


def test_why_is_an_incident_served_as_it_is(night):
    answer = replay_json(night, "--incident", "I1")
    assert {need["kind"] for need in answer["why"]} == {"flood_rescue", "pump", "sandbag"}
    assert all(need["assignments"] and need["nearest"]["text"] for need in answer["why"])
    unmet = [need["unmet"]["text"] for incident in ("I1", "I2", "I4", "I5")
             for need in replay_json(night, "--incident", incident)["why"] if need["unmet"]]
    assert unmet and all(unmet)


def test_in_chinese_it_is_the_same(night):
    text, english = (replay(night, "--order", "1", *lang) for lang in (["--lang", "zh"], []))
    assert [re.findall(r"\d+", line) for line in text.split("\n\n")[0].splitlines()] == \
           [re.findall(r"\d+", line) for line in english.split("\n\n")[0].splitlines()]
    answer, other = (replay_json(night, "--order", "1", *lang) for lang in (["--lang", "zh"], []))
    assert f"派遣计划  记录 {COMMIT}，2026-07-01T20:00:12.000Z，由 duty officer 下达\n" in text
    assert "状态      已拒绝，自 2026-07-01T20:01:00.000Z 起，由 crew：engine trouble\n" in text
    assert "优劣      未满足需求" in text and "    最近：" in text
    sentence = answer["why"][0]["nearest"].pop("text")
    assert sentence.endswith("。") and "".join(sentence.split()) in "".join(text.split())
    for one in (answer, other):
        for need in one["why"]:
            for part in ("unmet", "nearest", "help"):
                if need[part]:
                    need[part].pop("text", None)
    assert answer == other
    refuse(2, "journal", "replay", *night[:1], "--store", night[1], "--lang", "fr", words=["--lang", '"fr"'])


def test_what_is_not_there_is_said(night, tmp_path):
    journal, store, _ = night
    refuse(2, "journal", "replay", journal, words=["--store"])
    refuse(2, "journal", "replay", "--store", store, words=["FOLDER"])
    refuse(2, "journal", "replay", journal, "--store", store, "--at", "noon", words=["--at", "noon"])
    refuse(2, "journal", "replay", journal, "--store", store, "--at", "2026-07-01T20:00:00Z",
           "--sequence", "3", words=["one of them"])
    refuse(1, "journal", "replay", journal, "--store", store, "--order", "777", words=["777"])
    refuse(1, "journal", "replay", journal, "--store", store, "--incident", "I-9", words=["I-9"])
    refuse(3, "journal", "replay", journal, "--store", store, "--sequence", "999", words=["999"])
    refuse(3, "journal", "replay", journal, "--store", store, "--at", "2020-01-01T00:00:00Z",
           words=["no record as early as 2020-01-01T00:00:00Z"])
    (tmp_path / "empty").mkdir()
    refuse(3, "journal", "replay", tmp_path / "empty", "--store", store, words=["empty", "is no journal"])
    refuse(4, "journal", "replay", tmp_path / "nothing", "--store", store, words=["nothing"])


def test_other_roads_are_refused(night, tmp_path):
    other = tmp_path / "other.gpkg"
    small_scenario.write(other)
    database = small_scenario.sqlite3.connect(other)
    database.execute("UPDATE edge SET length_m = length_m + 1 WHERE id = 1")
    database.commit()
    database.close()
    refuse(3, "journal", "replay", night[0], "--store", other, words=["checksum"])
