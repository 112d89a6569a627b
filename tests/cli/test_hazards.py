"""`muster hazards`, and --hazards and --at of the other commands, in the village: road 2 - 3 - 4 - 8 - 5
with a bridge (edge 3), and in the small scenario."""

import json
import sqlite3
import struct

import pytest

import small_scenario
from muster_command import SOURCE, muster, refuse, succeed, write_sites

WEST, EAST = (120.80, 30.75), (120.808, 30.751)
AT = ("--at", "2026-07-01T13:00:00Z")
SAMPLES = [SOURCE / "data/samples/hazards.geojson", SOURCE / "data/samples/typhoon-alert.xml"]


def box(west, south, east, north):
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


ROUND_BRIDGE = box(120.803, 30.7495, 120.807, 30.7515)


def geojson(path, *features):
    """Write (geometry type, coordinates, properties)."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties,
         "geometry": {"type": kind, "coordinates": coordinates}}
        for kind, coordinates, properties in features]}, ensure_ascii=False), encoding="utf-8")
    return path


def flood(area=None, **properties):
    return ("Polygon", area or ROUND_BRIDGE, {"kind": "flood", "code": "水-1", **properties})


def run(*arguments):
    """The finished command, which may say something on standard error."""
    done = muster(*arguments)
    assert done.returncode == 0, done
    return done


def say_no(code, word, *arguments):
    refuse(code, *arguments, words=(word,))


def place(site):
    return f"{site[0]},{site[1]}"


def route(network, start, end, *arguments, profile="light"):
    done = muster("route", network, "--from", place(start), "--to", place(end), "--profile", profile,
                  "--json", *arguments)
    return (json.loads(done.stdout) if done.stdout else None), done


# ---- listing -------------------------------------------------------------------------------------


def test_the_samples_are_listed_with_their_signal_and_readiness():
    text = succeed("hazards", *SAMPLES)
    assert "hazards   5\n" in text and "台风“示例”" in text and "2606" in text
    assert "signals   1\n  typhoon orange (台风)  嘉兴市气象台发布台风橙色预警信号\n" in text
    assert "readiness level 2\n  recipients command member team village site public\n" in text
    assert "\nat " not in text


def test_json_tells_what_holds_at_the_moment_and_who_is_inside(village):
    answer = json.loads(succeed("hazards", *SAMPLES, *AT, "--json"))
    assert [h["code"] for h in answer["hazards"]][:3] == ["F-1", "P-1", "C-1"]
    assert answer["tracks"][0]["points"] == 3
    assert answer["readiness"]["level"] == 2
    assert answer["readiness"]["signals"][0]["colour"] == "orange"
    codes = [h["code"] for h in answer["at"]["hazards"]]
    assert codes[-3:] == ["2606/7", "2606/10", "2606/12"] and len(codes) == 7
    before = json.loads(succeed("hazards", *SAMPLES, "--at", "2026-07-01T07:00:00+08:00",
                                "--json"))
    assert [h["code"] for h in before["at"]["hazards"]] == ["C-1"]
    assert before["readiness"] == {"level": None, "signals": [], "recipients": [], "channels": []}


def test_geojson_has_the_areas_of_the_moment(tmp_path):
    out = tmp_path / "at.geojson"
    succeed("hazards", *SAMPLES, *AT, "--geojson", out)
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    kinds = {f["properties"]["code"]: f["geometry"]["type"] for f in features}
    assert kinds["2606/12"] == "MultiPolygon" and kinds["C-1"] == "MultiLineString"


def test_roads_and_places_inside_are_counted(tmp_path):
    scenario = tmp_path / "s.gpkg"
    small_scenario.write(scenario)
    path = geojson(tmp_path / "h.geojson", flood(box(120.751, 30.751, 120.77, 30.77), depth_m=1))
    answer = json.loads(succeed("hazards", path, *AT, "--network", scenario, "--profile", "heavy",
                                "--json"))
    roads = answer["at"]["hazards"][0]["roads"]
    assert roads["closed_edges"] > 10 and roads["closed_m"] > 500 * roads["closed_edges"] * 0.9
    assert answer["at"]["profile"] == "heavy" and "inside" in answer["at"]["hazards"][0]
    boats = json.loads(succeed("hazards", path, *AT, "--network", scenario, "--profile", "boat",
                               "--json"))
    assert boats["at"]["hazards"][0]["roads"]["closed_edges"] == 0


def test_who_lives_inside_is_named(tmp_path):
    scenario = tmp_path / "s.gpkg"
    small_scenario.write(scenario)
    with sqlite3.connect(scenario) as db:
        blob = small_scenario.point_blob(120.805, 30.7505)
        db.execute("INSERT INTO place (code, name, level, population, geom) "
                   "VALUES ('330402001201', '桥边村', 'village', 1200, ?)", (blob,))
        db.execute("INSERT INTO at_risk_site (code, name, geom) VALUES ('R-1', '易涝点', ?)", (blob,))
    path = geojson(tmp_path / "h.geojson", flood())
    text = succeed("hazards", path, *AT, "--network", scenario)
    assert "inside 2: 易涝点, 桥边村\n" in text
    inside = json.loads(succeed("hazards", path, *AT, "--network", scenario, "--json"))
    assert inside["at"]["hazards"][0]["inside"][1] == {
        "table": "place", "level": "village", "code": "330402001201", "name": "桥边村",
        "population": 1200}


def test_repairs_are_said_on_standard_error(tmp_path):
    path = geojson(tmp_path / "h.geojson",
                   flood([[[120.7, 30.7], [120.8, 30.8], [120.8, 30.7], [120.7, 30.8]]]),
                   ("Polygon", [], {"kind": "flood", "code": "空"}))
    done = run("hazards", path)
    assert "hazard '水-1'" in done.stderr and "is repaired: 0." in done.stderr
    assert "hazard '空'" in done.stderr and "encloses nothing and is left out" in done.stderr
    assert [n["kind"] for n in json.loads(run("hazards", path, "--json").stdout)["notes"]] == [
        "repaired", "left out"]


def test_a_table_of_signals_of_ones_own(tmp_path):
    table = tmp_path / "s.csv"
    table.write_text("code,name,name_en,colour,readiness,recipients,channels,source\n"
                     "typhoon,台风,typhoon,orange,1,mayor,fax,city\n", encoding="utf-8")
    assert "readiness level 1\n  recipients mayor\n  channels   fax\n" in succeed(
        "hazards", SAMPLES[1], "--signals", table)


def test_the_hazards_of_a_geopackage_are_those_of_the_scenario(tmp_path):
    scenario = tmp_path / "s.gpkg"
    small_scenario.write(scenario)
    answer = json.loads(succeed("hazards", scenario, "--json"))
    assert [h["depth_m"] for h in answer["hazards"]] == [0.5, 1.5]
    assert all(h["kind"] == "flood" for h in answer["hazards"])
    say_no(3, "no scenario 'quake'", "hazards", scenario, "--scenario", "quake")


# ---- wrong ---------------------------------------------------------------------------------------


def test_what_is_wrong_is_said(village, tmp_path):
    path = geojson(tmp_path / "h.geojson", flood())
    say_no(2, "no file", "hazards")
    say_no(2, '--at is "noon"', "hazards", path, "--at", "noon")
    say_no(2, "--network without --at", "hazards", path, "--network", village)
    say_no(2, "--profile without --network", "hazards", path, "--profile", "light")
    say_no(4, "cannot open", "hazards", tmp_path / "none")
    say_no(3, "is not JSON", "hazards", SOURCE / "README.md")
    say_no(3, "feature 1: kind is missing", "hazards",
           geojson(tmp_path / "k.geojson", ("Polygon", ROUND_BRIDGE, {})))
    bad = tmp_path / "bad.xml"
    bad.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    say_no(3, "<!DOCTYPE>", "hazards", bad)
    ends = ("--from", place(WEST), "--to", place(EAST), "--profile", "light")
    say_no(2, "--hazards without --at", "route", village, *ends, "--hazards", path)
    say_no(3, 'has no table "hazard" and no "closure"', "route", village, *ends, *AT)
    snapshot = tmp_path / "v.mnet"
    succeed("snapshot", village, "-o", snapshot)
    say_no(3, "a snapshot has no hazards", "route", snapshot, *ends, *AT)


# ---- the other commands --------------------------------------------------------------------------


def test_only_what_holds_at_the_moment_closes(village, tmp_path):
    path = geojson(tmp_path / "h.geojson",
                   ("LineString", [[120.8045, 30.749], [120.8045, 30.752]],
                    {"kind": "closure", "code": "C", "name": "北堤", "starts_at": "2026-07-01T12:00:00Z",
                     "ends_at": "2026-07-01T14:00:00Z"}))
    free, _ = route(village, WEST, EAST)
    before, _ = route(village, WEST, EAST, "--hazards", path, "--at", "2026-07-01T14:00:00Z")
    assert before == free
    closed, done = route(village, WEST, EAST, "--hazards", path, *AT)
    assert done.returncode == 1 and 'closure 1 (hazard C "北堤")' in done.stderr
    assert closed["cut_off"]["closures"] == [{"closure": 1, "hazard": "C", "name": "北堤"}]
    text = succeed("closures", village, "--profile", "light", "--hazards", path, *AT)
    assert "hazard C" in text


def test_wind_slows_and_stops_by_height(village, tmp_path):
    def storm(force):
        return geojson(tmp_path / f"{force}.geojson", (
            "Polygon", box(120.79, 30.74, 120.82, 30.76),
            {"kind": "wind", "code": "W", "wind_force": force}))
    free = route(village, WEST, EAST)[0]["duration_s"]
    slow = route(village, WEST, EAST, "--hazards", storm(8), *AT)[0]["duration_s"]
    assert slow == pytest.approx(free / 0.9, rel=1e-3)
    assert route(village, WEST, EAST, "--hazards", storm(10), *AT)[1].returncode == 0
    assert route(village, WEST, EAST, "--hazards", storm(10), *AT, profile="heavy")[1].returncode == 1


def test_a_plume_lets_the_protected_through(village, tmp_path):
    path = geojson(tmp_path / "p.geojson", ("Point", [120.8045, 30.7505], {
        "kind": "plume", "code": "P", "wind_from_deg": 0, "distance_m": 300, "half_angle_deg": 30,
        "isolation_m": 150}))
    fleet = tmp_path / "fleet.json"
    fleet.write_text(json.dumps({"profiles": [
        {"name": "hazmat", "extends": "light", "protected": True}]}))
    assert route(village, WEST, EAST, "--hazards", path, *AT)[1].returncode == 1
    through, _ = route(village, WEST, EAST, "--hazards", path, *AT, "--profiles", fleet,
                       profile="hazmat")
    assert through["duration_s"] == route(village, WEST, EAST)[0]["duration_s"]


@pytest.fixture(name="town")
def fixture_town(tmp_path):
    scenario = tmp_path / "s.gpkg"
    small_scenario.write(scenario)
    return scenario


def crossing(street, avenue):
    return (small_scenario.LON + avenue * small_scenario.STEP_LON,
            small_scenario.LAT + street * small_scenario.STEP_LAT)


def town_flood(path, south, west, north, east):
    (w, s), (e, n) = crossing(south, west), crossing(north, east)
    return geojson(path, flood(box(w, s, e, n), depth_m=2))


def test_who_is_inside_leaves_first_and_says_so(town, tmp_path):
    water = town_flood(tmp_path / "w.geojson", 3.5, 3.5, 6.5, 6.5)
    start, end = crossing(5.02, 5.4), crossing(10, 10)
    dry = route(town, start, end)[0]
    wet, done = route(town, start, end, "--hazards", water, *AT)
    leave_s = wet["from"]["leave_duration_s"]
    assert leave_s > 300 and wet["from"]["leave_distance_m"] > 500
    assert wet["duration_s"] > dry["duration_s"] + 300
    assert done.stderr == ""
    text = succeed("route", town, "--from", place(start), "--to", place(end), "--profile", "light",
                   "--hazards", water, *AT)
    assert "\nleaves    " in text and " km inside a hazard\n" in text


def test_matrix_and_nearest_leave_as_route_does(town, tmp_path):
    water = town_flood(tmp_path / "w.geojson", 3.5, 3.5, 6.5, 6.5)
    start, end = crossing(5.02, 5.4), crossing(10, 10)
    expected = route(town, start, end, "--hazards", water, *AT)[0]
    a = write_sites(tmp_path / "a.csv", [("里", *start), ("外", *crossing(1, 1))])
    b = write_sites(tmp_path / "b.csv", [("B", *end)])
    rows = [line.split(",") for line in succeed(
        "matrix", town, "--from", a, "--to", b, "--profile", "light", "--hazards", water,
        *AT).splitlines()]
    assert float(rows[1][2]) == pytest.approx(expected["duration_s"])
    assert float(rows[1][3]) == pytest.approx(expected["distance_m"])
    out = route(town, crossing(1, 1), end, "--hazards", water, *AT)[0]
    assert float(rows[2][2]) == pytest.approx(out["duration_s"])
    near = json.loads(succeed("nearest", town, "--from", place(start), "--to", b, "--profile", "light",
                              "--hazards", water, *AT, "--json"))
    assert near["nearest"][0]["duration_s"] == pytest.approx(expected["duration_s"])
    assert near["from"]["leave_duration_s"] == expected["from"]["leave_duration_s"]


def test_there_is_no_way_out_of_a_cordon(town, tmp_path):
    (w, s), (e, n) = crossing(3.5, 3.5), crossing(6.5, 6.5)
    cordon = geojson(tmp_path / "c.geojson",
                     ("Polygon", box(w, s, e, n), {"kind": "closure", "code": "C"}))
    start, end = crossing(5.02, 5.4), crossing(10, 10)
    _, done = route(town, start, end, "--hazards", cordon, *AT)
    assert done.returncode == 1 and "no way out is left for light" in done.stderr
    a = write_sites(tmp_path / "a.csv", [("里", *start)])
    b = write_sites(tmp_path / "b.csv", [("B", *end)])
    done = run("matrix", town, "--from", a, "--to", b, "--profile", "light", "--hazards", cordon,
                   *AT)
    assert "lie inside a hazard with no way out: their cells are empty" in done.stderr
    assert done.stdout.splitlines()[1].startswith("里,B,,,")


def test_isochrones_are_smaller(town, tmp_path):
    water = town_flood(tmp_path / "w.geojson", 2.5, 2.5, 8.5, 8.5)
    arguments = ("isochrone", town, "--from", place(crossing(1, 1)), "--limit", "5min", "--profile",
                 "light")
    assert succeed(*arguments) != succeed(*arguments, "--hazards", water, *AT)


@pytest.mark.parametrize("name, options", [
    ("route", ["--from", place(crossing(1, 1)), "--to", place(crossing(4, 4)), "--profile", "light"]),
    ("isochrone", ["--from", place(crossing(1, 1)), "--limit", "5min", "--profile", "light"]),
    ("closures", ["--profile", "light"]), ("plan", ["--work-limit", "1000"])])
def test_a_moment_at_which_nothing_holds_is_said(town, tmp_path, name, options):
    """A date that was typed wrong would look like good weather."""
    (w, s), (e, n) = crossing(4.5, 4.5), crossing(5.5, 5.5)
    water = geojson(tmp_path / "w.geojson", flood(box(w, s, e, n), depth_m=2, starts_at="2026-07-01T06:00:00Z",
                                                  ends_at="2026-07-01T18:00:00Z"))
    done = run(name, town, *options, "--hazards", water, "--at", "2019-07-01T12:00:00Z")
    assert (done.returncode, done.stderr) == (
        0, "muster: none of 1 hazards holds at 2019-07-01T12:00:00Z: they close and slow no road\n")
    assert run(name, town, *options, "--hazards", water, *AT).stderr.count("none of") == 0


def test_a_plan_has_units_leave_and_holds_those_who_cannot(town, tmp_path):
    def plan(*arguments):
        out = tmp_path / "plan.json"
        done = run("plan", town, "-o", out, "--time-limit", "1s", *arguments)
        return json.loads(out.read_text(encoding="utf-8")), done
    dry, _ = plan()
    # T3, V1 stand at street 5, avenue 5.
    water = town_flood(tmp_path / "w.geojson", 4.5, 4.5, 5.5, 5.5)
    wet, done = plan("--hazards", water, *AT)
    assert "1 hazards hold at" in done.stderr and " leave them first" in done.stderr
    assert json.dumps(dry) != json.dumps(wet)
    (w, s), (e, n) = crossing(4.5, 4.5), crossing(5.5, 5.5)
    cordon = geojson(tmp_path / "c.geojson",
                     ("Polygon", box(w, s, e, n), {"kind": "closure", "code": "C"}))
    held, done = plan("--hazards", cordon, *AT)
    assert "2 cannot leave and stay" in done.stderr
    text = json.dumps(held["assignments"], ensure_ascii=False)
    assert '"T3"' not in text and '"V1"' not in text


def test_a_plan_in_hazards_is_explained_and_planned_again_in_the_same_hazards(town, tmp_path):
    water = town_flood(tmp_path / "w.geojson", 4.5, 4.5, 5.5, 5.5)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    hazards = ("--hazards", water, *AT)
    run("plan", town, "-o", first, "--time-limit", "1s", *hazards)
    why = run("explain", town, "--incident", "I2", "--plan", first, *hazards)
    assert "I2" in why.stdout
    refused = muster("explain", town, "--incident", "I2", "--plan", first)
    assert refused.returncode == 3 and "does not fit" in refused.stderr
    run("plan", town, "-o", second, "--time-limit", "1s", "--after", first, "--keep", *hazards)
    changes = json.loads(second.read_text(encoding="utf-8"))["changes"]
    assert changes == []


# ---- the closures of a store ---------------------------------------------------------------------


def close(store, code, edge=None, geom=None, starts_at=None, ends_at=None, name=None):
    with sqlite3.connect(store) as db:
        db.execute("INSERT INTO closure (scenario, code, name, edge, starts_at, ends_at, geom) "
                   "VALUES ('flood', ?, ?, ?, ?, ?, ?)", (code, name, edge, starts_at, ends_at, geom))


# A road by its id, the one near a point, those that a line crosses, and those that an area touches.
EDGE, POINT = 1, crossing(4.02, 2.5)
LINE = [crossing(5.9, 4.5), crossing(7.1, 4.5)]
AREA = crossing(9.9, 9.9), crossing(10.1, 10.1)
CLOSED = {((0, 0), (0, 1)), ((4, 2), (4, 3)), ((6, 4), (6, 5)), ((7, 4), (7, 5)), ((9, 10), (10, 10)),
          ((10, 9), (10, 10)), ((10, 10), (10, 11)), ((10, 10), (11, 10))}


@pytest.fixture(name="closed_town")
def fixture_closed_town(town):
    (w, s), (e, n) = AREA
    area = struct.pack("<2sBBiBIII10d", b"GP", 0, 1, 4326, 1, 3, 1, 5,
                       *[number for corner in box(w, s, e, n)[0] for number in corner])
    close(town, "E", edge=EDGE, name="路基塌陷")
    close(town, "P", geom=small_scenario.several_blob([small_scenario.point_blob(*POINT)] * 2))
    close(town, "L", geom=small_scenario.several_blob([small_scenario.line_blob(LINE)] * 2),
          ends_at="2026-07-01T13:00:01Z")
    close(town, "A", geom=area, starts_at="2026-07-01T13:00:00Z")
    close(town, "over", edge=100, ends_at="2026-07-01T13:00:00Z")
    close(town, "later", edge=101, starts_at="2026-07-01T13:00:01Z")
    return town


def the_same_in_a_file(path):
    (w, s), (e, n) = AREA
    features = [(None, {"code": "E", "edges": [EDGE]}),
                ({"type": "Point", "coordinates": POINT}, {"code": "P"}),
                ({"type": "MultiLineString", "coordinates": [LINE]}, {"code": "L"}),
                ({"type": "Polygon", "coordinates": box(w, s, e, n)}, {"code": "A"})]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": geometry, "properties": {"kind": "closure", **properties}}
        for geometry, properties in features]}), encoding="utf-8")
    return path


def test_closures_of_a_store_close_what_they_say_while_they_hold(closed_town):
    with sqlite3.connect(closed_town) as db:
        ends = {edge: (divmod(source - 1, 12), divmod(target - 1, 12))
                for edge, source, target in db.execute("SELECT id, source, target FROM edge")}
    for profile in ("light", "heavy", "boat"):
        done = run("closures", closed_town, "--profile", profile, "--geojson", "-", *AT)
        edges = [f["properties"] for f in json.loads(done.stdout)["features"]
                 if "edge_id" in f["properties"]]
        assert {e["state"] for e in edges} == {"closed"}
        assert {ends[e["edge_id"]] for e in edges} == CLOSED
    listed = succeed("hazards", closed_town)
    assert " 2 points  P\n" in listed and " 1 edge   E  路基塌陷\n" in listed


@pytest.mark.parametrize("command", [
    ["route", "--from", place(crossing(4, 1.8)), "--to", place(crossing(4, 3)), "--profile", "light",
     "--json"],
    ["isochrone", "--from", place(crossing(6, 5)), "--limit", "2min", "--profile", "heavy", "-o", "-"],
    ["explain", "--incident", "I3", "--json", "--time-limit", "300ms"],
])
def test_a_command_closes_the_same_from_the_store_as_from_a_file(closed_town, tmp_path, command):
    name, *options = command
    path = the_same_in_a_file(tmp_path / "c.geojson")
    own = run(name, closed_town, *options, *AT)
    from_store = run(name, closed_town, *options, "--hazards", closed_town, *AT)
    from_file = run(name, closed_town, *options, "--hazards", path, *AT)
    assert own.stdout == from_store.stdout == from_file.stdout != run(name, closed_town, *options).stdout


def test_tables_and_plans_too(closed_town, tmp_path):
    path = the_same_in_a_file(tmp_path / "c.geojson")
    sites = write_sites(tmp_path / "s.csv", [(f"{s}-{a}", *crossing(s, a)) for s in range(0, 12, 3)
                                             for a in range(1, 12, 3)])
    answers = {}
    for name, options in (("own", AT), ("file", ("--hazards", path, *AT)), ("none", ())):
        table = run("matrix", closed_town, "--from", sites, "--to", sites, "--profile", "light", *options)
        near = run("nearest", closed_town, "--from", place(crossing(4, 1.8)), "--to", sites, "--profile",
                   "light", "--json", *options)
        out = tmp_path / f"{name}.json"
        done = run("plan", closed_town, "-o", out, "--work-limit", "2000000", *options)
        plan = json.loads(out.read_text(encoding="utf-8"))
        assert plan["checker"] == "ok"
        assert ("4 hazards hold at" in done.stderr) == bool(options)
        table = [row.split(",")[:4] for row in table.stdout.splitlines()]
        answers[name] = table, near.stdout, plan["tiers"], plan["assignments"]
    assert answers["own"] == answers["file"]
    assert all(own != free for own, free in zip(answers["own"], answers["none"]))


def test_what_a_closure_cuts_off_says_its_code(closed_town):
    close(closed_town, "W", geom=small_scenario.line_blob([crossing(-1, 2.2), crossing(12, 2.2)]),
          name="西塘")
    _, done = route(closed_town, crossing(3, 1), crossing(3, 5), *AT)
    assert done.returncode == 1 and 'closure 5 (hazard W "西塘")' in done.stderr


def test_a_closure_of_nothing_is_named(town, village, tmp_path):
    ends = ("--from", place(crossing(1, 1)), "--to", place(crossing(5, 5)), "--profile", "light")
    close(town, "C", edge=77777)
    where = "table closure, row id 1 cannot be used: edge 77777 is to be closed, but no edge of the network"
    say_no(3, where, "route", town, *ends, *AT)
    say_no(3, where, "plan", town, *AT)
    with sqlite3.connect(town) as db:
        db.execute("UPDATE closure SET edge = NULL, geom = ?", (small_scenario.point_blob(122.5, 30.5),))
    say_no(3, "row id 1 cannot be used: point 0 at 122.5,30.5 has no road near it; expected one within 5 km",
           "closures", town, "--profile", "light", *AT)
    # An edge of one network is none of another.
    other = small_scenario.write(tmp_path / "other.gpkg")
    close(other, "C", edge=200)
    say_no(3, "edge 200", "route", village, "--from", place(WEST), "--to", place(EAST), "--profile",
           "light", "--hazards", other, *AT)
    far = geojson(tmp_path / "far.geojson", ("Point", [122.5, 30.5], {}))
    say_no(3, "feature 1: point 0 at 122.5,30.5 has no road near it", "closures", village, "--profile",
           "light", "--closures", far)


def test_what_is_written_as_geojson_is_read_again(closed_town, tmp_path):
    out = tmp_path / "out.geojson"
    succeed("hazards", closed_town, "--geojson", out)
    again = json.loads(succeed("hazards", out, "--json"))["hazards"]
    first = json.loads(succeed("hazards", closed_town, "--json"))["hazards"]
    known = ("code", "kind", "starts_at", "ends_at", "edges")
    assert [[h[key] for key in known] for h in again] == [[h[key] for key in known] for h in first]
