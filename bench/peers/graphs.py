"""The graphs of the comparison, each in a folder of its own: network.gpkg, what it exports, and
what everybody is asked (bench_jobs). Made once and kept."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from exported import Graph
from install import Missing

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ("Mannheim", "home", "New York", "province")


def shared(path):
    """A large real file, from the folder that MUSTER_SHARED names."""
    file = pathlib.Path(os.environ.get("MUSTER_SHARED") or "/nonexistent", path)
    if not file.exists():
        raise Missing("no real data (MUSTER_SHARED)")
    return file


def import_dimacs(muster, network, graph, coordinates, *more):
    subprocess.run([muster, "import", "dimacs", "-o", network, "--graph", graph,
                    "--coordinates", coordinates, *more], check=True, stdout=subprocess.DEVNULL)


def make_mannheim(build, folder):
    source = shared("osm/rnv-mannheim-graphhopper.osm.pbf")
    subprocess.run([build / "cli/muster", "import", "osm", source, "-o", folder / "network.gpkg"],
                   check=True, stdout=subprocess.DEVNULL)
    shutil.copyfile(source, folder / "map.osm.pbf")


def home_scenario(build):
    scenario = pathlib.Path(os.environ.get("MUSTER_JIAXING") or build / "data/jiaxing.gpkg")
    if not scenario.exists():
        raise Missing(f"no {scenario}")
    return scenario


def make_home(build, folder):
    shutil.copyfile(home_scenario(build), folder / "network.gpkg")


def make_new_york(build, folder):
    import_dimacs(build / "cli/muster", folder / "network.gpkg",
                  shared("dimacs9/USA-road-t.NY.gr.gz"), shared("dimacs9/USA-road-d.NY.co.gz"),
                  "--lengths", shared("dimacs9/USA-road-d.NY.gr.gz"))


def make_province(build, folder, side=None):
    subprocess.run([sys.executable, HERE.parent / "province.py", folder,
                    *([str(side)] if side else [])], check=True)
    import_dimacs(build / "cli/muster", folder / "network.gpkg", folder / "province.gr",
                  folder / "province.co")
    for name in ("province.gr", "province.co"):
        (folder / name).unlink()


MAKERS = {"Mannheim": make_mannheim, "home": make_home, "New York": make_new_york,
          "province": make_province}


def strip(network):
    """Without the order of the nodes, for whoever measures ordering; and without turn restrictions,
    for a list of arcs, which the peers are given, has none."""
    file = sqlite3.connect(network)
    for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        file.create_function(name, 1, lambda geometry: 0)  # triggers name them; none runs
    file.execute("UPDATE node SET rank = NULL")
    for table, in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN "
                               "('turn_restriction_via', 'turn_restriction')").fetchall():
        file.execute(f"DELETE FROM {table}")
    file.commit()
    file.close()


def folder_of(work, name):
    return work / name.lower().replace(" ", "-")


def finish(build, folder):
    strip(folder / "network.gpkg")
    Graph(build / "cli/muster", folder / "network.gpkg").write(folder)


def prepare(build, work, name):
    """The folder of the graph, with network and arcs in it; raises Missing."""
    folder = folder_of(work, name)
    if not (folder / "duration_ms.u32").exists():
        folder.mkdir(parents=True, exist_ok=True)
        MAKERS[name](build, folder)
        finish(build, folder)
    return folder
