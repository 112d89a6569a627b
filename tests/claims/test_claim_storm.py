"""Dispatchers that claim as fast as they can while they and their connections are being killed: no unit
is ever held by two, no acknowledged claim is lost. MUSTER_CLAIM_COUNT says how many claims (./run long:
100,000)."""

import os
import random
import threading
import time
import uuid

import claim_history
import claim_program
import pytest

DISPATCHERS = 8
CLAIMS = int(os.environ.get("MUSTER_CLAIM_COUNT", "3000"))
UNITS = 24
CAPACITY = {"machine": 10, "item": 1000}


def capacity(unit):
    return CAPACITY.get(unit[0], 1)


def draw_lines(rng):
    units = {}
    for _ in range(rng.randint(1, 5)):
        resource = rng.choice(["people", "people", "vehicle", "vehicle", "machine", "item"])
        code = f"{resource[0].upper() if resource != 'people' else 'T'}{rng.randint(1, UNITS)}"
        if resource == "machine":
            units["machine", f"M{rng.randint(1, 5)}", ""] = rng.randint(1, 6)
        elif resource == "item":
            units["item", f"W{rng.randint(1, 3)}", "sandbag"] = rng.randint(1, 600)
        else:
            units[resource, code, ""] = 10 if resource == "people" else 1
    return units


def words_of(units, incident):
    return [f"{resource}:{code}:{kind}:I{incident}::{quantity}" for (resource, code, kind), quantity in units.items()]


class Desk(threading.Thread):
    """A dispatcher that outlives its processes: when one is killed it starts the next, which takes over
    and asks again what the last one had no answer to."""

    def __init__(self, schema, number, storm):
        super().__init__()
        self.schema, self.storm, self.code = schema, storm, f"D{number}"
        self.rng = random.Random(number)
        self.commits, self.held = [], []
        self.kill_count = self.lost_count = 0
        self.failure = None

    def start_worker(self):
        self.worker = claim_program.Worker(self.schema.server.connection, self.schema.name, self.code)
        answer = self.worker.take()
        if answer:
            assert answer.outcome == "done", answer.words

    def ask(self, *words):
        """Until there is an answer, however many processes that takes."""
        while True:
            answer = self.worker.ask(*words)
            if answer:
                return answer
            self.worker.process.wait()
            self.kill_count += 1
            self.start_worker()

    def commit(self):
        units, request = draw_lines(self.rng), str(uuid.UUID(int=self.rng.getrandbits(128)))
        answer = self.ask("commit", request, "storm", "", *words_of(units, self.rng.randint(1, 9)))
        assert answer.outcome in ("done", "lost"), answer.words
        if answer.outcome == "lost":
            self.lost_count += 1
            assert all(c[1] in ("held", "short") and c[3] for c in answer.conflicts), answer.words
            return
        self.held.append(claim_history.Commit(self.code, request, units, answer.plan, answer.claims, time.monotonic_ns()))
        self.commits.append(self.held[-1])
        self.storm.count(len(units))

    def release(self):
        oldest = self.held.pop(0)
        oldest.until_ns = time.monotonic_ns()
        answer = self.ask("release", uuid.UUID(int=self.rng.getrandbits(128)), *oldest.claims)
        assert answer.outcome == "done", answer.words

    def run(self):
        try:
            self.start_worker()
            while self.storm.goes_on():
                self.commit()
                if len(self.held) > 1:
                    self.release()
        except BaseException as failure:  # told by the main thread
            self.failure = failure
        finally:
            self.worker.process.kill()


class Storm:
    def __init__(self, schema, claims, kills):
        self.schema, self.left, self.lock = schema, claims, threading.Lock()
        self.desks = [Desk(schema, n, self) for n in range(DISPATCHERS)]
        self.kills, self.killed_backends, self.rng = kills, 0, random.Random(7)

    def count(self, claims):
        with self.lock:
            self.left -= claims

    def goes_on(self):
        return self.left > 0 and not any(desk.failure for desk in self.desks)

    def kill_somebody(self):
        if self.rng.random() < 0.5:
            self.rng.choice(self.desks).worker.process.kill()
        else:
            self.killed_backends += len(self.schema.sql("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'muster' ORDER BY random() LIMIT 2;"""))

    def blow(self):
        for desk in self.desks:
            desk.start()
        while any(desk.is_alive() for desk in self.desks):
            time.sleep(0.05)
            if self.kills and self.goes_on():
                time.sleep(0.2)
                self.kill_somebody()
        for desk in self.desks:
            if desk.failure:
                raise desk.failure
        return [commit for desk in self.desks for commit in desk.commits]

    def table(self):
        rows = self.schema.sql("""
            SELECT c.id, a.plan, c.dispatcher, c.resource, c.code, coalesce(c.kind, ''), c.quantity,
                   c.released_at IS NULL
            FROM claim AS c JOIN assignment AS a ON a.id = c.assignment;""")
        return {int(r[0]): (int(r[1]), r[2], tuple(r[3:6]), int(r[6]), r[7] == "t") for r in rows}


def test_nothing_is_booked_twice_and_nothing_lost_while_processes_and_connections_are_killed(claims):
    claims.fill(UNITS)
    storm = Storm(claims, CLAIMS, kills=True)
    started = time.monotonic()
    commits = storm.blow()
    seconds = time.monotonic() - started
    made = sum(len(c.units) for c in commits)
    killed = sum(desk.kill_count for desk in storm.desks)
    print(f"{made} claims in {seconds:.1f} s, {sum(d.lost_count for d in storm.desks)} requests lost, "
          f"{killed} processes and {storm.killed_backends} connections killed")
    assert made >= CLAIMS and killed > 0 and storm.killed_backends > 0
    assert list(claim_history.double_bookings(commits, capacity)) == []
    assert list(claim_history.lost_claims(commits, storm.table())) == []
    # An order for each assignment, and in the database's own times each ends before the next begins.
    assert claims.sql("""
        SELECT count(*) FROM assignment AS a FULL JOIN dispatch_order AS o ON o.assignment = a.id
        WHERE a.id IS NULL OR o.id IS NULL;""") == [["0"]]
    assert claims.sql("""
        SELECT count(*) FROM (
            SELECT since, lag(coalesce(released_at, 'infinity')) OVER (PARTITION BY resource, code ORDER BY since, id) AS freed
            FROM claim WHERE resource IN ('people', 'vehicle')) AS c WHERE c.since < c.freed;""") == [["0"]]


@pytest.fixture()
def naive(server):
    """What one would write without thinking of others: look whether it is free, then take it."""
    schema = claim_program.Schema(server, "naive")
    schema.fill(UNITS)
    schema.sql("""
        DROP INDEX claim_whole_idx;
        DROP TRIGGER claim_fits ON claim;
        CREATE OR REPLACE FUNCTION lock_units(p_lines assignment_line[]) RETURNS void LANGUAGE sql AS '';""")
    yield schema
    server.sql("DROP SCHEMA naive CASCADE;")


def test_the_checker_sees_what_naive_sql_does(naive):
    storm = Storm(naive, 1500, kills=False)
    found = list(claim_history.double_bookings(storm.blow(), capacity))
    print(f"{len(found)} double bookings, the first: {found[:1]}")
    assert found


def test_the_checker_sees_each_kind_of_wrong():
    def commit(who, units, plan, start, end=claim_history.FOREVER):
        return claim_history.Commit(who, f"r{plan}", units, plan, [plan], start, end)

    team, pump = ("people", "T1", ""), ("machine", "M1", "")
    rows = {1: (1, "A", team, 10, True)}
    one = commit("A", {team: 10}, 1, 5)
    assert list(claim_history.double_bookings([one, commit("B", {team: 10}, 2, 7)], capacity))
    assert list(claim_history.double_bookings([commit("A", {pump: 6}, 1, 0, 9), commit("B", {pump: 5}, 2, 8)], capacity))
    assert not list(claim_history.double_bookings([commit("A", {team: 10}, 1, 0, 5), commit("B", {team: 10}, 2, 5)], capacity))
    assert not list(claim_history.double_bookings([commit("A", {pump: 6}, 1, 0), commit("B", {pump: 4}, 2, 1)], capacity))
    assert not list(claim_history.lost_claims([one], rows))
    assert list(claim_history.lost_claims([one], {}))
    assert list(claim_history.lost_claims([one], {1: (1, "A", team, 10, False)}))
    assert list(claim_history.lost_claims([one], rows | {2: (2, "A", pump, 1, True)}))
    assert list(claim_history.lost_claims([one, one], rows))
