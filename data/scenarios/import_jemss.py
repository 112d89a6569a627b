#!/usr/bin/python3
"""Make a store of a city of JEMSS, the simulator of emergency medical services.

    import_jemss.py CITY -o OUT.gpkg      then: muster order OUT.gpkg

CITY has stations/, hospitals/, ambulances/, travel/ as JEMSS.jl's data/cities/<city> has them (also below
models/1/). Each pair of speeds that arcs have in the two modes becomes a road class, and the modes become the
profiles `lights` and `regular` with the speeds of these classes, so that an arc takes as long as there to the
millisecond. Ambulances stand at their stations; hospitals are said in the scenario file. Junctions where roads can
be left become at-risk sites, from which calls come. It needs Python's standard library alone.
"""
import argparse
import csv
import json
import pathlib
import sqlite3
import struct
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ("gis/geopackage.sql", "gis/geopackage_scenario.sql")
DAY_S, HOURS = 86400, 24
# Road classes by the speed of mode 1, the fastest first.
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
           "service", "track")
TURNOUT_S = 0  # the dispatch delay is in the calls
WGS84 = 4326


def fail(message):
    sys.exit(f"import_jemss: {message}")


def tables(path):
    """A JEMSS file has several tables: {name: rows as dicts}."""
    found, name, header = {}, None, None
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                name = header = None
            elif name is None:
                name, found[cells[0]] = cells[0], []
            elif header is None:
                header = cells
            else:
                found[name].append(dict(zip(header, cells)))
    return found


def read(city, *names):
    """The table of a city's file, wherever its model has it."""
    *folders, table = names
    for root in (city, city / "models/1"):
        matches = sorted(root.joinpath(*folders[:-1]).glob(folders[-1]))
        if matches:
            rows = tables(matches[0]).get(table)
            if not rows:
                fail(f"\"{matches[0]}\" has no rows of {table}; expected a file of JEMSS")
            return rows
    return fail(f"\"{city}\" has no {'/'.join(folders)}; expected a city of JEMSS")


def blob(kind, points):
    """A geometry of GeoPackage: a point or a line."""
    head = b"GP\0\x01" + struct.pack("<i", WGS84)
    body = struct.pack("<BI", 1, kind) + (struct.pack("<I", len(points)) if kind == 2 else b"")
    return head + body + b"".join(struct.pack("<dd", *point) for point in points)


def kmh(row, mode):
    """The speed of an arc in a mode, whose times are in days; JEMSS has speeds of whole km/h."""
    return round(float(row["distance"]) / (float(row[mode]) * HOURS), 3)


def speeds_by_class(arcs):
    pairs = sorted({(kmh(a, "mode_1"), kmh(a, "mode_2")) for a in arcs if float(a["mode_1"]) > 0}, reverse=True)
    if len(pairs) > len(CLASSES):
        fail(f"arcs have {len(pairs)} pairs of speeds; expected at most {len(CLASSES)}")
    return dict(zip(pairs, CLASSES))


def write_nodes(db, nodes):
    db.executemany("INSERT INTO node (id, geom) VALUES (?, ?)",
                   ((int(float(n["index"])), blob(1, [(float(n["x"]), float(n["y"]))])) for n in nodes))


def write_edges(db, nodes, arcs, class_of):
    """Arcs are directed; one there and one back of the same length and speeds are one edge."""
    at = {int(float(n["index"])): (float(n["x"]), float(n["y"])) for n in nodes}
    waiting, edges = {}, []
    for arc in arcs:
        a, b = int(float(arc["fromNode"])), int(float(arc["toNode"]))
        name = class_of.get((kmh(arc, "mode_1"), kmh(arc, "mode_2"))) if float(arc["mode_1"]) > 0 else CLASSES[-1]
        length_m = 1000 * float(arc["distance"])
        back = waiting.get((b, a, round(length_m, 2), name))
        if back:
            edges[back.pop()][6] = 7
            if not back:
                del waiting[(b, a, round(length_m, 2), name)]
            continue
        waiting.setdefault((a, b, round(length_m, 2), name), []).append(len(edges))
        edges.append([len(edges) + 1, a, b, length_m, name, 7, 0, blob(2, [at[a], at[b]])])
    db.executemany("INSERT INTO edge (id, source, target, length_m, class, access_forward, access_backward, geom)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", edges)


def write_profiles(db, class_of):
    """Ambulances obey no one-way street less than cars do here: arcs are what JEMSS has."""
    for name, mode in (("lights", 0), ("regular", 1)):
        speeds = {road_class: pair[mode] for pair, road_class in class_of.items()}
        document = {"name": name, "access": ["light"],
                    "speed_kmh": {road_class: speeds.get(road_class, 0) for road_class in CLASSES}}
        db.execute("INSERT INTO profile (name, document) VALUES (?, ?)", (name, json.dumps(document)))


def write_resources(db, stations, ambulances):
    at = {s["index"]: (float(s["x"]), float(s["y"])) for s in stations}
    db.execute("INSERT INTO kind (code, resource, category, name, name_en, unit) VALUES"
               " ('ambulance', 'vehicle', 'medical', 'ambulance', 'ambulance', 'vehicles')")
    db.executemany("INSERT INTO vehicle (code, name, kind, tier, turnout_s, profile, geom)"
                   " VALUES (?, ?, 'ambulance', 'city', ?, 'lights', ?)",
                   ((f"A-{int(a['index']):02}", f"Ambulance {a['index']}", TURNOUT_S,
                     blob(1, [at[a["stationIndex"]]])) for a in ambulances))


def write_sites(db, nodes):
    db.executemany("INSERT INTO at_risk_site (code, name, geom) VALUES (?, ?, ?)",
                   ((f"N{int(float(n['index']))}", f"junction {int(float(n['index']))}",
                     blob(1, [(float(n["x"]), float(n["y"]))])) for n in nodes if float(n["offRoadAccess"]) > 0))


def convert(city, out):
    nodes = read(city, "travel", "roads", "nodes.csv", "nodes")
    arcs = read(city, "travel", "roads", "arcs.csv", "arcs")
    stations = read(city, "stations", "stations_*.csv", "stations")
    ambulances = read(city, "ambulances", "ambulances_*.csv", "ambulances")
    class_of = speeds_by_class(arcs)
    out.unlink(missing_ok=True)
    with sqlite3.connect(out) as db:
        for schema in SCHEMAS:
            db.executescript((SOURCE / schema).read_text(encoding="utf-8"))
        write_nodes(db, nodes)
        write_edges(db, nodes, arcs, class_of)
        write_profiles(db, class_of)
        write_resources(db, stations, ambulances)
        write_sites(db, nodes)
        db.execute("INSERT INTO scenario (code, name, starts_at, is_default) VALUES ('day', 'A day',"
                   " '2026-03-02T00:00:00Z', 1)")
    db.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("city", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    convert(options.city, options.output)


if __name__ == "__main__":
    main()
