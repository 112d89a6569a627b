"""What the tests of the command share."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import muster_command as command  # noqa: E402


@pytest.fixture(scope="session")
def village(tmp_path_factory):
    """The network of data/samples/village.osm; tests only read it."""
    network = tmp_path_factory.mktemp("village") / "village.gpkg"
    command.succeed("import", "osm", command.VILLAGE, "-o", network)
    return network


@pytest.fixture(scope="session")
def two_islands(tmp_path_factory):
    """Two roads 9 km apart: 1-2 and 3-4, a minute each."""
    folder = tmp_path_factory.mktemp("islands")
    graph, coordinates = folder / "islands.gr", folder / "islands.co"
    graph.write_text("p sp 4 4\na 1 2 60000\na 2 1 60000\na 3 4 60000\na 4 3 60000\n")
    coordinates.write_text("p aux sp co 4\nv 1 120700000 30700000\nv 2 120710000 30700000\n"
                           "v 3 120800000 30700000\nv 4 120810000 30700000\n")
    network = folder / "islands.gpkg"
    command.succeed("import", "dimacs", "--graph", graph, "--coordinates", coordinates, "-o",
                    network)
    return network
