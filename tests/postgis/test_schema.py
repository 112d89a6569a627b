"""The schema in PostGIS: that it is what gis/schema_tables.c and the GeoPackage say, refuses what is
wrong, and is made once, by one, in a schema of its own."""

import json
import re
import sqlite3
import subprocess
import threading

import pytest

from muster_command import SOURCE, muster, refuse, succeed
from tables import TABLE, TABLES

PG_TYPE = {"boolean": "boolean", "integer": "integer", "bigint": "bigint",
           "real": "double precision", "text": "text", "json": "json",
           "moment": "timestamp(0) with time zone", "instant": "timestamp with time zone"}
SHAPE = {1 << 1: "Point", 1 << 2: "LineString", 1 << 3: "Polygon"}
SQLITE_TYPE = {"boolean": "INTEGER", "integer": "INTEGER", "bigint": "INTEGER", "real": "REAL",
               "text": "TEXT", "json": "TEXT", "moment": "TEXT", "instant": "TEXT"}
DERIVED = {("edge", "cost"), ("edge", "reverse_cost"), ("muster_meta", "fid"), ("event", "xid")}
VERSION = 1 + len(list((SOURCE / "gis" / "migrations").glob("*.sql")))
# What the server needs to answer requests and followers: of no use elsewhere.
SERVER_S_OWN = {"dispatch_request", "claim_conflict", "claim_lock", "event_horizon", "unit_change"}


@pytest.fixture(scope="module")
def schema(server):
    """The server with the tables in schema muster."""
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")
    succeed("db", "init", server.connection)
    yield server
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")


@pytest.fixture()
def tables(server):
    """The same, for tests that change them."""
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")
    succeed("db", "init", server.connection)
    yield server
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")


@pytest.fixture(scope="module")
def geopackage():
    db = sqlite3.connect(":memory:")
    for name in ("geopackage.sql", "geopackage_scenario.sql"):
        db.executescript((SOURCE / "gis" / name).read_text(encoding="utf-8"))
    return db


def lines(server, sql):
    return [line.split("|") for line in server.sql(sql + ";").splitlines()]


def columns_of(server, table):
    return {name: (kind, is_not_null == "t") for name, kind, is_not_null in lines(
        server, "SET search_path TO muster, public; SELECT attname, format_type(atttypid, atttypmod), "
        f"attnotnull FROM pg_attribute WHERE attrelid = 'muster.{table}'::regclass AND attnum > 0 "
        "AND NOT attisdropped")}


def constraints_of(server, table):
    return [line.replace('"', "") for line in server.sql(
        "SET search_path TO muster, public; SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        f"WHERE conrelid = 'muster.{table}'::regclass;").splitlines()]


# ---- the description and both catalogs ------------------------------------------------------


def test_the_same_tables_are_everywhere(schema, geopackage):
    names = {table["name"] for table in TABLES}
    assert {row[0] for row in lines(schema, "SELECT relname FROM pg_class WHERE relnamespace = "
                                    "'muster'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')")} == names | SERVER_S_OWN
    assert {row[0] for row in geopackage.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'gpkg_%'")} == names
    assert {row[0] for row in geopackage.execute("SELECT table_name FROM gpkg_contents")} == names


@pytest.mark.parametrize("name", TABLE)
def test_columns_agree_one_by_one(schema, geopackage, name):
    found = columns_of(schema, name)
    in_file = {row[1]: (row[2], bool(row[3])) for row in geopackage.execute(f"PRAGMA table_info({name})")}
    assert set(found) - {c for t, c in DERIVED if t == name} == {c["name"] for c in TABLE[name]["columns"]}
    assert set(in_file) - {c for t, c in DERIVED if t == name} == {c["name"] for c in TABLE[name]["columns"]}
    for column in TABLE[name]["columns"]:
        shape = SHAPE.get(column["shapes"], "Geometry")
        is_shape = column["type"] == "geometry"
        expected = f"geometry({shape},4326)" if is_shape else PG_TYPE[column["type"]]
        assert found[column["name"]] == (expected, not column["may_be_null"]), column
        expected = shape.upper() if is_shape else SQLITE_TYPE[column["type"]]
        assert in_file[column["name"]] == (expected, not column["may_be_null"]), column


@pytest.mark.parametrize("name", TABLE)
def test_keys_and_references_agree(schema, geopackage, name):
    found, table = constraints_of(schema, name), TABLE[name]
    key = table["columns"][0]["name"]
    expected = {f"UNIQUE ({', '.join(u.split())})" for u in table["unique"]}
    expected |= {f"FOREIGN KEY ({', '.join(c.split())}) REFERENCES {t}({', '.join(to.split())})"
                 for c, t, to in table["references"]}
    expected |= ({"UNIQUE (key)", "PRIMARY KEY (fid)"} if name == "muster_meta"
                 else {f"PRIMARY KEY ({key})"})
    assert {line for line in found if not line.startswith("CHECK")} == expected
    keys = {}
    for row in geopackage.execute(f"PRAGMA foreign_key_list({name})"):
        keys.setdefault(row[0], []).append((row[3], row[2], row[4]))
    assert {(" ".join(c for c, _, _ in k), k[0][1], " ".join(to for _, _, to in k))
            for k in keys.values()} == {tuple(r) for r in table["references"]}
    unique = {" ".join(r[2] for r in geopackage.execute(f"PRAGMA index_info({row[1]})"))
              for row in geopackage.execute(f"PRAGMA index_list({name})") if row[2] and not row[4]}
    assert unique == set(table["unique"]) | ({"key"} if name == "muster_meta" else set())


def words_of(text, column):
    """The words of CHECK (column IN (...)) as PostgreSQL or SQLite have it."""
    found = re.search(rf"\b{column} (?:= ANY \(ARRAY|IN )[\[(]([^\])]*)[\])]", text.replace("(" + column + ")", column))
    return set(re.findall(r"'([^']*)'", found.group(1))) if found else None


@pytest.mark.parametrize("name", TABLE)
def test_words_agree(schema, geopackage, name):
    found = " ".join(constraints_of(schema, name))
    sql = geopackage.execute("SELECT sql FROM sqlite_schema WHERE name = ?", [name]).fetchone()[0]
    for column in TABLE[name]["columns"]:
        if not column["words"]:
            continue
        words = set(column["words"].split())
        assert words_of(found, column["name"]) == words, column["name"]
        if (name, column["name"]) != ("edge", "class"):  # which the GeoPackage leaves to readers
            assert words_of(sql, column["name"]) == words, column["name"]


@pytest.mark.parametrize("name", TABLE)
def test_defaults_are_what_older_files_are_read_as(schema, geopackage, name):
    defaults = dict(lines(schema, "SELECT attname, pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN "
                          "pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attgenerated = '' "
                          f"AND attrelid = 'muster.{name}'::regclass"))
    in_file = {row[1]: row[4] for row in geopackage.execute(f"PRAGMA table_info({name})")}
    for column in TABLE[name]["columns"]:
        if "fallback" in column:
            expected = column["fallback"]
            assert int(in_file[column["name"]]) == expected, column
            found = defaults[column["name"]]
            assert {"true": 1, "false": 0}.get(found, found) in (expected, str(expected)), column
        else:
            assert column["name"] not in defaults and in_file[column["name"]] is None, column


def test_every_table_and_column_has_a_comment(schema):
    assert lines(schema, "SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = "
                 "pg_class.oid WHERE relnamespace = 'muster'::regnamespace AND relkind = 'r' AND attnum "
                 "> 0 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL") == []
    assert lines(schema, "SELECT relname FROM pg_class WHERE relnamespace = 'muster'::regnamespace AND "
                 "relkind = 'r' AND obj_description(oid, 'pg_class') IS NULL") == []


def test_every_geometry_has_a_spatial_index(schema):
    assert {row[0] for row in lines(schema, "SELECT tablename FROM pg_indexes WHERE schemaname = 'muster'"
                                    " AND indexdef LIKE '%USING gist (geom)%'")} == {
        t["name"] for t in TABLES if any(c["type"] == "geometry" for c in t["columns"])}


def test_every_reference_to_the_network_is_indexed(schema):
    """A node or an edge that goes must not be looked for in all of a table."""
    for table in TABLES:
        for columns, to, _ in table["references"]:
            if to not in ("node", "edge"):
                continue
            assert lines(schema, f"SELECT 1 FROM pg_indexes WHERE schemaname = 'muster' AND tablename = "
                         f"'{table['name']}' AND indexdef LIKE '%btree ({columns})%'"), columns


# ---- values ----------------------------------------------------------------------------------

SETUP = """
INSERT INTO node (id, geom) VALUES (1, 'SRID=4326;POINT(120 30)'), (2, 'SRID=4326;POINT(121 30)');
INSERT INTO scenario (code, name, starts_at) VALUES ('s', 's', '2026-07-01T00:00:00Z');
INSERT INTO kind (code, resource, category, name, unit) VALUES ('k', 'people', 'c', 'n', 'u');
"""
NODE = "INSERT INTO node (id, geom) VALUES (3, '{}')"
EDGE = ("INSERT INTO edge (id, source, target, length_m, class, access_forward, access_backward, geom) "
        "VALUES (1, {}, 2, {}, 'road', 7, 7, '{}')")
LINE = "SRID=4326;LINESTRING(120 30, 121 30)"
TEAM = "INSERT INTO team (code, name, tier, people, profile, geom, ready_s) VALUES ('{}', 'n', '{}', {}, 'light', 'SRID=4326;POINT(120 30)', '{}')"
HAZARD = "INSERT INTO hazard (scenario, kind, depth_m, starts_at, ends_at, geom) VALUES ('{}', '{}', {}, '{}', '2026-07-02T00:00:00Z', '{}')"
AREA = "SRID=4326;POLYGON((0 0, 1 0, 1 1, 0 0))"
INCIDENT = "INSERT INTO incident (scenario, code, type, severity, reported_at, deadline_at, geom) VALUES ('s', 'i', 't', 'minor', '2026-07-01T00:00:00Z', '{}', 'SRID=4326;POINT(120 30)')"


@pytest.mark.parametrize("good, bad", [
    (NODE.format("SRID=4326;POINT(180 -90)"), [
        NODE.format(g) for g in ["SRID=4326;POINT(180.1 0)", "SRID=4326;POINT(0 91)", "SRID=4326;POINT EMPTY",
                                 "SRID=4326;POINT(NaN 1)", "SRID=4326;POINT(1 NaN)", "0101000020E6100000000000000000F07F000000000000F03F",
                                 "SRID=4490;POINT(1 1)", "SRID=4326;POINT Z(1 1 1)", LINE, "SRID=3857;POINT(1 1)"]]),
    (EDGE.format(1, 5, LINE), [
        EDGE.format(1, "'NaN'", LINE), EDGE.format(1, "'Infinity'", LINE), EDGE.format(1, -1, LINE),
        EDGE.format(99, 5, LINE), EDGE.format(1, 5, "SRID=4326;LINESTRING EMPTY"),
        EDGE.format(1, 5, "SRID=4326;LINESTRING(0 0, 181 0)"), EDGE.format("NULL", 5, LINE),
        EDGE.format(1, 5, "SRID=4326;MULTILINESTRING((0 0, 1 0))"),
        EDGE.format(1, 5, LINE).replace("'road'", "'Road'"), EDGE.format(1, 5, LINE).replace("7, 7", "7, 16")]),
    (TEAM.format("T", "city", 5, 0), [
        TEAM.format("", "city", 5, 0), TEAM.format("U", "state", 5, 0), TEAM.format("U", "city", 0, 0),
        TEAM.format("U", "city", 5, "NaN"), TEAM.format("U", "city", 5, -1), TEAM.format("U", "city", 1000000001, 0)]),
    (HAZARD.format("s", "flood", 1, "2026-07-01T00:00:00Z", AREA), [
        HAZARD.format("x", "flood", 1, "2026-07-01T00:00:00Z", AREA),
        HAZARD.format("s", "fire", 1, "2026-07-01T00:00:00Z", AREA),
        HAZARD.format("s", "flood", "'NaN'", "2026-07-01T00:00:00Z", AREA),
        HAZARD.format("s", "flood", 1, "infinity", AREA), HAZARD.format("s", "flood", 1, "-infinity", AREA),
        HAZARD.format("s", "flood", 1, "0001-12-31 BC", AREA),
        HAZARD.format("s", "flood", 1, "2026-07-01T00:00:00Z", LINE)]),
    (HAZARD.format("s", "alert", "NULL", "2026-07-01T00:00:00Z",
                   "SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))"), []),
    (INCIDENT.format("2026-07-01T00:00:01Z"), [
        INCIDENT.format("2026-07-01T00:00:00Z"), INCIDENT.format("2026-06-30T00:00:00Z"),
        INCIDENT.format("2027-07-01T00:00:00Z"), INCIDENT.format("infinity")]),
    ("INSERT INTO profile (name, document) VALUES ('p', '{\"name\": \"p\"}')", [
        "INSERT INTO profile (name, document) VALUES ('p', '{\"name\": \"q\"}')",
        "INSERT INTO profile (name, document) VALUES ('p', '[]')", "INSERT INTO profile (name, document) VALUES ('', '{\"name\": \"\"}')"]),
    ("INSERT INTO closure (scenario, code, geom) VALUES ('s', 'c', 'SRID=4326;POINT(1 1)')", [
        "INSERT INTO closure (scenario, code) VALUES ('s', 'c')", "INSERT INTO closure (scenario, code, edge) VALUES ('s', 'c', 5)",
        "INSERT INTO closure (scenario, code, geom) VALUES ('s', 'c', 'SRID=4326;GEOMETRYCOLLECTION(POINT(1 1))')"]),
    ("INSERT INTO kind (code, resource, category, name, unit, item_code) VALUES ('j', 'item', 'c', 'n', 'u', '1010101')", [
        "INSERT INTO kind (code, resource, category, name, unit, item_code) VALUES ('j', 'item', 'c', 'n', 'u', '10A')",
        "INSERT INTO kind (code, resource, category, name, unit, operator_count) VALUES ('j', 'machine', 'c', 'n', 'u', 1)",
        "INSERT INTO kind (code, resource, category, name, unit, operator_kind, operator_count) VALUES ('j', 'item', 'c', 'n', 'u', 'k', 1)"]),
    ("INSERT INTO place (code, name, level, adcode, geom) VALUES ('p', 'n', 'county', '330402', 'SRID=4326;POINT(1 1)')", [
        f"INSERT INTO place (code, name, level, adcode, geom) VALUES ('p', 'n', 'county', '{code}', 'SRID=4326;POINT(1 1)')"
        for code in ("33040", "3304021", "33040a", "")]),
    ("INSERT INTO scenario (code, name, starts_at, is_default) VALUES ('d', 'n', now(), true)", [
        "INSERT INTO scenario (code, name, starts_at, is_default) VALUES ('e', 'n', now(), true), ('f', 'n', now(), true)"]),
])
def test_what_is_wrong_is_refused_by_the_table(tables, good, bad):
    tables.sql("SET search_path TO muster, public;" + SETUP + good + ";")
    tables.sql("DROP SCHEMA muster CASCADE;")
    succeed("db", "init", tables.connection)
    for statement in bad:
        with pytest.raises(subprocess.CalledProcessError) as refused:
            tables.sql("SET search_path TO muster, public; BEGIN;" + SETUP + statement + ";")
        assert "violates" in refused.value.stderr or "does not match column" in refused.value.stderr \
            or "Geometry has Z dimension" in refused.value.stderr, (statement, refused.value.stderr)


# ---- pgRouting's costs ----------------------------------------------------------------------


def test_costs_are_the_travel_times_of_light(tables, tmp_path):
    """Of an odd network: every class, access, speeds, durations, limits; to the millisecond."""
    import random
    draw = random.Random(5)
    classes = TABLE["edge"]["columns"][4]["words"].split()
    count = 400
    rows = []
    for e in range(count):
        speed = lambda: draw.choice(["NULL", round(draw.uniform(0.1, 400), 2), 48.3, 120.00001])
        duration = lambda: draw.choice(["NULL"] * 4 + [0, 1, 2147483646, 2147483647, 4294967294])
        limit = lambda most: draw.choice(["NULL"] * 5 + [most, round(most - 0.01, 2), round(most + 0.01, 2), 2.4999999])
        rows.append(f"({e}, {e}, {e + 1}, {draw.choice([0, 0.004, 0.005, 9999999, round(draw.uniform(0, 3000), 3)])}, "
                    f"'{classes[e % len(classes)]}', {draw.randrange(16)}, {draw.randrange(16)}, {speed()}, {speed()}, "
                    f"{duration()}, {duration()}, {limit(2.5)}, {limit(2)}, {limit(3.5)}, "
                    f"'SRID=4326;LINESTRING({120 + e / 1000} 30, {120 + (e + 1) / 1000} 30)')")
    tables.sql("SET search_path TO muster, public; INSERT INTO node (id, geom) SELECT i, ST_SetSRID(ST_Point(120 + i / 1000.0, 30), 4326) "
               f"FROM generate_series(0, {count}) AS i; INSERT INTO edge (id, source, target, length_m, class, access_forward, "
               "access_backward, speed_forward_kmh, speed_backward_kmh, duration_forward_ms, duration_backward_ms, maxheight_m, "
               f"maxwidth_m, maxweight_t, geom) VALUES {', '.join(rows)};")
    network = tmp_path / "net.gpkg"
    succeed("db", "dump", tables.connection, network)
    succeed("export", network, "--nodes", tmp_path / "nodes.csv", "--arcs", tmp_path / "arcs.csv", "--profile", "light")
    import csv
    arcs = {(int(r["from_node"]), int(r["to_node"])): int(r["duration_ms"])
            for r in csv.DictReader((tmp_path / "arcs.csv").open()) if r["duration_ms"]}
    found = {}
    for s, t, cost, back in lines(tables, "SELECT source, target, cost, reverse_cost FROM muster.edge"):
        for pair, seconds in (((int(s), int(t)), float(cost)), ((int(t), int(s)), float(back))):
            if seconds >= 0:
                found[pair] = round(seconds * 1000)
                assert seconds * 1000 == pytest.approx(found[pair], abs=1e-6)
            else:
                assert seconds == -1
    assert found == arcs and 100 < len(found) < 2 * count


# ---- init and migrate ------------------------------------------------------------------------


def test_init_says_what_it_did_and_does_it_once(server):
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")
    assert succeed("db", "init", server.connection) == f"schema version {VERSION} made\n"
    server.sql("INSERT INTO muster.node (id, geom) VALUES (1, 'SRID=4326;POINT(120 30)');")
    assert succeed("db", "init", server.connection) == f"schema version {VERSION}, nothing to do\n"
    assert succeed("db", "migrate", server.connection) == f"schema version {VERSION}, nothing to do\n"
    assert json.loads(succeed("db", "migrate", server.connection, "--json")) == {"from_version": VERSION, "to_version": VERSION}
    assert server.sql("SELECT count(*) FROM muster.node;") == "1\n"


@pytest.mark.parametrize("name", ["Other Schema", 'x"; DROP SCHEMA muster; --', "模式", "x" * 63])
def test_the_schema_may_have_any_name(server, name, tmp_path):
    succeed("db", "init", server.connection, "--schema", name)
    succeed("db", "check", server.connection, "--schema", name)
    succeed("db", "dump", server.connection, tmp_path / "out", "--schema", name)
    server.sql('DROP SCHEMA "{}" CASCADE;'.format(name.replace('"', '""')))


@pytest.mark.parametrize("name", ["", "x" * 64])
def test_what_is_no_name_of_a_schema_is_refused(server, name):
    refuse(3, "db", "init", server.connection, "--schema", name, words=["1 to 63 bytes"])


def test_a_foreign_schema_is_left_alone(server):
    server.sql("CREATE SCHEMA theirs; CREATE TABLE theirs.ways (id int);")
    for action in ("init", "migrate", "check"):
        refuse(3, "db", action, server.connection, "--schema", "theirs",
               words=['schema "theirs" is not muster\'s', 'it holds "ways"'])
    server.sql("ALTER TABLE theirs.ways RENAME TO muster_meta; ALTER TABLE theirs.muster_meta ADD key text, ADD value text;")
    refuse(3, "db", "init", server.connection, "--schema", "theirs", words=["no schema_version"])
    assert server.sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'theirs'::regnamespace;") == "1\n"
    server.sql("DROP SCHEMA theirs CASCADE; CREATE SCHEMA theirs; CREATE FUNCTION theirs.f() RETURNS int LANGUAGE sql AS 'SELECT 1';")
    refuse(3, "db", "init", server.connection, "--schema", "theirs", words=['it holds "f"'])
    server.sql("DROP SCHEMA theirs CASCADE; CREATE SCHEMA theirs;")
    assert succeed("db", "init", server.connection, "--schema", "theirs").endswith("made\n")
    server.sql("DROP SCHEMA theirs CASCADE;")


def test_a_newer_schema_asks_for_a_newer_muster(tables):
    tables.sql("UPDATE muster.muster_meta SET value = '9' WHERE key = 'schema_version';")
    for action in ("init", "migrate", "check"):
        refuse(3, "db", action, tables.connection, words=["has version 9", "a newer one is needed"])


def test_without_tables_it_is_said_how_to_make_them(server, tmp_path):
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")
    for arguments in (["migrate"], ["check"]):
        refuse(3, "db", *arguments, server.connection, words=["no tables of muster's", "muster db init"])
    refuse(3, "db", "dump", server.connection, tmp_path / "x.gpkg", words=["muster db init"])
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_postgis_gets_it_or_says_so(server):
    server.sql("CREATE DATABASE bare;")
    bare = server.connection.replace("dbname=postgres", "dbname=bare")
    assert succeed("db", "init", bare) == f"schema version {VERSION} made\n"
    server.sql("DROP DATABASE bare; CREATE DATABASE bare; DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN;"
               "GRANT CREATE ON DATABASE bare TO guest;")
    refuse(4, "db", "init", bare.replace("user=muster", "user=guest"), words=["extension", "postgis"])
    server.sql("DROP DATABASE bare; DROP ROLE guest;")


def test_postgis_may_be_in_a_schema_of_its_own(server, tmp_path):
    server.sql("CREATE DATABASE apart;")
    apart = server.connection.replace("dbname=postgres", "dbname=apart")
    subprocess.run([*server.prefix, "psql", "-X", "-q", "-d", apart, "-c",
                    "CREATE SCHEMA gis; CREATE EXTENSION postgis SCHEMA gis"], check=True, cwd=server.folder)
    succeed("db", "init", apart)
    assert succeed("db", "check", apart) == "0 rows, 0 wrong\n"
    server.sql("DROP DATABASE apart;")


def test_two_who_begin_at_once_make_it_once(server):
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")
    done = []
    threads = [threading.Thread(target=lambda: done.append(muster("db", "init", server.connection)))
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((d.returncode, d.stdout) for d in done) == (
        [(0, f"schema version {VERSION} made\n")] + 3 * [(0, f"schema version {VERSION}, nothing to do\n")]), done


def test_a_password_is_never_repeated(server, tmp_path):
    secret = "postgresql://muster:hunter2@/nowhere?host=" + str(tmp_path)
    for arguments in (["init", secret], ["check", secret], ["dump", secret, "x.gpkg"], ["load", secret, secret],
                      ["dump", "x.gpkg", secret]):
        done = muster("db", *arguments, cwd=tmp_path)
        assert done.returncode != 0 and "hunter2" not in done.stdout + done.stderr, done


# ---- check bites -----------------------------------------------------------------------------


@pytest.mark.parametrize("change, words", [
    ("DROP TABLE kit", ["kit: no such table"]),
    ("ALTER TABLE team DROP COLUMN grade", ["team, column grade: no such column; expected integer NOT NULL"]),
    ("ALTER TABLE team ALTER COLUMN grade TYPE bigint", ["team, column grade: bigint NOT NULL; expected integer"]),
    ("ALTER TABLE team ALTER COLUMN name DROP NOT NULL", ["team, column name: text; expected text NOT NULL"]),
    ("ALTER TABLE team DROP CONSTRAINT team_people_check", ["team, column people: no such constraint; expected CHECK"]),
    ("ALTER TABLE team DROP CONSTRAINT team_geom_check", ["team, column geom: no such constraint; expected CHECK"]),
    ("ALTER TABLE edge DROP CONSTRAINT edge_source_fkey", ["edge: no such constraint; expected FOREIGN KEY (source) REFERENCES node(id)"]),
    ("ALTER TABLE edge DROP CONSTRAINT edge_source_fkey; ALTER TABLE edge ADD FOREIGN KEY (source) REFERENCES node (id) NOT VALID",
     ["edge: no such constraint; expected FOREIGN KEY (source)"]),
    ("ALTER TABLE stock DROP CONSTRAINT stock_warehouse_kind_key", ["stock: no such constraint; expected UNIQUE (warehouse, kind)"]),
    ("ALTER TABLE kit DROP CONSTRAINT kit_pkey", ["kit: no such constraint; expected PRIMARY KEY (id)"]),
    ("DROP INDEX edge_geom_idx", ["edge, column geom: no such index"]),
])
def test_a_schema_that_was_changed_is_named(tables, change, words):
    assert succeed("db", "check", tables.connection) == "0 rows, 0 wrong\n"
    tables.sql(f"SET search_path TO muster, public; {change};")
    done = muster("db", "check", tables.connection)
    assert (done.returncode, done.stderr) == (1, ""), done
    for word in words:
        assert word in done.stdout
    assert done.stdout.endswith(f"0 rows, {len(done.stdout.splitlines()) - 1} wrong\n")
