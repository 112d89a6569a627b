"""A made-up province as a DIMACS graph: 1.4 million junctions, 3.5 million arcs.

usage: province.py FOLDER [SIDE]
Writes FOLDER/province.gr and province.co; with SIDE, a piece of SIDE x SIDE junctions (1,190 is
all of it), for how costs grow. A jittered grid: a minimum spanning tree of random
weights, so that everything is connected and many streets are dead ends, and some of the other
grid edges; every 8th line is a main road and every 64th a motorway, whole and faster. Always
the same.
"""

import pathlib
import sys

import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

WHOLE_SIDE, STEP_DEG, EXTRA = 1190, 0.0025, 0.225
SPEED_KMH = {1: 40, 8: 60, 64: 110}  # by the spacing of the lines


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
    for spacing in (8, 64):
        speed[line % spacing == 0] = SPEED_KMH[spacing]
    # Main roads weigh least, so the tree takes them first.
    weight = random.uniform(1, 2, len(tail)) / speed
    shape = (side * side, side * side)
    tree = minimum_spanning_tree(coo_matrix((weight, (tail, head)), shape=shape)).tocoo()
    in_tree = numpy.isin(tail * side * side + head, tree.row.astype(int) * side * side + tree.col)
    keep = in_tree | (speed > SPEED_KMH[1]) | (random.random(len(tail)) < EXTRA)
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
