"""A scenario file on the town of small_scenario.py: who calls in six hours, and what is asked for.

    /usr/bin/python3 tests/support/small_town_file.py FOLDER
"""

import pathlib
import sys

import small_scenario

TOWN = f"""format = "muster-scenario-1"

[scenario]
code = "town"
name = "A day in town"
name_zh = "小镇一日"
store = "town.gpkg"
start = 2026-08-01T08:00:00+08:00
length_h = 6
seed = 5
replications = 3
assumption = ["Calls come by chance.", "Nobody calls twice."]

[[standard]]
type = "injured"
response_min = 10

[[standard]]
response_min = 25

[[call]]
code = "injured"
name = "Somebody is hurt"
severity = "severe"
delay_s = 45
work_min = {{ uniform = [10, 40] }}
when = {{ per_h = 3 }}
where = {{ point = [{{ lon_deg = {small_scenario.LON + 0.03:.6f}, lat_deg = {small_scenario.LAT + 0.025:.6f} }}], spread_m = 2500 }}
need = [{{ kind = "ambulance", quantity = 1 }}, {{ kind = "medical", quantity = 4, chance = 0.5 }}]

[[call]]
code = "water"
name = "A cellar under water"
severity = {{ minor = 0.5, moderate = 0.3, extreme = 0.2 }}
delay_s = 120
work_min = {{ uniform = [30, 90] }}
when = {{ per_h = 2 }}
where = {{ point = [{{ lon_deg = {small_scenario.LON + 0.03:.6f}, lat_deg = {small_scenario.LAT + 0.025:.6f} }}], spread_m = 2500 }}
need = [{{ kind = "flood_rescue", quantity = {{ one_of = [6, 12, 20] }} }}, {{ kind = "pump", quantity = 1, chance = 0.6 }}]

[[hazard]]
code = "pond"
kind = "flood"
until_min = 300
stage = [
    {{ at_min = 60, depth_m = 0.2, polygon = [[{small_scenario.LON + 0.01:.6f}, {small_scenario.LAT + 0.01:.6f}], [{small_scenario.LON + 0.02:.6f}, {small_scenario.LAT + 0.01:.6f}], [{small_scenario.LON + 0.02:.6f}, {small_scenario.LAT + 0.02:.6f}], [{small_scenario.LON + 0.01:.6f}, {small_scenario.LAT + 0.02:.6f}]] }},
    {{ at_min = 150, depth_m = 0.9, polygon = [[{small_scenario.LON + 0.005:.6f}, {small_scenario.LAT + 0.005:.6f}], [{small_scenario.LON + 0.025:.6f}, {small_scenario.LAT + 0.005:.6f}], [{small_scenario.LON + 0.025:.6f}, {small_scenario.LAT + 0.025:.6f}], [{small_scenario.LON + 0.005:.6f}, {small_scenario.LAT + 0.025:.6f}]] }},
]
"""


def write(folder):
    """Write the town and its scenario file; returns the file."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    small_scenario.write(folder / "town.gpkg")
    (folder / "town.toml").write_text(TOWN, encoding="utf-8")
    return folder / "town.toml"


if __name__ == "__main__":
    write(sys.argv[1])
