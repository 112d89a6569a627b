"""From drawn lines to lines that could be roads: nothing in the water, nothing twice side by
side, no end left just short of the next road."""
import numpy as np
from scipy.spatial import cKDTree

from crossing import project
from outline import in_water, on_land
from roadbook import CLASSES, COLUMNS, RANK, select

BESIDE_M = {"primary": 90, "secondary": 90, "tertiary": 75, "unclassified": 48, "residential": 44,
            "service": 20, "track": 44}
BESIDE_COSINE = 0.88
JOIN_M = {"trunk": 120, "primary": 130, "secondary": 260, "tertiary": 130, "unclassified": 52,
          "residential": 48, "service": 14, "track": 26}


def drop_wet(table, outline, lakes):
    """Segments with an end in the water or beyond the border. Motorways were placed by hand."""
    ends = np.vstack([table["start"], table["end"]])
    good = on_land(ends, outline) & ~in_water(ends, outline, lakes)
    n = len(table["rank"])
    return select(table, good[:n] & good[n:] | (table["deck"] > 0))


def precedence(table):
    """Importance, smaller first; numbered roads also among themselves."""
    numbered = table["rank"] <= RANK["primary"]
    return table["rank"] * 1000 + np.where(numbered, table["name"], 999)


def drop_parallel(table):
    """Of two segments side by side only the more important stays."""
    order, rank = precedence(table), table["rank"]
    middle = (table["start"] + table["end"]) / 2
    step = table["end"] - table["start"]
    direction = step / np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    keep = np.ones(len(order), bool)
    for value in np.unique(order[rank >= RANK["primary"]]):
        mine = np.flatnonzero(order == value)
        is_numbered = value // 1000 <= RANK["primary"]
        above = np.flatnonzero((order < value) & keep & (rank != RANK["motorway_link"])
                               & ~(is_numbered & (rank == RANK["motorway"])))
        limit = BESIDE_M[CLASSES[value // 1000]]
        distance, nearest = cKDTree(middle[above]).query(middle[mine], k=3,
                                                         distance_upper_bound=limit + 30)
        found = np.isfinite(distance)
        nearest = above[np.where(found, nearest, 0)]
        cosine = np.abs((direction[mine][:, None] * direction[nearest]).sum(axis=2))
        offset = middle[mine][:, None] - middle[nearest]
        aside = np.abs(offset[..., 0] * direction[nearest][..., 1]
                       - offset[..., 1] * direction[nearest][..., 0])
        keep[mine[(found & (cosine > BESIDE_COSINE) & (aside < limit)).any(axis=1)]] = False
    return select(table, keep)


def loose_ends(table):
    """(segment, end point) of ends that no other segment shares, decks left out."""
    n = len(table["rank"])
    ends = np.vstack([table["start"], table["end"]])
    key = np.round(ends * 10).astype(np.int64)
    _, group, count = np.unique(key[:, 0] * (1 << 32) + key[:, 1], return_inverse=True,
                                return_counts=True)
    loose = np.flatnonzero((count[group] == 1) & (np.tile(table["deck"], 2) == 0))
    return loose % n, ends[loose]


def join_loose_ends(table):
    """Lead every loose end to the nearest road within reach. An end that lies on a road already
    gets nothing."""
    segment, point = loose_ends(table)
    ground = np.flatnonzero(table["deck"] == 0)
    start, end = table["start"][ground], table["end"][ground]
    _, near = cKDTree((start + end) / 2).query(point, k=12)
    flat = near.ravel()
    t, distance = project(np.repeat(point, 12, axis=0), start[flat], end[flat])
    distance = np.where((ground[near] == segment[:, None]), np.inf, distance.reshape(near.shape))
    reach = np.array([JOIN_M.get(c, 0) for c in CLASSES])[table["rank"][segment]]
    best = distance.argmin(axis=1)
    row = np.arange(len(point))
    shortest = distance[row, best]
    made = (shortest > 0.2) & (shortest < reach)
    chosen, share = near[row, best], t.reshape(near.shape)[row, best]
    target = start[chosen] + (end[chosen] - start[chosen]) * share[:, None]
    extra = {key: table[key][segment[made]] for key in COLUMNS}
    extra.update(start=point[made], end=target[made])
    return {key: np.concatenate([table[key], extra[key]]) for key in table}
