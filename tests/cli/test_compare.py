"""`muster compare` against SciPy and against a count of our own.

Needs MUSTER_COMMAND.
"""

import csv
import io
import json
import os
import shutil
import statistics
import subprocess

import pytest
from scipy import stats

import small_results

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")


def run(*arguments):
    return subprocess.run([COMMAND, "compare", *map(str, arguments)], capture_output=True, text=True,
                          check=False)


def compared(*arguments):
    result = run(*arguments, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


def measures(*arguments):
    return {m["name"]: m for m in compared(*arguments)["measures"]}


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory):
    return small_results.write(tmp_path_factory.mktemp("results") / "r", replications=12, count=30)


# ---- the measures ----------------------------------------------------------------------------


def by_replication(folder, table, policy):
    rows = {}
    for row in small_results.read(folder, table):
        if row["policy"] == policy:
            rows.setdefault(int(row["replication"]), []).append(row)
    return [rows[replication] for replication in sorted(rows)]


def nearest_rank(values, share):
    return sorted(values)[max(0, -int(-len(values) * share // 1) - 1)]


def response(rows):
    return [int(row["response_ms"]) / 60e3 for row in rows if row["response_ms"]]


def hours(resource):
    return lambda rows: sum(int(row["open_quantity_ms"]) for row in rows
                            if row["resource"] == resource) / 3.6e6


def within(rows):
    judged = [row for row in rows if int(row["standard_ms"]) > 0]
    return 100 * statistics.mean(
        row["response_ms"] != "" and int(row["response_ms"]) <= int(row["standard_ms"]) for row in judged)


MEASURES = {  # name: table, of the rows of one replication
    "response_mean": ("incidents", lambda rows: statistics.mean(response(rows))),
    "response_p50": ("incidents", lambda rows: nearest_rank(response(rows), 0.5)),
    "response_p90": ("incidents", lambda rows: nearest_rank(response(rows), 0.9)),
    "unreached": ("incidents", lambda rows: len(rows) - len(response(rows))),
    "within_standard": ("incidents", within),
    "need_met": ("needs", lambda rows: statistics.mean(
        100 * int(row["met_quantity"]) / int(row["quantity"]) for row in rows)),
    "unmet_people": ("needs", hours("people")),
    "unmet_vehicles": ("needs", hours("vehicle")),
    "unmet_machines": ("needs", hours("machine")),
    "unmet_items": ("needs", hours("item")),
    "distance": ("orders", lambda rows: sum(int(row["distance_m"]) for row in rows) / 1000),
}


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_and_its_intervals_are_those_of_scipy(folder, name):
    table, of = MEASURES[name]
    a, b = ([of(rows) for rows in by_replication(folder, table, policy)]
            for policy in small_results.POLICIES)
    differences = [y - x for x, y in zip(a, b, strict=True)]
    found = measures(folder)[name]
    assert found["count"] == len(a) == 12
    assert [found["mean_a"], found["mean_b"]] == pytest.approx([statistics.mean(a), statistics.mean(b)])
    assert found["difference"] == pytest.approx(statistics.mean(differences))
    assert found["median"] == pytest.approx(statistics.median(differences), abs=1e-9)
    error = stats.sem(differences)
    if error > 0:
        assert found["interval"] == pytest.approx(
            stats.t.interval(0.95, 11, loc=statistics.mean(differences), scale=error), abs=1e-9)
    lower = stats.binom.ppf(0.025, 12, 0.5)  # the first and the last but two of twelve: 96.1 %
    assert lower == 3
    assert found["median_interval"] == pytest.approx([sorted(differences)[2], sorted(differences)[-3]], abs=1e-9)
    above, below = sum(d > 1e-12 for d in differences), sum(d < -1e-12 for d in differences)
    assert found["sign_p"] == pytest.approx(
        stats.binomtest(above, above + below).pvalue if above + below else 1)
    better = above if found["better"] == "higher" else below
    assert [found["won"], found["lost"], found["equal"]] == [better, above + below - better,
                                                             12 - above - below]


def test_confidence_can_be_chosen(folder):
    wide, narrow = (measures(folder, "--confidence", c)["response_mean"] for c in (99, 80))
    for found, confidence in ((wide, 0.99), (narrow, 0.8)):
        assert found["interval"] == pytest.approx(stats.t.interval(
            confidence, 11, loc=found["difference"], scale=found["deviation"] / 12 ** 0.5))


def test_few_replications_have_fewer_intervals(tmp_path):
    one = measures(small_results.write(tmp_path / "1", replications=1))["response_mean"]
    assert (one["interval"], one["median_interval"], one["deviation"]) == (None, None, None)
    five = measures(small_results.write(tmp_path / "5", replications=5, count=10))["response_mean"]
    assert five["interval"] and five["median_interval"] is None  # 2 * 2^-5 is more than 5 %
    six = measures(small_results.write(tmp_path / "6", replications=6, count=10))["response_mean"]
    assert six["median_interval"]
    assert " than greedy (" not in run(tmp_path / "1").stdout  # nothing is concluded from one


# ---- wins and losses -------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["severity", "authority"])
def test_wins_and_losses_are_counted_by_incident(folder, group):
    pairs, never = {}, float("inf")
    for row in small_results.read(folder, "incidents"):
        key = (row["replication"], row["incident"])
        pairs.setdefault(key, {"group": row[group]})[row["policy"]] = \
            int(row["response_ms"]) if row["response_ms"] else never
    for found in compared(folder)[group]:
        mine = [p for p in pairs.values() if p["group"] == found["name"]]
        won = sum(p["muster"] < p["greedy"] for p in mine)
        lost = sum(p["muster"] > p["greedy"] for p in mine)
        assert [found["count"], found["won"], found["lost"], found["equal"]] == \
            [len(mine), won, lost, len(mine) - won - lost]
        both = [p for p in mine if never not in (p["muster"], p["greedy"])]
        assert found["reached"] == len(both)
        assert found["response_b_min"] == pytest.approx(statistics.mean(p["muster"] for p in both) / 60e3)
    assert sum(found["count"] for found in compared(folder)[group]) == len(pairs)


def test_nobody_at_all_is_latest(tmp_path):
    folder = small_results.write(tmp_path / "r", replications=2, count=10)
    rows = small_results.read(folder, "incidents")
    for policy, wins in (("greedy", "won"), ("muster", "lost")):
        changed = [dict(row) for row in rows]
        row = next(r for r in changed if r["policy"] == policy and r["response_ms"])
        row["response_ms"] = row["first_on_scene_ms"] = ""
        with open(folder / "incidents.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, small_results.COLUMNS["incidents"].split(","))
            writer.writeheader()
            writer.writerows(changed)
        responses = {r["policy"]: r["response_ms"] for r in changed
                     if (r["replication"], r["incident"]) == (row["replication"], row["incident"])}
        others = [r for r in changed if r["severity"] == row["severity"]]
        found = next(g for g in compared(folder)["severity"] if g["name"] == row["severity"])
        pairs = {}
        for r in others:
            pairs.setdefault((r["replication"], r["incident"]), {})[r["policy"]] = float(r["response_ms"] or "inf")
        assert "" in responses.values() and any(responses.values())
        assert found["won"] == sum(p["muster"] < p["greedy"] for p in pairs.values())
        assert found["lost"] == sum(p["muster"] > p["greedy"] for p in pairs.values())
        assert found[wins] > 0 and found["reached"] < found["count"]


# ---- two folders, other forms ----------------------------------------------------------------


def test_two_folders_are_compared_as_two_policies_of_one_are(folder, tmp_path):
    for policy in small_results.POLICIES:
        small_results.write(tmp_path / policy, replications=12, count=30, policies=[policy])
    assert compared(tmp_path / "greedy", tmp_path / "muster") == compared(folder)
    assert compared(folder, tmp_path / "muster", "--policies", "greedy,muster") == compared(folder)


def test_turned_round_everything_changes_its_sign(folder):
    there, back = measures(folder), measures(folder, "--policies", "muster,greedy")
    for name, found in there.items():
        assert back[name]["difference"] == pytest.approx(-found["difference"])
        assert back[name]["interval"] == pytest.approx([-found["interval"][1], -found["interval"][0]])
        assert (back[name]["won"], back[name]["lost"]) == (found["lost"], found["won"])


def test_a_policy_does_not_differ_from_itself(folder):
    answer = compared(folder, "--policies", "muster,muster")
    for found in answer["measures"]:
        assert (found["difference"], found["interval"], found["sign_p"]) == (0, [0, 0], 1)
        assert found["conclusion"] is None
    assert "no difference is shown in: mean response, min;" in run(folder, "--policies", "muster,muster").stdout


def test_csv_has_what_json_has(folder):
    rows = list(csv.DictReader(io.StringIO(run(folder, "--csv").stdout)))
    answer = compared(folder)
    for row, found in zip((r for r in rows if r["table"] == "measure"), answer["measures"], strict=True):
        assert row["name"] == found["name"]
        assert float(row["difference"]) == pytest.approx(found["difference"])
        assert [float(row["low"]), float(row["high"])] == pytest.approx(found["interval"])
    for group in ("severity", "authority"):
        assert [(r["name"], int(r["won"])) for r in rows if r["table"] == group] == \
            [(found["name"], found["won"]) for found in answer[group]]


def test_the_text_fits_a_terminal_and_concludes(folder, tmp_path):
    text = run(folder).stdout
    table, sentences = text.rsplit("\n\n", 1)
    assert max(map(len, table.splitlines())) <= 80
    assert " min sooner on average than greedy (95 %: " in sentences
    assert " over 12 replications\n" in sentences
    assert run(folder, "-o", tmp_path / "c.txt").stdout == ""
    assert (tmp_path / "c.txt").read_text(encoding="utf-8") == text


# ---- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("change, message", [
    ({"sha256": "cd" * 32}, f"the scenario file's sha256 is {'ab' * 32} and {'cd' * 32}"),
    ({"seed": 8}, "the seed is 7 and 8"),
    ({"replications": 3}, "the number of replications is 2 and 3"),
    ({"first": 5, "recorded": (5,)}, "the first replication is 0 and 5"),
])
def test_folders_that_do_not_belong_together_are_refused(tmp_path, change, message):
    a = small_results.write(tmp_path / "a", replications=2, count=10, policies=["greedy"])
    b = small_results.write(tmp_path / "b", **{"replications": 2, "count": 10, "policies": ["muster"], **change})
    result = run(a, b)
    assert result.returncode == 3
    assert result.stderr == f"muster: {a} and {b} do not belong together: {message}; expected the same\n"


def test_an_incident_of_one_policy_alone_is_named(tmp_path):
    a = small_results.write(tmp_path / "a", replications=2, count=10)
    lines = (a / "incidents.csv").read_text(encoding="utf-8").splitlines()
    gone = next(i for i, line in enumerate(lines) if line.startswith("muster,1,"))
    code = lines.pop(gone).split(",")[2]
    (a / "incidents.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run(a)
    assert result.returncode == 3
    assert f"incident {code} of replication 1 is in one of both alone" in result.stderr


@pytest.mark.parametrize("table, old, new, message", [
    ("incidents", "\ngreedy,0,", "\nlazy,0,", 'column policy: "lazy"; expected a policy of run.json'),
    ("incidents", "\ngreedy,0,", "\ngreedy,9,", 'column replication: "9"; expected 0 to 1, as in run.json'),
    ("incidents", "response_ms", "response", 'the header has no column "response_ms"'),
    ("incidents", "\ngreedy,0,", "\n0,", "16 columns; expected 17, as in the header"),
    ("needs", ",people,", ",person,", 'column resource: "person"; expected people, vehicle, machine or item'),
    ("needs", "open_quantity_ms\n", 'open_quantity_ms\n"', "a quoted value without an end"),
    ("orders", "\ngreedy,0,", "\ngreedy,zero,", 'column replication: "zero"; expected a whole number, or nothing'),
])
def test_a_wrong_table_is_named_by_row_and_column(tmp_path, table, old, new, message):
    folder = small_results.write(tmp_path / "r", replications=2, count=10)
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = run(folder)
    assert result.returncode == 3 and result.stdout == ""
    assert f"muster: {path}: row " in result.stderr and message in result.stderr


@pytest.mark.parametrize("member, value", [
    ("format", "muster-simulation-2"), ("replications", 0), ("seed", "7"), ("policies", []),
    ("policies", [{"name": "greedy"}] * 2), ("version", None), ("scenario", {"name": "x"})])
def test_a_wrong_run_is_named_by_member(tmp_path, member, value):
    folder = small_results.write(tmp_path / "r", replications=2, count=10)
    run_json = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run_json[member] = value
    (folder / "run.json").write_text(json.dumps(run_json), encoding="utf-8")
    result = run(folder)
    assert result.returncode == 3
    assert f"{folder}/run.json: {member}" in result.stderr and "; expected " in result.stderr


def test_what_is_missing_is_said(tmp_path, folder):
    assert run().returncode == 2
    assert run(tmp_path).returncode == 4  # no run.json
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "needs.csv").unlink()
    result = run(broken)
    assert result.returncode == 4 and "needs.csv: cannot be opened" in result.stderr
    result = run(folder, "--policies", "greedy,best")
    assert result.returncode == 2
    assert f'{folder} has no policy "best"; expected one of greedy, muster' in result.stderr
    assert run(folder, "--policies", "greedy").returncode == 2
    assert run(folder, folder).returncode == 2  # two policies in each
