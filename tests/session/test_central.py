"""Sessions that claim in one database: what is ordered by one is no other's, whatever is killed or
stopped in the middle. MUSTER_DESK_STEPS says for how many steps desks and the server are killed, and how
many allocations fail (./run long: 2,000)."""

import hashlib
import os
import random
import time

import claim_history
import claim_program
import pytest
import service_process
import session_desk
from session_desk import check, claims_of, settle, until


STEPS = int(os.environ.get("MUSTER_DESK_STEPS", "40"))


def release_all(desk, orders):
    """Items are released with the trip that brings them."""
    for o in orders:
        desk.tell("order_released", o.number)


def test_what_one_desk_has_ordered_the_other_skips_and_then_plans_around(centre, desk):
    a, b = desk("A"), desk("B")
    a.wait_until_there()
    b.wait_until_there()
    orders, _ = a.commit("one")
    assert orders and all(o.claim == "held" and o.claim_number > 0 for o in orders)
    assert any(o.kind for o in orders) and any(o.resource == "machine" for o in orders)
    check(centre, a, b)
    assert set(centre.held()) == claims_of(orders)
    # B has the same plan in mind, unless it knows already.
    _, skipped = b.commit("one")
    assert all('"A" has' in s for s in skipped if s.startswith("claimed")), skipped
    settle(centre, a, b)
    time.sleep(0.3)
    _, skipped = b.commit("two")
    assert [s for s in skipped if s.startswith("claimed")] == []
    # What is released is anybody's again.
    team = next(o for o in orders if o.resource == "people")
    assert a.tell("order_released", team.number)[0] == "applied"
    settle(centre, a, b)
    assert team.claim_number not in centre.held()
    settle(centre, a, b)


def test_desks_that_commit_the_same_at_once_never_have_a_unit_both(centre, desk):
    desks = [desk(code) for code in "ABC"]
    for each in desks:
        each.wait_until_there()
    for each in desks:
        each.tell_it("commit", "one", 3000)
    answers = [each.process.stdout.readline().split("\t") for each in desks]
    assert {a[0] for a in answers} == {"committed"} and sum(int(a[2]) for a in answers) > 5
    assert any("claimed: " in word for a in answers for word in a)
    settle(centre, *desks)


def test_threads_of_one_desk_that_commit_and_release_at_once_give_nothing_twice(centre, desk):
    a, b = desk("A"), desk("B")
    for each in (a, b):
        each.wait_until_there()
    for each in (a, b):
        each.tell_it("crowd", "night", 12)
    answers = [each.process.stdout.readline().rstrip("\n").split("\t") for each in (a, b)]
    assert [w[0] for w in answers] == ["crowd", "crowd"], answers
    assert sum(int(w[1]) for w in answers) > 0
    settle(centre, a, b)


def test_whatever_allocation_fails_what_is_ordered_is_claimed_and_what_is_over_is_not(centre, desk):
    """Each in turn, of the thread that commits and of the one that asks the database: MUSTER_DESK_STEPS of them."""
    a = desk("A")
    a.wait_until_there()
    a.ask("memory", -1)
    release_all(a, a.commit("m")[0])
    settle(centre, a)
    count = int(a.ask("memory", -1)[1])
    steps, failed = min(STEPS, count), 0
    for step in range(steps):
        name = f"m{step}"
        a.ask("memory", step * count // steps)
        words = a.ask("commit", name, 500)
        a.ask("memory", -1)
        orders = a.open_orders()
        a.ask("memory", step)
        release_all(a, orders)
        a.ask("memory", -1)
        assert words[0] == "committed" or "memory" in words[1], words
        failed += words[0] == "error"
        again, _ = a.commit(name)
        if words[0] == "committed":
            assert {o.number for o in again} <= {session_desk.order_of(w).number for w in words[3:3 + int(words[2])]}
        release_all(a, a.open_orders())
        settle(centre, a)
    assert failed > 0 and a.open_orders() == [] and centre.held() == {}


def test_how_far_orders_are_is_passed_on_and_what_is_over_is_given_back(centre, desk):
    a = desk("A")
    a.wait_until_there()
    orders, _ = a.commit("one")
    plain = [o for o in orders if o.resource in ("people", "machine")]
    steps = {"order_accepted": "accepted", "order_on_scene": "on_scene", "order_declined": "declined",
             "order_cancelled": "released"}
    told = dict(zip(steps, plain))
    for event, order in told.items():
        assert a.tell(event, order.number)[0] == "applied"

    def states():
        rows = centre.sql("SELECT c.id, o.state FROM claim AS c JOIN dispatch_order AS o USING (assignment);")
        return {int(claim): state for claim, state in rows}

    until(lambda: all(states()[o.claim_number] == steps[e] for e, o in told.items()))
    settle(centre, a)


def test_a_trip_and_what_it_brings_are_claimed_together(centre, desk):
    a = desk("A")
    a.wait_until_there()
    orders, _ = a.commit("one")
    items = [o for o in orders if o.resource == "item"]
    assert items and all(o.claim == "held" for o in items)
    rows = centre.sql("SELECT count(*) FROM assignment WHERE resource = 'item' AND vehicle IS NOT NULL;")
    assert rows == [[str(len(items))]]


def hand_over(desk, orders):
    """Say that all goods have arrived; returns those that came, by stock."""
    handed = {}
    for o in orders:
        if o.resource == "item":
            handed[o.unit, o.kind] = handed.get((o.unit, o.kind), 0) + o.quantity
        elif o.unit in ("V4", "V5", "V6"):
            assert desk.tell("order_on_scene", o.number)[0] == "applied"
    return handed


def test_goods_that_are_handed_over_leave_the_stock_of_the_database_too(centre, desk):
    a, b = desk("A"), desk("B")
    a.wait_until_there()
    b.wait_until_there()
    before = centre.stock()
    orders, _ = a.commit("one")
    handed = hand_over(a, orders)
    assert len(handed) > 1
    settle(centre, a, b)  # B has heard of it
    assert centre.stock() == {u: n - handed.get(u, 0) for u, n in before.items()}
    for o in a.open_orders():
        a.tell("order_released", o.number)
    settle(centre, a, b)
    assert centre.stock() == {u: n - handed.get(u, 0) for u, n in before.items()} and centre.held() == {}
    # What comes back undelivered is there again.
    orders, _ = b.commit("two")
    assert any(o.resource == "item" for o in orders) or sum(centre.stock().values()) < 2000
    for o in orders:
        b.tell("order_cancelled", o.number)
    settle(centre, a, b)
    assert centre.stock() == {u: n - handed.get(u, 0) for u, n in before.items()}


@pytest.mark.parametrize("is_killed", [False, True])
def test_goods_that_were_handed_over_while_the_database_was_away_leave_its_stock_once(server, centre, desk, is_killed):
    a, b = desk("A"), desk("B")
    a.wait_until_there()
    b.wait_until_there()
    before = centre.stock()
    claimed, _ = a.commit("one")
    trucks = [o for o in claimed if o.resource == "item"][:1]
    server.stop()
    try:
        handed = hand_over(a, claimed)  # promised before
        for o in a.open_orders():
            a.tell("order_released", o.number)
        pending, _ = a.commit("away", timeout_ms=50)
        for unit, n in hand_over(a, pending).items():
            handed[unit] = handed.get(unit, 0) + n
        for o in a.open_orders():
            a.tell("order_released", o.number)
        if is_killed:
            a.kill()
            a = desk("A")
    finally:
        server.launch()
    settle(centre, a, b)
    assert trucks and centre.stock() == {u: n - handed.get(u, 0) for u, n in before.items()}
    assert centre.held("A") == {}
    # A restart makes nothing of it twice.
    a.close()
    a = desk("A")
    settle(centre, a, b)
    assert centre.stock() == {u: n - handed.get(u, 0) for u, n in before.items()}


def test_what_others_count_while_goods_are_handed_over_is_not_taken_for_what_we_did_ourselves(centre, desk):
    """The moment between the end of a claim and its being known, met by the last word about a stock."""
    a, rng, handed = desk("A"), random.Random(3), 0
    a.wait_until_there()
    with claim_program.Session(centre) as clerk:
        for _ in range(6):
            handed += 40
            assert a.ask("need", "I1", "sandbag", handed)[0] == "applied"
            orders, _ = a.commit(f"c{handed}")
            assert sum(o.quantity for o in orders if o.resource == "item" and o.kind == "sandbag") >= 40
            hand_over(a, orders)
            time.sleep(rng.random() * 0.03)
            clerk.tell("UPDATE stock SET quantity = quantity + 7 WHERE kind = 'sandbag';")
            settle(centre, a)
            for o in a.open_orders():
                a.tell("order_released", o.number)


def test_claims_say_what_for_and_refer_to_incidents_that_the_database_has(server, centre, desk):
    centre.sql("""INSERT INTO scenario (code, name, starts_at) VALUES ('flood', 'Flood', now());
        INSERT INTO incident (scenario, code, type, severity, reported_at, geom)
        VALUES ('flood', 'I1', 'flood', 'severe', now(), 'SRID=4326;POINT(120.75 30.75)');""")
    a = desk("A")
    a.wait_until_there()
    first, _ = a.commit("one")
    rows = {r[0]: r[1:] for r in centre.sql("""SELECT c.id, c.incident, c.need, c.kind, a.scenario, a.incident, a.need
        FROM claim AS c JOIN assignment AS a ON a.id = c.assignment;""")}
    assert len(rows) == len(first) and {r[0] for r in rows.values()} == {"I1", "I2", "I3", "I4", "I5"}
    for o in first:
        incident, need, kind, scenario, known, known_need = rows[str(o.claim_number)]
        assert need == known_need == kind or (kind == "" and need == known_need)
        assert (need == "") == (o.resource == "vehicle" and o.unit in ("V4", "V5", "V6"))
        assert (scenario, known) == (("flood", "I1") if incident == "I1" else ("", ""))
    # So do those that were ordered while it was away.
    for o in first:
        if o.resource != "item" and o.unit not in ("V4", "V5", "V6"):
            a.tell("order_released", o.number)
    settle(centre, a)
    server.stop()
    try:
        second, _ = a.commit("two", timeout_ms=50)
        assert second
    finally:
        server.launch()
    settle(centre, a)
    said = {r[0] for r in centre.sql("SELECT incident FROM claim WHERE released_at IS NULL;")}
    assert "I1" in said and "" not in said


def test_work_goes_on_while_the_database_is_away_and_is_reconciled_in_order(server, centre, desk):
    a, b = desk("A"), desk("B")
    a.wait_until_there()
    b.wait_until_there()
    server.stop()
    try:
        started = time.monotonic()
        first, _ = a.commit("away", timeout_ms=200)
        second, _ = b.commit("away", timeout_ms=200)
        assert time.monotonic() - started < 3
        assert first and second and all(o.claim == "pending" for o in first + second)
        assert a.tell("order_accepted", first[0].number)[0] == "applied"
        a.wait(lambda: a.state()["is_away"])
        assert a.state()["pending"] == len(first) and a.state()["trouble"]
    finally:
        server.launch()
    settle(centre, a, b)
    lost = [o for each in (a, b) for o in each.orders() if o.state == "cancelled"]
    held = [o for each in (a, b) for o in each.open_orders()]
    assert lost and held and all(o.claim == "held" for o in held)
    both = {(o.resource, o.unit) for o in first if o.resource == "people"} & {(o.resource, o.unit) for o in second}
    assert both, "the desks were to want the same"
    for unit in both:
        assert sum((o.resource, o.unit) == unit for o in held) == 1
    # Who has lost plans around it at once.
    for name, each in (("again", a), ("anew", b)):
        _, skipped = each.commit(name)
        assert [s for s in skipped if s.startswith("claimed")] == []
    settle(centre, a, b)


def test_pending_claims_go_on_after_a_restart(server, centre, desk):
    a = desk("A")
    a.wait_until_there()
    server.stop()
    try:
        orders, _ = a.commit("away", timeout_ms=50)
        assert orders and a.state()["pending"] == len(orders)
        a.kill()
        a = desk("A")
        assert a.state()["pending"] == len(orders)
    finally:
        server.launch()
    settle(centre, a)
    assert len(a.open_orders()) == len(orders)


def test_what_was_promised_to_a_desk_that_died_before_it_wrote_it_down_is_not_lost(centre, desk):
    a = desk("A")
    a.wait_until_there()
    with claim_program.Session(centre) as lock:
        lock.tell("BEGIN; SELECT FROM dispatcher WHERE code = 'A' FOR UPDATE;")
        a.tell_it("commit", "one", 5000)
        until(lambda: centre.sql("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'CALL%';"))
        a.kill()
        lock.tell("COMMIT;")
    until(lambda: centre.held("A"))
    leaked = set(centre.held("A"))
    a = desk("A")
    assert a.open_orders() == []
    settle(centre, a)
    assert centre.held() == {}
    orders, _ = a.commit("one")
    assert orders and leaked.isdisjoint(claims_of(orders))
    settle(centre, a)


def test_a_claim_that_is_gone_is_claimed_again_while_the_session_runs(centre, desk):
    a = desk("A")
    a.wait_until_there()
    orders, _ = a.commit("one")
    team, machine = (next(o for o in orders if o.resource == r) for r in ("people", "machine"))
    a.tell("order_accepted", team.number)
    settle(centre, a)
    centre.sql(f"DELETE FROM claim WHERE id = {team.claim_number};"
               f"UPDATE claim SET released_at = clock_timestamp() WHERE id = {machine.claim_number};")
    a.wait(lambda: {team.claim_number, machine.claim_number}.isdisjoint(claims_of(a.open_orders())))
    settle(centre, a)
    assert len(a.open_orders()) == len(orders) and "its claim is not in the database any more" in a.state()["trouble"]
    # How far it is is said of the new one, too.
    claim, = (o.claim_number for o in a.open_orders() if o.number == team.number)
    until(lambda: centre.sql(f"SELECT state FROM dispatch_order JOIN claim AS c USING (assignment) WHERE c.id = {claim};") == [["accepted"]])
    # As after a restore from before.
    centre.sql("TRUNCATE claim, claim_lock, dispatch_order, assignment, plan, dispatch_request, claim_conflict;")
    a.wait(lambda: len(centre.held("A")) == len(orders))
    settle(centre, a)
    assert {o.number for o in a.open_orders()} == {o.number for o in orders}


def test_a_claim_that_somebody_else_has_by_then_is_lost_while_the_session_runs(centre, desk):
    a, b = desk("A"), desk("B")
    a.wait_until_there()
    b.wait_until_there()
    orders, _ = a.commit("one")
    first, second = [o for o in orders if o.resource == "people"][:2]
    a.tell("order_on_scene", second.number)
    settle(centre, a)
    for o in (first, second):
        centre.sql(f"""BEGIN; DELETE FROM claim WHERE id = {o.claim_number};
            INSERT INTO claim (dispatcher, resource, code, quantity, since)
            VALUES ('B', 'people', '{o.unit}', {o.quantity}, clock_timestamp()); COMMIT;""")
    state = lambda number: next(o.state for o in a.orders() if o.number == number)  # noqa: E731
    a.wait(lambda: state(first.number) == "cancelled" and "stays as it is" in a.state()["trouble"])
    assert state(second.number) == "on_scene"
    assert f'order {second.number} stays as it is: dispatcher "B" has people "{second.unit}"' in a.state()["trouble"]
    assert {o.unit for o in a.open_orders()}.isdisjoint({first.unit})


def test_who_takes_over_has_the_claims_and_who_was_replaced_is_refused(centre, desk):
    a = desk("A", "shared")
    a.wait_until_there()
    orders, _ = a.commit("one")
    b = desk("A", "shared", "standby")
    assert b.ask("follow")[0] == "done"
    assert b.ask("promote") == ["done"]
    settle(centre, b)
    assert claims_of(b.open_orders()) == claims_of(orders)
    words = a.ask("commit", "two", 500)
    assert words[0] == "error" and "taken over" in words[1], words
    check(centre, b)
    # A session with a journal of its own that says it is the same dispatcher.
    c = desk("A", "other")
    c.wait_until_there()
    c.commit("one")
    b.tell("order_released", orders[0].number)
    b.wait(lambda: b.state()["is_fenced"])
    words = b.ask("commit", "three", 500)
    assert words[0] == "error" and 'dispatcher "A" is another session\'s' in words[1], words
    settle(centre, c)


class Storm:
    """Two desks, what was said to them, and what others do to the database beside them."""

    def __init__(self, server, centre, store, tmp_path):
        self.server, self.centre, self.store, self.folder = server, centre, store, tmp_path
        self.rng, self.history, self.name = random.Random(6), [], 0
        self.known = {}  # (desk, claim): what was said to be held
        self.desks = {code: self.start(code) for code in "AB"}
        self.stock = centre.stock()  # by what has come and was handed over
        self.capacity = centre.capacity()

    def start(self, code):
        return session_desk.Desk(self.centre, self.store, self.folder / code, code)

    def note(self, code, orders):
        for o in orders:
            if o.claim == "held" and (code, o.claim_number) not in self.known:
                unit = (o.resource, o.unit, o.kind)
                self.known[code, o.claim_number] = claim_history.Commit(
                    code, str(o.claim_number), {unit: o.quantity}, o.claim_number, [o.claim_number], time.monotonic_ns())
                self.history.append(self.known[code, o.claim_number])

    def note_over(self, code, asked_ns):
        """What it does not have any more it had for certain until it was asked for anything."""
        orders = self.desks[code].open_orders()
        mine = {o.claim_number for o in orders if o.resource != "item" or o.state != "on_scene"}
        self.note(code, [o for o in orders if o.claim_number in mine])
        for (whose, claim), held in self.known.items():
            if whose == code and claim not in mine:
                held.until_ns = min(held.until_ns, asked_ns)

    # ---- what happens

    def commit(self, code):
        orders, _ = self.desks[code].commit(f"c{self.name}", self.rng.choice((0, 20, 500)))
        self.note(code, orders)

    def end_orders(self, code):
        each = self.desks[code]
        for o in self.rng.sample(each.open_orders(), min(3, len(each.open_orders()))):
            each.tell("order_released", o.number)

    def hand_over(self, code):
        """Whatever comes with it is there; of goods whose claim is pending, people have to decide."""
        each = self.desks[code]
        before = {o.number: o.state for o in each.open_orders()}
        if any(o.resource == "item" and o.claim != "held" for o in each.open_orders()):
            return
        for o in self.rng.sample(each.open_orders(), min(3, len(before))):
            each.tell("order_on_scene", o.number)
        for o in each.open_orders():
            if o.resource == "item" and o.state == "on_scene" and before[o.number] != "on_scene":
                self.stock[o.unit, o.kind] -= o.quantity

    def kill_desk(self, code):
        self.desks[code].tell_it("commit", f"k{self.name}", 500)
        time.sleep(self.rng.random() * 0.05)
        self.desks[code].kill()
        self.desks[code] = self.start(code)

    def kill_server(self, _):
        self.server.stop()
        self.server.launch()

    def change_rows(self, _):
        number = self.rng.randint(1, 6)
        self.centre.sql(self.rng.choice([
            f"UPDATE team SET people = {self.rng.randint(1, 40)} WHERE code = 'T{number}';",
            f"UPDATE team SET available = NOT available WHERE code = 'T{number}';",
            f"UPDATE vehicle SET geom = 'SRID=4326;POINT({self.rng.uniform(120.7, 120.8)} 30.75)' WHERE code = 'V{number}';"]))

    def bring_stock(self, _):
        stock = self.rng.choice(sorted(self.stock))
        self.centre.sql(f"UPDATE stock SET quantity = quantity + 70 WHERE (warehouse, kind) = {stock};")
        self.stock[stock] += 70
        self.capacity[("item", *stock)] += 70

    def delete_claim(self, code):
        """By hand, of one that is not there yet; the desk has it again, or has lost it, before anything else."""
        each = self.desks[code]
        held = [o for o in each.open_orders() if o.claim == "held" and o.resource != "item" and o.state != "on_scene"]
        if held and not each.state()["is_away"]:
            o = self.rng.choice(held)
            self.note(code, [o])
            self.known[code, o.claim_number].until_ns = time.monotonic_ns()
            self.centre.sql(f"DELETE FROM claim WHERE id = {o.claim_number};")
            each.wait(lambda: o.claim_number not in claims_of(each.open_orders()))

    def step(self, number):
        code, asked_ns = self.rng.choice("AB"), time.monotonic_ns()
        acts = [(self.commit, 8), (self.end_orders, 5), (self.hand_over, 3), (self.kill_desk, 3), (self.change_rows, 3),
                (self.bring_stock, 1), (self.delete_claim, 1), (self.kill_server, 2 if number > 5 else 0)]
        self.name += 1
        act, = self.rng.choices([a for a, _ in acts], [weight for _, weight in acts])
        act(code)
        self.note_over(code, asked_ns)
        for each in (self.desks[code], self.centre):
            stock = each.stock() if each is self.centre else {u: v.quantity for u, v in each.units().items()}
            assert min(stock.values()) >= 0


def test_nothing_is_given_twice_while_desks_and_the_server_are_killed(server, centre, store, tmp_path):
    storm = Storm(server, centre, store, tmp_path)
    for number in range(STEPS):
        storm.step(number)
    desks = list(storm.desks.values())
    settle(centre, *desks)
    for each in desks:
        until(lambda each=each: session_desk.knows_rows(centre, each, places=False))
    # What has come, less what was handed over: once, on all sides.
    assert centre.stock() == storm.stock
    assert list(claim_history.double_bookings(storm.history, storm.capacity.get)) == [] and len(storm.history) > 5
    for each in desks:
        each.close()


@pytest.fixture(scope="module")
def muster(server, store):
    """The tables where they are by default."""
    schema = session_desk.Schema(server, "muster")
    session_desk.fill(schema, store)
    return schema


def write_tokens(path):
    path.write_text(f"desk dispatch {hashlib.sha256(b'secret').hexdigest()}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_the_service_claims_what_it_orders(muster, store, tmp_path):
    def post(service, path, body):
        return service.ok(path, method="POST", body=body, headers={"Authorization": "Bearer secret"})

    with service_process.running(store, "--journal", tmp_path / "journal", "--with-incidents",
                                 "--central", muster.server.connection, "--dispatcher", "desk-1",
                                 "--tokens", write_tokens(tmp_path / "tokens")) as service:
        plan = post(service, "/v1/plan", {"time_limit_ms": 200})
        orders = post(service, f"/v1/plan/{plan['plan']}/commit", {"id": "c1"})["orders"]
        assert orders
        until(lambda: service.ok("/v1/health")["session"]["pending_claims"] == 0)
        assert len(muster.held("desk-1")) == len(orders)
        held = service.ok("/v1/orders?claim=held")["orders"]
        assert {o["claim_number"] for o in held} == set(muster.held("desk-1")) and len(held) == len(orders)
        health = service.ok("/v1/health")["session"]
        assert not health["central_is_away"] and not health["central_is_fenced"]
