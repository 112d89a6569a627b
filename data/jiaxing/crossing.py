"""Which short segments cross which, a million at a time.

Segments are put into the squares of a grid that their boxes touch; only those that share a
square are compared.
"""
import numpy as np

CELL_M = 64.0
COLUMNS = 1 << 20
TOUCH_M = 0.3


def expand(counts):
    """For counts (2, 3): which = 0 0 1 1 1 and within = 0 1 0 1 2."""
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def cells(start, end):
    """(segment, key of a grid square), for every square its box touches."""
    low = np.floor((np.minimum(start, end) - TOUCH_M) / CELL_M).astype(np.int64)
    high = np.floor((np.maximum(start, end) + TOUCH_M) / CELL_M).astype(np.int64)
    size = high - low + 1
    which, within = expand(size[:, 0] * size[:, 1])
    column = low[which, 0] + within % size[which, 0]
    row = low[which, 1] + within // size[which, 0]
    return which, row * COLUMNS + column


def near_pairs(start, end, other_start, other_end):
    """Pairs (i, j) of segments that share a square, each once."""
    i, key_i = cells(start, end)
    j, key_j = cells(other_start, other_end)
    order = np.argsort(key_j, kind="stable")
    j, key_j = j[order], key_j[order]
    first = np.searchsorted(key_j, key_i, "left")
    which, within = expand(np.searchsorted(key_j, key_i, "right") - first)
    pairs = i[which] * np.int64(len(other_start)) + j[first[which] + within]
    pairs = np.unique(pairs)
    return pairs // len(other_start), pairs % len(other_start)


def intersect(p, p_end, q, q_end):
    """Parameters (t, u) along both segments where their lines cross; NaN when parallel."""
    r, s, gap = p_end - p, q_end - q, q - p
    det = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (gap[:, 0] * s[:, 1] - gap[:, 1] * s[:, 0]) / det
        u = (gap[:, 0] * r[:, 1] - gap[:, 1] * r[:, 0]) / det
    bad = det == 0
    t[bad] = u[bad] = np.nan
    return t, u


def proper_crossings(start, end, other_start, other_end):
    """(i, j, t, u) of all pairs that cross between their ends."""
    i, j = near_pairs(start, end, other_start, other_end)
    t, u = intersect(start[i], end[i], other_start[j], other_end[j])
    hit = (t >= 0) & (t <= 1) & (u >= 0) & (u <= 1)
    return i[hit], j[hit], t[hit], u[hit]


def project(point, start, end):
    """Parameter of the nearest point of a segment, and the distance to it."""
    step = end - start
    t = ((point - start) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-9)
    t = np.clip(t, 0, 1)
    return t, np.hypot(*(start + step * t[:, None] - point).T)
