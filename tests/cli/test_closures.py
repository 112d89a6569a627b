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


DIKE = ("LineString", [[120.8043, 30.750], [120.8043, 30.751]], {"name": "North dike"})
FIELD = ("Polygon", [[[120.80, 30.74], [120.801, 30.74], [120.801, 30.745]]], {"depth_m": 0.1})
CUT = {"closure": 2, "feature": 2, "name": "North dike"}


@pytest.fixture
def dike(tmp_path):
    """Two closures, of which the second cuts the bridge."""
    return geojson(tmp_path / "dike.geojson", FIELD, DIKE)


def test_a_route_names_the_closure_that_cuts_it(village, dike):
    arguments = ["route", village, "--from", "120.8,30.75", "--to", "120.808,30.751", "--profile",
                 "light", "--closures", dike]
    line = refuse(1, *arguments)
    assert line == ("muster: no road leads from 120.8,30.75 to 120.808,30.751 for light: cut off "
                    f'by closure 2 ({dike}, feature 2 "North dike")')
    done = muster(*arguments, "--json")
    assert (done.returncode, done.stderr.strip()) == (1, line)
    answer = json.loads(done.stdout)
    assert answer["duration_s"] is None
    assert answer["to"]["snap_distance_m"] == 0  # and not moved to this side of the bridge
    assert answer["cut_off"] == {"kind": "each", "closures": [{**CUT, "file": str(dike)}]}


def test_two_closures_in_a_row_are_named_together(village, tmp_path):
    row = geojson(tmp_path / "row.geojson", DIKE, ("Point", [120.801, 30.7501], {}),
                  ("LineString", [[120.8044, 30.750], [120.8044, 30.751]], None))
    arguments = ["route", village, "--from", "120.8,30.75", "--to", "120.808,30.751", "--profile",
                 "light", "--closures", row]
    assert "closures 1 (" in refuse(1, *arguments, words=["feature 1 \"North dike\") and 3 (",
                                                          "together; lifting all of them"])
    assert json.loads(muster(*arguments, "--json").stdout)["cut_off"]["kind"] == "all"


def test_a_name_cannot_draw_on_the_terminal(village, tmp_path):
    dike = geojson(tmp_path / "d.geojson", (*DIKE[:2], {"name": "\x1b[31mred\n" + 99 * "x"}))
    text = succeed("closures", village, "--profile", "light", "--closures", dike)
    assert "\x1b" not in text and "red" in text and 50 * "x" not in text


def test_what_closures_do_not_explain_is_said(two_islands, dike):
    refuse(1, "route", two_islands, "--from", "120.70,30.70", "--to", "120.80,30.70", "--profile",
           "light", "--closures", dike, words=["closures or not: the one lies in a part of 2"])


def test_a_table_has_the_closures_in_a_column(village, dike, tmp_path):
    sites = write_sites(tmp_path / "s.csv", [("w", *WEST), ("e", *EAST), ("sea", 122.5, 30.5)])
    done = muster("matrix", village, "--from", sites, "--to", sites, "--profile", "light",
                  "--closures", dike)
    assert done.returncode == 0
    rows = [line.split(",") for line in done.stdout.splitlines()]
    assert rows[0] == ["from_id", "to_id", "duration_s", "distance_m", "cut_off_by"]
    assert {(r[0], r[1]): r[4] for r in rows[1:]} == {
        ("w", "w"): "", ("e", "e"): "", ("w", "e"): "2", ("e", "w"): "2",
        **{("sea", i): "-" for i in ("w", "e", "sea")}, ("w", "sea"): "-", ("e", "sea"): "-"}


def test_a_table_that_keeps_going_has_nothing_to_explain_for_a_wrong_row(village, dike, tmp_path):
    sites = tmp_path / "s.csv"
    sites.write_text(f"id,lon,lat\nw,{WEST[0]},{WEST[1]}\nbad,x,y\ne,{EAST[0]},{EAST[1]}\n")
    done = muster("matrix", village, "--from", sites, "--to", sites, "--profile", "light",
                  "--closures", dike, "--keep-going")
    rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
    assert done.returncode == 0
    assert [r[4] for r in rows] == ["", "-", "2", "-", "-", "-", "2", "-", ""]


def test_the_nearest_says_what_it_leaves_out(village, dike, tmp_path):
    sites = write_sites(tmp_path / "s.csv", [("w", *WEST), ("e", *EAST)])
    arguments = ["nearest", village, "--from", "120.8,30.75", "--to", sites, "--profile", "light",
                 "--closures", dike]
    assert succeed(*arguments).splitlines()[3:] == [
        "not reached", f'  e: cut off by closure 2 ({dike}, feature 2 "North dike")']
    assert "not reached" not in succeed(*arguments, "-k", "1")
    for form in [], ["--reverse"]:
        answer = json.loads(succeed(*arguments, "--json", *form))
        assert [s["id"] for s in answer["nearest"]] == ["w"]
        assert answer["not_reached"] == [
            {"id": "e", "cut_off": {"kind": "each", "closures": [{**CUT, "file": str(dike)}]}}]


def test_where_nothing_is_near_the_first_site_tells_why(village, dike, tmp_path):
    sites = write_sites(tmp_path / "s.csv", [("e", *EAST)])
    arguments = ["nearest", village, "--from", "120.8,30.75", "--to", sites, "--profile", "light"]
    refuse(1, *arguments, "--closures", dike, words=['"e": cut off by closure 2'])
    done = muster(*arguments, "--closures", dike, "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["nearest"] == []


def test_parts_say_which_closure_cuts_them_off(village, dike):
    text = succeed("closures", village, "--profile", "light", "--edge", 7, "--closures", dike)
    assert f'3 nodes at 120.804600,30.750600: cut off by closure 3 ({dike}, feature 2 ' in text
    assert "1 nodes at 120.802300,30.747000: cut off by closure 1 (edge 7)" in text
    parts = [f["properties"] for f in json.loads(
        muster("closures", village, "--profile", "light", "--edge", 7, "--closures", dike,
               "--geojson", "-").stdout)["features"] if f["geometry"]["type"] == "Point"]
    assert [p["no_way_in"]["closures"][0]["closure"] for p in parts] == [3, 1]
    assert parts[1]["no_way_out"] == {"kind": "each",
                                      "closures": [{"closure": 1, "edge_id": 7}]}


def test_a_part_that_can_still_be_left_says_so(tmp_path):
    """A ring of one-way streets 1 - 2 - 3, cut between 1 and 2."""
    graph, coordinates, ring = tmp_path / "r.gr", tmp_path / "r.co", tmp_path / "r.gpkg"
    graph.write_text("p sp 3 3\na 1 2 60000\na 2 3 60000\na 3 1 60000\n")
    coordinates.write_text("p aux sp co 3\nv 1 120700000 30700000\nv 2 120710000 30700000\n"
                           "v 3 120700000 30710000\n")
    succeed("import", "dimacs", "--graph", graph, "--coordinates", coordinates, "-o", ring)
    text = succeed("closures", ring, "--profile", "light", "--edge", 1)
    assert "120.710000,30.700000; no way in: cut off by closure 1 (edge 1)\n" in text
    assert "no way out" not in text


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


def test_an_isochrone_ends_where_the_road_is_closed(village, dike, tmp_path):
    def reached(*arguments):
        arcs = tmp_path / "arcs.geojson"
        said = succeed("isochrone", village, "--from", "120.8,30.75", "--limit", "1h", "--profile",
                       "light", "--arcs", arcs, *arguments)
        parts = json.loads(arcs.read_text(encoding="utf-8"))["features"]
        return said, {part["properties"]["edge_id"] for part in parts}
    said, edges = reached("--closures", dike)
    assert f"closures  {dike}" in said.splitlines()
    before, all_edges = reached()
    assert "closures" not in before and edges < all_edges


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
