/* Counted first, then copied, so that each array is allocated once. */
#include "cli/geojson_area.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_POINTS = 4 }; /* of a ring, whose last point is its first (RFC 7946, 3.1.6) */

/* The polygons as a list, borrowed or new; NULL: the geometry has none. */
static json_t *polygons_of(const json_t *geometry) {
    const char *type        = json_string_value(json_object_get(geometry, "type"));
    json_t     *coordinates = json_object_get(geometry, "coordinates");
    if (type && strcmp(type, "Polygon") == 0) return json_pack("[O]", coordinates);
    return type && strcmp(type, "MultiPolygon") == 0 ? json_incref(coordinates) : NULL;
}

static bool count_all(const json_t *polygons, size_t *rings, size_t *points) {
    const json_t *polygon, *ring;
    size_t        p, r;
    *rings = *points = 0;
    json_array_foreach(polygons, p, polygon) {
        json_array_foreach(polygon, r, ring) {
            if (json_array_size(ring) < LEAST_POINTS) return false;
            *points += json_array_size(ring);
        }
        if (json_array_size(polygon) == 0) return false;
        *rings += json_array_size(polygon);
    }
    return *points < UINT32_MAX;
}

static bool allocate(geojson_area *a, size_t polygons, size_t rings, size_t points) {
    a->first_ring  = calloc(polygons + 1, sizeof *a->first_ring);
    a->first_point = calloc(rings + 1, sizeof *a->first_point);
    a->lon_deg     = calloc(points + 1, sizeof *a->lon_deg);
    a->lat_deg     = calloc(points + 1, sizeof *a->lat_deg);
    return a->first_ring && a->first_point && a->lon_deg && a->lat_deg;
}

static bool copy_ring(geojson_area *a, const json_t *ring, uint32_t *at) {
    const json_t *point;
    size_t        i;
    json_array_foreach(ring, i, point) {
        const json_t *lon = json_array_get(point, 0), *lat = json_array_get(point, 1);
        a->lon_deg[*at] = json_number_value(lon);
        a->lat_deg[*at] = json_number_value(lat);
        if (!json_is_number(lon) || !json_is_number(lat) || fabs(a->lon_deg[*at]) > 180 ||
            fabs(a->lat_deg[*at]) > 90) {
            return false;
        }
        ++*at;
    }
    return true;
}

static bool copy_all(geojson_area *a, const json_t *polygons) {
    const json_t *polygon, *ring;
    size_t        p, r;
    uint32_t      rings = 0, points = 0;
    json_array_foreach(polygons, p, polygon) {
        json_array_foreach(polygon, r, ring) {
            if (!copy_ring(a, ring, &points)) return false;
            a->first_point[++rings] = points;
        }
        a->first_ring[p + 1] = rings;
    }
    a->area = (muster_multipolygon){(uint32_t)p, a->first_ring, a->first_point,
                                    a->lon_deg,  a->lat_deg,    0};
    return true;
}

bool geojson_area_read(geojson_area *out, const json_t *geometry) {
    json_t *polygons = polygons_of(geometry);
    size_t  rings = 0, points = 0;
    *out          = (geojson_area){0};
    const bool ok = count_all(polygons, &rings, &points) &&
                    allocate(out, json_array_size(polygons), rings, points) &&
                    copy_all(out, polygons);
    json_decref(polygons);
    if (!ok) geojson_area_free(out);
    return ok;
}

void geojson_area_free(geojson_area *a) {
    free(a->first_ring);
    free(a->first_point);
    free(a->lon_deg);
    free(a->lat_deg);
    *a = (geojson_area){0};
}
