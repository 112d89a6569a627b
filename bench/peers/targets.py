"""What muster wants to be able to do, as rows of the table: who is measured by which of the jobs
that the programs print, and which target applies where."""

import collections

from asked import LARGE

CITIES = ("Mannheim", "home", "New York")
GRAPHS = CITIES + ("province",)
PEERS = ("SciPy", "RoutingKit", "RoutingKit CH", "OSRM", "Valhalla", "pgRouting")

# label; unit ("ms" or "us"); thread count; job of bench_jobs; {peer: jobs to add up}; graphs.
Row = collections.namedtuple("Row", "label unit threads job peers graphs")


def everybody(job):
    return {"SciPy": [job], "RoutingKit": [job], "RoutingKit CH": ["ch_" + job], "OSRM": [job],
            "Valhalla": [job], "pgRouting": [job]}


ROWS = [
    Row("order and topology", "ms", 1, "order",
        {"RoutingKit": ["order_alone", "topology"], "RoutingKit CH": ["ch_build"],
         "OSRM": ["build"], "Valhalla": ["build"]}, GRAPHS),
    Row("full customization", "ms", 1, "customize", {"RoutingKit": ["customize"]}, GRAPHS),
    Row("full customization", "ms", 2, "customize",
        {"RoutingKit": ["customize_2"], "OSRM": ["customize_2"]}, GRAPHS),
    Row("flood of 1 % of arcs", "ms", 1, "flood", {"RoutingKit": ["flood"]}, GRAPHS),
    Row("one place to one place", "us", 1, "query",
        {"RoutingKit": ["query"], "RoutingKit CH": ["ch_query"], "pgRouting": ["query"]}, GRAPHS),
    Row("the same with its path", "us", 1, "path",
        {"RoutingKit": ["path"], "OSRM": ["path"], "Valhalla": ["path"]}, GRAPHS),
    Row("table 50 x 200", "ms", 1, "table_50x200", everybody("table_50x200"), GRAPHS),
    Row("flood, then 50 x 200", "ms", 1, "flood_table", everybody("flood_table"), GRAPHS),
    Row("table 1000 x 1000", "ms", 1, "table_1000x1000", everybody("table_1000x1000"), GRAPHS),
    Row("table 1000 x 1000", "ms", 2, "table_1000x1000", {}, GRAPHS),
    Row("one to all, a tree", "ms", 1, "tree", {"SciPy": ["tree"]}, GRAPHS),
]


class Results:
    """What was measured on one graph: ours by thread count, {peer: {job: Time}}, and why peers
    are missing: {peer: reason}."""

    def __init__(self, ours, peers, missing):
        self.ours, self.peers, self.missing = ours, peers, missing

    def mine(self, job, threads=1):
        return self.ours[threads - 1][job]

    def theirs(self, peer, row):
        """(fastest, median) in milliseconds, or None."""
        jobs = row.peers.get(peer, [])
        times = self.peers.get(peer.removesuffix(" CH"), {})
        if not jobs or any(job not in times for job in jobs):
            return None
        return (sum(times[job].fastest_ms for job in jobs),
                sum(times[job].median_ms for job in jobs))

    def best(self, row):
        """(peer, fastest) of the fastest peer, or None."""
        times = [(self.theirs(peer, row)[0], peer) for peer in PEERS if self.theirs(peer, row)]
        return min(times)[::-1] if times else None


# ---- targets ---------------------------------------------------------------------------------
# Each: row label, threads, graphs, words, and a function of Results and the row that gives what
# was reached and whether that is enough; None where the peer is missing.

Target = collections.namedtuple("Target", "label threads graphs words reach")


def times_faster(peer, factor):
    """Ours at least so many times faster than the peer."""
    def reach(results, row):
        theirs = results.theirs(peer, row)
        if theirs is None:
            return None
        ratio = theirs[0] / results.mine(row.job, row.threads).fastest_ms
        return f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}", ratio >= factor
    return reach


def times_faster_than_best(factor):
    def reach(results, row):
        best = results.best(row)
        if best is None:
            return None
        ratio = best[1] / results.mine(row.job, row.threads).fastest_ms
        return f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}", ratio >= factor
    return reach


def on_two_threads(results, row):
    ratio = results.mine(row.job, 1).fastest_ms / results.mine(row.job, 2).fastest_ms
    return f"{ratio:.2f}", ratio >= 1.4


def share_of_customization(results, row):
    share = results.mine(row.job).fastest_ms / results.mine("customize").fastest_ms
    return f"1/{1 / share:.1f}", share <= 0.2


def nanoseconds_a_cell(results, row):
    cell_ns = results.mine(row.job).fastest_ms * 1e6 / LARGE**2
    return f"{cell_ns:.0f} ns", cell_ns <= 30


def tree_ms(results, row):
    tree = results.mine(row.job).fastest_ms
    return f"{tree:.2f} ms", tree < 0.2


TARGETS = [
    Target("order and topology", 1, GRAPHS, "3 x RoutingKit", times_faster("RoutingKit", 3)),
    Target("full customization", 1, GRAPHS, "1 x RoutingKit", times_faster("RoutingKit", 1)),
    Target("full customization", 2, GRAPHS, "1.4 x our 1 thread", on_two_threads),
    Target("flood of 1 % of arcs", 1, GRAPHS, "1/5 of a customization", share_of_customization),
    Target("one place to one place", 1, GRAPHS, "1 x RoutingKit", times_faster("RoutingKit", 1)),
    Target("table 50 x 200", 1, GRAPHS, "5 x the best peer", times_faster_than_best(5)),
    Target("flood, then 50 x 200", 1, GRAPHS, "5 x the best peer", times_faster_than_best(5)),
    Target("table 1000 x 1000", 1, GRAPHS, "10 x RoutingKit", times_faster("RoutingKit", 10)),
    Target("table 1000 x 1000", 1, CITIES, "3 x OSRM", times_faster("OSRM", 3)),
    Target("table 1000 x 1000", 1, CITIES, "30 ns a cell", nanoseconds_a_cell),
    Target("one to all, a tree", 1, ("home",), "0.2 ms", tree_ms),
]


def reached(results, graph, row):
    """[(words, what was reached, met)] of the targets of a row."""
    found = []
    for target in TARGETS:
        if (target.label, target.threads) == (row.label, row.threads) and graph in target.graphs:
            answer = target.reach(results, row)
            if answer:
                found.append((target.words, *answer))
    return found
