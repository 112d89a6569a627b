"""The land and its roads: water first, then places, then roads from the large to the small."""
import numpy as np
from scipy.spatial import cKDTree
from shapely.geometry import LineString

import canals as canal
import highways
import interchanges
import lanes
import network
import places
import streets
import tidy
from bridges import build_bridges, flatten
from noding import node
from outline import make_lakes, make_outline
from plane import normals, warp
from polders import make_polders
from roadbook import RANK, RoadBook
from rules import set_rules

TOWPATH_M = 22        # between a main canal's bank and the road along it
LAKE_ROAD_M, SEAWALL_M = 28, 70
EDGE_TOLERANCE_M = 1.2


def make_water(facts):
    """Outline, polders, canals, lakes."""
    outline = make_outline()
    leaves, cuts = make_polders(outline)
    main = canal.main_canals()
    all_canals = canal.clip_canals(canal.drop_some(main + canal.mesh_canals(cuts, main)), outline)
    motorways, numbered = highways.motorway_lines(), highways.numbered_roads()
    roads = np.vstack([line for *_, line in motorways] + [line for *_, line in numbered])
    beds = np.vstack([line for *_, line in main])
    avoid = [(cKDTree(roads), 130), (cKDTree(beds), 100), (cKDTree(facts["town_xy"]), 500)]
    return {"outline": outline, "leaves": leaves, "main": main, "canals": all_canals,
            "lakes": make_lakes(outline, avoid), "motorways": motorways, "numbered": numbered}


def draw_motorways(book, water, county):
    numbered = [(RANK[kind], line) for _, kind, line in water["numbered"]]
    border = cKDTree(water["outline"]["land"])

    def border_distance(point):
        return border.query(point)[0]

    motorways = interchanges.trim(water["motorways"], numbered, water["outline"], border_distance)
    ways = [highways.carriageways(line) for _, _, line in motorways]
    for (name, _, _), pair in zip(motorways, ways):
        for way in pair:
            book.add_deck(way, "motorway", name)
    ramps, points = interchanges.junctions(motorways, ways)
    roads = numbered + [(RANK["secondary"], line) for line in county]
    ramps += interchanges.exits(motorways, ways, roads, points)
    ramps += interchanges.ends(motorways, ways, numbered, border_distance)
    for line in ramps:
        book.add_deck(line, "motorway_link")


def draw_waterside(book, water):
    """Roads along the main canals, round the lakes and behind the sea wall."""
    for _, _, width, line in water["main"]:
        for side in (-1, 1):
            book.add_line(line + normals(line) * side * (width / 2 + TOWPATH_M), "unclassified")
    for _, lake in water["lakes"]:
        ring = LineString(np.vstack([lake, lake[:1]])).buffer(LAKE_ROAD_M).exterior
        book.add_line(np.array(ring.coords), "unclassified")
    wall = water["outline"]["coast"]
    book.add_line(wall - normals(wall) * SEAWALL_M, "tertiary", "海塘路")


def rural_villages(facts):
    return np.array([v["xy"] for v in facts["villages"] if not v["is_urban"]])


def draw_village_roads(book, facts, hamlets, larger):
    """Tertiary between towns and villages, unclassified to the hamlets."""
    named = np.vstack([facts["town_xy"], rural_villages(facts)])
    tertiary = [line for _, _, line in highways.village_roads(named, larger)]
    for line in tertiary:
        book.add_line(line, "tertiary")
    everything = np.vstack([named, hamlets])
    for a, b, line in highways.village_roads(everything, larger + tertiary):
        if max(a, b) >= len(named):
            book.add_line(line, "unclassified")


def draw_roads(facts, water):
    """Everything that is road, as it would be drawn, crossing whatever it crosses."""
    book, outline, towns = RoadBook(), water["outline"], facts["towns"]
    places.spread_towns(facts)
    banks = lanes.bank_lines(water["leaves"])
    bank_points = warp(lanes.middles(banks[0]))
    places.place_villages(facts, bank_points, outline, water["lakes"])
    hamlets = places.place_hamlets(facts, bank_points, outline, water["lakes"])
    numbered = [line for *_, line in water["numbered"]]
    county = highways.county_roads(facts["town_xy"], numbered)
    draw_motorways(book, water, county)
    for name, kind, line in water["numbered"]:
        book.add_line(line, kind, name)
    for line in county:
        book.add_line(line, "secondary")
    draw_village_roads(book, facts, hamlets, numbered + county)
    draw_waterside(book, water)
    streets.draw_streets(book, facts, water["leaves"])

    def is_country(pieces):
        return places.in_towns(warp(lanes.middles(pieces)), towns) < 0

    lived_in = np.vstack([rural_villages(facts), hamlets])
    lanes.draw_lanes(book, banks, lived_in, is_country)
    return book


def make_network(facts, water):
    """-> xy of nodes, edges as columns, lines of the edges, names."""
    book = draw_roads(facts, water)
    table = book.table()
    table = tidy.drop_wet(table, water["outline"], water["lakes"])
    table = tidy.drop_parallel(table)
    table = tidy.join_loose_ends(table)
    xy, graph = node(table)
    graph = network.largest_component(xy, graph)
    canal_lines = [line for *_, line in water["canals"]]
    start, end, *_ = flatten(canal_lines)
    is_deck = table["rank"] == RANK["motorway"]
    barrier = (np.vstack([start, table["start"][is_deck]]), np.vstack([end, table["end"][is_deck]]))
    middle = (xy[graph["source"]] + xy[graph["target"]]) / 2
    is_town = places.in_towns(middle, facts["towns"]) >= 0
    graph = network.thin_bridges(xy, graph, *barrier, is_town)
    graph = network.largest_component(xy, graph)
    graph = network.drop_stubs(xy, graph)
    edges, lines = network.contract(xy, graph)
    widths = [width for _, _, width, _ in water["canals"]]
    xy, edges, lines = build_bridges(xy, edges, lines, canal_lines, widths)
    lines = [np.array(LineString(l).simplify(EDGE_TOLERANCE_M).coords) if len(l) > 2 else l
             for l in lines]
    used, ends = np.unique(np.concatenate([edges["source"], edges["target"]]), return_inverse=True)
    edges["source"], edges["target"] = ends[:len(lines)], ends[len(lines):]
    middles = np.array([l[len(l) // 2] for l in lines])
    is_town = places.in_towns(middles, facts["towns"]) >= 0
    speeds = {name: speed for name, speed, _ in water["motorways"]}
    set_rules(edges, book.names, speeds, is_town, len(used))
    return xy[used], edges, lines, book.names


def water_points(water):
    """Points of wide water: main canals and the coast."""
    return np.vstack([line for *_, line in water["main"]] + [water["outline"]["coast"]])
