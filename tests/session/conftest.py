"""A PostgreSQL of the tests' own that they may stop, and desks: sessions with a database beside them."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import postgres_server  # noqa: E402
import session_desk  # noqa: E402
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


@pytest.fixture(scope="module")
def tables(server):
    return session_desk.Schema(server, "centre")


@pytest.fixture()
def centre(tables, store):
    tables.sql("""
        DO $$ BEGIN EXECUTE (
            SELECT 'TRUNCATE ' || string_agg(oid::regclass::text, ', ') || ' RESTART IDENTITY'
            FROM pg_class WHERE relnamespace = 'centre'::regnamespace AND relkind = 'r'
              AND relname NOT IN ('muster_meta', 'event_horizon'));
        END $$;""")
    session_desk.fill(tables, store)
    return tables


@pytest.fixture()
def desk(centre, store, tmp_path):
    desks = []

    def start(code, journal=None, role="write"):
        desks.append(session_desk.Desk(centre, store, tmp_path / (journal or code), code, role))
        return desks[-1]

    yield start
    for each in desks:
        each.close()
