"""`muster bench`: that it measures what it says, on a small scenario; figures are the machine's affair."""

import json
import os
import tempfile

import pytest
import small_scenario
from muster_command import muster, refuse, succeed

BEGIN, END = "<!-- muster bench: begin -->\n", "<!-- muster bench: end -->"


@pytest.fixture(scope="module", name="scenario")
def fixture_scenario(tmp_path_factory):
    path = small_scenario.write(tmp_path_factory.mktemp("bench") / "small.gpkg")
    return small_scenario.give_trucks(path)


@pytest.fixture(scope="module", name="answer")
def fixture_answer(scenario, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    document = folder / "figures.md"
    document.write_text(f"# Figures\n\n{BEGIN}before it was renewed\n{END}\n\nbelow\n", encoding="utf-8")
    text = succeed("bench", scenario, "--rounds", 1, "--folder", folder, "-o", folder / "b.json",
                   "--markdown", document)
    left_over = sorted(path.name for path in folder.iterdir())
    assert left_over == ["b.json", "figures.md"]
    return text, json.loads((folder / "b.json").read_text(encoding="utf-8")), document.read_text(
        encoding="utf-8")


def test_a_folder_may_be_relative_and_has_to_be_there(scenario, tmp_path):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # short enough for a socket
        os.mkdir(f"{folder}/a")
        succeed("bench", scenario, "--rounds", 1, "--only", "http", "--folder", "a", cwd=folder)
        assert os.listdir(f"{folder}/a") == []
    refuse(4, "bench", scenario, "--folder", tmp_path / "no", words=["No such file or directory"])


def test_every_part_is_measured_and_nothing_takes_no_time(answer):
    _, document, _ = answer
    assert {row["part"] for row in document["rows"]} == {"store", "roads", "plans", "live"}
    for row in document["rows"]:
        assert row["value"] > 0 or row["unit"] == "%" or row["job"] == "the first plan of the scenario", row


def test_a_target_is_met_when_the_figure_is_on_its_side(answer):
    _, document, _ = answer
    aimed = [row for row in document["rows"] if "target" in row]
    assert len(aimed) > 10
    for row in aimed:
        is_met = (row["value"] <= row["target"] if row["aim"] == "at_most"
                  else row["value"] >= row["target"])
        assert row["met"] is is_met, row
    assert all(set(row) == {"part", "job", "value", "unit"} for row in document["rows"]
               if "target" not in row)


def test_the_same_rows_are_on_the_screen_in_json_and_in_the_document(answer):
    text, document, markdown = answer
    for row in document["rows"]:
        assert row["job"] in text
        assert f"| {row['part']} | {row['job']} | " in markdown
    for line in document["circumstances"]:
        assert line in text and f"- {line}" in markdown


def test_all_else_of_the_document_stays(answer):
    _, _, markdown = answer
    head, rest = markdown.split(BEGIN)
    assert head == "# Figures\n\n"
    assert rest.split(END)[1] == "\n\nbelow\n"
    assert "renewed" not in markdown


def test_one_part_alone(scenario, tmp_path):
    succeed("bench", scenario, "--rounds", 1, "--only", "plans", "-o", tmp_path / "b.json")
    document = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert {row["part"] for row in document["rows"]} == {"store", "plans"}


def test_a_document_without_marks_is_left_alone(scenario, tmp_path):
    document = tmp_path / "figures.md"
    document.write_text(f"{BEGIN}no end\n", encoding="utf-8")
    done = muster("bench", scenario, "--rounds", 1, "--only", "plans", "--markdown", document)
    assert done.returncode == 3
    assert "figures.md has no place for the table" in done.stderr
    assert document.read_text(encoding="utf-8") == f"{BEGIN}no end\n"


def test_roads_without_incidents_say_what_is_missing(village):
    refuse(3, "bench", village, words=["village"])


def test_wrong_options_are_named(scenario, tmp_path):
    refuse(2, "bench", words=["STORE"])
    refuse(2, "bench", scenario, "--only", "stores", words=["--only", "stores", "roads, plans, live or http"])
    refuse(2, "bench", scenario, "--rounds", 0, words=["--rounds", "0"])
    refuse(4, "bench", scenario, "--folder", tmp_path / "nowhere", words=["nowhere"])
    refuse(3, "bench", scenario, "--scenario", "typhoon-9", words=["typhoon-9"])
