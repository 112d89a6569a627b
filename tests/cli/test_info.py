"""`muster info`: the census of a file."""

import json

from muster_command import succeed


def test_the_table_names_what_there_is(village):
    lines = [line.split() for line in succeed("info", village).splitlines() if line]
    assert lines[0] == ["what", "kind", "tier", "rows", "quantity"]
    assert ["node", "9"] in lines
    assert ["rank", "9"] in lines
    assert ["arc", "17"] in lines
    assert ["edge", "secondary", "5"] in lines
    assert ["component", "largest", "1", "9"] in lines


def test_columns_are_aligned(village):
    lines = [line for line in succeed("info", village).splitlines() if line]
    end = lines[0].index("rows") + len("rows")
    assert all(line[end - 1].isdigit() and line[end:end + 1] in ("", " ") for line in lines[1:])


def test_json_has_the_same_numbers(village):
    info = json.loads(succeed("info", village, "--json"))
    assert info["file"] == str(village)
    counts = {(c["what"], c["kind"]): (c["row_count"], c["quantity"]) for c in info["counts"]}
    assert counts["node", ""] == (9, 9)
    assert counts["arc", ""] == (17, 17)
    assert sum(rows for (what, _), (rows, _) in counts.items() if what == "edge") == 9
