"""What bench_model wrote of a scenario, and what a plan for it comes to: the tiers of muster/plan.h
once more, in integers, for plans from anywhere."""

import collections
import csv
import pathlib

import numpy

PEOPLE, VEHICLE, MACHINE, ITEM = range(4)

Need = collections.namedtuple("Need", "incident resource kind quantity minimum price all_or_nothing "
                                      "operator_kind operator_count")
Supply = collections.namedtuple("Supply", "resource index amount kinds")
Tiers = collections.namedtuple("Tiers", "unmet response")
Sent = collections.namedtuple("Sent", "need supply quantity")


class Broken(Exception):
    """A plan that breaks a rule of the problem, in words."""


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


class Instance:
    """needs, supplies: rows; pair_need, pair_supply, eta_ms, response_s: arrays by pair, in the
    order of needs."""

    def __init__(self, needs, supplies, pairs):
        self.needs, self.supplies = needs, supplies
        self.pair_need, self.pair_supply, self.eta_ms, self.response_s = (
            numpy.asarray(column, dtype=numpy.int64) for column in pairs)
        self.pair_of = {pair: at for at, pair in enumerate(zip(self.pair_need.tolist(),
                                                               self.pair_supply.tolist()))}

    @classmethod
    def read(cls, folder):
        folder = pathlib.Path(folder)
        needs = [Need(*(int(row[name]) for name in Need._fields))
                 for row in table(folder / "need.tsv")]
        supplies = [Supply(int(row["resource"]), int(row["index"]), int(row["amount"]),
                           frozenset(int(kind) for kind in row["kinds"].split(",")))
                    for row in table(folder / "supply.tsv")]
        return cls(needs, supplies, [
            numpy.fromfile(folder / f"pair_{name}.u32", dtype=numpy.uint32)
            for name in ("need", "supply", "eta_ms", "response_s")])

    def worth(self, need):
        """What has to be sent of a need, if anything is."""
        row = self.needs[need]
        return row.quantity if row.all_or_nothing and row.minimum == 0 else row.minimum


def read_plan(folder):
    """muster's own plan, and the Tiers that it reported."""
    folder = pathlib.Path(folder)
    plan = [Sent(int(row["need"]), int(row["supply"]), int(row["quantity"]))
            for row in table(folder / "plan.tsv")]
    tiers = table(folder / "tier.tsv")[0]
    return plan, Tiers(int(tiers["unmet"]), int(tiers["response"]))


# ---- judging -----------------------------------------------------------------------------------

def by_need(instance, plan):
    """{need: [(eta, pair, quantity)], the nearest first}."""
    found = collections.defaultdict(list)
    for need, supply, quantity in plan:
        pair = instance.pair_of.get((need, supply))
        if pair is None:
            raise Broken(f"supply {supply} cannot go to need {need}")
        found[need].append((int(instance.eta_ms[pair]), pair, quantity))
    return {need: sorted(rows) for need, rows in found.items()}


def check_supplies(instance, plan):
    used = collections.Counter()
    for need, supply, quantity in plan:
        row = instance.supplies[supply]
        used[supply] += quantity
        if quantity < 1 or used[supply] > row.amount:
            raise Broken(f"supply {supply} sends {used[supply]} of {row.amount}")
        if row.resource == PEOPLE and quantity != row.amount:
            raise Broken(f"team {supply} does not go whole to need {need}")


def check_together(instance, sent):
    """All that an incident needs, where it is all or nothing; people for the machines."""
    people, operated, touched = collections.Counter(), collections.Counter(), set()
    for need, rows in sent.items():
        row = instance.needs[need]
        touched.add(row.incident)
        for _, pair, quantity in rows:
            if row.resource == PEOPLE:
                for kind in instance.supplies[instance.pair_supply[pair]].kinds:
                    people[row.incident, kind] += quantity
            if row.operator_count:
                operated[row.incident, row.operator_kind] += quantity * row.operator_count
    for at, needed in operated.items():
        if needed > people[at]:
            raise Broken(f"incident {at[0]} has {people[at]} of the {needed} who operate machines")
    for need, row in enumerate(instance.needs):
        if row.all_or_nothing and row.incident in touched:
            if sum(quantity for *_, quantity in sent.get(need, ())) < instance.worth(need):
                raise Broken(f"incident {row.incident} is all or nothing and lacks need {need}")


def serve(row, rows, response_s):
    """(what stays missing, response time) of one need."""
    missing, response = row.quantity, 0
    for _, pair, quantity in rows:
        served = min(quantity, missing)
        if served < 1 or (row.resource != PEOPLE and served < quantity):
            raise Broken(f"{quantity} go to a need of {row.quantity} that lacks {missing}")
        missing -= served
        response += row.price * served * int(response_s[pair])
    return missing, response


def evaluate(instance, plan):
    """The Tiers of a plan, a list of Sent; raises Broken."""
    check_supplies(instance, plan)
    sent = by_need(instance, plan)
    unmet = response = 0
    for need, row in enumerate(instance.needs):
        rows = sent.get(need, ())
        if rows and sum(quantity for *_, quantity in rows) < row.minimum:
            raise Broken(f"need {need} is sent less than its minimum, {row.minimum}")
        missing, late = serve(row, rows, instance.response_s)
        unmet += row.price * missing
        response += late
    check_together(instance, sent)
    return Tiers(unmet, response)
