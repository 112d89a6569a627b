"""What the tests of the service share: a village that is served."""

import hashlib
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import service_process  # noqa: E402
import small_networks  # noqa: E402

TOKENS = {"reader": "read", "desk": "dispatch", "chief": "admin"}


@pytest.fixture(scope="session")
def village(tmp_path_factory):
    """The network of data/samples/village.osm."""
    return small_networks.village(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="session")
def islands(tmp_path_factory):
    """Two roads 9 km apart, 1-2 and 3-4, and one that is all but straight, 5-6-7-8."""
    network = small_networks.straight_roads(
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
