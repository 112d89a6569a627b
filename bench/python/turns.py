"""Ways of doing the same, measured in turn: what disturbs the machine disturbs all of them."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "peers"))

from asked import print_row  # noqa: E402


def elapsed_ms(work, calls=1):
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) * 1e3 / calls


def in_turn(ways, rounds):
    """ways: {job: function that gives milliseconds}. Print a row a job: see asked.py."""
    times = {job: [] for job in ways}
    for number in range(rounds):
        # There and back: who comes first is not always the same.
        for job in [*ways] if number % 2 == 0 else [*ways][::-1]:
            times[job].append(ways[job]())
    for job, found in times.items():
        print_row(job, found)
