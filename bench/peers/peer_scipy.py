"""The jobs of bench_jobs by SciPy's Dijkstra: the common measure, for everybody has it.

usage: peer_scipy.py GRAPH_FOLDER OUT_FOLDER
SciPy computes whole trees; tables are read off them. So that nobody waits for hours, it is
asked the first 50 of 1,000 rows and pairs."""

import sys

import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from asked import SOURCES, TARGETS, UNREACHABLE, Asked, keep, timed

KEPT_TREES = 8


def matrix_of(asked, rows=slice(None)):
    # Parallel arcs: SciPy would add them up. Keep the fastest; zero would mean "no arc".
    tail, head, duration = asked.tail[rows], asked.head[rows], asked.duration_ms[rows]
    fastest = numpy.lexsort((duration, head, tail))
    pair = (tail * asked.node_count + head)[fastest]
    keep_these = fastest[numpy.concatenate([[True], pair[1:] != pair[:-1]])]
    weights = numpy.maximum(duration[keep_these], 1e-3)
    shape = (asked.node_count, asked.node_count)
    return coo_matrix((weights, (tail[keep_these], head[keep_these])), shape=shape).tocsr()


def milliseconds(durations):
    finite = numpy.isfinite(durations)
    return numpy.where(finite, numpy.floor(numpy.where(finite, durations, 0)), UNREACHABLE)


def main():
    asked, out = Asked(sys.argv[1]), sys.argv[2]
    sources = asked.sources[:SOURCES]
    matrix = matrix_of(asked)
    runs = 3 if asked.node_count < 500_000 else 1
    trees = milliseconds(timed("table_50x200", runs, lambda: dijkstra(matrix, indices=sources)))
    timed("tree", runs, lambda: dijkstra(matrix, indices=sources[:KEPT_TREES]), KEPT_TREES)
    keep(out, "tree", trees[:KEPT_TREES])
    keep(out, "table_50x200", trees[:, asked.targets[:TARGETS]])
    keep(out, "table_1000x1000", trees[:, asked.targets])
    keep(out, "query", trees[numpy.arange(SOURCES), asked.targets[:SOURCES]])
    opened = numpy.ones(len(asked.tail), dtype=bool)
    opened[asked.closed] = False
    flooded = timed("flood_table", runs,
                    lambda: dijkstra(matrix_of(asked, opened), indices=sources))
    keep(out, "flood_table", milliseconds(flooded)[:, asked.targets[:TARGETS]])


if __name__ == "__main__":
    main()
