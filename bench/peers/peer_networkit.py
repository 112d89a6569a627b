"""The jobs of bench_jobs by NetworKit's Dijkstra (networkit from PyPI), on one thread.

usage: peer_networkit.py GRAPH_FOLDER OUT_FOLDER
Tables are its SPSP, some pairs' shortest paths; one place to one place is a search that stops there, for
its search from both sides (11.3) crashes on directed graphs."""

import sys

import networkit
import numpy

from asked import SOURCES, UNREACHABLE, Asked, keep, tables, timed

KEPT_TREES = 8


def graph_of(asked):
    arcs = (asked.duration_ms.astype(float), (asked.tail, asked.head))
    return networkit.GraphFromCoo(arcs, n=asked.node_count, weighted=True, directed=True)


def milliseconds(durations):
    durations = numpy.asarray(durations)
    return numpy.where(durations < 1e300, durations, UNREACHABLE)


def main():
    asked, out = Asked(sys.argv[1]), sys.argv[2]
    networkit.setNumberOfThreads(1)
    graph = timed("build", 1, lambda: graph_of(asked))

    def table(rows, columns):
        searches = networkit.distance.SPSP(graph, asked.sources[:rows].tolist())
        searches.setTargets(asked.targets[:columns].tolist())
        return searches.run().getDistances(asarray=True)

    def tree(source):
        return networkit.distance.Dijkstra(graph, source, False).run().getDistances(asarray=True)

    def search(source, target, with_path=False):
        return networkit.distance.Dijkstra(graph, source, with_path, False, target).run()

    pairs = [*zip(asked.sources[:SOURCES].tolist(), asked.targets[:SOURCES].tolist())]
    found = timed("query", 3, lambda: [search(s, t).distance(t) for s, t in pairs], SOURCES)
    keep(out, "query", milliseconds(found))
    timed("path", 3, lambda: [search(s, t, True).getPath(t) for s, t in pairs], SOURCES)
    sources = asked.sources[:KEPT_TREES].tolist()
    keep(out, "tree", milliseconds(timed("tree", 3, lambda: [tree(s) for s in sources], KEPT_TREES)))
    tables(table, milliseconds, out)


if __name__ == "__main__":
    main()
