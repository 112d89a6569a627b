"""Where motorways meet roads and each other: diamonds, cloverleaves, and ends.

Ramps are smooth curves that leave a carriageway along its direction and arrive along that of
the other road. They are decks of their own: their two ends join, nothing else does.
"""
import numpy as np

from canals import runs
from crossing import proper_crossings
from outline import on_land

SPACING_M = 3800        # between exits
KEEP_FROM_JUNCTION_M = 2600
BORDER_M = 1500


def crossings(line, other):
    """Where two lines cross: [(index along line, index along other, point)], fractions kept."""
    i, j, t, u = proper_crossings(line[:-1], line[1:], other[:-1], other[1:])
    return [(a, b, at(line, a)) for a, b in zip(i + t, j + u)]


def at(line, index):
    index = min(max(index, 0), len(line) - 1.0)
    i = min(int(index), len(line) - 2)
    return line[i] + (line[i + 1] - line[i]) * (index - i)


def direction(line, index):
    step = at(line, index + 0.5) - at(line, index - 0.5)
    return step / np.hypot(*step)


def curve(a, toward, via, b):
    """A cubic Bezier curve."""
    t = np.linspace(0, 1, 15)[:, None]
    return (1 - t)**3 * a + 3 * t * (1 - t)**2 * toward + 3 * t**2 * (1 - t) * via + t**3 * b


class Drive:
    """One carriageway, and the way along it from the point of the crossing."""

    def __init__(self, line, crossing_point, step):
        self.line, self.step = line, step
        self.zero = np.hypot(*(line - crossing_point).T).argmin()

    def point(self, metres):
        return at(self.line, self.zero + metres / self.step)

    def heading(self, metres):
        return direction(self.line, self.zero + metres / self.step)

    def reaches(self, metres):
        return 2 <= self.zero + metres / self.step <= len(self.line) - 3


def spacing(line):
    return np.hypot(*np.diff(line, axis=0).T).mean()


def diamond(ways, road, road_index, point):
    """Four ramps between both carriageways and an ordinary road that passes under or over."""
    ramps = []
    step = spacing(road)
    for way in ways:
        drive = Drive(way, point, spacing(way))
        if not (drive.reaches(-520) and drive.reaches(520)):
            return []
        ahead = drive.heading(0)
        right = np.array([ahead[1], -ahead[0]])
        sign = 1 if direction(road, road_index) @ right > 0 else -1
        foot_index = road_index + sign * 190 / step
        if not 1 < foot_index < len(road) - 2:
            return []
        foot, back = at(road, foot_index), -sign * direction(road, foot_index)
        off, on = drive.point(-500), drive.point(500)
        ramps.append(curve(off, off + drive.heading(-500) * 280, foot - ahead * 120, foot))
        ramps.append(curve(foot, foot + ahead * 120, on - drive.heading(500) * 280, on))
    return ramps


def turns(ways, others, point):
    """From one motorway to the other: right turns outside, left turns by three quarters of a
    loop. Both ways round it makes a cloverleaf."""
    ramps = []
    for a in (Drive(w, point, spacing(w)) for w in ways):
        for b in (Drive(w, point, spacing(w)) for w in others):
            ahead, aside = a.heading(0), b.heading(0)
            turns_right = ahead[0] * aside[1] - ahead[1] * aside[0] < 0
            out, back, bulge = (-620, 620, 330) if turns_right else (170, -170, 330)
            if not (a.reaches(out) and b.reaches(back)):
                continue
            p, q = a.point(out), b.point(back)
            ramps.append(curve(p, p + a.heading(out) * bulge, q - b.heading(back) * bulge, q))
    return ramps


def trim(motorways, roads, outline, border_distance):
    """A motorway ends at the border, or else at the last road it crosses."""
    trimmed = []
    for name, speed, line in motorways:
        line = max(runs(line, on_land(line, outline)), key=len)
        for _ in range(2):
            if border_distance(line[0]) > BORDER_M:
                met = [i for _, road in roads for i, _, _ in crossings(line, road)]
                line = line[int(np.ceil(min(met))):]
            line = line[::-1]
        trimmed.append((name, speed, line))
    return trimmed


def junctions(motorways, ways):
    """-> ramps of all places where motorways cross, and those places."""
    ramps, points = [], []
    for i, (_, _, line) in enumerate(motorways):
        for j in range(i):
            for _, _, point in crossings(line, motorways[j][2]):
                ramps += turns(ways[i], ways[j], point) + turns(ways[j], ways[i], point)
                points.append(point)
    return ramps, points


def exits(motorways, ways, roads, junction_points):
    """-> ramps of the interchanges with numbered and county roads."""
    ramps = []
    for (_, _, line), pair in zip(motorways, ways):
        found = [(rank, i, j, road, point) for rank, road in roads
                 for i, j, point in crossings(line, road)]
        taken = list(junction_points)
        for rank, i, j, road, point in sorted(found, key=lambda f: f[:3]):
            near = [np.hypot(*(point - t)) for t in taken]
            limits = [KEEP_FROM_JUNCTION_M] * len(junction_points)
            limits += [SPACING_M] * (len(taken) - len(limits))
            if any(d < limit for d, limit in zip(near, limits)):
                continue
            made = diamond(pair, road, j, point)
            if made:
                taken.append(point)
                ramps += made
    return ramps


def ends(motorways, ways, roads, outline_distance):
    """At the border a carriageway turns back into the other, standing for the next exit
    beyond it; an end inside the prefecture runs out into the nearest numbered road."""
    links = []
    vertices = np.vstack([road for _, road in roads])
    for (_, _, line), (right, left) in zip(motorways, ways):
        for out, back in ((right[-1], left[0]), (left[-1], right[0])):
            if outline_distance(out) < BORDER_M:
                links.append(np.vstack([out, (out + back) / 2, back]))
                continue
            road = vertices[np.hypot(*(vertices - out).T).argmin()]
            links.append(np.vstack([out, road]))
            links.append(np.vstack([road, back]))
    return links
