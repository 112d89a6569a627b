"""`muster nearest`: the first rows of a sorted table, forward and in reverse."""

import json

import pytest

from muster_command import muster, read_csv, refuse, succeed, write_sites

HERE = "120.8042,30.752"
SITES = [("station", 120.80, 30.75), ("东桥", 120.808, 30.751), ("market, old", 120.806, 30.7522),
         ("lane", 120.8022, 30.748), ("twin", 120.80, 30.75)]


@pytest.fixture()
def sites(tmp_path):
    return write_sites(tmp_path / "sites.csv", SITES)


def nearest(network, sites, *options, profile="light"):
    return json.loads(succeed("nearest", network, "--from", HERE, "--to", sites, "--profile",
                              profile, "--json", *options))


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("count", [1, 3, 5, 100])
def test_they_are_the_first_of_the_sorted_table(village, sites, tmp_path, reverse, count):
    here = write_sites(tmp_path / "here.csv", [("here", *map(float, HERE.split(",")))])
    sides = ["--from", sites, "--to", here] if reverse else ["--from", here, "--to", sites]
    table = tmp_path / "table.csv"
    succeed("matrix", village, *sides, "--profile", "light", "-o", table)
    rows = [(float(r["duration_s"]), float(r["distance_m"]), i,
             r["from_id" if reverse else "to_id"]) for i, r in enumerate(read_csv(table))]
    answer = nearest(village, sites, "-k", count, *(["--reverse"] if reverse else []))
    found = [(n["duration_s"], n["distance_m"], n["id"]) for n in answer["nearest"]]
    assert found == [(s, m, name) for s, m, _, name in sorted(rows)[:count]]


def test_five_are_found_unless_told_otherwise(village, tmp_path):
    many = write_sites(tmp_path / "many.csv",
                       [(f"s{i}", 120.80 + i * 0.0003, 30.75) for i in range(9)])
    assert len(nearest(village, many)["nearest"]) == 5


def test_people_read_a_list(village, sites):
    lines = succeed("nearest", village, "--from", HERE, "--to", sites, "--profile", "light", "-k",
                    2).splitlines()
    assert lines[0].startswith("from      120.804200,30.752000") and len(lines) == 4
    assert lines[1].split() == ["profile", "light"]
    assert lines[2].endswith("  market, old") and " s " in lines[2] and " m " in lines[2]
    assert succeed("nearest", village, "--from", HERE, "--to", sites, "--profile", "light",
                   "--reverse").startswith("to        120.804200,30.752000")


def test_json_names_the_place_by_its_side(village, sites):
    assert nearest(village, sites)["from"]["lon"] == 120.8042
    assert nearest(village, sites, "--reverse")["to"]["lon"] == 120.8042


def test_what_cannot_be_reached_is_left_out(two_islands, tmp_path):
    path = write_sites(tmp_path / "s.csv", [("far", 120.80, 30.70), ("near", 120.71, 30.70)])
    arguments = ["nearest", two_islands, "--from", "120.70,30.70", "--profile", "light", "--to"]
    answer = json.loads(succeed(*arguments, path, "--json"))
    assert [(n["id"], n["duration_s"]) for n in answer["nearest"]] == [("near", 60)]
    write_sites(path, [("far", 120.80, 30.70)])
    line = refuse(1, *arguments, path, "-o", tmp_path / "out")
    assert line == f"muster: no road leads from 120.70,30.70 to any site of {path} for light"
    line = refuse(1, *arguments, path, "--reverse")
    assert line == f"muster: no road leads to 120.70,30.70 from any site of {path} for light"
    assert set(tmp_path.iterdir()) == {path}


def test_a_site_in_the_sea_is_counted_and_left_out(village, tmp_path):
    sea = write_sites(tmp_path / "sea.csv", [("boat", 122.5, 30.5), ("near", 120.80, 30.75)])
    done = muster("nearest", village, "--from", HERE, "--to", sea, "--profile", "light", "--json")
    assert done.returncode == 0
    assert [n["id"] for n in json.loads(done.stdout)["nearest"]] == ["near"]
    assert '"boat" in row 2' in done.stderr and "left out" in done.stderr
    refuse(1, "nearest", village, "--from", "122.5,30.5", "--to", sea, "--profile", "light",
           words=["122.5,30.5 lies", "5 km"])


@pytest.mark.parametrize("arguments, words", [
    ([], ["NET.gpkg"]), (["n"], ["--from"]), (["n", "--from", "1,2"], ["--to"]),
    (["n", "--from", "1,2", "--to", "s"], ["--profile"]),
    (["n", "--from", "1,2", "--to", "s", "--profile", "light", "-k", "0"], ["-k", '"0"', "from 1"]),
    (["n", "--from", "30,120", "--to", "s", "--profile", "light"], ["--from", "swapped"])])
def test_a_wrong_command_line_is_told_what_was_expected(arguments, words):
    refuse(2, "nearest", *arguments, words=words)
