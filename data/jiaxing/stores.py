"""Warehouses and their stock, and the sites that floods threaten with the kits they hold."""
import numpy as np
from scipy.spatial import cKDTree

from kinds import FLOOD_FIGHTING, RELIEF
from plane import random
from resources import apportion, full_name, spread

RELIEF_TOTAL, FLOOD_FIGHTING_TOTAL = 139200, 474300
WAREHOUSE_COUNT = 1 + 7 + 72 + 140  # the last in villages
VILLAGE_ITEMS = ("sandbag", "stake", "life_jacket", "food_box", "shovel")
SITE_COUNT = 309
KITS = (("satellite_phone", 563), ("generator", 753), ("pump", 2964))
LOADING_S = {"city": 900, "county": 1200, "town": 1500, "village": 1800}
SIZE = {"city": 60.0, "county": 22.0, "town": 4.0, "village": 0.5}
SUFFIX = {"city": "市级应急物资储备库", "county": "应急物资储备库", "town": "应急物资储备点",
          "village": "防汛物资点"}


def warehouse_rows(facts, base_of):
    """-> rows of warehouse, of stock."""
    dice = random("warehouses")
    placed = spread(facts, (1, 1, 1), WAREHOUSE_COUNT, dice)
    rows = [(f"WH-{k + 1:03d}", full_name(place, facts["by_code"]) + SUFFIX[tier], tier,
             place["code"], LOADING_S[tier], "light" if tier == "village" else "heavy",
             base_of(place, 0))
            for k, (tier, place) in enumerate(placed)]
    stock = []
    for items, total in ((RELIEF, RELIEF_TOTAL), (FLOOD_FIGHTING, FLOOD_FIGHTING_TOTAL)):
        held = [(k, item) for k, (tier, _) in enumerate(placed) for item in items
                if tier != "village" or item[0] in VILLAGE_ITEMS]
        weights = [SIZE[placed[k][0]] * item[-1] * dice.uniform(0.5, 1.5) for k, item in held]
        for (k, item), count in zip(held, apportion(weights, total, 1)):
            stock.append((rows[k][0], item[0], int(count)))
    return rows, stock


def site_rows(facts, water_points, base_of):
    """The villages and towns nearest to wide water. -> rows of at_risk_site, of kit."""
    dice = random("sites")
    places = facts["towns"] + facts["villages"]
    distance = cKDTree(water_points).query([p["xy"] for p in places])[0]
    risk = distance * dice.uniform(0.4, 1.6, len(places))
    chosen = np.sort(np.argsort(risk, kind="stable")[:SITE_COUNT])
    rows = [(f"RS-{k + 1:03d}", full_name(places[i], facts["by_code"]) + "易涝点", places[i]["code"],
             int(places[i]["population"] * dice.uniform(0.1, 0.4)), base_of(places[i], 1))
            for k, i in enumerate(chosen)]
    kits = []
    for kind, total in KITS:
        weights = np.sqrt([row[3] + 50 for row in rows]) * dice.uniform(0.6, 1.4, SITE_COUNT)
        kits += [(row[0], kind, int(n)) for row, n in zip(rows, apportion(weights, total, 1))]
    return rows, kits
