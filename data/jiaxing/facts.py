"""What is known of the real Jiaxing: its counties, towns and villages, from facts/*.csv."""
import csv
import re
from pathlib import Path

import numpy as np

from plane import to_plane

FOLDER = Path(__file__).parent / "facts"
CITY = {"code": "330400", "name": "嘉兴市", "name_en": "Jiaxing", "level": "city",
        "parent": None, "quality": "A", "lonlat": (120.7555, 30.7461)}
# Communities and villages appear in the register under the names of their committees.
COMMITTEE = re.compile(r"(社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会)$")


def _rows(name):
    with open(FOLDER / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def village_name(registered):
    """The place's own name: 范滩村委会 -> 范滩村, 虹桥社区居委会 -> 虹桥社区."""
    stem, ending = COMMITTEE.sub("", registered), COMMITTEE.search(registered)
    kind = "社区" if ending and "居" in ending.group() else "村"
    return stem if stem.endswith(("村", "社区")) else stem + kind


def read_counties():
    return [{"code": r["code"], "name": r["name_zh"], "name_en": r["name_en"], "level": "county",
             "parent": CITY["code"], "population": int(r["pop_2021_yearend"]), "quality": "A",
             "lonlat": (float(r["lon_wgs84"]), float(r["lat_wgs84"]))}
            for r in _rows("counties.csv")]


def read_towns():
    return [{"code": r["code"], "name": r["name_zh"], "name_en": r["name_pinyin"],
             "level": "town", "parent": r["county_code"], "quality": r["quality"],
             "population": int(r["pop_model_2021"]), "communities": int(r["communities"]),
             "villages": int(r["villages"]), "lonlat": (float(r["lon"]), float(r["lat"]))}
            for r in _rows("towns.csv")]


def read_villages():
    """Names and codes only: nobody publishes where they are."""
    return [{"code": r["code"], "name": village_name(r["name_zh"]), "name_en": None,
             "level": "village", "parent": r["town_code"], "quality": "synthetic",
             "is_urban": "居" in r["name_zh"]} for r in _rows("villages.csv")]


def read_facts():
    counties, towns, villages = read_counties(), read_towns(), read_villages()
    city = dict(CITY, population=sum(c["population"] for c in counties))
    for place in [city, *counties, *towns]:
        place["xy"] = to_plane(place["lonlat"])
        place["is_urban"] = place["name"].endswith("街道")
    everything = [city, *counties, *towns, *villages]
    return {"city": city, "counties": counties, "towns": towns, "villages": villages,
            "by_code": {place["code"]: place for place in everything},
            "town_xy": np.array([town["xy"] for town in towns])}
