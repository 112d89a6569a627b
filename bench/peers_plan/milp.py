"""One integer program for every solver: who goes where, with exactly muster's first two tiers.

A team goes to one need or nowhere (a 0/1 variable a pair) and serves so many people there (another,
at most its people): nearest first comes by itself, for that is cheapest. Vehicles, machines and items
are counts; those that are the same to every need are one class. What is missing is a variable of
its own. A minimum, and an incident that is all or nothing, have a 0/1 variable each; machines have
no more than the people who operate them. Links are by pair (serve <= people * goes), which is as
strong as covering gets without column generation.

The tiers become one cost, since that is what such solvers minimize: response time, and MISSING_S
seconds for each unit that does not come at all, which is longer than any that does. Strict tiers
would take a weight of 10^8 and more, beyond their tolerances. Every plan's tiers give its cost, so
muster's plans and theirs compare."""

import collections

import numpy

from instance import PEOPLE, Sent

MISSING_S = 100_000
SCALE = 1e6     # of the cost, for solvers that count in floating point
NO_LIMIT = 2**62


def cost_of(tiers):
    unmet, response = tiers
    return MISSING_S * unmet + response


class Columns:
    def __init__(self):
        self.upper, self.cost, self.is_discrete = [], [], []

    def add(self, upper, cost=0, is_discrete=True):
        self.upper.append(upper)
        self.cost.append(cost)
        self.is_discrete.append(is_discrete)
        return len(self.upper) - 1


class Rows:
    def __init__(self):
        self.start, self.index, self.value, self.low, self.high = [0], [], [], [], []

    def add(self, terms, low, high):
        for column, value in terms:
            self.index.append(column)
            self.value.append(value)
        self.start.append(len(self.index))
        self.low.append(low)
        self.high.append(high)


def classes(instance):
    """[(supplies, {need: response_s})] of everything that is counted: those that are as long on
    their way to every need are one."""
    reach = collections.defaultdict(dict)
    for need, supply, response_s in zip(instance.pair_need.tolist(), instance.pair_supply.tolist(),
                                        instance.response_s.tolist()):
        if instance.supplies[supply].resource != PEOPLE:
            reach[supply][need] = response_s
    same = collections.defaultdict(list)
    for supply, needs in reach.items():
        same[tuple(needs.items())].append(supply)
    return [(supplies, dict(needs)) for needs, supplies in same.items()]


class Milp:
    """Columns run from 0 to upper, all integers; where is_discrete is False they are so by
    themselves. Rows are low <= value . x <= high."""

    def __init__(self, instance):
        self.instance = instance
        self.columns, self.rows = Columns(), Rows()
        self.goes, self.counted = {}, {}    # pair -> column; (class, need) -> column
        self.classes = classes(instance)
        self.serving = collections.defaultdict(list)    # need -> columns that serve it
        self.add_teams()
        self.add_counts()
        self.add_needs()
        self.add_operators()

    def add_teams(self):
        teams = collections.defaultdict(list)
        for pair, (need, supply) in enumerate(zip(self.instance.pair_need.tolist(),
                                                  self.instance.pair_supply.tolist())):
            row, people = self.instance.needs[need], self.instance.supplies[supply].amount
            if row.resource != PEOPLE:
                continue
            most = min(people, row.quantity)
            goes = self.columns.add(1)
            serves = self.columns.add(most, row.price * int(self.instance.response_s[pair]),
                                      is_discrete=False)
            self.rows.add([(serves, 1), (goes, -most)], -NO_LIMIT, 0)
            self.rows.add([(serves, 1), (goes, -1)], 0, NO_LIMIT)   # nobody goes in vain
            self.goes[pair] = goes
            self.serving[need].append(serves)
            teams[supply].append(goes)
        for columns in teams.values():
            self.rows.add([(column, 1) for column in columns], -NO_LIMIT, 1)

    def add_counts(self):
        for number, (supplies, needs) in enumerate(self.classes):
            amount = sum(self.instance.supplies[supply].amount for supply in supplies)
            columns = []
            for need, response_s in needs.items():
                row = self.instance.needs[need]
                columns.append(self.columns.add(min(amount, row.quantity), row.price * response_s,
                                                row.operator_count > 0))
                self.counted[number, need] = columns[-1]
                self.serving[need].append(columns[-1])
            self.rows.add([(column, 1) for column in columns], -NO_LIMIT, amount)

    def add_needs(self):
        whole = {}  # incident -> column: it gets all
        for need, row in enumerate(self.instance.needs):
            serves = [(column, 1) for column in self.serving[need]]
            missing = self.columns.add(row.quantity, row.price * MISSING_S, is_discrete=False)
            self.rows.add([*serves, (missing, 1)], row.quantity, row.quantity)
            if row.all_or_nothing:
                if row.incident not in whole:
                    whole[row.incident] = self.columns.add(1)
                used = whole[row.incident]
            elif row.minimum > 1:
                used = self.columns.add(1)
            else:
                continue
            self.rows.add([*serves, (used, -self.instance.worth(need))], 0, NO_LIMIT)
            self.rows.add([*serves, (used, -row.quantity)], -NO_LIMIT, 0)

    def add_operators(self):
        instance = self.instance
        operated = collections.defaultdict(list)
        for (_, need), column in self.counted.items():
            row = instance.needs[need]
            if row.operator_count:
                operated[row.incident, row.operator_kind].append((column, row.operator_count))
        people = collections.defaultdict(list)
        for pair, column in self.goes.items():
            team = instance.supplies[instance.pair_supply[pair]]
            at = instance.needs[instance.pair_need[pair]].incident
            for kind in team.kinds:
                if (at, kind) in operated:
                    people[at, kind].append((column, -team.amount))
        for at, machines in operated.items():
            self.rows.add([*machines, *people[at]], -NO_LIMIT, 0)
        incidents = {incident for incident, _ in operated}
        for need, row in enumerate(instance.needs):
            if row.resource == PEOPLE and row.incident in incidents:
                self.add_order(need)

    def add_order(self, need):
        """Nobody goes whom nearer ones leave nothing to do, only to operate machines: people so far,
        from the nearest team on, are fewer than the need where another goes."""
        instance, so_far, most = self.instance, None, 0
        pairs = [(int(instance.eta_ms[pair]), pair) for pair in self.goes
                 if instance.pair_need[pair] == need]
        for _, pair in sorted(pairs):
            goes, room = self.goes[pair], instance.needs[need].quantity - 1
            if most > room:
                self.rows.add([(so_far, 1), (goes, most - room)], -NO_LIMIT, most)
            people = instance.supplies[instance.pair_supply[pair]].amount
            most += people
            sum_here = self.columns.add(most, is_discrete=False)
            terms = [(sum_here, 1), (goes, -people)] + ([(so_far, -1)] if so_far is not None else [])
            self.rows.add(terms, 0, 0)
            so_far = sum_here

    # ---- back to a plan ----------------------------------------------------------------------

    def plan(self, x):
        """Columns' values -> [Sent]."""
        return [*self.teams_of(x), *self.counts_of(x)]

    def teams_of(self, x):
        """Without those whom nearer ones leave nothing to do."""
        instance, sent = self.instance, collections.defaultdict(list)
        for pair, column in self.goes.items():
            if x[column] > 0.5:
                sent[int(instance.pair_need[pair])].append((int(instance.eta_ms[pair]), pair))
        for need, rows in sent.items():
            missing = instance.needs[need].quantity
            for _, pair in sorted(rows):
                supply = int(instance.pair_supply[pair])
                if missing > 0:
                    yield Sent(need, supply, instance.supplies[supply].amount)
                missing -= instance.supplies[supply].amount

    def counts_of(self, x):
        wanted = collections.defaultdict(list)
        for (number, need), column in self.counted.items():
            quantity = int(round(x[column]))
            if quantity > 0:
                wanted[number].append((need, quantity))
        for number, needs in wanted.items():
            supplies = iter(self.classes[number][0])
            supply = next(supplies)
            left = self.instance.supplies[supply].amount
            for need, quantity in needs:
                while quantity > 0:
                    if left == 0:
                        supply = next(supplies)
                        left = self.instance.supplies[supply].amount
                    taken = min(left, quantity)
                    yield Sent(need, supply, taken)
                    left, quantity = left - taken, quantity - taken


class Program:
    """What a solver is given, as arrays."""

    def __init__(self, milp):
        columns, rows = milp.columns, milp.rows
        self.upper = numpy.array(columns.upper, dtype=numpy.int64)
        self.cost = numpy.array(columns.cost, dtype=numpy.int64)
        self.is_discrete = numpy.array(columns.is_discrete)
        self.start = numpy.array(rows.start, dtype=numpy.int64)
        self.index = numpy.array(rows.index, dtype=numpy.int64)
        self.value = numpy.array(rows.value, dtype=numpy.int64)
        self.low = numpy.array(rows.low, dtype=numpy.int64)
        self.high = numpy.array(rows.high, dtype=numpy.int64)

    def row(self, number):
        span = slice(self.start[number], self.start[number + 1])
        return self.index[span].tolist(), self.value[span].tolist()

    def limits(self):
        """low, high: infinite where there is none."""
        return (numpy.where(self.low == -NO_LIMIT, -numpy.inf, self.low),
                numpy.where(self.high == NO_LIMIT, numpy.inf, self.high))


def write_mps(program, path):
    """Free MPS: rows R0.., columns C0.. ."""
    low, high = program.limits()
    by_column = numpy.argsort(program.index, kind="stable")
    row_of = numpy.repeat(numpy.arange(len(low)), numpy.diff(program.start))
    first = numpy.searchsorted(program.index[by_column], numpy.arange(len(program.cost) + 1))
    with open(path, "w", encoding="ascii") as out:
        out.write("NAME plan\nROWS\n N cost\n")
        for r, (least, most) in enumerate(zip(low, high)):
            out.write(f" {'E' if least == most else 'L' if numpy.isinf(least) else 'G'} R{r}\n")
        out.write("COLUMNS\n")
        for is_marked in (True, False):     # integers lie between two markers
            if is_marked:
                out.write(" M1 'MARKER' 'INTORG'\n")
            for c in (program.is_discrete == is_marked).nonzero()[0].tolist():
                out.write(f" C{c} cost {float(program.cost[c] / SCALE)!r}\n")
                for at in by_column[first[c]:first[c + 1]].tolist():
                    out.write(f" C{c} R{row_of[at]} {program.value[at]}\n")
            if is_marked:
                out.write(" M2 'MARKER' 'INTEND'\n")
        out.write("RHS\n")
        for r, (least, most) in enumerate(zip(low, high)):
            out.write(f" rhs R{r} {float(least if numpy.isinf(most) else most)!r}\n")
        out.write("BOUNDS\n")
        for c, most in enumerate(program.upper.tolist()):
            out.write(f" UP b C{c} {most}\n")
        out.write("ENDATA\n")
