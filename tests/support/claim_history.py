"""What dispatchers saw, and whether it can have been right: no unit held by two at once, no claim lost
that was acknowledged, none made twice.

What a dispatcher knows for certain is that it has a unit from when the answer was there until it asked
for the release. These times are all of one clock, and nothing of the database's own record is needed
to see that two of them overlap. The record is compared with it at the end."""

import collections
import dataclasses

FOREVER = float("inf")


@dataclasses.dataclass
class Commit:
    """A request that was acknowledged: units are {(resource, code, kind): quantity}."""
    dispatcher: str
    request: str
    units: dict
    plan: int
    claims: list
    from_ns: int
    until_ns: float = FOREVER


def is_whole(unit):
    return unit[0] in ("people", "vehicle")


def double_bookings(commits, capacity):
    """A line for each moment at which more of a unit was held than there is."""
    moments = collections.defaultdict(list)
    for c in commits:
        for unit, quantity in c.units.items():
            amount = 1 if is_whole(unit) else quantity
            moments[unit] += [(c.from_ns, 1, amount, c), (c.until_ns, 0, -amount, c)]
    for unit, changes in sorted(moments.items()):
        held, holders = 0, set()
        for _, is_start, amount, c in sorted(changes, key=lambda m: m[:3]):
            held += amount
            (holders.add if is_start else holders.discard)((c.dispatcher, c.request))
            if held > capacity(unit):
                yield f"{unit}: {held} of {capacity(unit)} held at once, by {sorted(holders)}"


def lost_claims(commits, rows):
    """`rows` is the table: {claim: (plan, dispatcher, unit, quantity, is_held)}."""
    plans = collections.Counter(c.plan for c in commits)
    for plan, count in plans.items():
        if count > 1:
            yield f"plan {plan} was the answer to {count} requests"
    for plan in {row[0] for row in rows.values()} - set(plans):
        yield f"plan {plan} is nobody's: it was made twice, or without an answer"
    for c in commits:
        found = {claim: rows[claim] for claim in c.claims if claim in rows}
        if {(r[0], r[1], r[2], r[3]) for r in found.values()} != {(c.plan, c.dispatcher, u, q) for u, q in c.units.items()}:
            yield f"{c.dispatcher}'s plan {c.plan} is not in the table as it was acknowledged"
        if c.until_ns == FOREVER and not all(row[4] for row in found.values()):
            yield f"{c.dispatcher}'s plan {c.plan} has been released by somebody"
