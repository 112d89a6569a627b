"""Town streets: an uneven grid along the canal on which the town grew.

The subdistricts of a city share one grid, a market town has its own. Lines of two families
cross at uneven distances; every fourth or fifth is an avenue. The crossings are shaken a
little, pieces are left out, and blocks get an alley, so that no two towns are alike. The warp
of the drawing board does the rest.
"""
import numpy as np

from places import in_towns
from plane import random, unwarp, warp
from polders import long_axis
from roadbook import RANK

GAP_M = (135, 270)
AVENUE_EVERY = (3, 7)
SHAKE_M, SHAKE_AVENUE_M = 16, 4
LEFT_OUT = 0.10
ALLEY_SHARE = 0.5
DIRECTIONS = ("东", "西", "南", "北", "中")
AVENUE_NAMES = ("中山", "人民", "解放", "建设", "环城", "文昌", "振兴", "创业", "新华", "和平", "运河",
                "中环", "广益", "昌盛", "秀州", "禾兴", "吉水", "庆丰", "勤俭", "城东", "由拳", "花园",
                "海宁", "长水", "水月亭", "洪兴", "双溪", "凌公塘", "槜李", "越秀", "东升", "三元")


def groups(towns):
    """Towns that have grown together, by county: {key: [towns]}; Nanhu and Xiuzhou are one."""
    together = {}
    for town in towns:
        city = "330402" if town["parent"] in ("330402", "330411") else town["parent"]
        key = city if town["is_urban"] else town["code"]
        together.setdefault(key, []).append(town)
    return together


def grid_positions(low, high, dice):
    """Uneven line positions, and which of them are avenues."""
    positions, is_avenue, until = [], [], dice.integers(1, 4)
    at = low
    while at < high:
        positions.append(at)
        until -= 1
        is_avenue.append(until == 0)
        if until == 0:
            until = dice.integers(*AVENUE_EVERY)
        at += dice.uniform(*GAP_M)
    return np.array(positions), np.array(is_avenue)


def orientation(center_uv, leaves, leaf_middles):
    leaf = leaves[np.hypot(*(leaf_middles - center_uv).T).argmin()]
    return long_axis(leaf)


def lattice(group, turn, dice):
    """Shaken crossings of the group's grid on the drawing board, and which lines are avenues."""
    outline = unwarp(np.vstack([t["outline"] for t in group]))
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    turned = outline @ rotation.T
    (a, wide_a), (b, wide_b) = (grid_positions(turned[:, k].min() - 60, turned[:, k].max() + 60,
                                               dice) for k in (0, 1))
    crossing = np.stack(np.meshgrid(a, b, indexing="ij"), axis=-1)
    calm = wide_a[:, None] | wide_b[None]
    shake = np.where(calm, SHAKE_AVENUE_M, SHAKE_M)
    crossing += dice.normal(0, 1, crossing.shape) * shake[..., None]
    return crossing @ rotation, wide_a, wide_b


def along_one_family(crossing, is_avenue, family):
    """Pieces between neighbouring crossings, with the number of the line each belongs to."""
    p, q = (crossing[:, :-1], crossing[:, 1:]) if family == 0 else (crossing[:-1], crossing[1:])
    pieces = np.concatenate([p, q], axis=-1)
    line = np.arange(p.shape[0])[:, None] if family == 0 else np.arange(p.shape[1])[None]
    line = np.broadcast_to(line, p.shape[:2]).ravel()
    return pieces.reshape(-1, 4), line, is_avenue[line]


def alleys(crossing, dice):
    """From the middle of one side of a block inwards, some right through."""
    corner = [crossing[:-1, :-1], crossing[1:, :-1], crossing[1:, 1:], crossing[:-1, 1:]]
    corner = np.stack([c.reshape(-1, 2) for c in corner])
    corner = corner[:, dice.random(corner.shape[1]) < ALLEY_SHARE]
    side, n = dice.integers(0, 4, corner.shape[1]), np.arange(corner.shape[1])
    share = dice.uniform(0.3, 0.7, len(n))[:, None]

    def on_side(k, share):
        return corner[k % 4, n] * (1 - share) + corner[(k + 1) % 4, n] * share

    start, opposite = on_side(side, share), on_side(side + 2, 1 - share)
    depth = np.where(dice.random(len(n)) < 0.3, 1.0, dice.uniform(0.35, 0.7, len(n)))
    return np.hstack([start, start + (opposite - start) * depth[:, None]])


def street_names(count, dice):
    stems = dice.permutation(np.array(AVENUE_NAMES))
    endings = ("路", *(d + "路" for d in DIRECTIONS), "街", "大道")
    return [stems[i % len(stems)] + endings[i // len(stems) % len(endings)] for i in range(count)]


def draw_group(book, group, turn, dice):
    crossing, wide_a, wide_b = lattice(group, turn, dice)
    is_city = group[0]["is_urban"]

    def built_up(pieces):
        return in_towns(warp((pieces[:, :2] + pieces[:, 2:]) / 2), group) >= 0

    names = iter(street_names(int(wide_a.sum() + wide_b.sum()), dice))
    for family, wide in ((0, wide_a), (1, wide_b)):
        pieces, line, is_avenue = along_one_family(crossing, wide, family)
        keep = built_up(pieces) & (is_avenue | (dice.random(len(pieces)) > LEFT_OUT))
        great = is_city & (line % 2 == 0)
        rank = np.select([is_avenue & great, is_avenue], [RANK["secondary"], RANK["tertiary"]],
                         RANK["residential"])
        name_of = [next(names) if is_wide else None for is_wide in wide]
        label = [name_of[n] for n in line]
        book.add_straight(pieces[keep], rank[keep], [n for n, k in zip(label, keep) if k])
    short = alleys(crossing, dice)
    short = short[built_up(short)]
    book.add_straight(short, np.full(len(short), RANK["service"]))


def draw_streets(book, facts, leaves):
    dice = random("streets")
    leaf_middles = np.array([leaf.mean(axis=0) for leaf in leaves])
    for group in groups(facts["towns"]).values():
        center = np.mean([t["xy"] for t in group], axis=0)
        turn = orientation(unwarp(center[None])[0], leaves, leaf_middles)
        draw_group(book, group, turn, dice)
