"""The typhoon's floods: polders that fill, along main canals and the coast.

A flood begins in one low polder and grows into its neighbours: deep water early and in the
middle, shallow water later and wider. Only polders are flooded, so the water's edge follows
dikes and canals, as it does."""
import numpy as np
from scipy.spatial import cKDTree
from shapely.geometry import Polygon
from shapely.ops import unary_union

from plane import densify, random, warp

STAGES = ((1, 1.5, 0.0), (3, 0.8, 4.0), (7, 0.35, 9.0))  # polders, depth in m, hours later
LAST_H = 54


def flood_count(incidents):
    return int(np.clip(round(2.6 * np.sqrt(incidents)), 2, 60))


def polder_shapes(leaves, land):
    """Outlines of the polders on the map, where they are wholly on land."""
    shapes = []
    for leaf in leaves:
        ring = warp(densify(np.vstack([leaf, leaf[:1]]), 120))[:-1]
        shape = Polygon(ring)
        if land.contains(shape):
            shapes.append(shape)
    return shapes


class FloodPlain:
    """The polders, and how low each lies: near wide water is low."""

    def __init__(self, leaves, outline, water_points):
        self.shapes = polder_shapes(leaves, outline["land_polygon"].buffer(-300))
        self.middle = np.array([s.centroid.coords[0] for s in self.shapes])
        self.tree = cKDTree(self.middle)
        self.distance = cKDTree(water_points).query(self.middle)[0]

    def grow(self, seed, count):
        """The `count` polders nearest to the first."""
        near = self.tree.query(self.middle[seed], k=count)[1]
        return np.atleast_1d(near)

    def seeds(self, count, name):
        dice = random("flood seeds " + name)
        weight = np.exp(-self.distance / 500) + 0.002
        return dice.choice(len(weight), count, replace=False, p=weight / weight.sum())


def joined(shapes):
    """One polygon without holes; polders that meet in a corner only leave the larger part."""
    union = unary_union([s.buffer(2) for s in shapes]).simplify(4)
    union = max(getattr(union, "geoms", [union]), key=lambda g: g.area)
    return Polygon(union.exterior)


def make_floods(plain, code, incidents):
    """-> [(outline, depth m, begins h, ends h, stage)] and the middles of the floods."""
    dice = random("floods " + code)
    floods, middles = [], []
    for seed in plain.seeds(flood_count(incidents), code):
        begins = dice.uniform(0, 10)
        size = dice.uniform(0.6, 1.7)
        for stage, (count, depth, later) in enumerate(STAGES):
            shape = joined([plain.shapes[i] for i in plain.grow(seed, max(1, round(count * size)))])
            start = begins + later * dice.uniform(0.7, 1.3)
            floods.append((shape, round(depth * dice.uniform(0.8, 1.3), 2), start,
                           LAST_H - 8 * (2 - stage) + dice.uniform(-4, 4)))
        middles.append(plain.middle[seed])
    return floods, np.array(middles)
