"""muster from Python beside what else can be imported there: a table from what the peers print."""

import collections

from table import number  # of bench/peers

PEERS = ("pandana", "igraph", "NetworKit", "SciPy", "OSRM", "Valhalla")
# Valhalla reads a map alone, and there is none of the home scenario.
ASKED = {"home": PEERS[:-1], "Mannheim": PEERS}

Job = collections.namedtuple("Job", "label name unit")

JOBS = [
    Job("table 1000 x 1000, ms", "table_1000x1000", 1),
    Job("table 50 x 200, ms", "table_50x200", 1),
    Job("one place to 1,000, ms", "table_1x1000", 1),
    Job("one place to one place, µs", "query", 1000),
    Job("the same with its path, µs", "path", 1000),
    Job("one to all, a tree, ms", "tree", 1),
]
HEADINGS = ["job", "graph", "muster in C", "in Python", *PEERS]


def cell(times, job):
    return number(times[job.name].fastest_ms * job.unit) if job.name in times else ""


def peer_cell(found, peer, graph, job):
    if peer in found["missing"]:
        return "**not there**"
    if peer not in ASKED[graph]:
        return ""
    return cell(found["peers"][peer], job)


def rows(graphs):
    """graphs: {name: as measured.beside gives it, and ours in C}"""
    return [[job.label, name, cell(found["ours"], job), cell(found["peers"]["muster"], job),
             *(peer_cell(found, peer, name, job) for peer in PEERS)]
            for job in JOBS for name, found in graphs.items()]
