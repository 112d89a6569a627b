"""What docs/profiles.md says of boats in the home scenario's floods."""

import json
import os
import re
import sqlite3
import struct
import subprocess

JIAXING = os.environ["MUSTER_JIAXING"]
COMMAND = os.environ["MUSTER_COMMAND"]


def rings(blob):
    """The rings of a little-endian polygon in a GeoPackage's blob."""
    at = 8 + [0, 32, 48, 48, 64][blob[3] >> 1 & 7] + 9
    out = []
    for _ in range(struct.unpack_from("<I", blob, at - 4)[0]):
        count, = struct.unpack_from("<I", blob, at)
        out.append([struct.unpack_from("<dd", blob, at + 4 + 16 * i) for i in range(count)])
        at += 4 + 16 * count
    return out


def cut_off(folder, profile, profiles):
    """(km closed, junctions cut off) by the floods of the default scenario."""
    db = sqlite3.connect(f"file:{JIAXING}?mode=ro", uri=True)
    floods = folder / "floods.geojson"
    floods.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"depth_m": depth},
         "geometry": {"type": "Polygon", "coordinates": rings(geom)}}
        for depth, geom in db.execute("SELECT depth_m, geom FROM hazard JOIN scenario ON"
                                      " hazard.scenario = scenario.code WHERE is_default")]}))
    text = subprocess.run([COMMAND, "closures", JIAXING, "--profile", profile, "--profiles",
                           profiles, "--polygon", floods], capture_output=True, text=True,
                          check=True).stdout
    closed = re.search(r"^closed +\d+ edges +([\d.]+) km", text, re.M)
    nodes = re.search(r"^cut off +\d+ parts +(\d+) nodes", text, re.M)
    return float(closed[1]), int(nodes[1])


def test_floods_cut_junctions_off_from_lorries_and_none_from_boats(tmp_path):
    profiles = tmp_path / "lorry.json"
    profiles.write_text('{"profiles": [{"name": "lorry", "extends": "boat", "water": "wade"}]}')
    closed_km, lorry = cut_off(tmp_path, "lorry", profiles)
    assert round(closed_km) == 219 and lorry == 1727
    assert cut_off(tmp_path, "boat", profiles) == (0, 0)
