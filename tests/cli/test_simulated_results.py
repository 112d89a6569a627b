"""What `muster simulate` writes is what `muster compare` and `muster report` read: a day in a small town, from its
scenario file to the page in a browser.

Needs MUSTER_COMMAND, Chromium and its driver.
"""

import json
import os
import subprocess

import pytest

pytest.importorskip("selenium.webdriver")
import browser as chromium  # noqa: E402
import small_results  # noqa: E402
import small_town_file  # noqa: E402

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")


def run(*words):
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=True)


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory):
    town = small_town_file.write(tmp_path_factory.mktemp("town"))
    run("simulate", town, "-n", 7, "-o", town.parent / "results")
    return town.parent / "results"


def test_the_tables_have_the_columns_that_the_generator_of_tests_writes(folder):
    """What the other tests of compare and report stand on is true to the real thing."""
    for table, columns in small_results.COLUMNS.items():
        with open(folder / f"{table}.csv", encoding="utf-8") as file:
            real = file.readline().strip().split(",")
        extra = {"plans": {"plan_ms"}}.get(table, set())
        assert set(columns.split(",")) - extra <= set(real), table


def test_policies_are_compared(folder):
    answer = json.loads(run("compare", folder, "--json").stdout)
    assert answer["replications"] == 7 and answer["seed"] == 5
    incidents = {(row["replication"], row["incident"]) for row in small_results.read(folder, "incidents")}
    assert sum(group["count"] for group in answer["severity"]) == len(incidents)
    assert all(m["count"] == 7 for m in answer["measures"] if m["name"] in ("need_met", "distance", "unreached"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_opens_without_complaint_and_everything_is_on_it(folder, language):
    page = folder / f"{language}.html"
    assert run("report", folder, "-o", page, "--lang", language).stderr == ""  # the store is found
    browser = chromium.open_browser()
    try:
        browser.get(page.as_uri())
        assert chromium.fetched(browser) == [page.as_uri()]
        rows = [row for row in small_results.read(folder, "orders") if row["policy"] == "muster" and
                row["replication"] == "0" and row["departed_ms"] and row["resource"] != "item"]
        counts = browser.execute_script(
            "return {units: busiestUnits().length, roads: Object.keys(roads).length, hazards: hazards.length,"
            " moves: movesOf[1].length, moments: worstMoments().length}")
        assert counts["units"] == len({(row["resource"], row["unit"]) for row in rows})
        assert counts["roads"] == 2 and counts["hazards"] >= 2  # primary and tertiary; the pond in two stages
        assert counts["moves"] == sum(row["policy"] == "muster" for row in small_results.read(folder, "moves"))
        assert counts["moments"] == len({row["time_ms"] for row in small_results.read(folder, "explanations")
                                         if row["policy"] == "muster"})
        assert browser.execute_script("return clock(0) + ' ' + zone") == "08-01 08:00 UTC+08:00"  # as the file has it
        told = browser.execute_script("return document.getElementById('worst').textContent")
        for row in small_results.read(folder, "explanations"):
            assert row["policy"] != "muster" or row[f"text_{language}"] in told
        for ms in range(0, 6 * 3_600_000, 1_800_000):
            browser.execute_script("setTime(arguments[0])", ms)
        assert chromium.complaints(browser) == []
    finally:
        browser.quit()


def test_it_is_exported(folder):
    run("report", folder, "--export", folder / "e.gpkg", "--export", folder / "e.csv")
    assert (folder / "e.gpkg").stat().st_size > 10_000
    assert len((folder / "e.csv").read_text(encoding="utf-8").splitlines()) == 1 + 2 * 7
