"""How long a problem of DataFrames takes to build: that of the home scenario, from the frames that it is made of.

    PYTHONPATH=build/release/bindings/python build/python-packages/bin/python bench/python_frames.py \
        build/release/data/jiaxing.gpkg [SCENARIO [ROUNDS]]

The fastest of some rounds, in milliseconds, as JSON: `build_ms`, of which `check_ms` is the library's own check of the
problem, and `frames_ms`, the way back. The plans of both problems are compared before."""

import json
import os
import sys
import time

import pandas

import muster

AIM_MS = 100


def fastest_ms(function, rounds):
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - began)
    return round(1000 * best, 2)


def main(store, scenario="typhoon-100", rounds="20"):
    problem = muster.Scenario.load(store, scenario).problem
    frames = problem.frames()
    again = muster.Problem.from_frames(**frames)
    plans = [muster.solve(p, time_limit=0, work_limit=1).assignments for p in (problem, again)]
    pandas.testing.assert_frame_equal(*plans)
    found = {"scenario": scenario, "rows": sum(len(f) for f in frames.values() if isinstance(f, pandas.DataFrame)),
             "build_ms": fastest_ms(lambda: muster.Problem.from_frames(**frames), int(rounds)), "aim_ms": AIM_MS,
             "check_ms": fastest_ms(again.check, int(rounds)),
             "frames_ms": fastest_ms(problem.frames, int(rounds)), "load": os.getloadavg()[0]}
    print(json.dumps(found))
    return 0 if found["build_ms"] < AIM_MS else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
