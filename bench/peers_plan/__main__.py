"""Plans of muster beside those of general solvers and of greedy, and how their costs grow.

usage: peers_plan BUILD_DIR [--parts race,greedy,growth] [--cases CODE,...] [--seconds S]
                  [--seeds N] [--last] [--write-docs]
Installs HiGHS, OR-Tools and CBC under BUILD_DIR/../bench-peers (PyPI; GLPK is Debian's), makes the
scenarios there, runs everything, counts plans again, prints the tables and draws the pictures. A part
that is not asked for stays as it was in the last run; --last prints that again without measuring.
--write-docs puts tables and pictures into docs/benchmarks.md, between the marks that it has for them.
Exit status 1: muster's plan comes to something else when it is counted again."""

import argparse
import json
import os
import pathlib
import shutil
import sys

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))

import docs  # noqa: E402
import limits  # noqa: E402
import machine  # noqa: E402
import race  # noqa: E402
import scenarios  # noqa: E402
import tables  # noqa: E402

# Part: what is to be said of its figures.
PARTS = {"race": "two threads, GLPK one", "greedy": "a thread a core", "growth": "a thread a core"}
NOTHING = {"cases": {}, "alike": {}, "greedy": {}, "growth": {}, "seconds": race.SECONDS,
           "circumstances": {}}


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


# ---- measuring ---------------------------------------------------------------------------------

def measure_race(asked, build, work, file, run, keep):
    run["cases"], run["alike"], run["seconds"] = {}, {}, asked.seconds
    give_up = set()
    for code in asked.cases.split(","):
        run["cases"][code] = race.case(build, file, work, code, asked.seconds, give_up, say)
        run["alike"][code] = race.counts_alike(work, code)
        keep(run)


def measure(asked, build, work, run, keep):
    """`keep` is given what is there so far: twenty minutes should not be lost."""
    file = scenarios.prepare(build, work)
    for part in asked.parts.split(","):
        load = os.getloadavg()[0]
        if part == "race":
            measure_race(asked, build, work, file, run, keep)
        elif part == "greedy":
            run["greedy"] = limits.against_greedy(build, file, asked.seeds, say)
        else:
            run["growth"] = limits.growth(build, file, say)
        peers = race.versions(work) if part == "race" else {}
        run["circumstances"][part] = [*machine.circumstances(build, peers, load, PARTS[part])]
        keep(run)


# ---- showing -----------------------------------------------------------------------------------

def fenced(run, part, *lines):
    return "\n\n```\n" + "\n".join([*run["circumstances"].get(part, ()), *lines]) + "\n```"


def blocks(run):
    """{mark in docs/benchmarks.md: text}."""
    found = {}
    if run["cases"] or run["growth"]:
        found["plan-targets"] = tables.targets_table(run)
    if run["cases"]:
        found["plan-peers"] = tables.peers_table(run["cases"], run["seconds"]) + fenced(
            run, "race", *tables.notes(run["cases"]))
    if run["greedy"]:
        found["plan-greedy"] = tables.greedy_table(run["greedy"]) + fenced(run, "greedy")
    return found


def draw(run, folder):
    import pictures  # Matplotlib is slow to load, and nobody else needs it
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if run["cases"]:
        pictures.race_times(run["cases"], run["seconds"], folder)
    if run["growth"]:
        pictures.growth(run["growth"], folder)
    if run["greedy"]:
        pictures.greedy(run["greedy"], folder)
    return pictures.PICTURES


def arguments():
    parser = argparse.ArgumentParser(prog="peers_plan", description="plans of muster beside others")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--parts", default=",".join(PARTS), help="some of them: %(default)s")
    parser.add_argument("--cases", default=",".join(race.CASES), help="some of them: %(default)s")
    parser.add_argument("--seconds", type=int, default=race.SECONDS, help="that a solver has")
    parser.add_argument("--seeds", type=int, default=scenarios.SEEDS, choices=range(
        2, scenarios.SEEDS + 1), metavar="N", help="typhoons beside greedy: %(default)s")
    parser.add_argument("--last", action="store_true", help="print the last run again")
    parser.add_argument("--write-docs", action="store_true", help="into docs/benchmarks.md")
    asked = parser.parse_args()
    if unknown := set(asked.parts.split(",")) - set(PARTS):
        parser.error(f"there is no part \"{unknown.pop()}\"; expected some of {', '.join(PARTS)}")
    return asked


def main():
    asked = arguments()
    build = asked.build.resolve()
    work = build.parent / "bench-peers"
    work.mkdir(parents=True, exist_ok=True)
    last = work / "last-plans.json"
    run = {**NOTHING, **(json.loads(last.read_text(encoding="utf-8")) if last.exists() else {})}
    if not asked.last:
        def keep(state):
            last.write_text(json.dumps(state), encoding="utf-8")
        measure(asked, build, work, run, keep)
        run = json.loads(last.read_text(encoding="utf-8"))
    found = blocks(run)
    print("\n\n".join(found.values()))
    pictures = draw(run, work / "plan-pictures")
    if asked.write_docs:
        docs.write(found, work / "plan-pictures", "plan-pictures", pictures)
    for code, is_alike in run["alike"].items():
        if not is_alike:
            print(f"peers_plan: muster's plan for {code} counts otherwise", file=sys.stderr)
    return 0 if all(run["alike"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
