#include "cli/report_course.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/geojson_area.h"
#include "cli/json_file.h"
#include "cli/polyline.h"

static json_t *member(const json_t *properties, const char *name) {
    json_t *value = json_object_get(properties, name);
    return value ? json_incref(value) : json_null();
}

/* Its rings, one after the other; how many are each polygon's go to `rings`. */
static char *lines_of(const muster_multipolygon *area, json_t *rings) {
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

/* NULL where its geometry is wrong. */
static json_t *hazard_new(const json_t *feature) {
    const json_t *properties = json_object_get(feature, "properties");
    geojson_area  area;
    if (!geojson_area_read(&area, json_object_get(feature, "geometry"))) return NULL;
    json_t *rings  = json_array();
    char   *lines  = lines_of(&area.area, rings);
    json_t *hazard = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "kind", member(properties, "kind"), "code",
        member(properties, "code"), "from_ms", member(properties, "from_ms"), "until_ms",
        member(properties, "until_ms"), "depth_m", member(properties, "depth_m"), "force",
        member(properties, "force"), "lines", lines ? lines : "", "rings", rings);
    free(lines);
    geojson_area_free(&area);
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
