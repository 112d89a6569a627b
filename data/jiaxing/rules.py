"""What the roads allow: directions, vehicles, speeds, and the limits of small bridges."""
import numpy as np

from plane import random
from roadbook import RANK

LIGHT, HEAVY, EMERGENCY, CONTRAFLOW = 1, 2, 4, 8
ALL = LIGHT | HEAVY | EMERGENCY
NOT_HEAVY_SHARE = {"residential": 0.3, "service": 0.5, "track": 0.7}  # in the country
ONE_WAY_SHARE = 0.07     # of town streets
LIMITED_SHARE = {"unclassified": 0.10, "residential": 0.4, "service": 0.4, "track": 0.6}
LIMITS_T = (3, 5, 8, 10, 15, 20)
LOW_SHARE, LOW_M = 0.05, (2.2, 2.5, 3.0, 3.5)
TRUNK_KMH, LINK_KMH = 80, 50


def by_rank(shares):
    table = np.zeros(len(RANK))
    for name, share in shares.items():
        table[RANK[name]] = share
    return table


def set_rules(edges, names, motorway_speed, is_town, node_count):
    """Adds access, speed and limit columns; NaN is "not stated"."""
    dice, rank, n = random("rules"), edges["rank"], len(edges["rank"])
    forward = np.where(~is_town & (dice.random(n) < by_rank(NOT_HEAVY_SHARE)[rank]),
                       LIGHT | EMERGENCY, ALL)
    degree = np.bincount(np.concatenate([edges["source"], edges["target"]]), minlength=node_count)
    through = (degree[edges["source"]] > 2) & (degree[edges["target"]] > 2)
    one_way = (edges["deck"] > 0) | (is_town & (rank == RANK["residential"]) & through
                                     & (dice.random(n) < ONE_WAY_SHARE))
    edges["access_forward"] = forward
    edges["access_backward"] = np.where(one_way, CONTRAFLOW, forward)
    speed = np.full(n, np.nan)
    speed[rank == RANK["motorway"]] = [motorway_speed[names[i]]
                                       for i in edges["name"][rank == RANK["motorway"]]]
    speed[rank == RANK["motorway_link"]] = LINK_KMH
    speed[rank == RANK["trunk"]] = TRUNK_KMH
    edges["speed"] = speed
    set_limits(edges, dice)


def set_limits(edges, dice):
    rank, n = edges["rank"], len(edges["rank"])
    small = (edges["layer"] > 0) & (rank >= RANK["unclassified"])
    limited = small & (dice.random(n) < by_rank(LIMITED_SHARE)[rank])
    edges["maxweight_t"] = np.where(limited, dice.choice(LIMITS_T, n), np.nan)
    low = small & (dice.random(n) < LOW_SHARE)
    edges["maxheight_m"] = np.where(low, dice.choice(LOW_M, n), np.nan)
