"""Files of closures as they come: from editors, scripts and other hemispheres. What is wrong is
said in one line; what is merely odd is understood."""

import json
import math
import random

import pytest

from muster_command import muster, refuse, succeed

SQUARE = [[120.80, 30.74], [120.81, 30.74], [120.81, 30.76], [120.80, 30.76]]


def feature(kind, coordinates, **properties):
    return {"type": "Feature", "properties": properties,
            "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def closed(network, path, content):
    """How many edges the file closes."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    text = succeed("closures", network, "--profile", "light", "--closures", path)
    return int(text.splitlines()[1].split()[1])


ALL = 7  # of the village's nine edges: the bridge is spared, one has no road for light vehicles

ODD = {
    "a ring that is not closed": collection(feature("Polygon", [SQUARE])),
    "a ring that is": collection(feature("Polygon", [SQUARE + SQUARE[:1]])),
    "heights": collection(feature("Polygon", [[p + [12.5] for p in SQUARE]])),
    "a byte order mark": b"\xef\xbb\xbf" + collection(feature("Polygon", [SQUARE])).encode(),
    "the deepest water": collection(feature("Polygon", [SQUARE], depth_m=1e308)),
    "points that repeat": collection(feature("Polygon", [[p for p in SQUARE for _ in range(3)]])),
    "100,000 points": collection(feature("Polygon", [
        [[120.805 + 0.01 * math.cos(i * math.pi / 50000), 30.75 + 0.01 * math.sin(i * math.pi / 50000)]
         for i in range(100000)]])),
    "a name that is no text": collection(feature("Polygon", [SQUARE], name=["x"])),
    "no properties": '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [%s]}}'
                     % json.dumps(SQUARE),
}

NOTHING = {
    "no feature": collection(),
    "no polygon": collection(feature("MultiPolygon", [])),
    "no point": collection(feature("MultiPoint", [])),
    "a ring twice": collection(feature("Polygon", 2 * [[[120, 30], [121, 30], [121, 31], [120, 31]]])),
    "an area without extent": collection(feature("Polygon", [[[1, 2], [1, 2], [1, 2], [1, 2]]])),
    "the southern hemisphere": collection(feature("Polygon", [[[x, -y] for x, y in SQUARE]])),
}

POLYGON = '{"type": "Feature", "properties": %s, "geometry": {"type": "Polygon", "coordinates": %s}}'

WRONG = {
    "not a number": (POLYGON % ("{}", "[[[NaN, 1], [2, 2], [2, 3]]]"), ["line 1", "NaN"]),
    "infinity": (POLYGON % ("{}", "[[[1e999, 1], [2, 2], [2, 3]]]"), ["line 1", "1e999"]),
    "too many digits": (POLYGON % ("{}", "[[[%s, 1], [2, 2], [2, 3]]]" % ("9" * 400)), ["too big"]),
    "swapped": (collection(feature("Polygon", [[p[::-1] for p in SQUARE]])),
                ["feature 1", "longitude 30.74, latitude 120.8 looks swapped",
                 "expected longitude 120.80 to 120.81", "--swap"]),
    "over 180 degrees": (collection(feature("Polygon", [
        [[179, -17], [181, -17], [181, -18], [179, -18]]])), ["point 1", "181,-17"]),
    "round the earth": (collection(feature("Polygon", [
        [[179, -17], [-179, -17], [-179, -18], [179, -18]]])), ["feature 1", "179 and -179", "cut"]),
    "closing side round the earth": (collection(feature("Polygon", [
        [[-170, 1], [0, 2], [170, 3]]])), ["points 2 and 0", "170 and -170"]),
    "a line round the earth": (collection(feature("LineString", [[179, -17], [-179, -17]])),
                               ["points 0 and 1 of the line", "cut"]),
    "two points": (collection(feature("Polygon", [[[1, 2], [2, 3]]])), ["3 or more"]),
    "no ring": (collection(feature("Polygon", [])), ["0 rings"]),
    "an empty ring": (collection(feature("Polygon", [[]])), ["3 or more"]),
    "a hole of two points": (collection(feature("Polygon", [SQUARE, SQUARE[:2]])), ["ring 1"]),
    "an empty line": (collection(feature("LineString", [])), ["0 points"]),
    "an empty point": (collection(feature("Point", [])), ["pair of numbers"]),
    "one bracket too few": (collection(feature("Polygon", SQUARE)), ["pair of numbers"]),
    "one bracket too many": (collection(feature("Polygon", [[SQUARE]])), ["pair of numbers"]),
    "one number": (collection(feature("Polygon", [[[1], [2], [3]]])), ["pair of numbers"]),
    "nothing for a position": (collection(feature("Polygon", [[None] * 3])), ["pair of numbers"]),
    "text for a position": (collection(feature("LineString", ["a", "b"])), ["pair of numbers"]),
    "a depth twice": (POLYGON % ('{"depth_m": 0.1, "depth_m": 3}', json.dumps([SQUARE])),
                      ["duplicate", "depth_m"]),
    "a depth that is true": (collection(feature("Polygon", [SQUARE], depth_m=True)), ["depth_m"]),
    "a speed over 1": (collection(feature("Polygon", [SQUARE], speed_factor=2)), ["factor is 2"]),
    "the second of two": (collection(feature("Polygon", [SQUARE]), feature("Polygon", [[]])),
                          ["feature 2"]),
    "many geometries": ('{"type": "Feature", "geometry": {"type": "GeometryCollection"}}',
                        ["GeometryCollection"]),
    "no geometry": ('{"type": "Feature", "properties": {}, "geometry": null}', ["no geometry"]),
    "a geometry alone": ('{"type": "Polygon", "coordinates": [[[1, 2], [2, 2], [2, 3]]]}',
                         ["FeatureCollection"]),
    "a number for a feature": ('{"type": "FeatureCollection", "features": [5]}', ["feature 1"]),
    "features by name": ('{"type": "FeatureCollection", "features": {}}', ["FeatureCollection"]),
    "nested deeply": (POLYGON % ("{}", "[" * 100000 + "]" * 100000), ["depth"]),
    "nested as deeply as is read": (POLYGON % ("{}", "[" * 1900 + "]" * 1900), ["pair of numbers"]),
    "an empty file": ("", ["end of file"]),
    "cut short": (collection(feature("Polygon", [SQUARE]))[:-20], ["line 1"]),
    "something behind": (collection() + "x", ["end of file expected"]),
    "no UTF-8": (b'{"type": "Feature", "properties": {"name": "\xff"}}', ["0xff"]),
    "a zero byte": (b'{"type": "Feature\x00"}', ["line 1"]),
    "no text at all": (bytes(range(256)) * 10, ["line 1", "GeoJSON"]),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_what_is_odd_closes_all_the_same(village, tmp_path, content):
    assert closed(village, tmp_path / "odd.geojson", content) == ALL


@pytest.mark.parametrize("content", NOTHING.values(), ids=NOTHING)
def test_what_is_empty_closes_nothing(village, tmp_path, content):
    assert closed(village, tmp_path / "nothing.geojson", content) == 0


@pytest.mark.parametrize("content, words", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_one_line(village, tmp_path, content, words):
    path = tmp_path / "wrong.geojson"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    refuse(3, "closures", village, "--profile", "light", "--closures", path, words=[path, *words])


def test_a_bow_tie_is_two_areas(village, tmp_path):
    """About a place of the first road, which it covers west and east of its waist."""
    x, y, r = 120.801, 30.7501, 2e-4
    bow = [[x - r, y - r], [x + r, y + r], [x + r, y - r], [x - r, y + r]]
    assert closed(village, tmp_path / "b.geojson", collection(feature("Polygon", [bow]))) == 1


def test_a_box_round_the_whole_earth_is_meant(village, tmp_path):
    earth = [[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]
    assert closed(village, tmp_path / "e.geojson", collection(feature("Polygon", [earth]))) == ALL


def test_a_folder_is_no_file(village, tmp_path):
    refuse(4, "closures", village, "--profile", "light", "--closures", tmp_path,
           words=["Is a directory"])


def mutate(text, rng):
    """One to four small accidents."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text))
        piece = rng.choice(["", "[", "]", "{", "}", ",", "-", "1e300", "null", "NaN", '"', "0", "9" * 30,
                            "true", "\u2028", "[[]]", text[at:at + 40]])
        text = text[:at] + piece + text[at + rng.choice([0, 0, 1, 5]):]
    return text


def test_accidents_never_end_in_anything_but_an_answer_or_a_line(village, tmp_path):
    rng, path, refused = random.Random(5), tmp_path / "m.geojson", 0
    whole = collection(feature("Polygon", [SQUARE], depth_m=0.2, name="dike"),
                       feature("MultiLineString", [[[120.8043, 30.75], [120.8043, 30.751]]]),
                       feature("Point", [120.801, 30.7501]),
                       feature("MultiPolygon", [[SQUARE, SQUARE[:3]]], speed_factor=0.5))
    for _ in range(150):
        path.write_text(mutate(whole, rng), encoding="utf-8")
        done = muster("route", village, "--from", "120.8,30.75", "--to", "120.808,30.751",
                      "--profile", "light", "--closures", path)
        assert done.returncode in (0, 1, 3), (done, path.read_text())
        assert done.stderr.count("\n") == (done.returncode != 0), done
        refused += done.returncode == 3
    assert refused > 50
