"""The drawing board: a local plane in metres, and the warp that makes straight lines grow.

Longitude and latitude become x (east) and y (north) by the ellipsoid's radii at one point;
over this prefecture that is true to half a percent, which is enough to draw by. Lengths that
are written to the file are not taken from the plane but from `length_m`.

Polders, canals, lanes and streets are drawn with straight lines on a second board (u, v) and
bent together by `warp`, a sum of waves. Things drawn parallel stay side by side, things that
meet still meet, and nothing looks ruled. The steepness of the waves sums to less than one, so
the warp never folds and can be undone by iteration.
"""
import zlib

import numpy as np
from scipy.spatial import cKDTree

SEED = 20260915
LON0, LAT0 = 120.75, 30.65
A_M, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)

# wavelength, summed amplitude, number of waves: bends of the land, of a canal, of its banks
WAVES = ((7000.0, 300.0, 5), (2300.0, 105.0, 6), (620.0, 22.0, 8))


def random(name):
    """A generator of its own for each job, so that no job disturbs another's dice."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def radii_m(lat_deg):
    """Metres in a radian along the meridian and along the parallel."""
    sine = np.sin(np.radians(lat_deg))
    w = np.sqrt(1 - E2 * sine * sine)
    return A_M * (1 - E2) / w**3, A_M / w * np.cos(np.radians(lat_deg))


MERIDIAN_M, PARALLEL_M = radii_m(LAT0)
SCALE = np.radians([PARALLEL_M, MERIDIAN_M])  # metres in a degree


def to_plane(lonlat):
    return (np.asarray(lonlat, float) - (LON0, LAT0)) * SCALE


def to_lonlat(xy):
    """Rounded to 1e-7 degrees, a centimetre, as map data usually is."""
    return np.round(np.asarray(xy) / SCALE + (LON0, LAT0), 7)


def segment_lengths_m(a, b):
    """Geodesic length of short segments between lon/lat points, by the radii half way.
    Good to a millimetre over kilometres."""
    meridian, parallel = radii_m((a[:, 1] + b[:, 1]) / 2)
    east, north = np.radians(b - a).T
    return np.hypot(east * parallel, north * meridian)


def _waves():
    dice = random("warp")
    number_vector, shift, amplitude = [], [], []
    for wavelength, total, count in WAVES:
        turn = np.linspace(0, np.pi, count, endpoint=False) + dice.uniform(0, 0.5, count)
        number = 2 * np.pi / (wavelength * dice.uniform(0.85, 1.2, count))
        number_vector.append(np.column_stack([np.cos(turn), np.sin(turn)]) * number[:, None])
        shift.append(dice.uniform(0, 2 * np.pi, (count, 2)))
        amplitude.append(np.full(count, total / count))
    return np.vstack(number_vector), np.vstack(shift), np.concatenate(amplitude)


WAVE_NUMBER, WAVE_SHIFT, WAVE_AMPLITUDE = _waves()


def _displacement(uv):
    """Without matrix products: their last bits depend on how many threads share them."""
    phase = uv[:, :1] * WAVE_NUMBER[:, 0] + uv[:, 1:] * WAVE_NUMBER[:, 1]
    return np.column_stack([(np.sin(phase + WAVE_SHIFT[:, i]) * WAVE_AMPLITUDE).sum(axis=1)
                            for i in (0, 1)])


def warp(uv):
    """Rounded to a micrometre, so that sines of another make lead to the same map."""
    return np.round(uv + _displacement(uv), 6)


def unwarp(xy):
    uv = np.array(xy, float)
    for _ in range(40):
        uv = xy - _displacement(uv)
    return uv


def densify(line, step):
    """The line with more points, none farther apart than `step`."""
    gaps = np.hypot(*np.diff(line, axis=0).T)
    counts = np.maximum(1, np.ceil(gaps / step)).astype(int)
    which = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    points = line[which] + (np.diff(line, axis=0)[which] * (within / counts[which])[:, None])
    return np.vstack([points, line[-1:]])


def spline(points, step=60.0):
    """A smooth line through points (centripetal Catmull-Rom), evenly spaced."""
    p = np.asarray(points, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    knot = np.concatenate([[0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))])
    pieces = [_catmull_rom(p[i - 1:i + 3], knot[i - 1:i + 3]) for i in range(1, len(p) - 2)]
    return resample(np.vstack(pieces + [p[-2:-1]]), step)


def _catmull_rom(p, k):
    """Barry and Goldman's pyramid between the two middle points."""
    t = np.linspace(k[1], k[2], 40, endpoint=False)[:, None]

    def between(a, b, i, j):
        return ((k[j] - t) * a + (t - k[i]) * b) / (k[j] - k[i])

    a = [between(p[i], p[i + 1], i, i + 1) for i in range(3)]
    b = [between(a[i], a[i + 1], i, i + 2) for i in range(2)]
    return between(b[0], b[1], 1, 2)


def resample(line, step):
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0, along[-1], max(2, int(np.ceil(along[-1] / step)) + 1))
    return np.column_stack([np.interp(at, along, line[:, i]) for i in (0, 1)])


def normals(line):
    """Unit normals to the right of the line at its points."""
    t = np.gradient(line, axis=0)
    t /= np.hypot(*t.T)[:, None]
    return np.column_stack([t[:, 1], -t[:, 0]])


def blob(center, radius, dice, rough=0.18, count=48):
    """A closed, rounded, irregular outline."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    r = 1 + sum(dice.normal(0, rough / k) * np.cos(k * turn + dice.uniform(0, 6.3))
                for k in range(2, 7))
    r = radius * np.clip(r, 0.5, 1.6)
    return np.asarray(center) + np.column_stack([np.cos(turn), np.sin(turn)]) * r[:, None]


FEW_POINTS, COARSE_M = 4000, 400.0


def inside(polygon, points):
    """Which points are inside the polygon."""
    result = np.zeros(len(points), bool)
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    near = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
    few = len(near) < FEW_POINTS or np.ptp(polygon, axis=0).max() < 20 * COARSE_M
    result[near] = (inside_by_ray if few else inside_by_squares)(polygon, points[near])
    return result


def inside_by_ray(polygon, points):
    """By counting how often a ray from the point crosses the outline."""
    x, y = points.T
    odd = np.zeros(len(points), bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0)):
        if y0 != y1:
            spans = (y0 > y) != (y1 > y)
            odd ^= spans & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return odd


def inside_by_squares(polygon, points):
    """A square far from the outline is inside or outside as a whole: its middle is asked, and
    only points of squares near the outline are asked themselves."""
    square = np.floor(points / COARSE_M).astype(np.int64)
    _, first, group = np.unique(square[:, 0] * (1 << 32) + square[:, 1], return_index=True,
                                return_inverse=True)
    middle = (square[first] + 0.5) * COARSE_M
    outline = densify(np.vstack([polygon, polygon[:1]]), COARSE_M / 2)
    far = cKDTree(outline).query(middle)[0] > COARSE_M
    result = inside_by_ray(polygon, middle)[group]
    close = np.flatnonzero(~far[group])
    result[close] = inside_by_ray(polygon, points[close])
    return result
