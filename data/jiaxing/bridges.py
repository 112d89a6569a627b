"""Bridges: the part of an edge that lies over a canal becomes an edge of its own.

So a flood can close the road on both sides and leave the bridge, a weight limit holds for the
bridge alone, and a map shows it. Motorways and ramps also bridge the roads below them; where
two of them cross, the one drawn later is on top.
"""
import numpy as np

from crossing import proper_crossings

ABUTMENT_M, ROAD_HALF_M = 5.0, 11.0
SHORTEST_M = 6.0
FLATTEST_SINE = 0.35


def flatten(lines):
    """All segments of all lines: start, end, which line, distance of the start along it."""
    counts = np.array([len(line) - 1 for line in lines])
    start = np.vstack([line[:-1] for line in lines])
    end = np.vstack([line[1:] for line in lines])
    edge = np.repeat(np.arange(len(lines)), counts)
    length = np.hypot(*(end - start).T)
    total = np.concatenate([[0], np.cumsum(length)])
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    return start, end, edge, total[:-1] - total[first][edge], length


def sine_between(a, b):
    cross = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    return cross / np.maximum(np.hypot(*a.T) * np.hypot(*b.T), 1e-9)


def spans_over(roads, others, half_width):
    """(edge, from, to) along the roads where they cross the others."""
    start, end, edge, along, length = roads
    i, j, t, _ = proper_crossings(start, end, others[0], others[1])
    sine = sine_between(end[i] - start[i], others[1][j] - others[0][j])
    half = half_width[j] / np.maximum(sine, FLATTEST_SINE) + ABUTMENT_M
    middle = along[i] + t * length[i]
    return edge[i], middle - half, middle + half, j


def find_spans(lines, deck, canal_lines, canal_width):
    """-> rows (edge, from, to, layer)."""
    roads, canals = flatten(lines), flatten(canal_lines)
    edge, low, high, _ = spans_over(roads, canals, np.asarray(canal_width)[canals[2]] / 2)
    spans = [np.column_stack([edge, low, high, np.ones(len(edge))])]
    is_deck = deck[roads[2]] > 0
    decks = tuple(column[is_deck] for column in roads)
    edge, low, high, other = spans_over(decks, roads, np.full(len(is_deck), ROAD_HALF_M))
    below = deck[roads[2][other]]
    total = np.bincount(roads[2], roads[4])
    middle = (low + high) / 2
    above = (deck[edge] > below) & (middle > 2) & (middle < total[edge] - 2)
    layer = np.where(below > 0, 2, 1)
    spans.append(np.column_stack([edge, low, high, layer])[above])
    spans = np.vstack(spans)
    return spans[np.lexsort((spans[:, 1], spans[:, 0]))]


def merge_spans(rows, total):
    """Spans of one edge, clipped to it, those that touch made one."""
    merged = []
    for low, high, layer in rows:
        low = 0.0 if low < SHORTEST_M else low
        high = total if high > total - SHORTEST_M else high
        if merged and low <= merged[-1][1] + SHORTEST_M:
            merged[-1][1] = max(high, merged[-1][1])
            merged[-1][2] = max(layer, merged[-1][2])
        else:
            merged.append([low, high, layer])
    return merged


def cut_line(line, stops):
    """The line in pieces, cut at these distances."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    points = np.column_stack([np.interp(stops, along, line[:, k]) for k in (0, 1)])
    pieces = []
    for k in range(len(stops) - 1):
        inner = (along > stops[k] + 0.01) & (along < stops[k + 1] - 0.01)
        pieces.append(np.vstack([points[k], line[inner], points[k + 1]]))
    return pieces


def split_edge(line, rows):
    """-> [(piece, layer)], layer 0 where the road is on the ground."""
    total = float(np.hypot(*np.diff(line, axis=0).T).sum())
    merged = merge_spans(rows, total)
    stops, layers = [0.0], []
    for low, high, layer in merged:
        if low > stops[-1]:
            stops.append(low)
            layers.append(0)
        stops.append(high)
        layers.append(int(layer))
    if stops[-1] < total:
        stops.append(total)
        layers.append(0)
    return list(zip(cut_line(line, np.array(stops)), layers))


def build_bridges(xy, edges, lines, canal_lines, canal_width):
    """-> (xy, edges, lines) with bridges as edges of their own and a column `layer`."""
    spans = find_spans(lines, edges["deck"], canal_lines, canal_width)
    rows_of = {}
    for edge, low, high, layer in spans.tolist():
        rows_of.setdefault(int(edge), []).append((low, high, layer))
    new_xy, origin, layers, ends, pieces = [], [], [], [], []
    for e, line in enumerate(lines):
        parts = split_edge(line, rows_of[e]) if e in rows_of else [(line, 0)]
        vertex = int(edges["source"][e])
        for k, (piece, layer) in enumerate(parts):
            following = int(edges["target"][e])
            if k + 1 < len(parts):
                following = len(xy) + len(new_xy)
                new_xy.append(piece[-1])
            origin.append(e)
            layers.append(layer)
            ends.append((vertex, following))
            pieces.append(piece)
            vertex = following
    split = {key: edges[key][origin] for key in ("rank", "name", "deck")}
    split["source"], split["target"] = np.array(ends).T
    split["layer"] = np.array(layers)
    split["way"] = np.array(origin) + 1
    return np.vstack([xy, np.array(new_xy).reshape(-1, 2)]), split, pieces
