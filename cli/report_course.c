#include "cli/report_course.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/geojson_area.h"
#include "cli/json_file.h"
#include "cli/polyline.h"

static json_t *member(const json_t *properties, const char *name) {
    json_t *value = json_object_get(properties, name);
    return value ? json_incref(value) : json_null();
}

static bool is_of_type(const json_t *geometry, const char *name) {
    const char *type = json_string_value(json_object_get(geometry, "type"));
    return type && strcmp(type, name) == 0;
}

static bool take_position(const json_t *point, double *lon_deg, double *lat_deg) {
    const json_t *lon = json_array_get(point, 0), *lat = json_array_get(point, 1);
    *lon_deg = json_number_value(lon);
    *lat_deg = json_number_value(lat);
    return json_is_number(lon) && json_is_number(lat) && fabs(*lon_deg) <= 180 &&
           fabs(*lat_deg) <= 90;
}

/* Its rings, one after the other; how many are each polygon's go to `rings`. */
static char *areas_of(const muster_multipolygon *area, json_t *rings) {
    polyline_writer lines = {0};
    for (uint32_t p = 0; p < area->polygon_count; ++p) {
        const uint32_t first_ring = area->first_ring[p], end = area->first_ring[p + 1];
        for (uint32_t r = first_ring; r < end; ++r) {
            const uint32_t first = area->first_point[r];
            polyline_add(&lines, area->first_point[r + 1] - first, area->lon_deg + first,
                         area->lat_deg + first);
        }
        json_array_append_new(rings, json_integer(end - first_ring));
    }
    char *text = polyline_base64(&lines);
    polyline_fini(&lines);
    return text;
}

/* A line of a geometry; false where it is none. */
static bool add_line(polyline_writer *lines, const json_t *line) {
    const uint32_t count = (uint32_t)json_array_size(line);
    double        *lon   = calloc((size_t)count + 1, sizeof *lon);
    double        *lat   = calloc((size_t)count + 1, sizeof *lat);
    bool           ok    = lon && lat && count >= 2;
    for (uint32_t i = 0; ok && i < count; ++i) {
        const json_t *point = json_array_get(line, i);
        ok                  = take_position(point, &lon[i], &lat[i]);
    }
    if (ok) polyline_add(lines, count, lon, lat);
    free(lon);
    free(lat);
    return ok;
}

/* Of a MultiLineString; none of other geometries. NULL where one is wrong. */
static char *closed_lines_of(const json_t *geometry) {
    polyline_writer lines = {0};
    const json_t   *line;
    size_t          i;
    bool            ok = true;
    if (is_of_type(geometry, "MultiLineString")) {
        json_array_foreach(json_object_get(geometry, "coordinates"), i, line) {
            ok = ok && add_line(&lines, line);
        }
    }
    char *text = ok ? polyline_base64(&lines) : NULL;
    polyline_fini(&lines);
    return text;
}

static json_t *points_of(const json_t *geometry) {
    const bool has = is_of_type(geometry, "MultiPoint");
    return has ? json_incref(json_object_get(geometry, "coordinates")) : json_array();
}

/* NULL where its geometry is wrong. */
static json_t *hazard_new(const json_t *feature) {
    const json_t *geometry   = json_object_get(feature, "geometry");
    const json_t *properties = json_object_get(feature, "properties");
    char         *closed     = closed_lines_of(geometry);
    json_t       *rings = json_array(), *hazard = NULL;
    geojson_area  area;
    if (closed && geojson_area_read(&area, geometry)) {
        char *areas = areas_of(&area.area, rings);
        hazard      = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:O, s:s, s:o}", "kind",
                                member(properties, "kind"), "code", member(properties, "code"),
                                "from_ms", member(properties, "from_ms"), "until_ms",
                                member(properties, "until_ms"), "depth_m", member(properties, "depth_m"),
                                "force", member(properties, "force"), "areas", areas ? areas : "",
                                "rings", rings, "lines", closed, "points", points_of(geometry));
        free(areas);
        geojson_area_free(&area);
    }
    json_decref(rings);
    free(closed);
    return hazard;
}

/* Does it belong to the replication? One that says none belongs to all. */
static bool is_of(const json_t *feature, int64_t replication) {
    const json_t *own = json_object_get(json_object_get(feature, "properties"), "replication");
    return !json_is_integer(own) || json_integer_value(own) == replication;
}

static int add_features(json_t *list, const json_t *document, const char *path,
                        int64_t replication) {
    const json_t *feature;
    size_t        i;
    json_array_foreach(json_object_get(document, "features"), i, feature) {
        if (!is_of(feature, replication)) continue;
        if (json_array_append_new(list, hazard_new(feature)) == 0) continue;
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: feature %zu: its geometry is wrong; expected degrees", path,
                            i + 1);
    }
    return COMMAND_DONE;
}

int report_course_new(json_t **out, const results *r, uint32_t replication) {
    char   *path     = results_path(r, "hazards.geojson");
    json_t *document = NULL;
    int     code     = COMMAND_DONE;
    *out             = json_array();
    if (!path || !*out) {
        code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->folder);
    } else if (access(path, F_OK) == 0) {
        code = json_read(&document, path, "GeoJSON of hazards");
        if (code == COMMAND_DONE)
            code = add_features(*out, document, path, (int64_t)replication + r->first_replication);
    }
    json_decref(document);
    free(path);
    if (code == COMMAND_DONE) return code;
    json_decref(*out);
    *out = NULL;
    return code;
}
