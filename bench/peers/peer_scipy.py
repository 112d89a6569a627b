"""The jobs of bench_jobs by SciPy's Dijkstra: the common measure, for everybody has it.

usage: peer_scipy.py GRAPH_FOLDER OUT_FOLDER
SciPy computes whole trees; tables are read off them, fifty at a time, and so is one place to one place."""

import sys

import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from asked import SOURCES, TARGETS, UNREACHABLE, Asked, keep, tables, timed

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

    def table(rows, columns):
        return numpy.vstack([dijkstra(matrix, indices=asked.sources[at:min(at + SOURCES, rows)])[
            :, asked.targets[:columns]] for at in range(0, rows, SOURCES)])

    trees = timed("tree", runs, lambda: dijkstra(matrix, indices=sources[:KEPT_TREES]), KEPT_TREES)
    keep(out, "tree", milliseconds(trees))
    pairs = [*zip(sources[:KEPT_TREES], asked.targets)]
    found = timed("query", runs, lambda: [dijkstra(matrix, indices=s)[t] for s, t in pairs], KEPT_TREES)
    keep(out, "query", milliseconds(numpy.array(found)))
    tables(table, milliseconds, out, runs)
    opened = numpy.ones(len(asked.tail), dtype=bool)
    opened[asked.closed] = False
    flooded = timed("flood_table", runs,
                    lambda: dijkstra(matrix_of(asked, opened), indices=sources))
    keep(out, "flood_table", milliseconds(flooded)[:, asked.targets[:TARGETS]])


if __name__ == "__main__":
    main()
