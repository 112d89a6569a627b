"""The jobs of bench_jobs by igraph's Dijkstra (igraph from PyPI).

usage: peer_igraph.py GRAPH_FOLDER OUT_FOLDER
It stops a search when all targets are there, and refuses a target that is named twice: it is asked for
each once."""

import sys

import igraph
import numpy

from asked import LARGE, SOURCES, UNREACHABLE, Asked, keep, tables, timed

KEPT_TREES = 8


def graph_of(asked):
    graph = igraph.Graph(asked.node_count, numpy.column_stack((asked.tail, asked.head)), directed=True)
    graph.es["ms"] = asked.duration_ms.tolist()
    return graph


def milliseconds(durations):
    durations = numpy.asarray(durations)
    return numpy.where(numpy.isfinite(durations), durations, UNREACHABLE)


def main():
    asked, out = Asked(sys.argv[1]), sys.argv[2]
    graph = timed("build", 1, lambda: graph_of(asked))

    def durations(sources, targets=None):
        return numpy.array(graph.distances(sources, targets, weights="ms", algorithm="dijkstra"))

    def table(rows, columns):
        targets, which = numpy.unique(asked.targets[:columns], return_inverse=True)
        return durations(asked.sources[:rows].tolist(), targets.tolist())[:, which]

    pairs = [*zip(asked.sources[:SOURCES].tolist(), asked.targets[:SOURCES].tolist())]
    found = timed("query", 3, lambda: [durations([s], [t])[0, 0] for s, t in pairs], SOURCES)
    keep(out, "query", milliseconds(found))
    timed("path", 3, lambda: [graph.get_shortest_path(s, t, weights="ms", output="epath") for s, t in pairs], SOURCES)
    trees = timed("tree", 3, lambda: durations(asked.sources[:KEPT_TREES].tolist()), KEPT_TREES)
    keep(out, "tree", milliseconds(trees))
    tables(table, milliseconds, out)


if __name__ == "__main__":
    main()
