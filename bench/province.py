"""A made-up province as a DIMACS graph: 1.4 million junctions, 3.5 million arcs.

usage: province.py FOLDER [SIDE]
Writes FOLDER/province.gr and province.co; with SIDE, a smaller one of SIDE x SIDE junctions
instead of 1,190 x 1,190, for how costs grow. A jittered grid: a minimum spanning tree of random
weights, so that everything is connected and many streets are dead ends; of the other grid edges
most in towns and few between them, so that there are places to cut it, as in real road networks;
every 16th line is a main road and every 64th a motorway, whole and faster. Always the same.
"""

import pathlib
import sys

import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

WHOLE_SIDE, STEP_DEG = 1190, 0.0025
SPEED_KMH = {1: 40, 16: 60, 64: 110}  # by the spacing of the lines
# Junctions per town; a town's radius, in junctions; of edges outside the tree, how many are kept
# in the middle of a town and between towns.
TOWN_SHARE, RADIUS, IN_TOWN, BETWEEN = 2000, (4, 30), 0.9, 0.05


def town_density(random, side, column, row):
    """1 in the middle of a town, 0 far from all. Few towns are large."""
    density = numpy.zeros((side, side))
    for _ in range(max(1, side * side // TOWN_SHARE)):
        x, y = random.integers(0, side, 2)
        radius = RADIUS[0] * (RADIUS[1] / RADIUS[0]) ** (random.random() ** 3)
        reach = int(3 * radius)
        rows = slice(max(0, y - reach), y + reach + 1)
        columns = slice(max(0, x - reach), x + reach + 1)
        near_y, near_x = numpy.mgrid[rows, columns][:, :side - rows.start, :side - columns.start]
        bump = numpy.exp(-((near_x - x) ** 2 + (near_y - y) ** 2) / (2 * radius**2))
        density[rows, columns] = numpy.maximum(density[rows, columns], bump)
    return density[row, column]


def main():
    folder = pathlib.Path(sys.argv[1])
    side = int(sys.argv[2]) if len(sys.argv) > 2 else WHOLE_SIDE
    random = numpy.random.default_rng(20)
    column, row = numpy.meshgrid(numpy.arange(side), numpy.arange(side))
    column, row = column.ravel(), row.ravel()
    jitter = random.uniform(-0.35, 0.35, (2, side * side))
    lon, lat = 118 + STEP_DEG * (column + jitter[0]), 28 + STEP_DEG * (row + jitter[1])
    node = numpy.arange(side * side)
    east, north = node[column < side - 1], node[row < side - 1]
    tail = numpy.concatenate([east, north])
    head = numpy.concatenate([east + 1, north + side])
    line = numpy.concatenate([row[east], column[north]])
    speed = numpy.full(len(tail), SPEED_KMH[1])
    for spacing in (16, 64):
        speed[line % spacing == 0] = SPEED_KMH[spacing]
    # Main roads weigh least, so the tree takes them first.
    weight = random.uniform(1, 2, len(tail)) / speed
    shape = (side * side, side * side)
    tree = minimum_spanning_tree(coo_matrix((weight, (tail, head)), shape=shape)).tocoo()
    in_tree = numpy.isin(tail * side * side + head, tree.row.astype(int) * side * side + tree.col)
    chance = BETWEEN + (IN_TOWN - BETWEEN) * town_density(random, side, column, row)[tail]
    keep = in_tree | (speed > SPEED_KMH[1]) | (random.random(len(tail)) < chance)
    tail, head, speed = tail[keep], head[keep], speed[keep]
    metres = numpy.hypot((lon[tail] - lon[head]) * 111320 * numpy.cos(numpy.radians(lat[tail])),
                         (lat[tail] - lat[head]) * 110950)
    duration_ms = numpy.maximum(1, numpy.rint(metres * 3600 / speed)).astype(int)
    with open(folder / "province.co", "w") as out:
        out.write(f"p aux sp co {len(node)}\n")
        rows = numpy.stack([node + 1, numpy.rint(lon * 1e6), numpy.rint(lat * 1e6)], axis=1)
        numpy.savetxt(out, rows, fmt="v %d %d %d")
    with open(folder / "province.gr", "w") as out:
        out.write(f"p sp {len(node)} {2 * len(tail)}\n")
        rows = numpy.stack([tail + 1, head + 1, duration_ms], axis=1)
        numpy.savetxt(out, numpy.concatenate([rows, rows[:, [1, 0, 2]]]), fmt="a %d %d %d")


if __name__ == "__main__":
    main()
