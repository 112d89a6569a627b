"""muster/claim.h against a real PostgreSQL: who gets a unit, who learns what, and who may not."""

import hashlib
import json
import re
import time
import uuid

import claim_program
import pytest

TEAM = "people:T1::I1:flood_rescue:10"
OTHER_TEAM = "people:T2::I2:flood_rescue:10"


@pytest.fixture()
def two(dispatcher):
    first, second = dispatcher("A"), dispatcher("B")
    assert first.take().token == 1 and second.take().token == 1
    return first, second


def refused(claims, script, words, role=None):
    with pytest.raises(claim_program.Refused, match=re.escape(words)):
        claims.sql(script, role)


def held(claims):
    return claims.sql("SELECT dispatcher, code, quantity FROM claim WHERE released_at IS NULL ORDER BY 1, 2;")


# ---- who gets a unit ---------------------------------------------------------------------


def test_a_unit_is_got_once_and_the_loser_learns_who_has_it_and_since_when(claims, two):
    first, second = two
    won = first.commit(TEAM, "vehicle:V1::I1:boat:1")
    assert (won.outcome, len(won.claims), len(won.orders)) == ("done", 2, 2)
    lost = second.commit(OTHER_TEAM, "people:T1::I3:flood_rescue:10")
    assert lost.outcome == "lost" and lost.plan == 0
    (line, reason, remaining, holder, since, incident), = lost.conflicts
    assert (line, reason, remaining, holder, incident) == ("1", "held", "0", "A", "I1")
    (told,), = claims.sql(f"SELECT (extract(epoch FROM since) * 1000)::bigint FROM claim WHERE id = {won.claims[0]};")
    assert since == told
    # Nothing of it was claimed; without the unit it is.
    assert held(claims) == [["A", "T1", "10"], ["A", "V1", "1"]]
    assert second.commit(OTHER_TEAM).outcome == "done"


def test_machines_and_goods_are_claimed_by_quantity(claims, two):
    first, second = two
    assert first.commit("machine:M1::I1:pump:7", "item:W1:sandbag:I1:sandbag:600").outcome == "done"
    lost = second.commit("machine:M1::I2:pump:4", "item:W1:sandbag:I2:sandbag:400", "item:W2:sandbag:I2:sandbag:1000")
    assert [c[:4] for c in lost.conflicts] == [["0", "short", "3", "A"]]
    won = second.commit("machine:M1::I2:pump:3", "item:W1:sandbag:I2:sandbag:400")
    assert won.outcome == "done"
    lost = first.commit("machine:M1::I3:pump:1", "item:W1:sandbag:I3:sandbag:1")
    assert [c[1:4] for c in lost.conflicts] == [["short", "0", "B"]] * 2
    assert second.release(*won.claims).outcome == "done"
    assert first.commit("machine:M1::I3:pump:3", "item:W1:sandbag:I3:sandbag:400").outcome == "done"


def test_lines_of_one_plan_share_what_is_there(two):
    first, _ = two
    lost = first.commit("machine:M2::I1:pump:6", "machine:M2::I2:pump:4", "machine:M2::I3:pump:1")
    assert [c[:3] for c in lost.conflicts] == [["2", "short", "0"]]
    assert first.commit("machine:M2::I1:pump:6", "machine:M2::I2:pump:4").outcome == "done"


def test_what_is_not_there_or_not_available_is_said_so(claims, two):
    claims.sql("UPDATE vehicle SET available = false WHERE code = 'V5';")
    lost = two[0].commit("vehicle:V5::I1:boat:1", "people:nobody::I1:flood_rescue:1", "item:W1:boat:I1:boat:1")
    assert [c[:4] for c in lost.conflicts] == [
        ["0", "unavailable", "1", ""], ["1", "unknown", "0", ""], ["2", "unknown", "0", ""]]


@pytest.mark.parametrize("scenario", ["?storm", "?elsewhere", "?"])
def test_what_a_unit_is_claimed_for_is_seen_also_where_the_database_does_not_know_it(claims, two, follow, scenario):
    follower = follow()
    answer = two[0].commit(TEAM, "people:T2::新I:flood_rescue:10", "people:T3::I1:swimming:10", "vehicle:V1::::1", scenario=scenario)
    assert answer.outcome == "done"
    rows = claims.sql("""SELECT c.code, c.incident, c.need, a.scenario, a.incident, a.need
                         FROM claim AS c JOIN assignment AS a ON a.id = c.assignment ORDER BY a.position;""")
    known = ["storm", "I1"] if scenario == "?storm" else ["", ""]
    assert rows == [["T1", "I1", "flood_rescue", *known, "flood_rescue"], ["T2", "新I", "flood_rescue", "", "", "flood_rescue"],
                    ["T3", "I1", "swimming", *known, ""], ["V1", "", "", "", "", ""]]
    assert claims.sql("SELECT scenario FROM plan;") == [["storm" if scenario == "?storm" else ""]]
    # Others see it, and who wants the same learns it.
    follower.wait(lambda: follower.ask("held")[0] == "4")
    assert sorted(word.split(",")[6:] for word in follower.ask("held")[1:]) == [
        ["", ""], ["I1", "flood_rescue"], ["I1", "swimming"], ["新I", "flood_rescue"]]
    lost = two[1].commit("people:T2::I2:flood_rescue:10")
    assert [(c[1], c[3], c[5]) for c in lost.conflicts] == [("held", "A", "新I")]


def test_claims_of_before_say_what_for_by_their_assignments(claims, two, follow):
    two[0].commit(TEAM)
    claims.sql("UPDATE claim SET incident = NULL, need = NULL;")
    follower = follow()
    follower.wait(lambda: follower.ask("held")[0] == "1")
    assert follower.ask("held")[1].split(",")[5:] == ["A", "I1", "flood_rescue"]


def test_a_plan_gives_back_and_takes_in_one_transaction(claims, two):
    first, second = two
    old = first.commit(TEAM, "machine:M1::I1:pump:10")
    # Losing gives nothing back.
    second.commit(OTHER_TEAM)
    assert first.commit(OTHER_TEAM, release=old.claims).outcome == "lost"
    assert ["A", "T1", "10"] in held(claims)
    new = first.commit("people:T1::I4:flood_rescue:10", "machine:M1::I4:pump:8", release=old.claims)
    assert new.outcome == "done"
    assert ["A", "M1", "8"] in held(claims)
    states = claims.sql("SELECT state FROM dispatch_order ORDER BY id;")
    assert states == [["released"], ["released"], ["issued"], ["issued"], ["issued"]]


def stock(claims):
    return {r[0]: int(r[1]) for r in claims.sql("SELECT warehouse, quantity FROM stock;")}


def test_goods_that_are_used_up_leave_the_stock_once_and_those_that_come_back_do_not(claims, two):
    first, second = two
    won = first.commit("item:W1:sandbag:I1:sandbag:600", "item:W1:sandbag:I2:sandbag:100", "item:W2:sandbag:I1:sandbag:50", TEAM)
    back = first.commit("item:W3:sandbag:I1:sandbag:900")
    assert second.use(*won.claims).outcome == "done"  # what is not his
    assert stock(claims) == {"W1": 1000, "W2": 1000, "W3": 1000}
    request = uuid.uuid4()
    for _ in range(2):
        assert first.use(*won.claims, request=request).outcome == "done"
    assert first.use(*won.claims).outcome == "done"
    assert first.release(*back.claims, *won.claims).outcome == "done"
    assert first.use(*back.claims).outcome == "done"  # released is not held any more
    assert stock(claims) == {"W1": 300, "W2": 950, "W3": 1000}
    assert held(claims) == []
    assert claims.sql("SELECT code, used FROM claim ORDER BY id;") == [
        ["W1", "t"], ["W1", "t"], ["W2", "t"], ["T1", "f"], ["W3", "f"]]
    assert {r[0] for r in claims.sql("SELECT state FROM dispatch_order;")} == {"released"}
    # What is left can be claimed, and no more.
    assert second.commit("item:W1:sandbag:I3:sandbag:301").conflicts[0][1:3] == ["short", "300"]
    assert second.commit("item:W1:sandbag:I3:sandbag:300").outcome == "done"


def test_a_stock_that_others_have_counted_lower_does_not_become_less_than_nothing(claims, two):
    won = two[0].commit("item:W1:sandbag:I1:sandbag:600")
    claims.sql("UPDATE stock SET quantity = 500 WHERE warehouse = 'W1';")
    assert two[0].use(*won.claims).outcome == "done"
    assert stock(claims)["W1"] == 0


def test_who_was_replaced_uses_nothing_up(claims, two, dispatcher):
    won = two[0].commit("item:W1:sandbag:I1:sandbag:600")
    assert dispatcher("A").take().outcome == "done"
    assert two[0].use(*won.claims).outcome == "fenced"
    assert stock(claims)["W1"] == 1000


def test_nobody_releases_what_is_somebody_else_s(claims, two):
    first, second = two
    won = first.commit(TEAM)
    assert second.release(*won.claims).outcome == "done"
    assert second.commit(TEAM, release=won.claims).outcome == "lost"
    assert held(claims) == [["A", "T1", "10"]]


@pytest.mark.parametrize("lines, words", [
    ((TEAM, "people:T1::I2:flood_rescue:10"), 'line 2: people "T1" is in the plan already'),
    (("people:T1::I99:flood_rescue:10",), "assignment_scenario_incident_fkey"),
    (("people:T1::I1:swimming:10",), "assignment_need_fkey"),
])
def test_a_plan_that_makes_no_sense_is_refused_and_leaves_nothing(claims, two, lines, words):
    answer = two[0].commit(*lines)
    assert answer.outcome == "refused" and words in answer.message
    assert claims.sql("SELECT count(*) FROM plan;") == [["0"]]
    assert held(claims) == []


def test_codes_are_bound_and_never_sql(claims, two):
    evil = "T'); DROP TABLE claim; --"
    claims.sql(f"""INSERT INTO team (code, name, tier, people, profile, geom) VALUES
        ($e${evil}$e$, 'x', 'city', 3, 'light', 'SRID=4326;POINT(120 30)'), ('队"\\{{', 'x', 'city', 3, 'light', 'SRID=4326;POINT(120 30)');""")
    assert two[0].commit(f"people:{evil}::I1:flood_rescue:3", 'people:队"\\{::I1:flood_rescue:3').outcome == "done"
    lost = two[1].commit('people:队"\\{::I1:flood_rescue:3')
    assert lost.conflicts[0][3] == "A"
    assert [row[1] for row in held(claims)] == [evil, '队"\\{']


def test_the_constraints_hold_whoever_writes(claims, two):
    two[0].commit(TEAM, "machine:M1::I1:pump:7")
    insert = "INSERT INTO claim (since, dispatcher, resource, code, quantity) VALUES (now(), 'B', "
    refused(claims, insert + "'people', 'T1', 10);", "claim_whole_idx")
    refused(claims, insert + "'machine', 'M1', 4);", 'machine "M1": 4 cannot be claimed, because 7 of 10 are')
    refused(claims, "UPDATE claim SET quantity = 11 WHERE code = 'M1';", "cannot be claimed")
    claims.sql(insert + "'machine', 'M1', 3);")


# ---- asking again ------------------------------------------------------------------------


def test_the_same_request_is_answered_the_same(claims, two):
    first, second = two
    request = uuid.uuid4()
    once, again = (first.commit(TEAM, "machine:M1::I1:pump:4", request=request) for _ in range(2))
    assert once.outcome == "done" and once.words == again.words
    assert claims.sql("SELECT count(*) FROM plan;") == [["1"]]
    # A loser's, too, though it could win by now; and one that was released is not claimed again.
    lost = uuid.uuid4()
    before = second.commit(TEAM, request=lost)
    first.release(*once.claims)
    assert before.outcome == "lost" and second.commit(TEAM, request=lost).words == before.words
    assert first.commit(TEAM, "machine:M1::I1:pump:4", request=request).words == once.words
    assert held(claims) == []


def test_an_id_is_good_for_one_request(claims, two):
    first, second = two
    request = uuid.uuid4()
    assert first.commit(TEAM, request=request).outcome == "done"
    for answer in (first.commit(OTHER_TEAM, request=request), second.commit(TEAM, request=request),
                   first.release(1, request=request)):
        assert answer.outcome == "refused" and f"request {request} was another one" in answer.message


@pytest.mark.parametrize("spoil, mend", [
    # As where the queue of notifications is full, after the commit.
    ("ALTER FUNCTION wake_followers RENAME TO wake; CREATE FUNCTION wake_followers() RETURNS void LANGUAGE plpgsql"
     " AS 'BEGIN RAISE EXCEPTION program_limit_exceeded; END';",
     "DROP FUNCTION wake_followers; ALTER FUNCTION wake RENAME TO wake_followers;"),
    # As before the third migration.
    ("ALTER PROCEDURE carry_out RENAME TO away;", "ALTER PROCEDURE away RENAME TO carry_out;"),
])
def test_what_is_committed_is_answered_so_where_followers_are_not_woken_afterwards(claims, two, spoil, mend):
    claims.sql(spoil)
    try:
        won = two[0].commit(TEAM)
        assert (won.outcome, won.attempts) == ("done", 2)
        assert held(claims) == [["A", "T1", "10"]]
        assert two[0].ask("state", won.orders[0], "accepted").outcome == "done"
        assert two[0].release(*won.claims).outcome == "done"
    finally:
        claims.sql(mend)
    assert claims.sql("SELECT count(*) FROM plan;") == [["1"]] and held(claims) == []


def test_a_copy_that_comes_while_the_first_is_under_way_waits_for_it(claims, two, dispatcher):
    """As after a connection that only seemed to be lost."""
    first, _ = two
    copy, request = dispatcher("A"), uuid.uuid4()
    copy.tell("token", 1)
    with claim_program.Session(claims) as session:
        session.tell("BEGIN; LOCK TABLE claim IN SHARE MODE;")  # commits wait, readers do not
        for worker in (first, copy):
            worker.tell("commit", request, "storm", "", TEAM)
        wait_until(claims, "SELECT count(*) >= 2 FROM pg_stat_activity WHERE wait_event_type = 'Lock';")
        session.tell("COMMIT;")
    answers = [worker.process.stdout.readline() for worker in (first, copy)]
    assert [a.split("\t")[:2] for a in answers] == [["done", "1"]] * 2
    assert claims.sql("SELECT count(*) FROM claim;") == [["1"]]


def test_a_lock_that_somebody_sits_on_is_waited_for_but_not_for_ever(claims, two):
    first, _ = two
    assert first.commit(TEAM).outcome == "done"
    with claim_program.Session(claims) as session:
        session.tell("BEGIN; SELECT FROM claim_lock WHERE code = 'T1' FOR UPDATE;")
        first.tell("commit", uuid.uuid4(), "storm", "", TEAM)
        wait_until(claims, "SELECT count(*) >= 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock';")
        time.sleep(4)  # lock_timeout is 2 s: the statement is given up, and asked again
        session.tell("COMMIT;")
    words = first.process.stdout.readline().split("\t")
    assert words[0] == "lost" and int(words[2]) >= 2


def test_an_allocation_that_fails_anywhere_loses_nothing(claims, two):
    first, second = two
    second.commit(TEAM)
    for n in range(40):
        first.tell("starve", n)
        won = first.commit("machine:M1::I1:pump:1", "vehicle:V1::I1:boat:1")
        assert won.outcome == "done", (n, won.words)
        first.tell("starve", n)
        assert first.commit(TEAM, "machine:M1::I1:pump:1").outcome == "lost"
        first.tell("starve", n)
        assert first.release(*won.claims).outcome == "done"
    assert claims.sql("SELECT count(*) FROM plan;") == [["41"]]
    assert held(claims) == [["B", "T1", "10"]]


# ---- fencing -----------------------------------------------------------------------------


def test_who_was_replaced_is_refused_by_the_database(claims, dispatcher):
    old, new = dispatcher("A", holder="desk 1"), dispatcher("A", holder="desk 2")
    assert old.take().token == 1
    request = uuid.uuid4()
    won = old.commit(TEAM, request=request)
    assert new.take().token == 2
    answers = [old.commit(OTHER_TEAM), old.release(*won.claims), old.ask("state", won.orders[0], "accepted")]
    for answer in answers:
        assert answer.outcome == "fenced"
        assert 'token 1 of dispatcher "A" is stale: "desk 2" has taken over with token 2' in answer.message
    assert held(claims) == [["A", "T1", "10"]]
    # What it did is still true, and told.
    assert old.commit(TEAM, request=request).words[:2] == won.words[:2]
    # The new one goes on with what the old one has.
    assert new.release(*won.claims).outcome == "done"
    assert old.take().token == 3
    assert new.commit(OTHER_TEAM).outcome == "fenced"


def test_a_take_over_waits_for_who_is_writing(claims, dispatcher):
    old, new = dispatcher("A"), dispatcher("A")
    old.take()
    with claim_program.Session(claims) as session:
        session.tell("BEGIN; LOCK TABLE claim IN SHARE MODE;")
        old.tell("commit", uuid.uuid4(), "storm", "", TEAM)
        wait_until(claims, "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock';")
        new.tell("take")
        wait_until(claims, "SELECT count(*) = 2 FROM pg_stat_activity WHERE wait_event_type = 'Lock';")
        session.tell("COMMIT;")
    assert old.process.stdout.readline().startswith("done\t1")
    assert new.process.stdout.readline().split("\t")[3] == "2"


def test_without_a_token_nothing_is_asked(dispatcher):
    answer = dispatcher("A").commit(TEAM)
    assert (answer.outcome, answer.message) == ("error", 'dispatcher "A" has not taken over yet')


# ---- orders ------------------------------------------------------------------------------


def test_orders_go_their_way_and_end_with_the_claim(claims, two):
    first, second = two
    won = first.commit(TEAM, OTHER_TEAM, "machine:M1::I1:pump:5")
    one, two_, three = won.orders
    for state in ("accepted", "en_route", "en_route", "on_scene", "released"):
        assert first.ask("state", one, state).outcome == "done"
    assert first.ask("state", two_, "declined").outcome == "done"
    answer = first.ask("state", three, "on_scene")
    assert answer.outcome == "refused" and 'is "issued" and cannot become "on_scene"' in answer.message
    answer = second.ask("state", three, "accepted")
    assert answer.outcome == "refused" and 'is none of dispatcher "B"' in answer.message
    assert held(claims) == [["A", "M1", "5"]]
    assert [row[0] for row in claims.sql("SELECT state FROM dispatch_order ORDER BY id;")] == ["released", "declined", "issued"]
    assert second.commit(TEAM, OTHER_TEAM).outcome == "done"


# ---- roles -------------------------------------------------------------------------------


@pytest.fixture()
def people(claims):
    """Logins of each role."""
    claims.server.sql("""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN
                CREATE ROLE reader LOGIN IN ROLE muster_read; CREATE ROLE desk1 LOGIN IN ROLE muster_dispatch;
                CREATE ROLE desk2 LOGIN IN ROLE muster_dispatch; CREATE ROLE chief LOGIN IN ROLE muster_admin;
            END IF;
        END $$;""")
    return lambda name: claims.server.connection.replace("user=muster", f"user={name}")


def test_a_reader_sees_the_world_and_changes_nothing(claims, people, dispatcher):
    desk, reader = dispatcher("A", connection=people("desk1")), dispatcher("B", connection=people("reader"))
    desk.take()
    desk.commit(TEAM)
    assert claims.sql("SELECT claim.code FROM claim JOIN event ON claim.id = event.claim;", "reader") == [["T1"]]
    claims.sql("SELECT * FROM events_after(event_cursor());", "reader")
    for script in ("DELETE FROM claim;", "UPDATE dispatch_order SET state = 'declined';", "INSERT INTO event (actor, subject, operation) VALUES ('x', 'x', 'insert');",
                   "SELECT * FROM dispatch_request;", "UPDATE vehicle SET available = false;", "SELECT take_over('{}');",
                   "DELETE FROM incident;", "SELECT prune_journal(now());"):
        refused(claims, script, "permission denied", "reader")
    answer = reader.take()
    assert answer.outcome == "refused" and "permission denied" in answer.message


def test_a_dispatcher_writes_through_the_functions_alone_and_as_itself(claims, people, dispatcher):
    mine, other = dispatcher("A", connection=people("desk1")), dispatcher("A", connection=people("desk2"))
    mine.take()
    assert mine.commit(TEAM).outcome == "done"
    for script in ("INSERT INTO claim (dispatcher, resource, code, quantity) VALUES ('A', 'people', 'T3', 1);",
                   "UPDATE claim SET released_at = now();", "UPDATE dispatcher SET token = 9;", "DELETE FROM plan;"):
        refused(claims, script, "permission denied", "desk1")
    # The world is a dispatcher's to keep.
    claims.sql("UPDATE vehicle SET available = false WHERE code = 'V3'; UPDATE incident SET severity = 'minor' WHERE code = 'I3';", "desk1")
    other.tell("token", 1)
    for answer in (other.take(), other.commit(OTHER_TEAM)):
        assert answer.outcome == "refused" and 'dispatcher "A" belongs to role "desk1"' in answer.message


def test_answers_are_seen_by_who_asked_and_by_the_chief(claims, people, dispatcher):
    one, two_ = dispatcher("A", connection=people("desk1")), dispatcher("B", connection=people("desk2"))
    one.take(), two_.take()
    one.commit(TEAM)
    two_.commit(TEAM)
    count = "SELECT count(*) FROM dispatch_request; SELECT count(*) FROM claim_conflict;"
    assert claims.sql(count, "desk1") == [["1"], ["0"]]
    assert claims.sql(count, "desk2") == [["1"], ["1"]]
    assert claims.sql(count, "chief") == [["2"], ["1"]]
    claims.sql("UPDATE claim SET released_at = since;", "chief")
    assert two_.commit(TEAM).outcome == "done"


def test_a_table_of_the_caller_s_own_does_not_stand_in_for_ours(claims, people, dispatcher):
    """The functions have their owner's rights, so temporary tables must not shadow theirs."""
    dispatcher("A", connection=people("desk1")).take()
    document = json.dumps({"request": str(uuid.uuid4()), "dispatcher": "A", "token": 1, "lines": [
        {"resource": "people", "code": "T7", "quantity": 1}]})
    claims.sql(f"CREATE TEMP TABLE claim AS SELECT * FROM claim; SELECT * FROM commit_plan($e${document}$e$);", "desk1")
    assert held(claims) == [["A", "T7", "1"]]


# ---- by hand -----------------------------------------------------------------------------


def test_sql_alone_can_do_it_and_damage_is_noticed(claims):
    claims.sql("""SELECT take_over('{"dispatcher": "hand"}');""")
    document = json.dumps({"request": str(uuid.uuid4()), "dispatcher": "hand", "token": 1, "lines": [
        {"resource": "people", "code": "T1", "quantity": 10}]})
    call = f"SELECT claim, code FROM commit_plan($e${document}$e$"
    refused(claims, call + ", 'abc');", "the request has been damaged on its way")
    refused(claims, f"BEGIN ISOLATION LEVEL REPEATABLE READ; {call});", 'expected "read committed"')
    assert claims.sql(call + f", '{hashlib.sha256(document.encode()).hexdigest()}');") == [["1", "T1"]]


def test_every_table_and_column_says_what_it_is(claims):
    assert claims.sql(f"""
        SELECT c.relname, a.attname FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum >= 0 AND NOT a.attisdropped
        WHERE c.relnamespace = '{claims.name}'::regnamespace AND c.relkind = 'r'
          AND col_description(c.oid, a.attnum) IS NULL
        UNION ALL
        SELECT c.relname, '' FROM pg_class AS c
        WHERE c.relnamespace = '{claims.name}'::regnamespace AND c.relkind = 'r'
          AND obj_description(c.oid, 'pg_class') IS NULL;""") == []


# ---- support -----------------------------------------------------------------------------


def wait_until(claims, query):
    end = time.monotonic() + 20
    while claims.sql(query) != [["t"]]:
        assert time.monotonic() < end, query
        time.sleep(0.02)
