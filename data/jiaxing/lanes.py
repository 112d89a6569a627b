"""The country lanes: what the polders look like inside.

Along the banks of a polder runs a lane where people live, a string of houses between lane and
canal; across it run field paths; and here and there a small bridge leads to the next polder.
Near a village the banks are lived on and the lanes are good; between villages they are paths
or nothing. All of it is straight on the drawing board, many thousand pieces at once.
"""
import numpy as np
from scipy.spatial import cKDTree

from plane import random, unwarp
from polders import inset, long_axis
from roadbook import RANK

BANK_M = (26, 40)         # from the middle of the canal to the lane
SHORTEST_BANK_M = 90
NEAR_M, FAR_M = 450, 1000  # of a village: lived on, and hardly any more
HOUSE_GAP_M = 225
LANE, GOOD, PATH = RANK["residential"], RANK["unclassified"], RANK["track"]
SPUR = RANK["service"]


def bank_lines(leaves):
    """-> pieces (u0, v0, u1, v1), and of each the polder and the inward normal."""
    dice, pieces, owner, inner = random("banks"), [], [], []
    for i, leaf in enumerate(leaves):
        ring = inset(leaf, dice.uniform(*BANK_M))
        inner.append(ring)
        if ring is None:
            continue
        pieces.append(np.hstack([ring, np.roll(ring, -1, axis=0)]))
        owner.append(np.full(len(ring), i))
    pieces, owner = np.vstack(pieces), np.concatenate(owner)
    step = pieces[:, 2:] - pieces[:, :2]
    length = np.hypot(*step.T)
    keep = length > 1
    normal = np.column_stack([-step[:, 1], step[:, 0]])[keep] / length[keep][:, None]
    return pieces[keep], owner[keep], normal, length[keep], inner


def middles(pieces):
    return (pieces[:, :2] + pieces[:, 2:]) / 2


def chord(ring, point, along):
    """Where a line through a point crosses a convex ring, or None."""
    normal = np.array([-along[1], along[0]])
    side = (ring - point) @ normal
    ends = []
    for p, q, s, t in zip(ring, np.roll(ring, -1, axis=0), side, np.roll(side, -1)):
        if (s >= 0) != (t >= 0):
            ends.append(p + (q - p) * (s / (s - t)))
    return np.concatenate(ends) if len(ends) == 2 else None


def field_paths(inner):
    """Lines across a polder: parallel to its length, and shorter ones between."""
    dice, pieces = random("paths"), []
    for ring in inner:
        if ring is None:
            continue
        axis = long_axis(ring) + dice.normal(0, 0.05)
        u = np.array([np.cos(axis), np.sin(axis)])
        v = np.array([-u[1], u[0]])
        for along, across, chance in ((u, v, 0.15), (v, u, 0.10)):
            reach = ring @ across
            count = int(np.ptp(reach) / 360 + dice.uniform(0, 0.8))
            for k in range(count):
                if dice.random() > chance:
                    continue
                share = (k + 0.5 + dice.uniform(-0.2, 0.2)) / count
                middle = ring.mean(axis=0)
                point = middle + across * (reach.min() + share * np.ptp(reach) - middle @ across)
                line = chord(ring, point, along)
                if line is not None:
                    pieces.append(line if dice.random() < 0.7 else shortened(line, dice))
    return np.array(pieces)


def shortened(line, dice):
    """A path that ends in the fields."""
    share = dice.uniform(0.35, 0.75)
    p, q = (line[:2], line[2:]) if dice.random() < 0.5 else (line[2:], line[:2])
    return np.concatenate([p, p + (q - p) * share])


def stubs(pieces, normal, length, dice, gap, depth):
    """Short pieces off the lanes, at uneven distances, `depth` metres long."""
    counts = np.floor(length / gap * dice.uniform(0.6, 1.3, len(length))).astype(int)
    which = np.repeat(np.arange(len(pieces)), counts)
    k = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (k + dice.uniform(0.2, 0.8, len(which))) / counts[which]
    start = pieces[which, :2] + (pieces[which, 2:] - pieces[which, :2]) * share[:, None]
    deep = dice.uniform(*depth, len(which))[:, None]
    return np.hstack([start, start + normal[which] * deep])


def footbridges(pieces, normal, length, dice):
    """From a lane over the canal at its back to the lane on the other bank."""
    chosen = (length > 160) & (dice.random(len(pieces)) < 0.34)
    share = dice.uniform(0.15, 0.85, chosen.sum())[:, None]
    p, q = pieces[chosen, :2], pieces[chosen, 2:]
    start = p + (q - p) * share
    return np.hstack([start, start - normal[chosen] * (2 * BANK_M[1] + 6)])


def second_rows(pieces, normal):
    """A lane behind the houses, parallel to the bank."""
    aside = normal * 62
    step = (pieces[:, 2:] - pieces[:, :2])
    return np.hstack([pieces[:, :2] + step * 0.12 + aside, pieces[:, 2:] - step * 0.12 + aside])


def draw_lanes(book, banks, lived_in_xy, is_open):
    """Adds all lanes to the road book. `is_open(pieces)` says where there is country at all."""
    dice = random("lanes")
    pieces, owner, normal, length, inner = banks
    tree = cKDTree(unwarp(lived_in_xy))
    distance = tree.query(middles(pieces))[0] * dice.uniform(0.75, 1.3, len(pieces))
    keep = is_open(pieces) & (length > SHORTEST_BANK_M)
    near, far = distance < NEAR_M, distance > FAR_M
    keep &= dice.random(len(pieces)) < np.select([near, far], [0.66, 0.05], 0.22)
    lived = keep & (dice.random(len(pieces)) < np.select([near, far], [0.62, 0.06], 0.22))
    rank = np.where(lived, LANE, np.where(dice.random(len(pieces)) < 0.4, GOOD, PATH))
    book.add_straight(pieces[keep], rank[keep])

    deep = lived & near & (length > 220) & (dice.random(len(pieces)) < 0.25)
    rows = second_rows(pieces[deep], normal[deep])
    book.add_straight(rows, np.full(len(rows), LANE))
    ladder = stubs(pieces[deep], normal[deep], length[deep], dice, 135, (66, 70))
    book.add_straight(ladder, np.full(len(ladder), SPUR))
    plain = lived & ~deep
    spurs = stubs(pieces[plain], normal[plain], length[plain], dice, HOUSE_GAP_M, (28, 62))
    book.add_straight(spurs, np.full(len(spurs), SPUR))

    bridges = footbridges(pieces[keep], normal[keep], length[keep], dice)
    book.add_straight(bridges, np.where(dice.random(len(bridges)) < 0.5, GOOD, LANE))
    paths = field_paths(inner)
    paths = paths[is_open(paths)]
    book.add_straight(paths, np.where(dice.random(len(paths)) < 0.25, GOOD, PATH))
