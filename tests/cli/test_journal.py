"""`muster journal`: a journal that was written by somebody else, by the description of the format."""

import json

import journal_file
import pytest
from muster_command import refuse, succeed

NOON = 1_783_000_000_123  # 2026-07-02T13:46:40.123Z
FIRST = [(NOON, json.dumps({"incident": "南湖区决口", "severity": "extreme"}, ensure_ascii=False).encode()),
         (NOON - 5, b""), (NOON + 1000, bytes(range(20)))]
SECOND = [(NOON + 2000, b"17"), (-1, b'"before 1970"')]


BYTES = sum(len(content) for _, content in FIRST + SECOND)


@pytest.fixture(name="journal")
def fixture_journal(tmp_path):
    paths, last = journal_file.write(tmp_path / "journal", [FIRST, SECOND])
    return tmp_path / "journal", paths, last


def test_what_others_have_written_is_verified(journal):
    folder, _, last = journal
    assert succeed("journal", "verify", folder) == (
        f"records   5, from 1 to 5, {BYTES} bytes, 2 terms of writing\n"
        "times     1969-12-31T23:59:59.999Z to 2026-07-02T13:46:42.123Z\n"
        f"hash      {last}\n")
    summary = json.loads(succeed("journal", "verify", folder, "--json"))
    assert summary == {"records": 5, "first": 1, "last": 5, "bytes": BYTES, "terms": 2,
                       "earliest": "1969-12-31T23:59:59.999Z", "latest": "2026-07-02T13:46:42.123Z",
                       "hash": last, "torn_bytes": 0}


def test_records_are_given_out_as_lines_of_json(journal, tmp_path):
    folder, _, last = journal
    lines = [json.loads(line) for line in succeed("journal", "export", folder).splitlines()]
    assert [line["sequence"] for line in lines] == [1, 2, 3, 4, 5]
    assert lines[0]["record"] == {"incident": "南湖区决口", "severity": "extreme"}
    assert lines[0]["time"] == "2026-07-02T13:46:40.123Z"
    assert lines[1]["hex"] == ""
    assert lines[2]["hex"] == bytes(range(20)).hex()
    assert (lines[3]["record"], lines[3]["term"]) == (17, 2)
    assert (lines[4]["record"], lines[4]["hash"]) == ("before 1970", last)
    out = tmp_path / "some.jsonl"
    assert succeed("journal", "export", folder, "--first", "2", "--last", "4", "-o", out) == ""
    assert [json.loads(line) for line in out.read_text().splitlines()] == lines[1:4]


def test_a_changed_byte_is_named(journal):
    folder, paths, _ = journal
    data = bytearray(paths[0].read_bytes())
    data[128 + 40] ^= 1
    paths[0].write_bytes(data)
    refuse(3, "journal", "verify", folder,
           words=[paths[0].name, "byte 128", "record 1", "damaged"])
    refuse(3, "journal", "export", folder, words=["record 1"])


def test_a_segment_that_was_put_in_another_s_place_is_found(journal, tmp_path):
    folder, paths, _ = journal
    other, _ = journal_file.write(tmp_path / "other", [FIRST[:2] + [(0, b"forged")], SECOND])
    paths[0].write_bytes(other[0].read_bytes())
    refuse(3, "journal", "verify", folder, words=[paths[1].name, "does not go on from record 3"])


def test_what_a_crash_has_cut_off_is_said(journal):
    folder, paths, _ = journal
    paths[1].write_bytes(paths[1].read_bytes()[:-5])
    text = succeed("journal", "verify", folder)
    assert text.startswith("records   4, from 1 to 4")
    assert text.endswith("behind the last record, which were never acknowledged\n")


def test_an_empty_journal_has_no_records(tmp_path):
    journal_file.write(tmp_path / "empty", [[]])
    assert succeed("journal", "verify", tmp_path / "empty") == "no records\n"
    assert succeed("journal", "export", tmp_path / "empty") == ""
    refuse(3, "journal", "verify", tmp_path, words=["is no journal"])


def test_wrong_command_lines_are_refused(journal, tmp_path):
    folder, _, _ = journal
    refuse(2, "journal", words=["verify, export or replay"])
    refuse(2, "journal", "verfy", folder, words=["did you mean \"verify\""])
    refuse(2, "journal", "verify", words=["FOLDER"])
    refuse(2, "journal", "export", folder, "--first", "0", words=["--first", "1 or more"])
    refuse(3, "journal", "export", folder, "--first", "9", words=["ends with record 5"])
    refuse(4, "journal", "verify", tmp_path / "missing", words=["missing", "No such file"])
