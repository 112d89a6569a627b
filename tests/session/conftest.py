"""A PostgreSQL of the tests' own that they may stop, and desks: sessions with a database beside them."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import postgres_server  # noqa: E402
import small_scenario  # noqa: E402


@pytest.fixture(scope="module")
def server():
    if not postgres_server.BINARIES:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql")
    with postgres_server.running() as server:
        yield server


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "small.gpkg"
    small_scenario.write(path)
    small_scenario.give_trucks(path)
    return path
