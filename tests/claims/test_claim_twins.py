"""Claims in GeoPackages keep the rules of those in PostGIS."""

import itertools
import os
import pathlib
import sqlite3

import pytest

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])


@pytest.fixture()
def package():
    database = sqlite3.connect(":memory:")
    for name in ("geopackage.sql", "geopackage_scenario.sql"):
        database.executescript((SOURCE / "gis" / name).read_text(encoding="utf-8"))
    database.execute("PRAGMA foreign_keys = ON")
    yield database
    database.close()


CLAIM = "INSERT INTO claim (dispatcher, resource, code, kind, quantity, since, released_at) VALUES "
GOOD = ["('A', 'people', 'T1', NULL, 10, '2026-07-01T00:00:00.000Z', NULL)",
        "('A', 'people', 'T2', NULL, 10, '2026-07-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z')",
        "('B', 'people', 'T2', NULL, 10, '2026-07-01T00:00:01.000Z', NULL)",
        "('A', 'item', 'W1', 'sandbag', 3, '2026-07-01T00:00:00.000Z', NULL)"]
BAD = ["('A', 'people', 'T1', NULL, 1, '2026-07-01T00:00:00.000Z', NULL)",
       "('B', 'people', 'T2', NULL, 1, '2026-07-01T00:00:00.000Z', NULL)",
       "('C', 'people', 'T3', NULL, 1, '2026-07-01T00:00:00.000Z', NULL)",
       "('A', 'people', 'T3', 'sandbag', 1, '2026-07-01T00:00:00.000Z', NULL)",
       "('A', 'item', 'W1', NULL, 1, '2026-07-01T00:00:00.000Z', NULL)",
       "('A', 'boat', 'T3', NULL, 1, '2026-07-01T00:00:00.000Z', NULL)",
       "('A', 'people', 'T3', NULL, 0, '2026-07-01T00:00:00.000Z', NULL)"]


def test_both_take_and_refuse_the_same_claims(claims, package):
    for script in ("INSERT INTO kind (code, resource, category, name, unit) VALUES ('sandbag', 'item', 'x', 'x', 'x')",
                   "INSERT INTO dispatcher (code, owner, token, holder, taken_at) VALUES ('A', 'x', 1, '', '2026-07-01T00:00:00.000Z'), "
                   "('B', 'x', 1, '', '2026-07-01T00:00:00.000Z')"):
        package.execute(script)
    claims.sql("""SELECT take_over('{"dispatcher": "A"}'), take_over('{"dispatcher": "B"}');""")
    for row, is_good in itertools.chain(((r, True) for r in GOOD), ((r, False) for r in BAD)):
        for take in (lambda: package.execute(CLAIM + row), lambda: claims.sql(CLAIM + row + ";")):
            if is_good:
                take()
            else:
                with pytest.raises(Exception, match="constraint|cannot be claimed"):
                    take()
