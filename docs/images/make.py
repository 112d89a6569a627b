#!/usr/bin/python3
"""Take the picture of a report for the README: its map, with one incident chosen.

    muster plan jiaxing.gpkg --scenario typhoon-100 --report report.html
    docs/images/make.py report.html docs/images/plan.png --incident T100-069

Without --incident, the severe incident to which most assignments go is chosen. Needs Debian's
python3-selenium, python3-pil, chromium and chromium-driver.
"""

import argparse
import base64
import io
import pathlib

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WIDTH, HEIGHT = 1400, 820  # of the map with its panel
MARGIN_X, REST_Y = 48, 300  # what report.css leaves around it, and for the rest of the page

CHOOSE = """
const wanted = arguments[0];
const chosen = wanted ? incidentOf.get(wanted) : incidents
  .filter((incident) => incident.severity === "severe")
  .sort((a, b) => b.assignments.length - a.assignments.length)[0];
if (!chosen) throw new Error(`the report has no incident ${wanted || "that is severe"}`);
select(chosen, { moveMap: true });
"""
BOX = """
const box = document.querySelector(".stage").getBoundingClientRect();
return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height, scale: 1 };
"""


def open_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": WIDTH + MARGIN_X, "height": HEIGHT + REST_Y, "deviceScaleFactor": 1,
        "mobile": False})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"}]})
    return browser


def take(report, picture, incident):
    browser = open_browser()
    try:
        browser.get(report.resolve().as_uri())
        browser.execute_script(CHOOSE, incident)
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {
            "format": "png", "clip": browser.execute_script(BOX), "captureBeyondViewport": True})
    finally:
        browser.quit()
    image = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    # 256 colours make a third of the bytes; this method keeps the rare ones, which mean something.
    image = image.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    image.save(picture, optimize=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("picture", type=pathlib.Path)
    parser.add_argument("--incident", help="its code")
    arguments = parser.parse_args()
    take(arguments.report, arguments.picture, arguments.incident)


if __name__ == "__main__":
    main()
