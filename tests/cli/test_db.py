"""`muster db check`, `dump` and `migrate` on files and folders, without a server."""

import json
import os
import shutil
import sqlite3
import stat
import struct

import pytest
from muster_command import SOURCE, muster, refuse, succeed

import small_scenario
from tables import TABLE, TABLES, geopackage_rows, read_folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_scenario.write(tmp_path_factory.mktemp("small") / "small.gpkg")


@pytest.fixture()
def city(small, tmp_path):
    """A copy to be spoilt."""
    return shutil.copy(small, tmp_path / "city.gpkg")


@pytest.fixture()
def folder(small, tmp_path):
    succeed("db", "dump", small, tmp_path / "folder")
    return tmp_path / "folder"


def spoil(path, sql):
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.executescript(sql)


def point(lon, lat, srs=4326):
    return "x'" + (b"GP" + struct.pack("<BBiBIdd", 0, 1, srs, 1, 1, lon, lat)).hex() + "'"


def blob(*parts):
    return "x'" + (b"GP" + struct.pack("<BBi", 0, 1, 4326) + b"".join(parts)).hex() + "'"


def faults(path, expected_code=1):
    done = muster("db", "check", path)
    assert (done.returncode, done.stderr) == (expected_code, ""), done
    return done.stdout.splitlines()


# ---- check ---------------------------------------------------------------------------------


def test_a_sound_file_is_sound(small):
    assert succeed("db", "check", small) == "461 rows, 0 wrong\n"
    answer = json.loads(succeed("db", "check", small, "--json"))
    assert answer["fault_count"] == 0 and answer["faults"] == [] and answer["rows"]["node"] == 144


@pytest.mark.parametrize("change, fault", [
    ("UPDATE team SET people = 0 WHERE fid = 1", "team, row fid 1, column people: 0; expected a whole number from 1 to 1000000000"),
    ("UPDATE team SET people = 'many' WHERE fid = 1", "team, row fid 1, column people: 'many'; expected a whole number from 1 to 1000000000"),
    ("UPDATE team SET people = 2.5 WHERE fid = 1", "team, row fid 1, column people: 2.5; expected a whole number"),
    ("UPDATE team SET code = '' WHERE fid = 5", "team, row fid 5, column code: ''; expected a text that is not empty"),
    ("UPDATE team SET name = x'FF' WHERE fid = 5", "team, row fid 5, column name: a GEOMETRY of 1 bytes; expected a text"),
    ("UPDATE team SET name = CAST(x'C328' AS TEXT) WHERE fid = 5", "team, row fid 5, column name: '(not UTF-8)'; expected a text in UTF-8"),
    ("UPDATE team SET name = CAST(x'410042' AS TEXT) WHERE fid = 5", "column name: 'A B'; expected a text without NUL inside"),
    ("UPDATE team SET available = 2 WHERE fid = 5", "team, row fid 5, column available: 2; expected 0 or 1"),
    ("UPDATE team SET turnout_s = 9e999 WHERE fid = 5", "team, row fid 5, column turnout_s: inf; expected a number from 0 to 2147483"),
    ("UPDATE team SET shift_end_s = 0 WHERE fid = 5", "team, row fid 5, column shift_end_s: 0; expected a number from 0.001 to 2147483"),
    ("UPDATE team SET tier = 'state' WHERE fid = 5", "column tier: 'state'; expected city, county, town, village, social or expert"),
    ("INSERT INTO place (code, name, level, adcode, geom) VALUES ('p', 'n', 'city', '33O402', %s)" % point(120, 30),
     "place, row fid 1, column adcode: '33O402'; expected 6, 9 or 12 digits, or NULL"),
    ("UPDATE scenario SET starts_at = '2026-02-30T00:00:00Z'", "column starts_at: '2026-02-30T00:00:00Z'; expected a moment like 2026-07-01T06:30:00Z"),
    ("UPDATE scenario SET starts_at = '2026-02-20T00:00:00.5Z'", "column starts_at: 2026-02-20T00:00:00.5Z; expected a moment like"),
    ("UPDATE incident SET deadline_at = '2026-08-01T15:59:59Z' WHERE fid = 2", "incident, row fid 2, column deadline_at: 2026-08-01T15:59:59Z; expected a moment up to 2147483 seconds after reported_at"),
    ("UPDATE need SET minimum = 50 WHERE id = 1", "need, row id 1, column minimum: 50; expected at most the quantity"),
    ("UPDATE need SET kind = 'tents' WHERE id = 1", "need, row id 1, column kind: 'tents'; expected the code of a row in table kind"),
    ("UPDATE need SET incident = 'I9' WHERE id = 1", "need, row id 1, column incident: 'I9'; expected the scenario, code of a row in table incident"),
    ("UPDATE vehicle SET kind = 'pump' WHERE fid = 1", "vehicle, row fid 1, column kind: 'pump'; expected the code of a row in table kind, of resource vehicle"),
    ("UPDATE kind SET operator_count = 2 WHERE code = 'pump'", "column operator_count: 2; expected 0, without operator_kind"),
    ("UPDATE kind SET operator_count = 2, operator_kind = 'tent' WHERE code = 'pump'", "column operator_kind: 'tent'; expected the code of a row in table kind, of resource people"),
    ("UPDATE kind SET item_code = '1-2' WHERE code = 'pump'", "column item_code: '1-2'; expected"),
    ("INSERT INTO place (code, name, level, parent_code, geom) VALUES ('p', 'n', 'city', 'nowhere', %s)" % point(120, 30),
     "place, row fid 1, column parent_code: 'nowhere'; expected the code of a row in table place"),
    ("INSERT INTO rule (scenario, type, resource, code) VALUES ('flood', 'hold', 'vehicle', 'T1')",
     "rule, row id 1, column code: 'T1'; expected the code of a row in table vehicle"),
    ("INSERT INTO rule (scenario, type, resource, code) VALUES ('flood', 'lock', 'people', 'T1')",
     "rule, row id 1, column incident: NULL; expected an incident, but for hold"),
    ("INSERT INTO turn_restriction (id, kind, from_way, via_id, via_is_way, to_way) VALUES (1, 'penalty', 1, 1, 0, 1)",
     "turn_restriction, row fid 1, column penalty_s: NULL; expected the seconds of a penalty"),
    ("UPDATE hazard SET wind_force = 18 WHERE fid = 2", "hazard, row fid 2, column wind_force: 18; expected a whole number from 0 to 17"),
    ("INSERT INTO closure (scenario, code) VALUES ('flood', 'c')", "closure, row fid 1, column geom: NULL; expected a geometry, or an edge"),
    ("INSERT INTO scenario (code, name, starts_at, is_default) VALUES ('x', 'x', '2026-07-01T00:00:00Z', 1)",
     "scenario, row fid 2, column is_default: 1; expected 0: another scenario is the default"),
    ("INSERT INTO profile (name, document) VALUES ('p', '{\"name\"')", "profile, row fid 1, column document: '{\"name\"'; expected a JSON object"),
    ("UPDATE node SET rank = id WHERE id < 10", "node, column rank: 9 of 144 nodes have one, 0 a wrong one; expected 0, 1, 2... once each"),
    ("UPDATE node SET rank = id", "node, column rank: 144 of 144 nodes have one, 1 a wrong one"),
    ("UPDATE edge SET source = 999 WHERE id = 1", "edge, row id 1, column source: 999; expected the id of a row in table node"),
    ("UPDATE edge SET class = 'lane' WHERE id = 1", "edge, row id 1, column class: 'lane'; expected motorway, motorway_link,"),
    ("UPDATE edge SET source = 5 WHERE id = 1", "edge, row id 1, column geom: a LINESTRING of 41 bytes; expected a line whose point 0 is at its source"),
    ("DROP TABLE team_capability; CREATE TABLE team_capability (id INTEGER PRIMARY KEY, team TEXT, kind TEXT); "
     "INSERT INTO team_capability VALUES (1, 'T1', 'medical'), (2, 'T1', 'medical')",
     "team_capability, row id 2, column kind: 'medical'; expected no two rows with the same team, kind"),
    ("ALTER TABLE team DROP COLUMN people", "team, column people: no such column; expected one"),
])
def test_a_wrong_value_is_named_with_what_was_expected(city, change, fault):
    spoil(city, change)
    found = faults(city)
    assert any(fault in line for line in found), found
    assert found[-1].endswith(f" wrong") and not found[-1].endswith(" 0 wrong")


@pytest.mark.parametrize("geometry, fault", [
    ("NULL", "NULL; expected a geometry"),
    ("'POINT(1 2)'", "'POINT(1 2)'; expected a geometry"),
    ("x''", "a GEOMETRY of 0 bytes; expected a GeoPackage geometry"),
    (point(120.76, 30.76, 4490), "expected srs_id 4326 (WGS 84), not 4490"),
    (point(30.76, 120.76), "POINT (30.76 120.76); expected longitude first: (30.76, 120.76) looks swapped"),
    (point(200, 300), "expected longitude -180 to 180, latitude -90 to 90, not (200, 300)"),
    (point(float("nan"), float("nan")), "expected a geometry that is not empty"),
    (point(float("inf"), 3), "expected longitude -180 to 180"),
    (point(10, 10), "POINT (10 10); expected a place within 1 degree of the network"),
    (point(30.76, 80), "expected a place within 1 degree"),
    (blob(struct.pack("<BI", 1, 1)), "expected a whole geometry; it ends within a point"),
    (blob(struct.pack("<BIddB", 1, 1, 1, 1, 1)), "expected nothing behind the last point; there are 1 bytes"),
    (blob(struct.pack("<BIIdddd", 1, 2, 2, 1, 1, 2, 2)), "a LINESTRING of 41 bytes; expected a POINT, not a LINESTRING"),
    (blob(struct.pack("<BIddd", 1, 1001, 1, 1, 1)), "expected a two-dimensional POINT"),
    (blob(struct.pack("<BIdd", 7, 1, 1, 1)), "expected byte order 0 or 1, not 7"),
])
def test_a_wrong_geometry_is_named(city, geometry, fault):
    spoil(city, f"CREATE TABLE t2 AS SELECT * FROM team; DROP TABLE team; ALTER TABLE t2 RENAME TO team; UPDATE team SET geom = {geometry} WHERE fid = 1")
    found = faults(city)
    assert any(line.startswith("team, row fid 1, column geom: ") and fault in line for line in found), found
    assert len(found) == 2


@pytest.mark.parametrize("geometry, fault", [
    (blob(struct.pack("<BII", 1, 3, 0)), "expected a geometry that is not empty"),
    (blob(struct.pack("<BIII", 1, 3, 1, 2) + 4 * struct.pack("<d", 1)), "expected rings of 4 points or more, not 2"),
    (blob(struct.pack("<BIII8d", 1, 3, 1, 4, 0, 0, 1, 0, 1, 1, 2, 2)), "expected closed rings"),
    (blob(struct.pack("<BIII", 1, 3, 1, 4000000000)), "expected a whole geometry; it ends after 0 of 4000000000 points"),
    (blob(struct.pack("<BII", 1, 6, 4000000000)), "expected a whole geometry; it ends within its type"),
    (blob(struct.pack("<BIIBI", 1, 6, 1, 1, 1)), "expected a POLYGON, not a POINT"),
    (blob(struct.pack("<BII", 1, 7, 1)), "expected a POLYGON or MULTIPOLYGON, not type 7"),
])
def test_a_wrong_area_is_named(city, geometry, fault):
    spoil(city, f"UPDATE hazard SET geom = {geometry} WHERE fid = 1")
    found = faults(city)
    assert len(found) == 2 and fault in found[0], found


def test_of_many_faults_the_first_thousand_are_named_and_all_counted(city):
    spoil(city, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
          "INSERT INTO weight (key, value) SELECT 'k' || i, -i FROM n")
    found = faults(city)
    assert len(found) == 1002 and found[-2] == "and 500 more" and found[-1] == "1961 rows, 1500 wrong"


@pytest.mark.parametrize("path, code, words", [
    ("nowhere.gpkg", 4, ["nowhere.gpkg", "cannot be opened"]),
    ("nowhere", 4, ["nowhere", "cannot be opened"]),
    ("empty", 3, ["empty", "holds no node.geojson"]),
])
def test_what_is_no_store_is_refused(tmp_path, path, code, words):
    (tmp_path / "empty").mkdir()
    refuse(code, "db", "check", tmp_path / path, words=words)


# ---- folders ----------------------------------------------------------------------------------


def test_what_a_folder_holds_is_read_by_others(small, folder):
    for table in TABLES:
        rows = geopackage_rows(small, table["name"])
        found = read_folder(folder, table["name"])
        assert len(found) == len(rows) + (table["name"] == "muster_meta"), table["name"]
    team = read_folder(folder, "team")[0]
    assert team[1:7] == ["T1", "市消防救援支队", "city", None, 20, True]
    assert team[-1]["type"] == "Point" and team[-1]["coordinates"] == list(small_scenario.place(0, 0))
    assert {r["kind"]: r["quantity"] for r in read_folder(folder, "stock")} == {"sandbag": "800", "tent": "60"}
    assert read_folder(folder, "incident")[2][3] == small_scenario.INCIDENTS[2][1]


def rewrite(folder, name, change):
    path = folder / name
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize("change", [
    lambda b: b"\xEF\xBB\xBF" + b,
    lambda b: b.replace(b"\n", b"\r\n"),
    lambda b: b.replace(b"\n", b"\r"),
    lambda b: b.rstrip(b"\n"),
    lambda b: b.replace(b'"', b""),
    lambda b: b"\n\n" + b.replace(b"\n", b"\n\n"),
    lambda b: b"\n".join(b"extra,".replace(b"extra", b'"x ""y"""') + line if line else b"" for line in b.split(b"\n")),
    lambda b: b"quantity,kind,warehouse,id\n" + b"".join(
        b",".join(line.split(b",")[::-1]) + b"\n" for line in b.split(b"\n")[1:] if line),
])
def test_csv_as_others_write_it_is_read(small, folder, tmp_path, change):
    rewrite(folder, "stock.csv", change)
    succeed("db", "dump", folder, tmp_path / "back.gpkg")
    assert geopackage_rows(tmp_path / "back.gpkg", "stock") == geopackage_rows(small, "stock")


@pytest.mark.parametrize("change", [
    lambda d: json.dumps(d),
    lambda d: "\ufeff" + json.dumps(d, indent=3, ensure_ascii=False),
    lambda d: json.dumps({"features": d["features"], "type": "FeatureCollection", "crs": {"a": [1, "features"]}}),
    lambda d: json.dumps({"numberReturned": 6, "ok": True, "bbox": None, **d}),
    lambda d: json.dumps({**d, "features": [{**f, "properties": {**f["properties"], "people": float(f["properties"]["people"])}} for f in d["features"]]}),
    lambda d: json.dumps({**d, "features": [{**f, "properties": {k: v for k, v in f["properties"].items() if k not in ("ready_s", "place", "grade", "available")}} for f in d["features"]]}),
    lambda d: json.dumps({**d, "features": d["features"][::-1]}),
])
def test_geojson_as_others_write_it_is_read(small, folder, tmp_path, change):
    path = folder / "team.geojson"
    path.write_text(change(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    succeed("db", "dump", folder, tmp_path / "back.gpkg")
    assert geopackage_rows(tmp_path / "back.gpkg", "team") == geopackage_rows(small, "team")


@pytest.mark.parametrize("name, content, code, words", [
    ("stock.csv", "", 3, ["line 1", "no header"]),
    ("stock.csv", "id,warehouse,kind\n", 3, ["the header has no column quantity"]),
    ("stock.csv", "id,id,warehouse,kind,quantity\n", 3, ["names column id twice"]),
    ("stock.csv", 'id,warehouse,kind,quantity\n1,"W1","tent",5\n2,W1,"te"nt,5\n', 3, ["line 3", "RFC 4180"]),
    ("stock.csv", 'id,warehouse,kind,quantity\n1,"W1","tent', 3, ["RFC 4180"]),
    ("stock.csv", "id,warehouse,kind,quantity\n1,W1,tent\n", 3, ["line 2: 3 fields; expected 4"]),
    ("stock.csv", "id,warehouse,kind,quantity\n1,W1,tent,5x\n", 3, ["table stock, row id 1, column quantity: '5x'; expected a whole number"]),
    ("stock.csv", "id,warehouse,kind,quantity\n1,W1,tent,99999999999999999999\n", 3, ["'99999999999999999999'"]),
    ("stock.csv", "id,warehouse,kind,quantity\n1,W1,tent,\n", 3, ["column quantity: NULL"]),
    ("stock.csv", "id,warehouse,kind,quantity\n1,W1,tent,\"\"\n", 3, ["column quantity: ''"]),
    ("stock.csv", "id,warehouse,kind,quantity\n1,W1, tent,5\n", 3, ["column kind: ' tent'"]),
    ("stock.csv", "id,warehouse,kind,quantity\n-9223372036854775809,W1,tent,5\n", 3, ["column id: '-9223372036854775809'; expected a whole number"]),
    ("stock.csv", "id,warehouse,kind,quantity\n" + "1," * 300 + "\n", 3, ["over 200 fields"]),
    ("stock.csv", "id,warehouse,kind,quantity\n1,W1,tent,5\n1,W1,sandbag,5\n", 3, ["column id: 1; expected no two rows with the same id"]),
    ("kind.csv", 'fid,code,resource,category,name,unit,mass_kg\n1,a,item,c,n,u,nan\n', 3, ["column mass_kg: 'nan'; expected a number"]),
    ("kind.csv", 'fid,code,resource,category,name,unit,mass_kg\n1,a,item,c,n,u,1e400\n', 3, ["column mass_kg: '1e400'"]),
    ("kind.csv", 'fid,code,resource,category,name,unit,mass_kg\n1,a,item,c,n,u,0x10\n', 3, ["column mass_kg: '0x10'"]),
    ("muster_meta.csv", "key,value\nschema_version,99\n", 3, ["schema_version is \"99\"", "versions 1 to 2"]),
    ("muster_meta.csv", "key,value\nschema_version,\n", 3, ["schema_version is \"\""]),
    ("team.geojson", "", 3, ["team.geojson", "line 1", "no JSON object"]),
    ("team.geojson", "[]", 3, ["expected a FeatureCollection"]),
    ("team.geojson", '{"type": "FeatureCollection"}', 3, ["no features"]),
    ("team.geojson", '{"features": {}}', 3, ["features that are no array"]),
    ("team.geojson", '{"features": [\n1\n]}', 3, ["a feature that is no object"]),
    ("team.geojson", '{"features": [\n{"a": 1, "a": 2}]}', 3, ["line 2", "duplicate"]),
    ("team.geojson", '{"features": [\n\n{"properties": {"fid": ', 3, ["line 3"]),
    ("team.geojson", '{"features": [', 3, ["line 1"]),
    ("team.geojson", '{"features": [{"properties": {"fid": 1, "people": "5"}}]}', 3, ["column code: NULL"]),
    ("team.geojson", '{"features": [{"properties": {"fid": [1]}}]}', 3, ["column fid: '[1]'; expected null, a number"]),
    ("team.geojson", '{"features": [{"properties": {"fid": 99999999999999999999}}]}', 3, ["too big"]),
])
def test_a_wrong_file_is_named(folder, tmp_path, name, content, code, words):
    (folder / name).write_text(content, encoding="utf-8")
    refuse(code, "db", "dump", folder, tmp_path / "back.gpkg", words=words)
    assert not (tmp_path / "back.gpkg").exists()


@pytest.mark.parametrize("geometry, fault", [
    ({"type": "Point"}, "type and coordinates of a GeoJSON geometry"),
    ({"type": "Point", "coordinates": [1]}, "positions of two numbers"),
    ({"type": "Point", "coordinates": [1, 2, 3]}, "positions of two numbers"),
    ({"type": "Point", "coordinates": ["1", 2]}, "positions of two numbers"),
    ({"type": "Circle", "coordinates": [1, 2]}, "type and coordinates"),
    ({"type": "LineString", "coordinates": [[1, 2], [2, 3]]}, "a POINT, not a LINESTRING"),
    ([], "type and coordinates"),
])
def test_a_wrong_geojson_geometry_is_named(folder, tmp_path, geometry, fault):
    document = json.loads((folder / "team.geojson").read_text(encoding="utf-8"))
    document["features"][2]["geometry"] = geometry
    (folder / "team.geojson").write_text(json.dumps(document))
    refuse(3, "db", "dump", folder, tmp_path / "back.gpkg", words=["row fid 3, column geom", fault])


def test_a_folder_that_holds_more_is_not_replaced(small, folder):
    (folder / "notes.txt").write_text("mine")
    refuse(4, "db", "dump", small, folder, "--replace", words=['it holds "notes.txt"'])
    (folder / "notes.txt").unlink()
    (folder / "team.geojson").unlink()
    succeed("db", "dump", small, f"{folder}/", "--replace")
    assert (folder / "team.geojson").exists()
    assert [p.name for p in folder.parent.iterdir()] == ["folder"]


def test_a_pipe_in_a_folder_is_not_waited_for(folder, tmp_path):
    (folder / "team.geojson").unlink()
    os.mkfifo(folder / "team.geojson")
    refuse(4, "db", "dump", folder, tmp_path / "x.gpkg", words=["no regular file"])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_target_that_cannot_be_written_is_said(small, tmp_path):
    for name in "such/folder", "file.gpkg":
        refuse(4, "db", "dump", small, tmp_path / "no" / name,
               words=["cannot be written: No such file or directory"])
    refuse(3, "db", "dump", small, small, words=["copied to itself"])


# ---- old files ------------------------------------------------------------------------------------

OLD_HAZARD = """
DROP TABLE hazard; DROP TABLE closure; DROP TABLE profile;
CREATE TABLE hazard (
    fid        INTEGER NOT NULL PRIMARY KEY,
    scenario   TEXT    NOT NULL REFERENCES scenario (code),
    kind       TEXT    NOT NULL CHECK (kind IN ('flood')),
    depth_m    REAL    NOT NULL CHECK (depth_m >= 0),
    starts_at  TEXT    NOT NULL,
    ends_at    TEXT    NOT NULL,
    geom       POLYGON NOT NULL
);
DELETE FROM gpkg_contents WHERE table_name IN ('closure', 'profile');
DELETE FROM gpkg_geometry_columns WHERE table_name = 'closure';
UPDATE gpkg_geometry_columns SET geometry_type_name = 'POLYGON' WHERE table_name = 'hazard';
ALTER TABLE place DROP COLUMN adcode; ALTER TABLE kind DROP COLUMN item_code;
UPDATE muster_meta SET value = '1' WHERE key = 'schema_version';
"""
OLDER = """
ALTER TABLE team DROP COLUMN grade; ALTER TABLE team DROP COLUMN ready_s; ALTER TABLE node DROP COLUMN rank;
ALTER TABLE edge DROP COLUMN maxwidth_m; ALTER TABLE turn_restriction DROP COLUMN penalty_s;
DROP TABLE zone; DROP TABLE rule; DROP TABLE turn_restriction_via;
"""


def make_old(path, more=""):
    with sqlite3.connect(path) as db:
        hazards = db.execute("SELECT fid, scenario, kind, depth_m, starts_at, ends_at, geom FROM hazard").fetchall()
        db.executescript(OLD_HAZARD + more)
        db.executemany("INSERT INTO hazard VALUES (?, ?, ?, ?, ?, ?, ?)", hazards)
    return path


def shape_of(path):
    with sqlite3.connect(path) as db:
        return {t["name"]: [row[1:6] for row in db.execute(f"PRAGMA table_info({t['name']})")] for t in TABLES}


@pytest.mark.parametrize("more", ["", OLDER])
def test_an_old_file_is_read_as_it_is_and_brought_up_to_date(small, city, more):
    make_old(city, more)
    assert succeed("db", "check", city).endswith(" 0 wrong\n")
    before = json.loads(succeed("info", city, "--json"))
    assert succeed("db", "migrate", city) == "schema version 2, was 1\n"
    assert succeed("db", "migrate", city) == "schema version 2, nothing to do\n"
    assert shape_of(city) == shape_of(small)
    for name in TABLE:
        assert geopackage_rows(city, name) == geopackage_rows(small, name), name
    after = json.loads(succeed("info", city, "--json"))
    assert {k: v for k, v in after.items() if k != "file"} == {k: v for k, v in before.items() if k != "file"}
    with sqlite3.connect(city) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {r[0] for r in db.execute("SELECT table_name FROM gpkg_contents")} == {t["name"] for t in TABLES}
        assert db.execute("SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = 'hazard'").fetchone() == ("GEOMETRY",)
        assert not [r for r in db.execute("SELECT name FROM sqlite_schema WHERE name LIKE '%muster_old%' OR sql LIKE '%muster_old%'")]


def test_what_others_put_into_a_file_stays(city):
    make_old(city)
    with sqlite3.connect(city) as db:
        db.executescript("""
            ALTER TABLE team ADD COLUMN phone TEXT; UPDATE team SET phone = '110-' || code;
            ALTER TABLE kind ADD COLUMN "odd ""name"" x" VARCHAR(20); UPDATE kind SET "odd ""name"" x" = 'é';
            CREATE INDEX team_phone ON team (phone);
            CREATE TABLE log (what TEXT); INSERT INTO log VALUES ('kept');
            CREATE TRIGGER noted AFTER UPDATE ON kind BEGIN INSERT INTO log VALUES (NEW.code); END;
            CREATE VIEW teams AS SELECT code, phone FROM team;""")
    succeed("db", "migrate", city)
    with sqlite3.connect(city) as db:
        assert db.execute("SELECT phone FROM teams WHERE code = 'T3'").fetchone() == ("110-T3",)
        assert {r[0] for r in db.execute('SELECT "odd ""name"" x" FROM kind')} == {"é"}
        assert db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'team_phone'").fetchone() == (1,)
        db.execute("UPDATE kind SET unit = 'x' WHERE code = 'tent'")
        assert db.execute("SELECT what FROM log").fetchall() == [("kept",), ("tent",)]


def test_a_network_stays_a_network_and_its_index_holds(tmp_path):
    path = tmp_path / "village.gpkg"
    succeed("import", "osm", SOURCE / "data/samples/village.osm", "-o", path)
    with sqlite3.connect(path) as db:
        before = db.execute("SELECT * FROM edge ORDER BY id").fetchall()
        for trigger in [r[0] for r in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]:
            assert trigger.startswith("rtree_")
        db.execute("UPDATE muster_meta SET value = '1' WHERE key = 'schema_version'")
        db.executescript("DROP TABLE turn_restriction_via")
    succeed("db", "migrate", path)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT * FROM edge ORDER BY id").fetchall() == before
        assert db.execute("SELECT rtreecheck('rtree_edge_geom')").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'edge'").fetchone()[0] >= 6
        assert db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'team'").fetchone() == (0,)
    assert succeed("db", "check", path).endswith(" 0 wrong\n")


def test_what_may_not_be_in_a_new_file_is_named_and_the_old_one_stays(city):
    make_old(city)
    spoil(city, "UPDATE hazard SET depth_m = -1 WHERE fid = 2")
    before = open(city, "rb").read()
    refuse(3, "db", "migrate", city, words=["table hazard", "CHECK constraint failed"])
    assert open(city, "rb").read() == before
    assert os.listdir(os.path.dirname(city)) == ["city.gpkg"]


def test_a_file_of_a_newer_version_is_left_alone(city):
    spoil(city, "UPDATE muster_meta SET value = '3' WHERE key = 'schema_version'")
    refuse(3, "db", "migrate", city, words=["schema version 3", "newer one is needed"])


def test_a_link_stays_a_link_and_permissions_stay(city, tmp_path):
    make_old(city)
    os.chmod(city, 0o640)
    (tmp_path / "link.gpkg").symlink_to("city.gpkg")
    succeed("db", "migrate", tmp_path / "link.gpkg")
    assert (tmp_path / "link.gpkg").is_symlink()
    assert stat.S_IMODE(os.stat(city).st_mode) == 0o640
    assert succeed("db", "migrate", city).endswith("nothing to do\n")


def test_a_folder_cannot_be_migrated(folder):
    refuse(3, "db", "migrate", folder, words=["is a folder", "a PostGIS database or a GeoPackage"])
