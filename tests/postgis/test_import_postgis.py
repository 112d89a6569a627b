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


@pytest.mark.parametrize("change, message", [
    ("UPDATE ways SET cost = 'NaN' WHERE id = 11", "row 2, column cost: nan"),
    ("UPDATE ways SET source = NULL WHERE id = 12", "row 3, column source: NULL"),
    ("UPDATE ways SET the_geom = NULL WHERE id = 10", "row 1, column geom: NULL"),
    ("UPDATE ways SET the_geom = 'SRID=4326;POINT(120 30)' WHERE id = 10", "row 1, column geom"),
    ("UPDATE ways SET id = 10 WHERE id = 11", "row 2, column id: 10 occurs twice"),
    ("DELETE FROM ways", "no row"),
    ("DROP TABLE ways", 'relation "ways" does not exist'),
])
def test_bad_rows_are_named_and_nothing_is_left(ways, tmp_path, change, message):
    ways.sql(change)
    network = tmp_path / "net.gpkg"
    done = muster("import", "postgis", ways.connection, "--query", QUERY, "-o", network)
    assert done.returncode in (3, 4)
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_no_server_is_said_so(tmp_path):
    done = muster("import", "postgis", f"host={tmp_path} dbname=nowhere", "--query", QUERY,
                  "-o", tmp_path / "net.gpkg")
    assert done.returncode in (3, 4)
    assert "PostgreSQL: cannot connect" in done.stderr
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
