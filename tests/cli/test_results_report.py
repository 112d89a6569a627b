"""`muster report` of a simulation in a real browser, from a file, without a network.

Needs MUSTER_COMMAND, Chromium and its driver. Screenshots go to MUSTER_SCREENSHOTS, if set.
"""

import base64
import csv
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess

import pytest

pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

import browser as chromium  # noqa: E402
import small_results  # noqa: E402
import small_scenario  # noqa: E402

ROOT = pathlib.Path(os.environ.get("MUSTER_SOURCE", pathlib.Path(__file__).parents[2]))
COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
WORDS = ROOT / "cli/results_report"
MAX_BYTES = 3_000_000


def report(folder, page, *options):
    return subprocess.run([COMMAND, "report", str(folder), "-o", str(page), *map(str, options)],
                          capture_output=True, text=True, check=False)


class Page:
    def __init__(self, path, **window):
        self.path, self.browser = path, chromium.open_browser(**window)
        self.browser.get(path.as_uri())

    def find(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def text(self, css):
        return self.find(css)[0].get_attribute("textContent")

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def chart(self, name):
        """The datasets of a chart, as [(label, [(x, y), ...]), ...]."""
        return [(label, points) for label, points in self.run(
            "return Chart.getChart(arguments[0]).data.datasets.map(d => [d.label, d.data.map("
            "p => typeof p === 'object' && !Array.isArray(p) ? [p.x, p.y] : p)])", name)]

    def screenshot(self, name, whole=False):
        if "MUSTER_SCREENSHOTS" not in os.environ:
            return
        folder = pathlib.Path(os.environ["MUSTER_SCREENSHOTS"])
        folder.mkdir(parents=True, exist_ok=True)
        width, height = self.run("return [innerWidth, arguments[0] ? document.documentElement.scrollHeight"
                                 " : innerHeight]", whole)
        shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": {
            "x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        (folder / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    store = small_scenario.write(folder / "s.gpkg")
    return small_results.write(folder / "r", store=str(store), recorded=(2,))


@pytest.fixture(scope="module", name="pages")
def fixture_pages(folder):
    """The page in both languages, each in a browser of its own."""
    pages = {}
    for language in ("en", "zh"):
        path = folder / f"report-{language}.html"
        result = report(folder, path, "--lang", language)
        assert (result.returncode, result.stderr) == (0, "")
        page = pages[language] = Page(path)
        page.language = language
        page.words = json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8"))
    yield pages
    for page in pages.values():
        page.browser.quit()


@pytest.fixture(name="page", params=["en", "zh"])
def fixture_page(request, pages):
    return pages[request.param]


@pytest.fixture(name="fresh")
def fixture_fresh(pages):
    """One of the pages, loaded again: for what does not depend on the language."""
    pages["zh"].browser.get(pages["zh"].path.as_uri())
    return pages["zh"]


def shown(folder, table, policy, replication="2"):
    return [row for row in small_results.read(folder, table)
            if row["policy"] == policy and row["replication"] == replication]


# ---- the page as a file ------------------------------------------------------------------------


def test_it_opens_alone_and_without_complaint(page):
    assert page.path.stat().st_size < MAX_BYTES
    assert chromium.fetched(page.browser) == [page.path.as_uri()]
    assert chromium.complaints(page.browser) == []
    assert page.run("return document.documentElement.scrollWidth") <= 1400
    assert page.run("return document.documentElement.lang") == page.language
    page.screenshot(f"simulation-{page.language}", whole=True)


def test_both_languages_have_the_same_words_and_the_scripts_have_no_others():
    english, chinese = (json.loads((WORDS / f"{name}.json").read_text(encoding="utf-8")) for name in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert sorted(set(re.findall(r"{\w+}", text))) == sorted(set(re.findall(r"{\w+}", chinese[key]))), key
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(WORDS.glob("*.js")))
    template = (WORDS / "report.html").read_text(encoding="utf-8")
    used = set(re.findall(r'\bt\("([\w.]+)"', source)) | set(re.findall(r'emptyNote\("(\w+)"', source)) \
        | set(re.findall(r'data-(?:text|label)="(\w+)"', template))
    assert used <= english.keys()
    groups = ("state", "severity", "resource", "hazard", "measure", "conclude", "doing", "units", "fact")
    spare = {key for key in english if "." not in key} - used
    assert spare == {"before", "between", "after", "gantt_all", "gantt_some"}  # chosen by what there is
    assert {key.split(".")[0] for key in english if "." in key} == set(groups)


def test_no_english_is_left_on_the_chinese_page(pages):
    text = " ".join(pages["zh"].run("return [...document.querySelectorAll('h2, h3, figcaption, thead th, legend, label,"
                                    " summary, .note, .label, dt, #legend')].map(node => node.textContent)"))
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"greedy", "muster", "UTC", "SHA", "gpkg"}


def test_names_cannot_become_markup(tmp_path):
    evil = ("</script><script>document.title='owned'</script><!-- \u2028 <img src=x onerror=alert(1)>")
    folder = small_results.write(tmp_path / "r", replications=2, count=10, name=evil)
    for table in ("incidents", "explanations", "orders"):
        path = folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        for plain in ("flooded_village", "busy", "sandbag"):
            text = text.replace(plain, '"' + evil.replace('"', '""') + '"' if table == "orders" else
                                plain + "<img src=x>")
        path.write_text(text, encoding="utf-8")
    path = tmp_path / "r.html"
    assert report(folder, path).returncode == 0
    page = Page(path)
    try:
        assert path.read_text(encoding="utf-8").count("</script>") == 4
        assert page.browser.title == evil
        assert page.text("#title") == evil
        assert page.find("img[src=x]") == []
        assert chromium.complaints(page.browser) == []
    finally:
        page.browser.quit()


# ---- the map and its time ----------------------------------------------------------------------


def test_the_slider_moves_what_is_on_the_map(fresh, folder):
    def counts():
        return {state: int(fresh.text(f"#count-{state}"))
                for state in ("late", "waiting", "attended", "met", "closed", "moving")}

    def expected(ms):
        found = dict.fromkeys(("late", "waiting", "attended", "met", "closed"), 0)
        for row in shown(folder, "incidents", "muster"):
            at = {name: int(row[name]) if row[name] else 1e18
                  for name in ("reported_ms", "first_on_scene_ms", "met_ms", "closed_ms")}
            if at["reported_ms"] > ms:
                continue
            is_late = 0 < int(row["standard_ms"]) < ms - at["reported_ms"]
            state = "closed" if at["closed_ms"] <= ms else "met" if at["met_ms"] <= ms else \
                "attended" if at["first_on_scene_ms"] <= ms else "late" if is_late else "waiting"
            found[state] += 1
        found["moving"] = sum(int(row["start_ms"]) <= ms < int(row["end_ms"])
                              for row in shown(folder, "moves", "muster"))
        return found

    slider = fresh.find("#time")[0]
    pictures = set()
    for hours in (0, 2.5, 5, 8, 11.9):
        ms = round(hours * 3.6e6)
        fresh.run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", slider, ms)
        now = int(slider.get_property("value"))
        assert abs(now - ms) < 60_000
        found, wanted = counts(), expected(now)
        assert abs(found.pop("moving") - wanted.pop("moving")) <= 2  # seconds are rounded
        assert found == wanted
        assert f"(+{int(hours)}:{round(hours % 1 * 60):02}" in fresh.text("#clock")
        pictures.add(fresh.run("return document.querySelectorAll('#map canvas')[1].toDataURL()"))
    assert len(pictures) == 5


def test_the_keyboard_moves_the_slider_and_plays(fresh):
    slider, play = fresh.find("#time")[0], fresh.find("#play")[0]
    before = int(slider.get_property("value"))
    slider.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert int(slider.get_property("value")) == before + 120_000
    assert slider.get_attribute("aria-valuetext") == fresh.text("#clock")
    assert fresh.words["play"] in play.text
    play.send_keys(Keys.ENTER)
    assert fresh.words["pause"] in play.text and play.get_attribute("aria-pressed") == "true"
    chromium.wait(lambda: int(slider.get_property("value")) > before + 300_000)
    play.send_keys(Keys.SPACE)
    assert fresh.words["play"] in play.text


def test_units_are_where_their_moves_say(fresh, folder):
    """The place of each unit on the map, beside the rows of moves.csv at the moment."""
    for row in shown(folder, "moves", "muster")[:40]:
        offsets = [int(ms) for ms in row["offsets_ms"].split()]
        corner = decode(row["polyline"])[1]
        ms = int(row["start_ms"]) + offsets[1]
        found = fresh.run(
            "const [unit, leg, ms] = arguments; const move = movesOf[1].find("
            "m => m.unit === unit && m.leg === leg && Math.abs(m.at_s[0] * 1000 - ms[0]) < 1500);"
            "const [x, y] = positionAt(move, ms[1]); return degrees(x, y)", row["unit"], row["leg"],
            [int(row["start_ms"]), ms])
        assert found == pytest.approx([corner[1], corner[0]], abs=3e-4)  # 30 m


def decode(text):
    """An encoded polyline as [(lon, lat), ...]."""
    numbers, value, shift = [], 0, 0
    for letter in text:
        digit = ord(letter) - 63
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(value >> 1 ^ -(value & 1))
            value = shift = 0
    lat = lon = 0
    points = []
    for dlat, dlon in zip(numbers[::2], numbers[1::2]):
        lat, lon = lat + dlat, lon + dlon
        points.append((lon / 1e6, lat / 1e6))
    return points


def test_the_water_rises_with_the_time(fresh):
    active = "return hazards.filter(h => holdsAt(h, arguments[0] * 3.6e6)).map(h => h.code)"
    assert fresh.run(active, 1) == ["flood-0"]
    assert fresh.run(active, 4) == ["flood-1", "tree"]
    assert fresh.run(active, 7) == ["flood-2", "wind"]
    assert fresh.run("return hazards[1].areas.lines.count") == 1
    assert fresh.run("return hazards[4].lines.count") == 1  # the road that is closed
    for look in ("flood", "wind", "tape"):
        assert fresh.find(f".legend .square.{look}")


def test_what_is_near_the_pointer_is_told(fresh, folder):
    incident = shown(folder, "incidents", "muster")[3]
    fresh.run("setTime(arguments[0]); map.fire('mousemove', {containerPoint:"
              "map.latLngToContainerPoint([arguments[2], arguments[1]])})", int(incident["reported_ms"]) + 1000,
              float(incident["lon_deg"]), float(incident["lat_deg"]))
    assert incident["name"] in fresh.text(".leaflet-tooltip")


# ---- charts ------------------------------------------------------------------------------------


def test_the_response_curves_are_those_of_the_table(page, folder):
    lines = dict(page.chart("chart-response")[:2])
    for policy in small_results.POLICIES:
        rows = [row for row in small_results.read(folder, "incidents") if row["policy"] == policy]
        values = sorted(int(row["response_ms"]) / 60e3 if row["response_ms"] else float("inf") for row in rows)
        wanted = [(values[max(0, -(-len(values) * share // 100) - 1)], share) for share in range(101)]
        wanted = [pair for pair in wanted if pair[0] < float("inf")]
        assert [tuple(pair) for pair in lines[policy]] == [pytest.approx(pair) for pair in wanted]
        cells = [cell.text for cell in page.find("#response tbody tr")[
            small_results.POLICIES.index(policy)].find_elements(By.CSS_SELECTOR, "th, td")]
        reached = [value for value in values if value < float("inf")]
        assert cells[:3] == [policy, str(len(rows)), str(len(reached))]
        for cell, value in zip(cells[3:6], (wanted[50][0], wanted[90][0], statistics.mean(reached)), strict=True):
            assert float(re.match(r"[\d.]+", cell)[0]) == pytest.approx(value, rel=6e-3)
        judged = [row for row in rows if int(row["standard_ms"])]
        within = sum(bool(row["response_ms"]) and int(row["response_ms"]) <= int(row["standard_ms"]) for row in judged)
        assert float(re.match(r"[\d.]+", cells[6])[0]) == pytest.approx(100 * within / len(judged), abs=0.06)
    labels = [label for label, _ in page.chart("chart-response")]
    assert [label for label in labels if label][2:] == \
        [page.words["standard_of"].replace("{n}", n) for n in ("10", "20")]


def test_a_standard_can_be_looked_at_by_itself(fresh, folder):
    Select(fresh.find("#standard-pick select")[0]).select_by_index(1)
    count = sum(row["policy"] == "greedy" and row["standard_ms"] == "600000"
                for row in small_results.read(folder, "incidents"))
    assert fresh.find("#response tbody td")[0].text == str(count)
    assert [points for label, points in fresh.chart("chart-response")][-1] == [[10, 0], [10, 100]]


def test_the_need_curves_are_those_of_the_tables(page, folder):
    lines = [(label, points) for label, points in page.chart("chart-needs") if label]
    needs, reported = small_results.read(folder, "needs"), {}
    for row in small_results.read(folder, "incidents"):
        reported[row["policy"], row["replication"], row["incident"]] = int(row["reported_ms"])
    for policy, points in lines:
        mine = [row for row in needs if row["policy"] == policy]
        for ms, share in points[8::16]:
            asked = [row for row in mine if reported[policy, row["replication"], row["incident"]] <= ms]
            met = sum(bool(row["met_ms"]) and int(row["met_ms"]) <= ms for row in asked)
            assert share == pytest.approx(100 * met / len(asked))


def test_units_stock_and_open_incidents_are_those_of_the_tables(fresh, folder):
    orders = [row for row in shown(folder, "orders", "muster") if row["departed_ms"] and row["resource"] != "item"]
    gantt = dict(fresh.chart("chart-gantt"))
    on_scene = gantt[fresh.words["doing.scene"]]
    assert len(on_scene) == sum(row["on_scene_ms"] != "" for row in orders)
    for (from_ms, until_ms), unit in on_scene:
        assert any(row["unit"] == unit and row["on_scene_ms"] == str(from_ms) and
                   row["left_ms"] in (str(until_ms), "") for row in orders)
    returns = [row for row in shown(folder, "moves", "muster") if row["leg"] == "return"]
    assert len(gantt[fresh.words["doing.back"]]) == len(returns)
    for policy, points in fresh.chart("chart-open"):
        assert points == [[int(row["time_ms"]), int(row["open_incidents"])]
                          for row in shown(folder, "series", policy)]
    doing = dict(fresh.chart("chart-units"))
    rows = shown(folder, "series", "muster")
    for state in ("on_scene", "en_route", "on_call"):
        assert doing.pop(fresh.words[f"units.{state}"]) == \
            [[int(row["time_ms"]), int(row[f"units_{state}"])] for row in rows], state
    assert all(row["units_off"] == "0" for row in rows) == (fresh.words["units.off"] not in doing)
    assert fresh.words["units.free"] not in doing and fresh.words["units.free"] in fresh.text("#units thead")
    for policy, points in fresh.chart("chart-stock"):
        stock = {}
        for row in shown(folder, "stock", policy):
            stock[row["warehouse"]] = int(row["quantity"])
        assert points[-1][1] == sum(stock.values())


def test_what_would_help_is_that_of_the_prices(fresh, folder):
    rows = shown(folder, "prices", "muster")
    moments = len({row["time_ms"] for row in rows})
    labels = fresh.run("return gains().map(gain => gain.kind)")
    shown_labels = fresh.run("return Chart.getChart('chart-help').data.labels")
    names = {"sandbag": "编织袋", "flood_rescue": "抗洪抢险"}
    assert shown_labels == [names.get(label, label) for label in labels]
    (_, values), = fresh.chart("chart-help")
    for kind, mean in zip(labels, values, strict=True):
        assert mean == pytest.approx(sum(float(row["gain"]) for row in rows if row["kind"] == kind) / moments)
    assert values == sorted(values, reverse=True) and len(labels) == len({row["kind"] for row in rows})


def test_the_comparison_is_that_of_muster_compare(page, folder):
    answer = json.loads(subprocess.run([COMMAND, "compare", folder, "--json"], capture_output=True, check=True).stdout)
    assert page.run("return data.comparisons") == [answer]
    shown_ones = sum(m["conclusion"] is not None for m in answer["measures"])
    assert len(page.find(".sentences li")) == shown_ones
    marks = [node.text for node in page.find(".comparison-table tbody td:last-child")]
    assert sum(page.words["not_shown"] in text for text in marks) == len(answer["measures"]) - shown_ones


def test_places_are_those_of_the_incidents(page, folder):
    cells = page.run("return data.places.cells")
    rows = [row for row in small_results.read(folder, "incidents") if row["policy"] == "greedy"]
    assert sum(cell["policies"][0]["count"] for cell in cells) == len(rows)
    for cell in cells[::7]:
        inside = [int(row["response_ms"]) / 60e3 if row["response_ms"] else float("inf") for row in rows
                  if cell["west"] <= float(row["lon_deg"]) < cell["east"] and
                  cell["south"] <= float(row["lat_deg"]) < cell["north"]]
        median = sorted(inside)[(len(inside) - 1) // 2]
        assert cell["policies"][0]["median_min"] == (pytest.approx(median) if median < float("inf") else None)
    assert len(page.find("#places canvas")) == 3


# ---- what follows the policy, and the moments --------------------------------------------------


def test_another_policy_changes_map_units_and_moments(fresh, folder):
    before = fresh.text("#worst"), fresh.text("#gantt figcaption"), fresh.text("#count-closed")
    fresh.run("setTime(6 * 3.6e6)")
    fresh.find("#policy-choice input")[0].click()
    assert "greedy" in fresh.text("#gantt figcaption") and "muster" in before[1]
    assert "greedy" in fresh.text("#units figcaption")
    on_scene = dict(fresh.chart("chart-units"))[fresh.words["units.on_scene"]]
    assert [y for _, y in on_scene] == [int(row["units_on_scene"]) for row in shown(folder, "series", "greedy")]
    busy = {row["unit"] for row in shown(folder, "orders", "greedy") if row["departed_ms"] and row["resource"] != "item"}
    assert set(fresh.run("return Chart.getChart('chart-gantt').data.labels")) == busy
    assert chromium.complaints(fresh.browser) == []


def test_the_worst_moments_are_explained_and_lead_to_the_map(fresh, folder):
    explained = shown(folder, "explanations", "muster")
    series = {row["time_ms"]: int(row["quantity_needed"]) - int(row["quantity_met"])
              for row in shown(folder, "series", "muster")}
    wanted = sorted({row["time_ms"] for row in explained}, key=lambda ms: (-series[ms], int(ms)))[:10]
    items = fresh.find("#worst > li")
    assert [item.get_attribute("data-time") for item in items] == wanted
    text = "text_zh" if fresh.language == "zh" else "text_en"
    first = [row for row in explained if row["time_ms"] == wanted[0]]
    assert all(row[text] in items[0].text for row in first)
    items[0].find_element(By.CSS_SELECTOR, "ul button").click()
    assert fresh.find("#time")[0].get_property("value") == wanted[0]
    incident = next(row for row in shown(folder, "incidents", "muster") if row["incident"] == first[0]["incident"])
    center = fresh.run("return [map.getCenter().lng, map.getCenter().lat]")
    assert center == pytest.approx([float(incident["lon_deg"]), float(incident["lat_deg"])], abs=1e-3)


def test_every_colour_of_a_difference_is_in_the_legend(page):
    colours = {item.get_attribute("textContent"): item.find_element(By.CSS_SELECTOR, ".square")
               .value_of_css_property("background-color") for item in page.find(".place-legend li")}
    soft = page.run("const probe = document.body.appendChild(document.createElement('p')); probe.style.color = colors.soft;"
                    " const color = getComputedStyle(probe).color; probe.remove(); return color")
    told = page.words["alike"].replace("{n}", "1")
    assert colours[told].replace("rgba", "rgb").replace(", 1)", ")") == soft


def test_a_moment_between_two_rows_is_told_by_the_next(folder, tmp_path):
    """What comes up at a moment is not in the row before it."""
    results = shutil.copytree(folder, tmp_path / "r")
    moment = shown(folder, "explanations", "muster")[0]["time_ms"]
    rows = small_results.read(folder, "series")
    later = [row for row in rows if int(row["time_ms"]) != int(moment)]
    with open(results / "series.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(later)
    following = next(row for row in later if row["policy"] == "muster" and row["replication"] == "2"
                     and int(row["time_ms"]) > int(moment))
    missing = int(following["quantity_needed"]) - int(following["quantity_met"])
    assert report(results, tmp_path / "r.html").returncode == 0
    page = Page(tmp_path / "r.html")
    try:
        assert page.text(f'#worst > li[data-time="{moment}"] > .note') == (
            f"{following['open_incidents']} incidents open, {missing:,} people and things missing")
    finally:
        page.browser.quit()


def test_assumptions_seeds_and_standards_are_told(page):
    text = page.text("#assumptions")
    own = "呼叫服从泊松过程。" if page.language == "zh" else "Calls follow a Poisson process."
    for told in ("ab" * 32, "plumrain.toml", own, "interval_s", "300"):
        assert told in text
    assert "王江泾镇" in page.text("#compared")
    assert page.find("#assumptions dd")[7].text == "7"  # the seed


# ---- everywhere --------------------------------------------------------------------------------


WINDOWS = {"dark": (1400, 1000, "dark"), "phone": (400, 860, "light"), "tablet": (820, 1100, "light")}


def test_it_fits_the_window_and_the_scheme(page):
    for name, (width, height, scheme) in WINDOWS.items():
        chromium.set_window(page.browser, width, height, scheme)
        page.browser.get(page.path.as_uri())
        assert page.run("return document.documentElement.scrollWidth") <= width
        brightness = sum(map(int, page.run("return getComputedStyle(document.body).backgroundColor")[4:-1].split(",")))
        assert (brightness < 384) == (scheme == "dark")
        assert chromium.complaints(page.browser) == []
        page.screenshot(f"simulation-{page.language}-{name}", whole=True)
    chromium.set_window(page.browser)
    page.browser.get(page.path.as_uri())


def test_on_paper_four_moments_take_the_place_of_the_slider(fresh):
    pdf = base64.b64decode(fresh.browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert len(pdf) > 100_000
    fresh.run("dispatchEvent(new Event('beforeprint'))")
    fresh.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    stills = fresh.find("#stills img")
    assert len(stills) == 4 and all(image.is_displayed() for image in stills)
    assert len({image.get_attribute("src") for image in stills}) == 4
    assert not fresh.find("#time")[0].is_displayed() and not fresh.find("#map")[0].is_displayed()
    assert [image.is_displayed() for image in fresh.find(".printed")] == [True] * len(fresh.find(".chart-box canvas"))
    fresh.screenshot(f"simulation-{fresh.language}-print", whole=True)
    fresh.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    fresh.run("dispatchEvent(new Event('afterprint'))")
    assert fresh.find(".printed") == [] and fresh.find("#time")[0].is_displayed()
    assert chromium.complaints(fresh.browser) == []


def test_no_text_of_a_chart_is_in_one_colour_alone(page):
    """Each policy has a dash and a point of its own, each doing a pattern, each state a shape."""
    looks = page.run("return [POLICY_STYLES.map(s => s.dash.join() + s.point), DOINGS.map(d => d.shape)]")
    for look in looks:
        assert len(set(look)) == len(look)
    marks = page.run("return Object.values(MARKS).map(m => m.shape + m.radius)")
    assert len(set(marks)) == len(marks)


# ---- little or nothing to show -----------------------------------------------------------------


def test_without_incidents_every_part_says_so(tmp_path):
    folder = small_results.write(tmp_path / "r", replications=2, count=0)
    for table in ("moves", "stock", "prices", "explanations", "series", "plans"):
        (folder / f"{table}.csv").unlink()
    (folder / "hazards.geojson").unlink()
    assert report(folder, tmp_path / "r.html").returncode == 0
    page = Page(tmp_path / "r.html")
    try:
        assert chromium.complaints(page.browser) == []
        words = json.loads((WORDS / "en.json").read_text(encoding="utf-8"))
        for part, key in (("response", "no_incidents"), ("places", "no_incidents"), ("gantt", "no_orders"),
                          ("stock", "no_stock"), ("worst", "no_moments"), ("help", "no_prices"), ("needs", "no_series")):
            assert words[key] in page.text(f"#{part}")
        assert words["no_incidents"] in page.text("main")
        fit = page.run("return document.querySelectorAll('.empty').length")
        assert fit >= 8
    finally:
        page.browser.quit()


def test_one_policy_is_compared_with_none(tmp_path):
    folder = small_results.write(tmp_path / "r", replications=1, count=20, policies=["muster"])
    assert report(folder, tmp_path / "r.html").returncode == 0
    page = Page(tmp_path / "r.html")
    try:
        assert chromium.complaints(page.browser) == []
        assert "one policy" in page.text("#compared") and "one policy" in page.text("#verdict")
        assert len(page.find("#places canvas")) == 1
    finally:
        page.browser.quit()


# ---- the command line --------------------------------------------------------------------------


@pytest.mark.parametrize("options, code, message", [
    (["--lang", "de"], 2, '--lang is "de"; expected zh or en'),
    (["--replication", "9"], 2, "--replication is 9; expected one from 0 on, of 2"),
    (["--store", "nowhere.gpkg"], 4, "nowhere.gpkg"),
])
def test_wrong_options_are_named(tmp_path, options, code, message):
    folder = small_results.write(tmp_path / "r", replications=2, count=5)
    result = report(folder, tmp_path / "r.html", *options)
    assert result.returncode == code and message in result.stderr
    assert not (tmp_path / "r.html").exists()


def test_a_store_that_has_moved_leaves_the_map_without_roads(tmp_path):
    folder = small_results.write(tmp_path / "r", replications=2, count=5, store="/gone/s.gpkg")
    result = report(folder, tmp_path / "r.html")
    assert result.returncode == 0
    assert "/gone/s.gpkg, the store of the simulation, cannot be opened: the map has no roads" in result.stderr


@pytest.mark.parametrize("table, old, new, message", [
    ("moves", "to_scene", "to_scene\x00", "a NUL byte"),
    ("moves", ",0 ", ",999999999 ", "column offsets_ms: expected rising whole numbers, one for each point"),
    ("explanations", "\nmuster,0,", "\nmuster,7,", 'column replication: "7"; expected 0 to 1'),
    ("series", "time_ms", "time", 'the header has no column "time_ms"'),
])
def test_wrong_tables_are_named(tmp_path, table, old, new, message):
    folder = small_results.write(tmp_path / "r", replications=2, count=20)
    path = folder / f"{table}.csv"
    text = path.read_bytes().decode().replace("\r\n", "\n")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = report(folder, tmp_path / "r.html")
    assert result.returncode == 3 and f"{path}: row " in result.stderr and message in result.stderr
    assert not (tmp_path / "r.html").exists()


def test_wrong_hazards_are_named(tmp_path):
    folder = small_results.write(tmp_path / "r", replications=2, count=5)
    hazards = json.loads((folder / "hazards.geojson").read_text(encoding="utf-8"))
    hazards["features"][1]["geometry"]["coordinates"][0][2] = [500, 30]
    (folder / "hazards.geojson").write_text(json.dumps(hazards), encoding="utf-8")
    result = report(folder, tmp_path / "r.html")
    assert result.returncode == 3
    assert "hazards.geojson: feature 2: its geometry is wrong; expected degrees" in result.stderr
