"""The tables of plans in docs/benchmarks.md, and the targets with what was reached."""

import statistics

import limits
import race
from table import markdown, number, verdict

MILLION, BILLION = 1e6, 1e9
TIMES_FASTER = 20


def percent(share):
    """Two digits, and never 0 for what is more."""
    if share is None:
        return "-"
    if share == 0:
        return "0"
    return "< 0.01 %" if share < 1e-4 else f"{100 * share:.2f} %"


def seconds(value):
    if value is None:
        return "-"
    return f"{value:.3f}" if value < 1 else f"{value:.1f}"


# ---- beside the peers --------------------------------------------------------------------------

def above(value, least):
    """How much more than of the best plan; less, where that is better in the tier before."""
    if value == least:
        return "best"
    if least == 0:
        return f"+ {value / MILLION:.2f}"
    share = (value - least) / least
    return f"x {value / least:.1f}" if share > 1 else f"{'-' if share < 0 else '+'} {percent(abs(share))}"


def ratio(one, found, limit_s):
    """How many times sooner muster was there; "> " where the other was not in time."""
    goal = race.least_cost(found)
    theirs, mine = (race.seconds_to(x, goal) for x in (one, found["muster"]))
    if one is found["muster"] or mine is None:
        return ""
    return number(theirs / mine) if theirs is not None else f"> {number(limit_s / mine)}"


def peer_line(code, solver, one, found, limit_s):
    times = [code, solver, "-", "-", ratio(one, found, limit_s)]
    if one["trace"]:
        times[2] = seconds(one.get("first", one["trace"][0][0]))
        times[3] = seconds(race.seconds_to(one, race.least_cost(found)))
    if not one["checked"]:
        return [*times, one["failed"] or "no plan", "", "", ""]
    (unmet, response), best = one["checked"], race.best_plan(found)
    return [*times, f"{unmet / MILLION:.3f}", above(unmet, best[0]), f"{response / BILLION:.3f}",
            above(response, best[1])]


def peers_table(cases, limit_s):
    """cases: {code: {solver: result}}."""
    lines = [peer_line(code, solver, one, found, limit_s)
             for code, found in cases.items() for solver, one in found.items()]
    return markdown(["scenario", "solver", "first plan, s", "within 1 %, s", "muster faster by",
                     "unmet need", "to the best", "response time", "to the best"], lines)


def notes(cases):
    """A sentence a scenario."""
    for code, found in cases.items():
        least, bound = race.least_cost(found), max(one["bound"] for one in found.values())
        words = [f"{code}: travel times take {1e3 * found['muster']['travel']:.0f} ms"]
        if size := next((one["size"] for one in found.values() if one["size"]), None):
            words.append("the program has {:,} columns, {:,} rows, {:,} nonzeros".format(*size))
        if bound:
            words.append(f"the solvers' best bound is {percent(1 - bound / least)} below the best cost")
        if (after := race.seconds_to_theirs(found)) is not None:
            words.append(f"muster is as good as the best of them ends after {seconds(after)} s")
        yield ", ".join(words)


# ---- beside greedy -----------------------------------------------------------------------------

MEASURES = [("unmet need", "unmet", MILLION), ("response time, 90th percentile, min",
                                               "response_p90_s", 60),
            ("response time, tier 2", "response", BILLION)]


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def greedy_lines(pairs):
    for size, runs in pairs.items():
        for what, name, unit in MEASURES:
            greedy, best = ([row[name] / unit for row in rows] for rows in zip(*runs))
            wins = sum(b < g for g, b in zip(greedy, best))
            ties = sum(b == g for g, b in zip(greedy, best))
            changes = [100 * (b - g) / g for g, b in zip(greedy, best) if g]
            yield [size, what, quartiles(greedy), quartiles(best),
                   f"{statistics.median(changes):+.1f} %" if changes else "",
                   f"{wins} of {len(runs)}" + (f", {ties} equal" if ties else "")]


def greedy_table(pairs):
    return markdown(["incidents", "what", "greedy: median (quartiles)",
                     "muster: median (quartiles)", "change, median", "less than greedy"],
                    [*greedy_lines(pairs)])


# ---- targets -----------------------------------------------------------------------------------

def gaps_words(row):
    return ", ".join(f"{words} {percent(limits.gap(row, tier))}" for words, tier in
                     (("unmet need", "unmet"), ("response time", "response")))


def by_size(rows_of_sizes, size):
    return next(rows for rows in rows_of_sizes if rows[0]["incidents"] == size)


def growth_targets(growth):
    """Yields (job, target, reached, met)."""
    everything, people = growth["incidents"]["everything"], growth["incidents"]["people"]
    hundred = by_size(everything, 100)
    row, first = limits.at(hundred, 1000), limits.first_ms(hundred)
    yield ("100 incidents, everything", "a first plan within 20 ms", f"{first:.0f} ms", first <= 20)
    gaps = [limits.gap(row, tier) for tier in ("unmet", "response")]
    yield ("100 incidents, everything", "within 1 s: unmet need proven, response time 1 %",
           gaps_words(row), gaps[0] == 0 and gaps[1] is not None and gaps[1] <= 0.01)
    row = limits.at(by_size(people, 100), 100)
    yield ("100 incidents, people", "within 100 ms: 0.2 %", gaps_words(row),
           limits.is_within(row, 0.002))
    row = limits.at(by_size(everything, 300), 2000)
    gaps = [limits.gap(row, tier) for tier in ("unmet", "response")]
    yield ("300 incidents, demand above supply", "within 2 s: unmet need 1 %, response time 2 %",
           gaps_words(row), all(g is not None and g <= most for g, most in zip(gaps, (0.01, 0.02))))
    thousand = by_size(everything, 1000)
    row, greedy = limits.at(thousand, 1000), thousand[0]
    yield ("1,000 incidents", "within 1 s: better than greedy",
           f"{percent(1 - row['unmet'] / greedy['unmet'])} less unmet need",
           (row["unmet"], row["response"]) < (greedy["unmet"], greedy["response"]))


def race_targets(cases, limit_s):
    for code, found in cases.items():
        if not any(one["trace"] for solver, one in found.items() if solver != "muster"):
            continue
        times, peer = race.faster(found, limit_s)
        words = f"{number(times)} ({peer})" if peer else f"> {number(times)} (nobody got there)"
        yield code, f"{TIMES_FASTER} x the best solver to 1 %", words, times >= TIMES_FASTER
        behind = [f"{words} {above(mine, best)}" for words, mine, best in zip(
            ("unmet need", "response time"), found["muster"]["checked"], race.best_plan(found))]
        is_best = race.is_never_worse(found)
        yield code, "never a worse plan", "best" if is_best else ", ".join(behind), is_best


def targets_table(run):
    found = [*(growth_targets(run["growth"]) if run["growth"] else ()),
             *race_targets(run["cases"], run["seconds"])]
    return markdown(["job", "target", "reached"],
                    [[job, target, verdict(words, met)] for job, target, words, met in found])
