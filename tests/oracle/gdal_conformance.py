"""A network file as GDAL sees it, and as the GeoPackage standard (OGC 12-128r17) asks.

GDAL is the reader behind QGIS: what it opens without a warning, indexes and edits, people
can use. MUSTER_NETWORK_GPKG names the file to look at; without it the command in
MUSTER_COMMAND makes one of data/samples/village.osm.
"""

import os
import pathlib
import random
import shlex
import shutil
import sqlite3
import subprocess
import sys

import pytest
from osgeo import gdal, ogr
from osgeo_utils.samples import validate_gpkg

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "data" / "samples" / "village.osm"
GEOMETRY = {"node": (ogr.wkbPoint, "POINT"), "edge": (ogr.wkbLineString, "LINESTRING")}
ATTRIBUTES = ("muster_meta", "turn_restriction", "turn_restriction_via")
FLOAT32_DEG = 2e-5  # the index rounds outward to 32 bits: 1.5e-5 degrees at 180

gdal.UseExceptions()
ogr.UseExceptions()


# ---- the file -----------------------------------------------------------------------------


def command():
    words = shlex.split(os.environ.get("MUSTER_COMMAND", ""))
    if not words:
        pytest.skip("set MUSTER_NETWORK_GPKG to a file or MUSTER_COMMAND to the muster command")
    return words


@pytest.fixture(scope="session")
def path(tmp_path_factory):
    if "MUSTER_NETWORK_GPKG" in os.environ:
        return pathlib.Path(os.environ["MUSTER_NETWORK_GPKG"]).resolve()
    made = tmp_path_factory.mktemp("gdal") / "network.gpkg"
    subprocess.run([*command(), "import", "osm", str(SAMPLE), "-o", str(made)], check=True)
    return made


@pytest.fixture
def copy(path, tmp_path):
    return pathlib.Path(shutil.copy(path, tmp_path / "copy.gpkg"))


@pytest.fixture
def rows(path):
    """A function that gives the rows of a query, as SQLite itself sees the file."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()


@pytest.fixture
def complaints():
    """What GDAL warns about or reports as an error while the test runs."""
    found = []

    def keep(level, number, message):
        if level >= gdal.CE_Warning:
            found.append(message)

    gdal.PushErrorHandler(keep)
    yield found
    gdal.PopErrorHandler()


def count_of(rows, table):
    return rows(f"SELECT count(*) FROM {table}")[0][0]


def envelope_of(geometry):
    min_x, max_x, min_y, max_y = geometry.GetEnvelope()
    return min_x, min_y, max_x, max_y


def envelopes(path, table):
    """Feature id -> min_x, min_y, max_x, max_y, from the lines themselves."""
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    return {f.GetFID(): envelope_of(f.GetGeometryRef()) for f in source.GetLayer(table)}


def union(boxes):
    low_x, low_y, high_x, high_y = zip(*boxes)
    return min(low_x), min(low_y), max(high_x), max(high_y)


def meets(box, window, slack=0.0):
    return (box[0] <= window[2] + slack and box[2] >= window[0] - slack
            and box[1] <= window[3] + slack and box[3] >= window[1] - slack)


def windows(boxes, count=40):
    """Random windows of all sizes, and one that holds nothing."""
    rng = random.Random(1)
    min_x, min_y, max_x, max_y = union(boxes)
    for _ in range(count):
        width = (max_x - min_x) * 10 ** rng.uniform(-3, 0)
        height = (max_y - min_y) * 10 ** rng.uniform(-3, 0)
        x = rng.uniform(min_x, max_x)
        y = rng.uniform(min_y, max_y)
        yield x, y, x + width, y + height
    yield max_x + 1, max_y + 1, max_x + 2, max_y + 2


def rectangle(window):
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for x, y in ((0, 1), (2, 1), (2, 3), (0, 3), (0, 1)):
        ring.AddPoint_2D(window[x], window[y])
    polygon = ogr.Geometry(ogr.wkbPolygon)
    polygon.AddGeometry(ring)
    return polygon


# ---- as GDAL sees it ----------------------------------------------------------------------


def test_every_row_is_read_without_a_warning(path, complaints):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    assert source.GetDriver().ShortName == "GPKG"
    for i in range(source.GetLayerCount()):
        for feature in source.GetLayer(i):
            assert feature.GetFID() is not None
    source = None
    assert complaints == []


@pytest.mark.parametrize("table", GEOMETRY)
def test_layers_are_points_and_lines_in_wgs_84(path, rows, table):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = source.GetLayer(table)
    assert layer.GetGeomType() == GEOMETRY[table][0]
    assert layer.GetGeometryColumn() == "geom"
    assert layer.GetFIDColumn() == "id"
    reference = layer.GetSpatialRef()
    assert (reference.GetAuthorityName(None), reference.GetAuthorityCode(None)) == ("EPSG", "4326")
    assert layer.GetFeatureCount() == count_of(rows, table)
    assert sum(1 for _ in layer) == count_of(rows, table)


@pytest.mark.parametrize("table", ATTRIBUTES)
def test_attribute_tables_are_layers_without_geometry(path, rows, table):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = source.GetLayer(table)
    assert layer.GetGeomType() == ogr.wkbNone
    assert layer.GetFeatureCount() == count_of(rows, table)


@pytest.mark.parametrize("table", GEOMETRY)
def test_geometries_are_valid(path, table):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    for feature in source.GetLayer(table):
        geometry = feature.GetGeometryRef()
        assert geometry.GetGeometryType() == GEOMETRY[table][0]
        has_extent = geometry.GetGeometryType() == ogr.wkbPoint or geometry.Length() > 0
        assert geometry.IsValid() or not has_extent, feature.GetFID()


@pytest.mark.parametrize("table", GEOMETRY)
def test_the_extent_is_that_of_the_features(path, rows, table):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    min_x, max_x, min_y, max_y = source.GetLayer(table).GetExtent()
    stated = rows("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents "
                  f"WHERE table_name = '{table}'")[0]
    actual = union(envelopes(path, table).values())
    assert (min_x, min_y, max_x, max_y) == pytest.approx(actual, abs=1e-12)
    assert stated == pytest.approx(actual, abs=1e-12)


def test_lines_run_from_their_source_to_their_target(path):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    place = {f.GetFID(): f.GetGeometryRef().GetPoint_2D() for f in source.GetLayer("node")}
    for feature in source.GetLayer("edge"):
        line = feature.GetGeometryRef()
        assert line.GetPoint_2D(0) == place[feature["source"]]
        assert line.GetPoint_2D(line.GetPointCount() - 1) == place[feature["target"]]


@pytest.mark.parametrize("table", GEOMETRY)
def test_a_spatial_filter_finds_what_looking_at_all_finds(path, table):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = source.GetLayer(table)
    assert layer.TestCapability(ogr.OLCFastSpatialFilter)
    shapes = {f.GetFID(): f.GetGeometryRef().Clone() for f in layer}
    boxes = {i: envelope_of(shape) for i, shape in shapes.items()}
    for window in windows(boxes.values()):
        area = rectangle(window)
        layer.SetSpatialFilterRect(*window)
        found = {f.GetFID() for f in layer}
        touching = {i for i, box in boxes.items() if meets(box, window)}
        assert found <= touching
        assert {i for i in touching if shapes[i].Intersects(area)} <= found


def edit(path, table, change):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    change(source.GetLayer(table))
    source = None


def found_at(path, table, x, y):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = source.GetLayer(table)
    layer.SetSpatialFilterRect(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4)
    return [f.GetFID() for f in layer]


def test_the_index_follows_what_people_edit(copy, complaints):
    def point(x, y):
        return ogr.CreateGeometryFromWkt(f"POINT ({x} {y})")

    def add(layer):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetFID(987654321)
        feature.SetGeometry(point(10, 10))
        layer.CreateFeature(feature)

    def move(layer):
        feature = layer.GetFeature(987654321)
        feature.SetGeometry(point(20, 20))
        layer.SetFeature(feature)

    edit(copy, "node", add)
    assert found_at(copy, "node", 10, 10) == [987654321]
    edit(copy, "node", move)
    assert found_at(copy, "node", 10, 10) == []
    assert found_at(copy, "node", 20, 20) == [987654321]
    edit(copy, "node", lambda layer: layer.DeleteFeature(987654321))
    assert found_at(copy, "node", 20, 20) == []
    assert complaints == []


# ---- as the standard asks -----------------------------------------------------------------


def test_gdals_own_validator_finds_nothing(path):
    assert validate_gpkg.check(str(path), abort_at_first_error=False, extra_checks=True,
                               warning_as_error=True) == []


def test_it_is_a_geopackage_1_3_by_its_header(path, rows):
    assert rows("PRAGMA application_id") == [(int.from_bytes(b"GPKG", "big"),)]
    assert rows("PRAGMA user_version") == [(10300,)]
    assert path.read_bytes()[:16] == b"SQLite format 3\0"
    assert path.suffix == ".gpkg"


def test_sqlite_finds_it_whole(rows):
    assert rows("PRAGMA integrity_check") == [("ok",)]
    assert rows("PRAGMA foreign_key_check") == []
    for table in GEOMETRY:
        assert rows(f"SELECT rtreecheck('rtree_{table}_geom')") == [("ok",)]


def test_the_reference_systems_that_must_be_there_are(rows):
    ids = {row[0] for row in rows("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert {-1, 0, 4326} <= ids


def test_every_table_is_registered_and_every_registered_table_is_there(rows):
    registered = dict(rows("SELECT table_name, data_type FROM gpkg_contents"))
    tables = {row[0] for row in rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    ours = {t for t in tables if not t.startswith(("gpkg_", "rtree_", "sqlite_"))}
    assert set(registered) == ours
    assert {t for t, kind in registered.items() if kind == "features"} >= set(GEOMETRY)
    for table in GEOMETRY:
        assert rows("SELECT column_name, geometry_type_name, srs_id, z, m FROM "
                    f"gpkg_geometry_columns WHERE table_name = '{table}'") == [
                        ("geom", GEOMETRY[table][1], 4326, 0, 0)]


def test_feature_tables_have_an_integer_primary_key(rows):
    for table in GEOMETRY:
        keys = [row for row in rows(f"PRAGMA table_info({table})") if row[5] > 0]
        assert [(row[1], row[2]) for row in keys] == [("id", "INTEGER")]


@pytest.mark.parametrize("table", GEOMETRY)
def test_the_index_is_registered_with_all_its_triggers(rows, table):
    assert rows("SELECT column_name, extension_name, definition, scope FROM gpkg_extensions "
                f"WHERE table_name = '{table}'") == [
                    ("geom", "gpkg_rtree_index",
                     "http://www.geopackage.org/spec120/#extension_rtree", "write-only")]
    triggers = {row[0] for row in rows("SELECT name FROM sqlite_schema WHERE type = 'trigger' "
                                       f"AND tbl_name = '{table}'")}
    assert {f"rtree_{table}_geom_{event}" for event in (
        "insert", "update1", "update2", "update3", "update4", "delete")} <= triggers


@pytest.mark.parametrize("table", GEOMETRY)
def test_the_index_holds_every_row_within_32_bits(path, rows, table):
    boxes = envelopes(path, table)
    indexed = {row[0]: row[1:] for row in rows(
        f"SELECT id, minx, miny, maxx, maxy FROM rtree_{table}_geom")}
    assert indexed.keys() == boxes.keys()
    for i, (min_x, min_y, max_x, max_y) in boxes.items():
        low_x, low_y, high_x, high_y = indexed[i]
        assert min_x - FLOAT32_DEG <= low_x <= min_x and max_x <= high_x <= max_x + FLOAT32_DEG
        assert min_y - FLOAT32_DEG <= low_y <= min_y and max_y <= high_y <= max_y + FLOAT32_DEG


# ---- what `muster db` writes ----------------------------------------------------------------


@pytest.fixture(scope="session")
def dumped(tmp_path_factory):
    """A scenario of odd rows, as a GeoPackage and as a folder."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    import tables
    folder = tmp_path_factory.mktemp("dumped")
    city = tables.OddCity(4)
    first = city.write(folder / "first.gpkg", ROOT)
    subprocess.run([*command(), "db", "dump", str(first), str(folder / "city.gpkg")], check=True)
    subprocess.run([*command(), "db", "dump", str(first), str(folder / "city")], check=True)
    return folder, city.rows, tables


def test_gdals_validator_finds_nothing_in_a_dump(dumped):
    assert validate_gpkg.check(str(dumped[0] / "city.gpkg"), abort_at_first_error=False,
                               extra_checks=True, warning_as_error=True) == []


def test_every_table_of_a_dump_is_a_layer_with_all_its_rows(dumped, complaints):
    folder, rows, tables = dumped
    source = gdal.OpenEx(str(folder / "city.gpkg"), gdal.OF_VECTOR)
    for table in tables.TABLES:
        layer = source.GetLayer(table["name"])
        expected = len(rows[table["name"]]) + (table["name"] == "muster_meta")
        assert sum(1 for _ in layer) == expected, table["name"]
        has_geometry = tables.geometry_of(table) is not None
        assert (layer.GetGeomType() != ogr.wkbNone) == has_geometry
        assert layer.TestCapability(ogr.OLCFastSpatialFilter) == has_geometry
    assert complaints == []


def test_indexes_of_a_dump_hold_every_row(dumped):
    folder, rows, tables = dumped
    with sqlite3.connect(f"file:{folder / 'city.gpkg'}?mode=ro", uri=True) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in tables.TABLES:
            if tables.geometry_of(table) is None:
                continue
            name = table["name"]
            at = [c["name"] for c in table["columns"]].index("geom")
            assert db.execute(f"SELECT rtreecheck('rtree_{name}_geom')").fetchone() == ("ok",)
            assert {row[0] for row in db.execute(f"SELECT id FROM rtree_{name}_geom")} == {
                row[0] for row in rows[name] if row[at] is not None}, name


def test_a_row_that_gdal_adds_to_a_dump_is_indexed(dumped, tmp_path, complaints):
    copy = pathlib.Path(shutil.copy(dumped[0] / "city.gpkg", tmp_path / "copy.gpkg"))

    def add(layer):
        feature = ogr.Feature(layer.GetLayerDefn())
        for name, value in {"code": "new", "name": "n", "level": "city"}.items():
            feature[name] = value
        feature.SetGeometry(ogr.CreateGeometryFromWkt("POINT (11 12)"))
        layer.CreateFeature(feature)

    edit(copy, "place", add)
    assert len(found_at(copy, "place", 11, 12)) == 1
    assert complaints == []


def test_a_folder_is_what_gdal_reads_as_geojson_and_csv(dumped):
    folder, rows, tables = dumped
    for table in tables.TABLES:
        kind = "csv" if tables.geometry_of(table) is None else "geojson"
        source = gdal.OpenEx(str(folder / "city" / f"{table['name']}.{kind}"), gdal.OF_VECTOR)
        expected = len(rows[table["name"]]) + (table["name"] == "muster_meta")
        assert sum(1 for _ in source.GetLayer(0)) == expected, table["name"]
