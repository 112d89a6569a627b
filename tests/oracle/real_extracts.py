"""Real OpenStreetMap extracts against counts made without us and against SciPy.

The counts. For each extract KNOWN has routing nodes and arcs by a simple rule: of all ways with
one of the usual highway classes (motorway to service, and road, but no track) that are no areas,
nodes that end a way or lie on it more than once are routing nodes, located or not, and each
piece between two of them is one arc, or two where it is not one-way. The same rule applied here to
the extract as osmium prints it shows that we understand the numbers.

The import takes more ways (tracks, ferries, pedestrian streets for blue lights), leaves out
those that are closed to all, and turns nodes of degree two into shape points. So its counts are
others, but two things stay exactly the same whatever is contracted, because every contraction
takes away one node and one edge, and every barrier adds one of each:

    edges - nodes           of the network and of the uncontracted ways it took,
    nodes + shape points    of the network, less barriers, and the nodes of those ways.

usage: MUSTER_COMMAND=... MUSTER_SHARED=... pytest real_extracts.py"""

import collections
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from muster_command import Graph, matrix, refuse, route, shared_file, succeed  # noqa: E402

# Extract: routing nodes, arcs, turn restrictions (None: not known).
KNOWN = {
    "monaco-osrm.osm.pbf": (2350, 4507, 27),
    "andorra-valhalla.osm.pbf": (3567, 6977, 65),
    "malta-graphhopper.osm.pbf": (23297, 55106, 180),
    "rnv-mannheim-graphhopper.osm.pbf": (43793, 97969, None),
    "porto-alegre-r5r.osm.pbf": (15266, 34283, None),
    "north-bayreuth-graphhopper.osm.gz": (1203, 2580, None),
    "jemss-edmonton-roads.osm.pbf": (9123, 15647, None),
}

LINKED = ["motorway", "trunk", "primary", "secondary", "tertiary"]
USUAL = {*LINKED, *(c + "_link" for c in LINKED), "unclassified", "residential", "living_street",
         "service", "road"}
TAKEN = USUAL | {"track", "busway", "pedestrian"}
VEHICLES = ["motor_vehicle", "vehicle", "motorcar", "hgv", "goods", "bus", "psv", "emergency"]

Way = collections.namedtuple("Way", "tags nodes")


class Extract:
    """One extract, imported, and read a second time through osmium-tool."""

    def __init__(self, name, folder):
        self.name = name
        self.source = shared_file(f"osm/{name}")
        self.folder = folder
        self.network = folder / "network.gpkg"
        self.summary = json.loads(succeed("import", "osm", self.source, "-o", self.network,
                                          "--json"))
        self.graphs = {}

    def graph(self, profile):
        if profile not in self.graphs:
            self.graphs[profile] = Graph(self.network, profile, self.folder)
        return self.graphs[profile]

    def read(self):
        """(ways, ids of nodes that have a location), from osmium's one-object-a-line text."""
        if not shutil.which("osmium"):
            pytest.skip("no second reader: osmium (package osmium-tool) is not installed")
        text = subprocess.run(["osmium", "cat", self.source, "-f", "opl", "-o", "-"],
                              capture_output=True, check=True).stdout.decode()
        ways, located = [], set()
        for line in text.splitlines():
            fields = {field[0]: field[1:] for field in line.split(" ")}
            if line[0] == "n" and fields.get("x"):
                located.add(int(fields["n"]))
            elif line[0] == "w":
                tags = dict(t.split("=", 1) for t in fields["T"].split(",") if t)
                nodes = [int(n.split("x")[0][1:]) for n in fields["N"].split(",") if n]
                ways.append(Way(tags, nodes))
        return ways, located


@pytest.fixture(scope="module", params=KNOWN)
def extract(request, tmp_path_factory):
    return Extract(request.param, tmp_path_factory.mktemp("extract"))


def named(name, tmp_path_factory):
    return Extract(name, tmp_path_factory.mktemp("named"))


# ---- counts -------------------------------------------------------------------------------


def pieces_of(ways, located):
    """The runs of located nodes of each way, with the way, without repeated nodes."""
    for way in ways:
        run = []
        for node in [*way.nodes, None]:
            if node in located:
                if not run or run[-1] != node:
                    run.append(node)
            else:
                if len(run) > 1:
                    yield run, way
                run = []


def count(ways, located):
    """(nodes, edges, arcs, nodes on roads) without contraction; `located` None: all nodes."""
    pieces = [(w.nodes, w) for w in ways] if located is None else list(pieces_of(ways, located))
    met = collections.Counter()
    for run, _ in pieces:
        met.update(run)
        met.update([run[0], run[-1]])
    junctions = {node for node, times in met.items() if times > 1}
    edges = arcs = 0
    for run, way in pieces:
        inside = sum(node in junctions for node in run) - 1
        one_way = (way.tags.get("oneway") in ("yes", "1", "true", "-1")
                   or way.tags.get("junction") == "roundabout"
                   or way.tags.get("highway") in ("motorway", "motorway_link")
                   and way.tags.get("oneway") != "no")
        edges += inside
        arcs += inside if one_way else 2 * inside
    return len(junctions), edges, arcs, len(met)


def is_closed(tags):
    """To everybody: access=no and no vehicle that may, or a ferry for those on foot."""
    if "highway" not in tags and ("foot" in tags or "bicycle" in tags):
        return all(tags.get(key, "no") == "no" for key in VEHICLES)
    return tags.get("access") == "no" and all(tags.get(key, "no") == "no" for key in VEHICLES)


def is_road(tags):
    is_ferry = "highway" not in tags and tags.get("route") == "ferry"
    return (tags.get("highway") in TAKEN or is_ferry) and tags.get("area") != "yes"


def test_counts_follow_from_the_map(extract):
    ways, located = extract.read()
    osm = extract.summary["osm"]
    assert osm["way_count"] == len(ways)

    # Nodes are exact. What implies one-way is a matter of taste (four agree to the arc, three
    # differ by 2 to 26): 0.5% for arcs.
    known_nodes, known_arcs, _ = KNOWN[extract.name]
    usual = [w for w in ways if w.tags.get("highway") in USUAL and w.tags.get("area") != "yes"]
    nodes, _, arcs, _ = count(usual, None)
    assert nodes == known_nodes
    assert arcs == pytest.approx(known_arcs, rel=0.005)

    # Ours are exact.
    roads = [w for w in ways if is_road(w.tags)]
    open_roads = [w for w in roads if not is_closed(w.tags)]
    assert osm["skipped_no_access"] == len(roads) - len(open_roads)
    assert osm["road_count"] + osm["skipped_too_short"] == len(open_roads)
    nodes, edges, _, all_nodes = count(open_roads, located)
    assert extract.summary["edge_count"] - extract.summary["node_count"] == edges - nodes
    with sqlite3.connect(extract.network) as database:
        barriers, = database.execute("SELECT count(*) FROM node WHERE id < 0").fetchone()
    assert (extract.summary["node_count"] - barriers + osm["contracted_node_count"]) == all_nodes


def test_turn_restrictions_are_kept_or_counted(extract):
    known = KNOWN[extract.name][2]
    osm = extract.summary["osm"]
    if known is None:
        pytest.skip(f"the number of turn restrictions is not known for {extract.name}")
    # Known are relations of type "restriction"; Malta also has restriction:hgv and the like.
    assert 0 <= osm["restriction_count"] + osm["restriction_skipped_count"] - known <= 3


# ---- paths --------------------------------------------------------------------------------

PROFILES = ["light", "heavy", "emergency"]


def test_a_hundred_random_routes_are_scipys(extract, tmp_path):
    """Ten starts by ten ends, by route and by matrix, the profiles in turn; sites lie exactly
    on nodes, so that the graph alone decides."""
    rng = random.Random(extract.name)
    profile = PROFILES[sorted(KNOWN).index(extract.name) % len(PROFILES)]
    graph = extract.graph(profile)
    plain = graph.plain_nodes()
    starts, ends = rng.sample(plain, 10), rng.sample(plain, 10)
    table = matrix(extract.network, [graph.nodes[i] for i in starts],
                   [graph.nodes[j] for j in ends], profile, tmp_path)
    reached = 0
    for i in starts:
        expected = graph.costs_from(i)
        for j in ends:
            start, end = graph.nodes[i], graph.nodes[j]
            assert table[str(start[0]), str(end[0])] == expected[j], (profile, start, end)
            assert route(extract.network, start[1:], end[1:], profile) == expected[j]
            reached += expected[j] is not None
    assert reached > 0


@pytest.mark.parametrize("profile", PROFILES)
def test_a_thousand_cells_of_a_table_are_scipys(extract, tmp_path, profile):
    rng = random.Random(extract.name + profile)
    graph = extract.graph(profile)
    plain = graph.plain_nodes()
    starts, ends = rng.sample(plain, 10), rng.sample(plain, 100)
    sites = [graph.nodes[i] for i in starts], [graph.nodes[j] for j in ends]
    table = matrix(extract.network, *sites, profile, tmp_path)
    succeed("snapshot", extract.network, "-o", tmp_path / "network.mnet")
    assert matrix(tmp_path / "network.mnet", *sites, profile, tmp_path) == table
    for i in starts:
        expected = graph.costs_from(i)
        for j in ends:
            pair = str(graph.nodes[i][0]), str(graph.nodes[j][0])
            assert table[pair] == expected[j], (profile, pair)


# ---- what single extracts are for ---------------------------------------------------------


def test_everything_over_the_hierarchy_is_dijkstras(extract):
    """Queries, routes, tables, the nearest; muster check says where they differ."""
    lines = succeed("check", extract.network, "--pairs", 800).splitlines()
    assert [line.split()[-2:] for line in lines[-3:]] == [["all", "agree"]] * 3


def nearest(graph, place):
    """The plain node nearest to a (lon, lat), well enough."""
    return min(graph.plain_nodes(), key=lambda i: (graph.nodes[i][1] - place[0]) ** 2
               + (graph.nodes[i][2] - place[1]) ** 2)


def test_malta_and_gozo_have_a_car_ferry_and_comino_has_none(tmp_path_factory):
    """An island without a way is an answer, exit code 1, in both directions."""
    malta = named("malta-graphhopper.osm.pbf", tmp_path_factory)
    graph = malta.graph("light")
    valletta, victoria = (nearest(graph, p) for p in ((14.5120, 35.8985), (14.2390, 36.0440)))
    from_valletta = graph.costs_from(valletta)
    start, end = graph.nodes[valletta], graph.nodes[victoria]
    assert from_valletta[victoria] is not None
    assert route(malta.network, start[1:], end[1:], "light") == from_valletta[victoria]
    assert any(arc["class"] == "ferry" for arc in graph.arcs)

    comino, place = "14.336,36.012", f"{start[1]!r},{start[2]!r}"
    on_comino = [i for i, (_, lon, lat) in enumerate(graph.nodes)
                 if 14.33 < lon < 14.34 and 36.009 < lat < 36.015]
    assert on_comino and not any(from_valletta[i] for i in on_comino)
    for ends in ((place, comino), (comino, place)):
        refuse(1, "route", malta.network, "--from", ends[0], "--to", ends[1], "--profile", "light",
               words=[f"no road leads from {ends[0]} to {ends[1]}"])


def test_edmontons_dangling_references_are_counted(tmp_path_factory):
    edmonton = named("jemss-edmonton-roads.osm.pbf", tmp_path_factory)
    assert edmonton.summary["osm"]["missing_node_count"] == 683
    assert edmonton.summary["osm"]["cut_way_count"] > 0
