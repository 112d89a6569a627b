"""muster and the peers on the same scenarios, and who is how good after how long.

"Within 1 %" is measured by the cost of milp.py from the best plan that anybody found in the run:
nobody needs to know the optimum for that, and it asks the same of all. Everybody's time begins when
travel times are there."""

import shutil
import subprocess
import sys

import install
import instance
import limits
import milp

HERE = install.HERE.parent / "peers_plan"
SECONDS, THREADS = 60, 2
WITHIN = 0.01
PATIENCE = 3    # of the time limit, reading and building included

CASES = ("people-10", "people-30", "people-100", "typhoon-100", "typhoon-300")


# ---- who takes part ----------------------------------------------------------------------------

def from_pypi(package):
    return lambda work: install.package(work, package)


def glpk(work):
    if not shutil.which("glpsol"):
        raise install.Missing("glpsol is not installed (glpk-utils)")
    version = install.run(["glpsol", "--version"], "glpsol").split()
    return install.environment(work), next(word for word in version if word[0].isdigit())


# Peer: (program, how to get it: a function of the folder that gives Python and version).
PEERS = {"HiGHS": ("peer_highs.py", from_pypi("highspy")),
         "CP-SAT": ("peer_cpsat.py", from_pypi("ortools")),
         "CBC": ("peer_cbc.py", from_pypi("cbcbox")),
         "GLPK": ("peer_glpk.py", glpk)}


def versions(work):
    found = {}
    for peer, (_, get) in PEERS.items():
        try:
            found[peer] = get(work)[1]
        except install.Missing as missing:
            found[peer] = f"not there: {missing}"
    return found


# ---- what they say -----------------------------------------------------------------------------

def read(text):
    """What a peer printed (peer.py): "trace" is [[seconds, cost]], "checked" unmet and response of
    its last plan."""
    found = {"trace": [], "bound": 0, "checked": None, "failed": None, "size": None}
    for line in text.splitlines():
        what, *words = line.split("\t")
        if what == "plan":
            found["trace"].append([float(words[0]), int(words[1])])
        elif what == "bound":
            found["bound"] = int(words[0])
        elif what in ("checked", "size"):
            found[what] = [int(word) for word in words]
        elif what == "failed":
            found["failed"] = words[0]
    return clipped(found)


def clipped(found):
    """No plan counts as better than the last, which was counted again in integers."""
    if found["checked"] is None or not found["trace"]:
        return found
    cost = milp.cost_of(found["checked"])
    found["trace"] = [[t, max(c, cost)] for t, c in found["trace"]]
    if found["trace"][-1][1] != cost:
        found["trace"].append([found["trace"][-1][0], cost])
    return found


def run_peer(peer, folder, work, seconds):
    program, get = PEERS[peer]
    python, _ = get(work)
    try:
        done = subprocess.run([str(python), str(HERE / program), str(folder), str(seconds)],
                              capture_output=True, text=True, timeout=PATIENCE * seconds + 60)
        text, reason = done.stdout, "" if done.returncode == 0 else install.last_error(done.stderr)
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""   # bytes, whatever was asked for
        text = said if isinstance(said, str) else said.decode(errors="replace")
        reason = "did not stop"
    found = read(text)
    found["failed"] = found["failed"] or reason or None
    return found


def tiers_of(row):
    return row["unmet"], row["response"]


def ours(rows):
    """The same of muster's rows, one a time limit."""
    rows = limits.optimized(rows)
    return {"trace": [[(row["elapsed_ms"] - row["travel_ms"]) / 1e3, milp.cost_of(tiers_of(row))]
                      for row in rows],
            "bound": 0, "checked": [*min(map(tiers_of, rows))], "failed": None, "size": None,
            "first": min(row["first_ms"] - row["travel_ms"] for row in rows) / 1e3,
            "travel": min(row["travel_ms"] for row in rows) / 1e3}


def case(build, file, work, code, seconds, give_up, heard):
    """{"muster": ..., peer: ...}; `give_up`: peers that had no plan for a smaller one, who are not
    asked, and to whom those without one here are added."""
    folder = work / "plans" / code
    folder.mkdir(parents=True, exist_ok=True)
    heard(f"{code}: muster")
    limits.ours(build / "bench/bench_model", file, code, folder)
    found = {"muster": ours(limits.ask(build, file, [code], limits.LONG_LIMITS, "--items",
                                       "by-themselves", threads=THREADS))}
    for peer in PEERS:
        if peer in give_up:
            found[peer] = {**read(""), "failed": "had no plan for fewer incidents"}
            continue
        heard(f"{code}: {peer}")
        try:
            found[peer] = run_peer(peer, folder, work, seconds)
        except install.Missing as missing:
            found[peer] = {**read(""), "failed": f"not there: {missing}"}
        if not found[peer]["trace"]:
            give_up.add(peer)
    return found


def counts_alike(work, code):
    """Do plan and tiers of muster agree, counted by instance.py?"""
    problem = instance.Instance.read(work / "plans" / code)
    plan, tiers = instance.read_plan(work / "plans" / code)
    try:
        return instance.evaluate(problem, plan) == tiers
    except instance.Broken as broken:
        print(f"{code}: {broken}", file=sys.stderr)
        return False


# ---- verdicts ----------------------------------------------------------------------------------

def least_cost(found):
    """Of plans that were counted again."""
    return min(milp.cost_of(one["checked"]) for one in found.values() if one["checked"])


def best_plan(found):
    """Tier by tier."""
    return min(tuple(one["checked"]) for one in found.values() if one["checked"])


def seconds_to(one, goal, share=WITHIN):
    """Until a plan was within the share of a cost; None: never."""
    return next((t for t, cost in one["trace"] if cost <= goal * (1 + share)), None)


def faster(found, seconds):
    """How many times sooner than the best peer muster was within 1 %, and which peer that is; None
    for the peer where none got there, and muster's time is compared with all that they had."""
    goal = least_cost(found)
    mine = seconds_to(found["muster"], goal)
    theirs = [(t, solver) for solver, one in found.items()
              if solver != "muster" and (t := seconds_to(one, goal)) is not None]
    if mine is None:
        return 0.0, min(theirs)[1] if theirs else None
    return (min(theirs)[0] / mine, min(theirs)[1]) if theirs else (seconds / mine, None)


def seconds_to_theirs(found):
    """Until muster's plan cost no more than the best that the peers ended with; None: never, or they
    have none."""
    theirs = [milp.cost_of(one["checked"]) for solver, one in found.items()
              if solver != "muster" and one["checked"]]
    return seconds_to(found["muster"], min(theirs), share=0) if theirs else None


def is_never_worse(found):
    return tuple(found["muster"]["checked"]) == best_plan(found)
