"""Polders: the land cut into fields by ever smaller canals.

The plain was drained piece by piece: a long canal first, then shorter ones from it, each
ending where it meets an older one. So a large convex piece of the drawing board is cut across
its longer side, somewhere near the middle and never quite square, and both halves again until
a piece is about half a square kilometre. Every cut knows how large a piece it divided, which
gives the canal its width. Some of the smallest cuts stay dry: a field path, not a ditch.
"""
import numpy as np
from shapely.geometry import Polygon
from shapely.prepared import prep

from plane import random, unwarp

MEDIAN_AREA_M2 = 780e3
MAIN_M2, MIDDLE_M2, SMALL_M2 = 16e6, 4e6, 1.7e6
DRY_SHARE = 0.42
# width in metres by the piece that was cut
WIDTHS = ((MAIN_M2, 26, 40), (MIDDLE_M2, 16, 26), (SMALL_M2, 10, 16), (0, 6, 10))


def area(polygon):
    x, y = polygon.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def cut(polygon, point, normal):
    """The two halves of a convex polygon and the chord between them, or None."""
    side = (polygon - point) @ normal
    following = np.roll(polygon, -1, axis=0)
    after = np.roll(side, -1)
    halves, chord = ([], []), []
    for p, q, s, t in zip(polygon, following, side, after):
        halves[0 if s >= 0 else 1].append(p)
        if (s >= 0) != (t >= 0):
            crossing = p + (q - p) * (s / (s - t))
            for half in halves:
                half.append(crossing)
            chord.append(crossing)
    if len(chord) != 2 or min(map(len, halves)) < 3:
        return None
    return np.array(halves[0]), np.array(halves[1]), np.array(chord)


def long_axis(polygon):
    """Direction of the longest extent, from the second moments of the corners' outline."""
    ring = np.vstack([polygon, polygon[:1]])
    steps = np.diff(ring, axis=0)
    turn = np.arctan2(steps[:, 1], steps[:, 0])
    best = max(turn, key=lambda a: np.ptp(polygon @ (np.cos(a), np.sin(a))))
    return best


def split(polygon, dice):
    axis = long_axis(polygon)
    tilt = axis + np.clip(dice.normal(0, 0.13), -0.3, 0.3)
    normal = np.array([np.cos(tilt), np.sin(tilt)])
    reach = polygon @ normal
    share = dice.uniform(0.36, 0.64)
    middle = polygon.mean(axis=0)
    point = middle + normal * (reach.min() + share * np.ptp(reach) - middle @ normal)
    return cut(polygon, point, normal)


def canal_width(cut_area, dice):
    if cut_area < SMALL_M2 and dice.random() < DRY_SHARE:
        return 0.0
    return next(dice.uniform(low, high) for limit, low, high in WIDTHS if cut_area >= limit)


def make_polders(outline):
    """-> leaves (convex polygons on the drawing board) and cuts (chord, width; 0 is dry)."""
    dice = random("polders")
    region = Polygon(unwarp(outline["land"])).buffer(900)
    near = prep(region)
    start = np.array(region.buffer(2000).convex_hull.exterior.coords)[:-1][::12]
    leaves, cuts, todo = [], [], [start]
    while todo:
        polygon = todo.pop()
        size = area(polygon)
        if size < 40e6 and not near.intersects(Polygon(polygon)):
            continue
        if size < MEDIAN_AREA_M2 * np.exp(dice.normal(0, 0.35)):
            leaves.append(polygon)
            continue
        pieces = split(polygon, dice)
        if pieces is None:
            leaves.append(polygon)
            continue
        todo += pieces[:2]
        cuts.append((pieces[2], canal_width(size, dice)))
    return leaves, cuts


def inset(polygon, distance):
    """The convex polygon shrunk by `distance` on every side, or None when nothing is left."""
    if signed_area(polygon) < 0:
        polygon = polygon[::-1]
    shrunk = polygon
    for p, q in zip(polygon, np.roll(polygon, -1, axis=0)):
        step = q - p
        length = np.hypot(*step)
        if length < 1:
            continue
        inward = np.array([-step[1], step[0]]) / length
        side = (shrunk - p) @ inward - distance
        if (side >= 0).all():
            continue
        halves = cut(shrunk, p + inward * distance, inward)
        if halves is None:
            return None
        shrunk = halves[0]
    return shrunk


def signed_area(polygon):
    x, y = polygon.T
    return (x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
