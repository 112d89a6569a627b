"""What is in a GeoPackage and in a PostGIS alike gives every command the same answer, byte for byte;
and what is wrong with a database, or on the way to it, is said in one line."""

import json
import os
import pathlib
import re
import socket
import sqlite3
import subprocess
import threading
import time

import pytest

import postgis_fill
import small_scenario
from muster_command import muster, refuse, succeed, write_sites

# What small_scenario.py leaves out: authorities, cover, rules, weights, ranks come with muster order.
MORE = """
INSERT INTO place (code, name, level, parent_code, geom)
    SELECT '330400', '嘉兴市', 'city', NULL, geom FROM node WHERE id = 1;
INSERT INTO place (code, name, level, parent_code, geom)
    SELECT '330402', '南湖区', 'county', '330400', geom FROM node WHERE id = 40;
INSERT INTO place (code, name, level, parent_code, population, geom)
    SELECT '330402001', '桥边村', 'village', '330402', 700, geom FROM node WHERE id = 50;
INSERT INTO at_risk_site (code, name, population, geom) SELECT 'R-1', '低洼', 300, geom FROM node WHERE id = 90;
INSERT INTO kit (site, kind, quantity) VALUES ('R-1', 'pump', 2), ('R-1', 'boat', 1);
UPDATE team SET place = '330402', ready_s = 30.25, shift_end_s = 36000, duty_s = 1.5 WHERE code = 'T2';
UPDATE incident SET place = '330402', deadline_at = '2026-08-01T17:30:00Z', on_scene_s = 90
    WHERE code = 'I2';
UPDATE incident SET all_or_nothing = 1 WHERE code = 'I3';
INSERT INTO zone (code, kind, radius_s, required, geom) SELECT 'Z1', 'medical', 900, 4, geom
    FROM node WHERE id = 70;
INSERT INTO rule (scenario, type, resource, code, kind, incident) VALUES
    ('flood', 'forbid', 'people', 'T5', NULL, 'I1'), ('flood', 'hold', 'vehicle', 'V1', NULL, NULL);
INSERT INTO weight (key, value) VALUES ('severity_extreme', 500), ('lateness_step_s', 600);
INSERT INTO turn_restriction VALUES (1, 900, 'no', 0, 14, 0, 0, 3, 2, 4, 4, NULL),
                                    (2, 901, 'penalty', 0, 27, 0, 0, 30, 15, 31, 0, 12.5);
INSERT INTO profile (name, document) VALUES
    ('van', '{"name": "van", "extends": "heavy", "max_speed_kmh": 33.5}'),
    ('fast van', '{"name": "fast van", "extends": "van", "max_speed_kmh": 90}');
UPDATE vehicle SET profile = 'van' WHERE code = 'V3';
UPDATE edge SET name = 'Nanhu \\ 大道', bridge = 1, layer = 1, maxheight_m = 4.2, speed_forward_kmh = 47.3,
    duration_backward_ms = 90000 WHERE id % 17 = 0;
UPDATE hazard SET code = 'C-' || fid;
INSERT INTO closure (scenario, code, name, edge, starts_at, ends_at, geom) VALUES
    ('flood', 'C-1', '"塌方"', 60, NULL, NULL, NULL),
    ('flood', 'C-3', NULL, NULL, '2026-08-01T16:00:00Z', NULL, (SELECT geom FROM node WHERE id = 100)),
    ('flood', 'C-4', NULL, 120, NULL, '2026-08-02T16:00:00Z', (SELECT geom FROM edge WHERE id = 200)),
    ('flood', 'C-5', NULL, NULL, NULL, NULL, (SELECT geom FROM water_area)),
    ('flood', 'C-6', NULL, 61, NULL, '2026-08-01T16:00:00Z', NULL);
"""
SEVERAL = [[small_scenario.point_blob(120.76, 30.77), small_scenario.point_blob(120.77, 30.76)],
           [small_scenario.line_blob([(120.79, 30.771), (120.80, 30.771)])] * 2]

# Hazards and closures that hold then.
AT = ["--at", "2026-08-02T00:00:00Z"]


@pytest.fixture(scope="session")
def town_file(tmp_path_factory):
    path = small_scenario.write(tmp_path_factory.mktemp("town") / "town.gpkg")
    small_scenario.give_trucks(path)
    with sqlite3.connect(path) as db:
        db.executescript(MORE)
        db.executemany("INSERT INTO closure (scenario, code, geom) VALUES ('flood', ?, ?)",
                       [(f"S-{i}", small_scenario.several_blob(blobs)) for i, blobs in enumerate(SEVERAL)])
    succeed("order", path)
    return path


@pytest.fixture(scope="session")
def town(server, town_file):
    """The connection to a database that holds what the file holds; tests only read it."""
    return postgis_fill.fill(server, "town", town_file)


@pytest.fixture()
def spoilt(server, town):
    """A function that makes a copy of the database, runs a script in it and gives its connection."""
    def spoil(script, database="spoilt", **options):
        server.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE);"
                   f"CREATE DATABASE {database} TEMPLATE town;")
        server.sql(f"SET search_path = muster, public; {script}", database)
        return server.uri(database, **options)
    return spoil


# ---- the same answers ---------------------------------------------------------------------------


def without_times(text):
    return re.sub(r'"(elapsed_ms|first_feasible_ms)": ?\d+', "", text)


def plan_files(store, folder, *options):
    folder.mkdir()
    done = muster("plan", store, *options, "-o", folder / "plan.json", "--geojson",
                  folder / "plan.geojson", "--report", folder / "report.html")
    assert done.returncode == 0, done
    files = [without_times((folder / name).read_text(encoding="utf-8"))
             for name in ("plan.json", "plan.geojson", "report.html")]
    return files, done.stdout


@pytest.mark.parametrize("options", [
    ["--work-limit", 2000000], ["--method", "greedy"], ["--items", "by-themselves", "--compare",
                                                        "greedy", "--work-limit", 2000000],
    ["--work-limit", 2000000, *AT]])
def test_a_plan_is_the_same_byte_for_byte(town, town_file, tmp_path, options):
    from_file, _ = plan_files(town_file, tmp_path / "file", *options)
    from_server, _ = plan_files(town, tmp_path / "server", *options)
    assert from_server == from_file
    assert json.loads((tmp_path / "server/plan.json").read_text())["checker"] == "ok"


def test_a_plan_goes_on_from_one_of_the_file(town, town_file, tmp_path):
    succeed("plan", town_file, "--method", "greedy", "-o", tmp_path / "was.json")
    for name, store in (("file", town_file), ("server", town)):
        muster("plan", store, "--after", tmp_path / "was.json", "--was", store, "--work-limit", 2000000,
               "-o", tmp_path / f"{name}.json")
    one, other = (without_times((tmp_path / f"{name}.json").read_text()) for name in ("file", "server"))
    assert one == other


@pytest.mark.parametrize("command", [
    ["info"],
    ["route", "--from", "120.755,30.755", "--to", "120.80,30.79", "--profile", "heavy", "--json"],
    ["isochrone", "--from", "120.77,30.77", "--limit", "3m", "--profile", "light", "-o", "-"],
    ["closures", "--profile", "light", "--edge", "100"],
    ["explain", "--incident", "I1", "--json", "--time-limit", "500ms"],
    ["check", "--pairs", "20"],
    ["route", "--from", "120.755,30.755", "--to", "120.80,30.79", "--profile", "heavy", "--json", *AT],
    ["isochrone", "--from", "120.79,30.79", "--limit", "3m", "--profile", "light", "-o", "-", *AT],
    ["closures", "--profile", "boat", *AT],
    ["explain", "--incident", "I1", "--json", "--time-limit", "500ms", *AT],
    ["readiness", "-o", "-", "--n-1", "roads", "--n-1", "units", "--without", "T1"],
])
def test_a_command_says_the_same(town, town_file, command):
    name, *options = command
    from_file, from_server = (muster(name, store, *options) for store in (town_file, town))
    assert from_file.returncode == 0, from_file
    first = from_server.stdout.replace("postgresql:///town", str(town_file))
    assert (from_server.returncode, first, from_server.stderr) == (0, from_file.stdout, from_file.stderr)


def test_hazards_and_closures_of_either_are_the_same(town, town_file, tmp_path):
    """Of the one, in the network of the other."""
    answers = {}
    for name, store in (("file", town_file), ("server", town)):
        out = tmp_path / f"{name}.geojson"
        text = succeed("hazards", store, "--geojson", out)
        features = out.read_text(encoding="utf-8").replace("postgresql:///town", str(town_file))
        closed = [succeed("closures", network, "--profile", "light", "--hazards", store, *AT)
                  for network in (town_file, town)]
        assert closed[0] == closed[1]
        answers[name] = text, json.loads(features), closed[0]
    file, server = answers["file"], answers["server"]
    for feature in file[1]["features"] + server[1]["features"]:
        source = feature["properties"].pop("source")
        assert "table closure" in source or "table hazard" in source
    assert file == server
    assert "closure/C-1" in file[0] and '"塌方"' in file[0]


def test_a_closure_of_no_road_is_named(spoilt):
    refuse(3, "plan", spoilt("UPDATE closure SET geom = ST_SetSRID(ST_MakePoint(122.5, 30.5), 4326) "
                             "WHERE code = 'C-3'"), *AT,
           words=["table closure, row id", "point 0 at 122.5,30.5 has no road near it"])
    refuse(3, "plan", spoilt("ALTER TABLE closure DROP CONSTRAINT closure_edge_fkey; "
                             "UPDATE closure SET edge = 4711 WHERE code = 'C-4'"), *AT,
           words=["table closure, row id", "edge 4711 is to be closed, but no edge of the network"])


def test_tables_and_exports_are_the_same(town, town_file, tmp_path):
    sites = write_sites(tmp_path / "sites.csv", [(i, 120.752 + i / 500, 30.753 + i / 400)
                                                 for i in range(12)])
    for name, store in (("file", town_file), ("server", town)):
        folder = tmp_path / name
        folder.mkdir()
        succeed("matrix", store, "--from", sites, "--to", sites, "--profile", "heavy", "-o",
                folder / "matrix.csv")
        succeed("nearest", store, "--from", "120.77,30.77", "--to", sites, "--profile", "light", "-o",
                folder / "nearest.txt")
        succeed("export", store, "--nodes", folder / "n.csv", "--arcs", folder / "a.csv", "--turns",
                folder / "t.csv", "--profile", "emergency")
        succeed("snapshot", store, "-o", folder / "net.mnet")
    for one in (tmp_path / "file").iterdir():
        assert one.read_bytes() == (tmp_path / "server" / one.name).read_bytes(), one.name


def test_the_order_is_read_and_not_computed_anew(spoilt):
    """Another permutation than METIS would give, and one that is none."""
    counted = {row["what"]: row["row_count"]
               for row in json.loads(succeed("info", spoilt(""), "--json"))["counts"]}
    assert counted["rank"] == counted["node"] == 144
    refuse(3, "info", spoilt("UPDATE node SET rank = (SELECT rank FROM node WHERE id = 6) WHERE id = 5"),
           words=["table node, row id 6, column rank: there are two rows of rank"])
    refuse(3, "info", spoilt("UPDATE node SET rank = NULL WHERE id = 5"),
           words=["table node, row id 5, column rank: NULL; expected a whole number"])


def test_what_muster_itself_has_loaded_is_the_same(server, town_file, tmp_path):
    server.sql("DROP DATABASE IF EXISTS loaded WITH (FORCE);")
    server.sql("CREATE DATABASE loaded;")
    store = server.uri("loaded")
    succeed("db", "init", store)
    muster("db", "load", town_file, store)
    assert plan_files(store, tmp_path / "server", "--work-limit", 2000000)[0] == \
        plan_files(town_file, tmp_path / "file", "--work-limit", 2000000)[0]


def test_the_home_scenario_is_the_same(server, tmp_path):
    path = os.environ.get("MUSTER_JIAXING")
    if not path:
        pytest.skip("MUSTER_JIAXING is not set: no home scenario")
    store = postgis_fill.fill(server, "jiaxing", path)
    options = ["--scenario", "typhoon-10", "--work-limit", 2000000]
    assert plan_files(store, tmp_path / "server", *options)[0] == \
        plan_files(path, tmp_path / "file", *options)[0]
    server.sql("DROP DATABASE jiaxing;")


def test_rows_in_another_order_and_with_other_keys_are_the_same_scenario(spoilt, town, tmp_path):
    """Rows that are written again lie elsewhere, and fid means nothing."""
    mixed = spoilt("UPDATE team SET name = name, fid = 1000 - fid; UPDATE stock SET id = 1000 - id;"
                   "UPDATE edge SET name = name WHERE id % 3 = 1; UPDATE node SET geom = geom WHERE id % 2 = 0;"
                   "UPDATE need SET quantity = quantity; VACUUM FULL edge;")
    assert plan_files(mixed, tmp_path / "mixed", "--work-limit", 2000000)[0] == \
        plan_files(town, tmp_path / "town", "--work-limit", 2000000)[0]


def test_everything_is_of_one_moment(spoilt, server, tmp_path):
    """Who reads slowly does not see what is changed meanwhile, though it is read later."""
    store = spoilt("ALTER TABLE kind RENAME TO plain_kind; CREATE VIEW kind AS SELECT * FROM "
                   "plain_kind WHERE (SELECT pg_sleep(1.5) IS NOT NULL);")
    quiet = plan_files(store, tmp_path / "quiet", "--work-limit", 2000000)
    writer = threading.Timer(0.7, server.sql, [
        "UPDATE muster.need SET quantity = quantity + 50; DELETE FROM muster.edge WHERE id = 7;", "spoilt"])
    writer.start()
    busy = plan_files(store, tmp_path / "busy", "--method", "optimize", "--work-limit", 2000000)
    writer.join()
    assert busy[0][0] == quiet[0][0]
    assert plan_files(store, tmp_path / "after", "--work-limit", 2000000)[0][0] != quiet[0][0]


# ---- the same refusals --------------------------------------------------------------------------

# Those of muster's own tables forbid to change the type of columns that they speak of.
WITHOUT_TRIGGERS = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT t.tgrelid::regclass AS tab, t.tgname FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
           WHERE r.relnamespace = 'muster'::regnamespace AND NOT t.tgisinternal LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', c.tgname, c.tab);
  END LOOP; END $$;
"""

UNCONSTRAIN = WITHOUT_TRIGGERS + """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
           WHERE connamespace = 'muster'::regnamespace ORDER BY contype = 'p' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.tab, c.conname);
  END LOOP;
  FOR c IN SELECT a.attrelid::regclass AS tab, a.attname FROM pg_attribute a JOIN pg_class r ON
           r.oid = a.attrelid WHERE r.relnamespace = 'muster'::regnamespace AND r.relkind = 'r' AND
           a.attnotnull AND a.attnum > 0 AND a.attidentity = '' LOOP
    EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', c.tab, c.attname);
  END LOOP; END $$;
"""

# Statements that SQLite and PostgreSQL both take.
DAMAGE = [
    "UPDATE team SET people = 0 WHERE code = 'T3'",
    "UPDATE team SET people = NULL WHERE code = 'T3'",
    "UPDATE team SET profile = 'broom' WHERE code = 'T1'",
    "UPDATE team SET turnout_s = -1 WHERE code = 'T1'",
    "UPDATE team SET code = '' WHERE code = 'T1'",
    "UPDATE team_capability SET kind = 'bus' WHERE team = 'T1'",
    "UPDATE stock SET quantity = 2000000000 WHERE warehouse = 'W1' AND kind = 'tent'",
    "UPDATE stock SET warehouse = 'W9' WHERE kind = 'tent'",
    "UPDATE incident SET severity = 'dreadful' WHERE code = 'I4'",
    "UPDATE incident SET geom = NULL WHERE code = 'I4'",
    "UPDATE incident SET deadline_at = '2026-08-01T15:30:00Z' WHERE code = 'I2'",
    "UPDATE need SET minimum = 41 WHERE incident = 'I1' AND kind = 'flood_rescue'",
    "UPDATE kind SET resource = 'magic' WHERE code = 'bus'",
    "UPDATE place SET parent_code = 'nowhere' WHERE code = '330402'",
    "UPDATE rule SET quantity = -5 WHERE code = 'T5'",
    "UPDATE weight SET key = 'haste' WHERE key = 'severity_extreme'",
    "UPDATE edge SET class = 'lane' WHERE id = 40",
    "UPDATE edge SET source = 999 WHERE id = 40",
    "UPDATE edge SET length_m = -0.5 WHERE id = 40",
    "UPDATE edge SET maxheight_m = 0 WHERE id = 40",
    "UPDATE edge SET geom = (SELECT geom FROM edge WHERE id = 41) WHERE id = 40",
    "UPDATE edge SET geom = (SELECT geom FROM node WHERE id = 41) WHERE id = 40",
    "UPDATE node SET geom = (SELECT geom FROM edge WHERE id = 41) WHERE id = 40",
    "UPDATE node SET id = 41 WHERE id = 40",
    "UPDATE turn_restriction SET kind = 'maybe' WHERE fid = 1",
    "UPDATE turn_restriction SET penalty_s = 86401 WHERE fid = 2",
    "UPDATE scenario SET is_default = NULL",
    "DELETE FROM edge",
    "DELETE FROM scenario",
    "UPDATE muster_meta SET value = 'new' WHERE key = 'schema_version'",
]


@pytest.fixture(scope="session")
def loose(server, town):
    """The database without constraints, to be copied."""
    server.sql("CREATE DATABASE loose TEMPLATE town;")
    server.sql(UNCONSTRAIN + "ALTER TABLE muster.edge ALTER geom TYPE geometry, ALTER cost DROP EXPRESSION, "
               "ALTER reverse_cost DROP EXPRESSION; ALTER TABLE muster.node ALTER geom TYPE geometry;",
               "loose")


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_wrong_is_said_in_the_same_words(server, loose, town_file, tmp_path, damage):
    server.sql("DROP DATABASE IF EXISTS damaged WITH (FORCE); CREATE DATABASE damaged TEMPLATE loose;")
    server.sql(f"SET search_path = muster, public; {damage};", "damaged")
    path = tmp_path / "damaged.gpkg"
    path.write_bytes(town_file.read_bytes())
    with sqlite3.connect(path) as db:
        for table in ("node", "edge", "turn_restriction", "team", "stock", "need", "incident", "kind",
                      "place", "scenario", "rule", "weight", "team_capability"):
            db.executescript(f"CREATE TABLE loose AS SELECT * FROM {table}; DROP TABLE {table};"
                             f"ALTER TABLE loose RENAME TO {table};")
        db.execute(damage)
    from_file = refuse(3, "plan", path)
    from_server = refuse(3, "plan", server.uri("damaged"))
    assert from_server.replace("postgresql:///damaged", str(path)) == from_file


@pytest.mark.parametrize("damage, words", [
    ("UPDATE team SET turnout_s = 'NaN' WHERE code = 'T1'", ["row code 'T1', column turnout_s: nan"]),
    ("UPDATE team SET ready_s = 'infinity' WHERE code = 'T1'", ["column ready_s: inf"]),
    ("ALTER TABLE team ALTER people TYPE text", ["column people: '20'; expected a whole number"]),
    ("ALTER TABLE team ALTER people TYPE numeric; UPDATE team SET people = 20.5 WHERE code = 'T1'",
     ["column people: 20.5; expected a whole number"]),
    ("ALTER TABLE team DROP people", ['table team: column "people" does not exist']),
    ("ALTER TABLE team ALTER geom TYPE geometry USING ST_Transform(geom, 4549)",
     ["row code 'T1', column geom: the geometry has srs_id 4549; expected 4326"]),
    ("ALTER TABLE team ALTER geom TYPE geometry USING ST_SetSRID(geom, 0)", ["has srs_id 0"]),
    ("ALTER TABLE team ALTER geom TYPE geometry USING ST_Force3D(geom)", ["has Z or M values"]),
    ("ALTER TABLE team ALTER geom TYPE geometry USING 'SRID=4326;POINT EMPTY'", ["the geometry is empty"]),
    ("ALTER TABLE team ALTER geom TYPE geometry USING ST_FlipCoordinates(geom)",
     ["looks swapped with longitude"]),
    ("ALTER TABLE incident ALTER reported_at TYPE timestamptz; UPDATE incident SET reported_at = 'infinity'",
     ["expected a moment like 2026-07-01T06:30:00Z"]),
    ("UPDATE muster_meta SET value = '999' WHERE key = 'schema_version'",
     ["has schema version 999", "a newer one is needed"]),
    ("DELETE FROM muster_meta", ["no row with key 'schema_version'"]),
    ("DROP TABLE need", ['has no table "need"', "docs/schema.md"]),
    ("DROP TABLE edge CASCADE", ['has no table "edge"', "muster db init"]),
])
def test_what_only_a_server_can_have_wrong_is_named(server, loose, damage, words):
    server.sql("DROP DATABASE IF EXISTS damaged WITH (FORCE); CREATE DATABASE damaged TEMPLATE loose;")
    server.sql(f"SET search_path = muster, public; {damage};", "damaged")
    refuse(3, "plan", server.uri("damaged"), words=['"postgresql:///damaged"', *words])


def test_numbers_of_other_types_do_as_well(spoilt, town, tmp_path):
    """What somebody else's tables have for the same numbers."""
    store = spoilt(WITHOUT_TRIGGERS +
                   "ALTER TABLE vehicle ALTER seats TYPE smallint, ALTER payload_kg TYPE real;"
                   "ALTER TABLE stock ALTER quantity TYPE numeric(12, 2);"
                   "ALTER TABLE team ALTER people TYPE bigint, ALTER turnout_s TYPE numeric(9, 3),"
                   "  ALTER name TYPE varchar(200), ALTER tier TYPE char(6);")
    assert plan_files(store, tmp_path / "other", "--work-limit", 2000000)[0] == \
        plan_files(town, tmp_path / "town", "--work-limit", 2000000)[0]


def test_a_moment_may_have_a_fraction(spoilt):
    succeed("plan", spoilt("ALTER TABLE incident ALTER deadline_at TYPE timestamptz;"
                           "UPDATE incident SET deadline_at = '2026-08-01 17:30:00.75Z' WHERE code = 'I2'"),
            "--method", "greedy")


# ---- schemas ------------------------------------------------------------------------------------


def test_a_schema_is_found_by_the_search_path(server, town_file, town):
    other = postgis_fill.fill(server, "elsewhere", town_file, schema="region")
    words = ['has no tables in the schema "muster"', "muster db init", "search_path"]
    refuse(3, "info", other, words=words)
    named = server.uri("elsewhere", options="-csearch_path=region")
    assert succeed("info", named) == succeed("info", town)
    # A default of the database is nobody's wish.
    server.sql("ALTER DATABASE elsewhere SET search_path = region, public;")
    refuse(3, "info", other, words=words)


def test_a_view_is_as_good_as_a_table(spoilt, town):
    assert succeed("info", spoilt("ALTER TABLE edge RENAME TO road; CREATE VIEW edge AS SELECT * FROM road "
                                  "ORDER BY random()")) == succeed("info", town)


# ---- no way to the data ---------------------------------------------------------------------------

SECRET = "hunter2-geheim"


def refuse_secretly(code, *arguments, words):
    assert SECRET not in refuse(code, *arguments, words=words)


def with_password(uri):
    return uri.replace("@", f":{SECRET}@", 1)


def test_each_failure_to_connect_is_said(server, town, tmp_path):
    refuse_secretly(4, "plan", with_password(server.uri("nowhere")),
                    words=['"postgresql:///nowhere": cannot connect', 'database "nowhere" does not exist'])
    refuse_secretly(4, "plan", with_password(server.uri("town", user="nobody")),
                    words=['role "nobody" does not exist'])
    refuse_secretly(4, "plan", f"postgresql://muster:{SECRET}@/town?host={tmp_path}",
                    words=["cannot connect", "No such file"])
    refuse_secretly(4, "plan", f"postgresql://muster:{SECRET}@127.0.0.1:1/town",
                    words=['"postgresql://127.0.0.1:1/town"', "Connection refused"])
    refuse_secretly(4, "route", f"postgresql://u:{SECRET}@127.0.0.1:1/t", "--from", "1,2", "--to", "1,2",
                    "--profile", "light", words=["Connection refused"])
    server.sql("DROP DATABASE IF EXISTS empty;")
    server.sql("CREATE DATABASE empty;")
    refuse_secretly(3, "info", with_password(server.uri("empty")), words=['has no tables in the schema'])


@pytest.mark.parametrize("uri", [
    "postgresql://muster:a@{0}@localhost/town", "postgresql://muster:a/{0}@localhost/town",
    "postgresql://muster:1/{0}@localhost", "postgresql://muster:%zz{0}@localhost/town",
    "postgresql://muster:a?{0}@localhost/town", "postgresql://muster:a?{0}=b@localhost/town",
    "postgresql://[{0}", "postgres://localhost:{0}/town"])
def test_a_connection_that_cannot_be_read_is_not_repeated(uri):
    store = uri.format(SECRET)
    for command in (["plan", store], ["info", store, "--json"], ["snapshot", store, "-o", "/tmp/x.mnet"],
                    ["order", store], ["db", "init", store], ["db", "check", store]):
        done = muster(*command)
        assert done.returncode in (3, 4) and len(done.stderr.splitlines()) == 1, done
        assert SECRET not in done.stderr and "muster:a" not in done.stderr


def test_no_file_and_no_answer_holds_the_password(town, tmp_path):
    store = with_password(town)
    told = succeed("info", store, "--json") + succeed("check", store, "--pairs", "5")
    done = muster("plan", store, "--method", "greedy", "-o", tmp_path / "p.json", "--geojson",
                  tmp_path / "p.geojson", "--report", tmp_path / "r.html")
    assert done.returncode == 0
    told += done.stdout + done.stderr + "".join(path.read_text() for path in tmp_path.iterdir())
    assert SECRET not in told and json.loads(succeed("info", store, "--json"))["file"] == \
        "postgresql:///town"


def test_permission_denied_names_what_is_denied(spoilt, server):
    spoilt("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN")
    guest = server.uri("spoilt", user="guest")
    refuse(4, "plan", guest, words=["permission denied for schema muster"])
    server.sql("GRANT USAGE ON SCHEMA muster TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA muster TO guest;"
               "REVOKE SELECT ON muster.need FROM guest;", "spoilt")
    refuse(4, "plan", guest, words=["table need: permission denied for table need"])
    server.sql("GRANT SELECT ON muster.need TO guest;", "spoilt")
    succeed("plan", guest, "--method", "greedy")
    server.sql("DROP OWNED BY guest; DROP ROLE guest;", "spoilt")


def test_nothing_is_ever_written(spoilt):
    """Not even by a function that the tables call."""
    store = spoilt("CREATE FUNCTION sly() RETURNS boolean LANGUAGE sql AS "
                   "$$ DELETE FROM muster.stock RETURNING true $$;"
                   "ALTER TABLE kind RENAME TO real_kind;"
                   "CREATE VIEW kind AS SELECT * FROM real_kind WHERE muster.sly() IS NOT NULL")
    done = muster("plan", store)
    assert done.returncode == 4 and "read-only transaction" in done.stderr


# ---- time -----------------------------------------------------------------------------------------


def test_a_lock_is_not_waited_for_for_ever(spoilt, server):
    store = spoilt("", options="-clock_timeout=200ms")
    holder = subprocess.Popen(server.psql("spoilt"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdin.write("BEGIN; LOCK TABLE muster.need; SELECT 'held';\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "held\n"
    refuse(4, "plan", store, words=["table need: canceling statement due to lock timeout"])
    holder.stdin.close()
    holder.wait()


def test_a_statement_may_take_its_time_and_no_longer(spoilt):
    slow = ("ALTER TABLE need RENAME TO fast; CREATE VIEW need AS SELECT * FROM fast WHERE "
            "pg_sleep(0.1) IS NOT NULL")
    refuse(4, "plan", spoilt(slow, options="-cstatement_timeout=500ms"),
           words=["table need", "statement timeout", "statement_timeout=600s"])


class Proxy:
    """Between muster and the server; does to the server's bytes what `pass_on` says, which gets what
    has come and how many bytes came before, and gives what goes on: less than what has come, and the
    proxy hangs up behind it; None, and it keeps silent."""

    def __init__(self, folder, server, pass_on):
        self.folder, self.server, self.pass_on = folder, server, pass_on
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                here, _ = self.listener.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            there.connect(str(self.server.folder / ".s.PGSQL.5432"))
            threading.Thread(target=self.forward, args=(here, there), daemon=True).start()
            threading.Thread(target=self.answer, args=(there, here), daemon=True).start()

    @staticmethod
    def forward(source, sink):
        try:
            while piece := source.recv(1 << 16):
                sink.sendall(piece)
        except OSError:
            pass
        Proxy.hang_up(source, sink)

    def answer(self, source, sink):
        count = 0
        try:
            while piece := source.recv(1 << 16):
                changed = self.pass_on(piece, count)
                count += len(piece)
                if changed is None:
                    continue
                sink.sendall(changed)
                if len(changed) < len(piece):
                    break
        except OSError:
            pass
        Proxy.hang_up(source, sink)

    @staticmethod
    def hang_up(*sockets):
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


@pytest.fixture()
def proxy(server, town, tmp_path_factory):
    """A function that puts a proxy before the server and gives the connection through it."""
    proxies = []

    def put(pass_on, **options):
        folder = pathlib.Path(tmp_path_factory.mktemp("p"))
        proxies.append(Proxy(folder, server, pass_on))
        return server.uri("town", **{**options, "host": folder})
    yield put
    for one in proxies:
        one.listener.close()


def length_of_answer(proxy, command="plan {} --method greedy"):
    total = []

    def listen(piece, count):
        total.append(len(piece))
        return piece
    succeed(*command.format(proxy(listen)).split())
    return sum(total)


@pytest.mark.parametrize("command", ["plan {} --method greedy", "db check {}"])
def test_a_connection_cut_anywhere_is_said_so(proxy, command):
    """After so many bytes of the answer: in the greeting, between and within rows."""
    whole = length_of_answer(proxy, command)
    assert whole > 20000
    for after in [0, 1, 5, 14, 100, *range(250, whole - 5, whole // 40), whole - 6]:
        def cut(piece, count, after=after):
            return piece[:after - count]
        done = muster(*command.format(proxy(cut)).split())
        assert done.returncode == 4 and done.stdout == "", (after, done)
        assert len(done.stderr.splitlines()) == 1 and '"postgresql:///town": ' in done.stderr, (after, done)


def test_bytes_that_are_changed_are_refused_or_another_value(proxy):
    """No crash, and one line, whatever comes; a coordinate may be another one."""
    whole = length_of_answer(proxy)
    for at in range(40, whole, whole // 60):
        def spoil(piece, count, at=at):
            place = at - count
            if not 0 <= place < len(piece):
                return piece
            return piece[:place] + bytes([piece[place] ^ 0xFF]) + piece[place + 1:]
        started = time.monotonic()
        done = muster("plan", proxy(spoil, options="-cstatement_timeout=1s"), "--method", "greedy")
        assert done.returncode in (0, 1, 3, 4), (at, done)
        assert len(done.stderr.splitlines()) <= (0 if done.returncode == 0 else 1) or "5 km" in done.stderr
        assert time.monotonic() - started < 20, at


def test_a_server_that_falls_silent_is_given_up(proxy):
    def stall(piece, count):
        return piece if count < 15000 else None
    started = time.monotonic()
    stores = [proxy(stall, options="-cstatement_timeout=500ms") for _ in range(2)]
    for done in [subprocess.Popen([os.environ["MUSTER_COMMAND"], *words], stderr=subprocess.PIPE, text=True)
                 for words in (["plan", stores[0]], ["db", "check", stores[1]])]:
        assert "no answer for 5 s" in done.communicate()[1] and done.returncode == 4
    assert time.monotonic() - started < 15
    started = time.monotonic()
    refuse(4, "plan", proxy(lambda piece, count: None, connect_timeout=2), words=["timeout expired"])
    assert time.monotonic() - started < 8


def test_a_server_that_sends_what_was_not_asked_for_is_refused(tmp_path_factory):
    """A COPY in place of an answer, which libpq would give again and again."""
    folder = tmp_path_factory.mktemp("p")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / ".s.PGSQL.5432"))
    listener.listen()

    def serve():
        here, _ = listener.accept()
        for answer in (b"R\0\0\0\x08\0\0\0\0" b"Z\0\0\0\x05I", b"H\0\0\0\x07\x01\0\0"):
            here.recv(4096)
            here.sendall(answer)
        here.recv(1)
    threading.Thread(target=serve, daemon=True).start()
    refuse(4, "info", f"postgresql://muster@/town?host={folder}", words=["cannot begin: no words"])
    listener.close()


def test_a_backend_that_is_killed_is_said_so(spoilt):
    store = spoilt("ALTER TABLE edge RENAME TO road; CREATE VIEW edge AS SELECT * FROM road WHERE "
                   "id < 200 OR pg_terminate_backend(pg_backend_pid()) IS NOT NULL")
    refuse(4, "plan", store, words=["table edge", "terminating connection due to administrator command"])


# ---- memory ---------------------------------------------------------------------------------------


def test_any_allocation_may_fail(town, spoilt):
    """A program that reads the scenario, the map, the census and hazards, and orders nodes, failing at each
    allocation in turn."""
    program = os.environ["MUSTER_READ_WITHOUT_MEMORY"]
    unordered = spoilt("UPDATE node SET rank = NULL")
    done = subprocess.run([program, town, unordered], capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, ""), done
