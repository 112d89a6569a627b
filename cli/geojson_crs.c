/* See geojson_crs.h. Names are those that other programs know: OGC's URN for a code of EPSG's, and
 * for GCJ-02 and BD-09, which have no code, the plain name that --crs takes as well. */
#include "cli/geojson_crs.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json_file.h"

/* ---- reading ----------------------------------------------------------------------------- */

static int fail(const char *path, const char *what) {
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: crs: %s; expected {\"type\": \"name\", \"properties\": {\"name\": "
                        "\"urn:ogc:def:crs:EPSG::4490\"}}",
                        path, what);
}

int geojson_crs_read(muster_crs **out, const json_t *document, const char *path) {
    const json_t *crs = json_object_get(document, "crs");
    *out              = NULL;
    if (!crs || json_is_null(crs)) return COMMAND_DONE;
    const char *type = json_string_value(json_object_get(crs, "type"));
    const char *name =
        json_string_value(json_object_get(json_object_get(crs, "properties"), "name"));
    if (!type || strcmp(type, "name") != 0) return fail(path, "its type is not \"name\"");
    if (!name) return fail(path, "it has no name");
    const muster_status status = muster_crs_new(out, name);
    if (status == MUSTER_OK) return COMMAND_DONE;
    if (status != MUSTER_E_INVALID) return command_fail_status(status);
    return fail(path, muster_error_message());
}

/* ---- writing ----------------------------------------------------------------------------- */

json_t *geojson_crs_new(const muster_crs *crs) {
    const char *name = muster_crs_name(crs);
    char        urn[80];
    if (strncmp(name, "EPSG:", 5) == 0) {
        snprintf(urn, sizeof urn, "urn:ogc:def:crs:EPSG::%s", name + 5);
    } else {
        const bool is_wgs84 = strcmp(name, "WGS 84") == 0;
        snprintf(urn, sizeof urn, "%s", is_wgs84 ? "urn:ogc:def:crs:OGC:1.3:CRS84" : name);
    }
    return json_pack("{s:s, s:{s:s}}", "type", "name", "properties", "name", urn);
}

static int convert_position(json_t *position, muster_crs *crs) {
    const double steps = muster_crs_is_projected(crs) ? 1e2 : 1e6;
    double       x     = json_number_value(json_array_get(position, 0));
    double       y     = json_number_value(json_array_get(position, 1));
    if (muster_crs_from_wgs84(crs, 1, &x, &y, &x, &y) != MUSTER_OK) {
        return command_fail_status(MUSTER_E_INVALID);
    }
    if (json_array_set_new(position, 0, json_real(round(x * steps) / steps)) == 0 &&
        json_array_set_new(position, 1, json_real(round(y * steps) / steps)) == 0) {
        return COMMAND_DONE;
    }
    return command_fail(COMMAND_ENVIRONMENT, "out of memory while writing GeoJSON");
}

/* Positions lie as deep in lists as the geometry's type says. */
static int convert_list(json_t *list, muster_crs *crs) {
    size_t  i;
    json_t *inner;
    if (json_is_number(json_array_get(list, 0))) return convert_position(list, crs);
    json_array_foreach(list, i, inner) {
        const int code = convert_list(inner, crs);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

int geojson_crs_convert(json_t *document, muster_crs *crs) {
    size_t  i;
    json_t *feature, *features = json_object_get(document, "features");
    int     code =
        convert_list(json_object_get(json_object_get(document, "geometry"), "coordinates"), crs);
    json_array_foreach(features, i, feature) {
        if (code == COMMAND_DONE) code = geojson_crs_convert(feature, crs);
    }
    return code;
}

int geojson_crs_state(json_t *document, muster_crs *crs) {
    if (!crs || !document) return COMMAND_DONE;
    const int code = geojson_crs_convert(document, crs);
    if (code != COMMAND_DONE || json_object_set_new(document, "crs", geojson_crs_new(crs)) == 0) {
        return code;
    }
    return command_fail(COMMAND_ENVIRONMENT, "out of memory while writing GeoJSON");
}

int geojson_crs_write(json_t *document, muster_crs *crs, const char *path) {
    const int code = geojson_crs_state(document, crs);
    if (code == COMMAND_DONE) return json_write(document, path);
    json_decref(document);
    return code;
}
