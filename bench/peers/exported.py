"""The graph that muster searches, as NumPy arrays: what `muster export` writes."""

import pathlib
import subprocess
import tempfile

import numpy


class Graph:
    """node_count, lon, lat; arc, tail, head (node numbers from 0) and duration_ms by arc."""

    def __init__(self, muster, network, profile="light"):
        with tempfile.TemporaryDirectory() as folder:
            nodes, arcs = pathlib.Path(folder, "nodes.csv"), pathlib.Path(folder, "arcs.csv")
            subprocess.run([muster, "export", network, "--nodes", nodes, "--arcs", arcs,
                            "--profile", profile], check=True, stdout=subprocess.DEVNULL)
            ids = numpy.loadtxt(nodes, delimiter=",", skiprows=1, usecols=0, dtype=numpy.int64)
            self.lon, self.lat = numpy.loadtxt(nodes, delimiter=",", skiprows=1, usecols=(1, 2)).T
            table = numpy.loadtxt(arcs, delimiter=",", skiprows=1, usecols=(0, 1, 2, 4),
                                  dtype=numpy.int64)
        order = numpy.argsort(ids)
        self.node_count = len(ids)
        self.arc, self.duration_ms = table[:, 0], table[:, 3]
        self.tail, self.head = (order[numpy.searchsorted(ids[order], table[:, i])] for i in (1, 2))

    def write(self, folder):
        """As raw numbers, for programs without NumPy: .u32 and .f32, .f64 for coordinates."""
        for name in ("arc", "tail", "head", "duration_ms"):
            getattr(self, name).astype(numpy.uint32).tofile(folder / f"{name}.u32")
        for name in ("lon", "lat"):
            getattr(self, name).astype(numpy.float32).tofile(folder / f"{name}.f32")
            getattr(self, name).astype(numpy.float64).tofile(folder / f"{name}.f64")


def print_line(job, times_ms):
    print(f"{job:<34} {len(times_ms):4d} {min(times_ms):12.3f} {numpy.median(times_ms):12.3f}",
          flush=True)
