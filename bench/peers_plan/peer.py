"""What every peer does with a scenario. A peer is a program `peer_NAME.py FOLDER SECONDS` that calls
`run` with a function
    solve(program, limit_s, heard) -> Answer
which calls heard(seconds, cost) at each better solution. Only solving is timed, not reading and
building. It prints, tab-separated and as it goes:
    size    columns, rows, nonzeros
    plan    seconds, cost
    bound   no plan costs less
    checked unmet, response: of the last plan, counted again from who goes where
    failed  why there is no plan, or none that obeys the rules"""

import collections
import math
import sys

import instance
import milp

THREADS = 2
GAP = 1e-4  # where a plan counts as proven

# x: columns' values or None; bound: of the cost, or None.
Answer = collections.namedtuple("Answer", "x bound")


def say(*words):
    print(*words, sep="\t", flush=True)


def careful(bound):
    """A bound from floating point, as an integer that is a bound as well."""
    return max(0, math.floor(bound - 1e-6 * abs(bound)))


def solve_and_tell(problem, solve, limit_s):
    model = milp.Milp(problem)
    program = milp.Program(model)
    say("size", len(program.upper), len(program.low), len(program.index))
    heard = []

    def hear(seconds, cost):
        heard.append(cost)
        say("plan", f"{seconds:.4f}", round(cost))

    answer = solve(program, limit_s, hear)
    if answer.bound is not None and math.isfinite(answer.bound):
        say("bound", careful(answer.bound))
    if answer.x is None:
        return say("failed", "did not stop to tell its plan" if heard else "no plan in time")
    try:
        return say("checked", *instance.evaluate(problem, [*model.plan(answer.x)]))
    except instance.Broken as broken:
        return say("failed", broken)


def run(solve):
    folder, seconds = sys.argv[1:]
    solve_and_tell(instance.Instance.read(folder), solve, float(seconds))
