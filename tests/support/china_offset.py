"""GCJ-02 and BD-09 from WGS 84, written apart from the library for tests to compare with."""

import math


def gcj02(lon, lat):
    """The formula as it is usually written, latitude and longitude apart."""
    a, ee, pi, x, y = 6378245.0, 0.00669342162296594323, math.pi, lon - 105, lat - 35
    both = 20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)
    north = (-100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
             + (both + 20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)
                + 160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3)
    east = (300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
            + (both + 20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)
               + 150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3)
    radians = lat / 180 * pi
    magic = 1 - ee * math.sin(radians) ** 2
    return (lon + east * 180 / (a / math.sqrt(magic) * math.cos(radians) * pi),
            lat + north * 180 / (a * (1 - ee) / (magic * math.sqrt(magic)) * pi))


def bd09(lon, lat):
    x, y = gcj02(lon, lat)
    turn = math.pi * 3000 / 180
    z = math.sqrt(x * x + y * y) + 0.00002 * math.sin(y * turn)
    theta = math.atan2(y, x) + 0.000003 * math.cos(x * turn)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006
