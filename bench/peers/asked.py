"""What every peer is asked, read from the folder of a graph, and the form of its answers.

exported.py wrote the roads there, bench_jobs the places and the flood."""

import pathlib
import time

import numpy

SOURCES, TARGETS, LARGE = 50, 200, 1000
UNREACHABLE = 2**31 - 1
PATIENCE_MS = 60_000  # a question that would take longer is not asked


class Asked:
    """tail, head, duration_ms by arc; lon, lat by node; sources, targets: 1,000 nodes each;
    closed: the rows of arcs that are under water; square: west, south, east, north."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.tail, self.head, self.duration_ms, self.arc = (
            numpy.fromfile(folder / f"{name}.u32", dtype=numpy.uint32).astype(numpy.int64)
            for name in ("tail", "head", "duration_ms", "arc"))
        self.lon, self.lat = (numpy.fromfile(folder / f"{name}.f64") for name in ("lon", "lat"))
        nodes = numpy.fromfile(folder / "nodes.u32", dtype=numpy.uint32).astype(numpy.int64)
        self.sources, self.targets = nodes[:LARGE], nodes[LARGE:]
        self.closed = numpy.isin(self.arc, numpy.fromfile(folder / "closed.u32",
                                                          dtype=numpy.uint32)).nonzero()[0]
        self.square = [float(x) for x in (folder / "square.txt").read_text().split()]

    @property
    def node_count(self):
        return len(self.lon)


def print_row(job, times_ms):
    """Job, runs, fastest and median in milliseconds, as bench_jobs prints them."""
    print(f"{job}\t{len(times_ms)}\t{min(times_ms):.6f}\t{numpy.median(times_ms):.6f}", flush=True)


def clocked(runs, work):
    """What `work` gave last, and the milliseconds of each run."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append((time.perf_counter() - start) * 1e3)
    return result, times


def timed(job, runs, work, parts=1):
    """Run and print `work`, which asks `parts` equal questions; returns its last result."""
    result, times = clocked(runs, work)
    print_row(job, [ms / parts for ms in times])
    return result


def tables(table, read, out, runs=3, large_runs=1):
    """The three tables of a peer, as durations in `out`: `table(rows, columns)` asks for the first of them,
    `read(reply)` makes milliseconds of it, outside the clock. The largest is left out where it would take too
    long."""
    times = []
    for rows, columns in ((1, LARGE), (SOURCES, TARGETS), (LARGE, LARGE)):
        if rows == LARGE and min(times) * LARGE / SOURCES > PATIENCE_MS:
            break
        reply, times = clocked(large_runs if rows == LARGE else runs, lambda: table(rows, columns))
        print_row(f"table_{rows}x{columns}", times)
        keep(out, f"table_{rows}x{columns}", read(reply))


def keep(folder, job, durations):
    numpy.asarray(durations, dtype=numpy.uint32).tofile(pathlib.Path(folder, f"{job}.u32"))
