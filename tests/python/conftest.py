"""What the tests of the Python package share: graphs that scipy searches too."""

import os
import pathlib
import sys

import numpy as np
import pytest

SOURCE = pathlib.Path(os.environ.get("MUSTER_SOURCE", pathlib.Path(__file__).parents[2]))
sys.path.insert(0, str(SOURCE / "tests/support"))

import muster  # noqa: E402

GRID = 6  # junctions along each side of the town
LON, LAT, STEP = 120.70, 30.70, 0.005


def town():
    """A grid of streets with stated travel times, each both ways: (lon, lat, source, target, duration_ms)."""
    column, row = np.meshgrid(np.arange(GRID), np.arange(GRID))
    lon, lat = LON + STEP * column.ravel(), LAT + STEP * row.ravel()
    number = np.arange(GRID * GRID).reshape(GRID, GRID)
    source = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
    target = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
    duration_ms = 20_000 + 1000 * (np.arange(len(source)) * 7 % 23)
    return lon, lat, source, target, duration_ms


@pytest.fixture(scope="session")
def network():
    lon, lat, source, target, duration_ms = town()
    return muster.Network.from_arrays(lon, lat, source, target, np.full(len(source), 500.0),
                                      duration_ms=duration_ms)


@pytest.fixture(scope="session")
def metric(network):
    return network.metric("light")


@pytest.fixture(scope="session")
def junctions(network):
    return np.column_stack((network.node_lon, network.node_lat))


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small scenario that the tests of the command plan."""
    import small_scenario
    return small_scenario.write(tmp_path_factory.mktemp("small") / "small.gpkg")
