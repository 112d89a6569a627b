"""`muster db load`, `dump` and `check` between PostGIS, GeoPackage and folders: nothing is lost,
nothing is half there, and what is wrong is named."""

import json
import os
import shutil
import subprocess

import pytest

from muster_command import SOURCE, muster, refuse, succeed
from tables import TABLE, TABLES, OddCity, geopackage_rows

import small_scenario


@pytest.fixture()
def tables(server):
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")
    succeed("db", "init", server.connection)
    yield server
    # The role is called muster, too: its schema would be first in every search path.
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_scenario.write(tmp_path_factory.mktemp("small") / "small.gpkg")


@pytest.fixture()
def other(tables):
    """Another session, which is told what to do line by line and is ended with the test."""
    session = subprocess.Popen([*tables.prefix, "psql", "-X", "-q", "-At", "-d", tables.connection],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tables.folder)

    def tell(sql):
        session.stdin.write(sql + "\n")
        session.stdin.flush()
        return session.stdout.readline()

    yield tell
    session.communicate("ROLLBACK;\n")


def all_rows(path):
    return {name: geopackage_rows(path, name) for name in TABLE}


def counts(server):
    return {name: int(server.sql(f"SELECT count(*) FROM muster.{name};")) for name in TABLE}


# ---- without loss ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(int(os.environ.get("MUSTER_ODD_CITIES", 12))))
def test_odd_rows_survive_every_way_round(tables, tmp_path, seed):
    """GeoPackage -> PostGIS -> folder -> GeoPackage -> folder -> PostGIS -> GeoPackage."""
    city = OddCity(seed)
    first = city.write(tmp_path / "first.gpkg", SOURCE)
    expected = city.rows
    succeed("db", "load", first, tables.connection)
    succeed("db", "dump", tables.connection, tmp_path / "second")
    succeed("db", "dump", tmp_path / "second", tmp_path / "third.gpkg")
    succeed("db", "dump", tmp_path / "third.gpkg", tmp_path / "fourth/")
    succeed("db", "load", tmp_path / "fourth", tables.connection, "--replace")
    succeed("db", "dump", tables.connection, tmp_path / "fifth.gpkg")
    for path in ("first.gpkg", "third.gpkg", "fifth.gpkg"):
        found = all_rows(tmp_path / path)
        for name in TABLE:
            assert found[name] == sorted(expected[name], key=lambda row: row[0]), (path, name)
    for name in os.listdir(tmp_path / "second"):
        assert (tmp_path / "second" / name).read_bytes() == (tmp_path / "fourth" / name).read_bytes()


def test_every_table_is_moved_in_some_odd_city():
    met = set()
    for seed in range(12):
        met |= {name for name, rows in OddCity(seed).rows.items() if rows}
    assert met == set(TABLE)


def test_a_plan_is_the_same_after_the_journey(tables, small, tmp_path):
    succeed("db", "load", small, tables.connection)
    succeed("db", "dump", tables.connection, tmp_path / "back.gpkg")
    plans = []
    for path in (small, tmp_path / "back.gpkg"):
        succeed("plan", path, "-o", tmp_path / "plan.json")
        plan = json.loads((tmp_path / "plan.json").read_text())
        for key in ("elapsed_ms", "first_feasible_ms"):
            plan["search"].pop(key, None) if "search" in plan else plan.pop(key, None)
        plans.append(json.dumps(plan))
    assert [p.replace(str(small), "") for p in plans][0] == plans[1].replace(str(tmp_path / "back.gpkg"), "")


def test_the_order_of_the_nodes_is_kept(tables, tmp_path):
    succeed("import", "osm", SOURCE / "data/samples/village.osm", "-o", tmp_path / "village.gpkg")
    ranks = [row[2] for row in geopackage_rows(tmp_path / "village.gpkg", "node")]
    assert sorted(ranks) == list(range(len(ranks)))
    succeed("db", "load", tmp_path / "village.gpkg", tables.connection)
    succeed("db", "dump", tables.connection, tmp_path / "back.gpkg")
    assert [row[2] for row in geopackage_rows(tmp_path / "back.gpkg", "node")] == ranks
    for name in (t["name"] for t in TABLES if t["is_network"]):
        assert geopackage_rows(tmp_path / "village.gpkg", name) == geopackage_rows(tmp_path / "back.gpkg", name)


def test_who_adds_a_row_later_is_given_a_key_that_is_free(tables, small):
    succeed("db", "load", small, tables.connection)
    tables.sql("INSERT INTO muster.place (code, name, level, geom) VALUES ('p', 'p', 'city', 'SRID=4326;POINT(120 30)');"
               "INSERT INTO muster.team (code, name, tier, people, profile, geom) VALUES ('new', 'n', 'city', 1, 'light', 'SRID=4326;POINT(120 30)');")
    assert int(tables.sql("SELECT fid FROM muster.team WHERE code = 'new';")) == len(small_scenario.TEAMS) + 1


def test_the_answer_says_how_many_rows(tables, small):
    answer = json.loads(succeed("db", "load", small, tables.connection, "--json"))
    assert answer["rows"] == {name: len(rows) for name, rows in all_rows(small).items()} | {"muster_meta": 0}
    assert answer["rows"] == counts(tables) | {"muster_meta": 0}
    assert "  6  team\n" in succeed("db", "load", small, tables.connection, "--replace")


# ---- all or nothing ----------------------------------------------------------------------------


def test_what_is_there_is_replaced_only_where_it_may_be(tables, small, tmp_path):
    succeed("db", "load", small, tables.connection)
    before = counts(tables)
    refuse(4, "db", "load", small, tables.connection, words=["has rows already", "--replace"])
    assert counts(tables) == before
    succeed("db", "load", small, tables.connection, "--replace")
    assert counts(tables) == before
    for target in ("there.gpkg", "there"):
        succeed("db", "dump", small, tmp_path / target)
        refuse(4, "db", "dump", small, tmp_path / target, words=["is there already", "--replace"])
        succeed("db", "dump", tables.connection, tmp_path / target, "--replace")
    assert all_rows(tmp_path / "there.gpkg") == all_rows(small)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["there", "there.gpkg"]


def test_a_wrong_row_leaves_everything_as_it_was(tables, small, tmp_path):
    succeed("db", "load", small, tables.connection)
    before = counts(tables)
    bad = shutil.copy(small, tmp_path / "bad.gpkg")
    spoil(bad, "UPDATE need SET kind = 'nothing' WHERE id = 12")
    refuse(3, "db", "load", bad, tables.connection, "--replace", words=[
        "bad.gpkg", "table need, row id 12, column kind: 'nothing'; expected the code of a row in table kind"])
    assert counts(tables) == before
    for target in ("new.gpkg", "new"):
        refuse(3, "db", "dump", bad, tmp_path / target, words=["'nothing'"])
    assert [p.name for p in tmp_path.iterdir()] == ["bad.gpkg"]


def test_a_table_of_somebody_else_s_that_refers_to_ours_is_not_broken(tables, small):
    succeed("db", "load", small, tables.connection)
    tables.sql("CREATE TABLE radio (team text REFERENCES muster.team (code)); INSERT INTO radio VALUES ('T1');")
    before = counts(tables)
    refuse(4, "db", "load", small, tables.connection, "--replace", words=[
        '"postgresql:///postgres": cannot empty table team', "on table \"radio\"",
        'Key (code)=(T1) is still referenced from table "radio".'])
    assert counts(tables) == before
    tables.sql("DROP TABLE radio;")


def test_readers_see_the_old_rows_until_the_new_are_there(tables, small, other):
    """A reader whose transaction began before a load sees what was there then, in all tables."""
    succeed("db", "load", small, tables.connection)
    assert other("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM muster.node;") == "144\n"
    succeed("db", "load", small, tables.connection, "--replace")
    assert other("SELECT count(*) FROM muster.team;") == "6\n"
    assert other("SELECT count(*) FROM muster.edge;") == "264\n"


HOLD = "BEGIN; LOCK TABLE muster.team IN SHARE MODE; SELECT 1;"


def test_a_killed_server_is_said_and_leaves_nothing(tables, small, other):
    """The backend dies in the middle: while a lock that another holds keeps the load waiting."""
    assert other(HOLD) == "1\n"
    load = subprocess.Popen([os.environ["MUSTER_COMMAND"], "db", "load", str(small), tables.connection],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while tables.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'muster' AND wait_event_type = 'Lock';") != "1\n":
        assert load.poll() is None
    tables.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'muster';")
    out, err = load.communicate()
    assert (load.returncode, out) == (4, "") and (
        '"postgresql:///postgres": cannot lock the tables: FATAL:  terminating connection' in err)
    assert other("COMMIT; SELECT 2;") == "2\n"
    assert sum(counts(tables).values()) == 1


def test_a_lock_is_not_waited_for_without_end(tables, small, other):
    assert other(HOLD) == "1\n"
    refuse(4, "db", "load", small, tables.connection + " options='-c lock_timeout=100ms'",
           words=["cannot lock the tables", "lock timeout"])


@pytest.mark.parametrize("arguments, words", [
    (["load", "a.gpkg", "b.gpkg"], ["is no PostGIS connection", "muster db dump"]),
    (["dump", "a.gpkg", "host=x"], ["a database is the target", "muster db load"]),
    (["dump", "a.gpkg"], ["no target", "FROM FILE.gpkg|FOLDER"]),
    (["load"], ["no store", "FROM CONNECTION"]),
    (["load", "a", "b", "c"], ['"c" is one argument too many']),
    (["chekc"], ['did you mean "check"?']),
    ([], ["expected init, migrate, load, dump or check"]),
])
def test_a_wrong_command_line_is_named(arguments, words):
    refuse(2, "db", *arguments, words=words)


# ---- check ---------------------------------------------------------------------------------------


def spoil(path, sql):
    import sqlite3
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.executescript(sql)


def test_rows_that_got_past_the_constraints_are_named(tables, small):
    succeed("db", "load", small, tables.connection)
    tables.sql("""SET search_path TO muster, public; SET session_replication_role = replica;
        ALTER TABLE team DROP CONSTRAINT team_people_check; UPDATE team SET people = -5 WHERE code = 'T2';
        UPDATE stock SET warehouse = 'W9' WHERE id = 1;
        ALTER TABLE edge ALTER COLUMN geom TYPE geometry(LineStringZ, 4326) USING ST_Force3D(geom);
        UPDATE hazard SET scenario = 'gone' WHERE fid = 1;""")
    done = muster("db", "check", tables.connection)
    assert done.returncode == 1
    for words in ("team, column people: no such constraint; expected CHECK of its values",
                  "team, row fid 2, column people: -5; expected a whole number from 1 to 1000000000",
                  "stock, row id 1, column warehouse: 'W9'; expected the code of a row in table warehouse",
                  "edge, column geom: geometry(LineStringZ,4326) NOT NULL; expected geometry(LineString,4326)",
                  "hazard, row fid 1, column scenario: 'gone'; expected the code of a row in table scenario"):
        assert words in done.stdout, words
    assert "461 rows, " in done.stdout
    faults = json.loads(muster("db", "check", tables.connection, "--json").stdout)
    assert {"table": "team", "row": "fid 2", "column": "people", "value": "-5",
            "expected": "a whole number from 1 to 1000000000"} in faults["faults"]
    assert faults["fault_count"] == len(done.stdout.splitlines()) - 1


def test_a_dump_of_a_changed_schema_is_refused(tables, small, tmp_path):
    succeed("db", "load", small, tables.connection)
    tables.sql("ALTER TABLE muster.team ALTER COLUMN grade TYPE bigint;")
    refuse(3, "db", "dump", tables.connection, tmp_path / "x.gpkg", words=[
        "table team, column grade: bigint NOT NULL; expected integer NOT NULL"])
    assert list(tmp_path.iterdir()) == []
