"""A PostgreSQL with PostGIS of the tests' own, for all of them."""

import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import postgres_server  # noqa: E402


@pytest.fixture(scope="session")
def server():
    if not postgres_server.BINARIES:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-pg-"))
    server = postgres_server.Server(folder)
    try:
        server.start()
        server.sql("CREATE EXTENSION postgis;")
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
