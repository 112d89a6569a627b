"""The rows of a GeoPackage, put into a PostGIS with the same tables by psql alone: whoever compares
what the library reads from both does not want the library to have written one of them."""

import os
import sqlite3
import struct
import subprocess

TABLES = """node edge turn_restriction turn_restriction_via profile place waterway water_area kind
team team_capability vehicle machine warehouse stock at_risk_site kit scenario incident need zone rule
weight hazard closure""".split()


def make(server, database, schema="muster"):
    """A new database with muster's tables, all of them empty."""
    server.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE);")
    server.sql(f"CREATE DATABASE {database};")
    server.sql("CREATE EXTENSION postgis;", database)
    subprocess.run([os.environ["MUSTER_COMMAND"], "db", "init", server.uri(database), "--schema", schema],
                   check=True, capture_output=True)


def ewkb(blob):
    """A geometry of a GeoPackage as PostGIS reads it."""
    envelope = (blob[3] >> 1) & 7
    wkb = blob[8 + (0, 32, 48, 48, 64)[envelope]:]
    order = "<" if wkb[0] else ">"
    kind, = struct.unpack_from(f"{order}I", wkb, 1)
    return (wkb[:1] + struct.pack(f"{order}II", kind | 0x20000000, 4326) + wkb[5:]).hex()


def text_of(value, type_name):
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return ewkb(value)
    if type_name == "boolean":
        return "t" if value else "f"
    if isinstance(value, float):
        return repr(value)
    return (str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
            .replace("\r", "\\r"))


def columns_of(server, database, schema, table):
    rows = server.sql("SELECT column_name, data_type FROM information_schema.columns WHERE "
                      f"table_schema = '{schema}' AND table_name = '{table}' AND "
                      "is_generated = 'NEVER';", database)
    return dict(row.split("|") for row in rows.splitlines())


def copy_of(db, table, types):
    """A COPY of what both have, as psql takes it; in pieces, for tables may be large."""
    here = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] in types]
    yield f"COPY {table} ({', '.join(here)}) FROM STDIN;\n"
    for row in db.execute(f"SELECT {', '.join(here)} FROM {table}"):
        yield "\t".join(text_of(value, types[column]) for column, value in zip(here, row)) + "\n"
    yield "\\.\n"


def fill(server, database, path, schema="muster", checks=True):
    """Make the database and put everything into it that the file has; without `checks` nobody looks
    whether rows refer to rows that are there."""
    make(server, database, schema)
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as db:
        there = {row[0] for row in db.execute("SELECT name FROM sqlite_schema")}

        def script():
            yield f"SET search_path = {schema}, public; BEGIN;\n"
            if not checks:
                yield "SET session_replication_role = replica;\n"
            for table in TABLES:
                types = columns_of(server, database, schema, table)
                if table in there and types:
                    yield from copy_of(db, table, types)
            yield "COMMIT; ANALYZE;\n"

        server.stream(script(), database)
    return server.uri(database)
