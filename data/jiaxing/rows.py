"""From what was made to rows of tables."""
import numpy as np

from geopackage import line_blob, point_blob, polygon_blob
from plane import segment_lengths_m, to_lonlat
from roadbook import CLASSES

EDGE = ("id, source, target, length_m, class, access_forward, access_backward, speed_forward_kmh, "
        "speed_backward_kmh, bridge, layer, maxheight_m, maxweight_t, name, way_id, geom")
KIND = ("code, resource, category, name, name_en, unit, mass_kg, volume_m3, operator_kind, "
        "operator_count")
PLACE = "code, name, name_en, level, parent_code, population, quality, geom"
DUTY = "ready_s, shift_end_s, duty_s"
TEAM = f"code, name, tier, place, people, available, turnout_s, profile, {DUTY}, grade, geom"
VEHICLE = ("code, name, kind, tier, place, payload_kg, volume_m3, seats, available, turnout_s, "
           f"profile, {DUTY}, geom")
MACHINE = f"code, name, kind, count, tier, place, turnout_s, profile, {DUTY}, geom"
WAREHOUSE = "code, name, tier, place, loading_s, profile, geom"
AT_RISK_SITE = "code, name, place, population, geom"
INCIDENT = ("scenario, code, name, type, severity, place, reported_at, deadline_at, on_scene_s, "
            "all_or_nothing, geom")
ZONE = "code, name, kind, radius_s, required, weight, geom"


def write_points(out, table, columns, rows):
    """Rows whose last value is a position in the plane."""
    lonlat = to_lonlat(np.array([row[-1] for row in rows]))
    out.insert(table, columns,
               [(*row[:-1], point_blob(p)) for row, p in zip(rows, lonlat.tolist())])
    out.set_bounds(table, lonlat)


def write_nodes(out, xy):
    lonlat = to_lonlat(xy)
    out.insert("node", "id, geom", [(i + 1, point_blob(p)) for i, p in enumerate(lonlat.tolist())])
    out.set_bounds("node", lonlat)


def edge_lengths_m(lines, counts):
    """Along the ellipsoid, all edges at once."""
    points = np.vstack(lines)
    gaps = segment_lengths_m(points[:-1], points[1:])
    stops = np.cumsum(counts)
    gaps[stops[:-1] - 1] = 0
    return np.add.reduceat(np.append(gaps, 0), np.concatenate([[0], stops[:-1]]))


def nullable(values):
    return [None if np.isnan(v) else v for v in values.tolist()]


def write_edges(out, edges, lines, xy, names):
    """Lines are rounded once, and their ends are exactly the nodes."""
    counts = np.array([len(line) for line in lines])
    lines = np.split(to_lonlat(np.vstack(lines)), np.cumsum(counts)[:-1])
    node = to_lonlat(xy)
    for line, s, t in zip(lines, edges["source"], edges["target"]):
        line[0], line[-1] = node[s], node[t]
    bridge = (edges["layer"] > 0).astype(int)
    speed = nullable(edges["speed"])
    ids = list(range(1, len(lines) + 1))
    out.insert("edge", EDGE, zip(
        ids, (edges["source"] + 1).tolist(), (edges["target"] + 1).tolist(),
        np.round(edge_lengths_m(lines, counts), 2).tolist(), [CLASSES[r] for r in edges["rank"]],
        edges["access_forward"].tolist(), edges["access_backward"].tolist(), speed, speed,
        bridge.tolist(), edges["layer"].tolist(), nullable(edges["maxheight_m"]),
        nullable(edges["maxweight_t"]), [names[i] for i in edges["name"]],
        edges["way"].tolist(), map(line_blob, lines)))
    low = np.array([line.min(axis=0) for line in lines])
    high = np.array([line.max(axis=0) for line in lines])
    out.set_bounds("edge", np.vstack([low, high]))
    out.index_edges(ids, low, high)


def write_places(out, facts):
    places = [facts["city"], *facts["counties"], *facts["towns"], *facts["villages"]]
    write_points(out, "place", PLACE, [
        (p["code"], p["name"], p["name_en"], p["level"], p["parent"], p["population"], p["quality"],
         p["xy"]) for p in places])


def write_water(out, water):
    lines = [to_lonlat(line) for *_, line in water["canals"]]
    out.insert("waterway", "name, class, width_m, geom",
               [(name, kind, width, line_blob(line))
                for (name, kind, width, _), line in zip(water["canals"], lines)])
    out.set_bounds("waterway", np.vstack(lines))
    areas = [("杭州湾", "sea", water["outline"]["sea"])]
    areas += [(name, "lake", lake) for name, lake in water["lakes"]]
    rings = [to_lonlat(ring) for *_, ring in areas]
    out.insert("water_area", "name, class, geom",
               [(name, kind, polygon_blob(ring)) for (name, kind, _), ring in zip(areas, rings)])
    out.set_bounds("water_area", np.vstack(rings))


def write_hazards(out, hazards):
    rings = [to_lonlat(np.array(shape.exterior.coords)[:-1]) for *_, shape in hazards]
    out.insert("hazard", "scenario, kind, depth_m, starts_at, ends_at, geom",
               [(*row[:-1], polygon_blob(ring)) for row, ring in zip(hazards, rings)])
    out.set_bounds("hazard", np.vstack(rings))
