"""A results folder as `muster simulate` writes it, small enough to look at and true to itself.

Two policies meet the same incidents in a town of 12 x 12 streets under rising water, in a few
replications. Everything follows from a seed: who is nearest goes, works, and drives back; tables agree
with each other (a response is when the first order came on scene, stock is what orders have taken, series
count what is open). The policy "muster" sends units that are nearer and sends them sooner.

    /usr/bin/python3 tests/support/small_results.py FOLDER
"""

import csv
import json
import math
import pathlib
import random
import sys

LON, LAT, STEP_LAT = 120.75, 30.75, 500 / 111_195
STEP_LON = STEP_LAT / math.cos(math.radians(LAT))
ROWS = 12
HOUR = 3_600_000
LENGTH = 12 * HOUR
SAMPLE = 15 * 60_000
STANDARD = {"flooded_village": 20 * 60_000, "cardiac_arrest": 10 * 60_000, "levee_seepage": 0}
TYPES = [("flooded_village", "flood_rescue", "people"), ("cardiac_arrest", "ambulance", "vehicle"),
         ("levee_seepage", "sandbag", "item"), ("flooded_village", "pump", "machine")]
SEVERITIES = ["minor", "moderate", "severe", "extreme"]
TOWNS = ["330402001 建设街道", "330402002 解放街道", "330411104 王江泾镇", "330421001 魏塘街道"]
POLICIES = ["greedy", "muster"]

COLUMNS = {
    "incidents": "policy,replication,incident,name,type,severity,authority,lon_deg,lat_deg,reported_ms,"
                 "first_on_scene_ms,met_ms,closed_ms,response_ms,standard_ms,need_quantity,met_quantity",
    "needs": "policy,replication,incident,kind,resource,quantity,minimum,met_quantity,met_ms,open_quantity_ms",
    "orders": "policy,replication,order,trip,unit,resource,kind,incident,need,quantity,state,issued_ms,"
              "departed_ms,loaded_ms,on_scene_ms,left_ms,released_ms,ended_ms,distance_m,reason",
    "series": "policy,replication,time_ms,open_incidents,quantity_needed,quantity_met,units_free,"
              "units_en_route,units_on_scene,units_off,units_on_call",
    "stock": "policy,replication,time_ms,warehouse,kind,quantity",
    "plans": "policy,replication,time_ms,plan_ms,incidents,assignments,tier1,tier1_bound,tier2,tier2_bound",
    "prices": "policy,replication,time_ms,resource,kind,gain",
    "moves": "policy,replication,unit,resource,order,leg,start_ms,end_ms,polyline,offsets_ms",
    "explanations": "policy,replication,time_ms,incident,kind,text_en,text_zh",
}


def degrees(street, avenue):
    return LON + avenue * STEP_LON, LAT + street * STEP_LAT


def encoded(points):
    """The polyline of Google's algorithm, six decimals."""
    text, last = "", (0, 0)
    for lon, lat in points:
        now = (round(lat * 1e6), round(lon * 1e6))
        for value, before in zip(now, last):
            number = (value - before) << 1
            number = ~number if value < before else number
            while number >= 32:
                text += chr((32 | number & 31) + 63)
                number >>= 5
            text += chr(number + 63)
        last = now
    return text


def incidents_of(replication, count, seed):
    """The course: the same for all policies."""
    draw = random.Random(f"{seed} {replication} incidents")
    rows = []
    for i in range(count):
        kind = draw.choices(TYPES, (5, 4, 2, 3))[0]
        street, avenue = draw.uniform(0, ROWS - 1), draw.uniform(0, ROWS - 1)
        quantity = {"people": 12, "vehicle": 1, "item": 400, "machine": 2}[kind[2]] * draw.randint(1, 3)
        rows.append({"code": f"call-{i + 1}", "type": kind[0], "kind": kind[1], "resource": kind[2],
                     "severity": draw.choices(SEVERITIES, (4, 4, 2, 1))[0], "street": street,
                     "avenue": avenue, "quantity": quantity, "work": draw.randint(20, 90) * 60_000,
                     "town": TOWNS[(street > ROWS / 2) * 2 + (avenue > ROWS / 2)],
                     "reported": round(draw.uniform(0, 0.85) * LENGTH)})
    return sorted(rows, key=lambda row: (row["reported"], row["code"]))


class Town:
    """What a policy has to work with; run() lets a replication pass."""

    def __init__(self, policy, replication, seed):
        draw = random.Random(f"{seed} units")  # the same town in each replication
        self.policy, self.replication = policy, replication
        self.stock = {("W1", "sandbag"): 5000, ("W2", "sandbag"): 1200}
        self.tables = {name: [] for name in COLUMNS}
        self.units = [{"code": f"{prefix}{i + 1}", "resource": resource, "kind": kind, "size": size,
                       "home": (draw.uniform(0, 11), draw.uniform(0, 11)), "free_at": 0}
                      for prefix, resource, kind, size, count in
                      (("T", "people", "flood_rescue", 12, 7), ("V", "vehicle", "ambulance", 1, 4),
                       ("M", "machine", "pump", 2, 3), ("L", "item", "sandbag", 600, 3))
                      for i in range(count)]
        self.spans = []  # (from, until, state) of units, for the series
        self.number = 0

    def add(self, table, *cells):
        self.tables[table].append([self.policy, self.replication, *cells])

    def stock_changed(self, time):
        for (warehouse, kind), quantity in self.stock.items():
            self.add("stock", time, warehouse, kind, quantity)

    def choose(self, incident, time):
        """Whoever can be there first; greedy takes the first free one of the list if it is free now."""
        able = [u for u in self.units if u["resource"] == incident["resource"]]
        there = lambda u: max(u["free_at"], time) + self.travel(u, incident)
        if self.policy == "greedy":
            free = [u for u in able if u["free_at"] <= time]
            return min(free or able, key=lambda u: u["code"] if free else there(u))
        return min(able, key=there)

    @staticmethod
    def travel(unit, incident):
        (street, avenue) = unit["home"]
        blocks = abs(street - incident["street"]) + abs(avenue - incident["avenue"])
        return round(blocks * 500 / (30 / 3.6) * 1000)

    def path(self, unit, incident, back):
        (street, avenue), to = unit["home"], (incident["street"], incident["avenue"])
        points = [degrees(street, avenue), degrees(street, to[1]), degrees(*to)]
        share = abs(avenue - to[1]) / max(1e-9, abs(avenue - to[1]) + abs(street - to[0]))
        corner = round(share * self.travel(unit, incident))
        total = self.travel(unit, incident)
        return (points[::-1], [0, total - corner, total]) if back else (points, [0, corner, total])

    def move(self, unit, incident, order, leg, start):
        points, offsets = self.path(unit, incident, leg == "return")
        self.add("moves", unit["code"], "vehicle" if unit["resource"] == "item" else unit["resource"], order, leg, start, start + offsets[-1],
                 encoded(points), " ".join(map(str, offsets)))

    def send(self, incident, left, time):
        """One order; returns when it is on scene and how much it brings there."""
        unit = self.choose(incident, time)
        start = max(unit["free_at"], time) + (180_000 if self.policy == "greedy" else 60_000)
        quantity = min(left, unit["size"])
        travel = self.travel(unit, incident)
        self.number += 1
        order, is_item = self.number, unit["resource"] == "item"
        if is_item:
            house = max(self.stock, key=lambda at: self.stock[at])
            quantity = min(quantity, self.stock[house])
            if quantity == 0:
                return None
            self.stock[house] -= quantity
            self.stock_changed(start)
            start += 600_000
        on_scene, work = start + travel, incident["work"]
        left_at, home = on_scene + work, on_scene + work + travel
        seen = lambda t: t if t < LENGTH else ""
        if start >= LENGTH:
            return None
        state = "ended" if home < LENGTH else "released" if left_at < LENGTH else \
                "on_scene" if on_scene < LENGTH else "en_route"
        times = (state, max(unit["free_at"], time), start, seen(start) if is_item else "", seen(on_scene),
                 seen(left_at), seen(left_at), seen(home))
        reason = "nearest" if self.policy == "muster" else "first free"
        metres = round(2 * travel / 1000 * 30 / 3.6)
        if is_item:  # the trip of a vehicle, and what it brings
            self.add("orders", order, order, unit["code"], "vehicle", "", incident["code"], "", 1, *times, metres,
                     reason)
            self.number += 1
            self.add("orders", self.number, order, house[0], "item", "sandbag", incident["code"], 0, quantity,
                     *times, 0, reason)
        else:
            self.add("orders", order, "", unit["code"], unit["resource"], "", incident["code"], 0, quantity, *times,
                     metres, reason)
        self.move(unit, incident, order, "to_scene", start)
        if left_at < LENGTH:
            self.move(unit, incident, order, "return", left_at)
        self.spans += [(start, on_scene, "en_route"), (on_scene, left_at, "on_scene"),
                       (left_at, home, "off")]
        unit["free_at"] = home
        return (on_scene, left_at, quantity) if on_scene < LENGTH else None

    def serve(self, incident):
        left, arrivals = incident["quantity"], []
        while left > 0 and len(arrivals) < 6:
            arrival = self.send(incident, left, incident["reported"] + 60_000)
            if arrival is None:
                break
            arrivals.append(arrival)
            left -= arrival[2]
        arrivals.sort()
        met = incident["quantity"] - left
        first = arrivals[0][0] if arrivals else ""
        met_ms = arrivals[-1][0] if left == 0 else ""
        closed = max(a[1] for a in arrivals) if left == 0 else ""
        open_ms = sum((a[0] - incident["reported"]) * a[2] for a in arrivals) \
            + left * (LENGTH - incident["reported"])
        lon, lat = degrees(incident["street"], incident["avenue"])
        standard = STANDARD[incident["type"]]
        self.add("incidents", incident["code"], f"{incident['town'].split()[1]} {incident['type']}",
                 incident["type"], incident["severity"], incident["town"].split()[0], f"{lon:.6f}",
                 f"{lat:.6f}", incident["reported"], first, met_ms, closed if closed != "" and closed < LENGTH
                 else "", first - incident["reported"] if first != "" else "", standard,
                 incident["quantity"], met)
        self.add("needs", incident["code"], incident["kind"], incident["resource"], incident["quantity"], 0,
                 met, met_ms, open_ms)
        return arrivals

    def run(self, incidents):
        self.stock_changed(0)
        arrivals = {i["code"]: self.serve(i) for i in incidents}
        for time in range(0, LENGTH + 1, SAMPLE):
            self.sample(time, incidents, arrivals)
        return self.tables

    def sample(self, time, incidents, arrivals):
        reported = [i for i in incidents if i["reported"] <= time]
        needed = sum(i["quantity"] for i in reported)
        met = sum(a[2] for i in reported for a in arrivals[i["code"]] if a[0] <= time)
        count = {state: sum(f <= time < u for f, u, s in self.spans if s == state)
                 for state in ("en_route", "on_scene", "off")}
        is_open = [i for i in reported
                   if sum(a[2] for a in arrivals[i["code"]] if a[0] <= time) < i["quantity"]]
        on_call = 2 if time < 2 * HOUR else 0  # who comes then is never sent
        self.add("series", time, len(is_open), needed, met, len(self.units) + 2 - on_call - sum(count.values()),
                 count["en_route"], count["on_scene"], count["off"], on_call)
        if is_open and time % HOUR == 0:
            worst = is_open[0]
            self.add("explanations", time, worst["code"], worst["kind"],
                     f"all {worst['kind']} are busy; the next is free in {len(is_open) * 7} min",
                     f"所有{worst['kind']}都在执行任务，最早{len(is_open) * 7}分钟后空闲")
            for resource, kind in sorted({(i["resource"], i["kind"]) for i in is_open}):
                self.add("prices", time, resource, kind,
                         10 * sum(i["kind"] == kind for i in is_open))
        self.add("plans", time, 3, len(is_open), len(is_open), needed - met, needed - met, 1000, 900)


def hazards(replication):
    """What there was in a replication: rising water, wind, and a road that was closed."""
    features = []
    for step, grown in enumerate((0.0, 1.5, 3.0)):
        (w, s), (e, n) = degrees(1, 1), degrees(3 + grown, 5 + 2 * grown)
        features.append({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [
            [[w, s], [e, s], [e, n], [w, n], [w, s]]]}, "properties": {
                "replication": replication, "code": f"flood-{step}", "kind": "flood", "from_ms": step * 3 * HOUR,
                "until_ms": (step + 1) * 3 * HOUR if step < 2 else LENGTH, "depth_m": 0.4 + 0.4 * step}})
    (w, s), (e, n) = degrees(7, 7), degrees(10, 10)
    features.append({"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[
        [[w, s], [e, s], [e, n], [w, n], [w, s]]]]}, "properties": {
            "replication": replication, "code": "wind", "kind": "wind", "from_ms": 6 * HOUR, "until_ms": 9 * HOUR, "force": 10}})
    features.append({"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": [
        [degrees(8, 1), degrees(8, 4)]]}, "properties": {
            "replication": replication, "code": "tree", "kind": "closure", "from_ms": 2 * HOUR, "until_ms": 5 * HOUR}})
    return features


def write(folder, replications=6, count=60, policies=POLICIES, seed=7, recorded=(0,), first=0, sha256="ab" * 32,
          store="s.gpkg", name="梅雨洪水 Plum rain"):
    """Write the folder; count is of incidents in a replication."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (west, south), (east, north) = degrees(0, 0), degrees(ROWS - 1, ROWS - 1)
    run = {"format": "muster-simulation-1",
           "scenario": {"name": name, "name_zh": "梅雨洪水", "file": "plumrain.toml", "sha256": sha256,
                        "store": store, "start_at": "2026-07-01T14:00:00+08:00", "length_ms": LENGTH,
                        "bbox": [west, south, east, north]},
           "policies": [{"name": policy, "method": "greedy" if policy == "greedy" else "optimize",
                         "interval_s": 300} for policy in policies],
           "replications": replications, "first_replication": first, "seed": seed, "version": "0.1.0",
           "standards": [{"type": kind, "response_ms": ms} for kind, ms in STANDARD.items() if ms],
           "assumptions": ["Calls follow a Poisson process.", "Units drive 30 km/h on flooded streets."],
           "assumptions_zh": ["呼叫服从泊松过程。"],
           "kinds": [{"code": "sandbag", "name": "编织袋"}, {"code": "flood_rescue", "name": "抗洪抢险"},
                     {"code": "pump", "name": None}],
           "authorities": [dict(zip(("code", "name"), town.split())) for town in TOWNS],
           "recorded": list(recorded)}
    (folder / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=1), encoding="utf-8")
    features = [feature for replication in recorded for feature in hazards(replication)]
    (folder / "hazards.geojson").write_text(json.dumps(
        {"type": "FeatureCollection", "features": features}), encoding="utf-8")
    tables = {table: [] for table in COLUMNS}
    only_recorded = {"stock", "prices", "moves", "explanations"}
    for policy in policies:
        for replication in range(first, first + replications):
            run_tables = Town(policy, replication, seed).run(incidents_of(replication, count, seed))
            for table, rows in run_tables.items():
                if table not in only_recorded or replication in recorded:
                    tables[table] += rows
    for table, rows in tables.items():
        with open(folder / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS[table].split(","))
            writer.writerows(rows)
    return folder


def read(folder, table):
    """The rows of a table as dictionaries."""
    with open(pathlib.Path(folder) / f"{table}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    write(sys.argv[1])
