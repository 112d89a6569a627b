"""Where the towns spread and the villages lie.

Town centres are facts; how far a town spreads is guessed from its population and the share of
communities among its villages. Village positions are synthetic: each town's rural land is
shared evenly among its villages, each at the bank of a canal, and its built-up land among its
communities.
"""
import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.spatial import cKDTree

from outline import in_water, on_land
from plane import blob, inside, random

RADIUS_M_OF_10000, RADIUS_LIMITS_M = 590, (520, 2400)
SAMPLE_M = 160       # spacing of the points by which built-up land is shared
HAMLET_GAP_M = 1250  # a hamlet lies where no village is nearer than this


def urban_population(town):
    share = town["communities"] / (town["communities"] + town["villages"])
    return town["population"] * share


def spread_towns(facts):
    """Adds to every town its built-up outline."""
    dice = random("towns")
    for town in facts["towns"]:
        radius = RADIUS_M_OF_10000 * np.sqrt(urban_population(town) / 1e4)
        town["radius"] = float(np.clip(radius, *RADIUS_LIMITS_M))
        town["outline"] = blob(town["xy"], town["radius"], dice, 0.22, 60)


def in_towns(points, towns):
    """The index of the town whose built-up land holds the point, or -1."""
    index = np.full(len(points), -1)
    for i, town in enumerate(towns):
        index[inside(town["outline"], points)] = i
    return index


def share_out(candidates, count, dice):
    """`count` of the candidates, spread evenly: those nearest to the means of k clusters."""
    count = min(count, len(candidates))
    start = candidates[dice.choice(len(candidates), count, replace=False)]
    means, _ = kmeans2(candidates, start, iter=12, minit="matrix", missing="warn")
    tree, chosen = cKDTree(candidates), []
    for mean in means:
        order = np.atleast_1d(tree.query(mean, k=min(40, len(candidates)))[1])
        chosen.append(next((i for i in order if i not in chosen), order[0]))
    return candidates[chosen]


def built_up_points(towns):
    points = []
    for town in towns:
        low, high = town["outline"].min(axis=0), town["outline"].max(axis=0)
        axes = [np.arange(a, b, SAMPLE_M) for a, b in zip(low, high)]
        grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        points.append(grid[inside(town["outline"], grid)])
    return np.vstack(points)


def place_villages(facts, banks, outline, lakes):
    """Adds x, y to every village; `banks` are points along canals where one may live."""
    dice, towns = random("villages"), facts["towns"]
    centers = cKDTree(facts["town_xy"])
    dry = banks[on_land(banks, outline) & ~in_water(banks, outline, lakes)]
    rural = dry[in_towns(dry, towns) < 0]
    urban = built_up_points(towns)
    urban = urban[on_land(urban, outline) & ~in_water(urban, outline, lakes)]
    rural_town, urban_town = centers.query(rural)[1], centers.query(urban)[1]
    for i, town in enumerate(towns):
        for is_urban, points, owner in ((False, rural, rural_town), (True, urban, urban_town)):
            mine = [v for v in facts["villages"]
                    if v["parent"] == town["code"] and v["is_urban"] == is_urban]
            land = points[owner == i] if (owner == i).sum() >= len(mine) else urban[urban_town == i]
            share_population(mine, town, is_urban)
            if mine:
                for village, xy in zip(mine, share_out(land, len(mine), dice)):
                    village["xy"] = xy


def place_hamlets(facts, banks, outline, lakes):
    """Places without a name of their own that fill the gaps between the villages."""
    dice, chosen = random("hamlets"), []
    dry = banks[on_land(banks, outline) & ~in_water(banks, outline, lakes)]
    dry = dry[in_towns(dry, facts["towns"]) < 0]
    villages = np.array([v["xy"] for v in facts["villages"]] + [t["xy"] for t in facts["towns"]])
    free = dice.permutation(dry[cKDTree(villages).query(dry)[0] > HAMLET_GAP_M])
    tree, blocked = cKDTree(free), np.zeros(len(free), bool)
    for i, point in enumerate(free):
        if not blocked[i]:
            chosen.append(i)
            blocked[tree.query_ball_point(point, HAMLET_GAP_M)] = True
    return free[chosen]


def share_population(villages, town, is_urban):
    total = urban_population(town)
    total = total if is_urban else town["population"] - total
    for village in villages:
        village["population"] = int(round(total / len(villages) / 10)) * 10
