"""Who is fit to go, and for how long: grades, rest, shifts; and the cover that counties keep.

Nothing here changes how many there are. Dice of its own, so that all else stays as it is.
"""
from plane import random

# tier -> the grades of YJ/T 1 its teams have (1 is the best), 0: not graded
GRADES = {"city": (1, 1, 2), "county": (1, 2, 2), "town": (2, 3, 3), "village": (3, 3, 0),
          "social": (3, 0, 0), "expert": (0,)}
RESTING_SHARE, REST_S = 0.05, (600, 5400)        # back from an earlier job, or in repair
SHIFT_SHARE, SHIFT_H = 0.6, (6, 14)              # of those that work in shifts
IN_SHIFTS = ("city", "county")
DUTY_H = (0, 8)
# to ask the town, the county, the city, and neighbours, from a village
ESCALATION_DELAYS = [(f"escalation_delay_{levels}_s", seconds)
                     for levels, seconds in ((1, 60), (2, 180), (3, 300), (4, 900))]
# kind, how long, how many, weight: what a county seat wants to have within reach
COVER = (("ambulance", 1200, 3, 10), ("fire_engine", 1200, 3, 10), ("flood_rescue", 1800, 60, 1))


def quarters_s(hours):
    return int(round(hours * 4)) * 900


def duty(tier, dice):
    """-> ready_s, shift_end_s, duty_s."""
    rest = int(dice.uniform(*REST_S)) if dice.random() < RESTING_SHARE else 0
    end = quarters_s(dice.uniform(*SHIFT_H)) if dice.random() < SHIFT_SHARE else None
    on_duty = quarters_s(dice.uniform(*DUTY_H))
    return rest, end if tier in IN_SHIFTS else None, on_duty


def with_duty(table, rows, tier_column):
    """The same rows with the columns of `duty` before the position, which comes last."""
    dice = random(f"duty of {table}")
    return [(*row[:-1], *duty(row[tier_column], dice), row[-1]) for row in rows]


def with_grades(rows, tier_column):
    dice = random("grades")
    return [(*row[:-1], int(dice.choice(GRADES[row[tier_column]])), row[-1]) for row in rows]


def zone_rows(facts, base_of):
    return [(f"ZN-{k + 1:02d}-{n + 1}", county["name"], kind, radius_s, required, weight,
             base_of(county, 0))
            for k, county in enumerate(facts["counties"])
            for n, (kind, radius_s, required, weight) in enumerate(COVER)]
