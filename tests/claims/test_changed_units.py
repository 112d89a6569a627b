"""What others change in the rows of units, as muster/live.h tells it: which of them, when, by whom, and
how it is now; compared with the rows themselves."""

import random
import time

import claim_program
import pytest


@pytest.fixture()
def live(follow):
    follower = follow(dispatcher="A")
    follower.wait_for_state("following")
    return follower


def units(follower):
    """{(resource, code, kind, aspect): what else is said}"""
    rows = [word.split(",") for word in follower.ask("units")]
    return {tuple(r[:4]): r[4:] for r in rows}


def values(follower):
    """Without when and by whom."""
    return {key: said[2:] for key, said in units(follower).items()}


def now_us(claims):
    return int(claims.sql("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;")[0][0])


TEAM = ("people", "T1", "")


@pytest.mark.parametrize("change, seen", [
    ("UPDATE team SET people = 11 WHERE code = 'T1'", {(*TEAM, "crew"): ["there", "11"]}),
    ("UPDATE team SET available = false WHERE code = 'T1'", {(*TEAM, "status"): ["there", "0"]}),
    ("UPDATE team SET geom = 'SRID=4326;POINT(120.123456789012345 -1e-7)' WHERE code = 'T1'",
     {(*TEAM, "position"): ["there", repr(120.123456789012345), "-9.9999999999999995e-08"]}),
    ("UPDATE team SET ready_s = 1.5, shift_end_s = 60, duty_s = 3 WHERE code = 'T1'",
     {(*TEAM, "shift"): ["there", "1500", "60000", "3000"]}),
    ("UPDATE team SET name = 'X', people = people, geom = geom WHERE code = 'T1'", {}),
    ("UPDATE machine SET count = 0 WHERE code = 'M2'", {("machine", "M2", "", "crew"): ["there", "0"]}),
    ("UPDATE vehicle SET available = false WHERE code IN ('V1', 'V2')",
     {("vehicle", "V1", "", "status"): ["there", "0"], ("vehicle", "V2", "", "status"): ["there", "0"]}),
    ("UPDATE stock SET quantity = 7 WHERE warehouse = 'W1'", {("item", "W1", "sandbag", "stock"): ["there", "7"]}),
    ("UPDATE warehouse SET shift_end_s = 1, geom = 'SRID=4326;POINT(1 2)' WHERE code = 'W1'",
     {("item", "W1", "", "shift"): ["there", "0", "1000", "0"]}),
    ("DELETE FROM vehicle WHERE code = 'V3'", {("vehicle", "V3", "", "status"): ["gone", "0"]}),
    ("DELETE FROM stock WHERE warehouse = 'W2'", {("item", "W2", "sandbag", "stock"): ["gone", "0"]}),
    ("BEGIN; UPDATE team SET people = 1; ROLLBACK", {}),
    ("SET muster.is_loading = 'yes'; UPDATE team SET people = 1", {}),
])
def test_what_has_changed_of_a_unit_is_told_and_nothing_else(claims, live, change, seen):
    claims.sql(change + ";")
    claims.sql("UPDATE vehicle SET duty_s = 9 WHERE code = 'V40';")
    mark = ("vehicle", "V40", "", "shift")
    live.wait(lambda: mark in values(live))
    assert {k: v for k, v in values(live).items() if k != mark} == seen


def test_a_row_that_was_deleted_and_is_made_again_has_changed_in_all(claims, live):
    claims.sql("DELETE FROM vehicle WHERE code = 'V3';")
    live.wait(lambda: values(live))
    claims.sql("INSERT INTO vehicle (code, kind, tier, profile, geom) VALUES ('V3', 'boat', 'city', 'light', 'SRID=4326;POINT(121 31)'),"
               " ('V99', 'boat', 'city', 'light', 'SRID=4326;POINT(121 31)');")
    live.wait(lambda: len(values(live)) == 3)
    assert values(live) == {("vehicle", "V3", "", "status"): ["there", "1"],
                            ("vehicle", "V3", "", "position"): ["there", "121", "31"],
                            ("vehicle", "V3", "", "shift"): ["there", "0", "0", "0"]}


def test_it_is_told_when_and_by_whom(claims, live):
    claims.server.sql("DO $$ BEGIN CREATE ROLE clerk LOGIN IN ROLE muster_dispatch; EXCEPTION WHEN duplicate_object THEN END $$;")
    before = now_us(claims)
    claims.sql("UPDATE team SET people = 12 WHERE code = 'T1';", "clerk")
    after = now_us(claims)
    live.wait(lambda: units(live))
    (at, actor, *_), = units(live).values()
    assert before <= int(at) <= after and actor == "clerk"


def test_who_was_not_there_is_told_all_of_it_later(claims, follow):
    claims.sql("UPDATE team SET people = 12 WHERE code = 'T1'; UPDATE stock SET quantity = 3 WHERE warehouse = 'W1';"
               "SELECT prune_journal(clock_timestamp() + '1 minute');")
    late = follow(dispatcher="A")
    late.wait_for_state("following")
    assert values(late) == {(*TEAM, "crew"): ["there", "12"], ("item", "W1", "sandbag", "stock"): ["there", "3"]}
    # Who does not ask for units is told of none.
    other = follow()
    other.wait_for_state("following")
    claims.sql("UPDATE team SET people = 13 WHERE code = 'T1';")
    late.wait(lambda: values(late)[(*TEAM, "crew")] == ["there", "13"])
    assert units(other) == {}


def test_what_claims_of_the_dispatcher_do_is_not_told_to_it(claims, follow, live):
    other = follow(dispatcher="B")
    claims.sql("BEGIN; SET LOCAL muster.dispatcher = 'A'; UPDATE stock SET quantity = 900 WHERE warehouse = 'W1'; COMMIT;")
    other.wait(lambda: values(other))
    assert values(other) == {("item", "W1", "sandbag", "stock"): ["there", "900"]}
    assert values(live) == {}
    claims.sql("UPDATE stock SET quantity = 800 WHERE warehouse = 'W1';")
    live.wait(lambda: values(live) == {("item", "W1", "sandbag", "stock"): ["there", "800"]})


def test_those_who_keep_resources_need_no_right_to_say_when(claims, live):
    for role, is_allowed in (("muster_dispatch", True), ("muster_read", False)):
        try:
            claims.sql("UPDATE team SET people = people + 1 WHERE code = 'T1';", role)
            assert is_allowed
        except claim_program.Refused:
            assert not is_allowed
        with pytest.raises(claim_program.Refused, match="permission denied"):
            claims.sql("DELETE FROM unit_change;", role)
        with pytest.raises(claim_program.Refused, match="permission denied"):
            claims.sql("SELECT note_change('people', 'T1', '', ARRAY ['crew']);", role)
    live.wait(lambda: values(live))


def test_followers_know_what_the_rows_say_whatever_is_killed(claims, follow):
    """Changes at random, the server's processes killed, too much at once, an allocation that fails."""
    rng = random.Random(5)
    follower = follow(dispatcher="A", heartbeat_ms=50)
    follower.wait_for_state("following")
    changes = [lambda: f"UPDATE team SET people = {rng.randint(1, 99)} WHERE code = 'T{rng.randint(1, 5)}';",
               lambda: f"UPDATE stock SET quantity = {rng.randint(0, 99)} WHERE warehouse = 'W{rng.randint(1, 3)}';",
               lambda: f"UPDATE vehicle SET available = NOT available WHERE code = 'V{rng.randint(1, 5)}';",
               lambda: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'muster';",
               lambda: "INSERT INTO event (at, actor, subject, operation) SELECT now(), 'x', 'zone', 'update' FROM generate_series(1, 10001);"]
    for _ in range(40):
        if rng.random() < 0.3:
            follower.ask("starve", rng.randint(0, 12))
        claims.sql("".join(rng.choice(changes[:3])() for _ in range(rng.randint(1, 4))))
        if rng.random() < 0.1:
            claims.sql(rng.choice(changes[3:])())
    expected = {(r[0], r[1], r[2], r[3]): ["there", r[4]] for r in claims.sql("""
        SELECT u.resource, u.code, u.kind, u.aspect, CASE u.aspect WHEN 'crew' THEN t.people WHEN 'stock' THEN s.quantity
            ELSE v.available::int END
        FROM unit_change AS u LEFT JOIN team AS t ON t.code = u.code LEFT JOIN vehicle AS v ON v.code = u.code
        LEFT JOIN stock AS s ON s.warehouse = u.code;""")}
    follower.wait(lambda: follower.ask("state")[0] == "following" and values(follower) == expected)
    assert len(expected) > 8
    time.sleep(0.1)
    assert values(follower) == expected
