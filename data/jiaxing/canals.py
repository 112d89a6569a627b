"""The waterways: the historic main canals, which are real and sketched by hand through named
places, and the synthetic mesh between them, which follows the polders."""
import numpy as np
from scipy.spatial import cKDTree

from outline import rough_line
from plane import densify, inside, random, warp

# name, class, width in metres, points in longitude and latitude
MAIN = [
    ("京杭大运河 苏州塘", "river", 80, [(120.700, 30.966), (120.694, 30.925), (120.709, 30.885),
     (120.723, 30.850), (120.742, 30.815), (120.757, 30.790), (120.7655, 30.7715)]),
    ("京杭大运河 杭州塘", "river", 75, [(120.7655, 30.7715), (120.745, 30.7640), (120.722, 30.749),
     (120.690, 30.722), (120.655, 30.703), (120.627, 30.691), (120.590, 30.668), (120.548, 30.652),
     (120.500, 30.640), (120.455, 30.634), (120.438, 30.612), (120.447, 30.575), (120.433, 30.536),
     (120.398, 30.508), (120.345, 30.494), (120.285, 30.484)]),
    ("平湖塘", "river", 60, [(120.7655, 30.7715), (120.776, 30.757), (120.810, 30.749),
     (120.860, 30.740), (120.905, 30.721), (120.955, 30.709), (121.013, 30.707)]),
    ("海盐塘", "river", 45, [(120.770, 30.744), (120.783, 30.715), (120.797, 30.672),
     (120.815, 30.630), (120.826, 30.580), (120.872, 30.545), (120.915, 30.532),
      (120.952, 30.521)]),
    ("长水塘", "river", 45, [(120.756, 30.744), (120.747, 30.712), (120.733, 30.672),
     (120.719, 30.630), (120.706, 30.590), (120.694, 30.548), (120.689, 30.524)]),
    ("嘉善塘", "river", 50, [(120.7655, 30.7715), (120.795, 30.786), (120.833, 30.806),
     (120.868, 30.828), (120.908, 30.842), (120.950, 30.853), (121.030, 30.868)]),
    ("三店塘", "canal", 45, [(120.757, 30.790), (120.787, 30.811), (120.832, 30.850),
     (120.858, 30.880), (120.884, 30.895), (120.930, 30.906), (121.025, 30.915)]),
    ("盐嘉塘", "canal", 40, [(120.776, 30.757), (120.803, 30.722), (120.846, 30.667),
     (120.885, 30.612), (120.921, 30.562), (120.952, 30.521)]),
    ("新塍塘", "canal", 40, [(120.745, 30.7640), (120.706, 30.786), (120.655, 30.804),
     (120.597, 30.822), (120.545, 30.800), (120.488, 30.752)]),
    ("上海塘", "river", 70, [(121.013, 30.707), (121.028, 30.735), (121.058, 30.772),
     (121.083, 30.815), (121.112, 30.864)]),
    ("澜溪塘", "river", 65, [(120.440, 30.712), (120.482, 30.748), (120.512, 30.790),
     (120.560, 30.838), (120.625, 30.888), (120.694, 30.925)]),
    ("红旗塘", "canal", 75, [(120.780, 30.948), (120.850, 30.952), (120.905, 30.944),
     (120.965, 30.929), (121.023, 30.925)]),
    ("太浦河", "river", 110, [(120.758, 30.990), (120.830, 30.992), (120.900, 31.000),
     (120.960, 30.985)]),
    ("长山河", "canal", 55, [(120.447, 30.575), (120.515, 30.560), (120.600, 30.552),
     (120.660, 30.553), (120.706, 30.527), (120.770, 30.492), (120.830, 30.445), (120.868, 30.402),
     (120.905, 30.380)]),
    ("盐平塘", "canal", 40, [(120.952, 30.521), (120.968, 30.570), (120.992, 30.625),
     (121.000, 30.670), (121.013, 30.707)]),
    ("乍浦塘", "canal", 35, [(121.013, 30.707), (121.040, 30.670), (121.066, 30.630),
     (121.083, 30.601)]),
    ("上塘河", "canal", 30, [(120.285, 30.412), (120.362, 30.433), (120.440, 30.453),
     (120.505, 30.447), (120.560, 30.462), (120.645, 30.488), (120.689, 30.524)]),
    ("盐官下河", "canal", 45, [(120.456, 30.408), (120.470, 30.450), (120.452, 30.500),
     (120.447, 30.575)]),
    ("康泾塘", "canal", 35, [(120.548, 30.652), (120.556, 30.600), (120.548, 30.530),
     (120.560, 30.462)]),
    ("金牛塘", "canal", 35, [(120.486, 30.745), (120.505, 30.695), (120.548, 30.652)]),
    ("广陈塘", "canal", 35, [(121.013, 30.707), (121.065, 30.732), (121.122, 30.748),
     (121.176, 30.736), (121.240, 30.748)]),
    ("独山干河", "canal", 45, [(121.110, 30.744), (121.128, 30.700), (121.140, 30.655),
     (121.158, 30.632)]),
    ("麻泾港", "canal", 30, [(120.627, 30.691), (120.618, 30.640), (120.615, 30.585),
     (120.640, 30.530), (120.645, 30.488)]),
    ("芦墟塘", "canal", 50, [(120.905, 30.842), (120.892, 30.895), (120.880, 30.944),
     (120.858, 30.990)]),
]


def main_canals():
    """(name, class, width, line) of the canals that have names."""
    lines = [(name, kind, width, rough_line(points, name, 45, 50))
             for name, kind, width, points in MAIN]
    return lines


def mesh_canals(cuts, main):
    """The polders' canals, less those that would run in the bed of a main one."""
    beds = np.vstack([line for *_, line in main])
    bed_direction = np.vstack([np.gradient(line, axis=0) for *_, line in main])
    bed_direction /= np.hypot(*bed_direction.T)[:, None]
    tree = cKDTree(beds)
    wet = [(warp(densify(chord, 50)), width) for chord, width in cuts if width]
    points = np.vstack([line for line, _ in wet])
    along = np.vstack([np.gradient(line, axis=0) for line, _ in wet])
    along /= np.hypot(*along.T)[:, None]
    distance, nearest = tree.query(points)
    beside = (distance < 130) & (np.abs((along * bed_direction[nearest]).sum(axis=1)) > 0.8)
    lines = [(None, "ditch" if width < 10 else "canal", round(width, 1), line)
             for line, width in wet]
    return cut_where(lines, ~beside)


def runs(line, keep):
    """The stretches of the line where all points are kept, two points or more."""
    edge = np.flatnonzero(np.diff(np.concatenate([[False], keep, [False]])))
    return [line[a:b] for a, b in zip(edge[::2], edge[1::2]) if b - a >= 2]


def cut_where(canals, keep):
    """Only the stretches where `keep`, one flag for each point of all canals, is true."""
    stops = np.cumsum([len(line) for *_, line in canals])
    return [(name, kind, width, piece)
            for (name, kind, width, line), flags in zip(canals, np.split(keep, stops[:-1]))
            for piece in runs(line, flags)]


def clip_canals(canals, outline):
    """Cut at the border and the coast."""
    return cut_where(canals, inside(outline["land"], np.vstack([line for *_, line in canals])))


def drop_some(canals):
    """A few ditches were filled in: the mesh is no longer complete."""
    dice = random("filled ditches")
    return [c for c in canals if c[1] != "ditch" or dice.random() > 0.12]
