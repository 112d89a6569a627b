"""Scenario files and what is simulated: the tables of the command, byte by byte, and its comparison."""

import json
import os
import signal
import threading

import muster_command as command
import numpy as np
import pytest
import small_town_file
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

import muster

@pytest.fixture(scope="module", name="path")
def fixture_path(tmp_path_factory):
    return small_town_file.write(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module", name="file")
def fixture_file(path):
    return muster.ScenarioFile.load(path)


@pytest.fixture(scope="module", name="result")
def fixture_result(file):
    return file.simulate(replications=8, record=(0, 2))


def assert_same(a, b):
    for name in a.tables():
        left, right = a.table(name), b.table(name)
        (assert_geodataframe_equal if hasattr(left, "crs") else assert_frame_equal)(left, right)
    assert a.run == b.run


# ---- results -----------------------------------------------------------------------------


def test_a_saved_result_is_the_commands_folder_byte_by_byte(path, result, tmp_path):
    result.save(tmp_path / "ours")
    command.succeed("simulate", path, "-n", 8, "--record", "0,2", "-o", tmp_path / "theirs")
    names = sorted(file.name for file in (tmp_path / "theirs").iterdir())
    assert names == sorted(file.name for file in (tmp_path / "ours").iterdir()) and "moves.csv" in names
    for name in names:
        assert (tmp_path / "ours" / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes(), name


def test_a_folder_that_was_saved_is_read_back(file, path, result, tmp_path):
    command.succeed("simulate", path, "-n", 8, "--record", "0,2", "-o", tmp_path / "theirs")
    result.save(tmp_path / "ours")
    for folder in (tmp_path / "ours", tmp_path / "theirs"):
        found = muster.SimulationResult.read(folder)
        assert found.run == result.run and found.policies == result.policies
        for name in result.tables():
            ours, read = result.table(name), found.table(name)
            assert len(ours) == len(read) and (len(ours) > 0 or name == "refusals"), name
            assert_frame_equal(read.drop(columns="geometry", errors="ignore"),
                               ours.drop(columns="geometry", errors="ignore"), check_exact=False, rtol=0, atol=0.051)
            if "geometry" in ours:
                assert read.crs == ours.crs and read.geometry.geom_equals_exact(ours.geometry, 2e-6).all(), name
        assert_frame_equal(found.summary(), result.summary(), atol=1e-3)
        assert_frame_equal(found.compare("greedy", "muster"), result.compare("greedy", "muster"), atol=1e-3)
    muster.SimulationResult.read(tmp_path / "ours").save(tmp_path / "again")
    for saved in (tmp_path / "ours").iterdir():
        assert (tmp_path / "again" / saved.name).read_bytes() == saved.read_bytes(), saved.name


@pytest.mark.parametrize("name, old, new, error, words", [
    ("run.json", '"muster-simulation-1"', '"muster-simulation-9"', muster.FormatError,
     "run.json: format is 'muster-simulation-9'; expected 'muster-simulation-1'"),
    ("run.json", '"seed": 5', '"seed": "five"', muster.FormatError, "seed is 'five'; expected a whole number"),
    ("run.json", "{", "", muster.FormatError, "run.json: no JSON"),
    ("run.json", None, None, muster.StoreError, "run.json: cannot be read"),
    ("orders.csv", None, None, muster.StoreError, "orders.csv: cannot be read"),
    ("orders.csv", "issued_ms", "issued_s", muster.FormatError, "orders.csv: the header has no column 'issued_ms'"),
    ("orders.csv", "\r\ngreedy,0,1,", "\r\ngreedy,none,1,", muster.FormatError,
     "orders.csv: row 2: replication is 'none'; expected a number"),
    ("series.csv", "greedy,0,0,", "greedy,0,0,7,", muster.FormatError, "series.csv: row 2: 12 columns; expected 11"),
    ("hazards.geojson", '"code"', '"cod"', muster.FormatError, "hazards.geojson: KeyError"),
])
def test_what_is_wrong_in_a_folder_is_named(result, tmp_path, name, old, new, error, words):
    result.save(tmp_path)
    wrong = tmp_path / name
    if old is None:
        wrong.unlink()
    else:
        text = wrong.read_bytes().decode()
        assert old in text
        wrong.write_bytes(text.replace(old, new, 1).encode())
    with pytest.raises(error, match=words):
        muster.SimulationResult.read(tmp_path).table(name.split(".")[0] if name != "run.json" else "orders")


def test_a_way_that_is_none_is_named(result, tmp_path):
    result.save(tmp_path)
    head, first, *_ = (tmp_path / "moves.csv").read_text().split("\n")
    cells = first.rstrip().split(",")
    for polyline, times, words in (("", "0", "row 2: no way"), ("_p~iF", "0", "row 2: no way"),
                                   ("??", "0 5", "1 points and 2 times"), ("??", "soon", "row 2: no way"),
                                   ("_", "0", "no encoded polyline")):
        (tmp_path / "moves.csv").write_text("\n".join([head, ",".join([*cells[:-2], polyline, times]), ""]))
        with pytest.raises(muster.FormatError, match=words):
            muster.SimulationResult.read(tmp_path).table("moves")


def test_a_folder_that_is_written_anew_is_not_mixed(file, result, tmp_path):
    result.save(tmp_path)
    found = muster.SimulationResult.read(tmp_path)
    assert len(found.incidents) == len(result.incidents)
    file.simulate("greedy", replications=1).save(tmp_path)
    with pytest.raises(muster.StoreError, match="written anew since it was read"):
        found.table("needs")


def test_results_do_not_depend_on_the_number_of_threads(file, result):
    for threads in (1, 2):
        assert_same(file.simulate(replications=8, record=(0, 2), threads=threads), result)


def test_a_summary_is_what_the_command_prints(path, result):
    printed = command.succeed("simulate", path, "-n", 8, "--record", "none").splitlines()
    table = {line[:22].strip(): line[22:].replace("%", "").replace("min", "").replace("km", "").split()
             for line in printed}
    summary = result.summary()
    assert table["policy"] == summary.index.tolist() == ["greedy", "muster"]
    for label, column in (("reached", "reached_percent"), ("response, half", "response_p50_min"),
                          ("response, 9 of 10", "response_p90_min"), ("within standard", "within_standard_percent"),
                          ("need met", "need_met_percent"), ("unmet, unit hours", "unmet_unit_h"),
                          ("distance", "distance_km"), ("units busy", "units_busy_percent"), ("plans", "plans")):
        assert [f"{value:.1f}" for value in summary[column]] == table[label], label
    assert "response_p90_min" in result._repr_html_()


def test_a_comparison_is_the_commands(result, tmp_path):
    result.save(tmp_path / "r")
    said = json.loads(command.succeed("compare", tmp_path / "r", "--confidence", 90, "--json"))
    ours = result.compare("greedy", "muster", confidence=0.9)
    assert ours.index.tolist() == [measure["name"] for measure in said["measures"]]
    for measure in said["measures"]:
        row = ours.loc[measure["name"]]
        assert (row.unit, row.pairs) == (measure["unit"], measure["count"])
        found = row[["mean_a", "mean_b", "difference", "median", "sign_p", "low", "high", "median_low", "median_high"]]
        expected = [*(measure[name] for name in ("mean_a", "mean_b", "difference", "median", "sign_p")),
                    *(measure["interval"] or [None, None]), *(measure["median_interval"] or [None, None])]
        metres = 1e-3 if measure["name"] == "distance" else 0  # the file has tenths of a metre
        np.testing.assert_allclose(found.astype(float), np.array(expected, float), rtol=1e-9, atol=metres)
    assert ours.pairs["response_mean"] == 8 and ours.median_low.notna().any()


def test_units_are_busy_under_their_orders(result):
    units = result.units
    assert units.orders.sum() == len(result.orders)
    assert not units.duplicated(["policy", "replication", "resource", "unit"]).any()
    np.testing.assert_allclose(units.distance_m.sum(), result.orders.distance_m.sum())
    assert (units.busy_ms <= result.run["scenario"]["length_ms"]).all() and units.busy_ms.max() > 0


def test_frames_have_places_ways_and_gaps(result):
    incidents, moves = result.incidents, result.moves
    assert incidents.crs == moves.crs == "EPSG:4326"
    assert (incidents.geometry.x == incidents.lon_deg).all()
    assert incidents.first_on_scene_ms.isna().any() and (incidents.first_on_scene_ms.dropna() >= 0).all()
    assert set(moves.replication) == {0, 2} and (moves.geom_type != "Point").any()
    for offsets, line in zip(moves.offsets_ms, moves.geometry):
        assert len(offsets) == len(line.coords) and offsets[0] == 0
    assert set(result.hazards.code) == {"pond"} and result.hazards.depth_m.tolist()[:2] == [0.2, 0.9]


# ---- scenario files ----------------------------------------------------------------------


def test_a_file_says_what_it_is(file, path):
    assert (file.code, file.name, file.seed, file.replications) == ("town", "A day in town", 5, 3)
    assert file.start.isoformat() == "2026-08-01T08:00:00+08:00" and file.length_s == 6 * 3600
    assert file.policies == ["greedy", "muster"]
    assert file.assumptions == ["Calls come by chance.", "Nobody calls twice."]
    assert file.standards.response_s.tolist() == [600, 1500] and file.standards.type[0] == "injured"
    assert file.store == str(path.parent / "town.gpkg") and file.scenario.network.node_count > 0


def test_a_course_is_what_the_command_draws(file, path, tmp_path):
    command.muster("scenario", "draw", path, "-r", "2", "-o", tmp_path / "events.jsonl")
    drawn = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert file.course(2) == drawn and file.course(2, seed=9) != drawn


def test_overrides_take_the_place_of_what_is_in_the_file(path, file):
    mine = {"scenario.replications": 2, "policy.slow": {"base": "greedy", "delay_s": 600}, "scenario.name": 'Say "a"',
            "call.injured.when.per_h": np.float64(0.5), "scenario.assumption": ["One."]}
    changed = muster.ScenarioFile.load(path, overrides=mine)
    assert changed.policies == ["greedy", "muster", "slow"]
    assert changed.name == 'Say "a"' and changed.assumptions == ["One."]
    result = changed.simulate("slow")
    assert result.run["replications"] == 2 and result.run["policies"][0]["delay_ms"] == 600_000
    assert result.run["overrides"][0] == "scenario.replications=2"
    assert len(result.incidents[result.incidents.type == "injured"]) < 20
    again = muster.ScenarioFile.load(path, overrides=changed.overrides).simulate(["slow"])
    assert_same(again, result)


def test_a_scenario_plays_a_file_on_its_own_roads(path, result, tmp_path):
    import shutil
    shutil.copy(path.parent / "town.gpkg", tmp_path / "other.gpkg")
    scenario = muster.Scenario.load(tmp_path / "other.gpkg")
    played = scenario.simulate(path, replications=8, record=(0, 2), overrides={"scenario.about": "As it is."})
    assert played.run["scenario"]["store"] == str(tmp_path / "other.gpkg")
    assert_frame_equal(played.orders, result.orders)
    assert_frame_equal(played.compare("greedy", "muster"), muster.compare(result, played, "greedy", "muster"))


# ---- stopping and failing ----------------------------------------------------------------


def test_progress_is_told_and_can_stop(file, capsys):
    told = []
    file.simulate("greedy", replications=2, on_progress=lambda phase, share: told.append(share), progress=True)
    assert told and told == sorted(told) and told[-1] <= 1 and "replications" in capsys.readouterr().err
    with pytest.raises(muster.CancelledError):
        file.simulate(replications=1000, threads=1, on_progress=lambda *_: False)

    def fails(*_):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        file.simulate(replications=1000, threads=1, on_progress=fails)


def test_ctrl_c_stops(file):
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        file.simulate(replications=100_000)
    timer.join()
    assert len(file.simulate("greedy", replications=1).incidents) > 0


def test_other_threads_run_meanwhile(file, result):
    found = {}

    def play(number):
        found[number] = file.simulate(replications=8, record=(0, 2), threads=1)

    threads = [threading.Thread(target=play, args=(number,)) for number in range(2)]
    beats = 0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        beats += 1
        threads[0].join(0.005)
    assert beats > 10
    for number in range(2):
        assert_same(found[number], result)


def test_a_result_outlives_the_file(path):
    result = muster.ScenarioFile.load(path).simulate("greedy", replications=1)
    scenario = muster.ScenarioFile.load(path).scenario
    assert len(result.orders) > 0 and scenario.problem.incident_count > 0 and scenario.network.node_count > 0


@pytest.mark.parametrize("arguments, words", [
    ({"policies": "bold"}, "no policy 'bold'; expected one of greedy, muster"),
    ({"policies": []}, "policies are none"),
    ({"policies": ["muster", "muster"]}, "comes twice"),
    ({"policies": [3]}, "policies has 3; expected a text"),
    ({"replications": 0}, "replications is 0; expected a whole number from 1"),
    ({"replications": float("nan")}, "replications is nan"),
    ({"replications": "many"}, "replications is 'many'"),
    ({"first": -1}, "first is -1"),
    ({"seed": 1.5}, "seed is 1.5"),
    ({"threads": True}, "threads is True"),
    ({"series_s": 0}, "series_s is 0; expected 1 to 86400 seconds"),
    ({"record": [2**32]}, "record is 4294967296"),
    ({"journal": "there"}, "a journal of 2 policies and 3 replications"),
])
def test_bad_arguments_are_named(file, arguments, words):
    with pytest.raises(muster.InvalidError, match=words):
        file.simulate(**arguments)


def test_bad_files_are_named(path, tmp_path):
    with pytest.raises(muster.StoreError, match="nowhere.toml"):
        muster.ScenarioFile.load(tmp_path / "nowhere.toml")
    (tmp_path / "no.toml").write_text("format = [")
    with pytest.raises(muster.FormatError, match="no.toml"):
        muster.ScenarioFile.load(tmp_path / "no.toml")
    with pytest.raises(muster.InvalidError, match="call.nobody"):
        muster.ScenarioFile.load(path, overrides={"call.nobody.when.per_h": 4})
    with pytest.raises(muster.InvalidError, match="overrides have <object"):
        muster.ScenarioFile.load(path, overrides={"scenario.seed": object()})
    with pytest.raises(muster.StoreError, match="gone.gpkg"):
        muster.ScenarioFile.load(path, store=tmp_path / "gone.gpkg").simulate()
    with pytest.raises(muster.InvalidError, match="scenario file; expected a store"):
        muster.Scenario.load(path)


def test_what_does_not_belong_together_is_not_compared(file, result, tmp_path):
    with pytest.raises(muster.InvalidError, match="the seed is 5 and 6"):
        muster.compare(result, file.simulate(replications=8, seed=6), "greedy", "muster")
    with pytest.raises(muster.InvalidError, match="policy_b is 'bold'; expected one of greedy, muster"):
        result.compare("greedy", "bold")
    with pytest.raises(muster.InvalidError, match="policy_a is None"):
        muster.compare(result, result)
    with pytest.raises(muster.InvalidError, match="confidence is 1"):
        result.compare("greedy", "muster", confidence=1)
    (tmp_path / "file").write_text("")
    with pytest.raises(muster.StoreError, match="cannot write results"):
        result.save(tmp_path / "file")
    with pytest.raises(muster.InvalidError, match="the table is 'trips'; expected one of incidents, "):
        result.table("trips")
