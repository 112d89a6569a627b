"""muster simulate: courses of a scenario file, played under policies, and the folder of results."""

import csv
import datetime
import json
import re
import sqlite3

import pytest

import muster_command as command
import small_scenario

TOWN = """format = "muster-scenario-1"
[scenario]
code = "town"
name = "A day in town"
name_zh = "一天"
store = "town.gpkg"
start = 2026-07-01T08:00:00+08:00
length_h = 4
seed = 7
replications = 3
assumption = ["Nobody calls twice."]
[[standard]]
response_min = 10
[policy.slow]
base = "greedy"
delay_s = 600
[[call]]
code = "injured"
severity = "severe"
work_min = {exponential = 20}
when = {count = 12}
where = {polygon = [[120.75, 30.75], [120.80, 30.75], [120.80, 30.80]]}
need = [{kind = "ambulance", quantity = 1}]
[[call]]
code = "breach"
severity = "extreme"
work_min = 60
when = {at_min = 20}
where = {point = [{lon_deg = 120.77, lat_deg = 30.77}]}
need = [{kind = "sandbag", quantity = 400}, {kind = "flood_rescue", quantity = 30, minimum_share = 0.2}]
[[hazard]]
code = "pond"
kind = "flood"
stage = [{at_min = 30, depth_m = 0.3, polygon = [[120.75, 30.75], [120.76, 30.75], [120.76, 30.76]]}]
until_min = 90
"""

TABLES = ["incidents", "needs", "orders", "series", "stock", "plans", "prices", "moves", "explanations",
          "refusals"]


@pytest.fixture
def town(tmp_path):
    small_scenario.write(tmp_path / "town.gpkg")
    path = tmp_path / "town.toml"
    path.write_text(TOWN, encoding="utf-8")
    return path


def rows(folder, table):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_results_are_a_folder_of_tables_that_agree(town, tmp_path):
    out = tmp_path / "out"
    printed = command.succeed("simulate", town, "-o", out, "--policy", "greedy,muster,slow")
    assert printed.splitlines()[0].split() == ["policy", "greedy", "muster", "slow"]
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["format"] == "muster-simulation-1"
    assert run["replications"] == 3 and run["first_replication"] == 0 and run["seed"] == 7
    assert [p["name"] for p in run["policies"]] == ["greedy", "muster", "slow"]
    assert run["policies"][2]["delay_ms"] == 600_000 and run["policies"][2]["mode"] == "keep"
    assert run["scenario"]["start_at"] == "2026-07-01T08:00:00+08:00"
    assert run["scenario"]["name_zh"] == "一天" and run["scenario"]["length_ms"] == 4 * 3600_000
    assert run["assumptions"] == ["Nobody calls twice."] and run["recorded"] == [0]
    assert run["standards"] == [{"type": None, "severity": None, "response_ms": 600_000}]
    incidents, needs, orders = (rows(out, t) for t in ("incidents", "needs", "orders"))
    assert len(incidents) == 3 * 3 * 13
    by_policy = {p: [(r["replication"], r["incident"], r["reported_ms"]) for r in incidents
                     if r["policy"] == p] for p in ("greedy", "muster", "slow")}
    assert by_policy["greedy"] == by_policy["muster"] == by_policy["slow"]
    for row in incidents:
        own = [n for n in needs if all(n[k] == row[k] for k in ("policy", "replication", "incident"))]
        assert sum(int(n["quantity"]) for n in own) == int(row["need_quantity"])
        assert sum(int(n["met_quantity"]) for n in own) == int(row["met_quantity"])
        first = [int(o["on_scene_ms"]) for o in orders if o["on_scene_ms"] and o["resource"] != "item"
                 and o["need"] and all(o[k] == row[k] for k in ("policy", "replication", "incident"))]
        assert (str(min(first)) if first else "") == row["first_on_scene_ms"]
    for order in orders:
        times = [int(order[c]) for c in ("issued_ms", "departed_ms", "loaded_ms", "on_scene_ms", "left_ms",
                                         "released_ms", "ended_ms") if order[c]]
        assert times == sorted(times)
    assert {r["replication"] for r in rows(out, "moves")} == {"0"}
    assert rows(out, "stock")[0]["time_ms"] == "0"
    hazards = json.loads((out / "hazards.geojson").read_text(encoding="utf-8"))["features"]
    assert [(h["properties"]["from_ms"], h["properties"]["until_ms"]) for h in hazards] == [
        (30 * 60_000, 90 * 60_000)]


def test_the_worst_moments_are_explained_in_both_languages(town, tmp_path):
    command.succeed("simulate", town, "-o", tmp_path / "out", "--policy", "greedy", "-n", "1")
    explained = rows(tmp_path / "out", "explanations")
    assert explained
    for row in explained:
        lacking, asked = re.search(r" lacks (\d+) of (\d+) ", row["text_en"]).groups()
        assert row["text_en"].startswith(f"{row['incident']} lacks ")
        assert f"（{row['incident']}）缺少“" in row["text_zh"] or row["text_zh"].startswith(f"{row['incident']}缺少“")
        assert re.search(rf"” {lacking} \S（共需 {asked} \S）：", row["text_zh"]) and row["text_zh"].endswith("。")


CALL_UP = """[[call_up]]
code = "reserve"
resource = "vehicle"
kind = "ambulance"
when = {at_min = 5}
lead_min = {uniform = [10, 20]}
"""


def test_units_on_call_come_when_they_are_called(town, tmp_path):
    with sqlite3.connect(tmp_path / "town.gpkg") as db:
        everybody = [code for code, in db.execute("SELECT code FROM vehicle WHERE kind = 'ambulance' ORDER BY code")]
        others = db.execute("SELECT (SELECT count(*) FROM team) + (SELECT count(*) FROM vehicle)").fetchone()[0]
        others -= len(everybody)
        db.execute("UPDATE vehicle SET available = 0 WHERE kind = 'ambulance'")
        uncalled = db.execute("UPDATE team SET available = 0 WHERE fid = (SELECT min(fid) FROM team)").rowcount
    town.write_text(TOWN, encoding="utf-8")
    command.succeed("simulate", town, "-o", tmp_path / "without", "--policy", "greedy", "-n", "1")
    assert not {row["unit"] for row in rows(tmp_path / "without", "orders")} & set(everybody)
    for row in rows(tmp_path / "without", "series"):
        assert (row["units_off"], row["units_on_call"]) == ("0", "0")  # they are not there at all
    town.write_text(TOWN + CALL_UP, encoding="utf-8")
    command.succeed("simulate", town, "-o", tmp_path / "with", "--policy", "greedy,muster", "-n", "2")
    course = [json.loads(line) for line in command.succeed("scenario", "draw", town).splitlines()]
    ready = {e["unit"]["code"]: e["time_ms"] for e in course if e["type"] == "unit_status"}
    assert sorted(ready) == everybody
    start = datetime.datetime.fromisoformat("2026-07-01T08:00:00+08:00").timestamp() * 1000
    series = rows(tmp_path / "with", "series")
    for row in (row for row in series if row["policy"] == "greedy" and row["replication"] == "0"):
        waiting = sum(at - start > int(row["time_ms"]) for at in ready.values())
        assert (int(row["units_on_call"]), row["units_off"]) == (waiting + uncalled, "0")
        assert sum(int(row[f"units_{doing}"]) for doing in ("free", "en_route", "on_scene", "off", "on_call")) == \
            others + len(everybody)
    sent = [row for row in rows(tmp_path / "with", "orders") if row["unit"] in everybody]
    assert {row["unit"] for row in sent} == set(everybody)
    for row in (row for row in sent if row["replication"] == "0"):
        assert start + int(row["issued_ms"]) >= ready[row["unit"]]
    assert rows(tmp_path / "with", "refusals") == []
    command.succeed("simulate", town, "-o", tmp_path / "kept", "--policy", "greedy", "-n", "1", "--journal",
                    tmp_path / "journal")
    one = [row for row in rows(tmp_path / "with", "orders") if (row["policy"], row["replication"]) == ("greedy", "0")]
    assert rows(tmp_path / "kept", "orders") == one


def test_the_number_of_threads_changes_nothing(town, tmp_path):
    for threads in (1, 2):
        command.succeed("simulate", town, "-o", tmp_path / f"out{threads}", "--threads", threads)
    for table in TABLES:
        name = f"{table}.csv"
        assert (tmp_path / "out1" / name).read_bytes() == (tmp_path / "out2" / name).read_bytes()
    assert (tmp_path / "out1/run.json").read_bytes() == (tmp_path / "out2/run.json").read_bytes()


def test_a_replication_is_the_same_alone_and_with_a_journal(town, tmp_path):
    command.succeed("simulate", town, "-o", tmp_path / "all", "--policy", "greedy")
    command.succeed("simulate", town, "-o", tmp_path / "one", "--policy", "greedy", "--first", 2, "-n", 1,
                    "--journal", tmp_path / "journal")
    assert {r["replication"] for r in rows(tmp_path / "one", "moves")} == {"2"}  # the first is recorded
    alone = rows(tmp_path / "one", "orders")
    assert alone == [r for r in rows(tmp_path / "all", "orders") if r["replication"] == "2"]
    assert "records" in command.succeed("journal", "verify", tmp_path / "journal")
    shown = command.succeed("journal", "replay", tmp_path / "journal", "--store", town.parent / "town.gpkg",
                            "--order", 1)
    assert alone[0]["unit"] in shown
    command.refuse(3, "simulate", town, "--policy", "greedy", "-n", 1, "--journal", tmp_path / "journal",
                   words=["journal", "empty"])


def test_what_is_wrong_on_the_command_line_is_said(town):
    command.refuse(2, "simulate", words=["SCENARIO.toml"])
    command.refuse(2, "simulate", town, "--policy", "greedi", words=["greedi", "greedy, muster, slow"])
    command.refuse(2, "simulate", town, "--replications", 0, words=["--replications", "0"])
    command.refuse(2, "simulate", town, "--record", "1,x", words=["--record", "x"])
    command.refuse(2, "simulate", town, "--record", "", words=["--record", "none"])
    command.refuse(2, "simulate", town, "-n", 2, "--first", 3, "--record", "4,5",
                   words=["--record is 5", "3 to 4"])
    command.refuse(2, "simulate", town, "--policy", "greedy,muster,greedy", words=['"greedy" twice'])
    command.refuse(2, "simulate", town, "--policy", "greedy", "-n", 2, "--journal", "j",
                   words=["--journal", "2 under 1", "-n 1"])
    command.refuse(2, "simulate", town, "--journal", "j", words=["1 under 2", "--policy NAME"])
