"""What the service answers is what the command answers."""

import json
import math
import random

import pytest

from muster_command import matrix, muster, route, succeed, write_sites
from service_process import running

WEST, EAST, MARKET = (120.80, 30.75), (120.808, 30.751), (120.806, 30.7522)
PLACES = [WEST, MARKET, EAST, (120.8042, 30.752), (120.8022, 30.748), (120.8015, 30.7502)]


def path_of(places):
    return ";".join(f"{lon!r},{lat!r}" for lon, lat in places)


def decoded(text, decimals):
    """Google's polyline, as its page describes it."""
    numbers, value, shift = [], 0, 0
    for character in text:
        part = ord(character) - 63
        value |= (part & 31) << shift
        shift += 5
        if part < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    line, lat, lon = [], 0, 0
    for dlat, dlon in zip(numbers[::2], numbers[1::2]):
        lat, lon = lat + dlat, lon + dlon
        line.append([lon / 10 ** decimals, lat / 10 ** decimals])
    return line


@pytest.mark.parametrize("profile", ["light", "heavy", "emergency", "helicopter"])
def test_a_table_is_that_of_the_command(service, village, tmp_path, profile):
    sites = [(str(i), *place) for i, place in enumerate(PLACES)]
    expected = matrix(village, sites, sites, profile, tmp_path)
    answer = service.ok(f"/table/v1/{profile}/{path_of(PLACES)}?annotations=duration,distance")
    for i in range(len(PLACES)):
        for j in range(len(PLACES)):
            duration, distance = answer["durations"][i][j], answer["distances"][i][j]
            found = None if duration is None else (round(duration * 1000), round(distance * 100))
            assert found == expected[str(i), str(j)], (i, j)


def test_a_part_of_a_table_is_that_part(service):
    whole = service.ok(f"/v1/table/light/{path_of(PLACES)}")
    part = service.ok(f"/v1/table/light/{path_of(PLACES)}?sources=2;0&destinations=1;3;5")
    assert part["durations"] == [[whole["durations"][i][j] for j in (1, 3, 5)] for i in (2, 0)]
    assert part["sources"] == [whole["sources"][i] for i in (2, 0)]
    assert [w["location"] for w in part["destinations"]] == \
        [whole["destinations"][j]["location"] for j in (1, 3, 5)]
    assert "distances" not in whole


def test_a_table_by_a_body_is_the_same(service):
    whole = service.ok(f"/v1/table/light/{path_of(PLACES)}?annotations=distance,duration&sources=1")
    body = {"coordinates": PLACES, "sources": [1], "destinations": "all",
            "annotations": ["duration", "distance"]}
    for path in ("/v1/table/light", "/table/v1/light"):
        assert service.ok(path, method="POST", body=body) == whole


@pytest.mark.parametrize("profile", ["light", "emergency", "drone"])
def test_a_route_is_that_of_the_command(service, village, profile):
    for start in PLACES[:3]:
        for end in PLACES[:3]:
            answer = service.ok(f"/route/v1/{profile}/{path_of([start, end])}")["routes"][0]
            expected = route(village, start, end, profile)
            assert (round(answer["duration"] * 1000), round(answer["distance"] * 100)) == expected
            assert answer["legs"][0]["duration"] == pytest.approx(answer["duration"])


def test_a_line_is_that_of_the_command_in_every_form(service, village):
    geojson = json.loads(succeed("route", village, "--from", "120.8,30.75", "--to",
                                 "120.806,30.7522", "--profile", "light", "--geojson"))
    line = geojson["geometry"]["coordinates"]
    query = f"/v1/route/light/{path_of([WEST, MARKET])}?overview=full&geometries="
    found = {form: service.ok(query + form)["routes"][0]["geometry"]
             for form in ("geojson", "polyline", "polyline6")}
    assert found["geojson"] == {"type": "LineString", "coordinates": line}
    for form, decimals in (("polyline", 5), ("polyline6", 6)):
        assert decoded(found[form], decimals) == [pytest.approx(p, abs=1e-5) for p in line]


def test_a_simplified_line_leaves_out_what_cannot_be_seen(islands):
    query = "/v1/route/light/120.70,30.80;120.72,30.81?geometries=geojson&overview="
    full, simplified = (islands.ok(query + o)["routes"][0]["geometry"]["coordinates"]
                        for o in ("full", "simplified"))
    assert full == [[120.7, 30.8], [120.71, 30.800004], [120.72, 30.8], [120.72, 30.81]]
    assert simplified == [full[0], full[2], full[3]]
    assert "geometry" not in islands.ok(query + "false")["routes"][0]


def test_legs_follow_each_other(service):
    answer = service.ok(f"/v1/route/light/{path_of([WEST, MARKET, EAST])}?overview=full"
                        "&geometries=geojson")
    whole = answer["routes"][0]
    assert len(whole["legs"]) == 2 and len(answer["waypoints"]) == 3
    assert sum(leg["duration"] for leg in whole["legs"]) == pytest.approx(whole["duration"])
    parts = [service.ok(f"/v1/route/light/{path_of(pair)}?overview=full&geometries=geojson")
             ["routes"][0] for pair in ([WEST, MARKET], [MARKET, EAST])]
    lines = [part["geometry"]["coordinates"] for part in parts]
    assert whole["geometry"]["coordinates"] == lines[0] + lines[1][1:]
    assert [leg["distance"] for leg in whole["legs"]] == [part["distance"] for part in parts]


@pytest.mark.parametrize("profile", ["light", "emergency", "helicopter"])
def test_steps_add_up_to_their_leg(service, profile):
    draw = random.Random(11)
    for _ in range(40):
        places = [(draw.uniform(120.799, 120.809), draw.uniform(30.7475, 30.7525))
                  for _ in range(3)]
        answer = service.ask(f"/v1/route/{profile}/{path_of(places)}?steps=true&geometries=geojson"
                             "&overview=full")
        assert answer.status == 200 or answer.code == "NoRoute"
        if answer.status != 200:
            continue
        for leg in answer.json["routes"][0]["legs"]:
            steps = leg["steps"]
            assert sum(s["duration"] for s in steps) == pytest.approx(leg["duration"], abs=1e-6)
            assert sum(s["distance"] for s in steps) == pytest.approx(leg["distance"], abs=0.04)
            kinds = [s["maneuver"]["type"] for s in steps]
            assert kinds[0] == "depart" and kinds[-1] == "arrive" and len(steps) >= 2
            lines = [s["geometry"]["coordinates"] for s in steps]
            for one, other, step in zip(lines, lines[1:], steps[1:]):
                assert one[-1] == other[0] == step["maneuver"]["location"]


def test_a_step_says_where_to_turn(service):
    steps = service.ok(f"/v1/route/light/{path_of([WEST, MARKET])}?steps=true")["routes"][0][
        "legs"][0]["steps"]
    assert [s["name"] for s in steps] == ["运河路", "市集弄", "市集弄"]
    turn = steps[1]["maneuver"]
    assert (turn["type"], turn["modifier"]) == ("turn", "left")
    assert turn["bearing_before"] < 90 and turn["bearing_after"] > 300
    crossing = steps[1]["intersections"][0]
    assert crossing["bearings"] == sorted(crossing["bearings"])
    assert crossing["bearings"][crossing["out"]] == turn["bearing_after"]
    assert crossing["bearings"][crossing["in"]] == (turn["bearing_before"] + 180) % 360


def test_the_nearest_road_is_where_a_route_begins(service, village):
    for lon, lat in PLACES + [(120.803, 30.7488)]:
        point = service.ok(f"/nearest/v1/driving/{lon!r},{lat!r}")["waypoints"]
        start = service.ok(f"/v1/route/light/{path_of([(lon, lat), EAST])}")["waypoints"][0]
        assert [point[0]["location"], point[0]["name"]] == [start["location"], start["name"]]
        command = json.loads(succeed("route", village, "--from", f"{lon!r},{lat!r}", "--to",
                                     "120.808,30.751", "--profile", "light", "--json"))["from"]
        assert point[0]["location"] == pytest.approx([command["snapped_lon"],
                                                      command["snapped_lat"]], abs=1e-6)
        assert point[0]["distance"] == command["snap_distance_m"]


def test_several_nearest_roads_come_by_distance(service):
    points = service.ok("/v1/nearest/light/120.8042,30.7519?number=4")["waypoints"]
    assert len(points) == 4
    assert [p["distance"] for p in points] == sorted(p["distance"] for p in points)
    assert all(len(p["nodes"]) == 2 for p in points)
    one = service.ok("/v1/nearest/light/120.8042,30.7519")["waypoints"]
    assert one == points[:1]
    assert len(service.ok("/v1/nearest/light/120.8042,30.7519?number=100")["waypoints"]) <= 9


@pytest.mark.parametrize("reverse", [False, True])
def test_the_sites_that_are_reached_first_are_those_of_the_command(service, village, tmp_path,
                                                                   reverse):
    sites = write_sites(tmp_path / "sites.csv", [(str(i), *p) for i, p in enumerate(PLACES)])
    expected = json.loads(succeed("nearest", village, "--from", "120.8042,30.752", "--to", sites,
                                  "--profile", "light", "-k", 4, "--json",
                                  *(["--reverse"] if reverse else [])))["nearest"]
    found = service.ok("/v1/nearest/light", method="POST",
                       body={"origin": [120.8042, 30.752], "sites": PLACES, "number": 4,
                             "reverse": reverse})["nearest"]
    assert [(str(s["index"]), s["duration"], s["distance"]) for s in found] == \
        [(s["id"], s["duration_s"], pytest.approx(s["distance_m"], abs=0.006)) for s in expected]


def test_an_isochrone_is_that_of_the_command(service, village, tmp_path):
    areas = tmp_path / "areas.geojson"
    succeed("isochrone", village, "--from", "120.8,30.75", "--limit", "20s", "--limit", "1min",
            "--profile", "light", "--radius", "100", "-o", areas)
    expected = json.loads(areas.read_text())["features"]
    answer = service.ask("/v1/isochrone/light/120.8,30.75?contours_minutes=1&contours_seconds=20"
                         "&radius=100")
    assert answer.headers["Content-Type"] == "application/geo+json"
    found = answer.json["features"]
    assert [f["properties"]["limit_s"] for f in found] == [60, 20]
    assert [f["properties"]["contour"] for f in found] == [1, pytest.approx(1 / 3)]
    for one, other in zip(found, expected):
        assert one["geometry"] == other["geometry"]
        assert one["properties"]["area_km2"] == pytest.approx(other["properties"]["area_km2"])


def test_polylines_are_coordinates_too(service):
    places = [WEST, MARKET]
    text, last = "", [0, 0]
    for lon, lat in places:
        for k, value in ((1, round(lat * 1e5)), (0, round(lon * 1e5))):
            step, last[k] = value - last[k], value
            step = ~(step << 1) if step < 0 else step << 1
            while step >= 32:
                text += chr(63 + (32 | step & 31))
                step >>= 5
            text += chr(63 + step)
    encoded = "".join(f"%{ord(c):02X}" for c in f"polyline({text})")
    assert service.ok(f"/route/v1/driving/{encoded}") == \
        service.ok(f"/route/v1/driving/{path_of(places)}.json")


def test_both_spellings_and_both_names_are_one(service):
    spelled = {json.dumps(service.ok(path)) for path in (
        "/v1/nearest/light/120.8042,30.752", "/nearest/v1/light/120.8042,30.752",
        "/nearest/v1/driving/120.8042,30.752.json", "/nearest/v1/car/120.8042,30.752/",
        "/v1/nearest/light/120.8042%2C30.752?")}
    assert len(spelled) == 1


def test_radiuses_say_how_far_a_road_may_be(service):
    far = "/v1/nearest/light/120.8042,30.7530"
    assert service.ok(far + "?radiuses=200")["waypoints"][0]["distance"] > 50
    service.refuse(400, "NoSegment", far + "?radiuses=50", words=["lies", "within 50 m"])
    service.refuse(400, "NoSegment", "/v1/nearest/light/122.5,30.5",
                   words=["nearest road that light may use", "5000 m"])
    assert service.ok("/v1/nearest/light/122.5,30.5?radiuses=unlimited")["waypoints"]


def test_where_no_way_leads_is_said(islands):
    pair = "120.70,30.70;120.80,30.70"
    islands.refuse(400, "NoRoute", f"/route/v1/light/{pair}",
                   words=["coordinate 0 to coordinate 1 for light"])
    table = islands.ok(f"/table/v1/light/{pair}?annotations=duration,distance")
    assert table["durations"] == [[0, None], [None, 0]] == table["distances"]
    assert islands.ok(f"/route/v1/drone/{pair}")["routes"]
    assert islands.ok("/v1/health")["profiles"] == ["light", "drone", "driving", "car"]
    nearest = islands.ok("/v1/nearest/light", method="POST",
                         body={"origin": [120.70, 30.70], "sites": [[120.8, 30.7], [120.71, 30.7]]})
    assert [n["index"] for n in nearest["nearest"]] == [1]


def test_a_snapshot_is_served_like_its_network(service, village, tmp_path):
    assert muster("snapshot", village, "-o", tmp_path / "v.mnet").returncode == 0
    query = f"/route/v1/light/{path_of([WEST, MARKET])}?steps=true"
    with running(tmp_path / "v.mnet") as snapshot:
        assert snapshot.ok(query) == service.ok(query)


def test_bearings_are_those_of_the_line(service):
    steps = service.ok(f"/v1/route/light/{path_of([WEST, EAST])}?steps=true&geometries=geojson")[
        "routes"][0]["legs"][0]["steps"]
    line = steps[0]["geometry"]["coordinates"]
    x = (line[1][0] - line[0][0]) * math.cos(math.radians(line[0][1]))
    expected = math.degrees(math.atan2(x, line[1][1] - line[0][1])) % 360
    assert steps[0]["maneuver"]["bearing_after"] == pytest.approx(expected, abs=1)
