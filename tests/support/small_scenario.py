"""A scenario small enough to check by hand: a town of 12 x 12 streets near Jiaxing.

Streets are 500 m apart. Six teams, three vehicles, two pools of machines and two
warehouses stand around five incidents, which ask for a little more than there is. It is
made with the very SQL the library uses, so it is a scenario like any other:

    /usr/bin/python3 tests/support/small_scenario.py small.gpkg
"""

import math
import pathlib
import sqlite3
import struct
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMAS = ("gis/geopackage.sql", "gis/geopackage_scenario.sql")

ROWS = 12
LON, LAT = 120.75, 30.75  # south-west corner
STEP_LAT = 500 / 111_195
STEP_LON = STEP_LAT / math.cos(math.radians(LAT))

KINDS = [  # code, resource, category, name, unit
    ("flood_rescue", "people", "rescue", "抗洪抢险", "people"),
    ("medical", "people", "medical", "医疗救护", "people"),
    ("ambulance", "vehicle", "medical", "救护车", "vehicles"),
    ("bus", "vehicle", "transport", "大客车", "vehicles"),
    ("pump", "machine", "drainage", "移动泵车", "machines"),
    ("boat", "machine", "rescue", "冲锋舟", "machines"),
    ("sandbag", "item", "flood_fighting", "编织袋", "pieces"),
    ("tent", "item", "relief", "帐篷", "pieces"),
]
TEAMS = [  # code, name, people, turnout_s, profile, capabilities, street, avenue
    ("T1", "市消防救援支队", 20, 60, "emergency", ("flood_rescue",), 0, 0),
    ("T2", "县民兵应急连", 30, 600, "heavy", ("flood_rescue",), 11, 11),
    ("T3", "First aid station", 6, 120, "emergency", ("medical",), 5, 5),
    ("T4", "Blue Sky volunteers", 12, 1800, "light", ("flood_rescue", "medical"), 2, 9),
    ("T5", "镇应急分队", 10, 300, "light", ("flood_rescue",), 8, 1),
    ("T6", "Hospital reserve", 8, 900, "emergency", ("medical",), 10, 4),
]
VEHICLES = [  # code, name, kind, turnout_s, profile, street, avenue
    ("V1", "浙F·120A", "ambulance", 60, "emergency", 5, 5),
    ("V2", "浙F·120B", "ambulance", 60, "emergency", 10, 4),
    ("V3", "Bus 7", "bus", 900, "heavy", 1, 1),
]
MACHINES = [  # code, name, kind, count, turnout_s, profile, street, avenue
    ("M1", "Pump depot", "pump", 5, 1200, "heavy", 6, 2),
    ("M2", "Boat house", "boat", 4, 900, "heavy", 3, 10),
]
WAREHOUSES = [  # code, name, tier, loading_s, profile, street, avenue, stock
    ("W1", "市防汛物资仓库", "city", 1800, "heavy", 4, 4, {"sandbag": 5000, "tent": 60}),
    ("W2", "Village store", "village", 600, "light", 9, 9, {"sandbag": 800}),
]
INCIDENTS = [  # code, name, type, severity, street, avenue, needs: kind -> (quantity, minimum)
    ("I1", "南湖区堤防决口", "dike_breach", "extreme", 2, 2,
     {"flood_rescue": (40, 10), "sandbag": (4000, 0), "pump": (3, 0)}),
    ("I2", "Hospital without power", "power_cut", "severe", 7, 7,
     {"ambulance": (2, 1), "medical": (8, 0)}),
    ("I3", "<script>alert('I3')</script> & \u2028 \"quoted\"", "flooding", "severe", 10, 2,
     {"boat": (3, 0), "flood_rescue": (15, 0)}),
    ("I4", "Shelter", "evacuation", "moderate", 4, 10,
     {"tent": (80, 0), "bus": (2, 0), "medical": (4, 0)}),
    ("I5", None, "flooding", "minor", 11, 6, {"pump": (4, 3), "sandbag": (2500, 0)}),
]
CANAL = (30, 0, 2.5, 11, 2.5)  # width_m, then street and avenue of both ends
LAKE = [(5.2, 7.2, 6.8, 8.8), (5.8, 7.8, 6.2, 8.2)]  # its shore and an island: south-west, north-east
FLOODS = [(0.5, (0.5, 0.5, 4.5, 4.5)), (1.5, (1.5, 1.5, 3.5, 3.5))]  # depth_m, outline


def place(street, avenue):
    """A site a little beside its crossing, so that snapping has something to do."""
    return LON + (avenue + 0.1) * STEP_LON, LAT + (street + 0.02) * STEP_LAT


def point_blob(lon, lat):
    return struct.pack("<2sBBiBIdd", b"GP", 0, 1, 4326, 1, 1, lon, lat)


def line_blob(points):
    flat = [number for point in points for number in point]
    return struct.pack(f"<2sBBiBII{len(flat)}d", b"GP", 0, 1, 4326, 1, 2, len(points), *flat)


def polygon_blob(boxes):
    """Rings that are boxes from south-west to north-east, in streets and avenues."""
    blob = struct.pack("<2sBBiBII", b"GP", 0, 1, 4326, 1, 3, len(boxes))
    for south, west, north, east in boxes:
        ring = [(south, west), (south, east), (north, east), (north, west), (south, west)]
        flat = [number for corner in ring for number in place(*corner)]
        blob += struct.pack("<I10d", 5, *flat)
    return blob


def several_blob(blobs):
    """Points or lines, as one geometry."""
    kind, = struct.unpack_from("<I", blobs[0], 9)
    return blobs[0][:8] + struct.pack("<BII", 1, kind + 3, len(blobs)) + b"".join(b[8:] for b in blobs)


def geodesic_m(a, b):
    """Great-circle length: within half a percent of the ellipsoid's."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    h = (math.sin((lat_b - lat_a) / 2) ** 2
         + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2)
    return 2 * 6_371_008.8 * math.asin(math.sqrt(h))


def write_network(db):
    def corner(street, avenue):
        return LON + avenue * STEP_LON, LAT + street * STEP_LAT

    def number(street, avenue):
        return street * ROWS + avenue + 1

    streets = []
    for s in range(ROWS):
        for a in range(ROWS):
            db.execute("INSERT INTO node (id, geom) VALUES (?, ?)",
                       (number(s, a), point_blob(*corner(s, a))))
            streets += [((s, a), (s, a + 1))] if a + 1 < ROWS else []
            streets += [((s, a), (s + 1, a))] if s + 1 < ROWS else []
    for edge, (one, other) in enumerate(streets, start=1):
        is_along = one[0] == other[0]
        line = one[0] if is_along else one[1]
        road_class = {0: "primary", 1: "tertiary"}.get(line % 5, "residential")
        is_one_way = line == 7  # one street and one avenue
        db.execute(
            "INSERT INTO edge (id, source, target, length_m, class, access_forward,"
            " access_backward, geom) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (edge, number(*one), number(*other), round(geodesic_m(corner(*one), corner(*other)), 2),
             road_class, 7, 8 if is_one_way else 7, line_blob([corner(*one), corner(*other)])))


def write_resources(db):
    db.executemany("INSERT INTO kind (code, resource, category, name, unit) VALUES (?, ?, ?, ?, ?)",
                   KINDS)
    for code, name, people, turnout, profile, capabilities, street, avenue in TEAMS:
        db.execute("INSERT INTO team (code, name, tier, people, turnout_s, profile, geom)"
                   " VALUES (?, ?, 'city', ?, ?, ?, ?)",
                   (code, name, people, turnout, profile, point_blob(*place(street, avenue))))
        db.executemany("INSERT INTO team_capability (team, kind) VALUES (?, ?)",
                       [(code, kind) for kind in capabilities])
    for code, name, kind, turnout, profile, street, avenue in VEHICLES:
        db.execute("INSERT INTO vehicle (code, name, kind, tier, turnout_s, profile, geom)"
                   " VALUES (?, ?, ?, 'city', ?, ?, ?)",
                   (code, name, kind, turnout, profile, point_blob(*place(street, avenue))))
    for code, name, kind, count, turnout, profile, street, avenue in MACHINES:
        db.execute("INSERT INTO machine (code, name, kind, count, tier, turnout_s, profile, geom)"
                   " VALUES (?, ?, ?, ?, 'county', ?, ?, ?)",
                   (code, name, kind, count, turnout, profile, point_blob(*place(street, avenue))))
    for code, name, tier, loading, profile, street, avenue, stock in WAREHOUSES:
        db.execute("INSERT INTO warehouse (code, name, tier, loading_s, profile, geom)"
                   " VALUES (?, ?, ?, ?, ?, ?)",
                   (code, name, tier, loading, profile, point_blob(*place(street, avenue))))
        db.executemany("INSERT INTO stock (warehouse, kind, quantity) VALUES (?, ?, ?)",
                       [(code, kind, quantity) for kind, quantity in stock.items()])


def write_scenario(db, code="flood", name="台风夜 Typhoon night"):
    db.execute("INSERT INTO scenario (code, name, starts_at, is_default)"
               " VALUES (?, ?, '2026-08-01T16:00:00Z', 1)", (code, name))
    for incident, name, kind_of_incident, severity, street, avenue, needs in INCIDENTS:
        db.execute("INSERT INTO incident (scenario, code, name, type, severity, reported_at, geom)"
                   " VALUES (?, ?, ?, ?, ?, '2026-08-01T16:00:00Z', ?)",
                   (code, incident, name, kind_of_incident, severity,
                    point_blob(*place(street, avenue))))
        db.executemany("INSERT INTO need (scenario, incident, kind, quantity, minimum)"
                       " VALUES (?, ?, ?, ?, ?)",
                       [(code, incident, kind, *need) for kind, need in needs.items()])


def write_water(db, code="flood"):
    width, *ends = CANAL
    db.execute("INSERT INTO waterway (class, width_m, geom) VALUES ('canal', ?, ?)",
               (width, line_blob([place(*ends[:2]), place(*ends[2:])])))
    db.execute("INSERT INTO water_area (class, geom) VALUES ('lake', ?)", (polygon_blob(LAKE),))
    db.executemany("INSERT INTO hazard (scenario, kind, depth_m, starts_at, ends_at, geom) VALUES "
                   f"('{code}', 'flood', ?, '2026-08-01T16:00:00Z', '2026-08-03T16:00:00Z', ?)",
                   [(depth, polygon_blob([box])) for depth, box in FLOODS])


def write(path):
    """Write the scenario to a new file at `path` and return it. It is made in memory, where no statement
    waits for a disk."""
    path = pathlib.Path(path)
    path.unlink(missing_ok=True)
    db = sqlite3.connect(":memory:")
    for schema in SCHEMAS:
        db.executescript((SOURCE / schema).read_text(encoding="utf-8"))
    write_network(db)
    write_resources(db)
    write_scenario(db)
    write_water(db)
    db.commit()
    path.write_bytes(db.serialize())
    return path


TRUCKS = [  # code, name, turnout_s, profile, payload_kg, volume_m3, street, avenue
    ("V4", "浙F·T0004", 300, "heavy", 1000, 8, 3, 5),
    ("V5", None, 600, "light", 600, 3, 9, 8),
    ("V6", "Lorry 6", 900, "heavy", 500.5, 20, 6, 11),
]


def give_trucks(path):
    """Let items weigh something and vehicles carry them."""
    db = sqlite3.connect(path)
    db.execute("UPDATE kind SET mass_kg = 0.15, volume_m3 = 0.001 WHERE code = 'sandbag'")
    db.execute("UPDATE kind SET mass_kg = 7.5, volume_m3 = 0.09 WHERE code = 'tent'")
    db.execute("INSERT INTO kind (code, resource, category, name, unit)"
               " VALUES ('truck', 'vehicle', 'transport', '卡车', 'vehicles')")
    for code, name, turnout, profile, payload, volume, street, avenue in TRUCKS:
        db.execute("INSERT INTO vehicle (code, name, kind, tier, payload_kg, volume_m3, turnout_s,"
                   " profile, geom) VALUES (?, ?, 'truck', 'city', ?, ?, ?, ?, ?)",
                   (code, name, payload, volume, turnout, profile,
                    point_blob(*place(street, avenue))))
    db.commit()
    db.close()
    return path


def give_counties(path):
    """A city with two counties: half of the teams are north's, the others south's."""
    db = sqlite3.connect(path)
    for code, level, parent in (("city", "city", None), ("north", "county", "city"), ("south", "county", "city")):
        db.execute("INSERT INTO place (code, name, level, parent_code, geom) VALUES (?, ?, ?, ?, ?)",
                   (code, code, level, parent, point_blob(*place(3, 3))))
    db.execute("UPDATE team SET tier = 'county', place = CASE WHEN code < 'T4' THEN 'north' ELSE 'south' END")
    db.commit()
    db.close()
    return path


if __name__ == "__main__":
    write(sys.argv[1])
