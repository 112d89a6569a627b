"""What the tests of the command share."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import small_networks  # noqa: E402


@pytest.fixture(scope="session")
def village(tmp_path_factory):
    """The network of data/samples/village.osm; tests only read it."""
    return small_networks.village(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="session")
def two_islands(tmp_path_factory):
    """Two roads 9 km apart: 1-2 and 3-4, a minute each."""
    return small_networks.straight_roads(
        tmp_path_factory.mktemp("islands"), [(1, 2), (3, 4)],
        [(120.70, 30.70), (120.71, 30.70), (120.80, 30.70), (120.81, 30.70)])


@pytest.fixture(scope="session")
def malta(tmp_path_factory):
    """A road where a latitude can be a longitude as well: swapped, it lies in Sudan."""
    return small_networks.straight_roads(
        tmp_path_factory.mktemp("malta"), [(1, 2)], [(14.50, 35.90), (14.51, 35.90)])
