#!/usr/bin/python3
"""Draw a scenario as a map: water, roads, places, floods and incidents.

    draw.py IN.gpkg OUT.png [--bbox MIN_LON MIN_LAT MAX_LON MAX_LAT] [--scenario typhoon-100]
"""
import argparse
import sqlite3

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.collections import LineCollection, PolyCollection  # noqa: E402

from geopackage import points_of  # noqa: E402
from plane import LAT0, to_plane  # noqa: E402

LAND, WATER, CASING, FLOOD = "#f7f5ee", "#a3cbe2", "#6b6b6b", "#3b6fb6"
# class: colour, width in points at one kilometre to the inch
STYLE = {"track": ("#bfa878", 0.5), "service": ("#ffffff", 0.6), "residential": ("#ffffff", 0.9),
         "unclassified": ("#ffffff", 1.1), "tertiary": ("#fffbe0", 1.6),
         "secondary": ("#f6e27a", 2.1), "primary": ("#fdc36a", 2.6), "trunk": ("#f4a582", 3.0),
         "motorway_link": ("#d6604d", 1.4), "motorway": ("#d6604d", 2.4)}
SEVERITY = {"minor": "#ffd54f", "moderate": "#fb8c00", "severe": "#e53935", "extreme": "#7b1fa2"}
INCHES, DPI = 13.0, 110


def shapes(db, sql, *values):
    """Rows of (attributes..., geometry) with the geometry as coordinates."""
    return [(*row[:-1], points_of(row[-1])) for row in db.execute(sql, values)]


def within(rows, bbox):
    return [r for r in rows if (r[-1].max(axis=0) >= bbox[:2]).all()
            and (r[-1].min(axis=0) <= bbox[2:]).all()]


def draw_water(ax, db, bbox, points_per_m):
    areas = within(shapes(db, "SELECT class, geom FROM water_area"), bbox)
    ax.add_collection(PolyCollection([ring for _, ring in areas], color=WATER, linewidth=0))
    ways = within(shapes(db, "SELECT width_m, geom FROM waterway"), bbox)
    ax.add_collection(LineCollection([line for _, line in ways], colors=WATER,
                                     linewidths=[max(0.3, w * points_per_m) for w, _ in ways]))


def draw_roads(ax, db, bbox, zoom):
    rows = within(shapes(db, "SELECT class, bridge, geom FROM edge"), bbox)
    for is_casing in (True, False):
        for name, (colour, width) in STYLE.items():
            lines = [line for kind, _, line in rows if kind == name]
            wide = width * zoom + (0.5 * min(1, zoom) if is_casing else 0)
            if is_casing and name == "track":
                continue
            ax.add_collection(LineCollection(lines, colors=CASING if is_casing else colour,
                                             linewidths=wide, capstyle="butt"))
    if zoom > 0.8:
        bridges = [line for _, is_bridge, line in rows if is_bridge]
        ax.add_collection(LineCollection(bridges, colors="#333333", linewidths=0.4))


def draw_events(ax, db, bbox, scenario):
    floods = shapes(db, "SELECT geom FROM hazard WHERE scenario = ?", scenario)
    ax.add_collection(PolyCollection([ring for ring, in within(floods, bbox)], facecolor=FLOOD,
                                     edgecolor=FLOOD, alpha=0.25, linewidth=0.6))
    incidents = "SELECT severity, geom FROM incident WHERE scenario = ?"
    for severity, at in shapes(db, incidents, scenario):
        ax.plot(*at[0], "o", ms=6, color=SEVERITY[severity], mec="black", mew=0.5)


def draw_places(ax, db, bbox, zoom):
    level = ("town", "village") if zoom > 0.6 else ("town",)
    rows = shapes(db, "SELECT level, name_en, geom FROM place WHERE level IN ('town', 'village')")
    for kind, name, at in within(rows, bbox):
        if kind in level:
            ax.plot(*at[0], "k.", ms=4 if kind == "town" else 2)
        if kind == "town":
            ax.annotate(name, at[0], xytext=(3, 3), textcoords="offset points", fontsize=8)


def draw(db, out, bbox, scenario):
    size_m = to_plane(bbox[2:]) - to_plane(bbox[:2])
    figure, ax = plt.subplots(figsize=(INCHES, INCHES * size_m[1] / size_m[0]), facecolor=LAND)
    points_per_m = INCHES * 72 / size_m[0]
    zoom = float(np.clip(points_per_m / 0.05, 0.3, 2.2))
    draw_water(ax, db, bbox, points_per_m)
    draw_roads(ax, db, bbox, zoom)
    if scenario:
        draw_events(ax, db, bbox, scenario)
    draw_places(ax, db, bbox, zoom)
    ax.set(xlim=bbox[::2], ylim=bbox[1::2], aspect=1 / np.cos(np.radians(LAT0)))
    ax.set_axis_off()
    figure.subplots_adjust(0, 0, 1, 1)
    figure.savefig(out, dpi=DPI)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("input", help="GeoPackage of generate.py")
    parser.add_argument("output", help="picture to write, .png or .pdf")
    parser.add_argument("--bbox", nargs=4, type=float, default=(120.26, 30.27, 121.29, 31.03),
                        metavar=("MIN_LON", "MIN_LAT", "MAX_LON", "MAX_LAT"))
    parser.add_argument("--scenario", help="draw its floods and incidents too")
    arguments = parser.parse_args()
    db = sqlite3.connect(f"file:{arguments.input}?mode=ro", uri=True)
    draw(db, arguments.output, np.array(arguments.bbox), arguments.scenario)


if __name__ == "__main__":
    main()
