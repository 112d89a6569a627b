"""What a call from Python costs beside the same call from C: the same objects, in one process, in turn.

usage: calls.py GRAPH_FOLDER LIBRARY
GRAPH_FOLDER: as bench_jobs leaves it, with its places and its answers. LIBRARY: bench_calls. Rows are those of
asked.py. Every table is compared with bench_jobs'."""

import ctypes
import pathlib
import sys

import numpy
import pandas
from turns import elapsed_ms, in_turn

import muster
from muster._memory import pointer_to
from muster._native import ffi, lib

ROUNDS, LARGE = 31, 1000
SHORT_ROUNDS, SHORT_CALLS = 7, 2000


def address(pointer):
    return ctypes.c_void_p(int(ffi.cast("uintptr_t", pointer)))


class FromC:
    """The functions of bench_calls, on the library that Python's module has."""

    def __init__(self, path):
        self._library = ctypes.CDLL(path)

    def call(self, name, function, *arguments):
        """Milliseconds. Whole numbers are uint32_t, others pointers."""
        called = getattr(self._library, name)
        called.restype = ctypes.c_double
        found = called(address(ffi.addressof(lib, function)),
                       *(ctypes.c_uint32(a) if isinstance(a, int) else address(a) for a in arguments))
        if found < 0:
            raise SystemExit(f"calls.py: {name} has failed")
        return found

    def table(self, calls, metric, origins, destinations, threads, out):
        return self.call("bench_matrix_ms", "muster_matrix", calls, metric._pointer, len(origins), origins._pointer,
                         len(destinations), destinations._pointer, threads, pointer_to(out, "uint32_t"))

    def new_table(self, metric, origins, destinations, threads):
        return self.call("bench_new_matrix_ms", "muster_matrix", 1, metric._pointer, len(origins), origins._pointer,
                         len(destinations), destinations._pointer, threads)

    def snap(self, calls, metric, lon, lat, out):
        return self.call("bench_snap_ms", "muster_snap_sites", calls, metric._pointer, len(lon),
                         pointer_to(lon, "double"), pointer_to(lat, "double"), pointer_to(out, "muster_snap"))

    def nothing(self, calls):
        return self.call("bench_text_ms", "muster_version", calls)


def places_of(folder, network):
    """Sources and targets, as frames."""
    nodes = numpy.fromfile(folder / "nodes.u32", dtype=numpy.uint32)
    frame = pandas.DataFrame({"lon": network.node_lon[nodes], "lat": network.node_lat[nodes]})
    return frame[:LARGE].reset_index(drop=True), frame[LARGE:].reset_index(drop=True)


def same(found, expected):
    if not numpy.array_equal(found, expected):
        raise SystemExit("calls.py: a table is not bench_jobs'")


def large_tables(c, metric, frames, expected):
    origins, destinations = map(metric.snap, frames)
    out = numpy.empty((LARGE, LARGE), numpy.uint32)
    found = {}

    def from_python(name, asked, threads):
        def ask():
            found[name] = metric.matrix(*asked, threads=threads)
        return elapsed_ms(ask)

    def from_c_with_places():
        snaps = [numpy.zeros(LARGE, origins.snap.dtype) for _ in frames]
        ms = sum(c.snap(1, metric, frame.lon.to_numpy(), frame.lat.to_numpy(), snap)
                 for frame, snap in zip(frames, snaps))
        return ms + c.table(1, metric, *(muster.Places(metric, snap, None) for snap in snaps), 1, out)

    ways = {}
    for n in (1, 2):
        ways |= {f"c_{n}": lambda n=n: c.table(1, metric, origins, destinations, n, out),
                 f"c_new_{n}": lambda n=n: c.new_table(metric, origins, destinations, n),
                 f"python_{n}": lambda n=n: from_python("places", (origins, destinations), n)}
    ways |= {"c_frames": from_c_with_places, "python_frames": lambda: from_python("frames", frames, 1)}
    in_turn(ways, ROUNDS)
    for table in (out, *(matrix.duration_ms for matrix in found.values())):
        same(table, expected)


def short_calls(c, metric, frames):
    lon, lat = (frames[0][name].to_numpy()[:1] for name in ("lon", "lat"))
    origin, destination = (metric.snap(frame[:1]) for frame in frames)
    pair, out, snap = numpy.column_stack((lon, lat)), numpy.empty((1, 1), numpy.uint32), origin.snap.copy()
    in_turn({
        "c_nothing": lambda: c.nothing(SHORT_CALLS),
        "python_nothing": lambda: elapsed_ms(lib.muster_version, SHORT_CALLS),
        "c_snap": lambda: c.snap(SHORT_CALLS, metric, lon, lat, snap),
        "python_snap": lambda: elapsed_ms(lambda: metric.snap(pair), SHORT_CALLS),
        "c_one": lambda: c.table(SHORT_CALLS, metric, origin, destination, 1, out),
        "python_one": lambda: elapsed_ms(lambda: metric.matrix(origin, destination, threads=1), SHORT_CALLS),
    }, SHORT_ROUNDS)


def main():
    folder, c = pathlib.Path(sys.argv[1]), FromC(sys.argv[2])
    network = muster.Network.from_store(folder / "network.gpkg")
    metric, frames = network.metric("light"), places_of(folder, network)
    expected = numpy.fromfile(folder / "table_1000x1000.u32", dtype=numpy.uint32).reshape(LARGE, LARGE)
    large_tables(c, metric, frames, expected)
    short_calls(c, metric, frames)


if __name__ == "__main__":
    main()
