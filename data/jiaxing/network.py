"""The road network: few bridges for small roads, one piece, junctions only.

A lane does not cross every canal it meets. Of the small roads' crossings of canals and
motorways, those a spanning tree needs stay, and a share of the rest. Then whatever hangs
together with nothing is dropped, and chains of segments become edges from junction to
junction.
"""
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from crossing import proper_crossings
from plane import random
from roadbook import RANK

KEPT_SHARE = {"unclassified": 0.25, "residential": 0.12, "service": 0.05, "track": 0.05}
STUB_M = 20.0
WORTH_A_BRIDGE_M = 700.0


def subset(graph, keep):
    return {key: column[keep] for key, column in graph.items()}


def links(n, graph, weight):
    return coo_matrix((weight, (graph["source"], graph["target"])), shape=(n, n)).tocsr()


def obstructed(xy, graph, barrier_start, barrier_end):
    """Which segments on the ground cross a canal or a motorway."""
    hit = np.zeros(len(graph["rank"]), bool)
    i, *_ = proper_crossings(xy[graph["source"]], xy[graph["target"]], barrier_start, barrier_end)
    hit[i] = True
    return hit & (graph["deck"] == 0)


def thin_bridges(xy, graph, barrier_start, barrier_end, is_town):
    dice = random("bridges kept")
    crosses = obstructed(xy, graph, barrier_start, barrier_end)
    share = np.ones(len(RANK))
    for name, value in KEPT_SHARE.items():
        share[RANK[name]] = value
    chance = share[graph["rank"]]
    chance = np.where(is_town, np.maximum(chance, 0.6 * (chance > 0.1)), chance)
    doubtful = crosses & (dice.random(len(chance)) > chance)
    keep = ~in_scrap(xy, graph, doubtful)
    graph, doubtful = subset(graph, keep), doubtful[keep]
    # A spanning tree takes sound segments first, then doubtful bridges, the better road first.
    tree = minimum_spanning_tree(links(len(xy), graph, 1.0 + doubtful * 1e3 * (1 + graph["rank"])))
    tree = tree.tocoo()
    needed = np.isin(pair_keys(graph["source"], graph["target"]), pair_keys(tree.row, tree.col))
    return subset(graph, ~doubtful | needed)


def in_scrap(xy, graph, doubtful):
    """Segments of pieces that hang on a bridge alone and are too short to be worth one."""
    sound = subset(graph, ~doubtful)
    _, label = connected_components(links(len(xy), sound, np.ones(len(sound["rank"]))),
                                    directed=False)
    length = np.hypot(*(xy[sound["source"]] - xy[sound["target"]]).T)
    is_scrap = np.bincount(label[sound["source"]], length, label.max() + 1) < WORTH_A_BRIDGE_M
    return is_scrap[label[graph["source"]]] | is_scrap[label[graph["target"]]]


def pair_keys(a, b):
    """One number for each unordered pair."""
    return (np.minimum(a, b).astype(np.int64) << 32) + np.maximum(a, b)


def largest_component(xy, graph):
    everything = links(len(xy), graph, np.ones(len(graph["rank"])))
    _, label = connected_components(everything, directed=False)
    best = np.bincount(label[graph["source"]]).argmax()
    return subset(graph, label[graph["source"]] == best)


def degrees(n, graph):
    return np.bincount(np.concatenate([graph["source"], graph["target"]]), minlength=n)


def is_chain_vertex(n, graph):
    """Vertices that are no junction: two segments of the same road."""
    ends = np.concatenate([graph["source"], graph["target"]])
    same = degrees(n, graph) == 2
    for key in ("rank", "name"):
        value = np.tile(graph[key], 2)
        low, high = np.full(n, 1 << 30), np.full(n, -1)
        np.minimum.at(low, ends, value)
        np.maximum.at(high, ends, value)
        same &= low == high
    return same


def chains(n, graph):
    """Contract: -> lists of vertices from junction to junction, and of each the first segment."""
    source, target = graph["source"].tolist(), graph["target"].tolist()
    inner = is_chain_vertex(n, graph)
    ends = np.concatenate([graph["source"], graph["target"]])
    segment = np.tile(np.arange(len(source)), 2)
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(n + 1)).tolist()
    at = segment[order].tolist()
    inner, used, result = inner.tolist(), [False] * len(source), []

    def walk(vertex, step):
        """Follow the road from a segment until its next junction."""
        line, members = [vertex], []
        while True:
            used[step] = True
            members.append(step)
            vertex = target[step] if source[step] == vertex else source[step]
            line.append(vertex)
            if not inner[vertex]:
                return line, members
            a, b = at[first[vertex]], at[first[vertex] + 1]
            step = b if a == step else a
            if used[step]:
                return line, members

    for vertex in range(n):
        if not inner[vertex]:
            for step in at[first[vertex]:first[vertex + 1]]:
                if not used[step]:
                    result.append(oriented(*walk(vertex, step), source))
    return result


def oriented(line, members, source):
    """In the direction in which its segments were drawn: carriageways are one-way."""
    if source[members[0]] != line[0]:
        line.reverse()
    return line, members[0]


def contract(xy, graph):
    """-> edges: list of lines (k, 2), and arrays source, target (vertex), rank, name, deck."""
    found = chains(len(xy), graph)
    first = np.array([segment for _, segment in found])
    edges = {key: graph[key][first] for key in ("rank", "name", "deck")}
    edges["source"] = np.array([line[0] for line, _ in found])
    edges["target"] = np.array([line[-1] for line, _ in found])
    return edges, [xy[line] for line, _ in found]


def line_length(line):
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def drop_stubs(xy, graph):
    """Dead ends too short to be a road: what was left over where lines were cut."""
    for _ in range(2):
        found = chains(len(xy), graph)
        degree = degrees(len(xy), graph)
        stub = [line for line, segment in found
                if min(degree[line[0]], degree[line[-1]]) == 1 and graph["deck"][segment] == 0
                and line_length(xy[line]) < STUB_M]
        doomed = np.zeros(len(xy), bool)
        for line in stub:
            tips = line[1:] if degree[line[-1]] == 1 else line[:-1]
            doomed[tips] = True
        graph = subset(graph, ~(doomed[graph["source"]] | doomed[graph["target"]]))
    return graph
