"""Where the land ends: the prefecture's border, the coast of Hangzhou Bay, the lakes.

Border and coast are sketched by hand through a few dozen points, a kilometre or two from the
truth. South Lake, Xiangjiadang, Fenhu and the lake of Nanbei are where they really are; the
many small ponds of the north are synthetic.
"""
import numpy as np
from shapely.geometry import LineString, Polygon

from plane import blob, inside, normals, random, spline, to_plane

COAST = [(120.26, 30.372), (120.33, 30.378), (120.42, 30.393), (120.49, 30.402), (120.55, 30.402),
         (120.61, 30.388), (120.67, 30.357), (120.715, 30.318), (120.765, 30.296),
         (120.815, 30.315), (120.855, 30.345), (120.893, 30.366), (120.928, 30.385),
         (120.945, 30.425), (120.962, 30.462), (120.972, 30.515), (120.993, 30.553),
         (121.035, 30.580), (121.090, 30.588), (121.140, 30.615), (121.195, 30.648),
         (121.262, 30.690), (121.33, 30.712)]
BORDER = [(121.268, 30.692), (121.258, 30.735), (121.215, 30.782), (121.162, 30.792),
          (121.140, 30.838), (121.098, 30.872), (121.040, 30.868), (121.022, 30.905),
          (121.020, 30.945), (120.978, 30.968), (120.945, 30.998), (120.902, 31.014),
          (120.852, 31.012), (120.802, 31.006), (120.770, 30.995), (120.762, 30.960),
          (120.712, 30.962), (120.668, 30.948), (120.632, 30.895), (120.575, 30.872),
          (120.532, 30.838), (120.478, 30.828), (120.435, 30.795), (120.428, 30.725),
          (120.375, 30.692), (120.318, 30.668), (120.288, 30.590), (120.300, 30.530),
          (120.288, 30.468), (120.302, 30.420), (120.285, 30.374)]
LAKES = [("南湖", 120.7615, 30.7520, 520), ("湘家荡", 120.8060, 30.8270, 1050),
         ("汾湖", 120.8560, 31.0020, 1250), ("南北湖", 120.8480, 30.3980, 620),
         ("麟湖", 120.7450, 30.8670, 420), ("梅家荡", 120.7380, 30.9120, 780),
         ("祥符荡", 120.9130, 30.9650, 760), ("沉香荡", 120.9130, 30.9250, 520),
         ("天花荡", 120.6820, 30.8550, 480), ("和平荡", 120.6370, 30.8640, 420),
         ("夏墓荡", 120.8300, 30.9370, 700), ("九龙山塘", 121.1080, 30.6150, 260)]
POND_COUNT, NORTH_M = 70, 16000
SEA_CORNERS = [(121.42, 30.70), (121.42, 30.22), (120.26, 30.22)]


def rough_line(lonlat, name, sway, step):
    """A smooth line with small waves across it, still at both ends."""
    line = spline(to_plane(lonlat), step)
    dice, at = random(name), np.linspace(0, 1, len(line))
    length = len(line) * step
    waves = sum(np.sin(at * 2 * np.pi * length / w + dice.uniform(0, 6.3)) * sway * w / 3000
                for w in (900, 1700, 3000))
    return line + normals(line) * (waves * np.minimum(1, 20 * at * (1 - at)))[:, None]


def make_outline():
    coast = rough_line(COAST, "coast", 60, 150)
    sea = np.vstack([coast, to_plane(SEA_CORNERS)])
    inland = rough_line(BORDER, "border", 140, 200)
    offshore = to_plane(SEA_CORNERS[2:0:-1])
    border = Polygon(np.vstack([inland, offshore])).buffer(0)
    border = max(getattr(border, "geoms", [border]), key=lambda g: g.area)
    land = border.difference(Polygon(sea).buffer(1))
    land = max(getattr(land, "geoms", [land]), key=lambda g: g.area)
    return {"coast": coast, "sea": sea, "land_polygon": land,
            "land": np.array(land.exterior.coords)[:-1], "coast_line": LineString(coast)}


def make_lakes(outline, avoid):
    """The named lakes, and ponds in the north where `avoid` (points of main roads, canals and
    towns, with the distance to keep) leaves room. Each is (name, outline)."""
    dice = random("lakes")
    lakes = [(name, smooth(blob(to_plane((lon, lat)), radius, dice, 0.3)))
             for name, lon, lat, radius in LAKES]
    low, high = outline["land"].min(axis=0), outline["land"].max(axis=0)
    taken = [(to_plane((lon, lat)), radius) for _, lon, lat, radius in LAKES]
    while len(lakes) < len(LAKES) + POND_COUNT:
        center = dice.uniform(low, high)
        radius = float(np.exp(dice.normal(np.log(210), 0.45)))
        too_far_south = dice.random() > (center[1] + 6000) / NORTH_M
        if too_far_south or not inside(outline["land"], center[None])[0]:
            continue
        if any(np.hypot(*(center - c)) < radius + r + 500 for c, r in taken):
            continue
        if any(tree.query(center)[0] < radius * 1.5 + keep for tree, keep in avoid):
            continue
        taken.append((center, radius))
        lakes.append((None, smooth(blob(center, radius, dice, 0.35))))
    return lakes


def smooth(polygon):
    return spline(np.vstack([polygon, polygon[:1]]), 40)[:-1]


def in_water(points, outline, lakes):
    wet = inside(outline["sea"], points)
    for _, lake in lakes:
        wet |= inside(lake, points)
    return wet


def on_land(points, outline):
    return inside(outline["land"], points)
