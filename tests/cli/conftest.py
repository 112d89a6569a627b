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


def from_dimacs(folder, roads, places):
    """A network of straight roads between numbered places, a minute each both ways."""
    graph, coordinates, network = folder / "n.gr", folder / "n.co", folder / "n.gpkg"
    arcs = [arc for one, other in roads for arc in ((one, other), (other, one))]
    graph.write_text(f"p sp {len(places)} {len(arcs)}\n"
                     + "".join(f"a {tail} {head} 60000\n" for tail, head in arcs))
    coordinates.write_text(f"p aux sp co {len(places)}\n" + "".join(
        f"v {i} {round(lon * 1e6)} {round(lat * 1e6)}\n"
        for i, (lon, lat) in enumerate(places, start=1)))
    command.succeed("import", "dimacs", "--graph", graph, "--coordinates", coordinates, "-o",
                    network)
    return network


@pytest.fixture(scope="session")
def two_islands(tmp_path_factory):
    """Two roads 9 km apart: 1-2 and 3-4, a minute each."""
    return from_dimacs(tmp_path_factory.mktemp("islands"), [(1, 2), (3, 4)],
                       [(120.70, 30.70), (120.71, 30.70), (120.80, 30.70), (120.81, 30.70)])


@pytest.fixture(scope="session")
def malta(tmp_path_factory):
    """A road where a latitude can be a longitude as well: swapped, it lies in Sudan."""
    return from_dimacs(tmp_path_factory.mktemp("malta"), [(1, 2)], [(14.50, 35.90), (14.51, 35.90)])
