"""`muster order --table` and `muster import postgis --order-table`: an order of the nodes that is
kept in the database, and noticed when it is of another network; `muster order` of muster's own tables."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time

import pytest

import postgis_fill
import small_scenario

MUSTER = os.environ["MUSTER_COMMAND"]
QUERY = "SELECT * FROM streets"
SIDE = 6


def muster(*arguments):
    return subprocess.run([MUSTER, *map(str, arguments)], capture_output=True, text=True)


def succeed(*arguments):
    done = muster(*arguments)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def refuse(code, *arguments, words):
    done = muster(*arguments)
    assert (done.returncode, done.stdout) == (code, ""), done
    assert len(done.stderr.splitlines()) == 1
    for word in words:
        assert word in done.stderr, done.stderr
    return done.stderr


@pytest.fixture()
def streets(server):
    """A town of 6 by 6 junctions with ids that are neither dense nor in order."""
    ids = random.Random(1).sample(range(1, 10 ** 12), SIDE * SIDE)
    rows = []
    for v, name in enumerate(ids):
        x, y = v % SIDE, v // SIDE
        for w in [v + 1] * (x + 1 < SIDE) + [v + SIDE] * (y + 1 < SIDE):
            line = f"LINESTRING({120 + x / 100} {30 + y / 100}, {120 + w % SIDE / 100} {30 + w // SIDE / 100})"
            rows.append(f"({len(rows) + 1}, {name}, {ids[w]}, 60, 60, 'SRID=4326;{line}')")
    # The role's own schema, where other tests may have left one, would come before public.
    server.sql("DROP SCHEMA IF EXISTS muster CASCADE;"
               "DROP TABLE IF EXISTS streets, node_order CASCADE;"
               "CREATE TABLE streets (id int, source bigint, target bigint, cost float8,"
               "                      reverse_cost float8, geom geometry);"
               f"INSERT INTO streets VALUES {', '.join(rows)};")
    return server


def order(server, table="node_order", query=QUERY):
    return ["order", server.connection, "--query", query, "--table", table]


def take(server, path, table="node_order", query=QUERY):
    return ["import", "postgis", server.connection, "--query", query, "--order-table", table, "-o",
            path]


def ranks_of(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return dict(db.execute("SELECT id, rank FROM node"))


def ranks_in(server, table="node_order"):
    rows = server.sql(f"SELECT node, rank FROM {table};").split()
    return {int(node): int(rank) for node, rank in (row.split("|") for row in rows)}


def test_the_order_is_computed_once_and_used_by_the_import(streets, tmp_path):
    text = succeed(*order(streets))
    assert text.startswith("node_order\n\nhierarchy\n")
    ranks = ranks_in(streets)
    assert sorted(ranks.values()) == list(range(SIDE * SIDE))
    succeed(*take(streets, tmp_path / "net.gpkg"))
    assert ranks_of(tmp_path / "net.gpkg") == ranks
    assert streets.sql("SELECT attname, atttypid::regtype, attnotnull FROM pg_attribute WHERE "
                       "attrelid = 'node_order'::regclass AND attnum > 0 ORDER BY attnum;") == (
        "node|bigint|t\nrank|integer|t\n")
    assert streets.sql("SELECT indisprimary FROM pg_index WHERE indrelid = "
                       "'node_order'::regclass;") == "t\n"


def test_the_import_takes_the_table_s_word(streets, tmp_path):
    """Another permutation than METIS would give: only the table can have said so."""
    succeed(*order(streets))
    streets.sql("UPDATE node_order SET rank = t.r - 1 FROM (SELECT node, row_number() OVER "
                "(ORDER BY node) AS r FROM node_order) AS t WHERE t.node = node_order.node;")
    succeed(*take(streets, tmp_path / "named.gpkg"))
    succeed("import", "postgis", streets.connection, "--query", QUERY, "-o", tmp_path / "own.gpkg")
    assert ranks_of(tmp_path / "named.gpkg") != ranks_of(tmp_path / "own.gpkg")


def test_the_summary_is_data_too(streets):
    summary = json.loads(succeed(*order(streets), "--json"))
    assert summary["table"] == "node_order" and summary["hierarchy"]["up_arc_count"] > 60


def test_ordering_again_replaces_the_order_and_only_that(streets, tmp_path):
    succeed(*order(streets))
    streets.sql("GRANT SELECT ON node_order TO PUBLIC; DELETE FROM streets WHERE id > 40;")
    succeed(*order(streets))
    succeed(*take(streets, tmp_path / "net.gpkg"))
    assert ranks_of(tmp_path / "net.gpkg") == ranks_in(streets)
    assert "=r/" in streets.sql("SELECT relacl FROM pg_class WHERE relname = 'node_order';")


@pytest.mark.parametrize("change", [
    "UPDATE streets SET cost = 10, reverse_cost = 1000 WHERE id % 2 = 0",
    "UPDATE streets SET cost = -1 WHERE id = 7",                      # one way from now on
    "UPDATE streets SET id = 1000 - id",                              # other rows, other order
    "UPDATE streets SET source = target, target = source, geom = ST_Reverse(geom) WHERE id < 9",
])
def test_costs_and_the_order_of_rows_do_not_make_it_stale(streets, tmp_path, change):
    succeed(*order(streets))
    streets.sql(change + ";")
    succeed(*take(streets, tmp_path / "net.gpkg"))
    assert ranks_of(tmp_path / "net.gpkg") == ranks_in(streets)


@pytest.mark.parametrize("change", [
    "DELETE FROM streets WHERE id = 30",
    "UPDATE streets SET cost = -1, reverse_cost = -1 WHERE id = 30",  # nobody's any more
    "INSERT INTO streets SELECT 99, a.source, b.target, 1, 1, ST_MakeLine(ST_StartPoint(a.geom), "
    "ST_EndPoint(b.geom)) FROM streets a, streets b WHERE a.id = 1 AND b.id = 50",
    "UPDATE streets SET target = (SELECT target FROM streets WHERE id = 44) WHERE id = 30",
])
def test_a_stale_order_is_said_to_be_stale(streets, tmp_path, change):
    succeed(*order(streets))
    streets.sql(change + ";")
    refuse(3, *take(streets, tmp_path / "net.gpkg"),
           words=['"node_order" is stale', "it is of 36 nodes", "muster order"])
    assert list(tmp_path.iterdir()) == []
    succeed(*order(streets))
    succeed(*take(streets, tmp_path / "net.gpkg"))


@pytest.mark.parametrize("table, quoted", [
    ("Node Order", '"Node Order"'),
    ('x"; DROP TABLE streets; --', '"x""; DROP TABLE streets; --"'),
    ("x'; DROP TABLE streets; --", '"x\'; DROP TABLE streets; --"'),
    ("次序", '"次序"'),
    ("Own Schema.node$order", '"Own Schema"."node$order"'),
    ("%s%n", '"%s%n"'),
])
def test_nothing_in_a_name_is_sql(streets, tmp_path, table, quoted):
    streets.sql(f'CREATE SCHEMA IF NOT EXISTS "Own Schema"; DROP TABLE IF EXISTS {quoted};')
    succeed(*order(streets, table))
    succeed(*take(streets, tmp_path / "net.gpkg", table))
    assert ranks_of(tmp_path / "net.gpkg") == ranks_in(streets, quoted)
    assert streets.sql("SELECT count(*) FROM streets;") == "60\n"
    streets.sql(f"DROP TABLE {quoted};")


@pytest.mark.parametrize("table", ["", ".x", "x.", "a.b.c", "x" * 1100])
def test_what_is_no_name_is_refused(streets, tmp_path, table):
    refuse(3, *order(streets, table), words=["expected NAME or SCHEMA.NAME"])
    refuse(3, *take(streets, tmp_path / "net.gpkg", table), words=["expected NAME or SCHEMA.NAME"])


def test_no_other_table_is_touched(streets, tmp_path):
    before = streets.sql("SELECT * FROM streets ORDER BY id;")
    refuse(3, *order(streets, "streets"), words=['"streets" is there already', "another name"])
    assert streets.sql("SELECT * FROM streets ORDER BY id;") == before
    refuse(3, *take(streets, tmp_path / "net.gpkg", "streets"), words=["no order of muster's"])
    refuse(3, *take(streets, tmp_path / "net.gpkg", "nowhere"), words=['no table "nowhere"'])


def test_without_permission_nobody_waits_for_an_order(streets):
    """The query would fail as well, but that is never tried."""
    streets.sql("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN;"
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT SELECT ON streets TO guest;")
    guest = streets.connection.replace("user=muster", "user=guest")
    refuse(4, "order", guest, "--query", "SELECT nonsense", "--table", "node_order",
           words=["cannot make the table", "permission denied for schema public"])
    succeed(*order(streets))
    refuse(4, "order", guest, "--query", "SELECT nonsense", "--table", "node_order",
           words=["must be owner of table node_order"])
    assert len(ranks_in(streets)) == SIDE * SIDE
    streets.sql("DROP OWNED BY guest; DROP ROLE guest;")


def test_an_order_is_written_whole_or_not_at_all(streets, tmp_path):
    succeed(*order(streets))
    before = ranks_in(streets)
    streets.sql("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN IF NEW.rank = 35 THEN RAISE 'not today'; END IF; RETURN NEW; END $$;"
                "CREATE TRIGGER refuse BEFORE INSERT ON node_order FOR EACH ROW "
                "EXECUTE FUNCTION refuse();")
    refuse(4, *order(streets), words=["cannot write", "not today"])
    assert ranks_in(streets) == before
    succeed(*take(streets, tmp_path / "net.gpkg"))


@pytest.mark.parametrize("change, words", [
    ("DELETE FROM node_order WHERE rank = 3", ["expected each node of the query once"]),
    ("DELETE FROM node_order WHERE node = (SELECT max(node) FROM node_order)",
     ["35 rows; expected one for each of 36 nodes"]),
    ("INSERT INTO node_order VALUES (9000000000000, 36)", ["node 9000000000000: rank 36"]),
    ("UPDATE node_order SET rank = 4 WHERE rank = 3", ["rank 4; expected"]),
    ("UPDATE node_order SET rank = -1 WHERE rank = 3", ["rank -1; expected"]),
    ("UPDATE node_order SET rank = 2147483647 WHERE rank = 3", ["rank 2147483647; expected"]),
    ("ALTER TABLE node_order ALTER rank DROP NOT NULL; UPDATE node_order SET rank = NULL "
     "WHERE rank = 3", ["column rank: NULL"]),
    ("ALTER TABLE node_order DROP COLUMN rank", ['column "rank" does not exist']),
    ("COMMENT ON TABLE node_order IS NULL", ["no order of muster's"]),
    ("COMMENT ON TABLE node_order IS 'muster node order: '", ["is stale"]),
])
def test_a_table_that_was_tampered_with_is_named(streets, tmp_path, change, words):
    succeed(*order(streets))
    streets.sql(change + ";")
    done = muster(*take(streets, tmp_path / "net.gpkg"))
    assert done.returncode in (3, 4) and len(done.stderr.splitlines()) == 1
    for word in words:
        assert word in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_many_rows_go_through_the_buffer(server, tmp_path):
    """10,000 nodes are more than three messages."""
    server.sql("DROP TABLE IF EXISTS chain, long_order; CREATE TABLE chain AS SELECT i AS id, "
               "i AS source, i + 1 AS target, 1 AS cost, 1 AS reverse_cost, "
               "ST_MakeLine(ST_SetSRID(ST_Point(i / 1e4, 0), 4326), "
               "ST_SetSRID(ST_Point((i + 1) / 1e4, 0), 4326)) AS geom "
               "FROM generate_series(1, 9999) AS i;")
    succeed(*order(server, "long_order", "SELECT * FROM chain"))
    succeed(*take(server, tmp_path / "net.gpkg", "long_order", "SELECT * FROM chain"))
    ranks = ranks_in(server, "long_order")
    assert ranks_of(tmp_path / "net.gpkg") == ranks
    assert sorted(ranks) == list(range(1, 10001)) and sorted(ranks.values()) == list(range(10000))


@pytest.mark.parametrize("arguments, words", [
    (["order", "x", "--table", "t"], ["--table without --query"]),
    (["order", "x", "--query", "t"], ["--query without --table"]),
    (["order", "x", "--query", "t", "--table", "t", "-o", "f"], ["-o with --table"]),
])
def test_a_wrong_command_line_is_named(arguments, words):
    refuse(2, *arguments, words=words)


# ---- muster's own tables --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town_file(tmp_path_factory):
    return small_scenario.write(tmp_path_factory.mktemp("order") / "town.gpkg")


@pytest.fixture()
def town(server, town_file):
    """The connection to a database with the same rows, of which no node has a rank."""
    return postgis_fill.fill(server, "unordered", town_file)


def town_ranks(server):
    rows = server.sql("SELECT id, rank FROM muster.node;", "unordered").split()
    return {int(node): int(rank) if rank else None for node, rank in (row.split("|") for row in rows)}


def test_a_database_keeps_the_order_that_its_file_would(server, town, town_file, tmp_path):
    said = succeed("order", town.replace("muster@", "muster:Geheim@"))
    own = shutil.copy(town_file, tmp_path / "own.gpkg")
    assert said == succeed("order", own).replace(str(own), "postgresql:///unordered")
    ranks = town_ranks(server)
    assert ranks == ranks_of(own) and sorted(ranks.values()) == list(range(144))
    summary = json.loads(succeed("order", town, "--json"))
    assert summary["file"] == "postgresql:///unordered" and summary["hierarchy"]["up_arc_count"] > 144
    assert server.sql("SELECT count(*) FROM pg_class WHERE relname = 'node_rank';", "unordered") == "0\n"


def test_an_order_that_is_there_is_kept(server, town):
    """Another permutation than METIS would give, and by somebody who may not write."""
    server.sql("UPDATE muster.node SET rank = id - 1; DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN;"
               "GRANT USAGE ON SCHEMA muster TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA muster TO reader;",
               "unordered")
    succeed("order", town.replace("muster@", "reader@"))
    assert town_ranks(server) == {node: node - 1 for node in range(1, 145)}
    server.sql("UPDATE muster.node SET rank = NULL;", "unordered")
    refuse(4, "order", town.replace("muster@", "reader@"),
           words=["cannot write node.rank", "permission denied for table node"])
    assert set(town_ranks(server).values()) == {None}
    server.sql("DROP OWNED BY reader; DROP ROLE reader;", "unordered")


def test_ranks_are_written_whole_or_not_at_all(server, town):
    server.sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN IF NEW.rank = 143 THEN RAISE 'not today'; END IF; RETURN NEW; END $$;"
               "CREATE TRIGGER refuse BEFORE UPDATE ON muster.node FOR EACH ROW EXECUTE FUNCTION refuse();",
               "unordered")
    refuse(4, "order", town, words=["cannot write node.rank", "not today"])
    assert set(town_ranks(server).values()) == {None}


@pytest.mark.parametrize("change, words", [
    ("INSERT INTO node (id, geom) SELECT 9000, geom FROM node WHERE id = 1",
     ["1 nodes are new and 0 have gone"]),
    ("DELETE FROM edge WHERE 144 IN (source, target); DELETE FROM node WHERE id = 144",
     ["0 nodes are new and 1 have gone"]),
    ("DELETE FROM edge WHERE 144 IN (source, target); UPDATE node SET id = 9000 WHERE id = 144",
     ["1 nodes are new and 1 have gone"]),
])
def test_nodes_that_change_while_they_are_ordered_are_not_half_ordered(server, town, change, words):
    """Who has changed them has not committed when the network is read, and holds up whoever writes."""
    other = subprocess.Popen(server.psql("unordered"), stdin=subprocess.PIPE, text=True, cwd=server.folder)
    other.stdin.write(f"SET search_path = muster, public; BEGIN; {change};\n")
    other.stdin.flush()
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'muster.node'::regclass;"
    holding = ("SELECT count(*) FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation = "
               "'muster.node'::regclass;")

    def wait_for(question):
        end = time.monotonic() + 20
        while server.sql(question, "unordered") == "0\n" and time.monotonic() < end:
            time.sleep(0.05)

    wait_for(holding)

    def commit_then():
        wait_for(waiting)
        other.stdin.write("COMMIT;\n")
        other.stdin.close()

    committer = threading.Thread(target=commit_then)
    committer.start()
    refuse(3, "order", town, words=["table node", *words, "order them again"])
    committer.join()
    assert other.wait() == 0
    assert set(town_ranks(server).values()) == {None}
    succeed("order", town)


def test_a_database_is_not_ordered_into_a_file(town, tmp_path):
    refuse(2, "order", town, "-o", tmp_path / "out.gpkg", words=["-o with a database"])
    assert list(tmp_path.iterdir()) == []
