"""`muster isochrone`: the summary, areas and roads, against the table and by hand."""

import json

import pytest
from shapely.geometry import Point, shape

from muster_command import matrix, muster, refuse, succeed

WEST, EAST = "120.80,30.75", "120.808,30.751"
BASE = ["--from", WEST, "--profile", "light"]


def features(path):
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    return collection["features"]


def isochrone(network, folder, *arguments):
    """(areas, parts) by limit, as (properties, shape)."""
    areas, arcs = folder / "areas.geojson", folder / "arcs.geojson"
    succeed("isochrone", network, *arguments, "-o", areas, "--arcs", arcs)
    by_limit = {f["properties"]["limit_s"]: (f["properties"], shape(f["geometry"]))
                for f in features(areas)}
    parts = {limit: [] for limit in by_limit}
    for feature in features(arcs):
        parts[feature["properties"]["limit_s"]].append(
            (feature["properties"], shape(feature["geometry"])))
    return by_limit, parts


def test_people_read_limits_in_order_and_roads_by_class(village):
    lines = succeed("isochrone", village, *BASE, "--limit", "1h", "--limit", "30s").splitlines()
    assert lines[0].startswith("from") and "0 m from the road" in lines[0]
    assert lines[1].split() == ["profile", "light"]
    table = lines.index("limit                  nodes     road km    area km2")
    assert [line.split()[0:2] for line in lines[table + 1:table + 3]] == [["30", "s"], ["60", "min"]]
    classes = lines[lines.index("roads within 60 min") + 1:]
    assert {line.split()[0] for line in classes} >= {"secondary", "service"}
    total = float(lines[table + 2].split()[3])
    assert sum(float(line.split()[1]) for line in classes) == pytest.approx(total, abs=0.2)


def test_areas_are_valid_nested_and_hold_the_roads(village, tmp_path):
    areas, parts = isochrone(village, tmp_path, *BASE, "--limit", "20s", "--limit", "60s",
                             "--limit", "5min", "--radius", "30")
    assert list(areas) == [300, 60, 20]  # the largest first
    for limit, (facts, area) in areas.items():
        assert area.is_valid and facts["profile"] == "light" and facts["direction"] == "forward"
        assert all(area.covers(line) for _, line in parts[limit])
        assert sum(part["length_m"] for part, _ in parts[limit]) / 1000 == \
            pytest.approx(facts["road_km"], abs=0.001)
    assert areas[300][1].covers(areas[60][1]) and areas[60][1].covers(areas[20][1])
    assert areas[300][0]["area_km2"] > areas[60][0]["area_km2"] > areas[20][0]["area_km2"] > 0


@pytest.mark.parametrize("backward", [False, True])
def test_the_ends_of_roads_are_where_the_table_says(village, tmp_path, backward):
    limit_s = 40
    _, parts = isochrone(village, tmp_path, *BASE, "--limit", f"{limit_s}s",
                         *(["--backward"] if backward else []))
    ends = [(f"{n}{at}", *line.coords[at]) for n, (part, line) in enumerate(parts[limit_s])
            for at, fraction in ((0, part["from_fraction"]), (-1, part["to_fraction"]))
            if 0 < fraction < 1]
    assert ends
    west = [("west", 120.80, 30.75)]
    table = matrix(village, *((ends, west) if backward else (west, ends)), "light", tmp_path)
    for duration_ms, _ in table.values():  # six decimals are up to 0.1 m, a hundredth of a second
        assert duration_ms == pytest.approx(limit_s * 1000, abs=20)


def test_several_starts_reach_what_one_of_them_reaches(village, tmp_path):
    found = [isochrone(village, tmp_path, *sum((["--from", p] for p in places), []), "--profile",
                       "light", "--limit", "15s", "--radius", "20")[0][15][1]
             for places in ([WEST], [EAST], [WEST, EAST])]
    assert found[2].covers(Point(120.80, 30.75)) and found[2].covers(Point(120.808, 30.751))
    assert found[2].area == pytest.approx(found[0].union(found[1]).area, rel=0.05)


def test_a_file_on_standard_output_sends_the_summary_to_standard_error(village):
    done = muster("isochrone", village, *BASE, "--limit", "1min", "-o", "-")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["features"]) == 1
    assert done.stderr.startswith("from")


def test_a_place_without_a_road_is_an_answer(village):
    refuse(1, "isochrone", village, "--from", "122.5,30.5", "--limit", "5min", "--profile", "light",
           words=["122.5,30.5", "164.8 km", "within 5 km"])


def test_what_lies_across_the_water_is_not_reached(two_islands, tmp_path):
    succeed("isochrone", two_islands, "--from", "120.7,30.7", "--limit", "1h", "--profile", "light",
            "--radius", "10", "-o", tmp_path / "a.geojson")
    (_, area), = [(f, shape(f["geometry"])) for f in features(tmp_path / "a.geojson")]
    assert area.is_valid and area.geom_type == "MultiPolygon" and len(area.geoms) == 1


@pytest.mark.parametrize("arguments, words", [
    ([], ["NET.gpkg"]),
    (["n"], ["--from LON,LAT"]),
    (["n", "--from", WEST], ["--limit 10min"]),
    (["n", "--from", WEST, "--limit", "1min"], ["--profile", "light, heavy, emergency, boat, helicopter"]),
    (["n", *BASE, "--limit", "10"], ['"10"', "unit"]),
    (["n", *BASE, "--limit", "-1s"], ['"-1s"']),
    (["n", *BASE, "--limit", "169h"], ['"169h"', "168h"]),
    (["n", *BASE, "--limit", "1min", "--limit", "60s"], ["60s", "twice"]),
    (["n", *BASE, "--limit", "1min", "--radius", "9"], ["--radius", "10"]),
    (["n", *BASE, "--limit", "1min", "-o", "x", "--arcs", "x"], ['"x"', "two files"]),
    (["n", *BASE, *["--limit", "1s"] * 17], ["twice"]),
    (["n", *sum((["--limit", f"{i}s"] for i in range(1, 18)), [])], ["16 times"]),
])
def test_wrong_command_lines(arguments, words):
    refuse(2, "isochrone", *arguments, words=words)


def test_nothing_is_left_of_a_file_that_cannot_be_written(village, tmp_path):
    refuse(4, "isochrone", village, *BASE, "--limit", "1min", "-o", tmp_path / "no" / "a.geojson",
           words=["no/a.geojson"])
    assert list(tmp_path.iterdir()) == []
