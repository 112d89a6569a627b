"""The table job of bench_roads by SciPy's Dijkstra, on the arcs that muster exports.

usage: scipy_table.py MUSTER NETWORK.gpkg
Prints the fastest and the median of several runs, for 50 sources (SciPy computes whole
trees; the targets are read off them).
"""

import sys
import time

import numpy
import scipy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from exported import Graph, print_line

SOURCES, RUNS = 50, 3


def matrix_of(graph):
    # Parallel arcs: SciPy would add them up. Keep the fastest; zero would mean "no arc".
    fastest = numpy.lexsort((graph.duration_ms, graph.head, graph.tail))
    ends = numpy.stack([graph.tail[fastest], graph.head[fastest]])
    keep = fastest[numpy.unique(ends, axis=1, return_index=True)[1]]
    weights = numpy.maximum(graph.duration_ms[keep], 1e-3)
    shape = (graph.node_count, graph.node_count)
    return coo_matrix((weights, (graph.tail[keep], graph.head[keep])), shape=shape).tocsr()


def main():
    matrix = matrix_of(Graph(sys.argv[1], sys.argv[2]))
    sources = numpy.random.default_rng(1).integers(0, matrix.shape[0], SOURCES)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        dijkstra(matrix, indices=sources)
        times.append((time.perf_counter() - start) * 1e3)
    print_line(f"SciPy {scipy.__version__} 50 trees", times)


if __name__ == "__main__":
    main()
