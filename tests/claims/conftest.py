"""A PostgreSQL of the tests' own, that they may stop, and programs that claim."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import claim_program  # noqa: E402
import fault_proxy  # noqa: E402
import postgres_server  # noqa: E402


@pytest.fixture(scope="session")
def server():
    if not postgres_server.BINARIES:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql")
    with postgres_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def claims_schema(server):
    return claim_program.Schema(server, "storm_desk")


@pytest.fixture()
def claims(claims_schema):
    """Plans, claims and events, none yet, and some units to claim."""
    claims_schema.fill()
    return claims_schema


@pytest.fixture()
def dispatcher(claims):
    """Start workers; at the end they have to go without a word."""
    workers = []

    def start(code="A", **options):
        options.setdefault("connection", claims.server.connection)
        workers.append(claim_program.Worker(schema=claims.name, code=code, **options))
        return workers[-1]

    yield start
    for worker in workers:
        assert worker.close() == (0, "")


@pytest.fixture()
def follow(claims):
    """Start followers; at the end they have to go without a word."""
    followers = []

    def start(**options):
        options.setdefault("connection", claims.server.connection)
        followers.append(claim_program.Follower(schema=claims.name, **options))
        return followers[-1]

    yield start
    for follower in followers:
        assert follower.close() == (0, "")


@pytest.fixture()
def proxy(server):
    proxy = fault_proxy.Proxy(server.folder)
    yield proxy
    proxy.close()
