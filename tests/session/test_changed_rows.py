"""What others change in the database's rows of units becomes events of a session's journal: who, when, once,
and not over what is known of later."""

import json
import os
import random
import subprocess
import time

import session_desk
from session_desk import settle, until

FAR = "SRID=4326;POINT(120.71 30.72)"


def records(journal):
    """The journal's events, as anybody may read them."""
    text = subprocess.run([os.environ["MUSTER_COMMAND"], "journal", "export", journal], check=True,
                          capture_output=True, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def rows_of(journal):
    """Those that were taken from rows."""
    events = [record.get("record", {}) for record in records(journal)]
    return [e for e in events if str(e.get("id", "")).startswith("session:row-")]


def now_ms(centre):
    return int(centre.sql("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint;")[0][0])


def there(centre, desk):
    """Its rows are compared as soon as it has claimed or seen something."""
    desk.wait_until_there()
    return desk


def test_what_others_change_is_told_with_its_time_and_author(centre, desk, tmp_path):
    a = there(centre, desk("A"))
    centre.server.sql("DO $$ BEGIN CREATE ROLE clerk LOGIN IN ROLE muster_dispatch; EXCEPTION WHEN duplicate_object THEN END $$;")
    before = now_ms(centre)
    centre.sql(f"""UPDATE team SET geom = '{FAR}' WHERE code = 'T1';
        UPDATE vehicle SET available = false WHERE code = 'V1'; UPDATE team SET people = 17 WHERE code = 'T2';
        UPDATE machine SET count = 2 WHERE code = 'M1'; UPDATE stock SET quantity = 4321 WHERE warehouse = 'W1' AND kind = 'sandbag';
        UPDATE team SET shift_end_s = 3600, duty_s = 60 WHERE code = 'T3'; UPDATE warehouse SET shift_end_s = 60 WHERE code = 'W2';""", "clerk")
    centre.sql("DELETE FROM vehicle WHERE code = 'V2';")
    after = now_ms(centre)
    a.wait(lambda: len(rows_of(tmp_path / "A")) == 8)
    units = a.units()
    assert units["people", "T1", ""][2:4] == (120.71, 30.72)
    assert units["vehicle", "V1", ""][1::3] == (False, "not available in the database")
    assert units["vehicle", "V2", ""][1::3] == (False, "its row in the database has been deleted")
    assert units["people", "T2", ""].quantity == 17 and units["machine", "M1", ""].quantity == 2
    assert units["item", "W1", "sandbag"].quantity == 4321 and units["item", "W1", "tent"].quantity == 60
    events = rows_of(tmp_path / "A")
    assert sorted(e["author"] for e in events) == ["clerk"] * 7 + ["muster"]
    assert all(before - 1 <= e["time_ms"] <= after for e in events)
    assert sorted(e["type"] for e in events) == ["stock_moved", "unit_crew", "unit_crew", "unit_moved", "unit_shift",
                                                 "unit_shift", "unit_status", "unit_status"]
    shift, = (e for e in events if e["type"] == "unit_shift" and e["unit"]["code"] == "T3")
    assert (shift["shift_end_at_ms"] - shift["time_ms"], shift["time_ms"] - shift["duty_since_ms"]) == (3600000, 60000)
    # What does not concern a plan, and what is as it was, is none.
    centre.sql("UPDATE team SET name = 'X', people = 17 WHERE code = 'T2'; UPDATE vehicle SET available = false;")
    a.wait(lambda: not any(u.available for (r, *_), u in a.units().items() if r == "vehicle"))
    assert len([e for e in rows_of(tmp_path / "A") if e["unit"]["code"] == "T2"]) == 1


def test_a_plan_made_after_it_heeds_it(centre, desk):
    a = there(centre, desk("A"))
    centre.sql("UPDATE team SET available = false WHERE code IN ('T1', 'T2'); UPDATE machine SET count = 0;")
    a.wait(lambda: not a.units()["people", "T2", ""].available and a.units()["machine", "M1", ""].quantity == 0)
    orders, skipped = a.commit("one")
    assert orders and {o.unit for o in orders}.isdisjoint({"T1", "T2", "M1", "M2"})
    assert [s for s in skipped if s.startswith("claimed")] == []
    centre.sql("UPDATE team SET available = true WHERE code = 'T1';")
    a.wait(lambda: a.units()["people", "T1", ""].available)
    assert "T1" in {o.unit for o in a.commit("two")[0]}
    settle(centre, a)


def test_the_later_word_counts_whoever_says_it(centre, desk, tmp_path):
    a = there(centre, desk("A"))
    centre.sql(f"UPDATE team SET geom = '{FAR}' WHERE code IN ('T1', 'T2'); UPDATE stock SET quantity = 790 WHERE warehouse = 'W2';")
    a.wait(lambda: a.units()["people", "T1", ""][2:4] == (120.71, 30.72) and a.units()["item", "W2", "sandbag"].quantity == 790)
    assert a.ask("move", "people", "T1", "120.75,30.75")[0] == "applied"
    assert a.ask("stock", "W2", "sandbag", "100")[0] == "applied"
    # Another thing of the row is later, where it is is not.
    centre.sql("UPDATE team SET people = 3 WHERE code = 'T1';")
    a.wait(lambda: a.units()["people", "T1", ""].quantity == 3)
    assert a.units()["people", "T1", ""][2:4] == (120.75, 30.75)
    assert a.units()["item", "W2", "sandbag"].quantity == 890
    # So it stays when all is read once more.
    a.close()
    a = there(centre, desk("A"))
    time.sleep(0.5)
    assert a.units()["people", "T1", ""][2:4] == (120.75, 30.75)
    assert a.units()["item", "W2", "sandbag"].quantity == 890
    assert len(rows_of(tmp_path / "A")) == 4
    centre.sql("UPDATE stock SET quantity = 850 WHERE warehouse = 'W2';")
    a.wait(lambda: a.units()["item", "W2", "sandbag"].quantity == 850)


def test_what_has_changed_while_the_session_or_the_database_was_away_is_caught_up_with(server, centre, desk, tmp_path):
    a = there(centre, desk("A"))
    a.kill()
    for i in range(5):
        centre.sql(f"UPDATE team SET people = {i + 1} WHERE code = 'T1'; UPDATE stock SET quantity = quantity - 10 WHERE warehouse = 'W2';")
    centre.sql("SELECT prune_journal(clock_timestamp() + '1 minute');")
    a = desk("A")
    a.wait(lambda: a.units()["people", "T1", ""].quantity == 5 and a.units()["item", "W2", "sandbag"].quantity == 750)
    taken = rows_of(tmp_path / "A")
    server.stop()
    try:
        a.wait(lambda: a.state()["is_away"])
        a.kill()
        a = desk("A")  # it opens without
        assert a.units()["people", "T1", ""].quantity == 5
    finally:
        server.launch()
    centre.sql("UPDATE team SET people = 9 WHERE code = 'T1';")
    a.wait(lambda: a.units()["people", "T1", ""].quantity == 9)
    # Each once, and what was known already not again.
    assert len(taken) == 2 and len(rows_of(tmp_path / "A")) == 3
    time.sleep(0.3)
    assert len({e["id"] for e in rows_of(tmp_path / "A")}) == 3


def test_a_standby_takes_none_and_who_is_promoted_does(centre, desk, tmp_path):
    a = there(centre, desk("A", "shared"))
    b = desk("A", "shared", "standby")
    a.kill()
    centre.sql("UPDATE team SET people = 5 WHERE code = 'T1';")
    time.sleep(0.5)
    assert b.ask("follow")[0] == "done" and b.units()["people", "T1", ""].quantity == 20
    assert b.ask("promote") == ["done"]
    b.wait(lambda: b.units()["people", "T1", ""].quantity == 5)
    assert len(rows_of(tmp_path / "shared")) == 1


def test_what_cannot_be_yet_is_said_and_taken_as_soon_as_it_can(centre, desk):
    a = there(centre, desk("A"))
    orders, _ = a.commit("one")
    pumps = next(o for o in orders if o.resource == "machine")
    centre.sql(f"UPDATE machine SET count = {pumps.quantity - 1} WHERE code = '{pumps.unit}';")
    a.wait(lambda: f"quantity of '{pumps.unit}'" in a.state()["trouble"])
    assert "changed in the database by muster" in a.state()["trouble"] and "cancel or release" in a.state()["trouble"]
    assert a.units()["machine", pumps.unit, ""].quantity >= pumps.quantity
    assert a.tell("order_released", pumps.number)[0] == "applied"
    a.wait(lambda: a.units()["machine", pumps.unit, ""].quantity == pumps.quantity - 1)
    settle(centre, a)


def test_rows_and_sessions_come_to_say_the_same_whatever_is_killed(server, centre, store, tmp_path):
    rng = random.Random(7)
    desks = {code: session_desk.Desk(centre, store, tmp_path / code, code) for code in "AB"}
    for _ in range(40):
        act, code = rng.random(), rng.choice("AB")
        if act < 0.7:
            centre.sql(rng.choice([
                f"UPDATE team SET people = {rng.randint(1, 40)} WHERE code = 'T{rng.randint(1, 6)}';",
                f"UPDATE team SET available = NOT available WHERE code = 'T{rng.randint(1, 6)}';",
                f"UPDATE vehicle SET geom = 'SRID=4326;POINT({rng.uniform(120.7, 120.8)} 30.75)' WHERE code = 'V{rng.randint(1, 6)}';",
                f"UPDATE stock SET quantity = {rng.randint(0, 900)} WHERE warehouse = 'W{rng.randint(1, 2)}' AND kind = 'sandbag';"]))
        elif act < 0.9:
            desks[code].kill()
            desks[code] = session_desk.Desk(centre, store, tmp_path / code, code)
        elif act < 0.95:
            server.stop()
            server.launch()
        else:
            centre.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'muster';")

    for each in desks.values():
        until(lambda each=each: session_desk.knows_rows(centre, each))
    for each in desks.values():
        ids = [e["id"] for e in rows_of(tmp_path / each.code)]
        assert ids and len(ids) == len(set(ids))
        each.close()
