"""The typhoon: what happens where and when, and what each incident needs.

A scenario named typhoon-N has N incidents in 24 hours of rising water. Three in four happen in
or beside a flood. What an incident asks for follows from its type and severity. typhoon-N-S is
another of the same size, from seed S; people-N asks for people alone, on dry roads.
"""
from datetime import datetime, timedelta, timezone

import numpy as np
from scipy.spatial import cKDTree

from duty import quarters_s
from floods import make_floods
from incident_types import INCIDENT_TYPES, SCALE
from plane import random
from resources import full_name

STARTS = datetime(2026, 9, 15, 12, tzinfo=timezone.utc)
SIZES, DEFAULT = (1, 10, 30, 100, 300, 1000), 100
SEEDED_SIZES, PEOPLE_SIZES = (100, 300), (10, 30, 100, 300, 1000)
PEOPLE_EACH = (10, 70)  # asked for by an incident of people-N
SEVERITIES = (("minor", 0.30), ("moderate", 0.40), ("severe", 0.22), ("extreme", 0.08))
DEADLINE_H = {"minor": (6, 10), "moderate": (4, 7), "severe": (2.5, 4.5), "extreme": (1.5, 3)}
ON_SCENE_H = {"minor": (0.5, 1), "moderate": (0.5, 2), "severe": (1, 3), "extreme": (1.5, 4)}
WHOLE_SHARE = {"dike_breach": 0.25}  # half a closed breach is an open one
WORST_GRADE, GRADED_SHARE = {"severe": 3, "extreme": 2}, 0.5
GRADED = ("water_rescue", "search", "medical", "fire")
IN_FLOOD_SHARE = 0.75
NEAR_FLOOD_M = 1400


def clock(hours):
    return (STARTS + timedelta(seconds=round(hours * 3600))).strftime("%Y-%m-%dT%H:%M:%SZ")


def quotas(pairs, count, dice):
    """Labels in their shares, exact to one, in random order."""
    labels = [label for label, _ in pairs]
    exact = np.array([share for _, share in pairs]) * count
    numbers = np.floor(exact).astype(int)
    order = np.argsort(numbers - exact, kind="stable")
    numbers[order[:count - numbers.sum()]] += 1
    return list(dice.permutation(np.repeat(labels, numbers)))


def incident_positions(count, middles, xy, nodes, facts, dice):
    """Nodes of the network: near floods, or where people live."""
    tree, positions = cKDTree(xy[nodes]), []
    population = np.array([v["population"] for v in facts["villages"]], float)
    for _ in range(count):
        if dice.random() < IN_FLOOD_SHARE:
            aim = middles[dice.integers(len(middles))] + dice.normal(0, NEAR_FLOOD_M / 2, 2)
        else:
            village = dice.choice(len(population), p=population / population.sum())
            aim = facts["villages"][village]["xy"] + dice.normal(0, 250, 2)
        positions.append(xy[nodes[tree.query(aim)[1]]] + dice.uniform(-9, 9, 2))
    return np.array(positions)


def need_rows(code, incident, kind_of_incident, severity, dice):
    rows = []
    for kind, low, high, chance, least in kind_of_incident["needs"]:
        if len(rows) >= 3 and dice.random() > chance:
            continue
        scale = SCALE[severity]
        quantity = min(int(round(dice.uniform(low, high) * scale)), kind_of_incident["cap"](kind))
        quantity = max(quantity, kind_of_incident["floor"](kind))
        minimum = int(np.ceil(quantity * least)) if dice.random() < 0.5 else 0
        rows.append((code, incident, kind, quantity, min(minimum, quantity)))
    return rows[:10]


def worst_grade(kind, severity, dice):
    """Who is sent to the worst has to be good at it, in some of the cases."""
    is_graded = kind in GRADED and severity in WORST_GRADE and dice.random() < GRADED_SHARE
    return WORST_GRADE[severity] if is_graded else 0


def with_conditions(code, incidents, needs):
    """The same rows with on_scene_s, all_or_nothing, and the grades that needs ask for."""
    dice = random(f"conditions of {code}")
    severity_of = {row[1]: row[4] for row in incidents}
    incidents = [(*row[:-1], quarters_s(dice.uniform(*ON_SCENE_H[row[4]])),
                  int(dice.random() < WHOLE_SHARE.get(row[3], 0)), row[-1]) for row in incidents]
    needs = [(*row, worst_grade(row[2], severity_of[row[1]], dice)) for row in needs]
    return incidents, needs


def typhoon_code(size, seed):
    return f"typhoon-{size}-{seed}" if seed else f"typhoon-{size}"


def make_scenario(size, plain, xy, nodes, facts, seed=0):
    """-> rows of incident, need and hazard."""
    code = typhoon_code(size, seed)
    dice = random(code)
    floods, middles = make_floods(plain, code, size)
    types = quotas([(t, spec["share"]) for t, spec in INCIDENT_TYPES.items()], size, dice)
    severities = quotas(SEVERITIES, size, dice)
    positions = incident_positions(size, middles, xy, nodes, facts, dice)
    hours = np.sort(np.clip(dice.beta(1.8, 2.0, size), 0.002, 0.998)) * 24
    villages = facts["villages"]
    nearest = cKDTree([v["xy"] for v in villages]).query(positions)[1]
    incidents, needs = [], []
    for k in range(size):
        village, severity = villages[nearest[k]], str(severities[k])
        spec = INCIDENT_TYPES[str(types[k])]
        incident = f"T{size}-{k + 1:0{max(3, len(str(size)))}d}"
        deadline = hours[k] + dice.uniform(*DEADLINE_H[severity])
        name = full_name(village, facts["by_code"]) + spec["name"]
        incidents.append((code, incident, name, str(types[k]), severity, village["code"],
                          clock(hours[k]), clock(deadline), positions[k]))
        needs += need_rows(code, incident, spec, severity, dice)
    incidents, needs = with_conditions(code, incidents, needs)
    hazards = [(code, "flood", depth, clock(a), clock(b), shape) for shape, depth, a, b in floods]
    return incidents, needs, hazards


def make_people_scenario(size, xy, nodes, facts, people_of):
    """One need each, for a skill in proportion to how many people have it: {kind: people}.
    -> rows of incident and need."""
    code = f"people-{size}"
    dice = random(code)
    kinds, people = zip(*sorted(people_of.items()))
    shares = [(kind, number / sum(people)) for kind, number in zip(kinds, people)]
    skills, severities = quotas(shares, size, dice), quotas(SEVERITIES, size, dice)
    population = np.array([v["population"] for v in facts["villages"]], float)
    villages = dice.choice(len(population), size, p=population / population.sum())
    tree, incidents, needs = cKDTree(xy[nodes]), [], []
    for k, (skill, severity, at) in enumerate(zip(skills, severities, villages)):
        village, incident = facts["villages"][at], f"P{size}-{k + 1:0{max(3, len(str(size)))}d}"
        node = nodes[tree.query(village["xy"] + dice.normal(0, 250, 2))[1]]
        incidents.append((code, incident, full_name(village, facts["by_code"]), "people",
                          str(severity), village["code"], clock(0), None, 0, 0,
                          xy[node] + dice.uniform(-9, 9, 2)))
        quantity = int(dice.integers(PEOPLE_EACH[0], PEOPLE_EACH[1] + 1))
        needs.append((code, incident, str(skill), quantity, 0, 0))
    return incidents, needs


def scenario_rows():
    return [(typhoon_code(n, 0), f"台风情景（{n}起险情）", clock(0), int(n == DEFAULT))
            for n in SIZES]


def bench_scenario_rows(seeds):
    rows = [(typhoon_code(n, seed), f"台风情景（{n}起险情，第{seed}次）", clock(0), 0)
            for n in SEEDED_SIZES for seed in range(1, seeds + 1)]
    return rows + [(f"people-{n}", f"人员情景（{n}起险情）", clock(0), 0) for n in PEOPLE_SIZES]
