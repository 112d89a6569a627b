#!/usr/bin/env python3
"""Draw the pictures of docs/algorithms from what muster answers on the home scenario.

    PYTHONPATH=build/release/bindings/python build/python-packages/bin/python docs/images/algorithms.py \
        build/release/data/jiaxing.gpkg docs/images/algorithms

The order of the nodes comes from the file; ways, tables, areas and plans from the library. Colours are those of Okabe
and Ito, which people with any kind of colour vision tell apart.
"""

import argparse
import pathlib
import sqlite3

import geopandas
import matplotlib
import numpy as np
import shapely
from matplotlib import pyplot
from matplotlib.collections import LineCollection

import muster

matplotlib.use("Agg")
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW, BLACK = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#222222")
PALE, ROAD = "#c9ced3", "#8b939b"
STYLE = {"font.size": 10, "font.family": "sans-serif", "svg.hashsalt": "muster", "svg.fonttype": "none",
         "axes.spines.top": False, "axes.spines.right": False, "figure.dpi": 100, "savefig.facecolor": "white"}
METRES = 4549  # a projection of the place, for straight lines


# ---- what several pictures need -------------------------------------------------------------

class City:
    """The home scenario, and its roads as lines on a map."""

    def __init__(self, path):
        self.path = path
        self.scenario = muster.Scenario.load(path, "typhoon-100")
        self.network = self.scenario.network
        self.lon, self.lat = np.array(self.network.node_lon), np.array(self.network.node_lat)
        self.source, self.target = np.array(self.network.edge_source), np.array(self.network.edge_target)
        self.aspect = 1 / np.cos(np.radians(self.lat.mean()))

    def draw_roads(self, axes, of=None, color=PALE, width=0.25, box=None):
        chosen = np.arange(len(self.source)) if of is None else of
        if box is not None:
            west, south, east, north = box
            at = self.source[chosen]
            chosen = chosen[(self.lon[at] > west) & (self.lon[at] < east) & (self.lat[at] > south) & (self.lat[at] < north)]
        ends = np.stack([self.source[chosen], self.target[chosen]], axis=1)
        axes.add_collection(LineCollection(np.stack([self.lon[ends], self.lat[ends]], axis=2), colors=color,
                                           linewidths=width, zorder=1, rasterized=True))
        axes.set_aspect(self.aspect)
        axes.set_axis_off()

    def ranks(self):
        """The order in which the file says that nodes are eliminated, by number of node."""
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as file:
            rank = dict(file.execute("SELECT id, rank FROM node"))
        return np.array([rank[i] for i in self.network.node_id.tolist()])


def elimination_tree(rank, source, target):
    """Parent of each rank, -1 of a root (Liu 1990): the lowest upper neighbour once all below are gone."""
    count = len(rank)
    below = [[] for _ in range(count)]
    for a, b in zip(rank[source].tolist(), rank[target].tolist()):
        if a != b:
            below[max(a, b)].append(min(a, b))
    parent, top = [-1] * count, list(range(count))  # `top`: towards the root so far, paths made short
    for node in range(count):
        for low in below[node]:
            while top[low] != node and parent[low] != -1:
                top[low], low = node, top[low]
            if parent[low] == -1 and low != node:
                parent[low], top[low] = node, node
    return np.array(parent)


def ancestors(parent, node):
    way = [node]
    while parent[way[-1]] >= 0:
        way.append(int(parent[way[-1]]))
    return way


def dissection_levels(parent, small):
    """Level of the separator that each rank belongs to: 0 the topmost; it rises where the tree branches into parts
    that are not small."""
    count = len(parent)
    size, large_children = np.ones(count, int), np.zeros(count, int)
    for node in range(count):
        if parent[node] >= 0:
            size[parent[node]] += size[node]
    for node in range(count):
        if parent[node] >= 0 and size[node] >= small:
            large_children[parent[node]] += 1
    level = np.zeros(count, int)
    for node in range(count - 1, -1, -1):
        if parent[node] >= 0:
            level[node] = level[parent[node]] + (large_children[parent[node]] >= 2)
    return level, size


def save(figure, folder, name):
    """Vectors as SVG without a date, so that the same picture is the same file; what has many lines as PNG."""
    path = folder / name
    if path.suffix == ".svg":
        figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    else:
        from PIL import Image
        figure.savefig(path, bbox_inches="tight", dpi=130)
        image = Image.open(path).convert("RGB").quantize(96, Image.Quantize.MAXCOVERAGE, kmeans=2,
                                                         dither=Image.Dither.NONE)
        image.save(path, optimize=True)
    pyplot.close(figure)


# ---- the order, and what a search sees ------------------------------------------------------

def draw_dissection(city, folder):
    rank = city.ranks()
    parent = elimination_tree(rank, city.source, city.target)
    level, size = dissection_levels(parent, small=3000)
    by_node = level[rank]
    on_separator = size[rank] >= 3000
    figure, axes = pyplot.subplots(figsize=(9, 6.2))
    city.draw_roads(axes)
    for number, color in reversed(list(enumerate((RED, ORANGE, GREEN, BLUE, PURPLE)))):
        of = on_separator & (by_node == number)
        axes.scatter(city.lon[of], city.lat[of], s=42 - 8 * number, color=color, zorder=10 - number, linewidths=0.3,
                     edgecolors="white", label=f"{('first', 'second', 'third', 'fourth', 'fifth')[number]} cut: {of.sum()} nodes")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="upper left", frameon=True, framealpha=0.9, edgecolor="none")
    save(figure, folder, "dissection.png")


def draw_search(city, folder):
    """The same way, as Dijkstra's algorithm finds it and as the tree does."""
    rank = city.ranks()
    parent = elimination_tree(rank, city.source, city.target)
    metric = city.network.metric("light")
    ends = np.array([[120.7612, 30.7534], [121.0890, 30.6080]])
    nodes = [int(np.argmin((city.lon - x) ** 2 + ((city.lat - y) * city.aspect) ** 2)) for x, y in ends]
    places = np.column_stack([city.lon, city.lat])
    from_start = metric.matrix(places[nodes[:1]], places).duration_ms[0]
    settled = from_start <= from_start[nodes[1]]
    node_of_rank = np.argsort(rank)
    climbs = [node_of_rank[ancestors(parent, int(rank[node]))] for node in nodes]
    route = metric.route(*places[nodes])
    figure, axes = pyplot.subplots(1, 2, figsize=(12, 4.6))
    for ax, title in zip(axes, (f"Dijkstra: {settled.sum():,} nodes settled",
                                f"Elimination tree: {len(climbs[0])} and {len(climbs[1])} nodes climbed")):
        city.draw_roads(ax)
        ax.plot(route.lon, route.lat, color=BLACK, linewidth=1.6, zorder=5)
        ax.scatter(*places[nodes].T, s=40, color=BLACK, zorder=6)
        ax.set_title(title, fontsize=11)
    axes[0].scatter(city.lon[settled], city.lat[settled], s=0.6, color=SKY, zorder=2)
    for climb, color, marker in zip(climbs, (RED, BLUE), ("o", "s")):
        axes[1].scatter(city.lon[climb], city.lat[climb], s=14, color=color, marker=marker, zorder=4)
    save(figure, folder, "search.png")


def draw_selection(city, folder):
    """All that paths to the towns come down through: what a table to them sweeps."""
    rank = city.ranks()
    parent = elimination_tree(rank, city.source, city.target)
    node_of_rank = np.argsort(rank)
    places = geopandas.read_file(city.path, layer="place")
    towns = places[places.level == "town"].geometry
    ends = [int(np.argmin((city.lon - p.x) ** 2 + ((city.lat - p.y) * city.aspect) ** 2)) for p in towns]
    selected = sorted({r for end in ends for r in ancestors(parent, int(rank[end]))})
    of = node_of_rank[selected]
    figure, axes = pyplot.subplots(figsize=(8.2, 5.8))
    city.draw_roads(axes)
    axes.scatter(city.lon[of], city.lat[of], s=3.5, color=BLUE, zorder=3, label=f"{len(of):,} of {len(rank):,} nodes swept")
    axes.scatter(city.lon[ends], city.lat[ends], s=34, marker="s", color=RED, zorder=4, edgecolors="white", linewidths=0.6,
                 label=f"{len(ends)} towns")
    axes.legend(loc="upper left", frameon=False, markerscale=1.5)
    save(figure, folder, "selection.png")


def grid(side):
    """A town of side x side junctions, and its order as muster makes it."""
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    number = np.arange(side * side).reshape(side, side)
    source = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    target = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    network = muster.Network.from_arrays(120 + column * 0.005, 30 + row * 0.005, source, target, np.full(len(source), 500.0))
    return column, row, source, target, network


def draw_tree(folder, work):
    side = 9
    column, row, source, target, network = grid(side)
    network.build_hierarchy()
    network.save(work / "grid.gpkg")
    with sqlite3.connect(work / "grid.gpkg") as file:
        rank = np.array([r for _, r in sorted(file.execute("SELECT id, rank FROM node"))])
    parent = elimination_tree(rank, source, target)
    level, size = dissection_levels(parent, small=8)
    colors = np.array([(RED, ORANGE, GREEN, BLUE, SKY, SKY, SKY)[min(n, 4)] for n in level])
    colors[size < 8] = SKY
    depth = np.array([len(ancestors(parent, node)) for node in range(len(parent))])
    climbs = [ancestors(parent, int(rank[node])) for node in (side + 1, side * side - 2)]
    on_way = np.isin(np.arange(len(parent)), np.concatenate(climbs))
    children = [np.flatnonzero(parent == node) for node in range(len(parent))]
    x = np.zeros(len(parent))
    leaves = iter(range(len(parent)))
    for node in range(len(parent)):  # children before parents
        x[node] = x[children[node]].mean() if len(children[node]) else next(leaves)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.8), gridspec_kw={"width_ratios": (1, 1.25)})
    ends = np.stack([source, target], axis=1)
    left.add_collection(LineCollection(np.stack([column[ends], row[ends]], axis=2), colors=PALE, linewidths=1, zorder=1))
    left.scatter(column, row, s=np.where(on_way[rank], 190, 120), color=colors[rank], zorder=2,
                 edgecolors=np.where(on_way[rank], BLACK, "white"), linewidths=1.4)
    for node in range(len(rank)):
        left.text(column[node], row[node], rank[node], ha="center", va="center", fontsize=6.5, zorder=3,
                  color="white" if colors[rank[node]] in (RED, BLUE, GREEN) else BLACK)
    below = np.flatnonzero(parent >= 0)
    ends, both = np.stack([below, parent[below]], axis=1), on_way[below] & on_way[parent[below]]
    right.add_collection(LineCollection(np.stack([x[ends], -depth[ends]], axis=2), zorder=1,
                                        colors=np.where(both, BLACK, PALE), linewidths=np.where(both, 1.6, 0.9)))
    right.scatter(x, -depth, s=np.where(on_way, 60, 34), color=colors, zorder=2,
                  edgecolors=np.where(on_way, BLACK, "white"), linewidths=1)
    left.set_title(f"A town of {side} x {side}: the number is the rank")
    right.set_title("Its elimination tree: two climbs and where they meet")
    for ax in (left, right):
        ax.set_axis_off()
    left.set_aspect("equal")
    save(figure, folder, "tree.svg")


# ---- closures, snapping ---------------------------------------------------------------------

def draw_closure(city, folder):
    centre = geopandas.GeoSeries([shapely.Point(120.757, 30.757)], crs=4326)
    water = centre.to_crs(METRES).buffer(1000)
    outline = np.array(water.to_crs(4326).iloc[0].exterior.coords)
    base = city.network.metric("light")
    flooded = base.close(water, depth_m=0.5)
    arcs_before, arcs_after = np.array(base.duration_ms), np.array(flooded.duration_ms)
    closed = np.flatnonzero((arcs_before != arcs_after).reshape(-1, 2).any(axis=1))
    box = (120.725, 30.738, 120.79, 30.776)
    ends = np.array([[120.7395, 30.7475], [120.7765, 30.7665]])
    figure, axes = pyplot.subplots(figsize=(7.6, 5.2))
    city.draw_roads(axes, box=box, color=ROAD, width=0.5)
    city.draw_roads(axes, of=closed, color=RED, width=0.9)
    axes.fill(*outline.T, color=SKY, alpha=0.35, zorder=0, label="water, 0.5 m deep")
    for metric, color, dash, what in ((base, BLUE, "-", "before"), (flooded, ORANGE, "--", "after")):
        route = metric.route(*ends)
        axes.plot(route.lon, route.lat, color=color, linestyle=dash, linewidth=3, zorder=5,
                  label=f"{what}: {route.duration_ms / 60000:.1f} min, {route.distance_m / 1000:.1f} km")
    axes.plot([], [], color=RED, label=f"{len(closed):,} edges closed to cars")
    axes.scatter(*ends.T, s=50, color=BLACK, zorder=6)
    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])
    axes.legend(loc="lower right", framealpha=0.95, edgecolor="none")
    save(figure, folder, "closure.png")


def draw_snap(city, folder):
    box = (120.7480, 30.7535, 120.7600, 30.7605)
    random = np.random.default_rng(4)
    places = np.column_stack([random.uniform(box[0] + 0.001, box[2] - 0.001, 14),
                              random.uniform(box[1] + 0.0008, box[3] - 0.0008, 14)])
    snap = city.network.metric("heavy").snap(places).snap
    figure, axes = pyplot.subplots(figsize=(7.2, 4.9))
    city.draw_roads(axes, box=(box[0] - 0.004, box[1] - 0.004, box[2] + 0.004, box[3] + 0.004), color=ROAD, width=1.1)
    inside = (city.lon > box[0]) & (city.lon < box[2]) & (city.lat > box[1]) & (city.lat < box[3])
    axes.scatter(city.lon[inside], city.lat[inside], s=9, color=ROAD, zorder=2, label="junctions")
    for place, to in zip(places, snap):
        axes.plot([place[0], to["lon_deg"]], [place[1], to["lat_deg"]], color=ORANGE, linewidth=1.4, zorder=3)
    axes.scatter(*places.T, s=46, marker="s", color=BLUE, zorder=4, label="places")
    axes.scatter(snap["lon_deg"], snap["lat_deg"], s=30, color=RED, zorder=5, label="where they enter the road")
    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])
    axes.legend(loc="upper right", framealpha=0.95, edgecolor="none")
    save(figure, folder, "snap.png")


# ---- plans ----------------------------------------------------------------------------------

def draw_anytime(city, folder):
    """What more work brings: typhoon-300, which asks for more than there is. By work and not by time, so that it is the
    same picture on any machine."""
    problem = muster.Scenario.load(city.path, "typhoon-300")
    greedy = muster.solve(problem, method="greedy").tiers.value["unmet_need"]
    limits = [5, 10, 20, 50, 100, 200, 400, 800]
    tiers = [muster.solve(problem, time_limit=0, work_limit=limit * 1_000_000).tiers.loc["unmet_need"] for limit in limits]
    figure, axes = pyplot.subplots(figsize=(7.6, 4.2))
    axes.plot(limits, [tier.value / 1e6 for tier in tiers], color=BLUE, linewidth=2, marker="o", label="the plan")
    axes.plot(limits, [tier.bound / 1e6 for tier in tiers], color=RED, linewidth=2, linestyle="--", marker="s",
              label="its bound: no plan has less")
    axes.axhline(greedy / 1e6, color=ROAD, linewidth=1, linestyle=":")
    axes.text(limits[-1], greedy / 1e6, "nearest first ", ha="right", va="bottom", color="#555555")
    axes.set_xscale("log")
    axes.set_xticks(limits, [str(limit) for limit in limits])
    axes.minorticks_off()
    axes.set_xlabel("million steps of work; 200 are about a second")
    axes.set_ylabel("unmet need, in needs of minor severity")
    axes.legend(frameon=False, loc="center right")
    save(figure, folder, "anytime.svg")


def draw_certificate(city, folder):
    """The best bundle for one need, by the dynamic program over people, and where it may stop looking."""
    teams = geopandas.read_file(city.path, layer="team")
    with sqlite3.connect(f"file:{city.path}?mode=ro", uri=True) as file:
        able = {code for code, in file.execute("SELECT team FROM team_capability WHERE kind = 'flood_rescue'")}
    teams = teams[teams.code.isin(able) & (teams.available == 1)]
    minutes = city.network.metric("light").matrix(teams, np.array([[120.90, 30.62]])).duration_ms[:, 0] / 60000
    order = np.argsort(minutes, kind="stable")
    minutes, people, need = minutes[order], teams.people.to_numpy()[order], 120
    value = [0.0] + [np.inf] * need
    for k, (t, size) in enumerate(zip(minutes, people)):
        for there in range(need - 1, -1, -1):  # who comes serves what those before have left over
            after = min(need, there + size)
            value[after] = min(value[after], value[there] + t * (after - there))
        rest = min(v + minutes[k + 1] * (need - n) for n, v in enumerate(value[:-1]))
        if rest > value[need]:
            stop = k
            break
    count = stop + 26
    figure, axes = pyplot.subplots(figsize=(7.6, 4.0))
    axes.bar(range(count), minutes[:count], color=[BLUE if k <= stop else PALE for k in range(count)])
    axes.set_xlabel("teams that can, in order of arrival")
    axes.set_ylabel("minutes to the incident")
    axes.axvline(stop + 0.5, color=RED, linestyle="--")
    axes.set_ylim(0, 1.3 * minutes[count - 1])
    axes.text(stop + 1, 1.28 * minutes[count - 1], f"the certificate, after {stop + 1} of {len(minutes)} teams:\nwho comes later "
              "is in no bundle\nthat is as good", color=RED, va="top")
    save(figure, folder, "certificate.svg")


# ---- where to wait --------------------------------------------------------------------------

def draw_siting(city, folder):
    """Ten pump stores of the 220 warehouses by p-median: greedy and interchange on the library's table; the proof is
    muster site's."""
    sites = geopandas.read_file(city.path, layer="place")
    sites = sites[sites.level == "village"]
    stores = geopandas.read_file(city.path, layer="warehouse")
    time = city.network.metric("heavy").matrix(stores, sites).duration_ms.astype(float)
    weight = sites.population.fillna(1).to_numpy(float)
    chosen = best_places(time, weight, 10)
    serves = time[chosen].argmin(axis=0)
    figure, axes = pyplot.subplots(figsize=(8.2, 5.8))
    city.draw_roads(axes, width=0.2)
    to = stores.geometry.iloc[chosen]
    lines = [[(p.x, p.y), (to.iloc[s].x, to.iloc[s].y)] for p, s in zip(sites.geometry, serves)]
    colors = [(BLUE, ORANGE, GREEN, PURPLE, RED)[s % 5] for s in serves]
    axes.add_collection(LineCollection(lines, colors=colors, linewidths=0.4, alpha=0.7, zorder=2))
    axes.scatter(stores.geometry.x, stores.geometry.y, s=14, marker="s", color="white", edgecolors="#555555", linewidths=0.6,
                 zorder=3, label="220 warehouses")
    axes.scatter(to.x, to.y, s=90, marker="s", color=BLACK, zorder=4, label="ten that are chosen")
    axes.legend(loc="upper left", framealpha=0.95, edgecolor="none")
    save(figure, folder, "siting.png")


def best_places(time, weight, count):
    """Greedy, then one place for another as long as it helps (Teitz and Bart 1968)."""
    chosen, nearest = [], np.full(time.shape[1], np.inf)
    for _ in range(count):
        nearest_with = (np.minimum(nearest, time) * weight).sum(axis=1)
        chosen.append(int(nearest_with.argmin()))
        nearest = np.minimum(nearest, time[chosen[-1]])
    improved = True
    while improved:
        improved = False
        for at in range(count):
            rest = time[[c for i, c in enumerate(chosen) if i != at]].min(axis=0)
            cost = (np.minimum(rest, time) * weight).sum(axis=1)
            if cost.min() < cost[chosen[at]] - 1e-6:
                chosen[at], improved = int(cost.argmin()), True
    return chosen


# ---- records --------------------------------------------------------------------------------

def draw_claims(folder):
    """Two dispatchers, one unit: who asks second learns who has it."""
    figure, axes = pyplot.subplots(figsize=(8.4, 4.0))
    columns = {"desk 1": 0.0, "PostGIS": 1.0, "desk 2": 2.0}
    for name, x in columns.items():
        axes.text(x, 0.4, name, ha="center", weight="bold")
        axes.plot([x, x], [0.1, -6.4], color=PALE, linewidth=1.5, zorder=0)
    steps = [(0, 1, -0.6, BLUE, "claim T-7, V-3: one transaction"), (2, 1, -1.5, ORANGE, "claim T-7, T-9"),
             (1, 0, -2.6, BLUE, "done: orders 12 and 13"), (1, 2, -3.5, RED, "lost: desk 1 has T-7, for I-4"),
             (1, 2, -4.4, ROAD, "news: T-7, V-3 are taken"), (2, 1, -5.6, ORANGE, "plan again; claim T-9, T-2"),
             (1, 2, -6.2, BLUE, "done")]
    for begin, end, y, color, text in steps:
        axes.annotate("", (end, y), (begin, y), arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.6})
        axes.text((begin + end) / 2, y + 0.09, text, ha="center", va="bottom", fontsize=8.5)
    axes.add_patch(pyplot.Rectangle((0.96, -2.6), 0.08, 2.0, color=BLUE, alpha=0.5))
    axes.text(1.06, -2.15, "a unique index:\none holder a unit", fontsize=8, va="center", color="#444444")
    axes.set_xlim(-0.35, 2.35)
    axes.set_ylim(-6.6, 0.9)
    axes.set_axis_off()
    save(figure, folder, "claims.svg")


def draw_journal(folder):
    """Segments of records, each with a hash over itself and the one before."""
    figure, axes = pyplot.subplots(figsize=(9.2, 2.6))

    def segment(x, count, title, color, torn=False):
        axes.add_patch(pyplot.Rectangle((x, 0), 0.25 + 0.75 * count, 1.3, fill=False, edgecolor=BLACK))
        axes.text(x + 0.05, 1.4, title, fontsize=8.5)
        for i in range(count):
            is_torn = torn and i == count - 1
            axes.add_patch(pyplot.Rectangle((x + 0.15 + 0.75 * i, 0.3), 0.6, 0.7, color=PALE if is_torn else color, alpha=0.7,
                                            hatch="//" if is_torn else None, linewidth=0))
            axes.text(x + 0.45 + 0.75 * i, 0.65, "torn" if is_torn else "record\n+ hash", ha="center", va="center", fontsize=7)
            if i and not is_torn:
                axes.annotate("", (x + 0.15 + 0.75 * i, 0.18), (x - 0.3 + 0.75 * i, 0.18),
                              arrowprops={"arrowstyle": "-|>", "color": "#555555", "connectionstyle": "arc3,rad=0.5"})

    segment(0, 4, "term 1: killed while it wrote", BLUE, torn=True)
    segment(3.8, 3, "term 2: goes on behind it", GREEN)
    segment(6.85, 2, "term 3", ORANGE)
    for begin, end in ((2.1, 4.1), (5.95, 7.1)):
        axes.annotate("", (end, 0.25), (begin, 0.25), arrowprops={"arrowstyle": "-|>", "color": "#555555",
                                                                  "connectionstyle": "arc3,rad=0.35"})
    axes.set_xlim(-0.1, 9)
    axes.set_ylim(-0.5, 1.7)
    axes.set_axis_off()
    save(figure, folder, "journal.svg")


def main():
    import tempfile
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", help="the home scenario")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", help="one picture")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    pyplot.rcParams.update(STYLE)
    city = City(arguments.store)
    with tempfile.TemporaryDirectory() as work:
        pictures = {
            "tree": lambda: draw_tree(arguments.folder, pathlib.Path(work)),
            "claims": lambda: draw_claims(arguments.folder), "journal": lambda: draw_journal(arguments.folder),
            **{name: (lambda draw=draw: draw(city, arguments.folder)) for name, draw in (
                ("dissection", draw_dissection), ("search", draw_search), ("selection", draw_selection), ("closure", draw_closure), ("snap", draw_snap),
                ("anytime", draw_anytime), ("certificate", draw_certificate), ("siting", draw_siting))}}
        for name, draw in pictures.items():
            if arguments.only in (None, name):
                draw()


if __name__ == "__main__":
    main()
