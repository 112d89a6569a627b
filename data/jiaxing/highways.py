"""The roads that have numbers: motorways, national and provincial roads.

Numbers and names are real, the courses are sketched by hand through the towns and places they
really pass, a kilometre or two from the truth.
"""
import numpy as np
from scipy.spatial import Delaunay, cKDTree

from plane import normals, random, resample, spline, to_plane

# name, speed in km/h, points in longitude and latitude
MOTORWAYS = [
    ("G60 沪昆高速", 120, [(121.032, 30.872), (120.975, 30.806), (120.905, 30.768),
     (120.835, 30.704), (120.757, 30.648), (120.672, 30.590), (120.590, 30.548),
     (120.505, 30.497), (120.430, 30.467), (120.370, 30.447), (120.290, 30.404)]),
    ("G1522 常台高速", 120, [(120.664, 30.950), (120.650, 30.885), (120.657, 30.800),
     (120.668, 30.742), (120.712, 30.672), (120.757, 30.600), (120.790, 30.530),
     (120.795, 30.470), (120.757, 30.392), (120.742, 30.322)]),
    ("S11 乍嘉苏高速", 110, [(121.088, 30.612), (121.052, 30.625), (121.000, 30.648), (120.915, 30.688),
     (120.866, 30.734), (120.828, 30.772), (120.792, 30.805), (120.772, 30.845),
     (120.729, 30.905), (120.682, 30.957)]),
    ("G1521 常嘉高速", 120, [(120.893, 31.010), (120.866, 30.945), (120.846, 30.862),
     (120.858, 30.800), (120.876, 30.738)]),
    ("G92 杭州湾环线高速", 120, [(121.262, 30.728), (121.190, 30.702), (121.105, 30.672),
     (121.020, 30.634), (120.935, 30.590), (120.885, 30.515), (120.822, 30.470),
     (120.720, 30.440), (120.610, 30.438), (120.520, 30.432), (120.420, 30.415),
     (120.289, 30.388)]),
    ("G15 沈海高速", 120, [(121.205, 30.786), (121.140, 30.735), (121.084, 30.692),
     (121.067, 30.650), (121.050, 30.618), (121.018, 30.585)]),
    ("S12 申嘉湖高速", 110, [(121.020, 30.893), (120.940, 30.880), (120.846, 30.868),
     (120.760, 30.848), (120.660, 30.842), (120.560, 30.790), (120.500, 30.766),
     (120.432, 30.752)]),
    ("S7 练杭高速", 110, [(120.408, 30.703), (120.400, 30.640), (120.392, 30.575),
     (120.345, 30.520), (120.297, 30.462)]),
]
ROADS = [
    ("G320 沪瑞线", "trunk", [(121.030, 30.884), (120.970, 30.845), (120.918, 30.826),
     (120.860, 30.812), (120.818, 30.796), (120.782, 30.778), (120.7555, 30.7610),
     (120.720, 30.742), (120.672, 30.708), (120.628, 30.674), (120.561, 30.630),
     (120.500, 30.578), (120.431, 30.528), (120.341, 30.504), (120.287, 30.496)]),
    ("G524 常台线", "trunk", [(120.711, 30.962), (120.712, 30.885), (120.722, 30.835),
     (120.713, 30.785), (120.722, 30.742), (120.733, 30.700), (120.722, 30.625),
     (120.700, 30.545), (120.699, 30.465), (120.660, 30.425), (120.642, 30.396)]),
    ("G228 丹东线", "trunk", [(121.262, 30.706), (121.157, 30.664), (121.085, 30.606),
     (121.030, 30.598), (120.984, 30.592), (120.944, 30.535), (120.930, 30.480),
     (120.918, 30.430), (120.882, 30.398), (120.795, 30.362), (120.700, 30.386),
     (120.640, 30.418), (120.548, 30.450), (120.446, 30.447), (120.364, 30.428),
     (120.290, 30.414)]),
    ("S101 杭沪线", "primary", [(120.285, 30.440), (120.366, 30.439), (120.444, 30.459),
     (120.505, 30.470), (120.568, 30.492), (120.640, 30.512), (120.686, 30.530),
     (120.778, 30.536), (120.852, 30.529), (120.9486, 30.5154)]),
    ("S207 嘉善线", "primary", [(120.822, 31.003), (120.846, 30.972), (120.888, 30.947),
     (120.886, 30.889), (120.914, 30.847), (120.945, 30.783), (120.985, 30.732),
     (121.010, 30.698), (121.060, 30.640), (121.088, 30.602)]),
    ("S302 嘉兴大道", "primary", [(120.7555, 30.7610), (120.786, 30.760), (120.850, 30.753),
     (120.886, 30.741), (120.918, 30.715), (120.968, 30.693), (121.014, 30.695), (121.098, 30.705),
     (121.176, 30.727), (121.262, 30.742)]),
    ("S203 嘉盐线", "primary", [(120.7555, 30.7610), (120.7485, 30.7470), (120.756, 30.728),
     (120.778, 30.700), (120.790, 30.666), (120.823, 30.580), (120.852, 30.538), (120.925, 30.541),
     (120.950, 30.520)]),
    ("S306 桐海线", "primary", [(120.433, 30.705), (120.485, 30.742), (120.530, 30.690),
     (120.563, 30.635), (120.614, 30.580), (120.650, 30.546), (120.684, 30.529),
     (120.700, 30.465), (120.770, 30.415), (120.795, 30.362)]),
    ("S304 嘉湖线", "primary", [(120.7555, 30.7610), (120.716, 30.766), (120.690, 30.776),
     (120.640, 30.797), (120.607, 30.812), (120.590, 30.820), (120.550, 30.812),
     (120.512, 30.794), (120.493, 30.768), (120.485, 30.742)]),
    ("嘉兴三环路", "primary", [(120.755, 30.817), (120.800, 30.803), (120.824, 30.768),
     (120.812, 30.722), (120.770, 30.702), (120.715, 30.709), (120.678, 30.745),
     (120.681, 30.792), (120.712, 30.815), (120.755, 30.817)]),
    ("S209 平廊线", "primary", [(121.012, 30.703), (121.042, 30.765), (121.083, 30.823),
     (121.105, 30.868)]),
    ("S205 硖通线", "primary", [(120.690, 30.524), (120.765, 30.490), (120.839, 30.457),
     (120.923, 30.437)]),
    ("S310 洲石线", "primary", [(120.292, 30.570), (120.350, 30.578), (120.442, 30.622),
     (120.515, 30.640), (120.561, 30.630)]),
    ("S212 天姚线", "primary", [(120.709, 30.884), (120.800, 30.895), (120.886, 30.889),
     (120.957, 30.914), (121.020, 30.920)]),
]
CARRIAGEWAY_GAP_M = 14  # from the middle of the motorway to each carriageway's


def motorway_lines():
    return [(name, speed, spline(to_plane(points), 50)) for name, speed, points in MOTORWAYS]


def carriageways(line):
    """Drive on the right: the forward one lies right of the middle, the other comes back."""
    aside = normals(line) * CARRIAGEWAY_GAP_M
    return line + aside, (line - aside)[::-1]


def numbered_roads():
    return [(name, kind, spline(to_plane(points), 60)) for name, kind, points in ROADS]


def gabriel_edges(points):
    """Pairs with no third point in the circle between them: near neighbours, no crossings."""
    triangles = Delaunay(points).simplices
    pairs = np.unique(np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
    a, b = points[pairs[:, 0]], points[pairs[:, 1]]
    nearest, _ = cKDTree(points).query((a + b) / 2)
    return pairs[nearest >= np.hypot(*(a - b).T) / 2 - 1e-6]


def relative_neighbours(points):
    """Of those, the pairs with no third point nearer to both: what one needs to get about."""
    pairs = gabriel_edges(points)
    _, near = cKDTree(points).query(points, k=min(14, len(points)))
    a, b = pairs.T
    length = np.hypot(*(points[a] - points[b]).T)
    third = near[a]
    to_b = np.hypot(*np.moveaxis(points[third] - points[b][:, None], -1, 0))
    to_a = np.hypot(*np.moveaxis(points[third] - points[a][:, None], -1, 0))
    rival = (np.maximum(to_a, to_b) < length[:, None] - 1e-6) & (third != b[:, None])
    return pairs[~rival.any(axis=1)]


def winding(a, b, dice, sway):
    """A road from a to b that bends gently, as if it had been there before the surveyor."""
    length = np.hypot(*(b - a))
    count = max(2, int(length / 1300) + 1)
    line = a + (b - a) * np.linspace(0, 1, count + 1)[:, None]
    normal = np.array([b[1] - a[1], a[0] - b[0]]) / max(length, 1)
    line[1:-1] += normal * (dice.normal(0, sway, count - 1) * min(length, 4000))[:, None]
    return resample(spline(line, 60), 60)


def mostly_beside(line, tree, distance):
    """Whether over half of the line lies within a distance of other roads."""
    return (tree.query(line)[0] < distance).mean() > 0.5


def county_roads(town_xy, numbered):
    """Town to town, secondary; neither longer than 16 km nor along a numbered road."""
    dice, tree = random("county roads"), cKDTree(np.vstack(numbered))
    pairs = gabriel_edges(town_xy)
    lengths = np.hypot(*(town_xy[pairs[:, 0]] - town_xy[pairs[:, 1]]).T)
    lines = [winding(town_xy[a], town_xy[b], dice, 0.045)
             for a, b in pairs[(lengths < 16000) & (lengths > 1500)]]
    return [line for line in lines if not mostly_beside(line, tree, 650)]


def village_roads(points, larger):
    """Between neighbouring places: [(index of one, index of the other, line)]."""
    dice, tree = random("village roads"), cKDTree(np.vstack(larger))
    pairs = relative_neighbours(points)
    lengths = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    roads = [(a, b, winding(points[a], points[b], dice, 0.06)) for a, b in pairs[lengths > 350]]
    return [road for road in roads if not mostly_beside(road[2], tree, 200)]
