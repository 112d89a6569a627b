"""What lies under each map of the notebooks: water and main roads of a store, in metres, with axes in kilometres.

Maps are drawn in CGCS2000 / 3-degree Gauss-Kruger CM 120E, in which a kilometre is as long to the north as to the
east. Colours are those of Okabe and Ito ("Color Universal Design", 2008), which colour-blind people tell apart."""

import functools

import geopandas
from matplotlib.ticker import FuncFormatter

CRS = "EPSG:4549"

BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
LAND, WATER, ROAD = "#f7f5ee", "#c9dfec", "#b9b3a5"

_WIDE_M = 40
_MAIN = {"motorway": 0.9, "trunk": 0.8, "primary": 0.6, "secondary": 0.35}  # points


def read(store, layer, **options):
    """A layer of the store, in the maps' coordinate system."""
    return geopandas.read_file(store, layer=layer, **options).to_crs(CRS)


@functools.cache
def _layers(store):
    """Of several maps of one store: read once."""
    return (read(store, "water_area", columns=["class"]),
            read(store, "waterway", columns=["width_m"], where=f"width_m >= {_WIDE_M}"),
            read(store, "edge", columns=["class"], where=f"class IN ({', '.join(map(repr, _MAIN))})"))


def base_map(ax, store, around=None, margin_m=2000):
    """Draw water and main roads, and show what lies around some geometries (else all roads)."""
    areas, ways, roads = _layers(store)
    areas.plot(ax=ax, color=WATER, zorder=0)
    ways.plot(ax=ax, color=WATER, linewidth=1, zorder=0)
    roads.plot(ax=ax, color=ROAD, linewidth=roads["class"].map(_MAIN), zorder=1)
    west, south, east, north = (roads if around is None else around.to_crs(CRS)).total_bounds
    ax.set(xlim=(west - margin_m, east + margin_m), ylim=(south - margin_m, north + margin_m), facecolor=LAND,
           aspect="equal", xlabel="easting, km (EPSG:4549)", ylabel="northing, km")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda metres, _: f"{metres / 1000:,.0f}"))
