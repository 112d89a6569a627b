"""The tables of a muster database as gis/schema_tables.c describes them, rows of any store in one
form, and data that is odd on purpose."""

import csv
import json
import os
import random
import sqlite3
import struct
import subprocess

TABLES = json.loads(subprocess.run([os.environ["MUSTER_SCHEMA_TABLES"]], check=True,
                                   capture_output=True, text=True).stdout)
TABLE = {table["name"]: table for table in TABLES}


def geometry_of(table):
    return next((c["name"] for c in table["columns"] if c["type"] == "geometry"), None)


# ---- rows of a GeoPackage and of a folder ---------------------------------------------------


def geopackage_rows(path, table):
    """Rows by rising key, as lists of values: geometries as well-known binary."""
    names = [c["name"] for c in TABLE[table]["columns"]]
    where = " WHERE key <> 'schema_version'" if table == "muster_meta" else ""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        rows = db.execute(f"SELECT {', '.join(names)} FROM {table}{where} ORDER BY {names[0]}")
        return [[plain(value, column) for value, column in zip(row, TABLE[table]["columns"])]
                for row in rows]


def plain(value, column):
    if column["type"] != "geometry" or value is None:
        return value
    assert value[:2] == b"GP" and struct.unpack_from("<i", value, 4) == (4326,)
    return value[8 + {0: 0, 1: 32}[value[3] >> 1 & 7]:]


# ---- odd data ------------------------------------------------------------------------------

TEXTS = ["", " ", "嘉兴市南湖区", "NULL", "null", "\\N", "it's", 'say "x", y', "a,b;c", "line\nbreak",
         "\r\n", "tab\t", "trailing ", "' OR 1=1; DROP TABLE node; --", "%s%n", "\u2028", "😀", "0",
         "-", "\\", '"', "x" * 70000, "é́", "\x01\x1f\x7f"]
INT32, INT64 = 2 ** 31 - 1, 2 ** 63


class OddCity:
    """Rows for every table: the borders of every type, and what breaks careless parsers."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.rows = {table["name"]: [] for table in TABLES}
        for table in TABLES:
            if table["name"] != "muster_meta":
                self.fill(table)
        self.add_meta()

    def add_meta(self):
        self.rows["muster_meta"] = [["creator", "muster 测试"], ["note", 'a "b", c\n']]

    def fill(self, table):
        keys = self.random.sample([-INT64, INT64 - 1, 0, 1, -1, 7, 2 ** 53 + 1, 2 ** 31], 6)
        if table["name"] not in ("node", "edge") or self.random.random() < 0.2:
            keys = keys[:self.random.randrange(0, 6)] if table["name"] not in ("node", "edge") else keys
        for key in sorted(keys):
            row = self.row(table, key)
            if row is not None:
                self.rows[table["name"]].append(row)

    def row(self, table, key):
        row = {c["name"]: self.value(table, c) for c in table["columns"]}
        row[table["columns"][0]["name"]] = key
        for columns, to_table, to in table["references"]:
            if not self.refer(table, row, columns.split(), to_table, to.split()):
                return None
        if not self.mend(table["name"], row):
            return None
        row = [row[c["name"]] for c in table["columns"]]
        return row if self.is_unique(table, row) else None

    def refer(self, table, row, columns, to_table, to):
        rows = self.rows[to_table]
        nullable = [c["name"] for c in table["columns"] if c["may_be_null"] and c["name"] in columns]
        if "resource" in [c["name"] for c in TABLE[to_table]["columns"]] and to_table == "kind":
            wanted = {"team_capability": "people", "vehicle": "vehicle", "machine": "machine",
                      "stock": "item", "kit": "machine", "zone": "people"}.get(table["name"])
            rows = [r for r in rows if wanted is None or r[2] == wanted]
            if columns == ["kind"] and table["name"] in ("assignment", "claim"):
                rows = [r for r in rows if r[2] == "item"]
            if columns == ["operator_kind"]:
                rows = [r for r in rows if r[2] == "people"]
        if columns == ["scenario", "incident"] and not nullable:
            pass
        elif columns == ["scenario", "incident"]:  # of a rule
            rows = [r for r in rows if r[1] == row["scenario"]]
        if not rows or (nullable and self.random.random() < 0.3):
            for name in nullable:
                row[name] = None
            return bool(nullable)
        chosen = self.random.choice(rows)
        names = [c["name"] for c in TABLE[to_table]["columns"]]
        for column, name in zip(columns, to):
            row[column] = chosen[names.index(name)]
        return True

    def mend(self, name, row):
        """What the columns of a row must be because of each other."""
        if name == "node":
            row["rank"] = len(self.rows["node"])
        if name == "edge":
            place = {r[0]: r[1] for r in self.rows["node"]}
            ends = place[row["source"]][5:], place[row["target"]][5:]
            row["geom"] = struct.pack("<BII", 1, 2, 2) + ends[0] + ends[1]
        if name == "turn_restriction" and (row["kind"] == "penalty") != (row["penalty_s"] is not None):
            row["penalty_s"] = 0.1 if row["kind"] == "penalty" else None
        if name == "profile":
            row["name"] = f"p{len(self.rows['profile'])} é"
            row["document"] = json.dumps({"name": row["name"], "height_m": 2.5}, indent=1)
        if name == "kind":
            is_operated = row["operator_kind"] is not None and row["resource"] == "machine"
            row["operator_kind"] = row["operator_kind"] if is_operated else None
            row["operator_count"] = 3 if is_operated else 0
        if name == "scenario":
            row["is_default"] = int(not self.rows["scenario"])
        if name == "incident":
            row["reported_at"] = "2026-07-01T06:30:00Z"
            row["deadline_at"] = self.random.choice([None, "2026-07-01T06:30:01Z", "2026-07-25T00:00:00Z"])
        if name == "need":
            row["minimum"] = min(row["minimum"], row["quantity"])
        if name == "rule":
            units = {"people": "team", "vehicle": "vehicle", "machine": "machine", "item": "warehouse"}
            choices = [(k, r[1]) for k, t in units.items() for r in self.rows[t]]
            if not choices:
                return False
            row["resource"], row["code"] = self.random.choice(choices)
            row["type"] = "hold" if row["incident"] is None else row["type"]
        if name in ("assignment", "claim"):
            row["resource"] = "item" if row["kind"] is not None else self.random.choice(["people", "vehicle", "machine"])
        if name == "assignment":
            row["vehicle"] = row["vehicle"] if row["resource"] == "item" else None
            row["eta_at"] = row["depart_at"]
        if name == "claim" and (row["released_at"] is not None or row["resource"] in ("machine", "item")):
            row["released_at"] = row["since"]  # else there would have to be so many
        if name == "closure" and row["edge"] is None and row["geom"] is None:
            row["geom"] = self.geometry(1 << 1)
        return True

    def is_unique(self, table, row):
        names = [c["name"] for c in table["columns"]]
        for columns in table["unique"]:
            at = [names.index(name) for name in columns.split()]
            key = [row[i] for i in at]
            if None not in key and any([r[i] for i in at] == key for r in self.rows[table["name"]]):
                return False
        return True

    def value(self, table, column):
        pick = self.random.choice
        if column["may_be_null"] and self.random.random() < 0.3:
            return None
        kind = column["type"]
        if column["words"]:
            return pick(column["words"].split())
        if column["digits"]:
            return "0123456789012345"[:int(pick(column["digits"].split()))]
        if kind == "text":
            is_code = column.get("least") == 1
            return pick([t for t in TEXTS if t or not is_code]) + (str(self.random.random()) if is_code else "")
        if kind == "boolean":
            return self.random.randrange(2)
        if kind in ("integer", "bigint"):
            least = column.get("least", -INT64)
            most = min(column.get("most", INT64 - 1), INT64 - 1)
            return pick([int(least), int(most), max(int(least), min(int(most), 1))])
        if kind == "real":
            least, most = column["least"], column["most"]
            inside = [most, (least + most) / 3, least + min(1, most) / 7, 5e-324, 0.1 + 0.2]
            return float(pick([v for v in inside if least <= v <= most]
                              + ([] if column["excludes_least"] else [least])))
        if kind == "moment":
            return pick(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z",
                         "2024-02-29T12:00:00Z"])
        if kind == "instant":
            return pick(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.5Z",
                         "2026-07-01T06:30:00.000001Z"])
        return self.geometry(column["shapes"]) if kind == "geometry" else "{}"

    def point(self):
        return (self.random.choice([-180.0, 180.0, 0.0, 120.75, 1e-300, self.random.uniform(-180, 180)]),
                self.random.choice([-90.0, 90.0, 5e-324, 30.1, self.random.uniform(-90, 90)]))

    def geometry(self, shapes):
        kind = self.random.choice([bit for bit in range(1, 7) if shapes >> bit & 1])
        if kind > 3:
            parts = [self.geometry(1 << kind - 3) for _ in range(self.random.choice([1, 3]))]
            return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)
        if kind == 1:
            return struct.pack("<BIdd", 1, 1, *self.point())
        if kind == 2:
            points = [self.point() for _ in range(self.random.choice([2, 3, 500]))]
            return struct.pack(f"<BII{2 * len(points)}d", 1, 2, len(points), *sum(points, ()))
        rings = []
        for _ in range(self.random.choice([1, 2])):
            ring = [self.point() for _ in range(3)]
            ring.append(ring[0])
            rings.append(struct.pack("<I8d", 4, *sum(ring, ())))
        return struct.pack("<BII", 1, 3, len(rings)) + b"".join(rings)

    # -- to a file --

    def write(self, path, source):
        """A GeoPackage of these rows."""
        db = sqlite3.connect(":memory:")
        for name in ("geopackage.sql", "geopackage_scenario.sql"):
            db.executescript((source / "gis" / name).read_text(encoding="utf-8"))
        for name, rows in self.rows.items():
            columns = TABLE[name]["columns"]
            marks = ", ".join("?" * len(columns))
            names = ", ".join(c["name"] for c in columns)
            db.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})",
                           [[wrap(v, c) for v, c in zip(row, columns)] for row in rows])
        db.commit()
        path.write_bytes(db.serialize())
        return path


def wrap(value, column):
    if column["type"] != "geometry" or value is None:
        return value
    return b"GP" + struct.pack("<BBi", 0, 1, 4326) + value


def read_folder(folder, table):
    """The rows of a table in a folder, by Python's own parsers."""
    columns = TABLE[table]["columns"]
    geometry = geometry_of(TABLE[table])
    if geometry:
        features = json.loads((folder / f"{table}.geojson").read_text(encoding="utf-8"))["features"]
        return [[f["geometry"] if c["name"] == geometry else f["properties"][c["name"]] for c in columns]
                for f in features]
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
