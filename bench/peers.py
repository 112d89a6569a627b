"""The table job of bench_roads by SciPy's Dijkstra, on the arcs that muster exports.

usage: peers.py MUSTER NETWORK.gpkg
Prints the fastest and the median of several runs, for 50 sources (SciPy computes whole
trees; the targets are read off them).
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import scipy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

SOURCES, RUNS = 50, 3


def exported_graph(muster, network):
    with tempfile.TemporaryDirectory() as folder:
        nodes, arcs = pathlib.Path(folder, "nodes.csv"), pathlib.Path(folder, "arcs.csv")
        subprocess.run(
            [muster, "export", network, "--nodes", nodes, "--arcs", arcs, "--profile", "light"],
            check=True)
        ids = numpy.loadtxt(nodes, delimiter=",", skiprows=1, usecols=0, dtype=numpy.int64)
        table = numpy.loadtxt(arcs, delimiter=",", skiprows=1, usecols=(1, 2, 4), dtype=numpy.int64)
    order = numpy.argsort(ids)
    index = lambda column: order[numpy.searchsorted(ids[order], column)]
    tail, head, duration = index(table[:, 0]), index(table[:, 1]), table[:, 2]
    # Parallel arcs: SciPy would add them up. Keep the fastest; zero would mean "no arc".
    fastest = numpy.lexsort((duration, head, tail))
    first = numpy.unique(numpy.stack([tail[fastest], head[fastest]]), axis=1, return_index=True)[1]
    keep = fastest[first]
    weights = numpy.maximum(duration[keep], 1e-3)
    return coo_matrix((weights, (tail[keep], head[keep])), shape=(len(ids), len(ids))).tocsr()


def main():
    graph = exported_graph(sys.argv[1], sys.argv[2])
    sources = numpy.random.default_rng(1).integers(0, graph.shape[0], SOURCES)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        dijkstra(graph, indices=sources)
        times.append((time.perf_counter() - start) * 1e3)
    print(f"{'SciPy ' + scipy.__version__ + ' 50 trees':<34} {RUNS:4d} {min(times):12.3f} "
          f"{statistics.median(times):12.3f}")


if __name__ == "__main__":
    main()
