"""Run muster and its peers on one graph, collect what they print, compare what they answer."""

import collections
import os
import pathlib
import shutil
import subprocess

import numpy

import install

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE_S = 1500

Time = collections.namedtuple("Time", "runs fastest_ms median_ms")


def times_of(text):
    """{job: Time} from the rows that bench_jobs and the peers print."""
    rows = (line.split("\t") for line in text.splitlines())
    return {job: Time(int(runs), float(fastest), float(median))
            for job, runs, fastest, median in rows}


def times_by(program, *arguments, what, threads=None):
    setting = {**os.environ, **({"OMP_NUM_THREADS": str(threads)} if threads else {})}
    try:
        return times_of(install.run([program, *arguments], what, env=setting, timeout=PATIENCE_S))
    except subprocess.TimeoutExpired:
        raise install.Missing(f"{what}: not done after {PATIENCE_S} s") from None


# ---- the programs --------------------------------------------------------------------------

def muster(build, folder):
    """Times on one thread, then on two. Writes what the peers are asked."""
    program, network = build / "bench/bench_jobs", folder / "network.gpkg"
    try:
        both = [times_by(program, network, folder, what="bench_jobs", threads=n) for n in (1, 2)]
    except install.Missing as failure:
        raise SystemExit(f"peers: {failure}") from None  # ours is not one that may be missing
    arcs = numpy.fromfile(folder / "arc.u32", dtype=numpy.uint32)
    closed = numpy.fromfile(folder / "closed.u32", dtype=numpy.uint32)
    numpy.isin(arcs, closed).nonzero()[0].astype(numpy.uint32).tofile(folder / "closed_rows.u32")
    return both


def scipy(folder, out, _):
    return times_by("/usr/bin/python3", HERE / "peer_scipy.py", folder, out, what="SciPy")


def routingkit(folder, out, peers):
    program, _ = install.routingkit(peers)
    return times_by(program, folder, out, what="RoutingKit")


def osrm(folder, out, peers):
    python, _ = install.package(peers, "osrm-bindings")
    return times_by(python, HERE / "peer_osrm.py", folder, out, what="OSRM")


def valhalla(folder, out, peers):
    python, _ = install.package(peers, "pyvalhalla")
    return times_by(python, HERE / "peer_valhalla.py", folder, out, what="Valhalla")


def pgrouting(folder, out, _):
    install.pgrouting()
    return times_by("/usr/bin/python3", HERE / "peer_pgrouting.py", folder, out, what="pgRouting")


def of_package(name, program, what):
    """A peer from PyPI, on one thread."""
    def measure(folder, out, peers):
        python, _ = install.package(peers, name)
        return times_by(python, HERE / program, folder, out, what=what, threads=1)
    return measure


PEERS = {"SciPy": scipy, "RoutingKit": routingkit, "OSRM": osrm, "Valhalla": valhalla,
         "pgRouting": pgrouting, "pandana": of_package("pandana", "peer_pandana.py", "pandana"),
         "igraph": of_package("igraph", "peer_igraph.py", "igraph"),
         "NetworKit": of_package("networkit", "peer_networkit.py", "NetworKit")}

# Who is asked where. OSRM and Valhalla read Mannheim's map themselves; OSRM takes minutes to
# contract arcs like New York's, and pgRouting to answer there.
ASKED = {
    "Mannheim": ["SciPy", "RoutingKit", "OSRM", "Valhalla", "pgRouting"],
    "home": ["SciPy", "RoutingKit", "OSRM", "pgRouting"],
    "New York": ["SciPy", "RoutingKit", "pgRouting"],
    "province": ["SciPy", "RoutingKit"],
}


def beside(folder, work, peers, say, measure=PEERS):
    """What peers need for the jobs, why some are missing, and how their answers compare with ours.
    measure: {peer: function of the graph's folder, that of its answers and the peers'}"""
    found = {"peers": {}, "missing": {}, "compared": {}}
    for peer in peers:
        say(peer)
        out = folder / peer.lower()
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        try:
            found["peers"][peer] = measure[peer](folder, out, work)
            found["compared"][peer] = [*compare(folder, out), deviation(folder, out)]
        except install.Missing as missing:
            found["missing"][peer] = str(missing)
    return found


# ---- the answers ---------------------------------------------------------------------------

# Where a peer answered only the first rows (SciPy), those are compared.
def compare(folder, out):
    """(compared, different): durations of the peer that ours has as well."""
    compared = different = 0
    for file in sorted(out.glob("*.u32")):
        job = file.stem.removeprefix("ch_")
        ours = folder / f"{job}.u32"
        if not ours.exists() or job.startswith("close_"):
            continue
        theirs = numpy.fromfile(file, dtype=numpy.uint32)
        mine = numpy.fromfile(ours, dtype=numpy.uint32)[:len(theirs)]
        if len(mine) != len(theirs):
            raise ValueError(f"{file} has {len(theirs)} durations, {ours} {len(mine)}")
        compared += len(theirs)
        different += int(numpy.count_nonzero(mine != theirs))
    return compared, different


def deviation(folder, out):
    """OSRM on our arcs: the median of |theirs - ours| / ours over a table; None: not asked."""
    file = out / "close_table_50x200.u32"
    if not file.exists():
        return None
    theirs = numpy.fromfile(file, dtype=numpy.uint32).astype(float)
    ours = numpy.fromfile(folder / "table_50x200.u32", dtype=numpy.uint32).astype(float)
    return float(numpy.median(numpy.abs(theirs - ours) / numpy.maximum(ours, 1)))


def agreement(graphs, absent):
    """A sentence a graph and peer; and how many durations differ in all."""
    lines, different = [], 0
    for name, found in graphs.items():
        for peer, (count, unlike, off) in found["compared"].items():
            if count:
                verdict = f"{unlike:,} differ" if unlike else "all equal to the millisecond"
                lines.append(f"{name}, {peer}: {count:,} durations compared, {verdict}")
            if off is not None:
                lines.append(f"{name}, {peer}: durations differ by {100 * off:.2f} % in the "
                             "median (its tenths of a second an arc)")
            different += unlike
        lines += [f"{name}, {peer}: {reason}" for peer, reason in found["missing"].items()]
    lines += [f"{name}: {reason}" for name, reason in absent.items()]
    return lines, different


def times_again(value):
    """JSON makes lists of named tuples: back to Time."""
    if isinstance(value, dict):
        return {key: times_again(inner) for key, inner in value.items()}
    if isinstance(value, list):
        if len(value) == 3 and all(isinstance(x, (int, float)) for x in value):
            return Time(*value)
        return [times_again(inner) for inner in value]
    return value
