"""`muster closures`, and --closures of route and matrix, in the village: road 2 - 3 - 4 - 8 - 5
with a bridge (edge 3), a one-way lane (edge 6), a service road (edges 7 and 8)."""

import json

import pytest

from muster_command import matrix, muster, refuse, succeed, write_sites

WEST, EAST = (120.80, 30.75), (120.808, 30.751)
ROUND_BRIDGE = [[120.803, 30.7495], [120.807, 30.7495], [120.807, 30.7515], [120.803, 30.7515],
                [120.803, 30.7495]]


def geojson(path, *features):
    """Write (geometry type, coordinates, properties)."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties,
         "geometry": {"type": kind, "coordinates": coordinates}}
        for kind, coordinates, properties in features]}))
    return path


def states(network, *arguments, profile="light"):
    """{edge_id: state}, from the GeoJSON; the text must tell the same."""
    done = muster("closures", network, "--profile", profile, *arguments, "--geojson", "-")
    assert done.returncode == 0, done
    roads = [f["properties"] for f in json.loads(done.stdout)["features"]
             if f["geometry"]["type"] == "LineString"]
    text = [line.split()[:2] for line in done.stderr.split("roads\n")[-1].splitlines()]
    assert text == [[str(r["edge_id"]), r["state"]] for r in roads] or not roads
    return {r["edge_id"]: r["state"] for r in roads}


def test_water_slows_closes_and_spares_the_bridge(village, tmp_path):
    water = geojson(tmp_path / "w.geojson", ("Polygon", [ROUND_BRIDGE], {"depth_m": 0.2}))
    assert states(village, "--polygon", water) == {
        2: "slowed", 3: "spared", 4: "slowed", 5: "slowed", 6: "slowed"}
    deep = geojson(tmp_path / "d.geojson", ("MultiPolygon", [[ROUND_BRIDGE]], {"depth_m": 0.35}))
    assert set(states(village, "--polygon", deep).values()) == {"closed", "spared"}
    assert states(village, "--polygon", deep, profile="emergency")[2] == "slowed"


def test_a_boat_goes_on_and_opens_the_gate(village, tmp_path):
    water = geojson(tmp_path / "w.geojson", ("Polygon", [[
        [120.8015, 30.7455], [120.803, 30.7455], [120.803, 30.7478], [120.8015, 30.7478],
        [120.8015, 30.7455]]], {"depth_m": 2}))
    lorry = states(village, "--polygon", water, profile="heavy")
    boat = states(village, "--polygon", water, profile="boat")
    assert set(lorry.values()) == {"closed"}
    assert boat.keys() > lorry.keys() and set(boat.values()) == {"opened"}


def test_depth_is_for_polygons_that_state_none(village, tmp_path):
    dry = geojson(tmp_path / "w.geojson", ("Polygon", [ROUND_BRIDGE], {}))
    assert states(village, "--polygon", dry)[2] == "closed"
    assert states(village, "--polygon", dry, "--depth", "0.1")[2] == "slowed"
    assert states(village, "--polygon", dry, "--depth", "0") == {}


def test_a_line_cuts_and_parts_are_named(village, tmp_path):
    line = geojson(tmp_path / "l.geojson",
                   ("LineString", [[120.8043, 30.750], [120.8043, 30.751]], None))
    assert states(village, "--line", line) == {3: "closed"}
    text = succeed("closures", village, "--profile", "light", "--line", line)
    assert text.splitlines()[4].split() == ["cut", "off", "1", "parts", "3", "nodes"]
    assert "3 nodes at 120.804600,30.750600" in text


def test_an_edge_and_a_point_close_the_same_road(village, tmp_path):
    point = geojson(tmp_path / "p.geojson", ("Point", [120.801, 30.7501], {}))
    assert states(village, "--edge", 1) == states(village, "--closures", point) == {1: "closed"}
    assert states(village, "--edge", 1, "--edge", 5) == {1: "closed", 5: "closed"}


def test_a_slow_area_doubles_the_time(village, tmp_path):
    slow = geojson(tmp_path / "s.geojson", ("Polygon", [[[120, 30], [121, 30], [121, 31]]],
                                            {"speed_factor": 0.5}))
    assert states(village, "--closures", slow)[3] == "slowed"


def test_route_and_matrix_agree_on_closures(village, tmp_path):
    water = geojson(tmp_path / "w.geojson", ("Polygon", [ROUND_BRIDGE], {"depth_m": 0.2}))
    arguments = ["--profile", "light", "--closures", water]
    answer = json.loads(succeed("route", village, "--from", "120.8,30.75", "--to",
                                "120.808,30.751", *arguments, "--json"))
    sites = write_sites(tmp_path / "s.csv", [("w", *WEST), ("e", *EAST)])
    rows = succeed("matrix", village, "--from", sites, "--to", sites, *arguments).splitlines()
    assert rows[2].split(",")[2] == f"{answer['duration_s']:.3f}"
    dry = matrix(village, [("w", *WEST)], [("e", *EAST)], "light", tmp_path)["w", "e"]
    assert answer["duration_s"] * 1000 > dry[0] and round(answer["distance_m"] * 100) == dry[1]


@pytest.mark.parametrize("text, words", [
    ("{", ["line 1", "GeoJSON"]),
    ("[]", ["FeatureCollection"]),
    ('{"type": "FeatureCollection"}', ["FeatureCollection"]),
    ('{"type": "Feature"}', ["feature 1", "no geometry"]),
    ('{"type": "Feature", "geometry": {"type": "Circle", "coordinates": []}}',
     ["feature 1", "Circle"]),
    ('{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": 3}}',
     ["feature 1", "no coordinates"]),
    ('{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}}',
     ["feature 1", "0 rings"]),
    ('{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[1, "x"]]]}}',
     ["feature 1", "[lon, lat]"]),
    ('{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2]]}}',
     ["feature 1", "1 points"]),
    ('{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 200]}}',
     ["feature 1", "200"]),
    ('{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 20]}}',
     ["feature 1", "5 km"]),
    ('{"type": "Feature", "properties": {"depth_m": "x"}, "geometry": {"type": "Polygon", '
     '"coordinates": [[[1, 2], [2, 2], [2, 3]]]}}', ["feature 1", "depth_m", "number"]),
    ('{"type": "Feature", "properties": {"depth_m": -1}, "geometry": {"type": "Polygon", '
     '"coordinates": [[[1, 2], [2, 2], [2, 3]]]}}', ["feature 1", "-1 m deep"]),
])
def test_a_wrong_file_is_named_by_feature(village, tmp_path, text, words):
    path = tmp_path / "wrong.geojson"
    path.write_text(text)
    refuse(3, "closures", village, "--profile", "light", "--closures", path, words=[path, *words])
    refuse(3, "route", village, "--from", "120.8,30.75", "--to", "120.808,30.751", "--profile",
           "light", "--closures", path, words=[path, *words])


def test_a_wrong_command_line_is_named(village, tmp_path):
    line = geojson(tmp_path / "l.geojson", ("LineString", [[1, 2], [3, 4]], None))
    refuse(2, "closures", village, "--profile", "light", words=["--edge"])
    refuse(2, "closures", village, "--edge", "1", words=["--profile"])
    refuse(2, "closures", village, "--profile", "light", "--depth", "-1", words=['"-1"'])
    refuse(3, "closures", village, "--profile", "light", "--edge", "99", words=['"99"', "9 edges"])
    refuse(3, "closures", village, "--profile", "light", "--polygon", line, words=["LineString"])
    refuse(4, "closures", village, "--profile", "light", "--line", tmp_path / "no",
           words=["No such file"])
