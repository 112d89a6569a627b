"""`muster order`: ranks come into a file, and nothing else in it changes."""

import json
import sqlite3

from muster_command import refuse, succeed


def rows(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def copy_without_ranks(network, path):
    path.write_bytes(network.read_bytes())
    with sqlite3.connect(path) as db:
        for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE node SET rank = NULL")
    db.close()
    return path


def test_import_keeps_the_order(village):
    ranks = [rank for rank, in rows(village, "SELECT rank FROM node")]
    assert sorted(ranks) == list(range(9))


def test_order_brings_the_same_ranks_in_place_or_elsewhere(village, tmp_path):
    bare, other = copy_without_ranks(village, tmp_path / "bare.gpkg"), tmp_path / "other.gpkg"
    sql = "SELECT id, geom, rank FROM node"
    succeed("order", bare, "-o", other)
    assert rows(bare, "SELECT count(rank) FROM node") == [(0,)]
    assert rows(other, sql) == rows(village, sql)
    text = succeed("order", bare)
    assert text.startswith(f"{bare}\n\nhierarchy\n")
    assert rows(bare, sql) == rows(village, sql)
    assert rows(bare, "SELECT * FROM edge") == rows(village, "SELECT * FROM edge")
    assert sorted(tmp_path.iterdir()) == [bare, other]


def test_import_and_order_report_the_same_quality(village, tmp_path):
    summary = json.loads(succeed("order", village, "-o", tmp_path / "n.gpkg", "--json"))
    assert summary["file"] == str(tmp_path / "n.gpkg")
    hierarchy = summary["hierarchy"]
    assert hierarchy["up_arc_count"] >= 8  # nine nodes hang together
    assert 1 <= hierarchy["search_space_mean"] <= hierarchy["search_space_max"] <= 9


def test_what_cannot_be_ordered_is_refused(village, tmp_path):
    refuse(2, "order", words=["no FILE"])
    refuse(2, "order", village, "-o", "-", words=["no stream"])
    refuse(4, "order", tmp_path / "none.gpkg", words=["No such file"])
    text = tmp_path / "text.gpkg"
    text.write_text("p sp 2 1\n")
    refuse(3, "order", text, words=["not an SQLite file"])
    assert text.read_text() == "p sp 2 1\n"
