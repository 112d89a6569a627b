"""A PostgreSQL with PostGIS of the tests' own, for all of them."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import postgres_server  # noqa: E402


@pytest.fixture(scope="session")
def server():
    if not postgres_server.BINARIES:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql")
    with postgres_server.running() as server:
        yield server
