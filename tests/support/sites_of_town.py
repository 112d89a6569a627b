"""The small town with what readiness looks at: at-risk sites, a town with villages, warehouses in them, kits."""

import sqlite3

from small_scenario import place, point_blob

SITES = [("R-1", "Low 街", 1200, 3, 3), ("R-2", "Dike", None, 11, 0)]
VILLAGES = [("V-A", "桥村", 900, 0, 11), ("V-B", "Mill", 2001, 7, 6), ("V-C", "Far", 40, 5, 1)]


def add(path):
    """To the small scenario at `path`."""
    with sqlite3.connect(path) as db:
        for code, name, people, street, avenue in SITES:
            db.execute("INSERT INTO at_risk_site (code, name, population, geom) VALUES (?, ?, ?, ?)",
                       (code, name, people, point_blob(*place(street, avenue))))
        db.execute("INSERT INTO place (code, name, level, population, geom) VALUES"
                   " ('TOWN', 'Town', 'town', 2941, ?)", (point_blob(*place(5, 5)),))
        for code, name, people, street, avenue in VILLAGES:
            db.execute("INSERT INTO place (code, name, level, parent_code, population, geom)"
                       " VALUES (?, ?, 'village', 'TOWN', ?, ?)",
                       (code, name, people, point_blob(*place(street, avenue))))
        db.execute("UPDATE warehouse SET place = 'V-B' WHERE code = 'W2'")
        db.execute("UPDATE warehouse SET place = 'TOWN', tier = 'town' WHERE code = 'W1'")
        db.executemany("INSERT INTO kit (site, kind, quantity) VALUES (?, ?, ?)",
                       [("R-1", "pump", 3), ("R-2", "boat", 1)])
    db.close()
