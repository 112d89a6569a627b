"""What `muster report --export` writes, read by GDAL and beside the tables.

Needs MUSTER_COMMAND.
"""

import csv
import json
import os
import sqlite3
import subprocess

import pytest
from osgeo import ogr

import small_results

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
ogr.UseExceptions()


def export(folder, *paths):
    options = [option for path in paths for option in ("--export", str(path))]
    return subprocess.run([COMMAND, "report", str(folder), *options], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory):
    folder = small_results.write(tmp_path_factory.mktemp("results") / "r", replications=2, count=20)
    result = export(folder, folder / "e.gpkg", folder / "e.geojson", folder / "e.csv")
    assert (result.returncode, result.stderr, result.stdout) == (0, "", "")
    return folder


def features(folder, name):
    """The features of a layer of the GeoPackage, by GDAL: (attributes, geometry as GeoJSON has it)."""
    source = ogr.Open(str(folder / "e.gpkg"))
    return [(feature.items(), json.loads(feature.geometry().ExportToJson())) for feature in source.GetLayer(name)]


def test_gdal_reads_every_layer(folder):
    source = ogr.Open(str(folder / "e.gpkg"))
    layers = {source.GetLayer(i).GetName(): source.GetLayer(i) for i in range(source.GetLayerCount())}
    assert set(layers) == {"incident", "move", "hazard", "place"}
    for layer in layers.values():
        assert layer.GetSpatialRef().GetAuthorityCode(None) == "4326"
        west, east, south, north = layer.GetExtent()
        layer.SetSpatialFilterRect(west, south, (west + east) / 2, north)
        assert 0 < len(layer)
        layer.SetSpatialFilter(None)
    assert len(layers["incident"]) == len(small_results.read(folder, "incidents"))
    assert len(layers["move"]) == len(small_results.read(folder, "moves"))


def test_sqlite_finds_the_indexes_and_the_file_sound(folder):
    with sqlite3.connect(folder / "e.gpkg") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for layer in ("incident", "move", "hazard", "place"):
            assert db.execute(f"SELECT rtreecheck('rtree_{layer}_geom')").fetchone() == ("ok",)
            assert db.execute(f"SELECT count(*) FROM rtree_{layer}_geom").fetchone() == \
                db.execute(f"SELECT count(*) FROM {layer}").fetchone()


def test_incidents_are_those_of_the_table(folder):
    for row, (found, geometry) in zip(small_results.read(folder, "incidents"), features(folder, "incident"), strict=True):
        lon, lat = float(row.pop("lon_deg")), float(row.pop("lat_deg"))
        assert geometry["coordinates"] == pytest.approx([lon, lat])
        assert {name: "" if value is None else str(value) for name, value in found.items()} == row


def test_moves_begin_and_end_where_the_table_says(folder):
    for row, (found, geometry) in zip(small_results.read(folder, "moves"), features(folder, "move"), strict=True):
        assert (found["unit"], found["leg"], found["start_ms"]) == (row["unit"], row["leg"], int(row["start_ms"]))
        assert len(geometry["coordinates"]) == len(row["offsets_ms"].split())


def test_hazards_and_places_are_areas(folder):
    written = json.loads((folder / "hazards.geojson").read_text(encoding="utf-8"))["features"]
    written = [feature for feature in written if feature["geometry"]["type"].endswith("Polygon")]
    for feature, (found, geometry) in zip(written, features(folder, "hazard"), strict=True):
        properties = feature["properties"]
        assert (found["code"], found["kind"]) == (properties["code"], properties["kind"])
        assert found["depth_m"] == properties.get("depth_m") and found["until_ms"] == properties["until_ms"]
        polygons = feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "Polygon":
            polygons = [polygons]
        assert geometry["type"] == "MultiPolygon"
        assert [[pytest.approx(point) for point in ring] for polygon in polygons for ring in polygon] == \
            [ring for polygon in geometry["coordinates"] for ring in polygon]
    for policy in small_results.POLICIES:
        rows = [row for row in small_results.read(folder, "incidents") if row["policy"] == policy]
        cells = [found for found, _ in features(folder, "place") if found["policy"] == policy]
        assert sum(cell["incidents"] for cell in cells) == len(rows)


def test_geojson_has_what_the_geopackage_has(folder):
    document = json.loads((folder / "e.geojson").read_text(encoding="utf-8"))
    for layer in ("incident", "move", "hazard", "place"):
        mine = [f for f in document["features"] if f["properties"]["layer"] == layer]
        for feature, (found, geometry) in zip(mine, features(folder, layer), strict=True):
            properties = {name: value for name, value in feature["properties"].items() if name != "layer"}
            assert {k: v for k, v in properties.items() if not isinstance(v, float)} == \
                {k: v for k, v in found.items() if not isinstance(v, float)}
            assert feature["geometry"]["type"] == geometry["type"]


def test_csv_has_the_measures_of_each_replication(folder):
    answer = json.loads(subprocess.run([COMMAND, "compare", folder, "--json"], capture_output=True, check=True).stdout)
    with open(folder / "e.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["policy"], row["replication"]) for row in rows] == \
        [(policy, str(i)) for policy in small_results.POLICIES for i in range(2)]
    for measure in answer["measures"]:
        values = [float(row[measure["name"]]) for row in rows]
        assert sum(values[:2]) / 2 == pytest.approx(measure["mean_a"])
        assert sum(values[2:]) / 2 == pytest.approx(measure["mean_b"])


def test_wrong_names_and_places_are_said(folder, tmp_path):
    result = export(folder, tmp_path / "e.shp")
    assert result.returncode == 2
    assert f'--export is "{tmp_path}/e.shp"; expected a name that ends with .gpkg, .geojson or .csv' in result.stderr
    assert subprocess.run([COMMAND, "report", folder], capture_output=True, check=False).returncode == 2
    for name in ("e.gpkg", "e.geojson", "e.csv"):
        assert export(folder, f"/nowhere/{name}").returncode == 4


def test_what_fails_leaves_no_file(tmp_path):
    folder = small_results.write(tmp_path / "r", replications=1, count=5)
    text = (folder / "moves.csv").read_text(encoding="utf-8")
    (folder / "moves.csv").write_text(text.replace(",to_scene,", ",to_scene,x", 1), encoding="utf-8")
    for name in ("e.gpkg", "e.geojson"):
        result = export(folder, tmp_path / name)
        assert result.returncode == 3 and "moves.csv: row 2, column start_ms" in result.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["r"]
