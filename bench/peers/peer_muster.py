"""The jobs of bench_jobs by muster's Python package, as if it were one of the peers.

usage: peer_muster.py GRAPH_FOLDER OUT_FOLDER
Places are at the junctions, on the roads that bench_jobs puts them on, as others are given nodes.
Durations come as an array, ways as a GeoDataFrame with their lines."""

import pathlib
import sys

import muster
import numpy

from asked import LARGE, Asked, keep, tables, timed


def arc_of_nodes(network):
    """An arc from each node, the last one: see bench_at_nodes."""
    arc = numpy.zeros(network.node_count, numpy.uint32)
    ends = numpy.column_stack((network.edge_source, network.edge_target)).ravel()
    arc[ends] = numpy.arange(len(ends))
    return arc


def main():
    folder, out = pathlib.Path(sys.argv[1]), sys.argv[2]
    asked = Asked(folder)
    metric = muster.Network.from_store(folder / "network.gpkg").metric("light")
    arc = arc_of_nodes(metric.network)

    def places(nodes):
        snap = numpy.zeros(len(nodes), metric.snap([]).snap.dtype)
        snap["edge"], snap["fraction"] = arc[nodes] // 2, arc[nodes] % 2
        snap["lon_deg"], snap["lat_deg"] = asked.lon[nodes], asked.lat[nodes]
        return muster.Places(metric, snap, None)

    def table(rows, columns):
        return metric.matrix(by_rows[rows], by_columns[columns], threads=1)

    by_rows = {rows: places(asked.sources[:rows]) for rows in (1, 50, LARGE)}
    by_columns = {columns: places(asked.targets[:columns]) for columns in (200, LARGE)}
    pairs = [(places([s]), places([t])) for s, t in zip(asked.sources, asked.targets)]
    found = timed("query", 7, lambda: [metric.matrix(s, t, threads=1).duration_ms[0, 0] for s, t in pairs], LARGE)
    keep(out, "query", found)
    timed("path", 7, lambda: metric.routes(by_rows[LARGE], by_columns[LARGE]), LARGE)
    tables(table, lambda reply: reply.duration_ms, out, 15, 15)


if __name__ == "__main__":
    main()
