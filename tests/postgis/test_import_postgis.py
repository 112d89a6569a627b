"""`muster import postgis` from a real PostGIS, by pgRouting's five columns."""

import csv
import os
import subprocess

import pytest

from china_offset import gcj02

MUSTER = os.environ["MUSTER_COMMAND"]

# A square with a one-way side, a bent edge in CGCS2000 Gauss-Kruger (EPSG:4549), and a
# direction that is closed by a negative cost.
TABLE = """
DROP TABLE IF EXISTS ways;
CREATE TABLE ways (id int, source int, target bigint, cost real, reverse_cost numeric,
                   the_geom geometry);
INSERT INTO ways VALUES
  (10, 100, 200, 60,   60,  'SRID=4326;LINESTRING(120.70 30.70, 120.71 30.70)'),
  (11, 200, 300, 30.5, -1,  'SRID=4326;LINESTRING(120.71 30.70, 120.71 30.71)'),
  (12, 300, 400, 0,    1e9, 'SRID=4326;LINESTRING(120.71 30.71, 120.705 30.712, 120.70 30.71)'),
  (13, 400, 100, 45,   40,
   ST_Transform('SRID=4326;LINESTRING(120.70 30.71, 120.70 30.70)'::geometry, 4549));
"""
QUERY = "SELECT id, source, target, cost, reverse_cost, the_geom AS geom FROM ways"


def muster(*arguments):
    return subprocess.run([MUSTER, *map(str, arguments)], capture_output=True, text=True)


@pytest.fixture()
def ways(server):
    server.sql(TABLE)
    return server


def test_edges_costs_and_lines_arrive(ways, tmp_path):
    network = tmp_path / "net.gpkg"
    done = muster("import", "postgis", ways.connection, "--query", QUERY, "-o", network)
    assert (done.returncode, done.stderr) == (0, "")
    arcs = tmp_path / "arcs.csv"
    muster("export", network, "--nodes", tmp_path / "nodes.csv", "--arcs", arcs, "--profile", "light")
    found = {(int(r["from_node"]), int(r["to_node"])): (int(r["duration_ms"]), float(r["length_m"]))
             for r in csv.DictReader(arcs.open())}
    assert {pair: duration for pair, (duration, _) in found.items()} == {
        (100, 200): 60000, (200, 100): 60000, (200, 300): 30500,
        (300, 400): 0, (400, 100): 45000, (100, 400): 40000}
    lengths = dict(line.split("|") for line in ways.sql(
        "SELECT id, ST_Length(ST_Transform(the_geom, 4326)::geography) FROM ways;").split())
    for edge, pair in [("10", (100, 200)), ("12", (300, 400)), ("13", (400, 100))]:
        assert found[pair][1] == pytest.approx(float(lengths[edge]), abs=0.02)


def imports(server, tmp_path, query, *options):
    """The arcs of the network that the query makes, as (from, to): (milliseconds, metres)."""
    network, arcs = tmp_path / "query.gpkg", tmp_path / "query.csv"
    done = muster("import", "postgis", server.uri(), "--query", query, "-o", network, *options)
    assert (done.returncode, done.stderr) == (0, ""), done
    muster("export", network, "--nodes", tmp_path / "n.csv", "--arcs", arcs, "--profile", "light")
    return {(int(r["from_node"]), int(r["to_node"])): (int(r["duration_ms"]), float(r["length_m"]))
            for r in csv.DictReader(arcs.open())}


@pytest.mark.parametrize("query", [
    "TABLE ways", "SELECT * FROM ways;", "SELECT * FROM ways  ;\n", "SELECT * FROM ways -- all of them",
    "WITH w AS (SELECT * FROM ways) SELECT * FROM w ORDER BY random()", "SELECT * FROM ways_view",
    "SELECT id, source, target, cost, reverse_cost, ST_Multi(the_geom) AS geom FROM ways",
    "SELECT id::text, source::float8, target::numeric, cost::text, reverse_cost, "
    "ST_Force4D(the_geom) AS geom FROM ways",
    "SELECT id, source, target, cost, reverse_cost, ST_Transform(the_geom, 4326)::geography AS geom FROM ways",
])
def test_any_table_view_or_query_will_do(ways, tmp_path, query):
    ways.sql("CREATE OR REPLACE VIEW ways_view AS SELECT id AS id, source, target, cost, reverse_cost, "
             "the_geom AS geom, 'more' AS more FROM ways;")
    found = imports(ways, tmp_path, query)
    ways.sql("DROP VIEW ways_view;")
    assert found == imports(ways, tmp_path, QUERY)


def test_without_reverse_cost_all_is_one_way(ways, tmp_path):
    assert imports(ways, tmp_path, "SELECT id, source, target, cost, the_geom FROM ways").keys() == {
        (100, 200), (200, 300), (300, 400), (400, 100)}


def test_without_a_line_one_is_drawn(ways, tmp_path):
    found = imports(ways, tmp_path, "SELECT id, source, target, cost, reverse_cost, ST_X(a) AS x1, "
                    "ST_Y(a) AS y1, ST_X(b) AS x2, ST_Y(b) AS y2 FROM (SELECT *, "
                    "ST_StartPoint(ST_Transform(the_geom, 4326)) AS a, "
                    "ST_EndPoint(ST_Transform(the_geom, 4326)) AS b FROM ways) AS w")
    whole = imports(ways, tmp_path, QUERY)
    assert {pair: ms for pair, (ms, _) in found.items()} == {pair: ms for pair, (ms, _) in whole.items()}
    assert found[100, 200] == whole[100, 200] and found[300, 400][1] < whole[300, 400][1]


@pytest.mark.parametrize("change, message", [
    ("UPDATE ways SET cost = 'NaN' WHERE id = 11", "row id 11, column cost: nan; expected seconds"),
    ("UPDATE ways SET cost = 'infinity' WHERE id = 11", "row id 11, column cost: inf; expected seconds"),
    ("UPDATE ways SET reverse_cost = NULL WHERE id = 11", "row id 11, column reverse_cost: NULL"),
    ("UPDATE ways SET source = NULL WHERE id = 12", "row id 12, column source: NULL"),
    ("UPDATE ways SET the_geom = NULL WHERE id = 10", "row id 10, column geom: NULL"),
    ("UPDATE ways SET the_geom = 'SRID=4326;POINT(120 30)' WHERE id = 10",
     "row id 10, column geom: the geometry is a POINT; expected a LINESTRING"),
    ("UPDATE ways SET the_geom = ST_Collect(the_geom, the_geom) WHERE id = 10", "is a MULTILINESTRING"),
    ("UPDATE ways SET the_geom = 'SRID=4326;LINESTRING EMPTY' WHERE id = 10", "the geometry is empty"),
    ("UPDATE ways SET the_geom = ST_SetSRID(the_geom, 0) WHERE id = 10",
     "row id 10, column geom: the geometry has srs_id 0; expected 4326"),
    ("UPDATE ways SET the_geom = ST_FlipCoordinates(the_geom) WHERE id = 10",
     "latitude 120.7 looks swapped with longitude 30.7"),
    ("UPDATE ways SET id = 10 WHERE id = 11", "row id 10, column id: there are two rows of this id"),
    ("ALTER TABLE ways ALTER source TYPE text USING 'x'", 'type bigint: "x"'),
    ("ALTER TABLE ways DROP cost", 'column "cost" does not exist'),
    ("DELETE FROM ways", "no row"),
    ("DROP TABLE ways", 'relation "ways" does not exist'),
])
def test_bad_rows_are_named_and_nothing_is_left(ways, tmp_path, change, message):
    ways.sql(change)
    network = tmp_path / "net.gpkg"
    done = muster("import", "postgis", ways.connection, "--query", QUERY, "-o", network)
    assert done.returncode == 3
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_reference_system_that_is_none_is_the_servers_word(ways, tmp_path):
    ways.sql("UPDATE ways SET the_geom = ST_SetSRID(the_geom, 999999) WHERE id = 10;")
    done = muster("import", "postgis", ways.connection, "--query", QUERY, "-o", tmp_path / "net.gpkg")
    assert done.returncode == 4 and "SRID (999999)" in done.stderr


@pytest.mark.parametrize("query, message", [
    ("SELECT id, source, target, reverse_cost, the_geom AS geom FROM ways", "the query has no column cost"),
    ("SELECT id, source, target, cost, reverse_cost FROM ways", "the query has no column geom"),
    ("SELECT id, source, target, cost, the_geom AS geom, 1 AS geom FROM ways", "ambiguous"),
    ("SELEC 1", "syntax error"),
    ("", "syntax error"),
    ("ways", "syntax error"),
    ("INSERT INTO ways SELECT * FROM ways RETURNING *", "syntax error"),
    ("SELECT 1) AS q; DROP TABLE ways; SELECT * FROM (TABLE ways", "multiple commands"),
    ("SELECT 1) AS q LIMIT 0; COMMIT; DROP TABLE ways; --", "syntax error"),
    ("SELECT 1) AS q LIMIT 0; COMMIT; SELECT * FROM (TABLE ways", "multiple commands"),
    ("SELECT 1 /*", "unterminated"),
])
def test_a_query_that_is_none_is_refused_and_runs_nothing(ways, tmp_path, query, message):
    done = muster("import", "postgis", ways.connection, "--query", query, "-o", tmp_path / "net.gpkg")
    assert done.returncode == 3 and message in done.stderr, done
    assert len(done.stderr.splitlines()) == 1
    assert ways.sql("SELECT count(*) FROM ways;") == "4\n"


def test_a_query_cannot_write(ways, tmp_path):
    ways.sql("CREATE OR REPLACE FUNCTION sly() RETURNS SETOF ways LANGUAGE sql AS "
             "$$ DELETE FROM ways RETURNING * $$;")
    done = muster("import", "postgis", ways.connection, "--query", "SELECT *, the_geom AS geom FROM sly()",
                  "-o", tmp_path / "net.gpkg")
    assert done.returncode == 4 and "read-only transaction" in done.stderr
    ways.sql("DROP FUNCTION sly;")


def test_no_server_is_said_so(tmp_path):
    done = muster("import", "postgis", f"host={tmp_path} dbname=nowhere", "--query", QUERY,
                  "-o", tmp_path / "net.gpkg")
    assert done.returncode == 4
    assert '"postgresql:///nowhere": cannot connect' in done.stderr
    assert list(tmp_path.iterdir()) == []


def nodes_of(network, folder):
    muster("export", network, "--nodes", folder / "n.csv", "--arcs", folder / "a.csv", "--profile",
           "light")
    with open(folder / "n.csv", encoding="utf-8") as stream:
        return [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(stream)]


def test_a_table_of_gcj02_positions_is_converted_where_that_is_said(ways, tmp_path):
    found = []
    for options in ([], ["--crs", "GCJ-02"]):
        done = muster("import", "postgis", ways.connection, "--query", QUERY, "-o",
                      tmp_path / "net.gpkg", *options)
        assert (done.returncode, done.stderr) == (0, "")
        found.append(nodes_of(tmp_path / "net.gpkg", tmp_path))
    assert len(found[0]) == 4
    for plain, converted in zip(*found):
        assert gcj02(*converted) == pytest.approx(plain, abs=1e-8)
    done = muster("import", "postgis", ways.connection, "--query", QUERY, "-o", tmp_path / "x.gpkg",
                  "--crs", "EPSG:4528")
    assert done.returncode == 3 and "easting and northing" in done.stderr
