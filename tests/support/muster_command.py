"""Drives the muster command from Python tests, and searches the exported graph without it.

MUSTER_COMMAND is the command, MUSTER_SOURCE the repository (found from this file otherwise),
MUSTER_SHARED the folder with the large real files; tests that want those skip, saying so."""

import collections
import csv
import json
import os
import pathlib
import subprocess

import numpy
import pytest
import scipy.sparse
import scipy.sparse.csgraph

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
SOURCE = pathlib.Path(os.environ.get("MUSTER_SOURCE", pathlib.Path(__file__).parents[2]))
VILLAGE = SOURCE / "data/samples/village.osm"


def muster(*arguments, **options):
    """Run the command; the result has returncode, stdout and stderr as text."""
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, **options)


def succeed(*arguments, **options):
    """Run the command, which must say nothing on standard error; returns standard output."""
    done = muster(*arguments, **options)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def refuse(code, *arguments, words=(), **options):
    """Run the command, which must fail with this exit code, print nothing and say why in one
    line that holds all of `words`; returns the line."""
    done = muster(*arguments, **options)
    assert done.returncode == code, done
    assert done.stdout == "", done
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("muster: "), done
    for word in words:
        assert str(word) in lines[0], (word, lines[0])
    return lines[0]


def shared_file(name):
    """A file of the large real data; skips the test, saying which is missing."""
    folder = os.environ.get("MUSTER_SHARED")
    if not folder:
        pytest.skip(f"no real data: MUSTER_SHARED is not set, so there is no {name}")
    path = pathlib.Path(folder) / name
    if not path.exists():
        pytest.skip(f"no real data: {path} is not there")
    return path


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_sites(path, sites):
    """Write (id, lon, lat) rows."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "lon", "lat"])
        writer.writerows((i, repr(lon), repr(lat)) for i, lon, lat in sites)
    return path


def route(network, start, end, profile):
    """(duration_ms, distance_cm) between two (lon, lat), or None where there is no way."""
    done = muster("route", network, "--from", f"{start[0]!r},{start[1]!r}", "--to",
                  f"{end[0]!r},{end[1]!r}", "--profile", profile, "--json")
    if done.returncode == 1:
        assert "no road leads from" in done.stderr
        return None
    assert (done.returncode, done.stderr) == (0, ""), done
    answer = json.loads(done.stdout)
    return round(answer["duration_s"] * 1000), round(answer["distance_m"] * 100)


def matrix(network, starts, ends, profile, folder):
    """{(from_id, to_id): (duration_ms, distance_cm) or None} between (id, lon, lat) sites."""
    out = folder / "matrix.csv"
    succeed("matrix", network, "--from", write_sites(folder / "from.csv", starts), "--to",
            write_sites(folder / "to.csv", ends), "--profile", profile, "-o", out)
    rows = read_csv(out)
    assert [(r["from_id"], r["to_id"]) for r in rows] == \
        [(str(s[0]), str(e[0])) for s in starts for e in ends]
    return {(r["from_id"], r["to_id"]):
            (round(float(r["duration_s"]) * 1000), round(float(r["distance_m"]) * 100))
            if r["duration_s"] else None for r in rows}


class Graph:
    """The graph that `muster export` writes, searched by SciPy.

    Cost is time and, of equal times, length. Both fit into one exact double as
    duration_ms * 2^27 + length_cm, up to 2^26 ms (18 h) and 2^27 cm (1,342 km).

    Where turns are listed, paths are searched from arc to arc: a vertex is the last arc driven,
    or the last few where a listed turn has more before the one turned into."""

    LENGTHS = 2 ** 27

    def __init__(self, network, profile, folder):
        nodes, arcs, turns = (folder / name for name in ("nodes.csv", "arcs.csv", "turns.csv"))
        succeed("export", network, "--nodes", nodes, "--arcs", arcs, "--turns", turns,
                "--profile", profile)
        self.nodes = [(int(r["node_id"]), float(r["lon"]), float(r["lat"]))
                      for r in read_csv(nodes)]
        self.arcs = read_csv(arcs)
        self.index = {node[0]: i for i, node in enumerate(self.nodes)}
        self.ends, self.cost, best = {}, {}, {}
        for arc in self.arcs:
            ends = self.index[int(arc["from_node"])], self.index[int(arc["to_node"])]
            cost = int(arc["duration_ms"]) * self.LENGTHS + round(float(arc["length_m"]) * 100)
            self.ends[int(arc["arc_id"])], self.cost[int(arc["arc_id"])] = ends, cost
            # Of parallel arcs the cheapest; csr_matrix would add them up.
            best[ends] = min(best.get(ends, cost), cost)
        self.matrix = self.sparse(best, len(self.nodes))
        self.turns = {}  # arcs: milliseconds, or None where it is forbidden
        for row in read_csv(turns):
            driven = map(int, [row["from_arc"], *row["via_arcs"].split(), row["to_arc"]])
            self.turns[tuple(driven)] = int(row["duration_ms"]) if row["duration_ms"] else None
        if self.turns:
            self.search_arcs()

    @staticmethod
    def sparse(costs, size):
        pairs = numpy.array(list(costs), dtype=numpy.int64).reshape(-1, 2)
        values = numpy.array(list(costs.values()), dtype=numpy.float64)
        return scipy.sparse.csr_matrix((values, (pairs[:, 0], pairs[:, 1])), (size, size))

    def search_arcs(self):
        """self.by_arc: the nodes, as places to set out from, then the vertices; self.heads: of
        each vertex the node that it stands at."""
        begun = {driven[:k] for driven in self.turns for k in range(2, len(driven))}
        vertices = {(arc,): len(self.nodes) + i for i, arc in enumerate(self.ends)}
        for driven in sorted(begun):
            vertices[driven] = len(self.nodes) + len(vertices)
        leaving = collections.defaultdict(list)
        for arc, (tail, _) in self.ends.items():
            leaving[tail].append(arc)

        def longest(driven, known):
            return next((driven[i:] for i in range(len(driven)) if driven[i:] in known), None)

        costs = {(tail, vertices[(arc,)]): self.cost[arc]
                 for arc, (tail, _) in self.ends.items()}
        for driven, vertex in vertices.items():
            if any(arc not in self.ends for arc in driven):
                continue
            for arc in leaving[self.ends[driven[-1]][1]]:
                turn = longest((*driven, arc), self.turns)
                delay_ms = self.turns[turn] if turn else 0
                if delay_ms is not None:
                    to = vertices[longest((*driven, arc), vertices)]
                    costs[vertex, to] = delay_ms * self.LENGTHS + self.cost[arc]
        self.by_arc = self.sparse(costs, len(self.nodes) + len(vertices))
        self.heads = numpy.array([self.ends[driven[-1]][1] for driven in vertices])

    def components(self):
        """Strongly connected component by node index, and the size of each."""
        _, component = scipy.sparse.csgraph.connected_components(self.matrix, True, "strong")
        return component, numpy.bincount(component)

    def costs_from(self, node):
        """(duration_ms, distance_cm) from a node index to every other, None: no way."""
        if self.turns:
            by_arc = scipy.sparse.csgraph.dijkstra(self.by_arc, indices=node)
            costs = numpy.full(len(self.nodes), numpy.inf)
            numpy.minimum.at(costs, self.heads, by_arc[len(self.nodes):])
            costs[node] = 0
        else:
            costs = scipy.sparse.csgraph.dijkstra(self.matrix, indices=node)
        return [None if numpy.isinf(c) else divmod(int(c), self.LENGTHS) for c in costs]

    def plain_nodes(self):
        """Indices of nodes where a site on the node's place snaps to that node: some arc ends
        there, it is no island, and nothing else lies in the same place."""
        component, size = self.components()
        used = {self.index[int(end)] for arc in self.arcs
                for end in (arc["from_node"], arc["to_node"])}
        places = collections.Counter(node[1:] for node in self.nodes)
        enough = min(100, size.max())
        return [i for i in sorted(used)
                if places[self.nodes[i][1:]] == 1 and size[component[i]] >= enough]
