"""What a session begins with is all that its store has, from a file and from a database alike."""

import sqlite3

import pytest

import postgis_fill
import session_desk

OUT = "UPDATE team SET available = 0 WHERE code = 'T1'; UPDATE vehicle SET available = 0 WHERE kind = 'truck';"


@pytest.fixture(scope="module")
def stores(server, store, tmp_path_factory):
    path = tmp_path_factory.mktemp("out") / "out.gpkg"
    path.write_bytes(store.read_bytes())
    with sqlite3.connect(path) as db:
        db.executescript(OUT)
    return {"file": path, "database": postgis_fill.fill(server, "inventory", path)}


def out_of(path):
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT 'people', code FROM team WHERE NOT available UNION ALL "
                          "SELECT 'vehicle', code FROM vehicle WHERE NOT available").fetchall()
    return {f"{resource},{code},unavailable in the store" for resource, code in rows}


@pytest.mark.parametrize("which", ["file", "database"])
def test_who_is_not_available_in_the_store_is_known_and_can_be_again(server, stores, tmp_path, which):
    centre = session_desk.Schema(server, f"centre_of_{which}")
    session_desk.fill(centre, stores["file"])
    desk = session_desk.Desk(centre, stores[which], tmp_path / "journal", which)
    expected = out_of(stores["file"])
    assert len(expected) > 1 and set(desk.ask("unavailable")[1:]) == expected
    desk.wait_until_there()
    orders, _ = desk.commit("first")
    assert orders and "T1" not in {o.unit for o in orders}
    assert desk.ask("status", "people", "T1", 1) == ["applied", ""]
    desk.kill()
    # The journal says so, not the store, and another process knows both.
    desk = session_desk.Desk(centre, stores[which], tmp_path / "journal", which)
    assert set(desk.ask("unavailable")[1:]) == {u for u in expected if ",T1," not in u}
    assert desk.ask("status", "people", "T9", 1)[0] == "unknown"
    desk.close()
