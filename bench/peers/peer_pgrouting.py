"""The jobs of bench_jobs by pgRouting (Debian's), in a PostgreSQL of its own.

usage: peer_pgrouting.py GRAPH_FOLDER OUT_FOLDER
Times are those of whole statements, as psql's clock has them. pgRouting reads its edges from
the table in each statement, for that is how it works; the table is in memory by then."""

import pathlib
import re
import shutil
import sys
import tempfile

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/support"))

from asked import SOURCES, TARGETS, UNREACHABLE, Asked, keep, print_row  # noqa: E402
from postgres_server import Server  # noqa: E402

RUNS, PAIRS = 3, 5
EDGES = "SELECT id, source, target, cost FROM arcs"


def load(server, asked):
    """Costs are whole milliseconds, so sums are exact."""
    closed = numpy.zeros(len(asked.tail), dtype=int)
    closed[asked.closed] = 1
    rows = zip(range(len(asked.tail)), asked.tail, asked.head, asked.duration_ms, closed)
    server.sql("CREATE EXTENSION pgrouting CASCADE;\n"
               "CREATE UNLOGGED TABLE arcs (id bigint, source bigint, target bigint, cost float8,"
               " closed int);\nCOPY arcs FROM STDIN;\n"
               + "".join("\t".join(map(str, row)) + "\n" for row in rows) + "\\.\nANALYZE arcs;\n")


def ask(server, edges, sources, targets, runs):
    """Times in milliseconds, and {(source, target): duration}."""
    call = (f"SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost('{edges}', "
            f"ARRAY{[*map(int, sources)]}::bigint[], ARRAY{[*map(int, targets)]}::bigint[]);\n")
    lines = server.sql("\\timing on\n" + call * runs).splitlines()
    times = [float(re.match(r"Time: ([0-9.]+) ms", line)[1]) for line in lines
             if line.startswith("Time:")]
    found = {}
    for line in lines:
        if not line.startswith("Time:"):
            source, target, cost = line.split("|")
            found[int(source), int(target)] = round(float(cost))
    return times, found


def table(server, job, out, asked, edges):
    sources, targets = asked.sources[:SOURCES], asked.targets[:TARGETS]
    times, found = ask(server, edges, sources, targets, RUNS)
    print_row(job, times)
    # From a node to itself pgRouting gives no row.
    keep(out, job, [0 if s == t else found.get((s, t), UNREACHABLE)
                    for s in sources.tolist() for t in targets.tolist()])


def main():
    asked, out = Asked(sys.argv[1]), sys.argv[2]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-pg-"))
    server = Server(folder)
    try:
        server.start()
        load(server, asked)
        pairs = [ask(server, EDGES, [s], [t], 1) for s, t in zip(asked.sources[:PAIRS],
                                                                asked.targets[:PAIRS])]
        print_row("query", [times[0] for times, _ in pairs])
        table(server, "table_50x200", out, asked, EDGES)
        table(server, "flood_table", out, asked, EDGES + " WHERE closed = 0")
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
