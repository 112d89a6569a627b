"""`muster export`: the graph that is searched."""

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


def test_standard_output_will_do(village):
    text = succeed("export", village, "--nodes", "-", "--arcs", "-", "--profile", "light")
    assert text.startswith("node_id,lon,lat\n")
    assert "\narc_id,from_node,to_node,length_m,duration_ms,class\n" in text


def test_an_unknown_profile_is_named(village, tmp_path):
    refuse(2, "export", village, "--nodes", tmp_path / "n.csv", "--arcs", tmp_path / "a.csv",
           "--profile", "bicycle", words=['"bicycle"', "light, heavy, emergency, boat, helicopter"])
    assert list(tmp_path.iterdir()) == []
