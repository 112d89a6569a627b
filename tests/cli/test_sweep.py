"""`muster sweep`: the table of a grid, killed and gone on with, and what is refused.

Needs MUSTER_COMMAND.
"""

import csv
import io
import os
import shutil
import signal
import subprocess
import time

import pytest

import small_town_file

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
GRID = ["--grid", "call.injured.when.per_h=2,6", "--grid", "policy.muster.interval_min=5,15"]
MEASURES = ["response_mean", "response_p50", "response_p90", "unreached", "within_standard", "need_met", "unmet_people",
            "unmet_vehicles", "unmet_machines", "unmet_items", "distance"]


def run(file, table, *options):
    return subprocess.run([COMMAND, "sweep", str(file), "-o", str(table), *map(str, options)], capture_output=True,
                          text=True, check=False)


def rows_of(table):
    with open(table, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module", name="town")
def fixture_town(tmp_path_factory):
    return small_town_file.write(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module", name="swept")
def fixture_swept(town):
    table = town.parent / "whole.csv"
    result = run(town, table, *GRID)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"{table}: 24 rows, 24 of them new: 4 points, 2 policies, 3 replications\n"
    return table


# ---- the table -------------------------------------------------------------------------------


def test_every_combination_has_its_rows(swept):
    rows = rows_of(swept)
    keys = ["call.injured.when.per_h", "policy.muster.interval_min"]
    assert [(row[keys[0]], row[keys[1]], row["policy"], row["replication"]) for row in rows] == [
        (a, b, policy, str(n)) for a in ("2", "6") for b in ("5", "15") for policy in ("greedy", "muster")
        for n in range(3)]
    assert list(rows[0]) == ["policy", "replication", *keys, *MEASURES, "sha256", "store", "seed", "version"]
    assert len({row["sha256"] for row in rows}) == 1 and {row["seed"] for row in rows} == {"5"}


def test_what_a_key_does_shows_and_what_it_does_not_touch_stays(swept):
    rows = rows_of(swept)

    def of(policy, rate, interval):
        return [[row[name] for name in MEASURES] for row in rows if row["policy"] == policy and
                row["call.injured.when.per_h"] == rate and row["policy.muster.interval_min"] == interval]

    assert of("greedy", "2", "5") == of("greedy", "2", "15")  # greedy knows nothing of muster's interval
    assert of("greedy", "2", "5") != of("greedy", "6", "5")
    assert sum(float(r[10]) for r in of("greedy", "6", "5")) > sum(float(r[10]) for r in of("greedy", "2", "5"))


def test_the_measures_are_those_of_the_results_folder(town, tmp_path):
    """A point without overrides is what muster simulate writes and muster report counts."""
    assert run(town, tmp_path / "t.csv", "-n", 4).returncode == 0
    for words in (["simulate", town, "-n", "4", "-o", tmp_path / "r"],
                  ["report", tmp_path / "r", "--export", tmp_path / "m.csv"]):
        subprocess.run([COMMAND, *map(str, words)], check=True, capture_output=True)
    for mine, theirs in zip(rows_of(tmp_path / "t.csv"), rows_of(tmp_path / "m.csv"), strict=True):
        for name in ("policy", "replication", *MEASURES):
            if mine[name] and name not in ("policy", "replication"):
                assert float(mine[name]) == pytest.approx(float(theirs[name]), rel=1e-6, abs=1e-3), name
            else:
                assert mine[name] == theirs[name], name


def test_the_table_does_not_depend_on_the_jobs(town, swept, tmp_path):
    assert run(town, tmp_path / "t.csv", *GRID, "--jobs", 3).returncode == 0
    assert (tmp_path / "t.csv").read_bytes() == swept.read_bytes()


# ---- going on --------------------------------------------------------------------------------


def test_a_killed_sweep_goes_on_where_it_was(town, swept, tmp_path):
    table = tmp_path / "t.csv"
    whole = swept.read_text(encoding="utf-8").splitlines()
    lines, kills = [], 0
    while len(lines) < len(whole) and kills < 60:
        with subprocess.Popen([COMMAND, "sweep", str(town), "-o", str(table), *GRID], stdout=subprocess.DEVNULL) as sweep:
            end = time.monotonic() + 30
            wanted = len(lines) + 2
            while sweep.poll() is None and time.monotonic() < end:
                lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
                if len(lines) >= wanted:
                    break
                time.sleep(0.005)
            sweep.send_signal(signal.SIGKILL)
        kills += 1
    assert kills >= 3
    result = run(town, table, *GRID)
    assert result.returncode == 0 and "24 rows" in result.stdout
    assert table.read_text(encoding="utf-8").splitlines() == whole


def test_a_row_that_was_cut_off_is_made_again(town, swept, tmp_path):
    whole = swept.read_bytes()
    ends = [i + 1 for i, byte in enumerate(whole) if byte == 10]
    for size in (5, ends[0], ends[3] - 1, ends[-2] + 40):
        table = tmp_path / "t.csv"
        table.write_bytes(whole[:size])
        result = run(town, table, *GRID)
        assert (result.returncode, result.stderr) == (0, ""), size
        assert table.read_bytes() == whole, size


def test_what_is_missing_is_added_and_nothing_else_done(town, swept, tmp_path):
    table = shutil.copy(swept, tmp_path / "t.csv")
    before = rows_of(table)
    assert ", 0 of them new" in run(town, table, *GRID).stdout
    assert "32 rows, 8 of them new" in run(town, table, *GRID, "-n", 4).stdout
    assert "12 rows, 12 of them new" in run(town, table, "--grid", "call.injured.when.per_h=8", "--grid",
                                            "policy.muster.interval_min=5,15").stdout
    after = rows_of(table)
    assert after[:24] == before and len(after) == 44


def test_ctrl_c_leaves_the_rows_that_are_done(town, tmp_path):
    table = tmp_path / "t.csv"
    with subprocess.Popen([COMMAND, "sweep", str(town), "-o", str(table), *GRID, "-n", "400"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as sweep:
        end = time.monotonic() + 30
        while time.monotonic() < end and not (table.exists() and len(table.read_bytes().splitlines()) > 3):
            time.sleep(0.01)
        sweep.send_signal(signal.SIGINT)
        _, error = sweep.communicate(timeout=60)
    assert sweep.returncode == 130
    done = len(rows_of(table))
    assert 0 < done < 3200
    assert f"stopped; {done} of 3200 rows are in {table}, and the same command goes on" in error


# ---- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("change, told", [
    ("file", "its sha256 is "), ("seed", 'its seed is "5"; expected "6"'), ("version", 'its version is "0.0.0"')])
def test_another_sweep_is_not_mixed_with_it(town, swept, tmp_path, change, told):
    folder = shutil.copytree(town.parent, tmp_path / "town")
    table = shutil.copy(swept, tmp_path / "t.csv")
    options = list(GRID)
    if change == "file":
        with open(folder / "town.toml", "a", encoding="utf-8") as file:
            file.write("# changed\n")
    elif change == "seed":
        options += ["--seed", "6"]
    else:
        text = table.read_text(encoding="utf-8")
        version = rows_of(table)[0]["version"]
        at = text.rindex(f",{version}\n")
        table.write_text(text[:at] + ",0.0.0\n", encoding="utf-8")
    before = table.read_bytes()
    result = run(folder / "town.toml" if change == "file" else town, table, *options)
    assert result.returncode == 3
    assert "is of another sweep: " in result.stderr and told in result.stderr
    assert table.read_bytes() == before


def test_other_keys_are_another_table(town, swept, tmp_path):
    table = shutil.copy(swept, tmp_path / "t.csv")
    result = run(town, table, "--grid", "call.water.when.per_h=2")
    assert result.returncode == 3 and "its columns are not those of this sweep" in result.stderr
    stranger = tmp_path / "notes.csv"
    stranger.write_text("a,b\n1,2\n", encoding="utf-8")
    assert run(town, stranger, *GRID).returncode == 3
    assert stranger.read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_two_sweeps_do_not_write_one_table(town, tmp_path):
    table = tmp_path / "t.csv"
    with subprocess.Popen([COMMAND, "sweep", str(town), "-o", str(table), *GRID, "-n", "400"],
                          stdout=subprocess.DEVNULL) as first:
        end = time.monotonic() + 30
        while time.monotonic() < end and not (table.exists() and table.stat().st_size > 0):
            time.sleep(0.01)
        result = run(town, table, *GRID, "-n", "400")
        first.kill()
    assert result.returncode == 4 and "another sweep writes it" in result.stderr


@pytest.mark.parametrize("options, code, told", [
    (["--grid", "per_h"], 2, '--grid is "per_h"; expected KEY=V1,V2,...'),
    (["--grid", "a=1,,2"], 2, "a value before, after and between commas"),
    (["--grid", "a=1,1"], 2, "each value once"),
    (["--grid", "a=1", "--grid", "a=2"], 2, "each key once"),
    (["--grid", "scenario.seed=" + ",".join(map(str, range(1001)))], 2, "1000 values at most"),
    (["--grid", "call.fire.when.per_h=1"], 3, "the code of one of the file's tables"),
    (["--grid", "call.water.when.per_hour=1"], 3, "per_hour"),
    (["--grid", "policy.muster.interval_min=5,-1"], 3, "interval_min is -1"),
    (["--policy", "best"], 2, 'there is no policy "best"'),
    (["--policy", "greedy,greedy"], 2, 'names "greedy" twice'),
    (["-o", "-"], 2, "expected a file"),
    (["-o", "/nowhere/t.csv"], 4, "/nowhere/t.csv: cannot be opened"),
])
def test_what_cannot_be_is_said_before_anything_is_simulated(town, tmp_path, options, code, told):
    table = tmp_path / "t.csv"
    result = run(town, table, *options)
    assert result.returncode == code and told in result.stderr, result.stderr
    assert not table.exists()


def test_values_with_commas_are_whole(town, tmp_path):
    table = tmp_path / "t.csv"
    grid = "call.water.work_min={ uniform = [5, 6] },60,{uniform=[10,20]}"
    assert run(town, table, "--grid", grid, "-n", 1, "--policy", "greedy").returncode == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["call.water.work_min"] for row in rows] == ["{ uniform = [5, 6] }", "60", "{uniform=[10,20]}"]
    assert run(town, table, "--grid", grid, "-n", 1, "--policy", "greedy").stdout.split(": ")[1].startswith("3 rows, 0 ")
