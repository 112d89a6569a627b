"""From segments to a graph: a vertex wherever roads meet at level.

Roads on the ground meet wherever they cross or touch. A deck (a motorway's carriageway, a
ramp) meets others only with those of its ends that are marked so; everything else it passes
over. Vertices of the ground a few metres apart become one.
"""
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from crossing import TOUCH_M, intersect, near_pairs, project
from roadbook import COLUMNS

MERGE_M = 7.0


def meeting_points(table):
    """(segment, t, point) where a segment has to be cut."""
    start, end, deck = table["start"], table["end"], table["deck"]
    i, j = near_pairs(start, end, start, end)
    i, j = i[i < j], j[i < j]
    cuts = []
    ground = (deck[i] == 0) & (deck[j] == 0)
    gi, gj = i[ground], j[ground]
    t, u = intersect(start[gi], end[gi], start[gj], end[gj])
    hit = (t > 0) & (t < 1) & (u > 0) & (u < 1)
    point = start[gi[hit]] + (end[gi[hit]] - start[gi[hit]]) * t[hit][:, None]
    cuts += [(gi[hit], t[hit], point), (gj[hit], u[hit], point)]
    for a, b in ((i, j), (j, i)):
        for side, joins in (("start", "joins_start"), ("end", "joins_end")):
            may = (deck[a] == deck[b]) | (table[joins][a] > 0)
            tip = table[side][a[may]]
            s, distance = project(tip, start[b[may]], end[b[may]])
            touch = (distance < TOUCH_M) & (s > 0) & (s < 1)
            cuts.append((b[may][touch], s[touch], tip[touch]))
    return [np.concatenate(column) for column in zip(*cuts)]


def cut_segments(table):
    """The table with every segment cut at its meeting points."""
    n = len(table["rank"])
    segment, t, point = meeting_points(table)
    which = np.concatenate([np.arange(n), segment, np.arange(n)])
    t = np.concatenate([np.zeros(n), t, np.ones(n)])
    point = np.vstack([table["start"], point, table["end"]])
    order = np.lexsort((t, which))
    which, point = which[order], point[order]
    piece = np.flatnonzero(which[:-1] == which[1:])
    cut = {key: table[key][which[piece]] for key in COLUMNS}
    cut.update(start=point[piece], end=point[piece + 1])
    return cut


def unique_vertices(table):
    ends = np.vstack([table["start"], table["end"]])
    key = np.round(ends / 0.05).astype(np.int64)
    _, first, vertex = np.unique(key[:, 0] * (1 << 32) + key[:, 1], return_index=True,
                                 return_inverse=True)
    n = len(table["rank"])
    return ends[first], vertex[:n], vertex[n:]


def merge_near(xy, source, target, is_ground):
    """Groups of near vertices, each of ground roads only, become their first."""
    deck_vertex = np.zeros(len(xy), bool)
    deck_vertex[source[~is_ground]] = deck_vertex[target[~is_ground]] = True
    free = np.flatnonzero(~deck_vertex)
    a, b = free[cKDTree(xy[free]).query_pairs(MERGE_M, output_type="ndarray")].T
    links = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(xy), len(xy)))
    _, group = connected_components(links, directed=False)
    representative = np.full(group.max() + 1, len(xy))
    np.minimum.at(representative, group, np.arange(len(xy)))
    return representative[group]


def node(table):
    """-> graph: xy of vertices, and segments with source, target and the columns."""
    table = cut_segments(table)
    xy, source, target = unique_vertices(table)
    merged = merge_near(xy, source, target, table["deck"] == 0)
    source, target = merged[source], merged[target]
    graph = {key: table[key] for key in ("rank", "name", "deck")}
    graph.update(source=source, target=target)
    return xy, without_doubles(graph)


def without_doubles(graph):
    """No segment from a vertex to itself, and of two between the same pair the better one."""
    a, b = graph["source"], graph["target"]
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((graph["rank"], high, low))
    low, high = low[order], high[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    keep = np.sort(order[is_first & (low != high)])
    return {key: column[keep] for key, column in graph.items()}
