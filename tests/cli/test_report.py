"""The report of `muster plan` in a real browser, from a file, without a network.

Needs MUSTER_COMMAND, Chromium and its driver; MUSTER_SCENARIO is the file to plan, a small
one of our own if unset. Screenshots go to MUSTER_SCREENSHOTS, if set.
"""

import base64
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import time

import pytest

pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

ROOT = pathlib.Path(os.environ.get("MUSTER_SOURCE", pathlib.Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "tests/support"))
from browser import complaints, fetched, open_browser, set_window  # noqa: E402
import small_scenario  # noqa: E402

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
MAX_OPENING_S = 3
MAX_BYTES = 12_000_000


def plan(scenario, folder, options=()):
    subprocess.run([COMMAND, "plan", scenario, "-o", folder / "plan.json", "--report",
                    folder / "report.html", *options], check=True, capture_output=True)
    return json.loads((folder / "plan.json").read_text(encoding="utf-8")), folder / "report.html"


class Page:
    def __init__(self, scenario, folder, options=(), **window):
        self.scenario = scenario
        self.plan, self.path = plan(scenario, folder, options)
        self.browser = open_browser(**window)
        start = time.monotonic()
        self.browser.get(self.path.as_uri())
        self.opening_s = time.monotonic() - start

    def find(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def text(self, css):
        return self.find(css)[0].get_attribute("textContent")

    def screenshot(self, name):
        if "MUSTER_SCREENSHOTS" in os.environ:
            folder = pathlib.Path(os.environ["MUSTER_SCREENSHOTS"])
            folder.mkdir(parents=True, exist_ok=True)
            self.browser.save_screenshot(str(folder / f"{name}.png"))

    def busiest(self):
        """The incident to which most assignments go."""
        going = [a["incident"] for a in self.plan["assignments"]]
        return max(sorted(set(going)), key=going.count)


@pytest.fixture(scope="module", name="page")
def fixture_page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    given = os.environ.get("MUSTER_SCENARIO")
    page = Page(pathlib.Path(given) if given else small_scenario.write(folder / "s.gpkg"), folder)
    yield page
    page.browser.quit()


@pytest.fixture(name="fresh")
def fixture_fresh(page):
    """The same page, loaded again."""
    page.browser.get(page.path.as_uri())
    return page


# ---- the page as a file ---------------------------------------------------------------------


def test_it_opens_fast_and_alone(page):
    assert page.path.stat().st_size < MAX_BYTES
    assert page.opening_s < MAX_OPENING_S
    assert fetched(page.browser) == [page.path.as_uri()]
    assert complaints(page.browser) == []
    page.screenshot("report-light")


def test_names_cannot_become_markup(tmp_path):
    """A name that closes elements, comments and lines stays a name."""
    evil = ("</script><script>document.title='owned'</script><!-- \u2028\u2029 "
            "<img src=x onerror=alert(1)>")
    scenario = small_scenario.write(tmp_path / "evil.gpkg")
    db = sqlite3.connect(scenario)
    for table in ("scenario", "incident", "team", "kind", "warehouse"):
        db.execute(f"UPDATE {table} SET name = ?", (evil,))
    db.commit()
    db.close()
    page = Page(scenario, tmp_path)
    try:
        source = page.path.read_text(encoding="utf-8")
        assert source.count("</script>") == 3 and "\u2028" not in source.split("<script", 1)[1]
        assert page.browser.title.endswith(": dispatch plan")
        page.find("#incident-table button.open")[0].click()
        assert evil in page.text("#panel h2")
        assert page.find("img") == []
        assert complaints(page.browser) == []
    finally:
        page.browser.quit()


def decode(text):
    """The lines of cli/polyline.c, as lists of (lon, lat) in steps of 1e-5 degrees."""
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    lines, lon, lat, at = [], 0, 0, 0
    while at < len(numbers):
        line, end = [], at + 1 + 2 * numbers[at]
        for i in range(at + 1, end, 2):
            lon += numbers[i] >> 1 ^ -(numbers[i] & 1)
            lat += numbers[i + 1] >> 1 ^ -(numbers[i + 1] & 1)
            line.append((lon, lat))
        lines.append(line)
        at = end
    return lines


def data_of(path):
    source = path.read_text(encoding="utf-8")
    return json.loads(source.split('id="data">', 1)[1].split("</script>", 1)[0])


def test_the_roads_on_the_map_are_those_of_the_file(page):
    data = data_of(page.path)
    db = sqlite3.connect(page.scenario)
    node = {key: struct.unpack_from("<dd", geom, len(geom) - 16)
            for key, geom in db.execute("SELECT id, geom FROM node")}
    for road_class, in db.execute("SELECT DISTINCT class FROM edge"):
        edges = db.execute("SELECT source, target FROM edge WHERE class = ? ORDER BY id",
                           (road_class,))
        for ends, line in zip(edges, decode(data["roads"][road_class]), strict=True):
            for key, point in zip(ends, (line[0], line[-1])):
                assert point == pytest.approx([1e5 * c for c in node[key]], abs=0.51)
    assert len(decode(data["routes"]["lines"])) == 1 + max(data["routes"]["of_assignment"])


def steps(street, avenue):
    return pytest.approx([1e5 * c for c in small_scenario.place(street, avenue)], abs=0.51)


def test_water_and_floods_on_the_map_are_those_of_the_file(tmp_path):
    scenario = small_scenario.write(tmp_path / "s.gpkg")
    db = sqlite3.connect(scenario)
    small_scenario.write_scenario(db, "other", "Another")  # whose floods are not shown
    small_scenario.write_water(db, "other")
    db.execute("UPDATE scenario SET is_default = code = 'flood'")
    db.commit()
    db.close()
    water = data_of(plan(scenario, tmp_path)[1])["water"]
    width, *ends = small_scenario.CANAL
    assert [way["width_m"] for way in water["ways"]] == [width]
    canals = decode(water["ways"][0]["lines"])
    assert len(canals) == 2 and canals[0] == canals[1]  # water is every scenario's
    assert canals[0][0] == steps(*ends[:2]) and canals[0][-1] == steps(*ends[2:])
    assert water["areas"]["rings"] == [2, 2]
    for ring, (south, west, north, east) in zip(decode(water["areas"]["lines"]),
                                                small_scenario.LAKE * 2, strict=True):
        assert len(ring) == 5 and ring[0] == ring[-1]
        assert any(corner == steps(south, west) for corner in ring)
        assert any(corner == steps(north, east) for corner in ring)
    assert water["floods"]["depth_m"] == [depth for depth, _ in small_scenario.FLOODS]
    assert len(decode(water["floods"]["lines"])) == len(small_scenario.FLOODS)


def test_wrong_water_is_named(tmp_path):
    scenario = small_scenario.write(tmp_path / "s.gpkg")
    db = sqlite3.connect(scenario)
    db.execute("UPDATE water_area SET geom = substr(geom, 1, 60)")
    db.commit()
    db.close()
    result = subprocess.run([COMMAND, "plan", scenario, "--report", tmp_path / "report.html"],
                            capture_output=True, text=True, check=False)
    assert result.returncode == 3
    assert "table water_area, row fid 1, column geom: ring 0 ends after" in result.stderr
    assert not (tmp_path / "report.html").exists()


# ---- what it shows --------------------------------------------------------------------------


def test_the_map_is_drawn(fresh):
    canvases = fresh.find("#map canvas")
    assert len(canvases) == 2  # water and roads, routes
    drawn = fresh.browser.execute_script(
        "return arguments[0].map(c => c.getContext('2d').getImageData(0, 0, c.width, c.height)"
        ".data.filter((_, i) => i % 4 == 3).reduce((n, alpha) => n + (alpha > 0), 0))", canvases)
    assert all(pixels > 500 for pixels in drawn), drawn
    assert len(fresh.find("#map path.leaflet-interactive")) == len(fresh.plan["incidents"])


def test_an_incident_at_nobody_knows_where_does_not_shrink_the_map(tmp_path):
    scenario = small_scenario.write(tmp_path / "s.gpkg")
    with sqlite3.connect(scenario) as db:
        (code, geom), = db.execute("SELECT code, geom FROM incident WHERE scenario = 'flood' LIMIT 1").fetchall()
        db.execute("UPDATE incident SET geom = ? WHERE code = ?", (geom[:-16] + struct.pack("<dd", 0, 0), code))
    page = Page(scenario, tmp_path)
    try:
        inside = page.browser.execute_script(
            "return incidents.map(({ lat_deg, lon_deg }) => map.getBounds().contains([lat_deg, lon_deg]))")
        assert inside.count(False) == 1
        assert page.browser.execute_script("return map.getZoom()") > 10
    finally:
        page.browser.quit()


def color_at(page, street, avenue):
    """The pixel of the canvas under the routes; transparent is (0, 0, 0, 0)."""
    lon, lat = small_scenario.place(street, avenue)
    return page.browser.execute_script(
        "const at = map.latLngToContainerPoint([arguments[1], arguments[0]]);"
        "const frame = document.getElementById('map').getBoundingClientRect();"
        "const canvas = document.querySelector('#map canvas'), box = canvas.getBoundingClientRect();"
        "return [...canvas.getContext('2d').getImageData(at.x + frame.x - box.x,"
        "  at.y + frame.y - box.y, 1, 1).data]", lon, lat)


def test_water_and_floods_lie_under_the_roads(tmp_path):
    page = Page(small_scenario.write(tmp_path / "s.gpkg"), tmp_path)
    try:
        hexadecimal = page.browser.execute_script(
            "return getComputedStyle(document.documentElement).getPropertyValue('--water')").strip()
        water = [*bytes.fromhex(hexadecimal[1:]), 255]
        south, west, _, _ = small_scenario.LAKE[0]
        assert color_at(page, south + 0.3, west + 0.3) == water
        assert color_at(page, 5.9, 8.1)[3] == 0  # the island
        _, street, avenue, *_ = small_scenario.CANAL
        assert color_at(page, street + 8.4, avenue) == water
        shallow, deep = color_at(page, 0.7, 0.7)[3], color_at(page, 2.4, 3.3)[3]
        assert 0 < shallow < deep < 255
        assert "water" in page.text("#legend") and "flood" in page.text("#legend")
        page.screenshot("report-water")
    finally:
        page.browser.quit()


# What holds on the second of August, each between the roads: south-west and north-east.
HAZARDS = {
    "flood": ((8.2, 0.2, 8.8, 0.8), {"depth_m": 0.8, "name": "南湖积水 <b>", "ends_at": "2026-08-02T20:30:00Z"}),
    "wind": ((8.2, 2.2, 8.8, 2.8), {"wind_force": 9, "severity": "severe"}),
    "plume": ((8.2, 4.2, 8.8, 4.8), {}),
    "closure": ((10.2, 4.2, 10.8, 4.8), {"code": "Cordon 7"}),
    "alert": ((10.2, 0.2, 10.8, 0.8), {}),
}
MOMENT = "2026-08-02T13:00:00Z"


def write_hazards(folder):
    """The hazards as GeoJSON, and a scenario with closed roads: what --hazards and --at are told."""
    def feature(kind, south, west, north, east, properties):
        (w, s), (e, n) = small_scenario.place(south, west), small_scenario.place(north, east)
        return {"type": "Feature", "properties": {"kind": kind, "code": f"{kind} 1", **properties},
                "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}}
    path = folder / "hazards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        feature(kind, *box, properties) for kind, (box, properties) in HAZARDS.items()]}), encoding="utf-8")
    scenario = small_scenario.write(folder / "s.gpkg")
    with sqlite3.connect(scenario) as db:
        db.execute("DELETE FROM hazard WHERE depth_m < 1")
        db.executemany("INSERT INTO closure (scenario, code, edge, geom) VALUES ('flood', ?, ?, ?)", [
            ("edge", 30, None), ("point", None, small_scenario.point_blob(*small_scenario.place(7, 10.5))),
            ("line", None, small_scenario.line_blob([small_scenario.place(6.5, 9.5),
                                                     small_scenario.place(6.5, 10.5)]))])
    return scenario, ["--hazards", scenario, "--hazards", path, "--at", MOMENT]


def test_the_hazards_that_the_plan_heeds_are_on_the_map(tmp_path):
    scenario, options = write_hazards(tmp_path)
    data = data_of(plan(scenario, tmp_path, options)[1])
    assert data["water"]["floods"]["rings"] == []  # those are among the others
    hazards = {hazard["code"]: hazard for hazard in data["hazards"]}
    assert list(hazards) == ["flood/2", "edge", "point", "line", "flood 1", "wind 1", "plume 1", "Cordon 7",
                             "alert 1"]
    assert hazards["flood/2"]["depth_m"] == 1.5 and hazards["flood 1"]["depth_m"] == 0.8
    assert hazards["flood 1"]["starts_at"] is None
    assert hazards["flood 1"]["ends_at"] == "2026-08-02T20:30:00Z"
    south, west, north, east = HAZARDS["wind"][0]
    ring, = decode(hazards["wind 1"]["areas"])
    assert any(corner == steps(south, west) for corner in ring)
    assert any(corner == steps(north, east) for corner in ring)
    assert hazards["wind 1"]["rings"] == [1] and hazards["wind 1"]["wind_force"] == 9
    assert hazards["line"]["rings"] == [] and decode(hazards["line"]["lines"])[0][0] == steps(6.5, 9.5)
    edge, = decode(hazards["edge"]["lines"])
    with sqlite3.connect(scenario) as db:
        ends = db.execute("SELECT source, target FROM edge WHERE id = 30").fetchone()
    for at, node in zip(edge, ends):
        street, avenue = divmod(node - 1, 12)
        assert at == pytest.approx([1e5 * (small_scenario.LON + avenue * small_scenario.STEP_LON),
                                    1e5 * (small_scenario.LAT + street * small_scenario.STEP_LAT)], abs=0.51)
    assert hazards["point"]["points"] == [pytest.approx(small_scenario.place(7, 10.5))]
    assert data_of(plan(scenario, tmp_path)[1])["hazards"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hazards_are_drawn_named_and_told_apart(tmp_path, scheme):
    scenario, options = write_hazards(tmp_path)
    page = Page(scenario, tmp_path, options, scheme=scheme)
    try:
        assert complaints(page.browser) == []
        for word in ("flood", "wind", "plume", "closed", "alert", "closed road"):
            assert word in page.text("#legend")
        assert len(page.find("#legend .square")) == 1 + 6

        def pixels(south, west, north, east):
            """Those of the area, as (red, green, blue, alpha)."""
            return {tuple(color_at(page, south + (north - south) * i / 23, west + (east - west) * j / 23))
                    for i in range(4, 20) for j in range(4, 20)}
        looks = {kind: pixels(*box) for kind, (box, _) in HAZARDS.items()}
        assert pixels(4.2, 10.2, 4.8, 10.8) == {(0, 0, 0, 0)}  # between the roads
        for kind in ("flood", "wind", "plume", "closure"):
            assert looks[kind] != {(0, 0, 0, 0)}, kind
        assert looks["alert"] == {(0, 0, 0, 0)}  # an outline alone
        assert color_at(page, 7, 10.5)[3] > 200  # the sign at the point

        def tooltip(code):
            shape, = page.find(f'#map path[data-hazard="{code}"]')
            page.browser.execute_script(
                "const box = arguments[0].getBoundingClientRect();"
                "for (const tip of document.querySelectorAll('.leaflet-tooltip')) tip.remove();"
                "for (const name of ['mouseover', 'mousemove']) arguments[0].dispatchEvent(new MouseEvent(name,"
                "  {bubbles: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2}));", shape)
            return page.text(".leaflet-tooltip")
        assert tooltip("wind 1") == "wind 1wind, severe, force 9"
        assert tooltip("Cordon 7") == "Cordon 7closed"
        assert tooltip("edge") == "edgeclosed"
        assert tooltip("flood/2").startswith("flood/2flood, 1.50 m deepfrom 2026-08-01 16:00 until 2026-08-03")
        assert tooltip("flood 1") == "南湖积水 <b>flood, 0.80 m deepuntil 2026-08-02 20:30 UTC"
        page.screenshot(f"report-hazards-{scheme}")
    finally:
        page.browser.quit()


def test_a_file_without_water_makes_a_page_all_the_same(tmp_path):
    scenario = small_scenario.write(tmp_path / "dry.gpkg")
    db = sqlite3.connect(scenario)
    db.executescript("DROP TABLE waterway; DROP TABLE water_area; DROP TABLE hazard")
    db.close()
    page = Page(scenario, tmp_path)
    try:
        assert complaints(page.browser) == []
        assert page.find("#legend .square") == []
    finally:
        page.browser.quit()


def test_tables_have_a_row_for_everything(fresh):
    assert len(fresh.find("#incident-table tbody tr")) == len(fresh.plan["incidents"])
    assert len(fresh.find("#unmet-table tbody tr")) == len(fresh.plan["unmet"])
    met = sum(i["state"] == "met" for i in fresh.plan["incidents"])
    assert f"{met} of {len(fresh.plan['incidents'])}" in fresh.text("#figures")


def test_charts_count_every_arrival(fresh):
    titles = [t.get_attribute("textContent") for t in fresh.find("#histogram rect title")]
    assert sum(int(text.split()[0]) for text in titles) == len(fresh.plan["assignments"])
    severity = {i["incident"]: i["severity"] for i in fresh.plan["incidents"]}
    arriving = {severity[a["incident"]] for a in fresh.plan["assignments"]}
    assert len(fresh.find("#cumulative path")) == len(arriving)


def assert_shows(page, incident):
    going = [a for a in page.plan["assignments"] if a["incident"] == incident]
    assert len(page.find("#panel .assignments li")) == len(going)
    panel = page.text("#panel")
    assert all((a["name"] or a["code"]) in panel for a in going)
    for unmet in (u for u in page.plan["unmet"] if u["incident"] == incident):
        assert f"{unmet['quantity']:,} missing" in panel


def test_choosing_an_incident_in_the_table_shows_who_goes_there(fresh):
    incident = fresh.busiest()
    row = fresh.find(f"tr[data-incident='{incident}']")[0]
    button = row.find_element(By.CSS_SELECTOR, "button.open")
    fresh.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    before = fresh.browser.get_screenshot_as_png()
    button.send_keys(Keys.ENTER)  # the keyboard will do
    time.sleep(0.5)
    assert_shows(fresh, incident)
    assert "selected" in row.get_attribute("class")
    assert fresh.browser.get_screenshot_as_png() != before
    fresh.browser.execute_script("scrollTo(0, 0)")
    fresh.screenshot("report-incident")
    fresh.browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    assert fresh.find("#panel .assignments") == []


def test_clicking_an_incident_on_the_map_shows_who_goes_there(fresh):
    incident = fresh.busiest()
    fresh.browser.execute_script(
        "const disc = document.querySelector(`path[data-incident='${arguments[0]}']`);"
        "const box = disc.getBoundingClientRect(), at = {bubbles: true, view: window,"
        "  clientX: box.x + box.width / 2, clientY: box.y + box.height / 2};"
        "for (const type of ['mousedown', 'mouseup', 'click'])"
        "  disc.dispatchEvent(new MouseEvent(type, at));", incident)
    assert_shows(fresh, incident)


def test_search_and_sorting(fresh):
    search, rows = fresh.find("#search")[0], fresh.find("#incident-table tbody tr")
    code = fresh.busiest()
    names = {i["incident"]: i["name"] or i["incident"] for i in fresh.plan["incidents"]}
    search.send_keys(names[code].split()[0])
    shown = [row for row in rows if row.is_displayed()]
    assert 1 <= len(shown) <= len(rows)
    assert code in [row.get_attribute("data-incident") for row in shown]
    search.send_keys("no such thing")
    assert not any(row.is_displayed() for row in rows)
    assert fresh.text("#incident-count") == f"0 of {len(rows)}"
    search.clear()
    search.send_keys(" ")
    headers = fresh.find("#incident-table thead button")
    header = next(button for button in headers if button.text.startswith("First"))
    for order, sign in (("ascending", 1), ("descending", -1)):
        header.click()
        assert header.find_element(By.XPATH, "..").get_attribute("aria-sort") == order
        codes = [r.get_attribute("data-incident") for r in fresh.find("#incident-table tbody tr")]
        eta = {}
        for a in fresh.plan["assignments"]:
            eta[a["incident"]] = min(eta.get(a["incident"], 1e9), a["eta_s"])
        times = [sign * eta[code] for code in codes if code in eta]
        assert times == sorted(times)
        assert all(code in eta for code in codes[:len(times)])  # the others come last


# ---- what it changes of an earlier plan -----------------------------------------------------


def changed_page(folder, *options):
    """I3 is closed, T3 is lost, and I2 asks for more."""
    before = small_scenario.write(folder / "before.gpkg")
    plan(before, folder)
    earlier, now = folder / "earlier.json", folder / "now.gpkg"
    (folder / "plan.json").rename(earlier)
    shutil.copy(before, now)
    with sqlite3.connect(now) as db:
        db.executescript("DELETE FROM need WHERE incident = 'I3'; DELETE FROM incident WHERE code = 'I3';"
                         "UPDATE team SET available = 0 WHERE code = 'T3';"
                         "UPDATE need SET quantity = 30 WHERE incident = 'I2' AND kind = 'medical'")
    db.close()
    return Page(now, folder, ["--after", earlier, "--was", before, *options])


@pytest.fixture(scope="module", name="changed")
def fixture_changed(tmp_path_factory):
    page = changed_page(tmp_path_factory.mktemp("changed"))
    yield page
    page.browser.quit()


@pytest.fixture(scope="module", name="chinese_changed")
def fixture_chinese_changed(tmp_path_factory):
    page = changed_page(tmp_path_factory.mktemp("chinese-changed"), "--lang", "zh")
    yield page
    page.browser.quit()


def cells(page):
    return page.browser.execute_script(
        "return [...document.querySelectorAll('#change-table tbody tr')].map("
        "  line => [...line.cells].map(cell => cell.textContent))")


NAMES = {row[0]: row[1] for rows in (small_scenario.TEAMS, small_scenario.VEHICLES, small_scenario.MACHINES,
                                     small_scenario.WAREHOUSES) for row in rows}
INCIDENT_NAMES = {row[0]: row[1] or row[0] for row in small_scenario.INCIDENTS}


def expected_cells(page, nowhere, none, minute):
    """A row as the plan has it, but for the amounts: unit, from, to, arrivals, sentence."""
    for change in page.plan["changes"]:
        sides = [change["before"], change["now"]]
        yield [NAMES[change["code"]] + change["code"],
               *(INCIDENT_NAMES[side["incident"]] if side else nowhere for side in sides),
               *(f"{side['eta_s'] / 60:.1f} {minute}" if side else none for side in sides), change["text"]]


@pytest.mark.parametrize("which, words", [
    ("changed", ("nowhere", "none", "min")),
    ("chinese_changed", ("无", "无", "分钟")),
])
def test_what_changes_is_listed_with_names_arrivals_and_why(which, words, request):
    page = request.getfixturevalue(which)
    shown, expected = cells(page), list(expected_cells(page, *words))
    reasons = {change["reason"] for change in page.plan["changes"]}
    assert len(shown) == len(expected) and {"incident_closed", "unit_lost"} <= reasons
    for row, wanted, change in zip(shown, expected, page.plan["changes"]):
        assert [row[0], *row[3:]] == [wanted[0], *wanted[3:]]
        for cell, incident, side in zip(row[1:3], wanted[1:3], ("before", "now")):
            assert cell.startswith(incident)
            assert not change[side] or str(f"{change[side]['quantity']:,}") in cell[len(incident):]
    assert page.text("#change-count") == str(len(expected))
    assert complaints(page.browser) == []
    page.screenshot(f"report-{which}")


def test_what_changes_comes_before_the_map(changed):
    assert changed.browser.execute_script(
        "const list = document.getElementById('changes-block'), map = document.getElementById('map');"
        "return list.getBoundingClientRect().bottom <= map.getBoundingClientRect().top")


def test_the_incident_of_a_change_can_be_opened(changed):
    button = changed.find("#change-table button.open")[0]
    button.click()
    try:
        assert changed.text("#panel h2") == button.text
    finally:
        changed.browser.execute_script("select(null)")


def test_changes_sort_by_arrival_with_those_that_have_none_last(changed):
    header = next(b for b in changed.find("#change-table thead button") if b.text.startswith("Arrival now"))
    header.click()
    at = [row[4] for row in cells(changed)]
    times = [float(text.split()[0]) for text in at if text != "none"]
    assert "none" in at and times == sorted(times) and at[len(times):] == ["none"] * (len(at) - len(times))
    changed.find("#change-table thead button")[0].click()
    assert [row[5] for row in cells(changed)] == [change["text"] for change in changed.plan["changes"]]


def test_a_long_list_of_changes_scrolls_and_is_whole_on_paper(changed):
    heights = "const list = document.querySelector('#changes-block .scroller');" \
              "return [list.clientHeight, list.scrollHeight, list.querySelectorAll('tbody tr').length]"
    body = "document.querySelector('#change-table tbody')"
    changed.browser.execute_script(
        f"const rows = [...{body}.rows]; for (let i = 0; i < 20; ++i)"
        f"  {body}.append(...rows.map(row => row.cloneNode(true)))")
    try:
        seen, whole, count = changed.browser.execute_script(heights)
        assert count > 100 and seen <= 450 < whole
        changed.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        seen, whole, _ = changed.browser.execute_script(heights)
        assert seen == whole
    finally:
        changed.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        changed.browser.get(changed.path.as_uri())


@pytest.mark.parametrize("which", ["changed", "chinese_changed"])
@pytest.mark.parametrize("width", [320, 820])
def test_changes_are_read_without_scrolling_sideways(which, width, request):
    page = request.getfixturevalue(which)
    set_window(page.browser, width=width, height=860)
    try:
        shown, whole = page.browser.execute_script(
            "const list = document.querySelector('#changes-block .scroller');"
            "list.scrollIntoView(); return [list.clientWidth, list.scrollWidth]")
        assert whole <= shown
        page.screenshot(f"report-{which}-{width}")
    finally:
        set_window(page.browser)
        page.browser.execute_script("scrollTo(0, 0)")


def test_in_chinese_no_change_is_left_in_english(chinese_changed):
    assert chinese_changed.text("#changes") == "与上一计划相比的变化"
    text = chinese_changed.text("#changes-block")
    for one in {*NAMES.values(), *INCIDENT_NAMES.values()}:  # of what is gone, the plan has no names
        text = text.replace(one, "")
    assert_no_english(chinese_changed, text)


def test_without_an_earlier_plan_no_changes_are_spoken_of(page):
    assert page.find("#changes-block") == []


@pytest.mark.parametrize("language, words", [("en", "Nothing changes."), ("zh", "没有变化。")])
def test_that_nothing_changes_is_said(tmp_path, language, words):
    scenario = small_scenario.write(tmp_path / "s.gpkg")
    plan(scenario, tmp_path)
    earlier = (tmp_path / "plan.json").rename(tmp_path / "earlier.json")
    page = Page(scenario, tmp_path, ["--after", earlier, "--lang", language])
    try:
        assert page.plan["changes"] == []
        assert page.text("#change-count") == words
        assert page.find("#changes-block .scroller") == []
        assert complaints(page.browser) == []
    finally:
        page.browser.quit()


# ---- everywhere -----------------------------------------------------------------------------


@pytest.mark.parametrize("name, window", [
    ("report-dark", {"scheme": "dark"}),
    ("report-mobile", {"width": 400, "height": 860}),
    ("report-tablet", {"width": 820, "height": 1100}),
    ("report-zh-mobile", {"width": 400, "height": 860}),
    ("report-changed-mobile", {"width": 400, "height": 860}),
    ("report-changed-tablet", {"width": 820, "height": 1100}),
])
def test_it_fits_the_window_and_the_scheme(name, window, request):
    page = request.getfixturevalue(
        "chinese" if "-zh-" in name else "changed" if "-changed-" in name else "page")
    browser = open_browser(**window)
    try:
        browser.get(page.path.as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") \
            <= window.get("width", 1400)
        background = browser.execute_script(
            "return getComputedStyle(document.body).backgroundColor")
        brightness = sum(map(int, background[4:-1].split(",")))
        assert (brightness < 384) == (window.get("scheme") == "dark")
        assert complaints(browser) == []
        heights = browser.execute_script(
            "return [...document.querySelectorAll('.block:not(#changes-block) .scroller tbody tr')]"
            ".map(r => r.offsetHeight)")
        assert max(heights) < 90  # no column of single words
        other = Page.__new__(Page)
        other.browser = browser
        other.screenshot(name)
    finally:
        browser.quit()


def pdf_of(browser):
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    return base64.b64decode(pdf["data"])


def test_it_prints(fresh):
    pdf = pdf_of(fresh.browser)
    assert len(pdf) > 10_000
    assert b"/TR " not in pdf  # an inverted mask: something wiped the paper under it
    assert complaints(fresh.browser) == []


MAP = """const box = document.getElementById("map").getBoundingClientRect(), {x, y} = map.getSize();
    const inside = (box) => box.isValid() && map.getBounds().contains(box);
    return {laid_out: [box.width, box.height], drawn: [x, y], zoom: map.getZoom(),
            center: [map.getCenter().lat, map.getCenter().lng], shows_all: inside(everything())};"""


def test_on_paper_the_map_is_laid_out_as_it_is_drawn(page):
    """The page is laid out for paper after it was told; the map must not notice."""
    browser = open_browser(scheme="dark")
    try:
        browser.get(page.path.as_uri())
        before = browser.execute_script(MAP)
        assert before["shows_all"] and before["drawn"] == pytest.approx(before["laid_out"], abs=1)
        browser.execute_script("dispatchEvent(new Event('beforeprint'))")
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        on_paper = browser.execute_script(MAP)
        assert on_paper["drawn"] != before["drawn"]
        assert on_paper["drawn"] == pytest.approx(on_paper["laid_out"], abs=1)
        assert on_paper["shows_all"]
        assert browser.execute_script("return colors.ground") == "#ffffff"
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": [
            {"name": "prefers-color-scheme", "value": "dark"}]})
        browser.execute_script("dispatchEvent(new Event('afterprint'))")
        assert browser.execute_script(MAP) == before
        assert browser.execute_script("return colors.ground") != "#ffffff"
    finally:
        browser.quit()


def test_a_plan_without_incidents_makes_a_page_all_the_same(tmp_path):
    scenario = small_scenario.write(tmp_path / "calm.gpkg")
    db = sqlite3.connect(scenario)
    db.executescript("DELETE FROM need; DELETE FROM incident")
    db.close()
    page = Page(scenario, tmp_path)
    try:
        assert complaints(page.browser) == []
        assert "0 of 0" in page.text("#figures")
        assert "Every need is met" in page.text("#unmet-count")
    finally:
        page.browser.quit()


# ---- in Chinese -----------------------------------------------------------------------------


@pytest.fixture(scope="module", name="chinese")
def fixture_chinese(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chinese")
    scenario, options = write_hazards(folder)
    page = Page(scenario, folder, [*options, "--lang", "zh"])
    yield page
    page.browser.quit()


def test_both_languages_have_the_same_words():
    words = [json.loads((ROOT / f"cli/report/{language}.json").read_text(encoding="utf-8")) for language in ("en", "zh")]
    assert words[0].keys() == words[1].keys()
    for key, text in words[0].items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", words[1][key])), key


def test_in_chinese_nothing_is_left_in_english(chinese):
    """But for codes, which the file has as they are, and the scenario's name."""
    assert chinese.find("html")[0].get_attribute("lang") == "zh"
    assert chinese.browser.title.endswith("：派遣计划")
    for incident in chinese.plan["incidents"]:
        chinese.browser.execute_script("select(incidentOf.get(arguments[0]))", incident["incident"])
        assert "前往的力量（" in chinese.text("#panel")
        assert_no_english(chinese, chinese.text("#panel"))
    chinese.browser.execute_script("select(null)")
    for part in ("#subtitle", "#figures", "#legend", "#panel", "main", ".skip"):
        assert_no_english(chinese, chinese.text(part))
    for attribute in ("aria-label", "placeholder", "title"):
        for element in chinese.find(f"main [{attribute}], .leaflet-control [{attribute}]"):
            assert_no_english(chinese, element.get_attribute(attribute))
    assert complaints(chinese.browser) == []
    chinese.screenshot("report-zh")


def assert_no_english(page, text):
    names = {one for rows in page.plan.values() if isinstance(rows, list) for row in rows
             for one in row.values() if isinstance(one, str)}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    assert not re.search("[A-Za-z]{2}", re.sub(r"km|UTC|muster", "", text)), text


def test_in_chinese_hazards_are_told_too(chinese):
    shape, = chinese.find('#map path[data-hazard="wind 1"]')
    assert chinese.browser.execute_script("return hazardTooltip(hazards.find(h => h.code === 'wind 1')).textContent") \
        == "wind 1大风、严重、9 级"
    assert chinese.browser.execute_script("return hazardTooltip(hazards.find(h => h.code === 'flood 1')).textContent") \
        == "南湖积水 <b>积水、水深 0.80 米至 2026-08-02 20:30 止（UTC）"
    assert shape.is_displayed()
