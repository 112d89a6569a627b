"""How QGIS is told to draw the layers: documents that it can read, rules that draw every row once.

What a rule filters by is an expression that SQLite understands as QGIS does, so SQLite judges them.
Where QGIS's Python is installed it draws the layers itself."""

import os
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as xml

import pytest

import muster_command as command
import small_scenario

SYMBOL_OF = {"POINT": "marker", "LINESTRING": "line", "POLYGON": "fill", "MULTIPOLYGON": "fill",
             "GEOMETRY": "fill"}
CLASS_OF = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}

# Every value that decides how something is drawn.
VALUES = {
    "edge": ("class", ["motorway", "motorway_link", "trunk", "trunk_link", "primary",
                       "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
                       "unclassified", "residential", "living_street", "service", "track", "road",
                       "ferry"]),
    "incident": ("severity", ["minor", "moderate", "severe", "extreme"]),
    "place": ("level", ["city", "county", "town", "village"]),
    "waterway": ("class", ["river", "canal", "ditch"]),
    "team": ("available", [0, 1]),
    "vehicle": ("available", [0, 1]),
    "warehouse": ("tier", ["city", "county", "town", "village", None]),
    "hazard": ("depth_m", [0, 0.29, 0.3, 0.99, 1, 12000, None]),
}


STYLED = {"node", "edge", "place", "waterway", "water_area", "team", "vehicle", "machine", "warehouse",
          "at_risk_site", "incident", "zone", "hazard"}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """The tables of a scenario with their styles; no rows."""
    path = tmp_path_factory.mktemp("styles") / "scenario.gpkg"
    connection = sqlite3.connect(path)
    for name in (*small_scenario.SCHEMAS, "gis/layer_styles.sql"):
        connection.executescript((command.SOURCE / name).read_text(encoding="utf-8"))
    yield connection
    connection.close()


def styles(connection):
    return {layer: xml.fromstring(document) for layer, document in connection.execute(
        "SELECT f_table_name, styleQML FROM layer_styles")}


def layers(connection):
    return dict(connection.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))


def test_every_layer_has_one_style_that_qgis_finds(scenario):
    found = scenario.execute("SELECT f_table_name FROM layer_styles WHERE f_table_schema = '' AND "
                             "f_geometry_column = 'geom' AND useAsDefault = 1").fetchall()
    names = [name for name, in found]
    assert len(names) == len(STYLED) and set(names) == STYLED <= set(layers(scenario))


def test_an_imported_network_has_the_styles_of_its_layers(village):
    connection = sqlite3.connect(f"file:{village}?mode=ro", uri=True)
    assert sorted(styles(connection)) == ["edge", "node"]
    assert connection.execute("SELECT data_type FROM gpkg_contents WHERE table_name = "
                              "'layer_styles'").fetchall() == [("attributes",)]
    connection.close()


def test_documents_are_made_as_qgis_makes_them(scenario):
    geometries = layers(scenario)
    for layer, qgis in styles(scenario).items():
        renderer = qgis.find("renderer-v2")
        assert qgis.tag == "qgis" and renderer.get("type") == "RuleRenderer"
        symbols = {s.get("name"): s for s in renderer.findall("symbols/symbol")}
        rules = renderer.findall("rules/rule")
        assert [rule.get("symbol") for rule in rules] == list(symbols)
        assert len({rule.get("key") for rule in rules}) == len(rules)
        for symbol in symbols.values():
            kind = SYMBOL_OF[geometries[layer]]
            parts = symbol.findall("layer")
            assert symbol.get("type") == kind and [p.get("class") for p in parts] == [CLASS_OF[kind]]
            for prop in parts[0].findall("prop"):
                if prop.get("k").endswith("color"):
                    parts = [int(part) for part in prop.get("v").split(",")]
                    assert len(parts) == 4 and all(0 <= part <= 255 for part in parts)
                if prop.get("k").endswith(("size", "width")):
                    assert 0 < float(prop.get("v")) < 10


def drawn(connection, layer, rules, column, value):
    """The labels of the rules that draw a row with this value; ELSE is for what no other draws."""
    chosen = [rule.get("label") for rule in rules if rule.get("filter") not in (None, "ELSE")
              and connection.execute(f"SELECT {rule.get('filter')} FROM (SELECT ?1 AS {column})",
                                     (value,)).fetchone()[0]]
    return chosen or [rule.get("label") for rule in rules if rule.get("filter") in (None, "ELSE")]


def test_every_row_is_drawn_by_one_rule(scenario):
    for layer, qgis in styles(scenario).items():
        rules = qgis.findall("renderer-v2/rules/rule")
        column, values = VALUES.get(layer, ("fid", [1]))
        labels = [drawn(scenario, layer, rules, column, value) for value in values]
        assert all(len(label) == 1 for label in labels), (layer, labels)
        assert {label for label, in labels} == {rule.get("label") for rule in rules}
        columns = {row[1] for row in scenario.execute(f"PRAGMA table_info({layer})")}
        for rule in rules:
            words = re.findall(r"\b[a-z_]+\b", re.sub(r"'[^']*'", "", rule.get("filter") or ""))
            assert set(words) <= columns, (layer, words)


DRAW = """
import sys
from qgis.core import (Qgis, QgsApplication, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsProject, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=" + sys.argv[2], sys.argv[2], "ogr")
assert layer.isValid()
rules = layer.renderer().rootRule().children()
settings = QgsMapSettings()
settings.setLayers([layer])
settings.setBackgroundColor(QColor(255, 255, 255))
settings.setOutputSize(QSize(400, 400))
settings.setExtent(layer.extent().buffered(0.001))
settings.setDestinationCrs(layer.crs())
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
colours = {image.pixelColor(x, y).name() for x in range(400) for y in range(400)}
print(len(rules), " ".join(sorted(colours)))
"""


def test_qgis_draws_roads_in_the_colours_of_their_classes(village):
    ask = [os.environ.get("MUSTER_QGIS_PYTHON", "/usr/bin/python3"), "-c"]
    if subprocess.run([*ask, "import qgis.core"], capture_output=True, check=False).returncode:
        pytest.skip("no QGIS: python3-qgis is not installed")
    done = subprocess.run([*ask, DRAW, str(village), "edge"], capture_output=True, text=True,
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=300)
    assert done.returncode == 0, done.stderr
    count, *colours = done.stdout.split()
    assert int(count) == 8
    assert "#e2cc68" in colours  # secondary road
    assert "#b4b4b4" in colours  # street
