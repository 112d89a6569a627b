"""`muster export`: the graph that is searched."""

import shutil
import sqlite3

from muster_command import read_csv, refuse, succeed


def export(network, profile, folder):
    nodes, arcs = folder / "nodes.csv", folder / "arcs.csv"
    succeed("export", network, "--nodes", nodes, "--arcs", arcs, "--profile", profile)
    return read_csv(nodes), read_csv(arcs)


def test_nodes_have_the_ids_and_places_of_the_map(village, tmp_path):
    nodes, _ = export(village, "light", tmp_path)
    places = {int(n["node_id"]): (float(n["lon"]), float(n["lat"])) for n in nodes}
    assert len(places) == 9
    assert places[1] == (120.80, 30.75) and places[8] == (120.8062, 30.7512)
    assert places[10] == places[-10]  # the gate: a node on either side


def test_arcs_are_those_that_the_profile_may_use(village, tmp_path):
    pairs = {}
    for profile in ("light", "heavy", "emergency"):
        nodes, arcs = export(village, profile, tmp_path)
        known = {n["node_id"] for n in nodes}
        assert all({a["from_node"], a["to_node"]} <= known for a in arcs)
        assert all(int(a["duration_ms"]) > 0 or float(a["length_m"]) == 0 for a in arcs)
        pairs[profile] = {(int(a["from_node"]), int(a["to_node"])) for a in arcs}
    assert (3, 4) in pairs["light"] and (3, 4) not in pairs["heavy"]       # the bridge
    assert (10, -10) in pairs["emergency"] and (10, -10) not in pairs["light"]  # the gate
    assert pairs["light"] < pairs["emergency"]


def test_an_arc_and_its_way_back_share_an_edge(village, tmp_path):
    _, arcs = export(village, "light", tmp_path)
    by_id = {int(a["arc_id"]): a for a in arcs}
    assert len(by_id) == len(arcs)
    for number, arc in by_id.items():
        back = by_id.get(number ^ 1)
        if back:
            assert (arc["from_node"], arc["to_node"]) == (back["to_node"], back["from_node"])
            assert (arc["length_m"], arc["class"]) == (back["length_m"], back["class"])
    assert any(a ^ 1 not in by_id for a in by_id)  # the one-way lane


def edit(path, sql):
    with sqlite3.connect(path) as database:
        database.executescript(sql)


def turns_of(network, profile, folder):
    turns = folder / f"turns-{profile}.csv"
    succeed("export", network, "--nodes", folder / "n.csv", "--arcs", folder / "a.csv", "--turns",
            turns, "--profile", profile)
    return [tuple(row.values()) for row in read_csv(turns)]


def test_turns_are_those_that_are_forbidden_or_take_time(village, tmp_path):
    network = tmp_path / "turns.gpkg"
    shutil.copy(village, network)
    with sqlite3.connect(network) as database:
        edges = database.execute("SELECT id, source, target FROM edge ORDER BY id").fetchall()
        # A chain of three edges, driven from source to target.
        chain = next((a, b, c) for a in edges for b in edges for c in edges
                     if a[2] == b[1] and b[2] == c[1] and len({a, b, c}) == 3)
    index = [edges.index(edge) for edge in chain]
    (a, _, junction), (b, _, _), (c, _, _) = chain
    edit(network, f"""
        DELETE FROM turn_restriction;
        INSERT INTO turn_restriction VALUES
            (1, 1, 'penalty', 0, 0, 0, 0, {a}, {junction}, {b}, 2, 7.5),
            (2, 2, 'no', 0, 0, 1, 0, {a}, {junction}, {c}, 0, NULL);
        INSERT INTO turn_restriction_via VALUES (1, 2, 1, {b});""")
    slow = (str(2 * index[0]), "", str(2 * index[1]), "7500")
    arcs = str(2 * index[0]), str(2 * index[1]), str(2 * index[2])
    assert sorted(turns_of(network, "light", tmp_path)) == sorted([slow, (*arcs, "")])
    assert turns_of(network, "heavy", tmp_path) in ([(*arcs, "")], [])  # except_bits 2; a bridge
    assert sorted(turns_of(network, "emergency", tmp_path)) == sorted([slow, (*arcs, "10000")])


def test_standard_output_will_do(village):
    def print_one(printed, other):
        return succeed("export", village, printed, "-", other, "/dev/null", "--profile", "light")

    assert print_one("--nodes", "--arcs").startswith("node_id,lon,lat\n")
    assert print_one("--arcs", "--nodes").startswith("arc_id,from_node,to_node,length_m,duration_ms,class\n")


def test_an_unknown_profile_is_named(village, tmp_path):
    refuse(2, "export", village, "--nodes", tmp_path / "n.csv", "--arcs", tmp_path / "a.csv",
           "--profile", "bicycle", words=['"bicycle"', "light, heavy, emergency, boat, helicopter"])
    assert list(tmp_path.iterdir()) == []
