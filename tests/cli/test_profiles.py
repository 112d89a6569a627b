"""Profiles from files in every command that takes one, boats in floods, and units that fly, whose
table is checked by the haversine formula in numpy."""

import json
import sqlite3
import sys

import jsonschema
import numpy
import pytest

from muster_command import SOURCE, matrix, muster, refuse, route, succeed, write_sites

sys.path.insert(0, str(SOURCE / "tests/support"))
import small_scenario  # noqa: E402

SCHEMA = json.loads((SOURCE / "docs/profiles.schema.json").read_text())
WEST, EAST = (120.80, 30.75), (120.808, 30.751)
BUILT_IN = ["light", "heavy", "emergency", "boat", "helicopter", "drone"]


def write_profiles(path, *profiles):
    document = {"$schema": "profiles.schema.json", "profiles": list(profiles)}
    jsonschema.validate(document, SCHEMA)
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def fleet(tmp_path):
    return write_profiles(
        tmp_path / "fleet.json",
        {"name": "moped", "extends": "light", "max_speed_kmh": 25, "turnout_s": 30},
        {"name": "gyrocopter", "flight_speed_kmh": 120, "setup_s": 90, "turnout_s": 240},
        {"name": "heavy", "extends": "heavy", "weight_t": 9})


# ---- the list ------------------------------------------------------------------------------

def test_the_built_in_profiles_are_a_file_that_comes_back(tmp_path):
    text = succeed("profiles", "--json")
    document = json.loads(text)
    jsonschema.validate(document, SCHEMA)
    assert [p["name"] for p in document["profiles"]] == BUILT_IN
    path = tmp_path / "p.json"
    path.write_text(text)
    assert succeed("profiles", path, "--json") == text
    assert succeed("profiles", path) == succeed("profiles")


def test_a_file_is_shown_with_what_it_inherits(fleet):
    shown = json.loads(succeed("profiles", fleet, "--json"))["profiles"]
    light = json.loads(succeed("profiles", "--json"))["profiles"][0]
    assert [p["name"] for p in shown] == ["moped", "gyrocopter", "heavy"]
    assert shown[0] == {**light, "name": "moped", "max_speed_kmh": 25, "turnout_s": 30}
    assert shown[1] == {"name": "gyrocopter", "flight_speed_kmh": 120, "setup_s": 90,
                        "turnout_s": 240}


def test_the_table_has_a_column_a_profile(fleet):
    for arguments, names in [([], BUILT_IN), ([fleet], ["moped", "gyrocopter", "heavy"])]:
        lines = succeed("profiles", *arguments).splitlines()
        assert lines[0].split() == names
        assert all(len(line) <= 80 for line in lines)
    table = {line[:14].strip(): line[14:].split() for line in lines}
    assert table["at most"] == ["25", "-", "90"]
    assert table["flies km/h"] == ["-", "120", "-"]
    assert table["turnout s"] == ["30", "240", "80"]


def test_a_wide_fleet_is_shown_six_at_a_time(tmp_path):
    path = write_profiles(tmp_path / "p.json", *({"name": f"船{i}"} for i in range(8)))
    tops = [line.split() for line in succeed("profiles", path).splitlines() if "船" in line]
    assert tops == [[f"船{i}" for i in range(6)], ["船6", "船7"]]


def test_the_schema_and_the_reader_refuse_the_same(tmp_path):
    wrong = [{}, {"name": ""}, {"name": "x", "hieght_m": 3}, {"name": "x", "height_m": "3"},
             {"name": "x", "height_m": -1}, {"name": "x", "turnout_s": 3e9},
             {"name": "x", "turnout_s": None}, {"name": "x", "access": "light"},
             {"name": "x", "access": ["bus"]}, {"name": "x", "speed_kmh": {"footway": 5}},
             {"name": "x", "speed_factor": 0}, {"name": "x", "water": "swim"},
             {"name": "x", "extends": 3}]
    for profile in wrong:
        document = {"profiles": [profile]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document, SCHEMA)
        path = tmp_path / "wrong.json"
        path.write_text(json.dumps(document))
        refuse(3, "profiles", path, words=[path])


# ---- --profiles ------------------------------------------------------------------------------

def commands(network, folder):
    """Every command that takes a profile, as it is called."""
    sites = write_sites(folder / "s.csv", [("a", *WEST), ("b", *EAST)])
    ends = ["--from", f"{WEST[0]},{WEST[1]}", "--to", f"{EAST[0]},{EAST[1]}"]
    return [["route", network, *ends], ["matrix", network, "--from", sites, "--to", sites],
            ["nearest", network, *ends[:2], "--to", sites],
            ["isochrone", network, *ends[:2], "--limit", "5min"],
            ["closures", network, "--edge", "1"], ["check", network, "--pairs", "20"],
            ["export", network, "--nodes", folder / "n.csv", "--arcs", folder / "a.csv"]]


def test_every_command_takes_profiles_of_a_file(village, fleet, tmp_path):
    for command in commands(village, tmp_path):
        succeed(*command, "--profile", "moped", "--profiles", fleet)
        refuse(2, *command, "--profile", "tank", "--profiles", fleet,
               words=['"tank"', "expected moped, gyrocopter, heavy, light"])
        refuse(4, *command, "--profile", "moped", "--profiles", tmp_path / "none.json",
               words=["none.json"])


def test_every_command_names_the_mistake_in_a_file(village, tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"profiles": [{"name": "x", "extends": "light", "height_m": "tall"}]}')
    for command in commands(village, tmp_path):
        refuse(3, *command, "--profile", "x", "--profiles", path,
               words=[path, 'profile "x" has height_m "tall"; expected a number, 0 or more'])


def test_what_extends_travels_as_it_says(village, fleet):
    ends = ["--from", f"{WEST[0]},{WEST[1]}", "--to", f"{EAST[0]},{EAST[1]}", "--json"]
    moped = json.loads(succeed("route", village, *ends, "--profile", "moped", "--profiles", fleet))
    light = json.loads(succeed("route", village, *ends, "--profile", "light"))
    assert moped["distance_m"] == light["distance_m"]
    assert moped["duration_s"] == pytest.approx(light["distance_m"] / (25 / 3.6), abs=0.01)


def test_a_file_may_replace_a_built_in_profile(village, fleet):
    """The bridge bears 10 t: 9 t may cross, and the 18 t of the built-in lorry not."""
    ends = ["--from", f"{WEST[0]},{WEST[1]}", "--to", f"{EAST[0]},{EAST[1]}", "--json"]
    built_in = json.loads(succeed("route", village, *ends, "--profile", "heavy"))
    own = json.loads(succeed("route", village, *ends, "--profile", "heavy", "--profiles", fleet))
    assert built_in["to"]["snap_distance_m"] > 300  # this side of the bridge
    assert own["to"]["snap_distance_m"] < 30


# ---- plans -----------------------------------------------------------------------------------

@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "small.gpkg"
    small_scenario.write(path)
    return path


def edit(path, *statements):
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()



def plan_of(path, *arguments):
    out = path.with_suffix(".json")
    succeed("plan", path, "-o", out, *arguments)
    return json.loads(out.read_text(encoding="utf-8"))


def test_units_of_a_scenario_travel_by_profiles_of_a_file(scenario, fleet):
    edit(scenario, "UPDATE team SET profile = 'gyrocopter', turnout_s = NULL WHERE code = 'T3'")
    refuse(3, "plan", scenario, words=["table team, row code 'T3'", "'gyrocopter'",
                                       "expected light, heavy, emergency, boat, helicopter"])
    decided = plan_of(scenario, "--profiles", fleet)
    flight = next(a for a in decided["assignments"] if a["code"] == "T3")
    assert flight["depart_s"] == 240
    assert flight["eta_s"] == pytest.approx(240 + 90 + flight["distance_m"] / (120 / 3.6), abs=0.01)


# ---- units that fly ---------------------------------------------------------------------------

def haversine_m(a, b):
    """Of arrays of (lon, lat), each with each."""
    lon1, lat1 = numpy.radians(a).T[:, :, None]
    lon2, lat2 = numpy.radians(b).T[:, None, :]
    h = numpy.sin((lat2 - lat1) / 2) ** 2 \
        + numpy.cos(lat1) * numpy.cos(lat2) * numpy.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371008.8 * numpy.arcsin(numpy.sqrt(h))


def test_a_flying_table_is_that_of_the_haversine_formula(village, tmp_path):
    dice = numpy.random.default_rng(1)
    near = numpy.column_stack([120.8 + dice.normal(0, 0.5, 30), 30.75 + dice.normal(0, 0.5, 30)])
    far = numpy.column_stack([dice.uniform(-180, 180, 20), dice.uniform(-90, 90, 20)])
    starts, ends = numpy.vstack([near, far[:10]]), numpy.vstack([near[:15], far])
    for profile, kmh, setup_ms in [("helicopter", 220, 180000), ("drone", 54, 60000)]:
        table = matrix(village, [(i, *s) for i, s in enumerate(starts.tolist())],
                       [(i, *e) for i, e in enumerate(ends.tolist())], profile, tmp_path)
        way_m = haversine_m(starts, ends)
        found = numpy.array([[table[str(i), str(j)] for j in range(len(ends))]
                             for i in range(len(starts))])
        assert numpy.abs(found[:, :, 0] - (setup_ms + way_m / (kmh / 3.6) * 1000)).max() < 0.51
        assert numpy.abs(found[:, :, 1] - way_m * 100).max() < 0.6
        assert found[0, 0].tolist() == [setup_ms, 0]


def test_a_flight_is_the_same_by_every_command(village, two_islands, tmp_path):
    start, end = (120.7, 30.7), (121.9, 31.4)
    cell = matrix(village, [("a", *start)], [("b", *end)], "helicopter", tmp_path)["a", "b"]
    assert route(village, start, end, "helicopter") == cell
    assert route(two_islands, start, end, "helicopter") == cell  # whatever lies below
    ends = ["--from", f"{start[0]},{start[1]}", "--to", f"{end[0]},{end[1]}"]
    text = succeed("route", village, *ends, "--profile", "helicopter")
    assert "by air" in text and "roads" not in text
    line = json.loads(succeed("route", village, *ends, "--profile", "helicopter", "--geojson"))
    assert line["properties"]["roads"] == []
    assert line["geometry"]["coordinates"][0] == list(start)
    assert line["geometry"]["coordinates"][-1] == list(end)
    assert len(line["geometry"]["coordinates"]) == 7  # 138 km
    sites = write_sites(tmp_path / "s.csv", [("b", *end), ("a", *start)])
    nearest = json.loads(succeed("nearest", village, *ends[:2], "--to", sites, "--profile",
                                 "helicopter", "--json"))["nearest"]
    assert [n["id"] for n in nearest] == ["a", "b"]
    assert round(nearest[1]["duration_s"] * 1000) == cell[0]


def test_what_is_flown_to_is_a_circle(village, tmp_path):
    areas, parts = tmp_path / "areas.geojson", tmp_path / "parts.geojson"
    text = succeed("isochrone", village, "--from", "120.8,30.75", "--limit", "2min", "--limit",
                   "80s", "--profile", "drone", "-o", areas, "--arcs", parts)
    assert "by air" in text and "as far as it flies" in text
    far, near = json.loads(areas.read_text())["features"]
    for feature, radius_m in [(far, 900), (near, 300)]:
        ring = numpy.array(feature["geometry"]["coordinates"][0][0])
        assert numpy.abs(haversine_m(numpy.array([[120.8, 30.75]]), ring) - radius_m).max() < 0.2
        assert feature["properties"]["area_km2"] == pytest.approx(
            numpy.pi * radius_m ** 2 / 1e6, rel=0.01)
        assert feature["properties"]["radius_m"] is None
    assert far["properties"]["node_count"] > near["properties"]["node_count"] > 0
    assert any(f["properties"]["to_fraction"] < 1 for f in json.loads(parts.read_text())["features"])
    refuse(3, "isochrone", village, "--from", "179.9,0", "--limit", "1h", "--profile", "helicopter",
           words=["over a pole or the 180th meridian"])


def test_closures_do_not_concern_what_flies(village, tmp_path):
    closed = tmp_path / "closed.geojson"
    closed.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {
            "type": "Polygon", "coordinates": [[[120, 30], [122, 30], [122, 32], [120, 30]]]}},
        {"type": "Feature", "properties": {}, "geometry": {
            "type": "Point", "coordinates": [120.8, 30.75]}}]}))
    ends = ["--from", f"{WEST[0]},{WEST[1]}", "--to", f"{EAST[0]},{EAST[1]}"]
    open_sky = succeed("route", village, *ends, "--profile", "drone")
    assert succeed("route", village, *ends, "--profile", "drone", "--closures", closed) == open_sky
    text = succeed("closures", village, "--profile", "drone", "--closures", closed)
    assert "closed          0 edges" in text and "spared          0 edges" in text


def test_who_flies_has_no_graph_to_export_or_check(village, tmp_path):
    refuse(1, "export", village, "--nodes", tmp_path / "n", "--arcs", tmp_path / "a", "--profile",
           "drone", words=["drone flies", "expected a profile that drives"])
    refuse(1, "check", village, "--profile", "drone", words=["drone flies"])


# ---- a table of them ---------------------------------------------------------------------------

def with_table(path, *rows):
    small_scenario.write(path)
    with sqlite3.connect(path) as db:
        db.executemany("INSERT INTO profile (name, document) VALUES (?, ?)", rows)
    db.close()
    return path


def test_units_travel_by_the_profiles_of_the_table(tmp_path):
    path = with_table(tmp_path / "s.gpkg",
                      ("snail", '{"name": "snail", "extends": "emergency", "max_speed_kmh": 2}'))
    out = tmp_path / "plan.json"
    succeed("plan", path, "-o", out)
    before = json.loads(out.read_text())["tiers"][1]["value"]
    with sqlite3.connect(path) as db:
        db.execute("UPDATE vehicle SET profile = 'snail'")
    db.close()
    succeed("plan", path, "-o", out)
    assert json.loads(out.read_text())["tiers"][1]["value"] > before
    succeed("explain", path, "--incident", "I2")


def test_a_wrong_row_of_the_table_is_named(tmp_path):
    for name, document, words in [
            ("a", "{", ["wrong.gpkg", "not JSON"]),
            ("a", '{"name": "b", "extends": "light"}', ["table profile", "row fid 1", "name", "'a'", "'b'"]),
            ("a", '{"name": "a", "wheels": 3}', ["profile \"a\"", "wheels"]),
            ("a", '{"name": "a", "extends": "c"}', ["extends", "c"])]:
        path = with_table(tmp_path / "wrong.gpkg", (name, document))
        refuse(3, "plan", path, words=words)
        path.unlink()


# ---- boats ------------------------------------------------------------------------------------

def test_a_cut_off_place_is_reached_by_boat(village, tmp_path):
    """Deep water over all roads east of the bridge: lorries are stopped, boats go on."""
    water = tmp_path / "water.geojson"
    water.write_text(json.dumps({"type": "Feature", "properties": {"depth_m": 1.2}, "geometry": {
        "type": "Polygon", "coordinates": [[[120.8047, 30.74], [120.82, 30.74], [120.82, 30.76],
                                            [120.8047, 30.76], [120.8047, 30.74]]]}}))
    light = write_profiles(tmp_path / "p.json", {"name": "lorry", "extends": "heavy",
                                                 "weight_t": 7.5, "height_m": 3.2})
    ends = ["--from", f"{WEST[0]},{WEST[1]}", "--to", f"{EAST[0]},{EAST[1]}"]
    flooded = ["--closures", water]
    succeed("route", village, *ends, "--profile", "lorry", "--profiles", light)
    away = muster("route", village, *ends, "--profile", "lorry", "--profiles", light, *flooded,
                  "--json")
    assert json.loads(away.stdout)["to"]["snap_distance_m"] > 300  # moved to dry land
    boat = json.loads(succeed("route", village, *ends, "--profile", "boat", *flooded, "--json"))
    dry = json.loads(succeed("route", village, *ends, "--profile", "boat", "--json"))
    assert boat["to"]["snap_distance_m"] < 30
    assert boat["distance_m"] == dry["distance_m"]
    shore = (120.8046, 30.7506)  # the junction east of the bridge, where the wet roads begin
    dry_ms, dry_cm = route(village, WEST, shore, "boat")
    wet_m = dry["distance_m"] - dry_cm / 100
    assert boat["duration_s"] == pytest.approx(dry_ms / 1000 + wet_m / (12 / 3.6), abs=0.01)
