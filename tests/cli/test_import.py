"""`muster import osm` and `dimacs`: the summary, and that a failure leaves nothing."""

import gzip
import json
import os
import pathlib
import pty
import signal
import sqlite3
import subprocess
import time

import pytest

from muster_command import COMMAND, SOURCE, VILLAGE, muster, refuse, shared_file, succeed

PBF = SOURCE / "tests/fuzz/corpus/osm/small.osm.pbf"


def test_the_summary_counts_what_was_made_and_what_was_left_out(tmp_path):
    text = succeed("import", "osm", VILLAGE, "-o", tmp_path / "n.gpkg")
    lines = {line.split(None, 1)[1]: int(line.split()[0]) for line in text.splitlines()
             if line[:1] == " "}
    assert lines["nodes"] == 9
    assert lines["arcs"] == 17
    assert lines["ways in the file"] == 6
    assert lines["skipped: no road for vehicles"] == 1  # the footway
    assert lines["turn restrictions kept"] == 1


def test_the_summary_as_json_has_the_same_numbers(tmp_path):
    network = tmp_path / "n.gpkg"
    summary = json.loads(succeed("import", "osm", VILLAGE, "-o", network, "--json"))
    assert summary["file"] == str(network)
    assert (summary["node_count"], summary["edge_count"], summary["arc_count"]) == (9, 9, 17)
    assert (summary["component_count"], summary["largest_component_node_count"]) == (1, 9)
    osm = summary["osm"]
    assert osm["way_count"] == osm["road_count"] + osm["skipped_not_road"] == 6


def test_an_existing_network_is_replaced_and_nothing_else_is_left(tmp_path):
    network = tmp_path / "n.gpkg"
    network.write_text("old")
    succeed("import", "osm", VILLAGE, "-o", network)
    assert network.read_bytes().startswith(b"SQLite format 3")
    assert list(tmp_path.iterdir()) == [network]


def write_dimacs(folder):
    """A triangle: 1-2 in 60 s both ways, 2-3 in 30 s, 3-1 in 45 s, gzipped coordinates."""
    (folder / "t.gr").write_text("c a triangle\np sp 3 4\na 1 2 60000\na 2 1 60000\n"
                                 "a 2 3 30000\na 3 1 45000\n")
    (folder / "d.gr").write_text("p sp 3 4\na 1 2 10000\na 2 1 10000\na 2 3 5000\na 3 1 7000\n")
    with gzip.open(folder / "t.co.gz", "wt") as stream:
        stream.write("p aux sp co 3\nv 1 120700000 30700000\nv 2 120710000 30700000\n"
                     "v 3 120710000 30705000\n")


def test_dimacs_weights_arrive_number_for_number(tmp_path):
    write_dimacs(tmp_path)
    network = tmp_path / "n.gpkg"
    succeed("import", "dimacs", "--graph", tmp_path / "t.gr", "--coordinates",
            tmp_path / "t.co.gz", "--lengths", tmp_path / "d.gr", "-o", network)
    answer = json.loads(succeed("route", network, "--from", "120.70,30.70", "--to",
                                "120.71,30.705", "--profile", "light", "--json"))
    assert (answer["duration_s"], answer["distance_m"]) == (90, 1500)


def test_a_file_that_is_not_there_is_named(tmp_path):
    missing, network = tmp_path / "no.osm.pbf", tmp_path / "n.gpkg"
    refuse(4, "import", "osm", missing, "-o", network, words=[missing, "No such file"])
    refuse(4, "import", "dimacs", "--graph", missing, "--coordinates", missing, "-o", network,
           words=[missing])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name, content, words", [
    ("empty.osm", b"", ["empty"]),
    ("text.osm", b"hello\n", ["expected"]),
    ("page.osm", b"<html></html>\n", ["OpenStreetMap"]),
    ("torn.osm", VILLAGE.read_bytes()[:2000], ["OpenStreetMap"]),
    ("torn.osm.pbf", PBF.read_bytes()[:-20], ["OpenStreetMap"]),
    ("torn.osm.gz", gzip.compress(VILLAGE.read_bytes())[:-30], []),
    ("roadless.osm", b'<osm version="0.6"><node id="1" lat="1" lon="1"/></osm>', ["road"]),
])
def test_a_file_that_is_no_map_is_named(tmp_path, name, content, words):
    source = tmp_path / name
    source.write_bytes(content)
    refuse(3, "import", "osm", source, "-o", tmp_path / "n.gpkg", words=[source, *words])
    assert list(tmp_path.iterdir()) == [source]


def test_a_wrong_line_of_a_graph_is_named(tmp_path):
    write_dimacs(tmp_path)
    graph = tmp_path / "t.gr"
    graph.write_text("p sp 3 1\na 1 9 60000\n")
    before = set(tmp_path.iterdir())
    refuse(3, "import", "dimacs", "--graph", graph, "--coordinates", tmp_path / "t.co.gz", "-o",
           tmp_path / "n.gpkg", words=[graph, "2", "9"])
    assert set(tmp_path.iterdir()) == before


def test_a_folder_that_is_not_there_is_named(tmp_path):
    network = tmp_path / "no/n.gpkg"
    refuse(4, "import", "osm", VILLAGE, "-o", network, words=[network])


# ---- progress and Ctrl-C ------------------------------------------------------------------


def read_all(descriptor):
    parts = []
    try:
        while part := os.read(descriptor, 4096):
            parts.append(part)
    except OSError:  # Linux: the other end of the terminal is closed
        pass
    return b"".join(parts).decode()


def on_terminal(*arguments):
    """Run with standard error on a terminal; returns (exit code, stdout, stderr)."""
    master, slave = pty.openpty()
    process = subprocess.Popen([COMMAND, *map(str, arguments)], stdout=subprocess.PIPE,
                               stderr=slave)
    os.close(slave)
    shown = read_all(master)
    os.close(master)
    output = process.stdout.read().decode()
    return process.wait(), output, shown


def test_progress_is_shown_on_a_terminal_and_taken_away(tmp_path):
    code, output, shown = on_terminal("import", "osm", VILLAGE, "-o", tmp_path / "n.gpkg")
    assert code == 0 and "nodes" in output
    assert "%" in shown and "[" in shown
    assert shown.endswith("\r\x1b[K")
    assert "\n" not in shown


def test_progress_is_not_shown_elsewhere(tmp_path):
    assert muster("import", "osm", VILLAGE, "-o", tmp_path / "n.gpkg").stderr == ""


def caught_signals(pid):
    """Those that a process has a handler for: signal n is bit n - 1."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("SigCgt:")[1].split()[0], 16)


def test_ctrl_c_leaves_no_file(tmp_path):
    """Real data, because the village is read before a signal can come."""
    source = shared_file("dimacs9/USA-road-t.NY.gr.gz")
    process = subprocess.Popen(
        [COMMAND, "import", "dimacs", "--graph", source, "--coordinates",
         shared_file("dimacs9/USA-road-d.NY.co.gz"), "-o", tmp_path / "n.gpkg"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not caught_signals(process.pid) >> signal.SIGINT - 1 & 1:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, message = process.communicate(timeout=60)
    assert process.returncode == 130, message
    assert output == "" and len(message.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


# ---- other people's GeoPackages -----------------------------------------------------------


@pytest.fixture()
def foreign(tmp_path):
    """A GeoPackage of somebody else's."""
    path = tmp_path / "foreign.gpkg"
    with sqlite3.connect(path) as database:
        database.executescript("""PRAGMA application_id = 1196444487;
            CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
            CREATE TABLE lakes (fid INTEGER PRIMARY KEY, geom BLOB);""")
    database.close()
    return path


@pytest.mark.parametrize("command", [
    ["info"],
    ["route", "--from", "1,2", "--to", "1,2", "--profile", "light"],
    ["export", "--nodes", "nodes.csv", "--arcs", "arcs.csv", "--profile", "light"]])
def test_a_geopackage_without_our_tables_is_refused(foreign, tmp_path, command):
    refuse(3, command[0], foreign, *command[1:], words=[foreign], cwd=tmp_path)
    assert list(tmp_path.iterdir()) == [foreign]


@pytest.mark.parametrize("content", [b"", b"plain text, no database\n" * 50,
                                     b"SQLite format 3\0" + b"\xff" * 2000])
def test_a_file_that_is_no_geopackage_is_refused(tmp_path, content):
    path = tmp_path / "n.gpkg"
    path.write_bytes(content)
    refuse(3, "info", path, words=[path])


def test_a_network_that_is_not_there_is_named(tmp_path):
    missing = tmp_path / "no.gpkg"
    refuse(4, "info", missing, words=[missing, "No such file"])
    refuse(4, "route", missing, "--from", "1,2", "--to", "1,2", "--profile", "light",
           words=[missing])
    assert list(tmp_path.iterdir()) == []
