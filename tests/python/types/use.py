"""Typical use of the package: type checkers have nothing to say."""

from __future__ import annotations

import numpy as np
import pandas
from numpy.typing import NDArray

import muster


def tables(path: str) -> NDArray[np.uint32]:
    network = muster.Network.from_osm(path, progress=True)
    metric: muster.Metric = network.metric("light")
    flooded = metric.close(edges=[3], speed_factor=0.5)
    stations = pandas.DataFrame({"lon": [120.7, 120.8], "lat": [30.7, 30.8]})
    table = flooded.matrix(stations, [(120.75, 30.75)], distances=True)
    seconds: pandas.DataFrame = table.to_frame()
    assert table.distance_m is not None and seconds.shape == table.distance_m.shape
    route = metric.route((120.7, 30.7), (120.8, 30.8))
    if route is not None:
        print(route.duration_ms // 1000, route.distance_m, route.lon[0])
    return table.duration_ms


def planning(store: str) -> pandas.DataFrame:
    scenario = muster.Scenario.load(store, "typhoon-100")
    frames = scenario.problem.frames()
    problem = muster.Problem.from_frames(**frames)
    plan: muster.Plan = muster.solve(problem, time_limit=2, on_progress=lambda told: told.elapsed_ms < 1000)
    if not plan.is_optimal:
        print(plan.unmet.groupby("reason").quantity.sum())
    return plan.assignments


def looking_back(folder: str) -> pandas.DataFrame:
    result = muster.SimulationResult.read(folder)
    return result.compare(*result.policies[:2])


def failing() -> str:
    try:
        muster.Network.from_store("nowhere.gpkg")
    except muster.StoreError as error:
        return str(error)
    return ""
