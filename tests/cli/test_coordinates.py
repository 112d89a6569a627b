"""Sources in other systems than WGS 84: said by whoever knows, converted, never guessed."""

import json

import pytest
from osgeo import osr

from china_offset import bd09, gcj02
from muster_command import muster, read_csv, refuse, succeed, write_sites

osr.UseExceptions()

# Two places on the village's roads. What they are in other systems is GDAL's and china_offset.py's word.
PLACES = [("station", 120.8003, 30.7501), ("market", 120.8061, 30.7522)]
SYSTEMS = ["CGCS2000", "GCJ-02", "BD-09", "EPSG:4528", "EPSG:4549", "EPSG:32651"]


def convert(system, lon, lat):
    if system in ("GCJ-02", "BD-09"):
        return (gcj02 if system == "GCJ-02" else bd09)(lon, lat)
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromEPSG(4326)
    target.ImportFromEPSG(4490 if system == "CGCS2000" else int(system[5:]))
    for reference in (source, target):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(source, target).TransformPoint(lon, lat)[:2]


def text_of(place):
    return "{!r},{!r}".format(*place)


def write_csv(path, system, swapped=False):
    """The places in a system, with the columns that it has."""
    x, y = ("x", "y") if system.startswith("EPSG") else ("lon", "lat")
    rows = [(name, *convert(system, lon, lat)[::-1 if swapped else 1]) for name, lon, lat in PLACES]
    path.write_text(f"id,{x},{y}\n" + "".join(f"{i},{a!r},{b!r}\n" for i, a, b in rows))
    return path


def snapped(answer):
    return [answer[end][key] for end in ("from", "to") for key in ("lon", "lat")]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("swap", [[], ["--swap"]])
def test_a_route_is_the_same_whatever_system_its_places_are_in(village, system, swap):
    def ask(ends, *options):
        return json.loads(succeed("route", village, "--from", ends[0], "--to", ends[1], "--profile",
                                  "light", "--json", *options))
    plain = ask([text_of(place[1:]) for place in PLACES])
    other = ask([text_of(convert(system, *place[1:])[::-1 if swap else 1]) for place in PLACES],
                "--crs", system, *swap)
    assert snapped(other) == pytest.approx(snapped(plain), abs=1e-6)
    assert other["duration_s"] == pytest.approx(plain["duration_s"], abs=0.05)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("swap", [[], ["--swap"]])
def test_a_table_is_the_same_whatever_system_its_sites_are_in(village, tmp_path, system, swap):
    plain = write_sites(tmp_path / "plain.csv", PLACES)
    other = write_csv(tmp_path / "other.csv", system, bool(swap))
    tables = []
    for path, options in ((plain, []), (other, ["--crs", system, *swap])):
        succeed("matrix", village, "--from", path, "--to", path, "--profile", "light", "-o",
                tmp_path / "m.csv", *options)
        tables.append([float(row["distance_m"]) for row in read_csv(tmp_path / "m.csv")])
    assert tables[0] == pytest.approx(tables[1], abs=0.5) and tables[0][1] > 500


def test_nearest_and_isochrone_take_systems_too(village, tmp_path):
    sites = write_csv(tmp_path / "sites.csv", "GCJ-02")
    here = text_of(gcj02(*PLACES[0][1:]))
    answer = json.loads(succeed("nearest", village, "--from", here, "--to", sites, "--crs", "gcj02",
                                "--profile", "light", "--json"))
    assert [site["id"] for site in answer["nearest"]] == ["station", "market"]
    assert answer["nearest"][0]["distance_m"] < 0.5
    text = succeed("isochrone", village, "--from", here, "--crs", "GCJ-02", "--limit", "1min",
                   "--profile", "light")
    assert "120.800300,30.750100" in text


# ---- GeoJSON ---------------------------------------------------------------------------------

SQUARE = [(120.80, 30.74), (120.81, 30.74), (120.81, 30.76), (120.80, 30.76), (120.80, 30.74)]


def water(path, ring, crs=None):
    document = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {},
         "geometry": {"type": "Polygon", "coordinates": [[list(p) for p in ring]]}}]}
    if crs is not None:
        document["crs"] = crs
    path.write_text(json.dumps(document))
    return path


def named(name):
    return {"type": "name", "properties": {"name": name}}


def closed(network, path, *options):
    text = succeed("closures", network, "--profile", "light", "--closures", path, *options)
    return int(text.splitlines()[1].split()[1])


@pytest.mark.parametrize("system", SYSTEMS)
def test_closures_are_in_the_system_that_is_said_for_them(village, tmp_path, system):
    ring = [convert(system, *place) for place in SQUARE]
    plain = closed(village, water(tmp_path / "plain.geojson", SQUARE))
    urn = named(system.replace("EPSG:", "urn:ogc:def:crs:EPSG::"))
    assert plain > 0
    assert closed(village, water(tmp_path / "crs.geojson", ring, urn)) == plain
    assert closed(village, water(tmp_path / "option.geojson", ring), "--crs", system) == plain
    # What the file says of itself counts before what is said of all sources.
    assert closed(village, water(tmp_path / "both.geojson", ring, urn), "--crs", "BD-09") == plain
    assert closed(village, water(tmp_path / "null.geojson", SQUARE, None)) == plain
    turned = [place[::-1] for place in ring]
    assert closed(village, water(tmp_path / "turned.geojson", turned, urn), "--swap") == plain


@pytest.mark.parametrize("crs, words", [
    ({"type": "link", "properties": {"href": "x"}}, ['its type is not "name"', "EPSG::4490"]),
    ({"type": "name", "properties": {}}, ["it has no name"]),
    (named("Mars"), ['no coordinate system "Mars"']),
    (named("urn:ogc:def:crs:EPSG::1"), ["EPSG:1", "no such coordinate system"]),
    ("EPSG:4490", ['its type is not "name"']),
])
def test_a_crs_that_is_none_is_refused(village, tmp_path, crs, words):
    path = water(tmp_path / "x.geojson", SQUARE, crs)
    refuse(3, "closures", village, "--profile", "light", "--closures", path,
           words=[path, "crs: ", *words])


def positions(geometry):
    """Every position of a geometry, flat."""
    stack, found = [geometry["coordinates"]], []
    while stack:
        item = stack.pop()
        if isinstance(item[0], (int, float)):
            found.append(item)
        else:
            stack.extend(reversed(item))
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_geojson_is_written_in_the_system_that_is_asked_for(village, tmp_path, system):
    ends = ["--from", text_of(PLACES[0][1:]), "--to", text_of(PLACES[1][1:])]
    shut = water(tmp_path / "shut.geojson", SQUARE)
    runs = {
        "route": ["route", village, *ends, "--geojson", "-o"],
        "isochrone": ["isochrone", village, *ends[:2], "--limit", "1min", "-o"],
        "arcs": ["isochrone", village, *ends[:2], "--limit", "1min", "--arcs"],
        "closures": ["closures", village, "--closures", shut, "--geojson"],
    }
    step = 0.011 if system.startswith("EPSG") else 1.1e-6
    for arguments in runs.values():
        documents = []
        for options in ([], ["--output-crs", system]):
            path = tmp_path / "out.geojson"
            succeed(*arguments, path, "--profile", "light", *options)
            documents.append(json.loads(path.read_text()))
        plain, other = documents
        assert "crs" not in plain
        assert other["crs"]["properties"]["name"].replace("urn:ogc:def:crs:EPSG::", "EPSG:") == \
            ("EPSG:4490" if system == "CGCS2000" else system)
        pairs = list(zip(plain.get("features", [plain]), other.get("features", [other])))
        assert pairs
        for one, two in pairs:
            assert one["properties"] == two["properties"]
            before, after = positions(one["geometry"]), positions(two["geometry"])
            assert len(before) == len(after) > 0
            for (lon, lat), place in zip(before, after):
                assert list(place) == pytest.approx(convert(system, lon, lat), abs=step, rel=0)


def test_what_lies_outside_of_the_zone_is_not_written(village, tmp_path):
    out = tmp_path / "out.geojson"
    refuse(3, "route", village, "--from", text_of(PLACES[0][1:]), "--to", text_of(PLACES[1][1:]),
           "--profile", "light", "--geojson", "-o", out, "--output-crs", "EPSG:4513",
           words=["EPSG:4513", "outside of the area"])
    assert not out.exists()


# ---- what is wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize("system, x, y, words", [
    ("GCJ-02", 30.75, 120.8, ["30.75, 120.8 in GCJ-02", "looks swapped", "longitude first"]),
    ("CGCS2000", 40572917, 3404150, ["EPSG:4490", "looks like metres"]),
    ("EPSG:4528", 120.8, 30.75, ["EPSG:4528", "looks like degrees"]),
    ("EPSG:4528", 3404150, 40572917, ["looks swapped", "easting first"]),
    ("EPSG:4528", 572917, 3404150, ["no zone number"]),
    ("EPSG:4549", 40572917, 3404150, ["has a zone number"]),
    ("EPSG:4528", 39572917, 3404150, ["outside of the area"]),
])
def test_a_position_that_cannot_be_is_named_by_row_and_what_it_looks_like(village, tmp_path, system,
                                                                          x, y, words):
    columns = "x,y" if system.startswith("EPSG") else "lon,lat"
    path = tmp_path / "wrong.csv"
    path.write_text(f"id,{columns}\na,{x},{y}\n")
    arguments = ["matrix", village, "--from", path, "--to", path, "--profile", "light", "--crs",
                 system]
    refuse(3, *arguments, words=[path, "row 2", *words])
    done = muster(*arguments, "--keep-going")
    assert done.returncode == 0 and done.stdout.endswith("a,a,,\n")
    refuse(2, "route", village, "--from", f"{x},{y}", "--to", "1,2", "--crs", system, "--profile",
           "light", words=["--from", *words])


def test_columns_are_those_of_the_system(village, tmp_path):
    degrees = write_sites(tmp_path / "degrees.csv", PLACES)
    metres = write_csv(tmp_path / "metres.csv", "EPSG:4528")
    refuse(3, "matrix", village, "--from", degrees, "--to", degrees, "--profile", "light", "--crs",
           "EPSG:4528", words=["row 1", 'no column "x"', "id, x and y"])
    refuse(3, "matrix", village, "--from", metres, "--to", metres, "--profile", "light",
           words=["row 1", 'no column "lon"', "id, lon and lat"])


@pytest.mark.parametrize("arguments, words", [
    (["--crs", "Mars"], ["--crs", 'no coordinate system "Mars"', "GCJ-02"]),
    (["--crs", "EPSG:4610"], ["--crs", "EPSG:4610", "no way to WGS 84"]),
    (["--output-crs", "Mars", "--geojson"], ["--output-crs", '"Mars"']),
    (["--output-crs", "GCJ-02"], ["--output-crs GCJ-02 without GeoJSON"]),
])
def test_a_wrong_name_is_a_wrong_command_line(village, arguments, words):
    refuse(2, "route", village, "--from", "120.8,30.75", "--to", "120.8,30.75", "--profile", "light",
           *arguments, words=words)


def test_a_graph_in_gcj02_becomes_wgs84(tmp_path):
    places = [(120.8003, 30.7501), (120.8061, 30.7522)]
    graph, coordinates, network = (tmp_path / name for name in ("n.gr", "n.co", "n.gpkg"))
    graph.write_text("p sp 2 2\na 1 2 60000\na 2 1 60000\n")
    coordinates.write_text("p aux sp co 2\n" + "".join(
        "v {} {} {}\n".format(i, *(round(v * 1e6) for v in gcj02(*place)))
        for i, place in enumerate(places, start=1)))
    load = ["import", "dimacs", "--graph", graph, "--coordinates", coordinates, "-o", network]
    succeed(*load, "--crs", "GCJ-02")
    succeed("export", network, "--nodes", tmp_path / "nodes.csv", "--arcs", tmp_path / "a.csv",
            "--profile", "light")
    found = [(float(row["lon"]), float(row["lat"])) for row in read_csv(tmp_path / "nodes.csv")]
    for place, expected in zip(found, places):
        assert place == pytest.approx(expected, abs=1e-6)
    refuse(3, *load, "--crs", "EPSG:4528", words=["millionths of a degree", "EPSG:4528"])
