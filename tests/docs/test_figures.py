"""What is said in two places is the same in both: figures of the front pages and those that were measured, versions,
and files that ARCHITECTURE.md speaks of."""

import os
import pathlib
import re
import subprocess

import pytest

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])
BENCHMARKS = (SOURCE / "docs/benchmarks.md").read_text()
IN_SHORT = BENCHMARKS.split("## In short")[1].split("\n## ")[0]


def measured(job):
    """The value of a job of the table that `muster bench --markdown` writes."""
    table = BENCHMARKS.split("<!-- muster bench: begin -->")[1].split("<!-- muster bench: end -->")[0]
    found = re.findall(rf"^\| \w+ \| {re.escape(job)} \| ([\d.,]+) \|", table, re.M)
    assert len(found) == 1, job
    return float(found[0].replace(",", ""))


@pytest.mark.parametrize("place, said", [
    ("README.md", r"first plan is there after \*\*(\d+) ms\*\*"),
    ("docs/index.md", r"a first plan for 100 incidents, travel times included \| (\d+) ms"),
    ("docs/benchmarks.md", r"travel times included \| (\d+) ms for 100 incidents"),
])
def test_the_first_plan_is_as_soon_as_the_newest_table_says(place, said):
    assert int(re.search(said, (SOURCE / place).read_text())[1]) == round(measured("the first plan of the scenario"))


def test_the_gap_of_the_front_page_holds():
    text = (SOURCE / "README.md").read_text()
    assert measured("unmet need above its bound after 1 s") == 0 and "proven to be the least possible" in text
    most = float(re.search(r"response times within ([\d.]+) % of the best", text)[1])
    assert most - 0.2 <= measured("response time above its bound after 1 s") <= most


def missed():
    """Jobs of the tables of targets that have a miss."""
    tables = [BENCHMARKS.split(f"<!-- {mark}: begin -->")[1].split(f"<!-- {mark}: end -->")[0]
              for mark in ("targets", "plan-targets")]
    return {line.split("|")[1].strip() for table in tables for line in table.splitlines() if "**missed**" in line}


# What the summary calls them.
SUMMARY = {
    "full customization": "customization of the home network",
    "full customization, 2 threads": "on two threads",
    "flood of 1 % of arcs": "a flood of 1 %",
    "one place to one place": "one place to one place, on the province",
    "table 50 x 200": "tables of 50 x 200",
    "flood, then 50 x 200": "a flood, then such a table",
    "peak of the process, MB": "memory of the province",
    "resident afterwards, MB": "memory of the province",
    "300 incidents, demand above supply": "response time of 300 incidents",
    "people-10": "ten incidents that ask for people",
}


def test_what_is_missed_is_said_first():
    assert missed() - set(SUMMARY) == set()  # a new miss: say it in the summary, too
    assert [job for job in missed() if SUMMARY[job] not in IN_SHORT] == []


def test_the_version_of_the_tables_counts_the_migrations():
    listed = re.findall(r'^    \{"[\w.]+", mu_\w+_sql\},', (SOURCE / "gis/migrations.c").read_text(), re.M)
    assert f"Schema version: {len(listed)}, which counts both" in (SOURCE / "docs/schema.md").read_text()
    assert f"schema version {len(listed)} made" in (SOURCE / "docs/database.md").read_text()


def test_every_file_that_the_architecture_names_is_there():
    named = set(re.findall(r"`([\w/]+\.(?:c|h|cpp|py|sql|md|js))`", (SOURCE / "ARCHITECTURE.md").read_text()))
    files = [path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.*")
             if not path.relative_to(SOURCE).parts[0].startswith((".", "build"))]
    assert len(named) > 200
    assert [name for name in sorted(named) if not any(f"/{path}".endswith(f"/{name}") for path in files)] == []


def test_no_mark_of_a_merge_is_left():
    if not (SOURCE / ".git").exists():
        pytest.skip("no repository")
    found = subprocess.run(["git", "grep", "-nE", r"^(<{7}|[|]{7}|>{7})( |$)"], cwd=SOURCE, capture_output=True,
                           text=True)
    assert found.returncode == 1, found.stdout + found.stderr
