"""`muster route`: for people, as JSON and GeoJSON, and where there is no route."""

import json

import pytest

from muster_command import Graph, matrix, muster, refuse, route, succeed

WEST, EAST = "120.80,30.75", "120.808,30.751"
MARKET = "120.806,30.7522"    # at the end of the one-way market lane
BEYOND_GATE = "120.8024,30.746"
SEA = "122.5,30.5"


def test_people_read_duration_distance_and_roads_in_order(village):
    text = succeed("route", village, "--from", WEST, "--to", MARKET, "--profile", "light")
    lines = text.splitlines()
    assert lines[0].startswith("from") and WEST[:6] in lines[0] and "0 m from the road" in lines[0]
    assert lines[2].split() == ["profile", "light"]
    assert lines[3].split()[0] == "duration" and lines[4].split()[0] == "distance"
    roads = lines[lines.index("roads") + 1:]
    assert [road.split()[-1] for road in roads] == ["运河路", "市集弄"]  # three ways, one name


def test_json_adds_up(village):
    answer = json.loads(succeed("route", village, "--from", WEST, "--to", MARKET, "--profile",
                                "light", "--json"))
    assert answer["profile"] == "light"
    assert [r["name"] for r in answer["roads"]] == ["运河路", "市集弄"]
    assert sum(r["distance_m"] for r in answer["roads"]) == pytest.approx(answer["distance_m"],
                                                                          abs=0.02)
    assert answer["from"] == {"lon": 120.8, "lat": 30.75, "snapped_lon": 120.8,
                              "snapped_lat": 30.75, "snap_distance_m": 0}


@pytest.mark.parametrize("start, end", [
    ("120.8010,30.7501", "120.8070,30.7511"), ("120.8070,30.7511", "120.8010,30.7501"),
    ("120.8065,30.7512", "120.8075,30.7511"), ("120.8075,30.7511", "120.8065,30.7512")])
def test_roads_driven_in_part_count_in_part(village, start, end):
    answer = json.loads(succeed("route", village, "--from", start, "--to", end, "--profile",
                                "light", "--json"))
    assert [r["name"] for r in answer["roads"]] == ["运河路"]
    assert answer["roads"][0]["distance_m"] == pytest.approx(answer["distance_m"], abs=0.03)


def test_an_unnamed_road_is_told_by_its_class(village):
    arguments = ["route", village, "--from", WEST, "--to", "120.8022,30.748", "--profile", "light"]
    assert "(service)" in succeed(*arguments)
    assert json.loads(succeed(*arguments, "--json"))["roads"][-1]["name"] is None


def test_geojson_is_a_feature_from_snap_to_snap(village):
    feature = json.loads(succeed("route", village, "--from", WEST, "--to", MARKET, "--profile",
                                 "light", "--geojson"))
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] == "LineString"
    line = feature["geometry"]["coordinates"]
    assert line[0] == [120.8, 30.75] and line[-1] == pytest.approx([120.806, 30.7522])
    assert [120.804, 30.7505] in line
    plain = json.loads(succeed("route", village, "--from", WEST, "--to", MARKET, "--profile",
                               "light", "--json"))
    assert feature["properties"] == plain


def test_a_file_gets_what_standard_output_would(village, tmp_path):
    arguments = ["route", village, "--from", WEST, "--to", EAST, "--profile", "heavy", "--json"]
    succeed(*arguments, "-o", tmp_path / "route.json")
    assert (tmp_path / "route.json").read_text() == succeed(*arguments)


def test_a_place_to_itself_is_no_way_at_all(village):
    answer = json.loads(succeed("route", village, "--from", WEST, "--to", WEST, "--profile",
                                "light", "--json"))
    assert (answer["duration_s"], answer["distance_m"]) == (0, 0)


def test_profiles_differ_where_the_road_does(village):
    """The bridge bears 10 t, and the gate opens for blue lights."""
    arguments = ["route", village, "--from", WEST, "--to", EAST, "--json", "--profile"]
    light, heavy = (json.loads(succeed(*arguments, p)) for p in ("light", "heavy"))
    assert light["to"]["snap_distance_m"] == 0
    assert heavy["to"]["snap_distance_m"] > 300  # it stops before the bridge
    arguments[5] = BEYOND_GATE
    light, emergency = (json.loads(succeed(*arguments, p)) for p in ("light", "emergency"))
    assert light["to"]["snap_distance_m"] > 100  # it stops before the gate
    assert emergency["to"]["snap_distance_m"] == 0


def no_way_between_islands(network, *form):
    start, end = "120.70,30.70", "120.80,30.70"
    done = muster("route", network, "--from", start, "--to", end, "--profile", "light", *form)
    assert done.returncode == 1
    assert done.stderr == (f"muster: no road leads from {start} to {end} for light: the one lies "
                           "in a part of 2 nodes, the other in another of 2\n")
    return done.stdout


def test_that_there_is_no_way_is_an_answer(two_islands, tmp_path):
    assert no_way_between_islands(two_islands) == ""
    assert no_way_between_islands(two_islands, "-o", tmp_path / "out") == ""
    assert list(tmp_path.iterdir()) == []


def test_programs_get_that_answer_like_any_other(two_islands):
    answer = json.loads(no_way_between_islands(two_islands, "--json"))
    assert (answer["duration_s"], answer["distance_m"], answer["roads"]) == (None, None, [])
    assert answer["to"]["snapped_lon"] == 120.8
    assert answer["cut_off"] == {"kind": "always", "closures": []}
    feature = json.loads(no_way_between_islands(two_islands, "--geojson"))
    assert feature == {"type": "Feature", "geometry": None, "properties": answer}


def test_a_way_too_long_to_count_is_no_way_and_yet_not_cut_off(tmp_path):
    """Two arcs of 23 days each."""
    graph, coordinates, chain = tmp_path / "c.gr", tmp_path / "c.co", tmp_path / "c.gpkg"
    graph.write_text("p sp 3 4\n" + "".join(f"a {a} {b} 2000000000\n" for a, b in
                                            [(1, 2), (2, 1), (2, 3), (3, 2)]))
    coordinates.write_text("p aux sp co 3\nv 1 120700000 30700000\nv 2 120710000 30700000\n"
                           "v 3 120720000 30700000\n")
    succeed("import", "dimacs", "--graph", graph, "--coordinates", coordinates, "-o", chain)
    refuse(1, "route", chain, "--from", "120.70,30.70", "--to", "120.72,30.70", "--profile",
           "light", words=["for light: not cut off, but more than 24 days away"])


@pytest.mark.parametrize("option", ["--from", "--to"])
def test_a_place_in_the_sea_is_told_how_far_the_road_is(village, option):
    other = "--to" if option == "--from" else "--from"
    line = refuse(1, "route", village, option, SEA, other, WEST, "--profile", "light",
                  words=[f"{SEA} lies", "km from the nearest road that light may use", "5 km"])
    assert 150 < float(line.split(" lies ")[1].split()[0]) < 175


def test_a_place_that_would_be_near_a_road_the_other_way_round_is_asked_about(malta):
    ends = ["--to", "14.51,35.9", "--profile", "light"]
    refuse(1, "route", malta, "--from", "35.9,14.5", *ends,
           words=["35.9,14.5 lies", "km", "expected within 5 km", "are the two swapped?"])
    assert "swapped" not in refuse(1, "route", malta, "--from", "36.9,14.5", *ends)
    refuse(1, "isochrone", malta, "--from", "35.9,14.5", "--limit", "1min", "--profile", "light",
           words=["35.9,14.5 lies", "are the two swapped?"])


@pytest.mark.parametrize("profile", ["light", "heavy", "emergency"])
def test_route_matrix_and_scipy_agree_on_every_pair_of_nodes(village, tmp_path, profile):
    graph = Graph(village, profile, tmp_path)
    nodes = graph.plain_nodes()
    sites = [graph.nodes[i] for i in nodes]
    assert len(sites) >= 3  # heavy cannot cross the bridge
    table = matrix(village, sites, sites, profile, tmp_path)
    for i in nodes:
        expected = graph.costs_from(i)
        for j in nodes:
            start, end = graph.nodes[i], graph.nodes[j]
            found = table[str(start[0]), str(end[0])]
            assert found == expected[j], (start, end)
            assert route(village, start[1:], end[1:], profile) == found
