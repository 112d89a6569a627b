"""The jobs of bench_roads and bench_query by RoutingKit's customizable contraction hierarchies
(routingkit-cch from PyPI), on the arcs that muster exports.

usage: peer_routingkit.py MUSTER NETWORK.gpkg
What Python adds, it adds to RoutingKit's times: weights go in as a list (measured on its own
line, so that it can be taken off: a list is turned down at its last weight, when all the others
have been converted), rows of tables come out as lists.
"""

import importlib.metadata
import sys
import time

import numpy
import routingkit_cch as routingkit

from exported import Graph, print_line

RUNS, PAIRS = 5, 1000


def timed(job, runs, work):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append((time.perf_counter() - start) * 1e3)
    print_line(job, times)
    return result


def table(job, metric, sources, targets):
    """One pinned set of targets, a sweep for each source."""
    def work():
        pinned = routingkit.CCHOneToMany(metric, targets)
        for source in sources:
            pinned.distances_from(source)
    timed(f"RoutingKit {job}", RUNS, work)


def refuse(metric, weights):
    try:
        metric.reset(weights)
    except TypeError:
        return
    raise SystemExit("RoutingKit has taken a word for a weight")


def queries(metric, sources, targets):
    query = routingkit.CCHQuery(metric)
    times = []
    for source, target in zip(sources, targets):
        start = time.perf_counter()
        query.run(source, target)
        times.append((time.perf_counter() - start) * 1e3)
    print_line("RoutingKit point to point, path", times)


def main():
    graph = Graph(sys.argv[1], sys.argv[2])
    tail, head = graph.tail.tolist(), graph.head.tolist()
    lat, lon = graph.lat.tolist(), graph.lon.tolist()
    print(f"RoutingKit: routingkit-cch {importlib.metadata.version('routingkit-cch')}")
    order = timed("RoutingKit inertial-flow order", 1, lambda: routingkit.compute_order_inertial(
        graph.node_count, tail, head, lat, lon))
    cch = timed("RoutingKit topology", 1, lambda: routingkit.CCH(order, tail, head, False))
    weights = graph.duration_ms.tolist()
    metric = routingkit.CCHMetric(cch, weights)
    timed("RoutingKit customize, list included", RUNS, lambda: metric.reset(weights))
    timed("  of which a list of weights", RUNS, lambda: refuse(metric, weights + ["none"]))
    random = numpy.random.default_rng(1)
    sources, targets = random.integers(0, graph.node_count, (2, PAIRS)).tolist()
    queries(metric, sources, targets)
    table("table 50 x 200", metric, sources[:50], targets[:200])
    table("table 1000 x 1000", metric, sources, targets)


if __name__ == "__main__":
    main()
