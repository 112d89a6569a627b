"""What the tests of the service share: a village that is served."""

import hashlib
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import muster_command as command  # noqa: E402
import service_process  # noqa: E402

TOKENS = {"reader": "read", "desk": "dispatch", "chief": "admin"}


@pytest.fixture(scope="session")
def village(tmp_path_factory):
    """The network of data/samples/village.osm."""
    network = tmp_path_factory.mktemp("village") / "village.gpkg"
    command.succeed("import", "osm", command.VILLAGE, "-o", network)
    return network


def straight_roads(folder, roads, places):
    """A network of straight roads between numbered places, a minute each, both ways."""
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
def islands(tmp_path_factory):
    """Two roads 9 km apart, 1-2 and 3-4, and one that is all but straight, 5-6-7-8."""
    network = straight_roads(
        tmp_path_factory.mktemp("islands"), [(1, 2), (3, 4), (5, 6), (6, 7), (7, 8)],
        [(120.70, 30.70), (120.71, 30.70), (120.80, 30.70), (120.81, 30.70),
         (120.70, 30.80), (120.71, 30.800004), (120.72, 30.80), (120.72, 30.81)])
    with service_process.running(network, "--profile", "light", "--profile", "drone") as running:
        yield running


@pytest.fixture(scope="session")
def service(village):
    with service_process.running(village) as running:
        yield running


@pytest.fixture(scope="session")
def tokens(tmp_path_factory):
    """A file of tokens; the token of "desk" is "desk-secret"."""
    path = tmp_path_factory.mktemp("tokens") / "tokens"
    path.write_text("# who may do what\n\n" + "".join(
        f"{name} {role} {hashlib.sha256(f'{name}-secret'.encode()).hexdigest()}\n"
        for name, role in TOKENS.items()))
    path.chmod(0o600)
    return path
