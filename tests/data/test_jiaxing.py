"""The home scenario: its published totals, and whether its network is one that could be.

MUSTER_JIAXING names the GeoPackage; without it one is generated for the test.
"""
import hashlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

GENERATOR = Path(__file__).resolve().parents[2] / "data" / "jiaxing"
sys.path.insert(0, str(GENERATOR))

from crossing import proper_crossings  # noqa: E402
from geopackage import points_of  # noqa: E402
from outline import make_outline  # noqa: E402
from plane import inside, to_plane  # noqa: E402

LIGHT = 1
DRY_TABLES = ("node", "edge", "place", "team", "vehicle", "machine", "warehouse", "at_risk_site",
              "incident")
LOW, HIGH = (120.2, 30.2), (121.45, 31.1)


def generate(path):
    command = ["/usr/bin/python3", str(GENERATOR / "generate.py"), "-o", str(path)]
    subprocess.run(command, check=True)
    order = [os.environ.get("MUSTER_COMMAND", "muster"), "order", str(path)]
    subprocess.run(order, check=True, stdout=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="session")
def path(tmp_path_factory):
    named = os.environ.get("MUSTER_JIAXING")
    return Path(named) if named else generate(tmp_path_factory.mktemp("home") / "jiaxing.gpkg")


@pytest.fixture(scope="session")
def db(path):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    yield connection
    connection.close()


def one(db, sql):
    return db.execute(sql).fetchone()[0]


def points_table(db, table):
    return np.vstack([points_of(blob) for blob, in db.execute(f"SELECT geom FROM {table}")])


@pytest.fixture(scope="session")
def edges(db):
    columns = ("id", "source", "target", "length_m", "access_forward", "access_backward", "bridge")
    rows = db.execute(f"SELECT {', '.join(columns)} FROM edge ORDER BY id").fetchall()
    table = {name: np.array(values) for name, values in zip(columns, zip(*rows))}
    table["line"] = [points_of(b) for b, in db.execute("SELECT geom FROM edge ORDER BY id")]
    return table


@pytest.fixture(scope="session")
def sea(db):
    blob = one(db, "SELECT geom FROM water_area WHERE class = 'sea'")
    return to_plane(points_of(blob)[:-1])


AVAILABLE = "FROM team WHERE tier IN ('city', 'county', 'town', 'village')"
STOCK = "SELECT sum(quantity) FROM stock JOIN kind ON kind.code = stock.kind WHERE category ="
TOTALS = [
    (f"SELECT count(*) {AVAILABLE}", 620), (f"SELECT sum(people) {AVAILABLE}", 11106),
    (f"SELECT min(available) {AVAILABLE}", 1),
    ("SELECT count(*) FROM team_capability WHERE kind = 'hazmat'", 9),
    ("SELECT count(*) FROM team t JOIN team_capability c ON c.team = t.code "
     "WHERE c.kind = 'geology' AND t.people = 100", 1),
    ("SELECT count(*) FROM team_capability WHERE kind = 'geology'", 1),
    ("SELECT count(*) FROM team WHERE tier = 'social' AND available = 0", 26),
    ("SELECT sum(people) FROM team WHERE tier = 'social'", 3500),
    ("SELECT sum(people) FROM team WHERE tier = 'expert' AND people = 1 AND available = 0", 9),
    ("SELECT count(*) FROM team", 620 + 26 + 9),
    ("SELECT count(*) FROM vehicle", 735), ("SELECT sum(count) FROM machine", 1932),
    (f"{STOCK} 'relief'", 139200), (f"{STOCK} 'flood_fighting'", 474300),
    ("SELECT count(*) FROM warehouse WHERE tier = 'city'", 1),
    ("SELECT count(*) FROM warehouse WHERE tier = 'county'", 7),
    ("SELECT count(*) FROM warehouse WHERE tier = 'town'", 72),
    ("SELECT count(*) FROM at_risk_site", 309),
    ("SELECT sum(quantity) FROM kit WHERE kind = 'satellite_phone'", 563),
    ("SELECT sum(quantity) FROM kit WHERE kind = 'generator'", 753),
    ("SELECT sum(quantity) FROM kit WHERE kind = 'pump'", 2964),
    ("SELECT min(quantity) FROM kit", 1), ("SELECT count(*) FROM kit", 3 * 309),
    ("SELECT count(*) FROM place WHERE level = 'city'", 1),
    ("SELECT count(*) FROM place WHERE level = 'county'", 7),
    ("SELECT count(*) FROM place WHERE level = 'town'", 72),
    ("SELECT count(*) FROM place WHERE level = 'village'", 1202),
    ("SELECT count(*) FROM scenario WHERE is_default AND code = 'typhoon-100'", 1),
    ("SELECT count(*) FROM scenario WHERE is_default", 1),
]


@pytest.mark.parametrize("sql, expected", TOTALS)
def test_totals_are_those_of_the_city(db, sql, expected):
    assert one(db, sql) == expected


@pytest.mark.parametrize("size", [1, 10, 30, 100, 300, 1000])
def test_a_scenario_has_as_many_incidents_as_its_name_says(db, size):
    code = f"typhoon-{size}"
    assert one(db, f"SELECT count(*) FROM incident WHERE scenario = '{code}'") == size
    assert one(db, f"SELECT min(n) FROM (SELECT count(*) AS n FROM need WHERE scenario = '{code}' "
                   "GROUP BY incident)") >= 3
    assert one(db, f"SELECT count(DISTINCT incident) FROM need WHERE scenario = '{code}'") == size
    assert one(db, f"SELECT count(*) FROM hazard WHERE scenario = '{code}'") >= 2
    assert one(db, "SELECT count(*) FROM incident WHERE deadline_at <= reported_at") == 0


def test_conditions_are_plausible_and_take_nobody_away(db):
    assert one(db, f"SELECT count(*) {AVAILABLE} AND ready_s > 0") in range(15, 50)
    assert one(db, "SELECT max(ready_s) FROM team") <= 5400
    assert one(db, f"SELECT count(*) {AVAILABLE} AND shift_end_s IS NOT NULL") in range(60, 132)
    assert one(db, "SELECT min(shift_end_s) FROM vehicle") >= 6 * 3600
    assert one(db, f"SELECT count(*) {AVAILABLE} AND grade BETWEEN 1 AND 2") >= 200
    assert one(db, "SELECT max(grade) FROM team") == 3
    assert one(db, "SELECT count(*) FROM team WHERE tier = 'expert' AND grade > 0") == 0
    assert one(db, "SELECT min(on_scene_s) FROM incident") >= 1800
    whole = "SELECT group_concat(DISTINCT type) FROM incident WHERE all_or_nothing"
    assert one(db, whole) == "dike_breach"
    assert one(db, "SELECT count(*) FROM need n JOIN kind k ON k.code = n.kind "
                   "WHERE grade > 0 AND resource <> 'people'") == 0
    assert one(db, "SELECT count(*) FROM need WHERE grade > 0") > 50


def test_every_county_has_cover_to_keep_and_operators_are_people(db):
    assert one(db, "SELECT count(*) FROM zone") == 21
    assert one(db, "SELECT count(DISTINCT name) FROM zone") == 7
    assert one(db, "SELECT count(*) FROM zone z JOIN kind k ON k.code = z.kind "
                   "WHERE resource = 'item'") == 0
    assert one(db, "SELECT o.resource FROM kind k JOIN kind o ON o.code = k.operator_kind") == (
        "people")
    assert one(db, "SELECT count(*) FROM weight WHERE key LIKE 'escalation_delay%'") == 4


def test_the_default_typhoon_takes_a_third_of_the_people_and_too_much_of_some_kinds(db):
    def asked(kind_filter):
        return one(db, "SELECT sum(quantity) FROM need n JOIN kind k ON k.code = n.kind "
                       f"WHERE scenario = 'typhoon-100' AND {kind_filter}")

    hazmat = one(db, "SELECT sum(people) FROM team JOIN team_capability c ON c.team = team.code "
                     "WHERE available AND c.kind = 'hazmat'")
    assert 0.30 <= asked("resource = 'people'") / 11106 <= 0.45
    pumps = one(db, "SELECT sum(count) FROM machine WHERE kind = 'pump'")
    assert 0.30 <= asked("n.kind = 'pump'") / pumps <= 0.45
    assert asked("n.kind = 'hazmat'") > hazmat


def test_references_and_indexes_are_whole(db):
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert one(db, "PRAGMA integrity_check") == "ok"
    assert one(db, "SELECT rtreecheck('rtree_edge_geom')") == "ok"
    for (table,) in db.execute("SELECT table_name FROM gpkg_contents "
                               "WHERE data_type = 'features' AND min_x IS NULL"):
        assert one(db, f"SELECT count(*) FROM {table}") == 0, table


def test_the_network_has_about_a_hundred_thousand_nodes(db, edges):
    assert 95000 <= one(db, "SELECT count(*) FROM node") <= 105000
    used = np.unique(np.concatenate([edges["source"], edges["target"]]))
    assert len(used) == one(db, "SELECT count(*) FROM node")


@pytest.mark.parametrize("table", [*DRY_TABLES, "waterway", "hazard"])
def test_coordinates_are_finite_and_in_range(db, table):
    points = points_table(db, table)
    assert np.isfinite(points).all()
    assert (points >= LOW).all() and (points <= HIGH).all()


@pytest.mark.parametrize("table", DRY_TABLES)
def test_nothing_is_in_the_sea(db, sea, table):
    points = to_plane(points_table(db, table))
    assert not inside(sea, points).any()


@pytest.mark.parametrize("table", DRY_TABLES)
def test_everything_is_inside_the_prefecture(db, table):
    border = make_outline()["land_polygon"].buffer(25)  # carriageways lie beside their middle
    points = to_plane(points_table(db, table))
    assert inside(np.array(border.exterior.coords)[:-1], points).all()


@pytest.mark.parametrize("table", ["team", "vehicle", "machine", "warehouse", "at_risk_site"])
def test_what_belongs_to_a_place_is_near_it(db, table):
    pairs = db.execute(f"SELECT t.geom, p.geom FROM {table} t JOIN place p ON p.code = t.place")
    at, home = (to_plane(np.vstack([points_of(blob) for blob in column])) for column in zip(*pairs))
    assert np.hypot(*(at - home).T).max() < 8000


def test_no_road_is_in_a_lake(db, edges):
    middles = to_plane(np.array([line[len(line) // 2] for line in edges["line"]]))
    ends = to_plane(np.array([line[0] for line in edges["line"]]))
    for blob, in db.execute("SELECT geom FROM water_area WHERE class = 'lake'"):
        lake = to_plane(points_of(blob)[:-1])
        on_ground = edges["bridge"] == 0
        assert not inside(lake, middles[on_ground]).any()
        assert not inside(lake, ends).any()


def test_edges_run_from_their_source_to_their_target(db, edges):
    node = dict(db.execute("SELECT id, geom FROM node"))
    start = np.array([points_of(node[i])[0] for i in edges["source"]])
    end = np.array([points_of(node[i])[0] for i in edges["target"]])
    assert (start == np.array([line[0] for line in edges["line"]])).all()
    assert (end == np.array([line[-1] for line in edges["line"]])).all()


def vincenty_m(a, b):
    """Geodesic distance by Vincenty's inverse formula: the other way to the same number."""
    major, flattening = 6378137.0, 1 / 298.257223563
    minor = major * (1 - flattening)
    (lon_a, lat_a), (lon_b, lat_b) = np.radians(a).T, np.radians(b).T
    u, v, wide = (np.arctan((1 - flattening) * np.tan(lat_a)),
                  np.arctan((1 - flattening) * np.tan(lat_b)), lon_b - lon_a)
    lam = wide.copy()
    for _ in range(8):
        sin_sigma = np.hypot(np.cos(v) * np.sin(lam),
                             np.cos(u) * np.sin(v) - np.sin(u) * np.cos(v) * np.cos(lam))
        sin_sigma = np.maximum(sin_sigma, 1e-15)
        cos_sigma = np.sin(u) * np.sin(v) + np.cos(u) * np.cos(v) * np.cos(lam)
        sigma = np.arctan2(sin_sigma, cos_sigma)
        sin_alpha = np.cos(u) * np.cos(v) * np.sin(lam) / sin_sigma
        cos2_alpha = 1 - sin_alpha**2
        cos_2m = cos_sigma - 2 * np.sin(u) * np.sin(v) / cos2_alpha
        c = flattening / 16 * cos2_alpha * (4 + flattening * (4 - 3 * cos2_alpha))
        lam = wide + (1 - c) * flattening * sin_alpha * (
            sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2 * cos_2m**2 - 1)))
    k = cos2_alpha * (major**2 - minor**2) / minor**2
    big_a = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    big_b = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    delta = big_b * sin_sigma * (cos_2m + big_b / 4 * cos_sigma * (2 * cos_2m**2 - 1))
    return minor * big_a * (sigma - delta)


def test_lengths_are_geodesic(edges):
    counts = np.array([len(line) for line in edges["line"]])
    points = np.vstack(edges["line"])
    stops = np.cumsum(counts)
    gap = vincenty_m(points[:-1], points[1:])
    gap[stops[:-1] - 1] = 0
    along = np.add.reduceat(np.append(gap, 0), np.concatenate([[0], stops[:-1]]))
    assert np.allclose(edges["length_m"], along, rtol=1e-3, atol=0.02)
    straight = vincenty_m(points[stops - counts], points[stops - 1])
    assert (edges["length_m"] >= 0.999 * straight - 0.01).all()


def arcs(edges, bit):
    forward, backward = edges["access_forward"] & bit > 0, edges["access_backward"] & bit > 0
    source = np.concatenate([edges["source"][forward], edges["target"][backward]])
    target = np.concatenate([edges["target"][forward], edges["source"][backward]])
    return source, target


def test_light_vehicles_reach_nearly_every_node_and_come_back(edges):
    source, target = arcs(edges, LIGHT)
    n = max(edges["source"].max(), edges["target"].max()) + 1
    graph = coo_matrix((np.ones(len(source)), (source, target)), shape=(n, n))
    _, label = connected_components(graph, directed=True, connection="strong")
    used = np.unique(np.concatenate([edges["source"], edges["target"]]))
    assert np.bincount(label[used]).max() >= 0.99 * len(used)


def test_where_a_road_crosses_a_canal_there_is_a_bridge(db, edges):
    canals = [to_plane(points_of(blob)) for blob, in db.execute("SELECT geom FROM waterway")]
    lines = [to_plane(line) for line in edges["line"]]
    owner = np.repeat(np.arange(len(lines)), [len(line) - 1 for line in lines])
    crossed, *_ = proper_crossings(
        np.vstack([line[:-1] for line in lines]), np.vstack([line[1:] for line in lines]),
        np.vstack([line[:-1] for line in canals]), np.vstack([line[1:] for line in canals]))
    assert len(crossed) > 5000
    assert edges["bridge"][owner[crossed]].mean() >= 0.95


def test_the_nodes_are_ordered(db):
    ranks = [rank for rank, in db.execute("SELECT rank FROM node")]
    assert sorted(ranks) == list(range(len(ranks)))


def test_the_same_bytes_every_time(path, tmp_path):
    again = generate(tmp_path / "again.gpkg")
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest()
