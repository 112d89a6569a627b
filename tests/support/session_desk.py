"""The program session_desk, and a database that has the units of the small scenario."""

import collections
import os
import subprocess
import time

import claim_history
import claim_program
import small_scenario

PROGRAM = os.environ["MUSTER_SESSION_DESK"]

Unit = collections.namedtuple("Unit", "quantity available lon_deg lat_deg reason")
Order = collections.namedtuple("Order", "number state claim claim_number resource unit kind quantity")


def order_of(word):
    number, state, claim, claim_number, resource, unit, kind, quantity = word.split(",")
    return Order(int(number), state, claim, int(claim_number), resource, unit, kind, int(quantity))


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def fill(schema, store):
    """The units of the store, none of them claimed."""
    place = "'SRID=4326;POINT(120.75 30.75)'"
    with small_scenario.sqlite3.connect(store) as db:
        kinds = db.execute("SELECT code, resource, category, name, unit FROM kind").fetchall()
        teams = db.execute("SELECT code, people FROM team").fetchall()
        vehicles = db.execute("SELECT code, kind FROM vehicle").fetchall()
        machines = db.execute("SELECT code, kind, count FROM machine").fetchall()
        stock = db.execute("SELECT warehouse, kind, quantity FROM stock").fetchall()
    lines = [f"INSERT INTO kind (code, resource, category, name, unit) VALUES ({', '.join(map(quote, k))});" for k in kinds]
    lines += [f"INSERT INTO team (code, name, tier, people, profile, geom) VALUES ({quote(c)}, {quote(c)}, 'city', {n}, 'light', {place});"
              for c, n in teams]
    lines += [f"INSERT INTO vehicle (code, kind, tier, profile, geom) VALUES ({quote(c)}, {quote(k)}, 'city', 'light', {place});"
              for c, k in vehicles]
    lines += [f"INSERT INTO machine (code, kind, count, tier, profile, geom) VALUES ({quote(c)}, {quote(k)}, {n}, 'city', 'light', {place});"
              for c, k, n in machines]
    lines += [f"INSERT INTO warehouse (code, name, tier, loading_s, profile, geom) VALUES ({quote(c)}, 'W', 'city', 0, 'light', {place});"
              for c in sorted({w for w, _, _ in stock})]
    lines += [f"INSERT INTO stock (warehouse, kind, quantity) VALUES ({quote(c)}, {quote(k)}, {n});" for c, k, n in stock]
    schema.sql("\n".join(lines))


class Schema(claim_program.Schema):
    def held(self, dispatcher=None):
        """{claim: (dispatcher, resource, code, kind, quantity)} of what is held."""
        rows = self.sql("""SELECT id, dispatcher, resource, code, coalesce(kind, ''), quantity
                           FROM claim WHERE released_at IS NULL;""")
        return {int(r[0]): (*r[1:5], int(r[5])) for r in rows if dispatcher in (None, r[1])}

    def stock(self):
        """{(warehouse, kind): quantity}"""
        return {(r[0], r[1]): int(r[2]) for r in self.sql("SELECT warehouse, kind, quantity FROM stock;")}

    def capacity(self):
        """{(resource, code, kind): how many there are}"""
        rows = self.sql("""SELECT 'people', code, '', 1 FROM team UNION ALL SELECT 'vehicle', code, '', 1 FROM vehicle
                           UNION ALL SELECT 'machine', code, '', count FROM machine
                           UNION ALL SELECT 'item', warehouse, kind, quantity FROM stock;""")
        return {(r[0], r[1], r[2]): int(r[3]) for r in rows}


class Desk:
    """One process of session_desk."""

    def __init__(self, schema, store, journal, code, role="write"):
        self.arguments = [PROGRAM, str(journal), str(store), schema.server.connection, schema.name, code, role]
        self.code = code
        self.process = subprocess.Popen(self.arguments, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout.readline() == "open\n"

    def tell_it(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def ask(self, *words):
        self.tell_it(*words)
        return self.process.stdout.readline().rstrip("\n").split("\t")

    def commit(self, name, timeout_ms=2000):
        """Orders, and why others were not ordered."""
        words = self.ask("commit", name, timeout_ms)
        assert words[0] == "committed", words
        count = int(words[2])
        return [order_of(word) for word in words[3:3 + count]], words[3 + count:]

    def tell(self, event, order):
        return self.ask("tell", event, order)

    def orders(self):
        return [order_of(word) for word in self.ask("orders")[1:]]

    def units(self):
        """{(resource, code, kind of stock or ""): Unit}"""
        rows = [word.split(",", 7) for word in self.ask("units")[1:]]
        return {(r[0], r[1], r[2] if r[0] == "item" else ""): Unit(int(r[3]), r[4] == "1", float(r[5]), float(r[6]), r[7])
                for r in rows}

    def open_orders(self):
        return [o for o in self.orders() if o.state in ("issued", "accepted", "en_route", "loaded", "on_scene")]

    def state(self):
        words = self.ask("state")
        return {"is_away": words[1] == "away", "is_fenced": words[2] == "fenced", "pending": int(words[3]),
                "age_ms": int(words[4]), "trouble": words[5]}

    def wait(self, condition, seconds=10):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.code, self.state(), self.orders())
            time.sleep(0.01)

    def wait_until_there(self):
        self.wait(lambda: not self.state()["is_away"])

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def close(self):
        if self.process.returncode is None:
            _, errors = self.process.communicate()
            assert (self.process.returncode, errors) == (0, "")


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def claims_of(orders):
    return {o.claim_number for o in orders}


def promised(desk):
    """The claims of its orders; goods that were handed over are nobody's any more."""
    return claims_of(o for o in desk.open_orders() if o.resource != "item" or o.state != "on_scene")


def check(centre, *desks):
    """Nothing is promised twice, each desk's orders are what the database says it has, and so is the stock."""
    sums = {}
    for _, resource, code, kind, quantity in centre.held().values():
        unit = (resource, code, kind)
        sums[unit] = sums.get(unit, 0) + (1 if claim_history.is_whole(unit) else quantity)
    capacity = centre.capacity()
    assert [u for u, n in sums.items() if n > capacity[u]] == []
    for each in desks:
        assert set(centre.held(each.code)) == promised(each), each.code


def knows_rows(centre, desk, places=True):
    """Does it know of units what others have changed, and of stock all? Orders bring vehicles elsewhere, later."""
    def changed(table, column, aspect):
        rows = centre.sql(f"SELECT t.code, {column} FROM {table} AS t JOIN unit_change AS u ON u.code = t.code AND u.aspect = '{aspect}';")
        return [(units["people" if table == "team" else table, code, ""], value) for code, value in rows]

    units = desk.units()
    return (all(u.quantity == int(n) for u, n in changed("team", "people", "crew"))
            and all(u.available == (is_so == "t") for u, is_so in changed("team", "available", "status"))
            and (not places or all(u.lon_deg == float(x) for u, x in changed("vehicle", "ST_X(geom)", "position")))
            and all(units[("item", *stock)].quantity == n for stock, n in centre.stock().items()))


def settle(centre, *desks):
    """Until nobody has anything to do any more."""
    for each in desks:
        each.wait_until_there()
        each.wait(lambda each=each: each.state()["pending"] == 0
                  and set(centre.held(each.code)) == promised(each)
                  and centre.stock() == {u[1:]: unit.quantity for u, unit in each.units().items() if u[0] == "item"})
    check(centre, *desks)
