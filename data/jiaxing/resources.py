"""Who and what can help: teams, vehicles and machines, to the city's totals.

The totals are given; which place holds how much is synthetic, by population and level.
"""
from collections import Counter

import numpy as np

from kinds import MACHINES, VEHICLES
from plane import random

TEAM_COUNT, PEOPLE_TOTAL, GEOLOGY_PEOPLE = 620, 11106, 100
SOCIAL_COUNT, SOCIAL_PEOPLE, EXPERT_COUNT = 26, 3500, 9
VEHICLE_COUNT, MACHINE_COUNT = 735, 1932
TEAMS_EACH, VEHICLES_EACH = (20, 16, 4), (60, 35, 5)  # in the city, each county, each town
COMMON_MACHINES, PUMP_VILLAGES, HEAVY_KG = ("pump", "generator", "boat"), 90, 1000
TURNOUT_S = {"city": (60, 180), "county": (90, 300), "town": (180, 600), "village": (420, 1200),
             "social": (1200, 3600), "expert": (900, 1800)}

# capabilities, word in the name, profile; each level draws from its own list
TEAM_TYPES = {
    "city": [
        (("fire", "search"), "消防救援支队特勤队", "emergency"),
        (("medical",), "医疗急救队", "emergency"),
        (("engineering", "road_clearing"), "工程抢险队", "heavy"),
        (("power_repair",), "电力抢修队", "light"),
        (("communications",), "通信保障队", "light"),
        (("water_rescue", "flood_rescue"), "水上救援队", "emergency")],
    "county": [
        (("fire", "search", "water_rescue"), "消防救援队", "emergency"),
        (("medical",), "医疗救护队", "emergency"),
        (("flood_rescue", "engineering"), "防汛抢险队", "heavy"),
        (("engineering", "road_clearing"), "工程抢险队", "heavy"),
        (("power_repair",), "电力抢修队", "light"),
        (("communications",), "通信保障队", "light"),
        (("evacuation", "flood_rescue"), "民兵应急分队", "light")],
    "town": [
        (("flood_rescue", "evacuation"), "应急救援队", "light"),
        (("fire", "search"), "专职消防队", "emergency"),
        (("medical",), "卫生应急队", "emergency"),
        (("road_clearing", "engineering"), "抢险突击队", "heavy")],
    "village": [
        (("flood_rescue", "evacuation"), "防汛抢险队", "light"),
        (("evacuation",), "应急小分队", "light"),
        (("flood_rescue",), "巡堤查险队", "light")]}
GEOLOGY_TYPE = (("geology", "search"), "地震地质灾害应急救援队", "heavy")
HAZMAT_TYPE = (("hazmat", "fire"), "危险化学品应急救援队", "emergency")
PEOPLE_WEIGHT = {"city": 1.9, "county": 1.5, "town": 1.0, "village": 0.65}
NOT_IN_TOWNS = ("hazmat_truck", "dragon_pump", "command")
SOCIAL_NAMES = ("蓝天救援队", "红船救援队", "水上救援志愿队", "民安应急救援中心")


def apportion(weights, total, low=0, high=None):
    """Whole numbers that follow the weights, keep the bounds and sum to exactly `total`."""
    weights = np.asarray(weights, float)
    high = np.full(len(weights), total if high is None else high)
    share = np.clip(np.round(weights * total / weights.sum()), low, high).astype(int)
    order = np.argsort(-weights, kind="stable")
    while share.sum() != total:
        step = 1 if share.sum() < total else -1
        free = [i for i in order if low <= share[i] + step <= high[i]]
        for i in free[:abs(total - share.sum())]:
            share[i] += step
    return share


def spread(facts, numbers, total, dice):
    """[(tier, place)]: so many in the city, in each county and town, the rest in villages."""
    rows = [("city", facts["city"])] * numbers[0]
    rows += [("county", county) for county in facts["counties"] for _ in range(numbers[1])]
    rows += [("town", town) for town in facts["towns"] for _ in range(numbers[2])]
    villages = facts["villages"]
    chosen = sorted(dice.choice(len(villages), total - len(rows), replace=False))
    return rows + [("village", villages[i]) for i in chosen]


def full_name(place, by_code):
    """A village is told by its town, a town by its county."""
    parent = by_code.get(place.get("parent"))
    return place["name"] if place["level"] in ("city", "county") else parent["name"] + place["name"]


def team_type(tier, first, k):
    """The `first`-th team of its place, the k-th of all."""
    if tier == "city" and first == 0:
        return GEOLOGY_TYPE
    if (tier == "city" and first in (1, 2)) or (tier == "county" and first == 0):
        return HAZMAT_TYPE
    types = TEAM_TYPES[tier]
    return types[(k if tier == "village" else first) % len(types)]


def team_sizes(placed, dice):
    weights = dice.gamma(4, 1, TEAM_COUNT - 1) * [PEOPLE_WEIGHT[tier] for tier, _ in placed[1:]]
    others = apportion(weights, PEOPLE_TOTAL - GEOLOGY_PEOPLE, 5, 60)
    return np.concatenate([[GEOLOGY_PEOPLE], others]).tolist()


def team_rows(facts, base_of):
    """-> rows of team, of team_capability."""
    dice, rows, skills = random("teams"), [], []
    placed = spread(facts, TEAMS_EACH, TEAM_COUNT, dice)
    in_place, of_name = Counter(), Counter()
    for k, ((tier, place), people) in enumerate(zip(placed, team_sizes(placed, dice))):
        capabilities, word, profile = team_type(tier, in_place[place["code"]], k)
        in_place[place["code"]] += 1
        name = full_name(place, facts["by_code"]) + word
        of_name[name] += 1
        number = of_name[name]
        name += "" if number == 1 else f"（{number}分队）"
        code = f"TM-{k + 1:04d}"
        rows.append((code, name, tier, place["code"], people, 1,
                     int(dice.uniform(*TURNOUT_S[tier])), profile, base_of(place, k)))
        skills += [(code, capability) for capability in capabilities]
    return rows, skills


def other_team_rows(facts, base_of):
    """Listed beside the 620 and not available: social rescue teams and experts."""
    dice, rows, skills = random("social"), [], []
    people = apportion(dice.gamma(6, 1, SOCIAL_COUNT), SOCIAL_PEOPLE, 30, 300)
    for k in range(SOCIAL_COUNT):
        county = facts["counties"][k % 7]
        code = f"SO-{k + 1:02d}"
        rows.append((code, county["name"] + SOCIAL_NAMES[k // 7], "social", county["code"],
                     int(people[k]), 0, int(dice.uniform(*TURNOUT_S["social"])), "light",
                     base_of(county, 50 + k)))
        skills += [(code, "flood_rescue"), (code, "water_rescue")]
    for k in range(EXPERT_COUNT):
        code = f"EX-{k + 1}"
        rows.append((code, f"嘉兴市应急管理专家{k + 1}", "expert", facts["city"]["code"], 1, 0,
                     int(dice.uniform(*TURNOUT_S["expert"])), "light", base_of(facts["city"], k)))
        skills.append((code, "expert_advice"))
    return rows, skills


def vehicle_rows(facts, base_of):
    dice, rows = random("vehicles"), []
    share = np.array([v[-1] for v in VEHICLES], float)
    in_towns = share * [v[0] not in NOT_IN_TOWNS for v in VEHICLES]
    for k, (tier, place) in enumerate(spread(facts, VEHICLES_EACH, VEHICLE_COUNT, dice)):
        weight = in_towns if tier in ("town", "village") else share
        kind, zh, _, payload, volume, seats, profile, _ = VEHICLES[
            dice.choice(len(VEHICLES), p=weight / weight.sum())]
        rows.append((f"VH-{k + 1:04d}", full_name(place, facts["by_code"]) + zh, kind, tier,
                     place["code"], payload, volume, seats, 1,
                     int(dice.uniform(*TURNOUT_S[tier])), profile, base_of(place, k)))
    return rows


def machine_pools(facts, dice):
    """[(tier, place, kind, weight)]: villages hold pumps, larger places some of everything."""
    pools = []
    levels = (("city", [facts["city"]], 9), ("county", facts["counties"], 4),
              ("town", facts["towns"], 1))
    for tier, places, scale in levels:
        for place in places:
            for kind in MACHINES:
                if tier != "town" or kind[0] in COMMON_MACHINES or dice.random() < 0.4:
                    pools.append((tier, place, kind, kind[-1] * scale * dice.uniform(0.5, 1.6)))
    for i in sorted(dice.choice(len(facts["villages"]), PUMP_VILLAGES, replace=False)):
        pools.append(("village", facts["villages"][i], MACHINES[0], 4 * dice.uniform(0.5, 2)))
    return pools


def machine_rows(facts, base_of):
    """Pools of identical units; the heavy ones travel on a low loader."""
    dice, rows = random("machines"), []
    pools = machine_pools(facts, dice)
    counts = apportion([weight for *_, weight in pools], MACHINE_COUNT, 1)
    for k, ((tier, place, kind, _), count) in enumerate(zip(pools, counts)):
        rows.append((f"MC-{k + 1:04d}", full_name(place, facts["by_code"]) + kind[1], kind[0],
                     int(count), tier, place["code"], int(dice.uniform(*TURNOUT_S[tier])),
                     "heavy" if kind[3] > HEAVY_KG else "light", base_of(place, k)))
    return rows
