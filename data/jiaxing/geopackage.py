"""Write the GeoPackage: the tables of gis/*.sql, filled, with bounds and indexes.

The same rows give the same bytes: the file is written in one pass and every time stamp is the
scenario's own.
"""
import os
import sqlite3
import struct
from pathlib import Path

import numpy as np

SQL_FOLDER = Path(__file__).resolve().parents[2] / "gis"
STAMP = "2026-09-15T12:00:00.000Z"
HEADER_POINT = struct.pack("<2sBBi", b"GP", 0, 1, 4326) + struct.pack("<BI", 1, 1)
HEADER_BOX = struct.pack("<2sBBi", b"GP", 0, 3, 4326)

INDEX_SQL = """
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
    definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_extensions VALUES ('edge', 'geom', 'gpkg_rtree_index',
    'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
CREATE VIRTUAL TABLE rtree_edge_geom USING rtree(id, minx, maxx, miny, maxy);
"""
NEW_BOX = ("INSERT OR REPLACE INTO rtree_edge_geom VALUES (NEW.id, ST_MinX(NEW.geom), "
           "ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));")
# Word for word those of the standard (OGC 12-128r17, annex F.3).
TRIGGER_SQL = f"""
CREATE TRIGGER rtree_edge_geom_insert AFTER INSERT ON edge
  WHEN (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN {NEW_BOX} END;
CREATE TRIGGER rtree_edge_geom_update1 AFTER UPDATE OF geom ON edge
  WHEN OLD.id = NEW.id AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN {NEW_BOX} END;
CREATE TRIGGER rtree_edge_geom_update2 AFTER UPDATE OF geom ON edge
  WHEN OLD.id = NEW.id AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
  BEGIN DELETE FROM rtree_edge_geom WHERE id = OLD.id; END;
CREATE TRIGGER rtree_edge_geom_update3 AFTER UPDATE ON edge
  WHEN OLD.id != NEW.id AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
  BEGIN DELETE FROM rtree_edge_geom WHERE id = OLD.id; {NEW_BOX} END;
CREATE TRIGGER rtree_edge_geom_update4 AFTER UPDATE ON edge
  WHEN OLD.id != NEW.id AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
  BEGIN DELETE FROM rtree_edge_geom WHERE id IN (OLD.id, NEW.id); END;
CREATE TRIGGER rtree_edge_geom_delete AFTER DELETE ON edge
  WHEN OLD.geom NOT NULL BEGIN DELETE FROM rtree_edge_geom WHERE id = OLD.id; END;
"""


def point_blob(lonlat):
    return HEADER_POINT + struct.pack("<2d", *lonlat)


def box(points):
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return struct.pack("<4d", x0, x1, y0, y1)


def line_blob(points):
    return (HEADER_BOX + box(points) + struct.pack("<BII", 1, 2, len(points))
            + np.ascontiguousarray(points, "<f8").tobytes())


def polygon_blob(ring):
    """A polygon of one ring, given open, closed here."""
    closed = np.vstack([ring, ring[:1]])
    return (HEADER_BOX + box(closed) + struct.pack("<BIII", 1, 3, 1, len(closed))
            + np.ascontiguousarray(closed, "<f8").tobytes())


def points_of(blob):
    """The coordinates of a point, a line, or a polygon of one ring."""
    at = 8 + (32 if (blob[3] >> 1) & 7 == 1 else 0)
    kind = struct.unpack_from("<I", blob, at + 1)[0]
    return np.frombuffer(blob, "<f8", offset=at + {1: 5, 2: 9, 3: 13}[kind]).reshape(-1, 2)


class GeoPackage:
    """A file in the making; `close` puts it in place whole."""

    def __init__(self, path):
        self.path, self.temporary = str(path), f"{path}.tmp"
        if os.path.exists(self.temporary):
            os.remove(self.temporary)
        self.db = sqlite3.connect(self.temporary, isolation_level=None)
        self.db.execute("PRAGMA page_size = 4096")
        self.db.execute("PRAGMA synchronous = OFF")
        for name in ("geopackage.sql", "geopackage_scenario.sql", "layer_styles.sql"):
            self.db.executescript((SQL_FOLDER / name).read_text(encoding="utf-8"))
        self.db.execute("BEGIN")

    def insert(self, table, columns, rows):
        marks = ", ".join("?" * len(columns.split(", ")))
        self.db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def set_bounds(self, table, points):
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        self.db.execute("UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? "
                        "WHERE table_name = ?", (x0, y0, x1, y1, table))

    def index_edges(self, ids, low, high):
        for statement in INDEX_SQL.split(";\n"):
            self.db.execute(statement)
        self.db.executemany("INSERT INTO rtree_edge_geom VALUES (?, ?, ?, ?, ?)",
                            zip(ids, low[:, 0].tolist(), high[:, 0].tolist(),
                                low[:, 1].tolist(), high[:, 1].tolist()))
        for statement in TRIGGER_SQL.split("END;\n"):
            if statement.strip():
                self.db.execute(statement + "END;")

    def close(self):
        self.db.execute("UPDATE gpkg_contents SET last_change = ?", (STAMP,))
        self.db.execute("COMMIT")
        self.db.close()
        os.replace(self.temporary, self.path)
