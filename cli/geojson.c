#include "cli/geojson.h"

#include <math.h>

static json_t *position(double lon_deg, double lat_deg) {
    return json_pack("[f, f]", round(lon_deg * 1e6) / 1e6, round(lat_deg * 1e6) / 1e6);
}

static json_t *positions(uint32_t count, const double *lon_deg, const double *lat_deg) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        if (json_array_append_new(list, position(lon_deg[i], lat_deg[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *geometry(const char *type, json_t *coordinates) {
    return json_pack("{s:s, s:o}", "type", type, "coordinates", coordinates);
}

json_t *geojson_point(const muster_site *site) {
    return geometry("Point", position(site->lon_deg, site->lat_deg));
}

json_t *geojson_line(uint32_t count, const double *lon_deg, const double *lat_deg) {
    return geometry("LineString", positions(count, lon_deg, lat_deg));
}

static json_t *rings(const muster_multipolygon *m, uint32_t polygon) {
    json_t *list = json_array();
    for (uint32_t r = m->first_ring[polygon]; r < m->first_ring[polygon + 1]; ++r) {
        const uint32_t first = m->first_point[r];
        json_t        *ring =
            positions(m->first_point[r + 1] - first, m->lon_deg + first, m->lat_deg + first);
        if (json_array_append_new(list, ring) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *geojson_multipoint(const muster_points *p) {
    return geometry("MultiPoint", positions(p->point_count, p->lon_deg, p->lat_deg));
}

json_t *geojson_multiline(const muster_lines *l) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < l->line_count; ++i) {
        const uint32_t first = l->first_point[i];
        json_t        *line =
            positions(l->first_point[i + 1] - first, l->lon_deg + first, l->lat_deg + first);
        if (json_array_append_new(list, line) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return geometry("MultiLineString", list);
}

json_t *geojson_multipolygon(const muster_multipolygon *m) {
    json_t *list = json_array();
    for (uint32_t p = 0; p < m->polygon_count; ++p) {
        if (json_array_append_new(list, rings(m, p)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return geometry("MultiPolygon", list);
}

json_t *geojson_feature(json_t *shape, json_t *properties) {
    return json_pack("{s:s, s:o, s:o}", "type", "Feature", "geometry", shape, "properties",
                     properties);
}
