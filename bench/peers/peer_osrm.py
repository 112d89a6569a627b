"""The jobs of bench_jobs by OSRM (osrm-bindings from PyPI, whose wheel has the tools as well).

usage: peer_osrm.py GRAPH_FOLDER OUT_FOLDER
Where the folder has map.osm.pbf, OSRM reads that with its own car profile, and only the time it
takes can be compared. Else it is given our arcs, each as a way with its duration, and no cost
of turns (arcs.lua): then durations should be ours, but for OSRM's tenths of a second an arc.
Tables and routes are asked of a contraction hierarchy (CH). A flood is its other algorithm's
(MLD) affair, as OSRM's manual has it: new speeds for the closed segments into osrm-customize,
load the result, ask the table."""

import pathlib
import shutil
import subprocess
import sys

import numpy
import osrm

from asked import LARGE, SOURCES, TARGETS, UNREACHABLE, Asked, keep, timed

PACKAGE = pathlib.Path(osrm.__file__).parent


def tool(name, *arguments):
    subprocess.run([PACKAGE / "bin" / name, *map(str, arguments)], check=True,
                   stdout=subprocess.DEVNULL)


def write_arcs(asked, path):
    with open(path, "w", encoding="ascii") as out:
        out.write('<osm version="0.6">\n')
        out.writelines(f'<node id="{n + 1}" lat="{lat:.7f}" lon="{lon:.7f}"/>\n'
                       for n, (lon, lat) in enumerate(zip(asked.lon, asked.lat)))
        out.writelines(
            f'<way id="{i + 1}"><nd ref="{t + 1}"/><nd ref="{h + 1}"/><tag k="ms" v="{ms}"/></way>\n'
            for i, (t, h, ms) in enumerate(zip(asked.tail, asked.head, asked.duration_ms)))
        out.write("</osm>\n")


def segments_under_water(asked, folder):
    """Pairs of OpenStreetMap nodes, both ways, of which one lies in the square."""
    west, south, east, north = asked.square
    text = subprocess.run(["osmium", "cat", "-f", "opl", folder / "map.osm.pbf"], check=True,
                          capture_output=True, text=True).stdout
    wet, pairs = set(), []
    for line in text.splitlines():
        fields = line.split(" ")
        if line[0] == "n":
            lon, lat = float(fields[-2][1:] or "nan"), float(fields[-1][1:] or "nan")
            if west <= lon <= east and south <= lat <= north:
                wet.add(fields[0][1:])
        elif line[0] == "w" and "highway=" in line:
            refs = [ref[1:] for ref in fields[-1][1:].split(",")]
            pairs += [p for p in zip(refs, refs[1:]) if p[0] in wet or p[1] in wet]
    return pairs + [(b, a) for a, b in pairs]


def prepare(folder, out, asked):
    """Two copies, for the two algorithms number the nodes differently; returns both bases."""
    own = (folder / "map.osm.pbf").exists()
    source = folder / "map.osm.pbf" if own else out / "map.osm"
    profile = PACKAGE / "share/profiles/car.lua" if own else pathlib.Path(__file__).with_name(
        "arcs.lua")
    if not own:
        write_arcs(asked, source)
    bases = []
    for algorithm in ("ch", "mld"):
        place = out / algorithm
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        bases.append(place / "map.osrm")
        tool("osrm-extract", "-p", profile, "-o", bases[-1], source)
    timed("build", 1, lambda: tool("osrm-contract", bases[0]))
    tool("osrm-partition", bases[1])
    timed("customize_2", 3, lambda: tool("osrm-customize", "-t", 2, bases[1]))
    return bases, own


def engine(base, algorithm):
    return osrm.OSRM(storage_config=str(base), algorithm=algorithm, use_shared_memory=False,
                     max_locations_distance_table=-1, max_locations_viaroute=-1)


def table_request(places, sources, targets):
    return osrm.TableParameters(
        coordinates=places[:sources] + places[LARGE:LARGE + targets],
        sources=list(range(sources)), destinations=list(range(sources, sources + targets)),
        generate_hints=False)


def milliseconds(reply):
    rows = [[UNREACHABLE if cell is None else cell * 1000 for cell in row]
            for row in reply["durations"]]
    return numpy.rint(numpy.array(rows, dtype=float))


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    asked = Asked(folder)
    (ch, mld), own = prepare(folder, out, asked)
    nodes = [*asked.sources, *asked.targets]
    places = [(float(asked.lon[n]), float(asked.lat[n])) for n in nodes]
    machine = engine(ch, "CH")
    pairs = [osrm.RouteParameters(coordinates=[places[i], places[LARGE + i]], overview="false",
                                  generate_hints=False) for i in range(LARGE)]
    timed("path", 3, lambda: [machine.Route(pair) for pair in pairs], LARGE)
    one, small, large = (table_request(places, *shape)
                         for shape in ((1, LARGE), (SOURCES, TARGETS), (LARGE, LARGE)))
    timed("table_1x1000", 7, lambda: machine.Table(one))
    reply = timed("table_50x200", 7, lambda: machine.Table(small))
    timed("table_1000x1000", 3, lambda: machine.Table(large))
    if not own:
        keep(out, "close_table_50x200", milliseconds(reply))
    pairs = (segments_under_water(asked, folder) if own else
             [(t + 1, h + 1) for t, h in zip(asked.tail[asked.closed], asked.head[asked.closed])])
    speeds = out / "closed.csv"
    speeds.write_text("".join(f"{a},{b},0\n" for a, b in pairs))

    def flooded():
        tool("osrm-customize", "-t", 1, "--segment-speed-file", speeds, mld)
        return engine(mld, "MLD").Table(small)
    timed("flood_table", 3, flooded)


if __name__ == "__main__":
    main()
