"""Where things stand: a few addresses for every place, at good roads near its middle.

A good road is one that lorries can come and go by: depots are built there, and incidents are
reported from there.
"""
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from plane import random
from roadbook import RANK
from rules import HEAVY

SPREAD = {"city": (10, 3500), "county": (8, 2200), "town": (4, 700), "village": (2, 220)}


def lorry_nodes(edges, node_count):
    """Which nodes a lorry of any weight and height reaches from nearly everywhere and back."""
    free = np.isnan(edges["maxweight_t"]) & np.isnan(edges["maxheight_m"])
    forward, backward = (free & (edges[key] & HEAVY > 0)
                         for key in ("access_forward", "access_backward"))
    tail = np.concatenate([edges["source"][forward], edges["target"][backward]])
    head = np.concatenate([edges["target"][forward], edges["source"][backward]])
    arcs = coo_matrix((np.ones(len(tail)), (tail, head)), shape=(node_count, node_count))
    _, label = connected_components(arcs, directed=True, connection="strong")
    return label == np.bincount(label).argmax()


def address_nodes(edges, node_count):
    """Nodes one may live at: on the ground, on a road that is more than a path."""
    good = ((edges["deck"] == 0) & (edges["layer"] == 0)
            & (edges["rank"] >= RANK["secondary"]) & (edges["rank"] <= RANK["residential"]))
    is_address = np.zeros(node_count, bool)
    is_address[edges["source"][good]] = is_address[edges["target"][good]] = True
    return np.flatnonzero(is_address & lorry_nodes(edges, node_count))


def make_bases(facts, xy, edges):
    """-> base_of(place, k): the place's k-th address, in the plane, a few metres off the road."""
    dice = random("bases")
    nodes = address_nodes(edges, len(xy))
    tree = cKDTree(xy[nodes])
    found = {}
    for place in [facts["city"], *facts["counties"], *facts["towns"], *facts["villages"]]:
        count, spread = SPREAD[place["level"]]
        aside = dice.normal(0, spread / 2, (count, 2))
        aside[0] = 0
        wanted = place["xy"] + aside
        near = nodes[tree.query(wanted)[1]]
        found[place["code"]] = xy[near] + dice.uniform(-8, 8, (count, 2))
    return lambda place, k: found[place["code"]][k % len(found[place["code"]])]
