#include "cli/report_course.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/polyline.h"

/* The rings of one hazard. */
typedef struct shape {
    polyline_writer lines;
    json_t         *rings;
} shape;

static bool add_ring(polyline_writer *lines, const json_t *ring) {
    const size_t count = json_array_size(ring);
    double      *lon   = malloc((count + 1) * sizeof *lon);
    double      *lat   = malloc((count + 1) * sizeof *lat);
    bool         ok    = lon && lat && count >= 4 && count <= UINT32_MAX;
    for (size_t i = 0; ok && i < count; ++i) {
        const json_t *point = json_array_get(ring, i);
        lon[i]              = json_number_value(json_array_get(point, 0));
        lat[i]              = json_number_value(json_array_get(point, 1));
        ok = json_array_size(point) >= 2 && fabs(lon[i]) <= 180 && fabs(lat[i]) <= 90;
    }
    if (ok) polyline_add(lines, (uint32_t)count, lon, lat);
    free(lon);
    free(lat);
    return ok;
}

static bool add_polygon(shape *s, const json_t *polygon) {
    const json_t *ring;
    size_t        i;
    json_array_foreach(polygon, i, ring) {
        if (!add_ring(&s->lines, ring)) return false;
    }
    return json_array_append_new(s->rings, json_integer((json_int_t)i)) == 0;
}

static bool add_geometry(shape *s, const json_t *geometry) {
    const char   *type        = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates"), *polygon;
    size_t        i;
    if (type && strcmp(type, "Polygon") == 0) return add_polygon(s, coordinates);
    if (!type || strcmp(type, "MultiPolygon") != 0) return json_is_null(geometry) || type;
    json_array_foreach(coordinates, i, polygon) {
        if (!add_polygon(s, polygon)) return false;
    }
    return true;
}

static json_t *member(const json_t *properties, const char *name) {
    json_t *value = json_object_get(properties, name);
    return value ? json_incref(value) : json_null();
}

static json_t *hazard_new(const json_t *feature) {
    const json_t *properties = json_object_get(feature, "properties");
    shape         s          = {.rings = json_array()};
    const bool    ok         = add_geometry(&s, json_object_get(feature, "geometry"));
    char         *lines      = ok ? polyline_base64(&s.lines) : NULL;
    polyline_fini(&s.lines);
    if (!lines) {
        json_decref(s.rings);
        return NULL;
    }
    json_t *hazard = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "kind", member(properties, "kind"), "code",
        member(properties, "code"), "from_ms", member(properties, "from_ms"), "until_ms",
        member(properties, "until_ms"), "depth_m", member(properties, "depth_m"), "force",
        member(properties, "force"), "lines", lines, "rings", s.rings);
    free(lines);
    return hazard;
}

static int add_features(json_t *list, const json_t *document, const char *path) {
    const json_t *feature;
    size_t        i;
    json_array_foreach(json_object_get(document, "features"), i, feature) {
        if (json_array_append_new(list, hazard_new(feature)) == 0) continue;
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: feature %zu: its geometry is wrong; expected polygons in degrees",
                            path, i + 1);
    }
    return COMMAND_DONE;
}

int report_course_new(json_t **out, const results *r) {
    char   *path     = results_path(r, "hazards.geojson");
    json_t *document = NULL;
    int     code     = COMMAND_DONE;
    *out             = json_array();
    if (!path || !*out) {
        code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->folder);
    } else if (access(path, F_OK) == 0) {
        code = json_read(&document, path, "GeoJSON of hazards");
        if (code == COMMAND_DONE) code = add_features(*out, document, path);
    }
    json_decref(document);
    free(path);
    if (code == COMMAND_DONE) return code;
    json_decref(*out);
    *out = NULL;
    return code;
}
