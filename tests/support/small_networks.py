"""Networks of a few roads, made by the command."""

import muster_command as command


def village(folder):
    """That of data/samples/village.osm."""
    network = folder / "village.gpkg"
    command.succeed("import", "osm", command.VILLAGE, "-o", network)
    return network


def straight_roads(folder, roads, places):
    """Straight roads between numbered places, a minute each, both ways."""
    graph, coordinates, network = folder / "n.gr", folder / "n.co", folder / "n.gpkg"
    arcs = [arc for one, other in roads for arc in ((one, other), (other, one))]
    graph.write_text(f"p sp {len(places)} {len(arcs)}\n"
                     + "".join(f"a {tail} {head} 60000\n" for tail, head in arcs))
    coordinates.write_text(f"p aux sp co {len(places)}\n" + "".join(
        f"v {i} {round(lon * 1e6)} {round(lat * 1e6)}\n"
        for i, (lon, lat) in enumerate(places, start=1)))
    command.succeed("import", "dimacs", "--graph", graph, "--coordinates", coordinates, "-o",
                    network)
    return network
