"""muster/live.h against a real PostgreSQL: no change is missed and none seen twice, whatever happens to
the connection and the server."""

import random
import threading
import time
import uuid

import claim_program
import pytest


@pytest.fixture()
def live(follow):
    """One that follows already, and is woken by nothing but the server."""
    follower = follow(heartbeat_ms=60000)
    follower.wait_for_state("following")
    assert [change[1] for change in follower.changes] == [True]  # read everything, to begin with
    follower.changes.clear()
    return follower


def numbers_in(claims):
    return sorted(int(row[0]) for row in claims.sql("SELECT number FROM event;"))


def codes(follower):
    return [change[7] for change in follower.changes]


# ---- what is seen ------------------------------------------------------------------------


def test_a_change_is_seen_as_soon_as_it_is_committed(claims, live):
    waits = []
    with claim_program.Session(claims) as session:
        for i in range(1, 21):
            started = time.monotonic_ns() // 1000
            session.tell(f"UPDATE vehicle SET available = NOT available WHERE code = 'V{i}';")
            live.wait(lambda: len(live.changes) == i)
            waits.append((live.changes[-1][0] - started) / 1000)
    print(f"seen after {min(waits):.1f} ms at best, {sorted(waits)[10]:.1f} ms in the middle, {max(waits):.1f} ms at worst")
    assert codes(live) == [f"V{i}" for i in range(1, 21)]
    assert live.changes[0][3:] == ("vehicle", "update", "", "vehicle", "V1")
    assert min(waits) < 100


@pytest.mark.parametrize("script, seen", [
    ("INSERT INTO incident (scenario, code, type, severity, reported_at, geom) VALUES ('storm', '新', 'flood', 'minor', now(), 'SRID=4326;POINT(120 30)')",
     [("incident", "insert", "storm", "", "新")]),
    ("UPDATE stock SET quantity = 5 WHERE warehouse = 'W2'", [("stock", "update", "", "item", "W2")]),
    ("DELETE FROM machine WHERE code = 'M3'", [("machine", "delete", "", "machine", "M3")]),
    ("UPDATE team SET people = 9 WHERE code IN ('T1', 'T2')", [("team", "update", "", "people", "T1"), ("team", "update", "", "people", "T2")]),
    ("INSERT INTO hazard (scenario, code, kind, depth_m, starts_at, ends_at, geom) VALUES ('storm', 'H1', 'flood', 1, now(), now(), 'SRID=4326;POLYGON((0 0, 1 0, 1 1, 0 0))')",
     [("hazard", "insert", "storm", "", "H1")]),
    ("INSERT INTO node (id, geom) SELECT i, 'SRID=4326;POINT(120 30)' FROM generate_series(1, 500) AS i", [("node", "insert", "", "", "")]),
    ("TRUNCATE weight", [("weight", "truncate", "", "", "")]),
    ("UPDATE weight SET value = 7 WHERE key = 'nothing'", []),
])
def test_rows_are_told_by_their_codes_and_networks_as_a_whole(claims, live, script, seen):
    claims.sql(script + ";")
    claims.sql("UPDATE zone SET weight = 1;")  # changes no row
    claims.sql("UPDATE vehicle SET seats = 3 WHERE code = 'V40';")
    live.wait(lambda: "V40" in codes(live))
    assert [change[3:] for change in live.changes[:-1]] == seen


def test_what_is_rolled_back_is_not_seen(claims, live):
    claims.sql("BEGIN; UPDATE vehicle SET seats = 1 WHERE code = 'V1'; ROLLBACK; UPDATE vehicle SET seats = 2 WHERE code = 'V2';")
    live.wait(lambda: live.changes)
    assert codes(live) == ["V2"]


def test_claims_are_followed(claims, live, dispatcher):
    desk = dispatcher("A")
    desk.take()
    won = desk.commit("people:T1::I1:flood_rescue:10", "item:W1:sandbag:I2:sandbag:300")
    live.wait(lambda: live.ask("held")[0] == "2")
    assert sorted(w.split(",")[1:] for w in live.ask("held")[1:]) == [
        ["item", "W1", "sandbag", "300", "A", "I2", "sandbag"], ["people", "T1", "", "10", "A", "I1", "flood_rescue"]]
    desk.release(won.claims[0])
    live.wait(lambda: live.ask("held")[0] == "1")
    claims.sql("TRUNCATE claim, assignment, dispatch_order;")
    live.wait(lambda: live.ask("held")[0] == "0")


def test_who_wakes_later_is_seen_when_he_does_so(claims, live):
    claims.sql("SET muster.wakes_later = 'yes'; UPDATE vehicle SET seats = 3 WHERE code = 'V1';")
    time.sleep(0.3)
    assert live.changes == []
    claims.sql("SELECT wake_followers();")
    live.wait(lambda: codes(live) == ["V1"])


# ---- what must not be missed -------------------------------------------------------------


def test_whom_nobody_wakes_asks_by_himself(claims, follow):
    """As when the server has ended a process between the commit and the call that wakes."""
    follower = follow(heartbeat_ms=300)
    follower.wait_for_state("following")
    claims.sql("SET muster.wakes_later = 'yes'; UPDATE vehicle SET seats = 3 WHERE code = 'V1';")
    follower.wait(lambda: codes(follower)[1:] == ["V1"], seconds=5)


def test_a_change_that_is_committed_late_is_seen_though_its_number_is_smaller(claims, live):
    """Who remembers the last number that he has seen never sees it."""
    with claim_program.Session(claims) as late:
        late.tell("BEGIN; UPDATE vehicle SET seats = 1 WHERE code = 'V1';")
        claims.sql("UPDATE vehicle SET seats = 1 WHERE code = 'V2';")
        live.wait(lambda: codes(live) == ["V2"])
        last_number = live.changes[-1][2]
        late.tell("COMMIT;")
    live.wait(lambda: codes(live) == ["V2", "V1"])
    assert live.changes[-1][2] < last_number
    assert claims.sql(f"SELECT count(*) FROM event WHERE number > {last_number};") == [["0"]]


def test_a_long_transaction_holds_nobody_up(claims, live):
    with claim_program.Session(claims) as slow:
        slow.tell("BEGIN; UPDATE vehicle SET seats = 9 WHERE code = 'V9';")
        for i in range(5):
            claims.sql(f"UPDATE team SET people = {i + 1} WHERE code = 'T1';")
            live.wait(lambda: len(live.changes) == i + 1, seconds=5)
        slow.tell("ROLLBACK;")
    assert set(codes(live)) == {"T1"}


def write(claims, number, rounds):
    """Transactions of one to three statements, some long, some rolled back."""
    rng = random.Random(number)
    with claim_program.Session(claims) as session:
        for _ in range(rounds):
            changes = "".join(f"UPDATE team SET duty_s = duty_s + 1 WHERE code = 'T{number * 10 + rng.randint(1, 10)}';"
                              for _ in range(rng.randint(1, 3)))
            pause = f"SELECT pg_sleep({rng.random() * 0.02});" if rng.random() < 0.3 else ""
            session.tell(f"BEGIN; {changes} {pause} {rng.choice(['COMMIT', 'COMMIT', 'COMMIT', 'ROLLBACK'])};")


def test_each_change_is_seen_once_while_connections_are_killed(claims, follow):
    follower = follow(heartbeat_ms=100)
    follower.wait_for_state("following")
    writers = [threading.Thread(target=write, args=(claims, n, 80)) for n in range(4)]
    for writer in writers:
        writer.start()
    kills = 0
    while any(writer.is_alive() for writer in writers):
        kills += len(claims.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'muster';"))
        time.sleep(0.1)
    expected = numbers_in(claims)
    follower.wait(lambda: len(follower.numbers()) >= len(expected))
    assert sorted(follower.numbers()) == expected and kills > 3
    assert sum(change[1] for change in follower.changes) == 1


def test_what_happens_while_the_server_is_down_and_after_a_crash(claims, follow, dispatcher):
    follower, desk = follow(), dispatcher("A")
    follower.wait_for_state("following")  # else what comes first may be part of what it begins with
    desk.take()
    desk.commit("people:T1::I1:flood_rescue:10")
    follower.wait(lambda: follower.ask("held")[0] == "1")
    for count, mode in [(1, "fast"), (2, "immediate")]:
        follower.wait_for_state("following")
        with claim_program.Session(claims) as session:
            # In flight when it goes down: never committed.
            session.process.stdin.write("BEGIN; UPDATE team SET people = 99 WHERE code = 'T2';\n")
            session.process.stdin.flush()
            claims.sql("UPDATE team SET people = people + 1 WHERE code = 'T3';")
            claims.server.stop(mode)
        follower.wait_for_state("away", "stale")
        before = follower.ask("state")
        desk.tell("commit", uuid.uuid4(), "storm", "", f"vehicle:V{count}::I1:boat:1")
        # What was known last is at hand all the time, and it is told how old it is.
        time.sleep(0.3)
        held, after = follower.ask("held"), follower.ask("state")
        claims.server.launch()
        assert held[0] == str(count) and int(after[2]) - int(before[2]) >= 300 and "PostgreSQL: " in after[3]
        assert desk.process.stdout.readline().startswith("done")  # asked while there was no server
        claims.sql("UPDATE team SET people = people + 1 WHERE code = 'T4';")
    expected = numbers_in(claims)
    follower.wait(lambda: set(expected) <= set(follower.numbers()))
    assert len(follower.numbers()) == len(set(follower.numbers()))
    assert "99" not in [row[0] for row in claims.sql("SELECT people FROM team;")]


def test_transactions_whose_numbers_come_again_after_a_crash_are_seen(claims):
    """Of a transaction that was given up, nothing need be on disk: the next life of the server begins
    with a smaller number than a cursor has seen ended."""
    life, number, snapshot = claims.sql("SELECT event_cursor();")[0][0].split("/")
    ended = int(snapshot.split(":")[1]) + 1000
    claims.sql("UPDATE vehicle SET seats = 1 WHERE code IN ('V1', 'V2');")
    seen = claims.sql(f"SELECT code FROM events_after('{life}/{number}/{ended}:{ended}:');")
    assert seen == [["V1"], ["V2"]]


def test_what_cannot_be_told_any_more_is_to_be_read_anew(claims, live):
    # Too much at once.
    claims.sql("INSERT INTO event (at, actor, subject, operation) SELECT now(), 'x', 'vehicle', 'update' FROM generate_series(1, 10001);")
    live.wait(lambda: [change[1] for change in live.changes] == [True])
    # Too long ago: they were written and forgotten before they were read.
    claims.sql("BEGIN; UPDATE vehicle SET seats = 1; SELECT prune_journal(clock_timestamp() + '1 minute'); COMMIT;"
               "UPDATE vehicle SET seats = 2 WHERE code = 'V1';")
    live.wait(lambda: [change[1] for change in live.changes][:2] == [True, True])
    live.wait_for_state("following")
    claims.sql("UPDATE vehicle SET seats = 3 WHERE code = 'V2';")
    live.wait(lambda: codes(live)[-1] == "V2")


def test_after_a_load_everything_is_to_be_read_anew(claims, live):
    """What is loaded brings its own events, from elsewhere."""
    before = numbers_in(claims)
    claims.sql("""BEGIN; SET LOCAL muster.is_loading = 'yes'; UPDATE vehicle SET seats = 4;
        INSERT INTO event (number, at, actor, subject, operation) VALUES (900, now(), 'x', 'team', 'update');
        SELECT end_loading(); COMMIT;""")
    live.wait(lambda: [change[1] for change in live.changes] == [True])
    live.wait_for_state("following")
    assert numbers_in(claims) == sorted(before + [900])
    # Who may not write events cannot keep them from being written.
    claims.server.sql("DO $$ BEGIN CREATE ROLE clerk LOGIN IN ROLE muster_dispatch; EXCEPTION WHEN duplicate_object THEN END $$;")
    claims.sql("SET muster.is_loading = 'yes'; UPDATE vehicle SET seats = 5 WHERE code = 'V1';", "clerk")
    live.wait(lambda: codes(live)[-1] == "V1")


def test_an_allocation_that_fails_anywhere_misses_nothing(claims, live):
    for n in range(30):
        live.ask("starve", n)
        claims.sql(f"UPDATE vehicle SET seats = {n} WHERE code = 'V1';")
        live.wait(lambda: len(live.numbers()) == n + 1)
    assert live.numbers() == numbers_in(claims) and live.failures >= 2


def test_a_server_that_does_not_know_the_tables_is_said_so(claims, follow):
    follower = follow(connection=claims.server.connection.replace("dbname=postgres", "dbname=template1"))
    follower.wait(lambda: "event_cursor() does not exist" in follower.ask("state")[3])
    assert follower.ask("state")[1:3] == ["stale", "-1"]
