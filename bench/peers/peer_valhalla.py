"""The jobs of bench_jobs by Valhalla (pyvalhalla from PyPI), on the OpenStreetMap file itself.

usage: peer_valhalla.py GRAPH_FOLDER OUT_FOLDER
Its roads, speeds and turns are Valhalla's own (costing `auto`), so only the time it takes can
be compared. Requests and replies are JSON text, as the library has them; the text is written
before the clock starts and not parsed. Its limits on tables and polygons are raised."""

import json
import os
import pathlib
import subprocess
import sys
import time

import valhalla
from valhalla.config import get_config

from asked import LARGE, PATIENCE_MS, SOURCES, TARGETS, Asked, print_row, timed

PAIRS = 200


def configuration(folder):
    tiles = folder / "tiles"
    tiles.mkdir(parents=True, exist_ok=True)
    config = get_config(tile_extract="", tile_dir=tiles)
    config["service_limits"]["auto"].update(max_matrix_location_pairs=10**7, max_locations=10**5,
                                            max_matrix_distance=1e8)
    config["service_limits"]["max_exclude_polygons_length"] = 1e7
    config["mjolnir"]["concurrency"] = os.cpu_count()
    return config


def build_tiles(config, folder, pbf):
    path = folder / "valhalla.json"
    path.write_text(json.dumps(config))
    program = pathlib.Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    timed("build", 1, lambda: subprocess.run([program, "-c", path, pbf], check=True,
                                             capture_output=True))


def table_request(places, sources, targets, polygon=None):
    request = {"sources": places[:sources], "targets": places[LARGE:LARGE + targets],
               "costing": "auto", "verbose": False}
    if polygon:
        request["exclude_polygons"] = [polygon]
    return json.dumps(request)


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    asked = Asked(folder)
    config = configuration(out)
    build_tiles(config, out, folder / "map.osm.pbf")
    actor = valhalla.Actor(config)
    nodes = [*asked.sources, *asked.targets]
    places = [{"lon": asked.lon[n], "lat": asked.lat[n]} for n in nodes]
    pairs = [json.dumps({"locations": [places[i], places[LARGE + i]], "costing": "auto",
                         "directions_type": "none"}) for i in range(PAIRS)]
    answered = []
    for pair in pairs:
        try:
            start = time.perf_counter()
            actor.route(pair)
            answered.append((time.perf_counter() - start) * 1e3)
        except RuntimeError:
            pass  # Valhalla's own roads do not join these two
    print_row("path", [sum(answered) / len(answered)])
    one = table_request(places, 1, LARGE)
    timed("table_1x1000", 1, lambda: actor.matrix(one))
    start = time.perf_counter()
    small = table_request(places, SOURCES, TARGETS)
    timed("table_50x200", 1, lambda: actor.matrix(small))
    took_ms = (time.perf_counter() - start) * 1e3
    west, south, east, north = asked.square
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    flooded = table_request(places, SOURCES, TARGETS, ring)
    timed("flood_table", 1, lambda: actor.matrix(flooded))
    if took_ms * LARGE / SOURCES < PATIENCE_MS:
        large = table_request(places, LARGE, LARGE)
        timed("table_1000x1000", 1, lambda: actor.matrix(large))


if __name__ == "__main__":
    main()
