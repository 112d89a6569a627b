#!/usr/bin/python3
"""Generate the home scenario: Jiaxing, its water and roads, its rescuers, and a typhoon.

    generate.py -o jiaxing.gpkg
    generate.py -o bench.gpkg --seeds 30     with more scenarios, for benchmarks

The same bytes every time. What is real and what is made up is said in README.md.
"""
import argparse
from collections import Counter

import rows
from bases import address_nodes, make_bases
from country import make_network, make_water, water_points
from duty import ESCALATION_DELAYS, with_duty, with_grades, zone_rows
from facts import read_facts
from floods import FloodPlain
from geopackage import GeoPackage
from kinds import kind_rows
from resources import machine_rows, other_team_rows, team_rows, vehicle_rows
from scenarios import (PEOPLE_SIZES, SEEDED_SIZES, SIZES, bench_scenario_rows, make_people_scenario,
                       make_scenario, scenario_rows)
from stores import site_rows, warehouse_rows


def write_country(out, facts, water, network):
    xy, edges, lines, names = network
    rows.write_nodes(out, xy)
    rows.write_edges(out, edges, lines, xy, names)
    rows.write_places(out, facts)
    rows.write_water(out, water)


def write_resources(out, facts, water, base_of):
    """-> {skill: people of the available teams that have it}."""
    out.insert("kind", rows.KIND, kind_rows())
    teams, skills = team_rows(facts, base_of)
    people, people_of = {row[0]: row[4] for row in teams}, Counter()
    for team, skill in skills:
        people_of[skill] += people[team]
    others, other_skills = other_team_rows(facts, base_of)
    teams = with_grades(with_duty("team", teams + others, 2), 2)
    rows.write_points(out, "team", rows.TEAM, teams)
    out.insert("team_capability", "team, kind", skills + other_skills)
    vehicles = with_duty("vehicle", vehicle_rows(facts, base_of), 3)
    rows.write_points(out, "vehicle", rows.VEHICLE, vehicles)
    machines = with_duty("machine", machine_rows(facts, base_of), 4)
    rows.write_points(out, "machine", rows.MACHINE, machines)
    warehouses, stock = warehouse_rows(facts, base_of)
    rows.write_points(out, "warehouse", rows.WAREHOUSE, warehouses)
    out.insert("stock", "warehouse, kind, quantity", stock)
    sites, kits = site_rows(facts, water_points(water), base_of)
    rows.write_points(out, "at_risk_site", rows.AT_RISK_SITE, sites)
    out.insert("kit", "site, kind, quantity", kits)
    rows.write_points(out, "zone", rows.ZONE, zone_rows(facts, base_of))
    out.insert("weight", "key, value", ESCALATION_DELAYS)
    return people_of


def write_scenarios(out, facts, water, network, people_of, seeds):
    xy, edges, *_ = network
    plain = FloodPlain(water["leaves"], water["outline"], water_points(water))
    nodes = address_nodes(edges, len(xy))
    scenarios = scenario_rows() + (bench_scenario_rows(seeds) if seeds else [])
    out.insert("scenario", "code, name, starts_at, is_default", scenarios)
    incidents, needs, hazards = [], [], []
    asked = [(size, 0) for size in SIZES]
    asked += [(size, seed) for size in SEEDED_SIZES for seed in range(1, seeds + 1)]
    for size, seed in asked:
        made = make_scenario(size, plain, xy, nodes, facts, seed)
        for all_rows, new_rows in zip((incidents, needs, hazards), made):
            all_rows += new_rows
    for size in PEOPLE_SIZES if seeds else ():
        made = make_people_scenario(size, xy, nodes, facts, people_of)
        for all_rows, new_rows in zip((incidents, needs), made):
            all_rows += new_rows
    rows.write_points(out, "incident", rows.INCIDENT, incidents)
    out.insert("need", "scenario, incident, kind, quantity, minimum, grade", needs)
    rows.write_hazards(out, hazards)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="GeoPackage to write")
    parser.add_argument("--seeds", type=int, default=0, metavar="N", help="for benchmarks: also N "
                        "more typhoons of each of some sizes, and scenarios of people alone")
    asked = parser.parse_args()
    facts = read_facts()
    water = make_water(facts)
    network = make_network(facts, water)
    base_of = make_bases(facts, network[0], network[1])
    out = GeoPackage(asked.output)
    write_country(out, facts, water, network)
    people_of = write_resources(out, facts, water, base_of)
    write_scenarios(out, facts, water, network, people_of, asked.seeds)
    out.close()


if __name__ == "__main__":
    main()
