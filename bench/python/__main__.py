"""muster's Python package: what a call costs beside C, what threads and a cluster bring, and the road engine
beside what else can be imported.

usage: python BUILD_DIR PYTHON [--no-peers] [--last] [--write-docs]
PYTHON has what the package is tested with (bindings/python/requirements-test.txt). Peers are installed from PyPI
under BUILD_DIR/../bench-peers, as bench/peers does it, whose programs these are. --last prints the last run again
without measuring. --write-docs puts the tables into docs/benchmarks.md, between the marks that it has for them.
Exit status 1: an answer differs."""

import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))

import docs  # noqa: E402
import graphs  # noqa: E402
import install  # noqa: E402
import machine  # noqa: E402
import measured  # noqa: E402
from table import markdown  # noqa: E402

import beside  # noqa: E402 - of this folder, like the next
import goals  # noqa: E402

SCENARIO = "typhoon-100"
PACKAGES = ("numpy", "pandas", "dask", "distributed")


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


# ---- measuring -------------------------------------------------------------------------------

class Package:
    """muster's Python package in a build, and the Python that it was built for."""

    def __init__(self, build, python):
        self._python = python
        self._settings = {**os.environ, "PYTHONPATH": str(build / "bindings/python"), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *command, accepted=(0,)):
        """What it prints. Its errors go where ours go."""
        done = subprocess.run([self._python, *map(str, command)], env=self._settings, stdout=subprocess.PIPE,
                              text=True, check=False)
        if done.returncode not in accepted:
            raise SystemExit(f"bench/python: {command[0]} ended with status {done.returncode}")
        return done.stdout

    def times(self, *command):
        return measured.times_of(self.run(*command))

    def version(self):
        ask = ("import importlib.metadata, platform, sys\n"
               "print(platform.python_version(), *map(importlib.metadata.version, sys.argv[1:]))")
        python, *others = self.run("-c", ask, *PACKAGES).split()
        return f"{python} with " + ", ".join(map(" ".join, zip(PACKAGES, others)))


def frames_times(package, store):
    """python_frames.py ends with 1 where its aim is missed, which is for the table to say."""
    found = json.loads(package.run(HERE.parent / "python_frames.py", store, SCENARIO, accepted=(0, 1)))
    return {"build": measured.Time(20, found["build_ms"], found["build_ms"])}


def measure_targets(build, package, home, store):
    found = {}
    for name, measure in {
        "calls": lambda: package.times(HERE / "calls.py", home, build / "bench/libbench_calls.so"),
        "frames": lambda: frames_times(package, store),
        "pair": lambda: package.times(HERE / "pair.py", store, SCENARIO, build / "bench/bench_pair"),
        "cluster": lambda: package.times(HERE / "cluster.py", store, SCENARIO),
    }.items():
        say(name)
        found[name] = measure()
    return found


def measure_beside(package, work, name, folder, ours):
    def from_python(_, out, __):
        return package.times(HERE.parent / "peers/peer_muster.py", folder, out)

    found = measured.beside(folder, work, ["muster", *beside.ASKED[name]], lambda peer: say(f"{name}: {peer}"),
                            {**measured.PEERS, "muster": from_python})
    return {"ours": ours, **found}


def measure(build, work, python, with_peers):
    load, package = os.getloadavg()[0], Package(build, python)
    run = {"targets": {}, "graphs": {}, "absent": {}}
    for name in beside.ASKED if with_peers else ["home"]:
        try:
            folder = graphs.prepare(build, work, name)
        except install.Missing as missing:
            run["absent"][name] = str(missing)
            continue
        say(f"{name}: muster in C")
        ours = measured.muster(build, folder)[0]
        if name == "home":
            run["targets"] = measure_targets(build, package, folder, graphs.home_scenario(build))
        if with_peers:
            run["graphs"][name] = measure_beside(package, work, name, folder, ours)
    versions = {"Python": package.version(), **(install.versions(work, beside.PEERS) if with_peers else {})}
    run["circumstances"] = [*machine.circumstances(build, versions, load, "fastest of several runs")]
    return run


# ---- showing ---------------------------------------------------------------------------------

def fenced(lines):
    return "\n\n```\n" + "\n".join(lines) + "\n```"


def blocks(run):
    """{mark in docs/benchmarks.md: text}."""
    found = {}
    if run["targets"]:
        found["python"] = markdown(goals.HEADINGS, goals.rows(run["targets"])) + fenced(run["circumstances"][:3])
    if run["graphs"]:
        found["python peers"] = (markdown(beside.HEADINGS, beside.rows(run["graphs"]))
                                 + fenced(run["circumstances"] + measured.agreement(run["graphs"], run["absent"])[0]))
    return found


def arguments():
    parser = argparse.ArgumentParser(prog="python", description="muster's Python package")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("python", type=pathlib.Path)
    parser.add_argument("--no-peers", action="store_true", help="the targets alone")
    parser.add_argument("--last", action="store_true", help="print the last run again")
    parser.add_argument("--write-docs", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


def main():
    asked = arguments()
    build = asked.build.resolve()
    work = build.parent / "bench-peers"
    work.mkdir(parents=True, exist_ok=True)
    last = work / "last-python.json"
    if not asked.last:
        run = measure(build, work, asked.python.absolute(), not asked.no_peers)
        last.write_text(json.dumps(run), encoding="utf-8")
    run = measured.times_again(json.loads(last.read_text(encoding="utf-8")))
    found = blocks(run)
    print("\n\n".join(found.values()))
    if asked.write_docs:
        docs.write_blocks(found)
    return 1 if measured.agreement(run["graphs"], run["absent"])[1] else 0


if __name__ == "__main__":
    sys.exit(main())
