"""muster beside its peers: the same graphs, the same questions, one table.

usage: peers BUILD_DIR [--graphs NAME,...] [--no-growth] [--last] [--write-docs]
Installs the peers under BUILD_DIR/../bench-peers (PyPI; pgRouting is Debian's), makes the graphs
there, runs everything, compares the answers, prints the table and draws the pictures. --last
prints the last run again without measuring. --write-docs puts tables and pictures into
docs/benchmarks.md, between the marks that it has for them. Exit status 1: an answer differs."""

import argparse
import json
import os
import pathlib
import shutil
import sys

import docs
import graphs
import growth
import install
import machine
import measured
from table import markdown, table, targets_table
from targets import GRAPHS, Results


VERSIONS = ("SciPy", "RoutingKit", "OSRM", "Valhalla", "pgRouting")


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


# ---- measuring -------------------------------------------------------------------------------

def measure_graph(build, work, name):
    say(f"{name}: muster")
    folder = graphs.prepare(build, work, name)
    ours = measured.muster(build, folder)
    return {"ours": ours, **measured.beside(folder, work, measured.ASKED[name],
                                            lambda peer: say(f"{name}: {peer}"))}


def measure_growth(build, work, run):
    say("growth: the home scenario")
    if "home" in run["graphs"]:
        home = graphs.prepare(build, work, "home")
        run["curves"] = growth.curves(build, home)
        run["home_arcs"] = growth.build_costs(build, home)["edges"] * 2
    for side in growth.SIDES:
        say(f"growth: {side} x {side} junctions")
        run["pieces"].append(growth.smaller(build, work, side))
    if "province" in run["graphs"]:
        whole = run["graphs"]["province"]
        run["pieces"].append({"build": run["builds"], "ours": whole["ours"],
                              "routingkit": whole["peers"].get("RoutingKit", {})})


def measure(build, work, names, with_growth, keep):
    """`keep` is given what is there so far: half an hour should not be lost."""
    load = os.getloadavg()[0]
    run = {"versions": install.versions(work, VERSIONS), "graphs": {}, "absent": {}, "pieces": [], "curves": None,
           "home_arcs": 0, "builds": None, "circumstances": []}
    for name in names:
        try:
            run["graphs"][name] = measure_graph(build, work, name)
        except install.Missing as missing:
            run["absent"][name] = str(missing)
        keep(run)
    if "province" in run["graphs"]:
        run["builds"] = growth.build_costs(build, graphs.folder_of(work, "province"))
    if with_growth:
        measure_growth(build, work, run)
    run["circumstances"] = [*machine.circumstances(build, run["versions"], load)]
    return run


# ---- showing ---------------------------------------------------------------------------------

def blocks(run):
    """{mark in docs/benchmarks.md: text}."""
    results = {name: Results(found["ours"], found["peers"], found["missing"])
               for name in GRAPHS if (found := run["graphs"].get(name))}
    lines = [*run["circumstances"], *measured.agreement(run["graphs"], run["absent"])[0]]
    found = {"targets": targets_table(results, run["builds"]),
             "peers": table(results, run["builds"]) + "\n\n```\n" + "\n".join(lines) + "\n```"}
    if run["pieces"]:
        found["growth"] = markdown(growth.headings(run["pieces"]),
                                   [*growth.projection(run["pieces"])])
    return found, results


def draw(run, results, folder):
    import plots  # Matplotlib is slow to load, and nobody else needs it
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    plots.threads(results, folder)
    if run["pieces"]:
        plots.nodes(run["pieces"], folder)
    if run["curves"]:
        plots.tables(run["curves"], folder)
        plots.floods(run["curves"], run["home_arcs"], folder)


PICTURES = {"nodes": "Cost by nodes", "tables": "Tables by size",
            "floods": "Floods by what they close", "threads": "Two threads"}


def arguments():
    parser = argparse.ArgumentParser(prog="peers", description="muster beside its peers")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--graphs", default=",".join(GRAPHS), help="some of them: %(default)s")
    parser.add_argument("--no-growth", action="store_true", help="leave out how costs grow")
    parser.add_argument("--last", action="store_true", help="print the last run again")
    parser.add_argument("--write-docs", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


def main():
    asked = arguments()
    build = asked.build.resolve()
    work = build.parent / "bench-peers"
    work.mkdir(parents=True, exist_ok=True)
    last = work / "last.json"
    if not asked.last:
        def keep(run):
            last.write_text(json.dumps(run), encoding="utf-8")
        keep(measure(build, work, asked.graphs.split(","), not asked.no_growth, keep))
    run = measured.times_again(json.loads(last.read_text(encoding="utf-8")))
    found, results = blocks(run)
    print("\n\n".join(found.values()))
    draw(run, results, work / "pictures")
    if asked.write_docs:
        docs.write(found, work / "pictures", "pictures", PICTURES)
    return 1 if measured.agreement(run["graphs"], run["absent"])[1] else 0


if __name__ == "__main__":
    sys.exit(main())
