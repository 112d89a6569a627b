"""Wrong command lines: exit code 2, one line, and what was expected."""

import pytest

from muster_command import muster, refuse, succeed

ROUTE = ["route", "n.gpkg", "--from", "120.8,30.75", "--to", "120.81,30.75", "--profile", "light"]


def test_version():
    assert succeed("--version").startswith("muster 0.")


def test_help_names_every_command_and_exit_code():
    text = succeed("--help")
    assert text == succeed("help")
    for command in "import info order snapshot export route matrix nearest isochrone closures plan site profiles db check help".split():
        assert f"\n  {command} " in text
    assert "Exit status" in text


@pytest.mark.parametrize("words", [["import"], ["import", "osm"], ["import", "dimacs"],
                                   ["import", "postgis"], ["info"], ["export"], ["route"],
                                   ["matrix"], ["nearest"], ["isochrone"], ["closures"], ["profiles"], ["check"]])
def test_help_of_a_command_is_its_help_option(words):
    text = succeed("help", *words)
    assert text == succeed(*words, "--help")
    assert "muster " + " ".join(words) in text


@pytest.mark.parametrize("arguments, words", [
    ([], ["no command", "--help"]),
    (["rotue"], ['"rotue"', 'did you mean "route"?']),
    (["fly"], ['"fly"', "expected import, info"]),
    (["--verson"], ['"--verson"', "--version"]),
    (["help", "rout"], ['did you mean "route"?']),
    (["import"], ["expected osm, dimacs or postgis"]),
    (["import", "oms"], ['did you mean "osm"?']),
    (["import", "osm"], ["FILE"]),
    (["import", "osm", "a", "b"], ['"b"', "one FILE"]),
    (["import", "osm", "a"], ["-o NET.gpkg"]),
    (["import", "osm", "a", "-o", "-"], ['"-"']),
    (["import", "dimacs", "-o", "n"], ["--graph"]),
    (["import", "dimacs", "--graph", "g", "-o", "n"], ["--coordinates"]),
    (["import", "postgis", "-o", "n"], ["CONNECTION"]),
    (["import", "postgis", "c", "-o", "n"], ["--query"]),
    (["info"], ["FILE"]),
    (["info", "a", "b"], ['"b"', "one FILE"]),
    (["info", "a", "--json=1"], ["--json", '"1"', "expected none"]),
    (["export", "n.gpkg"], ["--nodes"]),
    (["export", "n.gpkg", "--nodes", "x"], ["--arcs"]),
    (["route"], ["NET.gpkg"]),
    (["route", "n.gpkg"], ["--from"]),
    (["route", "n.gpkg", "--from"], ["--from", "LON,LAT"]),
    (["route", "n.gpkg", "--form", "1,2"], ["--form", "did you mean --from?"]),
    (["route", "n.gpkg", "-x"], ["-x"]),
    ([*ROUTE, "--json", "--geojson"], ["--json", "--geojson"]),
    ([*ROUTE[:-1], "lihgt"], ['"lihgt"', "light, heavy, emergency, boat, helicopter"]),
    (ROUTE[:-2], ["--profile", "light, heavy, emergency, boat, helicopter"]),
    (["matrix", "n.gpkg", "--t", "x"], ["--to", "--threads"]),
    (["matrix", "n.gpkg", "--threads", "-1"], ["--threads", '"-1"', "0 to 1024"]),
    (["matrix", "n.gpkg", "--threads", "2000"], ["--threads", '"2000"', "0 to 1024"]),
    (["matrix", "n.gpkg", "--threads", "2x"], ["--threads", '"2x"', "0 to 1024"]),
])
def test_a_wrong_command_line_is_told_what_was_expected(arguments, words):
    refuse(2, *arguments, words=words)


@pytest.mark.parametrize("place, words", [
    ("nan,30.75", ['"nan,30.75"', "LON,LAT"]),
    ("120.8,inf", ['"120.8,inf"', "LON,LAT"]),
    ("120.8", ['"120.8"', "LON,LAT"]),
    ("120.8,", ['"120.8,"', "LON,LAT"]),
    ("120.8,30.75,3", ["LON,LAT"]),
    ("120.8,30.75km", ["LON,LAT"]),
    ("0x78,30.75", ["LON,LAT"]),
    (" 120.8,30.75", ["LON,LAT"]),
    ("", ["LON,LAT"]),
    ("200,30.75", ["200", "-180 to 180"]),
    ("120.8,-91", ["-91", "-90 to 90"]),
    ("30.75,120.8", ["120.8", "swapped"]),
])
@pytest.mark.parametrize("option", ["--from", "--to"])
def test_a_wrong_place_is_named_with_its_option(place, words, option):
    arguments = list(ROUTE)
    arguments[arguments.index(option) + 1] = place
    refuse(2, *arguments, words=[option, *words])


def test_the_decimal_point_is_a_point_in_every_locale(village):
    done = muster("route", village, "--from", "120.8,30.75", "--to", "120.808,30.751",
                  "--profile", "light", env={"LC_ALL": "de_DE.UTF-8"})
    assert done.returncode == 0, done
