"""muster under one time limit after another (bench_limits): what it has after how long."""

import csv
import io
import os

import install

WITHIN = 0.01
ONE_SECOND = 1000
WORDS = {"code"}
LIMITS = (20, 50, 100, 200, 500, 1000, 2000)
LONG_LIMITS = LIMITS + (3000, 5000, 10000)


def numbers(text):
    """The rows that bench_limits prints, numbers as numbers."""
    return [{name: value if name in WORDS else float(value) if "." in value else int(value)
             for name, value in row.items()}
            for row in csv.DictReader(io.StringIO(text), delimiter="\t")]


def ours(program, *arguments, threads=None):
    """What a benchmark of ours prints; not one that may be missing."""
    setting = {**os.environ, **({"OMP_NUM_THREADS": str(threads)} if threads else {})}
    try:
        return install.run([program, *arguments], program.name, env=setting)
    except install.Missing as failure:
        raise SystemExit(f"peers_plan: {failure}") from None


def ask(build, file, codes, limits, *options, threads=None):
    """Greedy (limit_ms 0), then each limit, for each scenario."""
    return numbers(ours(build / "bench/bench_limits", "--limits", ",".join(map(str, limits)),
                        *options, file, *codes, threads=threads))


def gap(row, tier):
    """What a better plan could still save of a tier, at most, as a share; None: nothing is known."""
    value, bound = row[tier], row[tier + "_bound"]
    if value == 0:
        return 0.0
    return (value - bound) / value if bound > 0 else None


def is_within(row, share=WITHIN):
    gaps = [gap(row, tier) for tier in ("unmet", "response")]
    return all(g is not None and g <= share for g in gaps)


def optimized(rows):
    return [row for row in rows if row["limit_ms"] > 0]


def first_ms(rows):
    """Until there was a plan: the fastest of these solves."""
    return min(row["first_ms"] for row in optimized(rows))


def seconds_to_proof(rows, share=WITHIN):
    """Of the shortest limit with a plan that is proven to be so good; None: none is."""
    return next((row["elapsed_ms"] / 1e3 for row in optimized(rows) if is_within(row, share)), None)


def at(rows, limit_ms):
    """The row of a limit, or of the shorter one at which everything was proven."""
    return max((row for row in optimized(rows) if row["limit_ms"] <= limit_ms),
               key=lambda row: row["limit_ms"])


# ---- growth ------------------------------------------------------------------------------------

# Family: (what its scenarios are called, sizes).
FAMILIES = {"everything": ("typhoon", (10, 30, 100, 300, 1000)),
            "people": ("people", (10, 30, 100, 300, 1000))}
UNITS = (25, 50, 75, 100)                # % of the units there are, at 100 incidents
NEEDS = (50, 100, 150, 200, 300, 400)    # % of what 100 incidents need


def growth(build, file, heard):
    """{what grows: {family: [rows of one point]}}; `heard` is told what is being measured."""
    found = {"incidents": {}, "units": {}, "scarcity": {}}
    for family, (name, sizes) in FAMILIES.items():
        heard(f"growth: {family}")
        found["incidents"][family] = [ask(build, file, [f"{name}-{size}"], LIMITS)
                                      for size in sizes]
        base = [f"{name}-100"]
        found["units"][family] = [ask(build, file, base, LIMITS, "--units", percent)
                                  for percent in UNITS]
        found["scarcity"][family] = [ask(build, file, base, LIMITS, "--needs", percent)
                                     for percent in NEEDS]
    return found


ABSCISSA = {"incidents": lambda row: row["incidents"], "units": lambda row: row["teams"],
            "scarcity": lambda row: row["people_needed"] / row["people_there"]}


# ---- greedy ------------------------------------------------------------------------------------

GREEDY_SIZES, GREEDY_LIMIT = (100, 300), 2000


def against_greedy(build, file, seeds, heard):
    """{size: [(greedy, optimized)] by seed}."""
    found = {}
    for size in GREEDY_SIZES:
        heard(f"greedy: {seeds} typhoons of {size} incidents")
        rows = ask(build, file, [f"typhoon-{size}-{seed}" for seed in range(1, seeds + 1)],
                   [GREEDY_LIMIT])
        found[str(size)] = [*zip(rows[::2], rows[1::2])]
    return found
